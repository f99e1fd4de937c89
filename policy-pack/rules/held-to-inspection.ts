import type { InternetProxy } from "../facts/internet-proxy";
import type { JudgedStack } from "../judged-stack";
import type { Position } from "../reachability";
import { bindingPlatform } from "../undeclared";
import { UninspectedPaths } from "../uninspected-paths";

/** The ways past inspection from what is of a platform, or of none. */
export type PathsOf = (of: { readonly platform: string | undefined }) => UninspectedPaths;

/** On a platform of ours what leaves has to be read; elsewhere it has to be looked at. */
export function uninspectedPathsOf(stack: JudgedStack): PathsOf {
  const { facts, reachability } = stack;
  const ofOurs = new UninspectedPaths(facts, reachability, true);
  const ofOthers = new UninspectedPaths(facts, reachability, false);
  return ({ platform }) => (bindingPlatform(stack, platform) === undefined ? ofOthers : ofOurs);
}

/** Whether a proxy has to read what it sends on to the Internet: that of the processing zone, and any of a platform of ours. */
export function isHeldProxy(stack: JudgedStack, { zone, platform }: InternetProxy): boolean {
  return zone === "processing" || bindingPlatform(stack, platform) !== undefined;
}

/**
 * Whether what is in a place has to be inspected on its way to the Internet: all that is in `processing`; on our platform
 * in any zone, but for the load balancer, whose subnets the Internet reaches. The PHI zone has no way out, inspected or not.
 */
export function isHeldToInspection(
  stack: JudgedStack,
  { zone, platform, peer }: Pick<Position, "zone" | "platform" | "peer">,
): boolean {
  return (
    zone === "processing" ||
    (zone !== "phi" && peer !== "load-balancer" && bindingPlatform(stack, platform) !== undefined)
  );
}
