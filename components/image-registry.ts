import * as pulumi from "@pulumi/pulumi";

import type { ZoneMembers } from "./zone-facts";

/** The platform's private registry: a repository for each image, from which workloads pull by digest. */
export abstract class ImageRegistry extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:registry:ImageRegistry";

  /** Where to push each image, by its repository in the model. */
  abstract readonly repositoryAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
