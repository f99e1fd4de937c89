import type { ResourceType } from "../resource-type";
import type { Node } from "../stack-graph";
import { peerOf } from "../zone-claims";
import type { Zones } from "../zones";

import { Acceptor, allHops, type HopFacts } from "./acceptor";
import { placeIn } from "./place";
import { platformOf, type PlatformStack } from "./platform-of";

/** Somebody who reads, or may read, what a workload alone is to read. */
export interface CredentialReader {
  /** Who it is, and how: `User is let in to`. */
  readonly who: string;
  readonly remedy: string;
  /** What comes of it, in the place of what comes of a workload's certificates and keys. */
  readonly harm?: string;
  /** What is not known, and would show that it is not so. */
  readonly unknown: readonly (string | undefined)[];
}

/**
 * Who reads the secrets of a platform's workloads besides them: whoever has a workload's key is that workload to others.
 *
 * @param type what a secret is on the cloud.
 * @param readersOf who reads a secret besides the peer whose it is.
 */
export function credentialReaders(
  stack: PlatformStack & { readonly zones: Zones },
  type: ResourceType,
  readersOf: (secret: Node, peer: string) => readonly CredentialReader[],
): HopFacts {
  return allHops(
    ...stack.graph.ofType(type).map((secret) => {
      const peer = peerOf(stack.graph, secret);
      const place = placeIn(stack.zones.of(secret.urn), undefined);
      if (
        peer?.startsWith("workload/") !== true ||
        place === undefined ||
        platformOf(stack, secret) === undefined
      ) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, secret, place);
      for (const { who, remedy, harm, unknown } of readersOf(secret, peer)) {
        const assumptions = unknown.filter((one) => one !== undefined);
        acceptor.fault({
          what: `${who} what ${peer} alone may read, and ${harm ?? "with its certificates and their keys proves to be it"}`,
          remedy,
          assumption: assumptions.length === 0 ? undefined : assumptions.join(", and "),
          refusedOn: "our platform",
          needsOthers: true,
        });
      }
      return acceptor.facts();
    }),
  );
}
