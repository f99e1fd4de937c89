import { describe, expect, it } from "vitest";

import { amend } from "./corpus/changed-case";
import { base, inZone } from "./corpus/corpus-case";
import {
  foreignAccount,
  loadBalancer,
  ownAccount,
  place,
  rootOf,
  type Place,
} from "./corpus/stranger-pieces";
import { refusals } from "./refusals";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const joined = (verdict: "open" | "undetermined", by: string, what: string): string =>
  `${verdict} ${by}: The PHI zone's network is joined to others: ${what}.`;

function endpoint(stack: Sketch, where: Place, inputs: Inputs): string {
  const { vpc, subnet, group } = place(stack, where);
  return stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
    vpcId: vpc,
    vpcEndpointType: "Interface",
    subnetIds: [subnet],
    securityGroupIds: [group],
    ...inputs,
  });
}

function permission(stack: Sketch, inputs: Inputs): Sketch {
  stack.add(
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
    "permission",
    inputs,
  );
  return stack;
}

function accepter(stack: Sketch, vpcEndpointId: string, vpcEndpointServiceId = stack.id("service")): Sketch {
  stack.add("aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", "accepter", {
    vpcEndpointServiceId,
    vpcEndpointId,
  });
  return stack;
}

describe.each(knowledges)("a service that a stranger offers to endpoints, %s", (knowledge) => {
  /** A service of a zone that accepts each endpoint by itself. */
  const offered = (zone: "phi" | "gateway", inputs: Inputs = {}, balancer: Inputs = {}): Sketch => {
    const stack = base(knowledge);
    stack.add("aws:ec2/vpcEndpointService:VpcEndpointService", "service", {
      networkLoadBalancerArns: [`${loadBalancer(stack, zone, { name: "records", ...balancer })}.arn`],
      acceptanceRequired: true,
      ...inputs,
    });
    return stack;
  };

  it.each([
    ["nobody by name", {}],
    ["the account", { allowedPrincipals: [rootOf(ownAccount)] }],
    ["the account by its number", { allowedPrincipals: [ownAccount] }],
    ["its own region", { supportedRegions: ["us-east-1"] }],
  ])("may let %s into the PHI zone where each endpoint is accepted", (_name, inputs) => {
    expect(refusals(offered("phi", inputs))).toEqual([]);
  });

  it("may let a role of the stack in", () => {
    const stack = offered("phi");
    const role = stack.add("aws:iam/role:Role", "client", { assumeRolePolicy: "{}" });
    amend(stack, "service", { allowedPrincipals: [`${role}.arn`] });
    expect(refusals(stack).filter((text) => !text.includes("client"))).toEqual([]);
  });

  it.each([
    [{ allowedPrincipals: ["*"] }, "open", "everybody may join its service"],
    [
      { allowedPrincipals: [rootOf(ownAccount), rootOf(foreignAccount)] },
      "open",
      `${rootOf(foreignAccount)} may join its service`,
    ],
    [{ allowedPrincipals: ["arn:aws:iam::*:root"] }, "open", "arn:aws:iam::*:root may join its service"],
    [{ allowedPrincipals: [unknownText] }, "undetermined", "who may join its service is not known"],
    [{ allowedPrincipals: unknownText }, "undetermined", "who may join its service is not known"],
    [{ acceptanceRequired: false }, "open", "networks join its service unasked"],
    [{ acceptanceRequired: undefined }, "open", "networks join its service unasked"],
    [{ acceptanceRequired: unknownText }, "undetermined", "networks join its service unasked"],
    [{ supportedRegions: ["us-east-1", "eu-west-1"] }, "open", "its service is offered in eu-west-1"],
    [
      { supportedRegions: [unknownText] },
      "undetermined",
      "its service is offered in a region that is not known",
    ],
    [
      { supportedRegions: ["us-east-1"], region: unknownText },
      "undetermined",
      "its service is offered in us-east-1",
    ],
    [{ supportedRegions: ["us-east-1"], region: "eu-west-1" }, "open", "its service is offered in us-east-1"],
  ] as const)("with %j is of the PHI zone %s", (inputs, verdict, what) => {
    expect(refusals(amend(offered("phi"), "service", inputs))).toEqual([joined(verdict, "service", what)]);
    expect(refusals(amend(offered("gateway"), "service", inputs))).toEqual([]);
  });

  it.each([
    ["off", "open"],
    [unknownText, "undetermined"],
  ] as const)("is refused where the filter of its load balancer is passed: %s", (enforced, verdict) => {
    const balancer = { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: enforced };
    expect(refusals(offered("phi", {}, balancer))).toEqual([
      joined(
        verdict,
        "load-balancer",
        "what joins its service passes the filter of LoadBalancer load-balancer",
      ),
    ]);
    expect(refusals(offered("gateway", {}, balancer))).toEqual([]);
  });

  it("is held to its filter by default", () => {
    expect(
      refusals(offered("phi", {}, { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: undefined })),
    ).toEqual([]);
  });

  it("is the PHI zone's by the ARN of a load balancer that the program names, and may be by one that is not known", () => {
    const arn = (name: string, account = ownAccount): readonly string[] => [
      `arn:aws:elasticloadbalancing:us-east-1:${account}:loadbalancer/net/${name}/0123456789abcdef`,
    ];
    const open = (networkLoadBalancerArns: unknown, balancer: Inputs = {}): readonly string[] =>
      refusals(offered("phi", { networkLoadBalancerArns, allowedPrincipals: ["*"] }, balancer));
    const everybody = "everybody may join its service";
    expect(open(arn("records"))).toEqual([joined("open", "service", everybody)]);
    expect(open(arn("other"))).toEqual([]);
    expect(open(arn("records", foreignAccount))).toEqual([]);
    expect(open(arn("other"), { name: unknownText })).toEqual([joined("undetermined", "service", everybody)]);
    expect(open([unknownText])).toEqual([joined("undetermined", "service", everybody)]);
    expect(open(unknownText)).toEqual([joined("undetermined", "service", everybody)]);
  });

  it("is the PHI zone's by what it says of itself", () => {
    const stack = amend(offered("gateway"), "service", { tags: inZone("phi"), allowedPrincipals: ["*"] });
    expect(refusals(stack)).toContain(joined("open", "service", "everybody may join its service"));
  });

  it("lets in whom a permission names, of a service that may be meant", () => {
    const service = "vpcEndpointServiceId";
    const phi = offered("phi");
    const own = { [service]: phi.id("service"), principalArn: rootOf(ownAccount) };
    const everybody = [joined("open", "permission", "everybody may join its service")];
    expect(refusals(permission(phi.copy(), own))).toEqual([]);
    expect(refusals(permission(phi.copy(), { ...own, principalArn: "*" }))).toEqual(everybody);
    expect(refusals(permission(phi.copy(), { ...own, [service]: unknownText, principalArn: "*" }))).toEqual(
      everybody,
    );
    expect(
      refusals(permission(phi.copy(), { ...own, [service]: "vpce-svc-0123", principalArn: "*" })),
    ).toEqual([]);
    expect(refusals(permission(phi.copy(), { ...own, principalArn: unknownText }))).toEqual([
      joined("undetermined", "permission", "who may join its service is not known"),
    ]);
  });

  it("by aws-native lets in all whom its permissions name", () => {
    const stack = base(knowledge);
    const serviceId = stack.add("aws-native:ec2:VpcEndpointService", "service", {
      networkLoadBalancerArns: [`${loadBalancer(stack, "phi")}.arn`],
      acceptanceRequired: true,
    });
    stack.add("aws-native:ec2:VpcEndpointServicePermissions", "permissions", {
      serviceId,
      allowedPrincipals: [rootOf(ownAccount), rootOf(foreignAccount)],
    });
    expect(refusals(stack)).toEqual([
      joined("open", "permissions", `${rootOf(foreignAccount)} may join its service`),
    ]);
  });

  const isElsewhere = "VpcEndpoint endpoint, which is not in the processing zone";

  it.each([
    ["processing", undefined],
    ["gateway", isElsewhere],
    ["elsewhere", isElsewhere],
  ] as const)("that an endpoint in %s leads to lets %s in", (where, what) => {
    const stack = offered("phi");
    const id = endpoint(stack, where, { serviceName: `${stack.id("service")}.serviceName` });
    expect(refusals(stack)).toEqual(
      what === undefined ? [] : [joined("open", "endpoint", `${what}, leads to its service`)],
    );
    expect(refusals(accepter(stack, id))).toEqual(
      what === undefined
        ? []
        : [
            joined("open", "accepter", `its service accepts ${what}`),
            joined("open", "endpoint", `${what}, leads to its service`),
          ],
    );
  });

  it("accepts no endpoint that is in processing and elsewhere as well", () => {
    const alsoIn = (subnet: (stack: Sketch) => string): readonly string[] => {
      const stack = offered("phi");
      endpoint(stack, "processing", { serviceName: `${stack.id("service")}.serviceName` });
      return refusals(
        amend(stack, "endpoint", { subnetIds: [stack.id("processing-subnet"), subnet(stack)] }),
      );
    };
    const refused = joined("open", "endpoint", `${isElsewhere}, leads to its service`);
    expect(alsoIn((stack) => stack.id("gateway-subnet"))).toContain(refused);
    expect(
      alsoIn((stack) =>
        stack.add("aws:ec2/subnet:Subnet", "plain-subnet", {
          vpcId: stack.id("vpc"),
          cidrBlock: "10.0.8.0/24",
        }),
      ),
    ).toContain(refused);
  });

  it("accepts no endpoint that has no subnet and is in no zone", () => {
    const stack = offered("phi");
    endpoint(stack, "elsewhere", {
      serviceName: `${stack.id("service")}.serviceName`,
      subnetIds: undefined,
      securityGroupIds: undefined,
    });
    expect(refusals(stack)).toEqual([joined("open", "endpoint", `${isElsewhere}, leads to its service`)]);
  });

  it("accepts no endpoint that is not known", () => {
    const unknownEndpoint = [
      joined("undetermined", "accepter", "its service accepts an endpoint that is not in the stack"),
    ];
    expect(refusals(accepter(offered("phi"), "vpce-0123456789abcdef0"))).toEqual(unknownEndpoint);
    expect(refusals(accepter(offered("phi"), unknownText))).toEqual(unknownEndpoint);
    expect(refusals(accepter(offered("phi"), "vpce-0123456789abcdef0", unknownText))).toEqual(
      unknownEndpoint,
    );
    expect(refusals(accepter(offered("gateway"), "vpce-0123456789abcdef0"))).toEqual([]);
  });

  it("lets nobody in by telling who joins it", () => {
    const stack = offered("phi");
    stack.add("aws:ec2/vpcEndpointConnectionNotification:VpcEndpointConnectionNotification", "told", {
      vpcEndpointServiceId: stack.id("service"),
      connectionNotificationArn: `arn:aws:sns:us-east-1:${ownAccount}:joined`,
      connectionEvents: ["Connect"],
    });
    expect(refusals(stack)).toEqual([]);
  });

  it("may let anybody of an account in where nothing shows which account is the stack's", () => {
    const named = offered("phi", { allowedPrincipals: [rootOf(ownAccount)] });
    const withoutAccount = refusals(named, (resources) =>
      resources.map((resource) => ({ ...resource, providerInputs: { region: "us-east-1" } })),
    );
    expect(withoutAccount).toEqual([
      joined("undetermined", "service", `${rootOf(ownAccount)} may join its service`),
    ]);
  });
});
