import type { ResourceType } from "../../resource-type";

import { gcpKey, isGcpId, projectOf, withParents } from "./gcp-id";
import { gcpTypes } from "./gcp-types";

/** Where something is that names others by less than their whole names. */
export interface Teller {
  readonly project: string | undefined;
  readonly location: string | undefined;
}

/** What a text may be a name of, in the spellings that are compared. */
export interface ToldNames {
  /** The names of the resource, or of what it is a part of, from the inmost outwards. */
  readonly names: readonly string[];
  /** The project that the text says, by its id or its number. */
  readonly project: string | undefined;
}

const nothing: ToldNames = { names: [], project: undefined };

/** What the inputs are called in which a resource holds the whole name of what it is a part of, and how that is made. */
const wholes: ReadonlyMap<string, string> = new Map([
  ["cluster", "projects/{project}/locations/{location}/clusters/{cluster}"],
  ["dataset", "projects/{project}/locations/{location}/datasets/{dataset}"],
  ["keyRing", "projects/{project}/locations/{location}/keyRings/{keyRing}"],
]);

/** The address of an API, before a name: with a scheme, as a service's host alone, or with a version of the API. */
const api = /^(?:(?:https?:)?\/\/)?[a-z0-9-]+\.googleapis\.com\/(?:(?:[a-z]+\/)?v\d+[a-z0-9]*\/)?/;

function ofBucket(name: string): ToldNames {
  return { names: name === "" ? [] : [name], project: undefined };
}

/** Its own name, and those of what it is a part of; a project is a part of nothing here. */
function ofRelative(name: string): ToldNames {
  const names = withParents(name);
  const scope = /(?:^|\/)(?:metricsScopes\/[^/]+\/projects|metricsScopes)\/([^/]+)$/.exec(name)?.[1];
  return { names: names.length === 0 ? [name] : names, project: scope ?? projectOf(name) };
}

/** The names of a table of BigQuery's, or of a dataset, that is written `project.dataset.table`. */
function ofDotted(text: string): ToldNames | undefined {
  const [, project, dataset] =
    /^([a-z][a-z0-9-]*)[.:](\w+)(?:\.[\w$*-]+)?$/.exec(text.replaceAll("`", "")) ?? [];
  return project === undefined || dataset === undefined
    ? undefined
    : { names: [`projects/${project}/datasets/${dataset}`], project };
}

/** A name by its last parts, as the templates of some types have them: `location/dataset/store`, `instance`. */
function ofParts(text: string, types: readonly ResourceType[], teller: Teller): readonly ToldNames[] {
  const parts = text.split(/[/:]/);
  return types.flatMap((type) =>
    (gcpTypes.get(type) ?? []).flatMap((short): readonly ToldNames[] => {
      const template = short.replace(/^\{(\w+)\}(?=\/)/, (whole, key: string) => wholes.get(key) ?? whole);
      const keys = [...template.matchAll(/\{(\w+)\}/g)].map(([, key = ""]) => key);
      // The connection name of an instance of Cloud SQL has its region in the middle.
      const said =
        parts.length > keys.length && text.includes(":") ? [parts[0] ?? "", parts.at(-1) ?? ""] : parts;
      if (said.length > keys.length) {
        return [];
      }
      const before = keys.length - said.length;
      const values = keys.map((key, index) =>
        index >= before ? said[index - before] : key === "project" ? teller.project : teller.location,
      );
      if (values.includes(undefined)) {
        return [];
      }
      const name = keys.reduce(
        (built, key, index) => built.replace(`{${key}}`, values[index] ?? ""),
        template,
      );
      return [ofRelative(name)];
    }),
  );
}

/**
 * What a text may name: by its relative name, an address of an API, `gs://` or `bq://`, or by its last part alone.
 *
 * @param types what it can name; where nothing is said, a name has to say by itself what it is of.
 */
export function toldNames(
  text: string,
  types: readonly ResourceType[] | undefined,
  teller: Teller,
): readonly ToldNames[] {
  const bucket =
    /^(?:gs:\/\/|(?:\/\/|https?:\/\/)?storage\.googleapis\.com\/(?!projects\/)(?:storage\/v1\/b\/)?|https:\/\/www\.googleapis\.com\/storage\/v1\/b\/|projects\/_\/buckets\/)([^/]*)/.exec(
      text,
    )?.[1];
  if (bucket !== undefined) {
    return [ofBucket(bucket)];
  }
  const bare = text.replace(/^bq:\/\//, "").replace(api, "");
  const relative = isGcpId(text) ? gcpKey(text) : bare;
  if (isGcpId(relative)) {
    return [ofRelative(relative)];
  }
  const dotted = text.startsWith("bq://") || (types ?? []).some((type) => type.startsWith("gcp:bigquery:"));
  const table = dotted ? ofDotted(bare) : undefined;
  if (table !== undefined) {
    return [table];
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(text)) {
    return [nothing];
  }
  return types === undefined ? [ofBucket(text)] : ofParts(bare, types, teller);
}

/** Whether a text says by itself that it is the name or the address of something. */
export function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//.test(text) || isGcpId(text) || api.test(text);
}
