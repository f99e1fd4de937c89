import { zoneIds, type ZoneId } from "../../../model/zone";

import { absent, flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { labelOf } from "../label";

import { gcpKey } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { perimeterRule, type PerimeterRule } from "./perimeter-rules";
import { projectsOf, type Project } from "./projects";

const perimeterType = "gcp:accesscontextmanager:serviceperimeter";
const listType = "gcp:accesscontextmanager:serviceperimeters";
const resourceType = "gcp:accesscontextmanager:serviceperimeterresource";
const dryRunResourceType = "gcp:accesscontextmanager:serviceperimeterdryrunresource";

/** Rules that are resources of their own, with the direction of each. Those of dry runs let nothing pass. */
const ruleTypes = [
  ["gcp:accesscontextmanager:serviceperimeteregresspolicy", "egress"],
  ["gcp:accesscontextmanager:serviceperimeteringresspolicy", "ingress"],
] as const;

/** Types by which a rule was added before, with the property that names the perimeter. What they let pass they do not say. */
const formerRuleTypes = [
  ["gcp:accesscontextmanager:egresspolicy", "egressPolicyName", "egress"],
  ["gcp:accesscontextmanager:ingresspolicy", "ingressPolicyName", "ingress"],
] as const;

/** Types from which facts about perimeters are drawn. */
export const perimeterTypes = [
  perimeterType,
  listType,
  resourceType,
  dryRunResourceType,
  "gcp:accesscontextmanager:serviceperimeterdryrunegresspolicy",
  "gcp:accesscontextmanager:serviceperimeterdryruningresspolicy",
  ...ruleTypes.map(([type]) => type),
  ...formerRuleTypes.map(([type]) => type),
] as const;

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** A project that a perimeter holds. */
export interface HeldProject {
  /** `undefined` where it is not known which. */
  readonly project: Project | undefined;
  /** The resource that puts it there: the perimeter, or a fragment. */
  readonly node: Node;
  readonly assumption: string | undefined;
}

/** A service perimeter, with what fragments add to it. */
export interface Perimeter {
  /** The resource that declares it. */
  readonly node: Node;
  /** Whether the stack declares it, and does not only add to it. */
  readonly isInStack: boolean;
  readonly label: string;
  /** Its name as names are compared; `undefined` where it is not known. */
  readonly name: string | undefined;
  readonly zone: ZoneId | undefined;
  /** Whether it only joins what others hold; `undefined` where that is not known. */
  readonly isBridge: boolean | undefined;
  /** What is enforced. */
  readonly status: Mapping;
  /** What is only watched; absent where the dry run is what is enforced. */
  readonly spec: Mapping;
  readonly projects: readonly HeldProject[];
  /** Projects that only its dry run holds. */
  readonly watched: readonly HeldProject[];
  readonly rules: readonly PerimeterRule[];
  /** Fragments that let something pass and do not say what. */
  readonly formerRules: readonly { readonly node: Node; readonly direction: "egress" | "ingress" }[];
}

/** A resource that belongs to a perimeter, or may. */
interface Fragment {
  readonly node: Node;
  readonly isCertain: boolean;
}

/** The perimeters of a stack. */
export class Perimeters {
  readonly #stack: GcpStack;
  readonly all: readonly Perimeter[];

  constructor(stack: GcpStack) {
    this.#stack = stack;
    const { graph } = stack;
    const inStack = [
      ...graph.ofType(perimeterType).map((node) =>
        this.#perimeter(node, "status", {
          name: graph.read(node, "name"),
          type: graph.read(node, "perimeterType"),
          status: graph.read(node, "status"),
          spec: graph.read(node, "spec"),
          isExplicit: graph.read(node, "useExplicitDryRunSpec"),
        }),
      ),
      ...graph.ofType(listType).flatMap((node) =>
        itemsOf(graph.read(node, "servicePerimeters")).map((item) => {
          const said = recordOf(item);
          return this.#perimeter(node, "servicePerimeters", {
            name: memberReading(said, "name"),
            type: memberReading(said, "perimeterType"),
            status: memberReading(said, "status"),
            spec: memberReading(said, "spec"),
            isExplicit: memberReading(said, "useExplicitDryRunSpec"),
          });
        }),
      ),
    ];
    this.all = [...inStack, ...this.#elsewhere(inStack)];
  }

  /** Perimeters that are not in the stack, of which it adds something to. */
  #elsewhere(inStack: readonly Perimeter[]): readonly Perimeter[] {
    const { graph } = this.#stack;
    const types = [
      resourceType,
      ...ruleTypes.map(([type]) => type),
      ...formerRuleTypes.map(([type]) => type),
    ];
    const named = new Map<string, Node>();
    for (const node of graph.ofType(...types)) {
      const text = textOf(graph.read(node, perimeterKey(node)));
      const name = text.kind === "known" ? gcpKey(text.value) : undefined;
      const isKnown = inStack.some((one) => one.name === undefined || isSamePerimeter(one.name, name ?? ""));
      if (name !== undefined && !isKnown && !named.has(name)) {
        named.set(name, node);
      }
    }
    return [...named].map(([name, node]) =>
      this.#perimeter(node, "elsewhere", { name: { kind: "known", value: name } }),
    );
  }

  /** The perimeters that are enforced around the projects that they hold. */
  get regular(): readonly Perimeter[] {
    return this.all.filter(({ isBridge }) => isBridge === false);
  }

  /** Lists of all perimeters of an access policy, each of which takes away those that it does not name. */
  get lists(): readonly Node[] {
    return this.#stack.graph.ofType(listType);
  }

  #perimeter(
    node: Node,
    key: string,
    {
      name: givenName,
      type: givenType = absent,
      status: givenStatus = absent,
      spec: givenSpec = absent,
      isExplicit: givenFlag = absent,
    }: Readonly<Record<"name", Reading<unknown>>> &
      Readonly<Partial<Record<"type" | "status" | "spec" | "isExplicit", Reading<unknown>>>>,
  ): Perimeter {
    const { graph } = this.#stack;
    const given = textOf(givenName);
    const names = [
      ...(given.kind === "known" ? [gcpKey(given.value)] : []),
      ...(key === "status" ? graph.gcpNamesOf(node) : []),
    ];
    const [name] = names;
    const type = textOf(givenType);
    const isBridge =
      type.kind === "unknown" ? undefined : type.kind === "known" && type.value !== "PERIMETER_TYPE_REGULAR";
    const status = recordOf(givenStatus);
    const isExplicit = flagOf(givenFlag);
    const fragments = (...types: readonly string[]): readonly Fragment[] =>
      this.#fragments(node, names, types, key === "status");
    const projects = [
      ...this.#held(node, key, status),
      ...fragments(resourceType).flatMap((fragment) => this.#added(fragment)),
    ];
    const watched = [
      ...this.#held(node, key === "status" ? "spec" : key, recordOf(givenSpec)),
      ...fragments(dryRunResourceType).flatMap((fragment) => this.#added(fragment)),
    ];
    return {
      node,
      isInStack: key !== "elsewhere",
      label:
        key === "status" ? labelOf(node) : `${labelOf(node)}: ${name?.split("/").at(-1) ?? "a perimeter"}`,
      name,
      zone: this.#zone(node, key !== "servicePerimeters", projects.length > 0 ? projects : watched),
      isBridge,
      status,
      spec: isExplicit.kind === "known" && !isExplicit.value ? { kind: "absent" } : recordOf(givenSpec),
      projects,
      watched,
      rules: [
        ...(["ingress", "egress"] as const).flatMap((direction) =>
          itemsOf(memberReading(status, `${direction}Policies`)).map((policy) =>
            perimeterRule(node, key, direction, (part) => memberReading(recordOf(policy), part)),
          ),
        ),
        ...ruleTypes.flatMap(([fragmentType, direction]) =>
          fragments(fragmentType).map((fragment) =>
            perimeterRule(fragment.node, undefined, direction, (part) => graph.read(fragment.node, part)),
          ),
        ),
      ],
      formerRules: formerRuleTypes.flatMap(([formerType, , direction]) =>
        fragments(formerType).map((fragment) => ({ node: fragment.node, direction })),
      ),
    };
  }

  /** The fragments of some types that name a perimeter, or may. */
  #fragments(
    perimeter: Node,
    names: readonly string[],
    types: readonly string[],
    isOwnResource: boolean,
  ): readonly Fragment[] {
    const { graph } = this.#stack;
    return graph.ofType(...types).flatMap((node): readonly Fragment[] => {
      const key = perimeterKey(node);
      const text = textOf(graph.read(node, key));
      if (text.kind === "known") {
        // What has a name that is not known may be what is named.
        return names.length === 0 || names.some((name) => isSamePerimeter(name, text.value))
          ? [{ node, isCertain: names.length > 0 }]
          : [];
      }
      const origins = (node.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
      const perimeters = origins.filter(
        ({ resourceType: type }) => type === perimeterType || type === listType,
      );
      return perimeters.length === 0 || perimeters.includes(perimeter)
        ? [{ node, isCertain: perimeters.length === 1 && isOwnResource }]
        : [];
    });
  }

  /** The projects among the resources that a part of a perimeter lists. */
  #held(node: Node, key: string, part: Mapping): readonly HeldProject[] {
    const projects = projectsOf(this.#stack);
    return itemsOf(memberReading(part, "resources")).flatMap((item): readonly HeldProject[] => {
      const text = textOf(item);
      if (text.kind === "known" && !/^(?:projects\/)?[^/]+$/.test(gcpKey(text.value))) {
        return []; // A single network.
      }
      return projects.referentsOf(node, key, item).map((referent) =>
        referent.kind === "project"
          ? {
              project: referent.project,
              node,
              assumption: referent.isCertain ? undefined : `which project \`${key}.resources\` names`,
            }
          : { project: undefined, node, assumption: `\`${key}.resources\` is not known` },
      );
    });
  }

  /** The project that a fragment adds. */
  #added({ node, isCertain }: Fragment): readonly HeldProject[] {
    const { graph } = this.#stack;
    const value = graph.read(node, "resource");
    const unsure = isCertain ? undefined : "`perimeterName` is not known";
    return projectsOf(this.#stack)
      .referentsOf(node, "resource", value)
      .map((referent) =>
        referent.kind === "project"
          ? {
              project: referent.project,
              node,
              assumption: unsure ?? (referent.isCertain ? undefined : "which project `resource` names"),
            }
          : { project: undefined, node, assumption: "`resource` is not known" },
      );
  }

  /**
   * The zone of a perimeter: PHI where it says so or holds a PHI project, else what it says, else that of what it holds. One
   * that holds nothing would hold what its dry run does.
   */
  #zone(node: Node, isOwnResource: boolean, projects: readonly HeldProject[]): ZoneId | undefined {
    const { zones } = this.#stack;
    const said = isOwnResource ? zones.of(node.urn) : undefined;
    const certain = projects.filter(({ assumption }) => assumption === undefined);
    // Which project it holds may not be known; that decides only where nothing else says its zone.
    const deciding = certain.length > 0 || said !== undefined ? certain : projects;
    const held = deciding.map(({ project }) => project?.zone);
    return said === "phi" || held.includes("phi") ? "phi" : (said ?? zoneIds.find((id) => held.includes(id)));
  }
}

