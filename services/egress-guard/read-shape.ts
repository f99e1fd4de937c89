import type { IdentifierKind } from "./detection/identifier-kind";
import type { JsonNode, JsonObject } from "./json-node";
import type { JsonText } from "./json-text";
import type { Shape } from "./shape";
import { JsonRefused } from "./strict-json";

/** A text in a request or an answer: where it stands, and what it belongs to. */
export interface Piece {
  /** The JSON in which it stands. */
  readonly within: JsonText;
  /** The value, or the key, in whose place another text can be put. */
  readonly node: JsonNode;
  readonly text: string;
  /** A text of its own, a text that should be JSON and is not, or a value among others: which says how to put something into it. */
  readonly as: "text" | "json" | "value";
  /**
   * Which texts of a stream it belongs together with, and how: one after the other (`delta`), JSON that is put together first
   * (`json-delta`), or perhaps (`loose`).
   */
  readonly stream: { readonly kind: "delta" | "json-delta" | "loose"; readonly name: string };
}

/** What is in a request or an answer. */
export interface Reading {
  readonly pieces: readonly Piece[];
  /** What could not be read, as the identifiers that it counts for. */
  readonly unreadable: readonly IdentifierKind[];
  /** Whether there is something that is refused whatever the policy. */
  readonly isRefused: boolean;
}

/** How to take what no shape knows: in requests as unreadable, in answers as texts. */
export type Unknowns = "unreadable" | "texts";

/** Members that say which of several texts an event is about. */
const indexes = ["index", "output_index", "content_index", "summary_index"] as const;

/** Numbers with more characters than this say more than how large they are. */
const mostDigits = 24;
/** Numbers with more have room for somebody's. */
const harmlessDigits = 8;
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

class ShapeReader {
  readonly pieces: Piece[] = [];
  readonly unreadable: IdentifierKind[] = [];
  isRefused = false;
  readonly #unknowns: Unknowns;

  constructor(unknowns: Unknowns) {
    this.#unknowns = unknowns;
  }

  read(within: JsonText, node: JsonNode, shape: Shape, path: string): void {
    if (node.kind === "literal" && node.value === null) {
      return;
    }
    switch (shape.kind) {
      case "content":
        if (node.kind === "string") {
          this.#content(within, node, shape.isJson ? "json" : "text", path);
        } else {
          this.#unknown(within, node, path);
        }
        return;
      case "delta":
        if (node.kind === "string") {
          const kind = shape.isJson ? "json-delta" : "delta";
          const name = `${path}/${shape.name}`;
          this.#piece(within, node, node.value, { kind, name }, shape.isJson ? "json" : "text");
        } else {
          this.#unknown(within, node, path);
        }
        return;
      case "open":
        this.#open(within, node, path);
        return;
      case "unreadable":
        this.#unread(within, node, shape.as, path);
        return;
      case "refused":
        this.isRefused = true;
        // Answers repeat what was asked, and are not refused for it: it is inspected as all that nobody knows.
        if (this.#unknowns === "texts") {
          this.#open(within, node, path);
        }
        return;
      case "list":
        if (node.kind === "list") {
          node.items.forEach((item) => {
            this.read(within, item, shape.of, path);
          });
        } else {
          this.#unknown(within, node, path);
        }
        return;
      case "object":
        if (node.kind === "object") {
          this.#object(within, node, shape, path);
        } else {
          this.#unknown(within, node, path);
        }
        return;
      case "tagged":
        this.read(within, node, this.#case(node, shape), path);
        return;
      case "either": {
        const chosen =
          node.kind === "string" || node.kind === "list" || node.kind === "object"
            ? shape[node.kind]
            : undefined;
        if (chosen === undefined) {
          this.#unknown(within, node, path);
        } else {
          this.read(within, node, chosen, path);
        }
        return;
      }
      case "form":
      case "number":
        if (!isOfShape(node, shape)) {
          this.#unknown(within, node, path);
        } else if (this.#unknowns === "unreadable" && hasRoom(node)) {
          this.#open(within, node, path);
        }
        return;
      case "one-of":
      case "declared":
      case "vector":
        if (!isOfShape(node, shape)) {
          this.#unknown(within, node, path);
        }
        return;
    }
  }

  #case(node: JsonNode, shape: Shape & { readonly kind: "tagged" }): Shape {
    const tag = node.kind === "object" ? node.members.get(shape.by)?.value : undefined;
    if (tag === undefined && shape.absent !== undefined) {
      return shape.absent;
    }
    const name = tag?.kind === "string" ? tag.value : undefined;
    const found = name !== undefined && Object.hasOwn(shape.cases, name) ? shape.cases[name] : undefined;
    return found ?? shape.otherwise;
  }

