import { createRequire } from "node:module";
import { join, resolve } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { auditRecordSchema } from "../../../services/audit/audit-record";
import { AuditUnavailable, type AuditEvent } from "../../../services/audit/audit-event";
import { auditVocabulary } from "../../../services/audit/audit-vocabulary";
import { ChainedTrail } from "../../../services/audit/chained-trail";
import { foundRecord } from "../../../services/audit/found-record";

import { decision, document, KeptLines, reporter, spiffeIdOf } from "./audit-example";

const requireOfServices = createRequire(join(resolve(__dirname, "../../../services"), "package.json"));
const canonicalize = requireOfServices("canonicalize") as (value: unknown) => string;
const vocabulary = auditVocabulary(document);

/** What is written of some events, the chain's own records included. */
function written(...events: readonly AuditEvent[]): KeptLines {
  const kept = new KeptLines();
  const trail = ChainedTrail.open(kept, reporter, vocabulary, { chain: "chain-1" });
  events.forEach((event) => {
    trail.append(event);
  });
  trail.close();
  return kept;
}

function recordOf(event: AuditEvent): unknown {
  return written(event).records[1];
}

const hexadecimal = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;

describe("the record of a decision", () => {
  it("is an API Activity of OCSF, bound to the record before it", () => {
    const [first] = written(decision).lines.map((line) => foundRecord(JSON.parse(line) as object));
    expect(recordOf(decision)).toEqual({
      category_uid: 6,
      class_uid: 6003,
      activity_id: 99,
      activity_name: "Access decision",
      type_uid: 600399,
      severity_id: 1,
      time: Date.parse("2026-11-30T06:00:00.000Z"),
      message: "Access decision: allowed.",
      status_id: 1,
      status_code: "VERIFIED",
      status_detail: "The role nurse may use phi_clinical_rag.",
      action_id: 1,
      disposition_id: 1,
      authorizations: [{ decision: "allow", policy: { uid: "role.nurse", is_applied: true } }],
      actor: {
        app_uid: spiffeIdOf("ai-gateway"),
        user: { uid: "u-17", type_id: 1, groups: [{ name: "nurse", type: "role" }] },
      },
      api: { operation: "use", request: { uid: decision.requestId } },
      src_endpoint: { uid: spiffeIdOf("ai-gateway") },
      resources: [{ uid: "phi_clinical_rag", type: "resource", role_id: 1 }],
      metadata: {
        version: "1.8.0",
        profiles: ["security_control"],
        product: { name: "Bulkhead", vendor_name: "Bulkhead", feature: { name: "decision-point" } },
        reporter,
        log_name: "access-decisions",
        event_code: "access-decision",
        correlation_uid: decision.requestId,
        uid: "chain-1/1",
        sequence: 1,
      },
      unmapped: {
        device: "compliant",
        location: "vpn",
        attestation: {
          authority_uid: reporter.uid,
          chain_uid: "chain-1",
          // That of the chain's first record has the time of the test in it.
          prev_event: { uid: "chain-1/0", fingerprint: { algorithm_id: 3, value: hexadecimal } },
          fingerprint: { algorithm_id: 3, value: hexadecimal },
        },
      },
    });
    expect(first).toMatchObject({ sequence: 0, previous: undefined, isIntact: true });
  });

  it.each<[string, Partial<AuditEvent>, object]>([
    [
      "denied",
      { allowed: false, trustLevel: "AUTHENTICATED" },
      { action_id: 2, disposition_id: 2, status_id: 2, severity_id: 2, message: "Access decision: denied." },
    ],
    [
      "pending a second factor",
      { allowed: false, trustLevel: "AUTHORIZED" },
      { action_id: 2, disposition_id: 23, status_id: 2, status_code: "AUTHORIZED" },
    ],
    [
      "of nobody",
      { user: undefined, role: undefined, allowed: false, trustLevel: "NONE", policyIds: [] },
      { actor: { app_uid: spiffeIdOf("ai-gateway") }, authorizations: [], status_code: "NONE" },
    ],
  ])("may be %s", (_, change, said) => {
    expect(recordOf({ ...decision, ...change })).toMatchObject(said);
  });

  it("says nothing of what is not known", () => {
    expect(
      Object.keys(recordOf({ ...decision, device: undefined, location: undefined }) as object),
    ).toContain("unmapped");
    expect(recordOf({ ...decision, device: undefined, location: undefined })).not.toHaveProperty(
      "unmapped.device",
    );
    expect(recordOf({ ...decision, user: undefined })).not.toHaveProperty("actor.user");
  });
});

