import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import type { PhysicalNames } from "./physical-names";
import type { AzureResourceGroups } from "./resource-groups";

/** A resource that a network security perimeter encloses. */
export interface PerimeterMember {
  /** Its name in the platform: the id of a store, or a name with an underscore, which no id holds. */
  readonly name: string;
  readonly id: string;
  readonly resource: pulumi.Resource;
}

export interface AzureServicePerimeterArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  /** The vault of the key with which what is enclosed encrypts. */
  readonly keyVault: PerimeterMember;
  readonly records: RecordsDestination;
}

/** Two sets of rules: what is enclosed has none, and the vault of its key has one. */
type Profile = "members" | "key-vault";

/**
 * The network security perimeter: services that can be in one reach each other, and neither are reached from outside, but
 * by private endpoint, nor reach anything outside. It is enforced from the beginning, and holds whatever a member's own
 * settings say. Azure's registry, its health data services, and the workspace to which they write cannot be in one.
 *
 * A store that is new asks for its key before it can be enclosed. So the key's vault lets in what is in the platform's
 * subscription and has a role on the key. Nothing else is let in, and nothing out.
 */
export class AzureServicePerimeter extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:azure:ServicePerimeter";

  readonly zoneMembers: ZoneMembers;
  /** What must stand before a store asks for its key. */
  readonly ready: readonly pulumi.Resource[];
  readonly #args: AzureServicePerimeterArgs;
  readonly #tags: Tags;
  readonly #profiles: Readonly<Record<Profile, pulumi.Resource>>;

  constructor(name: string, args: AzureServicePerimeterArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, resourceGroups, keyVault, records } = args;
    super(AzureServicePerimeter.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, sharedZone);
    const perimeter = new network.NetworkSecurityPerimeter(
      `${spec.name}-perimeter`,
      { ...this.#place(), tags: this.#tags },
      { parent: this, dependsOn: [resourceGroups.groups.network] },
    );
    const profile = (id: Profile): pulumi.Resource =>
      new network.NetworkSecurityPerimeterProfile(
        `${spec.name}-perimeter-${id}`,
        { ...this.#place(), profileName: id, tags: this.#tags },
        { parent: this, dependsOn: [perimeter] },
      );
    this.#profiles = { members: profile("members"), "key-vault": profile("key-vault") };
    const ownSubscription = new network.NetworkSecurityPerimeterAccessRule(
      `${spec.name}-perimeter-own-subscription`,
      {
        ...this.#place(),
        profileName: "key-vault",
        accessRuleName: "own-subscription",
        direction: "Inbound",
        subscriptions: [{ id: names.subscription }],
        tags: this.#tags,
      },
      { parent: this, dependsOn: [this.#profiles["key-vault"]] },
    );
    this.ready = [ownSubscription, this.#enclose(keyVault, "key-vault")];
    diagnostics(`${spec.name}-perimeter`, names.perimeterId, records, {
      parent: this,
      dependsOn: [perimeter, ...records.delivery],
    });
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({ zoneMembers: this.zoneMembers });
  }

  /** Encloses a resource: it is reached by private endpoint alone, and reaches nothing but what is enclosed as well. */
  enclose(member: PerimeterMember): void {
    this.#enclose(member, "members");
  }

  #place(): {
    readonly networkSecurityPerimeterName: string;
    readonly resourceGroupName: string;
    readonly location: string;
  } {
    const { names } = this.#args;
    return {
      networkSecurityPerimeterName: names.perimeter,
      resourceGroupName: names.group("network"),
      location: names.location,
    };
  }

  #enclose({ name, id, resource }: PerimeterMember, profile: Profile): pulumi.Resource {
    const { spec, names } = this.#args;
    return new network.NetworkSecurityPerimeterAssociation(
      `${spec.name}-perimeter-of-${name}`,
      {
        ...this.#place(),
        associationName: names.owned(name),
        accessMode: "Enforced",
        privateLinkResource: { id },
        profile: { id: names.perimeterProfileId(profile) },
        tags: this.#tags,
      },
      { parent: this, dependsOn: [this.#profiles[profile], resource] },
    );
  }
}
