import { describe, expect, it } from "vitest";

import type { OwnPolicyEntry } from "../../../model/platform-file";
import { AccessDocumentError } from "../../../services/decision-point/access-document-error";
import type { Decision, ToolCall, UserRequest } from "../../../services/decision-point/decision";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";

import { documentWith, identityOf } from "./access-documents";

function engineWith(...policies: readonly OwnPolicyEntry[]): DecisionEngine {
  return DecisionEngine.open(documentWith({ policies }));
}

const nurse: UserRequest = {
  user: "e3b0c442",
  role: "nurse",
  resource: "phi_clinical_rag",
  action: "use",
  device: "compliant",
  location: "vpn",
  secondFactor: false,
};
const call: ToolCall = {
  request: { ...nurse, role: "attending_physician" },
  agents: [identityOf("async-ai-workers")],
  tool: "fhir_search",
  patient: "p",
  arguments: { patient: "p", count: 150 },
};

/** Permits whatever Cedar can be asked. */
const everything = { id: "everything", cedar: "permit (principal, action, resource);" };

describe("a policy of the hospital's own", () => {
  it("that forbids denies what the model allows, with the reason that it gives", () => {
    const engine = engineWith({
      id: "no-vpn-for-nurses",
      cedar: `@reason("Nurses are on the wards.")
        forbid (principal, action == Bulkhead::Action::"use", resource)
        when { context.role == "nurse" && context.location == "vpn" };`,
    });
    expect(engine.decide(nurse)).toEqual({
      trustLevel: "AUTHENTICATED",
      allowed: false,
      component: "phi_clinical_rag",
      action: "use",
      reason: "Nurses are on the wards.",
      requiresMfa: false,
      sessionMinutes: 0,
      policyIds: ["no-vpn-for-nurses"],
    } satisfies Decision);
    expect(engine.decide({ ...nurse, location: "corporate_network" })).toMatchObject({ allowed: true });
    // What comes first in the order of decisions is said first.
    expect(engine.decide({ ...nurse, device: "non_compliant" })).toMatchObject({
      trustLevel: "NONE",
      reason: "The device is not compliant.",
    });
  });

  it("that forbids without a reason is named", () => {
    const engine = engineWith({
      id: "one-user",
      cedar: `forbid (principal == Bulkhead::User::"e3b0c442", action, resource);`,
    });
    expect(engine.decide(nurse)).toMatchObject({ allowed: false, reason: "Policy one-user forbids it." });
    expect(engine.decide({ ...nurse, user: "other" })).toMatchObject({ allowed: true });
  });

  it("that asks for a second factor has it asked for", () => {
    const engine = engineWith({
      id: "second-factor-on-vpn",
      cedar: `forbid (principal, action == Bulkhead::Action::"use", resource) when { context.location == "vpn" } unless { context.secondFactor };`,
    });
    expect(engine.decide(nurse)).toMatchObject({
      allowed: false,
      trustLevel: "AUTHORIZED",
      requiresMfa: true,
      policyIds: ["second-factor-on-vpn"],
    });
    expect(engine.decide({ ...nurse, secondFactor: true })).toMatchObject({ allowed: true });
    expect(engine.decide({ ...nurse, resource: "phi_medication_review" })).toMatchObject({
      trustLevel: "AUTHENTICATED",
      requiresMfa: false,
      reason: "Role nurse may not use phi_medication_review.",
    });
  });

  it("that permits adds to what roles may, and takes no refusal away", () => {
    const engine = engineWith(everything);
    expect(engine.decide({ ...nurse, resource: "phi_medication_review" })).toMatchObject({
      allowed: true,
      policyIds: ["everything"],
    });
    const refused: readonly (readonly [Partial<UserRequest>, string])[] = [
      [{ device: "non_compliant" }, "NONE"],
      [{ device: undefined }, "NONE"],
      [{ location: "external" }, "AUTHENTICATED"],
      [{ location: "car_park" }, "AUTHENTICATED"],
      [{ location: undefined }, "AUTHENTICATED"],
      [{ role: "visitor" }, "AUTHENTICATED"],
      [{ role: undefined }, "AUTHENTICATED"],
      [{ resource: "billing_export" }, "AUTHENTICATED"],
      [{ resource: "phi_psychiatric_notes" }, "AUTHENTICATED"],
      [{ resource: "phi_discharge_summary" }, "AUTHORIZED"],
    ];
    for (const [changes, trustLevel] of refused) {
      expect(engine.decide({ ...nurse, ...changes }), JSON.stringify(changes)).toMatchObject({
        allowed: false,
        trustLevel,
      });
    }
  });

  it("that permits calls lets an agent call, for the patient in context, what there is", () => {
    const engine = engineWith(everything);
    expect(engine.decideToolCall({ ...call, arguments: { patient: "p", count: 999 } })).toMatchObject({
      allowed: true,
      policyIds: ["everything", "role.attending_physician"],
    });
    for (const changes of [
      { arguments: { patient: "q", count: 1 } },
      { tool: "fhir_delete" },
      { agents: [identityOf("embedding-service")] },
    ]) {
      expect(engine.decideToolCall({ ...call, ...changes }), JSON.stringify(changes)).toMatchObject({
        allowed: false,
      });
    }
  });

  it("that forbids calls denies them, with the reason that it gives", () => {
    const engine = engineWith({
      id: "few-rows",
      cedar: `@reason("A hundred rows are enough.") forbid (principal, action == Bulkhead::Action::"call", resource) when { context has rows && context.rows > 100 };`,
    });
    expect(engine.decideToolCall(call)).toMatchObject({
      allowed: false,
      trustLevel: "AUTHENTICATED",
      reason: "A hundred rows are enough.",
      policyIds: ["few-rows"],
    });
    expect(engine.decideToolCall({ ...call, arguments: { patient: "p", count: 100 } })).toMatchObject({
      allowed: true,
    });
    expect(engine.decide(nurse)).toMatchObject({ allowed: true });
  });

  it("that cannot be evaluated denies, though Cedar would pass over it", () => {
    const engine = engineWith({
      id: "too-large",
      cedar: `forbid (principal, action == Bulkhead::Action::"call", resource) when { context has rows && context.rows * 9223372036854775807 > 0 };`,
    });
    expect(engine.decideToolCall({ ...call, arguments: { patient: "p", count: 2 } })).toMatchObject({
      allowed: false,
      trustLevel: "NONE",
      reason: "A policy cannot be evaluated for this request.",
      policyIds: ["too-large"],
    });
  });
});

