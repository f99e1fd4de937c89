import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformServicePeer } from "../../model/peer";
import { platformServiceIds } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import { filterOf } from "../flow-filters";
import { PrivateEndpoints } from "../private-endpoints";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { policyDocument } from "./policy-document";
import { clientsOf, endpointStatements, serviceEndpoints, usedServices } from "./service-grants";

export interface AwsPrivateEndpointsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly networkId: pulumi.Input<string>;
  /** The processing zone's subnets for private endpoints. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The filters of the platform services, by the name of their peer. */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** What must stand before an endpoint does. */
  readonly sealed: readonly pulumi.Resource[];
}

/**
 * The private endpoints on AWS: an interface endpoint (PrivateLink) for each service that a flow uses, in the
 * processing zone, behind the service's own filter, with private names and a policy.
 */
export class AwsPrivateEndpoints extends PrivateEndpoints {
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload reaches the services. */
  readonly endpoints: readonly pulumi.Resource[];

  constructor(name: string, args: AwsPrivateEndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, networkId, subnetIds, filterIds, sealed } = args;
    super(PrivateEndpoints.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const used = usedServices(spec);
    const endpointIds = new Map<string, pulumi.Output<string>>();
    const endpoints: pulumi.Resource[] = [];

    for (const id of platformServiceIds.filter((candidate) => used.has(candidate))) {
      const peer: PlatformServicePeer = { kind: "platform-service", id };
      const filterId = filterOf(filterIds, peer);
      for (const endpoint of serviceEndpoints(id, spec, names)) {
        const { service, privateNamesInVpc } = endpoint;
        const created = register.add(
          "processing",
          new ec2.VpcEndpoint(
            `${spec.name}-${service.replace(".", "-")}-endpoint`,
            {
              vpcId: networkId,
              serviceName: `com.amazonaws.${names.region}.${service}`,
              vpcEndpointType: "Interface",
              ipAddressType: "ipv4",
              privateDnsEnabled: true,
              ...(privateNamesInVpc === undefined
                ? {}
                : {
                    dnsOptions: { dnsRecordIpType: "ipv4", privateDnsOnlyForInboundResolverEndpoint: false },
                  }),
              subnetIds,
              securityGroupIds: [filterId],
              policy: policyDocument(endpointStatements(endpoint, clientsOf(id, spec), names)),
              tags: peerTagsOf(spec.name, "processing", peer),
            },
            { parent: this, dependsOn: [...sealed] },
          ),
        );
        endpointIds.set(service, created.id);
        endpoints.push(created);
      }
    }

    this.endpointIds = Object.fromEntries(endpointIds);
    this.endpoints = endpoints;
    this.zoneMembers = register.members();
    this.registerOutputs({ endpointIds: this.endpointIds, zoneMembers: this.zoneMembers });
  }
}
