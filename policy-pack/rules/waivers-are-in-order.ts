import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { proof } from "../proof";
import type { Waiver } from "../waiver";

import { configurationFindings } from "./configuration-findings";

const name = "waivers-are-in-order";

function finding(
  root: string,
  {
    level,
    summary,
    notes = [],
    remedy,
  }: Pick<Finding, "level" | "summary" | "remedy"> & { readonly notes?: Finding["notes"] },
): Finding {
  return {
    rule: name,
    severity: level === "mandatory" ? "high" : "low",
    level,
    verdict: "open",
    urn: root,
    summary,
    packet: undefined,
    path: [],
    openedBy: [],
    notes,
    remedy,
    isGuiltyAlone: false,
    isAboutGate: true,
  };
}

function waiverText({ rule, resource, owner }: Waiver): string {
  return `The waiver of ${rule} for ${resource}, by ${owner},`;
}

/** A file that is not understood. One finding tells all that is wrong with it. */
function unreadable({ waivers: { problems }, root }: JudgedStack): readonly Finding[] {
  const [first] = problems;
  return first === undefined
    ? []
    : [
        finding(root, {
          level: "mandatory",
          summary: `The file of waivers is refused, and none of its waivers counts: ${problems.length === 1 ? "1 problem" : `${String(problems.length)} problems`}.`,
          notes: problems.map(
            ({ path, what, remedy }) => `${path === "" ? "(the whole file)" : path}: ${what}. ${remedy}`,
          ),
          remedy: first.remedy,
        }),
      ];
}

/** Waivers that do not count. Those of a file that is refused are told with it. */
function outOfOrder({ waivers, waiverStandings, root }: JudgedStack): readonly Finding[] {
  if (waivers.problems.length > 0) {
    return [];
  }
  return waiverStandings.flatMap(({ waiver, problem }) =>
    problem === undefined
      ? []
      : [
          finding(root, {
            level: problem.status === "expired" ? "advisory" : "mandatory",
            summary: `${waiverText(waiver)} ${problem.status === "expired" ? "does not count" : problem.status === "too-broad" ? "is too broad" : "is refused"}: ${problem.what}.`,
            remedy: problem.remedy,
          }),
        ],
  );
}

/** What is said of a waiver that nothing found needs: it may be mistyped, or what it waived is mended. */
export function unusedWaiver(root: string, waiver: Waiver): Finding {
  return finding(root, {
    level: "advisory",
    summary: `${waiverText(waiver)} is like nothing that the rule finds.`,
    remedy: "Mend its URN, or take it away.",
  });
}

/** Waivers are few, short, owned and about one thing each, and none touches what no waiver may touch. */
export const waiversAreInOrder: PolicyRule = {
  id: "BH-113",
  name,
  title: "Waivers are in order",
  description:
    "A file of waivers can be read, and each waiver in it names a rule that can be waived, a resource or a few of a name, a reason, an owner and a day at most 90 days ahead. One that has expired, or that is like nothing that is found, is advice.",
  severity: "high",
  level: {
    group: "second",
    elsewhere: "mandatory",
    except: "a waiver that has expired, and one that is like nothing",
    isNeverWaived: true,
  },
  frameworks: [hipaa("164.308(a)(1)(ii)(B)"), nist80053("CA-5"), nist800207("Section 2.1, tenet 5")],
  remediation: "Mend the waiver that the finding names, as docs/waivers.md shows, or take it away.",
  check: (stack) => [...configurationFindings(stack, name), ...unreadable(stack), ...outOfOrder(stack)],
  // A file of waivers is no resource, so that no resource shows anything of it.
  proofs: ({ waiverStandings, waivers, root }) =>
    waivers.problems.length > 0
      ? []
      : waiverStandings
          .filter(({ problem }) => problem === undefined)
          .map(({ waiver }) =>
            proof(`${waiverText(waiver)} counts until ${waiver.expires}.`, { urn: root, label: "the stack" }),
          ),
  unconcerned: ({ waivers, settings }) =>
    waivers.all.length === 0 &&
    waivers.problems.length === 0 &&
    !settings.problems.some(({ policy }) => policy === name)
      ? "No waivers are named."
      : undefined,
};
