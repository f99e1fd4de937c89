import type { IdentifierKind } from "./identifier-kind";

/** What is found between two places. */
interface Place {
  readonly kind: IdentifierKind;
  readonly start: number;
  readonly end: number;
}

/**
 * Of what overlaps, the longest, and the first told of those that are as long; what reaches beyond it keeps its own end, so
 * that nothing that was found is left out. In the order of the text.
 */
export function withoutOverlaps<Found extends Place>(
  text: string,
  found: readonly Found[],
): readonly Found[] {
  const ordered = found.toSorted((one, other) => one.start - other.start || other.end - one.end);
  const kept: Found[] = [];
  for (const next of ordered) {
    let last = kept.at(-1);
    // What was cut at the end of another, and of which nothing is before this one, gives way as a whole: it is the other that overlaps then.
    while (
      last !== undefined &&
      next.start <= last.start &&
      next.end > last.end &&
      lengthOf(next) > lengthOf(last)
    ) {
      kept.pop();
      last = kept.at(-1);
    }
    if (last === undefined || next.start >= last.end) {
      kept.push(next);
      continue;
    }
    if (next.end <= last.end) {
      // Its form says more of what it is than a word beside it, unless the two disagree.
      if (next.start === last.start && next.end === last.end && next.kind === last.kind) {
        kept.splice(-1, 1, next);
      }
      continue;
    }
    const longer = lengthOf(next) > lengthOf(last);
    const head = { ...last, end: next.start };
    const tail = { ...next, start: last.end };
    if (longer) {
      kept.pop();
      if (hasContent(text, head)) {
        kept.push(trimmed(text, head));
      }
      kept.push(next);
    } else if (hasContent(text, tail)) {
      kept.push(trimmed(text, tail));
    }
  }
  return kept;
}

function lengthOf({ start, end }: Pick<Place, "start" | "end">): number {
  return end - start;
}

const content = /[\p{L}\p{N}]/u;

function hasContent(text: string, { start, end }: Pick<Place, "start" | "end">): boolean {
  return content.test(text.slice(start, end));
}

/** Without what is neither letter nor digit at its ends. */
function trimmed<Found extends Place>(text: string, found: Found): Found {
  let { start, end } = found;
  while (start < end && !content.test(text.charAt(start))) {
    start += 1;
  }
  while (end > start && !content.test(text.charAt(end - 1))) {
    end -= 1;
  }
  return { ...found, start, end };
}
