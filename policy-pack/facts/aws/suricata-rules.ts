import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { box, type PacketSet } from "../../packet-set";
import { icmp, tcp, udp } from "../../protocol";
import { everyPort, everyProtocol, type Interval } from "../fact";

/** A rule of a stateful engine, as far as it matters whether packets are looked at. */
export interface StatefulRule {
  /**
   * `refuses`: it drops or rejects some packets that it speaks of, having looked at all of them; by their headers alone those
   * that it speaks of are none that it lets by. `passes`: it lets by, by their headers alone. `neither`: anything else.
   */
  readonly does: "refuses" | "passes" | "neither";
  /** The packets of which it speaks: of one that refuses no more than those, of one that passes no fewer. */
  readonly packets: PacketSet;
  /** Why one that passes may pass fewer; `undefined` where that is known. */
  readonly assumption: string | undefined;
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
  ip4: everyProtocol,
  ip6: everyProtocol,
  ipv4: everyProtocol,
  ipv6: everyProtocol,
  pkthdr: everyProtocol,
  "tcp-pkt": { from: tcp, to: tcp + 1 },
  "tcp-stream": { from: tcp, to: tcp + 1 },
};

/** Keywords that ask nothing of a packet. `flow` does only where it holds the first packets of a connection back. */
const idleKeywords = /^(?:msg|sid|rev|gid|classtype|priority|metadata|reference|noalert|flow)$/;

/**
 * Keywords that ask for less than what a connection is about: for fields of headers, for how many packets there were, or for
 * which protocol is spoken (Suricata user guide, "IP Keywords", "TCP keywords", "Flow Keywords", "Thresholding Keywords").
 */
const headerKeywords =
  /^(?:ttl|dsize|fragbits|fragoffset|(?:tcp\.)?(?:flags|window|seq|ack)|tcp\.mss|ip_proto|ipopts|id|tos|sameip|geoip|iprep|(?:ipv4|ipv6|tcp|udp|icmpv4|icmpv6)\.hdr|itype|icode|icmp_id|icmp_seq|stream_size|threshold|detection_filter|flowbits|flowint|xbits|hostbits|tag|target|bypass|prefilter|requires|vlan\.id|flow\.\w+|app-layer-protocol|ssl_version|ssl_state|tls\.version)$/;

const refusing = /^(?:drop|reject|rejectsrc|rejectdst|rejectboth)$/i;

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** What is set for the variables of a group, by name; `undefined` for one of which it is not known. */
export type Variables = ReadonlyMap<string, readonly string[] | undefined>;

/** The addresses that one part of a header names; `undefined` where it is not understood. */
function rangesOf(part: string, variables: Variables): readonly AddressRange[] | undefined {
  if (/^any$/i.test(part)) {
    return everywhere;
  }
  // Network Firewall takes HOME_NET for the addresses of the firewall's network, and EXTERNAL_NET for all others.
  if (part === "!$HOME_NET" || (part === "$EXTERNAL_NET" && !variables.has("EXTERNAL_NET"))) {
    return everywhere;
  }
  if (part.startsWith("$")) {
    const values = variables.get(part.slice(1));
    return values === undefined
      ? part === "$HOME_NET" && !variables.has("HOME_NET")
        ? []
        : undefined
      : all(values.map((value) => rangesOf(value, new Map())));
  }
  const range = addressRange(part.includes("/") ? part : `${part}/${part.includes(":") ? "128" : "32"}`);
  return range === undefined ? undefined : [range];
}

/** Several lists as one; `undefined` where one of them is. */
function all<T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const known = lists.filter((list) => list !== undefined);
  return known.length < lists.length ? undefined : known.flat();
}

function partsOf(text: string): readonly string[] {
  return text.replaceAll(/[[\]\s]/g, "").split(",");
}

/** The addresses that a part of a header names; `undefined` where it is not understood. */
function addressesOf(text: string, variables: Variables): readonly AddressRange[] | undefined {
  return all(partsOf(text).map((part) => rangesOf(part, variables)));
}

/** The ports that a part of a header names; `undefined` where it is not understood. */
function portsOf(ports: string): readonly Interval[] | undefined {
  return all(
    partsOf(ports).map((part): readonly Interval[] | undefined => {
      if (/^any$/i.test(part)) {
        return [everyPort];
      }
      const [, from, to] = /^(\d+)(?::(\d+))?$/.exec(part) ?? [];
      return from === undefined ? undefined : [{ from: Number(from), to: Number(to ?? from) + 1 }];
    }),
  );
}

