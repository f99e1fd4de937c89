import { mayBeSame, type Network } from "../facts/fact";
import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

import { noPhiZone } from "./no-phi-zone";
import { safeguardProofs } from "./safeguard-proofs";

const name = "phi-zone-resolver-is-closed";

/**
 * Whether a network's names matter: it is, or may be, a platform's, or something in its PHI zone runs code of the
 * customer's, which alone can ask for a name.
 */
function isBinding(stack: JudgedStack, network: Network): boolean {
  const { facts } = stack;
  const platforms = [
    network.platform,
    ...facts.subnets.filter((subnet) => mayBeSame(subnet.network, network)).map(({ platform }) => platform),
  ];
  const isOurs = platforms.some((platform) => bindingPlatform(stack, platform) !== undefined);
  return isOurs || facts.networksWithCodeInPhi.some((running) => mayBeSame(running, network));
}

function openings(stack: JudgedStack): readonly Finding[] {
  return stack.facts.resolverOpenings.map(
    ({ urn, network, name: query, what, assumption, remedy }): Finding => ({
      rule: name,
      severity: "high",
      level: isBinding(stack, network) ? "mandatory" : "advisory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `A name carries data out of ${network.label}, which holds the PHI zone: ${what}.`,
      packet: `udp 53, a query for ${query}, from ${network.label} to its resolver, and on to whoever answers for the name`,
      path: [network.label, what, query],
      openedBy: [{ urn, label: what }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    }),
  );
}

/** The resolver of a network that holds the PHI zone answers the names of private endpoints, and no others. */
export const phiZoneResolverIsClosed: PolicyRule = {
  id: "BH-111",
  name,
  title: "The PHI zone's resolver is closed",
  description:
    "What is asked of the resolver in a network that holds the PHI zone goes to nobody outside: a DNS firewall (on Azure a DNS security policy, or filters that deny the resolver to what is in the zone; on Google Cloud a response policy) answers named hosts of the cloud and blocks the rest, whatever state it is in, nothing forwards queries, and nobody is told of another name server. Mandatory on a platform of ours, and where code of the customer's runs in the PHI zone, or may; advisory elsewhere.",
  severity: "high",
  level: {
    group: "second",
    elsewhere: "mandatory where code of the customer's runs in the PHI zone; advisory otherwise",
  },
  frameworks: [hipaa("164.312(e)(1)"), nist80053("SC-7(10)"), nist800207("Section 3.1.2")],
  remediation:
    "Associate a DNS firewall or a response policy, or link a DNS security policy, that ends in a block of every name, answer the private endpoints' names only, and take forwarders away.",
  check: openings,
  proofs: ({ facts }) => safeguardProofs("Names", facts.safeguards().resolvers),
  unconcerned: noPhiZone,
};
