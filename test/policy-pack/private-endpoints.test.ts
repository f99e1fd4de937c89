import { describe, expect, it } from "vitest";

import { amend } from "./corpus/changed-case";
import { base } from "./corpus/corpus-case";
import {
  bucket,
  loadBalancer,
  ownAccount,
  ownAccountOnly,
  place,
  policy,
  type Place,
} from "./corpus/stranger-pieces";
import { judge } from "./judge-on-a-day";
import { refusals } from "./refusals";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const organization = "o-exampleorgid";
const anything = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" };
const under = (Condition: Inputs): string => policy({ ...anything, Condition });

function endpoint(stack: Sketch, where: Place, inputs: Inputs): string {
  const { vpc, subnet, group } = place(stack, where);
  return stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
    vpcId: vpc,
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.us-east-1.s3",
    subnetIds: [subnet],
    securityGroupIds: [group],
    ...inputs,
  });
}

const leaves = (verdict: "open" | "undetermined", what: string, by = "endpoint"): readonly string[] => [
  `${verdict} ${by}: A call leaves the PHI zone for an account that is not yours: ${what}.`,
];
const toAnybody = leaves(
  "open",
  "the endpoint's policy lets calls through to anybody's resources (statement without a name: s3:* on *)",
);
const byOthers = leaves(
  "open",
  "the endpoint's policy lets calls of other accounts' principals through (statement without a name: s3:* on *)",
);

describe.each(knowledges)("an endpoint in a stranger's PHI zone, %s", (knowledge) => {
  const refused = (inputs: Inputs): readonly string[] => {
    const stack = base(knowledge);
    bucket(stack, "phi");
    endpoint(stack, "phi", inputs);
    return refusals(stack);
  };
  const bound = { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount };
  const own = (key: string): string =>
    ({ vpc: "aws:ec2/vpc:Vpc::vpc-id", endpoint: "aws:ec2/vpcEndpoint:VpcEndpoint::s3-endpoint-id" })[key] ??
    "";

  it.each([
    ["both bound by the account", { StringEquals: bound }],
    [
      "both bound by one organisation",
      { StringEquals: { "aws:PrincipalOrgID": organization, "aws:ResourceOrgID": organization } },
    ],
    [
      "both bound by paths of one organisation",
      {
        "ForAnyValue:StringLike": {
          "aws:PrincipalOrgPaths": `${organization}/r-1/*`,
          "aws:ResourceOrgPaths": `${organization}/*`,
        },
      },
    ],
    [
      "one bound by the organisation and the other by the account",
      { StringEquals: { "aws:PrincipalOrgID": organization, "aws:ResourceAccount": ownAccount } },
    ],
    [
      "whose account is the caller's",
      { StringEquals: { ...bound, "aws:ResourceAccount": "${aws:PrincipalAccount}" } },
    ],
  ])("is accepted with a policy in which caller and resource are %s", (_name, Condition) => {
    expect(refused({ policy: under(Condition) })).toEqual([]);
  });

  it.each([
    ["nothing of the caller", { StringEquals: { "aws:ResourceAccount": ownAccount } }, byOthers],
    ["nothing of the resource", { StringEquals: { "aws:PrincipalAccount": ownAccount } }, toAnybody],
    [
      "the caller's network, by which anybody's principal comes",
      { StringEquals: { "aws:SourceVpc": own("vpc"), "aws:ResourceAccount": ownAccount } },
      byOthers,
    ],
    [
      "the endpoint itself, by which anybody's principal comes",
      { StringEquals: { "aws:SourceVpce": own("endpoint"), "aws:ResourceAccount": ownAccount } },
      byOthers,
    ],
    [
      "the endpoint's account, by which anybody's principal comes",
      { StringEquals: { "aws:VpceAccount": ownAccount, "aws:ResourceAccount": ownAccount } },
      byOthers,
    ],
    [
      "two organisations, of which one is another's",
      { StringEquals: { "aws:PrincipalOrgID": organization, "aws:ResourceOrgID": "o-anotherorgid" } },
      toAnybody,
    ],
    [
      "any organisation",
      { StringLike: { "aws:PrincipalOrgID": organization, "aws:ResourceOrgID": "o-*" } },
      toAnybody,
    ],
    [
      "an organisation only where there is one",
      {
        StringEquals: { "aws:PrincipalOrgID": organization },
        StringEqualsIfExists: { "aws:ResourceOrgID": organization },
      },
      toAnybody,
    ],
    [
      "an account that is not its own",
      { StringEquals: { ...bound, "aws:ResourceAccount": "999988887777" } },
      toAnybody,
    ],
  ])("is refused with a policy that asks for %s", (_name, Condition, expected) => {
    expect(refused({ policy: under(Condition) })).toEqual(expected);
  });

  it("is accepted where statements refuse whatever is not the organisation's, in either order", () => {
    const refusal = (key: string): Inputs => ({
      ...anything,
      Effect: "Deny",
      Action: "*",
      Condition: { StringNotEquals: { [key]: organization } },
    });
    const statements = [anything, refusal("aws:PrincipalOrgID"), refusal("aws:ResourceOrgID")];
    expect(refused({ policy: policy(...statements) })).toEqual([]);
    expect(refused({ policy: policy(...statements.reverse()) })).toEqual([]);
    expect(refused({ policy: policy(anything, refusal("aws:PrincipalOrgID")) })).toEqual(toAnybody);
    expect(refused({ policy: policy(anything, refusal("aws:ResourceOrgID")) })).toEqual(byOthers);
  });

  it("is accepted with a named bucket of the stack, for callers of the organisation alone", () => {
    const named = { ...anything, Resource: ["arn:aws:s3:::phi-documents", "arn:aws:s3:::phi-documents/*"] };
    const Condition = { StringEquals: { "aws:PrincipalOrgID": organization } };
    expect(refused({ policy: policy({ ...named, Condition }) })).toEqual([]);
    expect(refused({ policy: policy(named) })).toEqual(
      leaves(
        "open",
        "the endpoint's policy lets calls of other accounts' principals through (statement without a name: s3:* on urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::phi-documents)",
      ),
    );
  });

  it("may read the layers of images, and may not write them", () => {
    const layers = { ...anything, Resource: "arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*" };
    expect(refused({ policy: policy(ownAccountOnly, { ...layers, Action: "s3:GetObject" }) })).toEqual([]);
    expect(refused({ policy: policy(ownAccountOnly, { ...layers, Action: "s3:PutObject" }) })).toEqual(
      leaves(
        "open",
        "the endpoint's policy lets calls through to anybody's resources (statement without a name: s3:PutObject on arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*)",
      ),
    );
  });

  it.each([
    ["not known", unknownText, "`policy` is not known"],
    ["no policy", "{}", "`policy` is not a policy that the judge understands"],
  ])("is undetermined with a policy that is %s", (_name, text) => {
    expect(refused({ policy: text })).toEqual(
      leaves("undetermined", "the endpoint's policy may let any call through"),
    );
  });

  it("is refused without a policy, of a service that takes none as well", () => {
    const absent = leaves(
      "open",
      "the endpoint has no policy, so that it lets every call through, to anybody's resources",
    );
    expect(refused({})).toEqual(absent);
    expect(refused({ serviceName: "com.amazonaws.us-east-1.verifiedpermissions" })).toEqual(absent);
  });

  it("may lead to a service of the zone's own, and to no other", () => {
    const serviceIn = (where: Place): readonly string[] => {
      const stack = base(knowledge);
      const service = stack.add("aws:ec2/vpcEndpointService:VpcEndpointService", "service", {
        networkLoadBalancerArns: [`${loadBalancer(stack, where)}.arn`],
        acceptanceRequired: true,
      });
      endpoint(stack, "phi", { serviceName: `${service}.serviceName` });
      return refusals(stack);
    };
    expect(serviceIn("phi")).toEqual([]);
    expect(serviceIn("processing")).toEqual(
      leaves(
        "open",
        "it leads to VpcEndpointService service, a service that is not in the zone and that no endpoint policy limits",
      ),
    );
  });

  it("leads to a service of the stack by its name, once that is known, and to somebody else's by another", () => {
    const name = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
    const stack = base(knowledge);
    stack.add("aws:ec2/vpcEndpointService:VpcEndpointService", "service", {
      networkLoadBalancerArns: [`${loadBalancer(stack, "phi")}.arn`],
      acceptanceRequired: true,
    });
    endpoint(stack, "phi", { serviceName: name });
    const named = (serviceName: unknown, asked = name): readonly string[] =>
      refusals(amend(stack, "endpoint", { serviceName: asked }), (resources) => {
        const service = resources.find((resource) => resource.name === "service")?.urn ?? "";
        return resources.map((resource) =>
          resource.name === "service"
            ? { ...resource, outputs: { ...resource.outputs, serviceName } }
            : resource.name === "endpoint"
              ? {
                  ...resource,
                  propertyDependencies: { ...resource.propertyDependencies, serviceName: [service] },
                }
              : resource,
        );
      });
    const others = (asked: string): readonly string[] =>
      leaves("open", `it leads to ${asked}, a service that somebody publishes and no endpoint policy limits`);
    expect(named(name)).toEqual([]);
    expect(named(`${name}0`)).toEqual(others(name));
    expect(named(unknownText)).toEqual(others(name));
    expect(named(name, "records.example.com")).toEqual(others("records.example.com"));
    expect(named(unknownText, "records.example.com")).toEqual([]);
  });
});

