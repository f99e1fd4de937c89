import type { Finding } from "../finding";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

const name = "traffic-is-audited";

/** Flows, queries and calls are recorded, and the records are kept. */
export const trafficIsAudited: PolicyRule = {
  name,
  title: "Traffic is audited",
  description:
    "Flows of the network, queries for names, requests at the entrance, and calls that manage or read what the PHI zone holds are recorded; records are encrypted with a key of the customer's, kept for six years, and not deleted before. Advisory on a stack that no platform of ours is in.",
  severity: "medium",
  framework: {
    name: "HIPAA Security Rule",
    version: "2013",
    reference: "45 CFR 164.312(b)",
    specification: "Audit controls",
  },
  remediation: "Add the record, or the setting of one, that the finding names.",
  check: (stack) =>
    stack.facts.unaudited.map(({ urn, label, platform, what, assumption, remedy }): Finding => ({
      rule: name,
      severity: "medium",
      level: bindingPlatform(stack, platform) === undefined ? "advisory" : "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `${label}: ${what}`,
      packet: undefined,
      path: [],
      openedBy: [{ urn, label: what }],
      notes: [],
      remedy,
      isGuiltyAlone: false,
    })),
};
