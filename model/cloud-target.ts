import { z } from "zod";

import { shapeFindings, shapeInvariant } from "./invariants/shape";
import { PlatformError } from "./platform-error";
import type { ZoneId } from "./zone";

export const cloudKinds = ["aws", "azure", "gcp"] as const;

/** The clouds that the model knows, and on which it is rendered. */
export type CloudKind = (typeof cloudKinds)[number];

/** Where on AWS the platform is rendered. */
export interface AwsTarget {
  readonly kind: "aws";
  readonly region: string;
  /** The twelve digits of the account that owns the platform. */
  readonly accountId: string;
  /** The availability zones over which each zone's subnets are spread: two or three, by name. */
  readonly availabilityZones: readonly string[];
}

export const azureAvailabilityZones = ["1", "2", "3"] as const;

/** An availability zone of a region of Azure's. */
export type AzureAvailabilityZone = (typeof azureAvailabilityZones)[number];

/** Where on Azure the platform is rendered. */
export interface AzureTarget {
  readonly kind: "azure";
  /** The region, such as `eastus2`. */
  readonly location: string;
  /** The id of the Microsoft Entra tenant whose identities the platform knows, in lower case. */
  readonly tenantId: string;
  /** The id of the subscription that owns the platform, in lower case. */
  readonly subscriptionId: string;
  /**
   * The availability zones over which what has instances is spread. Subnets of Azure lie in all of them. None in a region
   * that has none.
   */
  readonly availabilityZones: readonly AzureAvailabilityZone[];
}

/** A project of Google Cloud's. */
export interface GoogleProject {
  /** Its id, such as `hospital-ai-phi`, by which resources are put into it. */
  readonly id: string;
  /** Its number, in digits, by which service perimeters know it. */
  readonly number: string;
}

/** The zones that have a project of their own on Google Cloud whatever the platform is. */
export const zonesWithProject = ["gateway", "processing", "phi"] as const satisfies readonly ZoneId[];

/** Where on Google Cloud the platform is rendered. */
export interface GcpTarget {
  readonly kind: "gcp";
  /** The region, such as `us-central1`. */
  readonly region: string;
  /** The zones of the region over which what has instances is spread: two or three, by name. */
  readonly availabilityZones: readonly string[];
  /** The number, in digits, of the organisation's access policy, which holds the service perimeters. */
  readonly accessPolicyId: string;
  /** The projects that exist already, one for each zone of the platform; that of `egress` where there is one. */
  readonly projects: Readonly<Record<(typeof zonesWithProject)[number], GoogleProject>> & {
    /** Where external providers are reached from; there only with an egress zone. */
    readonly egress?: GoogleProject | undefined;
  };
}

/** Where the platform is rendered. */
export type CloudTarget = AwsTarget | AzureTarget | GcpTarget;

/**
 * The shape of a target on AWS, as the stack's configuration says it.
 *
 * Three availability zones are the most: with four, the network ACL of the processing workloads would need more rules
 * than AWS grants by default (20 per direction; Amazon VPC quotas, "Network ACLs").
 */
export const awsTargetSchema = z
  .strictObject({
    kind: z.literal("aws"),
    region: z
      .string()
      .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, "is not the name of an AWS region, such as us-east-1"),
    accountId: z.string().regex(/^\d{12}$/, "is not the twelve digits of an AWS account"),
    availabilityZones: z
      .array(z.string())
      .min(2, "needs at least two availability zones")
      .max(3, "takes at most three availability zones"),
  })
  .superRefine((target, context) => {
    target.availabilityZones.forEach((zone, index) => {
      if (!zone.startsWith(target.region) || !/^[a-h]$/.test(zone.slice(target.region.length))) {
        context.addIssue({
          code: "custom",
          path: ["availabilityZones", index],
          message: `is not an availability zone of ${target.region}: its name is the region's with a letter from a to h`,
        });
      }
      if (target.availabilityZones.indexOf(zone) !== index) {
        context.addIssue({ code: "custom", path: ["availabilityZones", index], message: "is named twice" });
      }
    });
  });

/** An id of Microsoft Entra or of Azure, a UUID, in lower case. */
const uuid = (of: string): z.ZodType<string> =>
  z
    .string()
    .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, `is not the id of ${of}`)
    .transform((text) => text.toLowerCase());

