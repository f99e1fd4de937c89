import { minimumRetentionDays } from "../../../model/audit-policy";

import { integerOf, memberReading, recordOf, textOf } from "../../reading";
import { bucketTypes, type Node, type StackGraph } from "../../stack-graph";

/** Whether nobody, whoever it is, can delete what is in a bucket for six years (Amazon S3 user guide, "Compliance mode"). */
export function isLockedBucket(graph: StackGraph, bucket: Node): boolean {
  return graph
    .ofType("aws:s3:bucketobjectlockconfiguration", "aws:s3:bucketobjectlockconfigurationv2")
    .some((lock) => {
      const of = graph.referents(lock, "bucket", bucketTypes);
      const retention = recordOf(memberReading(recordOf(graph.read(lock, "rule")), "defaultRetention"));
      const mode = textOf(memberReading(retention, "mode"));
      const days = integerOf(memberReading(retention, "days"));
      return (
        of.some(
          (referent) => referent.kind === "resource" && referent.node === bucket && !referent.assumed,
        ) &&
        mode.kind === "known" &&
        mode.value === "COMPLIANCE" &&
        days.kind === "known" &&
        days.value >= minimumRetentionDays
      );
    });
}
