import type { ZoneId } from "../../../model/zone";
import type { Node } from "../../stack-graph";
import type { OpenEndpointPolicy } from "../fact";

import { foreigners, mayBeForeign, own, type Perimeter } from "./accounts";
import {
  accountAssumption,
  canonical,
  labelOf,
  perimeterOf,
  platformOf,
  types,
  type AwsStack,
} from "./aws-stack";
import { serviceBehind } from "./endpoint-services";
import { admissions, matches, type Admission } from "./iam-evaluation";
import { readPolicy, type PolicyStatement } from "./iam-policy";

/** Reads of what AWS keeps for every account, such as the layers of images: nobody can put anything there. */
const readOnlyBuckets = /^arn:aws[a-z-]*:s3:::prod-[a-z]{2}(?:-[a-z]+)+-\d+-starport-layer-bucket\//;

/**
 * Calls that read, write and find records, by the service of the stores that they are of. Every other call of these
 * services may export, share, copy or open what a store holds, with nothing that the network sees.
 */
const recordActions: Readonly<Record<string, readonly string[]>> = {
  aoss: ["aoss:APIAccessAll"],
  healthlake: [
    "healthlake:CreateResource",
    "healthlake:DeleteResource",
    "healthlake:DescribeFHIRDatastore",
    "healthlake:GetCapabilities",
    "healthlake:GetHistoryByResourceId",
    "healthlake:PatchResource",
    "healthlake:ProcessBundle",
    "healthlake:ReadResource",
    "healthlake:SearchEverything",
    "healthlake:SearchWithGet",
    "healthlake:SearchWithPost",
    "healthlake:UpdateResource",
    "healthlake:ValidateResource",
    "healthlake:VersionReadResource",
  ],
  s3: [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject*",
    "s3:GetBucketLocation",
    "s3:GetObject*",
    "s3:ListBucket",
    "s3:ListBucketMultipartUploads",
    "s3:ListBucketVersions",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
  ],
};

/** Whether an action that is allowed is, or may be, more than a use of records. */
function movesRecords(action: string): boolean {
  const [service = ""] = action.toLowerCase().split(":");
  const known =
    action === "*" || service.includes("*")
      ? undefined
      : Object.entries(recordActions).find(([name]) => name === service);
  if (known === undefined) {
    return action === "*" || service.includes("*");
  }
  return !known[1].some((allowed) =>
    // A star of the policy's is more than the judge's own.
    matches(allowed, action.replaceAll("*", "\u0001"), { ignoreCase: true }),
  );
}

/** Calls that name no resource because they are about the caller's own account, whatever a policy says of resources. */
const ownAccountActions = [
  "cloudwatch:PutMetricData",
  "ecr:GetAuthorizationToken",
  "sts:GetCallerIdentity",
].map((action) => action.toLowerCase());

/** Services whose endpoints take no policy (AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink"). */
const withoutPolicies: readonly string[] = ["neptune-graph", "verifiedpermissions"];

/** Condition keys that name organisations. */
const organizationKey = /^aws:(?:principal|resource|source)org(?:id|paths)$/i;

/** What belongs to the owner, as one policy has it: of several organisations that it names one at most is the owner's. */
function perimeterFor(perimeter: Perimeter, statements: readonly PolicyStatement[]): Perimeter {
  const named = statements.flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((keys) =>
      Object.entries(keys).flatMap(([key, values]) => (organizationKey.test(key) ? values : [])),
    ),
  );
  const organizations = new Set(named.map((value) => value.split("/")[0]));
  return { ...perimeter, trustsOrganizations: perimeter.trustsOrganizations && organizations.size <= 1 };
}

interface Problem {
  readonly what: string;
  readonly assumption: string | undefined;
}

function admissionText({ statement, action, resource }: Admission): string {
  return `statement ${statement.Sid ?? "without a name"}: ${action} on ${resource}`;
}

/** A service of the stack to which an endpoint of the PHI zone leads, and which is not in the zone. */
function leavingService(
  { zones }: AwsStack,
  services: readonly Node[],
  zone: ZoneId | undefined,
): Problem | undefined {
  const outside = zone === "phi" ? services.find(({ urn }) => zones.of(urn) !== "phi") : undefined;
  return outside === undefined
    ? undefined
    : {
        what: `it leads to ${labelOf(outside)}, a service that is not in the zone and that no endpoint policy limits`,
        assumption: undefined,
      };
}

