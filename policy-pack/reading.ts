import { rememberedByText } from "./remembered-by-text";

/** A value that is known to have been set. */
export interface Known<T> {
  readonly kind: "known";
  readonly value: T;
}

/** A value that is set, or may be, to something that a preview does not know. */
export interface Unknown {
  readonly kind: "unknown";
}

/** A value that is not set, so that the cloud's default holds. */
export interface Absent {
  readonly kind: "absent";
}

/** What can be said of a property. Nothing may be concluded from `unknown`, and absence has a meaning of its own. */
export type Reading<T> = Known<T> | Unknown | Absent;

export const unknown: Unknown = { kind: "unknown" };
export const absent: Absent = { kind: "absent" };

export function known<T>(value: T): Known<T> {
  return { kind: "known", value };
}

/** What CrossGuard puts in the place of a value that is not known: one text for each kind of value (@pulumi/policy, proxy.ts). */
const sentinels = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

/** A sentinel within a text, or the text of an Output that a program joined to another by mistake. */
const unknownText = new RegExp(`${sentinels.join("|")}|Calling \\[to(?:String|JSON)\\] on an \\[Output`);

/** Whether a text says that it is not known. A stack has each of its texts many times, and each is read many times. */
const saysUnknown = rememberedByText((text) => unknownText.test(text));

/** No text that says "unknown" is shorter; most texts of a stack are. */
const shortestUnknownText = "Calling [toJSON] on an [Output".length;

/** What `pulumi policy analyze` puts in the place of a secret that it cannot decrypt. */
const hiddenSecret = "[secret]";

/** Marks a wrapped value in the engine's wire format (pulumi sdk, resource/plugin: signatures of special values). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a raw value; of a list or a mapping, only the whole. A wrapped value counts as what it wraps, and an empty text
 * as absent: providers hand it back for a text that was not set.
 */
export function reading(raw: unknown): Reading<unknown> {
  if (raw === undefined || raw === null || raw === "") {
    return absent;
  }
  if (typeof raw === "string") {
    const isUnknown = raw === hiddenSecret || (raw.length >= shortestUnknownText && saysUnknown(raw));
    return isUnknown ? unknown : known(raw);
  }
  if (isRecord(raw)) {
    const signature = raw[signatureKey];
    if (signature === secretSignature) {
      return reading(raw["value"]);
    }
    if (signature === outputSignature) {
      return "value" in raw ? reading(raw["value"]) : unknown;
    }
  }
  return known(raw);
}

/** Whether a value, or anything in it, is not known. */
export function holdsUnknown(raw: unknown): boolean {
  const read = reading(raw);
  if (read.kind !== "known") {
    return read.kind === "unknown";
  }
  const { value } = read;
  if (Array.isArray(value)) {
    return value.some(holdsUnknown);
  }
  return isRecord(value) && Object.values(value).some(holdsUnknown);
}

/** A known value as `convert` understands it; one that it does not understand counts as unknown, never as absent. */
export function understood<T>(
  read: Reading<unknown>,
  convert: (value: unknown) => T | undefined,
): Reading<T> {
  if (read.kind !== "known") {
    return read;
  }
  const value = convert(read.value);
  return value === undefined ? unknown : known(value);
}

function isText(read: Known<unknown>): read is Known<string> {
  return typeof read.value === "string";
}

/** A known text; what is known and is none counts as unknown. */
export function textOf(read: Reading<unknown>): Reading<string> {
  return read.kind !== "known" || isText(read) ? read : unknown;
}

/** A whole number, which some properties hold as a text. */
export function integerOf(read: Reading<unknown>): Reading<number> {
  return understood(read, (value) => {
    const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isInteger(number) ? number : undefined;
  });
}

/** A truth value, which some properties hold as a text. */
export function flagOf(read: Reading<unknown>): Reading<boolean> {
  return understood(read, (value) => {
    if (typeof value === "boolean") {
      return value;
    }
    return value === "true" ? true : value === "false" ? false : undefined;
  });
}

function isList(read: Known<unknown>): read is Known<readonly unknown[]> {
  return Array.isArray(read.value);
}

export function listOf(read: Reading<unknown>): Reading<readonly unknown[]> {
  return read.kind !== "known" || isList(read) ? read : unknown;
}

function isMapping(read: Known<unknown>): read is Known<Readonly<Record<string, unknown>>> {
  return isRecord(read.value);
}

export function recordOf(read: Reading<unknown>): Reading<Readonly<Record<string, unknown>>> {
  return read.kind !== "known" || isMapping(read) ? read : unknown;
}

/** A member of a mapping. */
export function member(record: Readonly<Record<string, unknown>>, key: string): Reading<unknown> {
  return Object.hasOwn(record, key) ? reading(record[key]) : absent;
}

/** A member of a mapping that may not be known as a whole. */
export function memberReading(
  record: Reading<Readonly<Record<string, unknown>>>,
  key: string,
): Reading<unknown> {
  return record.kind === "known" ? member(record.value, key) : record;
}

/** The items of a list; one that is unknown, where the list is; none, where it is absent. */
export function itemsOf(list: Reading<unknown>): readonly Reading<unknown>[] {
  const values = listOf(list);
  switch (values.kind) {
    case "known":
      return values.value.map((item) => (item === null || item === undefined ? unknown : reading(item)));
    case "unknown":
      return [unknown];
    case "absent":
      return [];
  }
}

/** Whether a flag is or may be set: unknown counts as set. */
export function mayBeTrue(flag: Reading<boolean>): boolean {
  return flag.kind === "unknown" || (flag.kind === "known" && flag.value);
}