/** The property by which a fragment names its perimeter. */
function perimeterKey({ resourceType: type }: Node): string {
  return (
    formerRuleTypes.find(([former]) => former === type)?.[1] ??
    (type.endsWith("resource") ? "perimeterName" : "perimeter")
  );
}

/** Whether a text names a perimeter: by its whole name, or by the last part of it. */
function isSamePerimeter(name: string, text: string): boolean {
  const key = gcpKey(text);
  return key === name || (!key.includes("/") && key === name.split("/").at(-1));
}

const perimetersByGraph = new WeakMap<GcpStack["graph"], Perimeters>();

/** The perimeters of a stack, which are read once. */
export function perimetersOf(stack: GcpStack): Perimeters {
  const known = perimetersByGraph.get(stack.graph) ?? new Perimeters(stack);
  perimetersByGraph.set(stack.graph, known);
  return known;
}

/** Lets a perimeter, and what adds to it, inherit the zone of what it holds. */
export function inheritPerimeterZones(stack: GcpStack): void {
  for (const { node, zone, projects, rules, formerRules } of perimetersOf(stack).all) {
    const parts = [node, ...[...projects, ...rules, ...formerRules].map((part) => part.node)];
    for (const { urn } of new Set(parts)) {
      stack.zones.inherit(urn, zone, "what its perimeter holds");
    }
  }
}
