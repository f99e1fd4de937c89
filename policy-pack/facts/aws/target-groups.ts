import type { Transport } from "../../../model/flow";

import { integerOf, memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type { Blind } from "../fact";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { labelOf, types, type AwsStack } from "./aws-stack";
import { placeIn, type Place } from "../place";

/** What forwards to a target group. */
export interface Front {
  readonly label: string;
  /** Where it is; `undefined` if in no zone. */
  readonly place: Place | undefined;
  /** Whether it ends TLS, so that what it forwards is readable unless it is encrypted again. */
  readonly endsTls: "yes" | "no" | "not known";
}

/** What is read of target groups. */
export interface TargetGroupFacts extends HopFacts {
  readonly blind: readonly Blind[];
}

/** A protocol's name as AWS writes it; providers take it in any case. */
export function protocolOf(read: Reading<unknown>): Reading<string> {
  const text = textOf(read);
  return text.kind === "known" ? { kind: "known", value: text.value.toUpperCase() } : text;
}

type Mapping = Reading<Readonly<Record<string, unknown>>>;

const plain = "its targets get what they are sent in plain text";

/** The health check that the program sets. What the cloud makes of one that it does not stands among the outputs. */
function healthCheckOf(graph: StackGraph, node: Node): Mapping {
  const isSet = node.inputs === undefined || reading(node.inputs["healthCheck"]).kind !== "absent";
  return isSet ? recordOf(graph.read(node, "healthCheck")) : { kind: "absent" };
}

/** Whether the load balancer asks for the targets' health on the port of the traffic. */
function probesTraffic(graph: StackGraph, node: Node, check: Mapping): "yes" | "no" | "not known" {
  const port = memberReading(check, "port");
  if (port.kind === "absent" || (port.kind === "known" && port.value === "traffic-port")) {
    return "yes";
  }
  const probed = integerOf(port);
  const own = integerOf(graph.read(node, "port"));
  if (probed.kind !== "known" || own.kind !== "known") {
    return "not known";
  }
  return probed.value === own.value ? "yes" : "no";
}

function judgeHealthCheck(graph: StackGraph, node: Node, acceptor: Acceptor, isHttps: boolean): void {
  const check = healthCheckOf(graph, node);
  const protocol = protocolOf(memberReading(check, "protocol"));
  const remedy = 'Set healthCheck.protocol to "HTTPS", or to "TCP" for a network load balancer.';
  const what = "its health check speaks plain HTTP on the port of the traffic";
  switch (protocol.kind) {
    case "absent":
      if (isHttps) {
        acceptor.fault({ what: "its health check names no protocol, and so asks in plain HTTP", remedy });
      }
      break;
    case "unknown":
      acceptor.fault({ what, remedy, assumption: "`healthCheck.protocol` is not known" });
      break;
    case "known": {
      const probes = protocol.value === "HTTP" ? probesTraffic(graph, node, check) : "no";
      if (probes !== "no") {
        acceptor.fault({
          what,
          remedy,
          assumption: probes === "yes" ? undefined : "`port` or `healthCheck.port` is not known",
        });
      }
    }
  }
}

/** Target groups, as whatever forwards to them makes of them. */
export function targetGroupHops(
  stack: AwsStack,
  fronts: ReadonlyMap<string, readonly Front[]>,
): TargetGroupFacts {
  const { graph, zones } = stack;
  const found: HopFacts[] = [];
  const blind: Blind[] = [];
  for (const node of graph.ofType(...types.targetGroup)) {
    const forwarding = fronts.get(node.urn) ?? [];
    for (const { label, place } of forwarding) {
      zones.inherit(node.urn, place?.zone, `${label}, which forwards to it`);
    }
    const place = placeIn(
      zones.of(node.urn),
      forwarding.map((front) => front.place?.assumption).find((assumption) => assumption !== undefined),
    );
    if (place !== undefined) {
      const acceptor = new Acceptor(stack, node, place);
      judgeTargetGroup(graph, node, acceptor, forwarding);
      found.push(acceptor.facts());
      if (place.zone === "phi" && callsFunction(graph, node)) {
        blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: place.zone,
          what: "It hands what it gets to a function, by a call that passes no filter, and where the function runs is not known.",
          remedy: "Forward to targets in the PHI zone's subnets.",
        });
      }
    }
  }
  return { ...allHops(...found), blind };
}

function callsFunction(graph: StackGraph, node: Node): boolean {
  const kind = textOf(graph.read(node, "targetType"));
  return kind.kind === "known" && kind.value === "lambda";
}

function judgeTargetGroup(
  graph: StackGraph,
  node: Node,
  acceptor: Acceptor,
  forwarding: readonly Front[],
): void {
  const hop = (transport: Transport | undefined): void => {
    for (const { label } of forwarding) {
      acceptor.hop(`${label} and ${acceptor.label}`, transport);
    }
  };
  const remedy =
    'Set protocol to "HTTPS", or to "TLS" for a network load balancer, and let the targets end TLS.';
  const protocol = protocolOf(graph.read(node, "protocol"));
  const kind = textOf(graph.read(node, "targetType"));
  if (kind.kind === "known" && kind.value === "lambda") {
    hop("provider-tls+iam");
  } else if (protocol.kind === "known" && protocol.value === "GENEVE") {
    // An appliance sees packets as they pass, and ends no connection.
  } else if (protocol.kind === "known" && protocol.value === "TCP") {
    const front =
      forwarding.find(({ endsTls }) => endsTls === "yes") ??
      forwarding.find(({ endsTls }) => endsTls === "not known");
    if (front !== undefined) {
      acceptor.fault({
        what: `${front.label} ends TLS, and sends what it decrypts on to the targets in plain text`,
        remedy,
        assumption:
          front.endsTls === "yes"
            ? undefined
            : `whether ${front.label} ends TLS, or passes it on, is not known`,
        needsOthers: true,
      });
    }
    hop(undefined);
    judgeHealthCheck(graph, node, acceptor, false);
  } else if (protocol.kind === "absent" && kind.kind === "unknown") {
    acceptor.fault({ what: plain, remedy, assumption: "`targetType` is not known" });
    hop(undefined);
  } else {
    const isTls = acceptor.requires({
      key: "protocol",
      read: protocol,
      isRight: (value) => value === "HTTPS" || value === "TLS",
      absentIs: "wrong",
      what: plain,
      remedy,
    });
    hop(isTls ? "one-way-tls" : undefined);
    if (isTls) {
      judgeHealthCheck(graph, node, acceptor, protocol.kind === "known" && protocol.value === "HTTPS");
    }
  }
}
