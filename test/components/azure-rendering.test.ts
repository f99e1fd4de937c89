import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { PhysicalNames } from "../../components/azure/physical-names";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { StackResource } from "../../policy-pack/stack-resource";
import { platformFile } from "../model/platform-arbitrary";
import { azureTarget, named, renderedOnAzure } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

const groups = `/subscriptions/${azureTarget.subscriptionId}/resourceGroups`;
const ofNetwork = `${groups}/ward-network/providers/Microsoft.Network`;
const networkId = `${ofNetwork}/virtualNetworks/ward-network`;

function shortType({ type }: StackResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function listed(stack: Sketch, parent: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map((resource) => `${shortType(resource)} ${resource.name}`)
    .sort();
}

function inputsOf(stack: Sketch, name: string): Readonly<Record<string, unknown>> {
  return named(stack, name).inputs ?? {};
}

function ofType(stack: Sketch, type: string): readonly StackResource[] {
  return stack.resources().filter((resource) => shortType(resource) === type);
}

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly priority: number;
  readonly access: string;
  readonly protocol: string;
  readonly sourceAddressPrefix: string;
  readonly sourcePortRange: string;
  readonly destinationAddressPrefix: string;
  readonly destinationPortRange: string;
}

function rulesOf(stack: Sketch, filter: string): readonly Rule[] {
  return inputsOf(stack, filter)["securityRules"] as readonly Rule[];
}

/** A rule in one line: what it does, for whom, and to which port. */
function line(rule: Rule): string {
  const { name, direction, access, protocol, sourceAddressPrefix, destinationAddressPrefix } = rule;
  return `${name}: ${direction} ${access} ${protocol} ${sourceAddressPrefix} > ${destinationAddressPrefix}:${rule.destinationPortRange}`;
}

const blocks = {
  "load-balancer": "10.40.0.0/20",
  "ai-gateway": "10.40.28.128/27",
  "decision-point": "10.40.90.0/27",
  "fhir-proxy": "10.40.84.32/27",
  secrets: "10.40.105.64/27",
  "fhir-store": "10.40.167.224/27",
} as const;

const subnets = [
  { peer: "load-balancer", zone: "gateway", purpose: "load-balancer", tag: "bulkhead-load-balancer" },
  { peer: "ai-gateway", zone: "gateway", purpose: "workload", tag: "bulkhead-workload" },
  { peer: "decision-point", zone: "processing", purpose: "workload", tag: "bulkhead-workload" },
  { peer: "fhir-proxy", zone: "processing", purpose: "workload", tag: "bulkhead-workload" },
  { peer: "secrets", zone: "processing", purpose: "private-endpoint", tag: "bulkhead-platform-service" },
  { peer: "fhir-store", zone: "phi", purpose: "private-endpoint", tag: "bulkhead-data-store" },
] as const;

const deny = {
  names: "deny-platform-names: Outbound Deny * * > AzurePlatformDNS:*",
  tokens: "deny-platform-tokens: Outbound Deny * * > AzurePlatformIMDS:*",
  licences: "deny-platform-licences: Outbound Deny * * > AzurePlatformLKM:*",
  egress: "deny-egress: Outbound Deny * * > *:*",
  ingress: "deny-ingress: Inbound Deny * * > *:*",
} as const;

