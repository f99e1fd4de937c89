import { z } from "zod";

import { shapeFindings, shapeInvariant } from "./invariants/shape";
import { PlatformError } from "./platform-error";

export const cloudKinds = ["aws", "azure", "gcp"] as const;

/** The clouds that the model knows. This version renders `aws` and `azure`. */
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

/** Where the platform is rendered. */
export type CloudTarget = AwsTarget | AzureTarget;

/** The clouds that this version renders. */
export const renderedClouds = ["aws", "azure"] as const satisfies readonly CloudTarget["kind"][];

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

/** Fields of a target that the provider's configuration says, by cloud. */
const providerFields: Readonly<Record<CloudTarget["kind"], ReadonlyMap<string, string>>> = {
  aws: new Map([["region", "aws:region"]]),
  azure: new Map([
    ["location", "azure-native:location"],
    ["tenantId", "azure-native:tenantId"],
  ]),
};

/**
 * Reads where the platform is rendered.
 *
 * @param raw the fields of that cloud's target, as the configuration says them.
 * @throws PlatformError listing every field that is wrong.
 */
export function cloudTarget(raw: {
  readonly kind: CloudTarget["kind"];
  readonly [field: string]: unknown;
}): CloudTarget {
  const options = { reportInput: true } as const;
  const parsed =
    raw.kind === "aws" ? awsTargetSchema.safeParse(raw, options) : azureTargetSchema.safeParse(raw, options);
  if (!parsed.success) {
    const pathOf = (path: string): string => providerFields[raw.kind].get(path) ?? `bulkhead:${path}`;
    throw new PlatformError(
      "The stack's configuration",
      shapeFindings(parsed.error, shapeInvariant.id, pathOf),
    );
  }
  return parsed.data;
}
