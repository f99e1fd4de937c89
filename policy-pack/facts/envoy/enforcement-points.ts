import { Acceptor, allHops, type Fault, type HopFacts } from "../acceptor";
import type { EnforcementPoint, Laxity } from "../fact";
import { labelOf } from "../label";
import type { Place } from "../place";
import { platformOf, type PlatformStack } from "../platform-of";
import type { ToldDocuments } from "../told-documents";
import type { Node } from "../../stack-graph";

import { admissionText, type Admission } from "./admission";
import type { Outbound } from "./outbound";
import type { DecidedInbound, EnvoyProxy } from "./proxy";
import { askForNewer, askForOne, noCertificate, oldVersion } from "./tls-context";

/** Something that runs a program, with the proxies that it shows before it. */
export interface Carrier extends Partial<ToldDocuments> {
  readonly node: Node;
  readonly place: Place;
  /** The peers of the model whose program it runs; none where nothing says. */
  readonly peers: readonly string[];
  readonly proxies: readonly EnvoyProxy[];
  /** What is wrong with it on a platform of ours, besides what its proxies let in. */
  readonly laxities: readonly Laxity[];
  /** Whether it runs something by itself, and is not only a part of what does. */
  readonly runs: boolean;
}

/** What is read of proxies: what they leave unproved, and whom they let in and call. */
export interface EnforcementFacts extends HopFacts {
  readonly enforcementPoints: readonly EnforcementPoint[];
}

/** Puts together what several readers found. */
export function allEnforcement(...found: readonly EnforcementFacts[]): EnforcementFacts {
  return {
    ...allHops(...found),
    enforcementPoints: found.flatMap(({ enforcementPoints }) => enforcementPoints),
  };
}

function isGrave({ refusedOn = "any stack" }: Fault): boolean {
  return refusedOn === "any stack";
}

/** Whether everybody who is let in calls from addresses that are written out. */
function isOfAddresses(admissions: readonly Admission[]): boolean {
  return admissions.every(({ addresses }) => addresses !== undefined);
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** How a way in is told of as a proof. */
function shownOf({ asks, oldest = "1.2", admissions }: DecidedInbound): string {
  const who = sorted(admissions.map(admissionText));
  const asked =
    asks === "certificate" ? "asks every client for a certificate" : "asks no client for a certificate";
  return `Its Envoy ${asked}, over TLS ${oldest}, and lets in ${who.length === 0 ? "nobody" : who.join(", ")}.`;
}

function inboundHop(acceptor: Acceptor, inbound: DecidedInbound): void {
  const { asks, admissions, isProving, faults } = inbound;
  const isSure = isProving && !faults.some(isGrave);
  const isOpen = asks === "nothing" && !isOfAddresses(admissions);
  if (isOpen) {
    const assumption = inbound.isSure ? undefined : "where it listens is not known";
    acceptor.fault({ what: noCertificate, remedy: askForOne, assumption });
    if (inbound.oldest === "1.2") {
      acceptor.fault({ what: oldVersion, remedy: askForNewer, assumption });
    }
  }
  const transport =
    !isSure || isOpen
      ? undefined
      : asks === "certificate"
        ? "mtls"
        : asks === "nothing"
          ? "one-way-tls"
          : undefined;
  acceptor.hop(`clients and ${acceptor.label}`, transport, shownOf(inbound));
}

function outboundHop(acceptor: Acceptor, { transport, servers, faults }: Outbound): void {
  const isSure = !faults.some(isGrave);
  acceptor.hop(
    `${acceptor.label} and what it calls`,
    isSure ? transport : undefined,
    `Its Envoy calls ${sorted(servers.map(admissionText)).join(", ")}, and nobody else by this cluster.`,
  );
}

/** What one carrier shows. */
function ofCarrier(stack: PlatformStack, carrier: Carrier): EnforcementFacts {
  const {
    node,
    place,
    peers,
    proxies,
    accessDocuments = [],
    inspectionDocuments = [],
    laxities,
    runs,
  } = carrier;
  const inbound = proxies.flatMap((proxy) => proxy.inbound);
  const outbound = proxies.flatMap((proxy) => proxy.outbound);
  const parts = new Map<string, Acceptor>();
  const acceptorOf = (part?: string): Acceptor => {
    const known = parts.get(part ?? "") ?? new Acceptor(stack, node, place, part);
    parts.set(part ?? "", known);
    return known;
  };
  for (const fault of proxies.flatMap((proxy) => proxy.faults)) {
    acceptorOf().fault(fault);
  }
  for (const one of inbound) {
    const acceptor = acceptorOf(one.label);
    one.faults.forEach((fault) => {
      acceptor.fault(fault);
    });
    inboundHop(acceptor, one);
  }
  for (const one of outbound) {
    const acceptor = acceptorOf(one.label);
    one.faults.forEach((fault) => {
      acceptor.fault(fault);
    });
    outboundHop(acceptor, one);
  }
  return {
    ...allHops(...[...parts.values()].map((acceptor) => acceptor.facts())),
    enforcementPoints:
      runs || proxies.length > 0 || laxities.length > 0
        ? [
            {
              urn: node.urn,
              label: labelOf(node),
              zone: place.zone,
              platform: platformOf(stack, node),
              peers: sorted(peers),
              runs,
              hasProxy: proxies.length > 0,
              hidden: proxies.flatMap(({ hidden }) => hidden ?? []),
              accessDocuments,
              inspectionDocuments,
              laxities,
              ways: inbound.map(
                ({ label, asks, oldest, source, admissions, relays, decision, believed }) => ({
                  label,
                  asks,
                  oldest,
                  source,
                  admissions,
                  relays,
                  decision,
                  believed,
                }),
              ),
              calls: outbound.map(({ label, servers, source, hosts }) => ({ label, servers, source, hosts })),
            },
          ]
        : [],
  };
}

/** What proxies beside programs let in, and whom they call. What is in no zone is judged by nobody. */
export function enforcementFacts(stack: PlatformStack, carriers: readonly Carrier[]): EnforcementFacts {
  return allEnforcement(...carriers.map((carrier) => ofCarrier(stack, carrier)));
}
