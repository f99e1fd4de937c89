import type { InspectionDocument } from "../../model/inspection-document";

import { undeclared } from "./audit-vocabulary";
import type { InspectionEvent } from "./inspection-event";
import { isNumberOfRequest } from "./request-number";

/**
 * An inspection in names alone that the platform declares: who calls can write anything into a path, a model's name or the
 * number of a request.
 */
export function declaredInspection(event: InspectionEvent, document: InspectionDocument): InspectionEvent {
  const { caller, model } = event;
  const provider = document.providers.find(({ id }) => id === event.provider);
  const isKnownModel = provider?.models.some(({ name }) => name === model) ?? false;
  const isKnownCaller = caller !== undefined && Object.values(document.callers).includes(caller);
  return {
    ...event,
    requestId: isNumberOfRequest(event.requestId) ? event.requestId : undeclared,
    caller: caller === undefined || isKnownCaller ? caller : undeclared,
    provider: provider === undefined ? undeclared : provider.id,
    model: model === undefined || isKnownModel ? model : undeclared,
  };
}
