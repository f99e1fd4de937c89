import type { Finding } from "../finding";
import type { PolicyRule } from "../policy-rule";

const name = "resources-are-understood";

/** Nothing is attached to the PHI zone, or may be, that the judge cannot read. */
export const resourcesAreUnderstood: PolicyRule = {
  name,
  title: "Resources are understood",
  description:
    "Whatever is attached to the PHI zone, or may be, is of a type that the judge reads, and its ids and checked inputs are known.",
  severity: "high",
  framework: {
    name: "NIST SP 800-207",
    version: "2020",
    reference: "Section 2.1, tenet 5",
    specification:
      "The enterprise monitors and measures the integrity and security posture of all owned and associated assets",
  },
  remediation: "Refer to resources of the stack by their outputs, and use types that docs/rules.md lists.",
  check: ({ facts, declarations }) => {
    const holdsPhi = [
      ...facts.subnets,
      ...facts.interfaceFilters,
      ...facts.subnetFilters,
      ...facts.routeTables,
    ].some(({ zone }) => zone === "phi");
    const unread = facts.blind
      // What may belong to anything matters where there is a PHI zone that it may belong to.
      .filter(({ zone }) => zone === "phi" || holdsPhi)
      .map(({ urn, label, what, remedy }): Finding => ({
        rule: name,
        severity: "high",
        level: "mandatory",
        verdict: "undetermined",
        urn,
        summary: `${label}: ${what}`,
        packet: undefined,
        path: [],
        openedBy: [{ urn, label }],
        notes: [],
        remedy,
        isGuiltyAlone: false,
      }));
    const refused = declarations.refused.map(({ urn, what, remedy }): Finding => ({
      rule: name,
      severity: "high",
      level: "mandatory",
      verdict: "undetermined",
      urn,
      summary: what,
      packet: undefined,
      path: [],
      openedBy: [{ urn, label: "Platform" }],
      notes: [],
      remedy,
      isGuiltyAlone: false,
    }));
    return [...unread, ...refused];
  },
};