/** The small platform's rules, in each group's own order. */
const rules = {
  "load-balancer": [
    `azure-client-revocation: Outbound Allow Tcp ${blocks["load-balancer"]} > Internet:80`,
    `azure-edge-certificate: Outbound Allow Tcp ${blocks["load-balancer"]} > AzureKeyVault.eastus2:443`,
    `azure-gateway-management: Inbound Allow Tcp GatewayManager > ${blocks["load-balancer"]}:65200-65535`,
    `azure-load-balancer-probe: Inbound Allow Tcp AzureLoadBalancer > ${blocks["load-balancer"]}:*`,
    `from-world: Inbound Allow Tcp Internet > ${blocks["load-balancer"]}:443`,
    `to-ai-gateway: Outbound Allow Tcp ${blocks["load-balancer"]} > ${blocks["ai-gateway"]}:443`,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
  "ai-gateway": [
    `from-load-balancer: Inbound Allow Tcp ${blocks["load-balancer"]} > ${blocks["ai-gateway"]}:443`,
    `to-decision-point: Outbound Allow Tcp ${blocks["ai-gateway"]} > ${blocks["decision-point"]}:443`,
    `to-fhir-proxy: Outbound Allow Tcp ${blocks["ai-gateway"]} > ${blocks["fhir-proxy"]}:443`,
    deny.tokens,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
  "decision-point": [
    `from-ai-gateway: Inbound Allow Tcp ${blocks["ai-gateway"]} > ${blocks["decision-point"]}:443`,
    deny.tokens,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
  "fhir-proxy": [
    `from-ai-gateway: Inbound Allow Tcp ${blocks["ai-gateway"]} > ${blocks["fhir-proxy"]}:443`,
    `to-fhir-store: Outbound Allow Tcp ${blocks["fhir-proxy"]} > ${blocks["fhir-store"]}:443`,
    `to-secrets: Outbound Allow Tcp ${blocks["fhir-proxy"]} > ${blocks.secrets}:443`,
    deny.tokens,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
  secrets: [
    `from-fhir-proxy: Inbound Allow Tcp ${blocks["fhir-proxy"]} > ${blocks.secrets}:443`,
    deny.tokens,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
  "fhir-store": [
    `from-fhir-proxy: Inbound Allow Tcp ${blocks["fhir-proxy"]} > ${blocks["fhir-store"]}:443`,
    deny.names,
    deny.tokens,
    deny.licences,
    deny.egress,
    deny.ingress,
  ],
} as const;

describe("a small platform on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(smallPlatform, "deployed");
  });

  it("has a network of exactly these resources", () => {
    expect(listed(stack, "ward-segmentation")).toEqual([
      "RouteTable ward-gateway-load-balancer-routes",
      "RouteTable ward-gateway-workload-routes",
      "RouteTable ward-phi-private-endpoint-routes",
      "RouteTable ward-processing-private-endpoint-routes",
      "RouteTable ward-processing-workload-routes",
      "VirtualNetwork ward-network",
    ]);
  });

  it("has exactly these filters, with their rules inline", () => {
    expect(listed(stack, "ward-flow-filters")).toEqual(
      subnets.map(({ peer }) => `NetworkSecurityGroup ward-${peer}-filter`).sort(),
    );
    expect(ofType(stack, "SecurityRule")).toEqual([]);
  });

  it("has an endpoint for the service that it uses, and no other", () => {
    const endpoints = ofType(stack, "PrivateEndpoint").map(({ name }) => name);
    expect(endpoints.sort()).toEqual(["ward-fhir-store-endpoint", "ward-secrets-endpoint"]);
  });

  it("has a network without IPv6, a resolver or a peering of its own", () => {
    const { subnets: inline, ...network } = inputsOf(stack, "ward-network");
    expect(network).toEqual({
      virtualNetworkName: "ward-network",
      resourceGroupName: "ward-network",
      location: "eastus2",
      addressSpace: { addressPrefixes: ["10.40.0.0/16"] },
      dhcpOptions: { dnsServers: [] },
      virtualNetworkPeerings: [],
      encryption: { enabled: true, enforcement: "AllowUnencrypted" },
      // The SDK says these where a program does not.
      enableDdosProtection: false,
      enableVmProtection: false,
      tags: { "bulkhead-platform": "ward", "bulkhead-zone": "shared" },
    });
    expect(inline).toHaveLength(subnets.length);
  });

  it("creates each subnet with its filter and its routes, and without a way out by default", () => {
    expect(inputsOf(stack, "ward-network")["subnets"]).toEqual(
      subnets.map(({ peer, zone, purpose }) => ({
        name: `ward-${peer}`,
        addressPrefix: blocks[peer],
        defaultOutboundAccess: false,
        privateEndpointNetworkPolicies: "Enabled",
        privateLinkServiceNetworkPolicies: "Enabled",
        networkSecurityGroup: { id: `${ofNetwork}/networkSecurityGroups/ward-${peer}-filter` },
        routeTable: { id: `${ofNetwork}/routeTables/ward-${zone}-${purpose}-routes` },
      })),
    );
  });

  it.each(subnets)("has a filter of $peer with exactly its rules", ({ peer, zone, tag }) => {
    const { securityRules, ...filter } = inputsOf(stack, `ward-${peer}-filter`);
    expect(filter).toEqual({
      networkSecurityGroupName: `ward-${peer}-filter`,
      resourceGroupName: "ward-network",
      location: "eastus2",
      flushConnection: true,
      tags: {
        "bulkhead-platform": "ward",
        "bulkhead-zone": zone,
        [tag]: peer === "load-balancer" ? "edge" : peer,
      },
    });
    expect((securityRules as readonly Rule[]).map(line)).toEqual(rules[peer]);
  });

  it.each(subnets)("lets packets of $peer to the world go nowhere, but those of the entrance", (subnet) => {
    const { zone, purpose } = subnet;
    expect(inputsOf(stack, `ward-${zone}-${purpose}-routes`)).toEqual({
      routeTableName: `ward-${zone}-${purpose}-routes`,
      resourceGroupName: "ward-network",
      location: "eastus2",
      disableBgpRoutePropagation: true,
      routes: [
        {
          name: "world",
          addressPrefix: "0.0.0.0/0",
          nextHopType: purpose === "load-balancer" ? "Internet" : "None",
        },
        { name: "world-ipv6", addressPrefix: "::/0", nextHopType: "None" },
      ],
      tags: { "bulkhead-platform": "ward", "bulkhead-zone": zone, "bulkhead-purpose": purpose },
    });
  });

  it("names the Internet only where it meets the load balancer, and where that asks about certificates", () => {
    const withInternet = ofType(stack, "NetworkSecurityGroup").flatMap(({ name }) =>
      rulesOf(stack, name)
        .filter((rule) => [rule.sourceAddressPrefix, rule.destinationAddressPrefix].includes("Internet"))
        .map((rule) => `${name} ${rule.name}`),
    );
    expect(withInternet.sort()).toEqual([
      "ward-load-balancer-filter azure-client-revocation",
      "ward-load-balancer-filter from-world",
    ]);
  });

  it("has a private endpoint in its peer's subnet, with private names, that nobody has to approve", () => {
    expect(inputsOf(stack, "ward-secrets-endpoint")).toEqual({
      privateEndpointName: "ward-secrets-endpoint",
      resourceGroupName: "ward-network",
      location: "eastus2",
      subnet: { id: `${networkId}/subnets/ward-secrets` },
      customNetworkInterfaceName: "ward-secrets-endpoint-interface",
      privateLinkServiceConnections: [
        {
          name: "ward-secrets-endpoint",
          privateLinkServiceId: expect.stringMatching(
            new RegExp(
              `^${groups}/ward-platform/providers/Microsoft.KeyVault/vaults/wardsecrets[0-9a-z]{7}$`,
            ),
          ) as unknown,
          groupIds: ["vault"],
        },
      ],
      tags: {
        "bulkhead-platform": "ward",
        "bulkhead-zone": "processing",
        "bulkhead-platform-service": "secrets",
      },
    });
    expect(inputsOf(stack, "ward-secrets-endpoint-names")).toEqual({
      privateDnsZoneGroupName: "default",
      privateEndpointName: "ward-secrets-endpoint",
      resourceGroupName: "ward-network",
      privateDnsZoneConfigs: [
        {
          name: "privatelink-vaultcore-azure-net",
          privateDnsZoneId: `${ofNetwork}/privateDnsZones/privatelink.vaultcore.azure.net`,
        },
      ],
    });
  });

  it("registers what was meant, and the members of each zone", () => {
    const platform = named(stack, "ward").outputs;
    expect(platform).toMatchObject({
      cloud: "azure",
      platform: "ward",
      networkId,
      subnetIds: {
        gateway: [`${networkId}/subnets/ward-load-balancer`, `${networkId}/subnets/ward-ai-gateway`],
        processing: ["decision-point", "fhir-proxy", "secrets"].map(
          (peer) => `${networkId}/subnets/ward-${peer}`,
        ),
        phi: [`${networkId}/subnets/ward-fhir-store`],
        egress: [],
      },
      workloadSubnetIds: {
        gateway: [`${networkId}/subnets/ward-ai-gateway`],
        processing: [`${networkId}/subnets/ward-decision-point`, `${networkId}/subnets/ward-fhir-proxy`],
        egress: [],
      },
      filterIds: {
        "data-store/fhir-store": `${ofNetwork}/networkSecurityGroups/ward-fhir-store-filter`,
        "load-balancer": `${ofNetwork}/networkSecurityGroups/ward-load-balancer-filter`,
        "platform-service/secrets": `${ofNetwork}/networkSecurityGroups/ward-secrets-filter`,
        "workload/ai-gateway": `${ofNetwork}/networkSecurityGroups/ward-ai-gateway-filter`,
        "workload/decision-point": `${ofNetwork}/networkSecurityGroups/ward-decision-point-filter`,
        "workload/fhir-proxy": `${ofNetwork}/networkSecurityGroups/ward-fhir-proxy-filter`,
      },
      controlPlane: ["azure-gateway-management", "azure-edge-certificate", "azure-client-revocation"],
    });
    const phiMembers = (component: string): readonly string[] => {
      const members = named(stack, component).outputs["zoneMembers"] as Record<string, readonly string[]>;
      return (members["phi"] ?? []).map((urn) => urn.split("::").at(-1) ?? "").sort();
    };
    expect(phiMembers("ward-segmentation")).toEqual(["ward-phi-private-endpoint-routes"]);
    expect(phiMembers("ward-flow-filters")).toEqual(["ward-fhir-store-filter"]);
    expect(phiMembers("ward-resource-groups")).toEqual(["ward-phi-group"]);
  });

  it("begins every name with the platform's, and numbers nothing but epochs, their authorities and replicas", () => {
    const names = stack.names();
    expect(names.filter((name) => name !== "ward" && !name.startsWith("ward-"))).toEqual([]);
    const counted =
      /^ward-(?:(?:root|intermediate|ai-gateway|decision-point|fhir-proxy)-(?:authority-)?(?:(?:key|request|certificate)-)?\d+|(?:ai-gateway|decision-point|fhir-proxy)-[12]-(?:machine|interface))$/;
    expect(names.filter((name) => /\d/.test(name) && !counted.test(name))).toEqual([]);
  });

  it("knows in a preview what its network refers to", async () => {
    const preview = await renderedOnAzure(smallPlatform, "preview");
    const components = ["ward-segmentation", "ward-flow-filters", "ward-name-resolution"];
    const inputs = (of: Sketch): ReadonlyMap<string, unknown> =>
      new Map(
        of
          .resources()
          .filter(({ parent }) => components.some((component) => parent?.endsWith(`::${component}`) === true))
          .map(({ name, inputs: said }) => [name, said]),
      );
    expect(inputs(preview).size).toBeGreaterThan(20);
    expect(inputs(preview)).toEqual(inputs(stack));
  });
});

describe("name resolution on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(smallPlatform, "deployed");
  });
  const tags = { "bulkhead-platform": "ward", "bulkhead-zone": "shared" };
  const common = { resourceGroupName: "ward-network", location: "eastus2", tags };

  it("consists of a policy with two rules, its records, a zone and a link for each private name, and the workloads' names", () => {
    const zones = [
      "ai-hospital-example",
      "privatelink-dicom-azurehealthcareapis-com",
      "privatelink-fhir-azurehealthcareapis-com",
      "privatelink-vaultcore-azure-net",
      "privatelink-workspace-azurehealthcareapis-com",
    ];
    expect(listed(stack, "ward-name-resolution")).toEqual(
      [
        "DiagnosticSetting ward-names-queries-recording",
        "DnsResolverDomainList ward-names-others",
        "DnsResolverDomainList ward-names-own",
        "DnsResolverPolicy ward-names-policy",
        "DnsResolverPolicyVirtualNetworkLink ward-names-policy-link",
        "DnsSecurityRule ward-names-others-rule",
        "DnsSecurityRule ward-names-own-rule",
        "PrivateRecordSet ward-names-ai-gateway",
        "PrivateRecordSet ward-names-decision-point",
        "PrivateRecordSet ward-names-fhir-proxy",
        ...zones.flatMap((zone) => [
          `PrivateZone ward-names-${zone}`,
          `VirtualNetworkLink ward-names-${zone}-link`,
        ]),
      ].sort(),
    );
  });

  it("answers the names of the platform's endpoints and those that the entrance asks for, and no other", () => {
    const { domains } = inputsOf(stack, "ward-names-own") as { readonly domains: readonly string[] };
    expect(domains).toEqual([
      "ai-gateway.gateway.ai.hospital.example.",
      "decision-point.processing.ai.hospital.example.",
      "fhir-proxy.processing.ai.hospital.example.",
      "hospital-edge.vault.azure.net.",
      "ocsp.hospital.example.",
      expect.stringMatching(/^wardfhirstore[0-9a-z]{7}-fhir\.fhir\.azurehealthcareapis\.com\.$/),
      expect.stringMatching(/^wardsecrets[0-9a-z]{7}\.vault\.azure\.net\.$/),
    ]);
    expect(inputsOf(stack, "ward-names-others")).toEqual({
      dnsResolverDomainListName: "ward-names-others",
      domains: ["."],
      ...common,
    });
    const rule = { dnsResolverPolicyName: "ward-names", dnsSecurityRuleState: "Enabled", ...common };
    const lists = `${ofNetwork}/dnsResolverDomainLists`;
    expect(inputsOf(stack, "ward-names-own-rule")).toEqual({
      ...rule,
      dnsSecurityRuleName: "own",
      priority: 100,
      action: { actionType: "Allow" },
      dnsResolverDomainLists: [{ id: `${lists}/ward-names-own` }],
    });
    expect(inputsOf(stack, "ward-names-others-rule")).toEqual({
      ...rule,
      dnsSecurityRuleName: "others",
      priority: 65000,
      action: { actionType: "Block", blockResponseCode: "SERVFAIL" },
      dnsResolverDomainLists: [{ id: `${lists}/ward-names-others` }],
    });
  });

  it("finds workloads in a private zone of the trust domain, each at the first addresses of its own subnet", () => {
    expect(inputsOf(stack, "ward-names-ai-hospital-example")).toEqual({
      privateZoneName: "ai.hospital.example",
      ...common,
      location: "Global",
    });
    const { subnets } = inputsOf(stack, "ward-network") as {
      readonly subnets: readonly { readonly name: string; readonly addressPrefix: string }[];
    };
    for (const [id, zone] of [
      ["ai-gateway", "gateway"],
      ["fhir-proxy", "processing"],
    ] as const) {
      const block = subnets.find(({ name }) => name === `ward-${id}`)?.addressPrefix ?? "";
      const [, network = "", last = ""] = /^(.*)\.(\d+)\/27$/.exec(block) ?? [];
      expect(inputsOf(stack, `ward-names-${id}`)).toEqual({
        privateZoneName: "ai.hospital.example",
        relativeRecordSetName: `${id}.${zone}`,
        resourceGroupName: "ward-network",
        recordType: "A",
        ttl: 30,
        aRecords: [4, 5].map((place) => ({ ipv4Address: `${network}.${String(Number(last) + place)}` })),
      });
    }
  });

  it("has no name for workloads that run on the customer's Kubernetes", async () => {
    const elsewhere = await renderedOnAzure(
      { ...smallPlatform, mesh: { kind: "istio", issuer: { name: "hospital" } } },
      "deployed",
    );
    expect(
      elsewhere.names().filter((name) => /ai-hospital-example|^ward-names-(?:ai-gateway|fhir)/.test(name)),
    ).toEqual([]);
    const { domains } = inputsOf(elsewhere, "ward-names-own") as { readonly domains: readonly string[] };
    expect(domains.filter((domain) => domain.endsWith("ai.hospital.example."))).toEqual([]);
  });

  it("is in force on the network, which registers nothing in its zones and asks nobody else", () => {
    expect(inputsOf(stack, "ward-names-policy-link")).toEqual({
      dnsResolverPolicyName: "ward-names",
      dnsResolverPolicyVirtualNetworkLinkName: "ward-network",
      virtualNetwork: { id: networkId },
      ...common,
    });
    expect(inputsOf(stack, "ward-names-privatelink-vaultcore-azure-net-link")).toEqual({
      virtualNetworkLinkName: "ward-network",
      privateZoneName: "privatelink.vaultcore.azure.net",
      virtualNetwork: { id: networkId },
      registrationEnabled: false,
      resolutionPolicy: "Default",
      ...common,
      location: "Global",
    });
    expect(inputsOf(stack, "ward-names-queries-recording")).toMatchObject({
      resourceUri: `${ofNetwork}/dnsResolverPolicies/ward-names`,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    });
  });

  it("answers for a FHIR service that exists already under its own name", async () => {
    const existing = await renderedOnAzure(smallPlatform, "deployed", azureTarget, {
      existingDataStores: new Map([
        [
          "fhir-store",
          `${groups}/records/providers/Microsoft.HealthcareApis/workspaces/Hospital/fhirservices/main`,
        ],
      ]),
    });
    expect(inputsOf(existing, "ward-names-own")["domains"]).toContain(
      "hospital-main.fhir.azurehealthcareapis.com.",
    );
  });
});

