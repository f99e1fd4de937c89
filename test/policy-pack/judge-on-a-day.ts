import * as pack from "../../policy-pack/judge";
import type { Finding } from "../../policy-pack/finding";
import type { StackResource } from "../../policy-pack/stack-resource";
import { noWaivers } from "../../policy-pack/waivers";

export type { Judgement } from "../../policy-pack/judge";

/** What a judgement is made with, of which the waivers and the day may be left out. */
type Options<O extends Pick<pack.JudgeOptions, "waivers">> = Omit<O, "waivers"> & Partial<Pick<O, "waivers">>;

/** The day of tests to which the day is nothing: agreements and certificates of the reference platform hold on it. */
const unwaived = { ...noWaivers, today: "2026-11-30" } as const;

/** Judges a stack, without waivers and on a day of tests unless something else is said. */
export function judge(
  resources: readonly StackResource[],
  options: Options<pack.JudgeOptions>,
): pack.Judgement {
  return pack.judge(resources, { waivers: unwaived, ...options });
}

/** Judges one resource by itself, in the same way. */
export function judgeAlone(
  resource: StackResource,
  options: Options<pack.JudgeAloneOptions> = {},
): readonly Finding[] {
  return pack.judgeAlone(resource, { waivers: unwaived, ...options });
}
