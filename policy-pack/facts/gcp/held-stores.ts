import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";

import type { GcpStack } from "./gcp-stack";
import { isGrantType } from "./iam-grants";

/** What holds data, with the service by whose permissions it is opened. */
const serviceOfModule: Readonly<Record<string, string>> = {
  aiplatform: "aiplatform",
  alloydb: "alloydb",
  bigquery: "bigquery",
  bigtable: "bigtable",
  filestore: "file",
  firestore: "firestore",
  healthcare: "healthcare",
  kms: "cloudkms",
  pubsub: "pubsub",
  secretmanager: "secretmanager",
  spanner: "spanner",
  sql: "cloudsql",
  storage: "storage",
  vertex: "aiplatform",
};

/** The last parts of the types of what holds data, in the modules above. */
const holders: ReadonlySet<string> = new Set([
  "aiindex",
  "bucket",
  "cluster",
  "consentstore",
  "cryptokey",
  "database",
  "databaseinstance",
  "dataset",
  "dicomstore",
  "fhirstore",
  "hl7store",
  "instance",
  "keyring",
  "secret",
  "regionalsecret",
  "subscription",
  "table",
  "topic",
]);

function moduleOf(type: ResourceType): string {
  return type.split(":")[1] ?? "";
}

/** The service by whose permissions a store is opened: `healthcare` of a FHIR store. */
export function serviceOf({ resourceType: type }: Node): string {
  return serviceOfModule[moduleOf(type)] ?? moduleOf(type);
}

/** The name of a service's API, as perimeters restrict it. */
export function apiOf(service: string): string {
  const names: Readonly<Record<string, string>> = { bigtable: "bigtable", cloudsql: "sqladmin" };
  return `${names[service] ?? service}.googleapis.com`;
}

function isHolder({ resourceType: type }: Node): boolean {
  return (
    type.startsWith("gcp:") &&
    serviceOfModule[moduleOf(type)] !== undefined &&
    holders.has(type.split(":")[2] ?? "")
  );
}

/** The peer of the model whose store a resource is, if it is one. */
export function storePeerOf({ graph }: GcpStack, node: Node): string | undefined {
  const peer = peerOf(graph, node);
  return peer?.startsWith("data-store/") === true ? peer : undefined;
}

/**
 * What holds data in the PHI zone. A store that the stack only reads is stood for by what gives somebody a role on it and is
 * registered as its peer's.
 */
export function storesOfPhi(stack: GcpStack): readonly Node[] {
  const { graph, zones } = stack;
  const inPhi = graph.nodes.filter(({ urn }) => zones.of(urn) === "phi");
  const stores = inPhi.filter(isHolder);
  const peers = new Set(stores.map((store) => storePeerOf(stack, store)));
  const standIns = inPhi.filter((node) => {
    const peer = isGrantType(node.resourceType) ? storePeerOf(stack, node) : undefined;
    return peer !== undefined && !peers.has(peer);
  });
  return [...stores, ...standIns];
}