describe("the record of a tool call", () => {
  const call: AuditEvent = {
    ...decision,
    kind: "tool-call",
    agents: [spiffeIdOf("rag-service"), spiffeIdOf("agent-tools")],
    action: "call",
    tool: document.access.tools[0]?.id ?? "none",
  };

  it("names the tool as its target and the agents as its actors, the nearest last", () => {
    expect(recordOf(call)).toMatchObject({
      message: "Tool call: allowed.",
      api: { operation: "call" },
      metadata: { log_name: "tool-calls", event_code: "tool-call" },
      resources: [
        { uid: "phi_clinical_rag", type: "resource", role_id: 1 },
        { uid: document.access.tools[0]?.id, type: "tool", role_id: 1 },
        { uid: spiffeIdOf("rag-service"), type: "agent", role_id: 2 },
        { uid: spiffeIdOf("agent-tools"), type: "agent", role_id: 2 },
      ],
    });
  });

  it.each([
    [{ outcome: undefined }, 0],
    [{ outcome: "succeeded" }, 1],
    [{ outcome: "failed" }, 2],
    [{ outcome: undefined, allowed: false }, 2],
  ] as const)("has a status, of %j", (change, status) => {
    expect(recordOf({ ...call, ...change })).toMatchObject({ status_id: status });
  });
});

