import type { ResourceType } from "../../resource-type";
import { textOf } from "../../reading";
import { bucketTypes, type Node, type StackGraph } from "../../stack-graph";
import type { Blind, Subnet } from "../fact";

import { auditTypes } from "./audit";
import { labelOf, types, type AwsStack } from "./aws-stack";
import { bucketSideTypes, harmlessBucketTypes } from "./buckets";
import { collectionTypes } from "./collections";
import { isFhirStore } from "./fhir-stores";
import { keyTypes } from "./keys";
import { latticeTypes } from "./lattice";
import { harmlessServiceTypes, offeredServiceTypes } from "./offered-services";
import { placedTypes, subnetGroupTypes } from "./placed-types";
import { connectionTypes, joinedTypes } from "./network-connections";
import { resolverTypes } from "./resolvers";
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
  ...auditTypes,
  ...bucketTypes,
  ...bucketSideTypes,
  ...collectionTypes,
  ...connectionTypes,
  ...keyTypes,
  ...latticeTypes,
  ...offeredServiceTypes,
  ...resolverTypes,
]);

/** Types that open nothing, whatever their properties say: they record, name, encrypt or close. */
export const harmlessTypes: ReadonlySet<ResourceType> = new Set([
  "aws:cloudwatch:dashboard",
  "aws:cloudwatch:logresourcepolicy",
  "aws:cloudwatch:metricalarm",
  "aws:ec2:tag",
  "aws:ec2:vpcblockpublicaccessoptions",
  "aws:iam:grouppolicy",
  "aws:iam:grouppolicyattachment",
  "aws:iam:policy",
  "aws:iam:policyattachment",
  "aws:iam:rolepolicy",
  "aws:iam:rolepolicyattachment",
  "aws:iam:userpolicy",
  "aws:iam:userpolicyattachment",
  "aws:kms:alias",
  "aws:ssm:parameter",
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

/** The type that a resource of Cloud Control has with AWS; empty for others. */
function typeNameOf(graph: StackGraph, node: Node): string {
  const name = textOf(graph.read(node, "typeName"));
  return name.kind === "known" ? name.value : "";
}

function texts(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
}

/**
 * The resources from which nothing can be drawn, and that are attached to the PHI zone: they are in it, refer to
 * something in it, or carry packets in a network that holds it. What is not understood may be a way out.
 */
export function unreadResources(stack: AwsStack, subnets: readonly Subnet[]): readonly Blind[] {
  const { graph, zones } = stack;
  const inPhi = new Set(graph.nodes.filter(({ urn }) => zones.of(urn) === "phi").map(({ urn }) => urn));
  const phiNames = graph.nodes
    .filter(({ urn }) => inPhi.has(urn))
    .flatMap((node) => [node.urn, ...graph.knownNames(node)]);
  const reference = referenceFinder(new Set(phiNames));
  const holdsIndex = graph.ofType("aws:opensearch:serverlesscollection").some(({ urn }) => inPhi.has(urn));
  const networks = new Set(subnets.filter(({ zone }) => zone === "phi").map(({ network }) => network));
  const holdsPhi = (candidate: string): boolean => [...networks].some(({ urn }) => urn === candidate);
  if (inPhi.size === 0) {
    return [];
  }

  const attachment = (node: Node): string | undefined => {
    if (inPhi.has(node.urn)) {
      return "is in the PHI zone";
    }
    const refersTo = Object.values(node.propertyDependencies).flat();
    const phi = refersTo.find((urn) => inPhi.has(urn));
    if (phi !== undefined) {
      return `refers to ${phi}, which is in the PHI zone`;
    }
    const text = reference([...texts(node.outputs), ...texts(node.inputs)]);
    if (text !== undefined) {
      return `refers to something in the PHI zone (${text.length > 100 ? `${text.slice(0, 100)}...` : text})`;
    }
    if (stack.platforms.size > 0 && isMaker(node)) {
      return "makes resources that the stack does not show, beside a platform";
    }
    if (holdsIndex && /opensearchserverless/i.test(`${node.resourceType} ${typeNameOf(graph, node)}`)) {
      return "may speak of a vector index in the PHI zone";
    }
    const carriesPackets =
      !joinedTypes.includes(node.resourceType) &&
      networkModules.some((module) => node.resourceType.startsWith(module));
    const network = carriesPackets ? refersTo.find(holdsPhi) : undefined;
    return network === undefined ? undefined : `carries packets in ${network}, which holds the PHI zone`;
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
    .filter(({ resourceType, inputs }) => graph.dryRun && inputs === undefined && typesRead.has(resourceType))
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      zone: zones.of(node.urn),
      what: "Its checked inputs were never shown to the pack, so that an input which the preview has lost cannot be told from one that was not set.",
      remedy: "Switch no policy of the pack off, and run the preview without --target or --exclude.",
    }));
}
