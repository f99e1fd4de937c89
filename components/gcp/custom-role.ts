import * as projects from "@pulumi/gcp/projects";
import type * as pulumi from "@pulumi/pulumi";

import type { PhysicalNames, ProjectZone } from "./physical-names";
import type { CustomRole } from "./service-grants";

/** Creates a role of our own in the project of a zone; `PhysicalNames.role` says what policies call it. */
export function customRole(
  platform: string,
  names: PhysicalNames,
  zone: ProjectZone,
  { what, title, permissions }: CustomRole,
  opts: pulumi.CustomResourceOptions,
): projects.IAMCustomRole {
  return new projects.IAMCustomRole(
    `${platform}-${what}-role`,
    {
      project: names.project(zone),
      roleId: names.underscored(what),
      title: `${platform}: ${title}`,
      permissions: [...permissions],
      stage: "GA",
    },
    opts,
  );
}
