import { flagOf, itemsOf, mayBeTrue, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import {
  allDocuments,
  documentsInEnvironment,
  unknownDocuments,
  type ToldDocuments,
} from "../told-documents";
import { proxyOfContainer, wordsOf } from "../envoy/container-proxies";
import type { Carrier } from "../envoy/enforcement-points";
import { hiddenProxy, type EnvoyProxy } from "../envoy/proxy";
import type { Laxity, NetworkInterface, Passage } from "../fact";
import { placeIn, zoneWithin } from "../place";
import { referentsAt, type PropertyPath } from "../property-path";

import { labelOf, type AwsStack } from "./aws-stack";
import { jsonText } from "./json-text";
import { anyCase, strangeContainers } from "./task-containers";

/** What says which containers a task of Amazon ECS has. */
export const taskDefinitionTypes = ["aws:ecs:taskdefinition"] as const;

/** What runs tasks, with the property that names their definition. */
const runners: readonly { readonly type: string; readonly definition: PropertyPath }[] = [
  { type: "aws:ecs:service", definition: ["taskDefinition"] },
  { type: "aws:ecs:taskset", definition: ["taskDefinition"] },
  { type: "aws:cloudwatch:eventtarget", definition: ["ecsTarget", "taskDefinitionArn"] },
  { type: "aws:pipes:pipe", definition: ["targetParameters", "ecsTaskParameters", "taskDefinitionArn"] },
  { type: "aws:scheduler:schedule", definition: ["target", "ecsParameters", "taskDefinitionArn"] },
];

/** What runs tasks as they are defined; whatever else starts them may say what their containers run. */
const servingTypes: readonly string[] = ["aws:ecs:service", "aws:ecs:taskset"];

/** Something that runs tasks, and what it runs. */
interface Runner {
  readonly node: Node;
  readonly definitions: readonly Node[];
  /** Whether all that it runs is in the stack. */
  readonly isShown: boolean;
}

type Mapping = Reading<Readonly<Record<string, unknown>>>;

function runnersOf({ graph }: AwsStack): readonly Runner[] {
  const all = graph.ofType(...taskDefinitionTypes);
  return runners.flatMap(({ type, definition }) =>
    graph.ofType(type).flatMap((node): readonly Runner[] => {
      const referents = referentsAt(graph, node, definition, taskDefinitionTypes);
      if (!servingTypes.includes(type) && referents.length === 0) {
        return [];
      }
      const definitions = referents.flatMap((to): readonly Node[] => {
        if (to.kind === "resource") {
          return [to.node];
        }
        // A service may name its tasks by their family, with a revision or without.
        const [family = ""] = to.kind === "external" ? to.id.split(":") : [];
        return all.filter((one) => {
          const named = textOf(graph.read(one, "family"));
          return family !== "" && named.kind === "known" && named.value === family;
        });
      });
      return [
        { node, definitions, isShown: definitions.length > 0 && definitions.length >= referents.length },
      ];
    }),
  );
}

const registry = /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/[^@:]+@sha256:[0-9a-f]{64}$/;

/** What a container of a platform of ours may not be. */
function containerLaxities({ account }: AwsStack, container: Mapping, isProxy: boolean): readonly Laxity[] {
  const name = textOf(anyCase(container, "name"));
  const which = name.kind === "known" ? `container ${name.value}` : "a container";
  const laxities: Laxity[] = [];
  const image = textOf(anyCase(container, "image"));
  const [, owner] = image.kind === "known" ? (registry.exec(image.value) ?? []) : [];
  if (owner === undefined || (account !== undefined && owner !== account)) {
    laxities.push({
      what: `${which} is of an image that is not in the platform's own registry, or that no digest names`,
      remedy: "Name the image by its digest, in a repository of the account's own registry.",
      assumption: image.kind === "unknown" ? `\`image\` of ${which} is not known` : undefined,
    });
  }
  const isPrivileged =
    mayBeTrue(flagOf(anyCase(container, "privileged"))) ||
    itemsOf(
      anyCase(recordOf(anyCase(recordOf(anyCase(container, "linuxParameters")), "capabilities")), "add"),
    ).length > 0;
  if (isPrivileged) {
    laxities.push({
      what: `${which} may do what its machine may`,
      remedy: "Take privileged, and capabilities that are added, away.",
    });
  }
  if (!isProxy && itemsOf(anyCase(container, "portMappings")).length > 0) {
    laxities.push({
      what: `${which} publishes ports past the proxy`,
      remedy: "Take portMappings away, and let it listen on 127.0.0.1.",
    });
  }
  return laxities;
}

function definitionLaxities({ graph }: AwsStack, node: Node): readonly Laxity[] {
  const mode = textOf(graph.read(node, "networkMode"));
  const shared = ["pidMode", "ipcMode"].filter((key) => graph.read(node, key).kind !== "absent");
  return [
    ...(mode.kind === "known" && mode.value === "awsvpc"
      ? []
      : [
          {
            what: "its containers share a network with others than each other",
            remedy: 'Set networkMode to "awsvpc".',
            assumption: mode.kind === "unknown" ? "`networkMode` is not known" : undefined,
          },
        ]),
    ...(graph.read(node, "proxyConfiguration").kind === "absent"
      ? []
      : [
          {
            what: "what comes in is led to another container than the proxy",
            remedy: "Take proxyConfiguration away.",
          },
        ]),
    ...shared.map((key) => ({
      what: "its containers see what other processes of their machine do",
      remedy: `Take ${key} away.`,
    })),
  ];
}

interface Containers extends ToldDocuments {
  readonly proxies: readonly EnvoyProxy[];
  readonly laxities: readonly Laxity[];
}

/** The containers of a task, where they are known. */
function containersOf(stack: AwsStack, node: Node): Containers {
  const { graph } = stack;
  const read = graph.read(node, "containerDefinitions");
  const list = read.kind === "known" && typeof read.value === "string" ? jsonText(read) : read;
  const definitions = itemsOf(list).map((item) => recordOf(item));
  if (list.kind === "unknown" || definitions.some(({ kind }) => kind !== "known")) {
    // It may be that none of them is an Envoy.
    return {
      proxies: [],
      ...unknownDocuments,
      laxities: [
        {
          what: "nothing shows whom it lets in",
          remedy: "Make containerDefinitions of what a preview knows.",
          assumption: "`containerDefinitions` is not known",
        },
      ],
    };
  }
  const found = definitions.map((container): Containers => {
    const proxy = proxyOfContainer({
      image: anyCase(container, "image"),
      words: wordsOf(anyCase(container, "entryPoint"), anyCase(container, "command")),
      files: new Map(),
    });
    return {
      proxies: proxy === undefined ? [] : [proxy],
      ...documentsInEnvironment(
        itemsOf(anyCase(container, "environment")).map((item) => {
          const variable = recordOf(item);
          return { name: textOf(anyCase(variable, "name")), value: textOf(anyCase(variable, "value")) };
        }),
      ),
      laxities: containerLaxities(stack, container, proxy !== undefined),
    };
  });
  const [, workload] = (peerOf(graph, node) ?? "").split("/");
  return {
    proxies: found.flatMap(({ proxies }) => proxies),
    ...allDocuments(found),
    laxities: [
      ...found.flatMap(({ laxities }) => laxities),
      ...strangeContainers(
        definitions.map((container, index) => ({
          container,
          isProxy: (found[index]?.proxies.length ?? 0) > 0,
        })),
        graph.read(node, "volumes"),
        workload,
      ),
    ],
  };
}

/** What runs tasks of Amazon ECS, with the proxies that the definitions of those tasks show. */
export function taskCarriers(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
  passages: readonly Passage[],
): readonly Carrier[] {
  const { graph, zones } = stack;
  const all = runnersOf(stack);
  const peersOf = (node: Node): readonly string[] => {
    const filters = interfaces.find(({ urn }) => urn === node.urn)?.filters ?? [];
    return [peerOf(graph, node), ...filters.map(({ peer }) => peer)].filter((peer) => peer !== undefined);
  };
  const ofDefinitions = graph.ofType(...taskDefinitionTypes).flatMap((node): readonly Carrier[] => {
    const running = all.filter(({ definitions }) => definitions.includes(node));
    const place = placeIn(
      zoneWithin(
        zones.of(node.urn),
        running.map((runner) => zones.of(runner.node.urn)),
      ),
      undefined,
    );
    const { proxies, accessDocuments, inspectionDocuments, laxities } = containersOf(stack, node);
    // What starts a task may say what its containers run.
    const overridden = running.filter(
      (runner) =>
        !servingTypes.includes(runner.node.resourceType) &&
        (runner.node.resourceType !== "aws:cloudwatch:eventtarget" ||
          graph.read(runner.node, "input").kind !== "absent"),
    );
    return place === undefined
      ? []
      : [
          {
            node,
            place,
            peers: [...peersOf(node), ...running.flatMap((runner) => peersOf(runner.node))],
            proxies: [
              ...proxies,
              ...(proxies.length > 0 && overridden.length > 0
                ? [hiddenProxy("what its Envoy is told may be changed by whatever starts it")]
                : []),
            ],
            accessDocuments,
            inspectionDocuments,
            laxities: [...laxities, ...definitionLaxities(stack, node)],
            runs: true,
          },
        ];
  });
  const ofOthers = all.flatMap(({ node, isShown }): readonly Carrier[] => {
    const place = placeIn(zones.of(node.urn), undefined);
    return isShown || place === undefined
      ? []
      : [
          {
            node,
            place,
            peers: peersOf(node),
            proxies: [],
            laxities: [
              {
                what: "nothing shows what it runs",
                remedy: "Let it run a TaskDefinition of the stack.",
                assumption: `which tasks ${labelOf(node)} runs is not known`,
              },
            ],
            runs: true,
          },
        ];
  });
  return [...ofDefinitions, ...ofOthers, ...intruders(stack, interfaces, passages)];
}

/**
 * What is behind the filter of a workload and is none of its tasks: others take what it sends for the workload's. What
 * certainly leads to that workload is none.
 */
function intruders(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
  passages: readonly Passage[],
): readonly Carrier[] {
  const { graph, zones } = stack;
  return interfaces.flatMap(({ urn, filters }): readonly Carrier[] => {
    const node = graph.node(urn);
    const peers = filters.flatMap(({ peer }) => (peer?.startsWith("workload/") === true ? [peer] : []));
    const place = node === undefined ? undefined : placeIn(zones.of(urn), undefined);
    return node === undefined ||
      place === undefined ||
      peers.length === 0 ||
      passages.some((passage) => passage.urn === urn && peers.every((peer) => peer === passage.peer)) ||
      runners.some(({ type }) => type === node.resourceType)
      ? []
      : [{ node, place, peers, proxies: [], laxities: [], runs: true }];
  });
}
