import { packageOf, type ResourceType } from "../../resource-type";
import { textOf } from "../../reading";
import { bucketTypes, type Node, type StackGraph } from "../../stack-graph";
import { textsIn } from "../../texts";
import type { Blind, Subnet } from "../fact";
import { certificateTypes } from "../public-key-infrastructure";

import { auditTypes } from "./audit";
import { labelOf, types, type AwsStack } from "./aws-stack";
import { backupTypes } from "./backups";
import { bucketSideTypes, harmlessBucketTypes } from "./buckets";
import { collectionTypes } from "./collections";
import { parameterGroupTypes } from "./database-transport";
import { isFhirStore } from "./fhir-stores";
import { keyTypes } from "./keys";
import { textsOf } from "./phi-destinations";
import { latticeOpeningTypes } from "./lattice";
import { harmlessServiceTypes, offeredServiceTypes } from "./offered-services";
import { placedTypes, subnetGroupTypes } from "./placed-types";
import { sideChannelTypes } from "./side-channel-types";
import { connectionTypes, joinedTypes } from "./network-connections";
import { latticeTypes } from "./lattice-services";
import { listenerTypes } from "./listeners";
import { inspectionTypes } from "./network-firewalls";
import { publicAccessBlockTypes } from "./public-access-blocks";
import { resolverTypes } from "./resolvers";
import { storePolicyTypes } from "./store-policies";
import { sharingBlocks } from "./seals";
import { referenceFinder } from "./text-references";

/** The types from which facts are drawn; `docs/rules.md` lists them. */
export const typesRead: ReadonlySet<ResourceType> = new Set([
  ...types.network,
  ...types.subnet,
  ...types.securityGroup,
  ...types.networkAcl,
  ...types.routeTable,
  ...placedTypes.keys(),
  ...subnetGroupTypes,
  "aws:ec2:networkinterfaceattachment",
  ...types.prefixList,
  "aws:ec2:eip",
  "aws:ec2:eipassociation",
  "aws:ec2:mainroutetableassociation",
  "aws:ec2:managedprefixlistentry",
  "aws:ec2:natgateway",
  "aws:ec2:networkaclassociation",
  "aws:ec2:networkaclrule",
  "aws:ec2:networkinterfacesecuritygroupattachment",
  "aws:ec2:route",
  "aws:ec2:routetableassociation",
  "aws:ec2:securitygroupassociation",
  "aws:ec2:securitygrouprule",
  "aws:ec2:vpcendpointpolicy",
  "aws:ec2:vpcendpointroutetableassociation",
  "aws:ec2:vpcendpointsubnetassociation",
  "aws:ec2:vpcipv4cidrblockassociation",
  "aws:ec2:vpcipv6cidrblockassociation",
  "aws:ec2:vpcsecuritygrouprulesexclusive",
  "aws:ec2:vpngatewayroutepropagation",
  "aws:vpc:routeserverpropagation",
  "aws:vpc:securitygroupegressrule",
  "aws:vpc:securitygroupingressrule",
  "aws:iam:role",
  ...sharingBlocks.keys(),
  ...auditTypes,
  ...backupTypes,
  ...bucketTypes,
  ...bucketSideTypes,
  ...certificateTypes,
  ...collectionTypes,
  ...connectionTypes,
  ...keyTypes,
  ...latticeTypes,
  ...listenerTypes,
  ...parameterGroupTypes,
  ...publicAccessBlockTypes,
  ...latticeOpeningTypes,
  ...offeredServiceTypes,
  ...resolverTypes,
  ...sideChannelTypes.keys(),
  ...storePolicyTypes,
]);

/**
 * Types that are understood where they are outside of the PHI zone: what inspects packets, which sends them on, and what
 * lies beyond a gateway. The PHI zone has nothing to send.
 */
export const typesReadOutsidePhi: ReadonlySet<ResourceType> = new Set([...inspectionTypes, ...joinedTypes]);

/** Types that open nothing, whatever their properties say: they record, name, encrypt or close. */
export const harmlessTypes: ReadonlySet<ResourceType> = new Set([
  "aws:acm:certificatevalidation",
  "aws:cloudwatch:dashboard",
  "aws:cloudwatch:logresourcepolicy",
  "aws:cloudwatch:metricalarm",
  "aws:ec2:tag",
  "aws:iam:grouppolicy",
  "aws:iam:grouppolicyattachment",
  "aws:iam:policy",
  "aws:iam:policyattachment",
  "aws:iam:rolepolicy",
  "aws:iam:rolepolicyattachment",
  "aws:iam:userpolicy",
  "aws:iam:userpolicyattachment",
  "aws:kms:alias",
  "aws:lb:listenercertificate",
  "aws:lb:targetgroupattachment",
  "aws:route53:resolverconfig",
  "aws:route53:resolverdnssecconfig",
  "aws:ssm:parameter",
  // A group lent to another network opens only what uses it there.
  "aws:vpc:securitygroupvpcassociation",
  "aws:vpclattice:targetgroupattachment",
  ...harmlessBucketTypes,
  ...harmlessServiceTypes,
]);

/** Modules of AWS whose resources carry packets, so that one in the network of a PHI zone may carry the zone's. */
const networkModules = [
  "aws:ec2:",
  "aws:vpc:",
  "aws:ec2transitgateway:",
  "aws:ec2clientvpn:",
  "aws:networkmanager:",
  "aws:networkfirewall:",
  "aws:vpclattice:",
  "aws:directconnect:",
];

/** What makes resources that the pack is never shown, by package or by type. */
const makers =
  /^(?:aws-native:|command:|pulumi-nodejs:|pulumi-python:|aws:cloudcontrol:resource$|aws:cloudformation:|aws:servicecatalog:provisionedproduct$)/;

