import type { IdentifierKind } from "../identifier-kind";
import type { Recogniser } from "../recogniser";
import { folded } from "../token-text";

import { labelledKind } from "./labelled-values";

/** How the cells of a kind look, so that what is empty, a rule of a table or a word for nothing is none. */
type CellForm = "digits" | "letters" | "any";

interface Column {
  readonly kind: IdentifierKind;
  readonly form: CellForm;
}

const others: readonly (readonly [IdentifierKind, CellForm, string])[] = [
  [
    "name",
    "letters",
    "name,patient name,patient,full name,first name,last name,given name,family name,surname,forename,middle name,firstname,lastname,patientname,vorname,nachname,familienname,nom,prenom,nom du patient,nombre,apellido,apellidos,next of kin,spouse,mother,father,provider,physician",
  ],
  [
    "geography",
    "any",
    "address,street,street address,city,town,county,zip,zip code,zipcode,postal code,postcode,adresse,anschrift,strasse,ort,wohnort,plz,ville,code postal,direccion,domicilio,ciudad,codigo postal",
  ],
  [
    "date",
    "digits",
    "dob,date of birth,birth date,birthdate,geburtsdatum,geb datum,date de naissance,fecha de nacimiento,admission date,discharge date,date of admission,date of death",
  ],
  ["email", "any", "email,e mail,mail,email address,correo"],
];
const columnsByLabel = new Map<string, Column>(
  others.flatMap(([kind, form, labels]) =>
    labels.split(",").map((label) => [label, { kind, form }] as const),
  ),
);
/** Headers that tables of other things have as well: they count beside a column of another kind. */
const ordinary = new Set(
  "name,patient,city,town,county,provider,physician,ort,ville,ciudad,nom,nombre".split(","),
);
const letterOrDigit = /[\p{L}\p{N}]/u;
const nothing = /^(?:n\/?a|none|unknown|null|nil|nan|-+)$/i;

/** Spaces, bars and quotes before the first cell of a row, by their codes. */
const leading: ReadonlySet<number> = new Set(Array.from(" \t|\"'", (sign) => sign.charCodeAt(0)));

/** How long a header may be, in characters. */
const longestHeader = 1000;
/** And each of its cells. */
const longestLabel = 32;

function columnOf(cell: string): { readonly column: Column; readonly ordinary: boolean } | undefined {
  const label = folded(cell.replaceAll(/([a-z])([A-Z])/g, "$1 $2"))
    .replaceAll(/[^a-z\d]+/g, " ")
    .trim();
  const known = columnsByLabel.get(label) ?? columnsByLabel.get(label.replaceAll(" ", ""));
  if (known !== undefined) {
    return { column: known, ordinary: ordinary.has(label) };
  }
  const kind = labelledKind(label);
  return kind === undefined
    ? undefined
    : { column: { kind: kind.kind, form: "digits" }, ordinary: !kind.strong };
}

/** The columns of a header that say of whom rows are; undefined if it is none. */
function columnsOf(line: string, separator: string): readonly (Column | undefined)[] | undefined {
  // Prose has longer ones, and rows have values after colons.
  if (/[:{}\\]|\. /.test(line)) {
    return undefined;
  }
  const cells = line.split(separator);
  if (cells.some(({ length }) => length > longestLabel)) {
    return undefined;
  }
  const columns = cells.map(columnOf);
  const known = columns.filter((column) => column !== undefined);
  const kinds = new Set(known.map(({ column }) => column.kind));
  return known.some(({ ordinary: doubtful }) => !doubtful) &&
    (kinds.size >= 2 || columns.length === known.length)
    ? columns.map((column) => column?.column)
    : undefined;
}

/** How often a sign stands between two places. */
function count(text: string, sign: string, start: number, end: number): number {
  const code = sign.charCodeAt(0);
  let times = 0;
  for (let at = start; at < end; at += 1) {
    times += text.charCodeAt(at) === code ? 1 : 0;
  }
  return times;
}

function hasForm(cell: string, form: CellForm): boolean {
  const said = cell.trim();
  return (
    !nothing.test(said) &&
    (form === "digits"
      ? /\d/.test(said)
      : form === "letters"
        ? /\p{L}{2}/u.test(said)
        : letterOrDigit.test(said))
  );
}

/**
 * What stands in the columns of a table whose first row says that they have names, numbers of records and so on: values
 * separated by commas, semicolons, tabulators or bars. Each row is looked at once: a table ends where a row has another number of cells.
 */
export const tableColumns: Recogniser = {
  shapes: ["capital", "small", "code"],
  look: ({ text, starts }, token, report) => {
    const start = starts[token] ?? 0;
    let lineStart = start;
    while (lineStart > 0 && start - lineStart < 4 && leading.has(text.charCodeAt(lineStart - 1))) {
      lineStart -= 1;
    }
    if (lineStart > 0 && text.charCodeAt(lineStart - 1) !== 10) {
      return;
    }
    const endOf = (from: number) => {
      const end = text.indexOf("\n", from);
      return end === -1 ? text.length : end;
    };
    let end = endOf(lineStart);
    if (end - lineStart > longestHeader || end === text.length) {
      return;
    }
    const header = text.slice(lineStart, end);
    const separator = ["|", "\t", ";", ","].find((sign) => header.includes(sign));
    if (separator === undefined) {
      return;
    }
    // A row follows with as many cells. And a row of a table that was begun before it is no header, so that no row is looked at for two of them.
    const borders = count(text, separator, lineStart, end);
    const before = text.lastIndexOf("\n", Math.max(0, lineStart - 2)) + 1;
    if (
      count(text, separator, end + 1, endOf(end + 1)) !== borders ||
      (lineStart > 0 && count(text, separator, before, Math.max(0, lineStart - 1)) === borders)
    ) {
      return;
    }
    const columns = columnsOf(header, separator);
    if (columns === undefined) {
      return;
    }
    while (end < text.length) {
      const from = end + 1;
      end = endOf(from);
      const cells = text.slice(from, end).split(separator);
      if (cells.length !== columns.length) {
        return;
      }
      let at = from;
      for (const [index, cell] of cells.entries()) {
        const column = columns[index];
        if (column !== undefined && hasForm(cell, column.form)) {
          const said = cell.replace(/^[\s"'*]+/, "");
          const value = said.trimEnd().replace(/["'*\r]+$/, "");
          const begin = at + cell.length - said.length;
          report(column.kind, "table-column", begin, begin + value.length);
        }
        at += cell.length + 1;
      }
    }
  },
};
