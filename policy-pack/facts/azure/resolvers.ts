import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { MissingSeal, Network, ResolverOpening, Subnet } from "../fact";
import { valuesAt, type PropertyPath } from "../property-path";
import { carryingName, resolverOpening } from "../resolver-openings";

import { types, type AzureStack } from "./azure-stack";
import { DnsPolicies, dnsPolicyTypes } from "./dns-policies";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import { platformDns } from "./platform-tags";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";
import { wordOf } from "./word";

const resolverType = "azure-native:dnsresolver:dnsresolver";
const outboundType = "azure-native:dnsresolver:outboundendpoint";
const rulesetType = "azure-native:dnsresolver:dnsforwardingruleset";
const forwardingType = "azure-native:dnsresolver:forwardingrule";
const rulesetLinkType = "azure-native:dnsresolver:privateresolvervirtualnetworklink";
const zoneType = "azure-native:privatedns:privatezone";
const zoneLinkType = "azure-native:privatedns:virtualnetworklink";
const recordType = "azure-native:privatedns:privaterecordset";

/** Types from which facts about name resolution are drawn. */
export const resolverTypes: readonly ResourceType[] = [
  ...dnsPolicyTypes,
  resolverType,
  "azure-native:dnsresolver:inboundendpoint",
  outboundType,
  rulesetType,
  forwardingType,
  rulesetLinkType,
  zoneType,
  zoneLinkType,
  recordType,
];

/** A network's own resolver, at the address that it has in every network (Azure Virtual Network, "What is IP address 168.63.129.16?"). */
const ownResolver = platformDns.address;

const otherServer = "what is in it asks another resolver than Azure's, which no DNS security policy sees";

/** Where machines say with which interfaces they are made. */
const madeInterfaces: ReadonlyMap<ResourceType, PropertyPath> = new Map<ResourceType, PropertyPath>([
  ["azure-native:compute:virtualmachine", ["networkProfile", "networkInterfaceConfigurations"]],
  [
    "azure-native:compute:virtualmachinescaleset",
    ["virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"],
  ],
]);

/** Something that is told of name servers, or may be. */
interface Told {
  readonly node: Node;
  readonly settings: Reading<unknown>;
  readonly subnets: readonly Subnet[];
}

/** The resolvers of a stack's networks: what they answer, and where they send what is asked. */
export class Resolvers {
  readonly #stack: AzureStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #groups: SecurityGroups;
  readonly #policies: DnsPolicies;
  /** What is told of name servers, once somebody has asked: each network is asked about. */
  #told: readonly Told[] | undefined;

