/** One of a certificate's subject alternative names: of what kind, and what it says. */
interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/**
 * The names in the text that Node.js makes of a certificate's subject alternative names. What could be taken for the
 * text's own punctuation is quoted there, as in JSON.
 *
 * @throws {RangeError} if the text is not of that form.
 */
function alternativeNames(text: string): readonly AlternativeName[] {
  const next = /(?<kind>[^:,"]+):(?<value>"(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/y;
  const names = [];
  while (next.lastIndex < text.length) {
    const { kind, value } = next.exec(text)?.groups ?? {};
    if (kind === undefined || value === undefined) {
      throw new RangeError("The subject alternative names cannot be read.");
    }
    names.push({ kind, value: value.startsWith('"') ? (JSON.parse(value) as string) : value });
  }
  return names;
}

/**
 * The URIs among a certificate's names: the SPIFFE ID, if it is an X509-SVID.
 *
 * @param subjectAltName what Node.js says of them, of a certificate (`X509Certificate`) or of a peer.
 * @throws {RangeError} if the names cannot be read.
 */
export function uriNames(subjectAltName: string | undefined): readonly string[] {
  return alternativeNames(subjectAltName ?? "").flatMap(({ kind, value }) => (kind === "URI" ? [value] : []));
}
