import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformServicePeer } from "../../model/peer";
import { platformServiceIds } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import { filterOf } from "../flow-filters";
import type { NamedGuardrails } from "../mesh/pod";
import { PrivateEndpoints } from "../private-endpoints";
import { peerTagsOf, ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { policyDocument } from "./policy-document";
import { clientsOf, endpointStatements, serviceEndpoints, usedServices } from "./service-grants";
import { endpointZones, networkPrefix, type AwsNetwork } from "./zone-network";

export interface AwsPrivateEndpointsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** In which network of the platform, whose workloads alone use the endpoints. */
  readonly network: AwsNetwork;
  readonly networkId: pulumi.Input<string>;
  /** The network's subnets for private endpoints. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** The filters of the platform services, by the name of their peer. */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The guardrails that calls of the cloud's own models have to name. */
  readonly guardrails: pulumi.Output<NamedGuardrails>;
  /** What must stand before an endpoint does. */
  readonly sealed: readonly pulumi.Resource[];
}

/**
 * The private endpoints of a network on AWS: an interface endpoint (PrivateLink) for each service that a flow from there
 * uses, behind the service's own filter, with private names and a policy. They are in the processing zone, and the egress
 * zone has its own.
 */
export class AwsPrivateEndpoints extends PrivateEndpoints {
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a workload reaches the services. */
  readonly endpoints: readonly pulumi.Resource[];

  constructor(name: string, args: AwsPrivateEndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, network, networkId, subnetIds, filterIds, guardrails, sealed } = args;
    const zone = endpointZones[network];
    super(PrivateEndpoints.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const used = usedServices(spec, network);
    const endpointIds = new Map<string, pulumi.Output<string>>();
    const endpoints: pulumi.Resource[] = [];

    for (const id of platformServiceIds.filter((candidate) => used.has(candidate))) {
      const peer: PlatformServicePeer = { kind: "platform-service", id };
      const filterId = filterOf(filterIds, peer);
      for (const endpoint of serviceEndpoints(id, spec, names)) {
        const { service, privateNamesInVpc } = endpoint;
        const policy = (named: NamedGuardrails): string =>
          policyDocument(endpointStatements(endpoint, clientsOf(id, spec, network), names, named));
        const created = register.add(
          zone,
          new ec2.VpcEndpoint(
            `${networkPrefix(spec.name, network)}-${service.replace(".", "-")}-endpoint`,
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
              policy: id === "model-inference" ? guardrails.apply(policy) : policy({}),
              tags: peerTagsOf(spec.name, zone, peer),
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
