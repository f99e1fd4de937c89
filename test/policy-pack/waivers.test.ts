import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import Ajv from "ajv";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";

import { referencePlatform } from "../../model/reference-platform";
import { daysFrom, utcDay } from "../../policy-pack/calendar-day";
import { failure } from "../../policy-pack/failed-rule";
import type { Finding } from "../../policy-pack/finding";
import { reportedWaivers } from "../../policy-pack/report/reported-waivers";
import { reportedFinding } from "../../policy-pack/report/reported-finding";
import { rules } from "../../policy-pack/rules";
import { platformServicesArePrivate } from "../../policy-pack/rules/platform-services-are-private";
import { noSettings, settings } from "../../policy-pack/settings";
import { isWaivable } from "../../policy-pack/waivable-rule";
import { parseWaiverFile, readWaiverFile } from "../../policy-pack/waiver-file";
import { isUrnLike, patternProblem } from "../../policy-pack/waiver-pattern";
import { waiverStandings } from "../../policy-pack/waiver-standing";
import { readWaivers, type Waivers } from "../../policy-pack/waivers";

import { judge, judgeAlone, type Judgement } from "./judge-on-a-day";
import { store } from "./mutants";
import { renderedPlatform } from "./rendered-stack";
import type { Sketch } from "./stack-sketch";
import { stranger, withGroup } from "./stranger-corpus";

const today = "2026-11-25";
const root = resolve(__dirname, "../..");
const directory = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-")));

