import { z } from "zod";

import { calendarDateSchema } from "../model/calendar-date";
import { cloudKinds, type CloudKind } from "../model/cloud-target";
import { controlPlaneFlows } from "../model/control-plane-flow";
import { legalEdge } from "../model/flow";
import { findingPolicies, type FindingPolicy } from "../model/llm-provider";
import type { Mesh } from "../model/mesh";
import { parsePeer, peerName, zoneOf, type Peer, type PeerDirectory } from "../model/peer";
import { trustDomainProblem } from "../model/spiffe-id";
import { platformPort } from "../model/workload";
import { zoneIds, type ZoneId } from "../model/zone";

import type { Interval } from "./facts/fact";
import { everyHost, hostPattern, type HostPattern } from "./host-pattern";
import { holdsUnknown } from "./reading";
import type { StackGraph } from "./stack-graph";

/** A flow that a platform of ours declares. */
export interface DeclaredFlow {
  readonly from: Peer;
  readonly to: Peer;
  /** The TCP ports on which it is accepted. */
  readonly ports: Interval;
  /** The cloud's own name for the addresses of its other end, in lower case, where it is declared by one. */
  readonly serviceTag: string | undefined;
  readonly transport: string;
}

/** The port of every flow of the model. */
const flowPort: Interval = { from: platformPort, to: platformPort + 1 };

/** A workload that a platform of ours declares. */
export interface DeclaredWorkload {
  readonly id: string;
  readonly zone: ZoneId;
  /** Its identity; `undefined` where the platform says none. */
  readonly spiffeId: string | undefined;
}

/** The days between which an agreement with a provider holds. */
export interface DeclaredAgreement {
  readonly signed: string;
  /** The first day on which it no longer holds, or that it holds until a party ends it. */
  readonly expires: string;
}

/** A provider of large language models that is declared: by a platform of ours, or by the configuration of the pack. */
export interface DeclaredProvider {
  readonly id: string;
  readonly kind: "native" | "external";
  /** The hosts of its API; none of a native one, which a private endpoint leads to. */
  readonly hosts: readonly HostPattern[];
  /** What happens to a prompt with PHI, by model. */
  readonly onFinding: Readonly<Record<string, FindingPolicy>>;
  /** The agreement with it; `undefined` where there is none. */
  readonly agreement: DeclaredAgreement | undefined;
}

/** What a platform of ours says is meant. */
export interface DeclaredPlatform {
  readonly urn: string;
  readonly name: string;
  readonly cloud: CloudKind;
  readonly workloads: readonly DeclaredWorkload[];
  /** What stands before every workload; `undefined` where the platform does not say. */
  readonly mesh: Mesh["kind"] | undefined;
  readonly flows: readonly DeclaredFlow[];
  /** Connections that the cloud's load balancer needs besides, from the model's own table. */
  readonly controlPlane: readonly DeclaredFlow[];
  /** The providers whose models may be called; none where it says none. */
  readonly llmProviders: readonly DeclaredProvider[];
  /** Whose identities its certificates bear; `undefined` where it does not say, or its workloads disagree. */
  readonly trustDomain: string | undefined;
}

/** Every connection that a platform declares, of its own or for its load balancer. */
export function declaredConnections({ flows, controlPlane }: DeclaredPlatform): readonly DeclaredFlow[] {
  return [...flows, ...controlPlane];
}

/** A declaration that cannot be read, or that declares what may not be. */
export interface RefusedDeclaration {
  readonly urn: string;
  readonly what: string;
  readonly remedy: string;
}

export interface Declarations {
  readonly platforms: ReadonlyMap<string, DeclaredPlatform>;
  readonly refused: readonly RefusedDeclaration[];
}

/** An edge between zones that may be in any stack, each on {@link platformPort} over TCP. */
export interface ZoneEdge {
  readonly from: ZoneId | "world";
  readonly to: ZoneId;
}

/** What is declared for a stack that no platform of ours is in. Nothing can add a flow out of `phi`. */
export const defaultZoneEdges: readonly ZoneEdge[] = [
  { from: "world", to: "gateway" },
  { from: "gateway", to: "processing" },
  { from: "processing", to: "processing" },
  { from: "processing", to: "phi" },
];

/** The type of the component that declares a platform of ours. */
export const platformType = "bulkhead:index:platform";

const agreementSchema = z.object({
  signed: calendarDateSchema,
  expires: z.union([calendarDateSchema, z.literal("until-terminated")]),
});

const declarationSchema = z.object({
  platform: z.string(),
  workloads: z.array(z.object({ id: z.string(), zone: z.enum(zoneIds), spiffeId: z.string().optional() })),
  mesh: z.enum(["envoy", "istio"]).optional(),
  flows: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      protocol: z.string(),
      port: z.number(),
      transport: z.string(),
    }),
  ),
  cloud: z.enum(cloudKinds),
  controlPlane: z.array(z.string()).default([]),
  llmProviders: z
    .array(
      z.object({
        id: z.string(),
        kind: z.enum(["native", "external"]),
        hosts: z.array(z.string().min(1)),
        onFinding: z.record(z.string(), z.enum(findingPolicies)),
        agreement: agreementSchema.nullable(),
      }),
    )
    .default([]),
});

type Declaration = z.output<typeof declarationSchema>;

/** The trust domain of a platform, if each of its workloads has the identity that the model gives it. */
function trustDomainOf({ workloads }: Declaration): string | undefined {
  const domains = workloads.map(({ id, zone, spiffeId }) => {
    const end = `/zone/${zone}/workload/${id}`;
    const isModels = spiffeId?.startsWith("spiffe://") === true && spiffeId.endsWith(end);
    return isModels ? spiffeId.slice("spiffe://".length, -end.length) : "";
  });
  const [domain, ...others] = new Set(domains);
  return domain === undefined || others.length > 0 || trustDomainProblem(domain) !== undefined
    ? undefined
    : domain;
}

