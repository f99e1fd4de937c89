import type { JsonMember, JsonNode, JsonString } from "./json-node";

/** A text is not JSON as every reader understands it. Its message says where, and never what stands there. */
export class JsonRefused extends Error {
  override readonly name = "JsonRefused";
}

/** How deep lists and objects may be within one another. */
const mostDepth = 64;

/** No value has more characters than this in what is not a string. */
const numberForm = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const space = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- Control characters are written escaped or not at all (RFC 8259 §7).
const plain = /[^"\\\u0000-\u001f]*/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const loneSurrogate = /\p{Surrogate}/u;
const words = [
  ["true", true],
  ["false", false],
  ["null", null],
] as const;

class StrictParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonNode {
    this.#skip(space);
    const node = this.#value(0);
    this.#skip(space);
    if (this.#at !== this.#text.length) {
      this.#refuse("there is something behind the value");
    }
    return node;
  }

  #refuse(why: string): never {
    throw new JsonRefused(`At character ${String(this.#at)}: ${why}.`);
  }

  /** Goes on behind what a form takes. */
  #skip(form: RegExp): boolean {
    form.lastIndex = this.#at;
    const isThere = form.test(this.#text);
    if (isThere) {
      this.#at = form.lastIndex;
    }
    return isThere;
  }

  /** Whether a character is next, with spaces around it; it is gone past. */
  #takes(character: string): boolean {
    this.#skip(space);
    if (this.#text[this.#at] !== character) {
      return false;
    }
    this.#at += 1;
    this.#skip(space);
    return true;
  }

  #value(depth: number): JsonNode {
    if (depth > mostDepth) {
      this.#refuse("lists and objects are too deep");
    }
    const start = this.#at;
    switch (this.#text[start]) {
      case '"':
        return this.#string();
      case "{":
        return this.#object(start, depth);
      case "[":
        return this.#list(start, depth);
      default:
        return this.#wordOrNumber(start);
    }
  }

  #wordOrNumber(start: number): JsonNode {
    for (const [word, value] of words) {
      if (this.#text.startsWith(word, start)) {
        this.#at += word.length;
        return { kind: "literal", start, end: this.#at, value };
      }
    }
    if (!this.#skip(numberForm)) {
      this.#refuse("there is no value");
    }
    const value = Number(this.#text.slice(start, this.#at));
    if (!Number.isFinite(value)) {
      this.#refuse("a number is too large");
    }
    return { kind: "number", start, end: this.#at, value };
  }

  #string(): JsonString {
    const start = this.#at;
    this.#at += 1;
    let hasEscape = false;
    this.#skip(plain);
    while (this.#text[this.#at] !== '"') {
      hasEscape = true;
      if (!this.#skip(escape)) {
        this.#refuse("a string does not end, or has in it what no string may have");
      }
      this.#skip(plain);
    }
    this.#at += 1;
    const value = hasEscape
      ? (JSON.parse(this.#text.slice(start, this.#at)) as string)
      : this.#text.slice(start + 1, this.#at - 1);
    if (hasEscape && loneSurrogate.test(value)) {
      this.#refuse("a string is not Unicode");
    }
    return { kind: "string", start, end: this.#at, value };
  }

  #list(start: number, depth: number): JsonNode {
    const items: JsonNode[] = [];
    this.#at += 1;
    this.#skip(space);
    if (this.#takes("]")) {
      return { kind: "list", start, end: this.#closedAt(start), items };
    }
    do {
      items.push(this.#value(depth + 1));
    } while (this.#takes(","));
    return { kind: "list", start, end: this.#close("]"), items };
  }

  #object(start: number, depth: number): JsonNode {
    const members = new Map<string, JsonMember>();
    this.#at += 1;
    this.#skip(space);
    if (this.#takes("}")) {
      return { kind: "object", start, end: this.#closedAt(start), members };
    }
    do {
      if (this.#text[this.#at] !== '"') {
        this.#refuse("there is no key");
      }
      const key = this.#string();
      if (key.value === "__proto__" || members.has(key.value)) {
        this.#refuse("a key is there twice, or is one that readers take for something else");
      }
      if (!this.#takes(":")) {
        this.#refuse("there is no value to a key");
      }
      members.set(key.value, { key, value: this.#value(depth + 1) });
    } while (this.#takes(","));
    return { kind: "object", start, end: this.#close("}"), members };
  }

  /** Goes past the end of a list or an object, and says where that is. */
  #close(character: string): number {
    this.#skip(space);
    if (this.#text[this.#at] !== character) {
      this.#refuse("a list or an object does not end");
    }
    this.#at += 1;
    return this.#at;
  }

  /** Where an empty list or object ends: spaces were gone past behind it as well. */
  #closedAt(start: number): number {
    const end = this.#text.slice(start, this.#at).trimEnd();
    return start + end.length;
  }
}

/**
 * Reads JSON (RFC 8259) that means the same to every reader: no key twice, no `__proto__`, no half of a character, no number
 * beyond all numbers, nothing deeper than 64. Values know where they stand, so that one can be replaced and the rest stays
 * as it was, to the byte.
 *
 * @throws {JsonRefused} if it is anything else.
 */
export function strictJson(text: string): JsonNode {
  return new StrictParser(text).whole();
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The text of bytes in UTF-8. A byte order mark is a character of it, with which no JSON begins.
 *
 * @throws {JsonRefused} if they are not UTF-8.
 */
export function utf8Text(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new JsonRefused("It is not UTF-8.");
  }
}
