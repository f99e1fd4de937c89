import type { Finding } from "./detection/inspect-parts";
import type { AnswerTerms } from "./answer-terms";
import { EventFrames, frameWith, type EventFrame } from "./event-frames";
import type { ProviderOperation } from "./formats/provider-format";
import { HeldText } from "./held-text";
import { IdentifierCounts } from "./identifier-counts";
import { editPiece, fitting, inspectedTexts, redactions } from "./inspected-texts";
import { JsonText } from "./json-text";
import { mergedEdits, type Placeholders, type TextEdit } from "./placeholders";
import { readShape, type Piece } from "./read-shape";
import { Refused } from "./refusal";
import { open, type Shape } from "./shape";
import { JsonRefused } from "./strict-json";

/** How large an event may be, and all that is held back, in bytes. */
const mostBytes = 4_194_304;

/** A text is looked at again when so much of it came, in characters: each time costs an inspection. */
const stepCharacters = 192;

/** How much of a text may be held back, in characters. */
const mostHeldCharacters = 1_048_576;

/** How much of what perhaps belongs together is kept, in characters. */
const tailCharacters = 256;

/** With what OpenAI ends its streams. */
const doneMark = "[DONE]";

/** Lines of an event that say nothing but how to read it. */
const idleLine =
  /^(?:event: ?[A-Za-z_.]{1,80}|id: ?\d{1,12}|retry: ?\d{1,8}|: ?(?:ping|keep-?alive|OPENROUTER PROCESSING)?)$/;

/** A part of a text in an event that waits. */
interface HeldPart {
  readonly piece: Piece;
  readonly held: HeldText;
  readonly start: number;
  readonly end: number;
}

interface WaitingEvent {
  readonly frame: EventFrame;
  readonly document: JsonText | undefined;
  readonly parts: readonly HeldPart[];
  readonly loose: readonly Piece[];
}

/** Something to be inspected, and what to do with what is found. */
interface Looked {
  readonly text: string;
  readonly apply: (findings: readonly Finding[]) => void;
}

/**
 * Inspects a streamed answer: events are handed on in their order, each once all its text was inspected with enough of what
 * comes behind it. The last one is held until {@link AnswerStream.end}.
 */
export class AnswerStream {
  readonly identifiers = new IdentifierCounts();
  /** How many parts could not be read. */
  unreadable = 0;
  readonly #operation: ProviderOperation;
  readonly #terms: AnswerTerms;
  readonly #fresh: Placeholders;
  readonly #frames = new EventFrames(mostBytes);
  readonly #waiting: WaitingEvent[] = [];
  readonly #texts = new Map<string, { readonly held: HeldText; readonly piece: Piece }>();
  readonly #tails = new Map<string, string>();
  #uninspected: Piece[] = [];
  #waitingBytes = 0;

  constructor(operation: ProviderOperation, terms: AnswerTerms) {
    this.#operation = operation;
    this.#terms = terms;
    this.#fresh = terms.placeholders.forAnswer();
  }

  /**
   * What can be handed on now that these bytes came.
   *
   * @throws {Refused} if the answer must not go on, and whatever the detector throws.
   */
  async take(chunk: Buffer): Promise<readonly Buffer[]> {
    for (const frame of this.#frames.take(chunk)) {
      if (this.#wait(frame)) {
        await this.#inspect(true);
      }
    }
    if (this.#waitingBytes > mostBytes) {
      throw new Refused("answer-unreadable");
    }
    const isDue = [...this.#texts.values()].some(
      ({ held, piece }) => piece.stream.kind === "delta" && held.unsettled >= stepCharacters,
    );
    if (isDue || this.#uninspected.length > 0) {
      await this.#inspect(false);
    }
    return this.#released(1);
  }

  /** What is left when the provider's stream has ended. @throws as {@link take}. */
  async end(): Promise<readonly Buffer[]> {
    if (this.#frames.rest.some((byte) => byte !== 0x0a && byte !== 0x0d)) {
      throw new Refused("answer-unreadable");
    }
    await this.#inspect(true);
    return this.#released(0);
  }

  /** Whether something was replaced that placeholders do not stand for. */
  get verdict(): "allowed" | "redacted" {
    return this.identifiers.areAny && this.#terms.policy === "redact" ? "redacted" : "allowed";
  }

  /** Takes up an event. @returns whether texts are whole with it. */
  #wait(frame: EventFrame): boolean {
    if (!frame.others.every((line) => idleLine.test(line))) {
      throw new Refused("answer-unreadable");
    }
    this.#waitingBytes += frame.bytes.length;
    if (frame.data === undefined || frame.data === doneMark) {
      this.#waiting.push({ frame, document: undefined, parts: [], loose: [] });
      return frame.data !== undefined;
    }
    const document = jsonOf(frame.data);
    const { pieces, unreadable } = readShape(document, this.#shape, "texts");
    unreadable.forEach((kind) => {
      this.unreadable += 1;
      this.identifiers.add(kind);
    });
    if (unreadable.length > 0 && this.#terms.policy !== "allow") {
      throw new Refused("answer-phi-found");
    }
    const loose = pieces.filter(({ stream }) => stream.kind === "loose");
    const parts = pieces.filter(({ stream }) => stream.kind !== "loose").map((piece) => this.#held(piece));
    this.#uninspected.push(...loose);
    this.#waiting.push({ frame, document, parts, loose });
    return this.#operation.endsTexts(document.root);
  }

  get #shape(): Shape {
    return this.#operation.event ?? open;
  }

