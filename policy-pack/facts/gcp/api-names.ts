import type { ZoneId } from "../../../model/zone";

import { addressRange, type AddressRange } from "../../address-range";
import type { Evidence } from "../../finding";
import { itemsOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Network, PublicName } from "../fact";
import type { Safeguard } from "../safeguard";

import { bareName, isGoogleOwn } from "./dns-names";
import { labelOf, type GcpStack } from "./gcp-stack";
import { apiEndpoints, type ApiEndpoint } from "./google-apis";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";
import type { Resolvers } from "./resolvers";

const zoneType: ResourceType = "gcp:dns:managedzone";
const recordType: ResourceType = "gcp:dns:recordset";

/** The name under which every service has its own. */
const apis = "googleapis.com";

const remedy =
  "Put a private zone for googleapis.com on the network, with an A record of its own name that holds the endpoint's address, and a CNAME of every name under it.";

/** What is wrong with a name, and by what. */
interface Fault {
  readonly node: Node;
  readonly what: string;
  readonly assumption?: string;
}

/** How the names of Google's APIs are found in the networks of platforms: by endpoints in these, or by their public addresses. */
export class ApiNames {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #resolvers: Resolvers;

  constructor(stack: GcpStack, networks: Networks, resolvers: Resolvers) {
    this.#stack = stack;
    this.#networks = networks;
    this.#resolvers = resolvers;
  }

  /** Names of Google's APIs that lead past the endpoint of a platform's network, or may, and networks that have none. */
  publicNames(): readonly PublicName[] {
    return this.#ofPlatforms().flatMap(({ network, node, zone }) =>
      this.#faults(network, node).map(({ node: by, what, assumption }) => ({
        urn: by.urn,
        label: labelOf(by),
        zone,
        platform: network.platform,
        isStore: false,
        what: `${network.label}: ${what}.`,
        assumption,
        remedy,
      })),
    );
  }

  /** Networks of platforms in which every name of Google's APIs leads to the endpoint. */
  safeguards(): readonly Safeguard[] {
    return this.#ofPlatforms().flatMap(({ network, node, zone }): readonly Safeguard[] => {
      const shown = [
        ...this.#endpointsIn(network).map((endpoint) => endpoint.node),
        ...this.#zonesOf(network).flatMap((own) => [own, ...this.#recordsOf(own)]),
      ];
      return this.#faults(network, node).length > 0
        ? []
        : [
            {
              zone,
              what: "every name of Google's APIs leads to the endpoint of the network, by private zones of the network's own",
              evidence: [{ urn: network.urn, label: network.label }, ...shown.map(evidenceOf)],
            },
          ];
    });
  }

  #ofPlatforms(): readonly {
    readonly network: Network;
    readonly node: Node;
    readonly zone: ZoneId;
  }[] {
    return this.#networks.all.flatMap((network) => {
      const { platform, zone } = network;
      const node = this.#networks.nodeOf(network);
      return platform === undefined || zone === undefined || node === undefined
        ? []
        : [{ network, node, zone }];
    });
  }

  #endpointsIn(network: Network): readonly ApiEndpoint[] {
    return apiEndpoints(this.#stack).filter(({ node }) => this.#networks.of(node) === network);
  }

  /** The private zones that a network certainly asks for names of Google's. */
  #zonesOf(network: Network): readonly Node[] {
    return this.#resolvers.ownZones(network).filter((zone) => {
      const name = textOf(this.#stack.graph.read(zone, "dnsName"));
      return name.kind === "known" && isGoogleOwn(name.value);
    });
  }

  #recordsOf(zone: Node): readonly Node[] {
    const { graph } = this.#stack;
    return graph
      .ofType(recordType)
      .filter((record) =>
        ownersOf(graph, record, "managedZone", [zoneType]).some(
          (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === zone),
        ),
      );
  }

  #faults(network: Network, node: Node): readonly Fault[] {
    const endpoints = this.#endpointsIn(network);
    const zones = this.#zonesOf(network);
    const isNamed = zones.some((zone) => this.#apexOf(zone) === apis);
    return endpoints.length === 0
      ? [
          {
            node,
            what: "no endpoint of Google's APIs is in it, so that they are reached by their public names or not at all",
          },
        ]
      : [
          ...(isNamed
            ? []
            : [
                {
                  node,
                  what: `no private zone is on it for ${apis}, so that its names are those of the Internet`,
                },
              ]),
          ...zones.flatMap((zone) => this.#faultsOfZone(zone, endpoints)),
        ];
  }

  #apexOf(zone: Node): string {
    const name = textOf(this.#stack.graph.read(zone, "dnsName"));
    return name.kind === "known" ? bareName(name.value) : "";
  }

  #faultsOfZone(zone: Node, endpoints: readonly ApiEndpoint[]): readonly Fault[] {
    const { graph } = this.#stack;
    const apex = this.#apexOf(zone);
    const records = this.#recordsOf(zone);
    const ranges = endpoints.flatMap(({ range }) => range ?? []);
    const has = (name: string): boolean =>
      records.some((record) => {
        const said = textOf(graph.read(record, "name"));
        return said.kind === "known" && said.value.toLowerCase().replace(/\.$/, "") === name;
      });
    return [
      ...[apex, `*.${apex}`]
        .filter((name) => !has(name))
        .map((name) => ({ node: zone, what: `no record leads ${name} to its endpoint` })),
      ...records.flatMap((record) => this.#faultOfRecord(record, apex, ranges)),
    ];
  }

  /** What is wrong with one record of a zone: it leads elsewhere than to the endpoint, or to a name elsewhere. */
  #faultOfRecord(record: Node, apex: string, ranges: readonly AddressRange[]): readonly Fault[] {
    const { graph } = this.#stack;
    const type = textOf(graph.read(record, "type"));
    const values = itemsOf(graph.read(record, "rrdatas")).map(textOf);
    if (type.kind === "known" && !["A", "AAAA", "CNAME"].includes(type.value)) {
      return [];
    }
    if (type.kind !== "known" || values.some(({ kind }) => kind !== "known")) {
      return [
        {
          node: record,
          what: "a record of Google's names leads where is not known",
          assumption: "`type` or `rrdatas`",
        },
      ];
    }
    const elsewhere = values
      .flatMap((value) => (value.kind === "known" ? [value.value] : []))
      .filter((value) => (type.value === "CNAME" ? bareName(value) !== apex : !isAddressIn(value, ranges)));
    return elsewhere.length === 0
      ? []
      : [
          {
            node: record,
            what: `a name of Google's leads to ${elsewhere.join(", ")}, which is no endpoint of it`,
          },
        ];
  }
}

function isAddressIn(text: string, ranges: readonly AddressRange[]): boolean {
  const address = addressRange(`${text}/${text.includes(":") ? "128" : "32"}`);
  return (
    address !== undefined &&
    ranges.some(
      ({ family, from, to }) => family === address.family && from <= address.from && address.to <= to,
    )
  );
}

function evidenceOf(node: Node): Evidence {
  return { urn: node.urn, label: labelOf(node) };
}
