import * as compute from "@pulumi/azure-native/compute";
import * as network from "@pulumi/azure-native/network";
import * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import { egressGuardId } from "../../model/egress-guard";
import type { EnvoyMesh } from "../../model/mesh";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { idOrUrn } from "../id-or-urn";
import type { EdgeClients } from "../mesh/edge-clients";
import { podOf } from "../mesh/pod";
import { ownId } from "../own-id";
import { Workloads } from "../workloads";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { asWritten } from "./as-written";
import type { AzureAuditLog } from "./audit-log";
import { certificateAlarms } from "./certificate-alarms";
import type { CustomerKey } from "./customer-key";
import { machineConfiguration } from "./machine-configuration";
import { machineDisks } from "./machine-disks";
import { machineImage } from "./machine-image";
import { nobodysKey } from "./nobodys-key";
import { identityKinds, type PhysicalNames } from "./physical-names";
import { replicaAddresses, workloadPeer } from "./replica-addresses";
import type { AzureWorkloadIdentities } from "./workload-identities";

export interface AzureWorkloadsArgs {
  readonly spec: PlatformSpec;
  readonly mesh: EnvoyMesh;
  readonly target: Pick<AzureTarget, "availabilityZones">;
  readonly names: PhysicalNames;
  /** The key of the platform, under which the machines' disks are. */
  readonly key: CustomerKey;
  readonly edge: EdgeClients;
  readonly identities: Pick<AzureWorkloadIdentities, "of">;
  readonly auditLog: Pick<AzureAuditLog, "collection">;
  /** What must stand before a workload can read its credential, by workload. */
  readonly readable: ReadonlyMap<string, readonly pulumi.Resource[]>;
  /** What must stand before any machine does: the sealed subnets, the private names, identities with their roles. */
  readonly ready: readonly pulumi.Resource[];
  /** What must stand besides before the egress guard can call a provider. */
  readonly inspected: readonly pulumi.Resource[];
}

/** Two processors and eight gigabytes, on a host that encrypts what it keeps, without a disk of the host's own. */
const machineSize = "Standard_D2s_v5";

/** The user that Flatcar has; nobody signs in as it. */
const machineUser = "core";

/**
 * The workloads on Azure: a machine for each replica, alone in the sense that nothing else runs on it, spread over the
 * availability zones in turn by a flexible scale set for each workload. Each has one network interface, in the workload's
 * own subnet and so behind its filter, at an address that is known beforehand, and none that is public.
 *
 * Nobody signs in to a machine, nothing can be installed on one, and none is changed: what is to be different is a new
 * machine in the place of the old, one replica after the other.
 */
