import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { mayBeSame, type Network, type ResolverOpening } from "../fact";
import { valuesAt } from "../property-path";
import { carryingName, resolverOpening } from "../resolver-openings";

import { bareName, isEveryName, isGoogleOwn } from "./dns-names";
import type { GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import { ownersOf } from "./owners";

const policyType = "gcp:dns:responsepolicy";
const ruleType = "gcp:dns:responsepolicyrule";

/** Types from which facts about response policies are drawn. */
export const responsePolicyTypes: readonly ResourceType[] = [policyType, ruleType];

const passing = "bypassResponsePolicy";
const remedy =
  'Put a ResponsePolicy on it with a rule for the name "*." that answers from localData, and rules that pass on names of private zones alone.';

/** A rule of a response policy. */
interface ResponseRule {
  readonly node: Node;
  readonly name: Reading<string>;
  readonly behavior: Reading<string>;
  readonly answers: readonly Reading<unknown>[];
  /** Whether it is a rule of the policy for certain. What only may be, opens and does not close. */
  readonly isCertain: boolean;
}

/** The response policies of a network, as far as they are shown. */
interface InForce {
  readonly policies: readonly Node[];
  /** Whether these are for certain the policy of the network: it has one at most. */
  readonly isCertain: boolean;
}

/** What answers a name in a network before any name server is asked. */
export class ResponsePolicies {
  readonly #stack: GcpStack;
  readonly #networks: Networks;

  constructor(stack: GcpStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
  }

  /** The policies that are put on a network. */
  inForce(network: Network): InForce {
    const { graph } = this.#stack;
    const found = graph.ofType(policyType).flatMap((policy) => {
      const values = valuesAt(graph, policy, ["networks", "networkUrl"]);
      const bound = values.map((value) =>
        this.#networks.candidates(this.#networks.referentsIn(policy, "networks", value)),
      );
      const listed = this.#listedOnce(policy, values);
      const isListUnknown = itemsOf(graph.read(policy, "networks")).some(({ kind }) => kind === "unknown");
      const isHere = bound.some((networks) => networks.some((one) => mayBeSame(one, network)));
      const isCertain =
        (!isListUnknown && listed.includes(network)) ||
        bound.some(([only, ...others]) => only === network && others.length === 0);
      return isHere || isListUnknown ? [{ policy, isCertain }] : [];
    });
    return {
      policies: found.map(({ policy }) => policy),
      isCertain: found.length === 1 && found.every(({ isCertain }) => isCertain),
    };
  }

  /**
   * The networks that a list names by values that are not known, where it has as many of these as it was made of networks:
   * a list names each once.
   */
  #listedOnce(policy: Node, values: readonly Reading<unknown>[]): readonly Network[] {
    const { graph } = this.#stack;
    const networksOf = (some: readonly Reading<unknown>[]): readonly Network[] =>
      this.#networks.candidates(
        some.flatMap((value) => this.#networks.referentsIn(policy, "networks", value)),
      );
    const hidden = values.filter(({ kind }) => kind === "unknown");
    const named = networksOf(values.filter(({ kind }) => kind === "known"));
    const made = networksOf(hidden).filter((network) => !named.includes(network));
    return graph.dryRun && made.length === hidden.length && made.every(({ isDetermined }) => isDetermined)
      ? made
      : [];
  }

  /**
   * What the policy of a network lets be asked of others than Google and the network's own zones. The rule with the longest
   * name that holds a name decides (Cloud DNS, "Response policies"), so that each that passes names on counts by itself.
   *
   * @param isOwn whether a private zone of the network holds a name.
   */
  openings(network: Network, isOwn: (name: string) => boolean): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const { policies, isCertain } = this.inForce(network);
    if (policies.length === 0) {
      return [
        resolverOpening(graph, network, {
          what: "its resolver answers every name: no response policy of the stack is in force on it",
          remedy,
        }),
      ];
    }
    const rules = this.#rulesOf(policies);
    const passed = rules.flatMap((rule) => this.#passed(network, rule, isOwn));
    const isClosed =
      isCertain && rules.some((rule) => rule.isCertain && rule.name.kind === "known" && this.#closes(rule));
    return isClosed
      ? passed
      : [
          ...passed,
          resolverOpening(graph, network, {
            what: isCertain
              ? "its response policy has no rule for every name, and what no rule names is asked of the Internet"
              : "its response policy may be another than the one that answers every name itself",
            assumption: isCertain
              ? rules.some(({ name }) => name.kind === "unknown")
                ? "the `dnsName` of a rule is not known"
                : undefined
              : "which response policy is put on it is not known",
            remedy,
          }),
        ];
  }

  /** The rules of a network's policy, by their names; none where something is open. */
  closingRules(
    network: Network,
    isOwn: (name: string) => boolean,
  ): readonly { readonly node: Node; readonly says: string }[] {
    return this.openings(network, isOwn).length > 0
      ? []
      : this.#rulesOf(this.inForce(network).policies)
          .map(({ node, name, behavior }) => ({
            node,
            says: `${behavior.kind === "known" && behavior.value === passing ? "passes on" : "answers itself"} ${name.kind === "known" ? name.value : ""}`,
          }))
          .sort((one, other) => (one.says < other.says ? -1 : 1));
  }

  #rulesOf(policies: readonly Node[]): readonly ResponseRule[] {
    const { graph } = this.#stack;
    return graph.ofType(ruleType).flatMap((node): readonly ResponseRule[] => {
      const of = ownersOf(graph, node, "responsePolicy", [policyType]);
      const isHere = of.some(
        (policy) =>
          policy.kind === "undetermined" || (policy.kind === "resource" && policies.includes(policy.node)),
      );
      return isHere
        ? [
            {
              node,
              name: textOf(graph.read(node, "dnsName")),
              behavior: textOf(graph.read(node, "behavior")),
              answers: itemsOf(memberReading(recordOf(graph.read(node, "localData")), "localDatas")),
              isCertain: isOne(of),
            },
          ]
        : [];
    });
  }

  /** Whether a rule answers every name itself. */
  #closes({ name, behavior, answers }: ResponseRule): boolean {
    return (
      name.kind === "known" &&
      isEveryName(name.value) &&
      (behavior.kind === "absent" || (behavior.kind === "known" && behavior.value !== passing)) &&
      answers.some(({ kind }) => kind === "known")
    );
  }

  /** What a rule passes on to others than Google and the network's own zones. */
  #passed(
    network: Network,
    { node, name, behavior, answers }: ResponseRule,
    isOwn: (name: string) => boolean,
  ): readonly ResolverOpening[] {
    const { graph } = this.#stack;
    const isOurs = (one: string): boolean => isGoogleOwn(one) || (!isEveryName(one) && isOwn(one));
    const what = "a rule of its response policy passes on names that somebody else may answer for";
    const remedyOfRule = "Pass on names of private zones and of Google's services only.";
    const opened = (said: { readonly name?: string; readonly assumption?: string }): ResolverOpening =>
      resolverOpening(graph, network, {
        by: node,
        what: said.name === undefined ? what : `${what}: ${said.name}`,
        assumption: said.assumption,
        remedy: remedyOfRule,
        name: said.name === undefined ? carryingName : nameUnder(said.name),
      });
    // A name that is answered by another is asked for next.
    const others = answers.flatMap((answer) => {
      const data = recordOf(answer);
      const type = textOf(memberReading(data, "type"));
      return type.kind === "known" && type.value.toUpperCase() !== "CNAME"
        ? []
        : itemsOf(memberReading(data, "rrdatas")).map(textOf);
    });
    const foreign = others.filter((other) => other.kind !== "known" || !isOurs(other.value));
    const known = foreign.find((other) => other.kind === "known");
    if (known !== undefined) {
      return [opened({ name: known.value })];
    }
    if (foreign.length > 0) {
      return [opened({ assumption: "what `localData` answers is not known" })];
    }
    const mayPass = behavior.kind === "unknown" || (behavior.kind === "known" && behavior.value === passing);
    if (!mayPass && (answers.length > 0 || behavior.kind === "known")) {
      return [];
    }
    if (name.kind !== "known") {
      return [opened({ assumption: "its `dnsName` is not known" })];
    }
    return isOurs(name.value)
      ? []
      : [
          opened({
            name: name.value,
            ...(behavior.kind === "unknown" ? { assumption: "its `behavior` is not known" } : {}),
          }),
        ];
  }
}

/** A name that carries data out, under a name that is passed on. */
function nameUnder(name: string): string {
  return isEveryName(name) ? carryingName : `data-to-take-out.${bareName(name)}`;
}

function isOne(referents: readonly Referent[]): boolean {
  const [only, ...others] = referents;
  return others.length === 0 && only?.kind === "resource" && !only.assumed;
}
