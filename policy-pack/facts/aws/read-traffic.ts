import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { box, subtract, type PacketSet } from "../../packet-set";
import { tcp } from "../../protocol";
import {
  flagOf,
  integerOf,
  itemsOf,
  listOf,
  memberReading,
  recordOf,
  textOf,
  type Reading,
} from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Interval, type Rule } from "../fact";

import { labelOf } from "./aws-stack";
import { declaredHosts } from "../declared-hosts";
import { groupsOfPolicy, isOfAws, ofArn } from "./firewall-policies";
import { actionsOf } from "./stateless-rules";

type Properties = Reading<Readonly<Record<string, unknown>>>;

const inspectionType = ["aws:networkfirewall:tlsinspectionconfiguration"];

const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];
const onlyTcp: Interval = { from: tcp, to: tcp + 1 };

/** Something by which packets pass unread. */
interface Gap {
  readonly by: Node;
  readonly what: string;
  readonly protocols: Interval;
  readonly ports: Interval;
  readonly remote: Rule["remote"];
  readonly assumption?: string | undefined;
}

function gap(
  by: Node,
  what: string,
  isKnown: boolean,
  property: string,
  protocols: Interval = everyProtocol,
): Gap {
  return {
    by,
    what,
    protocols,
    ports: everyPort,
    remote: { kind: "anything" },
    assumption: isKnown ? undefined : `\`${property}\` is not known`,
  };
}

/** What the settings of a policy let by, whatever its groups say. */
function settingGaps(policy: Node, content: Properties): readonly Gap[] {
  const engine = recordOf(memberReading(content, "statefulEngineOptions"));
  const order = textOf(memberReading(engine, "ruleOrder"));
  const exception = textOf(memberReading(engine, "streamExceptionPolicy"));
  const listed = memberReading(content, "statefulDefaultActions");
  const defaults = actionsOf(listed);
  const holding = flagOf(memberReading(content, "enableTlsSessionHolding"));
  const dropsAll = defaults?.includes("aws:drop_strict") === true;
  const gaps: Gap[] = [];
  if (order.kind !== "known" || order.value !== "STRICT_ORDER") {
    gaps.push(
      gap(
        policy,
        "does not try its rules in strict order, so that what none of them names passes",
        order.kind !== "unknown",
        "ruleOrder",
      ),
    );
  }
  if (
    exception.kind === "unknown" ||
    (exception.kind === "known" && exception.value !== "DROP" && exception.value !== "REJECT")
  ) {
    gaps.push(
      gap(
        policy,
        "goes on with connections of which it did not see the beginning",
        exception.kind !== "unknown",
        "streamExceptionPolicy",
      ),
    );
  }
  if (!dropsAll) {
    const drops = defaults?.includes("aws:drop_established") === true;
    // Without a connection nothing is established, so that single packets of other protocols pass.
    const others: readonly Interval[] = drops
      ? [
          { from: 0, to: tcp },
          { from: tcp + 1, to: everyProtocol.to },
        ]
      : [everyProtocol];
    gaps.push(
      ...others.map((protocols) =>
        gap(
          policy,
          "drops nothing that none of its rules names",
          drops || listed.kind === "absent" || defaults !== undefined,
          "statefulDefaultActions",
          protocols,
        ),
      ),
    );
  }
  if (holding.kind !== "known" || !holding.value) {
    gaps.push(
      gap(
        policy,
        "lets the first bytes of a connection by before its rules decide",
        holding.kind !== "unknown",
        "enableTlsSessionHolding",
        onlyTcp,
      ),
    );
  }
  return gaps;
}

