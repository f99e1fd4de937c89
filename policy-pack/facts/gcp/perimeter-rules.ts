import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";

/** Kinds of callers that a rule of a perimeter lets pass without naming them. */
const anyCaller: ReadonlySet<string> = new Set(["ANY_IDENTITY", "ANY_USER_ACCOUNT", "ANY_SERVICE_ACCOUNT"]);

/** One operation that a rule of a perimeter allows. */
export interface AllowedOperation {
  readonly service: Reading<string>;
  /** The methods and permissions; `*` for all of them, and none where nothing is said. */
  readonly methods: readonly Reading<string>[];
}

/** Where a call comes from. */
export type CallSource =
  | { readonly kind: "access level"; readonly level: Reading<string> }
  | { readonly kind: "resource"; readonly resource: Reading<string> }
  | { readonly kind: "unknown" };

/** A rule by which calls pass a perimeter. */
export interface PerimeterRule {
  /** The resource that holds it: the perimeter, or a fragment of one. */
  readonly node: Node;
  /** The properties of the resource that hold who it lets pass, and what. */
  readonly fromKey: string;
  readonly toKey: string;
  readonly direction: "egress" | "ingress";
  /** What people call it, where it has a title. */
  readonly title: string | undefined;
  /** Whom it names. */
  readonly identities: readonly Reading<string>[];
  /** A kind of caller that it lets pass without naming anybody, or something unknown that may be one. */
  readonly anybody: Reading<string>;
  /** Where the calls come from. An egress rule's are not looked at unless it says so. */
  readonly sources: readonly CallSource[];
  readonly isSourceRestricted: Reading<boolean>;
  /** The projects that it leads to, as texts; `*` for all. */
  readonly resources: readonly Reading<string>[];
  /** Resources of other clouds, which only egress leads to. */
  readonly externalResources: readonly Reading<string>[];
  readonly operations: readonly AllowedOperation[];
  /** Roles by whose permissions it says what may be called, in the place of operations. */
  readonly roles: readonly Reading<string>[];
}

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** Reads a property of a rule, or of what holds it. */
export type RuleReader = (key: string) => Reading<unknown>;

function within(mapping: Mapping, key: string): Mapping {
  return recordOf(memberReading(mapping, key));
}

/** The texts of a list; one that is unknown, where the list is. */
function textsAt(mapping: Mapping, key: string): readonly Reading<string>[] {
  return itemsOf(memberReading(mapping, key)).map(textOf);
}

function sourcesOf(from: Mapping): readonly CallSource[] {
  return itemsOf(memberReading(from, "sources")).flatMap((item): readonly CallSource[] => {
    const source = recordOf(item);
    const level = textOf(memberReading(source, "accessLevel"));
    const resource = textOf(memberReading(source, "resource"));
    const endpoint = textOf(memberReading(within(source, "pscEndpoint"), "forwardingRule"));
    return source.kind === "unknown"
      ? [{ kind: "unknown" }]
      : [
          ...(level.kind === "absent" ? [] : [{ kind: "access level" as const, level }]),
          ...(resource.kind === "absent" ? [] : [{ kind: "resource" as const, resource }]),
          ...(endpoint.kind === "absent" ? [] : [{ kind: "resource" as const, resource: endpoint }]),
        ];
  });
}

function operationsOf(to: Mapping): readonly AllowedOperation[] {
  return itemsOf(memberReading(to, "operations")).map((item) => {
    const operation = recordOf(item);
    return {
      service: textOf(memberReading(operation, "serviceName")),
      methods: itemsOf(memberReading(operation, "methodSelectors")).flatMap((selector) =>
        ["method", "permission"]
          .map((key) => textOf(memberReading(recordOf(selector), key)))
          .filter(({ kind }) => kind !== "absent"),
      ),
    };
  });
}

function anybodyIn(from: Mapping): Reading<string> {
  const type = textOf(memberReading(from, "identityType"));
  return type.kind === "known" && !anyCaller.has(type.value) ? { kind: "absent" } : type;
}

/**
 * Reads one rule.
 *
 * @param key the property that holds the whole rule; none where the resource is the rule.
 * @param read reads `ingressFrom` and `ingressTo`, or `egressFrom` and `egressTo`, and `title`.
 */
export function perimeterRule(
  node: Node,
  key: string | undefined,
  direction: PerimeterRule["direction"],
  read: RuleReader,
): PerimeterRule {
  const from = recordOf(read(`${direction}From`));
  const to = recordOf(read(`${direction}To`));
  const title = textOf(read("title"));
  const restriction = textOf(memberReading(from, "sourceRestriction"));
  return {
    node,
    fromKey: key ?? `${direction}From`,
    toKey: key ?? `${direction}To`,
    direction,
    title: title.kind === "known" ? title.value : undefined,
    identities: textsAt(from, "identities"),
    anybody: anybodyIn(from),
    sources: from.kind === "unknown" ? [{ kind: "unknown" }] : sourcesOf(from),
    isSourceRestricted:
      restriction.kind === "known"
        ? { kind: "known", value: restriction.value === "SOURCE_RESTRICTION_ENABLED" }
        : restriction,
    resources: textsAt(to, "resources"),
    externalResources: textsAt(to, "externalResources"),
    operations: operationsOf(to),
    roles: textsAt(to, "roles"),
  };
}

/** Whether a rule matches nobody: it names no identity, and no kind of caller. */
export function matchesNobody({ identities, anybody }: PerimeterRule): boolean {
  return identities.length === 0 && anybody.kind === "absent";
}

/** What people find a rule by. */
export function ruleText({ direction, title, node, fromKey }: PerimeterRule): string {
  return title !== undefined
    ? `its ${direction} rule "${title}"`
    : fromKey === "status" || fromKey === "servicePerimeters"
      ? `an ${direction} rule`
      : `the ${direction} rule ${node.name}`;
}
