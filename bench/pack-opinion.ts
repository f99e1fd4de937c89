import type { Opinion } from "./opinion";
import { groupStack, type Group } from "./security-groups";
import { servedJudgement } from "./served-pack";

/** Asks a policy pack, as the engine does. */
export async function packOpinion(
  tool: string,
  pack: string,
  groups: readonly Group[],
  level: string,
): Promise<Opinion> {
  const resources = groupStack(groups);
  const { start, analyze, analyzeStack, cost, violations } = await servedJudgement(pack, resources, 1);
  const names = new Map(resources.map(({ urn, name }) => [urn, name]));
  const ofGroups = new Set(groups.map(({ name }) => name));
  return {
    tool,
    asked: `its server, each resource by Analyze and then all by AnalyzeStack, ${level}; the time is ${start.toFixed(0)} ms to start, ${analyze.toFixed(0)} ms for Analyze, ${analyzeStack.toFixed(0)} ms for AnalyzeStack`,
    wall: start + analyze + analyzeStack,
    cost,
    findings: violations
      .filter(({ level }) => level === "mandatory")
      .map(({ policy, urn }) => ({ check: policy, group: names.get(urn) ?? "" }))
      .filter(({ group }) => ofGroups.has(group)),
    advice: violations.filter(({ level }) => level === "advisory").length,
  };
}
