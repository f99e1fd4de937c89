/** A text that was made from another, with the places that each of its characters comes from. */
export interface View {
  readonly text: string;
  /** Where what became a character begins, in what the parts say when they are put together. */
  readonly from: Int32Array;
  /** Where it ends. */
  readonly to: Int32Array;
}

/** A piece of the parts put together, as it stands there. */
export function plainView(text: string, offset: number): View {
  const from = new Int32Array(text.length);
  const to = new Int32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    from[at] = offset + at;
    to[at] = offset + at + 1;
  }
  return { text, from, to };
}

/** A part of a view that became something else. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A view in which parts are replaced, in their order: each character of a replacement comes from the whole of what it replaces,
 * or, if there are as many, from its own.
 */
export function replaced(
  view: View,
  replacements: readonly Replacement[],
  start = 0,
  end = view.text.length,
): View {
  const pieces: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let at = start;
  const keep = (until: number) => {
    pieces.push(view.text.slice(at, until));
    for (; at < until; at += 1) {
      from.push(view.from[at] ?? 0);
      to.push(view.to[at] ?? 0);
    }
  };
  for (const replacement of replacements) {
    if (replacement.start < at || replacement.end > end) {
      continue;
    }
    keep(replacement.start);
    pieces.push(replacement.text);
    const aligned = replacement.text.length === replacement.end - replacement.start;
    for (let index = 0; index < replacement.text.length; index += 1) {
      const first = aligned ? replacement.start + index : replacement.start;
      const last = aligned ? first : replacement.end - 1;
      from.push(view.from[first] ?? 0);
      to.push(view.to[last] ?? 0);
    }
    at = replacement.end;
  }
  keep(end);
  return { text: pieces.join(""), from: Int32Array.from(from), to: Int32Array.from(to) };
}

/** How much is looked at around what was replaced, in characters: as much as an identifier and the words that tell of it. */
const around = 160;

/** Views of what is around replacements alone, so that a long text with few of them is not looked at twice. */
export function aroundReplacements(view: View, replacements: readonly Replacement[]): readonly View[] {
  const views: View[] = [];
  let group: Replacement[] = [];
  let start = 0;
  let end = 0;
  for (const replacement of replacements) {
    if (group.length > 0 && replacement.start > end + around) {
      views.push(replaced(view, group, start, end));
      group = [];
    }
    if (group.length === 0) {
      start = wordBorder(view.text, Math.max(0, replacement.start - around), -1);
    }
    group.push(replacement);
    end = wordBorder(view.text, Math.min(view.text.length, replacement.end + around), 1);
  }
  if (group.length > 0) {
    views.push(replaced(view, group, start, end));
  }
  return views;
}

/** The nearest border of a word in a direction, within fifty characters. */
function wordBorder(text: string, from: number, step: 1 | -1): number {
  let at = from;
  for (let moved = 0; moved < 50 && at > 0 && at < text.length; moved += 1) {
    if (/\s/.test(text.charAt(step === 1 ? at : at - 1))) {
      return at;
    }
    at += step;
  }
  return at;
}
