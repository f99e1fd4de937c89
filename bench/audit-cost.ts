import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { verifiedRecords } from "../preview/verified-records";

/** What recording a decision costs, in microseconds. */
export interface AuditCost {
  /** To standard output, of the writer's processor alone. */
  readonly pipeProcessor: number;
  /** To a file, until the disk says that it has the record. */
  readonly file: number;
  /** Finding in a file whether the chain is whole, for each record. */
  readonly verification: number;
}

interface Measured {
  readonly processor: number;
  readonly wall: number;
}

/** Records decisions in a program of its own, whose standard output is a pipe that another program reads. */
function measured(count: number, environment: Readonly<Record<string, string>>): Measured {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  const said = join(folder, "said.json");
  const output = openSync(said, "w");
  try {
    const { status } = spawnSync(
      "sh",
      [
        "-c",
        `"$0" --require tsx/cjs "$1" ${String(count)} | cat > /dev/null`,
        process.execPath,
        resolve(__dirname, "record-decisions.ts"),
      ],
      { stdio: ["ignore", "ignore", output], env: { ...process.env, ...environment } },
    );
    const text = readFileSync(said, "utf8");
    if (status !== 0 || text === "") {
      throw new Error(`recording decisions ended with ${String(status)}: ${text}`);
    }
    return JSON.parse(text) as Measured;
  } finally {
    closeSync(output);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures what the record of a decision costs. */
export function auditCost(): AuditCost {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  try {
    const file = join(folder, "records.jsonl");
    const { wall } = measured(2_000, { BULKHEAD_AUDIT_FILE: file });
    const begin = performance.now();
    const { chains, breaches } = verifiedRecords([file], { heads: [], isOrdered: true });
    const verification = ((performance.now() - begin) * 1000) / (chains[0]?.records ?? 0);
    if (breaches.length > 0) {
      throw new Error(`the records are not whole: ${breaches.map(({ message }) => message).join(" ")}`);
    }
    return {
      pipeProcessor: measured(100_000, {}).processor,
      file: wall,
      verification,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
