import { credentials, makeClientConstructor, Metadata, type Client, type ServiceError } from "@grpc/grpc-js";

import type { AccessDocument } from "../../../model/access-document";
import type { AuditEvent, AuditTrail } from "../../../services/audit/audit-event";
import {
  verifiedCredential,
  type VerifiedCredential,
} from "../../../services/credentials/verified-credential";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";
import type { CheckResponse } from "../../../services/decision-point/ext-authz-protocol";
import { authorization } from "../../../services/decision-point/ext-authz-protocol";
import type { OnePortServer } from "../../../services/decision-point/one-port-server";
import type { Engine } from "../../../services/decision-point/policy-decision-point";
import { runDecisionPoint } from "../../../services/decision-point/running-decision-point";
import type { TestAuthority } from "../test-authority";

/** A request that an enforcement point holds back. */
export interface HeldRequest {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The SPIFFE ID of who sends it. */
  readonly principal?: string;
}

type Check = (
  request: object,
  metadata: Metadata,
  callback: (error: ServiceError | null, response: CheckResponse) => void,
) => void;

/** The certificate of a workload, as its agent gives it to it. */
export async function credentialOf(authority: TestAuthority, spiffeId: string): Promise<VerifiedCredential> {
  return verifiedCredential(JSON.stringify(await authority.credential(spiffeId)), spiffeId, new Date());
}

/** A decision point in this process, behind which a proxy would be: the test says who asks. */
export class TestDecisionPoint {
  readonly document: AccessDocument;
  readonly records: AuditEvent[];
  readonly faults: unknown[];
  readonly #server: OnePortServer;
  readonly #client: Client & Readonly<Record<"Check", Check>>;

  private constructor(
    document: AccessDocument,
    server: OnePortServer,
    records: AuditEvent[],
    faults: unknown[],
  ) {
    this.document = document;
    this.records = records;
    this.faults = faults;
    this.#server = server;
    const Authorization = makeClientConstructor(authorization, "Authorization");
    this.#client = new Authorization(
      `127.0.0.1:${String(server.port)}`,
      credentials.createInsecure(),
    ) as unknown as Client & Readonly<Record<"Check", Check>>;
  }

  /** @param parts what is to be in the place of the real engine, and of records that are kept in this process. */
  static async start(
    document: AccessDocument,
    credential: VerifiedCredential,
    parts: { readonly engine?: Engine; readonly trail?: AuditTrail } = {},
  ): Promise<TestDecisionPoint> {
    const records: AuditEvent[] = [];
    const faults: unknown[] = [];
    const server = await runDecisionPoint({
      document,
      engine: parts.engine ?? DecisionEngine.open(document),
      trail: parts.trail ?? { append: (event) => void records.push(event) },
      credential: { current: credential },
      host: "127.0.0.1",
      port: 0,
      onFault: (error) => void faults.push(error),
    });
    return new TestDecisionPoint(document, server, records, faults);
  }

  get port(): number {
    return this.#server.port;
  }

  /** The SPIFFE ID of a workload. */
  identity(workload: string): string {
    const spiffeId = this.document.workloads[workload];
    if (spiffeId === undefined) {
      throw new Error(`there is no workload ${workload}`);
    }
    return spiffeId;
  }

  /** Asks as Envoy does. @param forwarded what the decision point's proxy says of who asks. */
  check(forwarded: string | undefined, { path, headers, principal }: HeldRequest): Promise<CheckResponse> {
    const metadata = new Metadata();
    if (forwarded !== undefined) {
      metadata.set("x-forwarded-client-cert", forwarded);
    }
    const request = { attributes: { source: { principal }, request: { http: { path, headers } } } };
    return new Promise((resolve, reject) => {
      this.#client.Check(request, metadata, (error, response) => {
        if (error === null) {
          resolve(response);
        } else {
          reject(error);
        }
      });
    });
  }

  /** Asks as the enforcement point of a workload. */
  checkAt(workload: string, request: HeldRequest): Promise<CheckResponse> {
    return this.check(`URI=${this.identity(workload)}`, request);
  }

  /** Asks by HTTP, as the program of a workload. */
  post(
    workload: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(`http://127.0.0.1:${String(this.port)}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-forwarded-client-cert": `URI=${this.identity(workload)}`,
        ...headers,
      },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  }

  async stop(): Promise<void> {
    this.#client.close();
    await this.#server.close();
  }
}

/** What a request carries on from a decision. */
export function grantedContext(response: CheckResponse): string {
  const headers = "ok_response" in response ? response.ok_response.headers : [];
  return headers.find(({ header }) => header.key === "x-bulkhead-context")?.header.value ?? "";
}

/** What an enforcement point answers in the program's place, or that it does not. */
export function denialOf(
  response: CheckResponse,
): { readonly code: number; readonly reason: string } | "allowed" {
  if (!("denied_response" in response)) {
    return response.status.code === 0 ? "allowed" : { code: 403, reason: "" };
  }
  const { status, body } = response.denied_response;
  return { code: status.code, reason: (JSON.parse(body) as { reason: string }).reason };
}
