import type { JsonNode } from "./json-node";
import { strictJson } from "./strict-json";

/** A text of JSON in which values can be replaced, also in texts of JSON that are strings of it. Whatever is not replaced stays as it is. */
export class JsonText {
  readonly text: string;
  readonly root: JsonNode;
  readonly #replaced = new Map<JsonNode, string>();
  readonly #inner = new Map<JsonNode, JsonText>();

  /** @throws {JsonRefused} if it is not strict JSON. */
  constructor(text: string) {
    this.text = text;
    this.root = strictJson(text);
  }

  /** Puts a string in the place of a value, or of a key. */
  replace(node: JsonNode, value: string): void {
    this.#replaced.set(node, JSON.stringify(value));
  }

  /** The JSON that a string of this one is the text of. @throws {JsonRefused} if it is not strict JSON. */
  within(node: JsonNode & { readonly kind: "string" }): JsonText {
    const inner = new JsonText(node.value);
    this.#inner.set(node, inner);
    return inner;
  }

  /** Whether anything was replaced. */
  get isChanged(): boolean {
    return this.#replaced.size > 0 || [...this.#inner.values()].some((inner) => inner.isChanged);
  }

  /** The text with what was replaced. */
  render(): string {
    const edits = new Map(this.#replaced);
    for (const [node, inner] of this.#inner) {
      if (inner.isChanged) {
        edits.set(node, JSON.stringify(inner.render()));
      }
    }
    const inOrder = [...edits].sort(([one], [other]) => one.start - other.start);
    const pieces: string[] = [];
    let from = 0;
    for (const [node, literal] of inOrder) {
      pieces.push(this.text.slice(from, node.start), literal);
      from = node.end;
    }
    pieces.push(this.text.slice(from));
    return pieces.join("");
  }
}
