import { describe, expect, it } from "vitest";

import { publicAccessTypes } from "../../../policy-pack/facts/azure/public-access-types";
import { here } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly, serviceFactsOf } from "./service-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const phi = { tags: inZone("phi") };
const nobody = { defaultAction: "Deny", bypass: "None" };

/** What each service says that answers nobody past its endpoint. */
const right: Readonly<Record<string, Inputs>> = {
  "storage:StorageAccount": { publicNetworkAccess: "Disabled", networkRuleSet: nobody },
  "keyvault:Vault": { properties: { publicNetworkAccess: "Disabled", networkAcls: nobody } },
  "cognitiveservices:Account": { properties: { publicNetworkAccess: "Disabled", networkAcls: nobody } },
  "search:Service": { publicNetworkAccess: "disabled" },
  "containerregistry:Registry": { publicNetworkAccess: "Disabled", networkRuleBypassOptions: "None" },
  "sql:Server": { publicNetworkAccess: "Disabled" },
  "dbforpostgresql:Server": { network: { publicNetworkAccess: "Disabled" } },
  "dbformysql:Server": { network: { publicNetworkAccess: "Disabled" } },
  "cosmosdb:DatabaseAccount": { publicNetworkAccess: "Disabled" },
  "redis:Redis": { publicNetworkAccess: "Disabled" },
  "eventhub:Namespace": { publicNetworkAccess: "Disabled" },
  "eventhub:NamespaceNetworkRuleSet": { publicNetworkAccess: "Disabled", namespaceName: "events" },
  "servicebus:Namespace": { publicNetworkAccess: "Disabled" },
  "eventgrid:Topic": { publicNetworkAccess: "Disabled" },
  "eventgrid:Domain": { publicNetworkAccess: "Disabled" },
  "operationalinsights:Workspace": {
    publicNetworkAccessForIngestion: "Disabled",
    publicNetworkAccessForQuery: "Disabled",
  },
  "applicationinsights:Component": {
    publicNetworkAccessForIngestion: "Disabled",
    publicNetworkAccessForQuery: "Disabled",
  },
  "monitor:DataCollectionEndpoint": { networkAcls: { publicNetworkAccess: "Disabled" } },
  "monitor:PrivateLinkScope": {
    accessModeSettings: {
      ingestionAccessMode: "PrivateOnly",
      queryAccessMode: "PrivateOnly",
      exclusions: [],
    },
  },
  "recoveryservices:Vault": { properties: { publicNetworkAccess: "Disabled" } },
  "machinelearningservices:Workspace": { publicNetworkAccess: "Disabled" },
  "datafactory:Factory": { publicNetworkAccess: "Disabled" },
  "synapse:Workspace": { publicNetworkAccess: "Disabled" },
  "purview:Account": { publicNetworkAccess: "Disabled" },
  "digitaltwins:DigitalTwin": { publicNetworkAccess: "Disabled" },
  "appconfiguration:ConfigurationStore": { publicNetworkAccess: "Disabled" },
};

