import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";

import { openChromium } from "../../docs/chromium";
import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import { platformSpec } from "../../model/platform-spec";
import { nodeArgumentsOf } from "../npm-script";

import { runnablePlatform } from "./runnable-platform";

const root = resolve(__dirname, "../..");
const platform = join(mkdtempSync(join(tmpdir(), "bulkhead-watch-")), "platform.yaml");

function write(flows: readonly { readonly from: string; readonly to: string }[]): void {
  writeFileSync(platform, stringify({ ...runnablePlatform, flows: [...runnablePlatform.flows, ...flows] }));
}

const spec = platformSpec(runnablePlatform);
const connections = spec.flows.length + controlPlaneFlowsOf(spec.edge, "aws").length;

let browser: Browser;
let child: ChildProcess;
let printed = "";

async function until(pattern: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = pattern.exec(printed);
    if (found !== null) {
      return found;
    }
    if (child.exitCode !== null) {
      throw new Error(`It ended: ${printed}`);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
}

beforeAll(async () => {
  write([]);
  child = spawn(
    process.execPath,
    [...nodeArgumentsOf("preview"), "--cloud", "aws", "--platform", platform, "--watch"],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  browser = await openChromium();
});

afterAll(async () => {
  child.kill();
  await browser.close();
});

it("previews again at each change, shows it in the browser, goes on after a mistake, and ends well", async () => {
  const [, address = ""] = await until(/at (http:\/\/127\.0\.0\.1:\d+\/)/);
  const page = await browser.newPage();
  // A preview takes as long as the machine is busy.
  page.setDefaultTimeout(100_000);
  await page.goto(address);
  expect(await page.locator("h1").innerText()).toBe("Running");
  await page.getByRole("heading", { name: "Accepted" }).waitFor();
  await until(new RegExp(`ACCEPTED {2}${String(connections)} connections, 0 mandatory findings`));

  printed = "";
  write([{ from: "workload/decision-point", to: "data-store/fhir-store" }]);
  await until(
    new RegExp(
      `ACCEPTED {2}${String(connections + 1)} connections.*\n {2}\\+ workload/decision-point to data-store/fhir-store, tcp 443\n`,
    ),
  );
  await page.locator(".drawing").first().waitFor();

  printed = "";
  write([{ from: "data-store/fhir-store", to: "world" }]);
  await page.getByRole("heading", { name: "Could not run" }).waitFor();
  expect(await page.locator(".mistake").allInnerTexts()).toEqual([expect.stringContaining("BH-002")]);
  expect(await until(/COULD NOT RUN\n.*\n +BH-002/)).not.toBeNull();

  // Nobody else's name leads here, and nothing else is served.
  const foreign = await page.request.get(address, { headers: { host: "evil.example" } });
  expect(foreign.status()).toBe(403);
  expect((await page.request.get(`${address}package.json`)).status()).toBe(404);

  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGINT");
  expect(await ended).toBe(0);
});
