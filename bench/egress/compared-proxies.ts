import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { z } from "zod";

import type { InspectionDocument } from "../../model/inspection-document";
import { TestAuthority } from "../../test/services/test-authority";

const host = "api.openai.com";
const trustDomain = "bench.example";
const spiffeId = (id: string): string => `spiffe://${trustDomain}/${id}`;

/** The workload that calls, as the guard's proxy says it. */
export const caller = spiffeId("caller");

const document: InspectionDocument = {
  trustDomain,
  egressGuard: spiffeId("egress-guard"),
  callers: { caller },
  providers: [
    {
      id: "openai",
      api: "openai",
      fqdns: [host], // All is inspected, and goes on whatever is found.
      models: [{ name: "gpt-5", onFinding: "allow" }],
      agreement: { signed: "2026-01-01", expires: "until-terminated" },
    },
  ],
  inspection: { recordNumbers: [], mostBodyBytes: 4_194_304, deadlineMilliseconds: 10_000 },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

function nginxConfiguration(folder: string, port: number, provider: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `  ${kind}_temp_path ${join(folder, kind)};`,
  );
  return `daemon off;
user root;
worker_processes 1;
pid ${join(folder, "nginx.pid")};
error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off;
${temporary.join("\n")}
  upstream provider { server 127.0.0.1:${String(provider)}; keepalive 256; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${String(port)};
    keepalive_requests 1000000;
    client_max_body_size 8m;
    client_body_buffer_size 256k;
    location /openai/ {
      proxy_pass https://provider/;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host ${host};
      proxy_ssl_server_name on;
      proxy_ssl_name ${host};
      proxy_ssl_verify on;
      proxy_ssl_verify_depth 3;
      proxy_ssl_trusted_certificate ${join(folder, "authority.pem")};
    }
  }
}
`;
}

async function untilListening(port: number, child: ChildProcess, output: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (child.exitCode !== null) {
      throw new Error(`${child.spawnfile} ended: ${readFileSync(output, "utf8").slice(-2000)}`);
    }
    try {
      await fetch(`http://127.0.0.1:${String(port)}/`);
      return;
    } catch {
      await sleep(100);
    }
  }
  throw new Error(`nobody listens on port ${String(port)}`);
}

const memorySchema = z.object({ rss: z.number(), heapUsed: z.number() });

/** What a process uses, in bytes. */
export type Memory = z.output<typeof memorySchema>;

/** The egress guard, and nginx as a plain proxy, in front of the same stand-in for a provider. */
export class ComparedProxies {
  readonly guardPort: number;
  readonly nginxPort: number;
  readonly #guard: ChildProcess;
  readonly #children: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(
    folder: string,
    guard: ChildProcess,
    children: readonly ChildProcess[],
    ports: { readonly guard: number; readonly nginx: number },
  ) {
    this.guardPort = ports.guard;
    this.nginxPort = ports.nginx;
    this.#guard = guard;
    this.#children = children;
    this.#folder = folder;
  }

  /** Starts them. @throws Error if one does not run, with what is missing. */
  static async start(): Promise<ComparedProxies> {
    const folder = mkdtempSync(join(tmpdir(), "bulkhead-egress-"));
    const children: ChildProcess[] = [];
    try {
      const authority = await TestAuthority.create();
      const { chain, key } = await authority.issue(spiffeId("provider"), { dnsNames: [host], uris: [] });
      const file = (name: string, text: string): string => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const authorityFile = file("authority.pem", authority.bundle);
      const keys = file(
        "keys.json",
        JSON.stringify({ hashKey: randomBytes(32).toString("base64"), providers: { openai: "sk-bench" } }),
      );
      const provider = spawn(
        process.execPath,
        [
          ...["--require", "tsx/cjs", join(__dirname, "stand-in-provider.ts")],
          ...[file("chain.pem", chain), file("key.pem", key)],
        ],
        { stdio: ["ignore", "ignore", "pipe"] },
      );
      children.push(provider);
      const [said] = (await once(createInterface({ input: provider.stderr }), "line")) as [string];
      const [providerPort = 0, proxyPort = 0] = said.split(" ").map(Number);

      const ports = { nginx: await freePort(), guard: await freePort() };
      mkdirSync(join(folder, "proxy"));
      const configuration = file("nginx.conf", nginxConfiguration(folder, ports.nginx, providerPort));
      const started = (
        program: string,
        args: readonly string[],
        environment: NodeJS.ProcessEnv,
      ): ChildProcess => {
        // What they say goes into a pipe, as in a pod, and not to who sends the requests: a file is written to the disk first.
        const log = join(folder, `${program === "nginx" ? "nginx" : "guard"}.log`);
        execFileSync("mkfifo", [`${log}.pipe`]);
        const written = openSync(log, "w");
        children.push(spawn("cat", [`${log}.pipe`], { stdio: ["ignore", written, "ignore"] }));
        closeSync(written);
        const output = openSync(`${log}.pipe`, "w");
        const ipc = program === "nginx" ? [] : ["ipc" as const];
        const child = spawn(program, args, { env: environment, stdio: ["ignore", output, output, ...ipc] });
        closeSync(output);
        children.push(child);
        return child;
      };
      const nginx = started("nginx", ["-c", configuration, "-p", folder], {
        PATH: `${process.env["PATH"] ?? ""}:/usr/sbin`,
      });
      await once(nginx, "spawn").catch(() => {
        throw new Error(
          "nginx is not installed, beside which the guard is measured (Debian: apt-get install nginx-light)",
        );
      });
      // What its image holds: the loader of TypeScript would be measured with it otherwise.
      execFileSync(process.execPath, [resolve(__dirname, "../../services/build.js"), join(folder, "dist")]);
      const guard = started(
        process.execPath,
        ["--expose-gc", "--require", join(__dirname, "say-memory.js"), join(folder, "dist/egress-guard.js")],
        {
          PATH: process.env["PATH"] ?? "",
          HOST: "127.0.0.1",
          PORT: String(ports.guard),
          BULKHEAD_SPIFFE_ID: document.egressGuard,
          BULKHEAD_INSPECTION: JSON.stringify(document),
          BULKHEAD_CLOUD: "file",
          BULKHEAD_PROVIDER_KEYS: keys,
          BULKHEAD_FIREWALL_AUTHORITY: authorityFile,
          BULKHEAD_EGRESS_PROXY: `http://127.0.0.1:${String(proxyPort)}`,
        },
      );
      await untilListening(ports.nginx, nginx, join(folder, "nginx.log"));
      await untilListening(ports.guard, guard, join(folder, "guard.log"));
      return new ComparedProxies(folder, guard, children, ports);
    } catch (error) {
      children.forEach((child) => child.kill("SIGKILL"));
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** What the guard uses once its garbage is collected. */
  async guardMemory(): Promise<Memory> {
    const answer = once(this.#guard, "message");
    this.#guard.send("memory");
    const [memory] = (await answer) as [unknown];
    return memorySchema.parse(memory);
  }

  /** Ends them, and takes away what they wrote. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          return;
        }
        const ended = once(child, "exit");
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await ended;
        clearTimeout(late);
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
