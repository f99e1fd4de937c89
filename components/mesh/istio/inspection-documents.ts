import { egressGuardId } from "../../../model/egress-guard";
import { inspectionDocument } from "../../../model/inspection-document";
import type { PlatformSpec } from "../../../model/platform-spec";

import { identityOf, labelsOf } from "./account";
import type { Manifest } from "./manifest";

/** What the egress guard is told, for its pods to mount: with the identities of the cluster. */
export function inspectionDocuments(spec: PlatformSpec): readonly Manifest[] {
  return spec.workloads
    .filter(({ id }) => id === egressGuardId)
    .map((workload) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: `${workload.id}-inspection`,
        namespace: workload.zone,
        labels: labelsOf(workload),
      },
      data: {
        "inspection.json": JSON.stringify(
          inspectionDocument(spec, (other) => identityOf(spec.trustDomain, other)),
        ),
      },
    }));
}
