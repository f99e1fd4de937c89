import type { Node } from "../../stack-graph";
import type { PublicName, SideChannel } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { publicAccessTypes } from "./public-access-types";
import { sideChannelTypes } from "./side-channel-types";
import { familyOf } from "./store-types";

/** What is looked at of a store, as a statement that holds where none of it is an opening. */
function examined({ resourceType: type }: Node): string | undefined {
  switch (familyOf(type)) {
    case "storage":
      return "a storage account has no key, anonymous reader, user of its own, copy scope, replication, inventory or task by which what it holds leaves the zone";
    case "health":
      return "a service of health data exports to no store outside of the zone, converts nothing by templates, and lets in no other identity provider";
    case "search":
      return "a search service lets its indexers send what they read nowhere outside of the zone";
    case "database":
      return "a store has no setting by which it copies, exports, shares or publishes what it holds";
    case undefined: {
      const shape = sideChannelTypes.get(type);
      const isStore = shape?.partOf === undefined && shape?.takesZone !== true && shape?.reads.length === 0;
      return isStore
        ? "a service has no setting by which it copies, exports, shares or publishes what it holds"
        : undefined;
    }
  }
}

/**
 * The stores of the PHI zone whose own settings let nothing leave. An opening that another resource makes may be of any
 * of them, so that none is closed then.
 */
export function closedStores(
  { graph, zones }: AzureStack,
  channels: readonly SideChannel[],
): readonly Safeguard[] {
  const stores = graph.nodes.flatMap((node) => {
    const what = zones.of(node.urn) === "phi" ? examined(node) : undefined;
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

/** Whether a resource is a service that could answer past its private endpoint. */
function mayAnswer({ resourceType: type }: Node): boolean {
  return publicAccessTypes.has(type) || familyOf(type) === "health";
}

/** The stores of the PHI zone that answer nobody who comes by no endpoint of the zone. */
export function privateStores(
  { graph, zones }: AzureStack,
  names: readonly PublicName[],
): readonly Safeguard[] {
  if (names.some(({ isStore, zone }) => isStore && zone === "phi")) {
    return []; // A setting of a resource of its own may be that of any of them.
  }
  return graph.nodes
    .filter((node) => zones.of(node.urn) === "phi" && mayAnswer(node))
    .map((node) => ({
      zone: "phi",
      what: "a store answers calls by an endpoint of the PHI zone, and by no other way",
      evidence: [{ urn: node.urn, label: labelOf(node) }],
    }));
}

/** The services outside of the PHI zone that neither answer nor tell anybody past their endpoints. */
export function privateServices(
  stack: AzureStack,
  names: readonly PublicName[],
  channels: readonly SideChannel[],
): readonly Safeguard[] {
  const { graph, zones } = stack;
  const services = graph.nodes.flatMap((node) => {
    const zone = zones.of(node.urn) ?? (platformOf(stack, node) === undefined ? undefined : "processing");
    const what = [
      ...(zones.of(node.urn) !== undefined && publicAccessTypes.has(node.resourceType)
        ? ["a service answers nobody from public networks"]
        : []),
      ...(sideChannelTypes.get(node.resourceType)?.isHeldEverywhere === true
        ? ["a service, or a part of it, has no setting by which it sends on what it is told"]
        : []),
    ];
    return zone === undefined || zone === "phi" ? [] : what.map((one) => ({ node, zone, what: one }));
  });
  const open = new Set([...names, ...channels].map(({ urn }) => urn));
  const accused = names.filter(({ zone }) => zone !== "phi");
  // A setting of a resource of its own may be that of any of them.
  return accused.every(({ urn }) => services.some(({ node }) => node.urn === urn))
    ? services
        .filter(({ node }) => !open.has(node.urn))
        .map(({ node, zone, what }) => ({ zone, what, evidence: [{ urn: node.urn, label: labelOf(node) }] }))
    : [];
}
