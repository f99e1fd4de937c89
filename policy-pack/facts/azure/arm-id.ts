import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import { rememberedByText } from "../../remembered-by-text";

import { armTypes } from "./arm-types";

/** What stands for a subscription that is not known: ids of any subscription may be meant. */
export const anySubscription = "*";

/** Whether a text is an id of Azure Resource Manager. */
export function isArmId(text: string): boolean {
  return /^\/subscriptions\//i.test(text);
}

/** An id in the one spelling that is compared: Azure Resource Manager takes upper and lower case for the same. */
export function armKey(text: string): string {
  return text.startsWith("/") && isArmId(text) ? keyOf(text) : text;
}

const keyOf = rememberedByText((text): string => text.toLowerCase().replace(/\/+$/, ""));

/** The same id, of whatever subscription. */
export function inAnySubscription(key: string): string {
  return key.replace(/^\/subscriptions\/[^/]+/, `/subscriptions/${anySubscription}`);
}

/** The subscription of an id, in lower case. */
export function subscriptionOf(text: string): string | undefined {
  return /^\/subscriptions\/([^/]+)/i.exec(text)?.[1]?.toLowerCase();
}

/** An id, and the ids of what it is a part of, from the inmost outwards: a subnet, then its network. */
export const withParents = rememberedByText((text): readonly string[] => {
  const key = armKey(text);
  const found: string[] = [];
  let at = key;
  while (/\/providers\/[^/]+\/[^/]+\/[^/]+/.test(at)) {
    found.push(at);
    at = at.split("/").slice(0, -2).join("/");
  }
  return found;
});

/** What names a resource, as far as the program says it. */
export interface ArmNames {
  /** The id as {@link armKey} writes it; `undefined` where a part of it is not known. */
  readonly id: string | undefined;
  /** Whether it has a name that is not known, so that a text may name it. */
  readonly isUnknown: boolean;
}

/**
 * The id that a resource will have, from the names that the program gives it.
 *
 * @param read reads an input of the resource.
 * @param subscription that of its provider, where it is known.
 */
export function armNames(
  type: ResourceType,
  read: (key: string) => Reading<unknown>,
  subscription: string | undefined,
): ArmNames {
  const arm = armTypes.get(type);
  if (arm === undefined) {
    return { id: undefined, isUnknown: false };
  }
  const texts = ["resourceGroupName", ...arm.names].map((key) => textOf(read(key)));
  const known = texts.flatMap((text) => (text.kind === "known" ? [text.value] : []));
  if (known.length < texts.length) {
    return { id: undefined, isUnknown: texts.some(({ kind }) => kind === "unknown") };
  }
  const [group = "", ...names] = known;
  const [namespace = "", ...kinds] = arm.path.split("/");
  const path = kinds.flatMap((kind, index) => [kind, names[index] ?? ""]).join("/");
  return {
    id: armKey(
      `/subscriptions/${subscription ?? anySubscription}/resourceGroups/${group}/providers/${namespace}/${path}`,
    ),
    isUnknown: false,
  };
}
