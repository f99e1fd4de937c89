import type { Detector, FoundIdentifier } from "./detector";
import { withoutOverlaps } from "./overlaps";
import { encodedRuns } from "./views/encoded-runs";
import { escapedCharacters } from "./views/escaped-characters";
import { plainCharacters } from "./views/plain-characters";
import { rotatedLetters } from "./views/rotated-letters";
import { spelledOut } from "./views/spelled-out";
import { aroundReplacements, plainView, replaced, type View } from "./views/view";

/** An identifier in the parts of a request or an answer. */
export interface Finding extends FoundIdentifier {
  /** The number of the part in which it is. */
  readonly part: number;
  /**
   * What it says, decoded, the same for every finding that is one identifier: its placeholder is made from this. A finding of
   * an identifier that is split over parts is one finding in each.
   */
  readonly value: string;
}

/** How many encodings may be within one another. */
const deepest = 4;
/** How much of either side of a border between parts is looked at with the other, in characters. */
const besideBorder = 160;
/** How much may be made of the parts by decoding, as a multiple of them and an amount: more counts as not readable. */
const mostMade = { times: 8, characters: 65_536 };
/** What is found where something cannot be read. */
const unreadable = { kind: "other", by: "unreadable-encoding" } as const;

/** A finding by its place in all parts put together. */
interface Placed extends FoundIdentifier {
  readonly value: string;
}

/** A view to be looked at, and what counts in it. */
interface Step {
  readonly view: View;
  /** In how many encodings it was. */
  readonly depth: number;
  /** What is encoded as a whole is found as a whole. */
  readonly whole: boolean;
  /** Only what reaches over a border between parts counts. */
  readonly joined: boolean;
}

/** Where each part begins when they are put together. */
function offsetsOf(parts: readonly string[]): readonly number[] {
  let offset = 0;
  return parts.map(({ length }) => {
    const here = offset;
    offset += length;
    return here;
  });
}

/** What stands around the borders of parts, put together without and with a space between them. */
function joins(parts: readonly string[], offsets: readonly number[]): readonly View[] {
  const borders = offsets.slice(1);
  if (borders.length === 0) {
    return [];
  }
  const all = parts.join("");
  const windows: { start: number; end: number; borders: number[] }[] = [];
  for (const border of borders) {
    const last = windows.at(-1);
    const end = Math.min(all.length, border + besideBorder);
    if (last !== undefined && border - besideBorder <= last.end) {
      last.end = end;
      last.borders.push(border);
    } else {
      windows.push({ start: Math.max(0, border - besideBorder), end, borders: [border] });
    }
  }
  return windows.flatMap(({ start, end, borders: within }) => {
    const view = plainView(all.slice(start, end), start);
    const joints = (glue: string) =>
      [...new Set(within)].flatMap((border) => {
        let [from, to] = [border - start, border - start];
        while (from > 0 && to - from < 8 && /\s/.test(view.text.charAt(from - 1))) {
          from -= 1;
        }
        while (to < view.text.length && to - from < 16 && /\s/.test(view.text.charAt(to))) {
          to += 1;
        }
        return from === to && glue === "" ? [] : [{ start: from, end: to, text: glue }];
      });
    // As they are, without the space between them, and with one: words are split as numbers are.
    const close = joints("");
    return [view, ...(close.length === 0 ? [] : [replaced(view, close)]), replaced(view, joints(" "))];
  });
}

/** What can be made of a view, and what of it cannot be read. */
function opened({ view, depth, joined }: Step): {
  readonly steps: readonly Step[];
  readonly closed: readonly Placed[];
} {
  const steps: Step[] = [];
  const closed: Placed[] = [];
  const place = (start: number, end: number) => ({
    start: view.from[start] ?? 0,
    end: view.to[end - 1] ?? 0,
  });
  for (const change of [
    plainCharacters(view),
    escapedCharacters(view),
    spelledOut(view),
    rotatedLetters(view),
  ]) {
    if (change.length > 0) {
      steps.push(
        ...aroundReplacements(view, change).map((made) => ({
          view: made,
          depth: depth + 1,
          whole: false,
          joined,
        })),
      );
    }
  }
  for (const { start, end, text } of encodedRuns(view)) {
    const where = place(start, end);
    if (text === undefined || depth >= deepest) {
      closed.push({ ...unreadable, ...where, value: view.text.slice(start, end) });
      continue;
    }
    steps.push({
      view: {
        text,
        from: new Int32Array(text.length).fill(where.start),
        to: new Int32Array(text.length).fill(where.end),
      },
      depth: depth + 1,
      whole: true,
      joined,
    });
  }
  return { steps, closed };
}

