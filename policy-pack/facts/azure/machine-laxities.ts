import { itemsOf, known, reading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { MachineProgram } from "../envoy/machine-program";
import type { Laxity } from "../fact";
import { at, pathText, readAt, referentsAt, valuesAt, type PropertyPath } from "../property-path";
import { broken, mayNot, must, mayNotBe, type Setting } from "../setting";

import { types, type AzureStack } from "./azure-stack";
import { placedTypes } from "./placed-types";
import { referentsOf } from "./referents";

const identityType = "azure-native:managedidentity:userassignedidentity";
const registryType = "azure-native:containerregistry:registry";

/** Where a type of machine says what it is. */
interface MachineShape {
  /** What holds its profiles, followed by a point: a scale set says once what all of its machines are. */
  readonly prefix: "" | "virtualMachineProfile.";
  /** The interfaces that are made with it. */
  readonly made: string;
}

const ofMachine: MachineShape = { prefix: "", made: "networkProfile.networkInterfaceConfigurations" };

const shapes: ReadonlyMap<ResourceType, MachineShape> = new Map<ResourceType, MachineShape>([
  [
    "azure-native:compute:virtualmachinescaleset",
    {
      prefix: "virtualMachineProfile.",
      made: "virtualMachineProfile.networkProfile.networkInterfaceConfigurations",
    },
  ],
  [
    "azure-native:compute:virtualmachinescalesetvm",
    { prefix: "", made: "networkProfileConfiguration.networkInterfaceConfigurations" },
  ],
]);

function shapeOf({ resourceType: type }: Node): MachineShape {
  return shapes.get(type) ?? ofMachine;
}

/** What a machine of a platform of ours has to be. */
function settingsOf({ prefix }: MachineShape): readonly Setting[] {
  return [
    must("identity.type", ["UserAssigned"], "it has an identity besides those of its workload"),
    must(`${prefix}osProfile.allowExtensionOperations`, [false], "Azure's agent may run something in it"),
    must(
      `${prefix}osProfile.linuxConfiguration.disablePasswordAuthentication`,
      [true],
      "somebody may sign in to it by a password",
    ),
    must(
      `${prefix}securityProfile.encryptionAtHost`,
      [true],
      "its host does not encrypt what it keeps of it",
    ),
    mayNot(
      `${prefix}storageProfile.imageReference.communityGalleryImageId`,
      "it starts from an image that anybody may have made",
    ),
    mayNot(
      `${prefix}storageProfile.imageReference.sharedGalleryImageId`,
      "it starts from an image of another subscription",
    ),
    mayNot(`${prefix}applicationProfile.galleryApplications`, "Azure installs applications in it"),
    mayNot(`${prefix}storageProfile.dataDisks`, "it has a disk that its image does not say"),
    mayNotBe(
      `${prefix}storageProfile.imageReference.version`,
      ["latest"],
      "it starts from whichever image is the newest",
    ),
  ];
}

/** What decides, where it is not known. */
function unknownAt(path: PropertyPath, isUnknown: boolean): Pick<Laxity, "assumption"> {
  return isUnknown ? { assumption: `\`${pathText(path)}\` is not known` } : {};
}

function brokenSettings({ graph }: AzureStack, node: Node, all: readonly Setting[]): readonly Laxity[] {
  return broken(graph, node, all).map(({ setting: { path, what, remedy }, isUnknown }) => ({
    what,
    remedy,
    ...unknownAt(path, isUnknown),
  }));
}

/** The ids of a machine's identities: a list, or as Azure tells of them, the keys of a mapping. */
function identitiesOf({ graph }: AzureStack, node: Node): readonly Reading<unknown>[] {
  const read = readAt(graph, node, "identity.userAssignedIdentities");
  const mapping = recordOf(read);
  return mapping.kind === "known" && !Array.isArray(mapping.value)
    ? Object.keys(mapping.value).map((id) => known(id))
    : itemsOf(read);
}

/** Identities that are not those of the workload that a machine runs. */
function strangeIdentities(stack: AzureStack, node: Node): readonly Laxity[] {
  const { graph } = stack;
  const own = peerOf(graph, node);
  return identitiesOf(stack, node).flatMap((id): readonly Laxity[] => {
    const referents = referentsOf(graph, node, "identity", id, [identityType]);
    const isOwn =
      own !== undefined &&
      referents.length === 1 &&
      referents.every((to) => to.kind === "resource" && !to.assumed && peerOf(graph, to.node) === own);
    return isOwn
      ? []
      : [
          {
            what: "it has an identity that is not of the workload that it runs, and may do what another may",
            remedy: "Let identity.userAssignedIdentities name the identities of its workload alone.",
            ...unknownAt(["identity", "userAssignedIdentities"], textOf(id).kind !== "known"),
          },
        ];
  });
}

const otherResolver = "it asks another resolver than Azure's, which nothing filters";

/** What an interface of a machine may not be, and that it is its only one. */
function interfaceLaxities(stack: AzureStack, node: Node): readonly Laxity[] {
  const { graph } = stack;
  const path: PropertyPath = ["networkProfile", "networkInterfaces", "id"];
  const nics = referentsAt(graph, node, path, types.networkInterface);
  const made = at(shapeOf(node).made);
  const configurations = valuesAt(graph, node, made);
  const isHidden = configurations.some(({ kind }) => kind === "unknown");
  const shape = placedTypes.get(types.networkInterface[0]);
  return [
    ...(nics.length + configurations.length === 1 && !isHidden
      ? []
      : [
          {
            what: "it has another number of interfaces than one, by which it may send on what it gets",
            remedy: "Let networkProfile name one interface.",
            ...unknownAt(made, isHidden),
          },
        ]),
    ...brokenSettings(stack, node, [
      ...(placedTypes.get(node.resourceType)?.settings ?? []),
      mayNot(`${pathText(made)}.dnsSettings.dnsServers`, otherResolver),
    ]),
    ...nics.flatMap((to): readonly Laxity[] =>
      to.kind === "resource"
        ? brokenSettings(stack, to.node, [
            ...(shape?.settings ?? []),
            mayNot("dnsSettings.dnsServers", otherResolver),
          ])
        : [
            {
              what: "its interface is not in the stack, so that nothing shows where it is",
              remedy: "Give it an interface of this stack.",
            },
          ],
    ),
  ];
}

/** Where in a text images are named, by digest or not, as the last but one word of a command tells. */
const images = /(?:^|[\s"'=])((?:[a-z0-9][\w.-]*(?::\d+)?\/)(?:[\w.-]+\/)*[\w.-]+)@sha256:[0-9a-f]{64}/gi;

const imagesOf = new WeakMap<MachineProgram, readonly string[]>();

/** The images that a program of a machine names. Programs are read once for all verdicts, and so is this. */
function imagesNamed(program: MachineProgram): readonly string[] {
  const named =
    imagesOf.get(program) ??
    [...program.files.values(), ...program.commands].flatMap((text) =>
      [...text.matchAll(images)].map(([, image = ""]) => image),
    );
  imagesOf.set(program, named);
  return named;
}

/** Images that a machine runs and that are not in a registry of the stack. */
function strangeImages({ graph }: AzureStack, programs: readonly MachineProgram[]): readonly Laxity[] {
  const hosts = new Set(
    graph.ofType(registryType).flatMap((registry) => {
      const name = [textOf(graph.read(registry, "registryName")), textOf(reading(registry.outputs["name"]))];
      return name.flatMap((one) => (one.kind === "known" ? [`${one.value.toLowerCase()}.azurecr.io`] : []));
    }),
  );
  const strange = [...new Set(programs.flatMap(imagesNamed))].filter(
    (image) => !hosts.has((image.split("/")[0] ?? "").toLowerCase()),
  );
  return strange.map((image) => ({
    what: `it runs a container of an image that is not in the platform's own registry (${image})`,
    remedy: "Name each image by its digest, in the platform's own registry.",
  }));
}

/** Whether no key of the customer's encrypts a machine's own disk. */
function unkeyedDisk({ graph }: AzureStack, node: Node): readonly Laxity[] {
  const path = `${shapeOf(node).prefix}storageProfile.osDisk.managedDisk.diskEncryptionSet`;
  return readAt(graph, node, `${path}.id`).kind === "absent"
    ? [
        {
          what: "no key of the customer's encrypts its disk",
          remedy: `Let ${path} name a set with a key of yours.`,
        },
      ]
    : [];
}

/** What is not as it has to be of a machine on a platform of ours. */
export function machineLaxities(
  stack: AzureStack,
  node: Node,
  programs: readonly MachineProgram[],
): readonly Laxity[] {
  return [
    ...brokenSettings(stack, node, settingsOf(shapeOf(node))),
    ...strangeIdentities(stack, node),
    ...interfaceLaxities(stack, node),
    ...unkeyedDisk(stack, node),
    ...strangeImages(stack, programs),
  ];
}
