import { unknownText, type Sketch } from "../stack-sketch";

import { addressesOf, emailOf, labelled, type Zone } from "./gcp-base";
import {
  gcp,
  inPhiOrGateway,
  machine,
  nic,
  onNetworks,
  pair,
  plainSubnet,
  setting,
  silentResolver,
} from "./gcp-network-pieces";
import { amend, changed, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** The names of the network of PHI are closed, so that a machine may be there. */
function closed(stack: Sketch): Sketch {
  return silentResolver(stack, stack.id("vpc"));
}

/** A machine of PHI whose network interface says something else. */
function interfaceCase(id: string, name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return setting(
    id,
    `a machine of PHI ${name}`,
    (stack, inputs: Inputs) =>
      machine(closed(stack), "phi", { networkInterfaces: [nic(stack, "phi", inputs)] }),
    bad,
    good,
  );
}

const machines: readonly CorpusCase[] = [
  interfaceCase("GE-12", "with a public address", { accessConfigs: [{ natIp: "198.51.100.7" }] }),
  interfaceCase(
    "GE-12",
    "with a public address that Google gives",
    { accessConfigs: [{}] },
    { accessConfigs: [] },
  ),
  interfaceCase("GE-12", "with a public address of the best network", {
    accessConfigs: [{ networkTier: "PREMIUM" }],
  }),
  interfaceCase(
    "GE-12",
    "with public addresses that nobody knows",
    { accessConfigs: unknownText },
    { accessConfigs: [] },
  ),
  interfaceCase("GE-12", "with a public address that nobody knows", {
    accessConfigs: [{ natIp: unknownText }],
  }),
  interfaceCase(
    "GE-13",
    "with a public address of IPv6",
    { ipv6AccessConfigs: [{ networkTier: "PREMIUM" }], stackType: "IPV4_IPV6" },
    { ipv6AccessConfigs: [], stackType: "IPV4_ONLY" },
  ),
  interfaceCase("GE-13", "with addresses of IPv6 that face the Internet", {
    ipv6AccessType: "EXTERNAL",
    stackType: "IPV4_IPV6",
  }),
  interfaceCase("GE-12", "in a subnet that nobody knows, with a public address", {
    subnetwork: unknownText,
    accessConfigs: [{}],
  }),
  ...([true, unknownText] as const).map((canIpForward) =>
    setting(
      "GE-12",
      `a machine of PHI that forwards for others: ${String(canIpForward === true)}`,
      (stack, value: boolean | string | undefined) => machine(closed(stack), "phi", { canIpForward: value }),
      canIpForward as boolean | string | undefined,
      false,
    ),
  ),
  setting(
    "GE-12",
    "a machine of no zone with a public address, in PHI's subnet or the gateway's",
    (stack, zone) =>
      machine(closed(stack), "gateway", {
        labels: {},
        serviceAccount: { email: emailOf(stack, zone), scopes: [] },
        networkInterfaces: [nic(stack, zone, { accessConfigs: [{}] })],
      }),
    "phi",
    "gateway",
  ),
  onNetworks(
    setting(
      "GE-12",
      "a machine of no zone with a public address, in the network of PHI or in another",
      (stack, zone) => {
        silentResolver(stack, stack.id("phi-vpc"));
        machine(stack, "gateway", {
          labels: {},
          serviceAccount: undefined,
          networkInterfaces: [nic(stack, zone, { accessConfigs: [{}] })],
        });
      },
      "phi",
      "gateway",
    ),
  ),
];

/** Machines that others make by a template. */
function template(stack: Sketch, zone: Zone, type: string, inputs: Inputs = {}): string {
  return stack.add(gcp("compute", type), "template", {
    name: "template",
    machineType: "n2-standard-4",
    ...(type.startsWith("Region") ? { region: "us-central1" } : {}),
    disks: [{ sourceImage: "cos-cloud/cos-stable", boot: true }],
    networkInterfaces: [nic(stack, zone, inputs)],
    serviceAccount: { email: emailOf(stack, zone), scopes: ["cloud-platform"] },
    ...labelled(zone),
  });
}

const templates: readonly CorpusCase[] = [
  ...["InstanceTemplate", "RegionInstanceTemplate"].flatMap((type) => [
    setting(
      "GE-12",
      `${type} of PHI with a public address`,
      (stack, inputs: Inputs) => template(closed(stack), "phi", type, inputs),
      { accessConfigs: [{}] },
      {},
    ),
    setting(
      "GE-12",
      `${type} with a public address that nobody knows, of PHI or of the gateway`,
      (stack, zone) => template(closed(stack), zone, type, { accessConfigs: unknownText }),
      "phi",
      "gateway",
    ),
    setting(
      "GE-13",
      `${type} of PHI with a public address of IPv6`,
      (stack, inputs: Inputs) => template(closed(stack), "phi", type, inputs),
      { ipv6AccessConfigs: [{ networkTier: "PREMIUM" }] },
      {},
    ),
  ]),
  setting(
    "GE-12",
    "a machine of a template with a public address",
    (stack, accessConfigs: readonly Inputs[]) => {
      const of = template(closed(stack), "phi", "InstanceTemplate");
      stack.add(gcp("compute", "InstanceFromTemplate"), "made", {
        name: "made",
        zone: "us-central1-a",
        sourceInstanceTemplate: of,
        networkInterfaces: [nic(stack, "phi", { accessConfigs })],
        ...labelled("phi"),
      });
    },
    [{}],
    [],
  ),
  setting(
    "GE-12",
    "machines of a group by a template with a public address, in PHI or in the gateway",
    (stack, zone) => {
      const of = template(closed(stack), zone, "InstanceTemplate", { accessConfigs: [{}] });
      stack.add(gcp("compute", "RegionInstanceGroupManager"), "group", {
        name: "group",
        baseInstanceName: "worker",
        region: "us-central1",
        targetSize: 2,
        versions: [{ instanceTemplate: of }],
      });
    },
    "phi",
    "gateway",
  ),
];

function address(stack: Sketch, zone: Zone, inputs: Inputs, type = "Address"): string {
  return stack.add(gcp("compute", type), "address", {
    name: "address",
    ...(type === "Address" ? { region: "us-central1" } : {}),
    ...labelled(zone),
    ...inputs,
  });
}

const addresses: readonly CorpusCase[] = [
  inPhiOrGateway("GE-12", "an address of no kind, which is public", (stack, zone) =>
    address(stack, zone, {}),
  ),
  inPhiOrGateway("GE-12", "a public address", (stack, zone) =>
    address(stack, zone, { addressType: "EXTERNAL" }),
  ),
  inPhiOrGateway("GE-12", "a public address of IPv6", (stack, zone) =>
    address(stack, zone, { addressType: "EXTERNAL", ipVersion: "IPV6", ipv6EndpointType: "VM" }),
  ),
  inPhiOrGateway("GE-12", "an address whose kind nobody knows", (stack, zone) =>
    address(stack, zone, { addressType: unknownText }),
  ),
  inPhiOrGateway("GE-12", "an address of the whole world", (stack, zone) =>
    address(stack, zone, {}, "GlobalAddress"),
  ),
  setting(
    "GE-12",
    "an address of PHI, public or of its subnet",
    (stack, inputs: Inputs) => address(stack, "phi", inputs),
    { addressType: "EXTERNAL" },
    { addressType: "INTERNAL", subnetwork: "phi-subnet" },
  ),
  setting(
    "GE-12",
    "an address that is given to a machine of PHI, or of the gateway",
    (stack, zone) => {
      const of = stack.add(gcp("compute", "Address"), "address", { name: "address", region: "us-central1" });
      machine(closed(stack), zone, {
        networkInterfaces: [nic(stack, zone, { accessConfigs: [{ natIp: `${of}.address` }] })],
      });
    },
    "phi",
    "gateway",
  ),
];

/** What a subnet says of IPv6, where denials of both families are in force. */
function subnetCase(name: string, bad: Inputs, good: Inputs = {}): readonly CorpusCase[] {
  const one = changed("GE-13", `a subnet of PHI ${name}`, (stack) => stack, "phi-subnet", bad, good);
  return [one, onNetworks(one)];
}

const sixth: readonly CorpusCase[] = [
  ...subnetCase("with IPv6 that faces the Internet", { stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL" }),
  ...subnetCase("of IPv6 alone that faces the Internet", {
    stackType: "IPV6_ONLY",
    ipv6AccessType: "EXTERNAL",
    ipCidrRange: undefined,
  }),
  ...subnetCase(
    "with public addresses of IPv6 of its own",
    { stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL", externalIpv6Prefix: "2600:1900:4000:1::/64" },
    { stackType: undefined },
  ),
  ...subnetCase("of a kind that nobody knows", { stackType: unknownText }),
  changed(
    "GE-13",
    "a subnet of PHI with a private way of IPv6 to Google",
    (stack) => stack,
    "phi-subnet",
    {
      stackType: "IPV4_IPV6",
      ipv6AccessType: "EXTERNAL",
      privateIpv6GoogleAccess: "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE",
    },
    { privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS" },
  ),
  setting(
    "GE-13",
    "a subnet with IPv6 that faces the Internet, of PHI or of the gateway",
    (stack, zone) => amend(stack, `${zone}-subnet`, { stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL" }),
    "phi",
    "gateway",
  ),
  pair(
    "GE-13",
    "IPv6 that one rule lets out of PHI's subnet of both families",
    (stack) => {
      amend(stack, "phi-subnet", { stackType: "IPV4_IPV6", ipv6AccessType: "INTERNAL" });
      amend(stack, "deny-out-v6", { disabled: true });
    },
    (stack) => amend(stack, "phi-subnet", { stackType: "IPV4_ONLY" }),
  ),
];

/** A machine with a leg in another network. */
function twoLegged(stack: Sketch, second: Inputs): string {
  return machine(closed(stack), "phi", { networkInterfaces: [nic(stack, "phi"), second] });
}

const legs: readonly CorpusCase[] = [
  pair(
    "GE-16",
    "a machine of PHI with a leg in another network",
    (stack) => twoLegged(stack, { subnetwork: plainSubnet(stack) }),
    (stack) => {
      plainSubnet(stack);
      machine(closed(stack), "phi");
    },
  ),
  pair(
    "GE-16",
    "a machine of PHI with a leg in the gateway's subnet",
    (stack) => twoLegged(stack, nic(stack, "gateway")),
    (stack) => {
      machine(closed(stack), "phi");
      machine(stack, "gateway", {}, "front");
    },
  ),
  pair(
    "GE-16",
    "a machine of the gateway with a leg in PHI's subnet",
    (stack) =>
      machine(closed(stack), "gateway", { networkInterfaces: [nic(stack, "gateway"), nic(stack, "phi")] }),
    (stack) => machine(closed(stack), "gateway", { networkInterfaces: [nic(stack, "gateway")] }),
  ),
  pair(
    "GE-16",
    "a machine of PHI with a leg that another project's network gives it",
    (stack) =>
      twoLegged(stack, {
        networkAttachment: `projects/somebody-else/regions/us-central1/networkAttachments/theirs`,
      }),
    (stack) => machine(closed(stack), "phi"),
  ),
  pair(
    "GE-16",
    "a machine of PHI with a leg in somebody else's subnet",
    (stack) =>
      twoLegged(stack, { subnetwork: "projects/somebody-else/regions/us-central1/subnetworks/theirs" }),
    (stack) => machine(closed(stack), "phi"),
  ),
  onNetworks(
    pair(
      "GE-16",
      "a machine with a leg in the network of PHI, and one in that of the others",
      (stack) => {
        silentResolver(stack, stack.id("phi-vpc"));
        machine(stack, "gateway", { networkInterfaces: [nic(stack, "gateway"), nic(stack, "phi")] });
      },
      (stack) => {
        silentResolver(stack, stack.id("phi-vpc"));
        machine(stack, "gateway");
      },
    ),
  ),
  pair(
    "GE-16",
    "a template of PHI with a leg in another network",
    (stack) => {
      template(closed(stack), "phi", "InstanceTemplate");
      amend(stack, "template", {
        networkInterfaces: [nic(stack, "phi"), { subnetwork: plainSubnet(stack) }],
      });
    },
    (stack) => template(closed(stack), "phi", "InstanceTemplate"),
  ),
  pair(
    "GE-16",
    "nodes of a cluster of the gateway with a leg in PHI's subnet",
    (stack) => {
      nodes(closed(stack), [{ network: "vpc", subnetwork: stack.id("phi-subnet") }]);
    },
    (stack) => {
      nodes(closed(stack), []);
    },
  ),
];

/** A cluster of the gateway's, with nodes; and where the nodes have more legs, those. */
function nodes(stack: Sketch, additional: readonly Inputs[]): void {
  const cluster = stack.add(gcp("container", "Cluster"), "cluster", {
    name: "cluster",
    location: "us-central1",
    network: stack.id("vpc"),
    subnetwork: stack.id("gateway-subnet"),
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    privateClusterConfig: {
      enablePrivateNodes: true,
      enablePrivateEndpoint: true,
      masterIpv4CidrBlock: "10.30.0.0/28",
    },
    masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: addressesOf.gateway }] },
    meshCertificates: { enableCertificates: true },
    deletionProtection: true,
  });
  stack.add(gcp("container", "NodePool"), "nodes", {
    name: "nodes",
    location: "us-central1",
    cluster,
    nodeCount: 1,
    networkConfig: {
      enablePrivateNodes: true,
      additionalNodeNetworkConfigs: additional,
    },
    nodeConfig: { serviceAccount: emailOf(stack, "gateway") },
  });
}

/** The checklist of ways out of the PHI zone of Google Cloud, as to addresses: rows GE-12, GE-13 and GE-16. */
export const gcpWaysOutOfAddresses: readonly CorpusCase[] = [
  ...machines,
  ...templates,
  ...addresses,
  ...sixth,
  ...legs,
];
