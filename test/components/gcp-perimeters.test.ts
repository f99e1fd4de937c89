import { beforeAll, describe, expect, it } from "vitest";

import { deployerCrossing, storeCrossings, storeOperations } from "../../components/gcp/perimeter-policies";
import { PhysicalNames } from "../../components/gcp/physical-names";
import { restrictedServices } from "../../components/gcp/restricted-services";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { googleTarget } from "../model/google-target";

import { deployer, Rendered } from "./gcp-registrations";
import { smallPlatform } from "./small-platform";

let rendered: Rendered;
beforeAll(async () => {
  rendered = await Rendered.of(smallPlatform);
});

const [gateway, processing, phi] = [
  "projects/100000000001",
  "projects/100000000002",
  "projects/100000000003",
];
const fhirProxy = "serviceAccount:ward-fhir-proxy@hospital-ai.iam.gserviceaccount.com";
const anyCall = (serviceName: string): unknown => ({ serviceName, methodSelectors: [{ method: "*" }] });
const permissions = (serviceName: string, names: readonly string[]): unknown => ({
  serviceName,
  methodSelectors: names.map((permission) => ({ permission })),
});
const methods = (serviceName: string, names: readonly string[]): unknown => ({
  serviceName,
  methodSelectors: names.map((method) => ({ method })),
});

/** What who runs Pulumi manages: buckets and no object, tables and no row. */
const managed = [
  permissions("bigquery.googleapis.com", [
    "bigquery.datasets.create",
    "bigquery.datasets.delete",
    "bigquery.datasets.get",
    "bigquery.datasets.getIamPolicy",
    "bigquery.datasets.setIamPolicy",
    "bigquery.datasets.update",
    "bigquery.tables.create",
    "bigquery.tables.delete",
    "bigquery.tables.get",
    "bigquery.tables.getIamPolicy",
    "bigquery.tables.list",
    "bigquery.tables.setIamPolicy",
    "bigquery.tables.update",
  ]),
  anyCall("cloudkms.googleapis.com"),
  anyCall("cloudresourcemanager.googleapis.com"),
  anyCall("healthcare.googleapis.com"),
  anyCall("iam.googleapis.com"),
  anyCall("logging.googleapis.com"),
  anyCall("orgpolicy.googleapis.com"),
  anyCall("serviceusage.googleapis.com"),
  methods("storage.googleapis.com", [
    "google.storage.buckets.create",
    "google.storage.buckets.delete",
    "google.storage.buckets.get",
    "google.storage.buckets.getIamPolicy",
    "google.storage.buckets.list",
    "google.storage.buckets.setIamPolicy",
    "google.storage.buckets.update",
  ]),
];

/** What each perimeter is and enforces, besides its resources and its rules. */
const common = {
  parent: "accessPolicies/111",
  perimeterType: "PERIMETER_TYPE_REGULAR",
  useExplicitDryRunSpec: false,
};
const enforced = {
  restrictedServices: [...restrictedServices],
  vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
  accessLevels: [],
};

