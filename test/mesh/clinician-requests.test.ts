import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { programPort, upstreamsOf } from "../../components/mesh/ports";
import { accessDocument } from "../../model/access-document";
import { parseCidr } from "../../model/cidr";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { AuditEvent } from "../../services/audit/audit-event";
import { DecisionEngine } from "../../services/decision-point/decision-engine";
import type { OnePortServer } from "../../services/decision-point/one-port-server";
import { runDecisionPoint } from "../../services/decision-point/running-decision-point";
import { openCredentialFeed, type CredentialFeed } from "../../services/mtls-client/credential-feed";
import { TestIdentityProvider } from "../services/decision-point/test-identity-provider";

import { direct, throughOwnProxy, type Outcome } from "./direct-request";
import { newAddress, TestMesh, type TestPod } from "./test-mesh";

const balancerAddress = newAddress();

/** Addresses of clients, as the load balancer writes them down: one of each network, and one of none. */
const from = { hospital: "192.0.2.10", vpn: "198.51.100.10", elsewhere: "203.0.113.10" } as const;

const people = {
  physician: { roles: "attending_physician", device_compliance: "compliant", patient: "maria" },
  "physician with a second factor": {
    roles: "attending_physician",
    device_compliance: "compliant",
    patient: "maria",
    amr: ["pwd", "mfa"],
  },
  "physician at a device that is not compliant": {
    roles: "attending_physician",
    device_compliance: "non_compliant",
  },
  nurse: { roles: "nurse", device_compliance: "compliant", patient: "maria" },
  pharmacist: { roles: "pharmacist", device_compliance: "compliant" },
  visitor: { roles: "visitor", device_compliance: "compliant" },
} as const;
type Person = keyof typeof people;

let mesh: TestMesh;
let provider: TestIdentityProvider;
let decisionPoint: OnePortServer;
let credential: CredentialFeed;
const records: AuditEvent[] = [];
const faults: unknown[] = [];
const tokens = new Map<Person, string>();

beforeAll(async () => {
  provider = await TestIdentityProvider.start();
  const { access } = referencePlatform;
  const spec = platformSpec({
    ...referencePlatform,
    access: { ...access, identityProvider: await provider.published() },
  });
  mesh = await TestMesh.create(spec);
  const block = parseCidr(`${balancerAddress}/32`);
  const [{ place, workload }] = await Promise.all([
    mesh.startProxy("decision-point", mesh.addressOf(mesh.workload("decision-point"))),
    mesh.start("ai-gateway", {
      edge: { certificate: "none", addresses: block === undefined ? [] : [block] },
    }),
    mesh.start("fhir-proxy"),
    mesh.start("rag-service"),
  ]);
  const document = accessDocument(spec);
  credential = await openCredentialFeed({ agentFolder: place.certificates }, workload.spiffeId);
  decisionPoint = await runDecisionPoint({
    document,
    engine: DecisionEngine.open(document),
    trail: { append: (event) => void records.push(event) },
    credential,
    host: place.address,
    port: programPort,
    onFault: (error) => void faults.push(error),
  });
  for (const person of Object.keys(people) as Person[]) {
    tokens.set(person, (await provider.signIn({ user: person, claims: people[person] })).accessToken);
  }
});

afterAll(async () => {
  await decisionPoint.close();
  credential.close();
  await Promise.all([mesh.stop(), provider.stop()]);
});

function tokenOf(person: Person): string {
  const token = tokens.get(person);
  if (token === undefined) {
    throw new Error(`nobody signed ${person} in`);
  }
  return token;
}

interface Sent {
  readonly outcome: Outcome;
  /** What the program saw of it; nothing, if it was turned away. */
  readonly seen: TestPod["program"]["seen"][number] | undefined;
  /** What is recorded of it. */
  readonly recorded: readonly AuditEvent[];
}

let requests = 0;

/** Sends a request to `ai-gateway` as the load balancer does, which writes down where the client is. */
async function asked(path: string, where: string, headers: Readonly<Record<string, string>>): Promise<Sent> {
  const { place, program } = mesh.pod("ai-gateway");
  requests += 1;
  const url = `${path}?number=${String(requests)}`;
  const before = records.length;
  const outcome = await direct(place.address, {
    from: balancerAddress,
    path: url,
    headers: { ...headers, "x-forwarded-for": where },
  });
  return {
    outcome,
    seen: program.seen.find((request) => request.url.endsWith(`?number=${String(requests)}`)),
    recorded: records.slice(before),
  };
}

