import type { CloudKind } from "../../model/cloud-target";
import { peerName } from "../../model/peer";

import { world, type Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

import { safeguardProofs } from "./safeguard-proofs";

const name = "platform-services-are-private";

/** What makes a service or a store reached privately. */
const servedBy: Readonly<Record<CloudKind, string>> = {
  aws: "Add the private endpoint of the service, with the filter of its peer in force on it.",
  azure: "Add the private endpoint of the service, with the filter of its peer in force on it.",
  gcp: "Add the private endpoint of Google's APIs to the platform's networks, and the store to the PHI project, with the labels of its peer.",
};

/** Services and stores that flows name, and to which no private endpoint of the stack leads. */
function unserved({ facts, declarations }: JudgedStack): readonly Finding[] {
  return [...declarations.platforms.values()].flatMap((platform) => {
    const served = new Set(
      facts.servedPeers.filter((peer) => peer.platform === platform.name).map(({ peer }) => peer),
    );
    const named = new Set(
      platform.flows
        .filter(({ to }) => to.kind === "platform-service" || to.kind === "data-store")
        .map(({ to }) => peerName(to)),
    );
    return [...named]
      .filter((peer) => !served.has(peer))
      .map((peer): Finding => ({
        rule: name,
        severity: "high",
        level: "mandatory",
        verdict: "open",
        urn: platform.urn,
        summary: `No private endpoint leads to ${peer}, so that it is reached by its public name or not at all.`,
        packet: undefined,
        path: [],
        openedBy: [],
        notes: [],
        remedy: servedBy[platform.cloud],
        isGuiltyAlone: false,
      }));
  });
}

/** Services and stores that answer, or are found, by their public names. */
function publicNames(stack: JudgedStack): readonly Finding[] {
  return stack.facts.publicNames.map(
    ({ urn, label, zone, platform, isStore, what, assumption, remedy }): Finding => ({
      rule: name,
      severity: isStore ? "high" : "medium",
      level:
        (zone === "phi" && isStore) || bindingPlatform(stack, platform) !== undefined
          ? "mandatory"
          : "advisory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: what,
      packet: isStore ? `any call, from the Internet to ${label}, past every private endpoint` : undefined,
      path: isStore ? ["the Internet", label] : [],
      ...(isStore ? { passes: [world, urn] } : {}),
      openedBy: [{ urn, label: what }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    }),
  );
}

/** Endpoints outside of the PHI zone by which calls leave for other accounts. The PHI zone's own are egress. */
function openPolicies(stack: JudgedStack): readonly Finding[] {
  return stack.facts.openEndpointPolicies
    .filter(({ zone }) => zone !== "phi")
    .map(({ urn, label, zone, platform, what, assumption }): Finding => ({
      rule: name,
      severity: "high",
      level: bindingPlatform(stack, platform) === undefined ? "advisory" : "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `A call leaves zone ${zone} for an account that is not yours: ${what}.`,
      packet: `any call, by ${label}, to any account`,
      path: [label, what],
      passes: [urn, world],
      openedBy: [{ urn, label }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy:
        "Name in the endpoint's policy the roles that may call and the resources that may be reached, or require aws:ResourceAccount to be your own.",
      isGuiltyAlone: false,
    }));
}

/** Perimeters around other zones by which calls leave for what is not the platform's. The PHI zone's own are egress. */
function openPerimeters(stack: JudgedStack): readonly Finding[] {
  return stack.facts.perimeterOpenings
    .filter(({ zone }) => zone !== "phi")
    .map(({ urn, label, zone, platform, what, assumption, remedy, isAdvice }): Finding => ({
      rule: name,
      severity: isAdvice ? "low" : "high",
      level: isAdvice || bindingPlatform(stack, platform) === undefined ? "advisory" : "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `A call ${assumption === undefined ? "leaves" : "may leave"} zone ${zone}: ${what}.`,
      packet: `any call of the cloud's services, by ${label}, out of zone ${zone}`,
      path: [label, what],
      passes: [urn, world],
      openedBy: [{ urn, label }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    }));
}

/** Services of the cloud are reached by private endpoints, which let through the platform's calls alone. */
export const platformServicesArePrivate: PolicyRule = {
  id: "BH-110",
  name,
  title: "Platform services are private",
  description:
    "Every service and store that a flow names is reached by a private endpoint, is found by name through it, and answers nobody past it; each endpoint lets through the account's own calls alone. Advisory on a stack that no platform of ours is in, but for stores of the PHI zone.",
  severity: "high",
  level: { group: "second", elsewhere: "advisory; mandatory for stores of the PHI zone" },
  frameworks: [hipaa("164.312(e)(1)"), nist80053("SC-7(3)"), nist800207("Section 3.4.1")],
  remediation:
    "Add the endpoint, the private name or the condition that the finding names, so that no call uses a public name.",
  check: (stack) => [
    ...unserved(stack),
    ...publicNames(stack),
    ...openPolicies(stack),
    ...openPerimeters(stack),
  ],
  proofs: ({ facts }) => {
    const { endpoints, endpointPolicies, perimeters, privateStores } = facts.safeguards();
    return [
      ...safeguardProofs("Endpoint", endpoints),
      ...safeguardProofs(
        "API",
        [...endpointPolicies, ...perimeters].filter(({ zone }) => zone !== "phi"),
      ),
      ...safeguardProofs("Store", privateStores),
    ];
  },
  unconcerned: ({ facts, declarations }) => {
    const { endpoints, endpointPolicies, perimeters, privateStores } = facts.safeguards();
    const shown = [
      endpoints,
      endpointPolicies,
      perimeters,
      privateStores,
      facts.publicNames,
      facts.openEndpointPolicies,
      facts.perimeterOpenings,
    ];
    return declarations.platforms.size === 0 && shown.every(({ length }) => length === 0)
      ? "The stack declares no platform, and has neither a private endpoint in a zone nor a store in the PHI zone that has one."
      : undefined;
  },
};