describe("the service perimeters of a small platform", () => {
  it("are two, and nothing else in the access policy changes what they enforce", () => {
    expect(rendered.listed("ward-service-perimeter")).toEqual([
      "ServicePerimeter ward-phi-perimeter",
      "ServicePerimeter ward-platform-perimeter",
    ]);
  });

  it("let into the PHI zone its clients and who runs Pulumi, from the processing zone, and nothing out", () => {
    expect(rendered.inputsOf("ward-phi-perimeter")).toEqual({
      ...common,
      name: "accessPolicies/111/servicePerimeters/ward_phi",
      title: "ward-phi",
      status: {
        ...enforced,
        resources: [phi],
        egressPolicies: [],
        ingressPolicies: [
          {
            title: "fhir-proxy to fhir-store",
            ingressFrom: { identities: [fhirProxy], sources: [{ resource: processing }] },
            ingressTo: { resources: [phi], operations: [anyCall("healthcare.googleapis.com")] },
          },
          {
            title: "deployer to phi",
            ingressFrom: { identities: [`serviceAccount:${deployer}`], sources: [{ resource: processing }] },
            ingressTo: { resources: [phi], operations: managed },
          },
        ],
      },
    });
  });

  it("let out of the platform what is let into the PHI zone, and nothing in", () => {
    expect(rendered.inputsOf("ward-platform-perimeter")).toEqual({
      ...common,
      name: "accessPolicies/111/servicePerimeters/ward_platform",
      title: "ward-platform",
      status: {
        ...enforced,
        resources: [gateway, processing],
        egressPolicies: [
          {
            title: "fhir-proxy to fhir-store",
            egressFrom: {
              identities: [fhirProxy],
              sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
              sources: [{ resource: processing }],
            },
            egressTo: { resources: [phi], operations: [anyCall("healthcare.googleapis.com")] },
          },
          {
            title: "deployer to phi",
            egressFrom: {
              identities: [`serviceAccount:${deployer}`],
              sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
              sources: [{ resource: processing }],
            },
            egressTo: { resources: [phi], operations: managed },
          },
        ],
        ingressPolicies: [],
      },
    });
  });

  it("cannot be deleted, and stand after the identities that they name", () => {
    for (const name of ["ward-phi-perimeter", "ward-platform-perimeter"]) {
      expect(rendered.named(name).protect).toBe(true);
      expect(rendered.named(name).waitsFor).toEqual([
        "services",
        "ai-gateway-account",
        "decision-point-account",
        "fhir-proxy-account",
      ]);
    }
  });

  it("are registered with their zones, and with who runs Pulumi", () => {
    const outputs = rendered.outputsOf("ward-service-perimeter");
    expect(outputs).toMatchObject({
      deployer,
      perimeterIds: {
        platform: "accessPolicies/111/servicePerimeters/ward_platform",
        phi: "accessPolicies/111/servicePerimeters/ward_phi",
      },
    });
    const members = outputs["zoneMembers"] as Readonly<Record<string, readonly string[]>>;
    const names = (zone: string): readonly (string | undefined)[] =>
      (members[zone] ?? []).map((urn) => urn.split("::").at(-1));
    expect(names("phi")).toEqual(["ward-phi-perimeter"]);
    expect(names("processing")).toEqual(["ward-platform-perimeter"]);
    expect(names("gateway")).toEqual([]);
  });
});

