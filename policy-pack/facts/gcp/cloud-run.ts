import { flagOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt, type PropertyPath } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";

/** How a type of app that Google runs says who may call it. */
interface AppShape {
  readonly networks: readonly PropertyPath[];
  /** Who reaches it, and with which values only what is within the network or a load balancer. */
  readonly ingress: string;
  readonly inner: readonly string[];
  readonly remedy: string;
}

const direct: readonly PropertyPath[] = [
  ["template", "vpcAccess", "networkInterfaces", "subnetwork"],
  ["template", "vpcAccess", "networkInterfaces", "network"],
];

const ofFunctions = ["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"];

const shapes: ReadonlyMap<ResourceType, AppShape> = new Map<ResourceType, AppShape>([
  [
    "gcp:cloudrunv2:service",
    {
      networks: direct,
      ingress: "ingress",
      inner: ["INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"],
      remedy: 'Set ingress to "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER" and defaultUriDisabled to true.',
    },
  ],
  [
    "gcp:cloudfunctionsv2:function",
    {
      networks: [],
      ingress: "serviceConfig.ingressSettings",
      inner: ofFunctions,
      remedy: 'Set serviceConfig.ingressSettings to "ALLOW_INTERNAL_AND_GCLB".',
    },
  ],
  [
    "gcp:cloudfunctions:function",
    {
      networks: [],
      ingress: "ingressSettings",
      inner: ofFunctions,
      remedy: 'Set ingressSettings to "ALLOW_INTERNAL_AND_GCLB".',
    },
  ],
]);

/** Apps that Google runs, and for which it ends TLS. */
export const cloudRunTypes: readonly ResourceType[] = [...shapes.keys(), "gcp:cloudrun:service"];

/** What apps that Google runs accept. Google ends TLS before them, and hands no client's certificate on. */
export function cloudRunHops(stack: GcpStack): HopFacts {
  const { graph } = stack;
  const places = new NetworkPlaces(stack);
  return allHops(
    ...graph.ofType(...cloudRunTypes).map((node): HopFacts => {
      const shape = shapes.get(node.resourceType);
      const place = places.placeOf(node, shape?.networks);
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.fault({
        what: "Google ends TLS before it, and asks no client for a certificate",
        remedy:
          "Run it where its own proxy verifies the certificates of its clients, such as in GKE with a mesh.",
      });
      if (shape !== undefined) {
        acceptor.requires({
          key: shape.ingress,
          read: textOf(readAt(graph, node, shape.ingress)),
          isRight: (value) => shape.inner.includes(value),
          absentIs: "wrong",
          what: "it is called from outside by its own address, past the load balancer",
          remedy: shape.remedy,
        });
      }
      if (node.resourceType === "gcp:cloudrunv2:service") {
        acceptor.requires({
          key: "defaultUriDisabled",
          read: flagOf(graph.read(node, "defaultUriDisabled")),
          isRight: (value) => value,
          absentIs: "wrong",
          what: "it answers to the address that Google gives it, besides those of its load balancer",
          remedy: "Set defaultUriDisabled to true.",
          refusedOn: "our platform",
        });
      }
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      return acceptor.facts();
    }),
  );
}
