import type { InspectionDocument } from "../../model/inspection-document";

import { undeclared } from "./audit-vocabulary";
import type { InspectionEvent } from "./inspection-event";
import { isNumberOfRequest } from "./request-number";

/**
 * Whether an identity is one that the platform's authority can have issued: records name it even if
 * nothing declares that it calls (SPIFFE-ID standard §2; paths as the platform forms them).
 */
function isOfPlatform(caller: string, trustDomain: string): boolean {
  const start = `spiffe://${trustDomain}/`;
  return (
    caller.startsWith(start) &&
    caller.length <= 255 &&
    /^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/.test(caller.slice(start.length))
  );
}

/**
 * An inspection in names alone that the platform declares: who calls can write anything into a path, a model's name or the
 * number of a request. The caller is not his own word, but that of his certificate.
 */
export function declaredInspection(event: InspectionEvent, document: InspectionDocument): InspectionEvent {
  const { caller, model } = event;
  const provider = document.providers.find(({ id }) => id === event.provider);
  const isKnownModel = provider?.models.some(({ name }) => name === model) ?? false;
  return {
    ...event,
    requestId: isNumberOfRequest(event.requestId) ? event.requestId : undeclared,
    caller: caller === undefined || isOfPlatform(caller, document.trustDomain) ? caller : undeclared,
    provider: provider === undefined ? undeclared : provider.id,
    model: model === undefined || isKnownModel ? model : undeclared,
  };
}