describe("what a decision point is told", () => {
  function findingsOf(open: () => unknown): readonly string[] {
    try {
      open();
    } catch (error) {
      if (error instanceof AccessDocumentError) {
        expect(error.message).toContain(error.findings.join("\n  "));
        return error.findings;
      }
      throw error;
    }
    return [];
  }

  it("is refused with every finding, if its policies are not valid", () => {
    const findings = findingsOf(() =>
      engineWith(
        { id: "half", cedar: "permit (principal, action" },
        { id: "attribute", cedar: `forbid (principal, action, resource) when { context.rol == "nurse" };` },
        { id: "name", cedar: `forbid (principal, action, resource) when { context.role == "nurze" };` },
        { id: "two", cedar: "permit (principal, action, resource); forbid (principal, action, resource);" },
      ),
    );
    expect(findings).toEqual([
      expect.stringMatching(/^cedar\.policies\.half: .*unexpected end of input/),
      expect.stringMatching(/^cedar\.policies\.attribute: .*`rol` .*Action::"call" not found/),
      expect.stringMatching(/^cedar\.policies\.attribute: .*`rol` .*Action::"use" not found/),
      expect.stringMatching(/^cedar\.policies\.two: .*unexpected token `forbid`/),
      'cedar.policies.name: the platform has no "nurze" as role',
    ]);
  });

  it("is refused if its schema is not valid, or a policy that refuses is missing", () => {
    const document = documentWith();
    const { schema, policies } = document.cedar;
    const others = Object.fromEntries(
      Object.entries(policies).filter(([id]) => id !== "device-is-compliant"),
    );
    expect(
      findingsOf(() => DecisionEngine.open({ ...document, cedar: { schema, policies: others } })),
    ).toEqual(["cedar.policies: there is no policy `device-is-compliant`, which the access policy becomes"]);
    expect(
      findingsOf(() => DecisionEngine.open({ ...document, cedar: { schema: "namespace {", policies } })),
    ).toEqual([expect.stringMatching(/^cedar\.schema: /)]);
  });

  it("is told apart from that of another platform in the same process", () => {
    const strict = engineWith({ id: "nobody", cedar: "forbid (principal, action, resource);" });
    const usual = engineWith();
    expect(strict.decide(nurse).allowed).toBe(false);
    expect(usual.decide(nurse).allowed).toBe(true);
    expect(strict.decide(nurse).allowed).toBe(false);
  });

  it("never has the place of a generated policy taken by one with its id", () => {
    const engine = engineWith({ id: "device-is-compliant", cedar: "permit (principal, action, resource);" });
    expect(engine.decide({ ...nurse, device: "non_compliant" })).toMatchObject({ trustLevel: "NONE" });
    expect(engine.decide({ ...nurse, resource: "phi_medication_review" }).allowed).toBe(false);
  });
});
