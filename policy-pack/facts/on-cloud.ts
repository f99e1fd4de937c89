import type { CloudKind } from "../../model/cloud-target";

import { packageOf } from "../resource-type";

import { platformsOn, type PlatformStack } from "./platform-of";

/**
 * Whether anything in a stack is of a cloud, or is said to be: a platform, or a resource of one of the cloud's packages. There
 * are no facts of a cloud on which a stack has nothing, and to find none takes time.
 */
export function isOnCloud(stack: PlatformStack, cloud: CloudKind, ...packages: readonly string[]): boolean {
  return (
    platformsOn(stack, cloud).size > 0 ||
    stack.graph.nodes.some(({ resourceType }) => packages.includes(packageOf(resourceType)))
  );
}
