import { rememberedByResource } from "../remembered-by-resource";
import { packageOf, type ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";
import { textsIn, textsOf } from "../texts";
import type { Zones } from "../zones";

import type { Blind, Network, Subnet } from "./fact";
import { labelOf } from "./label";

/** A stack, as it is looked through for what is not understood. */
export interface StackView {
  readonly graph: StackGraph;
  readonly zones: Zones;
  /** The names of the platforms that the stack declares, by the URN of their component. */
  readonly platforms: ReadonlyMap<string, string>;
}

/** Finds which of some texts refers to one of some resources. */
export type ReferenceFinder = (
  graph: StackGraph,
  nodes: readonly Node[],
) => (texts: readonly string[]) => string | undefined;

/** What of one cloud's is understood, and how what is not may touch the PHI zone. */
export interface UnderstoodTypes {
  /** The types from which facts are drawn. */
  readonly read: ReadonlySet<ResourceType>;
  /** Types that are understood where they are outside of the PHI zone. */
  readonly readOutsidePhi: ReadonlySet<ResourceType>;
  /** Types that open nothing, whatever their properties say. */
  readonly harmless: ReadonlySet<ResourceType>;
  /** How the types begin whose resources carry packets, so that one in the network of a PHI zone may carry the zone's. */
  readonly networkModules: readonly string[];
  /** What makes resources that the pack is never shown. */
  readonly makers: RegExp;
  /** Whether facts are drawn from a resource of a type that is not read as a whole. */
  readonly isRead: (graph: StackGraph, node: Node) => boolean;
  readonly referenceFinder: ReferenceFinder;
  /** How a resource is attached to the PHI zone by what only this cloud's names say; `undefined` where it is not. */
  readonly attachment: (
    stack: StackView,
    inPhi: ReadonlySet<string>,
    phiSubnets: readonly Subnet[],
  ) => (node: Node) => string | undefined;
}

/** Packages of which a platform of ours is made, or that make nothing with a cloud. */
const platformPackages: readonly string[] = ["aws", "azure-native", "gcp", "pulumi", "random", "tls"];

/** Whether a resource is made by somebody else's provider, of whose resources nothing is known. */
export function isOfOthers({ resourceType: type }: Node): boolean {
  return !platformPackages.includes(packageOf(type));
}

/** Properties whose values are secret, and name nothing. */
const secretKeys = /password|passphrase|secret|token|credential|privatekey/i;

/** Every text that a resource shows. */
const textsOfResource = rememberedByResource((_graph, { outputs, inputs }): readonly string[] => [
  ...textsIn(outputs),
  ...textsIn(inputs),
]);

/** A property that is not known, and that was made from nothing of the stack that is shown: it may be anything. */
function untraced(graph: StackGraph, node: Node): string | undefined {
  return Object.keys(node.inputs ?? {}).find((key) => {
    const origins = node.propertyDependencies[key] ?? [];
    const isShown = origins.length > 0 && origins.every((urn) => graph.node(urn) !== undefined);
    return !secretKeys.test(key) && !(isShown && graph.dryRun) && textsOf(graph.read(node, key)).isUnknown;
  });
}

function some<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/**
 * The resources from which nothing can be drawn, and that are attached to the PHI zone: they are in it, refer to
 * something in it, or carry packets in a network that holds it. What is not understood may be a way out.
 */
export function unreadResources(
  stack: StackView,
  subnets: readonly Subnet[],
  clouds: readonly UnderstoodTypes[],
): readonly Blind[] {
  const { graph, zones } = stack;
  const inPhi = new Set(graph.nodes.filter(({ urn }) => zones.of(urn) === "phi").map(({ urn }) => urn));
  // A subnet of the zone may be a part of a network that zones share.
  const phiSubnets = subnets.filter(({ zone }) => zone === "phi");
  if (inPhi.size === 0 && phiSubnets.length === 0) {
    return [];
  }
  const finders = (nodes: readonly Node[]): ReturnType<ReferenceFinder> => {
    const all = clouds.map(({ referenceFinder }) => referenceFinder(graph, nodes));
    return (texts) => some(all, (find) => find(texts));
  };
  const reference = finders(graph.nodes.filter(({ urn }) => inPhi.has(urn)));
  const networks = new Set<Network>(phiSubnets.map(({ network }) => network));
  const holdsPhi = (candidate: string): boolean => [...networks].some(({ urn }) => urn === candidate);
  // A network that is only read is known by its id alone.
  const readNetworks = new Set(
    [...networks].filter(({ isInStack, urn }) => !isInStack && urn !== "").map(({ urn }) => urn),
  );
  const networkReference = finders([...networks].flatMap(({ urn }) => graph.node(urn) ?? []));
  const attachments = clouds.map(({ attachment }) => attachment(stack, inPhi, phiSubnets));
  const isMaker = ({ resourceType }: Node): boolean => clouds.some(({ makers }) => makers.test(resourceType));

  const attachment = (node: Node): string | undefined => {
    if (inPhi.has(node.urn)) {
      return "is in the PHI zone";
    }
    const refersTo = Object.values(node.propertyDependencies).flat();
    const phi = refersTo.find((urn) => inPhi.has(urn));
    if (phi !== undefined) {
      return `refers to ${phi}, which is in the PHI zone`;
    }
    const all = textsOfResource(graph, node);
    const text = reference(all);
    if (text !== undefined) {
      return `refers to something in the PHI zone (${text.length > 100 ? `${text.slice(0, 100)}...` : text})`;
    }
    const hidden = untraced(graph, node);
    if (hidden !== undefined) {
      return `may refer to something in the PHI zone (\`${hidden}\` is not known, and derives from nothing of the stack)`;
    }
    const named = some(attachments, (find) => find(node));
    if (named !== undefined) {
      return named;
    }
    const mayChange = isMaker(node) || isOfOthers(node);
    if (stack.platforms.size > 0 && mayChange) {
      return "makes resources that the stack does not show, beside a platform";
    }
    const carriesPackets = clouds.some(
      ({ readOutsidePhi, networkModules }) =>
        !readOutsidePhi.has(node.resourceType) &&
        networkModules.some((module) => node.resourceType.startsWith(module)),
    );
    const network =
      carriesPackets || mayChange
        ? (refersTo.find(holdsPhi) ?? networkReference(all) ?? all.find((one) => readNetworks.has(one)))
        : undefined;
    return network === undefined
      ? undefined
      : `${carriesPackets ? "carries packets in" : "is given"} ${network}, which holds the PHI zone`;
  };

  return graph.nodes.flatMap((node): readonly Blind[] => {
    const isUnderstood = clouds.some(
      ({ read, harmless, isRead }) =>
        read.has(node.resourceType) || harmless.has(node.resourceType) || isRead(graph, node),
    );
    if (isUnderstood || node.resourceType.startsWith("pulumi:") || graph.isComponent(node)) {
      return [];
    }
    const how = attachment(node);
    return how === undefined
      ? []
      : [
          {
            urn: node.urn,
            label: labelOf(node),
            zone: "phi",
            what: `It ${how}, and the judge does not know what a ${node.type} lets through.`,
            remedy: "Take it out of the PHI zone, or use a type that docs/rules.md lists.",
          },
        ];
  });
}

/** Resources of types that are read, but whose checked inputs were never seen before creation. */
export function unrecordedResources(
  { graph, zones }: StackView,
  clouds: readonly UnderstoodTypes[],
): readonly Blind[] {
  return graph.nodes
    .filter(
      ({ resourceType, inputs }) =>
        graph.dryRun &&
        inputs === undefined &&
        clouds.some(({ read, readOutsidePhi }) => read.has(resourceType) || readOutsidePhi.has(resourceType)),
    )
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      zone: zones.of(node.urn),
      what: "Its checked inputs were never shown to the pack, so that an input which the preview has lost cannot be told from one that was not set.",
      remedy: "Switch no policy of the pack off, and run the preview without --target or --exclude.",
    }));
}

/**
 * Resources that the stack shows twice under one URN, beside something in the PHI zone: a replacement whose old half still
 * exists. Zones, parents and dependencies go by URN, so that it cannot be told which of the two they mean.
 */
export function repeatedResources({ graph, zones }: StackView): readonly Blind[] {
  const holdsPhi = graph.nodes.some(({ urn }) => zones.of(urn) === "phi");
  return graph.repeated
    .filter(({ resourceType }) => !resourceType.startsWith("pulumi:"))
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      zone: holdsPhi ? "phi" : zones.of(node.urn),
      what: "It is there more than once under one URN: it has been replaced, and what it was still exists. Which of them others refer to is not known.",
      remedy: "End the replacement with `pulumi up`, which deletes what was replaced, and judge again.",
    }));
}
