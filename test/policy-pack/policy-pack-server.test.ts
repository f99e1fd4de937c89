import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { registered } from "../../bench/registered";
import { referencePlatform } from "../../model/reference-platform";
import { policies, Gate, resourcePolicyName } from "../../policy-pack/crossguard";
import { policyConfig } from "../../preview/policy-config";
import { PolicyPackServer, type Violation } from "../../preview/policy-pack-server";
import type { RegisteredResource } from "../../preview/registered-resource";
import type { ProgramStack } from "../../preview/stack-file";

import { addEgress, store } from "./mutants";
import { renderedPlatform } from "./rendered-stack";
import { unknownText, type Sketch } from "./stack-sketch";
import { stranger, withGroup } from "./stranger-corpus";

const pack = resolve(__dirname, "../../policy-pack");
const program: ProgramStack = {
  directory: pack,
  project: "bulkhead",
  stack: "test",
  nodeArguments: [],
  config: new Map(),
  secretKeys: [],
};
const rootUrn = "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test";

const start = (settings?: Readonly<Record<string, unknown>>): Promise<PolicyPackServer> => {
  if (settings === undefined) {
    return PolicyPackServer.start(pack, program, "127.0.0.1:1");
  }
  const path = join(mkdtempSync(join(tmpdir(), "bulkhead-")), "settings.json");
  writeFileSync(path, JSON.stringify(settings));
  return PolicyPackServer.start(pack, program, "127.0.0.1:1", policyConfig(path));
};

interface Judged {
  /** What each resource gets before it is created. */
  readonly early: readonly Violation[];
  /** What refuses the stack at the end. */
  readonly late: readonly Violation[];
}

const mandatory = (violations: readonly Violation[]): readonly Violation[] =>
  violations.filter(({ level }) => level === "mandatory");

async function judged(
  server: PolicyPackServer,
  resources: readonly RegisteredResource[],
  withoutInputs: ReadonlySet<string> = new Set(),
): Promise<Judged> {
  const early: Violation[] = [];
  for (const resource of resources.filter(({ urn }) => !withoutInputs.has(urn))) {
    early.push(...(await server.analyze(resource)));
  }
  return { early, late: mandatory(await server.analyzeStack(resources, rootUrn)) };
}

const policiesOf = (violations: readonly Violation[]): readonly string[] => [
  ...new Set(violations.map(({ policy }) => policy)),
];

const texts = (violations: readonly Violation[]): readonly string[] =>
  violations.map(({ policy, urn, severity, message }) => [policy, urn, severity, message].join("\n"));

