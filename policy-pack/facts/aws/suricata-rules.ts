import { addressRange, everyAddress } from "../../address-range";
import { icmp, tcp, udp } from "../../protocol";
import { everyPort, everyProtocol, type Interval } from "../fact";

/** A rule of a stateful engine, as far as it matters whether packets are looked at. */
export interface StatefulRule {
  /** `refuses`: it drops or rejects. `passes`: it lets by what its header names, to anywhere. `neither`: anything else. */
  readonly does: "refuses" | "passes" | "neither";
  readonly protocols: Interval;
  readonly ports: readonly Interval[];
}

/** The parts of a rule, whether it is written in Suricata's language or as a mapping. */
export interface RuleParts {
  readonly action: string;
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: string;
  /** Whether it holds for packets of either direction. */
  readonly isTwoWay: boolean;
  readonly options: readonly string[];
}

/** Protocols that a header alone tells. Any other is told by what packets hold (Suricata user guide, "Rules Format"). */
const headerProtocols: Readonly<Record<string, Interval>> = {
  ip: everyProtocol,
  any: everyProtocol,
  tcp: { from: tcp, to: tcp + 1 },
  udp: { from: udp, to: udp + 1 },
  icmp: { from: icmp, to: icmp + 1 },
};

/** Keywords that ask nothing of a packet. `flow` does only where it holds the first packets of a connection back. */
const idleKeywords = /^(?:msg|sid|rev|gid|classtype|priority|metadata|reference|noalert|flow)$/;

const refusing = /^(?:drop|reject|rejectsrc|rejectdst|rejectboth)$/i;

/** A block that holds half of the Internet, or more, is anywhere. */
function isWide(block: string): boolean {
  const range = addressRange(block);
  return (
    range !== undefined &&
    (BigInt(range.to) - BigInt(range.from)) * 2n >= BigInt(everyAddress[range.family].to)
  );
}

/** Whether a part of a header that names addresses names, or may name, any of the Internet's. */
function isAnywhere(addresses: string, variables: ReadonlyMap<string, readonly string[]>): boolean {
  const parts = addresses.replaceAll(/[[\]\s]/g, "").split(",");
  return parts.some((part) => {
    if (/^any$/i.test(part) || part.startsWith("!") || isWide(part)) {
      return true;
    }
    if (!part.startsWith("$")) {
      return false;
    }
    const values = variables.get(part.slice(1));
    // Network Firewall takes HOME_NET for the addresses of the firewall's network, and EXTERNAL_NET for all others.
    return values === undefined ? part !== "$HOME_NET" : values.some(isWide);
  });
}

/** The ports that a part of a header names; any, where it is not understood. */
function portsOf(ports: string): readonly Interval[] {
  const parts = ports.replaceAll(/[[\]\s]/g, "").split(",");
  const found = parts.map((part): Interval | undefined => {
    const [, from, to] = /^(\d+)(?::(\d+))?$/.exec(part) ?? [];
    return from === undefined ? undefined : { from: Number(from), to: Number(to ?? from) + 1 };
  });
  const understood = found.filter((interval) => interval !== undefined);
  return understood.length === parts.length ? understood : [everyPort];
}

/** What a rule does, of which it is known what it says. */
export function statefulRule(
  { action, protocol, source, destination, destinationPort, isTwoWay, options }: RuleParts,
  variables: ReadonlyMap<string, readonly string[]>,
): StatefulRule {
  const protocols = headerProtocols[protocol.toLowerCase()];
  const everything = { protocols: everyProtocol, ports: [everyPort] };
  if (refusing.test(action)) {
    return { does: "refuses", ...everything };
  }
  const looksInside = options.some((option) => {
    const [keyword = "", setting = ""] = option.split(":").map((text) => text.trim());
    return !idleKeywords.test(keyword) || (keyword === "flow" && setting.includes("not_established"));
  });
  const leadsAnywhere = isAnywhere(destination, variables) || (isTwoWay && isAnywhere(source, variables));
  return /^pass$/i.test(action) && protocols !== undefined && !looksInside && leadsAnywhere
    ? { does: "passes", protocols, ports: isTwoWay ? [everyPort] : portsOf(destinationPort) }
    : { does: "neither", ...everything };
}

const endPattern = String.raw`(!?\[[^()]*\]|\S+)`;
const rulePattern = new RegExp(
  String.raw`^(\w+)\s+(\S+)\s+${endPattern}\s+${endPattern}\s+(->|<>)\s+${endPattern}\s+${endPattern}\s*\((.*)\)\s*$`,
);

/** The options of a rule, which semicolons end. One within quotes ends none. */
function optionsOf(text: string): readonly string[] {
  return text
    .split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .map((option) => option.trim())
    .filter((option) => option !== "");
}

/** The rules of a text in Suricata's language; `undefined` for a line that is none that is understood. */
export function ruleLines(text: string): readonly (RuleParts | undefined)[] {
  return text
    .replaceAll(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const match = rulePattern.exec(line);
      if (match === null) {
        return undefined;
      }
      const [, action = "", protocol = "", source = "", , arrow, destination = "", port = "", options = ""] =
        match;
      return {
        action,
        protocol,
        source,
        destination,
        destinationPort: port,
        isTwoWay: arrow === "<>",
        options: optionsOf(options),
      };
    });
}

/**
 * Reads rules in Suricata's language.
 *
 * @returns `undefined` where a line is none that is understood.
 */
export function suricataRules(
  text: string,
  variables: ReadonlyMap<string, readonly string[]>,
): readonly StatefulRule[] | undefined {
  const rules = ruleLines(text).map((parts) =>
    parts === undefined ? undefined : statefulRule(parts, variables),
  );
  return rules.some((rule) => rule === undefined) ? undefined : rules.filter((rule) => rule !== undefined);
}
