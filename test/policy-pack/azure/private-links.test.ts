import { describe, expect, it } from "vitest";

import type { Filter, NetworkInterface } from "../../../policy-pack/facts/fact";
import { foreignId, foreignSubscription, here } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, ownSubscription, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly, serviceFactsOf } from "./service-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const ownId = (type: string, name: string): string =>
  `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}/providers/${type}/${name}`;

/** A private endpoint in a subnet, `endpoint`. */
function endpoint(stack: Sketch, more: Inputs, subnet = "phi"): string {
  return stack.add("azure-native:network:PrivateEndpoint", "endpoint", {
    ...here,
    privateEndpointName: "endpoint",
    subnet: { id: ownId("Microsoft.Network/virtualNetworks", `vnet/subnets/${subnet}`) },
    ...more,
  });
}

const to = (privateLinkServiceId: unknown, ...groupIds: readonly string[]): Inputs => ({
  privateLinkServiceConnections: [{ privateLinkServiceId, groupIds }],
});

const vault = (stack: Sketch, more: Inputs = {}): string =>
  stack.add("azure-native:keyvault:Vault", "vault", { ...here, vaultName: "vault", properties: {}, ...more });

describe.each(knowledges)("a private endpoint, %s", (knowledge) => {
  const connections = (build: (stack: Sketch) => Inputs, subnet = "phi"): readonly string[] => {
    const stack = new Sketch(knowledge);
    endpoint(stack, build(stack), subnet);
    return briefly(serviceFactsOf(stack).networkConnections);
  };
  const foreign = foreignId("Microsoft.Network/privateLinkServices", "elsewhere");

  it("leads to a service of the stack, or of its subscription", () => {
    expect(connections((s) => to(vault(s), "vault"))).toEqual([]);
    expect(
      connections((s) => {
        vault(s);
        return to(ownId("Microsoft.KeyVault/vaults", "VAULT"), "vault");
      }),
    ).toEqual([]);
    expect(connections(() => to(ownId("Microsoft.KeyVault/vaults", "elsewhere"), "vault"))).toEqual([]);
  });

  it("leads out to a service of somebody else", () => {
    expect(connections(() => to(foreign))).toEqual(["open endpoint"]);
    expect(connections(() => to("records.0d5b7ad0.eastus2.azure.privatelinkservice"))).toEqual([
      "open endpoint",
    ]);
    expect(connections(() => to(unknownText))).toEqual(["perhaps endpoint"]);
    expect(connections(() => to(undefined))).toEqual(["perhaps endpoint"]);
    expect(connections(() => ({ privateLinkServiceConnections: unknownText }))).toEqual(["perhaps endpoint"]);
    expect(
      connections((s) => ({
        privateLinkServiceConnections: [
          { privateLinkServiceId: vault(s) },
          { privateLinkServiceId: foreign },
        ],
      })),
    ).toEqual(["open endpoint"]);
  });

  it("asks nobody else to agree", () => {
    const manual = (privateLinkServiceId: unknown): Inputs => ({
      manualPrivateLinkServiceConnections: [{ privateLinkServiceId }],
    });
    expect(connections((s) => manual(vault(s)))).toEqual([]);
    expect(connections(() => manual(foreign))).toEqual(["open endpoint"]);
    expect(connections(() => manual(ownId("Microsoft.KeyVault/vaults", "elsewhere")))).toEqual([
      "open endpoint",
    ]);
    expect(connections(() => manual(unknownText))).toEqual(["perhaps endpoint"]);
  });

  it("is held to nothing where it is in no zone", () => {
    expect(connections(() => to(foreign), "elsewhere")).toEqual([]);
  });

  it("gives the service that it leads to its zone", () => {
    const zoneOf = (subnet: string, more: Inputs = {}): string | undefined => {
      const stack = new Sketch(knowledge);
      endpoint(stack, to(vault(stack, more)), subnet);
      const [name] = serviceFactsOf(stack).publicNames.filter(({ urn }) => urn.endsWith("::vault"));
      return name?.zone;
    };
    expect(zoneOf("phi")).toBe("phi");
    expect(zoneOf("processing")).toBe("processing");
    expect(zoneOf("processing", { tags: inZone("phi") })).toBe("phi");
    expect(zoneOf("phi", { tags: inZone("processing") })).toBe("phi");
    expect(zoneOf("elsewhere")).toBeUndefined();
  });
});