/** The wire format of a secret (pulumi sdk, resource/plugin). */
const secret = (value: unknown): unknown => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("the policy pack, served over CrossGuard's protocol", () => {
  let server: PolicyPackServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => {
    server.close();
  });
  const anywhere = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };
  const inside = { ...anywhere, cidrBlocks: ["10.0.1.0/24"] };
  const of = (stack: Sketch): readonly RegisteredResource[] => stack.resources().map(registered);
  const late = async (stack: Sketch): Promise<readonly Violation[]> => (await judged(server, of(stack))).late;

  it("holds a policy for each rule, and one for single resources", () => {
    expect(server.policies).toEqual(
      policies(new Gate({ dryRun: true, say: () => undefined, today: "2026-11-25" })).map(({ name }) => name),
    );
    expect(server.policies).toContain(resourcePolicyName);
  });

  it("accepts a stranger's stack whose PHI zone is closed", async () => {
    const { early, late: violations } = await judged(
      server,
      of(withGroup(stranger("preview"), { egress: [inside] })),
    );
    expect([...early, ...violations]).toEqual([]);
  });

  it("refuses one that is open, with the packet", async () => {
    const violations = await late(withGroup(stranger("preview"), { egress: [anywhere] }));
    expect(policiesOf(violations)).toEqual(["phi-zone-has-no-egress"]);
    expect(violations[0]?.message).toContain("Packet:    tcp 443, from SecurityGroup phi-group to 1.0.0.0");
  });

  it("refuses what is not known: a block, a list, a whole property, a zone", async () => {
    const egress = ["phi-zone-has-no-egress"];
    for (const [inputs, expected] of [
      [{ egress: [{ ...inside, cidrBlocks: [unknownText] }] }, egress],
      [{ egress: [{ ...inside, cidrBlocks: unknownText }] }, egress],
      [{ egress: unknownText }, egress],
      [{ tags: { "bulkhead-zone": unknownText } }, ["zone-assignment"]],
    ] as const) {
      expect(policiesOf(await late(withGroup(stranger("preview"), inputs)))).toEqual(expected);
    }
  });

  it("refuses each of several stacks that it is shown at the same time", async () => {
    const resources = of(withGroup(stranger("preview"), { egress: [anywhere] }));
    await judged(server, resources);
    const all = await Promise.all(Array.from({ length: 8 }, () => server.analyzeStack(resources, rootUrn)));
    expect(all.map((violations) => policiesOf(mandatory(violations)))).toEqual(
      all.map(() => ["phi-zone-has-no-egress"]),
    );
  });

  it("refuses a value that it knows, inside a secret", async () => {
    const violations = await late(
      withGroup(stranger("preview"), {
        egress: secret([{ ...anywhere, cidrBlocks: secret(["0.0.0.0/0"]) }]),
      }),
    );
    expect(policiesOf(violations)).toEqual(["phi-zone-has-no-egress"]);
  });

  it("refuses an open rule whose output the preview has lost", async () => {
    const stack = withGroup(stranger("preview"), { egress: [anywhere] });
    const lost = of(stack).map((resource) => ({ ...resource, outputs: {} }));
    expect(policiesOf((await judged(server, lost)).late)).toEqual(["phi-zone-has-no-egress"]);
  });

  it("refuses a resource whose inputs it was never shown", async () => {
    const shown = of(withGroup(stranger("preview"), { egress: [inside] }));
    const [unseen] = shown.filter(({ name }) => name === "phi-group");
    const { late: violations } = await judged(server, shown, new Set([unseen?.urn ?? ""]));
    expect(violations.map(({ policy, urn }) => ({ policy, urn }))).toEqual([
      { policy: "resources-are-understood", urn: unseen?.urn },
    ]);
  });

  it("says the same whatever the order and the spelling of the types", async () => {
    const shown = of(withGroup(stranger("preview"), { egress: [anywhere] }));
    const expected = texts((await judged(server, shown)).late);
    expect(expected).toHaveLength(1);
    expect(texts((await judged(server, [...shown].reverse())).late)).toEqual(expected);
    const respelt = shown.map((resource) => ({
      ...resource,
      type: resource.type.replace(/^(aws:\w+)\/\w+:/, "$1:"),
    }));
    expect(texts((await judged(server, respelt)).late)).toEqual(expected);
  });

  it("forgets the inputs of the last deployment", async () => {
    const shown = of(withGroup(stranger("preview"), { egress: [inside] }));
    expect((await judged(server, shown)).late).toEqual([]);
    await server.analyze(registered(stranger("preview").resources()[0] ?? expect.fail("no resource")));
    const again = await server.analyzeStack(shown, rootUrn);
    expect(again.map(({ policy }) => policy)).toContain("resources-are-understood");
  });

  it("writes a line for each stack that it has judged", async () => {
    const before = server.lines.length;
    await late(withGroup(stranger("preview"), { egress: [inside] }));
    await late(withGroup(stranger("preview"), { egress: [anywhere] }));
    await expect
      .poll(() => server.lines.slice(before))
      .toEqual([
        expect.stringMatching(
          /^bulkhead judged the stack: 5 resources, \d+ rules, 0 mandatory, \d+ advisory$/,
        ),
        expect.stringMatching(
          /^bulkhead judged the stack: 5 resources, \d+ rules, 1 mandatory, \d+ advisory$/,
        ),
      ]);
  });

  it("refuses with an answer that the engine can take, however much there is to say", async () => {
    const stack = stranger("preview");
    for (let index = 0; index < 6000; index += 1) {
      const name = `phi-group-${"x".repeat(200)}-${String(index)}`;
      stack.add("aws:ec2/securityGroup:SecurityGroup", name, {
        vpcId: stack.id("vpc"),
        tags: { "bulkhead-zone": "phi" },
        egress: [anywhere],
      });
    }
    const violations = await server.analyzeStack(of(stack), rootUrn);
    const refusing = mandatory(violations);
    expect(refusing.length).toBeGreaterThan(100);
    expect(refusing.length).toBeLessThan(6000);
    expect(refusing.at(-1)?.message).toMatch(/^\d+ more findings are not written out\./);
  });

  it("refuses what is guilty by itself before it is created", async () => {
    const stack = await renderedPlatform(referencePlatform, "preview");
    stack.change(store, (inputs) => ({ ...inputs, egress: [anywhere] }));
    const { early } = await judged(server, of(stack));
    expect(early.map(({ policy, level, urn }) => ({ policy, level, name: urn.split("::").at(-1) }))).toEqual([
      { policy: "phi-zone-has-no-egress", level: "mandatory", name: store },
    ]);
  });
});

