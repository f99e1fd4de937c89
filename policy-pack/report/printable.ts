/** Half a character, what steers a terminal or turns the direction of writing, and what is no character. */
const unprintable = /[\p{Surrogate}\p{Control}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/gu;

/**
 * A text as a document for people can hold it, with U+FFFD in the place of what it cannot. Names in a stack may hold
 * anything. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(unprintable, (character) =>
      character === "\n" || character === "\t" ? character : "\uFFFD",
    );
}