describe.each(knowledges)("a service that a stack offers, %s", (knowledge) => {
  const openings = (more: Inputs, subnet = "phi"): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add("azure-native:network:PrivateLinkService", "offered", {
      ...here,
      ipConfigurations: [{ name: "ip", subnet: { id: `/subnets/${subnet}` } }],
      ...more,
    });
    return briefly(serviceFactsOf(stack).networkConnections);
  };

  it("lets the stack's own subscription join it", () => {
    expect(openings({})).toEqual([]);
    expect(openings({ visibility: { subscriptions: [ownSubscription.toUpperCase()] } })).toEqual([]);
  });

  it.each(["visibility", "autoApproval"])("lets others join it by %s", (key) => {
    for (const subscription of ["*", foreignSubscription]) {
      expect(openings({ [key]: { subscriptions: [ownSubscription, subscription] } })).toEqual([
        "open offered",
      ]);
      expect(openings({ [key]: { subscriptions: [subscription] } }, "elsewhere")).toEqual([]);
    }
    expect(openings({ [key]: { subscriptions: unknownText } })).toEqual(["perhaps offered"]);
    expect(openings({ [key]: unknownText })).toEqual(["perhaps offered"]);
  });

  it("sends nothing on to an address of its own", () => {
    expect(openings({ destinationIPAddress: "20.1.1.1" })).toEqual(["open offered"]);
    expect(openings({ destinationIPAddress: unknownText })).toEqual(["perhaps offered"]);
  });

  it("has no names of its own", () => {
    expect(openings({ fqdns: [] })).toEqual([]);
    expect(openings({ fqdns: ["records.example.com"] })).toEqual(["open offered"]);
    expect(openings({ fqdns: unknownText })).toEqual(["perhaps offered"]);
  });
});

