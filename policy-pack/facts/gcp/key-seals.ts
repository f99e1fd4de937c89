import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { MissingSeal } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { pathText, valuesAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";
import type { Safeguard } from "../safeguard";

import { hoursOf } from "./duration";
import type { GcpStack } from "./gcp-stack";
import { at } from "../property-path";
import { mayBe } from "./side-channel-type";

const keyType = "gcp:kms:cryptokey";
const importType = "gcp:kms:keyringimportjob";

/** Where each store, and each service that keeps what it is told, names the key that encrypts it. */
const keyed: ReadonlyMap<ResourceType, readonly PropertyPath[]> = new Map<
  ResourceType,
  readonly PropertyPath[]
>(
  (
    [
      ["gcp:alloydb:cluster", "encryptionConfig.kmsKeyName"],
      ["gcp:artifactregistry:repository", "kmsKeyName"],
      ["gcp:backupdisasterrecovery:backupvault", "encryptionConfig.kmsKeyName"],
      ["gcp:bigquery:dataset", "defaultEncryptionConfiguration.kmsKeyName"],
      ["gcp:bigtable:instance", "clusters.kmsKeyName"],
      ["gcp:compute:disk", "diskEncryptionKey.kmsKeySelfLink"],
      ["gcp:compute:instancetemplate", "disks.diskEncryptionKey.kmsKeySelfLink"],
      ["gcp:compute:regiondisk", "diskEncryptionKey.kmsKeyName"],
      ["gcp:compute:regioninstancetemplate", "disks.diskEncryptionKey.kmsKeySelfLink"],
      ["gcp:discoveryengine:datastore", "kmsKeyName"],
      ["gcp:filestore:instance", "kmsKeyName"],
      ["gcp:firestore:database", "cmekConfig.kmsKeyName"],
      ["gcp:healthcare:dataset", "encryptionSpec.kmsKeyName"],
      ["gcp:logging:projectbucketconfig", "cmekSettings.kmsKeyName"],
      ["gcp:memorystore:instance", "kmsKey"],
      ["gcp:pubsub:topic", "kmsKeyName"],
      ["gcp:redis:cluster", "kmsKey"],
      ["gcp:redis:instance", "customerManagedKey"],
      ["gcp:secretmanager:regionalsecret", "customerManagedEncryption.kmsKeyName"],
      [
        "gcp:secretmanager:secret",
        "replication.userManaged.replicas.customerManagedEncryption.kmsKeyName",
        "replication.auto.customerManagedEncryption.kmsKeyName",
      ],
      ["gcp:spanner:database", "encryptionConfig.kmsKeyName", "encryptionConfig.kmsKeyNames"],
      ["gcp:sql:databaseinstance", "encryptionKeyName"],
      ["gcp:storage:bucket", "encryption.defaultKmsKeyName"],
      ["gcp:vectorsearch:collection", "encryptionSpec.cryptoKeyName"],
      ["gcp:vertex:aidataset", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aiendpoint", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aifeatureonlinestore", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aifeaturestore", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aiindex", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aiindexendpoint", "encryptionSpec.kmsKeyName"],
      ["gcp:vertex:aireasoningengine", "encryptionSpec.kmsKeyName"],
    ] as const
  ).map(([type, ...paths]) => [type, paths.map(at)] as const),
);

/** Lists of which each item has a key of its own. */
const itemLists: ReadonlyMap<ResourceType, PropertyPath> = new Map([
  ["gcp:bigtable:instance", ["clusters"]],
  ["gcp:compute:instancetemplate", ["disks"]],
  ["gcp:compute:regioninstancetemplate", ["disks"]],
  ["gcp:secretmanager:secret", ["replication", "userManaged", "replicas"]],
]);

/** Whether it is not known of a property whether it names a key: what it is made of is none. */
function isHidden(graph: StackGraph, node: Node, path: PropertyPath): boolean {
  const [first] = path;
  const origins = node.propertyDependencies[first] ?? [];
  return (
    graph.read(node, first).kind === "unknown" &&
    !origins.some((urn) => graph.node(urn)?.resourceType.startsWith("gcp:kms:") === true)
  );
}

/** Whether a key of the customer's encrypts what is in a resource; also where it is not known yet which. */
function isKeyed({ graph }: GcpStack, node: Node, paths: readonly PropertyPath[]): boolean {
  const items = itemLists.get(node.resourceType);
  const needed = Math.max(1, items === undefined ? 0 : valuesAt(graph, node, items).length);
  return paths.some(
    (path) =>
      valuesAt(graph, node, path).length >= needed && !(path.length > 1 && isHidden(graph, node, path)),
  );
}

/** Whether a key encrypts and decrypts with one secret, as those that are made anew by themselves do. */
function isSymmetric({ graph }: GcpStack, key: Node): boolean {
  return broken(graph, key, [mayBe("purpose", ["ENCRYPT_DECRYPT"], "it encrypts")]).length === 0;
}

/** The longest that one version of a key encrypts, in hours: a year, as keys of the other clouds do. */
const longestRotationHours = 366 * 24;

function isRotating({ graph }: GcpStack, key: Node): boolean {
  const hours = hoursOf(graph.read(key, "rotationPeriod"));
  return hours.kind === "known" && hours.value <= longestRotationHours;
}

/** Whether a key's secret was made by Google Cloud, so that nobody else may have it. */
function isMadeHere({ graph }: GcpStack, key: Node): boolean {
  return (
    broken(graph, key, [mayBe("importOnly", [false], "its versions are brought from elsewhere")]).length === 0
  );
}

/** Whether a store or a key is held to what the PHI zone needs: on a platform of ours what all zones share is too. */
function counts(stack: GcpStack, node: Node): boolean {
  return stack.zones.of(node.urn) === "phi" || platformOf(stack, node) !== undefined;
}

/** What shows that keys are made anew, and encrypt what is kept. */
export function keySafeguards(stack: GcpStack): readonly Safeguard[] {
  const { graph, zones } = stack;
  const shown = (
    types: readonly ResourceType[],
    isRight: (node: Node) => boolean,
    what: string,
  ): readonly Safeguard[] =>
    graph
      .ofType(...types)
      .filter((node) => counts(stack, node) && isRight(node))
      .map((node) => ({
        zone: zones.of(node.urn),
        what,
        evidence: [{ urn: node.urn, label: labelOf(node) }],
      }));
  return [
    ...shown(
      [keyType],
      (key) => isSymmetric(stack, key) && isRotating(stack, key),
      "a period makes the key anew by itself",
    ),
    ...shown(
      [...keyed.keys()],
      (node) => {
        // What is not known at all may say that there is none.
        const paths = (keyed.get(node.resourceType) ?? []).filter(
          ([first, ...rest]) => rest.length === 0 || graph.read(node, first).kind === "known",
        );
        return isKeyed(stack, node, paths);
      },
      "a key of the customer's encrypts what is in the service",
    ),
  ];
}

/** What the keys lack by which the PHI zone's stores are encrypted, and the stores that have none. */
export function keySeals(stack: GcpStack): readonly MissingSeal[] {
  const { graph } = stack;
  const seals = (
    types: readonly ResourceType[],
    isRight: (node: Node) => boolean,
    said: (node: Node) => Pick<MissingSeal, "what" | "remedy">,
  ): readonly MissingSeal[] =>
    graph
      .ofType(...types)
      .filter((node) => counts(stack, node) && !isRight(node))
      .map((node) => ({
        urn: node.urn,
        label: labelOf(node),
        platform: platformOf(stack, node),
        ...said(node),
      }));
  return [
    ...seals(
      [keyType],
      (key) => !isSymmetric(stack, key) || isRotating(stack, key),
      () => ({
        what: "Nothing makes it anew within a year, so that what it encrypts hangs on one key for ever.",
        remedy: "Give it a rotationPeriod of a year at most, as a literal value.",
      }),
    ),
    ...seals(
      [keyType],
      (key) => isMadeHere(stack, key),
      () => ({
        what: "Its versions are brought from elsewhere, where somebody may have kept them.",
        remedy: "Take importOnly away, and let Google Cloud make its versions.",
      }),
    ),
    ...seals(
      [importType],
      () => false,
      () => ({
        what: "A key is brought into its ring from elsewhere, where somebody may have kept it.",
        remedy: "Take it away, and let Google Cloud make the key.",
      }),
    ),
    ...seals(
      [...keyed.keys()],
      (node) => isKeyed(stack, node, keyed.get(node.resourceType) ?? []),
      (node) => ({
        what: "No key of the customer's encrypts what is in it.",
        remedy: `Set ${pathText(keyed.get(node.resourceType)?.[0] ?? ["kmsKeyName"])} to that of a key of yours.`,
      }),
    ),
  ];
}

/** The types from which keys, and what they encrypt, are read. */
export const keySealTypes: readonly ResourceType[] = [keyType, importType, ...keyed.keys()];