describe("the reference platform on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(referencePlatform, "deployed");
  });
  const filters = (): readonly string[] => ofType(stack, "NetworkSecurityGroup").map(({ name }) => name);

  it("lets a workload that has an identity ask its own host for tokens, and no other", () => {
    const tokens = (name: string): readonly string[] =>
      rulesOf(stack, name)
        .filter(({ destinationAddressPrefix }) => destinationAddressPrefix === "AzurePlatformIMDS")
        .map(({ access, destinationPortRange }) => `${access} ${destinationPortRange}`);
    const workloads = referencePlatform.workloads.map(({ id }) => `bulkhead-${id}-filter`);
    for (const name of workloads) {
      expect(tokens(name)).toEqual(["Allow 80"]);
    }
    const others = filters().filter((name) => !workloads.includes(name));
    expect(others).toHaveLength(9);
    for (const name of others) {
      // A gateway takes its certificate with an identity of its own.
      expect(tokens(name)).toEqual(name === "bulkhead-load-balancer-filter" ? [] : ["Deny *"]);
    }
  });

  it("has one subnet, one filter and one endpoint for what Azure Monitor takes", () => {
    expect(filters()).toContain("bulkhead-logs-filter");
    expect(filters()).not.toContain("bulkhead-metrics-filter");
    expect(inputsOf(stack, "bulkhead-logs-filter")["tags"]).toEqual({
      "bulkhead-platform": "bulkhead",
      "bulkhead-zone": "processing",
      "bulkhead-platform-service": "logs metrics",
    });
    const { filterIds } = named(stack, "bulkhead").outputs as {
      readonly filterIds: Readonly<Record<string, string>>;
    };
    expect(filterIds["platform-service/metrics"]).toBe(filterIds["platform-service/logs"]);
    expect(filterIds["platform-service/identity"]).toBeUndefined();
  });

  it("has no rule that is wider than a flow, and none that comes before a denial by chance", () => {
    for (const name of filters()) {
      const all = rulesOf(stack, name);
      for (const direction of ["Inbound", "Outbound"]) {
        const ofDirection = all.filter((rule) => rule.direction === direction);
        const priorities = ofDirection.map(({ priority }) => priority);
        expect(new Set(priorities).size).toBe(priorities.length);
        expect(Math.min(...priorities)).toBeGreaterThanOrEqual(100);
        expect(
          ofDirection
            .filter(({ priority }) => priority >= 4096)
            .map(({ access, ...rule }) => [access, line({ access, ...rule })]),
        ).toEqual([["Deny", direction === "Inbound" ? deny.ingress : deny.egress]]);
      }
      for (const rule of all.filter(({ access }) => access === "Allow")) {
        const ends = [rule.sourceAddressPrefix, rule.destinationAddressPrefix];
        expect(rule.protocol).toBe("Tcp");
        expect(rule.priority).toBeLessThan(4000);
        expect(ends).not.toContain("*");
        expect(ends).not.toContain("VirtualNetwork");
      }
    }
  });

  it("gives no two subnets an address, and none one outside of its zone", () => {
    const { subnets: all } = inputsOf(stack, "bulkhead-network") as {
      readonly subnets: readonly { readonly name: string; readonly addressPrefix: string }[];
    };
    expect(all.length).toBeGreaterThan(referencePlatform.workloads.length);
    expect(new Set(all.map(({ addressPrefix }) => addressPrefix)).size).toBe(all.length);
    const phi = all.filter(({ addressPrefix }) => /^10\.40\.1(?:2[89]|[3-8]\d|9[01])\./.test(addressPrefix));
    expect(phi.map(({ name }) => name).sort()).toEqual([
      "bulkhead-document-store",
      "bulkhead-fhir-store",
      "bulkhead-vector-index",
    ]);
  });
});

