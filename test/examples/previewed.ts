import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Report } from "../../policy-pack/report/report";
import { nodeArgumentsOf } from "../npm-script";
import { onceARun } from "../run/once-a-run";
import { runCommand } from "../run/run-command";

const root = resolve(__dirname, "../..");

/** The report of the offline preview of a program, as its command line gives it. */
export async function previewed(program: string, ...options: readonly string[]): Promise<Report> {
  const { stdout, stderr } = await runCommand(
    process.execPath,
    [...nodeArgumentsOf("preview"), "--json", "--program", program, ...options],
    { cwd: root },
  );
  if (stdout === "") {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as Report;
}

/**
 * The report on the hospital's program in the repository, made once in a run of the tests. Something that was built before,
 * and that throws, is in the place of the components' package meanwhile: their source is what the program runs.
 */
export async function previewedHospital(): Promise<Report> {
  return onceARun("hospital-program", async () => {
    const dist = join(root, "components/dist");
    mkdirSync(join(dist, "components"), { recursive: true });
    writeFileSync(join(dist, "components/index.js"), "throw new Error('built before')");
    try {
      return await previewed("examples/hospital-program");
    } finally {
      rmSync(dist, { recursive: true });
    }
  });
}

/** The rules that refuse a stack, each as often as it finds something. */
export function refusedBy({ findings }: Report): readonly string[] {
  return findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
}
