import { absent, itemsOf, member, reading, recordOf, textOf, unknown, type Reading } from "../../reading";

/** Messages in which the configuration of an extension is written out without its type being known to Envoy's API. */
const typedStructs: ReadonlySet<string> = new Set(["xds.type.v3.TypedStruct", "udpa.type.v1.TypedStruct"]);

const camelNames = new Map<string, string>();

/** The name that protobuf's JSON form gives to a field besides its own (ProtoJSON format, "Field names"). */
function camelCase(name: string): string {
  const known =
    camelNames.get(name) ?? name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  camelNames.set(name, known);
  return known;
}

/**
 * A message of Envoy's API in protobuf's JSON form, which takes each field by its own name and in camel case. What is not
 * known, or is no message, has fields that are not known.
 */
export class Message {
  readonly #fields: Reading<Readonly<Record<string, unknown>>>;

  constructor(read: Reading<unknown>) {
    const fields = recordOf(read);
    const type = fields.kind === "known" ? textOf(member(fields.value, "@type")) : absent;
    const isWrapped = type.kind === "known" && typedStructs.has(lastPart(type.value));
    this.#fields = isWrapped && fields.kind === "known" ? unwrapped(fields.value) : fields;
  }

  get kind(): Reading<unknown>["kind"] {
    return this.#fields.kind;
  }

  /** A field: unknown where it is written under both of its names, which Envoy refuses. */
  read(name: string): Reading<unknown> {
    if (this.#fields.kind !== "known") {
      return this.#fields;
    }
    const { value } = this.#fields;
    const camel = camelCase(name);
    const own = member(value, name);
    const other = camel === name ? absent : member(value, camel);
    return own.kind === "absent" ? other : other.kind === "absent" ? own : unknown;
  }

  message(name: string): Message {
    return new Message(this.read(name));
  }

  /** The messages of a list; one that is unknown, where the list is. */
  messages(name: string): readonly Message[] {
    return itemsOf(this.read(name)).map((item) => new Message(item));
  }

  /** The messages of a mapping, by their keys; one that is unknown, where the mapping is. */
  entries(name: string): readonly (readonly [key: string, value: Message])[] {
    const fields = recordOf(this.read(name));
    switch (fields.kind) {
      case "known":
        return Object.entries(fields.value).map(([key, value]) => [key, new Message(presentOr(value))]);
      case "unknown":
        return [["", new Message(unknown)]];
      case "absent":
        return [];
    }
  }

  /** What the message is, if it says so: `envoy.extensions.filters.http.rbac.v3.RBAC`. */
  get type(): Reading<string> {
    if (this.#fields.kind !== "known") {
      return this.#fields;
    }
    const type = textOf(member(this.#fields.value, "@type"));
    return type.kind === "known" ? { kind: "known", value: lastPart(type.value) } : type;
  }

  /** Whether the message is of a type of Envoy's extensions; not known to be, where it does not say. */
  isOf(extension: string): boolean {
    return this.isOfType(`envoy.extensions.${extension}`);
  }

  /** Whether the message is of a type of Envoy's API; not known to be, where it does not say. */
  isOfType(name: string): boolean {
    const { type } = this;
    return type.kind === "known" && type.value === name;
  }

  /** The fields that are set, and are none of those that are understood. */
  besides(understood: readonly string[]): readonly string[] {
    if (this.#fields.kind !== "known") {
      return [];
    }
    const names = new Set(["@type", ...understood, ...understood.map(camelCase)]);
    return Object.entries(this.#fields.value).flatMap(([key, value]) =>
      names.has(key) || reading(value).kind === "absent"
        ? []
        : [key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)],
    );
  }
}

function lastPart(type: string): string {
  return type.slice(type.lastIndexOf("/") + 1);
}

function presentOr(value: unknown): Reading<unknown> {
  const read = reading(value);
  // A message that is there and says nothing is a message.
  return read.kind === "absent" ? { kind: "known", value: {} } : read;
}

/** What a message of any type wraps, with its type. */
function unwrapped(fields: Readonly<Record<string, unknown>>): Reading<Readonly<Record<string, unknown>>> {
  const outer = new Message({ kind: "known", value: { ...fields, "@type": "" } });
  const type = textOf(outer.read("type_url"));
  const value = recordOf(outer.read("value"));
  return type.kind !== "known" || value.kind === "unknown"
    ? unknown
    : { kind: "known", value: { ...(value.kind === "known" ? value.value : {}), "@type": type.value } };
}

/** A value of an enumeration by its name, which protobuf's JSON form also writes as its number. */
export function enumOf(read: Reading<unknown>, names: readonly string[]): Reading<string> {
  if (read.kind !== "known") {
    return read;
  }
  const { value } = read;
  const name = typeof value === "number" ? names[value] : value;
  return typeof name === "string" && names.includes(name) ? { kind: "known", value: name } : unknown;
}