  #held(piece: Piece): HeldPart {
    const { name } = piece.stream;
    const { held } = this.#texts.get(name) ?? { held: new HeldText() };
    this.#texts.set(name, { held, piece });
    const start = held.add(piece.text);
    if (held.unsettled > mostHeldCharacters) {
      throw new Refused("answer-unreadable");
    }
    return { piece, held, start, end: held.end };
  }

  async #inspect(isWhole: boolean): Promise<void> {
    const looked = [
      ...[...this.#texts.values()].flatMap(({ held, piece }) =>
        piece.stream.kind === "json-delta"
          ? isWhole
            ? this.#wholeJson(held)
            : []
          : this.#partOfText(held, isWhole, this.#terms.isJson),
      ),
      ...this.#uninspected.map((piece) => this.#looseText(piece)),
    ];
    this.#uninspected = [];
    const findings = await inspectedTexts(
      looked.map(({ text }) => text),
      this.#terms.means,
    );
    looked.forEach(({ apply }, number) => {
      apply(findings[number] ?? []);
    });
  }

  /** Counts what is found, which ends the answer if that is the policy. */
  #found(text: string, findings: readonly Finding[]): readonly TextEdit[] {
    findings.forEach(({ kind }) => {
      this.identifiers.add(kind);
    });
    const { policy } = this.#terms;
    if (findings.length > 0 && policy === "block") {
      throw new Refused("answer-phi-found");
    }
    return policy === "redact" ? redactions(text, findings, this.#fresh) : [];
  }

  /** @param isEscaped whether what is put into it stands in JSON. */
  #partOfText(held: HeldText, isWhole: boolean, isEscaped: boolean): readonly Looked[] {
    if (held.unsettled === 0) {
      return [];
    }
    const text = held.looked;
    const from = held.lookedFrom;
    const apply = (findings: readonly Finding[]): void => {
      const settled = held.settled - from;
      const restored = this.#terms.placeholders.restorations(text);
      const other = findings.filter(
        ({ start, end }) => end > settled && !restored.some((edit) => edit.start <= start && end <= edit.end),
      );
      // From the last to the first: what ends before one of them may end within the one before it.
      const to = [...restored, ...other]
        .sort((one, next) => next.start - one.start)
        .reduce(
          (least, { start, end }) => (start < least && least < end ? start : least),
          held.settleable(isWhole) - from,
        );
      if (to <= settled) {
        return;
      }
      const redacted = this.#found(
        text,
        other.filter(({ start }) => start < to),
      );
      const edits = mergedEdits(
        restored.filter(({ start, end }) => start >= settled && end <= to),
        redacted
          .map((edit) => ({ ...edit, start: Math.max(edit.start, settled) }))
          .filter(({ start, end }) => start < end),
      );
      held.settle(
        to + from,
        fitting(edits, isEscaped).map((edit) => ({
          ...edit,
          start: edit.start + from,
          end: edit.end + from,
        })),
      );
    };
    return [{ text, apply }];
  }

  /** JSON that is whole is inspected as what it says; what is replaced in it stands in its first part. */
  #wholeJson(held: HeldText): readonly Looked[] {
    if (held.unsettled === 0) {
      return [];
    }
    const text = held.looked.slice(held.settled - held.lookedFrom);
    const settle = (changed: string): void => {
      const edit = { start: held.settled, end: held.end, text: changed };
      held.settle(held.end, changed === text ? [] : [edit]);
    };
    let document: JsonText;
    try {
      document = new JsonText(text);
    } catch {
      // A model that was cut short does not end its JSON.
      return this.#partOfText(held, true, true);
    }
    const { pieces } = readShape(document, open, "texts");
    let left = pieces.length;
    if (left === 0) {
      settle(text);
      return [];
    }
    return pieces.map((piece) => ({
      text: piece.text,
      apply: (findings) => {
        this.#edit(piece, findings);
        left -= 1;
        if (left === 0) {
          settle(document.isChanged ? document.render() : text);
        }
      },
    }));
  }

  #looseText(piece: Piece): Looked {
    const { name } = piece.stream;
    const tail = this.#tails.get(name) ?? "";
    const text = tail + piece.text;
    this.#tails.set(name, text.slice(-tailCharacters));
    return {
      text,
      apply: (findings) => {
        this.#edit(
          piece,
          findings
            .filter(({ end }) => end > tail.length)
            .map((finding) => ({
              ...finding,
              start: Math.max(0, finding.start - tail.length),
              end: finding.end - tail.length,
            })),
        );
      },
    };
  }

  #edit(piece: Piece, findings: readonly Finding[]): void {
    const restored = this.#terms.placeholders.restorations(piece.text);
    const other = findings.filter(
      ({ start, end }) => !restored.some((edit) => edit.start <= start && end <= edit.end),
    );
    editPiece(piece, restored, this.#found(piece.text, other), this.#terms.isJson);
  }

  /** The events at the front whose texts are all settled, but for the last ones. */
  #released(kept: number): readonly Buffer[] {
    const released: Buffer[] = [];
    for (;;) {
      const [first] = this.#waiting;
      if (
        first === undefined ||
        this.#waiting.length <= kept ||
        !first.parts.every(({ held, end }) => end <= held.settled)
      ) {
        return released;
      }
      this.#waiting.shift();
      this.#waitingBytes -= first.frame.bytes.length;
      released.push(rendered(first));
    }
  }
}

function jsonOf(text: string): JsonText {
  try {
    return new JsonText(text);
  } catch (error) {
    throw error instanceof JsonRefused ? new Refused("answer-unreadable") : error;
  }
}

function rendered({ frame, document, parts }: WaitingEvent): Buffer {
  for (const { piece, held, start, end } of parts) {
    const text = held.part(start, end);
    if (text !== piece.text) {
      piece.within.replace(piece.node, text);
    }
    held.forget(end);
  }
  return document?.isChanged === true ? frameWith(frame, document.render()) : frame.bytes;
}
