import * as artifactregistry from "@pulumi/gcp/artifactregistry";
import type * as pulumi from "@pulumi/pulumi";

import { platformImages } from "../../model/platform-images";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { ImageRegistry } from "../image-registry";
import { ownId } from "../own-id";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { GcpEncryptionKeys } from "./encryption-keys";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";

export interface GcpImageRegistryArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** What must stand before images are pushed: the perimeter. */
  readonly sealed: readonly pulumi.Resource[];
}

/**
 * The registry on Google Cloud: one repository of Artifact Registry, in which each image that a workload names has a place of
 * its own once it is pushed. Nothing comes to it from a public registry, tags cannot be moved, and images are scanned when
 * they are pushed. Workloads pull by digest, so no image expires by itself.
 */
export class GcpImageRegistry extends ImageRegistry {
  readonly repositoryAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly repository: artifactregistry.Repository;

  constructor(
    name: string,
    { spec, names, projectServices, encryptionKeys, sealed }: GcpImageRegistryArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(ImageRegistry.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.repository = new artifactregistry.Repository(
      `${spec.name}-images`,
      {
        repositoryId: names.repository,
        project: names.project("processing"),
        location: names.region,
        format: "DOCKER",
        mode: "STANDARD_REPOSITORY",
        description: `Images of ${spec.name}`,
        kmsKeyName: names.keyId("platform"),
        dockerConfig: { immutableTags: true },
        // As the project says, in which the API that scans is enabled.
        vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
        cleanupPolicies: [],
        cleanupPolicyDryRun: false,
        labels: zoneTags(spec.name, sharedZone),
      },
      // An older workload may still be running an image of it.
      {
        parent: this,
        protect: true,
        dependsOn: [...projectServices.enabled.processing, ...encryptionKeys.usable.platform, ...sealed],
      },
    );
    const repositories = platformImages(spec).map(({ repository }) => repository);
    this.repositoryAddresses = Object.fromEntries(
      repositories.map((repository) => [
        repository,
        ownId(this.repository, `${names.repositoryAddress}/${repository}`),
      ]),
    );
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({
      repositoryAddresses: this.repositoryAddresses,
      zoneMembers: this.zoneMembers,
    });
  }
}