function isMaker({ resourceType }: Node): boolean {
  return makers.test(resourceType);
}

/** Packages of which a platform of ours is made, or that make nothing with a cloud. */
const platformPackages: readonly string[] = ["aws", "azure-native", "gcp", "pulumi", "random", "tls"];

/** Whether a resource is made by somebody else's provider, of whose resources nothing is known. */
function isOfOthers({ resourceType: type }: Node): boolean {
  return !platformPackages.includes(packageOf(type));
}

/** The type that a resource of Cloud Control has with AWS; empty for others. */
function typeNameOf(graph: StackGraph, node: Node): string {
  const name = textOf(graph.read(node, "typeName"));
  return name.kind === "known" ? name.value : "";
}

/** Properties whose values are secret, and name nothing. */
const secretKeys = /password|passphrase|secret|token|credential|privatekey/i;

/** A property that is not known, and that was made from nothing of the stack that is shown: it may be anything. */
function untraced(graph: StackGraph, node: Node): string | undefined {
  return Object.keys(node.inputs ?? {}).find((key) => {
    const origins = node.propertyDependencies[key] ?? [];
    const isShown = origins.length > 0 && origins.every((urn) => graph.node(urn) !== undefined);
    return !secretKeys.test(key) && !(isShown && graph.dryRun) && textsOf(graph.read(node, key)).isUnknown;
  });
}

/**
 * The resources from which nothing can be drawn, and that are attached to the PHI zone: they are in it, refer to
 * something in it, or carry packets in a network that holds it. What is not understood may be a way out.
 */
export function unreadResources(stack: AwsStack, subnets: readonly Subnet[]): readonly Blind[] {
  const { graph, zones } = stack;
  const inPhi = new Set(graph.nodes.filter(({ urn }) => zones.of(urn) === "phi").map(({ urn }) => urn));
  const reference = referenceFinder(
    graph,
    graph.nodes.filter(({ urn }) => inPhi.has(urn)),
  );
  const holdsIndex = graph.ofType("aws:opensearch:serverlesscollection").some(({ urn }) => inPhi.has(urn));
  const networks = new Set(subnets.filter(({ zone }) => zone === "phi").map(({ network }) => network));
  const holdsPhi = (candidate: string): boolean => [...networks].some(({ urn }) => urn === candidate);
  // A network that is only read is known by its id alone.
  const readNetworks = new Set(
    [...networks].filter(({ isInStack, urn }) => !isInStack && urn !== "").map(({ urn }) => urn),
  );
  const networkReference = referenceFinder(
    graph,
    [...networks].flatMap(({ urn }) => graph.node(urn) ?? []),
  );
  if (inPhi.size === 0) {
    return [];
  }

  const mayBeNamed = (names: readonly string[]): boolean =>
    names.some((name) => /^arn:/.test(name) && graph.nameless(name).some(({ urn }) => inPhi.has(urn)));

  const attachment = (node: Node): string | undefined => {
    if (inPhi.has(node.urn)) {
      return "is in the PHI zone";
    }
    const refersTo = Object.values(node.propertyDependencies).flat();
    const phi = refersTo.find((urn) => inPhi.has(urn));
    if (phi !== undefined) {
      return `refers to ${phi}, which is in the PHI zone`;
    }
    const text = reference([...textsIn(node.outputs), ...textsIn(node.inputs)]);
    if (text !== undefined) {
      return `refers to something in the PHI zone (${text.length > 100 ? `${text.slice(0, 100)}...` : text})`;
    }
    const hidden = untraced(graph, node);
    if (hidden !== undefined) {
      return `may refer to something in the PHI zone (\`${hidden}\` is not known, and derives from nothing of the stack)`;
    }
    if (mayBeNamed([...textsIn(node.outputs), ...textsIn(node.inputs)])) {
      return "refers to something by a name that may be that of something in the PHI zone";
    }
    if (stack.platforms.size > 0 && (isMaker(node) || isOfOthers(node))) {
      return "makes resources that the stack does not show, beside a platform";
    }
    if (holdsIndex && /opensearchserverless/i.test(`${node.resourceType} ${typeNameOf(graph, node)}`)) {
      return "may speak of a vector index in the PHI zone";
    }
    const carriesPackets =
      !typesReadOutsidePhi.has(node.resourceType) &&
      networkModules.some((module) => node.resourceType.startsWith(module));
    const mayChange = isMaker(node) || isOfOthers(node);
    const all = [...textsIn(node.outputs), ...textsIn(node.inputs)];
    const network =
      carriesPackets || mayChange
        ? (refersTo.find(holdsPhi) ?? networkReference(all) ?? all.find((one) => readNetworks.has(one)))
        : undefined;
    return network === undefined
      ? undefined
      : `${carriesPackets ? "carries packets in" : "is given"} ${network}, which holds the PHI zone`;
  };

  return graph.nodes.flatMap((node): readonly Blind[] => {
    if (
      typesRead.has(node.resourceType) ||
      isFhirStore(graph, node) ||
      harmlessTypes.has(node.resourceType) ||
      node.resourceType.startsWith("pulumi:") ||
      graph.isComponent(node)
    ) {
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
export function unrecordedResources({ graph, zones }: AwsStack): readonly Blind[] {
  return graph.nodes
    .filter(
      ({ resourceType, inputs }) =>
        graph.dryRun &&
        inputs === undefined &&
        (typesRead.has(resourceType) || typesReadOutsidePhi.has(resourceType)),
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
export function repeatedResources({ graph, zones }: AwsStack): readonly Blind[] {
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
