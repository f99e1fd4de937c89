import type { JudgedStack } from "../judged-stack";
import type { Position } from "../reachability";
import { bindingPlatform } from "../undeclared";

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