/** Whether a rule speaks of whatever comes from the network, and not of some addresses alone. */
function isFromAll(source: string, variables: Variables): boolean {
  return partsOf(source).some(
    (part) =>
      /^any$/i.test(part) ||
      part === "$HOME_NET" ||
      part === "0.0.0.0/0" ||
      (part.startsWith("$") && !variables.has(part.slice(1))),
  );
}

function packetsOf(
  protocols: Interval,
  ports: readonly Interval[],
  ranges: readonly AddressRange[],
): PacketSet {
  return ports.flatMap((port) => ranges.map((range) => box(protocols, port, range, [])));
}

/** What a rule asks of packets besides what its header says. */
function askedOf(options: readonly string[]): {
  readonly isOfContent: boolean;
  /** The keywords that ask for less than what a connection is about. */
  readonly ofHeaders: readonly string[];
} {
  const asked = options
    .map((option) => option.split(":").map((text) => text.trim()))
    .filter(
      ([keyword = "", setting = ""]) =>
        !idleKeywords.test(keyword) || (keyword === "flow" && setting.includes("not_established")),
    )
    .map(([keyword = ""]) => keyword);
  const ofHeaders = asked.filter((keyword) => headerKeywords.test(keyword));
  return { isOfContent: ofHeaders.length < asked.length, ofHeaders };
}

/** Ports on which APIs answer. */
const ofApis: readonly number[] = [80, 443];

/**
 * Whether a rule passes packets to anywhere by something that they hold, and that tells nothing of whom they are for, as its
 * header is about every protocol that may carry a request.
 */
export function passesToAnywhere(
  { action, protocol, destination, destinationPort, options }: Omit<RuleParts, "source" | "isTwoWay">,
  variables: Variables,
): boolean {
  const ranges = addressesOf(destination, variables) ?? everywhere;
  const ports = portsOf(destinationPort) ?? [everyPort];
  const protocols = headerProtocols[protocol.toLowerCase()];
  return (
    /^pass$/i.test(action) &&
    protocols !== undefined &&
    protocols.from <= tcp &&
    tcp < protocols.to &&
    askedOf(options).isOfContent &&
    ranges.some(
      ({ family, from, to }) => from === everyAddress[family].from && to === everyAddress[family].to,
    ) &&
    ports.some(({ from, to }) => ofApis.some((port) => from <= port && port < to))
  );
}

/** What a rule does, of which it is known what it says. */
export function statefulRule(
  { action, protocol, source, destination, destinationPort, isTwoWay, options }: RuleParts,
  variables: Variables,
): StatefulRule {
  const protocols = headerProtocols[protocol.toLowerCase()];
  const { isOfContent, ofHeaders } = askedOf(options);
  const neither: StatefulRule = { does: "neither", packets: [], assumption: undefined };
  if (refusing.test(action)) {
    const isExact = isOfContent || (ofHeaders.length === 0 && isFromAll(source, variables));
    return {
      does: "refuses",
      packets: isExact
        ? packetsOf(
            protocols ?? everyProtocol,
            portsOf(destinationPort) ?? [],
            addressesOf(destination, variables) ?? [],
          )
        : [],
      assumption: undefined,
    };
  }
  // A protocol that packets' content tells, such as TLS, is told by a look.
  if (!/^pass$/i.test(action) || protocols === undefined || isOfContent) {
    return neither;
  }
  const ends = [destination, ...(isTwoWay ? [source] : [])];
  const ranges = ends.flatMap((end) => addressesOf(end, variables) ?? everywhere);
  const ports = isTwoWay ? [everyPort] : (portsOf(destinationPort) ?? [everyPort]);
  return {
    does: "passes",
    packets: packetsOf(protocols, ports, ranges),
    assumption:
      ofHeaders.length === 0
        ? undefined
        : `a stateful rule asks for ${ofHeaders.join(" and ")}, which is not compared with the packet's`,
  };
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
export function suricataRules(text: string, variables: Variables): readonly StatefulRule[] | undefined {
  const rules = ruleLines(text).map((parts) =>
    parts === undefined ? undefined : statefulRule(parts, variables),
  );
  return rules.some((rule) => rule === undefined) ? undefined : rules.filter((rule) => rule !== undefined);
}
