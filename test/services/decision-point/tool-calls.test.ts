import { describe, expect, it } from "vitest";

import type { ToolCall } from "../../../services/decision-point/decision";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";

import { documentWith, identityOf } from "./access-documents";

const summaries = identityOf("async-ai-workers");
const medications = identityOf("rag-service");
const engine = DecisionEngine.open(documentWith());

const physician: ToolCall["request"] = {
  user: "e3b0c442",
  role: "attending_physician",
  resource: "phi_clinical_rag",
  action: "use",
  device: "compliant",
  location: "vpn",
  secondFactor: false,
};
const search: ToolCall = {
  request: physician,
  agents: [summaries],
  tool: "fhir_search",
  patient: "patient-7",
  arguments: { patient: "patient-7", count: 20, code: "8480-6" },
};

function decided(changes: Partial<ToolCall>): ReturnType<DecisionEngine["decideToolCall"]> {
  return engine.decideToolCall({ ...search, ...changes });
}

describe("a tool call", () => {
  it("is allowed if the user and the agent may", () => {
    expect(decided({})).toEqual({
      trustLevel: "VERIFIED",
      allowed: true,
      component: "fhir_search",
      action: "call",
      reason:
        "Role attending_physician may use phi_clinical_rag, and discharge_summary_agent may call fhir_search.",
      requiresMfa: false,
      sessionMinutes: 60,
      policyIds: ["agent.discharge_summary_agent.fhir_search", "role.attending_physician"],
    });
  });

  it.each([
    [{ device: "non_compliant" }, "NONE", "The device is not compliant."],
    [
      { location: "external" },
      "AUTHENTICATED",
      "The resource discloses PHI, and the request comes from an external network.",
    ],
    [{ role: "administrative" }, "AUTHENTICATED", "Role administrative may not use phi_clinical_rag."],
    [
      { resource: "phi_discharge_summary" },
      "AUTHORIZED",
      "Role attending_physician may use phi_discharge_summary after a second factor.",
    ],
  ])("is denied if the user may not now: %j", (changes, trustLevel, reason) => {
    expect(decided({ request: { ...physician, ...changes } })).toMatchObject({
      allowed: false,
      trustLevel,
      component: "fhir_search",
      action: "call",
      reason,
      requiresMfa: trustLevel === "AUTHORIZED",
      sessionMinutes: 0,
    });
  });

  const refusedCalls: readonly (readonly [what: string, Partial<ToolCall>, reason: string])[] = [
    ["no agent", { agents: [] }, "It is not known which agent calls."],
    [
      "a workload that is no agent",
      { agents: [identityOf("embedding-service")] },
      "The caller is none of the platform's agents.",
    ],
    [
      "an agent of another trust domain",
      { agents: [summaries.replace("hospital", "hospita1")] },
      "The caller is none of the platform's agents.",
    ],
    [
      "an agent by its name in the place of its identity",
      { agents: ["discharge_summary_agent"] },
      "The caller is none of the platform's agents.",
    ],
    ["an unknown tool", { tool: "fhir_delete" }, "The tool is none of the platform's."],
    [
      "a tool that the agent was not given",
      { agents: [medications], tool: "document_search" },
      "medication_review_agent may not call document_search.",
    ],
    [
      "a role that the agent does not act for",
      { request: { ...physician, role: "nurse" } },
      "discharge_summary_agent does not act for role nurse.",
    ],
    [
      "another patient",
      { arguments: { patient: "patient-8", count: 20 } },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    ...["external", "vpn"].map(
      (location) =>
        [
          `a tool about patients for what discloses no PHI, from ${location}`,
          { request: { ...physician, resource: "knowledge_base_query", location } },
          "fhir_search is about patients, and knowledge_base_query discloses no PHI.",
        ] as const,
    ),
    [
      "no patient in the arguments",
      { arguments: { count: 20 } },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    [
      "several patients",
      { arguments: { patient: ["patient-7"], count: 20 } },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    [
      "no patient in context",
      { patient: undefined, arguments: { count: 20 } },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    [
      "an empty patient on both sides",
      { patient: "", arguments: { patient: "", count: 20 } },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    [
      "a patient that the arguments inherit",
      { arguments: Object.create({ patient: "patient-7", count: 20 }) as Record<string, unknown> },
      "discharge_summary_agent may call fhir_search for the patient in context only.",
    ],
    ...[201, 0, -1, 20.5, "20", null, undefined, Infinity, NaN, 2 ** 53, [20], true].map(
      (count) =>
        [
          `${JSON.stringify(count)} rows`,
          { arguments: { patient: "patient-7", count } },
          "discharge_summary_agent may ask fhir_search for 200 rows at most, and has to say how many.",
        ] as const,
    ),
  ];

  it.each(refusedCalls)("is denied with %s", (_, changes, reason) => {
    expect(decided(changes)).toMatchObject({
      allowed: false,
      trustLevel: "AUTHENTICATED",
      reason,
      requiresMfa: false,
      sessionMinutes: 0,
    });
  });

  it("may ask for as many rows as were granted, and no more", () => {
    const withRows = (agents: readonly string[], count: number): boolean =>
      decided({ agents, arguments: { patient: "patient-7", count } }).allowed;
    expect([1, 100, 101, 200, 201].map((count) => withRows([summaries], count))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect([1, 100, 101, 200].map((count) => withRows([medications], count))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("gains nothing by going through another agent", () => {
    const draft: Partial<ToolCall> = { tool: "draft_summary", arguments: { patient: "patient-7" } };
    expect(decided({ ...draft, agents: [summaries] })).toMatchObject({ allowed: true });
    for (const agents of [
      [medications, summaries],
      [summaries, medications],
      [summaries, medications, summaries],
    ]) {
      expect(decided({ ...draft, agents })).toMatchObject({
        allowed: false,
        reason: "medication_review_agent may not call draft_summary.",
      });
      expect(decided({ agents, arguments: { patient: "patient-7", count: 101 } })).toMatchObject({
        allowed: false,
        reason: "medication_review_agent may ask fhir_search for 100 rows at most, and has to say how many.",
      });
      expect(decided({ agents, arguments: { patient: "patient-7", count: 100 } })).toMatchObject({
        allowed: true,
      });
    }
    const asPharmacist = { ...physician, role: "pharmacist", resource: "phi_medication_review" };
    expect(decided({ request: asPharmacist, agents: [medications] })).toMatchObject({ allowed: true });
    expect(decided({ request: asPharmacist, agents: [medications, summaries] })).toMatchObject({
      allowed: false,
      reason: "discharge_summary_agent does not act for role pharmacist.",
    });
  });

  it("that writes is not allowed by a grant to read", () => {
    const reading = DecisionEngine.open(
      documentWith({
        agents: [
          {
            id: "reader",
            workload: "async-ai-workers",
            actsFor: ["attending_physician"],
            tools: [{ id: "draft_summary", access: "read" }, { id: "fhir_search" }],
          },
        ],
      }),
    );
    expect(
      reading.decideToolCall({ ...search, tool: "draft_summary", arguments: { patient: "patient-7" } }),
    ).toMatchObject({ allowed: false, reason: "reader may only read, and draft_summary writes." });
    // Without a bound, rows need not be said.
    expect(reading.decideToolCall({ ...search, arguments: { patient: "patient-7" } })).toMatchObject({
      allowed: true,
    });
  });

  it("of a tool that is not told how many rows is never within a bound of rows", () => {
    const bounded = DecisionEngine.open(
      documentWith({
        agents: [
          {
            id: "writer",
            workload: "async-ai-workers",
            actsFor: ["attending_physician"],
            tools: [{ id: "draft_summary", access: "write", mostRows: 5 }],
          },
        ],
      }),
    );
    expect(
      bounded.decideToolCall({
        ...search,
        tool: "draft_summary",
        arguments: { patient: "patient-7", count: 1 },
      }),
    ).toMatchObject({ allowed: false });
  });

  it("says of arguments and patients nothing at all", () => {
    for (const changes of [{}, ...refusedCalls.map(([, change]) => change)]) {
      expect(JSON.stringify(decided(changes))).not.toMatch(/patient-[78]|8480-6/);
    }
  });
});
