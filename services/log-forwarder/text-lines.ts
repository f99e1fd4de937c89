/** The longest line that is waited for. What is longer comes in pieces, so that no writer fills the memory. */
const mostCharacters = 4_000_000;

/** The lines of a stream, one by one: no more is read from it than is asked for. */
export async function* textLines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
    while (rest.length > mostCharacters) {
      yield rest.slice(0, mostCharacters);
      rest = rest.slice(mostCharacters);
    }
  }
  rest += decoder.decode();
  if (rest !== "") {
    yield rest;
  }
}
