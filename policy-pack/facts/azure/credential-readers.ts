import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { HopFacts } from "../acceptor";
import { credentialReaders, type CredentialReader } from "../credential-readers";

import { labelOf, type AzureStack } from "./azure-stack";
import { reachOf } from "./data-roles";
import { principalOf } from "./principals";
import { heldBy } from "./scopes";

const secretType = "azure-native:keyvault:secret";
const assignmentType = "azure-native:authorization:roleassignment";

/** Who is given a role on a secret. */
function readersOf({ graph }: AzureStack, secret: Node, peer: string): readonly CredentialReader[] {
  return graph.ofType(assignmentType).flatMap((assignment): readonly CredentialReader[] => {
    const [held] = heldBy(graph, assignment, "scope", graph.read(assignment, "scope"), [secret]);
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

/** Who reads the credentials of workloads in Key Vault besides them. */
export function keyVaultReaders(stack: AzureStack): HopFacts {
  return credentialReaders(stack, secretType, (secret, peer) => readersOf(stack, secret, peer));
}
