/** What stands for a character of a form in an expression. The guardrails of the clouds look neither ahead nor behind. */
const classes: Readonly<Record<string, string>> = {
  "9": String.raw`\d`,
  A: "[A-Za-z]",
  "*": String.raw`[^\W_]`,
};

/**
 * The regular expression that record numbers of a form fit, for the guardrails of the clouds, at most 500 characters long. It
 * is of what RE2 and Python have in common. Words around a number do not count there, so that more is found than where they do.
 *
 * @param form as `RecordNumberFormat` says it.
 */
export function recordNumberExpression(form: string): string {
  const runs = form.match(/(.)\1*/gsu) ?? [];
  const parts = runs.map((run) => {
    const [character = "", ...others] = Array.from(run);
    const one = classes[character] ?? character.replace(/[\\^$.*+?()[\]{}|]/, String.raw`\$&`);
    return others.length === 0 ? one : `${one}{${String(others.length + 1)}}`;
  });
  const edge = (character: string | undefined): string =>
    character !== undefined && /[\w*]/.test(character) ? String.raw`\b` : "";
  return `${edge(form[0])}${parts.join("")}${edge(form.at(-1))}`;
}
