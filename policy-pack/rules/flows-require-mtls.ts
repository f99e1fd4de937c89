import type { ZoneId } from "../../model/zone";

import { declaredEntrances, impossibleTransports } from "../declared-entrance";
import { defaultZoneEdges } from "../declared-flows";
import type { UnprovedHop } from "../facts/fact";
import type { Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { placedZones } from "../placed-zones";
import type { PolicyRule } from "../policy-rule";
import { bindingPlatform } from "../undeclared";

import { enforcementFindings } from "./enforcement-points";
import { flowsRequireMtlsProofs } from "./flows-require-mtls-proofs";

const name = "flows-require-mtls";

/** Whether the platform to which something belongs declares that the other end is proved elsewhere. */
function isExcused(stack: JudgedStack, { platform, zone, excusedBy }: UnprovedHop): boolean {
  const binding = bindingPlatform(stack, platform);
  const declared = binding === undefined ? undefined : stack.declarations.platforms.get(binding);
  if (declared === undefined || excusedBy === undefined || zone !== "gateway") {
    return false;
  }
  // Several entrances fit where no flow tells, and then no flow leads through: the filters hold to the declared ones.
  return declaredEntrances(declared).some(({ mode, clients }) => {
    switch (excusedBy) {
      case "passthrough":
        return mode === "l4-passthrough";
      case "sign-in":
        return clients.includes("clinician");
    }
  });
}

function levelOf(
  stack: JudgedStack,
  { platform, zone, refusedOn }: UnprovedHop,
  zones: ReadonlySet<ZoneId>,
): Finding["level"] | undefined {
  const isRefused =
    refusedOn === "any stack" ||
    (refusedOn === "our platform" && bindingPlatform(stack, platform) !== undefined);
  if (zone !== undefined) {
    return isRefused ? "mandatory" : "advisory";
  }
  // What may be in any zone matters where there is one that it may be in.
  if (zones.size === 0) {
    return undefined;
  }
  return isRefused && zones.has("phi") ? "mandatory" : "advisory";
}

/** What accepts connections for a zone, and leaves an end of them unproved. */
function unproved(stack: JudgedStack): readonly Finding[] {
  const zones = new Set(placedZones(stack.facts).keys());
  return stack.facts.unprovedHops
    .filter((hop) => !isExcused(stack, hop))
    .flatMap((hop): readonly Finding[] => {
      const { urn, label, zone, what, assumption, remedy, isGuiltyAlone } = hop;
      const level = levelOf(stack, hop, zones);
      return level === undefined
        ? []
        : [
            {
              rule: name,
              severity: level === "mandatory" ? "high" : "medium",
              level,
              verdict: assumption === undefined ? "open" : "undetermined",
              urn,
              summary: `${label}${zone === undefined ? "" : ` of zone ${zone}`}: ${what}.`,
              packet: undefined,
              path: [],
              openedBy: [{ urn, label: what }],
              notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
              remedy,
              isGuiltyAlone,
            },
          ];
    });
}

/** Flows of our platform that are declared with a transport that they cannot have. */
function misdeclared({ declarations }: JudgedStack): readonly Finding[] {
  return [...declarations.platforms.values()].flatMap((platform) => {
    const impossible = impossibleTransports(platform);
    const said =
      impossible.length > 0 || declaredEntrances(platform).length > 0
        ? impossible
        : ["transports of its entrance that do not fit each other"];
    return said.map((what): Finding => ({
      rule: name,
      severity: "high",
      level: "mandatory",
      verdict: "open",
      urn: platform.urn,
      summary: `It declares ${what}.`,
      packet: undefined,
      path: [],
      openedBy: [],
      notes: [],
      remedy: "Leave the transport to the Platform component: it follows from the two ends of a flow.",
      isGuiltyAlone: false,
    }));
  });
}

/** Flows between zones of a stack without our platform of which no resource shows how their ends know each other. */
function unread({ facts, declarations }: JudgedStack): readonly Finding[] {
  if (declarations.platforms.size > 0) {
    return [];
  }
  const zones = placedZones(facts);
  const read = new Set([...facts.hops, ...facts.unprovedHops].map(({ zone }) => zone));
  return defaultZoneEdges.flatMap(({ from, to }): readonly Finding[] => {
    const place = zones.get(to);
    return place === undefined || (from !== "world" && !zones.has(from)) || read.has(to)
      ? []
      : [
          {
            rule: name,
            severity: "medium",
            level: "advisory",
            verdict: "undetermined",
            urn: place.urn,
            summary: `Nothing proves mTLS here: ${from} calls ${to}, and no listener, mesh resource or policy of the stack shows how they know each other.`,
            packet: undefined,
            path: [from, to],
            openedBy: [],
            notes: [],
            remedy: `Let what accepts connections in ${to} verify certificates of its clients, over TLS 1.3.`,
            isGuiltyAlone: false,
          },
        ];
  });
}

/** Both ends of every connection between zones and workloads prove who they are. */
export const flowsRequireMtls: PolicyRule = {
  id: "BH-104",
  name,
  title: "Flows require mutual TLS",
  description:
    "Whatever accepts connections for a zone verifies its clients' certificates against a trust store of the stack, over TLS 1.3 where the cloud has it, and encrypts what it sends on; stores of the zone take TLS alone. A load balancer that verifies its clients and speaks TLS to its targets is accepted, and so are a platform's own entrances that it declares: one that signs clinicians in, and one that passes TLS through to ai-gateway. An Envoy beside a program is read by its own configuration: it asks every client for a certificate, and on a platform of ours lets in, and calls, exactly whom the flows name; the listener behind a load balancer that shows no certificate lets in its addresses alone. Advisory where a flow of a stack has nothing to read.",
  severity: "high",
  level: {
    group: "first",
    except:
      "a flow with nothing to read, a configuration of Envoy that is not shown, and a trust store that pins no version or revokes nothing, (elsewhere than on a platform of ours)",
  },
  frameworks: [
    hipaa("164.312(d)"),
    hipaa("164.312(e)(2)(ii)"),
    nist80053("IA-3(1)"),
    nist80053("SC-8(1)"),
    nist800207("Section 2.1, tenet 2"),
  ],
  remediation:
    "Verify certificates where the finding says that nobody does, or leave the connection to what does.",
  check: (stack) => [
    ...unproved(stack),
    ...enforcementFindings(stack),
    ...misdeclared(stack),
    ...unread(stack),
  ],
  proofs: flowsRequireMtlsProofs,
  unconcerned: ({ facts }) =>
    facts.hops.length > 0 || facts.unprovedHops.length > 0
      ? undefined
      : "Nothing in the stack that the judge reads accepts connections for a zone.",
};
