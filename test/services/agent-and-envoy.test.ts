import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { podOf } from "../../components/mesh/pod";
import { programPort } from "../../components/mesh/ports";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { WorkloadCredential } from "../../model/workload-credential";
import { MtlsError, openMtlsClient, type MtlsClient } from "../../services/mtls-client";
import { RunningEnvoy } from "../mesh/running-envoy";
import { TestAuthority, type IssuedCertificate } from "../mesh/test-authority";
import { newAddress, TestMesh } from "../mesh/test-mesh";
import { testPort } from "../mesh/test-place";
import { TestProgram } from "../mesh/test-program";

import { RunningService } from "./running-service";

const spec = platformSpec(referencePlatform);
const called = "embedding-service";

let mesh: TestMesh;
let folder: string;
let address: string;
let origin: string;
let agent: RunningService;
let envoy: RunningEnvoy;
let program: TestProgram;
const clients: MtlsClient[] = [];

/** A workload's secret, with one certificate for each epoch. */
function credential(
  id: string,
  ...epochs: readonly (readonly [epoch: number, issued: IssuedCertificate])[]
): WorkloadCredential {
  return {
    spiffeId: mesh.workload(id).spiffeId,
    trustBundle: mesh.authority.root,
    certificates: epochs.map(([epoch, { chain, key }]) => ({
      epoch,
      certificateChain: chain,
      privateKey: key,
    })),
  };
}

function putSecret(value: WorkloadCredential): void {
  const path = join(folder, "secret.json");
  writeFileSync(`${path}.new`, JSON.stringify(value));
  renameSync(`${path}.new`, path);
}

/** The environment in which the platform starts a workload's agent, with a file for a secret store. */
function agentEnvironment(id: string, certificates: string): Readonly<Record<string, string>> {
  const workload = mesh.workload(id);
  if (spec.mesh.kind !== "envoy") {
    throw new Error("the platform has no proxies of its own");
  }
  const { containers } = podOf(spec, spec.mesh, workload, {
    cloud: "aws",
    credentialId: "none",
    configuration: "file",
    edge: { certificate: "none", addresses: [] },
  });
  return {
    ...containers[0].environment,
    BULKHEAD_CERTIFICATE_FOLDER: certificates,
    BULKHEAD_CLOUD: "file",
    BULKHEAD_CREDENTIAL: join(folder, "secret.json"),
    BULKHEAD_INTERVAL_SECONDS: "0.3",
  };
}

async function clientOf(
  id: string,
  issuer: TestAuthority = mesh.authority,
): Promise<{ readonly client: MtlsClient; readonly renew: () => Promise<void> }> {
  const workload = mesh.workload(id);
  const issue = (): WorkloadCredential => ({
    ...credential(id, [1, issuer.issue({ spiffeId: workload.spiffeId })]),
    trustBundle: issuer === mesh.authority ? mesh.authority.root : issuer.root + mesh.authority.root,
  });
  let held = issue();
  const source = { place: "a store", read: () => Promise.resolve(JSON.stringify(held)) };
  const client = await openMtlsClient({
    spiffeId: workload.spiffeId,
    credential: { source },
    servers: { [origin]: mesh.workload(called).spiffeId },
  });
  clients.push(client);
  return {
    client,
    async renew() {
      held = issue();
      await client.refresh();
    },
  };
}

/** The number of the certificate that the proxy shows on a new connection. */
async function shown(): Promise<string> {
  const { chain: cert, key } = mesh.issue(mesh.workload("rag-service"));
  const socket = connect({ host: address, port: testPort, key, cert, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

/** The number of the one that its agent tells of. */
const told = (): string => String(agent.lines.findLast(({ serial }) => serial !== undefined)?.["serial"]);

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  folder = mkdtempSync(join(tmpdir(), "bulkhead-agent-envoy-"));
  const certificates = join(folder, "pod", "certificates");
  mkdirSync(certificates, { recursive: true });
  address = newAddress();
  origin = `https://${address}:${String(testPort)}`;
  const workload = mesh.workload(called);
  putSecret(credential(called, [100, mesh.issue(workload)]));
  agent = new RunningService(
    "services/certificate-agent/main.ts",
    [],
    agentEnvironment(called, certificates),
  );
  await agent.line(({ outcome }) => outcome === "replaced");
  program = await TestProgram.start(called, address, programPort);
  const { args } = mesh.command(
    workload,
    { address, certificates, peers: mesh.addresses },
    { certificate: "none", addresses: [] },
  );
  envoy = await RunningEnvoy.start(mesh.program, args, { address, port: testPort });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await Promise.all([agent.stop(), envoy.stop(), program.stop()]);
  await mesh.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("a workload whose certificates its agent keeps", () => {
  it("is called by a program without a proxy that its flows name, and knows it", async () => {
    const { client } = await clientOf("rag-service");
    const response = await client.fetch(`${origin}/Patient`);
    expect([response.status, await response.text()]).toEqual([200, called]);
    const line = await envoy.line("the call", ({ status }) => status === 200);
    expect(line["peer"]).toBe(mesh.workload("rag-service").spiffeId);
  });

  it("refuses one that its flows do not name, and one of another authority", async () => {
    const { client: undeclared } = await clientOf("embedding-service");
    expect((await undeclared.fetch(origin)).status).toBe(403);
    await envoy.line("the refusal", ({ status }) => status === 403);
    const { client: strange } = await clientOf("rag-service", new TestAuthority());
    const error: unknown = await strange.fetch(origin).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MtlsError);
    expect(error).toMatchObject({ problem: "refused-by-server", server: origin });
  });

  it("shows the certificate that came last, and no call fails while five come, at both ends", async () => {
    const { client, renew } = await clientOf("rag-service");
    const failures: unknown[] = [];
    let answered = 0;
    let isRunning = true;
    const callers = Array.from({ length: 8 }, async () => {
      while (isRunning) {
        try {
          const response = await client.fetch(origin);
          await response.text();
          if (response.status === 200) {
            answered += 1;
          } else {
            failures.push(response.status);
          }
        } catch (error) {
          failures.push(error);
        }
        await sleep(5);
      }
    });
    const further = async (count: number) => {
      const until = answered + count;
      await expect.poll(() => answered + failures.length, { timeout: 60_000 }).toBeGreaterThan(until);
    };
    const serials = new Set<string>();
    for (let epoch = 101; epoch <= 105; epoch += 1) {
      putSecret(credential(called, [epoch, mesh.issue(mesh.workload(called))]));
      await agent.line((line) => line["epoch"] === epoch);
      await expect.poll(shown, { timeout: 60_000 }).toBe(told());
      serials.add(await shown());
      await renew();
      await further(100);
    }
    isRunning = false;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    expect(serials.size).toBe(5);
  });

  it("shows what it has while its secret is bad", async () => {
    const before = await shown();
    const stranger = new TestAuthority();
    const { spiffeId } = mesh.workload(called);
    putSecret(credential(called, [106, stranger.issue({ spiffeId })]));
    await agent.line(({ outcome }) => outcome === "kept");
    expect(await shown()).toBe(before);
    const { client } = await clientOf("rag-service");
    expect((await client.fetch(origin)).status).toBe(200);
  });
});
