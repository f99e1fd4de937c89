import type { WatchedTrail } from "../audit/watched-trail";

import type { ContextTokens, CurrentCredential } from "./context-tokens";
import type { Engine } from "./policy-decision-point";

/** What a decision point cannot do without. */
export interface VitalParts {
  readonly engine: Engine;
  readonly trail: WatchedTrail;
  readonly credential: CurrentCredential;
  readonly contexts: ContextTokens;
}

/** What nobody may do, whatever the policies say. */
const asked = {
  user: "nobody",
  role: undefined,
  resource: "none",
  action: "use",
  device: undefined,
  location: undefined,
  secondFactor: false,
} as const;

function fails(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

/** Why no request would be allowed, whatever is asked; `undefined` while all is well. */
export function illnessOf({ engine, trail, credential, contexts }: VitalParts): string | undefined {
  if (Date.now() >= credential.current.notAfter.getTime()) {
    return "The certificate has expired.";
  }
  if (fails(() => engine.decide(asked))) {
    return "Policies cannot be evaluated.";
  }
  return contexts.canSign ? trail.illness : "Nothing can be signed with the key of the certificate.";
}
