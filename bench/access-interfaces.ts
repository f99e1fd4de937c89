import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { credentials, makeClientConstructor, Metadata, type Client, type ServiceError } from "@grpc/grpc-js";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Pool } from "undici";

import { accessDocument, type AccessDocument } from "../model/access-document";
import { identityProviderSchema } from "../model/identity-provider";
import { platformSpec } from "../model/platform-spec";
import { referencePlatform } from "../model/reference-platform";
import { writeSdsFiles } from "../services/credentials/sds-files";
import { verifiedCredential } from "../services/credentials/verified-credential";
import { ContextTokens } from "../services/decision-point/context-tokens";
import { authorization, type CheckResponse } from "../services/decision-point/ext-authz-protocol";
import { TestAuthority } from "../test/services/test-authority";

import { costOf } from "./process-cost";

/** How long each load runs, in milliseconds: first unmeasured, so that connections and code are warm. */
const warmUp = 2000;
const measured = 4000;

/** How many ask at once, for the rate. */
const lanes = 16;

/** What one way of asking costs. */
export interface InterfaceCost {
  readonly way: string;
  /** Asked one by one, in milliseconds: the median, and what one in a hundred exceeds. */
  readonly median: number;
  readonly slowest: number;
  /** Sixteen at a time: decisions in a second of the time that a processor works for the decision point alone. */
  readonly perCore: number | undefined;
  /** Sixteen at a time: decisions a second, where the decision point shares the machine with who asks. */
  readonly rate: number;
}

type Ask = () => Promise<void>;

type Check = (
  request: object,
  metadata: Metadata,
  callback: (error: ServiceError | null, response: CheckResponse) => void,
) => void;

async function load(ask: Ask, atOnce: number, milliseconds: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) {
        const begin = performance.now();
        await ask();
        latencies.push(performance.now() - begin);
      }
    }),
  );
  return latencies;
}

async function costOfAsking(way: string, ask: Ask, processId: number): Promise<InterfaceCost> {
  await load(ask, lanes, warmUp);
  const sorted = (await load(ask, 1, measured)).toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
  const [before, begin] = [costOf(processId)?.processor, performance.now()];
  const { length } = await load(ask, lanes, measured);
  const [after, end] = [costOf(processId)?.processor, performance.now()];
  return {
    way,
    median: at(0.5),
    slowest: at(0.99),
    perCore: before === undefined || after === undefined ? undefined : (length / (after - before)) * 1000,
    rate: (length / (end - begin)) * 1000,
  };
}

async function started(
  records: "recorded" | "unrecorded",
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const program = join(__dirname, "benched-decision-point.ts");
  // A file, since a pipe would be read here, by whoever asks at the same time.
  const output = openSync(join(folder, records), "w");
  const child = spawn(process.execPath, ["--require", "tsx/cjs", program, records], {
    env: { PATH: process.env["PATH"] ?? "", ...environment },
    stdio: ["ignore", output, "pipe"],
  });
  closeSync(output);
  if (child.stderr === null) {
    throw new Error("the decision point has nothing to say its port on");
  }
  const lines = createInterface({ input: child.stderr });
  const [line] = (await once(lines, "line")) as [string];
  if (!/^\d+$/.test(line)) {
    child.kill("SIGKILL");
    throw new Error(`the decision point does not run: ${line}`);
  }
  return { child, port: Number(line) };
}