function file(name: string, text: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const bucketUrn = (name: string): string => `urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::${name}`;

const rootUrn = "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test";

/** A stack that is refused for each of some buckets that hold PHI and answer by their public names, and nothing else. */
function withBuckets(...names: readonly string[]): Sketch {
  const stack = stranger("preview");
  stack.addRaw({
    urn: rootUrn,
    type: "pulumi:pulumi:Stack",
    name: "bulkhead-test",
    inputs: {},
    outputs: {},
    custom: false,
    parent: undefined,
    computed: [],
  });
  for (const name of names) {
    stack.add("aws:s3/bucket:Bucket", name, { bucket: name, tags: { "bulkhead-zone": "phi" } });
  }
  return stack;
}

const good = {
  rule: "BH-110",
  resource: bucketUrn("phi-scans"),
  reason: "The bucket moves behind its endpoint with the next release.",
  owner: "@clinic/network",
  expires: "2026-12-31",
};

type Entry = Readonly<Record<string, unknown>> | string;

/** Waivers as they are read from a file of some entries. */
function waivers(entries: readonly Entry[], on = today): Waivers {
  return { today: on, ...parseWaiverFile(JSON.stringify(entries)) };
}

function judged(stack: Sketch, given: Waivers): Judgement {
  const resources = stack.resources();
  const judgement = judge(resources, { dryRun: true, waivers: given });
  expect(judge([...resources].reverse(), { dryRun: true, waivers: given }).findings).toEqual(
    judgement.findings,
  );
  return judgement;
}

const mandatory = ({ findings }: Judgement): readonly string[] =>
  findings.filter(({ level }) => level === "mandatory").map(({ rule, urn }) => `${rule} ${urn}`);

const refusedBucket = (name: string): string => `platform-services-are-private ${bucketUrn(name)}`;
const outOfOrder = `waivers-are-in-order ${rootUrn}`;

/** What is said of waivers themselves. */
const ofWaivers = ({ findings }: Judgement): readonly Finding[] =>
  findings.filter(({ rule }) => rule === "waivers-are-in-order");

const statuses = ({ waivers: all }: Judgement): readonly string[] => all.map(({ status }) => status);

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a waiver", () => {
  const stack = withBuckets("phi-scans");

  it("is needed: without it the stack is refused, and nothing is said of waivers", () => {
    const judgement = judged(stack, waivers([]));
    expect(mandatory(judgement)).toEqual([refusedBucket("phi-scans")]);
    expect(ofWaivers(judgement)).toEqual([]);
    expect(judgement.waivers).toEqual([]);
  });

  it.each(["BH-110", "platform-services-are-private"])(
    "of %s lets the finding refuse nothing, with a note of it",
    (rule) => {
      const judgement = judged(stack, waivers([{ ...good, rule }]));
      expect(mandatory(judgement)).toEqual([]);
      expect(ofWaivers(judgement)).toEqual([]);
      const [waived] = judgement.findings.filter(({ waivedBy }) => waivedBy !== undefined);
      expect(waived).toMatchObject({
        rule: "platform-services-are-private",
        urn: bucketUrn("phi-scans"),
        level: "advisory",
        waivedBy: 0,
      });
      expect(waived?.notes).toEqual([
        "Waived until 2026-12-31 by @clinic/network: The bucket moves behind its endpoint with the next release.",
      ]);
      expect(judgement.waivers).toEqual([{ ...good, rule, status: "used", problem: undefined }]);
    },
  );

  it("is shown by reports, with its finding, which keeps its fingerprint", () => {
    const judgement = judged(stack, waivers([good]));
    const [before] = judged(stack, waivers([])).findings.filter(({ level }) => level === "mandatory");
    const [after] = judgement.findings.filter(({ waivedBy }) => waivedBy !== undefined);
    if (before === undefined || after === undefined) {
      throw new Error("no finding");
    }
    expect(reportedFinding(before, undefined).waiver).toBeNull();
    expect(reportedFinding(after, undefined)).toMatchObject({
      waiver: 0,
      level: "advisory",
      fingerprint: reportedFinding(before, undefined).fingerprint,
    });
    expect(reportedWaivers(judgement)).toEqual([{ ...good, status: "used", problem: null }]);
  });

  it("touches no other resource and no other rule", () => {
    const both = withBuckets("phi-scans", "phi-letters");
    expect(mandatory(judged(both, waivers([good])))).toEqual([refusedBucket("phi-letters")]);
    const other = judged(stack, waivers([{ ...good, rule: "BH-109" }]));
    expect(mandatory(other)).toEqual([refusedBucket("phi-scans")]);
    expect(statuses(other)).toEqual(["unused"]);
  });

  it("touches several findings by a pattern", () => {
    const judgement = judged(
      withBuckets("phi-scans-a", "phi-scans-b", "phi-letters"),
      waivers([{ ...good, resource: "urn:pulumi:*::bulkhead::aws:s3/*::phi-scans-*" }]),
    );
    expect(mandatory(judgement)).toEqual([refusedBucket("phi-letters")]);
    const touched = judgement.findings.filter(({ waivedBy }) => waivedBy === 0).map(({ urn }) => urn);
    expect([...new Set(touched)]).toEqual([bucketUrn("phi-scans-a"), bucketUrn("phi-scans-b")]);
    expect(statuses(judgement)).toEqual(["used"]);
  });

  it("beside another one on the same finding is used as well, and the later end is told, in any order of the file", () => {
    const broad = {
      ...good,
      resource: "urn:pulumi:*::*::*::phi-scans*",
      expires: "2027-01-15",
      reason: "All buckets of scans move behind the endpoint in January.",
    };
    const told = (entries: readonly Entry[]): unknown => {
      const judgement = judged(stack, waivers(entries));
      const [waived] = judgement.findings.filter(({ waivedBy }) => waivedBy !== undefined);
      return { statuses: statuses(judgement), waivers: judgement.waivers, waived };
    };
    expect(told([good, broad])).toEqual(told([broad, good]));
    expect(told([good, broad])).toMatchObject({
      statuses: ["used", "used"],
      waived: { notes: [`Waived until 2027-01-15 by @clinic/network: ${broad.reason}`] },
    });
  });

  it("that is like nothing is advice, and the finding still refuses", () => {
    const judgement = judged(stack, waivers([{ ...good, resource: bucketUrn("phi-scan") }]));
    expect(mandatory(judgement)).toEqual([refusedBucket("phi-scans")]);
    expect(statuses(judgement)).toEqual(["unused"]);
    expect(ofWaivers(judgement).map(({ level, summary }) => ({ level, summary }))).toEqual([
      {
        level: "advisory",
        summary: `The waiver of BH-110 for ${bucketUrn("phi-scan")}, by @clinic/network, is like nothing that the rule finds.`,
      },
    ]);
  });

  it("of what is advice already says so of it, and is used", () => {
    const advised = withBuckets();
    const [advice] = judge(advised.resources(), { dryRun: true }).findings.filter(
      ({ rule }) => rule === "network-defaults-are-sealed",
    );
    expect(advice?.level).toBe("advisory");
    const judgement = judged(advised, waivers([{ ...good, rule: "BH-109", resource: advice?.urn }]));
    expect(statuses(judgement)).toEqual(["used"]);
    expect(mandatory(judgement)).toEqual([]);
  });
});

