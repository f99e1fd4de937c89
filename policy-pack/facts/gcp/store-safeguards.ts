import type { Node } from "../../stack-graph";
import type { PublicName, SideChannel } from "../fact";
import { labelOf } from "../label";
import type { Safeguard } from "../safeguard";

import type { GcpStack } from "./gcp-stack";
import { publicAccessTypes } from "./public-access-types";
import { sideChannelTypes } from "./side-channel-types";

/** What is looked at of a store, as a statement that holds where none of it is an opening; nothing for what is none. */
function examined({ resourceType: type }: Node): string | undefined {
  switch (type) {
    case "gcp:healthcare:fhirstore":
      return "a FHIR store tells no topic outside of the zone, streams into no dataset outside of it, and sends no whole record in a message";
    case "gcp:healthcare:dicomstore":
    case "gcp:healthcare:hl7store":
      return "a store of health data tells no topic and streams into no table outside of the zone";
    case "gcp:storage:bucket":
      return "a bucket lets nobody in who is not named, has no list of its own for single objects, is no site, and writes its log into no bucket outside of the zone";
    case "gcp:bigquery:dataset":
      return "a dataset lets neither the public, a domain nor a view, routine or dataset outside of the zone read it";
    default: {
      const shape = sideChannelTypes.get(type);
      const isStore = shape?.partOf === undefined && shape?.reads.length === 0 && shape.readsProject !== true;
      const isPipeline = shape?.readsAnything === true || shape?.readsAllIf !== undefined;
      return isStore && !isPipeline
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
  { graph, zones }: GcpStack,
  channels: readonly SideChannel[],
): readonly Safeguard[] {
  const stores = graph.nodes.flatMap((node) => {
    const what =
      node.resourceType.startsWith("gcp:") && zones.of(node.urn) === "phi" ? examined(node) : undefined;
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

/** The stores of the PHI zone, and services of others, that could answer on the Internet by an address of their own and do not. */
export function privateStores(
  { graph, zones }: GcpStack,
  names: readonly PublicName[],
): readonly Safeguard[] {
  const open = new Set(names.map(({ urn }) => urn));
  return graph.ofType(...publicAccessTypes.keys()).flatMap((node): readonly Safeguard[] => {
    const zone = zones.of(node.urn);
    return zone === undefined || open.has(node.urn)
      ? []
      : [
          {
            zone,
            what:
              zone === "phi"
                ? "a store has no address on the Internet, and answers by its network or its API alone"
                : "a service has no address on the Internet",
            evidence: [{ urn: node.urn, label: labelOf(node) }],
          },
        ];
  });
}

/** The services outside of the PHI zone that are told PHI, and send on nothing of it. */
export function discreetServices(
  { graph, zones }: GcpStack,
  names: readonly PublicName[],
  channels: readonly SideChannel[],
): readonly Safeguard[] {
  const open = new Set([...names, ...channels].map(({ urn }) => urn));
  return graph.ofType(...sideChannelTypes.keys()).flatMap((node): readonly Safeguard[] => {
    const zone = zones.of(node.urn);
    const isHeld = sideChannelTypes.get(node.resourceType)?.isHeldEverywhere === true;
    return !isHeld || zone === undefined || zone === "phi" || open.has(node.urn)
      ? []
      : [
          {
            zone,
            what: "a service, or a part of it, has no setting by which it sends on what it is told",
            evidence: [{ urn: node.urn, label: labelOf(node) }],
          },
        ];
  });
}