/** A request of a clinician's at the entrance, and one behind it, as the proxies there ask about them; and by AuthZEN. */
function ways(
  document: AccessDocument,
  port: number,
  tokens: { readonly access: string; readonly context: string },
): { readonly asks: Readonly<Record<string, Ask>>; readonly close: () => Promise<void> } {
  const Authorization = makeClientConstructor(authorization, "Authorization");
  const client = new Authorization(
    `127.0.0.1:${String(port)}`,
    credentials.createInsecure(),
  ) as unknown as Client & Readonly<Record<"Check", Check>>;
  const check = (workload: string, path: string, headers: object): Ask => {
    const metadata = new Metadata();
    metadata.set("x-forwarded-client-cert", `URI=${String(document.workloads[workload])}`);
    const request = { attributes: { request: { http: { path, headers } } } };
    return () =>
      new Promise((resolve, reject) => {
        client.Check(request, metadata, (error, response) => {
          if (error === null && "ok_response" in response) {
            resolve();
          } else {
            reject(error ?? new Error("the request is denied"));
          }
        });
      });
  };
  const pool = new Pool(`http://127.0.0.1:${String(port)}`, { connections: lanes });
  const evaluation: Ask = async () => {
    const { statusCode, body } = await pool.request({
      method: "POST",
      path: "/access/v1/evaluation",
      headers: {
        "content-type": "application/json",
        "x-forwarded-client-cert": `URI=${String(document.workloads["rag-service"])}`,
      },
      body: JSON.stringify({
        subject: { type: "user", id: "anna" },
        action: { name: "use" },
        resource: { type: "resource", id: "phi_clinical_rag" },
        context: { token: tokens.context },
      }),
    });
    const { decision } = (await body.json()) as { readonly decision: boolean };
    if (statusCode !== 200 || !decision) {
      throw new Error("the request is denied");
    }
  };
  return {
    asks: {
      "ext_authz at the entrance": check("ai-gateway", "/v1/clinical-rag", {
        authorization: `Bearer ${tokens.access}`,
        "x-bulkhead-source-address": "192.0.2.1",
      }),
      "ext_authz behind the entrance": check("fhir-proxy", "/fhir/Patient", {
        "x-bulkhead-context": tokens.context,
      }),
      "AuthZEN evaluation": evaluation,
    },
    close: async () => {
      client.close();
      await pool.close();
    },
  };
}

/**
 * Asks a decision point, in a process of its own, for decisions that it allows: tokens are verified and signed each time, and
 * nothing is kept of a decision. With records, and without.
 */
export async function accessInterfaces(): Promise<readonly InterfaceCost[]> {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const issuer = "https://sign-in.hospital.example";
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "ES256" };
  const identityProvider = identityProviderSchema.parse({ issuer, audience: "bulkhead", keys: [key] });
  const spec = platformSpec(referencePlatform);
  const document = accessDocument({ ...spec, access: { ...spec.access, identityProvider } });
  const held = await (await TestAuthority.create()).credential(document.decisionPoint);
  const credential = verifiedCredential(JSON.stringify(held), document.decisionPoint, new Date());
  const granted = {
    role: "attending_physician",
    device: "compliant",
    location: "corporate_network",
    patient: "patient-1",
    resource: "phi_clinical_rag",
  };
  const expires = Math.floor(Date.now() / 1000) + 3600;
  const tokens = {
    context: await new ContextTokens(
      { current: credential },
      document.trustDomain,
      document.decisionPoint,
    ).sign({ ...granted, user: "anna", secondFactor: true, agents: [], expires }, "decision"),
    access: await new SignJWT({ roles: granted.role, device_compliance: granted.device })
      .setProtectedHeader({ alg: "ES256", kid: "1" })
      .setIssuer(issuer)
      .setAudience("bulkhead")
      .setSubject("anna")
      .setExpirationTime(expires)
      .sign(privateKey),
  };
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  try {
    await writeSdsFiles(folder, credential);
    const environment = {
      BULKHEAD_ACCESS: JSON.stringify(document),
      BULKHEAD_CERTIFICATE_FOLDER: folder,
    };
    const costs: InterfaceCost[] = [];
    for (const records of ["recorded", "unrecorded"] as const) {
      const { child, port } = await started(records, folder, environment);
      const { asks, close } = ways(document, port, tokens);
      try {
        for (const [way, ask] of Object.entries(asks)) {
          costs.push(await costOfAsking(`${way}, ${records}`, ask, child.pid ?? 0));
        }
      } finally {
        await close();
        child.kill("SIGKILL");
        await once(child, "close");
      }
    }
    return costs;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
