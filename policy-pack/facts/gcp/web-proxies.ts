import { everyHost, hostPattern, type HostPattern } from "../../host-pattern";
import { flagOf, integerOf, itemsOf, reading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { everyPort, everyProtocol, type Forwarder, type Rule } from "../fact";
import { labelOf } from "../label";
import { booleanExpression, type BooleanExpression } from "./boolean-expression";
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

/** For which hosts an expression holds. */
type Naming =
  /** For these, and for no others. */
  | { readonly kind: "names"; readonly hosts: readonly HostPattern[] }
  /** Whatever the host is. */
  | { readonly kind: "no name" }
  /** For these, and perhaps for others. */
  | { readonly kind: "not known"; readonly hosts: readonly HostPattern[] };

const noName: Naming = { kind: "no name" };

/** A list of hosts that is asked for: `inUrlList(host(), 'projects/p/locations/l/urlLists/providers')`. */
const listTest = /^inUrlList\s*\([^,]*,\s*(["'])([^"']+)\1\s*\)$/i;

/** A test that names one host, or its end (Secure Web Proxy, "Configure policies"). */
const hostTest =
  /^(?:request\.)?host\s*\(\)\s*(?:==\s*(["'])(.*?)\1|\.\s*(endsWith|startsWith|contains|matches)\s*\(\s*(["'])(.*?)\4\s*\))$/;

/** A regular expression that every host fits. */
const everyMatch = /^\^?\.[*+]\$?$/;

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

function ofList(graph: StackGraph, name: string): Naming {
  const lists = graph.bearers(name, [urlListType]);
  const values = lists.flatMap(({ node }) => itemsOf(graph.read(node, "values")).map(textOf));
  const known = values.flatMap((value) => (value.kind === "known" ? [value.value] : []));
  const hosts = known.map(hostPattern);
  return known.some((value) => everyName.test(value))
    ? noName
    : { kind: lists.length === 0 || known.length < values.length ? "not known" : "names", hosts };
}

function ofAtom(graph: StackGraph, text: string): Naming {
  const [, , list] = listTest.exec(text) ?? [];
  if (list !== undefined) {
    return ofList(graph, list);
  }
  const [, , exact, method, , argument] = hostTest.exec(text) ?? [];
  const asked = exact ?? argument;
  if (asked === undefined) {
    // What is asked of a host in another way may hold for any; what is asked of something else holds for every one.
    return /\bhost\s*\(\)|\binUrlList\s*\(/i.test(text) && !text.includes("!=")
      ? { kind: "not known", hosts: [] }
      : noName;
  }
  if (method === "matches" && everyMatch.test(asked)) {
    return noName;
  }
  const pattern = testPattern(method, asked);
  return pattern === undefined ? { kind: "not known", hosts: [] } : { kind: "names", hosts: [pattern] };
}

function ofExpression(graph: StackGraph, expression: BooleanExpression): Naming {
  switch (expression.kind) {
    case "atom":
      return ofAtom(graph, expression.text);
    case "not":
      // What holds for all names but some names nobody.
      return noName;
    case "and": {
      const parts = expression.parts.map((part) => ofExpression(graph, part));
      return (
        parts.find(({ kind }) => kind === "names") ?? parts.find(({ kind }) => kind === "not known") ?? noName
      );
    }
    case "or": {
      const parts = expression.parts.map((part) => ofExpression(graph, part));
      return parts.some(({ kind }) => kind === "no name")
        ? noName
        : {
            kind: parts.every(({ kind }) => kind === "names") ? "names" : "not known",
            hosts: parts.flatMap((part) => (part.kind === "no name" ? [] : part.hosts)),
          };
    }
  }
}

/** For which hosts a rule's expression holds; whatever the host is, where there is none. */
function namingOf(graph: StackGraph, text: Reading<string>): Naming {
  if (text.kind !== "known") {
    return text.kind === "unknown" ? { kind: "not known", hosts: [] } : noName;
  }
  const expression = booleanExpression(text.value);
  return expression === undefined ? { kind: "not known", hosts: [] } : ofExpression(graph, expression);
}

function namingsOf(graph: StackGraph, rule: Node): readonly Naming[] {
  return ["sessionMatcher", "applicationMatcher"].map((key) =>
    namingOf(graph, textOf(graph.read(rule, key))),
  );
}

/** The hosts that a rule of a proxy lets through: those that both of its expressions mean, or no fewer. */
export function hostsOf(
  graph: StackGraph,
  rule: Node,
): { readonly hosts: readonly HostPattern[]; readonly assumption: string | undefined } {
  const namings = namingsOf(graph, rule);
  const named =
    namings.find(({ kind }) => kind === "names") ?? namings.find(({ kind }) => kind === "not known");
  switch (named?.kind) {
    case "names":
      return { hosts: named.hosts, assumption: undefined };
    case "not known":
      return { hosts: [...named.hosts, everyHost], assumption: "which hosts its expressions mean" };
    default:
      return { hosts: [everyHost], assumption: undefined };
  }
}

/** The lists of hosts that the expressions of a rule name; `undefined` where they are not known. */
export function listsOf(graph: StackGraph, rule: Node): readonly string[] | undefined {
  const texts = ["sessionMatcher", "applicationMatcher"].map((key) => textOf(graph.read(rule, key)));
  return texts.some(({ kind }) => kind === "unknown")
    ? undefined
    : texts.flatMap((text) =>
        text.kind === "known"
          ? [...text.value.matchAll(/["']([^"']*\burlLists\/[^"']+)["']/g)].map(([, name = ""]) => name)
          : [],
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
    const namings = namingsOf(graph, rule);
    if (namings.some(({ kind }) => kind === "names")) {
      return undefined;
    }
    const isUnknown = namings.some(({ kind }) => kind === "not known");
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
