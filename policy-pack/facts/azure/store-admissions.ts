import { flagOf, itemsOf, memberReading, recordOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { StoreAdmission } from "../fact";
import { valuesAt } from "../property-path";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { clusterTypes } from "./clusters";
import { reachOf, type OpenedFamily } from "./data-roles";
import { peersNamed } from "./endpoint-peers";
import { principalOf, type Principal } from "./principals";
import { namedReferents, originsOf } from "./referents";
import { heldBy, type Held } from "./scopes";
import { familyOf, storeTypes } from "./store-types";

const assignmentType = "azure-native:authorization:roleassignment";
const vaultType = "azure-native:keyvault:vault";
const accessPolicyType = "azure-native:keyvault:accesspolicy";
const identityType = "azure-native:managedidentity:userassignedidentity";
const federationType = "azure-native:managedidentity:federatedidentitycredential";

/** Types from which facts about who is let in are drawn. */
export const admissionTypes = [
  assignmentType,
  accessPolicyType,
  "azure-native:authorization:roledefinition",
  identityType,
  federationType,
] as const;

/** The properties by which stores are told to let in nobody by a key, and the value that says so. */
const keySettings: ReadonlyMap<string, readonly [path: readonly [string, ...string[]], right: boolean]> =
  new Map<string, readonly [readonly [string, ...string[]], boolean]>([
    ["azure-native:cosmosdb:databaseaccount", [["disableLocalAuth"], true]],
    ["azure-native:eventhub:namespace", [["disableLocalAuth"], true]],
    ["azure-native:redis:redis", [["disableAccessKeyAuthentication"], true]],
    ["azure-native:search:service", [["disableLocalAuth"], true]],
    ["azure-native:storage:storageaccount", [["allowSharedKeyAccess"], false]],
  ]);

/** The peers whose store a resource is; a FHIR service's workspace is the same store. */
function storesOf({ graph }: AzureStack, store: Node): readonly string[] {
  const peer = peerOf(graph, store);
  return peer === undefined ? [] : peersNamed(peer);
}

/** Whom a role opens something for, and what. */
interface Opened {
  readonly assignment: Node;
  readonly principal: Principal;
  /** What the role opens, each with why it may not. */
  readonly opened: readonly Held[];
  readonly assumption: string | undefined;
}

/** The roles that open some of the stores or vaults of the PHI zone. */
function openingRoles({ graph }: AzureStack, places: readonly Node[]): readonly Opened[] {
  const familyAt = ({ resourceType: type }: Node): OpenedFamily | undefined =>
    type === vaultType ? "vault" : familyOf(type);
  return graph.ofType(assignmentType).flatMap((assignment): readonly Opened[] => {
    const { families, assumption } = reachOf(graph, assignment);
    const opened = heldBy(graph, assignment, "scope", graph.read(assignment, "scope"), places).filter(
      ({ node }) => families === "everything" || families.some((family) => family === familyAt(node)),
    );
    const id = graph.read(assignment, "principalId");
    return opened.length === 0
      ? []
      : [{ assignment, principal: principalOf(graph, assignment, "principalId", id), opened, assumption }];
  });
}

/** Whom the stores of the PHI zone let in, by roles that are given on them or around them. */
function byRoles(stack: AzureStack, stores: readonly Node[]): readonly StoreAdmission[] {
  return openingRoles(stack, stores).flatMap(({ assignment, principal, opened, assumption }) => {
    const [first] = opened;
    const peers = [...new Set(opened.flatMap(({ node }) => storesOf(stack, node)))];
    // A role over several stores lets its bearer into each of them, and each is held against the flows.
    const each = peers.length === 0 ? [[]] : peers.map((peer) => [peer]);
    return first === undefined
      ? []
      : each.flatMap((of): readonly StoreAdmission[] => [
          {
            ...about(stack, assignment, first.node, principal),
            stores: of,
            assumption: first.assumption ?? assumption,
          },
          ...posing(stack, principal).map((credential) => ({
            ...about(stack, credential, first.node, principal),
            stores: of,
            // Whoever its issuer says he is, he is not the workload for certain.
            who: undefined,
            assumption: first.assumption ?? assumption,
          })),
        ]);
  });
}

/** Credentials by which whomever another issuer names takes on an identity; not those that a cluster of the stack issues. */
function posing({ graph }: AzureStack, { node }: Principal): readonly Node[] {
  return graph
    .ofType(federationType)
    .filter(
      (credential) =>
        namedReferents(graph, credential, "resourceName", graph.read(credential, "resourceName"), [
          identityType,
        ]).some((to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === node)) &&
        originsOf(graph, credential, "issuer", clusterTypes).length === 0,
    );
}

/**
 * Whom the vaults of the PHI zone let in by roles. What decrypts the zone's stores is in them, so that only the zone's own
 * identities, which are its stores', may use them.
 */
function byKeyRoles(stack: AzureStack): readonly StoreAdmission[] {
  const { graph, zones } = stack;
  const vaults = graph.ofType(vaultType).filter(({ urn }) => zones.of(urn) === "phi");
  return openingRoles(stack, vaults).flatMap(({ assignment, principal, opened, assumption }) => {
    const { node, peer } = principal;
    const isOfZone =
      node?.resourceType === identityType && peer === undefined && zones.of(node.urn) === "phi";
    const [first] = opened;
    return first === undefined || isOfZone
      ? []
      : [
          {
            ...about(stack, assignment, first.node, { node, peer: undefined }),
            stores: storesOf(stack, first.node),
            assumption: first.assumption ?? assumption,
          },
        ];
  });
}

/** What is said of somebody who is let in. */
function about(
  stack: AzureStack,
  by: Node,
  store: Node,
  { node, peer }: Principal,
): Omit<StoreAdmission, "stores" | "assumption"> {
  return {
    urn: by.urn,
    label: labelOf(by),
    zone: "phi",
    platform: platformOf(stack, store),
    who: peer,
    what: `${labelOf(store)} lets in ${node === undefined ? "a principal that is not of the stack" : labelOf(node)}.`,
  };
}

/** Stores that let in whoever has their key, whom no identity shows. */
function byKeys(stack: AzureStack, stores: readonly Node[]): readonly StoreAdmission[] {
  const { graph } = stack;
  return stores.flatMap((store): readonly StoreAdmission[] => {
    const [path, right] = keySettings.get(store.resourceType) ?? [];
    if (path === undefined) {
      return [];
    }
    const [value] = valuesAt(graph, store, path);
    const flag = flagOf(value ?? { kind: "absent" });
    return flag.kind === "known" && flag.value === right
      ? []
      : [
          {
            urn: store.urn,
            label: labelOf(store),
            zone: "phi",
            platform: platformOf(stack, store),
            stores: storesOf(stack, store),
            who: undefined,
            what: `${labelOf(store)} lets in whoever has its key.`,
            assumption: flag.kind === "unknown" ? `\`${path.join(".")}\` is not known` : undefined,
          },
        ];
  });
}

/** Whom vaults of the PHI zone let in by policies of their own, which count where roles do not decide. */
function byAccessPolicies(stack: AzureStack): readonly StoreAdmission[] {
  const { graph, zones } = stack;
  const properties = (vault: Node): Reading<Readonly<Record<string, unknown>>> =>
    recordOf(graph.read(vault, "properties"));
  return graph
    .ofType(vaultType)
    .filter((vault) => {
      const isByRoles = flagOf(memberReading(properties(vault), "enableRbacAuthorization"));
      return zones.of(vault.urn) === "phi" && !(isByRoles.kind === "known" && isByRoles.value);
    })
    .flatMap((vault) => {
      const separate = graph
        .ofType(accessPolicyType)
        .filter((policy) =>
          namedReferents(graph, policy, "vaultName", graph.read(policy, "vaultName"), [vaultType]).some(
            (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === vault),
          ),
        )
        .map((policy) => [policy, "policy", graph.read(policy, "policy")] as const);
      const own = itemsOf(memberReading(properties(vault), "accessPolicies")).map(
        (entry) => [vault, "properties", entry] as const,
      );
      return [...own, ...separate].map(([node, key, entry]): StoreAdmission => {
        const id = memberReading(recordOf(entry), "objectId");
        return {
          ...about(stack, node, vault, principalOf(graph, node, key, id)),
          stores: storesOf(stack, vault),
          assumption: entry.kind === "unknown" ? `\`${key}\` is not known` : undefined,
        };
      });
    });
}

/** Whom what is in the PHI zone lets in. */
export function storeAdmissions(stack: AzureStack): readonly StoreAdmission[] {
  const { graph, zones } = stack;
  const stores = graph.ofType(...storeTypes).filter(({ urn }) => zones.of(urn) === "phi");
  return [
    ...byRoles(stack, stores),
    ...byKeyRoles(stack),
    ...byKeys(stack, stores),
    ...byAccessPolicies(stack),
  ];
}
