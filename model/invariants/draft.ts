import type { z } from "zod";

import type { AccessPolicyDocument } from "../access-policy";
import type { AuditPolicyDocument } from "../audit-policy";
import type { CalendarDate } from "../calendar-date";
import type { CertificatePolicyDocument } from "../certificate-policy";
import type { DataStoreDocument } from "../data-store";
import type { EdgeDocument } from "../edge";
import type { Breach, InvariantId } from "../finding";
import type { FlowDocument } from "../flow";
import type { InspectionPolicyDocument } from "../inspection-policy";
import type { LlmProviderDocument } from "../llm-provider";
import type { MeshDocument } from "../mesh";
import { parsePeer, type Peer, type PeerDirectory, type UnknownPeer } from "../peer";
import { platformDocumentSchema } from "../platform-document";
import type { WorkloadDocument } from "../workload";
import type { WorkloadZoneId, ZoneDocument } from "../zone";

/** A value of the file and where it stands. */
export interface Located<T> {
  readonly path: string;
  readonly value: T;
}

export interface DraftFlow {
  readonly path: string;
  readonly document: FlowDocument;
  readonly from: Peer | UnknownPeer;
  readonly to: Peer | UnknownPeer;
}

/**
 * The parts of a platform file that have their shape, each with the place where it stands, so that invariants are
 * checked on all that can be read even where something else is malformed. A single value is a list of one or none.
 */
export interface Draft {
  readonly today: CalendarDate;
  readonly name: readonly Located<string>[];
  readonly trustDomain: readonly Located<string>[];
  readonly addressSpace: readonly Located<string>[];
  readonly zones: readonly Located<ZoneDocument>[];
  readonly edge: readonly Located<EdgeDocument>[];
  readonly workloads: readonly Located<WorkloadDocument>[];
  readonly dataStores: readonly Located<DataStoreDocument>[];
  readonly llmProviders: readonly Located<LlmProviderDocument>[];
  readonly inspection: readonly Located<InspectionPolicyDocument>[];
  readonly flows: readonly DraftFlow[];
  readonly mesh: readonly Located<MeshDocument>[];
  readonly certificates: readonly Located<CertificatePolicyDocument>[];
  readonly access: readonly Located<AccessPolicyDocument>[];
  readonly audit: readonly Located<AuditPolicyDocument>[];
  /** Whether every zone has its shape, so that one that is not listed does not exist. */
  readonly zonesAreComplete: boolean;
  /** Whether every workload, store and provider has its shape, so that a name that is not listed does not exist. */
  readonly namesAreComplete: boolean;
  /** Whether every flow can be read, so that one that is not listed does not exist. */
  readonly flowsAreComplete: boolean;
}

/** Something that must hold of every platform. */
export interface Invariant {
  readonly id: InvariantId;
  /** What must hold, as a sentence. */
  readonly title: string;
  /** Why it must, and where that comes from. */
  readonly because: string;
  readonly check: (draft: Draft) => readonly Breach[];
}

function asRecord(raw: unknown): Readonly<Record<string, unknown>> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw)
    ? (raw as Record<string, unknown>)
    : {};
}

function one<S extends z.ZodType>(schema: S, raw: unknown, path: string): readonly Located<z.output<S>>[] {
  const parsed = schema.safeParse(raw);
  return parsed.success ? [{ path, value: parsed.data }] : [];
}

function each<S extends z.ZodType>(schema: S, raw: unknown, path: string): readonly Located<z.output<S>>[] {
  return Array.isArray(raw)
    ? raw.flatMap((item: unknown, index) => one(schema, item, `${path}[${String(index)}]`))
    : [];
}

/** The ids of list items that have none of the list's shape but do have an id. */
function idsOf(raw: unknown): readonly string[] {
  return Array.isArray(raw)
    ? raw.flatMap((item: unknown) => {
        const { id } = asRecord(item) as { id?: unknown };
        return typeof id === "string" ? [id] : [];
      })
    : [];
}

function isComplete(raw: unknown, wellFormed: readonly unknown[]): boolean {
  return Array.isArray(raw) && raw.length === wellFormed.length;
}

const schemas = platformDocumentSchema.shape;

/** Reads what can be read of a platform file. */
export function draftOf(raw: unknown, today: CalendarDate): Draft {
  const file = asRecord(raw) as Readonly<Partial<Record<keyof typeof schemas, unknown>>>;
  const zones = each(schemas.zones.element, file.zones, "zones");
  const workloads = each(schemas.workloads.element, file.workloads, "workloads");
  const dataStores = each(schemas.dataStores.element, file.dataStores, "dataStores");
  const llmProviders = each(schemas.llmProviders.unwrap().element, file.llmProviders, "llmProviders");

  const wellFormed = new Set([...workloads, ...dataStores, ...llmProviders].map(({ value }) => value.id));
  const malformed = new Set(
    [file.workloads, file.dataStores, file.llmProviders].flatMap(idsOf).filter((id) => !wellFormed.has(id)),
  );
  const directory: PeerDirectory = {
    workloads: new Map(
      workloads.flatMap(({ value }): readonly [string, WorkloadZoneId][] =>
        value.zone === "phi" ? [] : [[value.id, value.zone]],
      ),
    ),
    dataStores: new Set(dataStores.map(({ value }) => value.id)),
    externalProviders: new Set(
      llmProviders.flatMap(({ value }) => (value.kind === "external" ? [value.id] : [])),
    ),
  };
  const misplaced = new Set(workloads.flatMap(({ value }) => (value.zone === "phi" ? [value.id] : [])));
  const namesSomethingBroken = (text: string): boolean => {
    const id = text.slice(text.indexOf("/") + 1);
    return malformed.has(id) || misplaced.has(id);
  };

  const flows = each(schemas.flows.element, file.flows, "flows").flatMap(
    ({ path, value }): readonly DraftFlow[] =>
      // What a broken entry's flows may do cannot be said; the finding about the entry itself is enough.
      namesSomethingBroken(value.from) || namesSomethingBroken(value.to)
        ? []
        : [
            {
              path,
              document: value,
              from: parsePeer(value.from, directory),
              to: parsePeer(value.to, directory),
            },
          ],
  );

  return {
    today,
    name: one(schemas.name, file.name, "name"),
    trustDomain: one(schemas.trustDomain, file.trustDomain, "trustDomain"),
    addressSpace: one(schemas.network, file.network, "network").map(({ value }) => ({
      path: "network.addressSpace",
      value: value.addressSpace,
    })),
    zones,
    edge: one(schemas.edge, file.edge, "edge"),
    workloads,
    dataStores,
    llmProviders,
    inspection: one(schemas.inspection, file.inspection, "inspection"),
    flows,
    mesh: one(schemas.mesh, file.mesh, "mesh"),
    certificates: one(schemas.certificates, file.certificates, "certificates"),
    access: one(schemas.access, file.access, "access"),
    audit: one(schemas.audit, file.audit, "audit"),
    zonesAreComplete: isComplete(file.zones, zones),
    namesAreComplete:
      isComplete(file.workloads, workloads) &&
      isComplete(file.dataStores, dataStores) &&
      isComplete(file.llmProviders ?? [], llmProviders),
    flowsAreComplete: isComplete(file.flows, flows),
  };
}
