import { bucketTypes, type Node } from "../../stack-graph";
import type { PublicName, SideChannel } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, type AwsStack } from "./aws-stack";
import { isFhirStore } from "./fhir-stores";
import { sideChannelTypes } from "./side-channel-types";

const collectionType = "aws:opensearch:serverlesscollection";
const keyType = "aws:kms:key";

/** What is looked at of a store, as a statement that holds where none of it is an opening. */
function examined({ graph }: AwsStack, node: Node): string | undefined {
  if (bucketTypes.includes(node.resourceType)) {
    return "a bucket has no replication, access log, inventory, export of an analysis, notification, website, access list, access point or policy by which what it holds leaves the zone";
  }
  if (node.resourceType === collectionType) {
    return "a collection's policies on network and access name no public source, no service and nobody of another account";
  }
  if (isFhirStore(graph, node)) {
    return "a FHIR store keeps no tables for analysis, sends no document to language processing, and lets in no identity but roles of the account";
  }
  if (node.resourceType === keyType) {
    return "a key's policy lets nobody of another account use it";
  }
  const shape = sideChannelTypes.get(node.resourceType);
  return shape === undefined || shape.holdsNothing === true || shape.takesZone === true
    ? undefined
    : "a store has no setting by which it copies, exports, shares or publishes what it holds";
}

/**
 * The stores of the PHI zone whose own settings let nothing leave. An opening that another resource makes may be of any
 * of them, so that none is closed then.
 */
export function closedStores(stack: AwsStack, channels: readonly SideChannel[]): readonly Safeguard[] {
  const stores = stack.graph.nodes.flatMap((node) => {
    const what = stack.zones.of(node.urn) === "phi" ? examined(stack, node) : undefined;
    return what === undefined ? [] : [{ node, what }];
  });
  const open = new Set(channels.map(({ urn }) => urn));
  const isAttributed = [...open].every((urn) => stores.some(({ node }) => node.urn === urn));
  return isAttributed
    ? stores
        .filter(({ node }) => !open.has(node.urn))
        .map(({ node, what }) => ({
          zone: "phi",
          what,
          evidence: [{ urn: node.urn, label: labelOf(node) }],
        }))
    : [];
}

/** The stores of the PHI zone that answer nobody who comes by no endpoint of the zone. */
export function privateStores(stack: AwsStack, names: readonly PublicName[]): readonly Safeguard[] {
  if (names.some(({ isStore, zone }) => isStore && zone === "phi")) {
    return []; // A policy that lets in more may be that of any of them.
  }
  return stack.graph
    .ofType(...bucketTypes, collectionType)
    .filter(({ urn }) => stack.zones.of(urn) === "phi")
    .map((node) => ({
      zone: "phi",
      what: "a store answers calls by an endpoint of the PHI zone, and by no other way",
      evidence: [{ urn: node.urn, label: labelOf(node) }],
    }));
}
