import { describe, expect, it } from "vitest";

import { extentText } from "../../../policy-pack/extent-text";
import type { Filter, Network } from "../../../policy-pack/facts/fact";
import {
  inheritZonesOfProjects,
  perimeterFacts,
  type PerimeterFacts,
} from "../../../policy-pack/facts/gcp/perimeter-facts";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly, gcpStackOf } from "./gcp-stack-of";
import {
  closedStatus,
  ingress,
  perimeterType,
  phiPerimeter,
  registerProjects,
  type Inputs,
} from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const platformUrn = "urn:pulumi:test::bulkhead::bulkhead:index:Platform::platform";
const platforms = new Map([[platformUrn, "hospital"]]);

const ofRag = "serviceAccount:rag@hospital-processing.iam.gserviceaccount.com";
const ofProxy = "serviceAccount:proxy@hospital-processing.iam.gserviceaccount.com";
const deployer = "serviceAccount:deployer@hospital-processing.iam.gserviceaccount.com";

const network: Network = {
  urn: "urn:pulumi:test::bulkhead::gcp:compute/network:Network::net",
  label: "Network net",
  zone: "processing",
  platform: "hospital",
  isInStack: true,
  ranges: [],
  isDetermined: true,
};

function firewall(peer: string): Filter {
  return {
    kind: "firewall",
    urn: `urn:firewall:${peer}`,
    label: `firewall of ${peer}`,
    zone: "processing",
    platform: "hospital",
    combination: "union",
    peer,
    network,
    subnets: undefined,
    egress: [],
    ingress: [],
  };
}

