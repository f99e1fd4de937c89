import type { Transport } from "../../model/flow";
import type { ZoneId } from "../../model/zone";

import type { JudgedStack } from "../judged-stack";
import { proof, type Proof } from "../proof";

/** What each transport is, in a few words. */
const meanings: Readonly<Record<Transport, string>> = {
  mtls: "both ends prove who they are by certificates",
  "one-way-tls": "the server alone has a certificate, and what is sent is encrypted",
  "provider-tls+iam": "the cloud's service has a certificate, and its callers sign what they ask",
};

/** How the ends of each hop know each other, where a resource shows it. */
export function flowsRequireMtlsProofs({ facts }: JudgedStack): readonly Proof[] {
  const refused = facts.unprovedHops.filter(
    ({ excusedBy, refusedOn }) => excusedBy === undefined && refusedOn !== "no stack",
  );
  const hops = new Set(facts.hops.map(({ urn }) => urn));
  // What is wrong with something that hops rest on, such as a trust store, may be wrong with each of them.
  const doubtfulZones = new Set(refused.filter(({ urn }) => !hops.has(urn)).map(({ zone }) => zone));
  const isDoubtful = (zone: ZoneId | undefined): boolean =>
    doubtfulZones.has(undefined) || doubtfulZones.has(zone);
  return facts.hops.flatMap(({ urn, zone, ends, transport, shown }) =>
    transport === undefined || isDoubtful(zone)
      ? []
      : [
          proof(
            `Hop${zone === undefined ? "" : ` of zone ${zone}`}: \`${transport}\`, ${meanings[transport]}.${shown === undefined ? "" : ` ${shown}`}`,
            { urn, label: ends },
          ),
        ],
  );
}
