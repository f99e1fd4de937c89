import { flagOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { readAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";
import { ownersIn, ownersOf } from "./owners";

const clusterType = "gcp:container:cluster";
const membershipType = "gcp:gkehub:membership";
const featureMembershipType = "gcp:gkehub:featuremembership";
const featureType = "gcp:gkehub:feature";

/** Kubernetes clusters that Google runs, and what puts a mesh into them. */
export const clusterTypes: readonly ResourceType[] = [
  clusterType,
  membershipType,
  featureMembershipType,
  featureType,
];

const automatic = "MANAGEMENT_AUTOMATIC";

function isAutomatic(read: Reading<unknown>): boolean {
  const word = textOf(read);
  return word.kind === "known" && word.value === automatic;
}

/** The members of a fleet that a cluster certainly is. */
function membershipsOf({ graph }: GcpStack, cluster: Node): readonly Node[] {
  return graph.ofType(membershipType).filter((membership) => {
    const link = readAt(graph, membership, "endpoint.gkeCluster.resourceLink");
    return (
      link.kind !== "absent" &&
      ownersIn(graph, membership, "endpoint", link, [clusterType]).some(
        (to) => to.kind === "resource" && to.node === cluster && !to.assumed,
      )
    );
  });
}

/** Whether a part of a fleet's feature is for one of some members, as it says. */
function isForOneOf({ graph }: GcpStack, part: Node, memberships: readonly Node[]): boolean {
  const said = textOf(graph.read(part, "membership"));
  return memberships.some(
    (membership) =>
      ownersOf(graph, part, "membership", [membershipType]).some(
        (to) => to.kind === "resource" && to.node === membership,
      ) || isSame(said, textOf(graph.read(membership, "membershipId"))),
  );
}

/** Whether Google certainly runs a mesh in a cluster that is some members of its fleet. */
function isMeshed(stack: GcpStack, cluster: Node, memberships: readonly Node[]): boolean {
  const { graph } = stack;
  const isByMembership = graph
    .ofType(featureMembershipType)
    .some(
      (part) => isAutomatic(readAt(graph, part, "mesh.management")) && isForOneOf(stack, part, memberships),
    );
  const isOfFleet =
    readAt(graph, cluster, "fleet.project").kind !== "absent" &&
    graph
      .ofType(featureType)
      .some((feature) => isAutomatic(readAt(graph, feature, "fleetDefaultMemberConfig.mesh.management")));
  return isByMembership || isOfFleet;
}

/** Whether a mesh that Google does not look after may be for a cluster of which the stack shows no membership. */
function mayBeByHand(stack: GcpStack): boolean {
  const { graph } = stack;
  return graph
    .ofType(featureMembershipType)
    .some(
      (part) =>
        graph.read(part, "mesh").kind !== "absent" &&
        !isAutomatic(readAt(graph, part, "mesh.management")) &&
        !isForOneOf(stack, part, graph.ofType(membershipType)),
    );
}

function isSame(one: Reading<string>, other: Reading<string>): boolean {
  return one.kind === "known" && other.kind === "known" && one.value === other.value;
}

/** Whether what runs in a cluster calls each other through a mesh. */
export function clusterHops(stack: GcpStack): HopFacts {
  const { graph } = stack;
  const places = new NetworkPlaces(stack);
  return allHops(
    ...graph.ofType(clusterType).map((node): HopFacts => {
      const place = places.placeOf(node, [["subnetwork"], ["network"]]);
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.requires({
        key: "meshCertificates.enableCertificates",
        read: flagOf(readAt(graph, node, "meshCertificates.enableCertificates")),
        isRight: (value) => value,
        absentIs: "wrong",
        what: "what runs in it is given no certificates to show to each other",
        remedy: "Set meshCertificates.enableCertificates to true.",
      });
      // Certificates that no mesh asks for prove nothing. Of a cluster that is in no fleet, the stack shows no mesh.
      const memberships = membershipsOf(stack, node);
      const isInFleet = memberships.length > 0 || mayBeByHand(stack);
      if (isInFleet && !isMeshed(stack, node, memberships)) {
        acceptor.fault({
          what: "no mesh that Google looks after makes what runs in it show certificates to each other",
          remedy:
            "Give the cluster a FeatureMembership with mesh.management MANAGEMENT_AUTOMATIC, and let PeerAuthentication be STRICT.",
          needsOthers: true,
        });
      }
      // Whether the mesh takes callers without a certificate, resources of Kubernetes say.
      acceptor.hop(`workloads of ${acceptor.label}`, undefined);
      return acceptor.facts();
    }),
  );
}
