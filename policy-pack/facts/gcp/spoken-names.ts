import type { ResourceType } from "../../resource-type";

import { isAddress } from "./told-names";

/** A name that stands in a text among other words. */
export interface Spoken {
  readonly text: string;
  /** What it can name; where nothing is said, it says so by itself. */
  readonly types: readonly ResourceType[] | undefined;
  /** The project that is spoken of, by its id or its number. */
  readonly project: string | undefined;
  /** Whether a project is spoken of, and nothing in it. */
  readonly isProjectAlone: boolean;
}

const datasets = ["gcp:bigquery:dataset"] as const;
const instances = ["gcp:sql:databaseinstance"] as const;

const email = /[\w.+-]+@[\w.-]+/g;
const address = /(?:gs|bq|https?):\/\/[^\s"'`,;()<>]+|\/\/[a-z]+\.googleapis\.com\/[^\s"'`,;()<>]+/g;
const relative = /(?<![\w/.-])projects\/[\w.:-]+(?:\/[\w.@~%-]+)*/g;
const connection = /(?<![\w-])[a-z][a-z0-9-]*:[a-z]+-[a-z]+\d+:[a-z][\w-]*/g;
/** A table in a project, whose id has six characters at least, or in quotes. */
const table =
  /(?<![\w.-])[a-z][a-z0-9-]{5,}[.:]\w+\.[\w$*-]+(?![\w./])|(?<=`)[a-z][a-z0-9-]*[.:]\w+\.[\w$*-]+(?=`)/g;
const ownTable = /(?<![\w.:/-])(\w+)\.\w+(?![\w.(/-])/g;
const project = /(?<![\w-])[a-z][a-z0-9-]*(?![\w-])/g;

/** A text by what each of some patterns finds in it, which is taken out for the next. */
function found(text: string, pattern: RegExp): { readonly all: readonly string[]; readonly rest: string } {
  return { all: [...text.matchAll(pattern)].map(([one]) => one), rest: text.replaceAll(pattern, " ") };
}

/**
 * What a text speaks of: the whole of it, where it is a name, and names within it, as a query, a script or a list of
 * parameters has them. Addresses of mail are nobody's name here.
 *
 * @param own the project of who speaks, to which short names of tables belong; `undefined` where they are not looked for.
 */
export function spokenNames(text: string, own: string | undefined): readonly Spoken[] {
  const named = (texts: readonly string[], types?: readonly ResourceType[]): readonly Spoken[] =>
    texts.map((one) => ({ text: one, types, project: undefined, isProjectAlone: false }));
  const whole = !/\s/.test(text) && !isAddress(text) && own !== undefined ? [text] : [];
  const addresses = found(text.replaceAll(email, " "), address);
  const relatives = found(addresses.rest, relative);
  const connections = found(relatives.rest, connection);
  const tables = found(connections.rest, table);
  const short =
    own === undefined
      ? []
      : [...tables.rest.matchAll(ownTable)].map(([, dataset = ""]) => `${own}.${dataset}`);
  const projects = found(text.replaceAll(email, " "), project);
  return [
    ...named(whole),
    ...named(addresses.all),
    ...named(relatives.all),
    ...named(connections.all, instances),
    ...named(tables.all, datasets),
    ...named(short, datasets),
    ...projects.all.map((one) => ({ text: one, types: undefined, project: one, isProjectAlone: true })),
  ];
}
