import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { tcp } from "../../protocol";
import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type { Interval } from "../fact";

import { extents, type Extent } from "./extent";
import type { Mapping } from "./gateway-parts";
import { wordOf } from "./word";

/** What a firewall does with packets that it passes by a rule of an application. */
export type Look =
  /** It ends TLS, and passes requests to names that the rule says. */
  | "into requests"
  /** It passes TLS without ending it. */
  | "at names"
  /** It passes requests to whatever name. */
  | "at no name";

/** A rule of a firewall, as it is written. */
export interface FirewallRule {
  readonly kind: "nat" | "network" | "application";
  readonly urn: string;
  readonly label: string;
  readonly action: "allow" | "deny";
  readonly extents: readonly Extent[];
  readonly destinations: readonly AddressRange[];
  /** Whether it holds whoever sends the packet. */
  readonly isForEverySource: boolean;
  /** Whether it holds for all that its extents and destinations say, whatever name is asked for. */
  readonly isForEveryName: boolean;
  /** How it looks at what it passes; of rules of applications alone. */
  readonly look: Look;
  readonly assumption: string | undefined;
}

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/** Addresses as a firewall takes them: a block, one address, or the first and the last of some. */
function rangeOf(text: string): AddressRange | undefined {
  const [first = "", last] = text.split("-");
  const from = addressRange(text) ?? addressRange(`${first}/${first.includes(":") ? "128" : "32"}`);
  const to = last === undefined ? from : addressRange(`${last}/${last.includes(":") ? "128" : "32"}`);
  return from !== undefined && to?.family === from.family ? { ...from, to: to.to } : undefined;
}

/** The addresses of IP groups; `undefined` where they are not known. */
function ofGroups(
  graph: StackGraph,
  node: Node,
  key: string,
  groups: readonly Reading<unknown>[],
): readonly AddressRange[] | undefined {
  const found = groups.flatMap((id) => graph.referentsOf(node, key, id, ["azure-native:network:ipgroup"]));
  const texts = found.flatMap((to) =>
    to.kind === "resource" && !to.assumed
      ? itemsOf(graph.read(to.node, "ipAddresses")).map(textOf)
      : [{ kind: "unknown" } as const],
  );
  const ranges = texts.flatMap((text) => (text.kind === "known" ? (rangeOf(text.value) ?? []) : []));
  return ranges.length === texts.length ? ranges : undefined;
}

/** Whether something holds for every address. */
function isEvery(list: readonly Reading<unknown>[]): boolean {
  return list.some((item) => {
    const text = textOf(item);
    return text.kind === "known" && (text.value === "*" || text.value === "0.0.0.0/0");
  });
}

/** What a rule is read from. */
export interface RuleSource {
  readonly graph: StackGraph;
  readonly node: Node;
  /** The property of the resource that holds the rules. */
  readonly key: string;
  readonly rule: Mapping;
  readonly action: Reading<string>;
}

/** Where the packets go for which a rule holds, and why that may be fewer. */
function destinationsOf(source: RuleSource): Pick<FirewallRule, "destinations" | "assumption"> {
  const { graph, node, key, rule } = source;
  const addresses = itemsOf(memberReading(rule, "destinationAddresses"));
  const groups = itemsOf(memberReading(rule, "destinationIpGroups"));
  const names = itemsOf(memberReading(rule, "destinationFqdns"));
  if (isEvery(addresses)) {
    return { destinations: everywhere, assumption: undefined };
  }
  const texts = addresses.map(textOf);
  const ranges = texts.flatMap((text) => (text.kind === "known" ? (rangeOf(text.value) ?? []) : []));
  const inGroups = ofGroups(graph, node, key, groups);
  if (names.length > 0) {
    return { destinations: everywhere, assumption: "which addresses its names have is not known" };
  }
  return ranges.length < texts.length || inGroups === undefined || texts.length + groups.length === 0
    ? { destinations: everywhere, assumption: "to which addresses it passes packets is not known" }
    : { destinations: [...ranges, ...inGroups], assumption: undefined };
}

function actionOf(action: Reading<string>): Pick<FirewallRule, "action" | "assumption"> {
  return action.kind === "known"
    ? { action: action.value === "deny" ? "deny" : "allow", assumption: undefined }
    : { action: "allow", assumption: "whether it passes packets or drops them is not known" };
}

function first(...assumptions: readonly (string | undefined)[]): string | undefined {
  return assumptions.find((one) => one !== undefined);
}

function nameOf(source: RuleSource, label: string): string {
  const name = textOf(memberReading(source.rule, "name"));
  return name.kind === "known" ? `rule ${name.value} of ${label}` : `a rule of ${label}`;
}

