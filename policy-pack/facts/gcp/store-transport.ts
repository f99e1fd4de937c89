import type { ResourceType } from "../../resource-type";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import type { GcpStack } from "./gcp-stack";

/** Stores that Google's own front ends answer for, over TLS, to callers who show a token (Google Cloud, "Encryption in transit"). */
const storeTypes: readonly ResourceType[] = [
  "gcp:healthcare:fhirstore",
  "gcp:healthcare:dicomstore",
  "gcp:healthcare:hl7store",
  "gcp:storage:bucket",
  "gcp:bigquery:dataset",
  "gcp:spanner:instance",
  "gcp:firestore:database",
];

/** How callers of stores in a zone know each other. No property of a store changes it. */
export function storeHops(stack: GcpStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType(...storeTypes).map((node): HopFacts => {
      const place = placeIn(zones.of(node.urn), undefined);
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.hop(`clients and ${acceptor.label}`, "provider-tls+iam");
      return acceptor.facts();
    }),
  );
}
