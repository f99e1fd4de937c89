import type { AccessDocument } from "../../model/access-document";

import { AuditUnavailable } from "./audit-event";
import { auditVocabulary } from "./audit-vocabulary";
import { ChainedTrail } from "./chained-trail";
import { openChain, type ChainSettings } from "./open-chain";

/** What a trail of records has to know. */
export interface AuditTrailSettings extends Omit<ChainSettings, "uid"> {
  /** The access policy, whose names records may hold. */
  readonly document: AccessDocument;
}

/**
 * Opens the trail of decisions and tool calls of a replica.
 *
 * @throws {AuditUnavailable} if records cannot be written: the program must not answer anything.
 */
export function openAuditTrail({ workload, document, environment }: AuditTrailSettings): ChainedTrail {
  const uid = document.workloads[workload];
  if (uid === undefined) {
    throw new AuditUnavailable(`The access document names no workload ${workload}.`);
  }
  return new ChainedTrail(openChain({ workload, uid, environment }), auditVocabulary(document));
}
