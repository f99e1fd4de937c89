import type { ProviderError } from "./provider-format";

/** How OpenAI says what is wrong, and Azure with it. */
export function openAiError({ status, code, message }: ProviderError): object {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param: null, code } };
}

/** An error in a stream: clients of OpenAI's throw it when an event has a member `error`. */
export function openAiErrorEvent(error: ProviderError): string {
  return `data: ${JSON.stringify(openAiError(error))}\n\n`;
}
