import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { credentialReaders, type CredentialReader } from "../credential-readers";
import { placeIn } from "../place";
import { referentsAt } from "../property-path";

import { armKey } from "./arm-id";
import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { reachOf } from "./data-roles";
import { namesAuthority } from "./firewall-authorities";
import { principalOf } from "./principals";
import { heldBy } from "./scopes";

const secretType = "azure-native:keyvault:secret";
const identityType = "azure-native:managedidentity:userassignedidentity";
const policyType = "azure-native:network:firewallpolicy";
const assignmentType = "azure-native:authorization:roleassignment";

/**
 * Whether a role is given on the secret that is called as a workload is, in the vault of another secret of the workload's:
 * the platform's roles name it, and somebody else puts it there, so that no resource of the stack is it.
 */
function isOwnSecret({ graph }: AzureStack, assignment: Node, secret: Node, peer: string): boolean {
  const scope = textOf(graph.read(assignment, "scope"));
  const own = peer.slice(peer.indexOf("/") + 1);
  return (
    scope.kind === "known" &&
    graph
      .armIdsOf(secret)
      .some((id) => armKey(scope.value) === armKey(`${id.slice(0, id.lastIndexOf("/"))}/${own}`))
  );
}

/** Who is given a role on a secret. */
function readersOf(stack: AzureStack, secret: Node, peer: string): readonly CredentialReader[] {
  const { graph } = stack;
  return graph.ofType(assignmentType).flatMap((assignment): readonly CredentialReader[] => {
    const isOwn = isOwnSecret(stack, assignment, secret, peer);
    const held = isOwn
      ? { assumption: undefined }
      : heldBy(graph, assignment, "scope", graph.read(assignment, "scope"), [secret]).at(0);
    const { families, assumption } = reachOf(graph, assignment);
    if (held === undefined || (families !== "everything" && !families.includes("vault"))) {
      return [];
    }
    const id = graph.read(assignment, "principalId");
    const principal = principalOf(graph, assignment, "principalId", id);
    if (principal.peer === peer) {
      return [];
    }
    const who = principal.peer ?? (principal.node === undefined ? "somebody" : labelOf(principal.node));
    return [
      {
        who: `${who} is given a role on`,
        ...(isOwn ? { harm: "has what it calls others with" } : {}),
        remedy: `Take ${assignment.name} away, or give the role to an identity of ${peer} alone.`,
        unknown: [
          held.assumption,
          assumption,
          principal.node === undefined && textOf(id).kind !== "known"
            ? "`principalId` is not known"
            : undefined,
        ],
      },
    ];
  });
}

/** The identities with which a firewall's policy reads its authority. */
function identitiesOf({ graph }: AzureStack, policy: Node): ReadonlySet<Node> {
  return new Set(
    referentsAt(graph, policy, ["identity", "userAssignedIdentities"], [identityType]).flatMap((to) =>
      to.kind === "resource" && !to.assumed ? [to.node] : [],
    ),
  );
}

/**
 * Who reads the authority with which a firewall of a platform ends TLS besides the firewall: whoever has its key passes for
 * any provider with the egress guard.
 */
function authorityReaders(stack: AzureStack): HopFacts {
  const { graph, zones } = stack;
  const policies = graph.ofType(policyType);
  return allHops(
    ...graph.ofType(secretType).map((secret) => {
      const using = policies.filter((policy) => namesAuthority(stack, policy, secret));
      const place = placeIn(zones.of(secret.urn), undefined);
      if (using.length === 0 || place === undefined || platformOf(stack, secret) === undefined) {
        return allHops();
      }
      const allowed = new Set(using.flatMap((policy) => [...identitiesOf(stack, policy)]));
      const acceptor = new Acceptor(stack, secret, place);
      for (const assignment of graph.ofType(assignmentType)) {
        const [held] = heldBy(graph, assignment, "scope", graph.read(assignment, "scope"), [secret]);
        const { families, assumption } = reachOf(graph, assignment);
        const { node } = principalOf(graph, assignment, "principalId", graph.read(assignment, "principalId"));
        if (
          held === undefined ||
          (families !== "everything" && !families.includes("vault")) ||
          (node !== undefined && allowed.has(node))
        ) {
          continue;
        }
        const unknown = [held.assumption, assumption].filter((one) => one !== undefined);
        acceptor.fault({
          what: `${node === undefined ? "somebody" : labelOf(node)} is given a role on the key of the authority with which a firewall ends TLS, and with it passes for any provider`,
          remedy: `Take ${assignment.name} away, or give the role to the identity of the firewall's policy alone.`,
          assumption: unknown.length === 0 ? undefined : unknown.join(", and "),
          refusedOn: "our platform",
          needsOthers: true,
        });
      }
      return acceptor.facts();
    }),
  );
}

/** Who reads the credentials of workloads in Key Vault besides them, and the authorities of firewalls besides those. */
export function keyVaultReaders(stack: AzureStack): HopFacts {
  return allHops(
    credentialReaders(stack, secretType, (secret, peer) => readersOf(stack, secret, peer)),
    authorityReaders(stack),
  );
}
