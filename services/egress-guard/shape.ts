import type { IdentifierKind } from "./detection/identifier-kind";

/**
 * What a value of a request or an answer is, for inspection. `null` is a value that is not there, whatever the shape.
 */
export type Shape =
  /** A string whose text leaves the platform, or enters it: it is inspected. If it is JSON itself, its own strings are. */
  | { readonly kind: "content"; readonly isJson: boolean }
  /** A part of a text that comes in parts: what has the same name belongs together. Parts of JSON are put together first. */
  | { readonly kind: "delta"; readonly name: string; readonly isJson: boolean }
  /** Anything: its strings, keys and numbers are inspected. */
  | { readonly kind: "open" }
  /** One of a few values that say nothing of anybody. */
  | { readonly kind: "one-of"; readonly values: ReadonlySet<string | boolean> }
  /** A number within bounds. In requests a long one is inspected all the same: it has room for somebody's. */
  | { readonly kind: "number"; readonly least: number; readonly most: number }
  /** A string of a form that the provider gives, such as an id. In requests it is inspected all the same: it has room for words. */
  | { readonly kind: "form"; readonly form: RegExp }
  /** A string that was compared with what the platform declares before it is read: the name of a model. */
  | { readonly kind: "declared" }
  /** Numbers, or their bytes in Base64, that a provider made of a text. */
  | { readonly kind: "vector" }
  | { readonly kind: "list"; readonly of: Shape }
  /** An object. Members that it does not name are `others`, if that is there. */
  | {
      readonly kind: "object";
      readonly members: Readonly<Record<string, Shape>>;
      readonly others?: Shape;
    }
  /** An object whose shape one of its members names. */
  | {
      readonly kind: "tagged";
      readonly by: string;
      readonly cases: Readonly<Record<string, Shape>>;
      readonly otherwise: Shape;
      /** Its shape if it has no such member; otherwise the same as if that names none of the cases. */
      readonly absent?: Shape;
    }
  /** A value whose shape depends on which kind of JSON it is. */
  | {
      readonly kind: "either";
      readonly string?: Shape;
      readonly list?: Shape;
      readonly object?: Shape;
    }
  /** What cannot be looked into: it counts as an identifier, which cannot be replaced. */
  | { readonly kind: "unreadable"; readonly as: IdentifierKind }
  /** What lets a provider send on or fetch something by itself: it is refused, whatever the policy. */
  | { readonly kind: "refused" };

/** A string whose text is inspected. */
export const content: Shape = { kind: "content", isJson: false };
/** A string that is JSON. */
export const jsonContent: Shape = { kind: "content", isJson: true };
/** Anything; all of it is inspected. */
export const open: Shape = { kind: "open" };
export const vector: Shape = { kind: "vector" };
export const photograph: Shape = { kind: "unreadable", as: "photograph" };
export const unreadable: Shape = { kind: "unreadable", as: "other" };
export const refused: Shape = { kind: "refused" };
/** A switch. */
export const flag = oneOf(true, false);
/** An id that a provider gave, by its form. */
export const givenId: Shape = { kind: "form", form: /^[A-Za-z][A-Za-z]*[_-][A-Za-z0-9_-]{1,120}$/ };
/** A count that a provider made, or a time in seconds. */
export const count = number(0, 1e15);
/** How much of something is asked for at most: with more digits it could be somebody's number. */
export const limit = number(0, 9_999_999);
/** The name of a model, which is the one that the platform declares. */
export const modelName: Shape = { kind: "declared" };

/** One of a few values. */
export function oneOf(...values: readonly (string | boolean)[]): Shape {
  return { kind: "one-of", values: new Set(values) };
}

/** A number within bounds, both included. */
export function number(least: number, most: number): Shape {
  return { kind: "number", least, most };
}

/** A string of a form. */
export function form(expression: RegExp): Shape {
  return { kind: "form", form: expression };
}

/** A list. */
export function list(of: Shape): Shape {
  return { kind: "list", of };
}

/** An object with these members and no others. */
export function object(members: Readonly<Record<string, Shape>>): Shape {
  return { kind: "object", members };
}

/** An object with these members, and others of one shape. */
export function objectWith(members: Readonly<Record<string, Shape>>, others: Shape): Shape {
  return { kind: "object", members, others };
}

/** An object whose member `type` says what else it has. */
export function byType(cases: Readonly<Record<string, Shape>>, otherwise: Shape, by = "type"): Shape {
  return { kind: "tagged", by, cases, otherwise };
}

/** A value that is a string, or a list or an object of another shape. */
export function either(shapes: {
  readonly string?: Shape;
  readonly list?: Shape;
  readonly object?: Shape;
}): Shape {
  return { kind: "either", ...shapes };
}

/** A part of a text that comes in parts. */
export function delta(name: string): Shape {
  return { kind: "delta", name, isJson: false };
}

/** A part of JSON that comes in parts. */
export function jsonDelta(name: string): Shape {
  return { kind: "delta", name, isJson: true };
}