describe("the days of a waiver", () => {
  const stack = withBuckets("phi-scans");
  const at = (expires: string, on = today): Judgement => judged(stack, waivers([{ ...good, expires }], on));
  const notes = ({ findings }: Judgement): readonly string[] =>
    findings.find(({ waivedBy }) => waivedBy !== undefined)?.notes.slice(1) ?? [];

  it("end with its last one, at midnight UTC", () => {
    expect(statuses(at(today))).toEqual(["used"]);
    expect(mandatory(at(today))).toEqual([]);
    const over = at("2026-11-24");
    expect(statuses(over)).toEqual(["expired"]);
    expect(mandatory(over)).toEqual([refusedBucket("phi-scans")]);
    expect(ofWaivers(over).map(({ level, summary }) => ({ level, summary }))).toEqual([
      {
        level: "advisory",
        summary: `The waiver of BH-110 for ${good.resource}, by @clinic/network, does not count: it ended on 2026-11-24.`,
      },
    ]);
  });

  it("are 90 at most", () => {
    expect(statuses(at("2027-02-23"))).toEqual(["used"]);
    const later = at("2027-02-24");
    expect(statuses(later)).toEqual(["refused"]);
    expect(mandatory(later)).toEqual([refusedBucket("phi-scans"), outOfOrder]);
    expect(later.waivers[0]?.problem).toBe("it ends 91 days ahead, and may end 90 days ahead at most");
  });

  it("are told when they are few", () => {
    const ends = (when: string): readonly string[] => [
      `The waiver ends ${when}; from then on this refuses the stack again.`,
    ];
    expect(notes(at("2026-12-10"))).toEqual([]);
    expect(notes(at("2026-12-09"))).toEqual(ends("in 14 days"));
    expect(notes(at("2026-11-26"))).toEqual(ends("tomorrow"));
    expect(notes(at(today))).toEqual(ends("today"));
  });

  it("are those of UTC, wherever the judge runs", () => {
    expect(utcDay(new Date("2026-11-25T23:59:59.999-12:00"))).toBe("2026-11-26");
    expect(utcDay(new Date("2026-11-26T00:30:00+14:00"))).toBe("2026-11-25");
    // Neither a leap day nor the changes of the clocks make a day longer.
    expect(daysFrom("2028-02-28", "2028-03-01")).toBe(2);
    expect(daysFrom("2026-10-24", "2026-10-26")).toBe(2);
    expect(daysFrom("2026-03-28", "2026-03-30")).toBe(2);
  });
});