/** The shape of a target on Azure, as the stack's configuration says it. Without availability zones it has all three. */
export const azureTargetSchema = z
  .strictObject({
    kind: z.literal("azure"),
    location: z
      .string()
      .regex(/^[a-z]+[a-z0-9]*$/, "is not the short name of an Azure region, such as eastus2"),
    tenantId: uuid("a tenant of Microsoft Entra"),
    subscriptionId: uuid("an Azure subscription"),
    availabilityZones: z.array(z.enum(azureAvailabilityZones)).default([...azureAvailabilityZones]),
  })
  .superRefine(({ availabilityZones }, context) => {
    availabilityZones.forEach((zone, index) => {
      if (availabilityZones.indexOf(zone) !== index) {
        context.addIssue({ code: "custom", path: ["availabilityZones", index], message: "is named twice" });
      }
    });
  });

/** A project, as the stack's configuration says it (Resource Manager, "Creating and managing projects"). */
const googleProject = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "is not the id of a project, such as hospital-ai-phi"),
  number: z.string().regex(/^\d{6,19}$/, "is not the number of a project, written as a text of digits"),
});

const zonesOfProjects = [...zonesWithProject, "egress"] as const;

/** The shape of a target on Google Cloud, as the stack's configuration says it. */
export const gcpTargetSchema = z
  .strictObject({
    kind: z.literal("gcp"),
    region: z
      .string()
      .regex(/^[a-z]+-[a-z]+\d+$/, "is not the name of a region of Google Cloud, such as us-central1"),
    availabilityZones: z
      .array(z.string())
      .min(2, "needs at least two zones")
      .max(3, "takes at most three zones"),
    accessPolicyId: z
      .string()
      .regex(/^\d+$/, "is not the number of an access policy, written as a text of digits"),
    projects: z.strictObject({
      gateway: googleProject,
      processing: googleProject,
      phi: googleProject,
      egress: googleProject.optional(),
    }),
  })
  .superRefine((target, context) => {
    target.availabilityZones.forEach((zone, index) => {
      if (!zone.startsWith(`${target.region}-`) || !/^[a-f]$/.test(zone.slice(target.region.length + 1))) {
        context.addIssue({
          code: "custom",
          path: ["availabilityZones", index],
          message: `is not a zone of ${target.region}: its name is the region's with a hyphen and a letter from a to f`,
        });
      }
      if (target.availabilityZones.indexOf(zone) !== index) {
        context.addIssue({ code: "custom", path: ["availabilityZones", index], message: "is named twice" });
      }
    });
    const projects = zonesOfProjects.flatMap((zone) => {
      const project = target.projects[zone];
      return project === undefined ? [] : [[zone, project] as const];
    });
    for (const key of ["id", "number"] as const) {
      projects.forEach(([zone, project], index) => {
        if (projects.findIndex(([, other]) => other[key] === project[key]) !== index) {
          context.addIssue({
            code: "custom",
            path: ["projects", zone, key],
            message: "is that of another zone's project: each zone has a project of its own",
          });
        }
      });
    }
  });

/** Fields of a target that the provider's configuration says, by cloud. */
const providerFields: Readonly<Record<CloudKind, ReadonlyMap<string, string>>> = {
  aws: new Map([["region", "aws:region"]]),
  azure: new Map([
    ["location", "azure-native:location"],
    ["tenantId", "azure-native:tenantId"],
  ]),
  gcp: new Map([["region", "gcp:region"]]),
};

const targetSchemas = { aws: awsTargetSchema, azure: azureTargetSchema, gcp: gcpTargetSchema } as const;

/**
 * Reads where the platform is rendered.
 *
 * @param raw the fields of that cloud's target, as the configuration says them.
 * @throws PlatformError listing every field that is wrong.
 */
export function cloudTarget(raw: {
  readonly kind: CloudKind;
  readonly [field: string]: unknown;
}): CloudTarget {
  const options = { reportInput: true } as const;
  const parsed = targetSchemas[raw.kind].safeParse(raw, options);
  if (!parsed.success) {
    const pathOf = (path: string): string => providerFields[raw.kind].get(path) ?? `bulkhead:${path}`;
    throw new PlatformError(
      "The stack's configuration",
      shapeFindings(parsed.error, shapeInvariant.id, pathOf),
    );
  }
  return parsed.data;
}
