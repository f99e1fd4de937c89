import { textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";

import { types } from "./compute-types";
import { gcpKey } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";

/** By what a firewall rule knows an endpoint: its service account, its secure tags or its network tags. */
export type IdentityKind = "service account" | "secure tag" | "network tag";

/** One service account or tag. */
export interface Identity {
  /** What no other identity has. */
  readonly key: string;
  readonly kind: IdentityKind;
  /** Its e-mail address, its name, or what it is called in the stack. */
  readonly name: string;
  /** The resource that makes it, if the stack does. */
  readonly node: Node | undefined;
}

const resourceTypes = {
  "service account": types.serviceAccount,
  "secure tag": types.tagValue,
} as const;

/** The name of a tag value, without the API's address. */
function tagName(text: string): string {
  return gcpKey(text).replace(/^\/\/cloudresourcemanager\.googleapis\.com\//, "");
}

/**
 * The identities that a value may name; `undefined` among them stands for one that is not known. Nothing, where the value
 * is absent.
 *
 * @param key the property of the resource that holds the value, or in which it stands.
 */
export function identitiesOf(
  { graph }: GcpStack,
  node: Node,
  key: string,
  kind: IdentityKind,
  value: Reading<unknown>,
): readonly (Identity | undefined)[] {
  const text = textOf(value);
  if (text.kind === "absent") {
    return [];
  }
  if (kind === "network tag") {
    return text.kind === "known"
      ? [{ key: `tag ${text.value}`, kind, name: text.value, node: undefined }]
      : [undefined];
  }
  const bare =
    text.kind !== "known"
      ? text
      : {
          kind: "known" as const,
          value: kind === "secure tag" ? tagName(text.value) : text.value.replace(/^serviceAccount:/, ""),
        };
  return graph.referentsOf(node, key, bare, resourceTypes[kind]).map((to) => {
    switch (to.kind) {
      case "resource":
        return { key: `${kind} ${to.node.urn}`, kind, name: to.node.name, node: to.node };
      case "external":
        return { key: `${kind} ${to.id}`, kind, name: to.id, node: undefined };
      case "undetermined":
        return undefined;
    }
  });
}

/** Who an endpoint is to firewall rules, as far as it is known. */
export interface Signature {
  /** What it is for certain. */
  readonly identities: readonly Identity[];
  /** What it may be besides. */
  readonly perhaps: readonly Identity[];
  /** Whether it is nothing else. */
  readonly isWhole: boolean;
}

/** An endpoint that is nothing to any rule but something in its network. */
export const anybody: Signature = { identities: [], perhaps: [], isWhole: true };
