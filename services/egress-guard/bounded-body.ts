import type { Readable } from "node:stream";

/** A body has more bytes than may be. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/**
 * Reads a body as far as it may go.
 *
 * @param onChunk is told the length of what came.
 * @throws {BodyTooLarge} as soon as there is more, and what the stream ends with.
 */
export async function boundedBody(
  stream: Readable,
  mostBytes: number,
  onChunk: (bytes: number) => void = () => undefined,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) {
      throw new BodyTooLarge();
    }
    onChunk(chunk.length);
    chunks.push(chunk);
  }
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, bytes);
}
