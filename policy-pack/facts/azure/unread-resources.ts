import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { textsIn, textsOf } from "../../texts";
import type { Subnet } from "../fact";
import { isOfOthers, type ReferenceFinder, type UnderstoodTypes } from "../unread-resources";

import { apiManagementTypes } from "./api-services";
import { apiPolicyTypes } from "./api-policies";
import { armTypes } from "./arm-types";
import { auditTypes } from "./audit";
import { types } from "./azure-stack";
import { balancerRuleTypes } from "./balancer-rules";
import { clusterTypes } from "./clusters";
import { containerAppTypes } from "./container-apps";
import { databaseTypes } from "./database-transport";
import { inspectionTypes } from "./firewalls";
import { frontDoorTypes } from "./front-doors";
import { connectionTypes, joinedTypes } from "./network-connections";
import { placedTypes } from "./placed-types";
import { publicAddressTypes } from "./public-addresses";
import { resolverTypes } from "./resolvers";
import { heldBy } from "./scopes";
import { serviceTypesRead } from "./service-types-read";
import { shownCertificateTypes } from "./shown-certificates";
import { transportedStoreTypes } from "./store-transport";
import { webAppTypes } from "./web-apps";

/** The types from which facts are drawn; `docs/rules.md` lists them. */
export const typesRead: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...types.network,
  ...types.subnet,
  ...types.securityGroup,
  ...types.routeTable,
  ...types.applicationSecurityGroup,
  ...placedTypes.keys(),
  "azure-native:network:route",
  "azure-native:network:securityrule",
  ...apiManagementTypes,
  ...apiPolicyTypes,
  ...auditTypes,
  ...balancerRuleTypes,
  ...clusterTypes,
  ...connectionTypes,
  ...containerAppTypes,
  ...databaseTypes,
  ...frontDoorTypes,
  ...publicAddressTypes,
  ...resolverTypes,
  ...serviceTypesRead,
  ...shownCertificateTypes,
  ...transportedStoreTypes,
  ...webAppTypes,
]);

/**
 * Types that are understood where they are outside of the PHI zone: what inspects packets, which sends them on, and what
 * lies beyond a gateway. The PHI zone has nothing to send.
 */
export const typesReadOutsidePhi: ReadonlySet<ResourceType> = new Set([...inspectionTypes, ...joinedTypes]);

/** Types that open nothing, whatever their properties say: they record, name, encrypt, keep or close. */
export const harmlessTypes: ReadonlySet<ResourceType> = new Set<ResourceType>([
  "azure-native:compute:availabilityset",
  "azure-native:compute:sshpublickey",
  "azure-native:monitor:actiongroup",
  "azure-native:monitor:metricalert",
  "azure-native:monitor:activitylogalert",
  "azure-native:network:ddosprotectionplan",
  "azure-native:network:networkwatcher",
  "azure-native:network:webapplicationfirewallpolicy",
  "azure-native:authorization:managementlockbyscope",
  "azure-native:authorization:managementlockatresourcelevel",
  "azure-native:authorization:managementlockatresourcegrouplevel",
  "azure-native:authorization:managementlockatsubscriptionlevel",
  "azure-native:resources:resourcegroup",
  "azure-native:resources:tagatscope",
]);

/** Modules of Azure whose resources carry packets, so that one in the network of a PHI zone may carry the zone's. */
const networkModules = [
  "azure-native:network:",
  "azure-native:hybridnetwork:",
  "azure-native:mobilenetwork:",
];

/** What makes resources that the pack is never shown, by package or by type. */
const makers =
  /^(?:azapi:|azure-native:(?:resources:(?:deployment|templatespec|azurecliscript|azurepowershellscript)|automation:|blueprint:|solutions:))/;

/** A name that is long and odd enough not to be a word of something else. */
const telling = /^(?=.*[\d._-])[\w.-]{5,}$/;

/** What names Azure's resources by their names, and not by ids: in a text of its own, or within a template or a script. */
const namingTypes =
  /^(?:azure:|azapi:|command:|azure-native:(?:resources:(?:deployment|azurecliscript|azurepowershellscript)|automation:))/;

/** Whether a text holds one of some names, as a whole word. */
function namesOneOf(names: ReadonlySet<string>): (text: string) => boolean {
  const odd = [...names].filter((name) => telling.test(name));
  const words = odd.map((name) => name.replaceAll(/[.]/g, "\\."));
  const pattern =
    words.length === 0 ? undefined : new RegExp(`(?<![\\w.-])(?:${words.join("|")})(?![\\w-])`, "i");
  return (text) => names.has(text.toLowerCase()) || pattern?.test(text) === true;
}

/** The names in Azure of resources that others may name without an id. */
function namesOf(graph: StackGraph, node: Node): readonly string[] {
  const key = armTypes.get(node.resourceType)?.names.at(-1);
  const name = key === undefined ? undefined : textOf(graph.read(node, key));
  return name?.kind === "known" ? [name.value.toLowerCase()] : [];
}

/** The inputs by which a resource says what it is called, or what that is called of which it is a part. */
const calledBy = /^(?!resourceGroupName$).*name$/i;

function moduleOf({ resourceType: type }: Node): string {
  return type.slice(0, type.lastIndexOf(":"));
}

function knownText(graph: StackGraph, node: Node, key: string): string | undefined {
  const text = textOf(graph.read(node, key));
  return text.kind === "known" ? text.value.toLowerCase() : undefined;
}

/**
 * Finds what of some resources another is a part of. It has the whole's name, in the input that has it there too
 * (`accountName`), and neither needs the other's id for that.
 */
