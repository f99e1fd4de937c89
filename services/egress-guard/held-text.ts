import { edited, type TextEdit } from "./placeholders";

/** How much of a text is looked at again with what comes behind it, in characters. */
const contextCharacters = 256;

/** How much of a text is held back until more of it came, in characters: an identifier is seldom longer. */
const heldCharacters = 128;

/** A text without a space for so long ends elsewhere as well. */
const mostHeldWithoutSpace = 2048;

/**
 * A text that comes in parts. What is settled was inspected with enough behind it; what is not is held back.
 */
export class HeldText {
  /** What is there from {@link origin} on. */
  #text = "";
  #origin = 0;
  #settled = 0;
  #edits: TextEdit[] = [];

  /** Adds a part. @returns where it begins. */
  add(part: string): number {
    const start = this.#origin + this.#text.length;
    this.#text += part;
    return start;
  }

  /** How much is not settled. */
  get unsettled(): number {
    return this.end - this.#settled;
  }

  /** Where the text ends that is there. */
  get end(): number {
    return this.#origin + this.#text.length;
  }

  /** Up to where it is settled. */
  get settled(): number {
    return this.#settled;
  }

  /** Where {@link looked} begins. */
  get lookedFrom(): number {
    return Math.max(this.#origin, this.#settled - contextCharacters);
  }

  /** What is to be inspected: what is not settled, with a little before it. */
  get looked(): string {
    return this.#text.slice(this.lookedFrom - this.#origin);
  }

  /**
   * Up to where it can be settled now.
   *
   * @param isWhole whether nothing comes behind it.
   */
  settleable(isWhole: boolean): number {
    if (isWhole) {
      return this.end;
    }
    const open = this.#text.slice(this.#settled - this.#origin);
    const most = open.length - heldCharacters;
    if (most <= 0) {
      return this.#settled;
    }
    const head = open.slice(0, most);
    const space = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\n"), head.lastIndexOf("\t"));
    if (space > 0) {
      return this.#settled + space;
    }
    return open.length > mostHeldWithoutSpace ? this.#settled + most : this.#settled;
  }

  /** Settles the text up to a place, with what is put into it: edits lie between what was settled and that place. */
  settle(to: number, edits: readonly TextEdit[]): void {
    this.#edits.push(...edits);
    this.#settled = to;
  }

  /** A part of what is settled, with what was put into it. What is put in place of several parts is all in the first. */
  part(start: number, end: number): string {
    const within = this.#edits
      .filter((edit) => edit.start < end && start < edit.end)
      .map((edit) => ({
        start: Math.max(edit.start, start) - start,
        end: Math.min(edit.end, end) - start,
        text: edit.start >= start ? edit.text : "",
      }));
    return edited(this.#text.slice(start - this.#origin, end - this.#origin), within);
  }

  /** Forgets what was handed on and is no context of anything any more. */
  forget(handedOn: number): void {
    const keep = Math.max(this.#origin, Math.min(handedOn, this.#settled - contextCharacters));
    this.#text = this.#text.slice(keep - this.#origin);
    this.#origin = keep;
    this.#edits = this.#edits.filter(({ end }) => end > keep);
  }
}
