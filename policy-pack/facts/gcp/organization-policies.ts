import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { MissingSeal } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import type { GcpStack } from "./gcp-stack";
import { projectsOf } from "./projects";

const policyType = "gcp:orgpolicy:policy";

/** Policies in the form of the first version of their interface, each with what it is of. */
const formerTypes = [
  "gcp:projects:organizationpolicy",
  "gcp:folder:organizationpolicy",
  "gcp:organizations:policy",
] as const;

/** Types from which facts about organisation policies are drawn. */
export const organizationPolicyTypes = [policyType, ...formerTypes] as const;

/** Constraints that hold something of a PHI zone closed (rendering of Google Cloud, "Org policy"). */
const sealingConstraints: ReadonlySet<string> = new Set([
  "cloudfunctions.allowedVpcConnectorEgressSettings",
  "compute.disableInternetNetworkEndpointGroup",
  "compute.disableVpcExternalIpv6",
  "compute.requireVpcFlowLogs",
  "compute.restrictCloudNATUsage",
  "compute.restrictLoadBalancerCreationForTypes",
  "compute.restrictPrivateServiceConnectProducer",
  "compute.restrictVpcPeering",
  "compute.restrictVpnPeerIPs",
  "compute.skipDefaultNetworkCreation",
  "compute.vmCanIpForward",
  "compute.vmExternalIpAccess",
  "gcp.resourceLocations",
  "gcp.restrictServiceUsage",
  "gcp.restrictTLSVersion",
  "iam.allowedPolicyMemberDomains",
  "iam.disableServiceAccountKeyCreation",
  "run.allowedIngress",
  "run.allowedVPCEgress",
  "sql.restrictPublicIp",
  "storage.publicAccessPrevention",
  "storage.uniformBucketLevelAccess",
  "vertexai.allowedModels",
]);

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** How a policy lifts a constraint. */
interface Lifted {
  readonly what: string;
  readonly assumption?: string;
}

/** The constraint in the last part of a name: `compute.vmExternalIpAccess` of `constraints/…` or `projects/…/policies/…`. */
function constraintIn(text: Reading<string>): Reading<string> {
  return text.kind === "known"
    ? { kind: "known", value: text.value.slice(text.value.lastIndexOf("/") + 1) }
    : text;
}

function liftedBy(rule: Mapping, { isPlain }: { readonly isPlain: boolean }): readonly Lifted[] {
  const enforce = flagIn(memberReading(rule, "enforce"));
  const allowAll = flagIn(memberReading(rule, "allowAll"));
  const only = isPlain ? "" : ", where its condition holds";
  return [
    ...(enforce.kind === "known" && !enforce.value
      ? [{ what: `it is not enforced${only} (enforce is FALSE)` }]
      : []),
    ...(enforce.kind === "unknown"
      ? [{ what: "it may not be enforced", assumption: "`spec.rules.enforce` is not known" }]
      : []),
    ...(allowAll.kind === "known" && allowAll.value
      ? [{ what: `it allows everything${only} (allowAll is TRUE)` }]
      : []),
    ...(allowAll.kind === "unknown"
      ? [{ what: "it may allow everything", assumption: "`spec.rules.allowAll` is not known" }]
      : []),
  ];
}

/** A flag that this interface writes as the text TRUE or FALSE. */
function flagIn(read: Reading<unknown>): Reading<boolean> {
  const text = textOf(read);
  return text.kind === "known" ? flagOf({ kind: "known", value: text.value.toLowerCase() }) : flagOf(read);
}