describe("the calls that cross a perimeter", () => {
  const spec = platformSpec(referencePlatform);
  const names = new PhysicalNames(spec, googleTarget);

  it("are those of the flows to data stores, each for one identity", () => {
    expect(
      storeCrossings(spec, names).map(({ title, identity, operations }) => [
        title,
        identity,
        operations.map(({ serviceName }) => serviceName),
      ]),
    ).toEqual([
      [
        "fhir-proxy to document-store",
        "serviceAccount:bulkhead-fhir-proxy@hospital-ai.iam.gserviceaccount.com",
        ["storage.googleapis.com"],
      ],
      [
        "fhir-proxy to fhir-store",
        "serviceAccount:bulkhead-fhir-proxy@hospital-ai.iam.gserviceaccount.com",
        ["healthcare.googleapis.com"],
      ],
      [
        "rag-service to vector-index",
        "serviceAccount:bulkhead-rag-service@hospital-ai.iam.gserviceaccount.com",
        ["bigquery.googleapis.com"],
      ],
    ]);
  });

  it("read, write and search, and neither delete, export, share nor reconfigure", () => {
    const said = Object.values(storeOperations).flatMap((operations) =>
      operations.flatMap(({ methodSelectors }) =>
        methodSelectors.flatMap((selector) => Object.values(selector)),
      ),
    );
    expect(said).toEqual([
      // No method of the Cloud Healthcare API is told from another.
      "*",
      "google.storage.objects.create",
      "google.storage.objects.get",
      "google.storage.objects.list",
      "bigquery.datasets.get",
      "bigquery.jobs.create",
      "bigquery.tables.createIndex",
      "bigquery.tables.get",
      "bigquery.tables.getData",
      "bigquery.tables.list",
      "bigquery.tables.updateData",
    ]);
  });

  it("of who runs Pulumi read no object and no row", () => {
    const said = deployerCrossing(deployer).operations.flatMap(({ methodSelectors }) =>
      methodSelectors.flatMap((selector) => Object.values(selector)),
    );
    expect(said.filter((what) => /objects|getData|jobs|export/i.test(what))).toEqual([]);
  });

  it("have titles that differ, as Google Cloud asks", () => {
    const titles = [...storeCrossings(spec, names), deployerCrossing(deployer)].map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it("stay as they are when a flow is added", () => {
    const before = storeCrossings(spec, names);
    const more = platformSpec({
      ...referencePlatform,
      flows: [
        ...referencePlatform.flows,
        { from: "workload/async-ai-workers", to: "data-store/document-store" },
      ],
    });
    const after = storeCrossings(more, names);
    expect(after.filter(({ title }) => title !== "async-ai-workers to document-store")).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });
});

describe("the services that perimeters restrict", () => {
  it("are in order, each once, and each a service of Google's", () => {
    expect([...restrictedServices]).toEqual([...new Set(restrictedServices)].sort());
    expect(restrictedServices.filter((service) => !/^[a-z0-9-]+\.googleapis\.com$/.test(service))).toEqual(
      [],
    );
  });

  it("hold all that the PHI zone needs restricted, and all that flows call", () => {
    const needed = [
      "aiplatform",
      "artifactregistry",
      "bigquery",
      "bigquerydatatransfer",
      "cloudkms",
      "compute",
      "dataflow",
      "dataproc",
      "healthcare",
      "iamcredentials",
      "logging",
      "monitoring",
      "pubsub",
      "run",
      "secretmanager",
      "spanner",
      "sqladmin",
      "storage",
      "storagetransfer",
    ].map((service) => `${service}.googleapis.com`);
    const restricted: readonly string[] = restrictedServices;
    expect(needed.filter((service) => !restricted.includes(service))).toEqual([]);
  });
});

describe("the access levels of a platform", () => {
  it("ask for a device that the hospital owns, manages and encrypts", () => {
    expect(rendered.listed("ward-access-levels")).toEqual([
      "AccessLevel ward-compliant-device",
      "AccessLevel ward-corporate-network",
      "AccessLevel ward-phi-context",
      "AccessLevel ward-vpn",
    ]);
    expect(rendered.inputsOf("ward-compliant-device")).toEqual({
      parent: "accessPolicies/111",
      name: "accessPolicies/111/accessLevels/ward_compliant_device",
      title: "ward-compliant-device",
      description: "A device that the hospital owns, manages and encrypts",
      basic: {
        combiningFunction: "AND",
        conditions: [
          {
            negate: false,
            devicePolicy: {
              requireCorpOwned: true,
              requireScreenLock: true,
              allowedDeviceManagementLevels: ["COMPLETE"],
              allowedEncryptionStatuses: ["ENCRYPTED"],
            },
          },
        ],
      },
    });
    expect(rendered.outputsOf("ward-access-levels")["compliantDevice"]).toBe(
      "accessPolicies/111/accessLevels/ward_compliant_device",
    );
  });

  it.each([
    ["corporate-network", "corporate_network", "192.0.2.0/24"],
    ["vpn", "vpn", "198.51.100.0/24"],
  ])("ask on %s for its addresses alone, which are no trust by themselves", (id, location, addresses) => {
    expect(rendered.inputsOf(`ward-${id}`)).toEqual({
      parent: "accessPolicies/111",
      name: `accessPolicies/111/accessLevels/ward_${location}`,
      title: `ward-${id}`,
      description: `An address of the network that is ${location}`,
      basic: { combiningFunction: "AND", conditions: [{ negate: false, ipSubnetworks: [addresses] }] },
    });
  });

  it("ask where PHI is disclosed for a compliant device and an address at once", () => {
    const { basic } = rendered.inputsOf("ward-phi-context");
    expect(basic).toEqual({
      combiningFunction: "AND",
      conditions: [
        {
          negate: false,
          ipSubnetworks: ["192.0.2.0/24", "198.51.100.0/24"],
          devicePolicy: {
            requireCorpOwned: true,
            requireScreenLock: true,
            allowedDeviceManagementLevels: ["COMPLETE"],
            allowedEncryptionStatuses: ["ENCRYPTED"],
          },
        },
      ],
    });
  });
});