function askedBy(person: Person, path: string, where: string): Promise<Sent> {
  return asked(path, where, { authorization: `Bearer ${tokenOf(person)}` });
}

/** Sends a request from a workload's program, by its own proxy, to `fhir-proxy`. */
async function askedWithin(
  caller: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Sent> {
  const { place, workload } = mesh.pod(caller);
  const upstream = upstreamsOf(mesh.spec, workload).find(({ workload: { id } }) => id === "fhir-proxy");
  requests += 1;
  const url = `${path}?number=${String(requests)}`;
  const before = records.length;
  const { status, body } = await throughOwnProxy(place.address, upstream?.port ?? 0, headers, url);
  return {
    outcome: { source: place.address, status, body, error: undefined },
    seen: mesh.pod("fhir-proxy").program.seen.find((request) => request.url === url),
    recorded: records.slice(before),
  };
}

/** What was granted to somebody at the entrance, as the program there is told it. */
async function granted(person: Person, path: string): Promise<string> {
  const { seen } = await askedBy(person, path, from.hospital);
  const context = seen?.headers["x-bulkhead-context"];
  if (typeof context !== "string") {
    throw new Error(`nothing was granted to ${person} at ${path}`);
  }
  return context;
}

describe("a clinician's request", () => {
  it.each([
    ["physician", "/v1/clinical-rag", "hospital"],
    ["physician", "/v1/clinical-rag/deeper", "vpn"],
    ["physician", "/v1/knowledge-base", "elsewhere"],
    ["physician with a second factor", "/v1/discharge-summary", "hospital"],
    ["nurse", "/v1/clinical-rag", "vpn"],
    ["pharmacist", "/v1/medication-review", "hospital"],
  ] as const)("of a %s for %s from %s reaches the program", async (person, path, where) => {
    const { outcome, seen, recorded } = await askedBy(person, path, from[where]);

    expect(outcome).toMatchObject({ status: 200, body: "ai-gateway" });
    expect(seen?.headers["x-bulkhead-context"]).toMatch(/^ey/);
    expect(recorded).toMatchObject([
      {
        user: person,
        role: people[person].roles,
        allowed: true,
        trustLevel: "VERIFIED",
        enforcementPoint: mesh.workload("ai-gateway").spiffeId,
        requestId: seen?.headers["x-request-id"],
      },
    ]);
  });

  it.each([
    ["nurse", "/v1/discharge-summary", "hospital", 403, "AUTHENTICATED"],
    ["pharmacist", "/v1/clinical-rag", "hospital", 403, "AUTHENTICATED"],
    ["visitor", "/v1/knowledge-base", "hospital", 403, "AUTHENTICATED"],
    ["physician", "/v1/clinical-rag", "elsewhere", 403, "AUTHENTICATED"],
    ["physician", "/v1/discharge-summary", "hospital", 401, "AUTHORIZED"],
    ["physician at a device that is not compliant", "/v1/knowledge-base", "hospital", 403, "NONE"],
    ["physician", "/v1/unknown", "hospital", 403, "AUTHENTICATED"],
    ["physician", "/v1/clinical-ragged", "hospital", 403, "AUTHENTICATED"],
    ["pharmacist", "/v1/knowledge-base/../clinical-rag", "hospital", 403, "AUTHENTICATED"],
    ["pharmacist", "/v1/knowledge-base/%2e%2e/clinical-rag", "hospital", 403, "AUTHENTICATED"],
  ] as const)("of a %s for %s from %s is turned away", async (person, path, where, status, trustLevel) => {
    const { outcome, seen, recorded } = await askedBy(person, path, from[where]);

    expect(outcome.status).toBe(status);
    expect(JSON.parse(outcome.body)).toMatchObject({ allowed: false, trustLevel });
    expect(seen).toBeUndefined();
    expect(recorded).toMatchObject([{ user: person, allowed: false, trustLevel }]);
  });

  it("is turned away without a token, and with what is none", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer" },
      { authorization: `Basic ${tokenOf("physician")}` },
      { authorization: `Bearer ${tokenOf("physician").slice(0, -4)}AAAA` },
      { "x-bulkhead-context": tokenOf("physician") },
    ] satisfies readonly Readonly<Record<string, string>>[]) {
      const { outcome, seen, recorded } = await asked("/v1/knowledge-base", from.hospital, headers);
      expect([headers, outcome.status, seen]).toEqual([headers, 401, undefined]);
      expect(recorded).toMatchObject([{ user: undefined, allowed: false, trustLevel: "NONE" }]);
    }
  });

  it.each([
    ["writes an address before the load balancer's", `${from.hospital}, ${from.elsewhere}`, {}],
    ["writes where it is", from.elsewhere, { "x-bulkhead-source-address": from.hospital }],
    ["writes the header of another proxy", from.elsewhere, { "x-real-ip": from.hospital }],
  ])("comes from elsewhere still, if its client %s", async (_, where, headers) => {
    const { outcome, recorded } = await asked("/v1/clinical-rag", where, {
      ...headers,
      authorization: `Bearer ${tokenOf("physician")}`,
    });

    expect(outcome.status).toBe(403);
    expect(recorded).toMatchObject([{ location: "external", allowed: false }]);
  });

  it("is not believed to have been granted anything yet", async () => {
    const context = await granted("physician", "/v1/clinical-rag");
    const { outcome, seen } = await asked("/v1/clinical-rag", from.elsewhere, {
      "x-bulkhead-context": context,
    });

    expect([outcome.status, seen]).toEqual([401, undefined]);
  });
});

