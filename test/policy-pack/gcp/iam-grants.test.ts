import { describe, expect, it } from "vitest";

import { grantsOf } from "../../../policy-pack/facts/gcp/iam-grants";
import { callerOf, callerText } from "../../../policy-pack/facts/gcp/iam-members";
import { reachOf } from "../../../policy-pack/facts/gcp/iam-roles";
import { inheritZonesOfProjects } from "../../../policy-pack/facts/gcp/perimeter-facts";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";
import { registerProjects, type Inputs } from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const rag = "serviceAccount:rag@hospital-processing.iam.gserviceaccount.com";

/** The grants of a stack, as `who: role on what`. */
function grants(knowledge: Knowledge, build: (stack: Sketch) => void): readonly string[] {
  const sketch = new Sketch(knowledge);
  registerProjects(sketch);
  sketch.add("gcp:serviceaccount/account:Account", "rag", {
    accountId: "rag",
    project: "hospital-processing",
  });
  build(sketch);
  const stack = gcpStackOf(sketch);
  inheritZonesOfProjects(stack);
  return grantsOf(stack).map(({ node, key, member, role, place }) => {
    const on =
      place.kind === "resource"
        ? place.referents
            .map((one) =>
              one.kind === "resource" ? one.node.name : one.kind === "external" ? one.id : one.kind,
            )
            .join("+")
        : place.kind === "project"
          ? place.project.kind === "project"
            ? (place.project.project.id ?? place.project.project.number ?? "")
            : place.project.kind
          : place.kind;
    const who = callerText(callerOf(stack, node, key, member));
    return `${who}: ${role.kind === "known" ? role.value : role.kind} on ${on}`;
  });
}

