/** Where a value stands in its text, in UTF-16 code units. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A string, or the key of a member. */
export interface JsonString extends Span {
  readonly kind: "string";
  readonly value: string;
}

/** A number, as it is written: no reader's precision changes it. */
export interface JsonNumber extends Span {
  readonly kind: "number";
  readonly value: number;
}

/** `true`, `false` or `null`. */
export interface JsonLiteral extends Span {
  readonly kind: "literal";
  readonly value: boolean | null;
}

/** A list. */
export interface JsonList extends Span {
  readonly kind: "list";
  readonly items: readonly JsonNode[];
}

/** A member of an object. */
export interface JsonMember {
  readonly key: JsonString;
  readonly value: JsonNode;
}

/** An object; its members by their keys, of which no two are the same. */
export interface JsonObject extends Span {
  readonly kind: "object";
  readonly members: ReadonlyMap<string, JsonMember>;
}

/** A value of JSON, and where it stands. */
export type JsonNode = JsonString | JsonNumber | JsonLiteral | JsonList | JsonObject;
