import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { documentsOfMachine, nothingTold, unknownDocuments, type ToldDocuments } from "../told-documents";
import { proxyOfContainer, wordsOf } from "../envoy/container-proxies";
import type { Carrier } from "../envoy/enforcement-points";
import { machineProgram } from "../envoy/machine-program";
import { machineReading } from "../envoy/machine-proxies";
import { hiddenProxy, structured, type EnvoyProxy } from "../envoy/proxy";
import type { Laxity, NetworkInterface } from "../fact";
import { placeIn } from "../place";
import { valuesAt, type PropertyPath } from "../property-path";
import { broken, must, type Setting } from "../setting";

import { types } from "./compute-types";
import type { GcpStack } from "./gcp-stack";
import { managerTypes } from "./placed-types";

/** What changes what machines are told, after their template. */
const overridingTypes: readonly { readonly type: string; readonly metadata: PropertyPath }[] = [
  ...managerTypes.map((type) => ({
    type,
    metadata: ["allInstancesConfig", "metadata"] as const,
  })),
  ...["gcp:compute:perinstanceconfig", "gcp:compute:regionperinstanceconfig"].map((type) => ({
    type,
    metadata: ["preservedState", "metadata"] as const,
  })),
];

/** Metadata that a machine runs as a program, beside what cloud-init and the container's declaration say. */
const scripts = [
  "startup-script",
  "startup-script-url",
  "shutdown-script",
  "shutdown-script-url",
  "windows-startup-script-ps1",
  "sysprep-specialize-script-ps1",
] as const;

/** Metadata that tell a machine what to run. */
export const programKeys: readonly string[] = ["user-data", "gce-container-declaration", ...scripts];

interface Runs extends ToldDocuments {
  readonly proxies: readonly EnvoyProxy[];
  readonly laxities: readonly Laxity[];
}

function unknownPart(key: string): Laxity {
  return {
    what: "nothing shows whom it lets in",
    remedy: `Make ${key} of what a preview knows.`,
    assumption: `\`${key}\` is not known`,
  };
}

/** The containers that a declaration for Container-Optimized OS has a machine run. */
function ofDeclaration(text: Reading<string>): readonly EnvoyProxy[] {
  const declaration = text.kind === "known" ? recordOf(structured(text.value)) : text;
  const spec = recordOf(memberReading(recordOf(declaration), "spec"));
  return itemsOf(memberReading(spec, "containers")).flatMap((container) => {
    const properties = recordOf(container);
    const proxy = proxyOfContainer({
      image: memberReading(properties, "image"),
      words: wordsOf(memberReading(properties, "command"), memberReading(properties, "args")),
      files: new Map(),
    });
    return proxy === undefined ? [] : [proxy];
  });
}

/** What the system of a machine of a platform is: one that Google makes, whose start is verified. */
const settings: readonly Setting[] = [
  must("shieldedInstanceConfig.enableSecureBoot", [true], "it starts whatever is on its disk"),
];

const systems = /(?:^|\/)projects\/cos-cloud\/global\/images\/cos-/;

function systemLaxities({ graph }: GcpStack, node: Node): readonly Laxity[] {
  const images = [
    ...valuesAt(graph, node, ["disks", "sourceImage"]),
    ...valuesAt(graph, node, ["bootDisk", "initializeParams", "image"]),
  ].map(textOf);
  return [
    ...broken(graph, node, settings).map(({ setting: { what, remedy } }) => ({ what, remedy })),
    ...(images.some((image) => image.kind !== "known" || !systems.test(image.value))
      ? [
          {
            what: "it starts from an image that somebody may have made",
            remedy: "Let it start from an image of Container-Optimized OS, of the project cos-cloud.",
          },
        ]
      : []),
  ];
}

const ofImageName = /[\w./:-]/;

/**
 * The images that a text names by their digests. Each is read from its digest backwards: an expression that looks for what
 * stands before a digest tries every character of a long word, from each of them to the word's end.
 */
function namedImages(told: string): readonly string[] {
  return told
    .split("@sha256:")
    .slice(0, -1)
    .map((before) => {
      let start = before.length;
      while (start > 0 && ofImageName.test(before.charAt(start - 1))) {
        start -= 1;
      }
      return before.slice(start);
    })
    .filter((image) => image !== "");
}

/** Images that the units of a machine pull from elsewhere than the registries of its stack, as far as those are known. */
function imageLaxities({ graph }: GcpStack, told: string): readonly Laxity[] {
  const repositories = graph.ofType("gcp:artifactregistry:repository").flatMap((node): readonly string[] => {
    const [location, project, id] = ["location", "project", "repositoryId"].map((key) =>
      textOf(graph.read(node, key)),
    );
    return location?.kind === "known" && project?.kind === "known" && id?.kind === "known"
      ? [`${location.value}-docker.pkg.dev/${project.value}/${id.value}/`]
      : [];
  });
  const images = namedImages(told);
  const strange = images.filter((image) => !repositories.some((own) => image.startsWith(own)));
  return repositories.length === 0
    ? []
    : [...new Set(strange)].map((image) => ({
        what: `it runs a container of an image that is not in the platform's own registry (${image})`,
        remedy: "Name each image by its digest, in the platform's own registry.",
      }));
}