/** What opens a service that is right but for that; `undefined` is not said. */
const wrong: readonly (readonly [type: string, path: string, values: readonly unknown[]])[] = [
  ["storage:StorageAccount", "publicNetworkAccess", ["Enabled", undefined]],
  ["storage:StorageAccount", "networkRuleSet.defaultAction", ["Allow", undefined]],
  ["storage:StorageAccount", "networkRuleSet.bypass", ["AzureServices", "Logging, Metrics", undefined]],
  ["storage:StorageAccount", "networkRuleSet.resourceAccessRules", [[{ resourceId: "elsewhere" }]]],
  ["keyvault:Vault", "properties.publicNetworkAccess", ["Enabled", undefined]],
  ["keyvault:Vault", "properties.networkAcls.defaultAction", ["Allow", undefined]],
  ["keyvault:Vault", "properties.networkAcls.bypass", ["AzureServices", undefined]],
  ["cognitiveservices:Account", "properties.publicNetworkAccess", ["Enabled", undefined]],
  ["cognitiveservices:Account", "properties.networkAcls.defaultAction", ["Allow", undefined]],
  ["cognitiveservices:Account", "properties.networkAcls.bypass", ["AzureServices", undefined]],
  ["search:Service", "publicNetworkAccess", ["enabled", "Enabled", undefined]],
  ["search:Service", "networkRuleSet.bypass", ["AzureServices", "AzurePortal"]],
  ["containerregistry:Registry", "publicNetworkAccess", ["Enabled", undefined]],
  ["containerregistry:Registry", "networkRuleBypassOptions", ["AzureServices", undefined]],
  ["sql:Server", "publicNetworkAccess", ["Enabled", undefined]],
  ["dbforpostgresql:Server", "network.publicNetworkAccess", ["Enabled", undefined]],
  ["dbformysql:Server", "network.publicNetworkAccess", ["Enabled", undefined]],
  ["cosmosdb:DatabaseAccount", "publicNetworkAccess", ["Enabled", undefined]],
  ["cosmosdb:DatabaseAccount", "networkAclBypass", ["AzureServices"]],
  ["cosmosdb:DatabaseAccount", "networkAclBypassResourceIds", [["elsewhere"]]],
  ["redis:Redis", "publicNetworkAccess", ["Enabled", undefined]],
  ["eventhub:Namespace", "publicNetworkAccess", ["Enabled", undefined]],
  ["eventhub:NamespaceNetworkRuleSet", "publicNetworkAccess", ["Enabled", undefined]],
  ["eventhub:NamespaceNetworkRuleSet", "trustedServiceAccessEnabled", [true]],
  ["servicebus:Namespace", "publicNetworkAccess", ["Enabled", undefined]],
  ["eventgrid:Topic", "publicNetworkAccess", ["Enabled", undefined]],
  ["operationalinsights:Workspace", "publicNetworkAccessForIngestion", ["Enabled", undefined]],
  ["operationalinsights:Workspace", "publicNetworkAccessForQuery", ["Enabled", undefined]],
  ["applicationinsights:Component", "publicNetworkAccessForQuery", ["Enabled", undefined]],
  ["monitor:DataCollectionEndpoint", "networkAcls.publicNetworkAccess", ["Enabled", undefined]],
  ["monitor:PrivateLinkScope", "accessModeSettings.ingestionAccessMode", ["Open", undefined]],
  ["monitor:PrivateLinkScope", "accessModeSettings.queryAccessMode", ["Open", undefined]],
  [
    "monitor:PrivateLinkScope",
    "accessModeSettings.exclusions",
    [[{ ingestionAccessMode: "PrivateOnly", queryAccessMode: "Open" }], [{ ingestionAccessMode: "Open" }]],
  ],
  ["recoveryservices:Vault", "properties.publicNetworkAccess", ["Enabled", undefined]],
  ["machinelearningservices:Workspace", "publicNetworkAccess", ["Enabled", undefined]],
  ["machinelearningservices:Workspace", "allowPublicAccessWhenBehindVnet", [true]],
  ["datafactory:Factory", "publicNetworkAccess", ["Enabled", undefined]],
];

/** Inputs with something else at a path. */
function having(inputs: Inputs, [first = "", ...rest]: readonly string[], value: unknown): Inputs {
  const within = rest.length === 0 ? value : having((inputs[first] ?? {}) as Inputs, rest, value);
  return Object.fromEntries(
    Object.entries({ ...inputs, [first]: within }).filter(([, one]) => one !== undefined),
  );
}

const versions = (type: string): readonly string[] => {
  const [module = "", name = ""] = type.split(":");
  return [
    `azure-native:${type}`,
    `azure-native:${module}/v20230301:${name}`,
    `azure-native_${module}_v20230301:${module}:${name}`,
  ];
};

