import { z } from "zod";

import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { OpenEndpointPolicy } from "../fact";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** The parts of a policy that the judge reads (IAM user guide, "Grammar of the IAM JSON policy language"). */
const policySchema = z.object({
  Statement: z
    .union([
      z.record(z.string(), z.unknown()).transform((one) => [one]),
      z.array(z.record(z.string(), z.unknown())),
    ])
    .pipe(
      z.array(
        z.object({
          Effect: z.string(),
          Principal: z.unknown().optional(),
          NotPrincipal: z.unknown().optional(),
          Action: oneOrMore.optional(),
          NotAction: z.unknown().optional(),
          Resource: oneOrMore.optional(),
          NotResource: z.unknown().optional(),
          Condition: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    ),
});

type Statement = z.output<typeof policySchema>["Statement"][number];

/** Whether a statement lets calls through to what anybody owns: neither its resources nor a condition say whose. */
function isOpen({ Effect, Resource, NotResource, Condition }: Statement): boolean {
  if (Effect !== "Allow") {
    return false;
  }
  const namesResources =
    NotResource === undefined && Resource !== undefined && Resource.every((resource) => resource !== "*");
  const isConditional = Condition !== undefined && Object.keys(Condition).length > 0;
  return !namesResources && !isConditional;
}

/** What is wrong with the policy of an endpoint, if anything is. */
function problemOf(
  graph: AwsStack["graph"],
  node: Node,
): { readonly what: string; readonly assumption: string | undefined } | undefined {
  const policy = textOf(graph.read(node, "policy"));
  if (policy.kind === "absent") {
    return {
      what: "the endpoint has no policy, so that it lets every call through, to anybody's resources",
      assumption: undefined,
    };
  }
  if (policy.kind === "unknown") {
    return { what: "the endpoint's policy may let any call through", assumption: "`policy` is not known" };
  }
  let document: unknown;
  try {
    document = JSON.parse(policy.value);
  } catch {
    return { what: "the endpoint's policy may let any call through", assumption: "`policy` is not JSON" };
  }
  const parsed = policySchema.safeParse(document);
  if (!parsed.success) {
    return {
      what: "the endpoint's policy may let any call through",
      assumption: "`policy` has not the shape of a policy",
    };
  }
  return parsed.data.Statement.some(isOpen)
    ? { what: "the endpoint's policy lets calls through to anybody's resources", assumption: undefined }
    : undefined;
}

/** The endpoints in zones by which calls leave for what is not the platform's. A gateway endpoint is a route instead. */
export function openEndpointPolicies(stack: AwsStack): readonly OpenEndpointPolicy[] {
  const { graph, zones } = stack;
  const separate = graph.ofType("aws:ec2:vpcendpointpolicy");
  return graph.ofType("aws:ec2:vpcendpoint").flatMap((node): readonly OpenEndpointPolicy[] => {
    const zone = zones.of(node.urn);
    if (zone === undefined) {
      return [];
    }
    const own = separate.filter((policy) =>
      graph
        .referents(policy, "vpcEndpointId", ["aws:ec2:vpcendpoint"])
        .some(
          (referent) =>
            referent.kind === "undetermined" || (referent.kind === "resource" && referent.node === node),
        ),
    );
    // Of two owners of one policy the last to write wins, so each must be closed; one that stands alone takes the place of none.
    const inline = graph.read(node, "policy").kind === "absent" && own.length > 0 ? [] : [node];
    return [...inline, ...own].flatMap((holder) => {
      const problem = problemOf(graph, holder);
      return problem === undefined
        ? []
        : [{ urn: holder.urn, label: labelOf(holder), zone, platform: platformOf(stack, node), ...problem }];
    });
  });
}
