import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

import { safeguardProofs } from "./safeguard-proofs";

const name = "network-defaults-are-sealed";

/** What a cloud puts into every network is stripped, and nothing falls back to it. */
export const networkDefaultsAreSealed: PolicyRule = {
  id: "BH-109",
  name,
  title: "Network defaults are sealed",
  description:
    "The network's default filters and main route table are stripped, each subnet has its own, and each filter's rules have one owner; on Google Cloud a network is made without default routes and without subnets of Google's, and its own rules deny whatever nothing allows. Its resolver answers no name that nobody named, and the account blocks public access to networks but by the subnets of gateways; whether that is the stack's to say is an option of our platform. Advisory on a stack that no platform of ours is in.",
  severity: "medium",
  level: { group: "second", elsewhere: "advisory" },
  frameworks: [hipaa("164.312(e)(1)"), nist80053("SC-7(5)"), nist800207("Section 2.2")],
  remediation:
    "Add the resource that the finding names, so that what names no filter or route table falls into an empty one.",
  check: (stack) =>
    stack.facts.missingSeals.map(({ urn, label, platform, what, assumption, remedy }): Finding => ({
      rule: name,
      severity: "medium",
      level: bindingPlatform(stack, platform) === undefined ? "advisory" : "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `${label}: ${what}`,
      packet: undefined,
      path: [],
      openedBy: [],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    })),
  proofs: ({ facts }) => safeguardProofs("Default", facts.safeguards().seals),
  unconcerned: ({ facts }) =>
    facts.missingSeals.length === 0 && facts.subnets.every(({ zone }) => zone === undefined)
      ? "The stack has no subnet in a zone."
      : undefined,
};
