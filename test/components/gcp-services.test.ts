import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

import { GcpAuditLog } from "../../components/gcp/audit-log";
import { GcpDataStores } from "../../components/gcp/data-stores";
import { GcpEncryptionKeys } from "../../components/gcp/encryption-keys";
import { GcpImageRegistry } from "../../components/gcp/image-registry";
import { GcpModelArmor } from "../../components/gcp/model-armor";
import { screening } from "../../components/gcp/model-screening";
import { storeOperations } from "../../components/gcp/perimeter-policies";
import { PhysicalNames } from "../../components/gcp/physical-names";
import { GcpProjectServices } from "../../components/gcp/project-services";
import { restrictedServices } from "../../components/gcp/restricted-services";
import { GcpServiceAccounts } from "../../components/gcp/service-accounts";
import { storeRoles } from "../../components/gcp/store-grants";
import { GcpWorkloadIdentities } from "../../components/gcp/workload-identities";
import { GcpWorkloadSecrets } from "../../components/gcp/workload-secrets";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { googleTarget } from "../model/google-target";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const deployer = "deployer@hospital-ai.iam.gserviceaccount.com";
const phiZone = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "phi" };
const shared = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "shared" };
const store = (id: string): Properties => ({ ...phiZone, "bulkhead-data-store": id });
const workloads = referencePlatform.workloads.map(({ id }) => id).sort();
const projectOf = (workload: string): string =>
  workload === "ai-gateway" ? "hospital-gateway" : "hospital-ai";
const email = (workload: string): string =>
  `bulkhead-${workload}@${projectOf(workload)}.iam.gserviceaccount.com`;
const member = (workload: string): string => `serviceAccount:${email(workload)}`;
const place = (project: string): string => `projects/${project}/locations/us-central1`;
const keyIds = {
  phi: `${place("hospital-phi")}/keyRings/bulkhead-phi/cryptoKeys/bulkhead-phi`,
  audit: `${place("hospital-ai")}/keyRings/bulkhead-audit/cryptoKeys/bulkhead-audit`,
  platform: `${place("hospital-ai")}/keyRings/bulkhead-platform/cryptoKeys/bulkhead-platform`,
};
const numbers = { gateway: "100000000001", processing: "100000000002", phi: "100000000003" };
const bucketName = "bulkhead-document-store-02c5joi";
const fhirDataset = `${place("hospital-phi")}/datasets/bulkhead-fhir-store`;
const phiRole = (what: string): string => `projects/hospital-phi/roles/bulkhead_${what}`;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
  readonly isProtected: boolean;
  /** What it waits for, by logical names. */
  readonly after: readonly string[];
}

interface Registration {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getCustom(): boolean;
  getDependenciesList(): readonly string[];
}

interface Monitor {
  registerResource: (request: Registration, callback: unknown) => unknown;
}

/** Stands for the perimeters. */
class Perimeter extends pulumi.CustomResource {}

/** All that is rendered of a platform's services, and what its components say of it. */
class Services {
  readonly #registered = new Map<string, Registered>();
  readonly outputs: Properties;

  private constructor(registered: readonly Registered[], outputs: Properties) {
    registered.forEach((resource) => this.#registered.set(resource.name, resource));
    this.outputs = outputs;
  }

  static async of(file: unknown, existing: ReadonlyMap<string, string> = new Map()): Promise<Services> {
    const inputs = new Map<string, Properties>();
    await pulumi.runtime.setMocks({
      newResource: ({ name, inputs: given }) => {
        inputs.set(name, given as Properties);
        return { id: `id of ${name}`, state: given as Properties };
      },
      call: ({ token }) => {
        throw new Error(`no answer to ${token}`);
      },
    });
    const requests: Registration[] = [];
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      requests.push(request);
      return register(request, callback);
    };
    const outputs = new Map<string, unknown>();
    const settle = (name: string, output: Readonly<Record<string, pulumi.Output<unknown>>>): void => {
      pulumi.output(output).apply((value) => outputs.set(name, value));
    };
    await pulumi.runtime.runInPulumiStack(() => {
      const spec = platformSpec(file);
      const names = new PhysicalNames(spec, googleTarget);
      const base = { spec, names };
      const part = (what: string): string => `${spec.name}-${what}`;
      const projectServices = new GcpProjectServices(part("project-services"), base, {});
      const serviceAccounts = new GcpServiceAccounts(
        part("service-accounts"),
        { ...base, projectServices },
        {},
      );
      const encryptionKeys = new GcpEncryptionKeys(
        part("encryption-keys"),
        { ...base, projectServices, serviceAccounts },
        {},
      );
      const auditLog = new GcpAuditLog(part("audit-log"), { ...base, projectServices, encryptionKeys }, {});
      const perimeter = new Perimeter("test:index:Perimeter", "perimeter");
      const sealed = [perimeter];
      const imageRegistry = new GcpImageRegistry(
        part("image-registry"),
        { ...base, projectServices, encryptionKeys, sealed },
        {},
      );
      const workloadSecrets = new GcpWorkloadSecrets(
        part("workload-secrets"),
        { ...base, projectServices, serviceAccounts, encryptionKeys, sealed },
        {},
      );
      const dataStores = new GcpDataStores(
        part("data-stores"),
        { ...base, projectServices, serviceAccounts, encryptionKeys, deployer, existing, sealed },
        {},
      );
      const modelArmor =
        screening(spec) === "none"
          ? []
          : [new GcpModelArmor(part("model-armor"), { ...base, projectServices }, {})];
      const workloadIdentities = new GcpWorkloadIdentities(
        part("workload-identities"),
        {
          ...base,
          projectServices,
          serviceAccounts,
          granted: [imageRegistry, workloadSecrets, dataStores, ...modelArmor],
        },
        {},
      );
      settle("keyIds", encryptionKeys.keyIds);
      settle("streamIds", auditLog.streamIds);
      settle("workloadLogNames", auditLog.workloadLogNames);
      settle("repositoryAddresses", imageRegistry.repositoryAddresses);
      settle("storeIds", dataStores.storeIds);
      settle("identityIds", workloadIdentities.identityIds);
      settle("startingIdentityIds", workloadIdentities.startingIdentityIds);
      const parts = {
        projectServices,
        serviceAccounts,
        encryptionKeys,
        auditLog,
        workloadSecrets,
        dataStores,
      };
      for (const [name, { zoneMembers }] of Object.entries(parts)) {
        settle(`zoneMembers of ${name}`, zoneMembers);
      }
      for (const { zoneMembers } of modelArmor) {
        settle("zoneMembers of modelArmor", zoneMembers);
      }
      for (const [name, { peerMembers }] of Object.entries({ serviceAccounts, auditLog, dataStores })) {
        settle(`peerMembers of ${name}`, peerMembers);
      }
      return Promise.resolve();
    });
    await pulumi.runtime.disconnect();
    const nameOf = (urn: string): string => urn.split("::").at(-1) ?? "";
    const registered = requests
      .filter((request) => request.getCustom())
      .map((request): Registered => ({
        type: request.getType(),
        name: request.getName(),
        inputs: inputs.get(request.getName()) ?? {},
        isProtected: request.getProtect(),
        after: request.getDependenciesList().map(nameOf),
      }));
    return new Services(registered, Object.fromEntries(outputs));
  }

