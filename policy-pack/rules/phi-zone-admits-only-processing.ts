import { peerName } from "../../model/peer";

import type { FilterKind } from "../facts/fact";
import { world, type Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { intersect } from "../packet-set";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform, undeclaredRules } from "../undeclared";

import { noPhiZone } from "./no-phi-zone";
import { filterName, filterWord, openingFinding, subnetStep } from "./opening";
import { phiZoneAdmitsOnlyProcessingProofs } from "./phi-zone-admits-only-processing-proofs";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";

const name = "phi-zone-admits-only-processing";

/** By what each kind of filter names its clients. */
const clientsOf: Readonly<Record<FilterKind, string>> = {
  "security group": "security groups or subnets",
  "network ACL": "subnets",
  "network security group": "subnets",
  firewall: "service accounts, secure tags or subnets",
  "load balancer": "subnets",
  "service perimeter": "service accounts",
};

function openFilters(stack: JudgedStack): readonly Finding[] {
  const { reachability } = stack;
  return reachability.positions
    .filter(({ zone }) => zone === "phi")
    .flatMap((position) => {
      const isOurs = bindingPlatform(stack, position.platform) !== undefined;
      // What a service perimeter lets in is no packet, and is named by the calls that it holds back.
      const isCalled = filterWord(position.filters) === "service perimeter";
      return undeclaredRules(stack, position, "ingress").flatMap(({ rule, packets }): readonly Finding[] => {
        const passing = reachability
          .classes(position)
          .map((subnet) => ({
            subnet,
            packets: intersect(packets, reachability.allowedBySubnet(subnet, "ingress")),
          }))
          .find((candidate) => candidate.packets.length > 0);
        if (passing === undefined && !isOurs) {
          return [];
        }
        return [
          openingFinding({
            rule: name,
            severity: "high",
            direction: "ingress",
            place: position,
            by: rule,
            packets: passing?.packets ?? packets,
            ...(rule.remote.kind === "filter"
              ? { other: filterName(rule.remote.filter), otherUrn: rule.remote.filter.urn }
              : {}),
            summary: isCalled
              ? `${position.label} of the PHI zone are let in that nobody declares.`
              : `${position.label} of the PHI zone admits what is not declared.`,
            path: [
              passing === undefined ? "network ACL: denied" : subnetStep(passing.subnet, passing.packets),
            ],
            remedy: isOurs
              ? "Take the rule away, or declare the flow from a processing workload in the platform file."
              : `Admit TCP 443 from the processing zone's ${clientsOf[filterWord(position.filters)]}, and nothing else.`,
            isGuiltyAlone: false,
          }),
        ];
      });
    });
}

function openSubnetFilters(stack: JudgedStack): readonly Finding[] {
  const { facts, reachability } = stack;
  return facts.subnetFilters
    .filter(
      (filter) =>
        filter.zone === "phi" &&
        (bindingPlatform(stack, filter.platform) !== undefined || reachability.standsAlone(filter)),
    )
    .flatMap((filter) =>
      undeclaredSubnetRules(stack, filter, "ingress").map(({ step, packets }) =>
        openingFinding({
          rule: name,
          severity: "high",
          direction: "ingress",
          place: { urn: filter.urn, label: filter.label, zone: "phi" },
          by: step,
          packets,
          summary: `${filter.label} admits to the PHI zone's subnets what is not declared.`,
          path: ["security groups: judged by themselves"],
          remedy:
            "Let the network ACL of the PHI zone admit TCP 443 from the subnets of its clients, and nothing else.",
          isGuiltyAlone: false,
        }),
      ),
    );
}

/** Whom the stores of a platform let in, by their own policies and those of their endpoints, against the declared flows. */
function openStores(stack: JudgedStack): readonly Finding[] {
  return stack.facts.storeAdmissions.flatMap((admission): readonly Finding[] => {
    const { urn, label, platform, stores, who, what, assumption } = admission;
    const binding = bindingPlatform(stack, platform);
    const declared = binding === undefined ? undefined : stack.declarations.platforms.get(binding);
    if (declared === undefined) {
      return []; // Which role is whose is known of a platform alone.
    }
    const somebody = declared.cloud === "gcp" ? "somebody else" : "any role of the account";
    const isDeclared = declared.flows.some(
      ({ from, to }) =>
        peerName(from) === who &&
        (stores.length === 0 || stores.includes(peerName(to))) &&
        to.kind === "data-store",
    );
    return isDeclared
      ? []
      : [
          {
            rule: name,
            severity: "high",
            level: "mandatory",
            verdict: assumption === undefined ? "open" : "undetermined",
            urn,
            summary: `A store of the PHI zone lets in what no flow names: ${what}`,
            packet: `any call, from ${who ?? somebody} to ${stores.join(" and ") || "a store of the PHI zone"}`,
            path: [who ?? somebody, label, stores.join(" and ") || "the PHI zone"],
            passes: [world, urn],
            openedBy: [{ urn, label: `${label} ${who ?? ""}` }],
            notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
            remedy:
              declared.cloud === "gcp"
                ? "Grant the role to the service accounts of the workloads whose flows name the store, or declare the flow in the platform file."
                : "Name in the policy the roles of the workloads whose flows name the store, or declare the flow in the platform file.",
            isGuiltyAlone: false,
          },
        ];
  });
}

/** The PHI zone admits processing on 443, and on our platform only the workloads that its flows name. */
export const phiZoneAdmitsOnlyProcessing: PolicyRule = {
  id: "BH-102",
  name,
  title: "The PHI zone admits only processing",
  description:
    "What is in the PHI zone admits TCP 443 from the processing zone and nothing else; on a platform of ours, only from the workloads that the flows name, which the policies of stores and endpoints name as well.",
  severity: "high",
  level: { group: "first" },
  frameworks: [hipaa("164.312(a)(1)"), nist80053("SC-7(11)"), nist800207("Section 2.1, tenet 3")],
  remediation:
    "Take away the rule that the finding names, or declare the flow: from a processing workload to the data store, on 443.",
  check: (stack) => [...openFilters(stack), ...openSubnetFilters(stack), ...openStores(stack)],
  proofs: phiZoneAdmitsOnlyProcessingProofs,
  unconcerned: noPhiZone,
};
