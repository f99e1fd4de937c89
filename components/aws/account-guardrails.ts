import * as ebs from "@pulumi/aws/ebs";
import * as ec2 from "@pulumi/aws/ec2";
import * as s3 from "@pulumi/aws/s3";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { AccountGuardrails } from "../account-guardrails";
import { zoneTags } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";

export interface AwsAccountGuardrailsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The load balancer's subnets by the letter of their availability zone, which alone the Internet reaches. */
  readonly entranceSubnets: ReadonlyMap<string, pulumi.Output<string>>;
  /** The subnets by the letter of their availability zone in which addresses are translated, by which alone anything leaves. */
  readonly translationSubnets: ReadonlyMap<string, pulumi.Output<string>>;
}

/**
 * The account's own switches on AWS, for the platform's region: no VPC reaches the Internet but by the load balancer's
 * subnets, or is reached from there, and by those behind the inspection of an egress zone; no bucket, snapshot or image is public, volumes are encrypted, and instances ask for a token at the metadata
 * service. Taking one away switches it off, so each is protected.
 */
export class AwsAccountGuardrails extends AccountGuardrails {
  constructor(
    name: string,
    { spec, names, entranceSubnets, translationSubnets }: AwsAccountGuardrailsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(AccountGuardrails.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const prefix = `${spec.name}-account`;
    const guarded = { parent: this, protect: true };
    const exclusions = [...entranceSubnets].map(
      ([letter, subnetId]) =>
        new ec2.VpcBlockPublicAccessExclusion(
          `${prefix}-entrance-${letter}`,
          {
            subnetId,
            internetGatewayExclusionMode: "allow-bidirectional",
            tags: zoneTags(spec.name, "gateway", "load-balancer"),
          },
          guarded,
        ),
    );
    exclusions.push(
      ...[...translationSubnets].map(
        ([letter, subnetId]) =>
          new ec2.VpcBlockPublicAccessExclusion(
            `${prefix}-egress-${letter}`,
            {
              subnetId,
              internetGatewayExclusionMode: "allow-egress",
              tags: zoneTags(spec.name, "egress", "address-translation"),
            },
            guarded,
          ),
      ),
    );
    new ec2.VpcBlockPublicAccessOptions(
      `${prefix}-network`,
      { internetGatewayBlockMode: "block-bidirectional" },
      { ...guarded, dependsOn: exclusions },
    );
    new s3.AccountPublicAccessBlock(
      `${prefix}-buckets`,
      {
        accountId: names.accountId,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      guarded,
    );
    new ebs.SnapshotBlockPublicAccess(`${prefix}-snapshots`, { state: "block-all-sharing" }, guarded);
    new ebs.EncryptionByDefault(`${prefix}-volumes`, { enabled: true }, guarded);
    new ec2.ImageBlockPublicAccess(`${prefix}-images`, { state: "block-new-sharing" }, guarded);
    new ec2.InstanceMetadataDefaults(
      `${prefix}-instances`,
      { httpTokens: "required", httpPutResponseHopLimit: 1 },
      guarded,
    );
    this.registerOutputs({});
  }
}