  all(): readonly Registered[] {
    return [...this.#registered.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  ofType(type: string): readonly Registered[] {
    return this.all().filter((resource) => resource.type === `gcp:${type}`);
  }

  named(name: string): Registered {
    const found = this.#registered.get(name);
    if (found === undefined) {
      throw new Error(`there is no ${name}`);
    }
    return found;
  }

  inputs(name: string): Properties {
    return this.named(name).inputs;
  }

  /** What a resource waits for, directly or not. */
  before(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: string): void => {
      for (const next of this.#registered.get(at)?.after ?? []) {
        if (!found.has(next)) {
          found.add(next);
          visit(next);
        }
      }
    };
    visit(name);
    return found;
  }

  /** The logical names of members that a component says of a zone, or of a peer. */
  members(part: string, of: string): readonly string[] {
    const record = this.outputs[part] as Readonly<Record<string, readonly string[]>>;
    return (record[of] ?? []).map((urn) => urn.split("::").at(-1) ?? "").sort();
  }
}

describe("the reference platform's services on Google Cloud", () => {
  let services: Services;
  beforeAll(async () => {
    services = await Services.of(referencePlatform);
  });

  it("say in which project they are, and are in the platform's region or everywhere", () => {
    const inputs = services.all().map((resource) => resource.inputs);
    const projects = inputs.flatMap(({ project }) => (typeof project === "string" ? [project] : []));
    expect(projects.length).toBeGreaterThan(60);
    expect([...new Set(projects)].sort()).toEqual(["hospital-ai", "hospital-gateway", "hospital-phi"]);
    const places = inputs.flatMap(({ location }) => (typeof location === "string" ? [location] : []));
    expect([...new Set(places)].sort()).toEqual(["global", "us-central1"]);
    expect(
      services.all().flatMap(({ name, inputs: { location } }) => (location === "global" ? [name] : [])),
    ).toEqual(["bulkhead-model-floor", "bulkhead-name-queries-records", "bulkhead-network-flows-records"]);
  });

  it("let in nobody whom no flow names, and no group or public", () => {
    const members = services
      .all()
      .flatMap(({ inputs }) => JSON.stringify(inputs).match(/"?(?:[a-zA-Z]+:)?[\w.-]+@[\w.-]+/g) ?? [])
      .map((text) => text.replace(/^"?(?:serviceAccount:)?/, ""));
    expect([...new Set(members)].sort()).toEqual(
      [
        ...workloads.map(email),
        deployer,
        `service-${numbers.gateway}@compute-system.iam.gserviceaccount.com`,
        `service-${numbers.processing}@compute-system.iam.gserviceaccount.com`,
        `service-${numbers.gateway}@gcp-sa-logging.iam.gserviceaccount.com`,
        `service-${numbers.processing}@gcp-sa-aiplatform.iam.gserviceaccount.com`,
        `service-${numbers.processing}@gcp-sa-artifactregistry.iam.gserviceaccount.com`,
        `service-${numbers.processing}@gcp-sa-logging.iam.gserviceaccount.com`,
        `service-${numbers.processing}@gcp-sa-secretmanager.iam.gserviceaccount.com`,
        `service-${numbers.phi}@gcp-sa-healthcare.iam.gserviceaccount.com`,
        `service-${numbers.phi}@gcp-sa-logging.iam.gserviceaccount.com`,
        `service-${numbers.phi}@gs-project-accounts.iam.gserviceaccount.com`,
        `bq-${numbers.phi}@bigquery-encryption.iam.gserviceaccount.com`,
      ].sort(),
    );
    expect(JSON.stringify(services.all().map(({ inputs }) => inputs))).not.toMatch(
      /allUsers|allAuthenticatedUsers|specialGroup|domain:|group:/,
    );
  });

  it("are protected where what they hold, or what opens it, would be lost", () => {
    expect(services.all().flatMap(({ name, isProtected }) => (isProtected ? [name] : []))).toEqual(
      [
        ...["phi", "audit", "platform"].flatMap((of) => [`bulkhead-${of}-key`, `bulkhead-${of}-key-ring`]),
        ...["gateway", "processing", "phi"].map((zone) => `bulkhead-${zone}-records`),
        ...["access-decisions", "tool-calls", "egress-inspections"].map(
          (stream) => `bulkhead-${stream}-records`,
        ),
        ...workloads.map((id) => `bulkhead-${id}-secret`),
        "bulkhead-document-store",
        "bulkhead-fhir-store",
        "bulkhead-fhir-store-dataset",
        "bulkhead-images",
        "bulkhead-vector-index",
        "bulkhead-vector-index-embeddings",
      ].sort(),
    );
  });

  describe("the order in which they come up", () => {
    const texts = (inputs: Properties): string => JSON.stringify(inputs);
    /** Each resource that names something, and what it has to wait for then. */
    const naming = (text: string, awaited: string): readonly string[] => {
      const found = services
        .all()
        .filter(({ name, inputs }) => name !== awaited && texts(inputs).includes(text));
      expect(found.length).toBeGreaterThan(0);
      return found.flatMap(({ name }) => (services.before(name).has(awaited) ? [] : [name]));
    };

    it("has APIs before what is created by them", () => {
      const early = services
        .all()
        .filter(({ type }) => type !== "gcp:projects/service:Service" && type.startsWith("gcp:"))
        .filter(({ name }) => ![...services.before(name)].some((other) => /^bulkhead-\w+-iam$/.test(other)));
      expect(early.map(({ name }) => name)).toEqual([]);
    });

    it.each(workloads)("has the account of %s before anything that names it", (id) => {
      expect(naming(email(id), `bulkhead-${id}-account`)).toEqual([]);
    });

    it.each(["phi", "audit", "platform"] as const)(
      "has those who use the %s key before what it encrypts",
      (purpose) => {
        const users = `bulkhead-${purpose}-key-users`;
        expect(naming(`"kmsKeyName":"${keyIds[purpose]}"`, users)).toEqual([]);
        expect(services.before(users)).toContain(`bulkhead-${purpose}-key`);
      },
    );

    it.each(["bucket-manager", "document-client", "fhir-client", "vector-client", "model-client"])(
      "has the role %s before it is given to anybody",
      (what) => {
        expect(naming(`/roles/bulkhead_${what.replace("-", "_")}`, `bulkhead-${what}-role`)).toEqual([]);
      },
    );

    it("has buckets of records before records are routed to them, or shown", () => {
      for (const [zone, project] of [
        ["gateway", "hospital-gateway"],
        ["processing", "hospital-ai"],
        ["phi", "hospital-phi"],
      ] as const) {
        const bucket = `${place(project)}/buckets/bulkhead-records`;
        expect(naming(bucket, `bulkhead-${zone}-records`)).toEqual([]);
      }
    });
  });

  describe("their APIs", () => {
    const enabled = (project: string): readonly unknown[] =>
      services
        .ofType("projects/service:Service")
        .filter(({ inputs }) => inputs["project"] === project)
        .map(({ inputs }) => inputs["service"])
        .sort();

    it("are those that each project needs, and none that runs anything in the PHI zone's", () => {
      const networked = ["cloudresourcemanager", "compute", "dns", "iam", "iamcredentials", "logging"];
      const apis = (...ids: readonly string[]): readonly string[] =>
        ids.map((id) => `${id}.googleapis.com`).sort();
      expect(enabled("hospital-gateway")).toEqual(
        apis(
          ...networked,
          "certificatemanager",
          "monitoring",
          "networksecurity",
          "networkservices",
          "servicedirectory",
        ),
      );
      expect(enabled("hospital-ai")).toEqual(
        apis(
          ...networked,
          "accesscontextmanager",
          "aiplatform",
          "artifactregistry",
          "cloudkms",
          "containerscanning",
          "modelarmor",
          "monitoring",
          "secretmanager",
          "servicedirectory",
        ),
      );
      expect(enabled("hospital-phi")).toEqual(
        apis("bigquery", "cloudkms", "cloudresourcemanager", "healthcare", "iam", "logging", "storage"),
      );
    });

    it("are restricted by the perimeter, each that one can restrict", () => {
      const restricted = new Set<unknown>(restrictedServices);
      expect(enabled("hospital-phi").filter((service) => !restricted.has(service))).toEqual([]);
      // What is asked of models goes through these.
      expect(
        ["aiplatform", "dlp", "modelarmor"].filter((api) => !restricted.has(`${api}.googleapis.com`)),
      ).toEqual([]);
    });

    it("stay enabled when the platform goes", () => {
      expect(services.inputs("bulkhead-phi-healthcare")).toEqual({
        project: "hospital-phi",
        service: "healthcare.googleapis.com",
        disableOnDestroy: false,
        disableDependentServices: false,
      });
      const kept = services
        .ofType("projects/service:Service")
        .map(({ inputs }) => inputs["disableOnDestroy"]);
      expect(new Set(kept)).toEqual(new Set([false]));
    });
  });

  describe("their service accounts", () => {
    it("are one for each workload, in the project of its zone, and none that was there before", () => {
      expect(
        services.ofType("serviceaccount/account:Account").map(({ name, inputs }) => ({ name, inputs })),
      ).toEqual(
        workloads.map((id) => ({
          name: `bulkhead-${id}-account`,
          inputs: {
            accountId: `bulkhead-${id}`,
            project: projectOf(id),
            displayName: `bulkhead-${id}`,
            description: `The identity of spiffe://ai.hospital.example/zone/${
              id === "ai-gateway" ? "gateway" : "processing"
            }/workload/${id}`,
          },
        })),
      );
      expect(services.ofType("serviceaccount/key:Key")).toEqual([]);
    });

    it("are told by their component to be of their zone and of their workload, as they take no labels", () => {
      expect(services.members("zoneMembers of serviceAccounts", "gateway")).toEqual([
        "bulkhead-ai-gateway-account",
      ]);
      for (const id of workloads) {
        expect(services.members("peerMembers of serviceAccounts", `workload/${id}`)).toEqual([
          `bulkhead-${id}-account`,
        ]);
      }
    });

    it("are what runs a workload, and what starts it", () => {
      const emails = Object.fromEntries(workloads.map((id) => [id, email(id)]));
      expect(services.outputs["identityIds"]).toEqual(emails);
      expect(services.outputs["startingIdentityIds"]).toEqual(emails);
    });
  });

  describe("their keys", () => {
    it.each([
      { purpose: "phi", project: "hospital-phi", labels: phiZone },
      { purpose: "audit", project: "hospital-ai", labels: shared },
      { purpose: "platform", project: "hospital-ai", labels: shared },
    ])("for $purpose are in hardware, and new each year", ({ purpose, project, labels }) => {
      expect(services.inputs(`bulkhead-${purpose}-key-ring`)).toEqual({
        name: `bulkhead-${purpose}`,
        location: "us-central1",
        project,
      });
      expect(services.inputs(`bulkhead-${purpose}-key`)).toEqual({
        name: `bulkhead-${purpose}`,
        keyRing: `${place(project)}/keyRings/bulkhead-${purpose}`,
        purpose: "ENCRYPT_DECRYPT",
        versionTemplate: { algorithm: "GOOGLE_SYMMETRIC_ENCRYPTION", protectionLevel: "HSM" },
        rotationPeriod: "31536000s",
        destroyScheduledDuration: "7776000s",
        labels,
      });
    });

    it("are used by the agents of what they encrypt, and by the workloads whose flows name them", () => {
      const agent = (zone: keyof typeof numbers, service: string): string =>
        `serviceAccount:service-${numbers[zone]}@${service}.iam.gserviceaccount.com`;
      const role = "roles/cloudkms.cryptoKeyEncrypterDecrypter";
      expect(
        services.ofType("kms/cryptoKeyIAMBinding:CryptoKeyIAMBinding").map(({ inputs }) => inputs),
      ).toEqual([
        {
          cryptoKeyId: keyIds.audit,
          role,
          members: [agent("gateway", "gcp-sa-logging"), agent("processing", "gcp-sa-logging")],
        },
        {
          cryptoKeyId: keyIds.phi,
          role,
          members: [
            `serviceAccount:bq-${numbers.phi}@bigquery-encryption.iam.gserviceaccount.com`,
            agent("phi", "gcp-sa-healthcare"),
            agent("phi", "gcp-sa-logging"),
            agent("phi", "gs-project-accounts"),
          ],
        },
        {
          cryptoKeyId: keyIds.platform,
          role,
          members: [
            agent("processing", "gcp-sa-artifactregistry"),
            agent("processing", "gcp-sa-secretmanager"),
            agent("gateway", "compute-system"),
            agent("processing", "compute-system"),
            ...workloads.map(member),
          ],
        },
      ]);
      expect(services.outputs["keyIds"]).toEqual(keyIds);
    });

    it("wait for the agents that are made on request", () => {
      expect(services.ofType("projects/serviceIdentity:ServiceIdentity").map(({ inputs }) => inputs)).toEqual(
        [
          { project: "hospital-phi", service: "healthcare.googleapis.com" },
          { project: "hospital-ai", service: "aiplatform.googleapis.com" },
          { project: "hospital-ai", service: "artifactregistry.googleapis.com" },
          { project: "hospital-ai", service: "secretmanager.googleapis.com" },
        ],
      );
      expect(services.before("bulkhead-phi-key-users")).toContain("bulkhead-phi-healthcare-agent");
      expect(services.before("bulkhead-platform-key-users")).toContain(
        "bulkhead-processing-artifactregistry-agent",
      );
    });

    it("are in the PHI zone where they are the zone's", () => {
      expect(services.members("zoneMembers of encryptionKeys", "phi")).toEqual([
        "bulkhead-phi-healthcare-agent",
        "bulkhead-phi-key",
        "bulkhead-phi-key-ring",
      ]);
    });
  });

  describe("their data stores", () => {
    it("are exactly these, by these names", () => {
      expect(services.outputs["storeIds"]).toEqual({
        "fhir-store": `${fhirDataset}/fhirStores/bulkhead-fhir-store`,
        "document-store": bucketName,
        "vector-index": "projects/hospital-phi/datasets/bulkhead_vector_index",
      });
      expect(services.members("zoneMembers of dataStores", "phi")).toEqual([
        "bulkhead-bucket-manager-role",
        "bulkhead-document-client-role",
        "bulkhead-document-store",
        "bulkhead-fhir-client-role",
        "bulkhead-fhir-store",
        "bulkhead-fhir-store-dataset",
        "bulkhead-vector-client-role",
        "bulkhead-vector-index",
        "bulkhead-vector-index-embeddings",
      ]);
      expect(services.members("peerMembers of dataStores", "data-store/fhir-store")).toEqual([
        "bulkhead-fhir-store-dataset",
      ]);
    });

    it("hold FHIR where nothing is told to anybody, under the zone's key", () => {
      expect(services.inputs("bulkhead-fhir-store-dataset")).toEqual({
        name: "bulkhead-fhir-store",
        project: "hospital-phi",
        location: "us-central1",
        timeZone: "UTC",
        encryptionSpec: { kmsKeyName: keyIds.phi },
      });
      expect(services.inputs("bulkhead-fhir-store")).toEqual({
        name: "bulkhead-fhir-store",
        dataset: fhirDataset,
        version: "R4",
        enableUpdateCreate: false,
        disableReferentialIntegrity: false,
        disableResourceVersioning: false,
        enableHistoryImport: false,
        enableHistoryModifications: false,
        complexDataTypeReferenceParsing: "ENABLED",
        defaultSearchHandlingStrict: true,
        notificationConfigs: [],
        streamConfigs: [],
        labels: store("fhir-store"),
      });
      expect(services.inputs("bulkhead-fhir-store-clients")).toEqual({
        fhirStoreId: `${fhirDataset}/fhirStores/bulkhead-fhir-store`,
        role: phiRole("fhir_client"),
        members: [member("fhir-proxy")],
      });
    });

    it("hold documents in a bucket without public readers, lists or keys of others, under the zone's key", () => {
      expect(services.inputs("bulkhead-document-store")).toEqual({
        name: bucketName,
        project: "hospital-phi",
        location: "us-central1",
        storageClass: "STANDARD",
        publicAccessPrevention: "enforced",
        uniformBucketLevelAccess: true,
        requesterPays: false,
        forceDestroy: false,
        versioning: { enabled: true },
        encryption: {
          defaultKmsKeyName: keyIds.phi,
          googleManagedEncryptionEnforcementConfig: { restrictionMode: "FullyRestricted" },
          customerSuppliedEncryptionEnforcementConfig: { restrictionMode: "FullyRestricted" },
          customerManagedEncryptionEnforcementConfig: { restrictionMode: "NotRestricted" },
        },
        softDeletePolicy: { retentionDurationSeconds: 7_776_000 },
        lifecycleRules: [
          { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 2192, withState: "ARCHIVED" } },
          { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
        ],
        cors: [],
        labels: store("document-store"),
      });
      const { bucket, policyData } = services.inputs("bulkhead-document-store-clients");
      expect(bucket).toBe(bucketName);
      // Nobody of the project, whatever their role in it is.
      expect(JSON.parse(String(policyData))).toEqual({
        bindings: [
          { role: phiRole("bucket_manager"), members: [`serviceAccount:${deployer}`] },
          { role: phiRole("document_client"), members: [member("fhir-proxy")] },
        ],
      });
    });

    it("hold vectors in a table that only its clients and its deployer may read, under the zone's key", () => {
      expect(services.inputs("bulkhead-vector-index")).toEqual({
        datasetId: "bulkhead_vector_index",
        project: "hospital-phi",
        location: "us-central1",
        defaultEncryptionConfiguration: { kmsKeyName: keyIds.phi },
        deleteContentsOnDestroy: false,
        maxTimeTravelHours: "168",
        accesses: [
          { role: "OWNER", userByEmail: deployer },
          { role: phiRole("vector_client"), userByEmail: email("rag-service") },
        ],
        labels: store("vector-index"),
      });
      const { schema, ...table } = services.inputs("bulkhead-vector-index-embeddings");
      expect(table).toEqual({
        tableId: "embeddings",
        datasetId: "bulkhead_vector_index",
        project: "hospital-phi",
        encryptionConfiguration: { kmsKeyName: keyIds.phi },
        deletionProtection: true,
        labels: store("vector-index"),
      });
      expect(JSON.parse(String(schema))).toContainEqual({
        name: "embedding",
        type: "FLOAT",
        mode: "REPEATED",
      });
    });

    it("come after the perimeter, and after who may use their key", () => {
      for (const name of ["fhir-store-dataset", "fhir-store", "document-store", "vector-index"]) {
        const before = services.before(`bulkhead-${name}`);
        expect(before).toContain("perimeter");
        expect(before).toContain("bulkhead-phi-key-users");
        expect(before).toContain("bulkhead-phi-healthcare");
      }
    });
  });

  describe("the roles of their own", () => {
    it("are as small as this", () => {
      const roles = services
        .ofType("projects/iAMCustomRole:IAMCustomRole")
        .map(({ inputs: { project, roleId, permissions } }) => ({ project, roleId, permissions }));
      expect(roles).toEqual([
        {
          project: "hospital-phi",
          roleId: "bulkhead_bucket_manager",
          permissions: [
            "storage.buckets.delete",
            "storage.buckets.get",
            "storage.buckets.getIamPolicy",
            "storage.buckets.setIamPolicy",
            "storage.buckets.update",
          ],
        },
        {
          project: "hospital-phi",
          roleId: "bulkhead_document_client",
          permissions: ["storage.objects.create", "storage.objects.get", "storage.objects.list"],
        },
        {
          project: "hospital-phi",
          roleId: "bulkhead_fhir_client",
          permissions: [
            "healthcare.fhirResources.create",
            "healthcare.fhirResources.get",
            "healthcare.fhirResources.patch",
            "healthcare.fhirResources.update",
            "healthcare.fhirStores.get",
            "healthcare.fhirStores.searchResources",
          ],
        },
        {
          project: "hospital-ai",
          roleId: "bulkhead_model_client",
          permissions: ["aiplatform.endpoints.predict"],
        },
        {
          project: "hospital-phi",
          roleId: "bulkhead_vector_client",
          permissions: ["bigquery.tables.get", "bigquery.tables.getData", "bigquery.tables.updateData"],
        },
      ]);
    });

    it("grant nothing at a store that the perimeter does not let through", () => {
      for (const kind of ["document", "vector"] as const) {
        const passed = storeOperations[kind].flatMap(({ methodSelectors }) =>
          methodSelectors.map((selector) =>
            "permission" in selector ? selector.permission : selector.method.replace(/^google\./, ""),
          ),
        );
        expect(storeRoles[kind].permissions.filter((permission) => !passed.includes(permission))).toEqual([]);
      }
    });
  });

  describe("the grants of their workloads", () => {
    it("are these, for each flow one", () => {
      const { inputs } = services.named("bulkhead-rag-service-registry");
      expect(inputs).toEqual({
        project: "hospital-ai",
        location: "us-central1",
        repository: `${place("hospital-ai")}/repositories/bulkhead-images`,
        role: "roles/artifactregistry.reader",
        member: member("rag-service"),
      });
      const grants = services
        .all()
        .filter(({ type }) => /:(?:IAMMember|RepositoryIamMember)$/.test(type))
        .map(({ inputs: { project, serviceAccountId, repository, role, member: who } }) =>
          [who, role, repository ?? serviceAccountId ?? project].join(" "),
        );
      const models = "projects/hospital-ai/roles/bulkhead_model_client";
      expect(grants.sort()).toEqual(
        [
          ...workloads.flatMap((id) => [
            `${member(id)} roles/artifactregistry.reader ${place("hospital-ai")}/repositories/bulkhead-images`,
            `${member(id)} roles/iam.serviceAccountOpenIdTokenCreator projects/${projectOf(id)}/serviceAccounts/${email(id)}`,
            `${member(id)} roles/logging.logWriter ${projectOf(id)}`,
            `${member(id)} roles/monitoring.metricWriter ${projectOf(id)}`,
          ]),
          ...["async-ai-workers", "embedding-service", "rag-service"].map(
            (id) => `${member(id)} ${models} hospital-ai`,
          ),
          `serviceAccount:service-${numbers.processing}@gcp-sa-aiplatform.iam.gserviceaccount.com roles/modelarmor.user hospital-ai`,
          `${member("rag-service")} roles/bigquery.jobUser hospital-phi`,
        ].sort(),
      );
    });

    it("wait for the role, the account, and what they are given on", () => {
      const before = services.before("bulkhead-rag-service-model-inference");
      expect(before).toContain("bulkhead-model-client-role");
      expect(before).toContain("bulkhead-rag-service-account");
    });
  });

  describe("what screens the cloud's own models", () => {
    it("is the floor of their project, which blocks whatever a caller says, and logs no prompt", () => {
      expect(services.inputs("bulkhead-model-floor")).toEqual({
        parent: "projects/hospital-ai",
        location: "global",
        enableFloorSettingEnforcement: true,
        integratedServices: ["AI_PLATFORM"],
        aiPlatformFloorSetting: { inspectAndBlock: true, enableCloudLogging: false },
        floorSettingMetadata: { multiLanguageDetection: { enableMultiLanguageDetection: true } },
        filterConfig: {
          piAndJailbreakFilterSettings: { filterEnforcement: "ENABLED", confidenceLevel: "MEDIUM_AND_ABOVE" },
          maliciousUriFilterSettings: { filterEnforcement: "ENABLED" },
          raiSettings: {
            raiFilters: [
              { filterType: "DANGEROUS", confidenceLevel: "HIGH" },
              { filterType: "HARASSMENT", confidenceLevel: "MEDIUM_AND_ABOVE" },
              { filterType: "HATE_SPEECH", confidenceLevel: "MEDIUM_AND_ABOVE" },
              { filterType: "SEXUALLY_EXPLICIT", confidenceLevel: "HIGH" },
            ],
          },
        },
      });
      expect(services.ofType("dataloss/preventionInspectTemplate:PreventionInspectTemplate")).toEqual([]);
      expect(services.members("zoneMembers of modelArmor", "processing")).toEqual([
        "bulkhead-model-floor",
        "bulkhead-processing-aiplatform-agent",
      ]);
    });

    it("stands before a workload may ask a model", () => {
      const before = services.before("bulkhead-rag-service-model-inference");
      expect(before).toContain("bulkhead-model-floor");
      expect(before).toContain("bulkhead-processing-aiplatform-modelarmor-user");
      expect(before).toContain("bulkhead-processing-modelarmor");
    });
  });

  describe("their secrets", () => {
    it.each(workloads)("are read by %s alone where they are its own", (id) => {
      const zone = id === "ai-gateway" ? "gateway" : "processing";
      expect(services.inputs(`bulkhead-${id}-secret`)).toEqual({
        secretId: `bulkhead-${id}`,
        project: "hospital-ai",
        replication: {
          userManaged: {
            replicas: [
              { location: "us-central1", customerManagedEncryption: { kmsKeyName: keyIds.platform } },
            ],
          },
        },
        versionDestroyTtl: "2592000s",
        labels: { "bulkhead-platform": "bulkhead", "bulkhead-zone": zone, "bulkhead-workload": id },
      });
      expect(services.inputs(`bulkhead-${id}-secret-readers`)).toEqual({
        project: "hospital-ai",
        secretId: `projects/hospital-ai/secrets/bulkhead-${id}`,
        role: "roles/secretmanager.secretAccessor",
        members: [member(id)],
      });
      const before = services.before(`bulkhead-${id}-secret`);
      expect(before).toContain("perimeter");
      expect(before).toContain("bulkhead-platform-key-users");
    });
  });

  it("have one repository of images, whose tags stay where they are", () => {
    expect(services.inputs("bulkhead-images")).toEqual({
      repositoryId: "bulkhead-images",
      project: "hospital-ai",
      location: "us-central1",
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description: "Images of bulkhead",
      kmsKeyName: keyIds.platform,
      dockerConfig: { immutableTags: true },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      cleanupPolicies: [],
      cleanupPolicyDryRun: false,
      labels: shared,
    });
    expect(services.before("bulkhead-images")).toContain("perimeter");
    expect(services.outputs["repositoryAddresses"]).toEqual(
      Object.fromEntries(
        [...workloads, "envoy", "certificate-agent"].map((id) => [
          id,
          `us-central1-docker.pkg.dev/hospital-ai/bulkhead-images/${id}`,
        ]),
      ),
    );
  });

  describe("their audit trail", () => {
    it.each([
      { zone: "gateway", project: "hospital-gateway", key: keyIds.audit },
      { zone: "processing", project: "hospital-ai", key: keyIds.audit },
      { zone: "phi", project: "hospital-phi", key: keyIds.phi },
    ])("keeps all that is recorded in the project of $zone there, locked", ({ zone, project, key }) => {
      expect(services.inputs(`bulkhead-${zone}-records`)).toEqual({
        project,
        location: "us-central1",
        bucketId: "bulkhead-records",
        description: `What is recorded in ${project}`,
        retentionDays: 2192,
        locked: true,
        cmekSettings: { kmsKeyName: key },
      });
      expect(services.inputs(`bulkhead-${zone}-records-routing`)).toEqual({
        name: "_Default",
        project,
        description: "Keeps everything in bulkhead-records",
        destination: `logging.googleapis.com/${place(project)}/buckets/bulkhead-records`,
        filter: "severity >= DEFAULT",
        exclusions: [],
        disabled: false,
        uniqueWriterIdentity: false,
      });
      expect(services.inputs(`bulkhead-${zone}-calls-recording`)).toEqual({
        project,
        service: "allServices",
        auditLogConfigs: [
          { logType: "ADMIN_READ", exemptedMembers: [] },
          { logType: "DATA_READ", exemptedMembers: [] },
          { logType: "DATA_WRITE", exemptedMembers: [] },
        ],
      });
      expect(services.members("zoneMembers of auditLog", zone)).toEqual(
        expect.arrayContaining([`bulkhead-${zone}-records`, `bulkhead-${zone}-records-routing`]),
      );
    });

    it("routes nothing out of a project, and drops nothing", () => {
      expect(services.ofType("logging/projectSink:ProjectSink")).toHaveLength(5);
      for (const { inputs } of services.ofType("logging/projectSink:ProjectSink")) {
        expect(String(inputs["destination"])).toContain(`/projects/${String(inputs["project"])}/`);
      }
      expect(services.all().filter(({ type }) => /xclusion|OrganizationSink|FolderSink/.test(type))).toEqual(
        [],
      );
    });

    it("shows each stream as one log, in one project or in two", () => {
      const view = (project: string, name: string): string =>
        `${place(project)}/buckets/bulkhead-records/views/bulkhead-${name}`;
      const scope = (name: string): string =>
        `projects/hospital-ai/locations/global/logScopes/bulkhead-${name}-records`;
      expect(services.outputs["streamIds"]).toEqual({
        "network-flows": scope("network-flows"),
        "name-queries": scope("name-queries"),
        "web-firewall": view("hospital-gateway", "web-firewall-records"),
        "access-decisions": `${place("hospital-ai")}/buckets/bulkhead-access-decisions/views/_AllLogs`,
        "tool-calls": `${place("hospital-ai")}/buckets/bulkhead-tool-calls/views/_AllLogs`,
        "egress-inspections": `${place("hospital-ai")}/buckets/bulkhead-egress-inspections/views/_AllLogs`,
      });
      expect(services.inputs("bulkhead-network-flows-records")).toEqual({
        name: scope("network-flows"),
        parent: "projects/hospital-ai",
        location: "global",
        resourceNames: ["hospital-gateway", "hospital-ai"].map((project) =>
          view(project, "network-flows-records"),
        ),
      });
      const logs = services
        .ofType("logging/logView:LogView")
        .filter(({ name }) => name.endsWith("-records"))
        .map(({ inputs: { parent, filter } }) => `${String(parent)} ${String(filter)}`);
      const both = (log: string): readonly string[] =>
        ["hospital-ai", "hospital-gateway"].map((project) => `projects/${project} LOG_ID("${log}")`);
      expect([...logs].sort()).toEqual(
        [
          ...both("compute.googleapis.com/vpc_flows"),
          ...both("dns.googleapis.com/dns_queries"),
          'projects/hospital-gateway LOG_ID("requests")',
        ].sort(),
      );
    });

    it("shows what workloads print, in the project of their zone", () => {
      expect(services.outputs["workloadLogNames"]).toEqual(
        Object.fromEntries(
          workloads.map((id) => [id, `projects/${projectOf(id)}/logs/gcplogs-docker-driver`]),
        ),
      );
      expect(services.inputs("bulkhead-gateway-workload-output")).toEqual({
        name: "bulkhead-workload-output",
        parent: "projects/hospital-gateway",
        location: "us-central1",
        bucket: `${place("hospital-gateway")}/buckets/bulkhead-records`,
        filter: 'LOG_ID("gcplogs-docker-driver")',
      });
      expect(services.members("zoneMembers of auditLog", "processing")).toContain(
        "bulkhead-processing-workload-output",
      );
    });
  });
});

describe("the services of other platforms on Google Cloud", () => {
  it.each(["block", "redact"] as const)(
    "find PHI before the cloud's own models, and block it, where these may not get any: %s",
    async (onFinding) => {
      const services = await Services.of({
        ...referencePlatform,
        llmProviders: [
          ...(referencePlatform.llmProviders ?? []),
          { id: "drafting", kind: "native", models: { gcp: ["gemini-2.5-flash"] }, onFinding },
        ],
        inspection: { recordNumbers: [{ id: "medical_record", form: "MRN-9999999" }] },
      });
      const floor = services.inputs("bulkhead-model-floor");
      expect((floor["filterConfig"] as Properties)["sdpSettings"]).toEqual({
        advancedConfig: {
          inspectTemplate: "projects/hospital-ai/locations/us-central1/inspectTemplates/bulkhead-identifiers",
        },
      });
      const template = services.inputs("bulkhead-identifiers");
      expect([template["parent"], template["templateId"]]).toEqual([
        "projects/hospital-ai/locations/us-central1",
        "bulkhead-identifiers",
      ]);
      const { infoTypes, customInfoTypes, ...found } = template["inspectConfig"] as Properties;
      expect(found).toEqual({ minLikelihood: "POSSIBLE", includeQuote: false });
      expect((infoTypes as readonly Properties[]).map(({ name }) => name)).toContain("PERSON_NAME");
      expect(customInfoTypes).toEqual([
        {
          infoType: { name: "RECORD_NUMBER_MEDICAL_RECORD" },
          regex: { pattern: String.raw`\bMRN-\d{7}\b` },
          likelihood: "LIKELY",
        },
      ]);
      expect(
        services
          .ofType("projects/iAMMember:IAMMember")
          .map(({ inputs: { role, member: who } }) => `${String(who)} ${String(role)}`)
          .filter((grant) => grant.includes("gcp-sa-modelarmor")),
      ).toEqual(
        ["roles/dlp.reader", "roles/dlp.user"].map(
          (role) =>
            `serviceAccount:service-${numbers.processing}@gcp-sa-modelarmor.iam.gserviceaccount.com ${role}`,
        ),
      );
      const before = services.before("bulkhead-rag-service-model-inference");
      expect(before).toContain("bulkhead-processing-dlp");
      expect(before).toContain("bulkhead-identifiers");
    },
  );

  it("are only those that flows and stores name", async () => {
    const services = await Services.of(smallPlatform);
    const types = new Set(services.all().map(({ type }) => type));
    expect(types).not.toContain("gcp:storage/bucket:Bucket");
    expect(types).not.toContain("gcp:bigquery/dataset:Dataset");
    expect(services.ofType("secretmanager/secret:Secret").map(({ name }) => name)).toEqual([
      "ward-fhir-proxy-secret",
    ]);
    expect(services.before("ward-fhir-proxy-secret-readers")).toContain("ward-fhir-proxy-account");
    expect(services.ofType("projects/iAMCustomRole:IAMCustomRole").map(({ name }) => name)).toEqual([
      "ward-fhir-client-role",
    ]);
    expect(services.inputs("ward-phi-key-users")["members"]).toEqual([
      `serviceAccount:service-${numbers.phi}@gcp-sa-healthcare.iam.gserviceaccount.com`,
      `serviceAccount:service-${numbers.phi}@gcp-sa-logging.iam.gserviceaccount.com`,
    ]);
    expect(services.inputs("ward-platform-key-users")["members"]).toHaveLength(4);
    expect(services.all().filter(({ type }) => type.endsWith(":IAMMember"))).toEqual([]);
    expect(services.ofType("projects/service:Service").map(({ inputs }) => inputs["service"])).not.toContain(
      "aiplatform.googleapis.com",
    );
    expect([...types].filter((type) => type.startsWith("gcp:modelarmor"))).toEqual([]);
  });

  it("encrypt no disks, and have a log for each workload, where those run elsewhere", async () => {
    const services = await Services.of({
      ...smallPlatform,
      mesh: { kind: "istio", issuer: { name: "vault" } },
    });
    expect(services.inputs("ward-platform-key-users")["members"]).toHaveLength(2);
    expect(services.outputs["workloadLogNames"]).toEqual({
      "ai-gateway": "projects/hospital-gateway/logs/ward-ai-gateway",
      "decision-point": "projects/hospital-ai/logs/ward-decision-point",
      "fhir-proxy": "projects/hospital-ai/logs/ward-fhir-proxy",
    });
    expect(services.inputs("ward-gateway-ai-gateway-output")["filter"]).toBe('LOG_ID("ward-ai-gateway")');
    expect(services.members("peerMembers of auditLog", "workload/ai-gateway")).toEqual([
      "ward-gateway-ai-gateway-output",
    ]);
  });

  it("let clients into a FHIR store that exists already beside others, and create none", async () => {
    const id = `${place("hospital-phi")}/datasets/clinic/fhirStores/records`;
    const services = await Services.of(smallPlatform, new Map([["fhir-store", id]]));
    expect(services.outputs["storeIds"]).toEqual({ "fhir-store": id });
    expect(services.all().filter(({ type }) => /healthcare\/(?:dataset|fhirStore):/.test(type))).toEqual([]);
    expect(services.inputs("ward-fhir-store-client-fhir-proxy")).toEqual({
      fhirStoreId: id,
      role: "projects/hospital-phi/roles/ward_fhir_client",
      member: "serviceAccount:ward-fhir-proxy@hospital-ai.iam.gserviceaccount.com",
    });
  });

  it("hold stores that no flow names for nobody", async () => {
    const services = await Services.of({
      ...referencePlatform,
      flows: referencePlatform.flows.filter(({ to }) => !to.startsWith("data-store/")),
    });
    expect(services.ofType("healthcare/fhirStoreIamBinding:FhirStoreIamBinding")).toEqual([]);
    expect(JSON.parse(String(services.inputs("bulkhead-document-store-clients")["policyData"]))).toEqual({
      bindings: [{ role: phiRole("bucket_manager"), members: [`serviceAccount:${deployer}`] }],
    });
    expect(services.inputs("bulkhead-vector-index")["accesses"]).toEqual([
      { role: "OWNER", userByEmail: deployer },
    ]);
  });

  it("have an authority's API where the cloud issues certificates", async () => {
    const services = await Services.of({
      ...smallPlatform,
      certificates: { issuer: "managed" },
    });
    expect(services.ofType("projects/service:Service").map(({ inputs }) => inputs["service"])).toContain(
      "privateca.googleapis.com",
    );
  });
});
