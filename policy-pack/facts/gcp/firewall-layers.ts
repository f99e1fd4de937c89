import { itemsOf, memberReading, reading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Blind, Network } from "../fact";

import { types } from "./compute-types";
import { FirewallRules, type FirewallRule } from "./firewall-rules";
import { gcpKey } from "./gcp-id";
import { labelOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersIn, ownersOf, regionOf } from "./owners";

const classicType = "gcp:compute:firewall";

/** What a kind of firewall policy is called, and where it is in force. */
interface PolicyKind {
  readonly scope: "organisation" | "global" | "regional";
  readonly policies: readonly ResourceType[];
  readonly rule: ResourceType;
  readonly association: ResourceType;
}

const kinds: readonly PolicyKind[] = [
  {
    scope: "organisation",
    policies: ["gcp:compute:firewallpolicy", "gcp:compute:firewallpolicywithrules"],
    rule: "gcp:compute:firewallpolicyrule",
    association: "gcp:compute:firewallpolicyassociation",
  },
  {
    scope: "global",
    policies: ["gcp:compute:networkfirewallpolicy", "gcp:compute:networkfirewallpolicywithrules"],
    rule: "gcp:compute:networkfirewallpolicyrule",
    association: "gcp:compute:networkfirewallpolicyassociation",
  },
  {
    scope: "regional",
    policies: ["gcp:compute:regionnetworkfirewallpolicy", "gcp:compute:regionnetworkfirewallpolicywithrules"],
    rule: "gcp:compute:regionnetworkfirewallpolicyrule",
    association: "gcp:compute:regionnetworkfirewallpolicyassociation",
  },
];

/** Types of which the packet filters of networks are made. */
export const firewallTypes: readonly ResourceType[] = [
  classicType,
  ...kinds.flatMap(({ policies, rule, association }) => [...policies, rule, association]),
  ...types.addressGroup,
];

/** A firewall policy, with its rules. */
export interface FirewallPolicy {
  readonly node: Node;
  readonly label: string;
  readonly scope: PolicyKind["scope"];
  readonly region: string | undefined;
  readonly rules: FirewallRule[];
}

/** Rules that are tried together, before or after others. */
export interface FirewallLayer {
  readonly rules: readonly FirewallRule[];
  /** Whether it is in force for certain, and by what it is, where it is not. */
  readonly assumption: string | undefined;
  /** Whether a denial comes before an allowance of the same priority. */
  readonly deniesFirst: boolean;
  /** The region in which alone it is in force; `undefined` where it is in each. */
  readonly region: string | undefined;
}

interface Association {
  readonly policy: FirewallPolicy;
  readonly node: Node;
  /** The networks with which it may be; none, where it is with an organisation or a folder. */
  readonly networks: readonly Network[];
  readonly isCertain: boolean;
}

/** The ways in which the layers of a network may be ordered: one, where it is known which. */
export type LayerOrders = readonly (readonly FirewallLayer[])[];

/** The orders in which layers may be tried of which nothing says which comes first: what any of them decides, it may decide first. */
function withEachFirst(layers: readonly FirewallLayer[]): LayerOrders {
  return layers.length < 2
    ? [layers]
    : layers.map((first) => [first, ...layers.filter((layer) => layer !== first)]);
}

/** The rules of networks and of firewall policies, and the order in which Google Cloud tries them. */
export class FirewallLayers {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #rules: FirewallRules;
  readonly #policies = new Map<string, FirewallPolicy>();
  readonly #associations: Association[] = [];
  readonly #attached = new Set<FirewallPolicy>();
  readonly #classic: { readonly rules: readonly FirewallRule[]; readonly networks: readonly Network[] }[] =
    [];
  readonly #blind: Blind[] = [];