describe.each(knowledges)("the names of what an endpoint leads to, %s", (knowledge) => {
  const vaultZone = "privatelink.vaultcore.azure.net";
  const zone = (stack: Sketch, privateZoneName: string, network = "vnet"): string => {
    const id = stack.add("azure-native:privatedns:PrivateZone", privateZoneName, {
      resourceGroupName: ownGroup,
      privateZoneName,
    });
    if (network !== "") {
      stack.add("azure-native:privatedns:VirtualNetworkLink", `link-${privateZoneName}`, {
        resourceGroupName: ownGroup,
        privateZoneName,
        virtualNetwork: { id: ownId("Microsoft.Network/virtualNetworks", network) },
      });
    }
    return id;
  };
  const group = (stack: Sketch, zones: readonly unknown[], of: unknown = "endpoint"): void => {
    stack.add("azure-native:network:PrivateDnsZoneGroup", "names", {
      resourceGroupName: ownGroup,
      privateEndpointName: of,
      privateDnsZoneConfigs: zones.map((privateDnsZoneId) => ({ name: "zone", privateDnsZoneId })),
    });
  };
  const named = (
    build: (stack: Sketch) => unknown,
    subnet = "processing",
    groupId = "vault",
  ): readonly string[] => {
    const stack = new Sketch(knowledge);
    endpoint(stack, to(vault(stack), groupId), subnet);
    build(stack);
    return briefly(serviceFactsOf(stack).publicNames.filter(({ urn }) => urn.endsWith("::endpoint")));
  };

  it("are found where a group puts them into zones of the network", () => {
    expect(
      named((s) => {
        group(s, [zone(s, vaultZone)]);
      }),
    ).toEqual([]);
    expect(
      named((s) => {
        group(s, [zone(s, vaultZone)], "ENDPOINT");
      }),
    ).toEqual([]);
    expect(
      named((s) => {
        zone(s, vaultZone);
        group(
          s,
          [ownId("Microsoft.Network/privateDnsZones", vaultZone.toUpperCase())],
          `${s.id("endpoint")}.name`,
        );
      }),
    ).toEqual([]);
    expect(
      named((s) => {
        group(s, [ownId("Microsoft.Network/privateDnsZones", vaultZone)]);
      }),
    ).toEqual([]);
  });

  it("are not found without a group, in another zone, or in a zone of no network or of another", () => {
    expect(named(() => undefined)).toEqual(["open endpoint"]);
    expect(
      named((s) => {
        group(s, []);
      }),
    ).toEqual(["open endpoint"]);
    expect(
      named((s) => {
        group(s, [zone(s, vaultZone)], "another");
      }),
    ).toEqual(["open endpoint"]);
    expect(
      named((s) => {
        group(s, [zone(s, "privatelink.azurecr.io")]);
      }),
    ).toEqual(["open endpoint"]);
    for (const network of ["", "another"]) {
      expect(
        named((s) => {
          group(s, [zone(s, vaultZone, network)]);
        }),
      ).toEqual(["open endpoint"]);
    }
    expect(named(() => undefined, "elsewhere")).toEqual([]);
  });

  it("are all found, where a service has several", () => {
    const both = ["privatelink.cognitiveservices.azure.com", "privatelink.openai.azure.com"];
    expect(
      named(
        (s) => {
          group(
            s,
            both.map((name) => zone(s, name)),
          );
        },
        "processing",
        "account",
      ),
    ).toEqual([]);
    expect(
      named(
        (s) => {
          group(
            s,
            [...both].reverse().map((name) => zone(s, name)),
          );
        },
        "processing",
        "account",
      ),
    ).toEqual([]);
    expect(
      named(
        (s) => {
          group(
            s,
            both.slice(1).map((name) => zone(s, name)),
          );
        },
        "processing",
        "account",
      ),
    ).toEqual(["open endpoint"]);
  });

  it("are found where a record says the endpoint's address", () => {
    expect(
      named((s) =>
        s.add("azure-native:privatedns:PrivateRecordSet", "record", {
          resourceGroupName: ownGroup,
          privateZoneName: vaultZone,
          aRecords: [{ ipv4Address: `${s.id("endpoint")}.customDnsConfigs` }],
        }),
      ),
    ).toEqual([]);
  });
});

const platform = "urn:pulumi:test::bulkhead::bulkhead:index:Platform::clinic";
const ours = new Map([[platform, "clinic"]]);