  #object(
    within: JsonText,
    node: JsonObject,
    { members, others }: Shape & { readonly kind: "object" },
    path: string,
  ): void {
    const place = indexes.reduce((text, name) => {
      const index = node.members.get(name)?.value;
      return index?.kind === "number" ? `${text}#${String(index.value)}` : text;
    }, path);
    for (const [name, { key, value }] of node.members) {
      const shape = Object.hasOwn(members, name) ? members[name] : others;
      if (shape !== undefined) {
        this.read(within, value, shape, `${place}/${name}`);
      } else {
        // A key is a text as well, whatever its value.
        this.#open(within, key, place);
        this.#unknown(within, value, `${place}/${name}`);
      }
    }
  }

  #unknown(within: JsonText, node: JsonNode, path: string): void {
    if (this.#unknowns === "unreadable") {
      this.#unread(within, node, "other", path);
    } else {
      this.#open(within, node, path);
    }
  }

  /** What cannot be read counts; what of it is text is looked at all the same, for the record. */
  #unread(within: JsonText, node: JsonNode, as: IdentifierKind, path: string): void {
    this.unreadable.push(as);
    // A picture is no text, however long it is written down.
    if (as === "other") {
      this.#open(within, node, path);
    }
  }

  #open(within: JsonText, node: JsonNode, path: string): void {
    switch (node.kind) {
      case "string":
        this.#content(within, node, "value", path);
        return;
      case "number": {
        const text = within.text.slice(node.start, node.end);
        this.#piece(within, node, text, { kind: "loose", name: path }, "value");
        return;
      }
      case "list":
        node.items.forEach((item) => {
          this.#open(within, item, path);
        });
        return;
      case "object":
        for (const [name, { key, value }] of node.members) {
          this.#open(within, key, `${path}/`);
          this.#open(within, value, `${path}/${name}`);
        }
        return;
      case "literal":
    }
  }

  /**
   * A text that is JSON is read as such, since an escape in it hides what it says. Readers that take the last of two keys would
   * find something else in it than we do, so that it counts as unreadable then.
   */
  #content(
    within: JsonText,
    node: JsonNode & { readonly kind: "string" },
    as: Piece["as"],
    path: string,
  ): void {
    const { value } = node;
    if (as === "json" || (value.includes("\\") && /^\s*[[{]/.test(value))) {
      try {
        const inner = within.within(node);
        this.#open(inner, inner.root, path);
        return;
      } catch (error) {
        if (!(error instanceof JsonRefused)) {
          throw error;
        }
        if (isJsonToOthers(value)) {
          this.unreadable.push("other");
        }
      }
    }
    if (value !== "") {
      this.#piece(within, node, value, { kind: "loose", name: path }, as);
    }
  }

  #piece(within: JsonText, node: JsonNode, text: string, stream: Piece["stream"], as: Piece["as"]): void {
    this.pieces.push({ within, node, text, as, stream });
  }
}

function isJsonToOthers(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a value that has its form can say something of somebody. */
function hasRoom(node: JsonNode): boolean {
  return node.kind === "string" || (node.kind === "number" && node.end - node.start > harmlessDigits);
}

function isOfShape(
  node: JsonNode,
  shape: Extract<Shape, { readonly kind: "one-of" | "number" | "form" | "declared" | "vector" }>,
): boolean {
  switch (shape.kind) {
    case "declared":
      return node.kind === "string";
    case "one-of":
      return (node.kind === "string" || node.kind === "literal") && shape.values.has(node.value ?? "");
    case "number":
      return (
        node.kind === "number" &&
        node.value >= shape.least &&
        node.value <= shape.most &&
        node.end - node.start <= mostDigits
      );
    case "form":
      return node.kind === "string" && shape.form.test(node.value);
    case "vector":
      return node.kind === "string"
        ? base64.test(node.value)
        : node.kind === "list" && node.items.every(({ kind }) => kind === "number");
  }
}

/**
 * What is in a value of a shape.
 *
 * @param unknowns how to take what the shape does not know.
 */
export function readShape(document: JsonText, shape: Shape, unknowns: Unknowns): Reading {
  const reader = new ShapeReader(unknowns);
  reader.read(document, document.root, shape, "");
  return reader;
}
