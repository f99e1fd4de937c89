import { flagOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { labelOf } from "../label";
import { valuesAt, type PropertyPath } from "../property-path";

import { types } from "./compute-types";
import { ownersIn, ownersOf } from "./owners";

const associationType = "gcp:networksecurity:firewallendpointassociation";
const groupType = "gcp:networksecurity:securityprofilegroup";

/** Types by which packets that a firewall rule lets pass are looked into. */
export const firewallInspectionTypes: readonly ResourceType[] = [
  "gcp:networksecurity:firewallendpoint",
  associationType,
  groupType,
  "gcp:networksecurity:securityprofile",
  "gcp:networksecurity:tlsinspectionpolicy",
];

/** Why packets that a rule lets pass are not looked into, or may not be. */
export interface Uninspected {
  readonly why: string;
  readonly assumption: string | undefined;
}

/** A rule of a firewall policy, as it is written. */
export interface WrittenFirewallRule {
  readonly node: Node;
  /** The property of the resource in which the rule stands, where it is a part of a policy: `rules`. */
  readonly within?: string;
  /** Reads a property of the rule. */
  readonly read: (key: string) => Reading<unknown>;
}

/** What runs in a zone of the cloud, and where it names its network or its subnet. */
const zonal: ReadonlyMap<ResourceType, readonly PropertyPath[]> = new Map<
  ResourceType,
  readonly PropertyPath[]
>([
  [
    "gcp:compute:instance",
    [
      ["networkInterfaces", "subnetwork"],
      ["networkInterfaces", "network"],
    ],
  ],
  ["gcp:compute:networkendpointgroup", [["subnetwork"], ["network"]]],
]);

/** The endpoints of a stack that look into packets, and the rules that hand packets to them. */
export class FirewallInspection {
  readonly #graph: StackGraph;

  constructor(graph: StackGraph) {
    this.#graph = graph;
  }

  /**
   * Why packets that a rule of a firewall policy lets pass in a network are not looked into; `undefined` where they are.
   *
   * @param network the network in which the rule is in force; `undefined` where that is not known.
   */
  uninspectedBy(rule: WrittenFirewallRule, network: Node | undefined): Uninspected | undefined {
    const action = textOf(rule.read("action"));
    if (action.kind !== "known" || action.value !== "apply_security_profile_group") {
      return {
        why: "passes packets by their headers alone",
        assumption: action.kind === "unknown" ? "`action` is not known" : undefined,
      };
    }
    const inspects = flagOf(rule.read("tlsInspect"));
    if (inspects.kind !== "known" || !inspects.value) {
      return {
        why: "passes TLS without ending it (tlsInspect)",
        assumption: inspects.kind === "unknown" ? "`tlsInspect` is not known" : undefined,
      };
    }
    return this.#emptyGroup(rule) ?? this.#unwatched(network);
  }

  /** Whether the profiles that a rule applies are none. */
  #emptyGroup({ node, within, read }: WrittenFirewallRule): Uninspected | undefined {
    const graph = this.#graph;
    const group = read("securityProfileGroup");
    const named =
      group.kind === "absent"
        ? []
        : ownersIn(graph, node, within ?? "securityProfileGroup", group, [groupType]);
    const own = named.flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    const isEmpty = own.some((one) =>
      ["threatPreventionProfile", "urlFilteringProfile"].every(
        (key) => graph.read(one, key).kind === "absent",
      ),
    );
    if (named.length === 0 || isEmpty) {
      return { why: "applies no profile by which packets are looked into", assumption: undefined };
    }
    return own.length === named.length
      ? undefined
      : {
          why: "applies profiles that the stack does not show",
          assumption: "what its security profile group looks for is not in the stack",
        };
  }

  /** The associations that put endpoints into a network. */
  #associations(network: Node): readonly Node[] {
    return this.#graph
      .ofType(associationType)
      .filter((association) =>
        ownersOf(this.#graph, association, "network", types.network).some(
          (to) => to.kind === "resource" && to.node === network,
        ),
      );
  }

  /** Why no endpoint of a network looks into what is handed to it, or not everywhere. */
  #unwatched(network: Node | undefined): Uninspected | undefined {
    const graph = this.#graph;
    if (network === undefined) {
      return {
        why: "hands packets to endpoints that may not be there",
        assumption: "in which network it is in force is not known",
      };
    }
    const associations = this.#associations(network);
    const enabled = associations.filter((association) => {
      const disabled = flagOf(graph.read(association, "disabled"));
      return disabled.kind === "absent" || (disabled.kind === "known" && !disabled.value);
    });
    if (enabled.length === 0) {
      return {
        why: `hands packets to an endpoint, and none is in ${labelOf(network)}`,
        assumption: undefined,
      };
    }
    const blind = enabled.find(
      (association) => graph.read(association, "tlsInspectionPolicy").kind === "absent",
    );
    if (blind !== undefined) {
      return {
        why: `hands packets to ${labelOf(blind)}, which has no authority to end TLS with (tlsInspectionPolicy)`,
        assumption: undefined,
      };
    }
    const places = enabled.map((association) => textOf(graph.read(association, "location")));
    const missing = this.#zonesOf(network).filter(
      (zone) => !places.some((place) => place.kind === "known" && place.value === zone),
    );
    if (missing.length === 0) {
      return undefined;
    }
    return {
      why: `hands packets to an endpoint, and none is in ${missing.join(", ")}`,
      assumption: places.some(({ kind }) => kind === "unknown")
        ? "in which zones its endpoints are is not known"
        : undefined,
    };
  }

  /** The zones of the cloud in which something of a network runs. */
  #zonesOf(network: Node): readonly string[] {
    const graph = this.#graph;
    const subnets = graph
      .ofType(...types.subnet)
      .filter((subnet) =>
        ownersOf(graph, subnet, "network", types.network).some(
          (to) => to.kind === "resource" && to.node === network,
        ),
      );
    const inNetwork: readonly Node[] = [network, ...subnets];
    const zones = [...zonal].flatMap(([type, paths]) =>
      graph.ofType(type).flatMap((node) => {
        const zone = textOf(graph.read(node, "zone"));
        const isInside = paths
          .flatMap((path) =>
            valuesAt(graph, node, path).flatMap((value) =>
              [types.subnet, types.network].flatMap((some) => ownersIn(graph, node, path[0], value, some)),
            ),
          )
          .some((to) => to.kind === "resource" && inNetwork.includes(to.node));
        return zone.kind === "known" && isInside ? [zone.value] : [];
      }),
    );
    return [...new Set(zones)].sort();
  }
}
