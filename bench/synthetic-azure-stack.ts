import type { StackResource } from "../policy-pack/stack-resource";

const subscription = "11111111-2222-3333-4444-555555555555";
const group = "hospital";
const providers = `/subscriptions/${subscription}/resourceGroups/${group}/providers`;

const zones = ["gateway", "processing", "phi"] as const;
type Zone = (typeof zones)[number];

const subnetsOfZone = 4;
const accountsOfNetwork = 8;
const interfacesOfSubnet = 4;

/** Who calls whom: the subnets of a zone with those of the next, on 443. */
const next: Readonly<Record<Zone, Zone | undefined>> = {
  gateway: "processing",
  processing: "phi",
  phi: undefined,
};

interface WrittenRule {
  readonly name: string;
  readonly priority: number;
  readonly direction: "Inbound" | "Outbound";
  readonly access: "Allow" | "Deny";
  readonly from: string;
  readonly to: string;
  readonly ports?: string;
}

function securityRule({ name, priority, direction, access, from, to, ports = "*" }: WrittenRule): object {
  return {
    name,
    priority,
    direction,
    access,
    protocol: ports === "*" ? "*" : "Tcp",
    sourceAddressPrefix: from,
    sourcePortRange: "*",
    destinationAddressPrefix: to,
    destinationPortRange: ports,
  };
}

/**
 * A stranger's Azure stack of about a given size: virtual networks of three zones whose subnets, and their network
 * security groups' rules, are parts of them, with a route table for each subnet, interfaces, and storage accounts behind
 * private endpoints. It is accepted.
 */
export function syntheticAzureStack(size: number): readonly StackResource[] {
  const resources: StackResource[] = [];
  const add = (
    type: string,
    path: string,
    key: string,
    name: string,
    inputs: Readonly<Record<string, unknown>>,
  ): string => {
    const id = `${providers}/${path}/${name}`;
    const all = { resourceGroupName: group, [key]: name, location: "eastus2", ...inputs };
    resources.push({
      urn: `urn:pulumi:bench::bench::${type}::${name}`,
      type,
      name,
      inputs: all,
      outputs: { ...all, name, id },
      parent: undefined,
      dependencies: [],
      propertyDependencies: {},
      ignoreChanges: [],
      protect: false,
      providerInputs: { subscriptionId: subscription },
    });
    return id;
  };
  for (let network = 0; resources.length < size; network += 1) {
    const block = `10.${String(network % 256)}`;
    const prefix = (zone: Zone, index: number): string =>
      `${block}.${String(zones.indexOf(zone) * subnetsOfZone + index)}.0/24`;
    const subnets = zones.flatMap((zone) =>
      Array.from({ length: subnetsOfZone }, (_, index) => {
        const name = `${zone}-${String(network)}-${String(index)}`;
        const tags = { "bulkhead-zone": zone };
        const clients = zones.filter((from) => next[from] === zone);
        const servers = next[zone];
        const rules: readonly WrittenRule[] = [
          ...clients.map((from): WrittenRule => ({
            name: "from-clients",
            priority: 100,
            direction: "Inbound",
            access: "Allow",
            from: prefix(from, index),
            to: prefix(zone, index),
            ports: "443",
          })),
          ...(servers === undefined
            ? []
            : [
                {
                  name: "to-servers",
                  priority: 100,
                  direction: "Outbound",
                  access: "Allow",
                  from: prefix(zone, index),
                  to: prefix(servers, index),
                  ports: "443",
                } as const,
              ]),
          ...["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"].map((tag, order): WrittenRule => ({
            name: `deny-${tag}`,
            priority: 200 + order,
            direction: "Outbound",
            access: "Deny",
            from: "*",
            to: tag,
          })),
          { name: "deny-in", priority: 4096, direction: "Inbound", access: "Deny", from: "*", to: "*" },
          { name: "deny-out", priority: 4096, direction: "Outbound", access: "Deny", from: "*", to: "*" },
        ];
        const filter = add(
          "azure-native:network:NetworkSecurityGroup",
          "Microsoft.Network/networkSecurityGroups",
          "networkSecurityGroupName",
          `filter-${name}`,
          { securityRules: rules.map(securityRule), tags },
        );
        const table = add(
          "azure-native:network:RouteTable",
          "Microsoft.Network/routeTables",
          "routeTableName",
          `table-${name}`,
          {
            disableBgpRoutePropagation: true,
            routes: [{ name: "nowhere", addressPrefix: "0.0.0.0/0", nextHopType: "None" }],
            tags,
          },
        );
        return { zone, name, filter, table, prefix: prefix(zone, index) };
      }),
    );
    const vnet = add(
      "azure-native:network:VirtualNetwork",
      "Microsoft.Network/virtualNetworks",
      "virtualNetworkName",
      `vnet-${String(network)}`,
      {
        addressSpace: { addressPrefixes: [`${block}.0.0/16`] },
        subnets: subnets.map((subnet) => ({
          name: subnet.name,
          addressPrefix: subnet.prefix,
          defaultOutboundAccess: false,
          privateEndpointNetworkPolicies: "Enabled",
          networkSecurityGroup: { id: subnet.filter },
          routeTable: { id: subnet.table },
        })),
      },
    );
    for (const { name, zone } of subnets) {
      for (let index = 0; zone !== "phi" && index < interfacesOfSubnet; index += 1) {
        add(
          "azure-native:network:NetworkInterface",
          "Microsoft.Network/networkInterfaces",
          "networkInterfaceName",
          `interface-${name}-${String(index)}`,
          {
            ipConfigurations: [{ name: "first", subnet: { id: `${vnet}/subnets/${name}` } }],
            enableIPForwarding: false,
          },
        );
      }
    }
    for (let index = 0; index < accountsOfNetwork; index += 1) {
      const name = `records${String(network)}x${String(index)}`;
      const account = add(
        "azure-native:storage:StorageAccount",
        "Microsoft.Storage/storageAccounts",
        "accountName",
        name,
        {
          kind: "StorageV2",
          sku: { name: "Standard_LRS" },
          publicNetworkAccess: "Disabled",
          networkRuleSet: { defaultAction: "Deny", bypass: "None" },
          allowBlobPublicAccess: false,
          allowSharedKeyAccess: false,
          allowCrossTenantReplication: false,
          allowedCopyScope: "PrivateLink",
          isLocalUserEnabled: false,
          isSftpEnabled: false,
          minimumTlsVersion: "TLS1_2",
          enableHttpsTrafficOnly: true,
          tags: { "bulkhead-zone": "phi" },
        },
      );
      add(
        "azure-native:network:PrivateEndpoint",
        "Microsoft.Network/privateEndpoints",
        "privateEndpointName",
        `endpoint-${name}`,
        {
          subnet: { id: `${vnet}/subnets/phi-${String(network)}-${String(index % subnetsOfZone)}` },
          privateLinkServiceConnections: [{ name, privateLinkServiceId: account, groupIds: ["blob"] }],
          tags: { "bulkhead-zone": "phi" },
        },
      );
    }
  }
  return resources;
}
