import { afterEach, describe, expect, it, vi } from "vitest";

import { cloudsReport } from "../../preview/clouds-report";
import { comparedClouds, type CloudReport } from "../../preview/compared-clouds";
import { printClouds } from "../../preview/print-clouds";
import type { Report } from "../../policy-pack/report/report";

type Row = Report["matrix"][number];

function row(from: string, to: string, port: string, transport: string): Row {
  return { from, to, fromZone: null, toZone: null, protocol: "tcp", port, transport, openedBy: [] };
}

function reportOf(
  cloud: CloudReport["cloud"],
  matrix: readonly Row[],
  given: Partial<Report> = {},
): CloudReport {
  return {
    cloud,
    report: {
      version: 1,
      subject: "preview",
      verdict: "accepted",
      cloud,
      project: "bulkhead",
      stack: "test",
      resources: [],
      ends: [],
      matrix: [...matrix],
      matrixOmitted: null,
      findings: [],
      policies: [],
      waivers: [],
      guarantees: [],
      changes: null,
      warnings: [],
      durationMs: 1000,
      ...given,
    },
  };
}

const entrance = row("world", "load-balancer", "443", "one-way-tls");
const toStore = row("workload/fhir-proxy", "data-store/fhir-store", "443", "provider-tls+iam");
const signIn = row("load-balancer", "world", "443", "one-way-tls");
const management = row("world", "load-balancer", "65200-65535", "provider-tls+iam");
const certificate = row("load-balancer", "world", "443", "provider-tls+iam");

describe("one platform on several clouds", () => {
  it("is equal where each lets the same connections be opened, in any order, but for the load balancers' own", () => {
    const compared = comparedClouds([
      reportOf("aws", [entrance, toStore, signIn]),
      reportOf("azure", [management, toStore, certificate, entrance]),
    ]);
    expect(compared).toEqual({
      isEqual: true,
      notCompared: [],
      connections: [
        {
          from: "world",
          to: "load-balancer",
          protocol: "tcp",
          port: "443",
          transports: { aws: "one-way-tls", azure: "one-way-tls" },
        },
        {
          from: "workload/fhir-proxy",
          to: "data-store/fhir-store",
          protocol: "tcp",
          port: "443",
          transports: { aws: "provider-tls+iam", azure: "provider-tls+iam" },
        },
      ],
      differences: [],
      controlPlane: [
        {
          from: "load-balancer",
          to: "world",
          protocol: "tcp",
          port: "443",
          transports: { aws: "one-way-tls", azure: "provider-tls+iam" },
        },
        {
          from: "world",
          to: "load-balancer",
          protocol: "tcp",
          port: "65200-65535",
          transports: { aws: null, azure: "provider-tls+iam" },
        },
      ],
    });
  });

  it.each([
    [
      "a connection that one has not",
      [entrance],
      [entrance, toStore],
      { aws: null, azure: "provider-tls+iam" },
    ],
    [
      "ends that know each other in another way",
      [entrance, toStore],
      [entrance, { ...toStore, transport: "mtls" }],
      { aws: "provider-tls+iam", azure: "mtls" },
    ],
    [
      "a connection that one has twice",
      [entrance, toStore],
      [entrance, toStore, { ...toStore, transport: "undeclared" }],
      { aws: "provider-tls+iam", azure: "provider-tls+iam, undeclared" },
    ],
  ])("differs by %s", (_, onAws, onAzure, transports) => {
    const compared = comparedClouds([reportOf("aws", onAws), reportOf("azure", onAzure)]);
    expect(compared.isEqual).toBe(false);
    expect(compared.differences).toEqual([
      { from: toStore.from, to: toStore.to, protocol: "tcp", port: "443", transports },
    ]);
  });

  it.each([
    ["on another port", { ...toStore, port: "444" }],
    ["over another protocol", { ...toStore, protocol: "udp" }],
  ])("differs by a connection %s", (_, other) => {
    expect(comparedClouds([reportOf("aws", [toStore]), reportOf("azure", [other])]).differences).toHaveLength(
      2,
    );
  });

  it("takes no other cloud's load balancer for an excuse, and nothing that is not in the table word for word", () => {
    const connections = (rows: readonly Row[]): number =>
      comparedClouds([reportOf("aws", rows), reportOf("azure", [])]).differences.length;
    expect(connections([signIn])).toBe(0);
    expect(connections([management])).toBe(1);
    expect(connections([{ ...signIn, transport: "undeclared" }])).toBe(1);
    expect(connections([{ ...signIn, port: "any" }])).toBe(1);
    expect(connections([{ ...signIn, from: "workload/rag-service" }])).toBe(1);
  });

  it("is equal to nothing where the connections of one were left out", () => {
    const compared = comparedClouds([
      reportOf("aws", []),
      reportOf("azure", [], { matrixOmitted: "there are too many" }),
    ]);
    expect(compared).toMatchObject({ isEqual: false, notCompared: ["azure: there are too many"] });
  });

  it("is printed as one matrix with a column a cloud, the verdicts, and what differs", () => {
    const reports = [
      reportOf("aws", [entrance, toStore, signIn]),
      reportOf("azure", [entrance, management], { verdict: "refused" }),
    ];
    const text = cloudsReport(reports, comparedClouds(reports), false);
    expect(text).toMatch(/^ {2}FROM +TO +PROTOCOL +PORT +AWS +AZURE$/m);
    expect(text).toMatch(/^ {2}world +load-balancer +tcp +443 +one-way-tls +one-way-tls$/m);
    expect(text).toMatch(/^ {2}aws +ACCEPTED /m);
    expect(text).toMatch(/^ {2}azure +REFUSED /m);
    const [, differing = ""] = text.split("Where the clouds differ");
    expect(differing).toMatch(
      /workload\/fhir-proxy +data-store\/fhir-store +tcp +443 +provider-tls\+iam +-$/m,
    );
    expect(differing).not.toContain("65200");
    expect(text).toContain("DIFFERENT  1 connection of 2 on aws and azure");
  });
});

describe("the exit code of a preview on several clouds", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ["each is accepted and all are equal", {}, [toStore], 0],
    ["one is refused", { verdict: "refused" }, [toStore], 1],
    ["they differ", {}, [], 1],
    ["not all connections of one were reported", { matrixOmitted: "too many" }, [toStore], 1],
  ] as const)("where %s", (_, given, onAzure, code) => {
    const written: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    const reports = [reportOf("aws", [toStore]), reportOf("azure", onAzure, given)];
    expect(printClouds(reports, true)).toBe(code);
    expect(JSON.parse(written.join(""))).toEqual({
      reports: { aws: reports[0]?.report, azure: reports[1]?.report },
      comparison: comparedClouds(reports),
    });
    expect(printClouds(reports, false)).toBe(code);
  });
});