describe.each(knowledges)("roles that are given, %s", (knowledge) => {
  const one = (type: string, inputs: Inputs): readonly string[] =>
    grants(knowledge, (s) => {
      s.add(type, "grant", inputs);
    });

  it("are of a member, of members, and of a whole policy", () => {
    const project = { project: "hospital-phi" };
    const role = "roles/storage.objectViewer";
    expect(one("gcp:projects/iAMMember:IAMMember", { ...project, role, member: rag })).toEqual([
      "service account rag: roles/storage.objectViewer on hospital-phi",
    ]);
    expect(
      one("gcp:projects/iAMBinding:IAMBinding", { ...project, role, members: [rag, "group:a@b.c"] }),
    ).toEqual([
      "service account rag: roles/storage.objectViewer on hospital-phi",
      "group:a@b.c, who is not of the stack: roles/storage.objectViewer on hospital-phi",
    ]);
    const policyData = JSON.stringify({
      bindings: [
        { role, members: [rag, "deleted:user:x@y.z?uid=1"] },
        { role: "roles/viewer", members: ["allUsers"] },
      ],
    });
    expect(one("gcp:projects/iAMPolicy:IAMPolicy", { ...project, policyData })).toEqual([
      "service account rag: roles/storage.objectViewer on hospital-phi",
      "anybody: roles/viewer on hospital-phi",
    ]);
    expect(one("gcp:projects/iAMPolicy:IAMPolicy", { ...project, policyData: unknownText })).toEqual([
      "somebody who is not known yet: unknown on hospital-phi",
    ]);
    expect(one("gcp:projects/iAMPolicy:IAMPolicy", { ...project, policyData: "no JSON" })).toEqual([
      "somebody who is not known yet: unknown on hospital-phi",
    ]);
    expect(one("gcp:projects/iAMBinding:IAMBinding", { ...project, role, members: unknownText })).toEqual([
      "somebody who is not known yet: roles/storage.objectViewer on hospital-phi",
    ]);
  });

  it("are on what is named, in each way in which it is named", () => {
    const on = (type: string, inputs: Inputs): string | undefined =>
      one(type, { role: "roles/x.y", member: rag, ...inputs })[0]?.replace(/^.* on /, "");
    expect(on("gcp:organizations/iAMMember:IAMMember", { orgId: "1" })).toBe("above");
    expect(on("gcp:folder/iAMMember:IAMMember", { folder: "folders/1" })).toBe("above");
    expect(on("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: "scans" })).toBe("scans");
    const fhir = "projects/hospital-phi/locations/us-central1/datasets/d/fhirStores/s";
    for (const fhirStoreId of [fhir, "hospital-phi/us-central1/d/s"]) {
      expect(on("gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember", { fhirStoreId })).toBe(fhir);
    }
    expect(
      on("gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember", { fhirStoreId: "us-central1/d/s" }),
    ).toBe(fhir.replace("hospital-phi", "hospital-ai"));
    expect(
      on("gcp:healthcare/datasetIamMember:DatasetIamMember", { datasetId: "hospital-phi/us-central1/d" }),
    ).toBe("projects/hospital-phi/locations/us-central1/datasets/d");
    expect(
      on("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", { cryptoKeyId: "hospital-phi/us-central1/r/k" }),
    ).toBe("projects/hospital-phi/locations/us-central1/keyRings/r/cryptoKeys/k");
    expect(
      on("gcp:secretmanager/secretIamMember:SecretIamMember", {
        secretId: "s",
        project: "hospital-processing",
      }),
    ).toBe("projects/hospital-processing/secrets/s");
    expect(
      on("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", {
        repository: "r",
        location: "us",
        project: "hospital-processing",
      }),
    ).toBe("projects/hospital-processing/locations/us/repositories/r");
    expect(
      on("gcp:serviceaccount/iAMMember:IAMMember", {
        serviceAccountId:
          "projects/hospital-processing/serviceAccounts/rag@hospital-processing.iam.gserviceaccount.com",
      }),
    ).toBe("rag");
    expect(
      on("gcp:bigquery/iamMember:IamMember", { datasetId: "d", tableId: "t", project: "hospital-phi" }),
    ).toBe("projects/hospital-phi/datasets/d");
    expect(on("gcp:pubsub/topicIAMMember:TopicIAMMember", { topic: "t", project: "hospital-phi" })).toBe(
      "projects/hospital-phi/topics/t",
    );
    expect(
      on("gcp:compute/instanceIAMMember:InstanceIAMMember", { instanceName: "i", project: "hospital-phi" }),
    ).toBe("hospital-phi");
    expect(on("gcp:storage/bucketIAMMember:BucketIAMMember", { bucket: unknownText })).toBe("undetermined");
  });

  it("are of the lists of datasets and buckets as well", () => {
    expect(
      one("gcp:bigquery/dataset:Dataset", {
        datasetId: "d",
        project: "hospital-phi",
        accesses: [
          { role: "OWNER", userByEmail: "rag@hospital-processing.iam.gserviceaccount.com" },
          { role: "READER", specialGroup: "projectReaders" },
          { role: "WRITER", groupByEmail: "g@b.c" },
          { role: "roles/bigquery.dataViewer", iamMember: "allUsers" },
          { view: { projectId: "p", datasetId: "e", tableId: "v" } },
        ],
      }),
    ).toEqual([
      "service account rag: roles/bigquery.dataOwner on grant",
      "projectViewer:, who is not of the stack: roles/bigquery.dataViewer on grant",
      "group:g@b.c, who is not of the stack: roles/bigquery.dataEditor on grant",
      "anybody: roles/bigquery.dataViewer on grant",
    ]);
    expect(
      one("gcp:bigquery/datasetAccess:DatasetAccess", {
        datasetId: "d",
        project: "hospital-phi",
        role: "READER",
        domain: "b.c",
      }),
    ).toEqual([
      "domain:b.c, who is not of the stack: roles/bigquery.dataViewer on projects/hospital-phi/datasets/d",
    ]);
    expect(
      one("gcp:storage/bucketAccessControl:BucketAccessControl", {
        bucket: "scans",
        entity: "user-rag@hospital-processing.iam.gserviceaccount.com",
      }),
    ).toEqual(["service account rag: roles/storage.legacyObjectReader on scans"]);
    expect(
      one("gcp:storage/bucketACL:BucketACL", {
        bucket: "scans",
        roleEntities: ["READER:allUsers", "OWNER:project-owners-3003"],
      }),
    ).toEqual([
      "anybody: roles/storage.legacyObjectReader on scans",
      "projectOwner:3003, who is not of the stack: roles/storage.legacyObjectReader on scans",
    ]);
    expect(
      one("gcp:privilegedaccessmanager/entitlement:Entitlement", {
        parent: "projects/hospital-phi",
        eligibleUsers: [{ principals: ["group:g@b.c"] }],
        privilegedAccess: { gcpIamAccess: { roleBindings: [{ role: "roles/storage.admin" }] } },
      }),
    ).toEqual(["group:g@b.c, who is not of the stack: roles/storage.admin on hospital-phi"]);
  });

  it("are of accounts of the stack, however these are named", () => {
    const who = (member: unknown): unknown =>
      grants(knowledge, (s) => {
        s.add("gcp:projects/iAMMember:IAMMember", "grant", {
          project: "hospital-phi",
          role: "roles/x.y",
          member,
        });
      })[0]?.replace(/: roles.*$/, "");
    expect(who(rag)).toBe("service account rag");
    expect(who("rag@hospital-processing.iam.gserviceaccount.com")).toBe("service account rag");
    const sketch = new Sketch(knowledge);
    const account = sketch.add("gcp:serviceaccount/account:Account", "rag", {
      accountId: "rag",
      project: "hospital-processing",
    });
    expect(who(`serviceAccount:${account}.email`)).toBe("service account rag");
    expect(who("serviceAccount:other@hospital-processing.iam.gserviceaccount.com")).toBe(
      "serviceAccount:other@hospital-processing.iam.gserviceaccount.com, who is not of the stack",
    );
    expect(who("serviceAccount:service-3003@gcp-sa-healthcare.iam.gserviceaccount.com")).toBe(
      "a service that works for project 3003",
    );
    expect(who("serviceAccount:bq-3003@bigquery-encryption.iam.gserviceaccount.com")).toBe(
      "a service that works for project 3003",
    );
    expect(who("serviceAccount:hospital-processing.svc.id.goog[rag/rag]")).toBe(
      "a service that works for project hospital-processing",
    );
    expect(who("serviceAccount:elsewhere.svc.id.goog[rag/rag]")).toBe(
      "serviceAccount:elsewhere.svc.id.goog[rag/rag], who is not of the stack",
    );
    expect(who("principal://iam.googleapis.com/x/subject/s")).toBe(
      "principal://iam.googleapis.com/x/subject/s, who is not of the stack",
    );
    expect(who("allAuthenticatedUsers")).toBe("anybody");
    expect(who(unknownText)).toBe("somebody who is not known yet");
  });
});

describe.each(knowledges)("what roles let somebody do, %s", (knowledge) => {
  const reach = (role: unknown, permissions?: unknown): unknown => {
    const sketch = new Sketch(knowledge);
    if (permissions !== undefined) {
      sketch.add("gcp:projects/iAMCustomRole:IAMCustomRole", "own", {
        roleId: "own",
        project: "hospital-phi",
        permissions,
      });
    }
    sketch.add("gcp:projects/iAMMember:IAMMember", "grant", { project: "hospital-phi", role, member: rag });
    const stack = gcpStackOf(sketch);
    const [grant] = grantsOf(stack);
    if (grant === undefined) {
      return "no grant";
    }
    const { services, impersonates, assumption } = reachOf(stack, grant);
    return [
      services === "everything" ? services : [...services].sort().join(" "),
      ...(impersonates ? ["poses"] : []),
      ...(assumption === undefined ? [] : ["perhaps"]),
    ].join(", ");
  };

  it("is told by their names", () => {
    expect(reach("roles/storage.objectViewer")).toBe("storage");
    expect(reach("roles/healthcare.fhirResourceReader")).toBe("healthcare");
    expect(reach("roles/datastore.user")).toBe("firestore");
    expect(reach("roles/bigquery.jobUser")).toBe("");
    expect(reach("roles/healthcare.fhirStoreViewer")).toBe("");
    expect(reach("roles/owner")).toBe("everything, poses");
    expect(reach("roles/editor")).toBe("everything, poses");
    expect(reach("roles/viewer")).toBe("everything");
    expect(reach("roles/resourcemanager.projectIamAdmin")).toBe("everything, poses");
    expect(reach("roles/iam.serviceAccountTokenCreator")).toBe("iam, poses");
    expect(reach("roles/iam.serviceAccountUser")).toBe("iam, poses");
    expect(reach("roles/iam.serviceAccountViewer")).toBe("iam");
    expect(reach(unknownText)).toBe("everything, poses, perhaps");
    expect(reach("projects/hospital-phi/roles/other")).toBe("everything, poses, perhaps");
  });

  it("is told by the permissions of those that the stack makes", () => {
    const own = "projects/hospital-phi/roles/own";
    expect(
      reach(own, ["storage.objects.get", "healthcare.fhirResources.get", "monitoring.timeSeries.create"]),
    ).toBe("healthcare monitoring storage");
    expect(reach(own, ["storage.buckets.list", "bigquery.jobs.create"])).toBe("");
    expect(reach(own, ["resourcemanager.projects.setIamPolicy"])).toBe("everything, poses");
    expect(reach(own, ["iam.serviceAccounts.getAccessToken"])).toBe("iam, poses");
    expect(reach(own, ["storage.objects.get", unknownText])).toBe("everything, poses, perhaps");
    expect(reach(own, unknownText)).toBe("everything, poses, perhaps");
  });
});
