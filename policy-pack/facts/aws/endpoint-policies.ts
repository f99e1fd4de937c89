import type { Node } from "../../stack-graph";
import type { OpenEndpointPolicy } from "../fact";

import { foreigner, mayBeForeign, own } from "./accounts";
import {
  accountAssumption,
  canonical,
  isEndpoint,
  labelOf,
  platformOf,
  types,
  type AwsStack,
} from "./aws-stack";
import { admissions, matches, type Admission } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

/** Reads of what AWS keeps for every account, such as the layers of images: nobody can put anything there. */
const readOnlyBuckets = /^arn:[^:]+:s3:::prod-[a-z0-9-]+-starport-layer-bucket\//;

/** Calls by which what a store holds leaves for somewhere else, with nothing that the network sees. */
const movingActions = [
  "healthlake:StartFHIRExportJob",
  "healthlake:StartFHIRExportJobWithGet",
  "healthlake:StartFHIRExportJobWithPost",
  "s3:PutBucketAcl",
  "s3:PutBucketNotification",
  "s3:PutBucketPolicy",
  "s3:PutInventoryConfiguration",
  "s3:PutObjectAcl",
  "s3:PutReplicationConfiguration",
];

/** Calls that name no resource because they are about the caller's own account, whatever a policy says of resources. */
const ownAccountActions = [
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "sts:GetCallerIdentity",
].map((action) => action.toLowerCase());

interface Problem {
  readonly what: string;
  readonly assumption: string | undefined;
}

function admissionText({ statement, action, resource }: Admission): string {
  return `statement ${statement.Sid ?? "without a name"}: ${action} on ${resource}`;
}

/** What is wrong with the policy of an endpoint, if anything is. */
function problemOf(stack: AwsStack, endpoint: Node, holder: Node, isPhi: boolean): Problem | undefined {
  const { graph, account } = stack;
  const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
  if (policy.kind === "absent") {
    return {
      what: "the endpoint has no policy, so that it lets every call through, to anybody's resources",
      assumption: undefined,
    };
  }
  if (policy.kind === "unknown") {
    return { what: "the endpoint's policy may let any call through", assumption: policy.why };
  }
  const { statements } = policy;
  const isOwnEndpoint = isEndpoint(stack);
  const assumption = accountAssumption(stack);
  const isForeign = (resource: string): boolean =>
    mayBeForeign(resource, account, (text) => graph.named(text) !== undefined);
  const isAwsLayer = ({ action, resource }: Admission): boolean =>
    readOnlyBuckets.test(resource) && action.toLowerCase() === "s3:getobject";
  const by = { endpoint: endpoint.urn };

  const [toOthers] = admissions(
    statements,
    own(account, { who: "anybody", by, uses: "another account" }, isOwnEndpoint),
    isForeign,
  ).filter(
    (admission) => !isAwsLayer(admission) && !ownAccountActions.includes(admission.action.toLowerCase()),
  );
  if (toOthers !== undefined) {
    return {
      what: `the endpoint's policy lets calls through to anybody's resources (${admissionText(toOthers)})`,
      assumption,
    };
  }
  const [ofOthers] = admissions(
    statements,
    foreigner(account, "another account", () => false),
    isForeign,
  ).filter((admission) => !isAwsLayer(admission));
  if (ofOthers !== undefined) {
    return {
      what: `the endpoint's policy lets calls of other accounts' principals through (${admissionText(ofOthers)})`,
      assumption,
    };
  }
  const [moving] = isPhi
    ? admissions(
        statements,
        own(account, { who: "anybody", by, uses: "the stack's account" }, isOwnEndpoint),
      ).filter(({ action }) => movingActions.some((moved) => matches(action, moved, { ignoreCase: true })))
    : [];
  return moving === undefined
    ? undefined
    : {
        what: `the endpoint's policy lets calls through that move what a store holds (${admissionText(moving)})`,
        assumption: undefined,
      };
}

/** The endpoints in zones by which calls leave for what is not the platform's. A gateway endpoint is a route instead. */
export function openEndpointPolicies(stack: AwsStack): readonly OpenEndpointPolicy[] {
  const { graph, zones } = stack;
  const separate = graph.ofType("aws:ec2:vpcendpointpolicy");
  return graph.ofType(...types.endpoint).flatMap((node): readonly OpenEndpointPolicy[] => {
    const zone = zones.of(node.urn);
    if (zone === undefined) {
      return [];
    }
    const attached = separate.filter((policy) =>
      graph
        .referents(policy, "vpcEndpointId", types.endpoint)
        .some(
          (referent) =>
            referent.kind === "undetermined" || (referent.kind === "resource" && referent.node === node),
        ),
    );
    // Of two owners of one policy the last to write wins, so each must be closed; one that stands alone takes the place of none.
    const inline = graph.read(node, "policy").kind === "absent" && attached.length > 0 ? [] : [node];
    return [...inline, ...attached].flatMap((holder) => {
      const problem = problemOf(stack, node, holder, zone === "phi");
      return problem === undefined
        ? []
        : [{ urn: holder.urn, label: labelOf(holder), zone, platform: platformOf(stack, node), ...problem }];
    });
  });
}
