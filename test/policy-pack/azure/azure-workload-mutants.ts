import type { Mutant } from "../mutants";
import { alter, append, put } from "../put";
import type { Properties } from "../service-mutants";
import { ownSubscription, unknownText, type Sketch } from "../stack-sketch";

const declared = "zones-reach-only-declared-peers";
const mtls = "flows-require-mtls";
const rotate = "certificates-rotate";

const machine = "bulkhead-rag-service-1-machine";
const nic = "bulkhead-rag-service-1-interface";
const edgeMachine = "bulkhead-ai-gateway-1-machine";
const gateway = "bulkhead-machine-entrance";
const network = "bulkhead-network";
const envoyFile = "/etc/envoy/envoy.json";

const platform = `/subscriptions/${ownSubscription}/resourceGroups/bulkhead-platform/providers`;
const ofPlatform = { resourceGroupName: "bulkhead-platform" };
const inMachine = { ...ofPlatform, vmName: "bulkhead-rag-service-1" };
const roles = `/subscriptions/${ownSubscription}/providers/Microsoft.Authorization/roleDefinitions`;

function one(fault: string, rule: Mutant["rule"], name: string, path: string, value: unknown): Mutant {
  return {
    fault,
    rule,
    dig: (stack) => {
      put(stack, name, path, value);
    },
  };
}

function more(
  fault: string,
  rule: Mutant["rule"],
  type: string,
  inputs: (stack: Sketch) => Properties,
): Mutant {
  return { fault, rule, dig: (stack) => stack.add(type, "hole", inputs(stack)) };
}

const subnets = `/subscriptions/${ownSubscription}/resourceGroups/bulkhead-network/providers/Microsoft.Network/virtualNetworks/bulkhead-network/subnets`;
const subnetOf = (name: string): Properties => ({ id: `${subnets}/${name}` });

type Json = Record<string, unknown>;

/** Changes what a machine is told. */
function tell(fault: string, rule: Mutant["rule"], name: string, change: (told: Json) => unknown): Mutant {
  return {
    fault,
    rule,
    dig: (stack) => {
      alter(stack, name, "osProfile/customData", (data) => {
        const told = JSON.parse(Buffer.from(String(data), "base64").toString()) as Json;
        return Buffer.from(JSON.stringify(change(told) ?? told)).toString("base64");
      });
    },
  };
}

interface Told {
  readonly storage: { readonly files: { readonly path: string; contents: { source: string } }[] };
  readonly systemd: { readonly units: { readonly name: string; contents?: string }[] };
}

/** Changes the text of a machine's units, all at once. */
function inUnits(fault: string, rule: Mutant["rule"], from: string | RegExp, to: string): Mutant {
  return tell(fault, rule, machine, (told) => {
    for (const unit of (told as unknown as Told).systemd.units) {
      const { contents } = unit;
      if (contents !== undefined) {
        unit.contents = contents.replace(from, to);
      }
    }
  });
}

/** Changes the configuration of a machine's proxy, as text. */
function inProxy(fault: string, name: string, from: string | RegExp, to: string): Mutant {
  return tell(fault, mtls, name, (told) => {
    for (const file of (told as unknown as Told).storage.files.filter(({ path }) => path === envoyFile)) {
      const text = Buffer.from(file.contents.source.replace(/^[^,]*,/, ""), "base64").toString();
      const changed = text.replace(from, to);
      if (changed === text) {
        throw new Error(`nothing to change for ${fault}`);
      }
      file.contents = { source: `data:;base64,${Buffer.from(changed).toString("base64")}` };
    }
  });
}

/** Gives a role on a secret of the vault away. */
function assign(stack: Sketch, secret: string, workload: string): string {
  const vault = String(
    stack.resources().find(({ name }) => name === "bulkhead-secrets-vault")?.inputs?.["vaultName"],
  );
  return stack.add("azure-native:authorization:RoleAssignment", "hole", {
    roleAssignmentName: "0a0a0a0a-0000-0000-0000-000000000000",
    roleDefinitionId: `${roles}/4633458b-17de-408a-b874-0445c86b69e6`,
    scope: `${platform}/Microsoft.KeyVault/vaults/${vault}${secret}`,
    principalId: `${stack.id(`bulkhead-${workload}-workload-identity`)}.principalId`,
    principalType: "ServicePrincipal",
  });
}

