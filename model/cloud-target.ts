import { z } from "zod";

import { shapeFindings, shapeInvariant } from "./invariants/shape";
import { PlatformError } from "./platform-error";

export const cloudKinds = ["aws", "azure", "gcp"] as const;

/** The clouds that the model knows. This version renders `aws`. */
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

export type CloudTarget = AwsTarget;

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

/**
 * Reads where the platform is rendered.
 *
 * @param raw `kind` and the fields of that cloud's target.
 * @throws PlatformError listing every field that is wrong.
 */
export function cloudTarget(raw: unknown): CloudTarget {
  const parsed = awsTargetSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) {
    const pathOf = (path: string): string => (path === "region" ? "aws:region" : `bulkhead:${path}`);
    throw new PlatformError(
      "The stack's configuration",
      shapeFindings(parsed.error, shapeInvariant.id, pathOf),
    );
  }
  return parsed.data;
}
