import { textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { SideChannel } from "../fact";

import { accountOf, foreigners, service } from "./accounts";
import { accountAssumption, canonical, labelOf, perimeterOf, platformOf, type AwsStack } from "./aws-stack";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

const keyType = "aws:kms:key";
const policyType = "aws:kms:keypolicy";
const grantType = "aws:kms:grant";
const replicaTypes = ["aws:kms:replicakey", "aws:kms:replicaexternalkey"] as const;

/** Types from which facts about keys are drawn. */
export const keyTypes = [keyType, policyType, grantType, ...replicaTypes] as const;

/** Principals that a grant names. */
const grantees = ["granteePrincipal", "retiringPrincipal"] as const;

/** Keys of the PHI zone with which somebody of another account may decrypt. A policy that is not set admits the account alone. */
export function keyChannels(stack: AwsStack): readonly SideChannel[] {
  const { graph, zones } = stack;
  const perimeter = perimeterOf(stack);
  const channelsOf = (key: Node, holder: Node): readonly SideChannel[] => {
    const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
    const channel = (what: string, assumption: string | undefined): SideChannel => ({
      urn: holder.urn,
      label: labelOf(holder),
      zone: "phi",
      platform: platformOf(stack, key),
      what: `${labelOf(key)}: ${what}`,
      assumption,
      remedy: "Let nobody outside of the account use the key, in a policy that a preview knows.",
      isGuiltyAlone: false,
    });
    switch (policy.kind) {
      case "absent":
        return [];
      case "unknown":
        return [channel("its policy may let another account use it", policy.why)];
      case "known": {
        const callers = [
          ...foreigners(perimeter, "the stack's account"),
          service(perimeter, "another account"),
        ];
        const [found] = callers.flatMap((caller) => admissions(policy.statements, caller));
        return found === undefined
          ? []
          : [
              channel(
                `its policy lets another account use it: statement ${found.statement.Sid ?? "without a name"}, ${found.action}`,
                accountAssumption(stack),
              ),
            ];
      }
    }
  };
  const keys = graph.ofType(keyType).filter(({ urn }) => zones.of(urn) === "phi");
  const own = keys.flatMap((key) => channelsOf(key, key));
  // What is of a key that is not known may be of any.
  const ofKeys = (referents: readonly Referent[]): readonly Node[] =>
    referents
      .flatMap((referent) =>
        referent.kind === "resource" ? [referent.node] : referent.kind === "undetermined" ? keys : [],
      )
      .filter((key) => keys.includes(key));
  const separate = graph
    .ofType(policyType)
    .flatMap((holder) =>
      ofKeys(graph.referents(holder, "keyId", [keyType])).flatMap((key) => channelsOf(key, holder)),
    );
  const inOneForm = canonical(stack);
  const granted = graph.ofType(grantType).flatMap((grant) =>
    ofKeys(graph.referents(grant, "keyId", [keyType])).flatMap((key) =>
      grantees.flatMap((property): readonly SideChannel[] => {
        const principal = textOf(graph.read(grant, property));
        const isOwn =
          principal.kind === "known"
            ? graph.node(inOneForm(principal.value)) !== undefined ||
              (stack.account !== undefined && accountOf(principal.value) === stack.account)
            : // The only principals that a stack makes are those of its own account.
              graph
                .origins(grant, property, ["aws:iam:role", "aws:iam:user"])
                .every(({ kind }) => kind === "resource");
        return principal.kind === "absent" || isOwn
          ? []
          : [
              {
                urn: grant.urn,
                label: labelOf(grant),
                zone: "phi",
                platform: platformOf(stack, key),
                what: `${labelOf(key)}: a grant lets ${principal.kind === "known" ? principal.value : "somebody"} use it`,
                assumption:
                  principal.kind === "known" ? accountAssumption(stack) : `\`${property}\` is not known`,
                remedy: "Grant the use of the key to roles of the account alone.",
                isGuiltyAlone: false,
              },
            ];
      }),
    ),
  );
  const replicated = graph.ofType(...replicaTypes).flatMap((replica) =>
    ofKeys(graph.referents(replica, "primaryKeyArn", [keyType])).map((key): SideChannel => ({
      urn: replica.urn,
      label: labelOf(replica),
      zone: "phi",
      platform: platformOf(stack, key),
      what: `${labelOf(key)}: it is replicated to another region, where it opens what is copied there`,
      assumption: undefined,
      remedy: "Keep the key in the region of what it encrypts.",
      isGuiltyAlone: false,
    })),
  );
  return [...own, ...separate, ...granted, ...replicated];
}
