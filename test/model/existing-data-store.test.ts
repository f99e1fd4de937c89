import { describe, expect, it } from "vitest";

import type { AwsTarget, AzureTarget } from "../../model/cloud-target";
import { existingDataStores } from "../../model/existing-data-store";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { findingsOf } from "./findings-of";
import { googleTarget } from "./google-target";

const { dataStores } = platformSpec(referencePlatform);
const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const arn = `arn:aws:healthlake:us-east-1:111122223333:datastore/fhir/${"0a".repeat(16)}`;
const found = (raw: unknown): unknown => findingsOf(() => existingDataStores(dataStores, target, raw));

describe("data stores that exist already", () => {
  it("are none where nothing is said, and otherwise what is said", () => {
    expect(existingDataStores(dataStores, target, undefined)).toEqual(new Map());
    expect(existingDataStores(dataStores, target, { "fhir-store": arn })).toEqual(
      new Map([["fhir-store", arn]]),
    );
    const short = arn.replace("fhir/", "");
    expect(existingDataStores(dataStores, target, { "fhir-store": short })).toEqual(
      new Map([["fhir-store", short]]),
    );
  });

  it.each([
    [
      "a store that the platform does not have",
      { "fihr-store": arn },
      "bulkhead:existingDataStores.fihr-store",
    ],
    ["a bucket", { "document-store": arn }, "bulkhead:existingDataStores.document-store"],
    ["a collection", { "vector-index": arn }, "bulkhead:existingDataStores.vector-index"],
    [
      "a store of another account",
      { "fhir-store": arn.replace("111122223333", "999999999999") },
      "bulkhead:existingDataStores.fhir-store",
    ],
    [
      "a store of another region",
      { "fhir-store": arn.replace("us-east-1", "us-west-2") },
      "bulkhead:existingDataStores.fhir-store",
    ],
    ["a pattern", { "fhir-store": arn.replace(/[^/]+$/, "*") }, "bulkhead:existingDataStores.fhir-store"],
    ["a text", arn, "bulkhead:existingDataStores"],
    ["a list", [arn], "bulkhead:existingDataStores"],
    ["a number", { "fhir-store": 7 }, "bulkhead:existingDataStores"],
  ])("are refused with %s", (_, raw, path) => {
    expect(found(raw)).toEqual([{ id: "BH-037", path }]);
  });

  it("are refused with every finding at once", () => {
    expect(found({ "document-store": arn, "fhir-store": "x" })).toHaveLength(2);
  });
});

describe("data stores that exist already on Azure", () => {
  const subscriptionId = "00000000-0000-0000-0000-00000000000b";
  const onAzure: AzureTarget = {
    kind: "azure",
    location: "eastus2",
    tenantId: "00000000-0000-0000-0000-00000000000a",
    subscriptionId,
    availabilityZones: ["1"],
  };
  const id = `/subscriptions/${subscriptionId}/resourceGroups/records/providers/Microsoft.HealthcareApis/workspaces/ward/fhirservices/fhir`;

  it.each([
    ["as Azure writes it", id],
    ["in upper case", id.replace("Microsoft.HealthcareApis", "MICROSOFT.HEALTHCAREAPIS")],
    ["with the service's kind in camel case", id.replace("fhirservices", "fhirServices")],
  ])("are FHIR services of the subscription, by their ids, %s", (_, text) => {
    expect(existingDataStores(dataStores, onAzure, { "fhir-store": text })).toEqual(
      new Map([["fhir-store", text]]),
    );
  });

  it.each([
    ["a service of another subscription", id.replace(subscriptionId, "00000000-0000-0000-0000-00000000000f")],
    ["a workspace without a service", id.replace(/\/fhirservices.*$/, "")],
    ["a part of a service", `${id}/anything`],
    ["a DICOM service", id.replace("fhirservices", "dicomservices")],
    ["Azure API for FHIR, which is retired", id.replace(/workspaces.*$/, "services/fhir")],
    ["its address", "https://ward-fhir.fhir.azurehealthcareapis.com"],
    ["an ARN", arn],
  ])("are not %s", (_, text) => {
    expect(findingsOf(() => existingDataStores(dataStores, onAzure, { "fhir-store": text }))).toEqual([
      { id: "BH-037", path: "bulkhead:existingDataStores.fhir-store" },
    ]);
  });
});

describe("data stores that exist already on Google Cloud", () => {
  const id = "projects/hospital-phi/locations/us-central1/datasets/ward/fhirStores/fhir";

  it("are FHIR stores of the PHI zone's project, by their names", () => {
    expect(existingDataStores(dataStores, googleTarget, { "fhir-store": id })).toEqual(
      new Map([["fhir-store", id]]),
    );
  });

  it.each([
    ["a store of another zone's project", id.replace("hospital-phi", "hospital-ai")],
    ["a store of a project that is known by its number", id.replace("hospital-phi", "100000000003")],
    ["a store of another region", id.replace("us-central1", "europe-west4")],
    ["a dataset", id.replace(/\/fhirStores.*$/, "")],
    ["a DICOM store", id.replace("fhirStores", "dicomStores")],
    ["a resource of a store", `${id}/fhir/Patient/1`],
    ["its address", `https://healthcare.googleapis.com/v1/${id}`],
  ])("are not %s", (_, text) => {
    expect(findingsOf(() => existingDataStores(dataStores, googleTarget, { "fhir-store": text }))).toEqual([
      { id: "BH-037", path: "bulkhead:existingDataStores.fhir-store" },
    ]);
  });
});
