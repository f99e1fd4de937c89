import { describe, expect, it } from "vitest";

import { keptRecords } from "../../../policy-pack/facts/gcp/record-safeguards";
import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { googleEntrance, inGoogleZone, type Inputs } from "./entrance";
import { networkType, readStackOf, subnetType, zoneMembers } from "./trail-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const platformUrn = "urn:pulumi:test::bulkhead::bulkhead:index:Platform::bulkhead";
const platforms = new Map([[platformUrn, "bulkhead"]]);
const key = "projects/hospital-ai/locations/us-central1/keyRings/ring/cryptoKeys/logs";
const everyCall = [{ logType: "ADMIN_READ" }, { logType: "DATA_READ" }, { logType: "DATA_WRITE" }];

/** A network with a subnet of each of two zones, and a store, of which everything is recorded and kept. */
function audited(stack: Sketch): Sketch {
  const network = stack.add(networkType, "net", { name: "net", autoCreateSubnetworks: false });
  stack.add(subnetType, "work", {
    name: "work",
    network: `${network}.selfLink`,
    ipCidrRange: "10.0.2.0/24",
    logConfig: {
      aggregationInterval: "INTERVAL_5_SEC",
      flowSampling: 1,
      metadata: "INCLUDE_ALL_METADATA",
    },
  });
  zoneMembers(stack, { processing: [`${subnetType}::work`] });
  stack.add("gcp:dns/policy:Policy", "names", {
    name: "names",
    enableLogging: true,
    networks: [{ networkUrl: `${network}.selfLink` }],
  });
  stack.add("gcp:storage/bucket:Bucket", "documents", { name: "documents", ...inGoogleZone("phi") });
  stack.add("gcp:projects/iAMAuditConfig:IAMAuditConfig", "calls", {
    project: "hospital-ai",
    service: "allServices",
    auditLogConfigs: everyCall,
  });
  stack.add("gcp:logging/projectBucketConfig:ProjectBucketConfig", "records", {
    project: "hospital-ai",
    location: "us-central1",
    bucketId: "_Default",
    retentionDays: 2192,
    locked: true,
    cmekSettings: { kmsKeyName: key },
  });
  return stack;
}

