import { flagOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";
import { pathText, readAt, valuesAt } from "../property-path";
import { broken, type Setting } from "../setting";

import { types } from "./compute-types";
import { platformOf, type GcpStack } from "./gcp-stack";
import { identitiesOf } from "./identities";
import { ownersAt } from "./owners";
import { programKeys } from "./machines";
import {
  keptMachineSettings,
  keptMachineTypes,
  managerSettings,
  managerTypes,
  placedTypes,
} from "./placed-types";
import { projectsOf } from "./projects";
import { isSet } from "./said";

/** Machines, and what they are made from. */
const machineTypes: readonly ResourceType[] = [...types.instance, ...types.template];

/** Types that give metadata to every machine of a project, and where each has it. */
const metadataOfProjects: ReadonlyMap<ResourceType, string> = new Map([
  ["gcp:compute:instancesettings", "metadata.items"],
  ["gcp:compute:projectmetadata", "metadata"],
]);

/** The type that gives one item of it. */
const itemType = "gcp:compute:projectmetadataitem";

/** Types from which it is read what machines run besides what their own configuration says. */
export const machineMetadataTypes: readonly ResourceType[] = [...metadataOfProjects.keys(), itemType];

/**
 * What the metadata of a machine has to say, where the project's own would say it otherwise (Compute Engine documentation,
 * "Predefined metadata keys").
 */
const required: readonly {
  readonly key: string;
  readonly value: boolean;
  readonly what: string;
}[] = [
  {
    key: "block-project-ssh-keys",
    value: true,
    what: "whoever has a key in the project's metadata signs in",
  },
  { key: "enable-oslogin", value: false, what: "whom IAM lets in signs in" },
  { key: "serial-port-enable", value: false, what: "its serial port may take commands" },
];

/** What the metadata of a machine may say besides. */
const harmless: ReadonlySet<string> = new Set(["enable-guest-attributes", "cos-update-strategy"]);

/** A switch as metadata writes it: in any case, and as more than one word. */
function switchOf(read: Reading<unknown>): Reading<boolean> {
  const flag = flagOf(read);
  if (flag.kind !== "unknown" || read.kind !== "known") {
    return flag;
  }
  const text = String(read.value).toLowerCase();
  return ["true", "1", "y", "yes"].includes(text)
    ? { kind: "known", value: true }
    : ["false", "0", "n", "no"].includes(text)
      ? { kind: "known", value: false }
      : flag;
}

const ownConfiguration = "Say in its user-data all that it runs, and let nobody sign in.";

/** Finds keys of metadata by which something runs, or somebody signs in, beside the proxy that stands before a workload. */
function heldToKeys(acceptor: Acceptor, keys: readonly string[], allowed: readonly string[]): void {
  for (const key of keys) {
    if (!harmless.has(key) && !allowed.includes(key)) {
      acceptor.fault({
        what: `its metadata says \`${key}\`, so that something may run, or somebody sign in, beside the proxy before its workload`,
        remedy: `Take ${key} away. ${ownConfiguration}`,
        refusedOn: "our platform",
      });
    }
  }
}

/** Holds the metadata of a machine to what says that nothing runs in it but what it is told, and nobody signs in. */
function heldToMetadata(stack: GcpStack, node: Node, acceptor: Acceptor): void {
  const { graph } = stack;
  const metadata = recordOf(graph.read(node, "metadata"));
  if (metadata.kind === "unknown") {
    acceptor.fault({
      what: "what it runs, and who signs in, cannot be known",
      remedy: `Write its metadata as literal values. ${ownConfiguration}`,
      assumption: "`metadata` is not known",
      refusedOn: "our platform",
    });
    return;
  }
  // What they have it run is read by itself.
  const allowed = [...programKeys, ...required.map(({ key }) => key)];
  heldToKeys(acceptor, metadata.kind === "known" ? Object.keys(metadata.value) : [], allowed);
  for (const { key, value, what } of required) {
    acceptor.requires({
      key: `metadata.${key}`,
      read: switchOf(memberReading(metadata, key)),
      isRight: (said) => said === value,
      absentIs: "wrong",
      what,
      remedy: `Set ${key} of its metadata to ${String(value).toUpperCase()}.`,
      refusedOn: "our platform",
    });
  }
}

/** Holds a machine to running as the workload that it says it is: as whoever else it would be let in for what it is not. */
function heldToIdentity(stack: GcpStack, node: Node, acceptor: Acceptor): void {
  const { graph } = stack;
  const peer = peerOf(graph, node);
  const said = valuesAt(graph, node, ["serviceAccount", "email"]).flatMap((value) =>
    identitiesOf(stack, node, "serviceAccount", "service account", value),
  );
  if (peer === undefined) {
    acceptor.fault({
      what: "nothing says which workload it runs",
      remedy: "Label it with the workload that it runs, and let it run as that workload's service account.",
      refusedOn: "our platform",
    });
    return;
  }
  const isAnother = said.some(
    (account) =>
      account !== undefined && (account.node === undefined || peerOf(graph, account.node) !== peer),
  );
  if (said.length === 0 || isAnother || said.includes(undefined)) {
    acceptor.fault({
      what: `it says that it is ${peer}, and does not run as its service account`,
      remedy: `Set serviceAccount.email to the account of ${peer}.`,
      assumption: isAnother || said.length === 0 ? undefined : "`serviceAccount.email` is not known",
      refusedOn: "our platform",
    });
  }
}

/** Finds public addresses, by which a machine is called past the load balancer wherever a route leads to it. */
function heldToAddresses(
  { graph }: GcpStack,
  node: Node,
  acceptor: Acceptor,
  settings: readonly Setting[],
): void {
  for (const { setting, isUnknown } of broken(graph, node, settings)) {
    acceptor.fault({
      what: setting.what,
      remedy: setting.remedy,
      assumption: isUnknown ? `\`${pathText(setting.path)}\` is not known` : undefined,
      refusedOn: "our platform",
    });
  }
}

/** What a machine, or what it is made from, says of who runs what in it. */
function hopsOfMachine(stack: GcpStack, node: Node): HopFacts {
  const { graph, zones } = stack;
  const place = placeIn(zones.of(node.urn), undefined);
  if (place === undefined || platformOf(stack, node) === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, node, place);
  // What it does not say itself its template does.
  if (
    placedTypes.get(node.resourceType)?.template === undefined ||
    graph.read(node, "metadata").kind !== "absent"
  ) {
    heldToMetadata(stack, node, acceptor);
  }
  heldToIdentity(stack, node, acceptor);
  heldToAddresses(stack, node, acceptor, placedTypes.get(node.resourceType)?.settings ?? []);
  return acceptor.facts();
}

/** What a manager makes machines from, and what it, or the configuration of one machine, tells them besides. */
function hopsOfManaged(stack: GcpStack, node: Node): HopFacts {
  const { graph, zones } = stack;
  const place = placeIn(zones.of(node.urn), undefined);
  if (place === undefined || platformOf(stack, node) === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, node, place);
  const isManager = managerTypes.includes(node.resourceType);
  heldToAddresses(stack, node, acceptor, isManager ? managerSettings : keptMachineSettings);
  const path = isManager ? "allInstancesConfig.metadata" : "preservedState.metadata";
  const metadata = recordOf(readAt(graph, node, path));
  if (metadata.kind === "unknown") {
    acceptor.fault({
      what: "what it tells machines besides their template cannot be known",
      remedy: `Take ${path} away. ${ownConfiguration}`,
      assumption: `\`${path}\` is not known`,
      refusedOn: "our platform",
    });
  }
  // It would take the place of what their template says.
  heldToKeys(acceptor, metadata.kind === "known" ? Object.keys(metadata.value) : [], []);
  acceptor.requires({
    key: "preservedState.disks",
    read: isSet(readAt(graph, node, "preservedState.disks")),
    isRight: () => false,
    absentIs: "right",
    what: "it has a disk that its template does not say",
    remedy: `Take preservedState.disks away. ${ownConfiguration}`,
    refusedOn: "our platform",
  });
  const templates = isManager ? ownersAt(graph, node, ["versions", "instanceTemplate"], types.template) : [];
  if (templates.some(({ kind }) => kind !== "resource")) {
    acceptor.fault({
      what: "it makes machines from a template that the stack does not show",
      remedy: "Let versions name templates of the stack.",
      refusedOn: "our platform",
      needsOthers: true,
    });
  }
  return acceptor.facts();
}

/** What is told to every machine of a project that has machines of a platform. */
function hopsOfProject(stack: GcpStack, node: Node): HopFacts {
  const { graph } = stack;
  const project = projectsOf(stack).of(node);
  const place = placeIn(
    project.kind === "project" ? project.project.zone : undefined,
    project.kind === "undetermined" ? "of which project it is the metadata is not known" : undefined,
  );
  if (place === undefined || platformOf(stack, node) === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, node, place);
  const path = metadataOfProjects.get(node.resourceType);
  const item = textOf(graph.read(node, "key"));
  const said = path === undefined ? undefined : recordOf(readAt(graph, node, path));
  if (said?.kind === "unknown" || (path === undefined && item.kind !== "known")) {
    acceptor.fault({
      what: "what every machine of its project runs cannot be known",
      remedy: "Write the metadata of the project as literal values, or take it away.",
      assumption: `\`${path ?? "key"}\` is not known`,
      refusedOn: "our platform",
    });
  }
  // A machine says for itself which switches of its project it does not hear.
  heldToKeys(
    acceptor,
    [
      ...(said?.kind === "known" ? Object.keys(said.value) : []),
      ...(path === undefined && item.kind === "known" ? [item.value] : []),
    ],
    required.map(({ key }) => key),
  );
  return acceptor.facts();
}

/**
 * What runs in the machines of a platform's workloads, and as whom: nothing but what their configuration says, and as the
 * workload that they say they are. What a project tells all of its machines is heard by each.
 */
export function machineHops(stack: GcpStack): HopFacts {
  const { graph, platforms } = stack;
  return platforms.size === 0
    ? allHops()
    : allHops(
        ...graph.ofType(...machineTypes).map((node) => hopsOfMachine(stack, node)),
        ...graph
          .ofType(...managerTypes, ...keptMachineTypes.keys())
          .map((node) => hopsOfManaged(stack, node)),
        ...graph.ofType(...machineMetadataTypes).map((node) => hopsOfProject(stack, node)),
      );
}