describe.each(knowledges)("an endpoint in a stranger's processing zone, %s", (knowledge) => {
  const advice = (serviceName: string): readonly string[] => {
    const stack = base(knowledge);
    endpoint(stack, "processing", { serviceName, privateDnsEnabled: true });
    return judge(stack.resources(), { dryRun: knowledge === "preview" }).findings.flatMap(
      ({ urn, level, summary }) => (urn.endsWith("::endpoint") ? [`${level}: ${summary}`] : []),
    );
  };

  it("is advised to have a policy, but of a service that takes none", () => {
    expect(advice("com.amazonaws.us-east-1.kms")).toEqual([
      "advisory: A call leaves zone processing for an account that is not yours: the endpoint has no policy, so that it lets every call through, to anybody's resources.",
    ]);
    expect(advice("com.amazonaws.us-east-1.verifiedpermissions")).toEqual([]);
  });
});

describe.each(knowledges)("an endpoint that names no security group, %s", (knowledge) => {
  const refused = (vpcEndpointType: string): readonly string[] => {
    const stack = base(knowledge);
    endpoint(stack, "gateway", { vpcEndpointType, securityGroupIds: undefined });
    return refusals(stack);
  };

  it("of a gateway load balancer has none, and of any other type the default one", () => {
    const isOpen = "open vpc: VpcEndpoint endpoint of zone gateway reaches what is not declared.";
    expect(refused("GatewayLoadBalancer")).toEqual([]);
    expect(refused("Interface")).toContain(isOpen);
    expect(refused("Resource")).toContain(isOpen);
    expect(refused(unknownText)).toContain(isOpen);
  });
});
