import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { PublicAddress, Subnet } from "../fact";

import { types } from "./compute-types";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersOf, regionOf } from "./owners";
import { projectsOf } from "./projects";
import type { Subnets, WrittenSubnet } from "./subnets";

const projectType = "gcp:organizations:project";
const natType = "gcp:compute:routernat";
const natAddressType = "gcp:compute:routernataddress";
const addressTypes: readonly ResourceType[] = ["gcp:compute:address", "gcp:compute:globaladdress"];
const forwardingTypes: readonly ResourceType[] = [
  "gcp:compute:forwardingrule",
  "gcp:compute:globalforwardingrule",
];

/** Types by which something is given an address that the Internet knows. */
export const publicAddressTypes: readonly ResourceType[] = [
  natType,
  natAddressType,
  ...types.router,
  ...addressTypes,
  ...forwardingTypes,
];

interface Way {
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

/** The value of a text in capital letters; `undefined` where it is not known, and the default where it is absent. */
function upper(read: Reading<unknown>, byDefault: string): string | undefined {
  const text = textOf(read);
  return text.kind === "known" ? text.value.toUpperCase() : text.kind === "absent" ? byDefault : undefined;
}

/** The schemes of load balancers that have no address which the Internet knows. */
const internalSchemes: readonly string[] = ["INTERNAL", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED", ""];

/** The addresses that the Internet knows and that subnets, routers, load balancers and reservations give to what is in a zone. */
export class PublicAddresses {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;

  constructor(stack: GcpStack, networks: Networks, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
  }

  all(): readonly PublicAddress[] {
    const { graph } = this.#stack;
    return [
      ...this.#subnets.written.flatMap((written) => this.#ofSubnet(written)),
      ...this.#networks.all.flatMap((network) => {
        const node = this.#networks.nodeOf(network);
        return node === undefined ? [] : this.#ofNode(node, this.#waysOfNetwork(node));
      }),
      ...graph.ofType(projectType).flatMap((node) => this.#ofNode(node, this.#waysOfProject(node))),
      ...graph.ofType(natType).flatMap((node) => this.#ofNat(node)),
      ...graph.ofType(...addressTypes).flatMap((node) => this.#ofNode(node, this.#waysOfAddress(node))),
      ...graph.ofType(...forwardingTypes).flatMap((node) => this.#ofNode(node, this.#waysOfForwarding(node))),
    ];
  }

  #ofNode(node: Node, ways: readonly Way[]): readonly PublicAddress[] {
    const zone = this.#stack.zones.of(node.urn);
    return zone === undefined
      ? []
      : ways.map((way) => ({
          urn: node.urn,
          label: labelOf(node),
          zone,
          platform: platformOf(this.#stack, node),
          ...way,
        }));
  }

  /** A project is made with a network, unless it is told not to be (Cloud Resource Manager provider, `autoCreateNetwork`). */
  #waysOfProject(node: Node): readonly Way[] {
    const makes = this.#stack.graph.read(node, "autoCreateNetwork");
    const flag = flagOf(makes);
    const own = projectsOf(this.#stack).of(node);
    // What is taken for the project of the PHI zone, since nothing shows that it is another, is refused for that by nothing.
    const isTaken = own.kind === "project" && own.project.assumption !== undefined;
    return isTaken || (flag.kind === "known" && !flag.value)
      ? []
      : [
          {
            what: "the project is made with a network that leads to the Internet and lets everything out (autoCreateNetwork)",
            assumption: flag.kind === "unknown" ? "`autoCreateNetwork` is not known" : undefined,
            remedy: "Set autoCreateNetwork to false.",
          },
        ];
  }

  #waysOfNetwork(node: Node): readonly Way[] {
    const ula = this.#stack.graph.read(node, "enableUlaInternalIpv6");
    return ula.kind === "absent" || (ula.kind === "known" && ula.value === false)
      ? []
      : [
          {
            what: "the network may have IPv6 addresses (enableUlaInternalIpv6)",
            assumption: ula.kind === "unknown" ? "`enableUlaInternalIpv6` is not known" : undefined,
            remedy: "Set enableUlaInternalIpv6 to false.",
          },
        ];
  }

  /** A subnet by which what is in it has addresses that routes and filters for IPv4 do not hold. */
  #ofSubnet({ subnet, node, isAutomatic }: WrittenSubnet): readonly PublicAddress[] {
    const { graph } = this.#stack;
    if (isAutomatic || subnet.zone === undefined) {
      return [];
    }
    const { urn, label, zone, platform } = subnet;
    const stackType = upper(graph.read(node, "stackType"), "IPV4_ONLY");
    const access = upper(graph.read(node, "ipv6AccessType"), "");
    const isExternal = access === "EXTERNAL" || graph.read(node, "externalIpv6Prefix").kind === "known";
    const googleAccess = upper(graph.read(node, "privateIpv6GoogleAccess"), "DISABLE_GOOGLE_ACCESS");
    const ways: readonly Way[] = [
      ...(stackType === "IPV4_ONLY" && access === "" && !isExternal
        ? []
        : [
            {
              what: isExternal
                ? "the subnet has public IPv6 addresses (ipv6AccessType)"
                : "the subnet has IPv6 addresses (stackType)",
              assumption:
                stackType === undefined || access === undefined
                  ? "`stackType` or `ipv6AccessType` is not known"
                  : undefined,
              remedy: "Set stackType to IPV4_ONLY, and take ipv6AccessType and the prefixes away.",
            },
          ]),
      ...(googleAccess === "DISABLE_GOOGLE_ACCESS"
        ? []
        : [
            {
              what: "what is in the subnet reaches Google's APIs by IPv6 (privateIpv6GoogleAccess)",
              assumption: googleAccess === undefined ? "`privateIpv6GoogleAccess` is not known" : undefined,
              remedy: "Set privateIpv6GoogleAccess to DISABLE_GOOGLE_ACCESS.",
            },
          ]),
    ];
    return ways.map((way) => ({ urn, label, zone, platform, ...way }));
  }

  /** The subnets whose packets a NAT translates, and whether that is certain. */
  #translated(node: Node): readonly { readonly subnet: Subnet; readonly isCertain: boolean }[] {
    const { graph } = this.#stack;
    const routers = ownersOf(graph, node, "router", types.router);
    const region = regionOf(graph, node);
    const networks = this.#networks.candidates(
      routers.flatMap((to) =>
        to.kind === "resource" ? this.#networks.referents(to.node) : [{ kind: "undetermined" as const }],
      ),
    );
    const near = this.#subnets.written.filter(
      ({ subnet, region: own }) =>
        (region === undefined || own === undefined || own === region) &&
        networks.some((network) => network === subnet.network || !network.isDetermined),
    );
    const isPlaced = networks.length === 1 && networks[0]?.isDetermined === true;
    const scopes = [
      upper(graph.read(node, "sourceSubnetworkIpRangesToNat"), "absent"),
      upper(graph.read(node, "sourceSubnetworkIpRangesToNat64"), "absent"),
    ];
    if (scopes.some((scope) => scope === undefined || scope.startsWith("ALL_"))) {
      const isCertain = isPlaced && scopes.some((scope) => scope?.startsWith("ALL_") === true);
      return near.map(({ subnet }) => ({ subnet, isCertain }));
    }
    return (["subnetworks", "nat64Subnetworks"] as const).flatMap((key) =>
      itemsOf(graph.read(node, key)).flatMap((item) => {
        const referents = this.#subnets.referentsIn(node, key, memberReading(recordOf(item), "name"));
        const named = this.#subnets.to(referents);
        return referents.some(({ kind }) => kind === "undetermined") || item.kind === "unknown"
          ? near.map(({ subnet }) => ({ subnet, isCertain: false }))
          : named.map((subnet) => ({ subnet, isCertain: named.length === 1 }));
      }),
    );
  }

  #ofNat(node: Node): readonly PublicAddress[] {
    const zones = new Map<string, PublicAddress>();
    for (const { subnet, isCertain } of this.#translated(node)) {
      const { zone } = subnet;
      const known = zone === undefined ? undefined : zones.get(zone);
      if (zone !== undefined && (known === undefined || (known.assumption !== undefined && isCertain))) {
        zones.set(zone, {
          urn: node.urn,
          label: labelOf(node),
          zone,
          platform: subnet.platform,
          what: `a NAT gives what is in ${subnet.label} addresses with which to reach others`,
          assumption: isCertain ? undefined : "which subnets it translates is not known",
          remedy: "Name in subnetworks of the NAT subnets of other zones only, or take it away.",
        });
      }
    }
    const own = this.#stack.zones.of(node.urn);
    return [
      ...zones.values(),
      ...(own === undefined || zones.has(own)
        ? []
        : this.#ofNode(node, [
            {
              what: "a NAT gives its network addresses with which to reach others",
              assumption: undefined,
              remedy: "Take the NAT away.",
            },
          ])),
    ];
  }

  #waysOfAddress(node: Node): readonly Way[] {
    const { graph } = this.#stack;
    // Left out, an address is one that the Internet knows (Compute Engine API, `addresses`).
    const type = upper(graph.read(node, "addressType"), "EXTERNAL");
    return type === "INTERNAL"
      ? []
      : [
          {
            what: "a public address is reserved (addressType)",
            assumption: type === undefined ? "`addressType` is not known" : undefined,
            remedy: "Set addressType to INTERNAL.",
          },
        ];
  }

  #waysOfForwarding(node: Node): readonly Way[] {
    const { graph } = this.#stack;
    const read = graph.read(node, "loadBalancingScheme");
    // A text that is empty says that it is no load balancer: an endpoint of Private Service Connect.
    const isEmpty = node.inputs?.["loadBalancingScheme"] === "" || node.outputs["loadBalancingScheme"] === "";
    const scheme = isEmpty ? "" : upper(read, "EXTERNAL");
    return scheme !== undefined && internalSchemes.includes(scheme)
      ? []
      : [
          {
            what: "what is behind a load balancer with a public address is reached by it (loadBalancingScheme)",
            assumption: scheme === undefined ? "`loadBalancingScheme` is not known" : undefined,
            remedy: "Take it away, or set loadBalancingScheme to INTERNAL or INTERNAL_MANAGED.",
          },
        ];
  }
}
