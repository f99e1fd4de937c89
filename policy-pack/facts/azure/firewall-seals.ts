import { addressRange, type AddressRange } from "../../address-range";
import { flagOf, itemsOf, mayBeTrue, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { MissingSeal, RouteTable, Subnet } from "../fact";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { within } from "./gateway-parts";
import { wordOf } from "./word";

const policyType = "azure-native:network:firewallpolicy";

/** Firewalls that let by what they know for an attack, or look for none: what they pass, they pass as they should. */
function blindFirewalls(stack: AzureStack): readonly MissingSeal[] {
  const { graph } = stack;
  return graph.ofType(policyType).flatMap((node) => {
    const detection = recordOf(graph.read(node, "intrusionDetection"));
    const seal = (what: string, key: string, read: Reading<unknown>, remedy: string): MissingSeal => ({
      urn: node.urn,
      label: labelOf(node),
      platform: platformOf(stack, node),
      what,
      ...(read.kind === "unknown" ? { assumption: `\`${key}\` is not known` } : {}),
      remedy,
    });
    const drops = [
      ["threatIntelMode", wordOf(graph.read(node, "threatIntelMode")), "to and from known attackers"],
      ["intrusionDetection.mode", wordOf(memberReading(detection, "mode")), "that look like an attack"],
    ] as const;
    const leftOut = [
      ["bypassTrafficSettings", "It leaves some packets out of the detection of intrusions"],
      ["signatureOverrides", "It looks for some attacks otherwise than for the others, or not at all"],
    ] as const;
    const trusted = recordOf(graph.read(node, "threatIntelWhitelist"));
    const isTrusting =
      trusted.kind === "unknown" ||
      ["fqdns", "ipAddresses"].some((key) => itemsOf(memberReading(trusted, key)).length > 0);
    const proxy = flagOf(memberReading(recordOf(graph.read(node, "explicitProxy")), "enableExplicitProxy"));
    return [
      ...drops.flatMap(([key, read, what]) =>
        read.kind === "known" && read.value === "deny"
          ? []
          : [
              seal(
                `It does not drop packets ${what}: ${key} is not Deny.`,
                key,
                read,
                `Set ${key} to "Deny".`,
              ),
            ],
      ),
      ...leftOut.flatMap(([key, what]) => {
        const read = within(detection, "configuration", key);
        return itemsOf(read).length === 0
          ? []
          : [seal(`${what}: ${key}.`, `intrusionDetection.configuration.${key}`, read, `Take ${key} away.`)];
      }),
      ...(isTrusting
        ? [
            seal(
              "It lets known attackers by whom somebody has named: threatIntelWhitelist.",
              "threatIntelWhitelist",
              trusted,
              "Take threatIntelWhitelist away.",
            ),
          ]
        : []),
      ...(mayBeTrue(proxy)
        ? [
            seal(
              "It is a proxy for whoever names it, besides those whose routes lead to it: explicitProxy.",
              "explicitProxy.enableExplicitProxy",
              proxy,
              "Set explicitProxy.enableExplicitProxy to false.",
            ),
          ]
        : []),
    ];
  });
}

/** Firewalls of networks to which no route leads, so that they see nothing. Those of hubs are led to by the hub. */
function idleFirewalls(stack: AzureStack, tables: readonly RouteTable[]): readonly MissingSeal[] {
  const { graph } = stack;
  const reached = new Set(
    tables.flatMap(({ routes }) => routes.flatMap(({ nextHop }) => nextHop.forwarders.map(({ urn }) => urn))),
  );
  return graph
    .ofType(...types.firewall)
    .filter((node) => graph.read(node, "virtualHub").kind === "absent" && !reached.has(node.urn))
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      platform: platformOf(stack, node),
      what: "No route of the stack leads to it, so that it looks at nothing.",
      remedy: "Lead the default route of the subnets that may leave to its private address.",
    }));
}

/** Whether addresses certainly lie in some others. */
function liesIn(read: Reading<unknown>, ranges: readonly AddressRange[]): Reading<boolean> {
  const text = textOf(read);
  if (text.kind !== "known") {
    return { kind: "unknown" };
  }
  const range = addressRange(text.value) ?? addressRange(`${text.value}/32`);
  return {
    kind: "known",
    value:
      range !== undefined &&
      ranges.some(({ family, from, to }) => family === range.family && from <= range.from && to >= range.to),
  };
}

/** Rules of a platform's firewalls that let through others than what is in the egress zone, should a route lead them there. */
function widerRules(stack: AzureStack, subnets: readonly Subnet[]): readonly MissingSeal[] {
  const { graph } = stack;
  return graph.ofType("azure-native:network:firewallpolicyrulecollectiongroup").flatMap((node) => {
    const platform = platformOf(stack, node);
    if (platform === undefined) {
      return [];
    }
    const own = subnets
      .filter((subnet) => subnet.zone === "egress" && subnet.platform === platform)
      .flatMap(({ knownRanges }) => knownRanges);
    return itemsOf(graph.read(node, "ruleCollections"))
      .flatMap((collection) => itemsOf(memberReading(recordOf(collection), "rules")))
      .map(recordOf)
      .flatMap((rule): readonly MissingSeal[] => {
        const senders = itemsOf(memberReading(rule, "sourceAddresses")).map((read) => liesIn(read, own));
        const groups = itemsOf(memberReading(rule, "sourceIpGroups"));
        const isOthers =
          senders.some((inside) => inside.kind === "known" && !inside.value) ||
          senders.length + groups.length === 0;
        const isUnknown = groups.length > 0 || senders.some(({ kind }) => kind === "unknown");
        const name = textOf(memberReading(rule, "name"));
        return isOthers || isUnknown
          ? [
              {
                urn: node.urn,
                label: labelOf(node),
                platform,
                what: `Its rule ${name.kind === "known" ? name.value : "without a name"} lets through others than what is in the egress zone (sourceAddresses).`,
                ...(isOthers ? {} : { assumption: "`sourceAddresses` are not known" }),
                remedy: "Name the egress guard's subnet in sourceAddresses, and nothing else.",
              },
            ]
          : [];
      });
  });
}

/** What firewalls lack to see what passes them, and to let through nobody else. */
export function firewallSeals(
  stack: AzureStack,
  { routeTables, all }: { readonly routeTables: readonly RouteTable[]; readonly all: readonly Subnet[] },
): readonly MissingSeal[] {
  return [...blindFirewalls(stack), ...idleFirewalls(stack, routeTables), ...widerRules(stack, all)];
}
