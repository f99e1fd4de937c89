/**
 * Whether records may hold a text as the number of a request: a UUID (RFC 9562), the id of a trace (W3C Trace Context
 * §3.2.2.3), or the like, which is too long to be anybody's own number.
 */
export function isNumberOfRequest(text: string): boolean {
  return /^[0-9a-f-]{32,64}$/i.test(text) && text.replaceAll("-", "").length >= 32;
}