const namesOf = (knowledge: Knowledge, build: (stack: Sketch) => unknown): readonly string[] => {
  const stack = new Sketch(knowledge);
  build(stack);
  return briefly(serviceFactsOf(stack).publicNames);
};

describe.each(knowledges)("a service in a zone, %s", (knowledge) => {
  it("is right in each of the types that are read", () => {
    expect(
      Object.keys(right)
        .map((type) => `azure-native:${type.toLowerCase()}`)
        .sort(),
    ).toEqual([...publicAccessTypes.keys()].sort());
  });

  it.each(Object.entries(right))("answers nobody past its endpoint where it is right: %s", (type, inputs) => {
    for (const spelt of versions(type)) {
      expect(namesOf(knowledge, (s) => s.add(spelt, "it", { ...here, ...inputs, ...phi }))).toEqual([]);
    }
  });

  it.each(wrong)("%s answers past its endpoint by %s", (type, path, values) => {
    for (const value of values) {
      const inputs = having(right[type] ?? {}, path.split("."), value);
      for (const spelt of versions(type)) {
        expect(namesOf(knowledge, (s) => s.add(spelt, "it", { ...here, ...inputs, ...phi }))).toEqual([
          "open it",
        ]);
      }
      expect(namesOf(knowledge, (s) => s.add(`azure-native:${type}`, "it", { ...here, ...inputs }))).toEqual(
        [],
      );
    }
    const hidden = having(right[type] ?? {}, path.split("."), unknownText);
    expect(
      namesOf(knowledge, (s) => s.add(`azure-native:${type}`, "it", { ...here, ...hidden, ...phi })),
    ).toEqual(["perhaps it"]);
  });

  it("is a store in the PHI zone alone", () => {
    const isStore = (zone: "phi" | "processing"): readonly boolean[] => {
      const stack = new Sketch(knowledge);
      stack.add("azure-native:sql:Server", "it", { ...here, tags: inZone(zone) });
      return serviceFactsOf(stack).publicNames.map((name) => name.isStore);
    };
    expect(isStore("phi")).toEqual([true]);
    expect(isStore("processing")).toEqual([false]);
  });

  it("answers whom its own firewall names, unless it answers nobody", () => {
    const storage = (publicNetworkAccess: string, rules: Inputs): readonly string[] =>
      namesOf(knowledge, (s) =>
        s.add("azure-native:storage:StorageAccount", "it", {
          ...here,
          publicNetworkAccess,
          networkRuleSet: { ...nobody, ...rules },
          ...phi,
        }),
      );
    const address = { ipRules: [{ iPAddressOrRange: "198.51.100.7" }] };
    const network = { virtualNetworkRules: [{ virtualNetworkResourceId: "elsewhere" }] };
    expect(storage("SecuredByPerimeter", {})).toEqual([]);
    expect(storage("SecuredByPerimeter", address)).toEqual(["open it"]);
    expect(storage("SecuredByPerimeter", network)).toEqual(["open it"]);
    expect(storage("Disabled", { ...address, ...network })).toEqual([]);
    expect(storage("disabled", address)).toEqual([]);
  });

  it("lets services of Azure write to what is outside of the PHI zone", () => {
    const records = (zone: "phi" | "processing"): readonly string[] =>
      namesOf(knowledge, (s) =>
        s.add("azure-native:storage:StorageAccount", "it", {
          ...here,
          publicNetworkAccess: "Disabled",
          networkRuleSet: { defaultAction: "Deny", bypass: "AzureServices" },
          tags: inZone(zone),
        }),
      );
    expect(records("processing")).toEqual([]);
    expect(records("phi")).toEqual(["open it"]);
  });

  it("is closed by the subnet that a database is put into", () => {
    const database = (network: Inputs): readonly string[] =>
      namesOf(knowledge, (s) =>
        s.add("azure-native:dbforpostgresql:Server", "it", { ...here, network, ...phi }),
      );
    expect(database({ delegatedSubnetResourceId: "/subnets/phi" })).toEqual([]);
    expect(database({ delegatedSubnetResourceId: "/subnets/phi", publicNetworkAccess: "Enabled" })).toEqual([
      "open it",
    ]);
  });
});

