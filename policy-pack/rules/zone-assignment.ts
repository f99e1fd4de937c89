import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { proof } from "../proof";
import { zoneRuleText } from "../zone-matching";

import { configurationFindings } from "./configuration-findings";

const name = "zone-assignment";

function finding(
  urn: string,
  summary: string,
  remedy: string,
  { verdict, level }: Pick<Finding, "verdict" | "level">,
): Finding {
  return {
    rule: name,
    severity: level === "advisory" ? "low" : "high",
    level,
    verdict,
    urn,
    summary,
    packet: undefined,
    path: [],
    openedBy: [],
    notes: [],
    remedy,
    isGuiltyAlone: false,
  };
}

/** What is said of the zone of one resource, and cannot be read or does not agree. */
function claimFindings({ unreadableClaims, zoneConflicts }: JudgedStack): readonly Finding[] {
  return [
    ...unreadableClaims.map(({ urn, what, remedy }) =>
      finding(urn, what, remedy, { verdict: "undetermined", level: "mandatory" }),
    ),
    ...zoneConflicts.map(({ urn, what }) =>
      finding(
        urn,
        what,
        "Let every source name the same zone. Until they do, the resource is judged as PHI if any calls it so.",
        { verdict: "open", level: "mandatory" },
      ),
    ),
  ];
}

/** Rules of the configuration by which nothing is assigned: a pattern may be mistyped. */
function unusedRules({ unusedZoneRules, root }: JudgedStack): readonly Finding[] {
  return unusedZoneRules.map((rule) =>
    finding(
      root,
      `The configuration assigns zone ${rule.zone} by ${zoneRuleText(rule)}, which is like nothing in the stack.`,
      "Mend the pattern, or take the rule away.",
      { verdict: "open", level: "advisory" },
    ),
  );
}

/** A stack with a network says where its PHI zone is, or that it has none; what it says has to be so. */
function phiZoneFindings({ firstOfNetwork, firstInPhi, root, settings }: JudgedStack): readonly Finding[] {
  const mandatory = { verdict: "undetermined", level: "mandatory" } as const;
  if (!settings.areZonesShown) {
    return [
      finding(
        root,
        "The policy zone-assignment is switched off, so that the zones which it is configured to assign are not known.",
        "Switch the policy on again: what it is configured with holds for every rule.",
        mandatory,
      ),
    ];
  }
  if (settings.noPhiZone && firstInPhi !== undefined) {
    return [
      finding(
        firstInPhi,
        "The configuration says that the stack has no PHI zone, and this is in it.",
        "Take noPhiZone out of the configuration of zone-assignment, or put the resource into another zone.",
        { verdict: "open", level: "mandatory" },
      ),
    ];
  }
  // Where the configuration is refused, that is what has to be mended first.
  const isUnderstood = !settings.problems.some(({ policy }) => policy === name);
  if (isUnderstood && !settings.noPhiZone && firstInPhi === undefined && firstOfNetwork !== undefined) {
    return [
      finding(
        firstOfNetwork,
        "The stack has a network, and nothing in it is in a PHI zone, so that the gate has nothing to hold closed.",
        'Say where the PHI zone is, by the tag or label bulkhead-zone, the output zoneMembers of a component, or the configuration of zone-assignment; if there is meant to be none, configure {"zone-assignment": {"noPhiZone": true}}.',
        mandatory,
      ),
    ];
  }
  return [];
}

/** Every resource that says a zone says one that exists, and all that speak of it say the same. */
export const zoneAssignment: PolicyRule = {
  id: "BH-108",
  name,
  title: "Zones are assigned",
  description:
    "Tags, labels, components and the pack's configuration that speak of one resource name the same zone, one that exists, as a value that is known. A stack with a network has a PHI zone, unless it is configured to have none.",
  severity: "high",
  level: { group: "first", except: "a configured pattern that is like nothing" },
  frameworks: [hipaa("164.308(a)(4)(i)"), nist80053("SC-7(21)"), nist800207("Section 3.1.2")],
  remediation:
    "Give the resource one zone, as a literal tag or label bulkhead-zone, or by a component for what can have none: gateway, processing, phi, egress, or shared.",
  check: (stack) => [
    ...claimFindings(stack),
    ...configurationFindings(stack, name),
    ...unusedRules(stack),
    ...phiZoneFindings(stack),
  ],
  proofs: (stack) =>
    stack
      .zonedResources()
      .map(({ zone, sources, ...resource }) =>
        proof(`Zone ${zone}: the resource is in it by ${sources[0] ?? "where it is"}.`, resource),
      ),
  unconcerned: ({ firstOfNetwork, zonedResources }) =>
    firstOfNetwork === undefined && zonedResources().length === 0
      ? "The stack has no network, and nothing in it is in a zone."
      : undefined,
};