/** What Azure takes as names, by the input that says one (Azure documentation, "Naming rules and restrictions"). */
const nameForms: Readonly<Record<string, RegExp>> = {
  networkSecurityGroupName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  routeTableName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  virtualNetworkName: /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  privateEndpointName: /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/,
  customNetworkInterfaceName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  // One group is Azure's own: that of its Network Watcher.
  resourceGroupName: /^(?:[a-z][a-z0-9-]{0,88}[a-z0-9]|NetworkWatcherRG)$/,
  vaultName: /^[a-z](?:[a-z0-9]|-(?!-)){1,22}[a-z0-9]$/,
  keyName: /^[a-z0-9-]{1,127}$/,
  accountName: /^[a-z0-9]{3,24}$/,
  registryName: /^[a-z0-9]{5,50}$/,
  searchServiceName: /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/,
  applicationGatewayName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  publicIpAddressName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  scopeName: /^[a-z0-9-]{1,80}$/,
  dataCollectionRuleName: /^[a-z0-9-]{3,64}$/,
  dataCollectionEndpointName: /^[a-z0-9-]{3,44}$/,
  clusterName: /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/,
  workspaceName: /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/,
  fhirServiceName: /^[a-z0-9-]{2,24}$/,
  resourceName: /^[a-z0-9][a-z0-9_-]{2,127}$/,
  dnsResolverPolicyName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  dnsResolverDomainListName: /^[a-z][a-z0-9-]{0,78}[a-z0-9]$/,
  networkSecurityPerimeterName: /^[a-z0-9][a-z0-9-]{0,78}[a-z0-9]$/,
  associationName: /^[a-z0-9][a-z0-9_-]{0,78}[a-z0-9]$/,
};

