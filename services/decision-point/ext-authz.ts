import { status, type handleUnaryCall, type UntypedServiceImplementation } from "@grpc/grpc-js";

import type { AccessDocument } from "../../model/access-document";
import { toolPath } from "../../model/access-policy";
import {
  accessTokenHeaders,
  contextHeader,
  requestIdHeader,
  sourceAddressHeader,
} from "../../model/request-headers";
import { callerIdentity } from "../program/caller-identity";

import { isWithin, routeOf } from "./access-routes";
import type { CheckRequest, CheckResponse, SetHeader } from "./ext-authz-protocol";
import type { Answer, Enquiry, PolicyDecisionPoint, Proof } from "./policy-decision-point";
import { requestIdOf } from "./request-id";

type Headers = Readonly<Record<string, string>>;

function header(headers: Headers, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}

function setHeader(key: string, value: string): SetHeader {
  return { header: { key, value }, append_action: "OVERWRITE_IF_EXISTS_OR_ADD" };
}

/** A clinician's access token: from whichever header has one, unless they have different ones. */
function accessToken(headers: Headers): string | undefined {
  const tokens = new Set(
    accessTokenHeaders.flatMap((name) => {
      const value = header(headers, name);
      if (value === undefined) {
        return [];
      }
      // RFC 6750 §2.1; the name of the scheme has no case (RFC 9110 §11.1).
      return name === "authorization" ? [/^bearer +([^\s,]+)$/i.exec(value)?.[1] ?? ""] : [value];
    }),
  );
  const [token] = tokens;
  return tokens.size === 1 && token !== "" ? token : undefined;
}

/** How a denial is told to who is behind the request (RFC 6750 §3, RFC 9470 §3): 401 if another token would help. */
function challenge({ decision, isUnproved }: Answer): { readonly code: number; readonly error?: string } {
  if (decision.requiresMfa) {
    return { code: 401, error: "insufficient_user_authentication" };
  }
  return isUnproved ? { code: 401, error: "invalid_token" } : { code: 403 };
}

function responseOf(answer: Answer, isEntrance: boolean): CheckResponse {
  const { decision, context } = answer;
  if (decision.allowed) {
    return {
      status: { code: status.OK },
      ok_response: { headers: context === undefined ? [] : [setHeader(contextHeader, context)] },
    };
  }
  const { allowed, trustLevel, reason, requiresMfa } = decision;
  const { code, error } = isEntrance ? challenge(answer) : { code: 403 };
  return {
    status: { code: code === 401 ? status.UNAUTHENTICATED : status.PERMISSION_DENIED },
    denied_response: {
      status: { code },
      headers: [
        setHeader("content-type", "application/json"),
        setHeader("cache-control", "no-store"),
        ...(error === undefined ? [] : [setHeader("www-authenticate", `Bearer error="${error}"`)]),
      ],
      body: JSON.stringify({ allowed, trustLevel, reason, requiresMfa }),
    },
  };
}

/** Answers enforcement points that ask before each request (`envoy.service.auth.v3.Authorization`). */
export class ExternalAuthorization {
  readonly #decisionPoint: PolicyDecisionPoint;
  readonly #document: AccessDocument;
  readonly #toolServers: ReadonlySet<string>;

  constructor(decisionPoint: PolicyDecisionPoint, document: AccessDocument) {
    this.#decisionPoint = decisionPoint;
    this.#document = document;
    this.#toolServers = new Set(document.access.tools.map(({ server }) => server));
  }

  /** What is added to a server of gRPC. */
  get implementation(): UntypedServiceImplementation {
    const check: handleUnaryCall<CheckRequest, CheckResponse> = ({ request, metadata }, callback) => {
      const [certificate, ...others] = metadata.get("x-forwarded-client-cert");
      const requester =
        typeof certificate === "string" && others.length === 0 ? callerIdentity(certificate) : undefined;
      this.check(requester, request).then(
        (response) => {
          callback(null, response);
        },
        () => {
          callback({ code: status.INTERNAL, details: "The request could not be decided." });
        },
      );
    };
    return { Check: check };
  }

  /** @param requester the SPIFFE ID of the enforcement point. */
  async check(requester: string | undefined, request: CheckRequest): Promise<CheckResponse> {
    const enforcementPoint = this.#decisionPoint.workload(requester);
    const isEntrance = this.#decisionPoint.isEntrance(enforcementPoint);
    const answer = await this.#decisionPoint.answer(
      this.#enquiry(requester, enforcementPoint, isEntrance, request),
    );
    return responseOf(answer, isEntrance);
  }

  #enquiry(
    requester: string | undefined,
    enforcementPoint: string | undefined,
    isEntrance: boolean,
    { attributes }: CheckRequest,
  ): Enquiry {
    const headers = attributes?.request?.http?.headers ?? {};
    const path = attributes?.request?.http?.path ?? "";
    const principal = attributes?.source?.principal ?? "";
    const token = isEntrance ? accessToken(headers) : header(headers, contextHeader);
    const proof: Proof | undefined =
      token === undefined ? undefined : { kind: isEntrance ? "oidc" : "context", token };
    const route =
      enforcementPoint === undefined
        ? undefined
        : routeOf(this.#document.access.routes, enforcementPoint, path);
    return {
      requester,
      requestId: requestIdOf(header(headers, requestIdHeader)),
      proof,
      user: undefined,
      address: isEntrance ? header(headers, sourceAddressHeader) : undefined,
      caller: principal === "" ? undefined : principal,
      about: {
        kind: "resource",
        resource: route?.resource,
        action: route?.action ?? "use",
        isToolServer:
          enforcementPoint !== undefined &&
          this.#toolServers.has(enforcementPoint) &&
          isWithin(path, toolPath),
      },
    };
  }
}
