import { unknownText, type Sketch } from "../stack-sketch";

import { labelled } from "./gcp-base";
import { foreignProject, gcp, onNetworks, plainSubnet, setting, silentResolver } from "./gcp-network-pieces";
import {
  consumers,
  either,
  ofKind,
  phiOnly,
  projectOf,
  said,
  sqlWith,
  wrongly,
  type Service,
} from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import type { Kind } from "./stranger-pieces";

function sqlCase(name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return either(
    "GE-19",
    `a database of PHI ${name}`,
    (stack, more: Inputs) => sqlWith(stack, "phi", more),
    bad,
    good,
  );
}

const databases: readonly CorpusCase[] = [
  sqlCase("with a public address", { ipv4Enabled: true }),
  sqlCase("that does not say that it has no public address", { ipv4Enabled: undefined }),
  sqlCase("of which nobody knows whether it has a public address", { ipv4Enabled: unknownText }),
  sqlCase(
    "that some addresses may call",
    { ipv4Enabled: true, authorizedNetworks: [{ value: "198.51.100.0/24" }] },
    { authorizedNetworks: [] },
  ),
  sqlCase("that everybody may call", { ipv4Enabled: true, authorizedNetworks: [{ value: "0.0.0.0/0" }] }),
  sqlCase(
    "that services of Google get at past its network",
    { enablePrivatePathForGoogleCloudServices: true },
    { enablePrivatePathForGoogleCloudServices: false },
  ),
  sqlCase("that somebody else's networks may reach", {
    pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: [foreignProject] }],
  }),
  phiOnly("GE-19", "a database with a public address", (stack, kind) =>
    sqlWith(stack, kind, { ipv4Enabled: true }),
  ),
];

const alloyInstance: Service = (stack, kind, more = {}) => {
  const cluster = stack.add(gcp("alloydb", "Cluster"), `${kind}-alloy-cluster`, {
    clusterId: `${kind}-alloy-cluster`,
    location: "us-central1",
    pscConfig: { pscEnabled: true },
    ...ofKind(kind),
  });
  return stack.add(
    gcp("alloydb", "Instance"),
    `${kind}-alloy`,
    said({
      instanceId: `${kind}-alloy`,
      cluster,
      instanceType: "PRIMARY",
      clientConnectionConfig: { requireConnectors: true, sslConfig: { sslMode: "ENCRYPTED_ONLY" } },
      networkConfig: { enablePublicIp: false, enableOutboundPublicIp: false },
      ...(kind === "phi" ? labelled("phi") : {}),
      ...more,
    }),
  );
};

const alloys: readonly CorpusCase[] = [
  wrongly("GE-19", "a fast database of PHI with a public address", alloyInstance, {
    networkConfig: { enablePublicIp: true },
  }),
  wrongly("GE-19", "a fast database of PHI that calls out", alloyInstance, {
    networkConfig: { enableOutboundPublicIp: true },
  }),
  wrongly(
    "GE-19",
    "a fast database of PHI of which nobody knows whether it is public",
    alloyInstance,
    {
      networkConfig: { enablePublicIp: unknownText },
    },
    { networkConfig: undefined },
  ),
];

const index: Service = (stack, kind, more = {}) =>
  stack.add(
    gcp("vertex", "AiIndexEndpoint"),
    `${kind}-index`,
    said({
      displayName: `${kind}-index`,
      region: "us-central1",
      publicEndpointEnabled: false,
      privateServiceConnectConfig: { enablePrivateServiceConnect: true, projectAllowlists: consumers(stack) },
      ...ofKind(kind),
      ...more,
    }),
  );

const endpoint: Service = (stack, kind, more = {}) =>
  stack.add(
    gcp("vertex", "AiEndpoint"),
    `${kind}-models`,
    said({
      name: `${kind}-models`,
      displayName: `${kind}-models`,
      location: "us-central1",
      region: "us-central1",
      ...ofKind(kind),
      ...more,
    }),
  );

const notebook: Service = (stack, kind, more = {}) =>
  stack.add(
    gcp("workbench", "Instance"),
    `${kind}-notebook`,
    said({
      name: `${kind}-notebook`,
      location: "us-central1-a",
      disableProxyAccess: true,
      gceSetup: { machineType: "n2-standard-4", disablePublicIp: true },
      ...ofKind(kind),
      ...more,
    }),
  );

