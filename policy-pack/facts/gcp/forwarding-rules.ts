import { flagOf, integerOf, itemsOf, mayBeTrue, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { everyPort, type Interval } from "../fact";

import type { GcpStack } from "./gcp-stack";
import { backendServiceTypes, type Front, type LoadBalancers } from "./load-balancers";
import { endTls, passingThrough } from "./proxies";

/** The ports on which something is reached. */
export interface Ports {
  readonly intervals: readonly Interval[];
  /** What is not known of them. */
  readonly assumption: string | undefined;
}

/** One port, or the first and the last of several: `443`, `443-445`. */
function interval(text: string): Interval | undefined {
  const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
  return from === undefined ? undefined : { from: Number(from), to: Number(to ?? from) + 1 };
}

function textual(read: Reading<unknown>): Reading<string> {
  const number = integerOf(read);
  return number.kind === "known" ? { kind: "known", value: String(number.value) } : textOf(read);
}

/** The ports on which a forwarding rule takes what comes; every one, so far as they are not known. */
export function portsOf(graph: StackGraph, rule: Node): Ports {
  const range = textual(graph.read(rule, "portRange"));
  const listed = itemsOf(graph.read(rule, "ports")).map(textual);
  const said = [...(range.kind === "absent" ? [] : [range]), ...listed];
  const intervals = said.flatMap((one) => (one.kind === "known" ? (interval(one.value) ?? []) : []));
  const isUnknown = intervals.length < said.length;
  const isEvery = said.length === 0 || isUnknown || mayBeTrue(flagOf(graph.read(rule, "allPorts")));
  return {
    intervals: isEvery ? [everyPort] : intervals,
    assumption: isUnknown ? "`portRange` or `ports` are not known" : undefined,
  };
}

function judge(stack: GcpStack, { node, targets, place }: Front, published: ReadonlySet<string>): HopFacts {
  if (place === undefined) {
    return allHops();
  }
  const { graph } = stack;
  const acceptor = new Acceptor(stack, node, place);
  const { intervals, assumption } = portsOf(graph, node);
  if (intervals.some(({ from, to }) => from <= 80 && to > 80)) {
    acceptor.fault({
      what: "it answers on port 80, where a client that is to be sent elsewhere has already said in plain text what it wants",
      remedy: 'Take the forwarding rule away, or set portRange to "443"; clients come to 443.',
      assumption,
    });
  }
  const other = targets.find(({ kind }) => kind !== "resource");
  if (other !== undefined || targets.length === 0) {
    acceptor.fault({
      what: "it leads to something that the stack does not show, perhaps in plain text",
      remedy: "Let its target be a TargetHttpsProxy of the stack.",
      assumption:
        other?.kind === "external"
          ? `what ${other.id} is, which is not in the stack`
          : "`target` is not known",
      needsOthers: true,
    });
  }
  const isPassing = targets.some(
    (target) =>
      target.kind === "resource" &&
      [...backendServiceTypes, "gcp:compute:targetinstance", "gcp:compute:targetpool"].includes(
        target.node.resourceType,
      ),
  );
  const isMirror = flagOf(graph.read(node, "isMirroringCollector"));
  if (isPassing && !(isMirror.kind === "known" && isMirror.value)) {
    // What ends TLS behind a published workload's front is read by itself.
    if (!published.has(node.urn)) {
      acceptor.fault({ what: passingThrough, remedy: endTls, excusedBy: "passthrough" });
    }
    acceptor.hop(`clients and ${acceptor.label}`, undefined);
  }
  return acceptor.facts();
}

/**
 * What forwarding rules of a zone take, and what they hand on as it came.
 *
 * @param published those that certainly lead to one workload of a platform of ours, and to nothing else.
 */
export function forwardingRuleHops(
  stack: GcpStack,
  balancers: LoadBalancers,
  published: ReadonlySet<string>,
): HopFacts {
  return allHops(...balancers.fronts.map((front) => judge(stack, front, published)));
}
