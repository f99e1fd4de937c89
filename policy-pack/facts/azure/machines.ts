import { itemsOf, memberReading, reading, recordOf, textOf, understood, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import {
  allDocuments,
  documentsOfMachine,
  nothingTold,
  unknownDocuments,
  type ToldDocuments,
} from "../told-documents";
import { proxyOfContainer, wordsOf } from "../envoy/container-proxies";
import type { Carrier } from "../envoy/enforcement-points";
import { decoded, machineProgram } from "../envoy/machine-program";
import { machineReading } from "../envoy/machine-proxies";
import type { EnvoyProxy } from "../envoy/proxy";
import type { Laxity, NetworkInterface } from "../fact";
import { placeIn } from "../place";
import { readAt } from "../property-path";

import type { AzureStack } from "./azure-stack";
import { machineLaxities } from "./machine-laxities";
import { ownersOf } from "./owners";

const machineTypes = [
  "azure-native:compute:virtualmachine",
  "azure-native:compute:virtualmachinescaleset",
  "azure-native:compute:virtualmachinescalesetvm",
] as const;

const groupTypes = ["azure-native:containerinstance:containergroup"] as const;

/** What runs programs inside of machines that they were not started with. */
const intruders = [
  "azure-native:compute:virtualmachineextension",
  "azure-native:compute:virtualmachinescalesetextension",
  "azure-native:compute:virtualmachinescalesetvmextension",
  "azure-native:compute:virtualmachineruncommandbyvirtualmachine",
  "azure-native:compute:virtualmachinescalesetvmruncommand",
] as const;

/** What runs something in a machine names it by its name alone. */
const machinesByName = {
  vmName: "azure-native:compute:virtualmachine",
  vmScaleSetName: "azure-native:compute:virtualmachinescaleset",
} as const;

/** Properties in base64 by which a machine is told what to be; Azure shows none of them once it is made. */
const told = ["osProfile.customData", "userData"] as const;

/** A property, also where the cloud keeps it to itself: what the program says of it is then all that there is. */
function readKept({ graph }: AzureStack, node: Node, path: string): Reading<unknown> {
  const read = readAt(graph, node, path);
  return read.kind === "absent"
    ? path
        .split(".")
        .reduce<Reading<unknown>>(
          (value, key) => memberReading(recordOf(value), key),
          reading(node.inputs ?? {}),
        )
    : read;
}

interface Runs extends ToldDocuments {
  readonly proxies: readonly EnvoyProxy[];
  readonly laxities: readonly Laxity[];
}

function ofMachine(stack: AzureStack, node: Node): Runs {
  const isScaleSet = node.resourceType === "azure-native:compute:virtualmachinescaleset";
  const texts = told.map((path) =>
    understood(textOf(readKept(stack, node, isScaleSet ? `virtualMachineProfile.${path}` : path)), (text) =>
      decoded(String(text)),
    ),
  );
  const shown = texts.flatMap((text) => (text.kind === "known" ? [text.value] : []));
  const read = machineReading(shown);
  const programs = shown.map(machineProgram);
  return {
    proxies: read.proxies,
    ...allDocuments([
      ...programs.map(documentsOfMachine),
      ...texts.flatMap((text) => (text.kind === "unknown" ? [unknownDocuments] : [])),
    ]),
    laxities: [
      ...read.laxities,
      ...machineLaxities(stack, node, programs),
      ...texts.flatMap((text, index) =>
        text.kind === "unknown"
          ? [
              {
                what: "nothing shows whom it lets in",
                remedy: `Make ${told[index] ?? ""} of what a preview knows.`,
                assumption: `\`${told[index] ?? ""}\` is not known`,
              },
            ]
          : [],
      ),
    ],
  };
}

/** Files that a group mounts into a container, as far as they are written out: secrets, in base64. */
function filesOf(group: Reading<unknown>, container: Reading<unknown>): ReadonlyMap<string, string> {
  const volumes = new Map(
    itemsOf(group).map((item) => {
      const volume = recordOf(item);
      const name = textOf(memberReading(volume, "name"));
      return [name.kind === "known" ? name.value : "", recordOf(memberReading(volume, "secret"))] as const;
    }),
  );
  const files = new Map<string, string>();
  for (const item of itemsOf(memberReading(recordOf(container), "volumeMounts"))) {
    const mount = recordOf(item);
    const name = textOf(memberReading(mount, "name"));
    const path = textOf(memberReading(mount, "mountPath"));
    const secret = volumes.get(name.kind === "known" ? name.value : "");
    for (const [file, value] of Object.entries(secret?.kind === "known" ? secret.value : {})) {
      const text = textOf(reading(value));
      const content = text.kind === "known" ? decoded(text.value) : undefined;
      if (path.kind === "known" && content !== undefined) {
        files.set(`${path.value.replace(/\/$/, "")}/${file}`, content);
      }
    }
  }
  return files;
}

const image = /^[a-z0-9]+\.azurecr\.(?:io|us|cn)\/[^@:]+@sha256:[0-9a-f]{64}$/i;

function ofGroup({ graph }: AzureStack, node: Node): Runs {
  const volumes = graph.read(node, "volumes");
  const containers = itemsOf(graph.read(node, "containers"));
  const read = containers.map((container): Runs => {
    const properties = recordOf(container);
    const proxy = proxyOfContainer({
      image: memberReading(properties, "image"),
      words: wordsOf(memberReading(properties, "command")),
      files: filesOf(volumes, container),
    });
    const named = textOf(memberReading(properties, "image"));
    const isPublishing = itemsOf(memberReading(properties, "ports")).length > 0;
    return {
      proxies: proxy === undefined ? [] : [proxy],
      // A group of containers is none of ours, and what it is told is not read.
      ...nothingTold,
      laxities: [
        ...(named.kind === "known" && image.test(named.value)
          ? []
          : [
              {
                what: "it runs a container of an image that is not in the platform's own registry, or that no digest names",
                remedy: "Name each image by its digest, in the platform's own registry.",
              },
            ]),
        ...(proxy === undefined && isPublishing
          ? [
              {
                what: "it runs a container that publishes ports, past the proxy",
                remedy: "Take ports away, and let it listen on 127.0.0.1.",
              },
            ]
          : []),
      ],
    };
  });
  const isHidden = containers.some(({ kind }) => kind === "unknown");
  return {
    proxies: read.flatMap(({ proxies }) => proxies),
    ...nothingTold,
    laxities: [
      ...read.flatMap(({ laxities }) => laxities),
      ...(isHidden
        ? [
            {
              what: "nothing shows whom it lets in",
              remedy: "Make containers of what a preview knows.",
              assumption: "`containers` is not known",
            },
          ]
        : []),
    ],
  };
}

/** Whether a scale set has machines of its own, and does not only hold those that others put into it. */
function hasProfile({ graph }: AzureStack, node: Node): boolean {
  return (
    node.resourceType !== "azure-native:compute:virtualmachinescaleset" ||
    graph.read(node, "virtualMachineProfile").kind !== "absent"
  );
}

/** Machines and groups of containers, with the proxies that they are started with. */
export function machineCarriers(
  stack: AzureStack,
  interfaces: readonly NetworkInterface[],
): readonly Carrier[] {
  const { graph, zones } = stack;
  const filtersOf = new Map(interfaces.map(({ urn, filters }) => [urn, filters]));
  const carrier = (node: Node, read: Runs): readonly Carrier[] => {
    const place = placeIn(zones.of(node.urn), undefined);
    return place === undefined
      ? []
      : [
          {
            node,
            place,
            peers: [peerOf(graph, node), ...(filtersOf.get(node.urn) ?? []).map(({ peer }) => peer)].filter(
              (peer) => peer !== undefined,
            ),
            ...read,
            runs: true,
          },
        ];
  };
  const machines = graph
    .ofType(...machineTypes)
    .filter((node) => hasProfile(stack, node))
    .flatMap((node) => carrier(node, ofMachine(stack, node)));
  const groups = graph.ofType(...groupTypes).flatMap((node) => carrier(node, ofGroup(stack, node)));
  const others = graph.ofType(...intruders).flatMap((node): readonly Carrier[] => {
    const into = Object.entries(machinesByName).flatMap(([key, type]) => ownersOf(graph, node, key, type));
    const [machine] = into.flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    const place = placeIn(
      zones.of(node.urn) ?? (machine === undefined ? undefined : zones.of(machine.urn)),
      into.some(({ kind }) => kind === "undetermined") ? "into which machine it goes" : undefined,
    );
    return place === undefined
      ? []
      : [
          {
            node,
            place,
            peers: [],
            proxies: [],
            laxities: [
              {
                what: "it runs something in a machine that the machine was not started with",
                remedy: "Take it away; let the machine be started with all that it runs.",
              },
            ],
            runs: false,
          },
        ];
  });
  return [...machines, ...groups, ...others];
}