const ai: readonly CorpusCase[] = [
  wrongly("GE-19", "an index of PHI that answers the world", index, {
    publicEndpointEnabled: true,
    privateServiceConnectConfig: undefined,
  }),
  wrongly("GE-19", "an index of PHI of which nobody knows whether it answers the world", index, {
    publicEndpointEnabled: unknownText,
  }),
  wrongly("GE-19", "an index of PHI that somebody else's networks may reach", index, {
    privateServiceConnectConfig: { enablePrivateServiceConnect: true, projectAllowlists: [foreignProject] },
  }),
  wrongly("GE-19", "models of PHI with a public name of their own", endpoint, {
    dedicatedEndpointEnabled: true,
  }),
  wrongly(
    "GE-19",
    "models of PHI of which nobody knows whether they have a public name",
    endpoint,
    { dedicatedEndpointEnabled: unknownText },
    {
      dedicatedEndpointEnabled: false,
    },
  ),
  phiOnly("GE-19", "an index that answers the world", (stack, kind) =>
    index(stack, kind, { publicEndpointEnabled: true, privateServiceConnectConfig: undefined }),
  ),
  phiOnly("GE-19", "a notebook with a public address", (stack, kind) =>
    notebook(stack, kind, { gceSetup: { machineType: "n2-standard-4", disablePublicIp: false } }),
  ),
  phiOnly("GE-19", "a notebook that does not say that it has no public address", (stack, kind) =>
    notebook(stack, kind, { gceSetup: undefined }),
  ),
  onNetworks(
    setting(
      "GE-19",
      "a notebook in the network of PHI, with a public address or without",
      (stack, disablePublicIp: boolean) => {
        silentResolver(stack, stack.id("phi-vpc"));
        stack.add(gcp("workbench", "Instance"), "notebook", {
          name: "notebook",
          location: "us-central1-a",
          disableProxyAccess: true,
          gceSetup: {
            machineType: "n2-standard-4",
            disablePublicIp,
            networkInterfaces: [{ network: stack.id("phi-vpc"), subnet: stack.id("phi-subnet") }],
          },
          ...labelled("phi"),
        });
      },
      false,
      true,
    ),
  ),
];

function cluster(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  return stack.add(gcp("container", "Cluster"), "cluster", {
    name: "cluster",
    location: "us-central1",
    ...(kind === "phi"
      ? { network: stack.id("vpc"), subnetwork: stack.id("phi-subnet") }
      : { subnetwork: plainSubnet(stack), network: stack.id("other-vpc") }),
    initialNodeCount: 1,
    deletionProtection: true,
    ...(kind === "phi" ? { resourceLabels: labelled("phi")["labels"] } : {}),
    ...more,
  });
}

const clusters: readonly CorpusCase[] = [
  setting(
    "GE-19",
    "a cluster with public nodes, in PHI's subnet or elsewhere",
    (stack, kind: Kind) => cluster(stack, kind),
    "phi",
    "plain",
  ),
  setting(
    "GE-19",
    "a cluster whose nodes are public, nobody knows, in PHI's subnet or elsewhere",
    (stack, kind: Kind) =>
      cluster(stack, kind, { privateClusterConfig: { enablePrivateNodes: unknownText } }),
    "phi",
    "plain",
  ),
  setting(
    "GE-19",
    "a cluster that everybody may steer, in PHI's subnet or elsewhere",
    (stack, kind: Kind) =>
      cluster(stack, kind, {
        privateClusterConfig: {
          enablePrivateNodes: true,
          enablePrivateEndpoint: false,
          masterIpv4CidrBlock: "10.30.0.0/28",
        },
        masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "0.0.0.0/0" }] },
      }),
    "phi",
    "plain",
  ),
];

const caches: readonly CorpusCase[] = [
  phiOnly("GE-19", "a cache in somebody else's network", (stack, kind) =>
    stack.add(gcp("redis", "Cluster"), "cache", {
      name: "cache",
      region: "us-central1",
      shardCount: 3,
      project: projectOf(kind),
      transitEncryptionMode: "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION",
      pscConfigs: [{ network: `projects/${foreignProject}/global/networks/theirs` }],
      ...(kind === "phi" ? labelled("phi") : {}),
    }),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to public answers of data services: row GE-19. */
export const gcpWaysOutOfDatabases: readonly CorpusCase[] = [
  ...databases,
  ...alloys,
  ...ai,
  ...clusters,
  ...caches,
];
