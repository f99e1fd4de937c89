import { everyHost, hostPattern, type HostPattern } from "../../host-pattern";
import { flagOf, integerOf, itemsOf, reading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Forwarder, type Rule } from "../fact";
import { labelOf } from "../label";
import { ownersOf } from "./owners";

const gatewayType = "gcp:networkservices:gateway";
const policyType = "gcp:networksecurity:gatewaysecuritypolicy";
/** The type of a proxy's rules. */
export const webProxyRuleType = "gcp:networksecurity:gatewaysecuritypolicyrule";

/** The type of lists of hosts that rules name. */
export const urlListType = "gcp:networksecurity:urllist";

/** Types of Secure Web Proxy, which inspects what is sent to the Internet. */
export const webProxyTypes: readonly ResourceType[] = [
  gatewayType,
  policyType,
  webProxyRuleType,
  urlListType,
  "gcp:networksecurity:tlsinspectionpolicy",
];

/** Something that a proxy lets by without a look. */
export interface Unlooked {
  readonly node: Node;
  readonly why: string;
  readonly assumption: string | undefined;
}

/** Whether a text says that everything is meant, by its names: those of a list, or a pattern. */
const everyName = /^\*(?::\d+)?(?:\/\*)?$/;

/** How far an expression says for which names it holds. */
type Naming = "names" | "no name" | "not known";

/** The lists that an expression names: `inUrlList(host(), 'projects/p/locations/l/urlLists/providers')`. */
function listsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/inUrlList\s*\([^,]*,\s*["']([^"']+)["']/gi)].map(([, name = ""]) => name);
}