  constructor(stack: AzureStack, networks: Networks, subnets: Subnets, groups: SecurityGroups) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#groups = groups;
    this.#policies = new DnsPolicies(stack, networks);
  }

  /** @param holdingPhi the networks that hold something of the PHI zone. */
  openings(holdingPhi: readonly Network[]): readonly ResolverOpening[] {
    return holdingPhi.flatMap((network) => [
      // Whoever is told of another name server asks it, whether the network's own answers or not.
      ...this.#otherServers(network),
      ...this.#endpoints(network),
      ...(this.isOff(network) ? [] : [...this.#policies.openings(network), ...this.#forwarding(network)]),
    ]);
  }

  /** The rules of a network's DNS security policy up to the one that blocks what none before it answers. */
  closingRules(network: Network): readonly { readonly node: Node; readonly says: string }[] {
    return this.#policies.closingRules(network);
  }

  /** The DNS security policies that certainly are in force on a network. */
  policiesOf(network: Network): readonly Node[] {
    const { policies, isCertain } = this.#policies.inForce(network);
    return isCertain ? policies : [];
  }

  /**
   * Networks whose resolver answers names that nobody named to what is outside of the PHI zone. Names that the stack lists
   * are its own to say there; what the zone itself is answered is {@link openings}.
   *
   * @param zoned the networks that hold something of a zone.
   * @param holdingPhi those that hold something of the PHI zone.
   */
  unfiltered(zoned: readonly Network[], holdingPhi: readonly Network[]): readonly MissingSeal[] {
    return zoned
      .filter((network) => !holdingPhi.includes(network) || this.isOff(network))
      .filter((network) => !this.isSilent(network) && this.#answersAnyName(network))
      .map(({ urn, label, platform }) => ({
        urn,
        label,
        platform,
        what: "No DNS security policy is in force on it that answers the names of Azure's services alone and blocks every other.",
        remedy: "Link a DnsResolverPolicy to it that ends in a rule Block for the domain `.`.",
      }));
  }

  /** The DNS security policies of a network that answer no name which nobody named; none where such a name is answered. */
  blockingPolicies(network: Network): readonly Node[] {
    return this.#answersAnyName(network) ? [] : this.policiesOf(network);
  }

  /** Whether the resolver of a network answers a name that nobody named, or something sends it on. */
  #answersAnyName(network: Network): boolean {
    return [...this.#policies.openings(network), ...this.#forwarding(network)].some(
      ({ name }) => name === carryingName,
    );
  }

  /** The subnets of a network that are in a zone. The resolver is on for all, but each subnet's group can deny it. */
  #zoned(network: Network): readonly Subnet[] {
    return this.#subnets.all.filter((subnet) => subnet.network === network && subnet.zone !== undefined);
  }

  #denies(subnet: Subnet): boolean {
    return this.#groups.deniesOnSubnet(subnet, platformDns);
  }

  /** The subnets of the PHI zone, where the groups of all of them deny the resolver to what is in them; else none. */
  denials(network: Network): readonly Subnet[] {
    const inPhi = this.#zoned(network).filter(({ zone }) => zone === "phi");
    return inPhi.every((subnet) => this.#denies(subnet)) ? inPhi : [];
  }

  /** Whether nothing in the PHI zone's subnets of a network is answered at all. */
  isOff(network: Network): boolean {
    return this.denials(network).length > 0;
  }

  /** Whether nothing in any zone's subnets of a network is answered at all, so that there are no queries. */
  isSilent(network: Network): boolean {
    const zoned = this.#zoned(network);
    return zoned.length > 0 && zoned.every((subnet) => this.#denies(subnet));
  }

  /** What sends queries past the policy, or to somebody else's resolver. */
  #forwarding(network: Network): readonly ResolverOpening[] {
    return [...this.#rulesets(network), ...this.#zones(network)];
  }

  #leadsTo(node: Node, key: string, network: Network): boolean {
    const { graph } = this.#stack;
    const id = memberReading(recordOf(graph.read(node, key)), "id");
    return (
      id.kind !== "absent" &&
      this.#networks.mayLeadTo(graph.referentsOf(node, key, id, types.network), network)
    );
  }

  /** Endpoints in the PHI zone by which a resolver sends queries out. Elsewhere one does nothing without a ruleset. */
  #endpoints(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph.ofType(outboundType).flatMap((node) => {
      const placed = this.#subnets.at(node, ["subnet", "id"]);
      const inPhi = placed.subnets.filter((subnet) => subnet.network === network && subnet.zone === "phi");
      const isUnknown = placed.subnets.length === 0 && placed.isAmbiguous;
      return inPhi.length === 0 && !isUnknown
        ? []
        : [
            resolverOpening(graph, network, {
              by: node,
              what: "a resolver's endpoint sends queries out of it",
              assumption: placed.isAmbiguous ? "in which subnet the endpoint is" : undefined,
              remedy: "Take the outbound endpoint away.",
            }),
          ];
    });
  }

  /** Rulesets by which queries for some domains go to other servers. */
  #rulesets(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType(rulesetLinkType)
      .filter((link) => this.#leadsTo(link, "virtualNetwork", network))
      .flatMap((link): readonly ResolverOpening[] => {
        const rulesets = ownersOf(graph, link, "dnsForwardingRulesetName", rulesetType);
        const isShown = rulesets.length === 1 && rulesets.every(({ kind }) => kind === "resource");
        const rules = graph.ofType(forwardingType).filter((rule) => {
          const of = ownersOf(graph, rule, "dnsForwardingRulesetName", rulesetType);
          const state = wordOf(graph.read(rule, "forwardingRuleState"));
          return !(state.kind === "known" && state.value === "disabled") && mayBeSame(of, rulesets);
        });
        const remedy = "Take the link away.";
        const what = "a ruleset sends queries for some names to another resolver";
        return isShown && rules.length === 0
          ? []
          : [
              resolverOpening(graph, network, {
                by: link,
                what,
                assumption: rules.length > 0 ? undefined : "what rules the ruleset has is not in the stack",
                remedy,
              }),
            ];
      });
  }

  /** Private zones that are answered in a network, and what they do with names that they do not hold. */
  #zones(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const links = graph.ofType(zoneLinkType).filter((link) => this.#leadsTo(link, "virtualNetwork", network));
    const found = links.flatMap((link): readonly ResolverOpening[] => {
      const policy = wordOf(graph.read(link, "resolutionPolicy"));
      const registration = flagOf(graph.read(link, "registrationEnabled"));
      const isFallingBack =
        policy.kind === "unknown" || (policy.kind === "known" && policy.value !== "default");
      const isRegistering =
        registration.kind === "unknown" || (registration.kind === "known" && registration.value);
      return [
        ...(isFallingBack
          ? [
              resolverOpening(graph, network, {
                by: link,
                what: "names that a private zone does not hold are asked of the Internet",
                assumption: policy.kind === "unknown" ? "`resolutionPolicy` is not known" : undefined,
                remedy: 'Set resolutionPolicy to "Default".',
              }),
            ]
          : []),
        ...(isRegistering
          ? [
              resolverOpening(graph, network, {
                by: link,
                what: "whatever starts in it writes its name into a zone that others read",
                assumption:
                  registration.kind === "unknown" ? "`registrationEnabled` is not known" : undefined,
                remedy: "Set registrationEnabled to false.",
              }),
            ]
          : []),
      ];
    });
    const answered = links.flatMap((link) => ownersOf(graph, link, "privateZoneName", zoneType));
    const delegations = graph.ofType(recordType).flatMap((node): readonly ResolverOpening[] => {
      const type = wordOf(graph.read(node, "recordType"));
      const isDelegation = type.kind === "unknown" || (type.kind === "known" && type.value === "ns");
      const of = ownersOf(graph, node, "privateZoneName", zoneType);
      return isDelegation && mayBeSame(of, answered)
        ? [
            resolverOpening(graph, network, {
              by: node,
              what: "a private zone of it hands a name on to other name servers",
              assumption: type.kind === "unknown" ? "`recordType` is not known" : undefined,
              remedy: "Take the NS record away.",
            }),
          ]
        : [];
    });
    return [...found, ...delegations];
  }

  /** Name servers of which whatever starts in a network, or behind one of its interfaces, is told. */
  #otherServers(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const vnet = graph.node(network.urn);
    const ofNetwork =
      vnet === undefined
        ? []
        : this.#servers(network, vnet, "dhcpOptions.dnsServers", graph.read(vnet, "dhcpOptions"));
    this.#told ??= this.#toldServers();
    const ofInterfaces = this.#told.flatMap(({ node, settings, subnets }) => {
      const isHere = subnets.some((subnet) => subnet.network === network && subnet.zone === "phi");
      return isHere || this.#stack.zones.of(node.urn) === "phi"
        ? this.#servers(network, node, "dnsSettings.dnsServers", settings)
        : [];
    });
    return [...ofNetwork, ...ofInterfaces];
  }

  /** Interfaces, and what makes some, that are told of name servers, with where they are. */
  #toldServers(): readonly Told[] {
    const { graph } = this.#stack;
    const told = (node: Node, path: PropertyPath, read: readonly Reading<unknown>[]): readonly Told[] => {
      const said = read.filter(({ kind }) => kind !== "absent");
      return said.length === 0
        ? []
        : said.map((settings) => ({ node, settings, subnets: this.#subnets.at(node, path).subnets }));
    };
    return [
      ...graph
        .ofType(...types.networkInterface)
        .flatMap((node) =>
          told(node, ["ipConfigurations", "subnet", "id"], [graph.read(node, "dnsSettings")]),
        ),
      ...graph.ofType(...madeInterfaces.keys()).flatMap((node) => {
        const path = madeInterfaces.get(node.resourceType) ?? [node.resourceType];
        return told(
          node,
          [...path, "ipConfigurations", "subnet", "id"],
          valuesAt(graph, node, [...path, "dnsSettings"]),
        );
      }),
    ];
  }

  #servers(
    network: Network,
    node: Node,
    path: string,
    settings: Reading<unknown>,
  ): readonly ResolverOpening[] {
    const servers = itemsOf(memberReading(recordOf(settings), "dnsServers")).map(textOf);
    const others = servers.filter(
      (server) =>
        server.kind !== "known" ||
        (server.value !== ownResolver && server.value.toLowerCase() !== "azureprovideddns"),
    );
    return others.length === 0
      ? []
      : [
          resolverOpening(this.#stack.graph, network, {
            by: node,
            what: otherServer,
            assumption: others.every(({ kind }) => kind !== "known")
              ? `\`${path}\` are not known`
              : undefined,
            remedy: `Leave ${path} out.`,
          }),
        ];
  }
}

/** Whether two parts may be of one owner. */
function mayBeSame(ones: readonly Referent[], others: readonly Referent[]): boolean {
  return ones.some((one) =>
    others.some(
      (other) =>
        one.kind === "undetermined" ||
        other.kind === "undetermined" ||
        (one.kind === "resource" && other.kind === "resource" && one.node === other.node) ||
        (one.kind === "external" && other.kind === "external" && one.id === other.id),
    ),
  );
}