describe.each(knowledges)("a vault of keys, %s", (knowledge) => {
  const vault = (more: Inputs, build: (stack: Sketch) => unknown): readonly string[] =>
    namesOf(knowledge, (s) => {
      s.add("azure-native:keyvault:Vault", "it", {
        ...here,
        vaultName: "it",
        properties: {
          publicNetworkAccess: "Disabled",
          networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
          enableRbacAuthorization: true,
          ...more,
        },
        ...phi,
      });
      build(s);
    });
  const part = (type: string, vaultName: string) => (s: Sketch) =>
    s.add(`azure-native:keyvault:${type}`, type, { resourceGroupName: ownGroup, vaultName });

  it("lets services of Azure encrypt with them, where there is nothing else in it", () => {
    expect(vault({}, part("Key", "it"))).toEqual([]);
    expect(vault({}, () => undefined)).toEqual(["open it"]);
    expect(vault({}, part("Key", "another"))).toEqual(["open it"]);
    expect(vault({}, part("Key", unknownText))).toEqual(["open it"]);
    expect(vault({ enableRbacAuthorization: false }, part("Key", "it"))).toEqual(["open it"]);
    expect(vault({ enableRbacAuthorization: undefined }, part("Key", "it"))).toEqual(["open it"]);
    for (const name of ["it", unknownText]) {
      expect(
        vault({}, (s) => {
          part("Key", "it")(s);
          part("Secret", name)(s);
        }),
      ).toEqual(["open it"]);
    }
    expect(vault({ publicNetworkAccess: "Enabled" }, part("Key", "it"))).toEqual(["open it"]);
  });
});

describe("a FHIR service", () => {
  const fhir = (
    knowledge: Knowledge,
    access: string | undefined,
    { endpoint = true, of = "health" }: { readonly endpoint?: boolean; readonly of?: string } = {},
  ): readonly string[] => {
    const stack = new Sketch(knowledge);
    const workspace = stack.add("azure-native:healthcareapis:Workspace", "health", {
      ...here,
      workspaceName: "health",
      ...phi,
    });
    const type = "azure-native:healthcareapis:FhirService";
    stack.addRaw({
      urn: `urn:pulumi:test::bulkhead::${type}::fhir`,
      type,
      name: "fhir",
      inputs: { ...here, workspaceName: of, fhirServiceName: "fhir", ...phi },
      outputs: undefined,
      custom: true,
      parent: undefined,
      computed: [],
      ...(access === undefined ? {} : { made: { publicNetworkAccess: access } }),
    });
    if (endpoint) {
      stack.add("azure-native:network:PrivateEndpoint", "endpoint", {
        ...here,
        subnet: { id: "/subnets/phi" },
        privateLinkServiceConnections: [
          { privateLinkServiceId: workspace, groupIds: ["healthcareworkspace"] },
        ],
      });
    }
    return briefly(serviceFactsOf(stack).publicNames).filter((name) => name.endsWith(" fhir"));
  };

  it("is closed in a preview by the private endpoint of its workspace", () => {
    expect(fhir("preview", "Disabled")).toEqual([]);
    expect(fhir("preview", undefined)).toEqual([]);
    expect(fhir("preview", undefined, { endpoint: false })).toEqual(["open fhir"]);
    expect(fhir("preview", undefined, { of: "another" })).toEqual(["open fhir"]);
  });

  it("is closed in a stack that exists if Azure says so", () => {
    expect(fhir("deployed", "Disabled")).toEqual([]);
    expect(fhir("deployed", "disabled", { endpoint: false })).toEqual([]);
    expect(fhir("deployed", "Enabled")).toEqual(["open fhir"]);
    expect(fhir("deployed", undefined)).toEqual(["perhaps fhir"]);
    expect(fhir("deployed", unknownText)).toEqual(["perhaps fhir"]);
  });
});
