import { hostPattern } from "../../host-pattern";
import { flagOf, mayBeTrue, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { declaredHosts } from "../declared-hosts";
import { mayBeSame, type MissingSeal, type Network, type ResolverOpening } from "../fact";
import { valuesAt, type PropertyPath } from "../property-path";
import { carryingName, resolverOpening } from "../resolver-openings";

import { bareName, isUnder } from "./dns-names";
import type { GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import { ResponsePolicies, responsePolicyTypes } from "./response-policies";

const policyType = "gcp:dns:policy";
const zoneType = "gcp:dns:managedzone";
const recordType = "gcp:dns:recordset";

/** Types from which facts about name resolution are drawn. */
export const resolverTypes: readonly ResourceType[] = [
  ...responsePolicyTypes,
  policyType,
  zoneType,
  recordType,
];

/** How a private zone sends queries for its names on. */
const sendingOn = [
  ["forwardingConfig", "a private zone of it sends queries to other name servers"],
  ["peeringConfig", "a private zone of it is answered as in another network"],
  [
    "serviceDirectoryConfig",
    "a private zone of it is answered by Service Directory, into which others write",
  ],
] as const;

const noHosts: ReadonlySet<string> = new Set();

/** A private zone that is answered in a network, or may be. */
interface PrivateZone {
  readonly node: Node;
  readonly isCertain: boolean;
}

/** The resolvers of a stack's networks: what they answer, and where they send what is asked. */
export class Resolvers {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #policies: ResponsePolicies;
  /** What is asked of a network, and of a record, again and again. */
  readonly #openings = new Map<Network, readonly ResolverOpening[]>();
  readonly #zonesOf = new Map<Network, readonly PrivateZone[]>();
  readonly #zonesOfRecords = new Map<Node, readonly Referent[]>();

  constructor(stack: GcpStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
    this.#policies = new ResponsePolicies(stack, networks);
  }

  /**
   * The ways by which a query leaves networks. Their resolver, at the address of the metadata server, answers whatever
   * firewalls say (VPC documentation, "Always allowed traffic").
   *
   * @param holdingPhi the networks that hold something of the PHI zone.
   */
  openings(holdingPhi: readonly Network[]): readonly ResolverOpening[] {
    return holdingPhi.flatMap((network) => this.#openingsOf(network));
  }

  #openingsOf(network: Network): readonly ResolverOpening[] {
    const openings = this.#openings.get(network) ?? this.#openingsBut(network, noHosts);
    this.#openings.set(network, openings);
    return openings;
  }

  /** @param declared the hosts that are asked of the Internet as they are declared, each by its whole name. */
  #openingsBut(network: Network, declared: ReadonlySet<string>): readonly ResolverOpening[] {
    return [
      ...this.#servers(network),
      ...this.#policies.openings(
        network,
        (name) => this.#isOwn(network, name) || declared.has(hostPattern(name)),
      ),
      ...this.#zones(network),
    ];
  }

  /** The rules of a network's response policy; none, where a query leaves it. */
  closingRules(network: Network): readonly { readonly node: Node; readonly says: string }[] {
    return this.#openingsOf(network).length > 0
      ? []
      : this.#policies.closingRules(network, (name) => this.#isOwn(network, name));
  }

  /**
   * Networks whose resolver answers names that nobody named to what is outside of the PHI zone. Names that the stack lists
   * are its own to say there, but for a platform's; what the zone itself is answered is {@link openings}.
   *
   * @param zoned the networks that hold something of a zone.
   * @param holdingPhi those that hold something of the PHI zone.
   */
  unfiltered(zoned: readonly Network[], holdingPhi: readonly Network[]): readonly MissingSeal[] {
    const others = zoned.filter((network) => !holdingPhi.includes(network));
    return [
      ...others
        .filter((network) => this.#answersAnyName(network))
        .map(({ urn, label, platform }) => ({
          urn,
          label,
          platform,
          what: "No response policy is in force on it that answers names of private zones alone, and every other itself.",
          remedy: 'Put a ResponsePolicy on it with a rule for the name "*." that answers from localData.',
        })),
      // What runs in a platform asks for names of Google's APIs, in an egress zone for those of declared providers, and nobody else's.
      ...others
        .filter(({ platform }) => platform !== undefined)
        .flatMap((network) =>
          (network.zone === "egress"
            ? this.#openingsBut(network, declaredHosts(this.#stack.graph, network.platform))
            : this.#openingsOf(network)
          )
            .filter(({ name }) => name !== carryingName)
            .map(({ urn, label, what, assumption, remedy }) => ({
              urn,
              label: label === network.label ? label : `${label} of ${network.label}`,
              platform: network.platform,
              what: `${what}.`,
              assumption,
              remedy,
            })),
        ),
    ];
  }

  /** The response policies of a network that answer every name which nobody named; none where such a name is asked of others. */
  blockingPolicies(network: Network): readonly Node[] {
    const { policies, isCertain } = this.#policies.inForce(network);
    return isCertain && !this.#answersAnyName(network) ? policies : [];
  }

  /** The server policies that certainly record the queries of a network. */
  recordersOf(network: Network): readonly Node[] {
    return this.#serverPolicies(network)
      .filter(({ isCertain }) => isCertain)
      .map(({ node }) => node)
      .filter((node) => {
        const logging = flagOf(this.#stack.graph.read(node, "enableLogging"));
        return logging.kind === "known" && logging.value;
      });
  }

  #answersAnyName(network: Network): boolean {
    return this.#openingsOf(network).some(({ name }) => name === carryingName);
  }

  /** Whether a property of a resource names a network, or may; and whether it does for certain. */
  #binds(
    node: Node,
    path: PropertyPath,
    network: Network,
  ): { readonly may: boolean; readonly does: boolean } {
    const bound = valuesAt(this.#stack.graph, node, path).map((value) =>
      this.#networks.candidates(this.#networks.referentsIn(node, path[0], value)),
    );
    return {
      may: bound.some((networks) => networks.some((one) => mayBeSame(one, network))),
      does: bound.some(([only, ...others]) => only === network && others.length === 0),
    };
  }

  #serverPolicies(network: Network): readonly { readonly node: Node; readonly isCertain: boolean }[] {
    return this.#stack.graph.ofType(policyType).flatMap((node) => {
      const { may, does } = this.#binds(node, ["networks", "networkUrl"], network);
      return may ? [{ node, isCertain: does }] : [];
    });
  }

  /** Name servers that are asked instead of the network's own, and networks that ask its own. */
  #servers(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return this.#serverPolicies(network).flatMap(({ node }): readonly ResolverOpening[] => {
      const others = graph.read(node, "alternativeNameServerConfig");
      const inbound = flagOf(graph.read(node, "enableInboundForwarding"));
      return [
        ...(others.kind === "absent"
          ? []
          : [
              resolverOpening(graph, network, {
                by: node,
                what: "every query goes to other name servers than Google's, which no response policy sees",
                assumption:
                  others.kind === "unknown" ? "`alternativeNameServerConfig` is not known" : undefined,
                remedy: "Take alternativeNameServerConfig away.",
              }),
            ]),
        ...(mayBeTrue(inbound)
          ? [
              resolverOpening(graph, network, {
                by: node,
                what: "its resolver answers other networks, so that what is in it reaches them by names",
                assumption: inbound.kind === "unknown" ? "`enableInboundForwarding` is not known" : undefined,
                remedy: "Set enableInboundForwarding to false.",
                name: `data-to-take-out.${network.label}`,
              }),
            ]
          : []),
      ];
    });
  }

  /** Private zones that are answered in a network, or may be. */
  #privateZones(network: Network): readonly PrivateZone[] {
    const zones = this.#zonesOf.get(network) ?? this.#findPrivateZones(network);
    this.#zonesOf.set(network, zones);
    return zones;
  }

  #findPrivateZones(network: Network): readonly PrivateZone[] {
    return this.#stack.graph.ofType(zoneType).flatMap((node) => {
      const visibility = textOf(this.#stack.graph.read(node, "visibility"));
      const { may, does } = this.#binds(node, ["privateVisibilityConfig", "networks", "networkUrl"], network);
      // A zone is public without a word on it.
      const isPublic =
        visibility.kind === "absent" || (visibility.kind === "known" && visibility.value !== "private");
      return may && !isPublic ? [{ node, isCertain: does && visibility.kind === "known" }] : [];
    });
  }

  /** The private zones that certainly answer for a network, each by its own records. */
  ownZones(network: Network): readonly Node[] {
    const { graph } = this.#stack;
    return this.#privateZones(network)
      .filter(
        ({ node, isCertain }) =>
          isCertain && sendingOn.every(([key]) => graph.read(node, key).kind === "absent"),
      )
      .map(({ node }) => node);
  }

  /** Whether a private zone of a network certainly holds a name, so that nobody else is asked for it. */
  #isOwn(network: Network, name: string): boolean {
    return this.ownZones(network).some((node) => {
      const zone = textOf(this.#stack.graph.read(node, "dnsName"));
      return zone.kind === "known" && isUnder(name, zone.value);
    });
  }

  #zonesOfRecord(record: Node): readonly Referent[] {
    const zones =
      this.#zonesOfRecords.get(record) ?? ownersOf(this.#stack.graph, record, "managedZone", [zoneType]);
    this.#zonesOfRecords.set(record, zones);
    return zones;
  }

  /** What private zones of a network do with queries besides answering them. */
  #zones(network: Network): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    return this.#privateZones(network).flatMap(({ node }): readonly ResolverOpening[] => {
      const zone = textOf(graph.read(node, "dnsName"));
      const under = zone.kind === "known" && bareName(zone.value) !== "" ? bareName(zone.value) : undefined;
      const name = under === undefined ? carryingName : `data-to-take-out.${under}`;
      const sent = sendingOn.flatMap(([key, what]) => {
        const read = graph.read(node, key);
        return read.kind === "absent"
          ? []
          : [
              resolverOpening(graph, network, {
                by: node,
                what,
                assumption: read.kind === "unknown" ? `\`${key}\` is not known` : undefined,
                remedy: `Take ${key} away.`,
                name,
              }),
            ];
      });
      const delegated = graph.ofType(recordType).flatMap((record) => {
        const type = textOf(graph.read(record, "type"));
        const isDelegation = type.kind === "unknown" || (type.kind === "known" && type.value === "NS");
        const of = this.#zonesOfRecord(record);
        const isOfZone = of.some(
          (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === node),
        );
        return isDelegation && isOfZone
          ? [
              resolverOpening(graph, network, {
                by: record,
                what: "a private zone of it hands a name on to other name servers",
                assumption: type.kind === "unknown" ? "`type` is not known" : undefined,
                remedy: "Take the NS record away.",
                name,
              }),
            ]
          : [];
      });
      return [...sent, ...delegated];
    });
  }
}