/** What a machine is told by its metadata (Compute Engine documentation, "Run startup scripts", "cloud-init"). */
function ofMachine(stack: GcpStack, node: Node): Runs {
  const { graph } = stack;
  const metadata = recordOf(graph.read(node, "metadata"));
  if (metadata.kind === "unknown") {
    return { proxies: [], ...unknownDocuments, laxities: [unknownPart("metadata")] };
  }
  const userData = textOf(memberReading(metadata, "user-data"));
  const declaration = textOf(memberReading(metadata, "gce-container-declaration"));
  const script = textOf(graph.read(node, "metadataStartupScript"));
  const started = [
    ["metadataStartupScript", script] as const,
    ...scripts.map((key) => [`metadata.${key}`, textOf(memberReading(metadata, key))] as const),
  ].filter(([, text]) => text.kind !== "absent");
  const read = machineReading(userData.kind === "known" ? [userData.value] : []);
  const isMentioned = started.some(([, text]) => text.kind === "known" && /envoy/i.test(text.value));
  return {
    proxies: [
      ...read.proxies,
      ...ofDeclaration(declaration),
      ...(isMentioned ? [hiddenProxy("what its script at the start runs is not read")] : []),
    ],
    ...(userData.kind === "known"
      ? documentsOfMachine(machineProgram(userData.value))
      : userData.kind === "unknown"
        ? unknownDocuments
        : nothingTold),
    laxities: [
      ...read.laxities,
      ...systemLaxities(stack, node),
      ...(userData.kind === "known" ? imageLaxities(stack, userData.value) : []),
      ...(userData.kind === "unknown" ? [unknownPart("metadata.user-data")] : []),
      ...(declaration.kind === "absent"
        ? []
        : [
            {
              what: "it runs containers by a declaration that keeps no file system read-only and drops no capability",
              remedy: "Take gce-container-declaration away, and run containers by units of user-data.",
            },
          ]),
      ...started.map(([key]) => ({
        what: "it runs a script when it is started, which the judge does not read",
        remedy: `Take ${key} away, and write units into user-data.`,
        assumption: `what \`${key}\` does is not known`,
      })),
    ],
  };
}

/** Whether metadata tell machines what to run, or may. */
function tellsPrograms(metadata: Reading<unknown>): boolean {
  const mapping = recordOf(metadata);
  return (
    mapping.kind === "unknown" ||
    (mapping.kind === "known" && Object.keys(mapping.value).some((key) => programKeys.includes(key)))
  );
}

/** Machines and templates of machines, with the proxies that they are started with. */
export function machineCarriers(
  stack: GcpStack,
  interfaces: readonly NetworkInterface[],
): readonly Carrier[] {
  const { graph, zones } = stack;
  const filtersOf = new Map(interfaces.map(({ urn, filters }) => [urn, filters]));
  const peersOf = (node: Node): readonly string[] =>
    [peerOf(graph, node), ...(filtersOf.get(node.urn) ?? []).map(({ peer }) => peer)].filter(
      (peer) => peer !== undefined,
    );
  const machines = graph.ofType(...types.instance, ...types.template).flatMap((node): readonly Carrier[] => {
    const place = placeIn(zones.of(node.urn), undefined);
    const isOfTemplate = graph.read(node, "sourceInstanceTemplate").kind !== "absent";
    return place === undefined
      ? []
      : [
          {
            node,
            place,
            peers: peersOf(node),
            ...ofMachine(stack, node),
            // What is made of a template runs what the template says.
            runs: !isOfTemplate,
          },
        ];
  });
  const overriding = overridingTypes.flatMap(({ type, metadata }) =>
    graph.ofType(type).flatMap((node): readonly Carrier[] => {
      const managers = ["instanceGroupManager", "regionInstanceGroupManager"].flatMap((key) =>
        graph.referents(node, key, managerTypes),
      );
      const zone =
        zones.of(node.urn) ??
        managers
          .map((to) => (to.kind === "resource" ? zones.of(to.node.urn) : undefined))
          .find((one) => one !== undefined);
      const place = placeIn(zone, undefined);
      return place === undefined || !valuesAt(graph, node, metadata).some(tellsPrograms)
        ? []
        : [
            {
              node,
              place,
              peers: peersOf(node),
              proxies: [],
              laxities: [
                {
                  what: "it tells machines to run something else than their template",
                  remedy: `Take ${metadata.join(".")} away.`,
                },
              ],
              runs: false,
            },
          ];
    }),
  );
  return [...machines, ...overriding];
}