  constructor(stack: GcpStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    this.#rules = new FirewallRules(stack);
    const { graph } = stack;
    for (const node of graph.ofType(classicType)) {
      this.#classic.push({
        rules: this.#rules.ofNetwork(node, labelOf(node)),
        networks: networks.candidates(networks.referents(node)),
      });
    }
    for (const kind of kinds) {
      for (const node of graph.ofType(...kind.policies)) {
        this.#readPolicy(node, kind);
      }
      for (const node of graph.ofType(kind.rule)) {
        this.#readRule(node, kind);
      }
      for (const node of graph.ofType(kind.association)) {
        this.#readAssociation(node, kind);
      }
    }
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** Policies that are associated with nothing that the stack shows. */
  get unattached(): readonly FirewallPolicy[] {
    return [...this.#policies.values()].filter((policy) => !this.#attached.has(policy));
  }

  get policies(): readonly FirewallPolicy[] {
    return [...this.#policies.values()];
  }

  /** Networks of which some rule speaks. */
  get networks(): readonly Network[] {
    return [
      ...new Set([
        ...this.#classic.flatMap(({ networks }) => networks),
        ...this.#associations.flatMap(({ networks }) => networks),
      ]),
    ].filter(({ isDetermined }) => isDetermined);
  }

  #readPolicy(node: Node, kind: PolicyKind): void {
    const { graph } = this.#stack;
    const label = labelOf(node);
    const rules = itemsOf(graph.read(node, "rules")).flatMap((item, index) => {
      const record = recordOf(item);
      return this.#rules.ofPolicy(
        node,
        `${label} rules[${String(index)}]`,
        (key) => memberReading(record, key),
        "rules",
      );
    });
    this.#policies.set(node.urn, {
      node,
      label,
      scope: kind.scope,
      region: kind.scope === "regional" ? regionOf(graph, node) : undefined,
      rules,
    });
  }

  /** The policies that a rule or an association may be of. */
  #policiesOf(node: Node, { policies }: PolicyKind): readonly FirewallPolicy[] {
    const { graph } = this.#stack;
    const referents = ownersOf(graph, node, "firewallPolicy", policies);
    return referents.flatMap((to) =>
      to.kind === "resource"
        ? (this.#policies.get(to.node.urn) ?? [])
        : to.kind === "undetermined"
          ? this.policies.filter(({ node: policy }) => policies.includes(policy.resourceType))
          : [],
    );
  }

  #readRule(node: Node, kind: PolicyKind): void {
    const { graph, zones } = this.#stack;
    const policies = this.#policiesOf(node, kind);
    const read = this.#rules.ofPolicy(node, labelOf(node), (key) => graph.read(node, key), undefined);
    const [only, ...others] = policies;
    if (only === undefined || others.length > 0) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "Of which firewall policy it is a rule cannot be known, or the policy is not in the stack.",
        remedy: "Set firewallPolicy to the name of a firewall policy of this stack, without computing it.",
      });
    }
    for (const policy of policies) {
      zones.inherit(
        policy.node.urn,
        zones.of(node.urn) === "phi" ? "phi" : undefined,
        `its rule ${node.name}`,
      );
      // A denial that may be another policy's proves nothing.
      policy.rules.push(
        ...read.filter((rule) => rule.action === "allow" || (others.length === 0 && only !== undefined)),
      );
    }
  }

  #readAssociation(node: Node, kind: PolicyKind): void {
    const policies = this.#policiesOf(node, kind);
    const networks =
      kind.scope === "organisation"
        ? []
        : this.#networks.candidates(this.#networks.referents(node, "attachmentTarget"));
    for (const policy of policies) {
      this.#associations.push({ policy, node, networks, isCertain: policies.length === 1 });
      this.#attached.add(policy);
    }
  }

  /** The rules of a network itself. */
  #ofNetwork(network: Network): FirewallLayer {
    const rules = this.#classic.flatMap(({ rules: written, networks: candidates }) => {
      const [only, ...others] = candidates;
      const isCertain = only === network && others.length === 0;
      const mayBe = candidates.some((one) => one === network || !one.isDetermined);
      const unsure = "of which network it is is not known";
      return isCertain
        ? written
        : mayBe
          ? written.map((rule) => ({ ...rule, assumption: rule.assumption ?? unsure }))
          : [];
    });
    return { rules, assumption: undefined, deniesFirst: true, region: undefined };
  }

  /** The policies of a scope that are in force in a network, or may be. */
  #ofPolicies(network: Network, scope: "global" | "regional"): readonly FirewallLayer[] {
    return this.#associations
      .filter(({ policy }) => policy.scope === scope)
      .flatMap(({ policy, node, networks: candidates, isCertain }): readonly FirewallLayer[] => {
        const isHere = candidates.some((one) => one === network || !one.isDetermined);
        const isCertainlyHere = isCertain && candidates.length === 1 && candidates[0] === network;
        const region =
          scope === "regional" ? (regionOf(this.#stack.graph, node) ?? policy.region) : undefined;
        const isSomewhere = scope === "regional" && region === undefined;
        return isHere
          ? [
              {
                rules: policy.rules,
                assumption: isSomewhere
                  ? "in which region it is in force is not known"
                  : isCertainlyHere
                    ? undefined
                    : `whether ${labelOf(node)} associates it with the network is not known`,
                deniesFirst: false,
                region,
              },
            ]
          : [];
      });
  }

  /** The policies of organisations and folders, which may be above a network: those of organisations, and of what is in them. */
  #ofOrganisation(network: Network): readonly (readonly FirewallLayer[])[] {
    const { graph } = this.#stack;
    const isOfAll = ({ node }: Association): boolean => {
      const target = textOf(graph.read(node, "attachmentTarget"));
      return target.kind === "known" && gcpKey(target.value).startsWith("organizations/");
    };
    const above = this.#associations.filter(({ policy }) => policy.scope === "organisation");
    return [above.filter(isOfAll), above.filter((one) => !isOfAll(one))].map((some) =>
      this.#inForceAbove(network, some),
    );
  }

  #inForceAbove(network: Network, associations: readonly Association[]): readonly FirewallLayer[] {
    return associations.flatMap(({ policy, node, isCertain }): readonly FirewallLayer[] => {
      const rules = policy.rules.flatMap((rule) => {
        const candidates = rule.networks === undefined ? undefined : this.#networks.candidates(rule.networks);
        if (candidates === undefined || (candidates.length === 1 && candidates[0] === network)) {
          return [rule];
        }
        const unsure = "for which networks it is meant is not known";
        const isCertain = candidates.includes(network);
        return isCertain
          ? [rule]
          : candidates.some((one) => !one.isDetermined)
            ? [{ ...rule, assumption: rule.assumption ?? unsure }]
            : [];
      });
      return [
        {
          rules,
          assumption:
            isCertain && this.#isAbove(node, network)
              ? undefined
              : `whether ${labelOf(node)} associates it with what the network's project is in is not known`,
          deniesFirst: false,
          region: undefined,
        },
      ];
    });
  }

  /** Whether an association certainly is of the folder or the organisation that the project of a network is in. */
  #isAbove(association: Node, network: Network): boolean {
    const { graph } = this.#stack;
    const last = (text: string): string => gcpKey(text).split("/").at(-1) ?? "";
    const own = this.#networks.nodeOf(network);
    if (own === undefined) {
      return false;
    }
    const target = textOf(graph.read(association, "attachmentTarget"));
    const project = textOf(graph.read(own, "project"));
    const said = project.kind === "absent" ? textOf(reading(own.providerInputs?.["project"])) : project;
    const projectType = "gcp:organizations:project";
    const projects =
      said.kind === "known"
        ? graph
            .bearers(`projects/${last(said.value)}`, [projectType])
            .flatMap(({ node, isCertain }) => (isCertain ? [node] : []))
        : graph
            .origins(own, "project", [projectType])
            .flatMap((to) => (to.kind === "resource" && !to.assumed ? [to.node] : []));
    const [only, ...others] = projects;
    if (only === undefined || others.length > 0) {
      return false;
    }
    const folderType = "gcp:organizations:folder";
    if (target.kind === "unknown") {
      const [folder] = ownersIn(graph, association, "attachmentTarget", target, [folderType]);
      const [above] = ownersOf(graph, only, "folderId", [folderType]);
      return (
        folder?.kind === "resource" &&
        !folder.assumed &&
        above?.kind === "resource" &&
        above.node === folder.node
      );
    }
    return (["folderId", "orgId"] as const).some((key) => {
      const parent = textOf(graph.read(only, key));
      return target.kind === "known" && parent.kind === "known" && last(parent.value) === last(target.value);
    });
  }

  /** The orders in which the layers of a network may be tried; whatever none of them decides, the implied rules do. */
  ordersOf(network: Network): LayerOrders {
    const { graph } = this.#stack;
    const above = this.#ofOrganisation(network);
    const classic = this.#ofNetwork(network);
    const regional = this.#ofPolicies(network, "regional");
    const regions = new Set(regional.map(({ region }) => region));
    const policies = [
      this.#ofPolicies(network, "global"),
      // Policies of two regions are never in force together.
      ...(regions.has(undefined)
        ? [regional]
        : [...regions].map((own) => regional.filter(({ region }) => region === own))),
    ];
    const node = this.#networks.nodeOf(network);
    const order =
      node === undefined ? undefined : textOf(graph.read(node, "networkFirewallPolicyEnforcementOrder"));
    const orders = (...groups: readonly (readonly FirewallLayer[])[]): LayerOrders =>
      groups.reduce<LayerOrders>(
        (found, group) =>
          found.flatMap((before) => withEachFirst(group).map((after) => [...before, ...after])),
        [[]],
      );
    const before = orders(...above, ...policies, [classic]);
    const after = orders(...above, [classic], ...policies);
    switch (order?.kind === "known" ? order.value.toUpperCase() : order?.kind) {
      case "BEFORE_CLASSIC_FIREWALL":
        return before;
      // Left out, a network's own rules come first (Compute Engine API, `networks`).
      case "absent":
      case "AFTER_CLASSIC_FIREWALL":
        return after;
      default:
        return [...before, ...after];
    }
  }

  /** The rules of one policy by itself, as if it were in force in a network. */
  asIfInForce(policy: FirewallPolicy): LayerOrders {
    return [
      [
        {
          rules: policy.rules,
          assumption: undefined,
          deniesFirst: false,
          region: undefined,
        },
      ],
    ];
  }
}
