import { machineImage as azureImage } from "../../../components/azure/machine-image";
import { nobodysKey } from "../../../components/azure/nobodys-key";
import { machineMetadata } from "../../../components/gcp/machine-template";
import { ownGroup, ownSubscription, type Sketch } from "../stack-sketch";

type Part = Readonly<Record<string, unknown>>;

/** The name of the registry of Azure's that sketches have, from which their machines have what they run. */
export const azureRegistry = "bulkhead";

const inGroup = { resourceGroupName: ownGroup };
const diskEncryptionSet = `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}/providers/Microsoft.Compute/diskEncryptionSets/disks`;

/** The addresses of a machine of Azure's: one, in the subnet of its workload, and none that is public. */
const ipConfigurations = [
  {
    name: "private",
    primary: true,
    privateIPAddressVersion: "IPv4",
    privateIPAllocationMethod: "Static",
    privateIPAddress: "10.40.1.4",
  },
];

/** The interface that a scale set makes with each of its machines. */
export const madeInterface: Part = {
  name: "carrier",
  primary: true,
  enableIPForwarding: false,
  ipConfigurations,
};

/** Adds the interface of a machine of Azure's, and gives what the machine says of it. */
export function azureInterface(stack: Sketch, tags: Part): Part {
  const id = stack.add("azure-native:network:NetworkInterface", "carrier-interface", {
    ...inGroup,
    networkInterfaceName: "carrier",
    enableIPForwarding: false,
    ipConfigurations,
    tags,
  });
  return { id, primary: true, deleteOption: "Detach" };
}

/**
 * Who a machine of Azure's is, as our renderer makes it: with the identity of its workload, which is added to the stack with
 * the platform's registry.
 */
export function azureIdentity(stack: Sketch, tags: Part): Part {
  stack.add("azure-native:containerregistry:Registry", "registry", {
    ...inGroup,
    registryName: azureRegistry,
  });
  const id = stack.add("azure-native:managedidentity:UserAssignedIdentity", "carrier-identity", {
    ...inGroup,
    resourceName: "carrier",
    tags,
  });
  return { type: "UserAssigned", userAssignedIdentities: [id] };
}

/** How a machine of Azure's is kept from others, besides what it is told, as our renderer makes it. */
export const azureProfile = {
  osProfile: {
    computerName: "carrier",
    adminUsername: "core",
    allowExtensionOperations: false,
    linuxConfiguration: {
      provisionVMAgent: false,
      disablePasswordAuthentication: true,
      ssh: { publicKeys: [{ path: "/home/core/.ssh/authorized_keys", keyData: nobodysKey }] },
    },
  },
  securityProfile: { encryptionAtHost: true },
  storageProfile: {
    imageReference: azureImage,
    osDisk: {
      osType: "Linux",
      createOption: "FromImage",
      managedDisk: { storageAccountType: "Premium_LRS", diskEncryptionSet: { id: diskEncryptionSet } },
    },
  },
};

/** Adds the account of a workload, and gives who a machine of Google Cloud's is with it, and what it says of itself. */
export function googleMachine(
  stack: Sketch,
  workload: string | undefined,
  userData: string,
): { readonly serviceAccount: Part; readonly metadata: Part } {
  const account = stack.add("gcp:serviceaccount/account:Account", "carrier-account", {
    accountId: "carrier",
  });
  if (workload !== undefined) {
    stack.addRaw({
      urn: "urn:pulumi:test::bulkhead::bulkhead:identity:WorkloadIdentities::bulkhead",
      type: "bulkhead:identity:WorkloadIdentities",
      name: "bulkhead",
      inputs: {},
      outputs: {
        peerMembers: {
          [`workload/${workload}`]: [
            "urn:pulumi:test::bulkhead::gcp:serviceaccount/account:Account::carrier-account",
          ],
        },
      },
      custom: false,
      parent: undefined,
      computed: [],
    });
  }
  return {
    serviceAccount: {
      email: `${account}.email`,
      scopes: ["https://www.googleapis.com/auth/cloud-platform"],
    },
    metadata: { ...machineMetadata, "user-data": userData },
  };
}
