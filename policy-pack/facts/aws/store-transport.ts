import { flagOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { AwsStack } from "./aws-stack";
import { readAt } from "../property-path";
import { groupsAt, placeOf, subnetsAt, type PlaceShape } from "./placement";

/** What the clients of a kind of store, and its parts, send each other. */
interface StoreKind {
  readonly types: readonly ResourceType[];
  readonly shape: PlaceShape;
  readonly judge: (graph: StackGraph, node: Node, acceptor: Acceptor) => boolean;
}

const plain = "its clients may speak to it in plain text";

/** An endpoint of OpenSearch, in the service's module of either name. */
const searchDomain: StoreKind = {
  types: ["aws:opensearch:domain", "aws:elasticsearch:domain"],
  shape: { within: [subnetsAt("vpcOptions.subnetIds"), groupsAt("vpcOptions.securityGroupIds")] },
  judge: (graph, node, acceptor) => {
    const options = readAt(graph, node, "domainEndpointOptions");
    return [
      acceptor.requires({
        key: "domainEndpointOptions.enforceHttps",
        read: flagOf(readAt(graph, node, "domainEndpointOptions.enforceHttps")),
        isRight: (value) => value,
        // The provider sets it in a block that leaves it out; without the block the service takes HTTP as well.
        absentIs: options.kind === "absent" ? "wrong" : "right",
        what: plain,
        remedy: "Set domainEndpointOptions.enforceHttps to true.",
      }),
      acceptor.requires({
        key: "domainEndpointOptions.tlsSecurityPolicy",
        read: textOf(readAt(graph, node, "domainEndpointOptions.tlsSecurityPolicy")),
        isRight: (value) => /^Policy-Min-TLS-1-[23]-/.test(value),
        absentIs: "wrong",
        what: "it takes versions of TLS older than 1.2",
        remedy: 'Set domainEndpointOptions.tlsSecurityPolicy to "Policy-Min-TLS-1-2-PFS-2023-10".',
      }),
      acceptor.requires({
        key: "nodeToNodeEncryption.enabled",
        read: flagOf(readAt(graph, node, "nodeToNodeEncryption.enabled")),
        isRight: (value) => value,
        absentIs: "wrong",
        what: "its nodes send each other what they hold in plain text",
        remedy: "Set nodeToNodeEncryption.enabled to true.",
      }),
    ].every((isRight) => isRight);
  },
};

const cacheShape: PlaceShape = {
  within: [groupsAt("securityGroupIds")],
  subnetGroup: { path: "subnetGroupName", types: ["aws:elasticache:subnetgroup"] },
};

function isEncryptedCache(graph: StackGraph, node: Node, acceptor: Acceptor): boolean {
  return acceptor.requires({
    key: "transitEncryptionEnabled",
    read: flagOf(graph.read(node, "transitEncryptionEnabled")),
    isRight: (value) => value,
    absentIs: "wrong",
    what: plain,
    remedy: "Set transitEncryptionEnabled to true.",
  });
}

const replicationGroup: StoreKind = {
  types: ["aws:elasticache:replicationgroup"],
  shape: cacheShape,
  judge: (graph, node, acceptor) =>
    isEncryptedCache(graph, node, acceptor) &&
    acceptor.requires({
      key: "transitEncryptionMode",
      read: textOf(graph.read(node, "transitEncryptionMode")),
      isRight: (value) => value === "required",
      absentIs: "right",
      what: plain,
      remedy: 'Set transitEncryptionMode to "required".',
    }),
};

const cacheCluster: StoreKind = {
  types: ["aws:elasticache:cluster"],
  shape: cacheShape,
  // A member of a replication group speaks as its group does.
  judge: (graph, node, acceptor) =>
    graph.read(node, "replicationGroupId").kind !== "absent" || isEncryptedCache(graph, node, acceptor),
};

const memoryCluster: StoreKind = {
  types: ["aws:memorydb:cluster"],
  shape: {
    within: [groupsAt("securityGroupIds")],
    subnetGroup: { path: "subnetGroupName", types: ["aws:memorydb:subnetgroup"] },
  },
  judge: (graph, node, acceptor) =>
    acceptor.requires({
      key: "tlsEnabled",
      read: flagOf(graph.read(node, "tlsEnabled")),
      isRight: (value) => value,
      absentIs: "right",
      what: plain,
      remedy: "Set tlsEnabled to true.",
    }),
};

const acceleratorCluster: StoreKind = {
  types: ["aws:dax:cluster"],
  shape: {
    within: [groupsAt("securityGroupIds")],
    subnetGroup: { path: "subnetGroupName", types: ["aws:dax:subnetgroup"] },
  },
  judge: (graph, node, acceptor) =>
    acceptor.requires({
      key: "clusterEndpointEncryptionType",
      read: textOf(graph.read(node, "clusterEndpointEncryptionType")),
      isRight: (value) => value === "TLS",
      absentIs: "wrong",
      what: plain,
      remedy: 'Set clusterEndpointEncryptionType to "TLS".',
    }),
};

const brokers: StoreKind = {
  types: ["aws:msk:cluster"],
  shape: {
    within: [subnetsAt("brokerNodeGroupInfo.clientSubnets"), groupsAt("brokerNodeGroupInfo.securityGroups")],
  },
  judge: (graph, node, acceptor) => {
    const isSaid = readAt(graph, node, "clientAuthentication").kind !== "absent";
    if (!isSaid) {
      acceptor.fault({
        what: "nothing says how its clients prove who they are",
        remedy: "Set clientAuthentication to tls or sasl, and unauthenticated to false.",
        refusedOn: "our platform",
      });
    }
    return [
      isSaid,
      acceptor.requires({
        key: "encryptionInfo.encryptionInTransit.clientBroker",
        read: textOf(readAt(graph, node, "encryptionInfo.encryptionInTransit.clientBroker")),
        isRight: (value) => value === "TLS",
        absentIs: "right",
        what: plain,
        remedy: 'Set encryptionInfo.encryptionInTransit.clientBroker to "TLS".',
      }),
      acceptor.requires({
        key: "encryptionInfo.encryptionInTransit.inCluster",
        read: flagOf(readAt(graph, node, "encryptionInfo.encryptionInTransit.inCluster")),
        isRight: (value) => value,
        absentIs: "right",
        what: "its brokers send each other what they hold in plain text",
        remedy: "Set encryptionInfo.encryptionInTransit.inCluster to true.",
      }),
      acceptor.requires({
        key: "clientAuthentication.unauthenticated",
        read: flagOf(readAt(graph, node, "clientAuthentication.unauthenticated")),
        isRight: (value) => !value,
        absentIs: "right",
        what: "it takes clients that do not say who they are",
        remedy: "Set clientAuthentication.unauthenticated to false.",
      }),
    ].every((isRight) => isRight);
  },
};

const kinds: readonly StoreKind[] = [
  searchDomain,
  replicationGroup,
  cacheCluster,
  memoryCluster,
  acceleratorCluster,
  brokers,
];

/** Whether data stores in a zone, which hold no certificate of the platform's, at least speak TLS. */
export function storeHops(stack: AwsStack): HopFacts {
  const { graph } = stack;
  return allHops(
    ...kinds.flatMap(({ types: ofKind, shape, judge }) =>
      graph.ofType(...ofKind).map((node): HopFacts => {
        const place = placeOf(stack, node, shape);
        if (place === undefined) {
          return allHops();
        }
        const acceptor = new Acceptor(stack, node, place);
        const isEncrypted = judge(graph, node, acceptor);
        acceptor.hop(`clients and ${acceptor.label}`, isEncrypted ? "provider-tls+iam" : undefined);
        return acceptor.facts();
      }),
    ),
  );
}
