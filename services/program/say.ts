/** What a program says of itself, where its records have the standard output for themselves: a line of JSON. */
export function say(line: object): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
}
