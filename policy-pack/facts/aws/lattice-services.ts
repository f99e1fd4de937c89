import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind } from "../fact";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { labelOf, type AwsStack } from "./aws-stack";
import { placeIn } from "../place";
import { protocolOf, type TargetGroupFacts } from "./target-groups";

const serviceTypes = ["aws:vpclattice:service"] as const;
const networkTypes = ["aws:vpclattice:servicenetwork"] as const;
const listenerTypes = ["aws:vpclattice:listener"] as const;
const groupTypes = ["aws:vpclattice:targetgroup"] as const;

/** Types of VPC Lattice of which facts are drawn: what accepts calls. What carries packets out of a network is not among them. */
export const latticeTypes = [
  ...serviceTypes,
  ...networkTypes,
  ...listenerTypes,
  ...groupTypes,
  "aws:vpclattice:listenerrule",
  "aws:vpclattice:authpolicy",
] as const;

/** What VPC Lattice accepts for services, and how it sends it on. */
export function latticeHops(stack: AwsStack): TargetGroupFacts {
  const { graph, zones } = stack;
  const found: HopFacts[] = [];
  const blind: Blind[] = [];
  const accept = (node: Node, assumption: string | undefined): Acceptor | undefined => {
    const place = placeIn(zones.of(node.urn), assumption);
    return place === undefined ? undefined : new Acceptor(stack, node, place);
  };
  /** Gives to a resource the zone of what it belongs to; why it may be of another, where it may. */
  const inherit = (node: Node, owners: readonly Referent[], what: string): string | undefined => {
    for (const owner of owners) {
      if (owner.kind === "resource") {
        zones.inherit(node.urn, zones.of(owner.node.urn), `its ${what} ${labelOf(owner.node)}`);
      }
    }
    return owners.length > 0 && owners.every(({ kind }) => kind === "resource")
      ? undefined
      : `which ${what} ${labelOf(node)} is of, and so in which zone it is, is not known`;
  };
  for (const node of graph.ofType("aws:vpclattice:servicenetworkserviceassociation")) {
    const networks = graph.referents(node, "serviceNetworkIdentifier", networkTypes);
    for (const service of graph.referents(node, "serviceIdentifier", serviceTypes)) {
      if (service.kind === "resource") {
        inherit(service.node, networks, "service network");
      }
    }
  }

  const policed = new Set(
    graph
      .ofType("aws:vpclattice:authpolicy")
      .flatMap((node) => graph.referents(node, "resourceIdentifier", [...serviceTypes, ...networkTypes]))
      .flatMap((referent) => (referent.kind === "resource" ? [referent.node] : [])),
  );
  for (const node of graph.ofType(...serviceTypes, ...networkTypes)) {
    const acceptor = accept(node, undefined);
    if (acceptor !== undefined) {
      acceptor.requires({
        key: "authType",
        read: textOf(graph.read(node, "authType")),
        isRight: (value) => value === "AWS_IAM",
        absentIs: "wrong",
        what: "it takes calls of whoever reaches it, and asks nobody who he is",
        remedy: 'Set authType to "AWS_IAM", and add an AuthPolicy.',
      });
      if (!policed.has(node)) {
        // Without a policy it refuses every call (VPC Lattice user guide, "Control access to VPC Lattice services using auth policies").
        acceptor.fault({
          what: "no AuthPolicy of the stack says whose calls it takes",
          remedy: "Add an AuthPolicy that names who may call.",
          refusedOn: "our platform",
        });
      }
      found.push(acceptor.facts());
    }
  }

  const forwarded = new Map<string, { readonly node: Node; readonly assumption: string | undefined }[]>();
  const forwards = (
    node: Node,
    key: string,
    forward: Reading<unknown>,
    assumption: string | undefined,
  ): void => {
    for (const group of itemsOf(memberReading(recordOf(forward), "targetGroups"))) {
      const id = memberReading(recordOf(group), "targetGroupIdentifier");
      for (const target of graph.referentsOf(node, key, id, groupTypes)) {
        if (target.kind === "resource") {
          const others = forwarded.get(target.node.urn) ?? [];
          forwarded.set(target.node.urn, [...others, { node, assumption }]);
        }
      }
    }
  };

  for (const node of graph.ofType(...listenerTypes)) {
    const byIdentifier = graph.referents(node, "serviceIdentifier", serviceTypes);
    const assumption = inherit(
      node,
      byIdentifier.length > 0 ? byIdentifier : graph.referents(node, "serviceArn", serviceTypes),
      "service",
    );
    for (const forward of itemsOf(memberReading(recordOf(graph.read(node, "defaultAction")), "forwards"))) {
      forwards(node, "defaultAction", forward, assumption);
    }
    const acceptor = accept(node, assumption);
    if (acceptor !== undefined) {
      const passesThrough = acceptor.requires({
        key: "protocol",
        read: protocolOf(graph.read(node, "protocol")),
        isRight: (value) => value === "TLS_PASSTHROUGH",
        absentIs: "wrong",
        what: "it ends connections itself, in plain text or in TLS 1.2, and asks no client for a certificate",
        remedy:
          'Set protocol to "TLS_PASSTHROUGH", and let the targets end TLS 1.3 and ask for certificates.',
      });
      if (passesThrough) {
        acceptor.fault({
          what: "it passes TLS through, and nothing shows whether its targets ask clients for a certificate",
          remedy: "Let the targets verify certificates; no resource of AWS's shows that they do.",
          refusedOn: "our platform",
        });
      }
      acceptor.hop(`clients and ${acceptor.label}`, passesThrough ? "one-way-tls" : undefined);
      found.push(acceptor.facts());
    }
  }
  for (const node of graph.ofType("aws:vpclattice:listenerrule")) {
    const assumption = inherit(node, graph.referents(node, "listenerIdentifier", listenerTypes), "listener");
    forwards(node, "action", memberReading(recordOf(graph.read(node, "action")), "forward"), assumption);
  }

  for (const node of graph.ofType(...groupTypes)) {
    const fronts = forwarded.get(node.urn) ?? [];
    for (const front of fronts) {
      zones.inherit(node.urn, zones.of(front.node.urn), `${labelOf(front.node)}, which forwards to it`);
    }
    const acceptor = accept(
      node,
      fronts.map(({ assumption }) => assumption).find((assumption) => assumption !== undefined),
    );
    if (acceptor !== undefined) {
      const kind = textOf(graph.read(node, "type"));
      const isFunction = kind.kind === "known" && kind.value === "LAMBDA";
      if (isFunction && zones.of(node.urn) === "phi") {
        blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: "phi",
          what: "It hands what it gets to a function, by a call that passes no filter, and where the function runs is not known.",
          remedy: "Forward to targets in the PHI zone's subnets.",
        });
      }
      const isEncrypted =
        isFunction ||
        acceptor.requires({
          key: "config.protocol",
          read: protocolOf(memberReading(recordOf(graph.read(node, "config")), "protocol")),
          isRight: (value) => value === "HTTPS" || value === "TCP",
          absentIs: "wrong",
          what: "its targets get what they are sent in plain text",
          remedy: 'Set config.protocol to "TCP" behind a listener that passes TLS through, or to "HTTPS".',
        });
      for (const front of fronts) {
        acceptor.hop(
          `${labelOf(front.node)} and ${acceptor.label}`,
          isFunction ? "provider-tls+iam" : isEncrypted ? "one-way-tls" : undefined,
        );
      }
      found.push(acceptor.facts());
    }
  }
  return { ...allHops(...found), blind };
}
