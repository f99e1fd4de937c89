import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { isOwnAuthority, knowsItsOwn } from "../own-authorities";
import { placeIn } from "../place";
import { readAt, valuesAt, type PropertyPath } from "../property-path";

import { labelOf, type GcpStack } from "./gcp-stack";
import { ownersIn, ownersOf } from "./owners";
import { isFilled } from "./said";

/** What names the authorities whose certificates are taken. */
export const trustConfigTypes: readonly ResourceType[] = ["gcp:certificatemanager:trustconfig"];

/** By which properties others take the authorities of a trust config. */
const users: readonly (readonly [ResourceType, string, string])[] = [
  ["gcp:networksecurity:servertlspolicy", "mtlsPolicy", "mtlsPolicy.clientValidationTrustConfig"],
  ["gcp:networksecurity:backendauthenticationconfig", "trustConfig", "trustConfig"],
  ["gcp:networksecurity:tlsinspectionpolicy", "trustConfig", "trustConfig"],
];

function isUsed({ graph }: GcpStack, config: Node): boolean {
  return users.some(([type, key, path]) =>
    graph.ofType(type).some((user) => {
      const read = readAt(graph, user, path);
      return (
        read.kind !== "absent" &&
        ownersIn(graph, user, key, read, trustConfigTypes).some(
          (referent) => referent.kind !== "resource" || referent.node === config,
        )
      );
    }),
  );
}

const anchorPath: PropertyPath = ["trustStores", "trustAnchors", "pemCertificate"];

/** Whether load balancers know by it what is behind them. */
function isForWorkloads({ graph }: GcpStack, config: Node): boolean {
  return graph
    .ofType("gcp:networksecurity:backendauthenticationconfig")
    .some((user) =>
      ownersOf(graph, user, "trustConfig", trustConfigTypes).some(
        (referent) => referent.kind !== "resource" || referent.node === config,
      ),
    );
}

/** Whether something of a zone asks clients for certificates. */
function verifiesClients({ graph, zones }: GcpStack): boolean {
  return graph.ofType("gcp:networksecurity:servertlspolicy").some(({ urn }) => zones.of(urn) !== undefined);
}

/** What the trust configs of a zone take. Who takes their authorities has given them its zone. */
export function trustConfigHops(stack: GcpStack): HopFacts {
  const { graph, zones } = stack;
  return allHops(
    ...graph.ofType(...trustConfigTypes).map((node): HopFacts => {
      const isIdle = !isUsed(stack, node);
      const place = placeIn(
        zones.of(node.urn),
        isIdle && verifiesClients(stack)
          ? `for which zone ${labelOf(node)} is, since nothing takes its authorities, is not known`
          : undefined,
      );
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      if (isIdle) {
        acceptor.fault({
          what: "nothing of the stack takes its authorities, so that it proves nobody's certificate",
          remedy: "Name it in a ServerTlsPolicy or a BackendAuthenticationConfig, or take it away.",
          refusedOn: "no stack",
        });
      }
      if (place.zone === undefined) {
        return acceptor.facts();
      }
      acceptor.requires({
        key: "allowlistedCertificates",
        read: isFilled(graph.read(node, "allowlistedCertificates")),
        isRight: () => false,
        absentIs: "right",
        what: "it takes some certificates without a look, whoever issued them and when they expired",
        remedy: "Take allowlistedCertificates away, and name the authority that issues.",
      });
      const anchors = itemsOf(graph.read(node, "trustStores")).map((store) =>
        isFilled(memberReading(recordOf(store), "trustAnchors")),
      );
      acceptor.requires({
        key: "trustStores.trustAnchors",
        read: anchors.find(({ kind }) => kind === "known") ?? anchors[0] ?? { kind: "absent" },
        isRight: () => true,
        absentIs: "wrong",
        what: "it names no authority, so that nothing says whose certificates are taken",
        remedy: "Let trustStores name the authority of the platform in trustAnchors.",
      });
      if (knowsItsOwn(stack, node) && isForWorkloads(stack, node)) {
        for (const certificate of valuesAt(graph, node, anchorPath)) {
          acceptor.requires({
            key: anchorPath.join("."),
            read: isOwnAuthority(graph, node, anchorPath[0], textOf(certificate)),
            isRight: (isOwn) => isOwn,
            absentIs: "right",
            what: "it takes certificates of an authority that is not the platform's own for those of its workloads",
            remedy: "Let trustAnchors hold the root authorities of the platform alone.",
            refusedOn: "our platform",
            needsOthers: true,
          });
        }
      }
      return acceptor.facts();
    }),
  );
}
