import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureAvailabilityZone } from "../../model/cloud-target";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import { edgeName } from "../../model/discovery-name";
import type { EdgeClient } from "../../model/edge";
import type { Entrance } from "../../model/entrance";
import type { PlatformSpec } from "../../model/platform-spec";
import type { IssuedCertificates } from "../issued-certificates";
import { FrontDoor } from "../front-door";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { authorityChains } from "./authority-chains";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import { edgeCertificate, type EdgeCertificate } from "./edge-certificate";
import {
  frontendName,
  partsOf,
  passingListener,
  poolName,
  terminatingListener,
  type GatewayClients,
  type GatewayListener,
  type GatewayRoot,
  type GatewayWorkloads,
} from "./gateway-listener";
import { ownId } from "../own-id";
import type { PhysicalNames } from "./physical-names";
import { replicaAddresses } from "./replica-addresses";
import type { AzureResourceGroups } from "./resource-groups";
import { webFirewall } from "./web-firewall";

export interface AzureFrontDoorArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  readonly entrance: Entrance;
  /** The certificates of workloads; `undefined` where the platform issues none, and the stack says who does. */
  readonly certificates: IssuedCertificates | undefined;
  /** The availability zones over which the instances of gateways are spread; none in a region without any. */
  readonly availabilityZones: readonly AzureAvailabilityZone[];
  /** The gateway zone's subnet for load balancers, which all gateways share. */
  readonly subnetId: pulumi.Input<string>;
  /** Where gateways and their web firewalls record. */
  readonly records: RecordsDestination;
  /** What must stand before a gateway does. */
  readonly sealed: readonly pulumi.Resource[];
}

/** Instances of a gateway: two at least, so that one may fail. */
const capacity = { minCapacity: 2, maxCapacity: 10 };

const gatewayType = "Microsoft.Network/applicationGateways";

/** Where the workloads behind the gateways are, as far as the platform runs them. */
function addressesOf(spec: PlatformSpec): GatewayWorkloads["addresses"] {
  return spec.mesh.kind === "envoy"
    ? spec.workloads
        .filter((workload) => isBehindLoadBalancer(spec, workload))
        .flatMap((workload) => replicaAddresses(spec, workload))
    : undefined;
}

/** The authorities of the workloads behind the gateways: the platform's own, or those that the stack names. */
function rootsOf(
  certificates: IssuedCertificates | undefined,
  workloadAuthorities: string | undefined,
): readonly GatewayRoot[] {
  if (certificates !== undefined) {
    return certificates.rootCertificates.map((certificate, index) => ({
      name: `root-${String(index)}`,
      data: certificate.apply((pem) => Buffer.from(pem).toString("base64")),
    }));
  }
  if (workloadAuthorities === undefined) {
    throw new Error("nothing says whose certificates the workloads behind the gateways present");
  }
  return authorityChains(workloadAuthorities).map(({ name, root }) => ({ name, data: root }));
}

/**
 * The front door on Azure.
 *
 * - `l7-terminate`: an Application Gateway for each kind of client, as on AWS. Each ends TLS 1.3 behind a web firewall of
 *   its own, and speaks TLS to `ai-gateway`. That of programs verifies their certificates, and says in each request who the
 *   client is. No gateway of Azure's signs clinicians in: they bring a token, without which the web firewall refuses
 *   them, and `ai-gateway` verifies it.
 * - `l4-passthrough`: an Application Gateway that forwards TCP.
 *
 * Nothing listens to HTTP.
 */
export class AzureFrontDoor extends FrontDoor {
  readonly entranceNames: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: AzureFrontDoorArgs;
  readonly #tags: Tags;
  readonly #register = new ZoneRegister();
  readonly #names: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};
  readonly #targets: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};

