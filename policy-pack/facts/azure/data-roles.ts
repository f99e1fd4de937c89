import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

import { referentsOf } from "./referents";
import type { StoreFamily } from "./store-types";

const definitionType = "azure-native:authorization:roledefinition";

/** What a role may open: a store of some kind, or a vault and the keys in it. */
export type OpenedFamily = StoreFamily | "vault";

/** What a role lets somebody into. */
export interface RoleReach {
  readonly families: readonly OpenedFamily[] | "everything";
  /** Why it may be less; `undefined` where it is known. */
  readonly assumption: string | undefined;
}

/** Roles of Azure's own that let somebody read or write what stores of a family hold, or give him their keys. */
const ofFamily: Readonly<Record<OpenedFamily, readonly string[]>> = {
  storage: [
    "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", // Storage Blob Data Owner
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe", // Storage Blob Data Contributor
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", // Storage Blob Data Reader
    "db58b8e5-c6ad-4a2a-8342-4190687cbf4a", // Storage Blob Delegator
    "974c5e8b-45b9-4653-ba55-5f855dd0fb88", // Storage Queue Data Contributor
    "19e7f393-937e-4f77-808e-94535e297925", // Storage Queue Data Reader
    "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3", // Storage Table Data Contributor
    "76199698-9eea-4c19-bc75-cec21354c6b6", // Storage Table Data Reader
    "17d1049b-9a84-46fb-8f53-869881c3d3ab", // Storage Account Contributor
    "81a9662b-bebf-436f-a333-f67b29880f12", // Storage Account Key Operator Service Role
  ],
  health: [
    "5a1fc7df-4bf1-4951-a576-89034ee01acd", // FHIR Data Contributor
    "4c8d0bbc-75d3-4935-991f-5f3c56d81508", // FHIR Data Reader
    "3f88fce4-5892-4214-ae73-ba5294559913", // FHIR Data Writer
    "3db33094-8700-4567-8da5-1501d4e7e843", // FHIR Data Exporter
    "4465e953-8ced-4406-a58e-0f6e3f3b530b", // FHIR Data Importer
  ],
  search: [
    "8ebe5a00-799e-43f5-93ac-243d3dce84a7", // Search Index Data Contributor
    "1407120a-92aa-4202-b7e9-c0e197c71c8f", // Search Index Data Reader
    "7ca78c08-252a-4471-8644-bb5ff32d4ba0", // Search Service Contributor
  ],
  database: [],
  vault: [
    "00482a5a-887f-4fb3-b363-3b7fe8e74483", // Key Vault Administrator
    "f25e0fa2-a7c8-4377-a976-54943a77a395", // Key Vault Contributor
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603", // Key Vault Crypto Officer
    "e147488a-f6f5-4113-8e2d-b22465e65bf6", // Key Vault Crypto Service Encryption User
    "08bbd89e-9f13-488c-ac41-acfcb10c90ab", // Key Vault Crypto Service Release User
    "12338af0-0e69-4776-bea7-57ae8d297424", // Key Vault Crypto User
    "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", // Key Vault Secrets Officer
    "4633458b-17de-408a-b874-0445c86b69e6", // Key Vault Secrets User
  ],
};

/** Roles that let somebody into no store: they show what there is, or open services of other kinds. */
const harmless: ReadonlySet<string> = new Set([
  "acdd72a7-3385-48ef-bd42-f606fba81ae7", // Reader
  "43d0d8ad-25c7-4714-9337-8ba259a9fe05", // Monitoring Reader
  "3913510d-42f4-4e42-8a64-420c390055eb", // Monitoring Metrics Publisher
  "73c42c96-874c-492b-b04d-ab87d138a893", // Log Analytics Reader
  "7f951dda-4ed3-4680-a7ca-43fe172d538d", // AcrPull
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd", // Cognitive Services OpenAI User
  "a97b65f3-24c7-4388-baec-2e87135dc908", // Cognitive Services User
]);

/** Roles that let somebody do everything, or give himself and others the roles to do it. */
const everything: ReadonlySet<string> = new Set([
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", // Owner
  "b24988ac-6180-42a0-ab88-20f7382dd24c", // Contributor
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", // User Access Administrator
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168", // Role Based Access Control Administrator
]);

/** Actions by which somebody gets at what a store holds: all of them, its keys, and roles. */
const opening =
  /\*|\/listkeys\/|\/listsas|\/regeneratekey|\/listadminkeys|\/listquerykeys|roleassignments\/write/i;

/** Whether a role that the stack defines lets somebody at data, by what it says. */
function isHarmless(graph: StackGraph, definition: Node): boolean {
  return itemsOf(graph.read(definition, "permissions")).every((permission) => {
    const within = (key: string): readonly Reading<unknown>[] =>
      itemsOf(memberReading(recordOf(permission), key));
    return (
      within("dataActions").length === 0 &&
      within("actions").every((action) => {
        const text = textOf(action);
        return text.kind === "known" && (/\/read$/i.test(text.value) || !opening.test(text.value));
      })
    );
  });
}

const reaches = new WeakMap<StackGraph, Map<Node, RoleReach>>();

/** What the role lets somebody into that an assignment names. Each is asked about for many stores and secrets. */
export function reachOf(graph: StackGraph, assignment: Node): RoleReach {
  const ofGraph = reaches.get(graph) ?? new Map<Node, RoleReach>();
  reaches.set(graph, ofGraph);
  const reach = ofGraph.get(assignment) ?? findReach(graph, assignment);
  ofGraph.set(assignment, reach);
  return reach;
}

function findReach(graph: StackGraph, assignment: Node): RoleReach {
  const id = graph.read(assignment, "roleDefinitionId");
  const definitions = referentsOf(graph, assignment, "roleDefinitionId", id, [definitionType]).flatMap(
    (to) => (to.kind === "resource" ? [to.node] : []),
  );
  const text = textOf(id);
  const guid = text.kind === "known" ? (text.value.split("/").at(-1) ?? "").toLowerCase() : undefined;
  if (definitions.length > 0) {
    return {
      families: definitions.every((one) => isHarmless(graph, one)) ? [] : "everything",
      assumption: undefined,
    };
  }
  if (guid === undefined) {
    return { families: "everything", assumption: "`roleDefinitionId` is not known" };
  }
  if (harmless.has(guid)) {
    return { families: [], assumption: undefined };
  }
  const families = (Object.keys(ofFamily) as OpenedFamily[]).filter((family) =>
    ofFamily[family].includes(guid),
  );
  return families.length > 0
    ? { families, assumption: undefined }
    : {
        families: "everything",
        assumption: everything.has(guid) ? undefined : `what role ${guid} lets somebody do`,
      };
}
