import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import type { Report } from "../../policy-pack/report/report";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");

/** The report of the offline preview of a program, as its command line gives it. */
export function previewed(program: string, ...options: readonly string[]): Report {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeArgumentsOf("preview"), "--json", "--program", program, ...options],
    { cwd: root, encoding: "utf8" },
  );
  if (stdout === "") {
    throw new Error(stderr);
  }
  return JSON.parse(stdout) as Report;
}

/** The rules that refuse a stack, each as often as it finds something. */
export function refusedBy({ findings }: Report): readonly string[] {
  return findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);
}
