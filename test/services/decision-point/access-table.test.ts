import { describe, expect, it } from "vitest";

import { accessTable } from "../../../services/decision-point/access-table";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";

import { documentWith, referenceAccess } from "./access-documents";

function tableOf(...changes: Parameters<typeof documentWith>): ReturnType<typeof accessTable> {
  const document = documentWith(...changes);
  return accessTable(document, DecisionEngine.open(document));
}

const everywhere = { corporate_network: "allowed", vpn: "allowed", external: "allowed" };
const inside = { ...everywhere, external: "denied" };
const nowhere = { corporate_network: "denied", vpn: "denied", external: "denied" };

describe("the table of who may do what", () => {
  it("has every role with every resource", () => {
    const { roles } = tableOf();
    expect(roles).toHaveLength(4 * 4);
    const of = (role: string): unknown =>
      Object.fromEntries(
        roles.filter((row) => row.role === role).map(({ resource, from }) => [resource, from]),
      );
    expect(of("attending_physician")).toEqual({
      phi_clinical_rag: inside,
      phi_discharge_summary: {
        corporate_network: "second factor",
        vpn: "second factor",
        external: "denied",
      },
      phi_medication_review: inside,
      knowledge_base_query: everywhere,
    });
    expect(of("nurse")).toEqual({
      phi_clinical_rag: inside,
      phi_discharge_summary: nowhere,
      phi_medication_review: nowhere,
      knowledge_base_query: everywhere,
    });
    expect(of("pharmacist")).toMatchObject({ phi_clinical_rag: nowhere, phi_medication_review: inside });
    expect(of("administrative")).toMatchObject({
      phi_clinical_rag: nowhere,
      knowledge_base_query: everywhere,
    });
  });

  it("has every agent with every tool, and for whom", () => {
    const patientInContext = true;
    expect(tableOf().agents).toEqual([
      {
        agent: "discharge_summary_agent",
        tool: "fhir_search",
        roles: ["attending_physician"],
        patientInContext,
        mostRows: 200,
      },
      {
        agent: "discharge_summary_agent",
        tool: "document_search",
        roles: ["attending_physician"],
        patientInContext,
        mostRows: 50,
      },
      {
        agent: "discharge_summary_agent",
        tool: "draft_summary",
        roles: ["attending_physician"],
        patientInContext,
        mostRows: null,
      },
      {
        agent: "medication_review_agent",
        tool: "fhir_search",
        roles: ["attending_physician", "pharmacist"],
        patientInContext,
        mostRows: 100,
      },
      ...["document_search", "draft_summary"].map((tool) => ({
        agent: "medication_review_agent",
        tool,
        roles: [],
        patientInContext,
        mostRows: null,
      })),
    ]);
  });

  it("lets tools about patients be called by whom it grants PHI, whatever else it grants before", () => {
    const { roles } = referenceAccess;
    const reversed = roles.map((role) => ({ ...role, resources: [...role.resources].reverse() }));
    expect(tableOf({ roles: reversed }).agents).toEqual(tableOf().agents);
  });

  it("shows what policies of the hospital's own change", () => {
    const { roles, agents } = tableOf({
      policies: [
        {
          id: "wards-only",
          cedar: `forbid (principal, action == Bulkhead::Action::"use", resource) when { context.role == "nurse" && context.location == "vpn" };`,
        },
        { id: "no-tools", cedar: `forbid (principal, action == Bulkhead::Action::"call", resource);` },
      ],
    });
    expect(
      roles.find(({ role, resource }) => role === "nurse" && resource === "knowledge_base_query")?.from,
    ).toEqual({ ...everywhere, vpn: "denied" });
    expect(agents.flatMap((row) => row.roles)).toEqual([]);
  });
});
