/** What a server of tools may say in one answer, in bytes. */
const mostBytes = 16 * 1_048_576;

/** How long what a stream ended with may take to be understood, in milliseconds. */
const afterEndMilliseconds = 1000;

/** Ends what is read when there is more than may be, and says when it ended without an error. */
function bounded(onEnd: () => void): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes > mostBytes) {
        throw new RangeError(`An answer has more than ${String(mostBytes)} bytes.`);
      }
      controller.enqueue(chunk);
    },
    flush() {
      setTimeout(onEnd, afterEndMilliseconds).unref();
    },
  });
}

/**
 * Fetches for a client of the Model Context Protocol that makes one request after another: it follows nobody elsewhere,
 * opens no stream of the server's own, and reads no more than a bounded answer.
 *
 * @param onSilence is told when a stream of events has ended and nothing came of it, since the SDK's client goes on waiting.
 */
export function boundedFetch(
  onSilence: (reason: Error) => void,
): (url: string | URL, init?: RequestInit) => Promise<Response> {
  let newest = 0;
  return async (url, init) => {
    if (init?.method === "GET") {
      return new Response(null, { status: 405 });
    }
    newest += 1;
    const number = newest;
    const response = await fetch(url, { ...init, redirect: "error" });
    const { body, status, headers } = response;
    if (body === null) {
      return response;
    }
    const isStream = headers.get("content-type")?.startsWith("text/event-stream") === true;
    const stream = bounded(() => {
      // A client that got its answer has asked for something else, or is closed.
      if (isStream && number === newest) {
        onSilence(new Error("The stream of the answer ended without one."));
      }
    });
    return new Response(body.pipeThrough(stream), { status, headers });
  };
}
