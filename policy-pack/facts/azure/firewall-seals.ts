import { flagOf, itemsOf, mayBeTrue, memberReading, recordOf, type Reading } from "../../reading";
import type { MissingSeal, RouteTable } from "../fact";

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
    const bypass = within(detection, "configuration", "bypassTrafficSettings");
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
      ...(itemsOf(bypass).length === 0
        ? []
        : [
            seal(
              "It leaves some packets out of the detection of intrusions: bypassTrafficSettings.",
              "intrusionDetection.configuration.bypassTrafficSettings",
              bypass,
              "Take bypassTrafficSettings away.",
            ),
          ]),
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

/** What firewalls lack to see what passes them. */
export function firewallSeals(stack: AzureStack, tables: readonly RouteTable[]): readonly MissingSeal[] {
  return [...blindFirewalls(stack), ...idleFirewalls(stack, tables)];
}