interface FoundName {
  readonly key: string;
  readonly name: string;
  readonly fits: boolean;
}

function namesIn(stack: Sketch): readonly FoundName[] {
  return stack.resources().flatMap(({ inputs, type }) =>
    Object.entries(nameForms).flatMap(([key, form]): readonly FoundName[] => {
      const name = inputs?.[key];
      // Accounts of models are not as narrow as those of storage.
      const isModels = key === "accountName" && type.startsWith("azure-native:cognitiveservices:");
      const fits = (text: string): boolean => (isModels ? /^[a-z0-9]{2,64}$/ : form).test(text);
      return typeof name === "string" ? [{ key, name, fits: fits(name) }] : [];
    }),
  );
}

describe("names on Azure", () => {
  it("are ones that Azure takes", async () => {
    const found = namesIn(await renderedOnAzure(referencePlatform, "deployed"));
    expect(found.filter(({ fits }) => !fits)).toEqual([]);
    expect([...new Set(found.map(({ key }) => key))].sort()).toEqual(Object.keys(nameForms).sort());
  });

  /** A platform whose names are as long as the model lets them be. */
  const long = (fhirStore: string): PlatformFile => {
    const renamed = new Map([
      ["embedding-service", "embedding-in-all"],
      ["fhir-store", fhirStore],
      ["document-store", "document-store-of-all"],
      ["vector-index", "vector-index-ofall"],
    ]);
    const text = [...renamed].reduce(
      (file, [id, other]) => file.replaceAll(new RegExp(`(?<=["/])${id}(?=")`, "g"), other),
      JSON.stringify(referencePlatform),
    );
    return { ...(JSON.parse(text) as PlatformFile), name: "a-long-clinic" };
  };
  const longest = `fhir-${"a".repeat(35)}`;

  it("are ones that Azure takes, however long those in the platform's file are", async () => {
    const found = namesIn(await renderedOnAzure(long(longest), "deployed"));
    expect(found.filter(({ fits }) => !fits)).toEqual([]);
    expect(found.map(({ name }) => name)).toContain(`a-long-clinic-${longest}-endpoint`);
  });

  it("are refused where a private endpoint's would be too long", () => {
    const file = { ...long(longest), name: "a-longer-clinic" };
    expect(() => platformSpec(file)).toThrow(/the private endpoint on azure, is longer than 64 characters/);
  });

  it("that are unique over all of Azure differ by subscription, and by what is cut off", () => {
    const names = new PhysicalNames({ name: "bulkhead" }, azureTarget);
    const other = { ...azureTarget, subscriptionId: "22222222-2222-3333-4444-555555555555" };
    expect(new PhysicalNames({ name: "bulkhead" }, other).storageAccount("document-store")).not.toBe(
      names.storageAccount("document-store"),
    );
    const [one, two] = ["documents-of-the-first", "documents-of-the-second"].map((id) =>
      names.storageAccount(id),
    );
    expect(one?.slice(0, 17)).toBe(two?.slice(0, 17));
    expect(one).not.toBe(two);
  });
});

