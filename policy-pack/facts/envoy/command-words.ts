/** The words of one command line: quotes are taken away, and what is in them is one word. */
export function wordsIn(line: string): readonly string[] {
  return [...line.matchAll(/(?:[^\s"']+|"(?:[^"\\]|\\.)*"|'[^']*')+/g)].map(([word]) =>
    word.replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      (double ?? single ?? "").replaceAll(/\\(["\\$`])/g, "$1"),
    ),
  );
}
