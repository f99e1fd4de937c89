import { describe, expect, it } from "vitest";

import { changesBetween, opensSomething } from "../../../policy-pack/report/changes";
import type {
  Report,
  ReportedConnection,
  ReportedFinding,
  ReportedWaiver,
} from "../../../policy-pack/report/report";

const empty: Report = {
  version: 1,
  subject: "preview",
  verdict: "accepted",
  cloud: "aws",
  project: "ward",
  stack: "dev",
  resources: [],
  ends: [],
  matrix: [],
  matrixOmitted: null,
  findings: [],
  waivers: [],
  guarantees: [],
  changes: null,
  warnings: [],
  durationMs: 1,
};

const opener = { urn: "urn:rule", label: "a rule" };

function connection(port: string, some: Partial<ReportedConnection> = {}): ReportedConnection {
  return {
    from: "workload/rag-service",
    to: "data-store/vector-index",
    fromZone: "processing",
    toZone: "phi",
    protocol: "tcp",
    port,
    transport: "provider-tls+iam",
    openedBy: [opener],
    ...some,
  };
}

function finding(fingerprint: string, some: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    fingerprint,
    id: "BH-109",
    rule: "network-defaults-are-sealed",
    title: "Defaults are sealed",
    level: "advisory",
    severity: "medium",
    verdict: "open",
    urn: "urn:group",
    summary: "It is open.",
    packet: null,
    path: [],
    passes: ["urn:group"],
    openedBy: [],
    notes: [],
    remedy: "Close it.",
    frameworks: [],
    url: null,
    position: null,
    waiver: null,
    ...some,
  };
}

const waiver: ReportedWaiver = {
  rule: "BH-109",
  resource: "urn:group",
  reason: "It is replaced next week.",
  owner: "network@hospital.example",
  expires: "2026-12-01",
  status: "used",
  problem: null,
};

function changed(before: Partial<Report>, after: Partial<Report>): Report {
  const head = { ...empty, ...after };
  return { ...head, changes: changesBetween("base.json", { ...empty, ...before }, head) };
}

function ports(base: readonly ReportedConnection[], head: readonly ReportedConnection[]): unknown {
  const { changes } = changed({ matrix: [...base] }, { matrix: [...head] });
  return {
    opened: changes?.opened.map(({ port, transport }) => `${port} ${transport}`),
    closed: changes?.closed.map(({ port, transport }) => `${port} ${transport}`),
  };
}