/** What is found in a view, by its place in the parts. */
function placed({ view, whole }: Step, found: readonly FoundIdentifier[]): readonly Placed[] {
  const encoded = whole || (view.text.length > 1 && view.from[0] === view.from[view.text.length - 1]);
  const [first] = found;
  if (encoded) {
    return first === undefined
      ? []
      : [
          {
            ...first,
            start: view.from[0] ?? 0,
            end: view.to[0] ?? 0,
            value:
              found.length === 1 && first.end - first.start > view.text.trim().length - 2
                ? view.text.slice(first.start, first.end)
                : view.text,
          },
        ];
  }
  return found.map((identifier) => ({
    ...identifier,
    start: view.from[identifier.start] ?? 0,
    end: view.to[identifier.end - 1] ?? 0,
    value: view.text.slice(identifier.start, identifier.end),
  }));
}

/**
 * What is found in the parts of a request or an answer, in their order: in each by itself, in what follows one another put
 * together, and in what is encoded in them, for which the whole of the encoded text is the finding.
 *
 * Encodings may be within one another, as far as four; what is deeper, compressed, or no text counts as an identifier of kind
 * `other`, known by `unreadable-encoding`.
 *
 * @param deadline when an answer is of no use any more, by `performance.now()`.
 * @throws {DetectionFailed} if not all was looked at in time.
 */
export async function inspectParts(
  parts: readonly string[],
  detector: Detector,
  deadline: number,
): Promise<readonly Finding[]> {
  const offsets = offsetsOf(parts);
  const all = parts.join("");
  const placedAll: Placed[] = (await detector.detect(parts, deadline)).flatMap((found, part) =>
    found.map((identifier) => {
      const offset = offsets[part] ?? 0;
      return {
        ...identifier,
        start: offset + identifier.start,
        end: offset + identifier.end,
        value: (parts[part] ?? "").slice(identifier.start, identifier.end),
      };
    }),
  );
  const borders = offsets.slice(1);
  const crosses = ({ start, end }: Placed) => {
    const next = firstAfter(borders, start);
    return next !== undefined && next < end;
  };

  const whole = parts.map((part, index) => ({
    view: plainView(part, offsets[index] ?? 0),
    depth: 0,
    whole: false,
    joined: false,
  }));
  const joinedViews: Step[] = joins(parts, offsets).map((view) => ({
    view,
    depth: 0,
    whole: false,
    joined: true,
  }));
  const add = (step: Step, found: readonly FoundIdentifier[]) => {
    placedAll.push(...placed(step, found).filter((finding) => !step.joined || crosses(finding)));
  };
  const ofJoins = await detector.detect(
    joinedViews.map(({ view }) => view.text),
    deadline,
  );
  joinedViews.forEach((step, index) => {
    add(step, ofJoins[index] ?? []);
  });

  let left = mostMade.characters + mostMade.times * all.length;
  let steps: readonly Step[] = [...whole, ...joinedViews];
  while (steps.length > 0) {
    const made: Step[] = [];
    for (const step of steps) {
      const { steps: next, closed } = opened(step);
      placedAll.push(...closed.filter((finding) => !step.joined || crosses(finding)));
      for (const one of next) {
        left -= one.view.text.length;
        const start = one.view.from[0] ?? 0;
        const end = one.view.to.at(-1) ?? 0;
        if (left < 0) {
          placedAll.push({ ...unreadable, start, end, value: all.slice(start, end) });
        } else if (one.depth <= deepest) {
          made.push(one);
        }
      }
    }
    const found = await detector.detect(
      made.map(({ view }) => view.text),
      deadline,
    );
    made.forEach((step, index) => {
      add(step, found[index] ?? []);
    });
    steps = made;
  }

  return withoutOverlaps(all, placedAll).flatMap((finding) => inParts(finding, parts, offsets));
}

/** The first of some ascending numbers that is greater than one. */
function firstAfter(ascending: readonly number[], than: number): number | undefined {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) > than) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return ascending[low];
}

/** A finding in each of the parts over which it reaches. */
function inParts(
  { start, end, ...finding }: Placed,
  parts: readonly string[],
  offsets: readonly number[],
): readonly Finding[] {
  const next = firstAfter(offsets, start);
  const first = next === undefined ? parts.length - 1 : offsets.indexOf(next) - 1;
  const findings: Finding[] = [];
  for (let part = Math.max(0, first); part < parts.length && (offsets[part] ?? 0) < end; part += 1) {
    const offset = offsets[part] ?? 0;
    const from = Math.max(0, start - offset);
    const to = Math.min(parts[part]?.length ?? 0, end - offset);
    if (from < to) {
      findings.push({ ...finding, part, start: from, end: to });
    }
  }
  return findings;
}
