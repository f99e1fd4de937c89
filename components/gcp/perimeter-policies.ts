import type { DataStoreKind } from "../../model/data-store";
import type { DataStorePeer, WorkloadPeer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";

import type { PhysicalNames } from "./physical-names";
import type { RestrictedService } from "./restricted-services";

/** Calls to one service that a perimeter lets through. */
export interface Operation {
  readonly serviceName: RestrictedService;
  /**
   * Its methods, by the service's own names for them, or its permissions; `*` where VPC Service Controls cannot tell one
   * method of the service from another, so that the caller's grants alone say what it may do.
   */
  readonly methodSelectors: readonly ({ readonly method: string } | { readonly permission: string })[];
}

/** Who may call what across the border of a perimeter: one rule into the PHI zone, with its other half out of the platform. */
export interface Crossing {
  /** What tells it from the others of its perimeter. */
  readonly title: string;
  /** The one identity that it is for, as policies of IAM name it. */
  readonly identity: `serviceAccount:${string}`;
  readonly operations: readonly Operation[];
}

function every(serviceName: RestrictedService): Operation {
  return { serviceName, methodSelectors: [{ method: "*" }] };
}

function storageMethods(of: "buckets" | "objects", verbs: readonly string[]): Operation {
  return {
    serviceName: "storage.googleapis.com",
    methodSelectors: verbs.map((verb) => ({ method: `google.storage.${of}.${verb}` })),
  };
}

function bigqueryPermissions(permissions: readonly string[]): Operation {
  return {
    serviceName: "bigquery.googleapis.com",
    methodSelectors: permissions.map((permission) => ({ permission: `bigquery.${permission}` })),
  };
}

/**
 * What a flow to a store lets a workload call: reading, writing and searching of records. Nothing deletes, exports, shares or
 * reconfigures; of the Cloud Healthcare API, whose methods are not told apart, the workload's grants say so alone (VPC
 * Service Controls documentation, "Supported service method restrictions").
 */
export const storeOperations: Readonly<Record<DataStoreKind, readonly Operation[]>> = {
  fhir: [every("healthcare.googleapis.com")],
  document: [storageMethods("objects", ["create", "get", "list"])],
  vector: [
    bigqueryPermissions([
      "datasets.get",
      "jobs.create",
      "tables.createIndex",
      "tables.get",
      "tables.getData",
      "tables.list",
      "tables.updateData",
    ]),
  ],
};

/** What who manages something does with it, and nothing with what is in it. */
const managing = ["create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"] as const;

/**
 * What who runs Pulumi manages in the PHI zone's project. Of documents it has the buckets, and no object in them; of vectors
 * the tables, and no row in them; where methods are not told apart, its grants say what it may do.
 */
const deployerOperations: readonly Operation[] = [
  bigqueryPermissions([
    ...["create", "delete", "get", "getIamPolicy", "setIamPolicy", "update"].map(
      (verb) => `datasets.${verb}`,
    ),
    ...managing.map((verb) => `tables.${verb}`),
  ]),
  every("cloudkms.googleapis.com"),
  every("cloudresourcemanager.googleapis.com"),
  every("healthcare.googleapis.com"),
  every("iam.googleapis.com"),
  every("logging.googleapis.com"),
  every("orgpolicy.googleapis.com"),
  every("serviceusage.googleapis.com"),
  storageMethods("buckets", managing),
];

/** A flow between a workload and a data store. */
interface StoreFlow {
  readonly from: WorkloadPeer;
  readonly to: DataStorePeer;
}

function storeFlows({ flows }: Pick<PlatformSpec, "flows">): readonly StoreFlow[] {
  return flows.flatMap(({ from, to }) =>
    from.kind === "workload" && to.kind === "data-store" ? [{ from, to }] : [],
  );
}

/** The calls from the platform's workloads into the PHI zone: one for each flow from a workload to a data store. */
export function storeCrossings(
  spec: Pick<PlatformSpec, "flows" | "dataStores">,
  names: PhysicalNames,
): readonly Crossing[] {
  return storeFlows(spec).map(({ from, to }): Crossing => {
    const store = spec.dataStores.find(({ id }) => id === to.id);
    if (store === undefined) {
      throw new Error(`data store ${to.id} is not declared`);
    }
    return {
      title: `${from.id} to ${to.id}`,
      identity: `serviceAccount:${names.email(from)}`,
      operations: storeOperations[store.kind],
    };
  });
}

/**
 * The calls of who runs Pulumi into the PHI zone, from where the platform runs: nobody else can manage what is in it.
 *
 * @param deployer the address of the service account that runs Pulumi.
 */
export function deployerCrossing(deployer: string): Crossing {
  return {
    title: "deployer to phi",
    identity: `serviceAccount:${deployer}`,
    operations: deployerOperations,
  };
}
