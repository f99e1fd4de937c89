import * as accesscontextmanager from "@pulumi/gcp/accesscontextmanager";
import * as pulumi from "@pulumi/pulumi";

import type { AccessPolicy } from "../../model/access-policy";
import type { PlatformSpec } from "../../model/platform-spec";
import { ownId } from "../own-id";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";

export interface GcpAccessLevelsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** What must stand before an access level does, such as the enabled services of the projects. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** What a device has to be, in the words of Access Context Manager. */
export interface DevicePolicy {
  readonly requireCorpOwned: true;
  readonly requireScreenLock: true;
  readonly allowedDeviceManagementLevels: readonly "COMPLETE"[];
  readonly allowedEncryptionStatuses: readonly "ENCRYPTED"[];
}

/**
 * What makes a device compliant. The model knows no addresses of the hospital's networks: where a request comes from is for
 * the policy decision point to judge.
 */
export const devicePolicies: Readonly<Record<AccessPolicy["deviceCompliance"], DevicePolicy>> = {
  required: {
    requireCorpOwned: true,
    requireScreenLock: true,
    allowedDeviceManagementLevels: ["COMPLETE"],
    allowedEncryptionStatuses: ["ENCRYPTED"],
  },
};

/**
 * The access levels of the model's access policy: who works with the platform does so from a device that the hospital owns,
 * manages and encrypts.
 *
 * The perimeters name no access level: one that a perimeter names lets whoever has it call every service from anywhere. The
 * hospital binds the level to its groups of users, and enforcement points ask for it.
 */
export class GcpAccessLevels extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:AccessLevels";

  /** The name of the level of compliant devices. */
  readonly compliantDevice: pulumi.Output<string>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, args: GcpAccessLevelsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, dependsOn } = args;
    super(GcpAccessLevels.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const { allowedDeviceManagementLevels, allowedEncryptionStatuses, ...required } =
      devicePolicies[spec.access.deviceCompliance];
    const levelName = names.accessLevel("compliant-device");
    const level = new accesscontextmanager.AccessLevel(
      `${spec.name}-compliant-device`,
      {
        parent: names.accessPolicy,
        name: levelName,
        title: names.owned("compliant-device"),
        description: "A device that the hospital owns, manages and encrypts",
        basic: {
          combiningFunction: "AND",
          conditions: [
            {
              negate: false,
              devicePolicy: {
                ...required,
                allowedDeviceManagementLevels: [...allowedDeviceManagementLevels],
                allowedEncryptionStatuses: [...allowedEncryptionStatuses],
              },
            },
          ],
        },
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
    this.compliantDevice = ownId(level, levelName);
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({ compliantDevice: this.compliantDevice, zoneMembers: this.zoneMembers });
  }
}
