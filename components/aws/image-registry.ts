import * as ecr from "@pulumi/aws/ecr";
import type * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";

import { platformImages } from "../../model/platform-images";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { ImageRegistry } from "../image-registry";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { anybody } from "./policy-document";

export interface AwsImageRegistryArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly key: kms.Key;
}

/**
 * The registry on AWS: an ECR repository for each image that a workload names. Tags cannot be moved, images are scanned
 * when they are pushed, and no other account is let in. Workloads pull by digest, so no image expires by itself.
 */
export class AwsImageRegistry extends ImageRegistry {
  readonly repositoryAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;

  constructor(
    name: string,
    { spec, names, key }: AwsImageRegistryArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(ImageRegistry.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const addresses = new Map<string, pulumi.Output<string>>();
    for (const image of platformImages(spec)) {
      const { repository } = image;
      const logicalName = `${spec.name}-image-${repository}`;
      const created = new ecr.Repository(
        logicalName,
        {
          name: names.repository(image),
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
          forceDelete: false,
          tags: zoneTags(spec.name, sharedZone),
        },
        // AWS deletes no repository that holds images, and an older workload may still be running one.
        { parent: this, retainOnDelete: true },
      );
      new ecr.RepositoryPolicy(
        `${logicalName}-policy`,
        {
          repository: created.name,
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "OwnAccountOnly",
                Effect: "Deny",
                Principal: anybody,
                Action: ["ecr:*"],
                Condition: { StringNotEquals: { "aws:PrincipalAccount": names.accountId } },
              },
            ],
          }),
        },
        { parent: this },
      );
      addresses.set(repository, created.repositoryUrl);
    }
    this.repositoryAddresses = Object.fromEntries(addresses);
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({
      repositoryAddresses: this.repositoryAddresses,
      zoneMembers: this.zoneMembers,
    });
  }
}
