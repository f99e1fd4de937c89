import type { Breach, InvariantId } from "../finding";
import { legalEdge } from "../flow";
import { peerName, zoneOf, type Peer, type UnknownPeer } from "../peer";
import { platformPort } from "../workload";

import type { Draft, DraftFlow, Invariant } from "./draft";

interface KnownFlow extends DraftFlow {
  readonly from: Peer;
  readonly to: Peer;
}

function isKnown(peer: Peer | UnknownPeer): peer is Peer {
  return peer.kind !== "unknown";
}

function knownFlows(draft: Draft): readonly KnownFlow[] {
  return draft.flows.flatMap((flow) => {
    const { from, to } = flow;
    return isKnown(from) && isKnown(to) ? [{ ...flow, from, to }] : [];
  });
}

/** A zone stands for each workload in it, and may so use the platform's services. */
function standsForWorkloads({ from, to }: KnownFlow): boolean {
  return from.kind === "zone" && from.zone !== "phi" && to.kind === "platform-service";
}

/** Which invariant an edge breaks that may not exist. */
function brokenBy({ from, to }: KnownFlow): InvariantId {
  if (zoneOf(from) === "phi") {
    return "BH-002";
  }
  if (zoneOf(to) === "phi") {
    return "BH-003";
  }
  if (from.kind === "world" || to.kind === "load-balancer") {
    return "BH-004";
  }
  if (from.kind === "load-balancer") {
    return "BH-005";
  }
  if (to.kind === "world" || to.kind === "llm-provider") {
    return "BH-006";
  }
  return "BH-007";
}

function illegalEdges(id: InvariantId, remedy: (flow: KnownFlow) => string): Invariant["check"] {
  return (draft) =>
    knownFlows(draft)
      .filter((flow) => legalEdge(flow.from, flow.to) === undefined && !standsForWorkloads(flow))
      .filter((flow) => brokenBy(flow) === id)
      .map((flow) => ({
        path: flow.path,
        message: `${peerName(flow.from)} may not open a connection to ${peerName(flow.to)}.`,
        remedy: remedy(flow),
      }));
}

/** Which connections may be declared at all. */
export const flowInvariants: readonly Invariant[] = [
  {
    id: "BH-002",
    title: "No flow leaves the PHI zone.",
    because:
      "Whatever holds PHI and can open a connection can be made to send PHI along it. Processing is the client of the " +
      "PHI zone: it opens the connection, and only replies come back.",
    check: illegalEdges(
      "BH-002",
      () => "Take the flow out; let a processing workload open the connection to the store instead.",
    ),
  },
  {
    id: "BH-003",
    title: "Only processing workloads that a flow names open a connection to a data store.",
    because:
      "Least privilege (NIST SP 800-207 §2.1, tenet 3): a store admits the workloads that need it, never a zone.",
    check: illegalEdges(
      "BH-003",
      () => "Write a flow from each processing workload that needs the store to `data-store/<id>`.",
    ),
  },
  {
    id: "BH-004",
    title: "The Internet reaches the load balancer, and nothing else does either.",
    because: "One entrance is one place at which every request is filtered, authenticated and logged.",
    check: illegalEdges("BH-004", () => "Let the Internet in by `from: world, to: load-balancer` only."),
  },
  {
    id: "BH-005",
    title: "The load balancer forwards to gateway workloads only.",
    because:
      "Behind the load balancer stands the enforcement point that asks for an access decision; nothing may be reached around it.",
    check: illegalEdges("BH-005", () => "Let the load balancer forward to a workload of the gateway zone."),
  },
  {
    id: "BH-006",
    title: "Nothing reaches the Internet but the egress zone, and that only declared providers.",
    because:
      "Prompts leave through one inspected door, so that no PHI goes to a provider without an agreement (45 CFR §164.502(e)).",
    check: illegalEdges(
      "BH-006",
      () =>
        "Let the workload call a workload of the egress zone, and that one the declared `llm-provider/<id>`.",
    ),
  },
  {
    id: "BH-007",
    title: "No edge exists that the design does not name.",
    because: "The legal edges are a short list, printed in `docs/invariants.md`; everything else is refused.",
    check: illegalEdges("BH-007", ({ to }) =>
      to.kind === "zone"
        ? "Name the workload, store or service that is reached; a zone is no destination."
        : "Take the flow out, or turn it round if the other side is the client.",
    ),
  },
  {
    id: "BH-008",
    title: "Every name in a flow is declared.",
    because: "A flow to a name that does not exist opens nothing, and hides the connection that was meant.",
    check: (draft) =>
      draft.flows.flatMap((flow) =>
        (["from", "to"] as const).flatMap((end): readonly Breach[] => {
          const peer = flow[end];
          if (peer.kind !== "unknown") {
            return [];
          }
          const known = peer.known.length > 0 ? peer.known.join(", ") : "none is declared";
          return [
            {
              path: `${flow.path}.${end}`,
              message: `\`${flow.document[end]}\` is not declared.`,
              remedy: `Declare it, or use a name that is: ${known}.`,
            },
          ];
        }),
      ),
  },
  {
    id: "BH-009",
    title: "No flow is declared twice.",
    because: "Of two equal flows one is taken out some day, in the belief that this closes the connection.",
    check: (draft) => {
      const firstAt = new Map<string, string>();
      return draft.flows.flatMap((flow): readonly Breach[] => {
        const key = `${flow.document.from} to ${flow.document.to}`;
        const first = firstAt.get(key);
        firstAt.set(key, first ?? flow.path);
        return first === undefined
          ? []
          : [
              {
                path: flow.path,
                message: `${key} is declared at ${first} already.`,
                remedy: "Take one of the two out.",
              },
            ];
      });
    },
  },
  {
    id: "BH-010",
    title: "Everything listens on 443.",
    because: "Each zone admits one port, so that a filter with any other port is wrong on sight.",
    check: (draft) => [
      ...draft.flows.flatMap(({ path, document }) => portBreaches(`${path}.port`, document.port)),
      ...draft.workloads.flatMap(({ path, value }) => portBreaches(`${path}.port`, value.port)),
    ],
  },
];

function portBreaches(path: string, port: number): readonly Breach[] {
  return port === platformPort
    ? []
    : [
        {
          path,
          message: `Port ${String(port)} is not ${String(platformPort)}.`,
          remedy: `Let the service listen on ${String(platformPort)}, or put a sidecar that does in front of it.`,
        },
      ];
}
