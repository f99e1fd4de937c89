import { describe, expect, it } from "vitest";

import { foreignSubscription, here } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, ownSubscription, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { serviceFactsOf } from "./service-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const role = (guid: string, of = `/subscriptions/${ownSubscription}`): string =>
  `${of}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
const blobReader = role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1");
const fhirWriter = role("3f88fce4-5892-4214-ae73-ba5294559913");
const searchReader = role("1407120a-92aa-4202-b7e9-c0e197c71c8f");
const reader = role("acdd72a7-3385-48ef-bd42-f606fba81ae7");
const owner = role("8e3af657-a8ff-443c-a75c-2fe8c4bcb635");
const group = `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}`;

/** A stack with a store of documents, `documents`, and one of FHIR, `fhir`, which let nobody in by a key. */
function stores(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const tags = (store: string): Inputs => ({ tags: { ...inZone("phi"), "bulkhead-data-store": store } });
  stack.add("azure-native:storage:StorageAccount", "documents", {
    ...here,
    accountName: "documents",
    allowSharedKeyAccess: false,
    ...tags("document-store"),
  });
  stack.add("azure-native:healthcareapis:Workspace", "health", {
    ...here,
    workspaceName: "health",
    ...tags("fhir-store"),
  });
  stack.add("azure-native:healthcareapis:FhirService", "fhir", {
    ...here,
    workspaceName: "health",
    fhirServiceName: "fhir",
    ...tags("fhir-store"),
  });
  stack.add("azure-native:managedidentity:UserAssignedIdentity", "proxy", {
    ...here,
    resourceName: "proxy",
    tags: { "bulkhead-workload": "fhir-proxy" },
  });
  return stack;
}

function admissions(stack: Sketch): readonly string[] {
  return [
    ...new Set(
      serviceFactsOf(stack).storeAdmissions.map(
        ({ stores: of, who, assumption }) =>
          `${assumption === undefined ? "" : "perhaps "}${who ?? "somebody"} to ${of.join(" and ") || "a store"}`,
      ),
    ),
  ].sort();
}

describe.each(knowledges)("whom the stores of the PHI zone let in, %s", (knowledge) => {
  const given = (
    scope: (stack: Sketch) => unknown,
    roleDefinitionId: unknown,
    principalId: (stack: Sketch) => unknown = (s) => `${s.id("proxy")}.principalId`,
  ): readonly string[] => {
    const stack = stores(knowledge);
    stack.add("azure-native:authorization:RoleAssignment", "assignment", {
      scope: scope(stack),
      roleDefinitionId,
      principalId: principalId(stack),
    });
    return admissions(stack);
  };
  const documents = (s: Sketch): string => s.id("documents");
  const fhir = (s: Sketch): string => s.id("fhir");

  it("is nobody where no role is given", () => {
    expect(admissions(stores(knowledge))).toEqual([]);
  });

  it("is the workload whose identity is given a role on a store, or on a part of one", () => {
    expect(given(documents, blobReader)).toEqual(["workload/fhir-proxy to data-store/document-store"]);
    expect(given((s) => `${documents(s)}/blobServices/default/containers/records`, blobReader)).toEqual([
      "workload/fhir-proxy to data-store/document-store",
    ]);
    expect(given(fhir, fhirWriter)).toEqual(["workload/fhir-proxy to data-store/fhir-store"]);
    expect(given((s) => s.id("health"), fhirWriter)).toEqual([
      "workload/fhir-proxy to data-store/fhir-store",
    ]);
    expect(given(documents, blobReader.toUpperCase().replace("/SUBSCRIPTIONS", "/subscriptions"))).toEqual([
      "workload/fhir-proxy to data-store/document-store",
    ]);
    expect(given(documents, role("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", ""))).toEqual([
      "workload/fhir-proxy to data-store/document-store",
    ]);
  });

  it("is nobody by a role of another kind of store, or that opens none", () => {
    expect(given(documents, searchReader)).toEqual([]);
    expect(given(fhir, blobReader)).toEqual([]);
    expect(given(documents, reader)).toEqual([]);
  });

  it("is whoever has a role around the stores", () => {
    expect(given(() => group, blobReader)).toEqual(["workload/fhir-proxy to data-store/document-store"]);
    expect(given(() => group, owner)).toEqual([
      "workload/fhir-proxy to data-store/document-store",
      "workload/fhir-proxy to data-store/fhir-store",
    ]);
    expect(given(() => `/subscriptions/${ownSubscription}`, fhirWriter)).toEqual([
      "workload/fhir-proxy to data-store/fhir-store",
    ]);
    expect(given(() => `/subscriptions/${foreignSubscription}`, owner)).toEqual([]);
    expect(given(() => `${group}-other`, owner)).toEqual([]);
    expect(given(() => "/providers/Microsoft.Management/managementGroups/clinic", owner)).toEqual([
      "perhaps workload/fhir-proxy to data-store/document-store",
      "perhaps workload/fhir-proxy to data-store/fhir-store",
    ]);
  });

  it("is anybody to anything where a role, a scope or a principal is not known", () => {
    expect(given(documents, role("00000000-1111-2222-3333-444444444444"))).toEqual([
      "perhaps workload/fhir-proxy to data-store/document-store",
    ]);
    expect(given(documents, unknownText)).toEqual([
      "perhaps workload/fhir-proxy to data-store/document-store",
    ]);
    expect(given(() => unknownText, fhirWriter)).toEqual([
      "perhaps workload/fhir-proxy to data-store/fhir-store",
    ]);
    expect(given(documents, blobReader, () => unknownText)).toEqual([
      "somebody to data-store/document-store",
    ]);
    expect(given(documents, blobReader, () => "99999999-0000-0000-0000-000000000000")).toEqual([
      "somebody to data-store/document-store",
    ]);
  });

  it("is somebody where the identity is no workload's", () => {
    expect(
      given(documents, blobReader, (s) => {
        const id = s.add("azure-native:managedidentity:UserAssignedIdentity", "operator", {
          ...here,
          resourceName: "operator",
        });
        return `${id}.principalId`;
      }),
    ).toEqual(["somebody to data-store/document-store"]);
  });

  it("is what a role of the stack's own says", () => {
    const own = (permissions: unknown): readonly string[] => {
      const stack = stores(knowledge);
      const definition = stack.add("azure-native:authorization:RoleDefinition", "role", {
        scope: group,
        permissions,
      });
      stack.add("azure-native:authorization:RoleAssignment", "assignment", {
        scope: stack.id("documents"),
        roleDefinitionId: definition,
        principalId: `${stack.id("proxy")}.principalId`,
      });
      return admissions(stack);
    };
    const found = ["workload/fhir-proxy to data-store/document-store"];
    expect(own([{ actions: ["Microsoft.Storage/storageAccounts/read"] }])).toEqual([]);
    expect(own([{ actions: ["Microsoft.Storage/storageAccounts/write"], dataActions: [] }])).toEqual([]);
    expect(
      own([{ dataActions: ["Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"] }]),
    ).toEqual(found);
    expect(own([{ actions: ["Microsoft.Storage/storageAccounts/listKeys/action"] }])).toEqual(found);
    expect(own([{ actions: ["*"] }])).toEqual(found);
    expect(own([{ actions: ["Microsoft.Authorization/roleAssignments/write"] }])).toEqual(found);
    expect(own([{ actions: [unknownText] }])).toEqual(found);
    expect(own(unknownText)).toEqual(found);
  });

  it("is whoever has a key, where a store has keys", () => {
    const keyed = (type: string, inputs: Inputs): readonly string[] => {
      const stack = new Sketch(knowledge);
      stack.add(`azure-native:${type}`, "store", {
        ...here,
        ...inputs,
        tags: { ...inZone("phi"), "bulkhead-data-store": "store" },
      });
      return admissions(stack);
    };
    for (const [type, key, value] of [
      ["storage:StorageAccount", "allowSharedKeyAccess", false],
      ["search:Service", "disableLocalAuth", true],
      ["cosmosdb:DatabaseAccount", "disableLocalAuth", true],
      ["eventhub:Namespace", "disableLocalAuth", true],
      ["redis:Redis", "disableAccessKeyAuthentication", true],
    ] as const) {
      expect(keyed(type, { [key]: value })).toEqual([]);
      expect(keyed(type, { [key]: !value })).toEqual(["somebody to data-store/store"]);
      expect(keyed(type, {})).toEqual(["somebody to data-store/store"]);
      expect(keyed(type, { [key]: unknownText })).toEqual(["perhaps somebody to data-store/store"]);
    }
  });

  it("is whom the policies of a vault name, where roles do not decide", () => {
    const named = (
      properties: Inputs,
      zone: "phi" | "processing" = "phi",
      more?: Inputs,
    ): readonly string[] => {
      const stack = stores(knowledge);
      stack.add("azure-native:keyvault:Vault", "vault", {
        ...here,
        vaultName: "vault",
        properties,
        tags: inZone(zone),
      });
      if (more !== undefined) {
        stack.add("azure-native:keyvault:AccessPolicy", "policy", {
          resourceGroupName: ownGroup,
          vaultName: "vault",
          policy: more,
        });
      }
      return admissions(stack);
    };
    const entry = { objectId: "99999999-0000-0000-0000-000000000000" };
    expect(named({ enableRbacAuthorization: true, accessPolicies: [entry] })).toEqual([]);
    expect(named({ accessPolicies: [entry] })).toEqual(["somebody to a store"]);
    expect(named({ accessPolicies: [] })).toEqual([]);
    expect(named({ accessPolicies: unknownText })).toEqual(["perhaps somebody to a store"]);
    expect(named({ accessPolicies: [entry] }, "processing")).toEqual([]);
    expect(named({ enableRbacAuthorization: false }, "phi", entry)).toEqual(["somebody to a store"]);
    expect(named({ enableRbacAuthorization: true }, "phi", entry)).toEqual([]);
  });
});
