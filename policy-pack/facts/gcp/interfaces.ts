import { gcpKey } from "./gcp-id";
import { known, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Blind, Filter, Network, NetworkInterface, PublicAddress, Subnet } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";

import { types } from "./compute-types";
import type { EndpointClasses } from "./endpoint-classes";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { identitiesOf, type Identity, type Signature } from "./identities";
import type { Networks } from "./networks";
import { ownersIn, ownersOf, regionOf } from "./owners";
import {
  keptMachineSettings,
  keptMachineTypes,
  managerSettings,
  managerTypes,
  placedTypes,
  type Place,
  type PlacedType,
} from "./placed-types";
import type { Subnets } from "./subnets";

/** Where something is: in a network, and in subnets of it. */
interface Placement {
  readonly network: Network;
  readonly subnets: readonly Subnet[];
}

/** What binds secure tags to machines. */
const bindingTypes = ["gcp:tags:locationtagbinding", "gcp:tags:tagbinding"] as const;

/** Types of which the addresses of machines in subnets are read. */
export const interfaceTypes: readonly string[] = [
  ...placedTypes.keys(),
  ...managerTypes,
  ...keptMachineTypes.keys(),
  ...bindingTypes,
];

/** The resources with addresses in the subnets of a stack: machines, templates, clusters and serverless code. */
export class Interfaces {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #classes: EndpointClasses;
  readonly #blind: Blind[] = [];
  readonly #placements = new Map<string, readonly Placement[]>();
  /** Who is in each subnet. */
  readonly #signatures = new Map<Subnet, Signature[]>();
  readonly all: readonly NetworkInterface[];

  constructor(stack: GcpStack, networks: Networks, subnets: Subnets, classes: EndpointClasses) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#classes = classes;
    const { graph } = stack;
    this.#inheritFromManagers();
    this.all = graph.ofType(...placedTypes.keys()).map((node) => this.#read(node));
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** What machines are made of belongs where the machines are, and the other way round. */
  #inheritFromManagers(): void {
    const { graph, zones } = this.#stack;
    const join = (node: Node, path: PropertyPath): void => {
      for (const value of valuesAt(graph, node, path)) {
        for (const to of ownersIn(graph, node, path[0], value, types.template)) {
          if (to.kind === "resource") {
            zones.inherit(to.node.urn, zones.of(node.urn), labelOf(node));
            zones.inherit(node.urn, zones.of(to.node.urn), `its template ${labelOf(to.node)}`);
          }
        }
      }
    };
    for (const node of graph.ofType(...managerTypes)) {
      join(node, ["versions", "instanceTemplate"]);
    }
    for (const [type, key] of keptMachineTypes) {
      for (const node of graph.ofType(type)) {
        for (const to of ownersOf(graph, node, key, managerTypes)) {
          if (to.kind === "resource") {
            zones.inherit(node.urn, zones.of(to.node.urn), `its manager ${labelOf(to.node)}`);
          }
        }
      }
    }
    for (const [type, { template }] of placedTypes) {
      for (const node of template === undefined ? [] : graph.ofType(type)) {
        join(node, template ?? ["sourceInstanceTemplate"]);
      }
    }
  }

