import type { Node } from "../../stack-graph";
import { placeIn, zoneWithin, type Place } from "../place";
import type { PropertyPath } from "../property-path";

import { labelOf, type AzureStack } from "./azure-stack";
import type { Subnets } from "./subnets";

/** By which properties a resource says where it is. */
export interface PlaceShape {
  /** Where it holds ids of subnets. */
  readonly subnets?: readonly PropertyPath[];
  /** What it is a part of, or is in, where that is in a zone. */
  readonly within?: readonly Node[];
}

/** Where resources of Azure's are: in a zone that they say themselves, or that their subnets say. */
export class Placement {
  readonly #stack: AzureStack;
  readonly #subnets: Subnets;

  constructor(stack: AzureStack, subnets: Subnets) {
    this.#stack = stack;
    this.#subnets = subnets;
  }

  of(node: Node, { subnets = [], within = [] }: PlaceShape = {}): Place | undefined {
    const { zones } = this.#stack;
    const named = subnets.map((path) => this.#subnets.at(node, path));
    const around = [
      ...named.flatMap((found) => found.subnets.map(({ zone }) => zone)),
      ...within.map(({ urn }) => zones.of(urn)),
    ];
    return placeIn(
      zoneWithin(zones.of(node.urn), around),
      named.every(({ isAmbiguous }) => !isAmbiguous)
        ? undefined
        : `in which subnets ${labelOf(node)} is, and so in which zone, is not known`,
    );
  }
}
