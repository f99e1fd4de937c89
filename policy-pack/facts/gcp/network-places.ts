import type { ZoneId } from "../../../model/zone";

import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { placeIn, zoneWithin, type Place } from "../place";
import { valuesAt, type PropertyPath } from "../property-path";

import { types } from "./compute-types";
import { labelOf, type GcpStack } from "./gcp-stack";
import { ownersIn, ownersOf } from "./owners";

const subnetTypes: readonly ResourceType[] = types.subnet;

/** Where resources are by the networks and subnets that they name. */
export class NetworkPlaces {
  readonly #stack: GcpStack;

  constructor(stack: GcpStack) {
    this.#stack = stack;
  }

  /** The networks and subnets that a property names, or may. */
  #namedAt(node: Node, path: PropertyPath): readonly Referent[] {
    const { graph } = this.#stack;
    return valuesAt(graph, node, path).flatMap((value) => {
      const [subnets, networks] = [types.subnet, types.network].map((some) =>
        ownersIn(graph, node, path[0], value, some),
      );
      const found = [...(subnets ?? []), ...(networks ?? [])].filter(({ kind }) => kind === "resource");
      return found.length > 0 ? found : (subnets ?? []);
    });
  }

  /** The zones of what some properties name: of a network without one, those of its subnets. */
  #zonesAt(node: Node, paths: readonly PropertyPath[]): readonly (ZoneId | undefined)[] {
    const { graph, zones } = this.#stack;
    const named = paths.map((path) => this.#namedAt(node, path));
    // What names its subnet besides is in no other of the network.
    const isInSubnet = named.some(
      (referents) =>
        referents.length > 0 &&
        referents.every((to) => to.kind === "resource" && subnetTypes.includes(to.node.resourceType)),
    );
    return named.flatMap((referents) =>
      referents.flatMap((referent) => {
        if (referent.kind !== "resource") {
          return [];
        }
        const own = zones.of(referent.node.urn);
        if (own !== undefined || isInSubnet || subnetTypes.includes(referent.node.resourceType)) {
          return [own];
        }
        const inside = graph
          .ofType(...subnetTypes)
          .filter((subnet) =>
            ownersOf(graph, subnet, "network", types.network).some(
              (of) => of.kind === "resource" && of.node === referent.node,
            ),
          )
          .flatMap(({ urn }) => zones.of(urn) ?? []);
        // In a network that several zones share, what says its own zone is in that one.
        const isShared = new Set(inside).size > 1;
        return isShared && zones.of(node.urn) !== undefined ? [] : inside;
      }),
    );
  }

  /**
   * The zone of a resource: its own, or that of a network or subnet that it names.
   *
   * @param paths where it names networks or subnets.
   * @param within what it is a part of, or is in.
   */
  zoneOf(node: Node, paths: readonly PropertyPath[] = [], within: readonly Node[] = []): ZoneId | undefined {
    const { zones } = this.#stack;
    return zoneWithin(zones.of(node.urn), [
      ...this.#zonesAt(node, paths),
      ...within.map(({ urn }) => zones.of(urn)),
    ]);
  }

  /** The place of a resource; `undefined` for what is in no zone. */
  placeOf(node: Node, paths: readonly PropertyPath[] = [], within: readonly Node[] = []): Place | undefined {
    const isAmbiguous = paths.some((path) =>
      this.#namedAt(node, path).some(({ kind }) => kind === "undetermined"),
    );
    return placeIn(
      this.zoneOf(node, paths, within),
      isAmbiguous ? `in which networks ${labelOf(node)} is, and so in which zone, is not known` : undefined,
    );
  }
}
