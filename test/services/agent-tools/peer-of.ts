import { request as httpRequest } from "node:http";

import { ListeningServer } from "./listening-server";

/**
 * Hands requests on as the proxies between two pods do together: the server is told by whom it is called, whatever the caller
 * says of that.
 */
export async function peerOf(spiffeId: string, origin: string): Promise<ListeningServer> {
  return ListeningServer.start((request, response) => {
    const onward = httpRequest(
      `${origin}${request.url ?? ""}`,
      {
        method: request.method,
        headers: { ...request.headers, "x-forwarded-client-cert": `Hash=00;URI=${spiffeId}` },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.once("error", () => response.destroy());
    response.once("close", () => onward.destroy());
    request.pipe(onward);
  });
}