describe("the peers that endpoints serve", () => {
  const served = (
    tags: Inputs,
    service: (stack: Sketch) => string,
    interfaces: readonly NetworkInterface[] = [],
    filters: readonly Filter[] = [],
  ): readonly string[] => {
    const stack = new Sketch("deployed");
    endpoint(stack, { ...to(service(stack)), tags }, "processing");
    return serviceFactsOf(stack, { platforms: ours, interfaces, filters }).servedPeers.map(
      (one) => `${one.platform ?? "nobody"}: ${one.peer}`,
    );
  };
  const scope = (s: Sketch): string =>
    s.add("azure-native:monitor:PrivateLinkScope", "scope", { ...here, scopeName: "scope" });
  const models = (s: Sketch): string =>
    s.add("azure-native:cognitiveservices:Account", "models", { ...here, accountName: "models" });
  const registry = (s: Sketch): string =>
    s.add("azure-native:containerregistry:Registry", "registry", { ...here, registryName: "registry" });
  const health = (s: Sketch): string =>
    s.add("azure-native:healthcareapis:Workspace", "health", { ...here, workspaceName: "health" });
  const service = (names: string): Inputs => ({ "bulkhead-platform-service": names });

  it.each([
    ["secrets", vault],
    ["keys", vault],
    ["registry", registry],
    ["model-inference", models],
    ["logs", scope],
    ["metrics", scope],
  ] as const)("are what their tags say, where they lead to such a service: %s", (name, leadsTo) => {
    expect(served(service(name), leadsTo)).toEqual([`clinic: platform-service/${name}`]);
    expect(served(service(name), health)).toEqual([]);
    expect(served({}, leadsTo)).toEqual([]);
  });

  it("are two where one tag names two", () => {
    expect(served(service("logs metrics"), scope)).toEqual([
      "clinic: platform-service/logs",
      "clinic: platform-service/metrics",
    ]);
  });

  it("are stores of any kind", () => {
    const store: Inputs = { "bulkhead-data-store": "fhir-store" };
    expect(served(store, health)).toEqual(["clinic: data-store/fhir-store"]);
    expect(served(store, vault)).toEqual([]);
  });

  it("are services that exist already, in a subscription of the stack's", () => {
    const store: Inputs = { "bulkhead-data-store": "fhir-store" };
    const existing = ownId("Microsoft.HealthcareApis/workspaces", "there");
    expect(served(store, () => existing)).toEqual(["clinic: data-store/fhir-store"]);
    expect(served(store, () => foreignId("Microsoft.HealthcareApis/workspaces", "there"))).toEqual([]);
    expect(served(store, () => ownId("Microsoft.KeyVault/vaults", "there"))).toEqual([]);
  });

  it("are those whose filter is in force on the endpoint", () => {
    const filter = { peer: "platform-service/secrets" } as Filter;
    const at = {
      urn: "urn:pulumi:test::bulkhead::azure-native:network:PrivateEndpoint::endpoint",
      filters: [filter],
    } as unknown as NetworkInterface;
    expect(served({}, vault, [at])).toEqual(["clinic: platform-service/secrets"]);
  });

  it("are given identities by their hosts, where the facts show one", () => {
    const filter = (peer: string): Filter => ({ peer, platform: "clinic" }) as Filter;
    expect(served({}, vault, [], [filter("platform-service/identity")])).toEqual([
      "clinic: platform-service/identity",
    ]);
    expect(served({}, vault, [], [filter("workload/rag-service")])).toEqual([]);
  });
});

describe.each(knowledges)("a policy of service endpoints, %s", (knowledge) => {
  const open = (serviceResources: unknown, tags: Inputs = inZone("phi")): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add("azure-native:network:ServiceEndpointPolicy", "policy", {
      ...here,
      serviceEndpointPolicyName: "policy",
      serviceEndpointPolicyDefinitions: [{ service: "Microsoft.Storage", serviceResources }],
      tags,
    });
    return briefly(serviceFactsOf(stack).openEndpointPolicies);
  };

  it("leads to the stack's own accounts", () => {
    expect(open([ownId("Microsoft.Storage/storageAccounts", "documents")])).toEqual([]);
    expect(open([`/subscriptions/${ownSubscription}`])).toEqual([]);
    expect(open([`/subscriptions/${foreignSubscription}`])).toEqual(["open policy"]);
    expect(open(["/services/Azure"])).toEqual(["open policy"]);
    expect(open([unknownText])).toEqual(["perhaps policy"]);
    expect(open(unknownText)).toEqual(["perhaps policy"]);
    expect(open(["/services/Azure"], {})).toEqual([]);
  });

  it("may be told by a resource of its own", () => {
    const stack = new Sketch(knowledge);
    stack.add("azure-native:network:ServiceEndpointPolicy", "policy", {
      ...here,
      serviceEndpointPolicyName: "policy",
      tags: inZone("phi"),
    });
    stack.add("azure-native:network:ServiceEndpointPolicyDefinition", "definition", {
      resourceGroupName: ownGroup,
      serviceEndpointPolicyName: "policy",
      serviceResources: [`/subscriptions/${foreignSubscription}`],
    });
    expect(briefly(serviceFactsOf(stack).openEndpointPolicies)).toEqual(["open definition"]);
  });
});
