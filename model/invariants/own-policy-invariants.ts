import type { AccessPolicyDocument } from "../access-policy";
import { cedarSchema, generatedPolicies } from "../cedar-policies";
import { cedarFindings, knownNames, type CedarFinding } from "../cedar-validator";
import type { Breach } from "../finding";
import { spiffeId } from "../spiffe-id";

import type { Draft, Invariant, Located } from "./draft";

/** Lower-case words joined by hyphens, underscores or dots: what records can hold as it is. */
const policyIdPattern = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/;
const longestPolicyId = 64;

/** The SPIFFE ID of each agent, by its id; `undefined` if not all can be read. */
function agentIdentities(
  { trustDomain: [trustDomain], workloads }: Draft,
  { agents }: AccessPolicyDocument,
): Readonly<Record<string, string>> | undefined {
  const identities = agents.flatMap(({ id, workload }) => {
    const zone = workloads.find(({ value }) => value.id === workload)?.value.zone;
    return trustDomain === undefined || zone === undefined || zone === "phi"
      ? []
      : [[id, spiffeId(trustDomain.value, zone, workload)] as const];
  });
  return identities.length === agents.length ? Object.fromEntries(identities) : undefined;
}

function idBreach(path: string, id: string, others: ReadonlyMap<string, string>): readonly Breach[] {
  const taken = others.get(id);
  if (taken !== undefined) {
    return [{ path: `${path}.id`, message: `\`${id}\` ${taken}.`, remedy: "Give it another id." }];
  }
  return policyIdPattern.test(id) && id.length <= longestPolicyId
    ? []
    : [
        {
          path: `${path}.id`,
          message: `\`${id}\` is not at most ${String(longestPolicyId)} characters of lower-case words joined by hyphens, underscores or dots.`,
          remedy: "Name what it says, as in `no-night-shift-discharge`.",
        },
      ];
}

function cedarBreach(path: string, { message }: CedarFinding): Breach {
  return {
    path: `${path}.cedar`,
    message: `It is no valid policy: ${message}.`,
    remedy: "Write one `permit` or `forbid` in Cedar; services/README.md says what it can name.",
  };
}

function checkPolicies(draft: Draft, { path, value }: Located<AccessPolicyDocument>): readonly Breach[] {
  if (value.policies.length === 0) {
    return [];
  }
  const identities = agentIdentities(draft, value);
  const generated = generatedPolicies(value, { spiffeIds: identities ?? {} });
  const names = knownNames(value, identities === undefined ? undefined : Object.values(identities));
  const taken = new Map(
    Object.keys(generated).map((id) => [id, "is the id of a policy that the access policy becomes"]),
  );
  return value.policies.flatMap(({ id, cedar }, index): readonly Breach[] => {
    const at = `${path}.policies[${String(index)}]`;
    const idBreaches = idBreach(at, id, taken);
    taken.set(id, `stands at ${at} already`);
    const findings = cedarFindings({ schema: cedarSchema, policies: { [id]: cedar } }, names);
    return [...idBreaches, ...findings.map((finding) => cedarBreach(at, finding))];
  });
}

/** The hospital's own policies. */
export const ownPolicyInvariants: readonly Invariant[] = [
  {
    id: "BH-057",
    title: "Policies of your own are valid Cedar, about what there is, under ids of their own.",
    because:
      "A decision point that cannot read a policy decides nothing, and a policy that refuses under a misspelt name, or under another's id, refuses nothing (Cedar Policy Language Reference, “Policy validation”).",
    check: (draft) => draft.access.flatMap((access) => checkPolicies(draft, access)),
  },
];
