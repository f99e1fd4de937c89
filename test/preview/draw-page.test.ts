import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { strangerReport } from "./page/judged-reports";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-draw-"));

function page(text: string, out: string): { readonly code: number | null; readonly stderr: string } {
  const saved = join(directory, "report.json");
  writeFileSync(saved, text);
  const { status, stderr } = spawnSync(process.execPath, [...nodeArgumentsOf("page"), saved, "--out", out], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, stderr };
}

describe("the page of a saved report", () => {
  it("is drawn from its JSON alone", () => {
    const out = join(directory, "report.html");
    expect(page(JSON.stringify(strangerReport()), out)).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(out, "utf8")).toContain("<title>Refused: test - Bulkhead</title>");
  });

  it("is not drawn from anything else, and one error says all that is wrong", () => {
    const out = join(directory, "none.html");
    const { code, stderr } = page(JSON.stringify({ ...strangerReport(), verdict: "fine", version: 2 }), out);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is no report of this version:[\s\S]*at version[\s\S]*at verdict/);
    expect(page("{", out)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cannot be read as JSON") as string,
    });
    expect(existsSync(out)).toBe(false);
  });
});
