import { everyAddress } from "../../address-range";
import { subtract } from "../../packet-set";
import { allPackets } from "../../reachability";
import { flagOf, textOf } from "../../reading";
import { everyProtocol, type MissingSeal, type Network } from "../fact";
import type { Safeguard } from "../safeguard";

import type { FirewallLayers } from "./firewall-layers";
import type { FirewallRule } from "./firewall-rules";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";

/** Whether a rule denies everything of a family in a direction, to everything in its network. */
function deniesAll(rule: FirewallRule, family: "ipv4" | "ipv6", direction: "egress" | "ingress"): boolean {
  const isWhole = rule.extents.some(({ protocols }) => protocols.to - protocols.from === everyProtocol.to);
  const ranges = rule.far(direction).flatMap((end) => (end.kind === "addresses" ? [end.range] : []));
  return (
    rule.action === "deny" &&
    rule.assumption === undefined &&
    rule.targets === undefined &&
    rule.networks === undefined &&
    rule.directions.includes(direction) &&
    isWhole &&
    subtract(allPackets([everyAddress[family]]), allPackets(ranges)).length === 0
  );
}

const families = ["ipv4", "ipv6"] as const;
const directions = ["egress", "ingress"] as const;

/**
 * What is missing on networks of zones that would close what Google opens by default.
 *
 * @param zoned the networks of which something is in a zone.
 */
export function networkSealsMissing(
  stack: GcpStack,
  networks: Networks,
  layers: FirewallLayers,
  zoned: readonly Network[],
): readonly MissingSeal[] {
  const { graph } = stack;
  return [
    ...zoned.flatMap((network): readonly MissingSeal[] => {
      const node = networks.nodeOf(network);
      if (node === undefined) {
        return [];
      }
      const { urn, label, platform } = network;
      const seal = (what: string, remedy: string): MissingSeal => ({ urn, label, platform, what, remedy });
      const deleted = flagOf(graph.read(node, "deleteDefaultRoutesOnCreate"));
      const makes = networks.makesSubnets(network);
      const order = textOf(graph.read(node, "networkFirewallPolicyEnforcementOrder"));
      const rules = layers
        .ordersOf(network)
        .flatMap((all) => all.flatMap((layer) => (layer.assumption === undefined ? layer.rules : [])));
      const open = directions.flatMap((direction) =>
        families
          .filter((family) => !rules.some((rule) => deniesAll(rule, family, direction)))
          .map((family) => ({ family, direction })),
      );
      const silent = new Set(
        directions.flatMap((direction) =>
          families.flatMap((family) =>
            rules.filter((rule) => deniesAll(rule, family, direction) && !rule.isLogged),
          ),
        ),
      );
      return [
        ...(deleted.kind === "known" && deleted.value
          ? []
          : [
              seal(
                "Google gives it a default route to the Internet (deleteDefaultRoutesOnCreate).",
                "Set deleteDefaultRoutesOnCreate to true before the network is created.",
              ),
            ]),
        ...(makes.kind === "known" && !makes.value
          ? []
          : [
              seal(
                "Google makes a subnet of it in each region (autoCreateSubnetworks).",
                "Set autoCreateSubnetworks to false.",
              ),
            ]),
        ...(order.kind === "known" && order.value.toUpperCase() === "BEFORE_CLASSIC_FIREWALL"
          ? []
          : [
              seal(
                "Rules of the network itself come before its firewall policies (networkFirewallPolicyEnforcementOrder).",
                "Set networkFirewallPolicyEnforcementOrder to BEFORE_CLASSIC_FIREWALL.",
              ),
            ]),
        ...[...silent].map((rule): MissingSeal => ({
          urn: rule.urn,
          label: rule.name,
          platform,
          what: "It denies everything that no other rule lets pass, and tells nobody what it denied.",
          remedy: "Set enableLogging of it to true, or logConfig of a rule of a network.",
        })),
        ...open.map(({ family, direction }) =>
          seal(
            `No rule of its own denies ${family === "ipv4" ? "0.0.0.0/0" : "::/0"} in direction ${direction}: ${direction === "egress" ? "what Google implies lets everything out" : "what Google implies denies the rest"}, and is never logged.`,
            `Deny ${family === "ipv4" ? "0.0.0.0/0" : "::/0"} to everything in the network, behind all other rules, and log it.`,
          ),
        ),
      ];
    }),
    ...layers.unattached.flatMap(({ node, label }): readonly MissingSeal[] => {
      const zone = stack.zones.of(node.urn);
      const platform = platformOf(stack, node);
      return zone === undefined && platform === undefined
        ? []
        : [
            {
              urn: node.urn,
              label,
              platform,
              what: "It is associated with no network, so that none of its rules is in force.",
              remedy: "Associate it with its network, or take it away.",
            },
          ];
    }),
  ];
}

/**
 * Defaults of networks of zones that are closed, and what stands in their place.
 *
 * @param zoned the networks of which something is in a zone.
 */
export function networkSeals(
  stack: GcpStack,
  networks: Networks,
  layers: FirewallLayers,
  zoned: readonly Network[],
): readonly Safeguard[] {
  const { graph } = stack;
  return zoned.flatMap((network): readonly Safeguard[] => {
    const node = networks.nodeOf(network);
    if (node === undefined) {
      return [];
    }
    const { zone, urn, label } = network;
    const evidence = [{ urn, label }];
    const deleted = flagOf(graph.read(node, "deleteDefaultRoutesOnCreate"));
    const makes = networks.makesSubnets(network);
    const rules = layers
      .ordersOf(network)
      .flatMap((all) => all.flatMap((layer) => (layer.assumption === undefined ? layer.rules : [])));
    const denials = directions.flatMap((direction) =>
      families.map((family) => rules.find((rule) => deniesAll(rule, family, direction))),
    );
    const denying = denials.filter((rule) => rule !== undefined);
    return [
      ...(deleted.kind === "known" && deleted.value && makes.kind === "known" && !makes.value
        ? [
            {
              zone,
              what: "the network is made without Google's default routes and without subnets of Google's",
              evidence,
            },
          ]
        : []),
      ...(denying.length === denials.length
        ? [
            {
              zone,
              what: "rules of the network's own deny everything in both directions and of both families, behind what they allow",
              evidence: [
                ...evidence,
                ...[...new Set(denying.map(({ urn: of }) => of))].flatMap((of) => {
                  const rule = graph.node(of);
                  return rule === undefined ? [] : [{ urn: of, label: labelOf(rule) }];
                }),
              ],
            },
          ]
        : []),
    ];
  });
}
