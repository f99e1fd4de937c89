import { known, textOf, unknown, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { requestType } from "../issued-on-request";

/** The object identifier of basic constraints in DER, with its tag and length (RFC 5280, 4.2.1.9). */
const basicConstraints = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x13]);

/** The flag by which they say that an authority asks. */
const isAuthority = Buffer.from([0x01, 0x01, 0xff]);

/** How far behind the identifier the flag may stand. */
const reach = 16;

/**
 * Whether a request for a certificate, in PEM, asks for that of an authority. The `tls` provider's requests ask for none.
 *
 * @param property the property that holds it.
 */
export function asksForAuthority(graph: StackGraph, node: Node, property: string): Reading<boolean> {
  const origins = node.propertyDependencies[property] ?? [];
  if (origins.length > 0 && origins.every((urn) => graph.node(urn)?.resourceType === requestType)) {
    return known(false);
  }
  const pem = textOf(graph.read(node, property));
  const [, body] =
    pem.kind === "known" ? (/-----BEGIN [A-Z ]+-----([\s\S]+?)-----END/.exec(pem.value) ?? []) : [];
  if (body === undefined) {
    return unknown;
  }
  const der = Buffer.from(body, "base64");
  const at = der.indexOf(basicConstraints);
  return known(at >= 0 && der.subarray(at, at + reach).includes(isAuthority));
}
