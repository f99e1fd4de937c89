import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";

import { gcpTypes } from "./gcp-types";

/** Addresses of APIs before the relative name of a resource, as outputs such as `selfLink` have them. */
const apiAddress =
  /^(?:https?:)?\/\/(?:(?:www|content-compute|compute)\.googleapis\.com\/compute\/(?:v1|beta|alpha)\/|(?:[a-z]+\.googleapis\.com)\/(?:v\d+[a-z0-9]*\/)?)/;

/** Whether a text is the relative name of a resource of Google Cloud's, or an address of one. */
export function isGcpId(text: string): boolean {
  return /^(?:projects|accessPolicies|organizations|folders|locations|tagKeys|tagValues)\//.test(
    gcpKey(text),
  );
}

/** A name in the one spelling that is compared: relative, without the API's address, its version and a closing slash. */
export function gcpKey(text: string): string {
  return text.replace(apiAddress, "").replace(/\/+$/, "");
}

/** The project of a name, by id or by number; `undefined` where it has none. */
export function projectOf(text: string): string | undefined {
  const project = /^projects\/([^/]+)/.exec(gcpKey(text))?.[1];
  return project === "_" ? undefined : project;
}

/** Whether a text names a service account by a number, which nothing shows before the account is there. */
export function isAccountNumber(text: string): boolean {
  return /^(?:projects\/[^/]+\/serviceAccounts\/)?\d{10,}$/.test(gcpKey(text));
}

/** Whether a name tells its project by the number. */
export function isByNumber(key: string): boolean {
  return /^projects\/\d+\//.test(key);
}

/** A name without its project, which is the same in any; `undefined` for what is in none, and for a project itself. */
export function inAnyProject(key: string): string | undefined {
  return /^projects\/[^/]+\/(.+)$/.exec(key)?.[1];
}

/** A name, and the names of what it is a part of, from the inmost outwards: a FHIR store, then its dataset. */
export function withParents(text: string): readonly string[] {
  const found: string[] = [];
  let at = gcpKey(text);
  while (at.split("/").length >= 4) {
    found.push(at);
    at = at.split("/").slice(0, -2).join("/");
  }
  return found;
}

/** What names a resource, as far as the program says it. */
export interface GcpNames {
  /** Its names as {@link gcpKey} writes them; none where a part of them is not known. */
  readonly names: readonly string[];
  /** Whether it has a name that is not known, so that a text may name it. */
  readonly isUnknown: boolean;
}

/** Where the provider of a resource makes it, where nothing else is said. */
export type ProviderPlace = (key: "project" | "region" | "zone") => Reading<unknown>;

/** The last part of a region or zone that is written as an address. */
function lastPart(key: string, value: string): string {
  return key === "region" || key === "zone" ? (gcpKey(value).split("/").at(-1) ?? value) : gcpKey(value);
}

/**
 * The names that a resource will have, from what the program says.
 *
 * @param read reads an input of the resource.
 */
export function gcpNames(
  type: ResourceType,
  read: (key: string) => Reading<unknown>,
  place: ProviderPlace,
): GcpNames {
  const templates = gcpTypes.get(type) ?? [];
  const valueOf = (key: string): Reading<string> => {
    const own = textOf(read(key));
    return own.kind === "absent" && (key === "project" || key === "region" || key === "zone")
      ? textOf(place(key))
      : own;
  };
  const made = templates.map((template) => {
    const keys = [...template.matchAll(/\{(\w+)\}/g)].map(([, key = ""]) => key);
    const values = new Map(keys.map((key) => [key, valueOf(key)]));
    const isWhole = [...values.values()].every(({ kind }) => kind === "known");
    const name = template.replaceAll(/\{(\w+)\}/g, (_, key: string) => {
      const value = values.get(key);
      return value?.kind === "known" ? lastPart(key, value.value) : "";
    });
    return {
      names: isWhole ? [gcpKey(name)] : [],
      isUnknown: [...values.values()].some(({ kind }) => kind === "unknown"),
    };
  });
  const names = made.flatMap((one) => one.names);
  return {
    names: [...new Set(names)],
    isUnknown: names.length === 0 && made.some(({ isUnknown }) => isUnknown),
  };
}
