import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

import { safeguardProofs } from "./safeguard-proofs";

const name = "traffic-is-audited";

/** Flows, queries and calls are recorded, and the records are kept. */
export const trafficIsAudited: PolicyRule = {
  id: "BH-112",
  name,
  title: "Traffic is audited",
  description:
    "Flows of the network, queries for names, requests at the entrance, and calls that manage or read what the PHI zone holds are recorded; records are encrypted with a key of the customer's, kept for six years, and not deleted before. Advisory on a stack that no platform of ours is in.",
  severity: "medium",
  level: { group: "second", elsewhere: "advisory" },
  frameworks: [
    hipaa("164.312(b)"),
    nist80053("AU-2"),
    nist80053("AU-11"),
    nist80053("AU-12"),
    nist800207("Section 2.1, tenet 7"),
  ],
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
  proofs: ({ facts }) => safeguardProofs("Record", facts.safeguards().records),
  unconcerned: ({ facts }) =>
    facts.unaudited.length === 0 && facts.safeguards().records.length === 0
      ? "The stack has no network or store in a zone, and keeps no record."
      : undefined,
};
