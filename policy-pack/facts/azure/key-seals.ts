import { flagOf, itemsOf, memberReading, recordOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import type { MissingSeal } from "../fact";
import { valuesAt, type PropertyPath } from "../property-path";
import type { Safeguard } from "../safeguard";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { within } from "./gateway-parts";
import { isEncrypted } from "./record-keeping";
import { wordOf } from "./word";

const vaultType = "azure-native:keyvault:vault";
const keyType = "azure-native:keyvault:key";
const accountType = "azure-native:storage:storageaccount";

/** Whether a key is made anew by itself. */
function isRotating({ graph }: AzureStack, key: Node): boolean {
  const own = recordOf(graph.read(key, "rotationPolicy"));
  const policy =
    own.kind === "absent" ? recordOf(within(recordOf(graph.read(key, "properties")), "rotationPolicy")) : own;
  return itemsOf(memberReading(policy, "lifetimeActions")).some((action) => {
    const word = wordOf(within(recordOf(action), "action", "type"));
    return word.kind === "known" && word.value === "rotate";
  });
}

/** How a service other than storage says that a key of the customer's encrypts what is in it. */
interface Keyed {
  readonly type: ResourceType;
  readonly path: PropertyPath;
  /** What it has to say, in lower case; anything, where nothing is said here. */
  readonly right?: string;
  readonly remedy: string;
}

const keyed: readonly Keyed[] = [
  {
    type: "azure-native:cognitiveservices:account",
    path: ["properties", "encryption", "keySource"],
    right: "microsoft.keyvault",
    remedy:
      "Set properties.encryption.keySource to Microsoft.KeyVault, with keyVaultProperties of a key of yours.",
  },
  {
    type: "azure-native:containerregistry:registry",
    path: ["encryption", "status"],
    right: "enabled",
    remedy: "Set encryption.status to enabled, with keyVaultProperties of a key of yours.",
  },
  {
    type: "azure-native:healthcareapis:fhirservice",
    path: ["encryption", "customerManagedKeyEncryption", "keyEncryptionKeyUrl"],
    remedy: "Set encryption.customerManagedKeyEncryption.keyEncryptionKeyUrl to that of a key of yours.",
  },
  {
    type: "azure-native:search:service",
    path: ["encryptionWithCmk", "enforcement"],
    right: "enabled",
    remedy: "Set encryptionWithCmk.enforcement to Enabled, so that no index is made without a key of yours.",
  },
];

function isKeyed(graph: StackGraph, node: Node, { path, right }: Keyed): boolean {
  const values = valuesAt(graph, node, path).map(wordOf);
  return (
    values.length > 0 &&
    values.every((value) =>
      right === undefined ? value.kind !== "absent" : value.kind === "known" && value.value === right,
    )
  );
}

/** Whether nothing destroys a vault, and the keys in it, before their time. */
function isProtected({ graph }: AzureStack, vault: Node): boolean {
  const flag = flagOf(memberReading(recordOf(graph.read(vault, "properties")), "enablePurgeProtection"));
  return flag.kind === "known" && flag.value;
}

/** Whether a vault, key or account is held to what the PHI zone needs: on a platform of ours what all zones share is too. */
function counts(stack: AzureStack, node: Node): boolean {
  return stack.zones.of(node.urn) === "phi" || platformOf(stack, node) !== undefined;
}

/** What shows that keys last, are made anew, and encrypt what is kept. */
export function keySafeguards(stack: AzureStack): readonly Safeguard[] {
  const { graph, zones } = stack;
  const shown = (type: ResourceType, isRight: (node: Node) => boolean, what: string): readonly Safeguard[] =>
    graph
      .ofType(type)
      .filter((node) => counts(stack, node) && isRight(node))
      .map((node) => ({
        zone: zones.of(node.urn),
        what,
        evidence: [{ urn: node.urn, label: labelOf(node) }],
      }));
  return [
    ...shown(
      vaultType,
      (vault) => isProtected(stack, vault),
      "nobody destroys the keys of a vault before their time (enablePurgeProtection is true)",
    ),
    ...shown(keyType, (key) => isRotating(stack, key), "a policy makes the key anew by itself"),
    ...shown(
      accountType,
      (account) => isEncrypted(graph, account),
      "a key of the customer's encrypts what is in the storage account",
    ),
    ...keyed.flatMap((service) =>
      shown(
        service.type,
        (node) => isKeyed(graph, node, service),
        "a key of the customer's encrypts what is in the service",
      ),
    ),
  ];
}

/** What the keys lack by which the PHI zone's stores are encrypted, and the vaults that hold them. */
export function keySeals(stack: AzureStack): readonly MissingSeal[] {
  const { graph } = stack;
  const seal = (node: Node, what: string, remedy: string): MissingSeal => ({
    urn: node.urn,
    label: labelOf(node),
    platform: platformOf(stack, node),
    what,
    remedy,
  });
  const unprotected = graph
    .ofType(vaultType)
    .filter((vault) => counts(stack, vault) && !isProtected(stack, vault))
    .map((vault) =>
      seal(
        vault,
        "Nothing keeps its keys from being destroyed at once, and with them what they encrypt.",
        "Set properties.enablePurgeProtection to true.",
      ),
    );
  const lasting = graph
    .ofType(keyType)
    .filter((key) => counts(stack, key) && !isRotating(stack, key))
    .map((key) =>
      seal(
        key,
        "Nothing makes it anew, so that what it encrypts hangs on one key for ever.",
        "Give it a rotationPolicy with a lifetimeActions entry of the type rotate.",
      ),
    );
  const unencrypted = graph
    .ofType(accountType)
    .filter((account) => counts(stack, account) && !isEncrypted(graph, account))
    .map((account) =>
      seal(
        account,
        "No key of the customer's encrypts what is in it.",
        "Set encryption.keySource to Microsoft.Keyvault, with keyVaultProperties of a key of yours.",
      ),
    );
  const unkeyed = keyed.flatMap((service) =>
    graph
      .ofType(service.type)
      .filter((node) => counts(stack, node) && !isKeyed(graph, node, service))
      .map((node) => seal(node, "No key of the customer's encrypts what is in it.", service.remedy)),
  );
  return [...unprotected, ...lasting, ...unencrypted, ...unkeyed];
}