  #items(node: Node, { at }: Place): readonly ((key: string) => Reading<unknown>)[] {
    const { graph } = this.#stack;
    return at === undefined
      ? [(key) => graph.read(node, key)]
      : valuesAt(graph, node, at).map(
          (item) =>
            (key: string): Reading<unknown> =>
              memberReading(recordOf(item), key),
        );
  }

  /** Where a place says that something is; what cannot be known is told of as a network that is not known. */
  #placementsAt(node: Node, place: Place): readonly Placement[] {
    const { graph } = this.#stack;
    const key = place.at?.[0];
    return this.#items(node, place).flatMap((read): readonly Placement[] => {
      const subnet = place.subnet === undefined ? undefined : read(place.subnet);
      if (subnet !== undefined && subnet.kind !== "absent") {
        const project = place.project === undefined ? undefined : textOf(read(place.project));
        const referents = this.#subnets.referentsIn(
          node,
          key ?? place.subnet ?? "",
          subnet,
          project?.kind === "known" ? gcpKey(project.value).replace(/^projects\//, "") : undefined,
        );
        return referents.map((to): Placement => {
          const written = to.kind === "resource" ? this.#subnets.ofNode(to.node) : undefined;
          if (written !== undefined) {
            return { network: written.subnet.network, subnets: [written.subnet] };
          }
          // In which network a subnet is that the stack only names, it may say next to it.
          const beside = place.network === undefined ? undefined : read(place.network);
          const network =
            beside === undefined || beside.kind === "absent"
              ? this.#networks.undetermined
              : this.#networks.to(this.#networks.referentsIn(node, key ?? place.network ?? "", beside));
          return { network, subnets: [] };
        });
      }
      const network = place.network === undefined ? undefined : read(place.network);
      if (network === undefined || network.kind === "absent") {
        return [];
      }
      const region = regionOf(graph, node);
      return this.#networks
        .candidates(this.#networks.referentsIn(node, key ?? place.network ?? "", network))
        .map((one) => ({ network: one, subnets: this.#subnets.of(one, region) }));
    });
  }

  /** Where something is, as it says itself, as its connector or its template does, or what it is a part of. */
  #placementsOf(node: Node): readonly Placement[] {
    const known = this.#placements.get(node.urn);
    if (known !== undefined) {
      return known;
    }
    const { graph } = this.#stack;
    const shape = placedTypes.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    // What refers to itself, round about, is nowhere by that.
    this.#placements.set(node.urn, []);
    const own = shape.places.flatMap((place) => this.#placementsAt(node, place));
    const others = [
      ...this.#connectorsOf(node, shape),
      ...(own.length > 0 ? [] : this.#templatesOf(node, shape)),
    ];
    const whole =
      shape.partOf === undefined
        ? []
        : ownersOf(graph, node, shape.partOf.key, shape.partOf.types).flatMap((to) =>
            to.kind === "resource" ? [to.node] : [],
          );
    const found = [...own, ...[...others, ...whole].flatMap((one) => this.#placementsOf(one))];
    const isNowhere = found.length === 0 && this.#namesNothing(node, shape);
    const placements = isNowhere && shape.fallsBackToDefault === true ? [this.#inDefault(node)] : found;
    this.#placements.set(node.urn, placements);
    return placements;
  }

  #namesNothing(node: Node, { connector }: PlacedType): boolean {
    return connector === undefined || valuesAt(this.#stack.graph, node, connector).length === 0;
  }

  #inDefault(node: Node): Placement {
    const network = this.#networks.to(this.#networks.referentsIn(node, "network", known("default")));
    return { network, subnets: this.#subnets.of(network, regionOf(this.#stack.graph, node)) };
  }

  #connectorsOf(node: Node, { connector }: PlacedType): readonly Node[] {
    const { graph } = this.#stack;
    return connector === undefined
      ? []
      : valuesAt(graph, node, connector)
          .flatMap((value) => ownersIn(graph, node, connector[0], value, types.connector))
          .flatMap((to) => (to.kind === "resource" ? [to.node] : []));
  }

  /** Whether something is in the network of a connector, or made from a template, of which nothing is known. */
  #hasUnknownPart(node: Node, { connector, template }: PlacedType): boolean {
    const { graph, zones } = this.#stack;
    const isUnknown = (path: PropertyPath | undefined, wanted: readonly string[]): boolean =>
      path !== undefined &&
      valuesAt(graph, node, path).some((value) =>
        ownersIn(graph, node, path[0], value, wanted).some(
          ({ kind }) => kind === "undetermined" || (kind === "external" && zones.of(node.urn) === "phi"),
        ),
      );
    return isUnknown(connector, types.connector) || isUnknown(template, types.template);
  }

  /** Whether a machine has more interfaces than networks are known: each of them is in a network of its own. */
  #hasUnknownNetwork(placements: readonly Placement[], node: Node, { places }: PlacedType): boolean {
    const legs = places.flatMap((place) => (place.at?.at(-1) === "networkInterfaces" ? [place.at] : []));
    const count = legs.flatMap((path) => valuesAt(this.#stack.graph, node, path)).length;
    return count > 1 && new Set(placements.map(({ network }) => network)).size < count;
  }

  #templatesOf(node: Node, { template }: PlacedType): readonly Node[] {
    const { graph } = this.#stack;
    return template === undefined
      ? []
      : valuesAt(graph, node, template)
          .flatMap((value) => ownersIn(graph, node, template[0], value, types.template))
          .flatMap((to) => (to.kind === "resource" ? [to.node] : []));
  }

  /** Who something is to firewall rules. */
  #signatureOf(node: Node, shape: PlacedType): Signature {
    const { graph } = this.#stack;
    const connectors = this.#connectorsOf(node, shape);
    if (connectors.length > 0) {
      // Its packets are those of its connector's machines.
      return merged(connectors.map((connector) => this.#signatureOfConnector(connector)));
    }
    if (node.resourceType === types.connector[0]) {
      return this.#signatureOfConnector(node);
    }
    const named = (
      paths: readonly PropertyPath[],
      kind: Identity["kind"],
    ): readonly (Identity | undefined)[] =>
      paths.flatMap((path) =>
        valuesAt(graph, node, path).flatMap((value) => identitiesOf(this.#stack, node, path[0], kind, value)),
      );
    const accounts = named(shape.accounts ?? [], "service account");
    const tags = named(shape.tags ?? [], "network tag");
    const secure = [
      ...(shape.secureTags ?? []).flatMap((path) =>
        valuesAt(graph, node, path).flatMap((mapping) => this.#secureTags(node, path[0], mapping)),
      ),
      ...this.#boundTags(node),
    ];
    const isUnsure = shape.accountsAreUnsure === true;
    const certain = [...(isUnsure ? [] : accounts), ...tags, ...secure];
    const own: Signature = {
      identities: certain.filter((identity) => identity !== undefined),
      perhaps: (isUnsure ? accounts : []).filter((identity) => identity !== undefined),
      isWhole: ![...accounts, ...tags, ...secure].includes(undefined),
    };
    const templates = this.#templatesOf(node, shape);
    return templates.length === 0
      ? own
      : merged([
          own,
          ...templates.map((template) =>
            this.#signatureOf(template, placedTypes.get(template.resourceType) ?? shape),
          ),
        ]);
  }

  #secureTags(node: Node, key: string, mapping: Reading<unknown>): readonly (Identity | undefined)[] {
    const record = recordOf(mapping);
    return record.kind === "known"
      ? Object.keys(record.value).flatMap((name) =>
          identitiesOf(this.#stack, node, key, "secure tag", memberReading(record, name)),
        )
      : [undefined];
  }

  /** Secure tags that resources of their own bind to a machine. */
  #boundTags(node: Node): readonly (Identity | undefined)[] {
    const { graph } = this.#stack;
    return graph.ofType(...bindingTypes).flatMap((binding) => {
      const parents = graph.referents(binding, "parent", [node.resourceType]);
      const isMeant = parents.some((to) => to.kind === "resource" && to.node === node);
      return isMeant
        ? identitiesOf(this.#stack, binding, "tagValue", "secure tag", graph.read(binding, "tagValue"))
        : // A binding of what is not known may be of this, and so may one that tells a machine by a number of Google's.
          parents.some(
              (to) =>
                to.kind === "undetermined" || (to.kind === "external" && /\/instances\/\d+$/.test(to.id)),
            )
          ? [undefined]
          : [];
    });
  }

  /** Every connector's machines have the same tags (Serverless VPC Access documentation, "Configure firewall rules"). */
  #signatureOfConnector(connector: Node): Signature {
    const { graph } = this.#stack;
    const name = graph.gcpNamesOf(connector)[0]?.split("/").at(-1);
    const region = regionOf(graph, connector);
    const tags = [
      "vpc-connector",
      ...(name === undefined || region === undefined ? [] : [`vpc-connector-${region}-${name}`]),
    ];
    return {
      identities: tags.map((tag) => ({
        key: `tag ${tag}`,
        kind: "network tag",
        name: tag,
        node: undefined,
      })),
      perhaps: [],
      isWhole: tags.length > 1,
    };
  }

  #read(node: Node): NetworkInterface {
    const { graph, zones } = this.#stack;
    const shape = placedTypes.get(node.resourceType);
    const placements = this.#placementsOf(node);
    const subnets = [...new Set(placements.flatMap((one) => one.subnets))].sort((one, other) =>
      one.key < other.key ? -1 : 1,
    );
    for (const { network } of placements) {
      zones.inherit(node.urn, network.zone, `its network ${network.label}`);
    }
    for (const subnet of subnets) {
      zones.inherit(node.urn, subnet.zone, `its subnet ${subnet.label}`);
    }
    for (const owner of shape?.partOf === undefined
      ? []
      : ownersOf(graph, node, shape.partOf.key, shape.partOf.types)) {
      if (owner.kind === "resource") {
        const { urn } = owner.node;
        zones.inherit(node.urn, zones.of(urn), `what it is a part of, ${labelOf(owner.node)}`);
        zones.inherit(urn, zones.of(node.urn), `its part ${labelOf(node)}`);
      }
    }
    const isHidden =
      shape !== undefined &&
      (this.#hasUnknownPart(node, shape) || this.#hasUnknownNetwork(placements, node, shape));
    if (isHidden || placements.some(({ network }) => !network.isDetermined)) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "In which network it is cannot be known, so it may be in that of any zone.",
        remedy: `Set ${(shape?.places ?? []).map(placeText).join(" or ")} to networks and subnets of this stack, without computing them.`,
      });
    }
    const signature = shape === undefined ? undefined : this.#signatureOf(node, shape);
    for (const subnet of signature === undefined ? [] : subnets) {
      const known = this.#signatures.get(subnet) ?? [];
      this.#signatures.set(subnet, signature === undefined ? known : [...known, signature]);
    }
    const filters: readonly Filter[] =
      signature === undefined
        ? []
        : [
            ...new Set(
              placements
                .filter(({ network }) => network.isDetermined)
                .flatMap(({ network, subnets: placed }) => this.#classes.inForce(network, signature, placed)),
            ),
          ];
    return {
      urn: node.urn,
      label: labelOf(node),
      get zone() {
        return zones.of(node.urn);
      },
      platform: platformOf(this.#stack, node),
      subnets,
      filters,
    };
  }

  /** The settings of something that are not right, or may not be. */
  #broken(node: Node): ReturnType<typeof broken> {
    const { graph } = this.#stack;
    const { settings, oneOf = [] } = placedTypes.get(node.resourceType) ?? {
      settings: keptMachineTypes.has(node.resourceType) ? keptMachineSettings : managerSettings,
    };
    const wrong = broken(graph, node, oneOf);
    return [
      ...broken(graph, node, settings),
      ...(oneOf.length > 0 && wrong.length === oneOf.length ? wrong.slice(0, 1) : []),
    ];
  }

  /** Where something of the PHI zone has an interface in another zone, or in the network of nobody of the zone besides. */
  #elsewhere(node: Node): string | undefined {
    const { zones } = this.#stack;
    if (zones.of(node.urn) !== "phi") {
      return undefined;
    }
    const places = this.#placementsOf(node).flatMap(({ network, subnets }): readonly (Network | Subnet)[] =>
      subnets.length === 0 ? [network] : subnets,
    );
    const isAway = ({ zone }: Network | Subnet): boolean =>
      zone === undefined ? places.length > 1 : zone !== "phi";
    return places.find(isAway)?.label;
  }

  /** The addresses that the Internet knows of what is in a zone, and the ways by which it gets out by itself. */
  publicAddresses(): readonly PublicAddress[] {
    const { graph, zones } = this.#stack;
    const all = graph.ofType(...placedTypes.keys(), ...managerTypes, ...keptMachineTypes.keys());
    return all.flatMap((node): readonly PublicAddress[] => {
      const zone = zones.of(node.urn);
      if (zone === undefined) {
        return [];
      }
      const found = (what: string, assumption: string | undefined, remedy: string): PublicAddress => ({
        urn: node.urn,
        label: labelOf(node),
        zone,
        platform: platformOf(this.#stack, node),
        what,
        assumption,
        remedy,
      });
      const away = this.#elsewhere(node);
      return [
        ...this.#broken(node).map(({ setting, isUnknown }) =>
          found(
            setting.what,
            isUnknown ? `\`${pathText(setting.path)}\` is not known` : undefined,
            setting.remedy,
          ),
        ),
        ...(away === undefined
          ? []
          : [
              found(
                `it has an interface outside of the PHI zone (${away}), by which it may send on what it reads`,
                undefined,
                "Give it interfaces in the PHI zone only.",
              ),
            ]),
      ];
    });
  }

  /** Who is in a subnet, as firewall rules and routes know it. */
  signaturesIn(subnet: Subnet): readonly Signature[] {
    return this.#signatures.get(subnet) ?? [];
  }

  /** What runs code of the customer's. */
  running(): readonly NetworkInterface[] {
    return this.all.filter(({ urn }) => {
      const type = this.#stack.graph.node(urn)?.resourceType ?? "";
      return placedTypes.get(type)?.runsCode === true;
    });
  }
}

function placeText({ at, network, subnet }: Place): string {
  const prefix = at === undefined ? "" : `${pathText(at)}.`;
  return [network, subnet].flatMap((key) => (key === undefined ? [] : [`${prefix}${key}`])).join(" or ");
}

/** Who something is that is several at once. */
function merged(signatures: readonly Signature[]): Signature {
  return {
    identities: signatures.flatMap(({ identities }) => identities),
    perhaps: signatures.flatMap(({ perhaps }) => perhaps),
    isWhole: signatures.every(({ isWhole }) => isWhole),
  };
}