describe("an entrance on Azure that passes TCP through", () => {
  it("needs nothing of Azure's but its management, and gets no tokens", async () => {
    const stack = await renderedOnAzure(
      { ...smallPlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } },
      "deployed",
    );
    expect(rulesOf(stack, "ward-load-balancer-filter").map(line)).toEqual([
      `azure-gateway-management: Inbound Allow Tcp GatewayManager > ${blocks["load-balancer"]}:65200-65535`,
      `azure-load-balancer-probe: Inbound Allow Tcp AzureLoadBalancer > ${blocks["load-balancer"]}:*`,
      `from-world: Inbound Allow Tcp Internet > ${blocks["load-balancer"]}:443`,
      `to-ai-gateway: Outbound Allow Tcp ${blocks["load-balancer"]} > ${blocks["ai-gateway"]}:443`,
      deny.tokens,
      deny.licences,
      deny.egress,
      deny.ingress,
    ]);
    expect(inputsOf(stack, "ward-names-own")["domains"]).not.toContain("hospital-edge.vault.azure.net.");
  });
});

describe("a platform in an existing network of Azure's", () => {
  const existingId = `${groups}/Hospital/providers/Microsoft.Network/virtualNetworks/Campus`;
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(smallPlatform, "deployed", azureTarget, {
      existingNetwork: { networkId: existingId, internetGatewayId: undefined },
    });
  });

  it("creates no network, and puts its subnets into the one that is given, by themselves", () => {
    expect(ofType(stack, "VirtualNetwork")).toEqual([]);
    for (const { peer, zone, purpose } of subnets) {
      expect(inputsOf(stack, `ward-${peer}-subnet`)).toMatchObject({
        subnetName: `ward-${peer}`,
        virtualNetworkName: "Campus",
        resourceGroupName: "Hospital",
        addressPrefix: blocks[peer],
        defaultOutboundAccess: false,
        privateEndpointNetworkPolicies: "Enabled",
        privateLinkServiceNetworkPolicies: "Enabled",
        networkSecurityGroup: { id: `${ofNetwork}/networkSecurityGroups/ward-${peer}-filter` },
        routeTable: { id: `${ofNetwork}/routeTables/ward-${zone}-${purpose}-routes` },
      });
    }
    expect(ofType(stack, "Subnet")).toHaveLength(subnets.length);
    const members = named(stack, "ward-segmentation").outputs["zoneMembers"] as Record<
      string,
      readonly string[]
    >;
    expect(members["phi"]?.map((urn) => urn.split("::").at(-1)).sort()).toEqual([
      "ward-fhir-store-subnet",
      "ward-phi-private-endpoint-routes",
    ]);
  });

  it("refers to that network, and leaves its resolver alone", () => {
    expect(named(stack, "ward").outputs["networkId"]).toBe(existingId);
    expect(inputsOf(stack, "ward-names-policy-link")["virtualNetwork"]).toEqual({ id: existingId });
    expect(inputsOf(stack, "ward-secrets-endpoint")["subnet"]).toEqual({
      id: `${existingId}/subnets/ward-secrets`,
    });
  });
});

