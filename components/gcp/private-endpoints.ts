import * as compute from "@pulumi/gcp/compute";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import { ownId } from "../own-id";
import { PrivateEndpoints } from "../private-endpoints";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { NetworkedZone, PhysicalNames } from "./physical-names";

export interface GcpPrivateEndpointsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** What must stand before an endpoint does: the networks with their filters. */
  readonly sealed: readonly pulumi.Resource[];
}

/** The APIs of Google's that service perimeters protect; the other bundle leads to all of them. */
export const perimeterBundle = "vpc-sc";

/** Characters of an endpoint's name (Compute Engine API, `globalForwardingRules`): letters in lower case and digits alone. */
const nameLength = 20;

/** Characters of the hash that tells names from each other whose beginnings are the same: 32 bits, in base 36. */
const hashLength = 7;

/** The name of an endpoint, which no two networks and no two platforms have in common. */
export function endpointName({ name }: Pick<PlatformSpec, "name">, zone: NetworkedZone): string {
  const hash = stableHash(`${name} ${zone}`).toString(36).padStart(hashLength, "0");
  return `${`${name}${zone}`.replaceAll("-", "").slice(0, nameLength - hashLength)}${hash}`;
}

/**
 * The private endpoints on Google Cloud: one in each network, of Private Service Connect, by whose one address all APIs are
 * called that service perimeters protect, and no other.
 */
export class GcpPrivateEndpoints extends PrivateEndpoints {
  /** The ids of the endpoints, by zone and bundle, such as `processing/vpc-sc`. */
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before anything calls one of Google's APIs. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GcpPrivateEndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, sealed } = args;
    super(PrivateEndpoints.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const endpoints = names.networkedZones.map((zone) => {
      const project = names.project(zone);
      const network = names.networkId(zone);
      const labels = zoneTags(spec.name, zone, "private-endpoint");
      const addressName = names.owned(`${zone}-google-apis`);
      const address = register.add(
        zone,
        new compute.GlobalAddress(
          `${spec.name}-${zone}-google-apis-address`,
          {
            name: addressName,
            project,
            network,
            purpose: "PRIVATE_SERVICE_CONNECT",
            addressType: "INTERNAL",
            address: names.apisAddress(zone),
            labels,
          },
          { parent: this, dependsOn: [...sealed] },
        ),
      );
      const ruleName = endpointName(spec, zone);
      const endpoint = register.add(
        zone,
        new compute.GlobalForwardingRule(
          `${spec.name}-${zone}-google-apis-endpoint`,
          {
            name: ruleName,
            project,
            network,
            target: perimeterBundle,
            ipAddress: `projects/${project}/global/addresses/${addressName}`,
            // The one scheme of such endpoints; what is left out is taken for an external load balancer's.
            loadBalancingScheme: "",
            // The names are answered by the platform's own zones.
            noAutomateDnsZone: true,
            labels,
          },
          { parent: this, dependsOn: [address, ...sealed] },
        ),
      );
      return { zone, endpoint, id: `projects/${project}/global/forwardingRules/${ruleName}` };
    });
    this.ready = endpoints.map(({ endpoint }) => endpoint);
    this.endpointIds = Object.fromEntries(
      endpoints.map(({ zone, endpoint, id }) => [`${zone}/${perimeterBundle}`, ownId(endpoint, id)]),
    );
    this.zoneMembers = register.members();
    this.registerOutputs({ endpointIds: this.endpointIds, zoneMembers: this.zoneMembers });
  }
}