/** Faults of the machines that run workloads, of what they are told, and of what they may do. */
export const azureWorkloadMutants: readonly Mutant[] = [
  {
    fault: "machine: its interface has a public address",
    rule: mtls,
    dig: (s) => {
      s.add("azure-native:network:PublicIPAddress", "hole", { ...ofPlatform, publicIpAddressName: "hole" });
      put(s, nic, "ipConfigurations/private/publicIPAddress", {
        id: `${platform}/Microsoft.Network/publicIPAddresses/hole`,
      });
    },
  },
  {
    fault: "machine: its interface is in another workload's subnet",
    rule: mtls,
    dig: (s) => {
      put(s, nic, "ipConfigurations/private/subnet", subnetOf("bulkhead-fhir-proxy"));
    },
  },
  {
    fault: "machine: its interface is in a store's subnet",
    rule: "resources-are-understood",
    dig: (s) => {
      put(s, nic, "ipConfigurations/private/subnet", subnetOf("bulkhead-fhir-store"));
    },
  },
  {
    fault: "machine: a second interface, in another workload's subnet",
    rule: mtls,
    dig: (s) => {
      s.add("azure-native:network:NetworkInterface", "hole", {
        ...ofPlatform,
        networkInterfaceName: "hole",
        ipConfigurations: [{ name: "private", subnet: subnetOf("bulkhead-fhir-proxy") }],
      });
      append(s, machine, "networkProfile/networkInterfaces", {
        id: `${platform}/Microsoft.Network/networkInterfaces/hole`,
      });
    },
  },
  {
    fault: "machine: a second interface, in a subnet of nobody's",
    rule: declared,
    dig: (s) => {
      append(s, network, "subnets", { name: "hole", addressPrefix: "10.40.250.0/27" });
      s.add("azure-native:network:NetworkInterface", "hole", {
        ...ofPlatform,
        networkInterfaceName: "hole",
        ipConfigurations: [{ name: "private", subnet: subnetOf("hole") }],
      });
      append(s, machine, "networkProfile/networkInterfaces", {
        id: `${platform}/Microsoft.Network/networkInterfaces/hole`,
      });
    },
  },
  one("machine: its interface sends on packets of others", mtls, nic, "enableIPForwarding", true),
  one(
    "machine: whether its interface sends on packets is not known",
    mtls,
    nic,
    "enableIPForwarding",
    unknownText,
  ),
  one("machine: its interface asks another resolver", mtls, nic, "dnsSettings", { dnsServers: ["8.8.8.8"] }),
  {
    fault: "machine: another filter on its interface",
    rule: declared,
    dig: (s) => {
      put(s, nic, "networkSecurityGroup", {
        id: s.add("azure-native:network:NetworkSecurityGroup", "hole", {
          ...ofPlatform,
          networkSecurityGroupName: "hole",
          securityRules: [],
          tags: {
            "bulkhead-platform": "bulkhead",
            "bulkhead-zone": "processing",
            "bulkhead-workload": "rag-service",
          },
        }),
      });
    },
  },
  more("machine: an extension", mtls, "azure-native:compute:VirtualMachineExtension", () => ({
    ...inMachine,
    vmExtensionName: "hole",
    publisher: "Microsoft.Azure.Extensions",
    type: "CustomScript",
    settings: { commandToExecute: "sh" },
  })),
  more(
    "machine: a command that is run in it",
    mtls,
    "azure-native:compute:VirtualMachineRunCommandByVirtualMachine",
    () => ({
      ...inMachine,
      runCommandName: "hole",
      source: { script: "sh" },
    }),
  ),
  one("machine: extensions are let in", mtls, machine, "osProfile/allowExtensionOperations", true),
  one("machine: another image", mtls, machine, "storageProfile/imageReference", {
    communityGalleryImageId: "/CommunityGalleries/any/Images/any/Versions/1.0.0",
  }),
  one(
    "machine: a password",
    mtls,
    machine,
    "osProfile/linuxConfiguration/disablePasswordAuthentication",
    false,
  ),
  one("machine: another identity", mtls, machine, "identity/userAssignedIdentities", [
    `${platform}/Microsoft.ManagedIdentity/userAssignedIdentities/bulkhead-fhir-proxy`,
  ]),
  {
    fault: "machine: another workload's identity besides",
    rule: mtls,
    dig: (s) => {
      append(
        s,
        machine,
        "identity/userAssignedIdentities",
        `${platform}/Microsoft.ManagedIdentity/userAssignedIdentities/bulkhead-fhir-proxy`,
      );
    },
  },
  one(
    "machine: an identity of its own besides",
    mtls,
    machine,
    "identity/type",
    "SystemAssigned, UserAssigned",
  ),
  one(
    "machine: disks under a key of Azure's",
    mtls,
    machine,
    "storageProfile/osDisk/managedDisk/diskEncryptionSet",
    undefined,
  ),
  one("machine: hosts that do not encrypt", mtls, machine, "securityProfile/encryptionAtHost", false),
  one("machine: told nothing that a preview knows", mtls, machine, "osProfile/customData", unknownText),
  one("machine: told nothing", mtls, machine, "osProfile/customData", undefined),
  one(
    "machine: told something else besides",
    mtls,
    machine,
    "userData",
    Buffer.from("#!/bin/sh\nnc -l 443").toString("base64"),
  ),
  inUnits(
    "machine: an image of another registry",
    mtls,
    /bulkheadregistry\w+\.azurecr\.io\/rag-service/g,
    "docker.io/any/rag-service",
  ),
  inUnits(
    "machine: an image without a digest",
    mtls,
    /rag-service@sha256:[0-9a-f]{64}/g,
    "rag-service:latest",
  ),
  inUnits(
    "machine: its program has the certificates",
    mtls,
    "--name rag-service",
    "--name rag-service --mount type=bind,source=/run/bulkhead/certificates,target=/certificates",
  ),
  inUnits(
    "machine: something runs after the program",
    mtls,
    "ExecStop=",
    "ExecStartPost=/bin/any\nExecStop=",
  ),
  inUnits("machine: another check of its containers", mtls, "while sleep 10", "while nc -l 8443"),
  tell("machine: somebody signs in to it", mtls, machine, (told) => ({
    ...told,
    passwd: { users: [{ name: "any", sshAuthorizedKeys: ["any"] }] },
  })),
  tell("machine: its system starts otherwise", mtls, machine, (told) => ({
    ...told,
    kernelArguments: { shouldExist: ["init=/bin/any"] },
  })),
  one("machine: applications of a gallery", mtls, machine, "applicationProfile/galleryApplications", [
    { packageReferenceId: "any" },
  ]),
  one("machine: another disk", mtls, machine, "storageProfile/dataDisks", [
    { lun: 0, createOption: "Attach" },
  ]),
  inUnits("machine: a container with every capability", mtls, /--cap-drop ALL/g, "--privileged"),
  inProxy(
    "machine: its proxy asks for no certificate",
    machine,
    '"require_client_certificate":true',
    '"require_client_certificate":false',
  ),
  inProxy("machine: its proxy takes TLS 1.2", machine, /"TLSv1_3","tls_max/, '"TLSv1_2","tls_max'),
  inProxy(
    "machine: its proxy admits another workload",
    machine,
    /workload\/ai-gateway/g,
    "workload/decision-point",
  ),
  inProxy("edge machine: its proxy takes TLS 1.1", edgeMachine, /"TLSv1_2"/, '"TLSv1_1"'),
  inProxy("edge machine: its proxy admits any address", edgeMachine, /"prefix_len":20/, '"prefix_len":0'),
  one("edge machine: nothing is left of it", mtls, edgeMachine, "osProfile", undefined),
  more("machine: a set that makes some itself", mtls, "azure-native:compute:VirtualMachineScaleSet", () => ({
    ...ofPlatform,
    vmScaleSetName: "hole",
    tags: {
      "bulkhead-platform": "bulkhead",
      "bulkhead-zone": "processing",
      "bulkhead-workload": "rag-service",
    },
    virtualMachineProfile: {
      networkProfile: {
        networkInterfaceConfigurations: [
          { name: "own", ipConfigurations: [{ name: "own", subnet: subnetOf("bulkhead-rag-service") }] },
        ],
      },
    },
  })),
  {
    fault: "credential: another workload reads it",
    rule: mtls,
    dig: (s) => assign(s, "/secrets/fhir-proxy--certificates", "rag-service"),
  },
  {
    fault: "credential: a workload reads the whole vault",
    rule: mtls,
    dig: (s) => assign(s, "", "fhir-proxy"),
  },
  one(
    "gateways: they take certificates of anybody's for those of workloads",
    mtls,
    gateway,
    "trustedRootCertificates/0/data",
    "TUE9PQ==",
  ),
  one(
    "certificates: they live longer",
    rotate,
    "bulkhead-rag-service-certificate-692",
    "validityPeriodHours",
    4000,
  ),
];
