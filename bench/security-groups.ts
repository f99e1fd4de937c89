import { noOptions, type RegisteredResource } from "../preview/registered-resource";

/** A rule of a security group that lets connections out. */
interface EgressRule {
  readonly protocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrBlocks?: readonly string[];
  readonly ipv6CidrBlocks?: readonly string[];
  readonly self?: boolean;
}

/** A way to write a group that is open to the Internet, or one that is not. */
interface Form {
  readonly text: string;
  readonly isOpen: boolean;
  readonly egress: readonly EgressRule[];
}

const everything = { protocol: "-1", fromPort: 0, toPort: 0 };
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const subnet = "10.0.1.0/24";

const openForms: readonly Form[] = [
  {
    text: "any protocol to 0.0.0.0/0",
    isOpen: true,
    egress: [{ ...everything, cidrBlocks: ["0.0.0.0/0"] }],
  },
  { text: "any protocol to ::/0", isOpen: true, egress: [{ ...everything, ipv6CidrBlocks: ["::/0"] }] },
  { text: "TCP 443 to 0.0.0.0/0", isOpen: true, egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }] },
  {
    text: "TCP 443 to 0.0.0.0/1 and 128.0.0.0/1",
    isOpen: true,
    egress: [{ ...https, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }],
  },
];

const closedForms: readonly Form[] = [
  { text: "no rule", isOpen: false, egress: [] },
  { text: "TCP 443 to the zone's own subnet", isOpen: false, egress: [{ ...https, cidrBlocks: [subnet] }] },
  { text: "any protocol to itself", isOpen: false, egress: [{ ...everything, self: true }] },
];

/** A security group of the comparison. */
export interface Group extends Form {
  readonly name: string;
}

/** A security group of each form in turn, a tenth of them open. */
export function securityGroups(count: number): readonly Group[] {
  return Array.from({ length: count }, (_, index): Group => {
    const isOpen = index % 10 === 0;
    const forms = isOpen ? openForms : closedForms;
    const turn = isOpen ? index / 10 : index - Math.ceil(index / 10);
    const form = forms[turn % forms.length];
    if (form === undefined) {
      throw new Error("no forms");
    }
    return { ...form, name: `group-${String(index)}` };
  });
}

const tags = { "bulkhead-zone": "phi" };
const description = "Filter of the zone that holds PHI";

/** The groups in a PHI zone, with the network that they need to be there, as the engine shows them to a policy pack. */
export function groupStack(groups: readonly Group[]): readonly RegisteredResource[] {
  const resource = (
    type: string,
    name: string,
    inputs: Readonly<Record<string, unknown>>,
  ): RegisteredResource => ({
    urn: `urn:pulumi:bench::bench::${type}::${name}`,
    type,
    name,
    isCustom: true,
    parent: undefined,
    inputs,
    outputs: { ...inputs, id: `${name}-id` },
    options: noOptions,
    dependencies: [],
    propertyDependencies: {},
    provider: {
      urn: "urn:pulumi:bench::bench::pulumi:providers:aws::default",
      type: "pulumi:providers:aws",
      name: "default",
      inputs: { region: "us-east-1" },
    },
  });
  return [
    resource("aws:ec2/vpc:Vpc", "network", { cidrBlock: "10.0.0.0/16" }),
    resource("aws:ec2/subnet:Subnet", "phi", {
      vpcId: "network-id",
      cidrBlock: subnet,
      mapPublicIpOnLaunch: false,
      tags,
    }),
    resource("aws:ec2/routeTable:RouteTable", "phi", { vpcId: "network-id", tags }),
    resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "phi", {
      subnetId: "phi-id",
      routeTableId: "phi-id",
    }),
    ...groups.map(({ name, egress }) =>
      resource("aws:ec2/securityGroup:SecurityGroup", name, {
        name,
        description,
        vpcId: "network-id",
        egress: egress.map((rule) => ({ ...rule, description })),
        tags,
      }),
    ),
  ];
}

function terraformBlock(head: string, body: readonly string[]): string {
  return [`${head} {`, ...body.map((line) => `  ${line.replaceAll("\n", "\n  ")}`), "}"].join("\n");
}

/** The same stack in the language of Terraform. */
export function terraformOf(groups: readonly Group[]): string {
  const tagLine = `tags = { "bulkhead-zone" = "phi" }`;
  const blocks = [
    terraformBlock(`resource "aws_vpc" "network"`, [`cidr_block = "10.0.0.0/16"`]),
    terraformBlock(`resource "aws_subnet" "phi"`, [
      "vpc_id = aws_vpc.network.id",
      `cidr_block = "${subnet}"`,
      "map_public_ip_on_launch = false",
      tagLine,
    ]),
    terraformBlock(`resource "aws_route_table" "phi"`, ["vpc_id = aws_vpc.network.id", tagLine]),
    terraformBlock(`resource "aws_route_table_association" "phi"`, [
      "subnet_id = aws_subnet.phi.id",
      "route_table_id = aws_route_table.phi.id",
    ]),
    ...groups.map(({ name, egress }) =>
      terraformBlock(`resource "aws_security_group" "${name}"`, [
        `name = "${name}"`,
        `description = "${description}"`,
        "vpc_id = aws_vpc.network.id",
        tagLine,
        ...egress.map(({ protocol, fromPort, toPort, cidrBlocks, ipv6CidrBlocks, self }) =>
          terraformBlock("egress", [
            `description = "${description}"`,
            `protocol = "${protocol}"`,
            `from_port = ${String(fromPort)}`,
            `to_port = ${String(toPort)}`,
            ...(cidrBlocks === undefined ? [] : [`cidr_blocks = ${JSON.stringify(cidrBlocks)}`]),
            ...(ipv6CidrBlocks === undefined ? [] : [`ipv6_cidr_blocks = ${JSON.stringify(ipv6CidrBlocks)}`]),
            ...(self === true ? ["self = true"] : []),
          ]),
        ),
      ]),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}
