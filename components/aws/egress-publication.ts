import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";

import { discoveryName } from "../../model/discovery-name";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import { peerTagsOf, type ZoneRegister } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";

export interface EgressPublicationArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly guard: Workload;
  /** Where the guard runs. */
  readonly egress: {
    readonly networkId: pulumi.Output<string>;
    readonly subnetIds: readonly pulumi.Output<string>[];
    /** The filter of the load balancer. */
    readonly filterId: pulumi.Output<string>;
  };
  /** Where its callers run. */
  readonly core: {
    readonly networkId: pulumi.Output<string>;
    readonly subnetIds: readonly pulumi.Output<string>[];
    /** The filter of the endpoint. */
    readonly filterId: pulumi.Output<string>;
  };
  /** What must stand before anything answers. */
  readonly sealed: readonly pulumi.Resource[];
  readonly register: ZoneRegister;
}

/** How the guard is reached. */
export interface EgressPublication {
  /** Where the guard's replicas are registered. */
  readonly targetId: pulumi.Output<string>;
  /** What must stand before replicas can be registered. */
  readonly listener: pulumi.Resource;
  readonly endpoint: ec2.VpcEndpoint;
}

/**
 * Publishes the guard one way into the callers' network (AWS PrivateLink): callers meet an endpoint in their own network,
 * which leads to a load balancer in the guard's, and nothing in the guard's network reaches theirs. It ends no TLS, so that
 * guard and callers know each other by their certificates, and the guard answers by its own name.
 */
export function egressPublication(args: EgressPublicationArgs, parent: pulumi.Resource): EgressPublication {
  const { spec, names, guard, egress, core, sealed, register } = args;
  const child = { parent };
  const prefix = `${spec.name}-${guard.id}`;
  const peer = { kind: "workload", id: guard.id, zone: guard.zone } as const;
  const purpose = "private-endpoint";
  const inEgress = peerTagsOf(spec.name, "egress", peer, purpose);
  const inProcessing = peerTagsOf(spec.name, "processing", peer, purpose);

  const balancer = register.add(
    "egress",
    new lb.LoadBalancer(
      `${prefix}-balancer`,
      {
        name: prefix,
        loadBalancerType: "network",
        internal: true,
        ipAddressType: "ipv4",
        subnets: [...egress.subnetIds],
        securityGroups: [egress.filterId],
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: true,
        tags: inEgress,
      },
      { parent, dependsOn: [...sealed], deleteBeforeReplace: true },
    ),
  );
  const targets = register.add(
    "egress",
    new lb.TargetGroup(
      `${prefix}-targets`,
      {
        name: prefix,
        vpcId: egress.networkId,
        targetType: "ip",
        protocol: "TCP",
        port: platformPort,
        // The guard admits the load balancer alone, so it connects from its own addresses.
        preserveClientIp: "false",
        healthCheck: { enabled: true, protocol: "TCP", port: "traffic-port" },
        tags: inEgress,
      },
      { parent, deleteBeforeReplace: true },
    ),
  );
  const listener = register.add(
    "egress",
    new lb.Listener(
      `${prefix}-listener`,
      {
        loadBalancerArn: balancer.arn,
        port: platformPort,
        protocol: "TCP",
        defaultActions: [{ type: "forward", order: 1, targetGroupArn: targets.arn }],
        tags: inEgress,
      },
      child,
    ),
  );
  const service = register.add(
    "egress",
    new ec2.VpcEndpointService(
      `${prefix}-published`,
      {
        acceptanceRequired: true,
        allowedPrincipals: [names.accountRoot],
        networkLoadBalancerArns: [balancer.arn],
        supportedIpAddressTypes: ["ipv4"],
        tags: inEgress,
      },
      child,
    ),
  );
  const endpoint = register.add(
    "processing",
    new ec2.VpcEndpoint(
      `${prefix}-endpoint`,
      {
        vpcId: core.networkId,
        serviceName: service.serviceName,
        vpcEndpointType: "Interface",
        ipAddressType: "ipv4",
        privateDnsEnabled: false,
        subnetIds: [...core.subnetIds],
        securityGroupIds: [core.filterId],
        tags: inProcessing,
      },
      { parent, dependsOn: [...sealed] },
    ),
  );
  new ec2.VpcEndpointConnectionAccepter(
    `${prefix}-endpoint-accepted`,
    { vpcEndpointServiceId: service.id, vpcEndpointId: endpoint.id },
    child,
  );

  const name = discoveryName(spec.trustDomain, guard);
  const zone = register.add(
    "processing",
    new route53.Zone(
      `${prefix}-name`,
      {
        name,
        comment: `Bulkhead ${guard.spiffeId}, by its private endpoint`,
        vpcs: [{ vpcId: core.networkId }],
        tags: inProcessing,
      },
      child,
    ),
  );
  const address = endpoint.dnsEntries.apply(([first]) => {
    if (first === undefined) {
      throw new Error("the endpoint of the egress guard has no name");
    }
    return { name: first.dnsName, zoneId: first.hostedZoneId };
  });
  new route53.Record(
    `${prefix}-name-record`,
    {
      zoneId: zone.id,
      name,
      type: "A",
      aliases: [{ name: address.name, zoneId: address.zoneId, evaluateTargetHealth: false }],
    },
    child,
  );
  return { targetId: targets.arn, listener, endpoint };
}
