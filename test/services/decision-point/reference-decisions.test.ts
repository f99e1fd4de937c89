import { describe, expect, it } from "vitest";

import { DecisionEngine } from "../../../services/decision-point/decision-engine";

import { documentWith } from "./access-documents";

/**
 * What is decided of whom on a compliant device, written down by hand from the policy as people say it. For each network
 * two letters: without a second factor, and with one.
 *
 * V allowed; M allowed after a second factor; P the role may not; X PHI from outside; L the network is not known;
 * R no such role; S no such resource.
 */
const table = `
                                            corporate vpn external elsewhere unsaid
attending_physician  phi_clinical_rag           VV    VV     XX       LL       LL
attending_physician  phi_discharge_summary      MV    MV     XX       LL       LL
attending_physician  phi_medication_review      VV    VV     XX       LL       LL
attending_physician  knowledge_base_query       VV    VV     VV       LL       LL
attending_physician  phi_psychiatric_notes      SS    SS     XX       LL       LL
attending_physician  billing_export             SS    SS     SS       LL       LL
nurse                phi_clinical_rag           VV    VV     XX       LL       LL
nurse                phi_discharge_summary      PP    PP     XX       LL       LL
nurse                phi_medication_review      PP    PP     XX       LL       LL
nurse                knowledge_base_query       VV    VV     VV       LL       LL
nurse                phi_psychiatric_notes      SS    SS     XX       LL       LL
nurse                billing_export             SS    SS     SS       LL       LL
pharmacist           phi_clinical_rag           PP    PP     XX       LL       LL
pharmacist           phi_discharge_summary      PP    PP     XX       LL       LL
pharmacist           phi_medication_review      VV    VV     XX       LL       LL
pharmacist           knowledge_base_query       VV    VV     VV       LL       LL
pharmacist           phi_psychiatric_notes      SS    SS     XX       LL       LL
pharmacist           billing_export             SS    SS     SS       LL       LL
administrative       phi_clinical_rag           PP    PP     XX       LL       LL
administrative       phi_discharge_summary      PP    PP     XX       LL       LL
administrative       phi_medication_review      PP    PP     XX       LL       LL
administrative       knowledge_base_query       VV    VV     VV       LL       LL
administrative       phi_psychiatric_notes      SS    SS     XX       LL       LL
administrative       billing_export             SS    SS     SS       LL       LL
visitor              phi_clinical_rag           RR    RR     XX       LL       LL
visitor              phi_discharge_summary      RR    RR     XX       LL       LL
visitor              phi_medication_review      RR    RR     XX       LL       LL
visitor              knowledge_base_query       RR    RR     RR       LL       LL
visitor              phi_psychiatric_notes      RR    RR     XX       LL       LL
visitor              billing_export             RR    RR     RR       LL       LL
(unsaid)             phi_clinical_rag           RR    RR     XX       LL       LL
(unsaid)             phi_discharge_summary      RR    RR     XX       LL       LL
(unsaid)             phi_medication_review      RR    RR     XX       LL       LL
(unsaid)             knowledge_base_query       RR    RR     RR       LL       LL
(unsaid)             phi_psychiatric_notes      RR    RR     XX       LL       LL
(unsaid)             billing_export             RR    RR     RR       LL       LL
`;

const locations = ["corporate_network", "vpn", "external", "car_park", undefined];
/** Every device but a compliant one: nobody may do anything. */
const otherDevices = [
  ["non_compliant", "The device is not compliant."],
  ["Compliant", "It is not known whether the device is compliant."],
  ["", "It is not known whether the device is compliant."],
  [undefined, "It is not known whether the device is compliant."],
] as const;

interface Expected {
  readonly trustLevel: string;
  readonly allowed: boolean;
  readonly requiresMfa: boolean;
  readonly sessionMinutes: number;
  readonly reason: string;
}

const no = { trustLevel: "AUTHENTICATED", allowed: false, requiresMfa: false, sessionMinutes: 0 };

function expected(letter: string | undefined, role: string, resource: string): Expected {
  switch (letter) {
    case "V":
      return {
        trustLevel: "VERIFIED",
        allowed: true,
        requiresMfa: false,
        sessionMinutes: 60,
        reason: `Role ${role} may use ${resource}.`,
      };
    case "M":
      return {
        trustLevel: "AUTHORIZED",
        allowed: false,
        requiresMfa: true,
        sessionMinutes: 0,
        reason: `Role ${role} may use ${resource} after a second factor.`,
      };
    case "P":
      return { ...no, reason: `Role ${role} may not use ${resource}.` };
    case "X":
      return {
        ...no,
        reason: "The resource discloses PHI, and the request comes from an external network.",
      };
    case "L":
      return { ...no, reason: "It is not known from which network the request comes." };
    case "R":
      return { ...no, reason: "The role is none of the platform's." };
    case "S":
      return { ...no, reason: "The resource is none of the platform's." };
    default:
      throw new Error(`the table has no letter ${String(letter)}`);
  }
}