/** How a policy lifts what its constraint would hold, in the present form. */
function liftedByPolicy({ graph }: GcpStack, node: Node): readonly Lifted[] {
  const spec = recordOf(graph.read(node, "spec"));
  const dryRun = graph.read(node, "dryRunSpec");
  if (spec.kind === "unknown") {
    return [{ what: "what it enforces is not known", assumption: "`spec` is not known" }];
  }
  if (spec.kind === "absent") {
    return dryRun.kind === "absent"
      ? []
      : [{ what: "it is only watched, and enforces nothing (dryRunSpec alone)" }];
  }
  const reset = flagIn(memberReading(spec, "reset"));
  return [
    ...(reset.kind === "known" && reset.value ? [{ what: "it goes back to the default (reset)" }] : []),
    ...(reset.kind === "unknown"
      ? [{ what: "it may go back to the default", assumption: "`spec.reset` is not known" }]
      : []),
    ...itemsOf(memberReading(spec, "rules")).flatMap((item) => {
      const rule = recordOf(item);
      return liftedBy(rule, { isPlain: memberReading(rule, "condition").kind === "absent" });
    }),
  ];
}

/** The same, in the former form. */
function liftedByFormer({ graph }: GcpStack, node: Node): readonly Lifted[] {
  const enforced = flagIn(memberReading(recordOf(graph.read(node, "booleanPolicy")), "enforced"));
  const allow = recordOf(memberReading(recordOf(graph.read(node, "listPolicy")), "allow"));
  const all = flagIn(memberReading(allow, "all"));
  const restore = flagIn(memberReading(recordOf(graph.read(node, "restorePolicy")), "default"));
  return [
    ...(enforced.kind === "known" && !enforced.value ? [{ what: "it is not enforced (booleanPolicy)" }] : []),
    ...(all.kind === "known" && all.value ? [{ what: "it allows everything (listPolicy)" }] : []),
    ...(restore.kind === "known" && restore.value
      ? [{ what: "it goes back to the default (restorePolicy)" }]
      : []),
    ...([enforced, all, restore].some(({ kind }) => kind === "unknown")
      ? [{ what: "it may not be enforced", assumption: "what the policy says" }]
      : []),
  ];
}

/** Whether a policy is over a project of a zone, or over what is above all projects. */
function isOverZone(stack: GcpStack, node: Node): boolean {
  const { graph, zones } = stack;
  const parent = textOf(graph.read(node, "parent"));
  const isAbove =
    parent.kind === "known"
      ? /^(?:folders|organizations)\//.test(parent.value)
      : !node.resourceType.startsWith("gcp:projects:");
  const projects = projectsOf(stack);
  const project = projects.of(node);
  const hasZone = projects.all.some(({ zone }) => zone !== undefined);
  return (
    zones.of(node.urn) !== undefined ||
    (isAbove && hasZone) ||
    (project.kind === "project" ? project.project.zone !== undefined : hasZone)
  );
}

/** Organisation policies over a zone of the stack that seem to hold something closed, and lift it (GE-26). */
export function liftedPolicies(stack: GcpStack): readonly MissingSeal[] {
  const { graph } = stack;
  const seals = (
    node: Node,
    constraint: Reading<string>,
    lifted: readonly Lifted[],
  ): readonly MissingSeal[] =>
    constraint.kind === "absent" ||
    (constraint.kind === "known" && !sealingConstraints.has(constraint.value)) ||
    !isOverZone(stack, node)
      ? []
      : lifted.map(({ what, assumption }) => ({
          urn: node.urn,
          label: labelOf(node),
          platform: platformOf(stack, node),
          what: `${constraint.kind === "known" ? constraint.value : "a constraint"}: ${what}.`,
          ...(assumption === undefined ? {} : { assumption }),
          remedy: "Enforce the constraint in `spec`, or take the policy away.",
        }));
  return [
    ...graph
      .ofType(policyType)
      .flatMap((node) =>
        seals(node, constraintIn(textOf(graph.read(node, "name"))), liftedByPolicy(stack, node)),
      ),
    ...graph
      .ofType(...formerTypes)
      .flatMap((node) =>
        seals(node, constraintIn(textOf(graph.read(node, "constraint"))), liftedByFormer(stack, node)),
      ),
  ];
}
