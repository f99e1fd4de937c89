import dns from "node:dns";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { awsSource } from "../../services/credentials/aws-source";
import { azureSource } from "../../services/credentials/azure-source";
import { CredentialUnavailable } from "../../services/credentials/credential-source";
import { gcpSource } from "../../services/credentials/gcp-source";

import { RunningService } from "./running-service";
import { TestAuthority } from "./test-authority";

const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
const never = new AbortController().signal;

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.create();
});

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** What was asked of a server. */
interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What it answers. */
interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

function answering(answer: (asked: Asked) => Answer, asked: Asked[] = []): RequestListener {
  return (request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += part.toString();
    });
    request.on("end", () => {
      const question = {
        line: `${String(request.method)} ${String(request.url)}`,
        headers: request.headers,
        body,
      };
      asked.push(question);
      const { status = 200, headers = {}, json } = answer(question);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(json === undefined ? undefined : JSON.stringify(json));
    });
  };
}

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

async function refused(reading: Promise<string>): Promise<CredentialUnavailable> {
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CredentialUnavailable);
  return error as CredentialUnavailable;
}

describe("AWS Secrets Manager", () => {
  const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/rag-service/credential-AbCdEf";

  it("is asked by the agent with the role of its task, as Fargate hands it out", async () => {
    const asked: Asked[] = [];
    const text = JSON.stringify(await authority.credential(spiffeId));
    const port = await listening(
      createServer(
        answering(({ line }) => {
          if (line === "GET /role") {
            return {
              json: {
                AccessKeyId: "ASIATASKROLE",
                SecretAccessKey: "task-secret",
                Token: "task-session",
                Expiration: new Date(Date.now() + 3_600_000).toISOString(),
              },
            };
          }
          return { headers: { "content-type": "application/x-amz-json-1.1" }, json: { SecretString: text } };
        }, asked),
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), "bulkhead-aws-"));
    const agent = new RunningService("services/certificate-agent/main.ts", ["once"], {
      BULKHEAD_CERTIFICATE_FOLDER: folder,
      BULKHEAD_CLOUD: "aws",
      BULKHEAD_CREDENTIAL: arn,
      BULKHEAD_RENEW_BEFORE_HOURS: "720",
      BULKHEAD_SPIFFE_ID: spiffeId,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${String(port)}/role`,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${String(port)}`,
    });
    const code = await agent.ended;
    rmSync(folder, { recursive: true, force: true });
    expect({ code, lines: agent.lines }).toEqual({
      code: 0,
      lines: [expect.objectContaining({ outcome: "replaced", epoch: 100 })],
    });
    const [, question] = asked;
    expect(question?.line).toBe("POST /");
    expect(question?.headers).toMatchObject({
      "x-amz-target": "secretsmanager.GetSecretValue",
      "content-type": "application/x-amz-json-1.1",
      "x-amz-security-token": "task-session",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=ASIATASKROLE\/\d{8}\/us-east-1\/secretsmanager\/aws4_request, /,
      ) as unknown,
    });
    expect(JSON.parse(question?.body ?? "")).toEqual({ SecretId: arn });
  });

  it.each<[string, Answer, string, RegExp]>([
    [
      "there is none",
      {
        status: 400,
        json: { __type: "ResourceNotFoundException", message: "Secrets Manager can't find it." },
      },
      "not-found",
      /ResourceNotFoundException: Secrets Manager can't find it\.$/,
    ],
    [
      "it may not be read",
      { status: 400, json: { __type: "AccessDeniedException", message: "not authorized to perform" } },
      "refused",
      /AccessDeniedException: not authorized to perform$/,
    ],
    ["it holds bytes", { json: { SecretBinary: "AAAA" } }, "not-text", /holds bytes, and not a text\.$/],
  ])("says so if %s", async (_, answer, problem, message) => {
    const port = await listening(createServer(answering(() => answer)));
    vi.stubEnv("AWS_ENDPOINT_URL_SECRETS_MANAGER", `http://127.0.0.1:${String(port)}`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIA");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
    const error = await refused(awsSource(arn).read(never));
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(message);
    expect(error.message).toContain(arn);
  });
});