export class AzureWorkloads extends Workloads {
  readonly serviceIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: AzureWorkloadsArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: AzureWorkloadsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, key, auditLog } = args;
    super(Workloads.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    const disks = machineDisks(spec.name, { names, key }, this);
    this.serviceIds = Object.fromEntries(
      spec.workloads.map((workload) => [workload.id, this.#machines(workload, disks)]),
    );
    certificateAlarms({ spec, names }, { parent: this, dependsOn: [...auditLog.collection.rules.values()] });
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ serviceIds: this.serviceIds, zoneMembers: this.zoneMembers });
  }

  /** The machines of a workload. Gives the id of their set. */
  #machines(workload: Workload, disks: pulumi.Resource): pulumi.Output<string> {
    const { spec, names, target, ready, readable, inspected } = this.#args;
    const { id, zone } = workload;
    const tags = peerTagsOf(spec.name, zone, workloadPeer(workload));
    const set = this.#register.add(
      zone,
      new compute.VirtualMachineScaleSet(
        `${spec.name}-${id}-machines`,
        {
          vmScaleSetName: names.scaleSet(workload),
          resourceGroupName: names.group("platform"),
          location: names.location,
          orchestrationMode: "Flexible",
          // As far apart as there is room; in a zone there is no other choice.
          platformFaultDomainCount: 1,
          ...(target.availabilityZones.length > 0 ? { zones: [...target.availabilityZones] } : {}),
          tags,
        },
        { parent: this, dependsOn: [...ready] },
      ),
    );
    const customData = this.#configuration(workload);
    let before: readonly pulumi.Resource[] = [
      set,
      disks,
      ...(readable.get(id) ?? []),
      ...(id === egressGuardId ? inspected : []),
      ...ready,
    ];
    replicaAddresses(spec, workload).forEach((address, index) => {
      const machine = this.#machine(workload, index + 1, { address, customData, tags, before });
      // One after the other, so that a workload is never without all of its replicas at once.
      before = [...before, machine];
    });
    return ownId(set, names.scaleSetId(workload));
  }

  /** What the machines of a workload are given. In a preview it is known as a whole, but for ids that Azure makes up. */
  #configuration(workload: Workload): pulumi.Output<string> {
    const { spec, mesh, names, edge, identities, auditLog } = this.#args;
    const { endpoint, rules } = auditLog.collection;
    const rule = rules.get(workload.id);
    if (rule === undefined) {
      throw new Error(`workload/${workload.id} has no rule by which it records`);
    }
    const pod = podOf(spec, mesh, workload, {
      cloud: "azure",
      credentialId: names.credentialUrl(workload),
      configuration: "file",
      edge,
      egress: {
        keysId: names.providerKeysUrl,
        authorityId: names.trustedFirewallUrl,
        // The route of its subnet leads to the firewall.
        proxy: undefined,
      },
    });
    const identity = identities.of(workload, "workload");
    return pulumi
      .all([
        idOrUrn(identity.clientId, identity),
        idOrUrn(
          endpoint.logsIngestion.apply((ingestion) => ingestion?.endpoint ?? ""),
          endpoint,
        ),
        idOrUrn(rule.immutableId, rule),
      ])
      .apply(([clientId, address, ruleId]) =>
        machineConfiguration({
          pod,
          mesh,
          registry: {
            host: names.registryHost,
            tenantId: names.tenantId,
            identityId: names.identityId(workload, "starting"),
          },
          logs: { endpoint: address, rule: ruleId, clientId },
        }),
      );
  }

  #machine(
    workload: Workload,
    replica: number,
    {
      address,
      customData,
      tags,
      before,
    }: {
      readonly address: string;
      readonly customData: pulumi.Output<string>;
      readonly tags: Tags;
      readonly before: readonly pulumi.Resource[];
    },
  ): pulumi.Resource {
    const { spec, names, target } = this.#args;
    const { availabilityZones } = target;
    const name = names.machine(workload, replica);
    const placed = { resourceGroupName: names.group("platform"), location: names.location, tags };
    const nic = this.#interface(workload, replica, address, tags);
    const zone = availabilityZones[(replica - 1) % availabilityZones.length];
    return this.#register.add(
      workload.zone,
      new compute.VirtualMachine(
        `${spec.name}-${workload.id}-${String(replica)}-machine`,
        {
          vmName: name,
          ...placed,
          ...(zone === undefined ? {} : { zones: [zone] }),
          virtualMachineScaleSet: { id: names.scaleSetId(workload) },
          hardwareProfile: { vmSize: machineSize },
          identity: {
            type: "UserAssigned",
            userAssignedIdentities: identityKinds.map((kind) => names.identityId(workload, kind)),
          },
          networkProfile: {
            networkInterfaces: [
              { id: names.interfaceId(workload, replica), primary: true, deleteOption: "Detach" },
            ],
          },
          storageProfile: {
            imageReference: { ...machineImage },
            osDisk: {
              name,
              osType: "Linux",
              createOption: "FromImage",
              deleteOption: "Delete",
              caching: "ReadWrite",
              managedDisk: {
                storageAccountType: "Premium_LRS",
                diskEncryptionSet: { id: names.diskEncryptionSetId },
              },
            },
          },
          securityProfile: { encryptionAtHost: true },
          osProfile: {
            computerName: name,
            adminUsername: machineUser,
            customData,
            // Nothing is installed by Azure's own agent, nor told to it.
            allowExtensionOperations: false,
            linuxConfiguration: {
              provisionVMAgent: false,
              disablePasswordAuthentication: true,
              ssh: {
                publicKeys: [{ path: `/home/${machineUser}/.ssh/authorized_keys`, keyData: nobodysKey }],
              },
            },
          },
          diagnosticsProfile: { bootDiagnostics: { enabled: false } },
        },
        {
          parent: this,
          dependsOn: [nic, ...before],
          // Azure changes none of these on a machine that is there, whose name and address the new one takes.
          replaceOnChanges: ["osProfile", "storageProfile", "virtualMachineScaleSet", "zones"],
          deleteBeforeReplace: true,
        },
      ),
    );
  }

  /** The one network interface of a machine. It has no filter of its own: its subnet's is in force on it. */
  #interface(workload: Workload, replica: number, privateIPAddress: string, tags: Tags): pulumi.Resource {
    const { spec, names, ready } = this.#args;
    const ipConfigurations = [
      {
        name: "private",
        primary: true,
        subnet: { id: names.subnetId(workloadPeer(workload)) },
        privateIPAddressVersion: "IPv4",
        privateIPAllocationMethod: "Static",
        privateIPAddress,
      },
    ];
    return this.#register.add(
      workload.zone,
      new network.NetworkInterface(
        `${spec.name}-${workload.id}-${String(replica)}-interface`,
        {
          networkInterfaceName: names.machine(workload, replica),
          resourceGroupName: names.group("platform"),
          location: names.location,
          enableAcceleratedNetworking: true,
          enableIPForwarding: false,
          ipConfigurations,
          tags,
        },
        {
          parent: this,
          dependsOn: [...ready],
          // The SDK would say beside the subnet's id that filters do not bind endpoints in it.
          transformations: [asWritten("ipConfigurations", ipConfigurations)],
        },
      ),
    );
  }
}
