import { itemsOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";

import { gcpKey } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import type { Grant } from "./iam-grants";

const customRoleTypes = ["gcp:projects:iamcustomrole", "gcp:organizations:iamcustomrole"] as const;

/** Types that say what roles let somebody do. */
export const roleTypes = customRoleTypes;

/** What a role lets somebody do. */
export interface RoleReach {
  /** The services that it opens, by the first part of their permissions, such as `storage`. */
  readonly services: ReadonlySet<string> | "everything";
  /** Whether it lets somebody act as a service account. */
  readonly impersonates: boolean;
  /** Why it may be less; `undefined` where it is known. */
  readonly assumption: string | undefined;
}

const nothing: RoleReach = { services: new Set(), impersonates: false, assumption: undefined };

/** Roles that let somebody do everything, or give himself and others the roles to do it. */
const everything: ReadonlySet<string> = new Set([
  "roles/owner",
  "roles/editor",
  "roles/viewer",
  "roles/accesscontextmanager.policyAdmin",
  "roles/accesscontextmanager.policyEditor",
  "roles/iam.organizationRoleAdmin",
  "roles/iam.roleAdmin",
  "roles/iam.securityAdmin",
  "roles/resourcemanager.folderAdmin",
  "roles/resourcemanager.folderIamAdmin",
  "roles/resourcemanager.organizationAdmin",
  "roles/resourcemanager.projectIamAdmin",
  "roles/resourcemanager.projectMover",
]);

/** Roles of services that hold data which show what there is, and nothing of what it holds. */
const harmless: ReadonlySet<string> = new Set([
  "roles/bigquery.jobUser",
  "roles/bigquery.metadataViewer",
  "roles/bigquery.resourceViewer",
  "roles/cloudkms.publicKeyViewer",
  "roles/cloudkms.viewer",
  "roles/healthcare.consentStoreViewer",
  "roles/healthcare.datasetViewer",
  "roles/healthcare.dicomStoreViewer",
  "roles/healthcare.fhirStoreViewer",
  "roles/healthcare.hl7V2StoreViewer",
  "roles/privateca.auditor",
  "roles/privateca.poolReader",
  "roles/pubsub.viewer",
  "roles/secretmanager.viewer",
  "roles/storage.bucketViewer",
]);

/** Roles by which somebody acts as a service account, or makes himself a key of it. */
const posing: ReadonlySet<string> = new Set([
  "roles/iam.serviceAccountAdmin",
  "roles/iam.serviceAccountKeyAdmin",
  "roles/iam.serviceAccountOpenIdTokenCreator",
  "roles/iam.serviceAccountTokenCreator",
  "roles/iam.serviceAccountUser",
  "roles/iam.workloadIdentityUser",
]);

/** Services whose roles have another name than their permissions. */
const sameService: Readonly<Record<string, string>> = { datastore: "firestore", vertex: "aiplatform" };

function serviceNamed(name: string): string {
  return sameService[name] ?? name;
}

/** Permissions by which somebody acts as a service account. */
const posingPermission =
  /^iam\.(?:serviceAccounts\.(?:actAs|getAccessToken|getOpenIdToken|implicitDelegation|signBlob|signJwt|setIamPolicy)|serviceAccountKeys\.create)$/;

/** Permissions by which somebody gives himself or others any role, or takes down a perimeter. */
const givingPermission =
  /^(?:resourcemanager\.\w+\.setIamPolicy|iam\.roles\.(?:create|update)|accesscontextmanager\.servicePerimeters\.\w*(?:update|delete|replaceAll|commit)\w*|\*)$/;

/** Permissions that show what there is, and nothing of what it holds. */
const showingPermission =
  /^(?:bigquery\.jobs\.create|storage\.buckets\.(?:get|list)|healthcare\.(?:datasets|fhirStores|dicomStores|hl7V2Stores|locations)\.(?:get|list)|cloudkms\.\w+\.(?:get|list)|privateca\.\w+\.(?:get|list)|pubsub\.\w+\.(?:get|list)|secretmanager\.\w+\.(?:get|list))$/;

function reachOfCustom({ graph }: GcpStack, role: Node): RoleReach {
  const permissions = itemsOf(graph.read(role, "permissions")).map(textOf);
  const known = permissions.flatMap((text) => (text.kind === "known" ? [text.value] : []));
  if (known.length < permissions.length || known.some((permission) => givingPermission.test(permission))) {
    return {
      services: "everything",
      impersonates: true,
      assumption:
        known.length < permissions.length ? `\`permissions\` of role ${role.name} are not known` : undefined,
    };
  }
  return {
    services: new Set(
      known
        .filter((permission) => !showingPermission.test(permission))
        .map((permission) => serviceNamed(permission.split(".")[0] ?? "")),
    ),
    impersonates: known.some((permission) => posingPermission.test(permission)),
    assumption: undefined,
  };
}

/** A grant, as far as its role is concerned. */
type GrantedRole = Pick<Grant, "node" | "role" | "key">;

/** The roles of the stack that a text, or a value that is not known yet, may name. */
function customRoles({ graph }: GcpStack, { node, role, key }: GrantedRole): readonly Node[] {
  if (role.kind === "known") {
    const key = gcpKey(role.value);
    return graph.ofType(...customRoleTypes).filter((one) => {
      const organisation = textOf(graph.read(one, "orgId"));
      const id = textOf(graph.read(one, "roleId"));
      return (
        graph.gcpNamesOf(one).includes(key) ||
        (organisation.kind === "known" &&
          id.kind === "known" &&
          key === `organizations/${organisation.value}/roles/${id.value}`)
      );
    });
  }
  // A list that says both who and which role, such as a dataset's, is one property.
  const origins = new Set(["role", key].flatMap((property) => node.propertyDependencies[property] ?? []));
  return [...origins].flatMap((urn) => {
    const origin = graph.node(urn);
    return origin !== undefined && customRoleTypes.some((type) => type === origin.resourceType)
      ? [origin]
      : [];
  });
}

function reach(stack: GcpStack, grant: Grant): RoleReach {
  const custom = customRoles(stack, grant);
  const [only, ...others] = custom;
  if (only !== undefined && others.length === 0) {
    return reachOfCustom(stack, only);
  }
  const role: Reading<string> = grant.role;
  if (role.kind !== "known") {
    return { services: "everything", impersonates: true, assumption: "`role` is not known" };
  }
  const [, name] = /^roles\/([a-zA-Z0-9]+)(?:\.|$)/.exec(role.value) ?? [];
  if (everything.has(role.value) || name === undefined) {
    return {
      services: "everything",
      impersonates: role.value !== "roles/viewer",
      assumption: name === undefined ? `what role ${role.value} lets somebody do` : undefined,
    };
  }
  return harmless.has(role.value)
    ? nothing
    : {
        services: new Set([serviceNamed(name)]),
        impersonates: posing.has(role.value),
        assumption: undefined,
      };
}

const reaches = new WeakMap<Grant, RoleReach>();

/** What the role of a grant lets its bearer do. */
export function reachOf(stack: GcpStack, grant: Grant): RoleReach {
  const known = reaches.get(grant) ?? reach(stack, grant);
  reaches.set(grant, known);
  return known;
}

/** Whether a role opens a service. */
export function opens({ services }: RoleReach, service: string): boolean {
  return services === "everything" || services.has(service);
}
