import { flagOf } from "../../reading";
import { Acceptor, allHops, type HopFacts } from "../acceptor";

import type { AwsStack } from "./aws-stack";
import { groupsAt, placeOf, subnetsAt } from "./placement";

/** Services of ECS in whose containers whoever may call the API opens a shell, past whatever proxy is before them. */
export function taskShellHops(stack: AwsStack): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType("aws:ecs:service").map((node): HopFacts => {
      const place = placeOf(stack, node, {
        within: [subnetsAt("networkConfiguration.subnets"), groupsAt("networkConfiguration.securityGroups")],
      });
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.requires({
        key: "enableExecuteCommand",
        read: flagOf(graph.read(node, "enableExecuteCommand")),
        isRight: (isEnabled) => !isEnabled,
        absentIs: "right",
        what: "whoever may call ECS Exec opens a shell in it, past its proxy",
        remedy: "Set enableExecuteCommand to false.",
        refusedOn: "our platform",
      });
      return acceptor.facts();
    }),
  );
}
