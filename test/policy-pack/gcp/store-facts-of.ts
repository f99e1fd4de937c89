import { inheritProjectZones } from "../../../policy-pack/facts/gcp/projects";
import { storeFacts, type StoreFacts } from "../../../policy-pack/facts/gcp/store-facts";
import type { Sketch } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

/** The facts that the stores and services of a stack give, once it is known in which zones its projects are. */
export function storeFactsOf(sketch: Sketch, platforms: ReadonlyMap<string, string> = new Map()): StoreFacts {
  const stack = gcpStackOf(sketch, { platforms });
  inheritProjectZones(stack);
  return storeFacts(stack);
}
