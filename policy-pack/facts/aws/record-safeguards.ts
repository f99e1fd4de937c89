import { minimumRetentionDays } from "../../../model/audit-policy";

import type { Evidence } from "../../finding";
import { flagOf, integerOf, memberReading, recordOf, textOf } from "../../reading";
import { bucketTypes, type Node } from "../../stack-graph";
import type { Safeguard } from "../safeguard";

import type { AuditTrail } from "./audit";
import { labelOf, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import { programRecords } from "./program-records";
import type { Subnets } from "./subnets";
import { zonedNetworks } from "./zoned-networks";

/** @param of what it is of, by its label. Only what is itself in order is evidence. */
function evidenceOf(node: Node, of?: string): Evidence {
  return { urn: node.urn, label: `${labelOf(node)}${of === undefined ? "" : ` of ${of}`}` };
}

function isTrue(stack: AwsStack, node: Node, key: string, member?: string): boolean {
  const value = stack.graph.read(node, key);
  const flag = flagOf(member === undefined ? value : memberReading(recordOf(value), member));
  return flag.kind === "known" && flag.value;
}

/** Flow logs that leave nothing out, of zoned networks or their subnets. */
function flows(stack: AwsStack, networks: Networks, subnets: Subnets): readonly Safeguard[] {
  const { graph } = stack;
  const whole = graph.ofType("aws:ec2:flowlog").filter((node) => {
    const traffic = textOf(graph.read(node, "trafficType"));
    return traffic.kind === "known" && traffic.value === "ALL";
  });
  return whole.flatMap((node) => [
    ...zonedNetworks(networks, subnets)
      .filter((network) => network.isInStack && networks.isOf(node, "vpcId", network))
      .map(({ label }): Safeguard => ({
        zone: undefined,
        what: "a flow log records what the network accepts and what it rejects (trafficType ALL)",
        evidence: [evidenceOf(node, label)],
      })),
    ...subnets.all
      .filter((subnet) => subnet.zone !== undefined && subnets.isOf(node, "subnetId", subnet))
      .map(({ label }): Safeguard => ({
        zone: undefined,
        what: "a flow log records what the subnet accepts and what it rejects (trafficType ALL)",
        evidence: [evidenceOf(node, label)],
      })),
  ]);
}

/** Networks whose queries a configuration of the stack records. */
function queries(stack: AwsStack, networks: Networks, subnets: Subnets): readonly Safeguard[] {
  const { graph } = stack;
  return graph.ofType("aws:route53:resolverquerylogconfigassociation").flatMap((node) => {
    const configurations = graph
      .referents(node, "resolverQueryLogConfigId", ["aws:route53:resolverquerylogconfig"])
      .flatMap((referent) =>
        referent.kind === "resource" && !referent.assumed ? [evidenceOf(referent.node)] : [],
      );
    return configurations.length === 0
      ? []
      : zonedNetworks(networks, subnets)
          .filter((network) => network.isInStack && networks.isOf(node, "resourceId", network))
          .map(({ label }): Safeguard => ({
            zone: undefined,
            what: "queries for names in the network are recorded",
            evidence: [evidenceOf(node, label), ...configurations],
          }));
  });
}

/** What of a log group is known to keep its records. */
function groups(stack: AwsStack, audit: AuditTrail): readonly Safeguard[] {
  const { graph } = stack;
  return audit.recordGroups().flatMap((node): readonly Safeguard[] => {
    const days = integerOf(graph.read(node, "retentionInDays"));
    const isForEver = days.kind === "absent" || (days.kind === "known" && days.value === 0);
    const kept = isForEver
      ? "for ever"
      : days.kind === "known" && days.value >= minimumRetentionDays
        ? `for ${String(days.value)} days`
        : undefined;
    return kept === undefined || !isTrue(stack, node, "deletionProtectionEnabled")
      ? []
      : [
          {
            zone: undefined,
            what: `a log group keeps its records ${kept}, and is protected from deletion`,
            evidence: [evidenceOf(node)],
          },
        ];
  });
}

/** The keys of the stack that encrypt log groups and trails. */
function keys(stack: AwsStack, audit: AuditTrail): readonly Safeguard[] {
  const { graph } = stack;
  return [...audit.recordGroups(), ...graph.ofType("aws:cloudtrail:trail")].flatMap((node) =>
    graph.referents(node, "kmsKeyId", ["aws:kms:key"]).flatMap((key): readonly Safeguard[] =>
      key.kind === "resource" && !key.assumed
        ? [
            {
              zone: undefined,
              what: "records are encrypted with a key of the stack",
              evidence: [evidenceOf(node), evidenceOf(key.node)],
            },
          ]
        : [],
    ),
  );
}

function trails(stack: AwsStack, audit: AuditTrail): readonly Safeguard[] {
  const { graph, zones, platforms } = stack;
  const all = graph.ofType("aws:cloudtrail:trail");
  const whole = all.filter((node) => audit.trailProblems(node).length === 0);
  const stores = graph
    .ofType(...bucketTypes, "aws:opensearch:serverlesscollection")
    .filter(({ urn }) => zones.of(urn) === "phi");
  const kept =
    platforms.size === 0 ? "" : ", into a bucket of the stack in which nobody deletes them before their time";
  return [
    ...whole.map((node): Safeguard => ({
      zone: undefined,
      what: `a trail records the calls that manage something, of every region, in files whose changes show${kept}`,
      evidence: [evidenceOf(node)],
    })),
    ...stores.flatMap((store) =>
      all
        .filter((trail) => audit.recordsData(trail, store))
        .map((trail): Safeguard => ({
          zone: "phi",
          what: "a trail records who reads and writes in the store",
          evidence: [evidenceOf(store), evidenceOf(trail)],
        })),
    ),
  ];
}

function balancers(stack: AwsStack): readonly Safeguard[] {
  const { graph, zones } = stack;
  return graph
    .ofType("aws:lb:loadbalancer")
    .filter(
      (node) =>
        zones.of(node.urn) !== undefined &&
        ["accessLogs", "connectionLogs"].every((key) => isTrue(stack, node, key, "enabled")),
    )
    .map((node) => ({
      zone: zones.of(node.urn),
      what: "a load balancer writes access and connection logs",
      evidence: [evidenceOf(node)],
    }));
}

/** Programs of which a copy of all that they record is kept where nobody deletes it. */
function copies(stack: AwsStack): readonly Safeguard[] {
  return programRecords(stack)
    .filter(({ problems }) => problems.length === 0)
    .map(({ node, kept }) => ({
      zone: stack.zones.of(node.urn),
      what: "all that the program records is copied to a bucket in which nobody deletes it before its time",
      evidence: [node, ...kept].map((one) => evidenceOf(one)),
    }));
}

/** What is recorded, and what shows that records are kept. */
export function keptRecords(
  stack: AwsStack,
  networks: Networks,
  subnets: Subnets,
  audit: AuditTrail,
): readonly Safeguard[] {
  return [
    ...flows(stack, networks, subnets),
    ...queries(stack, networks, subnets),
    ...groups(stack, audit),
    ...keys(stack, audit),
    ...trails(stack, audit),
    ...balancers(stack),
    ...copies(stack),
  ];
}
