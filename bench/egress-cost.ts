import { Pool } from "undici";

import { caller, ComparedProxies, type Memory } from "./egress/compared-proxies";
import { promptSet } from "./prompts/prompt-set";

/** The sizes of prompts, in KB, and how many are sent at once. */
const sizes = [1, 8, 64] as const;
const concurrencies = [1, 50, 200] as const;

/** How often both are measured in turn, and how long unmeasured each time before, as a part of the measured time. */
const rounds = 3;
const warmUpPart = 0.5;

/** How many requests are sent at once for the memory, and how often it is looked at. */
const memoryConcurrency = 50;
const memorySamples = 10;

/** How much is measured. */
export interface EgressEffort {
  /** How long requests of a size are sent by each way at a time, in seconds. */
  readonly seconds: number;
  /** How many requests are sent for the memory. */
  readonly requests: number;
}

/** What is measured if nothing is said, in some six minutes. */
export const usualEffort: EgressEffort = { seconds: 2, requests: 100_000 };

/** Of requests by one way, in milliseconds but for the counts. */
export interface Latency {
  readonly median: number;
  readonly slowest: number;
  readonly requests: number;
  /** Those that were not answered with 200. */
  readonly refused: number;
}

/** What a size of prompts and a number of them at once cost by nginx, and by the guard. */
export interface EgressCost {
  readonly kilobytes: number;
  readonly concurrency: number;
  readonly nginx: Latency;
  readonly guard: Latency;
}

/** Requests of a size in the form of OpenAI's API, each another, made from texts that identify nobody. */
export function requestBodies(kilobytes: number): readonly Buffer[] {
  const texts = promptSet("tuning", "egress").flatMap(({ labels, parts }) =>
    labels.length === 0 ? [parts.join("\n")] : [],
  );
  return Array.from({ length: 32 }, (_, number) => {
    const begin = number % texts.length;
    const long = [...texts.slice(begin), ...texts.slice(0, begin)].join("\n\n").repeat(4);
    const around = Buffer.byteLength(request(""));
    let content = long.slice(0, kilobytes * 1024 - around);
    while (Buffer.byteLength(request(content)) > kilobytes * 1024) {
      content = content.slice(0, -1);
    }
    return Buffer.from(request(content));
  });
}

function request(content: string): string {
  return JSON.stringify({
    model: "gpt-5",
    messages: [
      { role: "system", content: "You are a careful clinical assistant." },
      { role: "user", content },
    ],
  });
}

/** Sends requests, some at once, until they are enough or it is time. */
class Load {
  readonly latencies: number[] = [];
  refused = 0;
  private next = 0;
  private readonly pool: Pool;
  private readonly bodies: readonly Buffer[];

  constructor(pool: Pool, bodies: readonly Buffer[]) {
    this.pool = pool;
    this.bodies = bodies;
  }

  async run(concurrency: number, goesOn: (sent: number) => boolean): Promise<void> {
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        while (goesOn(this.next)) {
          const body = this.bodies[this.next % this.bodies.length];
          this.next += 1;
          const begin = performance.now();
          const { statusCode, body: answer } = await this.pool.request({
            method: "POST",
            path: "/openai/v1/chat/completions",
            headers: {
              "content-type": "application/json",
              authorization: "Bearer none",
              "x-forwarded-client-cert": `URI=${caller}`,
            },
            body: body ?? null,
          });
          await answer.dump();
          this.latencies.push(performance.now() - begin);
          this.refused += statusCode === 200 ? 0 : 1;
        }
      }),
    );
  }
}

async function loaded(
  port: number,
  bodies: readonly Buffer[],
  concurrency: number,
  milliseconds: number,
): Promise<Load> {
  const pool = new Pool(`http://127.0.0.1:${String(port)}`, { connections: concurrency });
  try {
    const load = new Load(pool, bodies);
    const end = performance.now() + milliseconds;
    await load.run(concurrency, () => performance.now() < end);
    return load;
  } finally {
    await pool.close();
  }
}

function latencyOf(loads: readonly Load[]): Latency {
  const sorted = loads.flatMap(({ latencies }) => latencies).sort((a, b) => a - b);
  const at = (part: number): number => sorted[Math.floor(sorted.length * part)] ?? NaN;
  return {
    median: at(0.5),
    slowest: at(0.99),
    requests: sorted.length,
    refused: loads.reduce((sum, { refused }) => sum + refused, 0),
  };
}

