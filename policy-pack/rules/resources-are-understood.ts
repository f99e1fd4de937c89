import type { Blind } from "../facts/fact";
import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { proof } from "../proof";
import { isWhollyRead } from "../wholly-read";

import { noPhiZone } from "./no-phi-zone";

const name = "resources-are-understood";

function finding(
  { urn, label, what, remedy }: Pick<Blind, "urn" | "label" | "what" | "remedy">,
  level: Finding["level"],
): Finding {
  return {
    rule: name,
    severity: level === "mandatory" ? "high" : "low",
    level,
    verdict: "undetermined",
    urn,
    summary: label === "" ? what : `${label}: ${what}`,
    packet: undefined,
    path: [],
    openedBy: [{ urn, label: label === "" ? "Platform" : label }],
    notes: [],
    remedy,
    isGuiltyAlone: false,
  };
}

/** What cannot be read. It refuses the stack where it touches the PHI zone, or may, and on a platform of ours. */
function unread({ facts, declarations }: JudgedStack): readonly Finding[] {
  const holdsPhi = [
    ...facts.subnets,
    ...facts.interfaceFilters,
    ...facts.subnetFilters,
    ...facts.routeTables,
  ].some(({ zone }) => zone === "phi");
  const isOurs = declarations.platforms.size > 0;
  return facts.blind.map((blind) => {
    const touchesPhi = blind.zone === "phi" || (blind.zone === undefined && holdsPhi);
    return finding(blind, touchesPhi || (isOurs && holdsPhi) ? "mandatory" : "advisory");
  });
}

/** What the program does not decide, although the verdict hangs on it. */
function ignored({ ignoredChanges, declarations, facts }: JudgedStack): readonly Finding[] {
  // How an entrance knows its clients matters wherever it is.
  const entrances = new Set([...facts.hops, ...facts.unprovedHops].map(({ urn }) => urn));
  return ignoredChanges.map(({ urn, property, touchesPhi }) =>
    finding(
      {
        urn,
        label: urn.split("::").slice(-2).join(" "),
        what: `\`${property}\` stays as the cloud has it (ignoreChanges), so that what is in force may not be what is shown.`,
        remedy: `Take ${property} out of ignoreChanges.`,
      },
      touchesPhi || entrances.has(urn) || declarations.platforms.size > 0 ? "mandatory" : "advisory",
    ),
  );
}

/** What a platform declares, and may not. */
function refused({ declarations }: JudgedStack): readonly Finding[] {
  return declarations.refused.map(({ urn, what, remedy }) =>
    finding({ urn, label: "", what, remedy }, "mandatory"),
  );
}

/** Nothing is attached to the PHI zone, or may be, that the judge cannot read. */
export const resourcesAreUnderstood: PolicyRule = {
  id: "BH-107",
  name,
  title: "Resources are understood",
  description:
    "Whatever is attached to the PHI zone, or may be, is of a type that the judge reads, its ids and checked inputs are known, and what decides is not left to the cloud by ignoreChanges. Elsewhere what cannot be read is advice.",
  severity: "high",
  level: {
    group: "first",
    except: "what touches no PHI zone (elsewhere than on a platform of ours)",
  },
  frameworks: [hipaa("164.308(a)(1)(ii)(A)"), nist80053("CM-8"), nist800207("Section 2.1, tenet 5")],
  remediation: "Refer to resources of the stack by their outputs, and use types that docs/rules.md lists.",
  check: (stack) => [...unread(stack), ...ignored(stack), ...refused(stack)],
  proofs: (stack) => {
    const inPhi = stack.zonedResources().filter(({ zone }) => zone === "phi");
    return [
      ...inPhi.map((resource) =>
        proof(
          "In the PHI zone: the resource is of a type that the judge reads, or that opens nothing.",
          resource,
        ),
      ),
      ...(isWhollyRead(stack, "phi")
        ? inPhi.map((resource) =>
            proof("Of the PHI zone: nothing that the judge cannot read refers to it, or may.", resource),
          )
        : []),
      ...(stack.ignoredChanges.length === 0
        ? inPhi.map((resource) =>
            proof(
              "Of the PHI zone: no property that decides is left to the cloud (ignoreChanges).",
              resource,
            ),
          )
        : []),
      ...(stack.declarations.refused.length === 0
        ? [...stack.declarations.platforms.values()].map(({ urn, name: platform }) =>
            proof("The platform's declaration is read: each flow in it is one that a platform may have.", {
              urn,
              label: `Platform ${platform}`,
            }),
          )
        : []),
    ];
  },
  unconcerned: noPhiZone,
};