describe("rendering on Azure", () => {
  const shown = (stack: Sketch): ReadonlyMap<string, unknown> =>
    new Map(stack.resources().map(({ urn, inputs }) => [urn, inputs]));

  it("twice gives the same, and in whatever order the file's lists are", async () => {
    await fc.assert(
      fc.asyncProperty(platformFile, async (file) => {
        const once = shown(await renderedOnAzure(file, "deployed"));
        expect(shown(await renderedOnAzure(file, "deployed"))).toEqual(once);
        const turned = {
          ...file,
          zones: [...file.zones].reverse(),
          workloads: [...file.workloads].reverse(),
          flows: [...file.flows].reverse(),
        };
        expect(shown(await renderedOnAzure(turned, "deployed"))).toEqual(once);
      }),
      { numRuns: 4 },
    );
  });

  it("of one more flow changes nothing but the filters of its ends and what its caller may do", async () => {
    const before = shown(await renderedOnAzure(referencePlatform, "deployed"));
    const file = {
      ...referencePlatform,
      flows: [
        ...referencePlatform.flows,
        { from: "workload/async-ai-workers", to: "data-store/document-store" },
      ],
    };
    const after = shown(await renderedOnAzure(file, "deployed"));
    const changed = [...before]
      .filter(([urn, inputs]) => JSON.stringify(after.get(urn)) !== JSON.stringify(inputs))
      .map(([urn]) => urn.split("::").at(-1));
    expect(changed.sort()).toEqual([
      "bulkhead",
      "bulkhead-async-ai-workers-filter",
      "bulkhead-document-store-filter",
    ]);
    expect(
      [...after.keys()]
        .filter((urn) => !before.has(urn))
        .map((urn) => urn.split("::").at(-1))
        .sort(),
    ).toEqual(["bulkhead-async-ai-workers-workload-document-store"]);
  });
});
