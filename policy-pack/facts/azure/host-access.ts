import { peerName } from "../../../model/peer";
import { platformPort } from "../../../model/workload";

import { everyAddress, type AddressRange } from "../../address-range";
import { allPackets } from "../../reachability";
import { subtract } from "../../packet-set";
import type { Filter, Rule } from "../fact";

import { inOrder } from "./effective-rules";
import type { Networks } from "./networks";
import { platformDns, platformMetadata, platformTags, type PlatformTag } from "./platform-tags";
import { blockOf, type RuleEnd, type SecurityRule } from "./security-rules";

/** The service of the model from which workloads have their identities. */
const identity = peerName({ kind: "platform-service", id: "identity" });

/** A network security group, with the filter that it amounts to. */
interface Group {
  readonly urn: string;
  readonly label: string;
  readonly rules: readonly SecurityRule[];
  readonly filter: Filter;
  /** The addresses of what it is in force on. */
  readonly near: readonly AddressRange[];
}

interface OpenFilter extends Filter {
  readonly ingress: Rule[];
}

function isFor(end: RuleEnd, { tag, address }: PlatformTag): boolean {
  const host = address === undefined ? undefined : blockOf(address);
  return (
    (end.kind === "tag" && end.tag === tag) ||
    (end.kind === "addresses" &&
      host !== undefined &&
      end.range.from === host.from &&
      end.range.to === host.to)
  );
}

function speaksOf({ extents }: SecurityRule, { protocols, port }: PlatformTag): boolean {
  return protocols.every((protocol) =>
    extents.some(
      (extent) =>
        extent.protocols.from <= protocol &&
        protocol < extent.protocols.to &&
        extent.ports.from <= port &&
        port < extent.ports.to,
    ),
  );
}

/** Where the host answers: at its own address, or at public ones that are outside of the network. */
function addressesOf({ address }: PlatformTag, { network }: Filter): readonly AddressRange[] {
  const host = address === undefined ? undefined : blockOf(address);
  return host !== undefined
    ? [host]
    : subtract(allPackets([everyAddress.ipv4]), allPackets(network.ranges ?? [])).map(
        ({ family, addressFrom, addressTo }) => ({ family, from: addressFrom, to: addressTo }),
      );
}

/** Whether a rule is for all that a group is in force on. */
function isForAll(rule: SecurityRule, near: readonly AddressRange[]): boolean {
  return rule
    .near("egress")
    .some(
      (end) =>
        end.kind === "anything" ||
        (end.kind === "tag" && end.tag === "virtualnetwork") ||
        (end.kind === "addresses" &&
          near.length > 0 &&
          subtract(allPackets(near), allPackets([end.range])).length === 0),
    );
}

/**
 * What Azure's host answers to whatever is behind a filter, of which only rules for its tags decide: names, and the
 * metadata with the tokens of an identity. The metadata are read as the connection to the platform service `identity`,
 * which has no private endpoint on Azure.
 */
export class HostAccess {
  readonly #networks: Networks;
  readonly #identities = new Map<string | undefined, OpenFilter>();

  /** Whether code of somebody's runs behind a filter, or may; told once what has addresses is read. */
  runsCode: (filter: Filter) => boolean = () => true;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** The filters that stand for the service of identities, one for each platform. */
  get filters(): readonly Filter[] {
    return [...this.#identities.values()];
  }

  /** The rule that decides of a tag: one that allows it, one that denies it for certain, or none. */
  #decider(
    rules: readonly SecurityRule[],
    tag: PlatformTag,
    near: readonly AddressRange[],
  ): SecurityRule | undefined {
    return inOrder(rules).find((rule) => {
      if (!rule.directions.includes("egress") || !rule.far("egress").some((end) => isFor(end, tag))) {
        return false;
      }
      return rule.action === "allow"
        ? true
        : rule.assumption === undefined &&
            rule.isForEverySourcePort &&
            speaksOf(rule, tag) &&
            rule.far("egress").some((end) => end.kind === "tag" && end.tag === tag.tag) &&
            isForAll(rule, near);
    });
  }

  /** Whether the rules of a group deny a tag to all that it is in force on. */
  denies(rules: readonly SecurityRule[], tag: PlatformTag, near: readonly AddressRange[]): boolean {
    return this.#decider(rules, tag, near)?.action === "deny";
  }

  /** The rules by which what is behind a group may ask the host, as far as somebody runs code there. */
  opened(group: Group): readonly Rule[] {
    const { filter } = group;
    const isOfPlatform = filter.platform !== undefined;
    const isOfWorkload = filter.peer?.startsWith("workload/") === true;
    return platformTags.flatMap((tag): readonly Rule[] => {
      const decider = this.#decider(group.rules, tag, group.near);
      // Names are the resolver's matter wherever there are any; a platform's PHI zone asks for none, nor for anything else.
      const isMeant =
        filter.zone === "phi"
          ? isOfPlatform || decider !== undefined || (tag !== platformDns && this.runsCode(filter))
          : tag === platformMetadata && isOfPlatform && isOfWorkload;
      return decider?.action === "deny" || !isMeant ? [] : this.#rules(group, tag, decider);
    });
  }

  #rules(
    { urn, label, filter }: Group,
    tag: PlatformTag,
    decider: SecurityRule | undefined,
  ): readonly Rule[] {
    const name = decider?.name ?? `no rule of ${label} denies ${tag.text}`;
    const said = {
      urn: decider?.urn ?? urn,
      label: `${name}: egress to ${tag.text}`,
      action: "allow",
      assumption: decider?.assumption,
    } as const;
    if (tag !== platformMetadata) {
      return tag.protocols.flatMap((protocol) =>
        addressesOf(tag, filter).map((range) => ({
          ...said,
          protocols: { from: protocol, to: protocol + 1 },
          ports: { from: tag.port, to: tag.port + 1 },
          remote: { kind: "addresses", range },
        })),
      );
    }
    const [protocol = 0] = tag.protocols;
    // The model's port stands for the host's, as it does for that of every service.
    const packets = {
      protocols: { from: protocol, to: protocol + 1 },
      ports: { from: platformPort, to: platformPort + 1 },
    };
    const service = this.#identity(filter);
    service.ingress.push({
      ...said,
      ...packets,
      label: `${tag.text} answers ${filter.label}`,
      remote: { kind: "filter", filter },
    });
    return [{ ...said, ...packets, remote: { kind: "filter", filter: service } }];
  }

  #identity({ urn, platform }: Filter): OpenFilter {
    const known = this.#identities.get(platform);
    const service: OpenFilter = known ?? {
      urn,
      label: "Azure's own service of identities",
      zone: "processing",
      platform,
      kind: "network security group",
      combination: "union",
      peer: identity,
      network: this.#networks.only ?? this.#networks.undetermined,
      // It is in no subnet: the host of each instance answers.
      subnets: [],
      egress: [],
      ingress: [],
    };
    this.#identities.set(platform, service);
    return service;
  }
}
