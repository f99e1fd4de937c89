import { addressRange, everyAddress, rangeText, type AddressRange } from "../../address-range";
import { extentText } from "../../extent-text";
import { tcp, udp } from "../../protocol";
import {
  integerOf,
  itemsOf,
  listOf,
  member,
  memberReading,
  recordOf,
  textOf,
  type Reading,
} from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Interval, type Rule } from "../fact";

import { labelOf } from "./aws-stack";

type Properties = Reading<Readonly<Record<string, unknown>>>;

/** What an attribute of a rule matches, and whether it matches that for certain. */
interface Matched<T> {
  readonly values: readonly T[];
  readonly isCertain: boolean;
}

/** Reads a list; `every` where it is not set, or may hold anything. */
function matched<T>(
  list: Reading<unknown>,
  every: readonly T[],
  read: (item: Reading<unknown>) => readonly T[] | undefined,
): Matched<T> {
  const items = itemsOf(list);
  const values = items.map(read);
  const understood = values.filter((value) => value !== undefined);
  const isCertain = understood.length === values.length;
  return items.length === 0 || !isCertain
    ? { values: every, isCertain }
    : { values: understood.flat(), isCertain };
}

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

function blockOf(item: Reading<unknown>): readonly AddressRange[] | undefined {
  const text = textOf(memberReading(recordOf(item), "addressDefinition"));
  if (text.kind !== "known") {
    return undefined;
  }
  const single = text.value.includes(":") ? 128 : 32;
  const range = addressRange(text.value.includes("/") ? text.value : `${text.value}/${String(single)}`);
  return range === undefined ? undefined : [range];
}

function portsOf(item: Reading<unknown>): readonly Interval[] | undefined {
  const record = recordOf(item);
  const from = integerOf(memberReading(record, "fromPort"));
  const to = integerOf(memberReading(record, "toPort"));
  return from.kind !== "known" || to.kind === "unknown"
    ? undefined
    : [{ from: from.value, to: (to.kind === "known" ? to.value : from.value) + 1 }];
}

function protocolOf(item: Reading<unknown>): readonly Interval[] | undefined {
  const number = integerOf(item);
  return number.kind === "known" ? [{ from: number.value, to: number.value + 1 }] : undefined;
}

/** The names of actions, where each is known. */
export function actionsOf(list: Reading<unknown>): readonly string[] | undefined {
  const items = listOf(list);
  const names = items.kind === "known" ? itemsOf(list).map(textOf) : [];
  const known = names.flatMap((name) => (name.kind === "known" ? [name.value] : []));
  return known.length === 0 || known.length < names.length ? undefined : known;
}

/** Attributes that narrow a rule to some of the packets that its others match, and that are not compared. */
const narrowing = ["sources", "sourcePorts", "tcpFlags"] as const;

function isEverySource(attributes: Properties, key: (typeof narrowing)[number]): boolean {
  const items = itemsOf(memberReading(attributes, key));
  const blocks = items.map((item) => textOf(memberReading(recordOf(item), "addressDefinition")));
  return blocks.every((block) => block.kind === "known" && /^(?:0\.0\.0\.0|::)\/0$/.test(block.value));
}

/** The rules that one rule of a group amounts to: `allow` lets by without a look, `deny` drops or hands on. */
function rulesOf(group: Node, definition: Properties): readonly Rule[] {
  const attributes = recordOf(memberReading(definition, "matchAttributes"));
  const at = (key: string): Reading<unknown> => memberReading(attributes, key);
  const actions = actionsOf(memberReading(definition, "actions"));
  const passes = actions === undefined || actions.includes("aws:pass");
  const protocols = matched(at("protocols"), [everyProtocol], protocolOf);
  const ports = matched(at("destinationPorts"), [everyPort], portsOf);
  const ranges = matched(at("destinations"), everywhere, blockOf);
  const narrowed = narrowing.filter((key) => !isEverySource(attributes, key));
  const isCertain =
    actions !== undefined &&
    protocols.isCertain &&
    ports.isCertain &&
    ranges.isCertain &&
    narrowed.length === 0;
  if (!passes && !isCertain) {
    return []; // What it may not match reaches the rules after it.
  }
  return protocols.values.flatMap((protocol) => {
    // Only TCP and UDP have ports.
    const hasPorts = protocol.to - protocol.from > 1 || protocol.from === tcp || protocol.from === udp;
    return (hasPorts ? ports.values : [everyPort]).flatMap((port) =>
      ranges.values.map((range): Rule => ({
        urn: group.urn,
        label: `${labelOf(group)}: lets ${extentText({ protocols: protocol, ports: port })} to ${rangeText(range)} by without a look`,
        action: passes ? "allow" : "deny",
        protocols: protocol,
        ports: port,
        remote: { kind: "addresses", range },
        assumption: isCertain
          ? undefined
          : narrowed.length > 0
            ? `a stateless rule names ${narrowed.join(" and ")}, which are not compared with the packet's`
            : "what a stateless rule matches, or does, is not known",
      })),
    );
  });
}

/**
 * The rules of a stateless rule group, in the order in which they are tried.
 *
 * @returns `undefined` where that cannot be known.
 */
export function statelessRules(graph: StackGraph, group: Node): readonly Rule[] | undefined {
  const content = recordOf(graph.read(group, "ruleGroup"));
  const source = recordOf(memberReading(content, "rulesSource"));
  const stateless = recordOf(memberReading(source, "statelessRulesAndCustomActions"));
  const list = stateless.kind === "known" ? listOf(member(stateless.value, "statelessRules")) : stateless;
  if (list.kind !== "known") {
    return undefined;
  }
  const rules = itemsOf(list).map((item) => {
    const record = recordOf(item);
    const priority = integerOf(memberReading(record, "priority"));
    return priority.kind === "known"
      ? {
          priority: priority.value,
          rules: rulesOf(group, recordOf(memberReading(record, "ruleDefinition"))),
        }
      : undefined;
  });
  return rules.some((rule) => rule === undefined)
    ? undefined
    : rules
        .filter((rule) => rule !== undefined)
        .sort((a, b) => a.priority - b.priority)
        .flatMap((rule) => rule.rules);
}