describe("the policy pack with policies switched off", () => {
  const refusedBy = async (settings?: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
    const server = await start(settings);
    try {
      const stack = await renderedPlatform(referencePlatform, "preview");
      addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
      const { early, late } = await judged(server, stack.resources().map(registered));
      return texts([...early, ...late]);
    } finally {
      server.close();
    }
  };

  it("says the same if the policy that refuses is switched off, or made an advice", async () => {
    const whole = await refusedBy();
    expect(whole).toHaveLength(1);
    expect(await refusedBy({ "phi-zone-has-no-egress": "disabled" })).toEqual(whole);
    expect(await refusedBy({ "phi-zone-has-no-egress": { enforcementLevel: "advisory" } })).toEqual(whole);
  });

  const strange = async (
    settings: Readonly<Record<string, unknown>>,
    dig: (stack: Sketch) => unknown,
  ): Promise<Judged> => {
    const server = await start(settings);
    try {
      const stack = stranger("preview").change("phi-subnet", ({ tags: _tags, ...inputs }) => inputs);
      dig(stack);
      return await judged(server, stack.resources().map(registered));
    } finally {
      server.close();
    }
  };
  const open = (stack: Sketch): unknown =>
    stack.add("aws:ec2/securityGroup:SecurityGroup", "phi-group", {
      vpcId: stack.id("vpc"),
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    });
  const zones = [{ zone: "phi", match: { name: "phi-*" } }];

  it("takes zones from its configuration", async () => {
    expect(policiesOf((await strange({ "zone-assignment": { zones } }, open)).late)).toEqual([
      "phi-zone-has-no-egress",
    ]);
    expect((await strange({ "zone-assignment": { zones } }, () => undefined)).late).toEqual([]);
    expect(policiesOf((await strange({ "zone-assignment": { noPhiZone: true } }, open)).late)).toEqual([]);
    expect(policiesOf((await strange({}, open)).late)).toEqual(["zone-assignment"]);
  });

  it("refuses a stack whose zones it is not shown, since their policy is switched off", async () => {
    const silenced = { "zone-assignment": { enforcementLevel: "disabled", zones } };
    expect(policiesOf((await strange(silenced, () => undefined)).late)).toEqual(["zone-assignment"]);
  });

  it("does not start with a key of its configuration that there is not", async () => {
    await expect(start({ "zone-assignment": { zones, noPhi: true } })).rejects.toThrow("noPhi");
  });

  it("says the same whichever single policy is still on", async () => {
    const all = policies(new Gate({ dryRun: true, say: () => undefined, today: "2026-11-25" })).map(
      ({ name }) => name,
    );
    const whole = texts((await strange({ "zone-assignment": { zones } }, open)).late);
    expect(whole).toHaveLength(1);
    for (const on of ["zone-assignment", "traffic-is-audited"]) {
      const off = Object.fromEntries(
        all.map((name) => [
          name,
          name === on ? { enforcementLevel: "mandatory" } : { enforcementLevel: "disabled" },
        ]),
      );
      const { late } = await strange(
        on === "zone-assignment" ? { ...off, [on]: { zones } } : off,
        (stack) => {
          stack.change("phi-subnet", (inputs) => ({ ...inputs, tags: { "bulkhead-zone": "phi" } }));
          open(stack);
          stack.change("phi-group", (inputs) => ({ ...inputs, tags: { "bulkhead-zone": "phi" } }));
        },
      );
      expect(texts(late).filter((text) => whole.includes(text))).toEqual(whole);
    }
  });

  it("does not start with settings of a policy that it has not", async () => {
    await expect(start({ "phi-zone-has-no-egres": "mandatory" })).rejects.toThrow(
      "has no policy phi-zone-has-no-egres",
    );
  });
});
