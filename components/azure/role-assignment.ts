import * as authorization from "@pulumi/azure-native/authorization";
import type * as managedidentity from "@pulumi/azure-native/managedidentity";
import type * as pulumi from "@pulumi/pulumi";

import { stableHash } from "../../model/stable-hash";

import type { PhysicalNames } from "./physical-names";
import { roleDefinitions, type RoleName } from "./role-definitions";

export interface RoleAssignmentArgs {
  readonly names: PhysicalNames;
  readonly role: RoleName;
  /** The id of the one resource, or part of one, on which the role is given. */
  readonly scope: string;
  /** Who is given it. */
  readonly identity: managedidentity.UserAssignedIdentity;
  /** The id of that identity, which is known before it exists. */
  readonly identityId: string;
}

/**
 * The name of an assignment: a UUID of our own making (RFC 9562, version 8) that depends on who may do what on which
 * resource, so that the same assignment has the same name in every preview.
 */
export function assignmentName(identityId: string, role: RoleName, scope: string): string {
  const text = [identityId, role, scope].join("|").toLowerCase();
  const digits = [0, 1, 2, 3].map((part) =>
    stableHash(`${String(part)}|${text}`)
      .toString(16)
      .padStart(8, "0"),
  );
  return digits.join("").replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-8$3-a$4-$5");
}

/** Gives a managed identity a role on one resource. */
export function roleAssignment(
  logicalName: string,
  { names, role, scope, identity, identityId }: RoleAssignmentArgs,
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  return new authorization.RoleAssignment(
    logicalName,
    {
      roleAssignmentName: assignmentName(identityId, role, scope),
      scope,
      roleDefinitionId: names.roleDefinitionId(roleDefinitions[role]),
      principalId: identity.principalId,
      principalType: "ServicePrincipal",
      description: role,
    },
    // Azure gives no assignment's name away before the assignment is gone.
    { ...opts, deleteBeforeReplace: true },
  );
}