  constructor(name: string, args: AzureFrontDoorArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, resourceGroups, entrance, certificates } = args;
    super(FrontDoor.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = peerTagsOf(spec.name, "gateway", { kind: "load-balancer" });
    if (entrance.mode === "l4-passthrough") {
      this.#passThrough();
    } else {
      // The gateway zone's workloads answer under this name at their edge listener.
      const workloads = {
        host: edgeName(spec.trustDomain),
        roots: rootsOf(certificates, entrance.workloadAuthorities),
        addresses: addressesOf(spec),
      };
      const certificate = edgeCertificate(spec.name, names, entrance.certificateId, this.#tags, {
        parent: this,
        dependsOn: [resourceGroups.groups.network],
      });
      this.#register.add("gateway", certificate.identity);
      if (entrance.machine !== undefined) {
        this.#terminate({ kind: "machine", authorities: entrance.machine }, workloads, certificate);
      }
      if (entrance.clinician !== undefined) {
        this.#terminate({ kind: "clinician" }, workloads, certificate);
      }
    }
    this.entranceNames = this.#names;
    this.targetIds = this.#targets;
    this.zoneMembers = this.#register.members();
    this.registerOutputs({
      entranceNames: this.entranceNames,
      targetIds: this.targetIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** An entrance that ends TLS behind a web firewall. */
  #terminate(clients: GatewayClients, workloads: GatewayWorkloads, certificate: EdgeCertificate): void {
    const { spec, names, resourceGroups } = this.#args;
    const what = `${clients.kind}-entrance`;
    const firewallName = names.owned(`${clients.kind}-web-firewall`);
    const firewall = this.#register.add(
      "gateway",
      new network.WebApplicationFirewallPolicy(
        `${spec.name}-${clients.kind}-web-firewall`,
        {
          policyName: firewallName,
          resourceGroupName: names.group("network"),
          location: names.location,
          ...webFirewall(clients.kind),
          tags: this.#tags,
        },
        { parent: this, dependsOn: [resourceGroups.groups.network] },
      ),
    );
    this.#gateway(
      clients.kind,
      what,
      {
        sku: { name: "WAF_v2", tier: "WAF_v2" },
        identity: { type: "UserAssigned", userAssignedIdentities: [certificate.identityId] },
        firewallPolicy: {
          id: names.idIn(
            "network",
            "Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies",
            firewallName,
          ),
        },
        forceFirewallPolicyAssociation: true,
        enableHttp2: true,
        ...terminatingListener(this.#gatewayId(what), workloads, certificate.secretUrl, clients),
      },
      [firewall, ...certificate.ready],
    );
  }

  /** An entrance that ends no TLS: `ai-gateway` does, and asks its clients for their certificates. */
  #passThrough(): void {
    // Another kind of gateway is another one, since the two have different listeners and plans.
    const what = "passthrough-entrance";
    this.#gateway(
      "machine",
      what,
      {
        sku: { name: "Standard_v2", tier: "Standard_v2" },
        ...passingListener(this.#gatewayId(what), addressesOf(this.#args.spec)),
      },
      [],
    );
  }

  #gatewayId(what: string): string {
    const { names } = this.#args;
    return names.idIn("network", gatewayType, names.owned(what));
  }

  /** A gateway with the one public address of its entrance. */
  #gateway(
    client: EdgeClient,
    what: string,
    listener: GatewayListener &
      Pick<
        network.ApplicationGatewayArgs,
        "sku" | "identity" | "firewallPolicy" | "forceFirewallPolicyAssociation" | "enableHttp2"
      >,
    ready: readonly pulumi.Resource[],
  ): void {
    const { spec, names, resourceGroups, availabilityZones, subnetId, records, sealed } = this.#args;
    const placed = {
      resourceGroupName: names.group("network"),
      location: names.location,
      zones: [...availabilityZones],
      tags: this.#tags,
    };
    const gatewayName = names.owned(what);
    const addressName = names.owned(`${what}-address`);
    const address = this.#register.add(
      "gateway",
      new network.PublicIPAddress(
        `${spec.name}-${what}-address`,
        {
          publicIpAddressName: addressName,
          sku: { name: "Standard", tier: "Regional" },
          publicIPAllocationMethod: "Static",
          publicIPAddressVersion: "IPv4",
          // The name that Azure makes of it holds a hash of the subscription, so nobody else gets it once it is given up.
          dnsSettings: { domainNameLabel: gatewayName, domainNameLabelScope: "SubscriptionReuse" },
          ...placed,
        },
        { parent: this, dependsOn: [resourceGroups.groups.network] },
      ),
    );
    const gateway = this.#register.add(
      "gateway",
      new network.ApplicationGateway(
        `${spec.name}-${what}`,
        {
          applicationGatewayName: gatewayName,
          autoscaleConfiguration: capacity,
          gatewayIPConfigurations: [{ name: "subnet", subnet: { id: subnetId } }],
          frontendIPConfigurations: [
            {
              name: frontendName,
              publicIPAddress: {
                id: names.idIn("network", "Microsoft.Network/publicIPAddresses", addressName),
              },
            },
          ],
          ...listener,
          ...placed,
        },
        { parent: this, dependsOn: [...sealed, address, ...ready] },
      ),
    );
    // Access, and what the web firewall refuses.
    diagnostics(`${spec.name}-${what}`, this.#gatewayId(what), records, {
      parent: this,
      dependsOn: [gateway, ...records.delivery],
    });
    this.#names[client] = address.dnsSettings.apply((settings) => settings?.fqdn ?? "");
    const { id: poolId } = partsOf(this.#gatewayId(what))("backendAddressPools", poolName);
    this.#targets[client] = ownId(gateway, poolId);
  }
}
