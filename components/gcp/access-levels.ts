import * as accesscontextmanager from "@pulumi/gcp/accesscontextmanager";
import type { accesscontextmanager as levels } from "@pulumi/gcp/types/input";
import * as pulumi from "@pulumi/pulumi";

import type { AccessPolicy, NetworkLocation } from "../../model/access-policy";
import { isPrivate, parseCidr } from "../../model/cidr";
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

/** What makes a device compliant. */
export const devicePolicies: Readonly<Record<AccessPolicy["deviceCompliance"], DevicePolicy>> = {
  required: {
    requireCorpOwned: true,
    requireScreenLock: true,
    allowedDeviceManagementLevels: ["COMPLETE"],
    allowedEncryptionStatuses: ["ENCRYPTED"],
  },
};

/** The addresses of the networks at some locations, as Google sees them: a private one is everybody's. */
function addressesOf({ networks }: AccessPolicy, locations: readonly NetworkLocation[]): string[] {
  return [
    ...new Set(
      networks
        .filter(({ location }) => locations.includes(location))
        .flatMap(({ addresses }) => addresses.flatMap((address) => parseCidr(address) ?? []))
        .filter((block) => !isPrivate(block))
        .map(({ text }) => text),
    ),
  ].sort();
}

/**
 * The access levels of the model's access policy, as far as Google Cloud knows what it is about: that a device is the
 * hospital's, managed and encrypted; that an address is of one of its networks; and both, where what discloses PHI may be
 * used. Who somebody is, in which role and for what, the decision points say alone.
 *
 * The perimeters name no access level: one that a perimeter names lets whoever has it call every service from anywhere. The
 * hospital binds the levels to its groups of users, and enforcement points ask for more (Access Context Manager
 * documentation, "Access level attributes").
 */
export class GcpAccessLevels extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:AccessLevels";

  /** The name of the level of compliant devices. */
  readonly compliantDevice: pulumi.Output<string>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: GcpAccessLevelsArgs;

  constructor(name: string, args: GcpAccessLevelsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(GcpAccessLevels.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const { access } = spec;
    const { allowedDeviceManagementLevels, allowedEncryptionStatuses, ...required } =
      devicePolicies[access.deviceCompliance];
    const devicePolicy = {
      ...required,
      allowedDeviceManagementLevels: [...allowedDeviceManagementLevels],
      allowedEncryptionStatuses: [...allowedEncryptionStatuses],
    };
    this.compliantDevice = this.#level(
      "compliant-device",
      "A device that the hospital owns, manages and encrypts",
      { devicePolicy },
    );
    const locations = [...new Set(access.networks.map(({ location }) => location))].sort();
    for (const location of locations) {
      const ipSubnetworks = addressesOf(access, [location]);
      // Without an address a level would ask for nothing.
      if (ipSubnetworks.length > 0) {
        this.#level(location.replaceAll("_", "-"), `An address of the network that is ${location}`, {
          ipSubnetworks,
        });
      }
    }
    const ipSubnetworks = addressesOf(access, access.phiLocations);
    if (ipSubnetworks.length > 0) {
      this.#level("phi-context", "A compliant device, at an address from where PHI may be disclosed", {
        devicePolicy,
        ipSubnetworks,
      });
    }
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({ compliantDevice: this.compliantDevice, zoneMembers: this.zoneMembers });
  }

  /** A level that is met by what meets all of one condition. Gives its name. */
  #level(
    id: string,
    description: string,
    condition: Pick<levels.AccessLevelBasicCondition, "devicePolicy" | "ipSubnetworks">,
  ): pulumi.Output<string> {
    const { spec, names, dependsOn } = this.#args;
    const levelName = names.accessLevel(id);
    const level = new accesscontextmanager.AccessLevel(
      `${spec.name}-${id}`,
      {
        parent: names.accessPolicy,
        name: levelName,
        title: names.owned(id),
        description,
        basic: { combiningFunction: "AND", conditions: [{ negate: false, ...condition }] },
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
    return ownId(level, levelName);
  }
}
