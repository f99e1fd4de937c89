/** The settings of a section of a unit, in their order; some may be given more than once. */
export type UnitSection = readonly (readonly [setting: string, value: string])[];

/** Characters that would end a word, or be read for something else, and what stands for each (systemd.syntax(7)). */
const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  '"': '\\"',
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** A text in which systemd finds no specifier (systemd.unit(5), "Specifiers"). */
export function withoutSpecifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

function quoted(word: string): string {
  return `"${withoutSpecifiers(word.replace(/[\\"\n\r\t]/g, (character) => escapes[character] ?? character))}"`;
}

/** One setting of an environment, as `Environment=` reads it (systemd.exec(5)): no variable is replaced in it. */
export function unitVariable(name: string, value: string): string {
  return quoted(`${name}=${value}`);
}

/** A command line whose words reach the program as they are (systemd.service(5), "Command lines"). */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[A-Za-z0-9_./:=@,+-]+$/.test(word) ? word : quoted(word).replaceAll("$", "$$$$")))
    .join(" ");
}

/** A text as one word of a POSIX shell (IEEE Std 1003.1, "Single-Quotes"). */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A unit of systemd, as its file holds it. */
export function unitFile(sections: Readonly<Record<string, UnitSection>>): string {
  return Object.entries(sections)
    .map(([section, settings]) =>
      [`[${section}]`, ...settings.map(([setting, value]) => `${setting}=${value}`), ""].join("\n"),
    )
    .join("\n");
}