/** Measures both in turn, in the same run and with the same requests. */
export async function egressCosts(
  proxies: ComparedProxies,
  { seconds }: EgressEffort,
  onCost: (cost: EgressCost) => void,
): Promise<void> {
  const milliseconds = seconds * 1000;
  for (const kilobytes of sizes) {
    const bodies = requestBodies(kilobytes);
    for (const concurrency of concurrencies) {
      const loads = { nginx: [] as Load[], guard: [] as Load[] };
      for (let round = 0; round < rounds; round += 1) {
        progress(
          `${String(kilobytes)} KB, ${String(concurrency)} at once, ${String(round + 1)} of ${String(rounds)}`,
        );
        const ways = [
          { port: proxies.nginxPort, into: loads.nginx },
          { port: proxies.guardPort, into: loads.guard },
        ];
        for (const { port, into } of round % 2 === 0 ? ways : ways.toReversed()) {
          await loaded(port, bodies, concurrency, milliseconds * warmUpPart);
          into.push(await loaded(port, bodies, concurrency, milliseconds));
        }
      }
      onCost({ kilobytes, concurrency, nginx: latencyOf(loads.nginx), guard: latencyOf(loads.guard) });
    }
  }
}

/** What the guard uses, after so many requests. */
export interface MemoryAfter extends Memory {
  readonly requests: number;
}

/** Sends requests of 1 KB through the guard. */
export async function egressMemory(
  proxies: ComparedProxies,
  { requests }: EgressEffort,
  onMemory: (memory: MemoryAfter) => void,
): Promise<void> {
  const pool = new Pool(`http://127.0.0.1:${String(proxies.guardPort)}`, { connections: memoryConcurrency });
  const bodies = requestBodies(1);
  try {
    for (let sample = 0; sample <= memorySamples; sample += 1) {
      onMemory({ requests: (sample * requests) / memorySamples, ...(await proxies.guardMemory()) });
      if (sample < memorySamples) {
        const load = new Load(pool, bodies);
        await load.run(memoryConcurrency, (sent) => sent < requests / memorySamples);
        if (load.refused > 0) {
          throw new Error(`${String(load.refused)} requests were refused`);
        }
      }
    }
  } finally {
    await pool.close();
  }
}

/** Says on standard error what goes on. */
function progress(what: string): void {
  process.stderr.write(`${new Date().toISOString()} ${what}\n`);
}

/** Prints what the guard adds to the time that a request takes, and what it uses. */
export async function measureEgress(effort: EgressEffort): Promise<void> {
  process.stdout.write("sending prompts through nginx and through the egress guard ...\n");
  const proxies = await ComparedProxies.start();
  const milliseconds = (value: number): string => value.toFixed(2);
  try {
    process.stdout.write(
      [
        "| Prompt | At once | nginx p50 | p99 | guard p50 | p99 | added p50 | added p99 | requests (nginx, guard) |",
        `| ---: | ${Array.from({ length: 8 }, () => "---:").join(" | ")} |`,
        "",
      ].join("\n"),
    );
    await egressCosts(proxies, effort, ({ kilobytes, concurrency, nginx, guard }) => {
      if (nginx.refused + guard.refused > 0) {
        process.stdout.write(
          `refused: ${String(nginx.refused)} by nginx, ${String(guard.refused)} by the guard\n`,
        );
      }
      const cells = [
        `${String(kilobytes)} KB`,
        String(concurrency),
        ...[nginx, guard].flatMap(({ median, slowest }) => [median, slowest].map(milliseconds)),
        milliseconds(guard.median - nginx.median),
        milliseconds(guard.slowest - nginx.slowest),
        `${String(nginx.requests)}, ${String(guard.requests)}`,
      ];
      process.stdout.write(`| ${cells.join(" | ")} |\n`);
    });
    process.stdout.write("\n| Requests | Resident, MB | Heap, MB |\n| ---: | ---: | ---: |\n");
    await egressMemory(proxies, effort, ({ requests, rss, heapUsed }) => {
      const megabytes = [rss, heapUsed].map((bytes) => (bytes / 1_048_576).toFixed(1));
      process.stdout.write(`| ${[String(requests), ...megabytes].join(" | ")} |\n`);
    });
  } finally {
    await proxies.stop();
  }
}
