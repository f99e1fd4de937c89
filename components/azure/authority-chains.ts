import { X509Certificate } from "node:crypto";

import { stableHash } from "../../model/stable-hash";

/** Certificates of authorities that lead to one root, as Application Gateway takes them: files in PEM, in base64. */
export interface AuthorityChain {
  /** Made from the root alone, so that another authority changes no name. */
  readonly name: string;
  /** All of the certificates, in one file, by which clients are verified. */
  readonly chain: string;
  /** The root alone, by which targets are verified, who show the rest themselves. */
  readonly root: string;
}

/** What a block says of itself, or `undefined` if it cannot be read: Azure then refuses it, and nobody is let in by it. */
function readable(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block);
  } catch {
    return undefined;
  }
}

function encoded(blocks: readonly string[]): string {
  return Buffer.from(`${blocks.join("\n")}\n`).toString("base64");
}

/**
 * The chains of some authorities, each with its root.
 *
 * A chain is one file with the root in it, and each root is a file of its own (Azure documentation, "Overview of mutual
 * authentication with Application Gateway"). A listener verifies who issued the client's certificate, so the authority
 * that issues has to be among them.
 *
 * @param certificates the certificates in PEM, in any order.
 */
export function authorityChains(certificates: string): readonly AuthorityChain[] {
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const read = blocks.map((block) => ({ block, certificate: readable(block) }));
  const bySubject = new Map(
    read.flatMap(({ block, certificate }) =>
      certificate === undefined
        ? []
        : [[certificate.subject, { block, issuer: certificate.issuer }] as const],
    ),
  );
  const rootOf = (block: string, certificate: X509Certificate | undefined): string => {
    let top = block;
    let issuer = certificate?.issuer;
    const seen = new Set<string>();
    while (issuer !== undefined && !seen.has(issuer)) {
      seen.add(issuer);
      const found = bySubject.get(issuer);
      top = found?.block ?? top;
      issuer = found?.issuer;
    }
    return top;
  };
  const chains = new Map<string, string[]>();
  for (const { block, certificate } of read) {
    const root = rootOf(block, certificate);
    chains.set(root, [...(chains.get(root) ?? []), block]);
  }
  return [...chains].map(([root, members]) => ({
    name: `authority-${stableHash(root).toString(16).padStart(8, "0")}`,
    chain: encoded(members),
    root: encoded([root]),
  }));
}