describe("every record", () => {
  const text = fc.string({ unit: "binary", maxLength: 400 });
  const maybe = fc.option(text, { nil: undefined });
  const anyEvent: fc.Arbitrary<AuditEvent> = fc.record({
    kind: fc.constantFrom("access-decision", "tool-call"),
    time: fc.date({ noInvalidDate: true }),
    requestId: fc.oneof(fc.uuid(), text),
    user: maybe,
    role: maybe,
    agents: fc.array(fc.oneof(text, fc.constantFrom(...Object.values(document.workloads))), {
      maxLength: 30,
    }),
    enforcementPoint: text,
    resource: text,
    action: text,
    tool: maybe,
    device: maybe,
    location: maybe,
    allowed: fc.boolean(),
    trustLevel: fc.constantFrom("NONE", "AUTHENTICATED", "AUTHORIZED", "VERIFIED"),
    reason: text,
    policyIds: fc.array(text, { maxLength: 30 }),
    outcome: fc.constantFrom(undefined, "succeeded", "failed"),
  });

  it("has the shape that is said, is canonical, intact, and one line, whatever the event", () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        for (const line of written(event).lines) {
          const value = JSON.parse(line) as object;
          expect(auditRecordSchema.safeParse(value).error).toBeUndefined();
          // The fingerprint is taken of what JSON.stringify writes, and found again of what the standard says.
          expect(line).toBe(`${canonicalize(value)}\n`);
          expect(foundRecord(value)?.isIntact).toBe(true);
          expect(line.indexOf("\n")).toBe(line.length - 1);
          expect(Buffer.byteLength(line)).toBeLessThan(15_000);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("holds no name that nothing declares, wherever whoever asks wrote a patient's", () => {
    const patient = fc.constantFrom(
      "Jane Doe",
      "MRN-00412345",
      "Patient/8f3a",
      "1961-04-02",
      "doe$(jane)[1]",
    );
    fc.assert(
      fc.property(anyEvent, patient, (event, name) => {
        const asked = {
          ...event,
          user: "u-17",
          policyIds: [],
          requestId: name,
          role: name,
          agents: [name],
          enforcementPoint: name,
          resource: name,
          action: name,
          tool: name,
          device: name,
          location: name,
          reason: `The role ${name} does not exist; "${name}" is no tool.`,
        };
        expect(written(asked).text).not.toContain(name);
      }),
      { numRuns: 50 },
    );
  });

  it("is there of a name that is as long as a question may be", () => {
    const name = "(".repeat(1_000_000);
    const asked = { ...decision, allowed: false, resource: name, tool: name, action: name };
    expect(recordOf(asked)).toMatchObject({
      status_detail: decision.reason,
      api: { operation: "undeclared" },
      resources: [{ uid: "undeclared" }, { uid: "undeclared" }],
    });
  });

  it("keeps nothing of a name that is a part of another", () => {
    const record = recordOf({
      ...decision,
      role: "Doe",
      resource: "Jane Doe",
      reason: "Jane Doe is unknown.",
    });
    expect(record).toMatchObject({
      status_detail: "undeclared is unknown.",
      resources: [{ uid: "undeclared" }],
      actor: { user: { groups: [{ name: "undeclared" }] } },
    });
  });

  it.each([
    ["0b9f6a3e-8b0d-4a60-9d0e-5a2b3c4d5e6f", true],
    ["4bf92f3577b34da6a3ce929d0e0e4736", true],
    ["1-5759e988-bd862e3fe1be46a994272793", true],
    ["00412345", false],
    ["1961-04-02-1961-04-02-1961-04-02-", false],
    ["jane.doe@example.org", false],
    ["", false],
  ])("has the number %j of a request only if it cannot be a person's: %s", (requestId, isKept) => {
    expect(recordOf({ ...decision, requestId })).toMatchObject({
      api: { request: { uid: isKept ? requestId : "undeclared" } },
      metadata: { correlation_uid: isKept ? requestId : "undeclared" },
    });
  });

  it("holds the names of the hospital's own policies", () => {
    const own = auditVocabulary({
      ...document,
      cedar: {
        ...document.cedar,
        policies: { own: 'permit (principal, action, resource == Bulkhead::Resource::"bed_plan");' },
      },
    });
    expect(own.resources.has("bed_plan")).toBe(true);
    expect(vocabulary.resources.has("bed_plan")).toBe(false);
  });
});

describe("a trail", () => {
  const refusing = {
    write(): void {
      throw new AuditUnavailable("full");
    },
    close(): void {
      // There is nothing to close.
    },
  };

  it("says that it begins and that its writer stops", () => {
    expect(
      written(decision).records.map(
        (record) => (record as { metadata: { event_code: string } }).metadata.event_code,
      ),
    ).toEqual(["chain-began", "access-decision", "chain-stopped"]);
  });

  it("cannot be opened where nothing can be written", () => {
    expect(() => ChainedTrail.open(refusing, reporter, vocabulary, { chain: "c" })).toThrow(AuditUnavailable);
  });

  it("gives a record that was not written no place", () => {
    const kept = new KeptLines();
    let isFull = false;
    const sink = {
      write: (line: string): void => (isFull ? refusing.write() : kept.write(line)),
      close: (): void => undefined,
    };
    const trail = ChainedTrail.open(sink, reporter, vocabulary, { chain: "c" });
    isFull = true;
    expect(() => trail.append(decision)).toThrow(AuditUnavailable);
    isFull = false;
    trail.append(decision);
    expect(kept.records).toMatchObject([{ metadata: { sequence: 0 } }, { metadata: { sequence: 1 } }]);
  });

  it("takes nothing after it was closed, and an event that is none at no time", () => {
    const trail = ChainedTrail.open(new KeptLines(), reporter, vocabulary, { chain: "c" });
    expect(() => trail.append({ ...decision, time: undefined as unknown as Date })).toThrow(AuditUnavailable);
    trail.close();
    trail.close();
    expect(() => trail.append(decision)).toThrow(AuditUnavailable);
  });
});
