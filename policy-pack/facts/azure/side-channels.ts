import type { ZoneId } from "../../../model/zone";
import { reading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { textsOf } from "../../texts";
import type { PublicName, SideChannel } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";

import { armKey, isArmId, withParents } from "./arm-id";
import { privateLinks } from "./private-links";
import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import type { SubnetZones } from "./subnet-zones";
import { isNamedWorldwide, isNeutral, namedReferents, namesOf, originsOf, referentsOf } from "./referents";
import { heldBy } from "./scopes";
import type { Exit, Read, SideChannelType } from "./side-channel-type";
import { sideChannelTypes } from "./side-channel-types";

/** What is read of the PHI zone. */
export interface Source {
  readonly label: string;
  readonly node: Node;
  /** Why it may be something else, where that is not known. */
  readonly assumption: string | undefined;
}

/** A way by which something leaves that is not certainly closed. */
interface Way {
  readonly what: string;
  readonly remedy: string;
  readonly assumption: string | undefined;
  /** Whether no other resource can close it. */
  readonly isOwn: boolean;
}

/** Properties that say what a resource is called, and never what it reads. */
const neutralKeys: ReadonlySet<string> = new Set([
  "description",
  "id",
  "identity",
  "location",
  "name",
  "resourceGroupName",
  "tags",
]);

const associationType = "azure-native:monitor:datacollectionruleassociation";
const ruleType = "azure-native:monitor:datacollectionrule";
const diagnosticType = "azure-native:monitor:diagnosticsetting";
const logWorkspaces = ["azure-native:operationalinsights:workspace"] as const;

/** The source of which most is known. */
function surest(sources: readonly Source[]): Source | undefined {
  return sources.find(({ assumption }) => assumption === undefined) ?? sources[0];
}

/** A region in the one spelling that is compared: `East US 2` is `eastus2`. */
function regionKey(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** The resources of a stack on Azure by which what is in its PHI zone leaves by itself. */
export class SideChannels {
  readonly #stack: AzureStack;
  readonly #subnets: SubnetZones;
  #phi: readonly Node[] = [];
  #worldwide: ReadonlyMap<string, Node> | undefined;
  /** What may be in the PHI zone, because it is made from what may be, with what is not known of that. */
  readonly #possible = new Map<Node, string>();
  /** Services that the stack does not show, by the keys of their ids, and the endpoints of the PHI zone that lead to them. */
  readonly #beyond: ReadonlyMap<string, Node>;
  /** Workspaces of logs to which something in the PHI zone sends its own. */
  readonly #keepers = new Map<Node, Source>();

  constructor(stack: AzureStack, subnets: SubnetZones) {
    this.#stack = stack;
    this.#subnets = subnets;
    this.#beyond = new Map(
      privateLinks(stack)
        .filter(({ endpoint }) => stack.zones.of(endpoint.urn) === "phi")
        .flatMap(({ endpoint, referents }) =>
          referents.flatMap((to) => (to.kind === "external" ? [[armKey(to.id), endpoint] as const] : [])),
        ),
    );
    // What is made from something that was made from the PHI zone's is found in the next round.
    do {
      this.#phi = stack.graph.nodes.filter((node) => this.#isPhi(node));
    } while (this.#inherit());
    this.#keep();
  }

  #isPhi(node: Node): boolean {
    return (
      node.resourceType.startsWith("azure-native:") &&
      this.#stack.zones.of(node.urn) === "phi" &&
      !isNeutral(node)
    );
  }

  /** Gives parts the zone of what they are parts of, and copies and pointers that of what they are made from. */
  #inherit(): boolean {
    const { graph, zones } = this.#stack;
    let isChanged = false;
    for (const node of graph.ofType(...sideChannelTypes.keys())) {
      const shape = sideChannelTypes.get(node.resourceType);
      const giving = shape === undefined ? [] : this.#giving(shape);
      const source = surest(giving.flatMap((read) => this.#phiAt(node, read)));
      if (source?.assumption !== undefined && !this.#possible.has(node) && !this.#isPhi(node)) {
        this.#possible.set(node, source.assumption);
        isChanged = true;
      }
      if (source !== undefined && source.assumption === undefined && zones.of(node.urn) !== "phi") {
        zones.inherit(node.urn, "phi", `what it is part of or made from, ${source.label}`);
        isChanged = true;
      }
      if (shape?.partOf !== undefined && zones.of(node.urn) === undefined) {
        for (const whole of this.#referents(node, shape.partOf)) {
          if (whole.kind === "resource" && !whole.assumed) {
            zones.inherit(node.urn, zones.of(whole.node.urn), `what it is part of, ${labelOf(whole.node)}`);
          }
        }
        isChanged ||= zones.of(node.urn) !== undefined;
      }
    }
    return isChanged;
  }

  #giving({ partOf, takesZone, reads }: SideChannelType): readonly Read[] {
    return [...(partOf === undefined ? [] : [partOf]), ...(takesZone === true ? reads : [])];
  }

  /** Finds where logs of the PHI zone are kept. */
  #keep(): void {
    const { graph } = this.#stack;
    const shape = sideChannelTypes.get(diagnosticType);
    for (const node of graph.ofType(diagnosticType)) {
      const source = surest((shape?.reads ?? []).flatMap((read) => this.#phiAt(node, read)));
      for (const to of referentsIn(graph, node, ["workspaceId"], logWorkspaces)) {
        if (source !== undefined && to.kind === "resource" && !this.#isPhi(to.node)) {
          this.#keepers.set(to.node, {
            ...source,
            label: `the logs of ${source.label} in ${labelOf(to.node)}`,
          });
        }
      }
    }
  }

  #referents(node: Node, read: Read): readonly Referent[] {
    const { graph } = this.#stack;
    const [key] = read.path;
    return valuesAt(graph, node, read.path).flatMap((value) =>
      read.by === "name"
        ? namedReferents(graph, node, key, value, read.types ?? [])
        : referentsOf(graph, node, key, value, read.types),
    );
  }

  /** A resource as what is read, if it is in the PHI zone, or may be. */
  #asSource(node: Node, assumption: string | undefined): readonly Source[] {
    if (this.#isPhi(node)) {
      return [{ label: labelOf(node), node, assumption }];
    }
    const possible = this.#possible.get(node);
    return possible === undefined ? [] : [{ label: labelOf(node), node, assumption: assumption ?? possible }];
  }

  /** What of the PHI zone a property names, or may name. */
  #phiAt(node: Node, read: Read): readonly Source[] {
    const { graph } = this.#stack;
    const [key] = read.path;
    if (read.by === "scope") {
      return valuesAt(graph, node, read.path).flatMap((value) =>
        heldBy(graph, node, key, value, this.#phi).map(({ node: found, assumption }) => ({
          label: labelOf(found),
          node: found,
          assumption,
        })),
      );
    }
    return this.#referents(node, read).flatMap((referent): readonly Source[] => {
      switch (referent.kind) {
        case "resource": {
          const kept = this.#keepers.get(referent.node);
          const why = referent.assumed ? `which resource \`${pathText(read.path)}\` names` : undefined;
          return kept === undefined
            ? this.#asSource(referent.node, why)
            : [{ ...kept, assumption: kept.assumption ?? why }];
        }
        case "external":
          return this.#leadingTo(referent.id);
        case "undetermined":
          return this.#phi
            .filter(({ resourceType: type }) => read.types?.includes(type) ?? true)
            .slice(0, 1)
            .flatMap((found) => this.#asSource(found, `\`${pathText(read.path)}\` is not known`));
      }
    });
  }

  /**
   * What holds PHI though the stack does not show it: what an endpoint of the PHI zone leads to.
   *
   * @param said an id of the service or of a part of it, or its name.
   */
  #leadingTo(said: string): readonly Source[] {
    const key = armKey(said);
    return [...this.#beyond]
      .filter(
        ([id]) =>
          key === id ||
          key.startsWith(`${id}/`) ||
          (!isArmId(said) && id.split("/").at(-1) === said.toLowerCase()),
      )
      .map(([, endpoint]) => ({
        label: `what ${labelOf(endpoint)} leads to`,
        node: endpoint,
        assumption: undefined,
      }));
  }

  /** What of the PHI zone a resource refers to wherever in it. */
  #phiAnywhere(node: Node): readonly Source[] {
    const { graph } = this.#stack;
    return Object.keys(node.inputs ?? node.outputs)
      .filter((key) => !neutralKeys.has(key))
      .flatMap((key) => {
        const { texts, isUnknown } = textsOf(graph.read(node, key));
        const named = texts
          .filter(isArmId)
          .flatMap(
            (text) =>
              withParents(text)
                .map((id) => graph.bearers(id))
                .find(({ length }) => length > 0) ?? [],
          )
          .flatMap((bearer) => this.#asSource(bearer.node, undefined));
        const beyond = texts.filter(isArmId).flatMap((text) => this.#leadingTo(text));
        const spoken = texts.flatMap((text) => this.#namedIn(text));
        const origins = originsOf(graph, node, key).flatMap((origin) => this.#asSource(origin, undefined));
        const isUntraced = isUnknown && (node.propertyDependencies[key] ?? []).length === 0;
        return [
          ...named,
          ...beyond,
          ...spoken.flatMap((phi) => this.#asSource(phi, undefined)),
          ...origins,
          ...(isUntraced
            ? this.#phi.slice(0, 1).flatMap((phi) => this.#asSource(phi, `\`${key}\` is not known`))
            : []),
        ];
      });
  }

  /** The services of the PHI zone that a text names by what is one in the world: as a host, or a storage account by itself. */
  #namedIn(text: string): readonly Node[] {
    this.#worldwide ??= new Map(
      this.#phi
        .filter(isNamedWorldwide)
        .flatMap((node) => namesOf(this.#stack.graph, node).own.map((name) => [name, node] as const)),
    );
    const said = text.toLowerCase();
    const itself = this.#worldwide.get(said);
    const hosts = [...said.matchAll(/(?<![a-z0-9-])([a-z0-9-]+)\.[a-z]/g)].map(([, name = ""]) => name);
    return [
      ...(itself?.resourceType === "azure-native:storage:storageaccount" ? [itself] : []),
      ...hosts.flatMap((name) => this.#worldwide?.get(name) ?? []),
    ];
  }

  /** What a resource reads of the PHI zone, or may read. */
  #sources(node: Node, shape: SideChannelType): readonly Source[] {
    const own = this.#asSource(node, undefined);
    const named = [...(shape.partOf === undefined ? [] : [shape.partOf]), ...shape.reads].flatMap((read) =>
      this.#phiAt(node, read),
    );
    const joined = node.resourceType === ruleType ? this.#collectedBy(node) : [];
    const others = shape.readsAnything === true ? this.#phiAnywhere(node) : [];
    return [...own, ...named, ...joined, ...others];
  }

  /** What of the PHI zone a rule of collection is joined to. */
  #collectedBy(rule: Node): readonly Source[] {
    const { graph } = this.#stack;
    const shape = sideChannelTypes.get(associationType);
    return graph.ofType(associationType).flatMap((association) => {
      const rules = referentsIn(graph, association, ["dataCollectionRuleId"], [ruleType]);
      const isOf = rules.some(
        (to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === rule),
      );
      return isOf ? (shape?.reads ?? []).flatMap((read) => this.#phiAt(association, read)) : [];
    });
  }

  /** The ways by which what is in the PHI zone leaves by itself, or may. */
  channels(): readonly SideChannel[] {
    return this.#stack.graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly SideChannel[] => {
      const shape = sideChannelTypes.get(node.resourceType);
      const source = shape === undefined ? undefined : surest(this.#sources(node, shape));
      if (shape === undefined || source === undefined) {
        return [];
      }
      return this.#ways(node, shape, "phi").map(({ what, remedy, assumption, isOwn }) => ({
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

  /** The ways by which services outside of the PHI zone reach others past their endpoints, where they are told PHI too. */
  publicNames(): readonly PublicName[] {
    const { graph, zones } = this.#stack;
    return graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly PublicName[] => {
      const shape = sideChannelTypes.get(node.resourceType);
      // What a platform of ours shares between its zones is told what processing is, whatever leads to it.
      const zone =
        zones.of(node.urn) ?? (platformOf(this.#stack, node) === undefined ? undefined : "processing");
      if (
        shape?.isHeldEverywhere !== true ||
        zone === undefined ||
        zone === "phi" ||
        this.#sources(node, shape).length > 0
      ) {
        return [];
      }
      return this.#ways(node, shape, zone).map(({ what, remedy, assumption }) => ({
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

  #ways(node: Node, shape: SideChannelType, zone: ZoneId): readonly Way[] {
    const { graph } = this.#stack;
    const found = shape.exits.flatMap((exit) => this.#waysBy(node, shape, exit, zone));
    const isSet = shape.exits.some((exit) => {
      const path = exitPath(exit);
      return path !== undefined && valuesAt(graph, node, path).length > 0;
    });
    return shape.needsExit === true && !isSet ? [...found, way(shape, "nothing says where")] : found;
  }

  #waysBy(node: Node, shape: SideChannelType, exit: Exit, zone: ZoneId): readonly Way[] {
    const { graph } = this.#stack;
    switch (exit.kind) {
      case "out":
        return [{ ...way(shape), isOwn: true }];
      case "itself":
        return this.#isPhi(node) ? [] : [way(shape, "in no zone, or in another")];
      case "setting":
        return broken(graph, node, [exit.setting]).map(({ setting, isUnknown }) => ({
          what: `${setting.what} (${pathText(setting.path)})`,
          remedy: setting.remedy,
          assumption: isUnknown ? `\`${pathText(setting.path)}\` is not known` : undefined,
          isOwn: true,
        }));
      case "region":
        return valuesAt(graph, node, exit.path).flatMap((value) => {
          const region = textOf(value);
          const own = this.#regionOf(node);
          const isSame =
            region.kind === "known" && own !== undefined && regionKey(region.value) === regionKey(own);
          return isSame
            ? []
            : [
                wayTo(
                  { ...shape, what: "a copy of it is kept in another region" },
                  exit.path,
                  value,
                  own === undefined ? "in which region it is" : undefined,
                ),
              ];
        });
      case "subnet":
        return valuesAt(graph, node, exit.path).flatMap((value) => {
          const { zones, isKnown } = this.#subnets.zonesAt(node, exit.path[0], value);
          const isRight = isKnown && zones.length > 0 && zones.every((one) => one === zone);
          return isRight ? [] : [wayTo(shape, exit.path, value)];
        });
      case "resource":
        return valuesAt(graph, node, exit.path).flatMap((value) =>
          this.#stays(node, exit, value, zone) ? [] : [wayTo(shape, exit.path, value)],
        );
    }
  }

  /** The region that a resource is in, where it or its provider says so. */
  #regionOf(node: Node): string | undefined {
    const own = textOf(this.#stack.graph.read(node, "location"));
    const ofProvider = textOf(reading(node.providerInputs?.["location"]));
    return own.kind === "known"
      ? own.value
      : own.kind === "absent" && ofProvider.kind === "known"
        ? ofProvider.value
        : undefined;
  }

  /** Whether what a resource hands on certainly stays: in the PHI zone, or in the stack where that is enough. */
  #stays(
    node: Node,
    { path, types, by, where, keepers }: Extract<Exit, { readonly kind: "resource" }>,
    value: Reading<unknown>,
    zone: ZoneId,
  ): boolean {
    const { graph, zones } = this.#stack;
    const [key] = path;
    const isKeeper = (found: Node): boolean =>
      zones.of(node.urn) !== "phi" && keepers?.includes(found.resourceType) === true;
    const isRight = (found: Node): boolean =>
      where === "stack" || zone !== "phi" || zones.of(found.urn) === "phi" || isKeeper(found);
    const text = textOf(value);
    const referents =
      by === "name"
        ? namedReferents(graph, node, key, value, types ?? [])
        : referentsOf(graph, node, key, value, types);
    if (text.kind === "known") {
      return (
        referents.length > 0 &&
        referents.every((to) => to.kind === "resource" && !to.assumed && isRight(to.node))
      );
    }
    // Once a stack exists, what is not known was hidden, and comes from nothing that is shown. Of a whole that is not
    // known, parts may be written out.
    if (!graph.dryRun || isPartOfUnknown(this.#stack, node, path)) {
      return false;
    }
    const { texts } = textsOf(graph.read(node, key));
    const isTold = (origin: Node): boolean =>
      texts.some((told) => graph.bearers(told).some((bearer) => bearer.node === origin));
    const origins = (node.propertyDependencies[key] ?? []).map((urn) => graph.node(urn));
    const meant = referents.flatMap((to) => (to.kind === "resource" && !isTold(to.node) ? [to.node] : []));
    return (
      origins.every((origin) => origin !== undefined) &&
      meant.length > 0 &&
      originsOf(graph, node, key).every(isRight) &&
      meant.every(isRight)
    );
  }
}

/** Whether what holds a property is not known as a whole. */
function isPartOfUnknown({ graph }: AzureStack, node: Node, [first, ...rest]: PropertyPath): boolean {
  return rest.some((_key, length) =>
    valuesAt(graph, node, [first, ...rest.slice(0, length)]).some(({ kind }) => kind === "unknown"),
  );
}

function referentsIn(
  graph: AzureStack["graph"],
  node: Node,
  path: PropertyPath,
  types: readonly ResourceType[],
): readonly Referent[] {
  return valuesAt(graph, node, path).flatMap((value) => referentsOf(graph, node, path[0], value, types));
}

/** Where an exit is set; `undefined` for one that is not set anywhere. */
function exitPath(exit: Exit): PropertyPath | undefined {
  switch (exit.kind) {
    case "resource":
    case "region":
    case "subnet":
      return exit.path;
    case "setting":
      return exit.setting.path;
    case "itself":
    case "out":
      return undefined;
  }
}

function way({ what, remedy }: SideChannelType, where?: string): Way {
  return {
    what: where === undefined ? what : `${what} (${where})`,
    remedy,
    assumption: undefined,
    isOwn: false,
  };
}

function wayTo(
  shape: SideChannelType,
  path: PropertyPath,
  value: Reading<unknown>,
  assumption?: string,
): Way {
  const text = textOf(value);
  return {
    ...way(shape, text.kind === "known" ? text.value : undefined),
    assumption: text.kind === "known" ? assumption : `\`${pathText(path)}\` is not known`,
  };
}
