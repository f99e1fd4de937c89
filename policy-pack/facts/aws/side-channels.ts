import { memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { textsOf } from "../../texts";
import type { SideChannel } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";

import { accountOf } from "./accounts";
import { accountAssumption, canonical, labelOf, platformOf, type AwsStack } from "./aws-stack";
import { jsonText } from "./json-text";
import { isNeutral, staysInPhi } from "./phi-destinations";
import { placedTypes } from "./placed-types";
import { sideChannelTypes, type Exit, type Read, type SideChannelType } from "./side-channel-types";
import { referenceFinder } from "./text-references";

/** What is read of the PHI zone. */
export interface Source {
  readonly label: string;
  /** The resource, where it is known which. */
  readonly node: Node | undefined;
  /** Why it may be something else, where that is not known. */
  readonly assumption: string | undefined;
}

/** Where something goes that is not certainly in the PHI zone. */
interface Way {
  readonly where: string | undefined;
  readonly assumption: string | undefined;
  /** Whether no other resource can close it. */
  readonly isOwn: boolean;
}

/** Properties that say what a resource is called and who may do what, and never what it reads. */
const neutralKeys: ReadonlySet<string> = new Set(["arn", "description", "id", "name", "tags", "tagsAll"]);

/** The source of which most is known. */
export function surest(sources: readonly Source[]): Source | undefined {
  return sources.find(({ assumption }) => assumption === undefined) ?? sources[0];
}

/** The resources of a stack by which what is in its PHI zone leaves by itself. */
export class SideChannels {
  readonly #stack: AwsStack;
  #phi: readonly Node[] = [];
  /** What may be in the PHI zone, because it is made from what may be, with what is not known of that. */
  readonly #possible = new Map<Node, string>();
  #finder: ((texts: readonly string[]) => string | undefined) | undefined;

  constructor(stack: AwsStack) {
    this.#stack = stack;
    // What is made from something that was made from the PHI zone's is found in the next round.
    do {
      this.#phi = stack.graph.nodes.filter((node) => stack.zones.of(node.urn) === "phi" && !isNeutral(node));
      this.#finder = undefined;
    } while (this.#inherit());
  }

  /** What is in the PHI zone, but for what says who may do something. */
  get phi(): readonly Node[] {
    return this.#phi;
  }

  /** Gives copies and pointers the zone of what they are made from, and disks that of the instance that has them. */
  #inherit(): boolean {
    const { graph, zones } = this.#stack;
    let isChanged = false;
    const give = (node: Node, source: string): void => {
      if (zones.of(node.urn) !== "phi") {
        zones.inherit(node.urn, "phi", source);
        isChanged = true;
      }
    };
    for (const node of graph.ofType(...sideChannelTypes.keys())) {
      const shape = sideChannelTypes.get(node.resourceType);
      const source = shape === undefined ? undefined : this.#zoneSource(node, shape);
      if (source?.assumption !== undefined && !this.#possible.has(node) && !this.#isPhi(node)) {
        this.#possible.set(node, source.assumption);
        isChanged = true;
      }
      if (source !== undefined && source.assumption === undefined) {
        give(node, `what it is made from, ${source.label}`);
      }
    }
    for (const node of graph.ofType("aws:ec2:volumeattachment")) {
      const instance = this.#phiAt(node, { path: ["instanceId"], types: ["aws:ec2:instance"] });
      for (const referent of graph.referents(node, "volumeId", ["aws:ebs:volume"])) {
        if (instance !== undefined && instance.assumption === undefined && referent.kind === "resource") {
          give(referent.node, `what it is attached to, ${instance.label}`);
        }
      }
    }
    return isChanged;
  }

  /** What gives a resource its zone: what it holds or stands for, or what it is put beside. */
  #zoneSource(node: Node, shape: SideChannelType): Source | undefined {
    const { graph } = this.#stack;
    const isPlaced = [
      ...(placedTypes.get(node.resourceType)?.subnets ?? []),
      ...(placedTypes.get(node.resourceType)?.subnetGroups ?? []),
    ].some((path) => valuesAt(graph, node, path).length > 0);
    const giving = shape.reads.filter(
      ({ sharesPlace }) => shape.takesZone === true || (sharesPlace === true && !isPlaced),
    );
    const found = surest(giving.flatMap((read) => this.#phiAt(node, read) ?? []));
    return found === undefined || (shape.takesZone !== true && this.#isElsewhere(node, found))
      ? undefined
      : found;
  }

  /** Whether a resource is in another region than what it reads, or may be. */
  #isElsewhere(node: Node, { node: from }: Source): boolean {
    const { graph } = this.#stack;
    const region = graph.regionOf(node);
    const own = from === undefined ? undefined : graph.regionOf(from);
    return from !== undefined && region !== own;
  }

  #isPhi(node: Node): boolean {
    return this.#stack.zones.of(node.urn) === "phi" && !isNeutral(node);
  }

  /** A resource as what is read, if it is in the PHI zone, or may be. */
  #asSource(node: Node, assumption: string | undefined): Source | undefined {
    if (this.#isPhi(node)) {
      return this.#source(node, assumption);
    }
    const possible = this.#possible.get(node);
    return possible === undefined ? undefined : this.#source(node, possible);
  }

  /** Whether a text speaks of something in the PHI zone, wherever in it. */
  #speaksOfPhi(texts: readonly string[]): string | undefined {
    this.#finder ??= referenceFinder(this.#stack.graph, this.#phi);
    return this.#finder(texts);
  }

  /** What of the PHI zone a property names, or may name; `undefined` where that is something else for certain. */
  #phiAt(node: Node, { path, types }: Read): Source | undefined {
    return surest(
      valuesAt(this.#stack.graph, node, path).flatMap((value) => this.phiIn(node, path, value, types) ?? []),
    );
  }

  /**
   * What of the PHI zone a value names, or may name; `undefined` where that is something else for certain.
   *
   * @param path where the value is in the resource, in so far as it is known: its dependencies are those of the first key.
   */
  phiIn(
    node: Node,
    path: PropertyPath,
    value: Reading<unknown>,
    types?: readonly ResourceType[],
  ): Source | undefined {
    const { texts, isUnknown } = textsOf(value);
    return surest(
      [
        ...texts.map((text) => this.#phiNamed(node, path, text, types)),
        ...(isUnknown ? [this.#phiBehind(node, path, types)] : []),
      ].flatMap((source) => source ?? []),
    );
  }

  /** What of the PHI zone a text names, or may name. */
  #phiNamed(
    node: Node,
    path: PropertyPath,
    text: string,
    types: readonly ResourceType[] | undefined,
  ): Source | undefined {
    const { graph } = this.#stack;
    const direct = graph.node(text);
    const bearers = [
      ...(direct === undefined ? [] : [{ node: direct, isCertain: true }]),
      ...graph.bearers(text, types),
    ];
    if (bearers.length > 0) {
      return surest(
        bearers.flatMap(
          (bearer) =>
            this.#asSource(bearer.node, bearer.isCertain ? undefined : accountAssumption(this.#stack)) ?? [],
        ),
      );
    }
    const spoken = this.#speaksOfPhi([text]);
    if (spoken !== undefined && types === undefined) {
      return { label: "something in the PHI zone", node: undefined, assumption: undefined };
    }
    return surest(
      [...graph.nameless(text, types), ...this.#dependencies(node, path, types)].flatMap(
        (candidate) => this.#asSource(candidate, `which resource \`${pathText(path)}\` names`) ?? [],
      ),
    );
  }

  #source(node: Node, assumption: string | undefined): Source {
    return { label: labelOf(node), node, assumption };
  }

  /** The resources of the stack, of some types or any, from whose outputs a property was made. */
  #dependencies(
    node: Node,
    [key]: PropertyPath,
    types: readonly ResourceType[] | undefined,
  ): readonly Node[] {
    return (node.propertyDependencies[key] ?? [])
      .flatMap((urn) => this.#stack.graph.node(urn) ?? [])
      .filter((found) => !isNeutral(found) && (types?.includes(found.resourceType) ?? true));
  }

  /** What of the PHI zone a property may name whose value is not known. */
  #phiBehind(node: Node, path: PropertyPath, types: readonly ResourceType[] | undefined): Source | undefined {
    const { graph } = this.#stack;
    const urns = node.propertyDependencies[path[0]] ?? [];
    const origins = this.#dependencies(node, path, types);
    const isOnly = origins.every((origin) => this.#isPhi(origin));
    const phi = surest(
      origins.flatMap(
        (origin) => this.#asSource(origin, isOnly ? undefined : `\`${pathText(path)}\` is not known`) ?? [],
      ),
    );
    if (phi !== undefined) {
      return phi;
    }
    // What comes from nothing that is shown may come from anything.
    const isTraced = origins.length > 0 && urns.every((urn) => graph.node(urn) !== undefined);
    const possible = isTraced
      ? undefined
      : this.#phi.find(({ resourceType: type }) => types?.includes(type) ?? true);
    return possible === undefined ? undefined : this.#source(possible, `\`${pathText(path)}\` is not known`);
  }

  /** What a resource reads of the PHI zone, or may read. */
  #sources(node: Node, shape: SideChannelType): readonly Source[] {
    const { graph } = this.#stack;
    const itself = shape.holdsNothing === true ? undefined : this.#asSource(node, undefined);
    const own = itself === undefined ? [] : [itself];
    const named = shape.reads.flatMap((read) => this.#phiAt(node, read) ?? []);
    const ofAccount = this.#phi
      .filter(
        ({ resourceType: type }) =>
          shape.readsAccount === "everything" || shape.readsAccount?.includes(type) === true,
      )
      .slice(0, 1)
      .map((found) => this.#source(found, undefined));
    const told = new Set([
      ...shape.exits.flatMap((exit) => exitPath(exit)?.[0] ?? []),
      ...shape.reads.map(({ path: [key] }) => key),
    ]);
    const others =
      shape.readsNothingElse === true
        ? []
        : Object.keys(node.inputs ?? node.outputs)
            .filter((key) => !neutralKeys.has(key) && !told.has(key))
            .flatMap((key) => {
              const dependency = this.#dependencies(node, [key], undefined).find((found) =>
                this.#isPhi(found),
              );
              const spoken = this.#speaksOfPhi(textsOf(graph.read(node, key)).texts);
              return dependency !== undefined
                ? [this.#source(dependency, undefined)]
                : spoken === undefined
                  ? []
                  : [{ label: "something in the PHI zone", node: undefined, assumption: undefined }];
            });
    return [...own, ...named, ...ofAccount, ...others];
  }

  /** The ways by which what is in the PHI zone leaves by itself, or may. */
  channels(): readonly SideChannel[] {
    const { graph } = this.#stack;
    return graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly SideChannel[] => {
      const shape = sideChannelTypes.get(node.resourceType);
      const sources = shape === undefined ? [] : this.#sources(node, shape);
      const source = surest(sources);
      if (shape === undefined || source === undefined) {
        return [];
      }
      return this.#ways(node, shape, sources).map(({ where, assumption, isOwn }) => ({
        urn: node.urn,
        label: labelOf(node),
        zone: "phi",
        platform: platformOf(this.#stack, node),
        what: `${source.node === node ? "" : `${source.label}: `}${shape.what}${where === undefined ? "" : ` (${where})`}`,
        assumption: [source.assumption, assumption].find((said) => said !== undefined),
        remedy: shape.remedy,
        isGuiltyAlone: isOwn && assumption === undefined && source.node === node,
      }));
    });
  }

  #ways(node: Node, shape: SideChannelType, sources: readonly Source[]): readonly Way[] {
    const { graph } = this.#stack;
    const found = shape.exits.flatMap((exit) => this.#waysBy(node, exit, sources));
    const isSet = shape.exits.some((exit) => {
      const path = exitPath(exit);
      return path !== undefined && valuesAt(graph, node, path).length > 0;
    });
    return shape.needsExit === true && !isSet
      ? [...found, { where: "nothing says where", assumption: undefined, isOwn: true }]
      : found;
  }

  #waysBy(node: Node, exit: Exit, sources: readonly Source[]): readonly Way[] {
    const { graph } = this.#stack;
    switch (exit.kind) {
      case "out":
        return [{ where: undefined, assumption: undefined, isOwn: true }];
      case "itself":
        return this.#waysOutside(node, sources);
      case "setting":
        return broken(graph, node, [exit.setting]).map(({ isUnknown }) =>
          settingWay(exit.setting.path, isUnknown),
        );
      case "reader":
        return broken(graph, node, [exit.setting])
          .filter(() => !this.#isReadBy(node, exit.readers))
          .map(({ isUnknown }) => ({ ...settingWay(exit.setting.path, isUnknown), isOwn: false }));
      case "region":
        return valuesAt(graph, node, exit.path).flatMap((value) => {
          const region = textOf(value);
          const own = graph.regionOf(node);
          return region.kind === "known" && own !== undefined && region.value === own
            ? []
            : [
                {
                  ...wayTo(exit.path, region, own === undefined ? "in which region it is" : undefined),
                  isOwn: true,
                },
              ];
        });
      case "account":
        return valuesAt(graph, node, exit.path).flatMap((value) => {
          const text = textOf(value);
          const isOwn = text.kind === "known" && this.#isOwnAccount(text.value);
          const isOwnRole =
            text.kind === "unknown" &&
            graph.dryRun &&
            (node.propertyDependencies[exit.path[0]] ?? []).length > 0 &&
            (node.propertyDependencies[exit.path[0]] ?? []).every(
              (urn) => graph.node(urn)?.resourceType === "aws:iam:role",
            );
          return isOwn || isOwnRole
            ? []
            : [{ ...wayTo(exit.path, text, accountAssumption(this.#stack)), isOwn: true }];
        });
      case "resource":
        return valuesAt(graph, node, exit.path)
          .map((value) =>
            exit.within === undefined ? value : memberReading(recordOf(jsonText(value)), exit.within),
          )
          .filter((value) => value.kind !== "absent")
          .flatMap((value) => {
            const text = textOf(value);
            const isOther =
              exit.isAmongOthers === true && text.kind === "known" && !text.value.startsWith("arn:");
            const { path, types, anyZone } = exit;
            const destination = {
              paths: [path] as const,
              types,
              ...(anyZone === undefined ? {} : { anyZone }),
            };
            return isOther || staysInPhi(this.#stack, node, destination, text)
              ? []
              : [wayTo(path, text, undefined)];
          });
    }
  }

  /** Whether an account, or a principal of one, is the stack's own. */
  #isOwnAccount(text: string): boolean {
    const { account, graph } = this.#stack;
    const isOfStack = graph.node(canonical(this.#stack)(text)) !== undefined;
    return isOfStack || (account !== undefined && (accountOf(text) ?? text) === account);
  }

  /** How a resource that is made from the PHI zone's is, or may be, outside of it. */
  #waysOutside(node: Node, sources: readonly Source[]): readonly Way[] {
    const { graph } = this.#stack;
    if (!this.#isPhi(node)) {
      return [{ where: "in no zone, or in another", assumption: undefined, isOwn: false }];
    }
    const region = graph.regionOf(node);
    const far = sources.find((source) => source.node !== node && this.#isElsewhere(node, source));
    return far === undefined
      ? []
      : [
          {
            where: region === undefined ? undefined : `in ${region}`,
            assumption: region === undefined ? "in which region it is" : undefined,
            isOwn: false,
          },
        ];
  }

  /** Whether something of the stack, whose own ways are judged, reads a resource. */
  #isReadBy(node: Node, readers: readonly ResourceType[]): boolean {
    const { graph } = this.#stack;
    return graph
      .ofType(...readers)
      .some(
        (reader) =>
          Object.values(reader.propertyDependencies).some((urns) => urns.includes(node.urn)) ||
          Object.keys(reader.inputs ?? reader.outputs).some((key) =>
            textsOf(graph.read(reader, key)).texts.some((text) =>
              graph
                .bearers(text, [node.resourceType])
                .some(({ node: found, isCertain }) => found === node && isCertain),
            ),
          ),
      );
  }
}

/** Where an exit is set; `undefined` for one that is not set anywhere. */
function exitPath(exit: Exit): PropertyPath | undefined {
  switch (exit.kind) {
    case "resource":
    case "account":
    case "region":
      return exit.path;
    case "setting":
    case "reader":
      return exit.setting.path;
    case "itself":
    case "out":
      return undefined;
  }
}

function settingWay(path: PropertyPath, isUnknown: boolean): Way {
  return {
    where: pathText(path),
    assumption: isUnknown ? `\`${pathText(path)}\` is not known` : undefined,
    isOwn: true,
  };
}

function wayTo(path: PropertyPath, text: Reading<string>, assumption: string | undefined): Way {
  return {
    where: text.kind === "known" ? text.value : undefined,
    assumption: text.kind === "known" ? assumption : `\`${pathText(path)}\` is not known`,
    isOwn: false,
  };
}