/** Reads a rule of the network: it passes packets by their headers. */
export function networkRule(source: RuleSource, label: string): FirewallRule {
  const { rule, node } = source;
  const named = itemsOf(memberReading(rule, "ipProtocols"));
  const protocols = named.length > 0 ? named : itemsOf(memberReading(rule, "protocols"));
  const ports = itemsOf(memberReading(rule, "destinationPorts"));
  const read = (protocols.length > 0 ? protocols : [{ kind: "unknown" } as const]).map((protocol) => {
    const word = wordOf(protocol);
    return extents(
      word.kind === "known" && word.value === "any" ? { kind: "known", value: "*" } : protocol,
      ports,
    );
  });
  const action = actionOf(source.action);
  const where = destinationsOf(source);
  return {
    kind: "network",
    urn: node.urn,
    label: nameOf(source, label),
    action: action.action,
    extents: read.flatMap(({ all }) => all),
    destinations: where.destinations,
    isForEverySource: isEvery(itemsOf(memberReading(rule, "sourceAddresses"))),
    isForEveryName: true,
    look: "at no name",
    assumption: first(action.assumption, where.assumption, ...read.map(({ assumption }) => assumption)),
  };
}

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** Whether an address certainly is one of a private network (RFC 1918). */
function isPrivate(read: Reading<unknown>): boolean {
  const text = textOf(read);
  const range = text.kind === "known" ? rangeOf(text.value) : undefined;
  return privateBlocks
    .map(addressRange)
    .some(
      (block) =>
        block !== undefined && range?.family === "ipv4" && range.from >= block.from && range.to <= block.to,
    );
}

/**
 * Reads a rule of translation, which passes packets on to another address; nothing, where that is a private network's. Where it
 * is for a private address of the firewall's, what is on the Internet is reached by calling that: it counts for every destination.
 */
export function natRule(source: RuleSource, label: string): FirewallRule | undefined {
  const { rule } = source;
  if (isPrivate(memberReading(rule, "translatedAddress"))) {
    return undefined;
  }
  const written = networkRule(source, label);
  const called = itemsOf(memberReading(rule, "destinationAddresses"));
  const isInside = called.length > 0 && called.every(isPrivate);
  return {
    ...written,
    kind: "nat",
    action: "allow",
    destinations: isInside ? everywhere : written.destinations,
  };
}

function portOf(protocol: Mapping): { readonly port: Interval; readonly isTls: boolean } {
  const type = wordOf(memberReading(protocol, "protocolType"));
  const port = integerOf(memberReading(protocol, "port"));
  const usual = type.kind === "known" && type.value === "http" ? 80 : 443;
  const number = port.kind === "known" ? port.value : port.kind === "absent" ? usual : undefined;
  return {
    port: number === undefined ? { from: 0, to: 65536 } : { from: number, to: number + 1 },
    isTls: !(type.kind === "known" && type.value === "http"),
  };
}

/** Zones of clouds and hosts in which whoever pays has a name. */
const sharedZones =
  /(?:^|\.)(?:windows\.net|azure\.com|azure\.net|azurewebsites\.net|azureedge\.net|azurefd\.net|trafficmanager\.net|amazonaws\.com|cloudfront\.net|googleapis\.com|appspot\.com|run\.app|web\.app|github\.io|githubusercontent\.com|herokuapp\.com|workers\.dev|pages\.dev|vercel\.app|netlify\.app)$/;

/** Whether a name is every one, or may be, or one that anybody may have: a star by itself, or below a zone of everybody's. */
function isEveryName(read: Reading<unknown>): boolean {
  const text = textOf(read);
  const host =
    text.kind === "known"
      ? text.value
          .toLowerCase()
          .replace(/^https?:\/\//, "")
          .split("/")[0]
      : "*";
  const zone = /^\*\.?(.*)$/.exec(host ?? "*")?.[1];
  return zone !== undefined && (!zone.includes(".") || sharedZones.test(zone));
}

/** Reads a rule of an application: it passes requests by the names that they ask for. */
export function applicationRule(source: RuleSource, label: string): readonly FirewallRule[] {
  const { rule, node } = source;
  const action = actionOf(source.action);
  const endsTls = flagOf(memberReading(rule, "terminateTLS"));
  const names = [
    ...itemsOf(memberReading(rule, "targetFqdns")),
    ...itemsOf(memberReading(rule, "targetUrls")),
  ];
  const wide = [
    ...itemsOf(memberReading(rule, "fqdnTags")),
    ...itemsOf(memberReading(rule, "webCategories")),
  ];
  const given = itemsOf(memberReading(rule, "destinationAddresses"));
  const where =
    given.length === 0 ? { destinations: everywhere, assumption: undefined } : destinationsOf(source);
  const protocols = itemsOf(memberReading(rule, "protocols")).map(recordOf);
  return (protocols.length > 0 ? protocols : [recordOf({ kind: "unknown" })]).map((protocol) => {
    const { port, isTls } = portOf(protocol);
    const isEnded = !isTls || (endsTls.kind === "known" && endsTls.value);
    const isOpen = names.some(isEveryName) || names.length === 0;
    return {
      kind: "application",
      urn: node.urn,
      label: nameOf(source, label),
      action: action.action,
      extents: [{ protocols: { from: tcp, to: tcp + 1 }, ports: port }],
      destinations: where.destinations,
      isForEverySource: isEvery(itemsOf(memberReading(rule, "sourceAddresses"))),
      isForEveryName:
        wide.length === 0 && names.some((name) => textOf(name).kind === "known" && isEveryName(name)),
      look: !isEnded ? "at names" : isOpen || wide.length > 0 ? "at no name" : "into requests",
      assumption: first(
        action.assumption,
        where.assumption,
        protocol.kind === "unknown" ? "its protocols are not known" : undefined,
        endsTls.kind === "unknown" && isTls ? "`terminateTLS` is not known" : undefined,
        names.some(({ kind }) => kind === "unknown") ? "its names are not known" : undefined,
      ),
    };
  });
}
