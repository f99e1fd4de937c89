import { world, type Finding } from "../finding";
import type { JudgedStack } from "../judged-stack";
import { bindingPlatform } from "../undeclared";

/**
 * What runs code on our platform has no address that the Internet knows, and nothing of its egress zone has but what
 * translates addresses: the load balancer alone is reached from there.
 */
function publicWorkloads(stack: JudgedStack, rule: Finding["rule"]): readonly Finding[] {
  return stack.facts.publicAddresses
    .filter(
      ({ zone, platform, runsCode, isForOthers }) =>
        zone !== "phi" &&
        // In the egress zone an address of its own is a way past what inspects.
        (runsCode === true || (zone === "egress" && isForOthers !== true)) &&
        bindingPlatform(stack, platform) !== undefined,
    )
    .map(({ urn, label, zone, what, assumption, remedy }): Finding => ({
      rule,
      severity: "high",
      level: "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `What ${zone === "egress" ? "is" : "runs"} in zone ${zone} has, or may have, a public address: ${what}.`,
      packet: `any packet, from ${label} to the Internet, with an address to which replies come back`,
      path: [label, what],
      passes: [urn, world],
      openedBy: [{ urn, label }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    }));
}

/** What says which workload of our platform it runs is behind that workload's filter alone, in its zone's subnets for workloads. */
function strayWorkloads(stack: JudgedStack, rule: Finding["rule"]): readonly Finding[] {
  return stack.facts.interfaces.flatMap((one): readonly Finding[] => {
    const { urn, label, zone, platform, runs, filters, subnets } = one;
    if (runs?.startsWith("workload/") !== true || bindingPlatform(stack, platform) === undefined) {
      return [];
    }
    const stray = (
      other: { readonly urn: string; readonly label: string },
      summary: string,
      remedy: string,
    ): Finding => ({
      rule,
      severity: "high",
      level: "mandatory",
      verdict: "open",
      urn,
      summary,
      packet: undefined,
      path: [label, other.label],
      openedBy: [
        { urn, label },
        { urn: other.urn, label: other.label },
      ],
      notes: [],
      remedy,
      isGuiltyAlone: false,
    });
    return [
      ...filters
        .filter(({ peer, platform: of }) => of === platform && peer !== undefined && peer !== runs)
        .map((filter) =>
          stray(
            filter,
            `${label} runs ${runs}, and opens what the flows of ${filter.peer ?? ""} name.`,
            `Put it behind the filter of ${runs} alone.`,
          ),
        ),
      ...subnets
        .filter(
          ({ zone: around, platform: of, purpose }) =>
            of === platform && (around !== zone || (purpose !== undefined && purpose !== "workload")),
        )
        .map((subnet) =>
          stray(
            subnet,
            `${label} runs ${runs} of zone ${zone ?? ""} in ${subnet.label}, of zone ${subnet.zone ?? ""}, which is for ${subnet.purpose ?? "others"}.`,
            `Put it into the subnets for workloads of zone ${zone ?? ""}.`,
          ),
        ),
    ];
  });
}

/** What runs on our platform elsewhere than where its workload belongs. */
export function misplacedWorkloads(stack: JudgedStack, rule: Finding["rule"]): readonly Finding[] {
  return [...publicWorkloads(stack, rule), ...strayWorkloads(stack, rule)];
}