describe("what a change opens and closes", () => {
  it("is nothing where the matrix is the same, in whatever order", () => {
    const rows = [connection("443"), connection("443", { to: "data-store/fhir-store" })];
    const report = changed({ matrix: rows }, { matrix: [...rows].reverse() });
    expect(report.changes).toEqual({
      base: { file: "base.json", stack: "dev", verdict: "accepted" },
      notCompared: [],
      opened: [],
      closed: [],
      zonesOpened: [],
      zonesClosed: [],
      newFindings: [],
      goneFindings: [],
      newWaivers: [],
      goneWaivers: [],
    });
    expect(opensSomething(report)).toBe(false);
  });

  it("is a connection, with what lets it pass, and between zones only if they had none such", () => {
    const added = connection("443", { to: "data-store/document-store" });
    const first = changed({}, { matrix: [added] });
    expect(first.changes?.opened).toEqual([added]);
    expect(first.changes?.zonesOpened).toEqual([
      { fromZone: "processing", toZone: "phi", protocol: "tcp", port: "443" },
    ]);
    expect(opensSomething(first)).toBe(true);
    const second = changed({ matrix: [connection("443")] }, { matrix: [connection("443"), added] });
    expect(second.changes?.opened).toEqual([added]);
    expect(second.changes?.zonesOpened).toEqual([]);
    const closed = changed({ matrix: [added] }, {});
    expect(closed.changes?.closed).toEqual([added]);
    expect(closed.changes?.zonesClosed).toHaveLength(1);
    expect(opensSomething(closed)).toBe(false);
  });

  it.each([
    ["a wider range opens, and closes nothing", ["443"], ["400-500"], ["400-500"], []],
    ["a narrower range closes, and opens nothing", ["400-500"], ["443"], [], ["400-500"]],
    ["a range in two parts is the same range", ["400-500"], ["400-449", "450-500"], [], []],
    ["two parts with a gap are less", ["400-500"], ["400-449", "451-500"], [], ["400-500"]],
    ["every port is more than one", ["443"], ["any port"], ["any port"], []],
    ["any protocol covers each", ["443"], ["any"], ["any"], []],
    ["nor does what covers all leave anything to open", ["any"], ["443"], [], ["any"]],
  ])("%s", (_, before, after, opened, closed) => {
    const row = (port: string): ReportedConnection =>
      port === "any" ? connection("protocol", { protocol: "any" }) : connection(port);
    const portOf = (port: string): string => (port === "any" ? "protocol" : port);
    expect(ports(before.map(row), after.map(row))).toEqual({
      opened: opened.map((port) => `${portOf(port)} provider-tls+iam`),
      closed: closed.map((port) => `${portOf(port)} provider-tls+iam`),
    });
  });

  it("is another connection if its ends know each other in another way", () => {
    expect(
      ports([connection("443", { transport: "mtls" })], [connection("443", { transport: "undeclared" })]),
    ).toEqual({
      opened: ["443 undeclared"],
      closed: [],
    });
  });

  it("counts another protocol, another direction and an end without a zone", () => {
    const before = [connection("443")];
    const udp = connection("443", { protocol: "udp" });
    const back = connection("443", { from: "data-store/vector-index", to: "workload/rag-service" });
    const loose = connection("443", { to: "SecurityGroup x", toZone: null });
    const { changes } = changed({ matrix: before }, { matrix: [...before, udp, back, loose] });
    expect(changes?.opened).toEqual([udp, back, loose]);
    expect(changes?.zonesOpened.map(({ toZone, protocol }) => `${toZone} ${protocol}`)).toEqual([
      "phi udp",
      "no zone tcp",
    ]);
  });

  it("opens something by a new finding with a packet, or by one that is waived, and not by other advice", () => {
    const old = finding("old");
    const advice = changed({ findings: [old] }, { findings: [old, finding("new")] });
    expect(advice.changes?.newFindings).toEqual(["new"]);
    expect(opensSomething(advice)).toBe(false);
    expect(opensSomething(changed({}, { findings: [finding("new", { packet: "tcp 443" })] }))).toBe(true);
    expect(opensSomething(changed({}, { findings: [finding("new", { waiver: 0 })] }))).toBe(true);
    const gone = changed({ findings: [old] }, {});
    expect(gone.changes?.goneFindings).toEqual([old]);
    expect(opensSomething(gone)).toBe(false);
  });

  it("tells which waivers are new, changed or gone", () => {
    const longer = { ...waiver, expires: "2026-12-31" };
    const { changes } = changed({ waivers: [waiver] }, { waivers: [longer] });
    expect(changes?.newWaivers).toEqual([longer]);
    expect(changes?.goneWaivers).toEqual([waiver]);
    // Whether it is used is no change of the file.
    const unused = changed({ waivers: [waiver] }, { waivers: [{ ...waiver, status: "unused" }] });
    expect(unused.changes?.newWaivers).toEqual([]);
  });

  it("never says that nothing is opened where no matrix was drawn", () => {
    const report = changed({}, { matrixOmitted: "300 filters are in zones." });
    expect(report.changes?.notCompared).toEqual(["The change: 300 filters are in zones."]);
    expect(opensSomething(report)).toBe(true);
    expect(opensSomething(changed({ matrixOmitted: "300 filters are in zones." }, {}))).toBe(true);
  });

  it("is nothing where nothing is compared", () => {
    expect(opensSomething({ ...empty, findings: [finding("new", { packet: "tcp 443" })] })).toBe(false);
  });
});
