import type { ResourceType } from "../../resource-type";
import { textOf } from "../../reading";
import { bucketTypes, type Node, type StackGraph } from "../../stack-graph";
import { textsIn } from "../../texts";
import { certificateTypes } from "../public-key-infrastructure";
import type { StackView, UnderstoodTypes } from "../unread-resources";

import { auditTypes } from "./audit";
import { types } from "./aws-stack";
import { backupTypes } from "./backups";
import { bucketSideTypes, harmlessBucketTypes } from "./buckets";
import { collectionTypes } from "./collections";
import { parameterGroupTypes } from "./database-transport";
import { isFhirStore } from "./fhir-stores";
import { keyTypes } from "./keys";
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
import { taskDefinitionTypes } from "./task-definitions";
import { referenceFinder } from "./text-references";
import { secretTypes } from "./workload-secrets";

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
  ...secretTypes,
  ...sideChannelTypes.keys(),
  ...storePolicyTypes,
  ...taskDefinitionTypes,
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
  "aws:servicediscovery:service",
  "aws:ssm:parameter",
  // What decides lets nothing through by itself: whoever asks it does.
  "aws:verifiedpermissions:policy",
  "aws:verifiedpermissions:policystore",
  "aws:verifiedpermissions:schema",
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

/** The type that a resource of Cloud Control has with AWS; empty for others. */
function typeNameOf(graph: StackGraph, node: Node): string {
  const name = textOf(graph.read(node, "typeName"));
  return name.kind === "known" ? name.value : "";
}

/** How a resource is attached to the PHI zone of AWS by what only AWS's names say; `undefined` where it is not. */
function attachment({ graph }: StackView, inPhi: ReadonlySet<string>): (node: Node) => string | undefined {
  const holdsIndex = graph.ofType("aws:opensearch:serverlesscollection").some(({ urn }) => inPhi.has(urn));
  const mayBeNamed = (names: readonly string[]): boolean =>
    names.some((name) => /^arn:/.test(name) && graph.nameless(name).some(({ urn }) => inPhi.has(urn)));
  return (node) => {
    if (mayBeNamed([...textsIn(node.outputs), ...textsIn(node.inputs)])) {
      return "refers to something by a name that may be that of something in the PHI zone";
    }
    return holdsIndex && /opensearchserverless/i.test(`${node.resourceType} ${typeNameOf(graph, node)}`)
      ? "may speak of a vector index in the PHI zone"
      : undefined;
  };
}

/** What of AWS's is understood. */
export const understoodTypes: UnderstoodTypes = {
  read: typesRead,
  readOutsidePhi: typesReadOutsidePhi,
  harmless: harmlessTypes,
  networkModules,
  makers,
  isRead: isFhirStore,
  referenceFinder,
  attachment,
};
