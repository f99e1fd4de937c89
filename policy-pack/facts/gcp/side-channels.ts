import type { ZoneId } from "../../../model/zone";
import { flagOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { textsOf } from "../../texts";
import type { PublicName, SideChannel } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { pathText, valuesAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";

import type { GcpStack } from "./gcp-stack";
import { gcpTypes } from "./gcp-types";
import {
  isBeside,
  originsOf,
  projectOfNode,
  regionKey,
  regionOfNode,
  saidIn,
  thingsIn,
  thingsNamed,
  type Thing,
} from "./named-things";
import { PhiSources, surest } from "./phi-sources";
import { projectsOf } from "./projects";
import { oneRegion, type Exit, type SideChannelType } from "./side-channel-type";
import { sideChannelTypes } from "./side-channel-types";
import { spokenNames } from "./spoken-names";
import { projects as projectTypes } from "./store-channels";

/** A way by which something leaves that is not certainly closed. */
interface Way {
  readonly what: string;
  readonly remedy: string;
  readonly assumption: string | undefined;
  /** Whether no other resource can close it. */
  readonly isOwn: boolean;
}

/** From where ways are looked for. */
interface Place {
  readonly zone: ZoneId;
  /** The project of what is read. */
  readonly project: string | undefined;
  readonly source: Node | undefined;
  /** Whether processing, which asks the PHI zone, may be where it goes as well. */
  readonly orProcessing?: true | undefined;
}

/** What is looked for where an exit leads. */
type Sought = Pick<Extract<Exit, { readonly kind: "resource" }>, "path" | "types" | "told" | "ownTypes">;

/** The resources of a stack on Google Cloud by which what is in its PHI zone leaves by itself. */
export class SideChannels {
  readonly #stack: GcpStack;
  readonly #sources: PhiSources;

  constructor(stack: GcpStack) {
    this.#stack = stack;
    this.#sources = new PhiSources(stack);
  }

  /** The ways by which what is in the PHI zone leaves by itself, or may. */
  channels(): readonly SideChannel[] {
    return this.#stack.graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly SideChannel[] => {
      const shape = sideChannelTypes.get(node.resourceType);
      const sources =
        shape === undefined || isOff(this.#stack, node, shape) ? [] : this.#sources.of(node, shape);
      const other = surest(sources.filter((source) => source.node !== node));
      const source = surest(sources);
      if (shape === undefined || source === undefined) {
        return [];
      }
      const place: Place = { zone: "phi", project: (other ?? source).project, source: other?.node };
      return this.#ways(node, shape, place).map(({ what, remedy, assumption, isOwn }) => ({
        urn: node.urn,
        label: labelOf(node),
        zone: "phi",
        platform: platformOf(this.#stack, node),
        what: `${source.node === node ? "" : `${source.label}: `}${what}`,
        assumption: source.assumption ?? assumption,
        remedy,
        isGuiltyAlone: isOwn && assumption === undefined && source.node === node,
      }));
    });
  }

  /** The ways by which services outside of the PHI zone send on what they are told, where they are told PHI too. */
  publicNames(): readonly PublicName[] {
    const { graph, zones } = this.#stack;
    return graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly PublicName[] => {
      const shape = sideChannelTypes.get(node.resourceType);
      // What a platform of ours shares between its zones is told what processing is.
      const zone =
        zones.of(node.urn) ?? (platformOf(this.#stack, node) === undefined ? undefined : "processing");
      if (
        shape?.isHeldEverywhere !== true ||
        zone === undefined ||
        zone === "phi" ||
        this.#sources.of(node, shape).length > 0
      ) {
        return [];
      }
      const place: Place = { zone, project: projectOfNode(this.#stack, node), source: undefined };
      return this.#ways(node, shape, place).map(({ what, remedy, assumption }) => ({
        urn: node.urn,
        label: labelOf(node),
        zone,
        platform: platformOf(this.#stack, node),
        isStore: false,
        what: `${labelOf(node)}: ${what}.`,
        assumption,
        remedy,
      }));
    });
  }

  #ways(node: Node, shape: SideChannelType, place: Place): readonly Way[] {
    const { graph } = this.#stack;
    const found = shape.exits.flatMap((exit) => this.#waysBy(node, shape, exit, place));
    const isSet = shape.exits.some((exit) => {
      const path = exitPath(exit);
      return path !== undefined && valuesAt(graph, node, path).length > 0;
    });
    const ways = shape.needsExit === true && !isSet ? [...found, way(shape, "nothing says where")] : found;
    const isRefused =
      shape.isRefusedOnPlatform === true &&
      place.zone === "phi" &&
      platformOf(this.#stack, node) !== undefined;
    return isRefused && ways.length === 0
      ? [
          {
            what: "no platform has one in its PHI zone, wherever it leads",
            remedy: "Take it out of the PHI zone.",
            assumption: undefined,
            isOwn: false,
          },
        ]
      : ways;
  }

  #waysBy(node: Node, shape: SideChannelType, exit: Exit, place: Place): readonly Way[] {
    const { graph } = this.#stack;
    switch (exit.kind) {
      case "out":
        return [{ ...way(shape), isOwn: true }];
      case "itself":
        return this.#waysOutside(node, shape, place);
      case "setting":
        return broken(graph, node, [exit.setting]).map(({ setting, isUnknown }) =>
          settingWay(setting, isUnknown),
        );
      case "shape": {
        const values = valuesAt(graph, node, exit.path).map(textOf);
        const wrong = values.filter((text) => text.kind !== "known" || !exit.right.test(text.value));
        const isMissing =
          values.length === 0 &&
          exit.neededWith !== undefined &&
          valuesAt(graph, node, exit.neededWith).length > 0;
        return wrong.length > 0 || isMissing
          ? [settingWay(exit, !isMissing && wrong.every(({ kind }) => kind === "unknown"))]
          : [];
      }
      case "together": {
        const texts = valuesAt(graph, node, exit.path).map(textOf);
        const regions = new Set(
          texts.flatMap((text) => (text.kind === "known" ? [regionKey(text.value)] : [])),
        );
        const mayBeSeveral = texts.length > 1 || isPartOfUnknown(this.#stack, node, exit.path);
        const isUnknown = mayBeSeveral && texts.some(({ kind }) => kind === "unknown");
        return regions.size > 1
          ? [{ ...way(shape, [...regions].join(", ")), isOwn: true }]
          : isUnknown
            ? [{ ...way(shape), assumption: `\`${pathText(exit.path)}\` is not known` }]
            : [];
      }
      case "region":
        return this.#waysToRegions(node, shape, exit.path, place);
      case "mentioned":
        return this.#waysMentioned(node, shape, exit.path, place);
      case "callers":
        return valuesAt(graph, node, exit.path).flatMap((value) =>
          this.#stays(node, exit, value, { ...place, orProcessing: true })
            ? []
            : [
                wayTo(
                  { ...shape, what: "others than processing connect to it" },
                  exit.path,
                  saidIn(value, undefined),
                ),
              ],
        );
      case "resource":
        return valuesAt(graph, node, exit.path).flatMap((value) =>
          this.#stays(node, exit, value, place) ? [] : [wayTo(shape, exit.path, saidIn(value, exit.told))],
        );
    }
  }

  /** How a resource that reads the PHI zone is, or may be, outside of it, or in another region. */
  #waysOutside(node: Node, shape: SideChannelType, { project, source }: Place): readonly Way[] {
    const { graph, zones } = this.#stack;
    const zone = zones.of(node.urn);
    if (zone !== "phi" && !(zone === undefined && isBeside(this.#stack, node, project))) {
      return [way(shape, "in no zone, or in another")];
    }
    const regions = [node, source].map((one) => (one === undefined ? undefined : regionOfNode(graph, one)));
    const [own, from] = regions.filter((region) => region !== undefined && oneRegion.test(region));
    return own !== undefined && from !== undefined && own !== from ? [way(shape, `in ${own}`)] : [];
  }

  #waysToRegions(node: Node, shape: SideChannelType, path: PropertyPath, { source }: Place): readonly Way[] {
    const { graph } = this.#stack;
    const own =
      regionOfNode(graph, node) ??
      (source === undefined ? undefined : regionOfNode(graph, source)) ??
      graph.regionOf(node);
    return valuesAt(graph, node, path).flatMap((value) => {
      const text = textOf(value);
      if (text.kind === "known" && own !== undefined && regionKey(text.value) === own) {
        return [];
      }
      const isSure = text.kind === "known" && (own !== undefined || !oneRegion.test(text.value));
      return [
        {
          ...wayTo({ ...shape, what: "a copy of it is kept in another region" }, path, knownOf(text)),
          ...(isSure || text.kind !== "known" ? {} : { assumption: "in which region it is" }),
        },
      ];
    });
  }

  /** Where texts lead that name places beside what names nothing. */
  #waysMentioned(node: Node, shape: SideChannelType, path: PropertyPath, place: Place): readonly Way[] {
    const { graph } = this.#stack;
    return valuesAt(graph, node, path).flatMap((value) => {
      const { texts, isUnknown } = textsOf(value);
      const out = texts
        .flatMap((text) => spokenNames(text, undefined))
        .filter(({ isProjectAlone }) => !isProjectAlone)
        .filter(
          ({ text, types }) =>
            !this.#areRight(thingsNamed(this.#stack, node, path[0], text, types), place, undefined),
        )
        .map(({ text }) => wayTo(shape, path, text));
      const stays = isUnknown && this.#comesFromPhi(node, path, undefined, place);
      return [...out, ...(isUnknown && !stays ? [wayTo(shape, path, undefined)] : [])];
    });
  }

  /** Whether what is sent on certainly stays: in the PHI zone, or in the stack where that is enough. */
  #stays(node: Node, exit: Sought, value: Reading<unknown>, place: Place): boolean {
    const things = thingsIn(this.#stack, node, exit.path[0], value, exit);
    const isTold = exit.told !== undefined && things.length === 0;
    const isKnown =
      exit.told === undefined
        ? textOf(value).kind === "known"
        : things.some(({ kind }) => kind === "elsewhere") || !isUnknownWithin(value);
    return (
      isTold ||
      (isKnown
        ? this.#areRight(things, place, exit.ownTypes)
        : this.#comesFromPhi(node, exit.path, exit, place))
    );
  }

  #areRight(things: readonly Thing[], place: Place, ownTypes: readonly string[] | undefined): boolean {
    return (
      things.length > 0 &&
      things.every((thing) =>
        thing.kind === "resource"
          ? !thing.assumed && this.#isRight(thing.node, place, ownTypes)
          : thing.kind === "elsewhere" && this.#isRightBeyond(thing, place, ownTypes),
      )
    );
  }

  /** Whether a resource is where what is read may be. */
  #isRight(node: Node, place: Place, ownTypes: readonly string[] | undefined): boolean {
    const { zone, project } = place;
    const own = this.#stack.zones.of(node.urn);
    if ((projectTypes as readonly string[]).includes(node.resourceType)) {
      const named = projectOfNode(this.#stack, node);
      return (
        isInZone(own, { zone: "phi", orProcessing: place.orProcessing }) || this.#isRightProject(named, place)
      );
    }
    return (
      zone !== "phi" ||
      own === "phi" ||
      ownTypes?.includes(node.resourceType) === true ||
      (own === undefined && isBeside(this.#stack, node, project))
    );
  }

  #isRightProject(named: string | undefined, place: Place): boolean {
    const { project } = place;
    const ofNamed = named === undefined ? undefined : projectsOf(this.#stack).zoneOf(named);
    return (
      isInZone(ofNamed, place) ||
      (named !== undefined &&
        project !== undefined &&
        ofNamed === undefined &&
        projectsOf(this.#stack).isSame(named, project) === true)
    );
  }

  /** Whether something that the stack does not show is where what is read may be, as its name says. */
  #isRightBeyond(
    { text, project }: Extract<Thing, { readonly kind: "elsewhere" }>,
    place: Place,
    ownTypes: readonly string[] | undefined,
  ): boolean {
    const isJudgedItself = ownTypes?.some((type) => isOfType(text, type)) === true;
    return (
      this.#isRightProject(project, place) ||
      (isJudgedItself && project !== undefined && projectsOf(this.#stack).zoneOf(project) !== undefined)
    );
  }

  /** Whether a value that is not known comes from what is where it may be, and from nothing else. */
  #comesFromPhi(node: Node, path: PropertyPath, sought: Sought | undefined, place: Place): boolean {
    const { graph } = this.#stack;
    const [key] = path;
    // Once a stack exists, what is not known was hidden, and comes from nothing that is shown. Of a whole that is not
    // known, parts may be written out.
    if (!graph.dryRun || isPartOfUnknown(this.#stack, node, path)) {
      return false;
    }
    const origins = (node.propertyDependencies[key] ?? []).map((urn) => graph.node(urn));
    const { texts } = textsOf(graph.read(node, key));
    const isTold = (origin: Node): boolean =>
      texts.some((text) =>
        thingsNamed(this.#stack, node, key, text).some((to) => to.kind === "resource" && to.node === origin),
      );
    const meant = originsOf(graph, node, key, sought?.types).filter((origin) => !isTold(origin));
    return (
      origins.every((origin) => origin !== undefined) &&
      meant.length > 0 &&
      originsOf(graph, node, key).every((origin) => this.#isRight(origin, place, sought?.ownTypes))
    );
  }
}

/** Whether a zone is one in which what is read may be. */
function isInZone(
  of: ZoneId | undefined,
  { zone, orProcessing }: Pick<Place, "zone" | "orProcessing">,
): boolean {
  return zone === "phi" ? of === "phi" || (orProcessing === true && of === "processing") : of !== undefined;
}

function isUnknownWithin(value: Reading<unknown>): boolean {
  return textsOf(value).isUnknown;
}

/** Whether a whole name is that of something of a type, as its collections say. */
function isOfType(text: string, type: ResourceType): boolean {
  return (gcpTypes.get(type) ?? []).some((template) =>
    new RegExp(`${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(text),
  );
}

/** Whether a flag certainly keeps a resource from doing anything. */
function isOff({ graph }: GcpStack, node: Node, { isOffBy }: SideChannelType): boolean {
  const flags = isOffBy === undefined ? [] : valuesAt(graph, node, isOffBy).map(flagOf);
  return flags.length > 0 && flags.every((flag) => flag.kind === "known" && flag.value);
}

/** Whether what holds a property is not known as a whole. */
function isPartOfUnknown({ graph }: GcpStack, node: Node, [first, ...rest]: PropertyPath): boolean {
  return rest.some((_key, length) =>
    valuesAt(graph, node, [first, ...rest.slice(0, length)]).some(({ kind }) => kind === "unknown"),
  );
}

/** Where an exit is set; `undefined` for one that is not set anywhere, or stands in a text that may have none. */
function exitPath(exit: Exit): PropertyPath | undefined {
  switch (exit.kind) {
    case "resource":
    case "callers":
    case "region":
    case "together":
    case "shape":
      return exit.path;
    case "setting":
      return exit.setting.path;
    case "itself":
    case "mentioned":
    case "out":
      return undefined;
  }
}

function knownOf(text: Reading<string>): string | undefined {
  return text.kind === "known" ? text.value : undefined;
}

function way({ what, remedy }: Pick<SideChannelType, "what" | "remedy">, where?: string): Way {
  return {
    what: where === undefined ? what : `${what} (${where})`,
    remedy,
    assumption: undefined,
    isOwn: false,
  };
}

function settingWay(
  { what, path, remedy }: { readonly what: string; readonly path: PropertyPath; readonly remedy: string },
  isUnknown: boolean,
): Way {
  return {
    what: `${what} (${pathText(path)})`,
    remedy,
    assumption: isUnknown ? `\`${pathText(path)}\` is not known` : undefined,
    isOwn: true,
  };
}

function wayTo(shape: SideChannelType, path: PropertyPath, said: string | undefined): Way {
  return {
    ...way(shape, said),
    assumption: said === undefined ? `\`${pathText(path)}\` is not known` : undefined,
  };
}
