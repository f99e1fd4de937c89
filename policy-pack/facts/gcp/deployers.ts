import { reading, textOf } from "../../reading";
import type { StackGraph } from "../../stack-graph";
import { peerOf } from "../../zone-claims";

import type { GcpStack } from "./gcp-stack";
import type { CallSource, PerimeterRule } from "./perimeter-rules";
import { projectsOf } from "./projects";

const accountType = "gcp:serviceaccount:account";

const deployersByGraph = new WeakMap<StackGraph, ReadonlySet<string>>();

/** Whether an email is that of a workload of the stack, which never deploys what it calls. */
function isOfWorkload({ graph }: GcpStack, email: string): boolean {
  return graph.bearers(email, [accountType]).some(({ node }) => peerOf(graph, node) !== undefined);
}

/** The service accounts, by their email, that platforms of the stack say deploy them. */
export function deployersOf(stack: GcpStack): ReadonlySet<string> {
  const { graph, platforms } = stack;
  const known =
    deployersByGraph.get(graph) ??
    new Set(
      graph.nodes.flatMap((node) => {
        const said =
          node.outputs["deployer"] === undefined ? undefined : textOf(reading(node.outputs["deployer"]));
        return said?.kind === "known" &&
          graph.lineage(node).some(({ urn }) => platforms.has(urn)) &&
          !isOfWorkload(stack, said.value)
          ? [said.value]
          : [];
      }),
    );
  deployersByGraph.set(graph, known);
  return known;
}

/** Whether a member of IAM, or an identity of a perimeter's rule, is a service account that deploys a platform of the stack. */
export function isDeployer(stack: GcpStack, member: string): boolean {
  return deployersOf(stack).has(member.replace(/^serviceAccount:/, ""));
}

/** Whether calls come from a project of a platform's own. */
function isOwnSource(stack: GcpStack, source: CallSource): boolean {
  return (
    source.kind === "resource" &&
    source.resource.kind === "known" &&
    projectsOf(stack).zoneOf(source.resource.value) !== undefined
  );
}

/** Whether all calls that a rule of a perimeter takes come from projects of a platform's own. */
export function isFromOwnProjects(stack: GcpStack, { sources }: PerimeterRule): boolean {
  return sources.length > 0 && sources.every((source) => isOwnSource(stack, source));
}

/**
 * Whether a rule of a perimeter lets in who deploys a platform of the stack, from the platform's own projects, and nobody
 * else: nobody could create or change what the perimeter holds without it.
 */
export function isForDeployer(stack: GcpStack, rule: PerimeterRule): boolean {
  const { identities, anybody, direction } = rule;
  return (
    direction === "ingress" &&
    anybody.kind === "absent" &&
    identities.length > 0 &&
    identities.every((identity) => identity.kind === "known" && isDeployer(stack, identity.value)) &&
    isFromOwnProjects(stack, rule)
  );
}