/**
 * What is wrong with the policy of an endpoint, if anything is. Each statement has to bind who calls and what is used:
 * whoever brings a principal of somebody else's leaves a trace of each call with that account, which names what was asked.
 */
function problemOf(stack: AwsStack, endpoint: Node, holder: Node): Problem | undefined {
  const { graph, account, zones } = stack;
  const zone = zones.of(endpoint.urn);
  const behind = serviceBehind(stack, endpoint);
  if (behind.kind === "of-others") {
    return { what: behind.what, assumption: behind.assumption };
  }
  if (behind.kind === "of-stack") {
    return leavingService(stack, behind.services, zone);
  }
  const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
  if (policy.kind === "absent" && zone !== "phi" && withoutPolicies.includes(behind.service)) {
    return undefined;
  }
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
  const perimeter = perimeterFor(perimeterOf(stack), statements);
  const assumption = accountAssumption(stack);
  const isForeign = (resource: string): boolean =>
    mayBeForeign(resource, account, (text) => graph.named(text) !== undefined);
  const isAwsLayer = ({ action, resource }: Admission): boolean =>
    readOnlyBuckets.test(resource) && action.toLowerCase() === "s3:getobject";
  const by = { endpoint: endpoint.urn };

  const [toOthers] = admissions(
    statements,
    own(perimeter, { who: "anybody", by, uses: "another account" }),
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
  const [ofOthers] = (["another account", "the stack's account"] as const)
    .flatMap((uses) => foreigners(perimeter, uses, "an endpoint of the stack"))
    .flatMap((caller) => admissions(statements, caller))
    .filter((admission) => !isAwsLayer(admission));
  if (ofOthers !== undefined) {
    return {
      what: `the endpoint's policy lets calls of other accounts' principals through (${admissionText(ofOthers)})`,
      assumption,
    };
  }
  // What a store is told to copy or to share shows in a stranger's stack as a setting of the store. Our platform's
  // endpoints let through no call that could tell it.
  const isOurs = platformOf(stack, endpoint) !== undefined;
  const [moving] =
    zone === "phi" && isOurs
      ? admissions(statements, own(perimeter, { who: "anybody", by, uses: "the stack's account" })).filter(
          ({ action }) => movesRecords(action),
        )
      : [];
  return moving === undefined
    ? undefined
    : {
        what: `the endpoint's policy lets calls through that move what a store holds (${admissionText(moving)})`,
        assumption: undefined,
      };
}

/**
 * What holds the policy of an endpoint, or may: itself, and resources of its own.
 *
 * Of two owners of one policy the last to write wins, so each must be closed; one that is of this endpoint for certain takes
 * the place of none.
 */
export function policyHolders({ graph }: AwsStack, endpoint: Node): readonly Node[] {
  const ofThis = graph.ofType("aws:ec2:vpcendpointpolicy").map((policy) => ({
    policy,
    referents: graph
      .referents(policy, "vpcEndpointId", types.endpoint)
      .filter(
        (referent) =>
          referent.kind === "undetermined" || (referent.kind === "resource" && referent.node === endpoint),
      ),
  }));
  const attached = ofThis.filter(({ referents }) => referents.length > 0).map(({ policy }) => policy);
  const isCertain = ofThis.some(({ referents }) =>
    referents.some((referent) => referent.kind === "resource" && !referent.assumed),
  );
  const inline = graph.read(endpoint, "policy").kind === "absent" && isCertain ? [] : [endpoint];
  return [...inline, ...attached];
}

/** The endpoints in zones by which calls leave for what is not the platform's. A gateway endpoint is a route instead. */
export function openEndpointPolicies(stack: AwsStack): readonly OpenEndpointPolicy[] {
  const { graph, zones } = stack;
  return graph.ofType(...types.endpoint).flatMap((node): readonly OpenEndpointPolicy[] => {
    const zone = zones.of(node.urn);
    if (zone === undefined) {
      return [];
    }
    return policyHolders(stack, node).flatMap((holder) => {
      const problem = problemOf(stack, node, holder);
      return problem === undefined
        ? []
        : [{ urn: holder.urn, label: labelOf(holder), zone, platform: platformOf(stack, node), ...problem }];
    });
  });
}
