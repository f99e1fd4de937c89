import type { AccessPolicy } from "./access-policy";
import type { AuditPolicy } from "./audit-policy";
import { calendarDate, type CalendarDate } from "./calendar-date";
import type { CertificatePolicy } from "./certificate-policy";
import { parseCidr, type Cidr } from "./cidr";
import type { DataStore } from "./data-store";
import type { Edge } from "./edge";
import { flowAlong, legalEdge, type Flow } from "./flow";
import { parseImage } from "./image";
import { findings } from "./invariants";
import { draftOf, type Draft } from "./invariants/draft";
import { shapeFindings } from "./invariants/shape";
import type { InspectionPolicy } from "./inspection-policy";
import { modelsOf, type LlmProvider } from "./llm-provider";
import type { Mesh } from "./mesh";
import { peerName, type Peer } from "./peer";
import { platformDocumentSchema, type PlatformDocument } from "./platform-document";
import { PlatformError } from "./platform-error";
import { spiffeId } from "./spiffe-id";
import { platformPort, type Workload } from "./workload";
import { zoneIds, type Zone } from "./zone";

declare const validated: unique symbol;

/**
 * A platform that satisfies every invariant. Only {@link platformSpec} makes one, so whatever takes it need not check
 * again. Its lists are in the order of their ids, whatever the file's order was.
 */
export interface PlatformSpec {
  /** Name of the platform, with which the names of its resources begin. */
  readonly name: string;
  /** SPIFFE trust domain of the workloads' identities. */
  readonly trustDomain: string;
  /** Private IPv4 addresses that the platform may use. */
  readonly addressSpace: Cidr;
  /** The zones that it has, each once. */
  readonly zones: readonly Zone[];
  /** How the Internet enters. */
  readonly edge: Edge;
  /** The services that the customer runs. */
  readonly workloads: readonly Workload[];
  /** The managed stores of the PHI zone. */
  readonly dataStores: readonly DataStore[];
  /** Where prompts may be sent. */
  readonly llmProviders: readonly LlmProvider[];
  /** How prompts for external providers are inspected. */
  readonly inspection: InspectionPolicy;
  /** Every connection that may be opened, between single peers: a zone in the file stands for each workload in it. */
  readonly flows: readonly Flow[];
  /** What stands before every workload. */
  readonly mesh: Mesh;
  /** How workloads' certificates are issued. */
  readonly certificates: CertificatePolicy;
  /** Who may do what. */
  readonly access: AccessPolicy;
  /** How the audit trail is kept. */
  readonly audit: AuditPolicy;
  /** @hidden */
  readonly [validated]: true;
}

/** A value that the invariants guarantee: its absence is a fault of the program, not of the file. */
function guaranteed<T>(value: T | undefined, what: string): T {
  if (value === undefined) {
    throw new Error(`an invariant let ${what} through`);
  }
  return value;
}

function byId<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function cidr(text: string): Cidr {
  return guaranteed(parseCidr(text), `the address block ${text}`);
}

function zones(document: PlatformDocument): readonly Zone[] {
  return zoneIds.flatMap((id) =>
    document.zones
      .filter((zone) => zone.id === id)
      .map((zone) => ({ id, addressBlock: cidr(zone.addressBlock) })),
  );
}

function workloads(document: PlatformDocument): readonly Workload[] {
  return byId(
    document.workloads.map(({ id, zone, image, replicas }): Workload => {
      const parsed = parseImage(image);
      if (zone === "phi" || typeof parsed === "string") {
        throw new Error(`an invariant let workload ${id} through`);
      }
      return {
        id,
        zone,
        port: platformPort,
        image: parsed,
        replicas,
        spiffeId: spiffeId(document.trustDomain, zone, id),
      };
    }),
  );
}

function meshOf({ mesh }: PlatformDocument): Mesh {
  if (mesh.kind === "istio") {
    return mesh;
  }
  const [proxyImage, agentImage] = [parseImage(mesh.proxyImage), parseImage(mesh.agentImage)];
  if (typeof proxyImage === "string" || typeof agentImage === "string") {
    throw new Error("an invariant let an image of the mesh through");
  }
  return { kind: "envoy", proxyImage, agentImage };
}

function llmProviders(document: PlatformDocument): readonly LlmProvider[] {
  return byId(
    document.llmProviders.map((provider): LlmProvider => {
      const { agreement } = provider;
      return provider.kind === "external"
        ? { ...provider, agreement, models: modelsOf(provider) }
        : { ...provider, agreement };
    }),
  );
}

/** The single peers for which the source of a flow stands. */
function sources(from: Peer, running: readonly Workload[]): readonly Peer[] {
  return from.kind === "zone"
    ? running.filter(({ zone }) => zone === from.zone).map(({ id, zone }) => ({ kind: "workload", id, zone }))
    : [from];
}

function flows(draft: Draft, running: readonly Workload[], entrance: Edge): readonly Flow[] {
  const named = new Map<string, Flow>();
  for (const { from, to } of draft.flows) {
    if (from.kind === "unknown" || to.kind === "unknown") {
      throw new Error("an invariant let a flow with an unknown name through");
    }
    for (const source of sources(from, running)) {
      const edge = guaranteed(legalEdge(source, to), `a flow from ${peerName(source)} to ${peerName(to)}`);
      named.set(`${peerName(source)} ${peerName(to)}`, flowAlong(edge, entrance));
    }
  }
  return [...named.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, flow]) => flow);
}

/**
 * Reads a platform.
 *
 * @param raw what the platform file holds, as YAML or JSON gave it.
 * @param options `today` is the day on which agreements must hold: the current one, in UTC, when left out.
 * @throws PlatformError listing every finding, those of the parts that can be read even where others are malformed.
 */
export function platformSpec(raw: unknown, options: { readonly today?: CalendarDate } = {}): PlatformSpec {
  const parsed = platformDocumentSchema.safeParse(raw, { reportInput: true });
  const draft = draftOf(raw, options.today ?? calendarDate(new Date()));
  const found = [...(parsed.success ? [] : shapeFindings(parsed.error)), ...findings(draft)];
  if (!parsed.success || found.length > 0) {
    throw new PlatformError("The platform", found);
  }

  const document = parsed.data;
  const running = workloads(document);
  const { network, access, certificates, audit, edge, name, trustDomain } = document;
  const spec: Omit<PlatformSpec, typeof validated> = {
    name,
    trustDomain,
    addressSpace: cidr(network.addressSpace),
    zones: zones(document),
    edge,
    workloads: running,
    dataStores: byId(document.dataStores),
    llmProviders: llmProviders(document),
    inspection: document.inspection,
    flows: flows(draft, running, edge),
    mesh: meshOf(document),
    certificates,
    access: { ...access, roles: byId(access.roles), agents: byId(access.agents) },
    audit,
  };
  // The mark exists in the type alone; this is the one place that may set it.
  return spec as PlatformSpec;
}
