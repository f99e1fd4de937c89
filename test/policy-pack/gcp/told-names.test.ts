import { describe, expect, it } from "vitest";

import { spokenNames } from "../../../policy-pack/facts/gcp/spoken-names";
import { toldNames } from "../../../policy-pack/facts/gcp/told-names";

const teller = { project: "hospital-ai", location: "us-central1" };
const nobody = { project: undefined, location: undefined };

describe("what a text names", () => {
  const first = (text: string, ...types: readonly string[]): string | undefined =>
    toldNames(text, types.length === 0 ? undefined : types, teller)[0]?.names[0];

  it.each([
    ["projects/p/topics/t", "projects/p/topics/t"],
    ["//pubsub.googleapis.com/projects/p/topics/t", "projects/p/topics/t"],
    ["pubsub.googleapis.com/projects/p/topics/t", "projects/p/topics/t"],
    ["https://pubsub.googleapis.com/v1/projects/p/topics/t", "projects/p/topics/t"],
    ["t", "projects/hospital-ai/topics/t"],
  ])("is a topic: %s", (text, name) => {
    expect(first(text, "gcp:pubsub:topic")).toBe(name);
  });

  it.each([
    "documents",
    "gs://documents",
    "gs://documents/a/b.csv",
    "storage.googleapis.com/documents",
    "//storage.googleapis.com/documents",
    "https://storage.googleapis.com/documents/a",
    "https://www.googleapis.com/storage/v1/b/documents",
    "projects/_/buckets/documents",
    "//storage.googleapis.com/projects/_/buckets/documents",
  ])("is a bucket: %s", (text) => {
    const names = toldNames(text, ["gcp:storage:bucket"], teller).flatMap((told) => told.names);
    expect(["documents", "projects/_/buckets/documents"]).toContain(names[0]);
  });

  it.each([
    ["bq://p-one.d", "projects/p-one/datasets/d"],
    ["bq://p-one.d.t", "projects/p-one/datasets/d"],
    ["p-one.d.t", "projects/p-one/datasets/d"],
    ["p-one:d.t", "projects/p-one/datasets/d"],
    ["`p-one.d.t`", "projects/p-one/datasets/d"],
    ["d", "projects/hospital-ai/datasets/d"],
    ["bigquery.googleapis.com/projects/p/datasets/d", "projects/p/datasets/d"],
  ])("is a dataset: %s", (text, name) => {
    expect(first(text, "gcp:bigquery:dataset")).toBe(name);
  });

  it.each([
    ["projects/p/locations/l/datasets/d/fhirStores/f", "projects/p/locations/l/datasets/d/fhirStores/f"],
    ["p/l/d/f", "projects/p/locations/l/datasets/d/fhirStores/f"],
    ["l/d/f", "projects/hospital-ai/locations/l/datasets/d/fhirStores/f"],
    ["d/f", "projects/hospital-ai/locations/us-central1/datasets/d/fhirStores/f"],
  ])("is a FHIR store: %s", (text, name) => {
    expect(first(text, "gcp:healthcare:fhirstore")).toBe(name);
  });

  it("is an instance of Cloud SQL by its name, with its project, or by how it is connected to", () => {
    const type = "gcp:sql:databaseinstance";
    expect(first("db", type)).toBe("projects/hospital-ai/instances/db");
    expect(first("p:db", type)).toBe("projects/p/instances/db");
    expect(first("p:us-central1:db", type)).toBe("projects/p/instances/db");
  });

  it("is a project", () => {
    const type = "gcp:organizations:project";
    const project = (text: string): string | undefined => toldNames(text, [type], teller)[0]?.project;
    expect(project("p")).toBe("p");
    expect(project("projects/p")).toBe("p");
    expect(project("locations/global/metricsScopes/p")).toBe("p");
    expect(project("locations/global/metricsScopes/p/projects/q")).toBe("q");
  });

  it("is what it is a part of as well", () => {
    expect(toldNames("projects/p/datasets/d/tables/t", undefined, nobody)[0]?.names).toEqual([
      "projects/p/datasets/d/tables/t",
      "projects/p/datasets/d",
    ]);
  });

  it("is nothing without a project to be in, and no address of elsewhere", () => {
    expect(toldNames("t", ["gcp:pubsub:topic"], nobody)).toEqual([]);
    expect(toldNames("https://collector.example.com/a", ["gcp:pubsub:topic"], teller)).toEqual([
      { names: [], project: undefined },
    ]);
  });
});

describe("what a text speaks of", () => {
  const spoken = (text: string, own?: string): readonly string[] =>
    spokenNames(text, own)
      .filter(({ isProjectAlone }) => !isProjectAlone)
      .map((one) => one.text);

  it("is each name within it", () => {
    expect(
      spoken("EXPORT DATA OPTIONS (uri='gs://out/*.csv') AS SELECT * FROM `p-hospital.records.visits`"),
    ).toEqual(["gs://out/*.csv", "p-hospital.records.visits"]);
    expect(spoken("call projects/p/locations/l/datasets/d, then https://a.example.com/x")).toEqual([
      "https://a.example.com/x",
      "projects/p/locations/l/datasets/d",
    ]);
    expect(spoken("jdbc to hospital-ai:us-central1:db")).toEqual(["hospital-ai:us-central1:db"]);
    expect(spoken("nothing at all")).toEqual([]);
  });

  it("is a table of the project of who speaks", () => {
    expect(spoken("SELECT * FROM records.visits", "hospital-ai")).toEqual(["hospital-ai.records"]);
    expect(spoken("SELECT * FROM records.visits")).toEqual([]);
  });

  it("is a project, and not the address of somebody in it", () => {
    const projects = (text: string): readonly string[] =>
      spokenNames(text, undefined).flatMap(({ project }) => project ?? []);
    expect(projects("bq ls hospital-phi:records")).toContain("hospital-phi");
    expect(projects("as runner@hospital-phi.iam.gserviceaccount.com")).not.toContain("hospital-phi");
  });
});