describe("what goes on within the platform", () => {
  it.each(["ai-gateway", "rag-service"])(
    "is let to fhir-proxy by %s with what was granted",
    async (caller) => {
      const context = await granted("nurse", "/v1/clinical-rag");
      const { outcome, seen, recorded } = await askedWithin(caller, "/fhir/Patient", {
        "x-bulkhead-context": context,
      });

      expect(outcome).toMatchObject({ status: 200, body: "fhir-proxy" });
      expect(seen?.headers["x-bulkhead-context"]).toMatch(/^ey/);
      expect(recorded).toMatchObject([
        {
          user: "nurse",
          resource: "phi_clinical_rag",
          allowed: true,
          enforcementPoint: mesh.workload("fhir-proxy").spiffeId,
        },
      ]);
    },
  );

  it.each([
    ["nothing", () => ({})],
    ["a clinician's own token", () => ({ authorization: `Bearer ${tokenOf("physician")}` })],
    ["a clinician's token for what was granted", () => ({ "x-bulkhead-context": tokenOf("physician") })],
  ] satisfies readonly (readonly [string, () => Readonly<Record<string, string>>])[])(
    "is turned away with %s",
    async (_, headers) => {
      const { outcome, seen, recorded } = await askedWithin("rag-service", "/fhir/Patient", headers());

      expect([outcome.status, seen]).toEqual([403, undefined]);
      expect(recorded).toMatchObject([{ user: undefined, allowed: false, trustLevel: "NONE" }]);
    },
  );

  it("is turned away with what was granted and changed since", async () => {
    const [header = "", claims = "", signature = ""] = (await granted("nurse", "/v1/clinical-rag")).split(
      ".",
    );
    const changed = JSON.parse(Buffer.from(claims, "base64url").toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...changed, role: "attending_physician" })).toString(
      "base64url",
    );
    for (const context of [`${header}.${forged}.${signature}`, `${header}.${claims}.`]) {
      const { outcome, seen } = await askedWithin("rag-service", "/fhir/Patient", {
        "x-bulkhead-context": context,
      });
      expect([outcome.status, seen]).toEqual([403, undefined]);
    }
  });

  it("is turned away where no route leads", async () => {
    const context = await granted("physician", "/v1/clinical-rag");
    const { outcome, seen } = await askedWithin("rag-service", "/administration", {
      "x-bulkhead-context": context,
    });

    expect([outcome.status, seen]).toEqual([403, undefined]);
  });
});

describe("a decision point", () => {
  it("had nothing to complain of", () => {
    expect(faults).toEqual([]);
  });
});
