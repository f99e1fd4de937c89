import { flagOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { NetworkInterface, PublicName, ServedPeer, StoreAdmission } from "../fact";

import { own } from "./accounts";
import { canonical, labelOf, perimeterOf, platformOf, types, type AwsStack } from "./aws-stack";
import { callersLetIn } from "./callers-let-in";
import { serviceBehind, servicesOf } from "./endpoint-services";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

/** The peers to which an endpoint leads: what its own tag says, and whose filters are in force on it. */
export function peersOf(
  stack: AwsStack,
  node: Node,
  interfaces: readonly NetworkInterface[],
): readonly string[] {
  const filters = interfaces.find(({ urn }) => urn === node.urn)?.filters ?? [];
  const peers = [peerOf(stack.graph, node), ...filters.map(({ peer }) => peer)];
  return [...new Set(peers.filter((peer) => peer !== undefined))];
}

/** Whether what an endpoint leads to can be a peer: of platform services it is known which services of AWS they are. */
export function leadsTo(stack: AwsStack, endpoint: Node, peer: string): boolean {
  const behind = serviceBehind(stack, endpoint);
  const [kind, id = ""] = peer.split("/");
  const services =
    kind === "platform-service" ? (servicesOf as Record<string, readonly string[]>)[id] : undefined;
  return behind.kind === "of-aws" && (services === undefined || services.includes(behind.service));
}

/** Which peers of platforms are reached by private endpoints. */
export function servedPeers(stack: AwsStack, interfaces: readonly NetworkInterface[]): readonly ServedPeer[] {
  return stack.graph.ofType(...types.endpoint).flatMap((node) =>
    peersOf(stack, node, interfaces)
      .filter((peer) => leadsTo(stack, node, peer))
      .map((peer) => ({ platform: platformOf(stack, node), peer })),
  );
}

/** Whether a record of a private zone in the stack leads to an endpoint by the name that its clients ask for. */
export function hasPrivateRecord({ graph }: AwsStack, endpoint: Node): boolean {
  return graph.ofType("aws:route53:record").some((record) => {
    const zones = graph.referents(record, "zoneId", ["aws:route53:zone"]);
    const isPrivate = zones.some(
      (zone) => zone.kind === "resource" && graph.read(zone.node, "vpcs").kind !== "absent",
    );
    return isPrivate && (record.propertyDependencies["aliases"] ?? []).includes(endpoint.urn);
  });
}

/** Endpoints in zones whose service is still found by its public name, so that calls leave for that. */
export function publicServiceNames(stack: AwsStack): readonly PublicName[] {
  const { graph, zones } = stack;
  // Endpoints of OpenSearch Serverless bring a private zone of their own.
  return graph.ofType("aws:ec2:vpcendpoint").flatMap((node): readonly PublicName[] => {
    const zone = zones.of(node.urn);
    const hasNames = flagOf(graph.read(node, "privateDnsEnabled"));
    if (
      zone === undefined ||
      (hasNames.kind === "known" && hasNames.value) ||
      hasPrivateRecord(stack, node)
    ) {
      return [];
    }
    return [
      {
        urn: node.urn,
        label: labelOf(node),
        zone,
        platform: platformOf(stack, node),
        isStore: false,
        what: `${labelOf(node)} leads to its service, and nothing lets its clients find it by the service's name.`,
        assumption: hasNames.kind === "unknown" ? "`privateDnsEnabled` is not known" : undefined,
        remedy: "Set privateDnsEnabled to true, or add a record to a private zone of the network.",
      },
    ];
  });
}

/** Whom the policies of the PHI zone's endpoints let through to its stores. */
export function endpointAdmissions(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
): readonly StoreAdmission[] {
  const { graph, zones } = stack;
  const separate = graph.ofType("aws:ec2:vpcendpointpolicy");
  return graph
    .ofType(...types.endpoint)
    .filter(({ urn }) => zones.of(urn) === "phi")
    .flatMap((endpoint) => {
      const stores = peersOf(stack, endpoint, interfaces);
      const holders = [
        endpoint,
        ...separate.filter((policy) =>
          graph
            .referents(policy, "vpcEndpointId", types.endpoint)
            .some((referent) => referent.kind === "resource" && referent.node === endpoint),
        ),
      ];
      return holders.flatMap((holder): readonly StoreAdmission[] => {
        const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
        if (policy.kind !== "known") {
          return []; // What cannot be read, or is not there, is found as an open policy.
        }
        const by = { endpoint: endpoint.urn };
        const uses = "the stack's account";
        const isLetThrough = (who: Parameters<typeof own>[1]["who"]): boolean =>
          admissions(policy.statements, own(perimeterOf(stack), { who, by, uses })).length > 0;
        return callersLetIn(stack, policy.statements, isLetThrough).map(({ peer, label, remark }) => ({
          urn: holder.urn,
          label: labelOf(holder),
          zone: "phi",
          platform: platformOf(stack, endpoint),
          stores,
          who: peer,
          what: `${labelOf(endpoint)} lets ${label}${remark === undefined ? "" : `, ${remark},`} through.`,
          assumption: undefined,
        }));
      });
    });
}
