/** What a part of the header is: a key and its value, which needs no quotes where it is a SPIFFE ID or a hash. */
const part = /^(?<key>[A-Za-z]+)=(?<value>[^"\\=;,]*)$/;

/**
 * The SPIFFE ID of who calls, as the proxy of this pod verified it: the one `URI` of the header
 * `x-forwarded-client-cert`, which that proxy writes and nobody else can (Envoy, "x-forwarded-client-cert").
 *
 * @returns `undefined` for a header that is not exactly one caller's, as where several proxies wrote it.
 */
export function callerIdentity(header: string | undefined): string | undefined {
  const parts = header?.split(";").map((text) => part.exec(text.trim())?.groups);
  if (parts === undefined || parts.includes(undefined)) {
    return undefined;
  }
  const [uri, ...others] = parts.filter((groups) => groups?.["key"]?.toLowerCase() === "uri");
  const value = uri?.["value"];
  return others.length === 0 && value?.startsWith("spiffe://") === true ? value : undefined;
}
