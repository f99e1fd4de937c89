import { Sketch, type Knowledge } from "../stack-sketch";

/**
 * A row of a checklist as two small stacks of a stranger's, each the {@link base} with something added or changed.
 *
 * Cases are written from the checklist, by somebody who has not read the rule: what they say is what a user would expect.
 */
export interface CorpusCase {
  /**
   * The row: `AE-01` to `AE-41` and `AM-01` to `AM-16`, or `must-1` to `must-7` for what must exist; on Azure `ZE-01` to
   * `ZE-36`, `ZM-01` to `ZM-13`, and `must-1` to `must-10`; `inspection` for what looks at the way out of processing.
   */
  readonly id: string;
  /** What the case adds, in a few words; unlike that of every other case. */
  readonly name: string;
  /** Whether the bad stack is refused, or accepted with advice: what is missing and opens no layer is advice alone. */
  readonly expected: "refused" | "advised";
  /** What both stacks start from; where absent, the base of the row's cloud. */
  readonly base?: (knowledge: Knowledge) => Sketch;
  readonly bad: (stack: Sketch) => unknown;
  /** The nearest stack that is right: it is accepted, and no advice of the bad one's is given. */
  readonly good: (stack: Sketch) => unknown;
}

/** What calls itself part of a zone. */
export function inZone(zone: "gateway" | "processing" | "phi"): { readonly "bulkhead-zone": string } {
  return { "bulkhead-zone": zone };
}

/**
 * A stack that is right, and knows nothing of our components: a VPC without names (no DNS), a subnet, a route table and
 * a security group in each zone, closed but for the flows that any stack may have, each on TCP 443. Only the gateway
 * has a way to the Internet.
 *
 * Names: `vpc`, `gateway-`, `processing-` and `phi-` each with `subnet`, `routes`, `association` and `group`,
 * `internet-gateway`, `gateway-default-route`.
 */
export function base(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const vpc = stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16", enableDnsSupport: false });
  const zones = ["gateway", "processing", "phi"] as const;
  zones.forEach((zone, index) => {
    const tags = inZone(zone);
    const subnet = stack.add("aws:ec2/subnet:Subnet", `${zone}-subnet`, {
      vpcId: vpc,
      cidrBlock: `10.0.${String(index + 1)}.0/24`,
      tags,
    });
    const routes = stack.add("aws:ec2/routeTable:RouteTable", `${zone}-routes`, { vpcId: vpc, tags });
    stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", `${zone}-association`, {
      subnetId: subnet,
      routeTableId: routes,
    });
    stack.add("aws:ec2/securityGroup:SecurityGroup", `${zone}-group`, { vpcId: vpc, tags });
  });
  const gateway = stack.add("aws:ec2/internetGateway:InternetGateway", "internet-gateway", { vpcId: vpc });
  stack.add("aws:ec2/route:Route", "gateway-default-route", {
    routeTableId: stack.id("gateway-routes"),
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: gateway,
  });
  const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
  const rule = (
    direction: "Ingress" | "Egress",
    name: string,
    zone: string,
    remote: Readonly<Record<string, unknown>>,
  ): void => {
    stack.add(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, name, {
      securityGroupId: stack.id(`${zone}-group`),
      ...https,
      ...remote,
    });
  };
  const group = (zone: string): Readonly<Record<string, unknown>> => ({
    referencedSecurityGroupId: stack.id(`${zone}-group`),
  });
  rule("Ingress", "gateway-from-world", "gateway", { cidrIpv4: "0.0.0.0/0" });
  for (const [from, to] of [
    ["gateway", "processing"],
    ["processing", "processing"],
    ["processing", "phi"],
  ] as const) {
    rule("Egress", `${from}-to-${to}`, from, group(to));
    rule("Ingress", `${to}-from-${from}`, to, group(from));
  }
  return stack;
}
