import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";

import { egressGuardId } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import { peerTagsOf, zoneTags, ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import type { BackendGroup } from "./backend-groups";
import { guardEndpointAddress, guardFrontAddress } from "./egress-addresses";
import { egressSubnetIds } from "./egress-subnets";
import type { PhysicalNames } from "./physical-names";

export interface GcpGuardPublicationArgs {
  readonly spec: PlatformSpec;
  readonly guard: Workload;
  readonly names: PhysicalNames;
  /** The groups of the guard's machines; where the platform does not run it, whoever does adds its own. */
  readonly groups: readonly BackendGroup[];
  /** What must stand before anything is published: the networks with their filters and names. */
  readonly sealed: readonly pulumi.Resource[];
}

/**
 * How processing reaches the egress guard on Google Cloud, and nothing of the egress zone reaches processing: a load balancer
 * that passes TCP on 443 to the guard's machines, published with Private Service Connect to the processing zone's project
 * alone, and an endpoint of it with one address in processing's network. The guard's own proxy ends mutual TLS.
 *
 * No probe of Google's is let in to the machines, as to no other of the platform's, so that all of them count as unhealthy:
 * the load balancer then sends new connections to each of them, as long as none is healthy (Cloud Load Balancing
 * documentation, "Traffic distribution for internal passthrough Network Load Balancers"). Callers try again, and a machine
 * that is lost is made anew.
 */
export class GcpGuardPublication extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:GuardPublication";

  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;

  constructor(name: string, args: GcpGuardPublicationArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, guard, names, groups, sealed } = args;
    super(GcpGuardPublication.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const project = names.project("egress");
    const { region } = names;
    const called = names.owned(egressGuardId);
    const { id, zone } = guard;
    const tags = peerTagsOf(spec.name, zone, { kind: "workload", id, zone });
    const own = <R extends pulumi.Resource>(resource: R): R =>
      register.add(zone, resource, { kind: "workload", id, zone });
    const prefix = `${spec.name}-${id}`;
    const check = own(
      new compute.RegionHealthCheck(
        `${prefix}-check`,
        { name: called, project, region, tcpHealthCheck: { port: platformPort } },
        { parent: this, dependsOn: [...sealed] },
      ),
    );
    const service = own(
      new compute.RegionBackendService(
        `${prefix}-front`,
        {
          name: called,
          project,
          region,
          loadBalancingScheme: "INTERNAL",
          protocol: "TCP",
          network: names.networkId("egress"),
          healthChecks: names.regionalId("egress", "healthChecks", id),
          backends: groups.map((group) => ({ group: group.id, balancingMode: "CONNECTION" })),
          logConfig: { enable: true, sampleRate: 1 },
        },
        { parent: this, dependsOn: [check, ...groups.flatMap(({ ready }) => ready)] },
      ),
    );
    const front = own(
      new compute.ForwardingRule(
        `${prefix}-front`,
        {
          name: called,
          project,
          region,
          loadBalancingScheme: "INTERNAL",
          network: names.networkId("egress"),
          subnetwork: names.subnetId(guard),
          ipAddress: guardFrontAddress(spec),
          ipProtocol: "TCP",
          ports: [String(platformPort)],
          allowGlobalAccess: false,
          backendService: names.regionalId("egress", "backendServices", id),
          labels: tags,
        },
        { parent: this, dependsOn: [service] },
      ),
    );
    const attachment = own(
      new compute.ServiceAttachment(
        `${prefix}-publication`,
        {
          name: called,
          project,
          region,
          description: "The egress guard, for the processing zone",
          targetService: names.regionalId("egress", "forwardingRules", id),
          natSubnets: [names.subnetIdOf("egress", names.owned(egressSubnetIds.callers))],
          connectionPreference: "ACCEPT_MANUAL",
          consumerAcceptLists: [{ projectIdOrNum: names.project("processing"), connectionLimit: 1 }],
          consumerRejectLists: [],
          // Who is taken off the list loses its connection as well.
          reconcileConnections: true,
          // What calls by the endpoint speaks TLS from its first byte.
          enableProxyProtocol: false,
          propagatedConnectionLimit: 0,
          sendPropagatedConnectionLimitIfZero: true,
        },
        { parent: this, dependsOn: [front] },
      ),
    );
    const endpointLabels = zoneTags(spec.name, "processing", "private-endpoint");
    const address = register.add(
      "processing",
      new compute.Address(
        `${prefix}-endpoint-address`,
        {
          name: names.owned(egressSubnetIds.endpoint),
          project: names.project("processing"),
          region,
          addressType: "INTERNAL",
          purpose: "GCE_ENDPOINT",
          subnetwork: names.subnetIdOf("processing", names.owned(egressSubnetIds.endpoint)),
          address: guardEndpointAddress(spec),
          labels: endpointLabels,
        },
        { parent: this, dependsOn: [...sealed] },
      ),
    );
    register.add(
      "processing",
      new compute.ForwardingRule(
        `${prefix}-endpoint`,
        {
          name: names.owned(egressSubnetIds.endpoint),
          project: names.project("processing"),
          region,
          // The one scheme of such endpoints; what is left out is taken for an external load balancer's.
          loadBalancingScheme: "",
          network: names.networkId("processing"),
          ipAddress: names.regionalId("processing", "addresses", egressSubnetIds.endpoint),
          target: names.regionalId("egress", "serviceAttachments", id),
          allowPscGlobalAccess: false,
          // The name is answered by the platform's own zone.
          noAutomateDnsZone: true,
          labels: endpointLabels,
        },
        { parent: this, dependsOn: [address, attachment] },
      ),
    );
    this.zoneMembers = register.members();
    this.peerMembers = register.peerMembers();
    this.registerOutputs({ zoneMembers: this.zoneMembers, peerMembers: this.peerMembers });
  }
}
