import { egressGuardId } from "../../model/egress-guard";
import type { PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { workloadsCalling } from "../clients";

import type { IdentityKind, PhysicalNames } from "./physical-names";
import type { RoleName } from "./role-definitions";

/** What a flow to a platform service, or to a data store, lets a workload do. */
export interface Grant {
  readonly role: RoleName;
  /** The id of what the workload may use it on. */
  readonly scope: (workload: Workload, names: PhysicalNames) => string;
  /** The identities of the workload that do it. */
  readonly by: readonly IdentityKind[];
}

/** Records go out by the workload's own rule, whether they are of what happened or of how much. */
const records: Grant = {
  role: "Monitoring Metrics Publisher",
  scope: (workload, names) => names.collectionRuleId(workload),
  by: ["workload"],
};

/** What a flow to each platform service lets a workload do. Tokens for its own identity need no role. */
export const serviceGrants: Readonly<Record<PlatformServiceId, readonly Grant[]>> = {
  "model-inference": [
    {
      // Only the models that the platform names are deployed in the account.
      role: "Cognitive Services OpenAI User",
      scope: (_workload, names) => names.modelAccountId,
      by: ["workload"],
    },
  ],
  secrets: [
    {
      role: "Key Vault Secrets User",
      scope: (workload, names) => names.secretId(workload),
      by: ["workload", "starting"],
    },
  ],
  keys: [
    { role: "Key Vault Crypto User", scope: (_workload, names) => names.keyId("platform"), by: ["workload"] },
  ],
  registry: [{ role: "AcrPull", scope: (_workload, names) => names.registryId, by: ["starting"] }],
  identity: [],
  logs: [records],
  metrics: [records],
};

/**
 * Whether an identity of a workload is given what a flow to a platform service lets the workload do. The egress guard's
 * secret holds the keys of providers, which what starts it has no use for.
 */
export function isGiven(
  service: PlatformServiceId,
  { by }: Grant,
  { id }: Workload,
  kind: IdentityKind,
): boolean {
  return by.includes(kind) && !(service === "secrets" && id === egressGuardId && kind === "starting");
}

/** The workloads whose flows name a platform service, in the order of their ids. */
export function clientsOf(service: PlatformServiceId, spec: PlatformSpec): readonly Workload[] {
  return workloadsCalling(spec, (to) => to.kind === "platform-service" && to.id === service);
}

/** The platform services that flows name. */
export function usedServices(spec: PlatformSpec): ReadonlySet<PlatformServiceId> {
  return new Set(spec.flows.flatMap(({ to }) => (to.kind === "platform-service" ? [to.id] : [])));
}
