import type { IdentifierKind } from "../identifier-kind";
import type { Recogniser, Report } from "../recogniser";

/** How an identifier stands in a field of a message. */
type FieldForm =
  /** A number, in the first component; what comes after it says who gave it out. */
  | "number"
  /** Family name, given name and further ones, in components of their own. */
  | "name"
  /** The number of somebody, then the names. */
  | "number-and-name"
  /** Street, further lines, city, state, postcode, country, and the county in the ninth component. */
  | "address"
  /** A time, from the year on. */
  | "time"
  /** A telephone number. */
  | "telephone";

interface Field {
  readonly kind: IdentifierKind;
  readonly form: FieldForm;
}

function fields(...given: readonly (readonly [IdentifierKind, FieldForm, ...number[]])[]) {
  return new Map<number, Field>(
    given.flatMap(([kind, form, ...numbers]) => numbers.map((number) => [number, { kind, form }] as const)),
  );
}

/** The segments of HL7 version 2 that say who somebody is, with the numbers of their fields (HL7 version 2.5.1, chapters 3, 4 and 6). */
const segments: ReadonlyMap<string, ReadonlyMap<number, Field>> = new Map([
  [
    "pid",
    fields(
      ["medical_record_number", "number", 2, 3, 4, 21],
      ["name", "name", 5, 6, 9],
      ["date", "time", 7, 29],
      ["geography", "address", 11],
      ["telephone", "telephone", 13, 14],
      ["account_number", "number", 18],
      ["social_security_number", "number", 19],
      ["licence_number", "number", 20],
    ),
  ],
  [
    "nk1",
    fields(
      ["name", "name", 2, 30],
      ["geography", "address", 4, 32],
      ["telephone", "telephone", 5, 6, 31],
      ["date", "time", 16],
      ["other", "number", 33],
      ["social_security_number", "number", 37],
    ),
  ],
  [
    "gt1",
    fields(
      ["account_number", "number", 2],
      ["name", "name", 3, 4],
      ["geography", "address", 5],
      ["telephone", "telephone", 6, 7],
      ["date", "time", 8],
      ["social_security_number", "number", 12],
    ),
  ],
  [
    "in1",
    fields(
      ["name", "name", 16],
      ["date", "time", 18],
      ["geography", "address", 19],
      ["health_plan_number", "number", 36, 49],
    ),
  ],
  [
    "pv1",
    fields(["name", "number-and-name", 7, 8, 9, 17, 52], ["other", "number", 19], ["date", "time", 44, 45]),
  ],
  [
    "obr",
    fields(["other", "number", 2, 3], ["date", "time", 7, 8, 14, 22], ["name", "number-and-name", 10, 16]),
  ],
  ["orc", fields(["other", "number", 2, 3], ["date", "time", 9, 15], ["name", "number-and-name", 10, 12])],
  [
    "mrg",
    fields(
      ["medical_record_number", "number", 1, 2, 4],
      ["account_number", "number", 3],
      ["name", "name", 7],
    ),
  ],
]);

const by = "hl7-field";
/** How long a segment may be, in characters. */
const longest = 4000;
const segment = /[A-Za-z\d]{3}\|[^\r\n"]*/y;
const emptySigns: ReadonlySet<string> = new Set([" ", "\t", "^", "&"]);
const hasContent = /[\p{L}\p{N}]/u;

/** Reports the components between two of a field, without signs at their ends. */
function reportComponents(
  components: readonly string[],
  start: number,
  [from, until]: readonly [number, number],
  kind: IdentifierKind,
  report: Report,
): void {
  const before = components.slice(0, from).reduce((length, component) => length + component.length + 1, 0);
  const value = components.slice(from, until).join("^");
  let [first, end] = [0, value.length];
  while (first < end && emptySigns.has(value.charAt(first))) {
    first += 1;
  }
  while (end > first && emptySigns.has(value.charAt(end - 1))) {
    end -= 1;
  }
  if (hasContent.test(value)) {
    report(kind, by, start + before + first, start + before + end);
  }
}

function reportField(value: string, start: number, { kind, form }: Field, report: Report): void {
  const components = value.split("^");
  const tell = (from: number, until: number, as = kind) => {
    reportComponents(components, start, [from, until], as, report);
  };
  const digits = (components[0] ?? "").replaceAll(/\D/g, "").length;
  switch (form) {
    case "number":
      tell(0, 1);
      return;
    case "name":
      tell(0, 4);
      return;
    case "number-and-name":
      if (digits >= 4) {
        tell(0, 1, "licence_number");
      }
      tell(1, 5);
      return;
    case "address":
      for (const component of [0, 1, 2, 4, 8]) {
        tell(component, component + 1);
      }
      return;
    case "time":
      // A year alone is none.
      if (!/^\s*\d{4}\s*$/.test(components[0] ?? "")) {
        tell(0, 1);
      }
      return;
    case "telephone":
      tell(0, components.length);
  }
}

/** Whether nothing but space stands between a place and the beginning of its line, or of a string of JSON. */
function beginsLine(text: string, start: number): boolean {
  let at = start;
  while (at > 0 && start - at < 8 && /[ \t]/.test(text.charAt(at - 1))) {
    at -= 1;
  }
  return at === 0 || /[\r\n"]/.test(text.charAt(at - 1));
}

/** What messages of HL7 version 2 say of somebody, by the segment and the field in which it stands. */
export const hl7Fields: Recogniser = {
  words: [...segments.keys()],
  shapes: ["code"],
  look: (text, token, report) => {
    const start = text.start(token);
    const known =
      text.end(token) - start === 3 && text.text.charAt(start + 3) === "|"
        ? segments.get(text.word(token))
        : undefined;
    const found =
      known === undefined || !beginsLine(text.text, start) ? undefined : text.match(segment, start);
    if (known === undefined || found === undefined) {
      return;
    }
    let at = start;
    for (const [number, field] of found[0].slice(0, longest).split("|").entries()) {
      const as = known.get(number);
      if (as !== undefined) {
        let repetition = at;
        for (const value of field.split("~")) {
          reportField(value, repetition, as, report);
          repetition += value.length + 1;
        }
      }
      at += field.length + 1;
    }
  },
};