/** What a group of rules lets by that is not for the host of a declared provider, or is not TLS. */
function groupGap(graph: StackGraph, group: Node, hosts: ReadonlySet<string>): Gap | undefined {
  const content = recordOf(graph.read(group, "ruleGroup"));
  const source = recordOf(memberReading(content, "rulesSource"));
  const list = recordOf(memberReading(source, "rulesSourceList"));
  const kind = textOf(memberReading(list, "generatedRulesType"));
  const types = itemsOf(memberReading(list, "targetTypes")).map(textOf);
  const targets = itemsOf(memberReading(list, "targets")).map(textOf);
  const order = textOf(memberReading(recordOf(memberReading(content, "statefulRuleOptions")), "ruleOrder"));
  const others = [
    graph.read(group, "rules"),
    memberReading(source, "rulesString"),
    memberReading(source, "statefulRules"),
  ];
  if (kind.kind === "known" && kind.value === "DENYLIST" && others.every((one) => one.kind === "absent")) {
    return undefined; // It refuses, and passes nothing.
  }
  const isUnread = (value: Reading<unknown>): boolean => value.kind === "unknown";
  const hidden = [
    content,
    source,
    list,
    listOf(memberReading(list, "targetTypes")),
    listOf(memberReading(list, "targets")),
    kind,
    order,
    ...types,
    ...targets,
    ...others,
  ].some(isUnread);
  const texts = (values: readonly Reading<string>[]): readonly string[] =>
    values.flatMap((value) => (value.kind === "known" ? [value.value] : []));
  const foreign = texts(targets).filter((host) => !hosts.has(host));
  if (foreign.length > 0) {
    return gap(
      group,
      `lets through ${foreign.join(", ")}, which no declared provider has`,
      true,
      "",
      onlyTcp,
    );
  }
  if (texts(types).some((type) => type !== "TLS_SNI")) {
    return gap(group, "lets plain HTTP through by the name of its host", true, "", onlyTcp);
  }
  if (order.kind !== "unknown" && !(order.kind === "known" && order.value === "STRICT_ORDER")) {
    return gap(group, "does not try its rules in strict order", true, "");
  }
  const isAllowList =
    kind.kind === "known" &&
    kind.value === "ALLOWLIST" &&
    types.length > 0 &&
    targets.length > 0 &&
    others.every((one) => one.kind === "absent");
  return isAllowList && !hidden
    ? undefined
    : gap(
        group,
        "has rules that are no list of the hosts of declared providers",
        !hidden,
        "what the group says",
      );
}

/** The packets over TCP that the scopes of an inspection certainly decrypt, of those that come from some addresses. */
function decrypted(server: Properties, from: readonly AddressRange[]): PacketSet {
  const rangesOf = (list: Reading<unknown>): readonly AddressRange[] | undefined => {
    const items = itemsOf(list).map((item) => textOf(memberReading(recordOf(item), "addressDefinition")));
    const ranges = items.map((text) => (text.kind === "known" ? addressRange(text.value) : undefined));
    const known = ranges.filter((range) => range !== undefined);
    return known.length < ranges.length || list.kind === "unknown" ? undefined : known;
  };
  const portsOf = (list: Reading<unknown>): readonly Interval[] | undefined => {
    if (list.kind === "absent") {
      return [everyPort];
    }
    const items = itemsOf(list).map((item) => {
      const first = integerOf(memberReading(recordOf(item), "fromPort"));
      const last = integerOf(memberReading(recordOf(item), "toPort"));
      return first.kind === "known" && last.kind === "known"
        ? { from: first.value, to: last.value + 1 }
        : undefined;
    });
    const known = items.filter((item) => item !== undefined);
    return list.kind === "unknown" || known.length < items.length ? undefined : known;
  };
  return itemsOf(memberReading(server, "scopes")).flatMap((item): PacketSet => {
    const scope = recordOf(item);
    const at = (key: string): Reading<unknown> => memberReading(scope, key);
    const protocols = itemsOf(at("protocols")).map(integerOf);
    const sources = at("sources").kind === "absent" ? everywhere : rangesOf(at("sources"));
    const sourcePorts = portsOf(at("sourcePorts"));
    const destinations = at("destinations").kind === "absent" ? everywhere : rangesOf(at("destinations"));
    const ports = portsOf(at("destinationPorts"));
    const isFromThere =
      sources !== undefined &&
      subtract(
        from.map((range) => box(onlyTcp, everyPort, range, [])),
        sources.map((range) => box(onlyTcp, everyPort, range, [])),
      ).length === 0;
    const isFromAnyPort = sourcePorts?.some((one) => one.from <= 1 && one.to >= everyPort.to) === true;
    const isTcp = protocols.some((protocol) => protocol.kind === "known" && protocol.value === tcp);
    return isFromThere && isFromAnyPort && isTcp && destinations !== undefined && ports !== undefined
      ? ports.flatMap((port) => destinations.map((range) => box(onlyTcp, port, range, [])))
      : [];
  });
}