const rows = table
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => {
    const [role = "", resource = "", ...letters] = line.trim().split(/\s+/);
    return { role, resource, letters };
  });

describe("the decisions of the reference platform", () => {
  const engine = DecisionEngine.open(documentWith());
  const user = "e3b0c442";

  it("has a row for every role and resource, and for those that there are not", () => {
    const { access } = documentWith();
    const roles = new Set(rows.map(({ role }) => role));
    const resources = new Set(rows.map(({ resource }) => resource));
    expect([...roles]).toEqual(expect.arrayContaining(access.roles.map(({ id }) => id)));
    expect([...resources]).toEqual(expect.arrayContaining(access.roles.flatMap((role) => role.resources)));
    expect(rows).toHaveLength(roles.size * resources.size);
    expect(new Set(rows.map(({ letters }) => letters.length))).toEqual(new Set([locations.length]));
  });

  it.each(rows)("are those of the table for $role and $resource", ({ role, resource, letters }) => {
    const said = role === "(unsaid)" ? undefined : role;
    locations.forEach((location, column) => {
      for (const secondFactor of [false, true]) {
        const asked = { user, role: said, resource, action: "use", location, secondFactor };
        const where = `${String(location)}, ${String(secondFactor)}`;
        const { component, action, policyIds, ...decided } = engine.decide({ ...asked, device: "compliant" });
        expect(decided, where).toEqual(expected(letters[column]?.[secondFactor ? 1 : 0], role, resource));
        expect({ component, action }).toEqual({ component: resource, action: "use" });
        expect(policyIds, where).toEqual(decided.allowed ? [`role.${role}`] : expect.any(Array));

        for (const [device, reason] of otherDevices) {
          expect(engine.decide({ ...asked, device }), where).toMatchObject({
            ...no,
            trustLevel: "NONE",
            reason,
          });
        }
      }
    });
  });

  it("names the policies that refuse, and none where nothing permits", () => {
    const physician = {
      user,
      role: "attending_physician",
      resource: "phi_discharge_summary",
      action: "use",
      device: "compliant",
      location: "vpn",
      secondFactor: false,
    };
    const policies = (changes: Partial<typeof physician>): readonly string[] =>
      engine.decide({ ...physician, ...changes }).policyIds;
    expect(policies({})).toEqual(["second-factor"]);
    expect(policies({ secondFactor: true })).toEqual(["role.attending_physician"]);
    expect(policies({ device: "non_compliant" })).toEqual(["device-is-compliant", "second-factor"]);
    expect(policies({ location: "external", secondFactor: true })).toEqual(["phi-stays-inside"]);
    expect(policies({ role: "visitor", secondFactor: true })).toEqual(["request-is-known"]);
    expect(policies({ role: "nurse" })).toEqual([]);
  });

  it("trusts nobody who is not known, and nothing that is no text", () => {
    const asked = {
      user: "",
      role: "nurse",
      resource: "knowledge_base_query",
      action: "use",
      device: "compliant",
      location: "vpn",
      secondFactor: true,
    };
    expect(engine.decide(asked)).toMatchObject({
      ...no,
      trustLevel: "NONE",
      reason: "It is not known who asks.",
      policyIds: [],
    });
    for (const broken of [{ user: "\ud800" }, { user, resource: "\udc00" }, { user, role: "a\ud800b" }]) {
      expect(engine.decide({ ...asked, ...broken })).toMatchObject({
        ...no,
        trustLevel: "NONE",
        reason: "The request cannot be read as one of the platform's.",
      });
    }
    expect(engine.decide({ ...asked, user: 'Zoë "😀" \\ \0' })).toMatchObject({ allowed: true });
  });

  it("says the resource and the action as they were asked", () => {
    expect(
      engine.decide({
        user,
        role: "nurse",
        resource: "knowledge_base_query",
        action: "summarise",
        device: "compliant",
        location: "external",
        secondFactor: false,
      }),
    ).toMatchObject({ component: "knowledge_base_query", action: "summarise", allowed: true });
  });
});