describe.each(knowledges)("the audit trail on Google Cloud, %s", (knowledge) => {
  const unaudited = (change: Change, isOurs = false): readonly string[] => {
    const stack = audited(new Sketch(knowledge));
    change(stack);
    return readStackOf(stack, isOurs ? platforms : new Map())
      .audit.unaudited()
      .map(
        ({ urn, what, assumption }) =>
          `${assumption === undefined ? "" : "perhaps "}${urn.split("::").at(-1) ?? ""}: ${what}`,
      )
      .sort();
  };
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);

  it("that is whole says what it records", () => {
    expect(unaudited(() => undefined)).toEqual([]);
    expect(unaudited(() => undefined, true)).toEqual([]);
    const { stack, audit, resolvers } = readStackOf(audited(new Sketch(knowledge)));
    expect(
      keptRecords(stack, audit, resolvers).flatMap(({ evidence }) => evidence.map(({ label }) => label)),
    ).toEqual([
      "Subnetwork work",
      "Policy names of Network net",
      "IAMAuditConfig calls of project hospital-ai",
      "ProjectBucketConfig records",
      "ProjectBucketConfig records of project hospital-ai",
    ]);
  });

  it.each<readonly [string, Inputs | undefined | string, string]>([
    ["is not there", undefined, "None of its flows is recorded"],
    ["may be anything", unknownText, "Which of its flows are recorded is not known"],
    ["says no share", {}, "A share of 0.5 of its flows is recorded, and not all (flowSampling)"],
    [
      "records some",
      { flowSampling: 0.99 },
      "A share of 0.99 of its flows is recorded, and not all (flowSampling)",
    ],
    [
      "records a share that is not known",
      { flowSampling: unknownText },
      "Which share of its flows is recorded is not known",
    ],
    [
      "leaves out what they are of",
      { flowSampling: 1, metadata: "EXCLUDE_ALL_METADATA" },
      "What its flows are of is left out (metadata)",
    ],
    [
      "leaves out some fields",
      { flowSampling: "1", metadata: "CUSTOM_METADATA" },
      "What its flows are of is left out (metadata)",
    ],
    [
      "leaves out some",
      { flowSampling: 1, filterExpr: "dest_port == 443" },
      "Some of its flows are left out (filterExpr)",
    ],
  ])("leaves out flows where a subnet's log %s", (_what, logConfig, problem) => {
    expect(unaudited(of("work", { logConfig }))).toEqual([`work: ${problem}.`]);
  });

  it("records flows by a configuration of the network, or of the subnet, as well", () => {
    const config =
      (inputs: (stack: Sketch) => Inputs): Change =>
      (stack) => {
        amend(stack, "work", { logConfig: undefined });
        stack.add("gcp:networkmanagement/vpcFlowLogsConfig:VpcFlowLogsConfig", "flows", {
          vpcFlowLogsConfigId: "flows",
          location: "global",
          ...inputs(stack),
        });
      };
    expect(unaudited(config((s) => ({ network: s.id("net") })))).toEqual([]);
    expect(unaudited(config((s) => ({ subnet: s.id("work") })))).toEqual([]);
    for (const more of [{ state: "DISABLED" }, { flowSampling: 0.5 }, { network: unknownText }]) {
      expect(unaudited(config((s) => ({ network: s.id("net"), ...more })))).toHaveLength(1);
    }
  });

  it("asks no flows of subnets of proxies alone", () => {
    expect(unaudited(of("work", { logConfig: undefined, purpose: "REGIONAL_MANAGED_PROXY" }))).toEqual([]);
    expect(unaudited(of("work", { logConfig: undefined, purpose: "PRIVATE" }))).toHaveLength(1);
  });

  it("records queries for names", () => {
    const missing = ["net: No query for a name in it is recorded, and flow logs leave names out."];
    for (const inputs of [
      { enableLogging: false },
      { enableLogging: undefined },
      { enableLogging: unknownText },
      { networks: [] },
      { networks: unknownText },
    ]) {
      expect(unaudited(of("names", inputs))).toEqual(missing);
    }
  });

  it("records every call to the services of a zone's projects", () => {
    const nothing =
      "documents: Who reads and writes what its services hold is not recorded: data access logs are off until somebody asks for them.";
    expect(unaudited((s) => s.remove("calls"))).toEqual([nothing]);
    expect(unaudited(of("calls", { project: "another" }))).toEqual([nothing]);
    expect(unaudited(of("calls", { auditLogConfigs: [{ logType: "DATA_WRITE" }] }))).toEqual([
      "calls: It leaves out ADMIN_READ, DATA_READ of some services.",
    ]);
    expect(unaudited(of("calls", { auditLogConfigs: [...everyCall].reverse() }))).toEqual([]);
    expect(unaudited(of("calls", { project: "projects/hospital-ai" }))).toEqual([]);
    expect(unaudited(of("calls", { service: "storage.googleapis.com" }))).toEqual([]);
    expect(unaudited(of("calls", { service: "bigquery.googleapis.com" }))).toEqual([
      "calls: It leaves out ADMIN_READ, DATA_READ, DATA_WRITE of some services.",
    ]);
    expect(unaudited(of("calls", { service: unknownText }))).toEqual([
      "perhaps calls: It leaves out ADMIN_READ, DATA_READ, DATA_WRITE of some services.",
    ]);
    expect(
      unaudited(
        of("calls", {
          auditLogConfigs: [
            ...everyCall.slice(1),
            { logType: "ADMIN_READ", exemptedMembers: ["user:a@b.example"] },
          ],
        }),
      ),
    ).toEqual(["calls: It leaves out the calls of user:a@b.example (exemptedMembers)."]);
    const above: Change = (stack) => {
      stack.remove("calls");
      stack.add("gcp:organizations/iamAuditConfig:IamAuditConfig", "all-calls", {
        orgId: "1",
        service: "allServices",
        auditLogConfigs: everyCall,
      });
    };
    expect(unaudited(above)).toEqual([]);
    expect(unaudited((s) => s.remove("calls"), true)).toEqual([nothing.replace("documents", "bulkhead")]);
  });

  it.each<readonly [string, Inputs, string]>([
    [
      "for a month",
      { retentionDays: undefined },
      "its records are kept for 30 days, and HIPAA's six years are 2192",
    ],
    [
      "for a month, by 0",
      { retentionDays: 0 },
      "its records are kept for 30 days, and HIPAA's six years are 2192",
    ],
    [
      "for a day less",
      { retentionDays: 2191 },
      "its records are kept for 2191 days, and HIPAA's six years are 2192",
    ],
    [
      "nobody knows how long",
      { retentionDays: unknownText },
      "for how long its records are kept is not known",
    ],
    [
      "unlocked",
      { locked: undefined },
      "nothing keeps its records from being deleted before their time (locked)",
    ],
    [
      "perhaps unlocked",
      { locked: unknownText },
      "nothing keeps its records from being deleted before their time (locked)",
    ],
    ["under Google's key", { cmekSettings: undefined }, "no key of the customer's encrypts it"],
  ])("does not keep records as they should be %s", (_what, inputs, problem) => {
    expect(unaudited(of("records", inputs), true)).toEqual([
      `records: ProjectBucketConfig records: ${problem}.`,
    ]);
  });

  it("keeps records by a sink as well", () => {
    const month = "documents: Nothing keeps its records for longer than Google's 30 days.";
    expect(unaudited((s) => s.remove("records"))).toEqual([month]);
    expect(unaudited(of("records", { bucketId: "custom" }))).toEqual([month]);
    const sink =
      (inputs: Inputs = {}, bucket: Inputs = {}): Change =>
      (stack) => {
        stack.remove("records");
        stack.add("gcp:storage/bucket:Bucket", "kept", {
          name: "kept",
          ...inGoogleZone("processing"),
          retentionPolicy: { isLocked: true, retentionPeriod: "189388800" },
          encryption: { defaultKmsKeyName: key },
          ...bucket,
        });
        stack.add("gcp:logging/projectSink:ProjectSink", "sink", {
          name: "sink",
          project: "hospital-ai",
          destination: "storage.googleapis.com/kept",
          ...inputs,
        });
      };
    expect(unaudited(sink())).toEqual([]);
    const deleted =
      "kept: Bucket kept: nothing keeps its records from being deleted before their time (retentionPolicy).";
    expect(
      unaudited(sink({}, { retentionPolicy: { isLocked: true, retentionPeriod: "189388799" } })),
    ).toEqual([deleted]);
    expect(
      unaudited(sink({}, { retentionPolicy: { isLocked: false, retentionPeriod: "189388800" } })),
    ).toEqual([deleted]);
    expect(unaudited(sink({}, { encryption: undefined }))).toEqual([
      "kept: Bucket kept: no key of the customer's encrypts it.",
    ]);
    expect(unaudited(sink({ filter: "severity >= DEFAULT" }))).toEqual([]);
    expect(unaudited(sink({ filter: "severity>=ERROR" }))).toEqual([month]);
    expect(unaudited(sink({ disabled: true }))).toEqual(
      [month, "sink: ProjectSink sink: it is not enabled."].sort(),
    );
    expect(unaudited(sink({ exclusions: [{ name: "x", filter: "y" }] }))).toEqual(
      [month, "sink: ProjectSink sink: it leaves out some records (exclusions)."].sort(),
    );
    const elsewhere = sink({ destination: "storage.googleapis.com/other" });
    expect(unaudited(elsewhere)).toEqual([month]);
    expect(unaudited(elsewhere, true)).toEqual(
      [
        month.replace("documents", "bulkhead"),
        "sink: ProjectSink sink writes to something that is not of the stack, and may be anybody's.",
      ].sort(),
    );
  });

  it("keeps records in a bucket of Cloud Logging to which a sink writes", () => {
    const change: Change = (stack) => {
      amend(stack, "records", { bucketId: "six-years" });
      stack.add("gcp:logging/projectSink:ProjectSink", "sink", {
        name: "sink",
        project: "hospital-ai",
        destination: "logging.googleapis.com/projects/hospital-ai/locations/us-central1/buckets/six-years",
      });
    };
    expect(unaudited(change, true)).toEqual([]);
  });

  it("drops nothing", () => {
    const exclusion =
      (inputs: Inputs): Change =>
      (stack) =>
        stack.add("gcp:logging/projectExclusion:ProjectExclusion", "out", {
          name: "out",
          filter: "x",
          ...inputs,
        });
    const dropped = "out: ProjectExclusion out drops records before anything keeps them.";
    expect(unaudited(exclusion({}))).toEqual([dropped]);
    expect(unaudited(exclusion({ disabled: false }))).toEqual([dropped]);
    expect(unaudited(exclusion({ disabled: unknownText }))).toEqual([`perhaps ${dropped}`]);
    expect(unaudited(exclusion({ disabled: true }))).toEqual([]);
    expect(unaudited(exclusion({ project: "another" }))).toEqual([]);
  });

  it("records what firewalls of our platform refuse", () => {
    const rule =
      (inputs: Inputs): Change =>
      (stack) =>
        stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "deny", {
          priority: 1,
          direction: "EGRESS",
          action: "deny",
          firewallPolicy: "x",
          match: {},
          ...inputs,
        });
    const silent = "deny: What NetworkFirewallPolicyRule deny refuses is not recorded.";
    expect(unaudited(rule({ enableLogging: true }), true)).toEqual([]);
    expect(unaudited(rule({ action: "allow" }), true)).toEqual([]);
    expect(unaudited(rule({}))).toEqual([]);
    for (const inputs of [{}, { enableLogging: false }, { enableLogging: unknownText }]) {
      expect(unaudited(rule(inputs), true)).toEqual([silent]);
    }
    expect(
      unaudited(
        (s) =>
          s.add("gcp:compute/firewall:Firewall", "deny", {
            network: s.id("net"),
            denies: [{ protocol: "all" }],
          }),
        true,
      ),
    ).toEqual(["deny: What Firewall deny refuses is not recorded."]);
    expect(
      unaudited(
        (s) =>
          s.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "deny", {
            rules: [{ action: "deny", enableLogging: true }, { action: "deny" }],
          }),
        true,
      ),
    ).toEqual(["deny: What NetworkFirewallPolicyWithRules deny refuses is not recorded."]);
  });

  it("records requests at a load balancer", () => {
    const requests = (inputs: Inputs): readonly string[] =>
      unaudited((stack) => amend(googleEntrance(stack), "gateway-service", inputs)).filter((one) =>
        one.startsWith("gateway-service"),
      );
    const missing = "gateway-service: BackendService gateway-service: requests to it are not recorded.";
    expect(requests({})).toEqual([]);
    expect(requests({ logConfig: { enable: true } })).toEqual([]);
    expect(requests({ logConfig: undefined })).toEqual([missing]);
    expect(requests({ logConfig: { enable: unknownText } })).toEqual([missing]);
    expect(requests({ logConfig: { enable: true, sampleRate: 0.1 } })).toEqual([
      "gateway-service: BackendService gateway-service: not every request to it is recorded (logConfig.sampleRate).",
    ]);
  });
});
