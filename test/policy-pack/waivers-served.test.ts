import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterEach, describe, expect, it, vi } from "vitest";

import { registered } from "../../bench/registered";
import { utcDay } from "../../policy-pack/calendar-day";
import type { PolicySettings } from "../../preview/policy-config";
import { noEngine, PolicyPackServer, type Violation } from "../../preview/policy-pack-server";

import type { Sketch } from "./stack-sketch";
import { stranger, withGroup } from "./stranger-corpus";

const pack = resolve(__dirname, "../../policy-pack");
const stack = { project: "bulkhead", stack: "test", config: new Map<string, string>() };
const rootUrn = "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test";
const directory = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-")));

const good = {
  rule: "BH-110",
  resource: "urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::phi-scans",
  reason: "The bucket moves behind its endpoint with the next release.",
  owner: "@clinic/network",
  expires: utcDay(new Date(Date.now() + 60 * 24 * 60 * 60 * 1000)),
};

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const policy = "waivers-are-in-order";
const configured = (
  path: string,
  enforcementLevel?: "disabled",
): Readonly<Record<string, PolicySettings>> => ({
  [policy]: { enforcementLevel, properties: { file: path } },
});

function bucket(): Sketch {
  const sketch = stranger("preview");
  sketch.add("aws:s3/bucket:Bucket", "phi-scans", { bucket: "scans", tags: { "bulkhead-zone": "phi" } });
  return sketch;
}

interface Served {
  readonly violations: readonly Violation[];
  readonly line: string;
}

/** What the pack says of a stack, each resource first and then the whole. */
async function served(
  settings: Readonly<Record<string, PolicySettings>>,
  sketch: Sketch = bucket(),
): Promise<Served> {
  const server = await PolicyPackServer.start(pack, stack, noEngine, new Map(Object.entries(settings)));
  try {
    const resources = sketch.resources().map(registered);
    const early: Violation[] = [];
    for (const resource of resources) {
      early.push(...(await server.analyze(resource)));
    }
    const violations = [...early, ...(await server.analyzeStack(resources, rootUrn))];
    await vi.waitUntil(() => server.lines.length > 0);
    return { violations, line: server.lines.join("\n") };
  } finally {
    server.close();
  }
}

const mandatory = ({ violations }: Served): readonly string[] =>
  violations.filter(({ level }) => level === "mandatory").map(({ policy: of }) => of);

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("waivers, by the policy pack that is served", () => {
  it("are none by default", async () => {
    const without = await served({});
    expect(mandatory(without)).toEqual(["platform-services-are-private"]);
    expect(without.line).not.toContain("waived");
  });

  it("count where the configuration names their file, and are counted in the line of the run", async () => {
    const waived = await served(configured(file("good.json", [good])));
    expect(mandatory(waived)).toEqual([]);
    const [first] = waived.violations.filter(({ message }) => message.includes("Waived until"));
    expect(first).toMatchObject({
      policy: "platform-services-are-private",
      level: "advisory",
      urn: good.resource,
    });
    expect(first?.message).toContain(
      `Note:      Waived until ${good.expires} by @clinic/network: The bucket moves behind its endpoint with the next release.`,
    );
    expect(waived.line).toMatch(
      /^bulkhead judged the stack: \d+ resources, \d+ rules, 0 mandatory, \d+ advisory, \d+ of them waived$/,
    );
  });

  it("count where the environment names their file, whether their policy is on or off", async () => {
    vi.stubEnv("BULKHEAD_WAIVERS", file("environment.json", [good]));
    expect(mandatory(await served({}))).toEqual([]);
    const off = { [policy]: { enforcementLevel: "disabled" as const, properties: {} } };
    expect(mandatory(await served(off))).toEqual([]);
    vi.stubEnv("BULKHEAD_WAIVERS", file("first.json", [{ ...good, rule: "BH-101" }]));
    expect(mandatory(await served(off))).toEqual(["platform-services-are-private", policy]);
  });

  it("do not count where the policy that names their file is switched off", async () => {
    const off = await served(configured(file("off.json", [good]), "disabled"));
    expect(mandatory(off)).toEqual(["platform-services-are-private"]);
  });

  it("refuse the stack where their file is not in order, or not there", async () => {
    const first = await served(configured(file("first.json", [{ ...good, rule: "phi-zone-has-no-egress" }])));
    expect(mandatory(first)).toEqual(["platform-services-are-private", policy]);
    const none = await served(configured(join(directory, "none.json")));
    expect(mandatory(none)).toEqual(["platform-services-are-private", policy]);
    expect(none.violations.find(({ policy: of }) => of === policy)?.message).toContain("ENOENT");
  });

  it("touch nothing of the first group, whatever their file says", async () => {
    const open = (): Sketch =>
      withGroup(stranger("preview"), {
        egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
      });
    const resource = "urn:pulumi:test::bulkhead::aws:ec2/securityGroup:SecurityGroup::phi-group";
    const path = file("all.json", [
      { ...good, rule: "BH-101", resource },
      { ...good, rule: "BH-109", resource },
    ]);
    expect(mandatory(await served(configured(path), open()))).toEqual(["phi-zone-has-no-egress", policy]);
  });
});
