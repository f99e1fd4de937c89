import type { Transport } from "../../model/flow";
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
  const doubtful = new Set(
    facts.unprovedHops.filter(({ excusedBy }) => excusedBy === undefined).map(({ urn }) => urn),
  );
  return facts.hops.flatMap(({ urn, zone, ends, transport }) =>
    transport === undefined || doubtful.has(urn)
      ? []
      : [
          proof(
            `Hop${zone === undefined ? "" : ` of zone ${zone}`}: \`${transport}\`, ${meanings[transport]}.`,
            { urn, label: ends },
          ),
        ],
  );
}
