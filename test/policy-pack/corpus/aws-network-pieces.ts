import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A zone that a stranger's stack has. */
export type Zone = Parameters<typeof inZone>[0];

/** Something that is done to a stack. */
export type Change = (stack: Sketch) => unknown;

/** The token of a resource of the `aws` provider. */
export function aws(module: string, name: string): string {
  return `aws:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** The token of a resource of the `aws-native` provider, whose properties are those of CloudFormation. */
export function native(module: string, name: string): string {
  return `aws-native:${module}:${name}`;
}

/** The tag of a zone as `aws-native` has tags: a list of keys and values. */
export function nativeTags(zone: Zone): readonly Inputs[] {
  return Object.entries(inZone(zone)).map(([key, value]) => ({ key, value }));
}

/** A case whose bad stack is refused. */
export function pair(id: string, name: string, bad: Change, good: Change): CorpusCase {
  return { id, name, expected: "refused", bad, good };
}

/** The same addition, to the PHI zone and to the gateway. */
export function inPhiOrGateway(
  id: string,
  name: string,
  add: (stack: Sketch, zone: Zone) => unknown,
): CorpusCase {
  return pair(
    id,
    name,
    (stack) => add(stack, "phi"),
    (stack) => add(stack, "gateway"),
  );
}

/** The same addition, to a network of the PHI zone alone and to one of the gateway alone: see {@link ownNetwork}. */
export function inOwnNetwork(
  id: string,
  name: string,
  add: (stack: Sketch, network: string, zone: Zone) => unknown,
): CorpusCase {
  return inPhiOrGateway(id, name, (stack, zone) => add(stack, ownNetwork(stack, zone), zone));
}

/** Gives inputs to a resource in place of those it has. */
export function give(stack: Sketch, name: string, inputs: Inputs): unknown {
  return stack.change(name, (before) => ({ ...before, ...inputs }));
}

/** A network that one zone has to itself, closed: `own-vpc`, `own-subnet`, `own-routes`, `own-association`, `own-group`. */
export function ownNetwork(stack: Sketch, zone: Zone): string {
  const tags = inZone(zone);
  const cidrBlock = "10.9.0.0/16";
  const vpcId = stack.add(aws("ec2", "Vpc"), "own-vpc", { cidrBlock, enableDnsSupport: false, tags });
  const subnetId = stack.add(aws("ec2", "Subnet"), "own-subnet", { vpcId, cidrBlock: "10.9.3.0/24", tags });
  const routeTableId = stack.add(aws("ec2", "RouteTable"), "own-routes", { vpcId, tags });
  stack.add(aws("ec2", "RouteTableAssociation"), "own-association", { subnetId, routeTableId });
  stack.add(aws("ec2", "SecurityGroup"), "own-group", { vpcId, tags });
  return vpcId;
}

/** A security group that says no zone and has no rule. */
export function quietGroup(stack: Sketch): string {
  return stack.add(aws("ec2", "SecurityGroup"), "quiet-group", { vpcId: stack.id("vpc") });
}

/** A security group that says no zone and lets everything out. */
export function openGroup(stack: Sketch): string {
  const securityGroupId = stack.add(aws("ec2", "SecurityGroup"), "open-group", { vpcId: stack.id("vpc") });
  stack.add(aws("vpc", "SecurityGroupEgressRule"), "open-group-out", {
    securityGroupId,
    ipProtocol: "-1",
    cidrIpv4: "0.0.0.0/0",
  });
  return securityGroupId;
}

/** A prefix list of the customer's, with all it holds. */
export function prefixList(
  stack: Sketch,
  cidrs: readonly string[],
  addressFamily: "IPv4" | "IPv6" = "IPv4",
): string {
  return stack.add(aws("ec2", "ManagedPrefixList"), "list", {
    addressFamily,
    maxEntries: 10,
    entries: cidrs.map((cidr) => ({ cidr })),
  });
}

/** A network interface in a zone, with the zone's group. */
export function networkInterface(stack: Sketch, zone: Zone, inputs: Inputs = {}): string {
  return stack.add(aws("ec2", "NetworkInterface"), "interface", {
    subnetId: stack.id(`${zone}-subnet`),
    securityGroups: [stack.id(`${zone}-group`)],
    ...inputs,
  });
}

/** What an instance is made from. */
export const image: Inputs = { ami: "ami-0123456789abcdef0", instanceType: "m7g.large" };

/** An instance in a zone, with the zone's group. */
export function instance(stack: Sketch, zone: Zone, inputs: Inputs = {}): string {
  return stack.add(aws("ec2", "Instance"), "instance", {
    ...image,
    subnetId: stack.id(`${zone}-subnet`),
    vpcSecurityGroupIds: [stack.id(`${zone}-group`)],
    ...inputs,
  });
}

/** An Auto Scaling group in a zone: its instances come from a launch template or a launch configuration. */
export function scalingGroup(stack: Sketch, zone: Zone, from: Inputs): string {
  return stack.add(aws("autoscaling", "Group"), "scaling-group", {
    minSize: 1,
    maxSize: 1,
    vpcZoneIdentifiers: [stack.id(`${zone}-subnet`)],
    ...from,
  });
}

/** A launch template, and an Auto Scaling group in a zone that starts instances from it. */
export function launched(stack: Sketch, zone: Zone, inputs: Inputs): string {
  const id = stack.add(aws("ec2", "LaunchTemplate"), "template", {
    imageId: image["ami"],
    instanceType: image["instanceType"],
    ...inputs,
  });
  return scalingGroup(stack, zone, { launchTemplate: { id, version: "$Latest" } });
}

/** What an ECS service runs, and where. */
export const task: Inputs = {
  cluster: "arn:aws:ecs:us-east-1:111122223333:cluster/stranger",
  taskDefinition: "arn:aws:ecs:us-east-1:111122223333:task-definition/stranger:1",
  launchType: "FARGATE",
};
