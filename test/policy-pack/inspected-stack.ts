import { Sketch, type Knowledge } from "./stack-sketch";

const tokens = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:ec2/routeTable:RouteTable",
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  route: "aws:ec2/route:Route",
  group: "aws:ec2/securityGroup:SecurityGroup",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  firewall: "aws:networkfirewall/firewall:Firewall",
  policy: "aws:networkfirewall/firewallPolicy:FirewallPolicy",
  ruleGroup: "aws:networkfirewall/ruleGroup:RuleGroup",
  endpointAssociation: "aws:networkfirewall/vpcEndpointAssociation:VpcEndpointAssociation",
} as const;

type Inputs = Readonly<Record<string, unknown>>;

/** What lets `processing` open TCP 443 to anywhere, in both families. */
const openEgress = [
  { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] },
  { protocol: "tcp", fromPort: 443, toPort: 443, ipv6CidrBlocks: ["::/0"] },
];

/** The policy of a firewall that hands every packet to its rules, and drops what none of them lets pass. */
export const inspectingPolicy: Inputs = {
  statelessDefaultActions: ["aws:forward_to_sfe"],
  statelessFragmentDefaultActions: ["aws:drop"],
  statefulEngineOptions: { ruleOrder: "STRICT_ORDER" },
  statefulDefaultActions: ["aws:drop_established"],
};

/**
 * A stack of somebody's: one VPC, one `processing` subnet whose group lets out TCP 443 to anywhere, a subnet for a
 * firewall and one for a NAT gateway that has a route to the Internet. Nothing leads there yet.
 */
export class InspectedStack extends Sketch {
  constructor(knowledge: Knowledge) {
    super(knowledge);
    const vpc = this.add(tokens.vpc, "vpc", { cidrBlock: "10.0.0.0/16" });
    this.add(tokens.internetGateway, "internet", { vpcId: vpc });
    this.subnet("app", "10.0.1.0/24", "processing");
    this.subnet("inspection", "10.0.2.0/24");
    this.subnet("public", "10.0.3.0/24");
    this.add(tokens.group, "app-group", {
      vpcId: vpc,
      tags: { "bulkhead-zone": "processing" },
      egress: openEgress,
    });
    this.add(tokens.natGateway, "nat", { subnetId: this.id("public") });
    this.route("public", { destinationCidrBlock: "0.0.0.0/0", gatewayId: this.id("internet") });
  }

  /** A subnet with a route table of its own. */
  subnet(name: string, cidrBlock: string, zone?: string, more: Inputs = {}): string {
    const subnetId = this.add(tokens.subnet, name, {
      vpcId: this.id("vpc"),
      cidrBlock,
      ...(zone === undefined ? {} : { tags: { "bulkhead-zone": zone } }),
      ...more,
    });
    const routeTableId = this.add(tokens.table, `${name}-routes`, { vpcId: this.id("vpc") });
    this.add(tokens.association, `${name}-association`, { subnetId, routeTableId });
    return subnetId;
  }

  /** A route of the table of a subnet; the second and later ones need a name. */
  route(subnet: string, inputs: Inputs, name = `${subnet}-default`): this {
    this.add(tokens.route, name, { routeTableId: this.id(`${subnet}-routes`), ...inputs });
    return this;
  }

  /** The way from the firewall's subnet to the Internet. */
  onward(): this {
    return this.route("inspection", { destinationCidrBlock: "0.0.0.0/0", natGatewayId: this.id("nat") });
  }

  /** Adds a resource with outputs that the cloud computes. */
  with(type: string, name: string, inputs: Inputs, made: Inputs): string {
    this.addRaw({
      urn: `urn:pulumi:test::bulkhead::${type}::${name}`,
      type,
      name,
      inputs,
      outputs: undefined,
      custom: true,
      parent: undefined,
      computed: ["arn"],
      made,
    });
    return Sketch.idOf(type, name);
  }

  /** A rule group, and its ARN. */
  ruleGroup(name: string, type: "STATEFUL" | "STATELESS", inputs: Inputs): string {
    return `${this.with(tokens.ruleGroup, name, { type, capacity: 10, ...inputs }, {})}.arn`;
  }

  /** A firewall in the subnet for one, and the id of its endpoint. */
  firewall(firewallPolicy: unknown, name = "firewall", subnet = "inspection"): string {
    const policy = this.with(tokens.policy, `${name}-policy`, { firewallPolicy }, {});
    return this.firewallOf(`${policy}.arn`, name, subnet);
  }

  /** A firewall with a policy of which the ARN is given. */
  firewallOf(firewallPolicyArn: unknown, name = "firewall", subnet = "inspection"): string {
    const endpoint = `${Sketch.idOf(tokens.firewall, name)}.endpoint`;
    this.with(
      tokens.firewall,
      name,
      { vpcId: this.id("vpc"), firewallPolicyArn, subnetMappings: [{ subnetId: this.id(subnet) }] },
      {
        firewallStatuses: [
          { syncStates: [{ attachments: [{ endpointId: endpoint, subnetId: this.id(subnet) }] }] },
        ],
      },
    );
    return endpoint;
  }

  /** Another endpoint of a firewall, and its id. */
  sharedEndpoint(firewall: string, subnet = "inspection"): string {
    const endpoint = `${Sketch.idOf(tokens.endpointAssociation, "shared")}.endpoint`;
    this.with(
      tokens.endpointAssociation,
      "shared",
      {
        vpcId: this.id("vpc"),
        firewallArn: `${this.id(firewall)}.arn`,
        subnetMapping: { subnetId: this.id(subnet) },
      },
      {
        vpcEndpointAssociationStatuses: [
          { associationSyncStates: [{ attachments: [{ endpointId: endpoint, subnetId: this.id(subnet) }] }] },
        ],
      },
    );
    return endpoint;
  }
}
