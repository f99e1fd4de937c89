import { describe, expect, it } from "vitest";

import { publicAccessTypes } from "../../../policy-pack/facts/gcp/public-access-types";
import { resourceType } from "../../../policy-pack/resource-type";
import { inZone } from "../corpus/corpus-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import { storeFactsOf } from "./store-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** What each service says that answers nobody on the Internet. */
const right: Readonly<Record<string, Inputs>> = {
  "sql/databaseInstance:DatabaseInstance": { settings: { ipConfiguration: { ipv4Enabled: false } } },
  "alloydb/instance:Instance": { cluster: "c", instanceId: "i" },
  "workbench/instance:Instance": { disableProxyAccess: true, gceSetup: { disablePublicIp: true } },
  "notebooks/instance:Instance": { noPublicIp: true, noProxyAccess: true },
  "notebooks/runtime:Runtime": { virtualMachine: { virtualMachineConfig: { internalIpOnly: true } } },
  "composer/environment:Environment": { config: { enablePrivateEnvironment: true } },
  "vertex/aiIndexEndpoint:AiIndexEndpoint": {},
  "vertex/aiEndpoint:AiEndpoint": {},
  "vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment": {},
  "vertex/aiFeatureOnlineStore:AiFeatureOnlineStore": {
    optimized: {},
    dedicatedServingEndpoint: { privateServiceConnectConfig: { enablePrivateServiceConnect: true } },
  },
  "cloudrunv2/service:Service": { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" },
  "cloudfunctionsv2/function:Function": { serviceConfig: { ingressSettings: "ALLOW_INTERNAL_ONLY" } },
  "cloudfunctions/function:Function": { ingressSettings: "ALLOW_INTERNAL_ONLY" },
};

/** What opens a service that is right but for that; `undefined` is not said. */
const wrong: readonly (readonly [type: string, path: string, values: readonly unknown[]])[] = [
  ["sql/databaseInstance:DatabaseInstance", "settings.ipConfiguration.ipv4Enabled", [true, undefined]],
  ["sql/databaseInstance:DatabaseInstance", "settings.ipConfiguration", [undefined, {}]],
  [
    "sql/databaseInstance:DatabaseInstance",
    "settings.ipConfiguration.authorizedNetworks",
    [[{ value: "0.0.0.0/0" }]],
  ],
  ["alloydb/instance:Instance", "networkConfig.enablePublicIp", [true]],
  ["alloydb/instance:Instance", "networkConfig.authorizedExternalNetworks", [[{ cidrRange: "0.0.0.0/0" }]]],
  ["workbench/instance:Instance", "gceSetup.disablePublicIp", [false, undefined]],
  [
    "workbench/instance:Instance",
    "gceSetup.networkInterfaces",
    [[{ accessConfigs: [{ externalIp: "198.51.100.7" }] }]],
  ],
  ["notebooks/instance:Instance", "noPublicIp", [false, undefined]],
  ["notebooks/runtime:Runtime", "virtualMachine.virtualMachineConfig.internalIpOnly", [false, undefined]],
  ["composer/environment:Environment", "config.enablePrivateEnvironment", [false, undefined]],
  ["vertex/aiIndexEndpoint:AiIndexEndpoint", "publicEndpointEnabled", [true]],
  ["vertex/aiEndpoint:AiEndpoint", "dedicatedEndpointEnabled", [true]],
  [
    "vertex/aiEndpointWithModelGardenDeployment:AiEndpointWithModelGardenDeployment",
    "endpointConfig.dedicatedEndpointEnabled",
    [true],
  ],
  [
    "vertex/aiFeatureOnlineStore:AiFeatureOnlineStore",
    "dedicatedServingEndpoint.privateServiceConnectConfig.enablePrivateServiceConnect",
    [false, undefined],
  ],
];

/** What opens a service of the PHI zone alone. */
const wrongInPhi: typeof wrong = [
  [
    "sql/databaseInstance:DatabaseInstance",
    "settings.ipConfiguration.enablePrivatePathForGoogleCloudServices",
    [true],
  ],
  ["workbench/instance:Instance", "disableProxyAccess", [false, undefined]],
  ["notebooks/instance:Instance", "noProxyAccess", [false, undefined]],
  ["cloudrunv2/service:Service", "ingress", ["INGRESS_TRAFFIC_ALL", undefined]],
  ["cloudrunv2/service:Service", "invokerIamDisabled", [true]],
  ["cloudfunctionsv2/function:Function", "serviceConfig.ingressSettings", ["ALLOW_ALL", undefined]],
  ["cloudfunctions/function:Function", "ingressSettings", ["ALLOW_ALL", undefined]],
];

function having(inputs: Inputs, [first = "", ...rest]: readonly string[], value: unknown): Inputs {
  const within = rest.length === 0 ? value : having((inputs[first] ?? {}) as Inputs, rest, value);
  return Object.fromEntries(
    Object.entries({ ...inputs, [first]: within }).filter(([, one]) => one !== undefined),
  );
}

describe.each(knowledges)("a service in a zone, %s", (knowledge) => {
  const names = (type: string, inputs: Inputs, zone: "phi" | "processing" | undefined): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add(`gcp:${type}`, "it", { ...inputs, ...(zone === undefined ? {} : { labels: inZone(zone) }) });
    return briefly(storeFactsOf(stack).publicNames);
  };

  it.each(Object.entries(right))("has no address on the Internet where it is right: %s", (type, inputs) => {
    expect(names(type, inputs, "phi")).toEqual([]);
    expect(names(type, inputs, "processing")).toEqual([]);
  });

  it.each(wrong)("has one where %s says otherwise of %s", (type, path, values) => {
    for (const value of values) {
      const bad = having(right[type] ?? {}, path.split("."), value);
      expect(names(type, bad, "phi")).toEqual(["open it"]);
      expect(names(type, bad, "processing")).toEqual(["open it"]);
      expect(names(type, bad, undefined)).toEqual([]);
    }
    expect(names(type, having(right[type] ?? {}, path.split("."), unknownText), "phi")).toEqual([
      "perhaps it",
    ]);
  });

  it.each(wrongInPhi)("has one in the PHI zone where %s says otherwise of %s", (type, path, values) => {
    for (const value of values) {
      const bad = having(right[type] ?? {}, path.split("."), value);
      expect(names(type, bad, "phi")).toEqual(["open it"]);
      expect(names(type, bad, "processing")).toEqual([]);
    }
  });

  it("answers by a private endpoint alone where it says so, whatever its own address is", () => {
    const endpoint = (privately: unknown): Inputs => ({
      dedicatedEndpointEnabled: true,
      privateServiceConnectConfig: { enablePrivateServiceConnect: privately },
    });
    expect(names("vertex/aiEndpoint:AiEndpoint", endpoint(true), "processing")).toEqual([]);
    expect(names("vertex/aiEndpoint:AiEndpoint", endpoint(false), "processing")).toEqual(["open it"]);
    expect(names("vertex/aiEndpoint:AiEndpoint", endpoint(unknownText), "processing")).toEqual(["open it"]);
  });

  it("has no dedicated endpoint to close where it is served by an API", () => {
    expect(names("vertex/aiFeatureOnlineStore:AiFeatureOnlineStore", { bigtable: {} }, "phi")).toEqual([]);
  });
});

it("is pinned for each type that is read", () => {
  expect(
    Object.keys(right)
      .map((type) => resourceType(`gcp:${type}`))
      .sort(),
  ).toEqual([...publicAccessTypes.keys()].sort());
});
