/** Headers of a provider's answer that go on to the caller, if they are short and visible. */
const known =
  /^(?:content-type|request-id|x-request-id|retry-after|retry-after-ms|x-should-retry|openai-processing-ms|(?:x|anthropic)-ratelimit-[a-z-]{1,60})$/;
const value = /^[\x20-\x7e]{0,256}$/;

/** The headers of an answer that go on. */
export function answerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, text]) =>
      typeof text === "string" && known.test(name) && value.test(text) ? [[name, text] as const] : [],
    ),
  );
}
