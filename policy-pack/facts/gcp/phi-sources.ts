import type { ZoneId } from "../../../model/zone";
import { flagOf, mayBeTrue, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { textsOf } from "../../texts";
import { labelOf } from "../label";
import { pathText, valuesAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import {
  isBeside,
  isNeutral,
  originsOf,
  projectOfNode,
  thingsIn,
  thingsNamed,
  type Thing,
} from "./named-things";
import { projectsOf } from "./projects";
import type { Read, SideChannelType } from "./side-channel-type";
import { sideChannelTypes } from "./side-channel-types";
import { spokenNames } from "./spoken-names";
import { projects as projectTypes } from "./store-channels";

/** What is read of the PHI zone. */
export interface Source {
  readonly label: string;
  /** The resource; `undefined` where the stack does not show it. */
  readonly node: Node | undefined;
  readonly project: string | undefined;
  /** Why it may be something else, where that is not known. */
  readonly assumption: string | undefined;
}

/** Properties that say what a resource is called or runs as, or where it is put, and never what it reads. */
const neutralKeys: ReadonlySet<string> = new Set([
  "description",
  "displayName",
  "effectiveLabels",
  "id",
  "ipConfiguration",
  "kmsKeyName",
  "labels",
  "location",
  "name",
  "network",
  "project",
  "pulumiLabels",
  "region",
  "serviceAccount",
  "serviceAccountEmail",
  "subnetwork",
  "zone",
]);

/** The source of which most is known. */
export function surest(sources: readonly Source[]): Source | undefined {
  return sources.find(({ assumption }) => assumption === undefined) ?? sources[0];
}

/** What of a stack is in its PHI zone, and is read by what may let it leave. */
export class PhiSources {
  readonly #stack: GcpStack;
  #phi: readonly Node[] = [];

  constructor(stack: GcpStack) {
    this.#stack = stack;
    // What is made from something that was made from the PHI zone's is found in the next round.
    do {
      this.#phi = stack.graph.nodes.filter((node) => this.#isPhi(node));
    } while (this.#inherit());
  }

  #isPhi(node: Node): boolean {
    return (
      node.resourceType.startsWith("gcp:") && this.#stack.zones.of(node.urn) === "phi" && !isNeutral(node)
    );
  }

  /** Gives parts the zone of what they are parts of, and what is sent something the zone of what is sent. */
  #inherit(): boolean {
    const { graph, zones } = this.#stack;
    let isChanged = false;
    const give = (node: Node, zone: ZoneId | undefined, source: string): void => {
      if (zone !== undefined && zones.of(node.urn) === undefined) {
        zones.inherit(node.urn, zone, source);
        isChanged = true;
      }
    };
    for (const node of graph.ofType(...sideChannelTypes.keys())) {
      const shape = sideChannelTypes.get(node.resourceType);
      for (const thing of shape?.partOf === undefined ? [] : this.#things(node, shape.partOf)) {
        const isCertain = thing.kind === "resource" && !thing.assumed;
        if (isCertain && isBeside(this.#stack, thing.node, projectOfNode(this.#stack, node))) {
          give(node, zones.of(thing.node.urn), `what it is part of, ${labelOf(thing.node)}`);
        }
      }
      const source = shape === undefined ? undefined : surest(this.of(node, shape));
      if (shape === undefined || source === undefined || source.assumption !== undefined) {
        continue;
      }
      if (shape.exits.some(({ kind }) => kind === "itself") && isBeside(this.#stack, node, source.project)) {
        give(node, "phi", `what it is made from, ${source.label}`);
      }
      for (const found of this.#receivers(node, shape, source)) {
        give(found, "phi", `what is sent to it by ${labelOf(node)}`);
      }
    }
    return isChanged;
  }

  /** What is in no zone, and is sent what something in its project reads of the PHI zone. */
  #receivers(node: Node, shape: SideChannelType, { project }: Source): readonly Node[] {
    return shape.exits
      .flatMap((exit) => (exit.kind === "resource" && exit.ownTypes === undefined ? [exit] : []))
      .flatMap((exit) => this.#things(node, exit))
      .flatMap((thing) => (thing.kind === "resource" && !thing.assumed ? [thing.node] : []))
      .filter(
        (found) =>
          isBeside(this.#stack, found, project) &&
          !isNeutral(found) &&
          !(projectTypes as readonly string[]).includes(found.resourceType),
      );
  }

  #things(node: Node, sought: Pick<Read, "path" | "types" | "told">): readonly Thing[] {
    return valuesAt(this.#stack.graph, node, sought.path).flatMap((value) =>
      thingsIn(this.#stack, node, sought.path[0], value, sought),
    );
  }

  /** A resource as what is read, if it is in the PHI zone. */
  #asSource(node: Node, assumption: string | undefined): readonly Source[] {
    return this.#isPhi(node)
      ? [{ label: labelOf(node), node, project: projectOfNode(this.#stack, node), assumption }]
      : [];
  }

  /** What holds PHI though the stack does not show it: what is in a project of the PHI zone. */
  #beyond(project: string | undefined): readonly Source[] {
    return project !== undefined && projectsOf(this.#stack).zoneOf(project) === "phi"
      ? [{ label: `something in the project ${project}`, node: undefined, project, assumption: undefined }]
      : [];
  }

  /** Something of the PHI zone, of which nothing more is known. */
  #possibly(
    assumption: string | undefined,
    isMeant: (node: Node) => boolean = () => true,
  ): readonly Source[] {
    const found = this.#phi.find(isMeant);
    return found === undefined ? [] : this.#asSource(found, assumption);
  }

  /** What of the PHI zone a property names, or may name. */
  #phiAt(node: Node, read: Read): readonly Source[] {
    const { graph } = this.#stack;
    const [key] = read.path;
    if (read.isSpoken === true) {
      return valuesAt(graph, node, read.path).flatMap((value) => this.#phiIn(node, key, value));
    }
    return this.#things(node, read).flatMap((thing): readonly Source[] => {
      switch (thing.kind) {
        case "resource":
          return (projectTypes as readonly string[]).includes(thing.node.resourceType)
            ? this.#beyond(projectOfNode(this.#stack, thing.node))
            : this.#asSource(
                thing.node,
                thing.assumed ? `which resource \`${pathText(read.path)}\` names` : undefined,
              );
        case "elsewhere":
          return this.#beyond(thing.project);
        case "undetermined":
          return this.#possibly(
            `\`${pathText(read.path)}\` is not known`,
            ({ resourceType: type }) => read.types?.includes(type) ?? true,
          );
      }
    });
  }

  /**
   * What of the PHI zone a value speaks of, wherever in it.
   *
   * @param isSent whether it says where something is sent, so that what is not known of it is no source.
   */
  #phiIn(node: Node, key: string, value: Reading<unknown>, isSent = false): readonly Source[] {
    const { graph } = this.#stack;
    const { texts, isUnknown } = textsOf(value);
    const spoken = texts.flatMap((text) => spokenNames(text, projectOfNode(this.#stack, node)));
    const named = spoken
      .filter(({ isProjectAlone }) => !isProjectAlone)
      .flatMap(({ text, types }) => thingsNamed(this.#stack, node, key, text, types))
      .flatMap((thing) =>
        thing.kind === "resource"
          ? this.#asSource(thing.node, undefined)
          : thing.kind === "elsewhere"
            ? this.#beyond(thing.project)
            : [],
      );
    const projects = spoken.flatMap(({ project }) => this.#beyond(project));
    const origins = originsOf(graph, node, key).flatMap((origin) => this.#asSource(origin, undefined));
    const isUntraced = !isSent && isUnknown && (node.propertyDependencies[key] ?? []).length === 0;
    return [
      ...named,
      ...projects,
      ...origins,
      ...(isUntraced ? this.#possibly(`\`${key}\` is not known`) : []),
    ];
  }

  /** What of the PHI zone a resource refers to wherever in it. */
  #phiAnywhere(node: Node, { sendsBy }: SideChannelType): readonly Source[] {
    return Object.keys(node.inputs ?? node.outputs)
      .filter((key) => !neutralKeys.has(key))
      .flatMap((key) => this.#phiIn(node, key, this.#stack.graph.read(node, key), sendsBy === key));
  }

  /** What of the PHI zone is read by what reads a project, or all projects below a folder. */
  #phiAround(node: Node, { readsProject, readsAllIf }: SideChannelType): readonly Source[] {
    const { graph } = this.#stack;
    const project = projectOfNode(this.#stack, node);
    const ofProject =
      readsProject === true
        ? project === undefined
          ? this.#possibly("which project it is in")
          : [
              ...this.#beyond(project),
              ...this.#possibly(undefined, (found) => isBeside(this.#stack, found, project)),
            ]
        : [];
    const flags = (readsAllIf ?? []).flatMap((path) => valuesAt(graph, node, path)).map(flagOf);
    const reading = flags.filter(mayBeTrue);
    const isSure = readsAllIf?.length === 0 || reading.some(({ kind }) => kind === "known");
    const ofAll =
      readsAllIf !== undefined && (isSure || reading.length > 0)
        ? this.#possibly(isSure ? undefined : "whether it reads the projects below")
        : [];
    return [...ofProject, ...ofAll];
  }

  /** What a resource reads of the PHI zone, or may read. */
  of(node: Node, shape: SideChannelType): readonly Source[] {
    const named = [...(shape.partOf === undefined ? [] : [shape.partOf]), ...shape.reads].flatMap((read) =>
      this.#phiAt(node, read),
    );
    return [
      ...this.#asSource(node, undefined),
      ...named,
      ...this.#phiAround(node, shape),
      ...(shape.readsAnything === true ? this.#phiAnywhere(node, shape) : []),
    ];
  }
}