describe("Azure Key Vault", () => {
  const vault = "bulkhead-secrets.vault.azure.net";

  /** A vault, and the machine's own identity service, by their real names. */
  async function azure(secret: () => Answer, asked: Asked[] = []): Promise<{ readonly uri: string }> {
    const { chain, key } = await authority.issue(spiffeId, { dnsNames: [vault] });
    const identity = await listening(
      createServer(
        answering(
          () => ({
            json: { access_token: "machine-token", expires_in: "3600", token_type: "Bearer", resource: "x" },
          }),
          asked,
        ),
      ),
    );
    const port = await listening(
      createTlsServer(
        { cert: chain, key },
        answering(({ headers }) => {
          if (headers.authorization === undefined) {
            const challenge =
              'Bearer authorization="https://login.microsoftonline.com/tenant", resource="https://vault.azure.net"';
            return { status: 401, headers: { "www-authenticate": challenge }, json: {} };
          }
          return secret();
        }, asked),
      ),
    );
    vi.stubEnv("AZURE_POD_IDENTITY_AUTHORITY_HOST", `http://127.0.0.1:${String(identity)}`);
    vi.stubEnv("AZURE_CLIENT_ID", "11111111-2222-3333-4444-555555555555");
    const lookup: LookupFunction = (_name, options, found) => {
      if (options.all === true) {
        found(null, [{ address: "127.0.0.1", family: 4 }]);
      } else {
        found(null, "127.0.0.1", 4);
      }
    };
    vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
    return { uri: `https://${vault}:${String(port)}/secrets/rag-service` };
  }

  const client = () => ({ tlsOptions: { ca: authority.bundle }, retryOptions: { maxRetries: 0 } });
  const identity = {
    getToken: () => Promise.resolve({ token: "machine-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
  };

  it("is asked for the newest version with the identity of the machine, as the vault demands", async () => {
    const asked: Asked[] = [];
    const { uri } = await azure(
      () => ({ json: { value: "the credential", id: `https://${vault}/secrets/rag-service/5a1b` } }),
      asked,
    );
    expect(await azureSource(uri, { client: client() }).read(never)).toBe("the credential");
    const [challenged, token, answered] = asked;
    expect(challenged?.line).toMatch(/^GET \/secrets\/rag-service\/\?api(?:-|%2D)version=/);
    expect(token?.headers["metadata"]).toBe("true");
    const { searchParams } = new URL(token?.line.replace("GET ", "") ?? "", "http://machine");
    expect([searchParams.get("client_id"), searchParams.get("resource")]).toEqual([
      "11111111-2222-3333-4444-555555555555",
      "https://vault.azure.net",
    ]);
    expect(answered?.headers.authorization).toBe("Bearer machine-token");
  });

  it.each<[string, Answer, string, RegExp]>([
    [
      "there is none",
      { status: 404, json: { error: { code: "SecretNotFound", message: "A secret was not found." } } },
      "not-found",
      /SecretNotFound: A secret was not found\.$/,
    ],
    [
      "it may not be read",
      { status: 403, json: { error: { code: "Forbidden", message: "Caller is not authorized." } } },
      "refused",
      /Forbidden: Caller is not authorized\.$/,
    ],
  ])("says so if %s", async (_, answer, problem, message) => {
    const { uri } = await azure(() => answer);
    const error = await refused(azureSource(uri, { identity, client: client() }).read(never));
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(message);
  });

  it("is not asked at an address that is no secret's", () => {
    for (const address of [
      "rag-service",
      `http://${vault}/secrets/x`,
      `https://${vault}/keys/x`,
      `https://${vault}/secrets/x/y`,
    ]) {
      expect(() => azureSource(address)).toThrow(RangeError);
    }
  });
});

describe("Google Secret Manager", () => {
  const name = "projects/hospital-processing/secrets/bulkhead-rag-service";

  async function google(secret: () => Answer, asked: Asked[] = []): Promise<{ readonly endpoint: string }> {
    const port = await listening(
      createServer(
        answering(({ line }) => {
          if (line.startsWith("GET /computeMetadata/v1/instance")) {
            return {
              headers: { "metadata-flavor": "Google" },
              json: line.includes("/token")
                ? { access_token: "machine-token", expires_in: 3600, token_type: "Bearer" }
                : { default: {} },
            };
          }
          return secret();
        }, asked),
      ),
    );
    vi.stubEnv("GCE_METADATA_HOST", `127.0.0.1:${String(port)}`);
    vi.stubEnv("HOME", tmpdir());
    return { endpoint: `http://127.0.0.1:${String(port)}` };
  }

  it("is asked for the newest version with the service account of the machine", async () => {
    const asked: Asked[] = [];
    const data = Buffer.from("the credential").toString("base64");
    const { endpoint } = await google(() => ({ json: { name, payload: { data } } }), asked);
    expect(await gcpSource(name, { endpoint }).read(never)).toBe("the credential");
    const question = asked.at(-1);
    expect(question?.line).toBe(`GET /v1/${name}/versions/latest:access`);
    expect(question?.headers.authorization).toBe("Bearer machine-token");
  });

  it.each<[string, Answer, string, RegExp]>([
    [
      "there is none",
      { status: 404, json: { error: { code: 404, status: "NOT_FOUND", message: "Secret not found." } } },
      "not-found",
      /status 404: NOT_FOUND: Secret not found\.$/,
    ],
    [
      "it may not be read",
      { status: 403, json: { error: { code: 403, status: "PERMISSION_DENIED", message: "Denied." } } },
      "refused",
      /status 403: PERMISSION_DENIED: Denied\.$/,
    ],
    ["what answers is something else", { json: { html: "<p>" } }, "not-text", /the answer has no payload$/],
  ])("says so if %s", async (_, answer, problem, message) => {
    const { endpoint } = await google(() => answer);
    const error = await refused(gcpSource(name, { endpoint }).read(never));
    expect(error.problem).toBe(problem);
    expect(error.message).toMatch(message);
  });

  it("says so if nobody answers", async () => {
    await google(() => ({}));
    const error = await refused(gcpSource(name, { endpoint: "http://127.0.0.1:1" }).read(never));
    expect(error.problem).toBe("unreachable");
  });

  it("is asked in its region for a regional secret, and not at all for what is none", async () => {
    const auth = { getAccessToken: () => Promise.resolve("token") };
    const stop = AbortSignal.abort();
    expect(() => gcpSource("rag-service", { auth })).toThrow(RangeError);
    const regional = gcpSource("projects/p/locations/us-central1/secrets/s", { auth });
    expect((await refused(regional.read(stop))).problem).toBe("unreachable");
  });
});
