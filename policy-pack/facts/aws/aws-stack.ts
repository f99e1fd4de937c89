import type { StackGraph } from "../../stack-graph";
import type { Zones } from "../../zones";

import type { Perimeter } from "./accounts";
import { roleOf } from "./roles";

/** What every part of the AWS facts is read from. */
export interface AwsStack {
  readonly graph: StackGraph;
  readonly zones: Zones;
  /** The names of the platforms that the stack declares, by the URN of their component. */
  readonly platforms: ReadonlyMap<string, string>;
  /** The account that the stack is in, where something shows it. */
  readonly account: string | undefined;
}

const accountId = /^\d{12}$/;

/** The one form of a text that stands for a resource of the stack, by its id, its ARN or its URN: the URN. */
export function canonical({ graph, account }: AwsStack): (text: string) => string {
  // Resources that are settings of an account have the account's id for theirs.
  return (text) =>
    accountId.test(text) ? text : ((graph.named(text) ?? roleOf(graph, account, text)?.node)?.urn ?? text);
}

/** Whether a text in its one form is an endpoint of the stack. */
export function isEndpoint({ graph }: AwsStack): (text: string) => boolean {
  return isOfType(graph, types.endpoint);
}

function isOfType(graph: StackGraph, wanted: readonly string[]): (text: string) => boolean {
  return (text) => {
    const type = graph.node(text)?.resourceType;
    return type !== undefined && wanted.includes(type);
  };
}

const perimeters = new WeakMap<AwsStack, Perimeter>();

/** What belongs to whoever owns the stack. Policies of a platform of ours name roles, and organisations never. */
export function perimeterOf(stack: AwsStack): Perimeter {
  const { graph, account, platforms } = stack;
  const perimeter = perimeters.get(stack) ?? {
    account,
    isOwnEndpoint: isEndpoint(stack),
    isOwnNetwork: isOfType(graph, types.network),
    trustsOrganizations: platforms.size === 0,
  };
  perimeters.set(stack, perimeter);
  return perimeter;
}

/** What is assumed of policies where nothing shows whose account the stack is in. */
export function accountAssumption({ account }: AwsStack): string | undefined {
  return account === undefined
    ? "nothing shows which account the stack is in, so that a named account may be another's (set `allowedAccountIds` of the provider)"
    : undefined;
}

export { labelOf } from "../label";
export { platformOf } from "../platform-of";

export const types = {
  network: ["aws:ec2:vpc", "aws:ec2:defaultvpc"],
  subnet: ["aws:ec2:subnet", "aws:ec2:defaultsubnet"],
  securityGroup: ["aws:ec2:securitygroup", "aws:ec2:defaultsecuritygroup"],
  networkAcl: ["aws:ec2:networkacl", "aws:ec2:defaultnetworkacl"],
  routeTable: ["aws:ec2:routetable", "aws:ec2:defaultroutetable"],
  endpoint: ["aws:ec2:vpcendpoint", "aws:opensearch:serverlessvpcendpoint"],
  endpointService: ["aws:ec2:vpcendpointservice"],
  prefixList: ["aws:ec2:managedprefixlist"],
  loadBalancer: ["aws:lb:loadbalancer"],
  listener: ["aws:lb:listener"],
  targetGroup: ["aws:lb:targetgroup"],
  trustStore: ["aws:lb:truststore"],
} as const satisfies Record<string, readonly string[]>;