describe("a waiver that is out of order", () => {
  const stack = withGroup(withBuckets("phi-scans"), {
    egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const group = "urn:pulumi:test::bulkhead::aws:ec2/securityGroup:SecurityGroup::phi-group";
  const holes = [`phi-zone-has-no-egress ${group}`, refusedBucket("phi-scans")];

  it.each(rules.filter(({ level }) => level.group === "first").flatMap(({ id, name }) => [id, name]))(
    "since it is of %s, of the first group, refuses the stack and waives nothing",
    (rule) => {
      const judgement = judged(stack, waivers([{ ...good, rule, resource: group }]));
      expect(mandatory(judgement)).toEqual([...holes, outOfOrder]);
      expect(judgement.waivers).toMatchObject([
        { status: "refused", problem: "no waiver touches the first group of rules" },
      ]);
    },
  );

  it.each(["BH-113", "waivers-are-in-order"])("since it is of %s itself, waives nothing", (rule) => {
    const judgement = judged(
      stack,
      waivers([
        { ...good, rule, resource: rootUrn },
        { ...good, rule: "BH-101", resource: group },
      ]),
    );
    expect(mandatory(judgement)).toEqual([...holes, outOfOrder, outOfOrder]);
    expect(statuses(judgement)).toEqual(["refused", "refused"]);
  });

  it("leaves six rules that can be waived", () => {
    expect(rules.filter(isWaivable).map(({ id }) => id)).toEqual([
      "BH-109",
      "BH-110",
      "BH-111",
      "BH-112",
      "BH-114",
      "BH-115",
    ]);
  });

  it.each(["BH-999", "bh-110", "BH-110 ", "*", "all"])("since there is no rule %j", (rule) => {
    const judgement = judged(stack, waivers([{ ...good, rule }]));
    expect(mandatory(judgement)).toEqual([...holes, outOfOrder]);
    expect(judgement.waivers[0]?.problem).toBe(`there is no rule ${rule}`);
  });

  it("since the file waives the same twice, by id and by name, counts neither way", () => {
    const judgement = judged(
      stack,
      waivers([good, { ...good, rule: "platform-services-are-private", expires: "2026-12-30" }]),
    );
    expect(mandatory(judgement)).toEqual([...holes, outOfOrder, outOfOrder]);
    expect(judgement.waivers.map(({ status, problem }) => [status, problem])).toEqual([
      ["refused", "the file waives the same twice"],
      ["refused", "the file waives the same twice"],
    ]);
  });

  it("tells everything that is wrong with it at once", () => {
    const judgement = judged(
      stack,
      waivers([{ ...good, rule: "BH-101", resource: "*", expires: "2027-11-25" }]),
    );
    expect(judgement.waivers[0]?.problem).toBe(
      "no waiver touches the first group of rules; it ends 365 days ahead, and may end 90 days ahead at most; its pattern has not the four parts of a URN",
    );
  });

  it("leaves those that are in order", () => {
    const judgement = judged(stack, waivers([good, { ...good, rule: "BH-101", resource: group }]));
    expect(mandatory(judgement)).toEqual([`phi-zone-has-no-egress ${group}`, outOfOrder]);
    expect(statuses(judgement)).toEqual(["refused", "used"]);
  });
});

describe("a pattern", () => {
  const urn = "urn:pulumi:dev::clinic::clinic:index:Archive$aws:s3/bucket:Bucket::scans::2026/a";

  it.each([
    [urn, true],
    ["urn:pulumi:*::*::*::scans*", true],
    ["urn:pulumi:dev::clinic::*aws:s3/bucket:Bucket::scans::*", true],
    ["urn:pulumi:dev::clinic::clinic:*$*:Bucket::*2026/a", true],
    ["urn:pulumi:dev::clinic::**::**scans**", true],
    // A star stays within its part.
    ["urn:pulumi:*::scans::2026/a", false],
    ["urn:pulumi:dev::*::scans::2026/a", false],
    ["urn:pulumi:*", false],
    ["*", false],
    // Nothing else is special, and letters are as they are.
    ["urn:pulumi:dev::clinic::*::scans::2026/?", false],
    ["urn:pulumi:dev::clinic::*::scans::2026/[a]", false],
    ["urn:pulumi:dev::clinic::*::scans::{2026/a,b}", false],
    ["urn:pulumi:dev::clinic::*::Scans*", false],
    ["urn:pulumi:dev::clinic::.*::scans.*", false],
    ["", false],
  ])("%s is like it: %j", (pattern, expected) => {
    expect(isUrnLike(urn, pattern)).toBe(expected);
  });

  it("matches a star in a name by the star that writes it", () => {
    expect(isUrnLike("urn:pulumi:a::b::c::*.clinic.example", "urn:pulumi:a::b::c::*.clinic.example")).toBe(
      true,
    );
  });

  it("is quick, whatever is written", () => {
    const name = "a".repeat(100_000);
    const begin = performance.now();
    for (const pattern of [
      `${"a*".repeat(500)}b`,
      `${"*a".repeat(500)}*b`,
      "*".repeat(1000),
      `(a+)+${"*".repeat(99)}`,
    ]) {
      isUrnLike(`urn:pulumi:a::b::c::${name}`, `urn:pulumi:*::*::*::${pattern}`);
    }
    // A matcher that tries again takes longer than the universe has lasted.
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  it("is like a text exactly where a regular expression of the same meaning is", () => {
    const part = fc.string({ unit: fc.constantFrom("a", "b", "*", "$", "/", ".", "("), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "$", "/", ".", "("), maxLength: 12 });
    fc.assert(
      fc.property(fc.tuple(part, part, part, part), fc.tuple(text, text, text, text), (pattern, parts) => {
        const expression = pattern.map((one) =>
          one
            .split("*")
            .map((literal) => literal.replaceAll(/[$/.(]/g, "\\$&"))
            .join(".*"),
        );
        expect(isUrnLike(parts.join("::"), pattern.join("::"))).toBe(
          parts.every((one, index) => new RegExp(`^${expression[index] ?? ""}$`).test(one)),
        );
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  const broad = "its pattern says less than 4 characters in a row of the resource's name";
  const noUrn = "its pattern has not the four parts of a URN";
  it.each([
    ["urn:pulumi:dev::clinic::aws:ec2/vpc:Vpc::vpc", undefined],
    ["urn:pulumi:*::*::*::vpc", undefined],
    ["urn:pulumi:*::*::*::clin*", undefined],
    ["urn:pulumi:*::*::*::cli*", { status: "too-broad", what: broad }],
    ["urn:pulumi:*::*::*::c*l*i*n*i*c", { status: "too-broad", what: broad }],
    ["urn:pulumi:dev::clinic::aws:ec2/vpc:Vpc::*", { status: "too-broad", what: broad }],
    ["urn:pulumi:dev::clinic::aws:ec2/vpc:Vpc::**", { status: "too-broad", what: broad }],
    ["urn:pulumi:dev::clinic::aws:ec2/vpc:Vpc::", { status: "too-broad", what: broad }],
    ["*", { status: "too-broad", what: noUrn }],
    ["**", { status: "too-broad", what: noUrn }],
    ["urn:pulumi:*", { status: "too-broad", what: noUrn }],
    ["*::*::*::clinic-vpc", { status: "too-broad", what: noUrn }],
    ["urn:*::*::*::clinic-vpc", { status: "too-broad", what: noUrn }],
    ["clinic-vpc", { status: "refused", what: "its resource is no URN" }],
    ["urn:aws:a::b::c::clinic-vpc", { status: "refused", what: "its resource is no URN" }],
  ])("%s: %j", (pattern, expected) => {
    expect(patternProblem(pattern)).toEqual(expected);
  });

  it("of any of them that is too broad refuses the stack, and waives nothing", () => {
    for (const resource of [
      "*",
      "**",
      "urn:pulumi:*::*::*::*",
      "urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::*",
    ]) {
      const judgement = judged(withBuckets("phi-scans"), waivers([{ ...good, resource }]));
      expect(mandatory(judgement)).toEqual([refusedBucket("phi-scans"), outOfOrder]);
      expect(statuses(judgement)).toEqual(["too-broad"]);
    }
  });

  it("is like ten resources of the stack at most", () => {
    const names = Array.from({ length: 11 }, (_, index) => `phi-scans-${String(index)}`);
    const resource = "urn:pulumi:*::*::*::phi-scans-*";
    expect(mandatory(judged(withBuckets(...names.slice(1)), waivers([{ ...good, resource }])))).toEqual([]);
    const eleven = judged(withBuckets(...names), waivers([{ ...good, resource }]));
    expect(mandatory(eleven)).toHaveLength(12);
    expect(eleven.waivers).toMatchObject([
      {
        status: "too-broad",
        problem: "its pattern is like 11 resources of the stack, and may be like 10 at most",
      },
    ]);
  });
});

describe("what is about the judge itself", () => {
  const stack = withBuckets("phi-scans");

  it("is not waived: a rule that fails refuses, whoever waives what it would find", () => {
    vi.spyOn(platformServicesArePrivate, "check").mockImplementation(() => {
      throw new Error("broken");
    });
    const judgement = judged(stack, waivers([{ ...good, resource: rootUrn }, good]));
    expect(mandatory(judgement)).toEqual([`platform-services-are-private ${rootUrn}`]);
    expect(statuses(judgement)).toEqual(["unused", "unused"]);
    expect(failure("platform-services-are-private", "", undefined).isAboutGate).toBe(true);
  });

  it("is not waived: configuration that is refused", () => {
    const refused = settings({ "zone-assignment": {}, "waivers-are-in-order": { fil: "/x" } });
    const { findings } = judge(stack.resources(), {
      dryRun: true,
      settings: refused,
      waivers: waivers([good]),
    });
    expect(
      findings.filter(({ level }) => level === "mandatory").map(({ rule, summary }) => [rule, summary]),
    ).toEqual([["waivers-are-in-order", "The configuration of the policy cannot be used: there is no fil."]]);
    expect(findings.find(({ rule }) => rule === "waivers-are-in-order")?.isAboutGate).toBe(true);
  });

  it("lists the waivers even where the whole stack cannot be read", () => {
    const broken = stack.resources().map((resource) => ({
      ...resource,
      get inputs(): never {
        throw new Error("unreadable");
      },
    }));
    const judgement = judge(broken, { dryRun: true, waivers: waivers([good]) });
    expect(mandatory(judgement)).toHaveLength(1);
    expect(mandatory(judgement)[0]).toMatch(/^resources-are-understood /);
    expect(statuses(judgement)).toEqual(["unused"]);
  });
});

describe("a resource that is judged before it is created", () => {
  const names = Array.from({ length: 11 }, (_, index) => `phi-scans-${String(index)}`);
  const urns = names.map(bucketUrn);
  const [resource] = withBuckets("phi-scans-0")
    .resources()
    .filter(({ type }) => type === "aws:s3/bucket:Bucket");
  const { check } = platformServicesArePrivate;
  // No rule that can be waived finds anything of one resource alone so far.
  const early = (entries: readonly Entry[], seen: readonly string[]): readonly string[] => {
    if (resource === undefined) {
      throw new Error("no bucket");
    }
    vi.spyOn(platformServicesArePrivate, "check").mockImplementation((stack) =>
      check(stack).map((finding) => ({ ...finding, isGuiltyAlone: true })),
    );
    return judgeAlone(resource, { waivers: waivers(entries), urns: seen }).map(({ rule }) => rule);
  };

  it("is refused, unless what is wrong with it is waived", () => {
    expect(early([], urns.slice(0, 1))).toEqual(["platform-services-are-private"]);
    expect(early([{ ...good, resource: urns[0] }], urns)).toEqual([]);
    expect(early([good], urns)).toEqual(["platform-services-are-private"]);
  });

  it("is refused once a pattern is like more than ten of what was shown so far", () => {
    const pattern = { ...good, resource: "urn:pulumi:*::*::*::phi-scans-*" };
    expect(early([pattern], urns.slice(0, 10))).toEqual([]);
    expect(early([pattern], urns)).toEqual(["platform-services-are-private"]);
  });

  it("is refused by the first group whatever is waived", async () => {
    const stack = (await renderedPlatform(referencePlatform, "preview")).change(store, (inputs) => ({
      ...inputs,
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    }));
    const found = (given: Waivers): readonly Finding[] =>
      stack.resources().flatMap((one) => judgeAlone(one, { waivers: given }));
    const without = found(waivers([]));
    expect(without.map(({ rule }) => rule)).toEqual(["phi-zone-has-no-egress"]);
    const all = rules.map(({ id }) => ({ ...good, rule: id, resource: without[0]?.urn }));
    expect(found(waivers(all))).toEqual(without);
  });
});

describe("a file of waivers", () => {
  const text = stringify([good, { ...good, rule: "BH-109" }]);

  it("is YAML or JSON, of any line ends, with a byte order mark or without", () => {
    const all = [good, { ...good, rule: "BH-109" }];
    for (const same of [
      text,
      text.replaceAll("\n", "\r\n"),
      `\uFEFF${text}`,
      `\uFEFF${text.replaceAll("\n", "\r\n")}`,
      JSON.stringify(all),
      JSON.stringify(all, undefined, "\t"),
      `---\n# comment\n${text}...\n`,
    ]) {
      expect(readWaiverFile(file("same.yaml", same))).toEqual({ all, problems: [] });
    }
    expect(parseWaiverFile("[]")).toEqual({ all: [], problems: [] });
  });

  it("folds what is written over several lines", () => {
    const folded = text.replaceAll(
      /reason: .*/g,
      "reason: >\n    The bucket   moves\n    behind its endpoint.\n",
    );
    expect(parseWaiverFile(folded).all[0]?.reason).toBe("The bucket moves behind its endpoint.");
  });

  const problemsOf = (content: string): readonly string[] =>
    parseWaiverFile(content).problems.map(({ path, what }) => `${path}: ${what}`);

  it.each([
    ["nothing", "", ": it is no list of waivers"],
    ["a comment alone", "# none", ": it is no list of waivers"],
    ["a mapping", "waivers: []", ": it is no list of waivers"],
    ["an alias", "- &a {rule: x}\n- *a", ": Alias resolution is disabled"],
    [
      "a bomb of aliases",
      `a: &a [x]\n${Array.from({ length: 25 }, (_, index) => `b${String(index)}: &b${String(index)} [*${index === 0 ? "a" : `b${String(index - 1)}`}, *a]`).join("\n")}`,
      ": Alias resolution is disabled",
    ],
    ["a tag of nobody's", "- !secret x", ": Unresolved tag: !secret at line 1, column 3"],
    ["a key twice", "- rule: a\n  rule: b", ": Map keys must be unique at line 2, column 3"],
    ["a key twice in JSON", '[{"rule": "a", "rule": "b"}]', ": Map keys must be unique at line 1, column 16"],
    ["several documents", "[]\n---\n[]", "Source contains multiple documents"],
    ["a directive of nobody's", "%FOO\n---\n[]", ": Unknown directive %FOO at line 1, column 1"],
    ["no YAML", "- [", ": Flow sequence in block collection must be"],
    ["what is nested too deep", "[".repeat(50_000), "Maximum call stack size exceeded"],
  ])("that holds %s is refused", (_, content, what) => {
    const { all, problems } = parseWaiverFile(content);
    expect(all.every(({ rule }) => rule === "x" || rule === "")).toBe(true);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(5);
    expect(problems.map(({ path, what: said }) => `${path}: ${said}`).join("\n")).toContain(what);
  });

  it.each([
    ["a date of YAML 1.1", `%YAML 1.1\n---\n${text}`, "[0].expires: it is no date of the form YYYY-MM-DD"],
    ["a tagged date", text.replace("expires: ", "expires: !!timestamp "), "[0].expires: it is no date"],
    ["a merged key", `- <<: ${JSON.stringify(good)}`, "[0]: there is no <<"],
    [
      "a prototype",
      JSON.stringify([good]).replace('{"rule"', '{"__proto__": {}, "rule"'),
      "[0]: there is no __proto__",
    ],
  ])("with %s is refused", (_, content, what) => {
    expect(problemsOf(content).join("\n")).toContain(what);
  });

  it("is refused wholly, with each problem, its place and its remedy, if one entry is wrong", () => {
    const entries = [
      good,
      { rule: "BH-109", resource: "", reason: "later", owner: "?", expires: "2026-02-30", until: "x" },
      "BH-110",
      { ...good, owner: undefined, expires: "31.12.2026" },
    ];
    const given = waivers(entries);
    expect(given.problems.map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "[1].resource: Too small: expected string to have >=1 characters",
      "[1].reason: it is no sentence that says why: four words and 20 characters at least",
      "[1].owner: it is no team and no e-mail address, such as @clinic/network or network@clinic.example",
      "[1].expires: it is no date of the form YYYY-MM-DD",
      "[1]: there is no until",
      "[2]: Invalid input: expected object, received string",
      "[3].owner: it is missing",
      "[3].expires: it is no date of the form YYYY-MM-DD",
    ]);
    const judgement = judged(withBuckets("phi-scans"), given);
    expect(mandatory(judgement)).toEqual([refusedBucket("phi-scans"), outOfOrder]);
    const [finding] = ofWaivers(judgement);
    expect(finding?.summary).toBe(
      "The file of waivers is refused, and none of its waivers counts: 8 problems.",
    );
    expect(finding?.notes).toHaveLength(8);
    expect(finding?.notes[0]).toBe(
      "[1].resource: Too small: expected string to have >=1 characters. Write it as docs/waivers.md shows; npm run gate:check-config -- --waivers FILE checks it.",
    );
    expect(statuses(judgement)).toEqual(["refused", "refused", "refused", "refused"]);
  });

  it("is refused with what is in order in it", () => {
    const given = waivers([good, { ...good, rule: "BH-109", owner: "" }]);
    const judgement = judged(withBuckets("phi-scans"), given);
    expect(mandatory(judgement)).toEqual([refusedBucket("phi-scans"), outOfOrder]);
    expect(judgement.waivers.map(({ rule, status, problem }) => [rule, status, problem])).toEqual([
      ["BH-109", "refused", "its file is refused, and with it every waiver that it holds"],
      ["BH-110", "refused", "its file is refused, and with it every waiver that it holds"],
    ]);
  });

  it.each([
    ["later", false],
    ["because it has to be", true],
    ["as we all said", false],
    ["unavoidablyunavoidablyunavoidably", false],
    ["until our release", false],
    ["until the next release", true],
    ["  until  the   next release ", true],
    ["a  b  c  d             ", false],
  ])("takes a reason that says something: %j, %j", (reason, expected) => {
    expect(waivers([{ ...good, reason }]).problems).toHaveLength(expected ? 0 : 1);
  });

  it.each([
    ["network", true],
    ["@clinic/network", true],
    ["network+gate@clinic.example", true],
    ["Netzwerk & Sicherheit", true],
    ["<b>network</b>", false],
    ["network | x", false],
    ["-", false],
    ["n", false],
    ["", false],
  ])("takes an owner that can be asked: %j, %j", (owner, expected) => {
    expect(waivers([{ ...good, owner }]).problems).toHaveLength(expected ? 0 : 1);
  });

  it("lets no control character through, neither in what is accepted nor in what is shown of what is not", () => {
    const escape = "\u001b[2J";
    for (const key of ["rule", "resource", "reason", "owner"] as const) {
      const { all, problems } = parseWaiverFile(
        JSON.stringify([{ ...good, [key]: `${good[key]}${escape}` }]),
      );
      expect(problems.map(({ path }) => path)).toEqual([`[0].${key}`]);
      expect(JSON.stringify([all, problems])).not.toContain("\\u001b");
    }
    const { problems } = parseWaiverFile(JSON.stringify([{ ...good, [`x${escape}`]: 1 }]));
    expect(problems[0]?.what).toBe("there is no x\uFFFD[2J");
    expect(problemsOf(JSON.stringify([{ ...good, reason: `${good.reason}\u202Etxt` }]))).toEqual([
      "[0].reason: it holds a character that cannot be seen",
    ]);
  });

  it("that is not there, no file, too large, or no text is refused", () => {
    const what = (path: string): string | undefined => readWaiverFile(path).problems[0]?.what;
    expect(what(join(directory, "none.yaml"))).toContain("none.yaml cannot be read: ENOENT");
    mkdirSync(join(directory, "folder"), { recursive: true });
    expect(what(join(directory, "folder"))).toBe(`${join(directory, "folder")} is no file`);
    expect(what("/dev/zero")).toBe("/dev/zero is no file");
    expect(what(file("large.yaml", "#".repeat(256 * 1024 + 1)))).toContain("has more than 262144 bytes");
    expect(what(file("latin.yaml", Uint8Array.of(0x5b, 0x5d, 0x23, 0xe9)))).toContain("cannot be read");
    expect(what("bulkhead-waivers.yaml")).toContain("is no absolute path");
  });
});

describe("the place of the file", () => {
  const path = file("own.yaml", stringify([good]));
  const other = file("other.yaml", stringify([]));
  const read = (configured: unknown, environment?: string): Waivers =>
    readWaivers(
      settings({ "zone-assignment": {}, "waivers-are-in-order": configured === undefined ? {} : configured }),
      { environment, today },
    );

  it("is said by the configuration or by the environment", () => {
    for (const same of [
      read({ file: path }),
      read(undefined, path),
      read({ file: path }, path),
      read({ file: path }, ""),
    ]) {
      expect(same).toEqual({ today, all: [good], problems: [] });
    }
    for (const none of [
      read(undefined),
      read({}, ""),
      readWaivers(noSettings, { environment: undefined, today }),
    ]) {
      expect(none).toEqual({ today, all: [], problems: [] });
    }
  });

  it("is not guessed if the two differ", () => {
    const { all, problems } = read({ file: path }, other);
    expect(all).toEqual([]);
    expect(problems.map(({ what }) => what)).toEqual([
      `The configuration names ${path}, and the environment variable BULKHEAD_WAIVERS names ${other}`,
    ]);
  });

  it("of the environment does not count where the configuration is refused", () => {
    expect(read({ fil: path }, path)).toEqual({ today, all: [], problems: [] });
    expect(settings({ "waivers-are-in-order": { file: "bulkhead-waivers.yaml" } }).problems).toMatchObject([
      {
        policy: "waivers-are-in-order",
        path: "file",
        what: "it is no absolute path: the pack runs in its own folder, and not in yours",
      },
    ]);
  });
});

describe("examples/bulkhead-waivers.yaml", () => {
  const text = readFileSync(join(root, "examples/bulkhead-waivers.yaml"), "utf8");

  it("is in order, and fits the schema that it names", () => {
    const given = { today, ...parseWaiverFile(text) };
    expect(given.problems).toEqual([]);
    expect(waiverStandings(given, []).map(({ problem }) => problem)).toEqual([undefined, undefined]);
    const ajv = new Ajv({ allErrors: true });
    addFormats(ajv);
    const [, schema = ""] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text) ?? [];
    const validate = ajv.compile(
      JSON.parse(readFileSync(resolve(root, "examples", schema), "utf8")) as Record<string, unknown>,
    );
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(validate([{ ...good, owner: undefined }])).toBe(false);
    expect(validate([{ ...good, more: 1 }])).toBe(false);
  });
});
