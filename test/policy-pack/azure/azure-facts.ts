import { addressText } from "../../../policy-pack/address-range";
import { extentText } from "../../../policy-pack/extent-text";
import type { Filter, NetworkFacts, Rule } from "../../../policy-pack/facts/fact";
import { stackFacts } from "../../../policy-pack/facts/stack-facts";
import type { Finding } from "../../../policy-pack/finding";
import { StackGraph } from "../../../policy-pack/stack-graph";
import { zoneClaims } from "../../../policy-pack/zone-claims";
import { Zones } from "../../../policy-pack/zones";
import { judge } from "../judge-on-a-day";
import type { Sketch } from "../stack-sketch";

/** The facts of a stack in which no platform is declared. */
export function factsOf(stack: Sketch): NetworkFacts {
  const graph = new StackGraph(stack.resources(), { dryRun: stack.knowledge === "preview" });
  return stackFacts(graph, new Zones(zoneClaims(graph).claims), new Map());
}

/** What refuses a stack, as `rule name: summary`. */
export function refusalsOf(stack: Sketch): readonly string[] {
  return judge(stack.resources(), { dryRun: stack.knowledge === "preview" })
    .findings.filter(({ level }) => level === "mandatory")
    .map(({ rule, summary }: Finding) => `${rule}: ${summary}`);
}

/** The filter that has a label. */
export function filterOf(facts: NetworkFacts, label: string): Filter {
  const found = facts.interfaceFilters.find((filter) => filter.label === label);
  if (found === undefined) {
    throw new Error(`no filter ${label} in ${facts.interfaceFilters.map((one) => one.label).join(", ")}`);
  }
  return found;
}

function remoteText({ remote }: Rule): string {
  switch (remote.kind) {
    case "anything":
      return "anything";
    case "filter":
      return remote.filter.peer ?? remote.filter.label;
    case "addresses": {
      const { family, from, to } = remote.range;
      return `${addressText(family, from)} to ${addressText(family, BigInt(to) - 1n)}`;
    }
  }
}

/** What a filter lets pass, as `tcp 443 10.0.2.0 to 10.0.2.255`, in the order of the texts. */
export function passing(filter: Filter, direction: "egress" | "ingress"): readonly string[] {
  return filter[direction]
    .map((rule) => `${extentText(rule)} ${remoteText(rule)}${rule.assumption === undefined ? "" : "?"}`)
    .sort();
}