/** The names that a declaration uses; a store or provider exists if a flow goes to it. */
function directoryOf({ workloads, flows }: Declaration): PeerDirectory {
  const named = (kind: string): ReadonlySet<string> =>
    new Set(flows.flatMap(({ to }) => (to.startsWith(`${kind}/`) ? [to.slice(kind.length + 1)] : [])));
  return {
    workloads: new Map(workloads.flatMap(({ id, zone }) => (zone === "phi" ? [] : [[id, zone] as const]))),
    dataStores: named("data-store"),
    externalProviders: named("llm-provider"),
  };
}

/**
 * The flows that the platforms of a stack declare, as their components register them.
 *
 * A declaration is no authority: each flow must be an edge that the model knows, so that no program can declare its way
 * out of the PHI zone.
 */
export function declarations(graph: StackGraph): Declarations {
  const platforms = new Map<string, DeclaredPlatform>();
  const refused: RefusedDeclaration[] = [];
  for (const { urn, outputs } of graph.ofType(platformType)) {
    const { platform, workloads, flows, cloud, controlPlane, mesh, llmProviders } = outputs;
    const declared = { platform, workloads, flows, cloud, controlPlane, mesh, llmProviders };
    const parsed = declarationSchema.safeParse(declared);
    if (!parsed.success || holdsUnknown(Object.values(declared).filter((value) => value !== undefined))) {
      refused.push({
        urn,
        what: "What the platform declares cannot be read from its outputs, so none of its flows counts as declared.",
        remedy:
          "Register platform, cloud, workloads, flows, mesh, llmProviders and controlPlane as plain values, as the Platform component does.",
      });
      continue;
    }
    const directory = directoryOf(parsed.data);
    const legal: DeclaredFlow[] = [];
    for (const flow of parsed.data.flows) {
      const from = parsePeer(flow.from, directory);
      const to = parsePeer(flow.to, directory);
      const isLegal =
        from.kind !== "unknown" &&
        to.kind !== "unknown" &&
        legalEdge(from, to) !== undefined &&
        flow.port === platformPort &&
        flow.protocol === "tcp";
      if (isLegal) {
        legal.push({ from, to, ports: flowPort, serviceTag: undefined, transport: flow.transport });
      } else {
        refused.push({
          urn,
          what: `It declares ${flow.from} to ${flow.to} on ${flow.protocol} ${String(flow.port)}, which no platform may.`,
          remedy:
            "Take the flow out of the platform file; docs/invariants.md lists the edges that there are.",
        });
      }
    }
    for (const { id, hosts } of parsed.data.llmProviders) {
      if (hosts.some((host) => host.includes("*") || hostPattern(host) === everyHost)) {
        refused.push({
          urn,
          what: `It declares hosts of provider ${id} with a wildcard, which no platform may.`,
          remedy: "Name the hosts of its API one by one in the platform file.",
        });
      }
    }
    // The table is the judge's own: a declaration names an entry, and can add none.
    const controlPlaneOf = parsed.data.controlPlane.flatMap((id): readonly DeclaredFlow[] => {
      const known = controlPlaneFlows.find((flow) => flow.id === id && flow.cloud === parsed.data.cloud);
      if (known === undefined) {
        refused.push({
          urn,
          what: `It declares the control-plane connection ${id}, which is none that a load balancer on ${parsed.data.cloud} needs.`,
          remedy: "Leave it out; docs/invariants.md lists those that there are.",
        });
      }
      if (known === undefined) {
        return [];
      }
      const { from, to, ports, serviceTag, transport } = known;
      return [
        {
          from,
          to,
          ports: { from: ports.first, to: ports.last + 1 },
          serviceTag: serviceTag?.toLowerCase(),
          transport,
        },
      ];
    });
    if (platforms.has(parsed.data.platform)) {
      refused.push({
        urn,
        what: `A second platform of the stack calls itself ${parsed.data.platform}.`,
        remedy: "Give each platform a name of its own.",
      });
    } else {
      platforms.set(parsed.data.platform, {
        urn,
        name: parsed.data.platform,
        cloud: parsed.data.cloud,
        workloads: parsed.data.workloads.map(({ id, zone, spiffeId }) => ({ id, zone, spiffeId })),
        mesh: parsed.data.mesh,
        flows: legal,
        controlPlane: controlPlaneOf,
        llmProviders: parsed.data.llmProviders.map(({ id, kind, hosts, onFinding, agreement }) => ({
          id,
          kind,
          // A host that stands for several is refused above, and declares none.
          hosts: hosts.map(hostPattern).filter((host) => !host.includes("*")),
          onFinding,
          agreement: agreement ?? undefined,
        })),
        trustDomain: trustDomainOf(parsed.data),
      });
    }
  }
  return { platforms, refused };
}

/** The edges between zones that some flows amount to. */
export function zoneEdges(flows: readonly DeclaredFlow[]): readonly ZoneEdge[] {
  const edges = new Map<string, ZoneEdge>();
  for (const { from, to } of flows) {
    const destination = zoneOf(to);
    if (destination !== "world") {
      const edge = { from: zoneOf(from), to: destination };
      edges.set(`${edge.from} ${edge.to}`, edge);
    }
  }
  return [...edges.values()];
}

/** A peer's name and a flow's ends as the report writes them. */
export function flowName({ from, to }: DeclaredFlow): string {
  return `${peerName(from)} to ${peerName(to)}`;
}
