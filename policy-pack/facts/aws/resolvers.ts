import { flagOf, itemsOf, listOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { MissingSeal, Network, ResolverOpening } from "../fact";

import { types, type AwsStack } from "./aws-stack";
import { DnsFirewalls, dnsFirewallTypes } from "./dns-firewalls";
import type { Networks } from "./networks";
import { PrivateZones, privateZoneTypes } from "./private-zones";
import { resolverOpening } from "../resolver-openings";
import type { Subnets } from "./subnets";

const optionsType = ["aws:ec2:vpcdhcpoptions", "aws:ec2:defaultvpcdhcpoptions"];
const ruleType = ["aws:route53:resolverrule"];

/** Types from which facts about name resolution are drawn. */
export const resolverTypes = [
  ...optionsType,
  ...ruleType,
  ...privateZoneTypes,
  ...dnsFirewallTypes,
  "aws:ec2:vpcdhcpoptionsassociation",
  "aws:route53:profilesassociation",
  "aws:route53:record",
  "aws:route53:resolverendpoint",
  "aws:route53:resolverquerylogconfig",
  "aws:route53:resolverquerylogconfigassociation",
  "aws:route53:resolverruleassociation",
  "aws:route53:zoneassociation",
] as const;

/** The network's own resolver, by its names and by the addresses that it has in every network (Amazon VPC user guide, "Amazon DNS server"). */
const ownResolver: readonly unknown[] = ["AmazonProvidedDNS", "169.254.169.253", "fd00:ec2::253"];

/** In the place of an id: no DHCP options at all, and so no name server (Amazon EC2 API, `AssociateDhcpOptions`). */
const noOptions = "default";

/** Whether a resource is the one that a property names for certain. */
function isCertain(referents: readonly Referent[]): boolean {
  return referents.length > 0 && referents.every((to) => to.kind === "resource" && !to.assumed);
}

function resources(referents: readonly Referent[]): readonly Node[] {
  return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
}

/** The resolvers of a stack's networks: what they answer, and where they send what is asked. */
export class Resolvers {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #zonesOfNetworks: PrivateZones;
  readonly #firewalls: DnsFirewalls;

  constructor(stack: AwsStack, networks: Networks, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#zonesOfNetworks = new PrivateZones(stack, networks);
    this.#firewalls = new DnsFirewalls(stack, networks, this.#zonesOfNetworks);
  }

  /** @param holdingPhi the networks that hold something of the PHI zone. */
  openings(holdingPhi: readonly Network[]): readonly ResolverOpening[] {
    return holdingPhi.flatMap((network) => [
      // Whoever is told of another name server asks it, whether the network's own answers or not.
      ...this.#otherServers(network),
      ...(this.isOff(network) ? [] : [...this.#firewalls.openings(network), ...this.#forwarding(network)]),
    ]);
  }

  /** The rules of a network's DNS firewall up to the one that blocks what none before it answers. */
  closingRules(network: Network): readonly { readonly node: Node; readonly says: string }[] {
    return this.#firewalls.closingRules(network);
  }

  /** Networks whose resolver answers names that nobody named. */
  unfiltered(networks: readonly Network[]): readonly MissingSeal[] {
    return networks
      .filter(
        (network) =>
          !this.isOff(network) &&
          [
            ...this.#firewalls.openings(network),
            // Who reaches the Internet may tell it by a name as well, so that nothing there asks another resolver.
            ...(network.zone === "egress"
              ? [...this.#otherServers(network), ...this.#forwarding(network)]
              : []),
          ].length > 0,
      )
      .map(({ urn, label, platform }) => ({
        urn,
        label,
        platform,
        what: "No DNS firewall is in force on it that answers the names of AWS's services alone, in an egress zone those of declared providers besides, and blocks every other.",
        remedy: "Associate a rule group that ends in a rule BLOCK for the domain *.",
      }));
  }

  /** Networks whose queries nothing records. */
  unrecorded(networks: readonly Network[]): readonly Network[] {
    const associations = this.#stack.graph.ofType("aws:route53:resolverquerylogconfigassociation");
    return networks.filter(
      (network) =>
        !this.isOff(network) &&
        !associations.some((node) => this.#networks.isOf(node, "resourceId", network)),
    );
  }

  /** Whether nothing in a network is answered at all. */
  isOff(network: Network): boolean {
    const { graph } = this.#stack;
    const vpc = graph.node(network.urn);
    const support: Reading<boolean> =
      vpc === undefined ? { kind: "unknown" } : flagOf(graph.read(vpc, "enableDnsSupport"));
    return support.kind === "known" && !support.value;
  }

  /** What sends queries past the firewall, or to somebody else's resolver. */
  #forwarding(network: Network): readonly ResolverOpening[] {
    return [
      ...this.#endpoints(network),
      ...this.#rules(network),
      ...this.#profiles(network),
      ...this.#zones(network),
    ];
  }

  #endpoints(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph.ofType("aws:route53:resolverendpoint").flatMap((node) => {
      const direction = textOf(graph.read(node, "direction"));
      const isInbound = direction.kind === "known" && direction.value.startsWith("INBOUND");
      const placed = itemsOf(graph.read(node, "ipAddresses")).flatMap((item) =>
        graph.referentsOf(node, "ipAddresses", memberReading(recordOf(item), "subnetId"), types.subnet),
      );
      const isHere =
        placed.some(({ kind }) => kind !== "resource") ||
        this.#subnets.of(placed).some((subnet) => subnet.network === network);
      return isInbound || !isHere
        ? []
        : [
            resolverOpening(graph, network, {
              by: node,
              what: "a resolver endpoint sends queries out of it",
              assumption: direction.kind === "unknown" ? "`direction` is not known" : undefined,
              remedy: "Take the outbound endpoint away.",
            }),
          ];
    });
  }

  /** Rules by which queries for a domain go to others; one of the type SYSTEM leaves them to the network's resolver. */
  #rules(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:route53:resolverruleassociation")
      .filter((node) => this.#networks.mayBeOf(node, "vpcId", network))
      .flatMap((node) => {
        const rules = graph.referents(node, "resolverRuleId", ruleType);
        const kinds = resources(rules).map((rule) => textOf(graph.read(rule, "ruleType")));
        const isKnown = isCertain(rules) && kinds.every(({ kind }) => kind === "known");
        return isKnown && kinds.every((kind) => kind.kind === "known" && kind.value === "SYSTEM")
          ? []
          : [
              resolverOpening(graph, network, {
                by: node,
                what: "a resolver rule sends queries for some names to another resolver",
                assumption: isKnown ? undefined : "`ruleType` of the rule is not known",
                remedy: "Take the association away.",
              }),
            ];
      });
  }

  #profiles(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:route53:profilesassociation")
      .filter((node) => this.#networks.mayBeOf(node, "resourceId", network))
      .map((node) =>
        resolverOpening(graph, network, {
          by: node,
          what: "a profile brings rules of resolution that are not in the stack",
          remedy: "Take the association away.",
        }),
      );
  }

  /** Zones that are answered in a network: of others, or of the stack with names that are handed on to other servers. */
  #zones(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const associations = graph
      .ofType("aws:route53:zoneassociation")
      .filter((node) => this.#networks.mayBeOf(node, "vpcId", network))
      .map((node) => ({ node, zones: graph.referents(node, "zoneId", privateZoneTypes) }));
    const answered = new Set([
      ...this.#zonesOfNetworks.mayBeIn(network),
      ...associations.flatMap(({ zones }) => resources(zones)),
    ]);
    const delegations = graph.ofType("aws:route53:record").flatMap((node) => {
      const type = textOf(graph.read(node, "type"));
      const isDelegation = type.kind === "unknown" || (type.kind === "known" && type.value === "NS");
      const zones = graph.referents(node, "zoneId", privateZoneTypes);
      const isHere =
        resources(zones).some((zone) => answered.has(zone)) ||
        (answered.size > 0 && zones.some(({ kind }) => kind === "undetermined"));
      return isDelegation && isHere
        ? [
            resolverOpening(graph, network, {
              by: node,
              what: "a private zone of it hands a name on to other name servers",
              assumption: type.kind === "unknown" ? "`type` is not known" : undefined,
              remedy: "Take the NS record away.",
            }),
          ]
        : [];
    });
    return [
      ...delegations,
      ...associations
        .filter(({ zones }) => !isCertain(zones))
        .map(({ node }) =>
          resolverOpening(graph, network, {
            by: node,
            what: "a zone that another network owns is answered in it",
            remedy: "Take the association away, and keep the zone's records in a zone of this network.",
          }),
        ),
    ];
  }

  /** Name servers of which DHCP tells whatever starts in a network. */
  #otherServers(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return graph
      .ofType("aws:ec2:vpcdhcpoptionsassociation")
      .filter((node) => this.#networks.mayBeOf(node, "vpcId", network))
      .flatMap((association) =>
        graph
          .referents(association, "dhcpOptionsId", optionsType)
          .flatMap((referent): readonly ResolverOpening[] => {
            const others = itemsOf(this.#serversOf(referent)).filter(
              (server) => server.kind !== "known" || !ownResolver.includes(server.value),
            );
            return others.length === 0
              ? []
              : [
                  resolverOpening(graph, network, {
                    by: referent.kind === "resource" ? referent.node : association,
                    what: "what is in it asks another resolver than Amazon's, which no DNS firewall sees",
                    assumption: others.every(({ kind }) => kind !== "known")
                      ? "`domainNameServers` are not known"
                      : undefined,
                    remedy: "Set domainNameServers to AmazonProvidedDNS.",
                  }),
                ];
          }),
      );
  }

  #serversOf(options: Referent): Reading<readonly unknown[]> {
    const { graph } = this.#stack;
    switch (options.kind) {
      case "resource":
        // AWS's own options name its resolver, and nothing changes them.
        return options.node.resourceType === "aws:ec2:defaultvpcdhcpoptions"
          ? { kind: "absent" }
          : listOf(graph.read(options.node, "domainNameServers"));
      case "external":
        return { kind: options.id === noOptions ? "absent" : "unknown" };
      case "undetermined":
        return { kind: "unknown" };
    }
  }
}
