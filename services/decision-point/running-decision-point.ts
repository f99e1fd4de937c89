import { Server as GrpcServer } from "@grpc/grpc-js";

import type { AccessDocument } from "../../model/access-document";
import type { AuditTrail } from "../audit/audit-event";
import { WatchedTrail } from "../audit/watched-trail";

import { AuthZen } from "./authzen";
import { ContextTokens, type CurrentCredential } from "./context-tokens";
import { illnessOf } from "./decision-point-health";
import { ExternalAuthorization } from "./ext-authz";
import { authorization } from "./ext-authz-protocol";
import { OidcTokens } from "./oidc-tokens";
import { OnePortServer } from "./one-port-server";
import { PolicyDecisionPoint, type Engine } from "./policy-decision-point";

/** What a decision point runs with. */
export interface RunningDecisionPointParts {
  readonly document: AccessDocument;
  readonly engine: Engine;
  readonly trail: AuditTrail;
  /** Our certificate, which changes by and by. */
  readonly credential: CurrentCredential;
  readonly host: string;
  /** 0 is any that is free. */
  readonly port: number;
  /** Is told of what went wrong in here. What it is told may be logged. */
  readonly onFault: (error: unknown) => void;
}

/** Where a workload is found, from its SPIFFE ID, which names its zone and then itself. */
function originOf(spiffeId: string): string {
  const { host, pathname } = new URL(spiffeId);
  const [, , zone = "", , workload = ""] = pathname.split("/");
  return `https://${workload}.${zone}.${host}`;
}

/**
 * Begins to answer, by AuthZEN and by Envoy's external authorization on one port.
 *
 * @throws {RangeError} if keys or networks of the access policy are not as they should be, and what listening throws.
 */
export function runDecisionPoint(parts: RunningDecisionPointParts): Promise<OnePortServer> {
  const { document, engine, credential, onFault, host, port } = parts;
  const trail = new WatchedTrail(parts.trail);
  const { identityProvider, roles } = document.access;
  const contexts = new ContextTokens(credential, document.trustDomain, document.decisionPoint);
  const decisionPoint = new PolicyDecisionPoint({
    document,
    engine,
    trail,
    clinicians:
      identityProvider === undefined
        ? undefined
        : new OidcTokens(
            identityProvider,
            roles.map(({ id }) => id),
          ),
    contexts,
    onFault,
  });
  const grpc = new GrpcServer({ "grpc.max_receive_message_length": 262_144 });
  grpc.addService(authorization, new ExternalAuthorization(decisionPoint, document).implementation);
  const authZen = new AuthZen({
    decisionPoint,
    origin: originOf(document.decisionPoint),
    illness: () => illnessOf({ engine, trail, credential, contexts }),
    onFault,
  });
  return OnePortServer.listen({ host, port }, authZen.listener, grpc);
}
