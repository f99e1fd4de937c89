import type { Finding } from "../finding";
import type { JudgedStack } from "../judged-stack";
import type { SettingProblem } from "../setting-problem";

/** What is refused of the configuration of a policy. What is mistyped in a gate's configuration may have been meant to close it. */
export function configurationFindings(
  { settings, root }: JudgedStack,
  policy: SettingProblem["policy"],
): readonly Finding[] {
  return settings.problems
    .filter((problem) => problem.policy === policy)
    .map(({ path, what, remedy }): Finding => ({
      rule: policy,
      severity: "high",
      level: "mandatory",
      verdict: "undetermined",
      urn: root,
      summary: `The configuration of the policy cannot be used: ${path === "" ? "" : `${path}: `}${what}.`,
      packet: undefined,
      path: [],
      openedBy: [],
      notes: [],
      remedy,
      isGuiltyAlone: false,
      isAboutGate: true,
    }));
}