/** A platform with two workloads, a bucket and a FHIR store, and the perimeter around these. */
function platform(stack: Sketch, status: unknown): void {
  stack.addRaw({
    urn: platformUrn,
    type: "bulkhead:index:Platform",
    name: "platform",
    inputs: {},
    outputs: {
      cloud: "gcp",
      deployer: deployer.replace("serviceAccount:", ""),
      peerMembers: {
        "workload/rag": ["urn:pulumi:test::bulkhead::gcp:serviceaccount/account:Account::rag"],
        "workload/proxy": ["urn:pulumi:test::bulkhead::gcp:serviceaccount/account:Account::proxy"],
      },
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  registerProjects(stack, platformUrn);
  stack.add("gcp:compute/network:Network", "net", { name: "net", project: "hospital-processing" });
  for (const accountId of ["rag", "proxy"]) {
    stack.add("gcp:serviceaccount/account:Account", accountId, { accountId, project: "hospital-processing" });
  }
  const labels = (store: string): Inputs => ({
    "bulkhead-platform": "hospital",
    "bulkhead-zone": "phi",
    "bulkhead-data-store": store,
  });
  stack.add("gcp:storage/bucket:Bucket", "documents", {
    name: "documents",
    project: "hospital-phi",
    labels: labels("documents"),
  });
  // It says whom it lets in, or everybody who may view its project is.
  stack.add("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", "documents-policy", {
    bucket: "documents",
    policyData: JSON.stringify({ bindings: [] }),
  });
  stack.add("gcp:healthcare/fhirStore:FhirStore", "records", {
    name: "records",
    dataset: "projects/hospital-phi/locations/us-central1/datasets/d",
    labels: labels("records"),
  });
  stack.add(perimeterType, "phi", { name: phiPerimeter, parent: "accessPolicies/111", status });
}

const calls = (identity: unknown, service: string, from: Inputs = {}): Inputs =>
  ingress(
    { identities: [identity], ...from },
    { operations: [{ serviceName: service, methodSelectors: [{ method: "google.storage.objects.get" }] }] },
  );

function facts(
  knowledge: Knowledge,
  status: unknown,
  more: (stack: Sketch) => void = () => undefined,
): PerimeterFacts {
  const sketch = new Sketch(knowledge);
  platform(sketch, status);
  more(sketch);
  const stack = gcpStackOf(sketch, { platforms });
  inheritZonesOfProjects(stack);
  return perimeterFacts(stack, {
    filters: ["workload/rag", "workload/proxy"].map(firewall),
    networks: [network],
  });
}

/** Who is let in by the filter of a peer. */
function callers(found: PerimeterFacts, peer: string): readonly string[] {
  const filter = found.filters.find((one) => one.peer === peer);
  if (filter === undefined) {
    throw new Error(`no filter of ${peer}`);
  }
  return filter.ingress
    .map(
      (rule) =>
        `${extentText(rule)} ${rule.remote.kind === "filter" ? (rule.remote.filter.peer ?? "") : rule.remote.kind}${rule.assumption === undefined ? "" : "?"}`,
    )
    .sort();
}

function admitted(found: PerimeterFacts): readonly string[] {
  return [
    ...new Set(
      found.storeAdmissions.map(
        ({ urn, stores, who, assumption }) =>
          `${urn.split("::").at(-1) ?? ""}: ${who ?? "somebody"} to ${stores.join("+")}${assumption === undefined ? "" : "?"}`,
      ),
    ),
  ].sort();
}

describe.each(knowledges)("who calls a store of a platform, %s", (knowledge) => {
  const status = (...ingressPolicies: readonly unknown[]): Inputs => closedStatus({ ingressPolicies });

  it("is whom a rule of the perimeter names, for the store's service, to its project, from his own", () => {
    const stored = (...rules: readonly unknown[]): readonly (readonly string[])[] => {
      const found = facts(knowledge, status(...rules));
      return [callers(found, "data-store/documents"), callers(found, "data-store/records")];
    };
    expect(stored()).toEqual([[], []]);
    expect(stored(calls(ofRag, "storage.googleapis.com"))).toEqual([["tcp 443 workload/rag"], []]);
    expect(
      stored(calls(ofProxy, "healthcare.googleapis.com"), calls(ofRag, "storage.googleapis.com")),
    ).toEqual([["tcp 443 workload/rag"], ["tcp 443 workload/proxy"]]);
    expect(stored(calls(ofRag, "*"))).toEqual([["tcp 443 workload/rag"], ["tcp 443 workload/rag"]]);
    expect(
      stored(calls(ofRag, "storage.googleapis.com", { sources: [{ resource: "projects/1001" }] })),
    ).toEqual([[], []]);
    expect(stored(calls(ofRag, "storage.googleapis.com", { sources: [] }))).toEqual([
      ["tcp 443 workload/rag"],
      [],
    ]);
    expect(stored(ingress({ identities: [ofRag] }, { resources: ["projects/77"] }))).toEqual([[], []]);
    expect(stored(ingress({ identities: undefined, identityType: "ANY_IDENTITY" }))).toEqual([
      [],
      ["tcp 443 anything"],
    ]);
    expect(stored(ingress({ identities: ["principalSet://x/*"] }))).toEqual([[], ["tcp 443 anything"]]);
    expect(stored(ingress({ identities: [unknownText] }))).toEqual([[], ["tcp 443 anything?"]]);
    expect(stored(ingress({ identities: undefined }))).toEqual([[], []]);
    expect(stored(calls(deployer, "storage.googleapis.com"))).toEqual([[], []]);
  });

  it("is held against the flows, by rules of the perimeter and by roles", () => {
    const by = (rules: readonly unknown[], more?: (stack: Sketch) => void): readonly string[] =>
      admitted(facts(knowledge, status(...rules), more));
    expect(by([])).toEqual([]);
    expect(by([calls(ofRag, "storage.googleapis.com")])).toEqual([
      "phi: workload/rag to data-store/documents",
    ]);
    expect(by([calls("user:somebody@hospital.example", "storage.googleapis.com")])).toEqual([
      "phi: somebody to data-store/documents",
    ]);
    expect(by([calls(deployer, "storage.googleapis.com")])).toEqual([]);
    // Who deploys comes from the platform's own projects.
    expect(
      by([calls(deployer, "storage.googleapis.com", { sources: [{ resource: "projects/77" }] })]),
    ).toEqual(["phi: somebody to data-store/documents"]);
    const role = (type: string, inputs: Inputs): readonly string[] =>
      by([], (s) => {
        s.add(type, "grant", inputs);
      });
    const onBucket = "gcp:storage/bucketIAMMember:BucketIAMMember";
    expect(
      role(onBucket, { bucket: "documents", role: "roles/storage.objectViewer", member: ofRag }),
    ).toEqual(["grant: workload/rag to data-store/documents"]);
    expect(
      role(onBucket, { bucket: "documents", role: "roles/storage.objectViewer", member: "group:a@b.c" }),
    ).toEqual(["grant: somebody to data-store/documents"]);
    expect(role(onBucket, { bucket: "others", role: "roles/storage.objectViewer", member: ofRag })).toEqual(
      [],
    );
    expect(
      role(onBucket, { bucket: "documents", role: "roles/storage.objectViewer", member: "allUsers" }),
    ).toEqual([]);
    expect(role(onBucket, { bucket: "documents", role: "roles/storage.admin", member: deployer })).toEqual(
      [],
    );
    expect(
      role(onBucket, {
        bucket: "documents",
        role: "roles/storage.admin",
        member: "serviceAccount:service-3003@gcp-sa-healthcare.iam.gserviceaccount.com",
      }),
    ).toEqual([]);
    expect(
      role(onBucket, {
        bucket: "documents",
        role: "roles/storage.admin",
        member: "serviceAccount:service-77@gcp-sa-healthcare.iam.gserviceaccount.com",
      }),
    ).toEqual(["grant: somebody to data-store/documents"]);
    const onProject = "gcp:projects/iAMMember:IAMMember";
    expect(
      role(onProject, {
        project: "hospital-phi",
        role: "roles/healthcare.fhirResourceReader",
        member: ofProxy,
      }),
    ).toEqual(["grant: workload/proxy to data-store/records"]);
    expect(
      role(onProject, { project: "3003", role: "roles/healthcare.fhirResourceReader", member: ofProxy }),
    ).toEqual(["grant: workload/proxy to data-store/records"]);
    expect(role(onProject, { project: "hospital-phi", role: "roles/viewer", member: "group:a@b.c" })).toEqual(
      ["grant: somebody to data-store/documents", "grant: somebody to data-store/records"],
    );
    expect(
      role(onProject, { project: "hospital-processing", role: "roles/owner", member: "group:a@b.c" }),
    ).toEqual([]);
    expect(
      role(onProject, { project: "hospital-phi", role: "roles/logging.viewer", member: "group:a@b.c" }),
    ).toEqual([]);
    expect(role(onProject, { project: "hospital-phi", role: unknownText, member: ofRag })).toEqual([
      "grant: workload/rag to data-store/documents?",
      "grant: workload/rag to data-store/records?",
    ]);
    expect(
      role("gcp:folder/iAMMember:IAMMember", {
        folder: "folders/1",
        role: "roles/storage.admin",
        member: "group:a@b.c",
      }),
    ).toEqual(["grant: somebody to data-store/documents"]);
    expect(
      role("gcp:healthcare/datasetIamMember:DatasetIamMember", {
        datasetId: "hospital-phi/us-central1/d",
        role: "roles/healthcare.fhirResourceEditor",
        member: ofRag,
      }),
    ).toEqual(["grant: workload/rag to data-store/records"]);
    expect(
      role("gcp:projects/iAMPolicy:IAMPolicy", { project: "hospital-phi", policyData: unknownText }),
    ).toEqual(["grant: somebody to data-store/documents?", "grant: somebody to data-store/records?"]);
  });

  it("is whoever acts as somebody who is let in", () => {
    const account =
      "projects/hospital-processing/serviceAccounts/rag@hospital-processing.iam.gserviceaccount.com";
    const posing = (type: string, inputs: Inputs): readonly string[] =>
      admitted(
        facts(knowledge, status(calls(ofRag, "storage.googleapis.com")), (s) => {
          s.add(type, "pose", inputs);
        }),
      ).filter((text) => text.startsWith("pose"));
    const onAccount = "gcp:serviceaccount/iAMMember:IAMMember";
    const posed = ["pose: somebody to data-store/documents"];
    for (const role of [
      "roles/iam.serviceAccountTokenCreator",
      "roles/iam.serviceAccountUser",
      "roles/iam.workloadIdentityUser",
    ]) {
      expect(posing(onAccount, { serviceAccountId: account, role, member: "user:a@b.c" })).toEqual(posed);
      expect(posing(onAccount, { serviceAccountId: account, role, member: ofRag })).toEqual([]);
      expect(posing(onAccount, { serviceAccountId: account, role, member: ofProxy })).toEqual(posed);
      expect(posing(onAccount, { serviceAccountId: account, role, member: deployer })).toEqual([]);
    }
    expect(
      posing(onAccount, {
        serviceAccountId: account.replaceAll("rag", "proxy"),
        role: "roles/iam.serviceAccountUser",
        member: "user:a@b.c",
      }),
    ).toEqual([]);
    expect(
      posing(onAccount, {
        serviceAccountId: account,
        role: "roles/iam.workloadIdentityUser",
        member: "serviceAccount:hospital-processing.svc.id.goog[rag/rag]",
      }),
    ).toEqual([]);
    expect(
      posing(onAccount, {
        serviceAccountId: account,
        role: "roles/iam.workloadIdentityUser",
        member: "principalSet://iam.googleapis.com/x/*",
      }),
    ).toEqual(posed);
    expect(
      posing("gcp:projects/iAMMember:IAMMember", {
        project: "hospital-processing",
        role: "roles/iam.serviceAccountTokenCreator",
        member: "user:a@b.c",
      }),
    ).toEqual(posed);
    expect(posing("gcp:serviceaccount/key:Key", { serviceAccountId: account })).toEqual(posed);
    expect(
      posing("gcp:serviceaccount/key:Key", { serviceAccountId: account.replaceAll("rag", "proxy") }),
    ).toEqual([]);
    expect(posing("gcp:serviceaccount/key:Key", { serviceAccountId: unknownText })).toEqual(posed);
  });

  it("stands for a store that is only read, by what gives a role on it", () => {
    const found = facts(knowledge, status(calls(ofProxy, "healthcare.googleapis.com")), (s) => {
      s.remove("records");
      s.add("gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember", "grant", {
        fhirStoreId: "projects/hospital-phi/locations/us-central1/datasets/d/fhirStores/old",
        role: "roles/healthcare.fhirResourceEditor",
        member: ofProxy,
      });
      s.addRaw({
        urn: "urn:pulumi:test::bulkhead::a:b:C::c",
        type: "a:b:C",
        name: "c",
        inputs: {},
        outputs: {
          peerMembers: {
            "data-store/records": [
              "urn:pulumi:test::bulkhead::gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember::grant",
            ],
          },
        },
        custom: false,
        parent: platformUrn,
        computed: [],
      });
    });
    expect(callers(found, "data-store/records")).toEqual(["tcp 443 workload/proxy"]);
    expect(admitted(found)).toEqual([
      "grant: workload/proxy to data-store/records",
      "phi: workload/proxy to data-store/records",
    ]);
  });
});

describe.each(knowledges)("who calls a service of a platform, %s", (knowledge) => {
  const called = (type: string, inputs: Inputs): readonly string[] => {
    const found = facts(knowledge, closedStatus({ ingressPolicies: [] }), (s) => {
      s.add(type, "grant", inputs);
    });
    return found.filters
      .flatMap(({ peer, ingress: rules }) =>
        peer?.startsWith("platform-service/") === true
          ? rules.map(
              ({ remote }) =>
                `${remote.kind === "filter" ? (remote.filter.peer ?? "") : remote.kind} to ${peer}`,
            )
          : [],
      )
      .sort();
  };
  const onProject = (role: string, member = ofRag): readonly string[] =>
    called("gcp:projects/iAMMember:IAMMember", { project: "hospital-processing", role, member });

  it("is who is given a role of it", () => {
    expect(onProject("roles/logging.logWriter")).toEqual(["workload/rag to platform-service/logs"]);
    expect(onProject("roles/monitoring.metricWriter")).toEqual(["workload/rag to platform-service/metrics"]);
    expect(onProject("roles/aiplatform.user")).toEqual(["workload/rag to platform-service/model-inference"]);
    expect(onProject("roles/artifactregistry.reader")).toEqual(["workload/rag to platform-service/registry"]);
    expect(onProject("roles/secretmanager.secretAccessor", "user:a@b.c")).toEqual([]);
    expect(onProject("roles/iam.serviceAccountViewer")).toEqual([]);
    expect(onProject("roles/editor")).toHaveLength(7);
    expect(
      called("gcp:secretmanager/secretIamMember:SecretIamMember", {
        secretId: "projects/hospital-processing/secrets/s",
        role: "roles/secretmanager.secretAccessor",
        member: ofRag,
      }),
    ).toEqual(["workload/rag to platform-service/secrets"]);
    expect(
      called("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", {
        cryptoKeyId: "hospital-processing/us-central1/r/k",
        role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
        member: ofRag,
      }),
    ).toEqual(["workload/rag to platform-service/keys"]);
    expect(
      called("gcp:serviceaccount/iAMMember:IAMMember", {
        serviceAccountId:
          "projects/hospital-processing/serviceAccounts/rag@hospital-processing.iam.gserviceaccount.com",
        role: "roles/iam.serviceAccountOpenIdTokenCreator",
        member: ofRag,
      }),
    ).toEqual(["workload/rag to platform-service/identity"]);
  });

  it("is within a perimeter, as each project of a platform is", () => {
    const around = (resources: readonly string[]): readonly string[] =>
      briefly(
        facts(knowledge, closedStatus(), (s) => {
          s.add(perimeterType, "platform", {
            name: "accessPolicies/111/servicePerimeters/platform",
            status: closedStatus({ resources, ingressPolicies: [] }),
          });
        }).perimeterOpenings,
      );
    expect(around(["projects/1001", "projects/2002"])).toEqual([]);
    expect(around(["projects/2002"])).toEqual(["open projects"]);
    expect(around(["projects/1001"])).toEqual(["open net"]);
  });

  it("comes from the platform's own projects, into those of its zones", () => {
    const openings = (status: Inputs): readonly string[] =>
      briefly(facts(knowledge, closedStatus(status)).perimeterOpenings.filter(({ zone }) => zone === "phi"));
    const from = (sources: unknown): Inputs => ({
      ingressPolicies: [calls(ofRag, "storage.googleapis.com", { sources })],
    });
    expect(openings(from([{ resource: "projects/2002" }]))).toEqual([]);
    expect(openings(from([{ resource: "projects/2002" }, { resource: "projects/77" }]))).toEqual([
      "open phi",
    ]);
    expect(openings(from([{ accessLevel: "accessPolicies/111/accessLevels/office" }]))).toEqual(["open phi"]);
    const levelled = facts(
      knowledge,
      closedStatus(from([{ accessLevel: "accessPolicies/111/accessLevels/office" }])),
      (s) => {
        s.add("gcp:accesscontextmanager/accessLevel:AccessLevel", "office", {
          name: "accessPolicies/111/accessLevels/office",
          basic: { conditions: [{ ipSubnetworks: ["203.0.113.0/24"] }] },
        });
      },
    ).perimeterOpenings.filter(({ zone }) => zone === "phi");
    expect(briefly(levelled)).toEqual(["open phi"]);
    expect(openings({ resources: ["projects/3003", "projects/77"] })).toEqual(["open phi"]);
    expect(openings({ resources: ["projects/3003", unknownText] })).toEqual(["perhaps phi"]);
  });

  it("comes by an endpoint of Google's APIs", () => {
    const endpoint = (target: string | undefined): PerimeterFacts =>
      facts(knowledge, closedStatus(), (s) => {
        s.add("gcp:compute/globalAddress:GlobalAddress", "apis", {
          name: "apis",
          address: "10.255.0.2",
          purpose: "PRIVATE_SERVICE_CONNECT",
          project: "hospital-processing",
        });
        s.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "apis-rule", {
          name: "apis",
          project: "hospital-processing",
          ipAddress: "projects/hospital-processing/global/addresses/apis",
          ...(target === undefined ? {} : { target }),
        });
      });
    const served = endpoint("vpc-sc");
    expect(served.servedPeers.map(({ peer }) => peer)).toEqual([
      "platform-service/model-inference",
      "platform-service/secrets",
      "platform-service/logs",
      "platform-service/keys",
      "platform-service/registry",
      "platform-service/identity",
      "platform-service/metrics",
      "data-store/records",
      "data-store/documents",
    ]);
    expect(endpoint("projects/p/regions/r/serviceAttachments/a").servedPeers).toEqual([]);
    expect(endpoint(undefined).servedPeers).toEqual([]);
    const [subnet] = served.subnets;
    expect(subnet?.knownRanges).toEqual([{ family: "ipv4", from: 0x0aff0002, to: 0x0aff0003 }]);
    expect(served.subnets.map(({ zone }) => zone).sort()).toEqual(["phi", "processing"]);
    expect(served.safeguards().endpoints.length).toBeGreaterThan(0);
  });
});