/** What is not decrypted of what comes from some addresses, or is taken from providers whose certificate was taken back. */
function inspectionGaps(
  graph: StackGraph,
  policy: Node,
  content: Properties,
  from: readonly AddressRange[],
): readonly Gap[] {
  const arn = memberReading(content, "tlsInspectionConfigurationArn");
  if (arn.kind === "absent") {
    return [gap(policy, "ends no TLS", true, "", onlyTcp)];
  }
  const inspection = ofArn(graph, policy, "firewallPolicy", arn, inspectionType) ?? onlyOrigin(graph, policy);
  if (inspection === undefined) {
    return [
      gap(
        policy,
        "ends TLS as something says that is not in the stack",
        false,
        "tlsInspectionConfigurationArn",
        onlyTcp,
      ),
    ];
  }
  const server = recordOf(
    memberReading(
      recordOf(graph.read(inspection, "tlsInspectionConfiguration")),
      "serverCertificateConfiguration",
    ),
  );
  const isHidden = server.kind === "unknown";
  const authority = memberReading(server, "certificateAuthorityArn");
  const revocation = recordOf(memberReading(server, "checkCertificateRevocationStatus"));
  const lax = (["revokedStatusAction", "unknownStatusAction"] as const).filter((key) => {
    const action = textOf(memberReading(revocation, key));
    return !(action.kind === "known" && action.value === "REJECT");
  });
  const isLaxKnown = lax.every((key) => textOf(memberReading(revocation, key)).kind !== "unknown");
  const rest = subtract(
    everywhere.map((range) => box(onlyTcp, everyPort, range, [])),
    authority.kind === "absent" ? [] : decrypted(server, from),
  );
  return [
    ...rest.map(({ family, portFrom, portTo, addressFrom, addressTo }): Gap => ({
      by: inspection,
      what: "does not decrypt it",
      protocols: onlyTcp,
      ports: { from: portFrom, to: portTo },
      remote: { kind: "addresses", range: { family, from: addressFrom, to: addressTo } },
      assumption: isHidden ? "`tlsInspectionConfiguration` is not known" : undefined,
    })),
    ...(lax.length === 0
      ? []
      : [
          gap(
            inspection,
            "takes certificates of providers that were taken back, or may have been",
            !isHidden && isLaxKnown,
            lax.join(", "),
            onlyTcp,
          ),
        ]),
  ];
}

/** The one configuration of whose outputs a policy was made, where its ARN is not known. */
function onlyOrigin(graph: StackGraph, policy: Node): Node | undefined {
  const [origin, ...others] = graph.origins(policy, "firewallPolicy", inspectionType);
  return others.length === 0 && origin?.kind === "resource" ? origin.node : undefined;
}

/**
 * What a policy of a network firewall lets by of what comes from some addresses without having read it: without having ended
 * TLS, or for another host than one that a declared provider of a platform has.
 */
export function unreadBy(
  graph: StackGraph,
  policy: Node,
  platform: string | undefined,
  from: readonly AddressRange[],
): readonly Rule[] {
  const content = recordOf(graph.read(policy, "firewallPolicy"));
  const hosts = declaredHosts(graph, platform);
  const groups = groupsOfPolicy(graph, policy, content).map(({ group, drops }): Gap | undefined => {
    if (group === undefined || drops !== true) {
      return gap(policy, "tries rules that are not known", false, "statefulRuleGroupReferences");
    }
    return "urn" in group
      ? groupGap(graph, group, hosts)
      : isOfAws(group.arn)
        ? undefined
        : gap(policy, `tries ${group.arn}, which is not in the stack`, false, group.arn);
  });
  return [
    ...settingGaps(policy, content),
    ...groups.filter((one) => one !== undefined),
    ...inspectionGaps(graph, policy, content, from),
  ].map(({ by, what, protocols, ports, remote, assumption }) => ({
    urn: by.urn,
    label: `${labelOf(by)}: ${what}`,
    action: "allow",
    protocols,
    ports,
    remote,
    assumption,
  }));
}