function wholeFinder(graph: StackGraph, wholes: readonly Node[]): (node: Node) => Node | undefined {
  const keysOf = (whole: Node): readonly string[] => {
    const own = armTypes.get(whole.resourceType)?.names.at(-1);
    return own === undefined ? Object.keys(whole.inputs ?? {}).filter((key) => calledBy.test(key)) : [own];
  };
  const called = wholes.flatMap((whole) =>
    keysOf(whole).map((key) => ({ whole, key, name: knownText(graph, whole, key) })),
  );
  const mayBeTogether = (one: Node, other: Node): boolean => {
    const [own, others] = [one, other].map((node) => knownText(graph, node, "resourceGroupName"));
    return own === undefined || others === undefined || own === others;
  };
  return (node) =>
    called.find(
      ({ whole, key, name }) =>
        name !== undefined &&
        moduleOf(whole) === moduleOf(node) &&
        knownText(graph, node, key) === name &&
        mayBeTogether(whole, node),
    )?.whole;
}

/**
 * What gives rights over all that a scope holds, for a time or to another tenant. Whom a platform lets in its flows say; of
 * any other stack the same is not asked of roles either.
 */
const granting =
  /^azure-native:(?:authorization:(?:pim)?role(?:assignment|eligibility)schedule|managedservices:registrationassignment)/;

/** Whether a text holds one of some ids, or that of a part of it, wherever in it and in whatever case. */
function holds(ids: readonly string[]): (text: string) => boolean {
  return (text) => {
    const compared = text.toLowerCase();
    return (
      compared.includes("/") &&
      ids.some((id) => {
        const at = compared.indexOf(id);
        return at >= 0 && !/[\w.-]/.test(compared.charAt(at + id.length));
      })
    );
  };
}

/** A part of a network is not the network: a subnet of another zone may be meant. */
const referenceFinder: ReferenceFinder = (graph, nodes) => {
  const isNetwork = (node: Node): boolean => (types.network as readonly string[]).includes(node.resourceType);
  const idsOf = (some: readonly Node[]): readonly string[] => some.flatMap((node) => graph.armIdsOf(node));
  const refers = holds(idsOf(nodes.filter((node) => !isNetwork(node))));
  const isOfNetwork = holds(idsOf(nodes.filter(isNetwork)));
  return (texts) =>
    texts.find((text) => refers(text) || isOfNetwork(text.replaceAll(/\/[\w.-]+\/subnets\//gi, "/.../")));
};

/** The ids of subnets that are parts of their network. */
function idsOfParts(graph: StackGraph, subnets: readonly Subnet[]): readonly string[] {
  return subnets.flatMap(({ urn, key }) => {
    const network = graph.node(urn);
    return network === undefined || key === urn
      ? []
      : graph.armIdsOf(network).map((id) => `${id}${key.slice(urn.length)}`);
  });
}

/** Whether something of a resource that is not known was made of a network of which subnets are parts. */
function mayNamePart(graph: StackGraph, node: Node, subnets: readonly Subnet[]): boolean {
  const networks = new Set(subnets.filter(({ urn, key }) => urn !== key).map(({ urn }) => urn));
  return Object.entries(node.propertyDependencies).some(
    ([key, urns]) => urns.some((urn) => networks.has(urn)) && textsOf(graph.read(node, key)).isUnknown,
  );
}

/** What of Azure's is understood. */
export const understoodTypes: UnderstoodTypes = {
  read: typesRead,
  readOutsidePhi: typesReadOutsidePhi,
  harmless: harmlessTypes,
  networkModules,
  makers,
  isRead: () => false,
  referenceFinder,
  attachment: ({ graph, platforms }, inPhi, phiSubnets) => {
    const ofPhi = graph.nodes.filter(({ urn }) => inPhi.has(urn));
    const names = new Set(ofPhi.flatMap((node) => namesOf(graph, node)));
    const isNamed = namesOneOf(names);
    const isOddName = (text: string): boolean => telling.test(text) && names.has(text.toLowerCase());
    const ofAzure = ofPhi.filter(({ resourceType }) => resourceType.startsWith("azure-native:"));
    const wholeOf = wholeFinder(graph, ofAzure);
    const heldByScopeOf = (node: Node): Node | undefined =>
      platforms.size > 0 && granting.test(node.resourceType)
        ? heldBy(graph, node, "scope", graph.read(node, "scope"), ofAzure)[0]?.node
        : undefined;
    const isPart = holds(idsOfParts(graph, phiSubnets));
    return (node) => {
      const all = [...textsIn(node.inputs), ...textsIn(node.outputs)];
      const part = all.find(isPart);
      if (part !== undefined) {
        return `refers to a subnet of the PHI zone (${part})`;
      }
      if (mayNamePart(graph, node, phiSubnets)) {
        return "may refer to a subnet of the PHI zone";
      }
      const whole = wholeOf(node);
      if (whole !== undefined) {
        return `is a part of ${whole.urn}, which is in the PHI zone`;
      }
      const held = heldByScopeOf(node);
      if (held !== undefined) {
        return `gives rights over ${held.urn}, which is in the PHI zone`;
      }
      const named = namingTypes.test(node.resourceType)
        ? all.find(isNamed)
        : isOfOthers(node)
          ? all.find(isOddName)
          : undefined;
      return named === undefined
        ? undefined
        : `names something in the PHI zone (${named.length > 100 ? `${named.slice(0, 100)}...` : named})`;
    };
  },
};
