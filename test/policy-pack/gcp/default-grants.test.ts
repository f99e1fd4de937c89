import { describe, expect, it } from "vitest";

import { grantsOf } from "../../../policy-pack/facts/gcp/iam-grants";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("whom a store lets in that says nothing of it, %s", (knowledge) => {
  const members = (change: (stack: Sketch) => unknown): readonly string[] => {
    const sketch = new Sketch(knowledge);
    change(sketch);
    return grantsOf(gcpStackOf(sketch)).map(({ member, role }) =>
      [member, role].map((read) => (read.kind === "known" ? read.value : read.kind)).join(" is "),
    );
  };
  const dataset = (accesses: unknown): readonly string[] =>
    members((s) => s.add("gcp:bigquery/dataset:Dataset", "dataset", { datasetId: "d", accesses }));
  const bucket = (policies: readonly unknown[]): readonly string[] =>
    members((s) => {
      s.add("gcp:storage/bucket:Bucket", "bucket", { name: "records" });
      policies.forEach((of, index) => {
        s.add("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", `policy-${String(index)}`, {
          bucket: of,
          policyData: JSON.stringify({ bindings: [] }),
        });
      });
    });
  const ofProject = [
    "projectEditor: is roles/storage.legacyObjectReader",
    "projectViewer: is roles/storage.legacyObjectReader",
  ];

  it("is everybody of its project, at a dataset", () => {
    expect(dataset(undefined)).toEqual([
      "projectOwner: is roles/bigquery.dataOwner",
      "projectEditor: is roles/bigquery.dataEditor",
      "projectViewer: is roles/bigquery.dataViewer",
    ]);
    expect(dataset([])).toEqual([]);
    expect(dataset([{ role: "READER", specialGroup: "projectReaders" }])).toEqual([
      "projectViewer: is roles/bigquery.dataViewer",
    ]);
    expect(dataset(unknownText)).toEqual(["unknown is unknown"]);
  });

  it("is who may view or edit its project, at a bucket", () => {
    expect(bucket([])).toEqual(ofProject);
    expect(bucket(["records"])).toEqual([]);
    expect(bucket(["others"])).toEqual(ofProject);
    expect(bucket([unknownText])).toEqual(ofProject);
  });
});