function namingOf(graph: StackGraph, expression: Reading<string>): Naming {
  if (expression.kind !== "known") {
    return expression.kind === "unknown" ? "not known" : "no name";
  }
  const { value } = expression;
  const isOfHosts = /\bhost\s*\(\)|\binUrlList\s*\(/i.test(value);
  // What holds for all names but some, or for anything besides, names nobody.
  const isEvery = /!|\btrue\b|\|\|\s*source\.|matches\s*\(\s*["']\^?\.[*+]\$?["']/i.test(value);
  if (!isOfHosts || isEvery) {
    return "no name";
  }
  const namings = listsIn(value).map((name): Naming => {
    const lists = graph.bearers(name, [urlListType]);
    const values = lists.flatMap(({ node }) => itemsOf(graph.read(node, "values")).map(textOf));
    return lists.length === 0 || values.some(({ kind }) => kind !== "known")
      ? "not known"
      : values.some((one) => one.kind === "known" && everyName.test(one.value))
        ? "no name"
        : "names";
  });
  return namings.find((one) => one === "no name") ?? namings.find((one) => one === "not known") ?? "names";
}

/** A test of an expression that names one host, or its end (Secure Web Proxy, "Configure policies"). */
const hostTest =
  /\bhost\s*\(\)\s*(?:==\s*(["'])(.*?)\1|\.\s*(endsWith|startsWith|contains|matches)\s*\(\s*(["'])(.*?)\4\s*\))/g;

/** The pattern of one test: a regular expression that is more than a name may mean any host. */
function testPattern(method: string | undefined, text: string): HostPattern | undefined {
  switch (method) {
    case undefined:
      return hostPattern(text);
    case "endsWith":
      return `**${hostPattern(text)}`;
    case "startsWith":
      return `${hostPattern(text)}**`;
    case "contains":
      return `**${hostPattern(text)}**`;
    default: {
      const name = /^\^?((?:[a-z0-9-]|\\\.)+)\$?$/i.exec(text)?.[1];
      return name === undefined || !text.startsWith("^") || !text.endsWith("$")
        ? undefined
        : hostPattern(name.replaceAll("\\.", "."));
    }
  }
}

/** What one expression says of hosts; `undefined` where it says nothing of them. */
function hostsIn(
  graph: StackGraph,
  expression: Reading<string>,
): { readonly hosts: readonly HostPattern[]; readonly assumption: string | undefined } | undefined {
  const naming = namingOf(graph, expression);
  if (expression.kind !== "known" || naming === "no name") {
    return expression.kind === "unknown"
      ? { hosts: [everyHost], assumption: "what its expressions say" }
      : undefined;
  }
  const { value } = expression;
  const tests = [...value.matchAll(hostTest)].map(([, , exact, method, , text = ""]) =>
    testPattern(method, exact ?? text),
  );
  const listed = listsIn(value).flatMap((name): readonly (HostPattern | undefined)[] => {
    const lists = graph.bearers(name, [urlListType]);
    const values = lists.flatMap(({ node }) => itemsOf(graph.read(node, "values")).map(textOf));
    return lists.length === 0
      ? [undefined]
      : values.map((one) => (one.kind === "known" ? hostPattern(one.value) : undefined));
  });
  const found = [...tests, ...listed];
  const named = found.filter((one) => one !== undefined);
  const isWhole = found.length > 0 && named.length === found.length && naming === "names";
  return {
    hosts: isWhole ? named : [...named, everyHost],
    assumption: isWhole ? undefined : "which hosts its expressions mean",
  };
}

/** The hosts that a rule of a proxy lets through: those that both of its expressions mean, or no fewer. */
export function hostsOf(
  graph: StackGraph,
  rule: Node,
): { readonly hosts: readonly HostPattern[]; readonly assumption: string | undefined } {
  const [session, application] = ["sessionMatcher", "applicationMatcher"].map((key) =>
    hostsIn(graph, textOf(graph.read(rule, key))),
  );
  const known = [session, application].filter((one) => one !== undefined);
  return (
    known.find(({ assumption }) => assumption === undefined) ??
    known[0] ?? { hosts: [everyHost], assumption: undefined }
  );
}

/** The Secure Web Proxies of a stack: what they let by, and whether they look into it. */
export class WebProxies {
  readonly #graph: StackGraph;
  readonly #known = new Map<Node, readonly Unlooked[]>();

  constructor(graph: StackGraph) {
    this.#graph = graph;
  }

  /** Gateways that are, or may be, proxies of what is sent to the Internet. */
  get all(): readonly Node[] {
    return this.#graph.ofType(gatewayType).filter((gateway) => {
      const type = textOf(this.#graph.read(gateway, "type"));
      return type.kind !== "known" || type.value === "SECURE_WEB_GATEWAY";
    });
  }

  /** The policies of a proxy that the stack shows. */
  policiesOf(gateway: Node): readonly Node[] {
    return ownersOf(this.#graph, gateway, "gatewaySecurityPolicy", [policyType]).flatMap((to) =>
      to.kind === "resource" ? [to.node] : [],
    );
  }

  /** The rules of a policy, in the order in which they are tried; one whose priority is not known is first. */
  rulesOf(policy: Node): readonly Node[] {
    const graph = this.#graph;
    return graph
      .ofType(webProxyRuleType)
      .filter((rule) => this.#isOf(rule, policy))
      .map((node) => ({ node, priority: integerOf(graph.read(node, "priority")) }))
      .sort((a, b) => order(a.priority) - order(b.priority))
      .map(({ node }) => node);
  }

  /** What a proxy does as the next hop of a route, or as that to which what is in a network sends its requests. */
  forwarder(gateway: Node, assumption?: string): Forwarder {
    return {
      urn: gateway.urn,
      label: labelOf(gateway),
      onward: { kind: "internet" },
      uninspected: this.unlooked(gateway).map(({ node, why, assumption: unknown }): Rule => ({
        urn: node.urn,
        label: `${labelOf(node)}: ${why}`,
        action: "allow",
        protocols: everyProtocol,
        ports: everyPort,
        remote: { kind: "anything" },
        assumption: unknown,
      })),
      translatesToIpv4: false,
      assumption,
    };
  }

  /** What a proxy lets by without a look; nothing, where it looks into all that it lets by. It denies what no rule allows. */
  unlooked(gateway: Node): readonly Unlooked[] {
    const known = this.#known.get(gateway);
    if (known !== undefined) {
      return known;
    }
    const found = this.#read(gateway);
    this.#known.set(gateway, found);
    return found;
  }

  #read(gateway: Node): readonly Unlooked[] {
    const graph = this.#graph;
    const [policy, ...others] = ownersOf(graph, gateway, "gatewaySecurityPolicy", [policyType]);
    if (policy?.kind !== "resource" || others.length > 0 || policy.assumed) {
      const isAbsent = policy === undefined;
      return [
        {
          node: gateway,
          why: isAbsent ? "has no policy of its own" : "has a policy that the stack does not show",
          assumption: `which rules ${labelOf(gateway)} tries is not in the stack, so it may let anything by`,
        },
      ];
    }
    const ends = graph.read(policy.node, "tlsInspectionPolicy").kind !== "absent";
    const found: Unlooked[] = [];
    for (const node of this.rulesOf(policy.node)) {
      const priority = integerOf(graph.read(node, "priority"));
      const enabled = flagOf(graph.read(node, "enabled"));
      if (enabled.kind === "known" && !enabled.value) {
        continue;
      }
      const profile = textOf(graph.read(node, "basicProfile"));
      const matcher = textOf(graph.read(node, "sessionMatcher"));
      if (profile.kind === "known" && profile.value === "DENY") {
        if (
          priority.kind === "known" &&
          enabled.kind === "known" &&
          matcher.kind === "known" &&
          matcher.value.trim() === "true" &&
          graph.read(node, "applicationMatcher").kind === "absent"
        ) {
          return found; // Nothing is tried after it.
        }
        continue;
      }
      const unlooked = this.#unlookedBy(node, ends, policy.node);
      if (unlooked !== undefined) {
        found.push({
          node,
          ...unlooked,
          assumption:
            profile.kind === "unknown"
              ? `\`basicProfile\` of ${labelOf(node)} is not known`
              : unlooked.assumption,
        });
      }
    }
    return found;
  }

  /** What a rule that allows lets by without a look; `undefined` where it looks. */
  #unlookedBy(rule: Node, ends: boolean, policy: Node): Omit<Unlooked, "node"> | undefined {
    const graph = this.#graph;
    const inspects = flagOf(graph.read(rule, "tlsInspectionEnabled"));
    if (!ends) {
      return {
        why: `passes TLS without ending it, since ${labelOf(policy)} has no tlsInspectionPolicy`,
        assumption: undefined,
      };
    }
    if (inspects.kind !== "known" || !inspects.value) {
      return {
        why: "passes TLS without ending it (tlsInspectionEnabled)",
        assumption:
          inspects.kind === "unknown"
            ? `\`tlsInspectionEnabled\` of ${labelOf(rule)} is not known`
            : undefined,
      };
    }
    const namings = ["sessionMatcher", "applicationMatcher"].map((key) =>
      namingOf(graph, textOf(graph.read(rule, key))),
    );
    if (namings.includes("names")) {
      return undefined;
    }
    const isUnknown = namings.includes("not known");
    return {
      why: "passes requests to names that nobody has looked at",
      assumption: isUnknown ? `for which names ${labelOf(rule)} holds is not known` : undefined,
    };
  }

  /** Whether a rule is one of a policy's, which it names by its id or by its last part. */
  #isOf(rule: Node, policy: Node): boolean {
    const graph = this.#graph;
    const said = textOf(graph.read(rule, "gatewaySecurityPolicy"));
    const own = [textOf(graph.read(policy, "name")), textOf(reading(policy.outputs["name"]))];
    return (
      ownersOf(graph, rule, "gatewaySecurityPolicy", [policyType]).some(
        (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === policy),
      ) ||
      (said.kind === "known" && own.some((name) => name.kind === "known" && name.value === said.value))
    );
  }
}

/** A priority as a number; one that is not known comes first, so that nothing closes before it. */
function order(priority: Reading<number>): number {
  return priority.kind === "known" ? priority.value : -1;
}
