import { ownSubscription, type Sketch } from "../stack-sketch";

import { subnetId, textId, type Inputs, type Zone } from "./azure-base";
import {
  add,
  addSubnet,
  azure,
  foreignSubscription,
  generated,
  giveSubnet,
  inPhiOrGateway,
  onBoth,
  onSubnets,
  ownStore,
  pair,
  privateBalancer,
  privateEndpoint,
  respell,
  secondSubnet,
  setting,
  versioned,
} from "./azure-network-pieces";
import { inZone, type CorpusCase } from "./corpus-case";

/** A private endpoint in PHI, in a subnet whose groups and tables may not bind it. */
function policiesFor(stack: Sketch, privateEndpointNetworkPolicies: string | undefined): Sketch {
  privateEndpoint(stack, "phi");
  return giveSubnet(stack, "phi", { privateEndpointNetworkPolicies });
}

const policies: readonly CorpusCase[] = [
  ...[
    setting("ZE-09", "endpoint: bound by neither, or by both", policiesFor, "Disabled", "Enabled"),
    setting(
      "ZE-09",
      "endpoint: not said what binds it, or that the group does",
      policiesFor,
      undefined,
      "NetworkSecurityGroupEnabled",
    ),
    setting(
      "ZE-09",
      "endpoint: bound by the table alone, or by the group alone",
      policiesFor,
      "RouteTableEnabled",
      "NetworkSecurityGroupEnabled",
    ),
    setting(
      "ZE-09",
      "endpoint: bound by neither in small letters, or by both",
      policiesFor,
      "disabled",
      "enabled",
    ),
    setting(
      "ZE-09",
      "subnet without an endpoint: what would bind one is off, or on",
      (stack, privateEndpointNetworkPolicies) => giveSubnet(stack, "phi", { privateEndpointNetworkPolicies }),
      "Disabled",
      "Enabled",
    ),
  ].flatMap(onBoth),
  setting(
    "ZE-09",
    "endpoint: in a second subnet of PHI that does not say what binds it, or does",
    (stack, privateEndpointNetworkPolicies: string | undefined) => {
      const id = addSubnet(stack, "vnet", { ...secondSubnet("phi"), privateEndpointNetworkPolicies });
      return privateEndpoint(stack, "phi", { subnet: { id } });
    },
    undefined,
    "Enabled",
  ),
  ...[versioned("network", "v20230201", "Subnet"), generated("network", "v20240501", "Subnet")].map((type) =>
    onSubnets(
      setting(
        "ZE-09",
        `endpoint: bound by neither, or by both, by ${type}`,
        (stack, said) => {
          policiesFor(stack, said);
          return respell(stack, "phi-subnet", type);
        },
        "Disabled",
        "Enabled",
      ),
    ),
  ),
];

const storage: Inputs = { service: "Microsoft.Storage" };

/** A way to Storage from PHI that leads to some accounts only. */
function boundTo(
  stack: Sketch,
  serviceResources: readonly string[],
  serviceEndpoints: readonly Inputs[] = [storage],
): Sketch {
  const policy = add(stack, azure("network", "ServiceEndpointPolicy"), "endpoint-policy", {
    serviceEndpointPolicyName: "endpoint-policy",
    serviceEndpointPolicyDefinitions: [{ name: "accounts", service: "Microsoft.Storage", serviceResources }],
  });
  return giveSubnet(stack, "phi", { serviceEndpoints, serviceEndpointPolicies: [{ id: policy }] });
}

const foreignStore = textId("Microsoft.Storage/storageAccounts", "copies", foreignSubscription);

const serviceEndpoints: readonly CorpusCase[] = [
  ...["Microsoft.Storage", "Microsoft.Sql", "Microsoft.AzureActiveDirectory"].flatMap((service) =>
    onBoth(
      inPhiOrGateway("ZE-15", `way to ${service}, from which zone`, (stack, zone) =>
        giveSubnet(stack, zone, { serviceEndpoints: [{ service }] }),
      ),
    ),
  ),
  ...[
    setting(
      "ZE-15",
      "way to Storage of all regions, or none",
      (stack, list: readonly Inputs[]) => giveSubnet(stack, "phi", { serviceEndpoints: list }),
      [{ service: "Microsoft.Storage.Global", locations: ["*"] }],
      [],
    ),
    pair(
      "ZE-15",
      "way to Storage, to everybody's accounts or to own ones",
      (stack) => giveSubnet(stack, "phi", { serviceEndpoints: [storage] }),
      (stack) => boundTo(stack, [ownStore]),
    ),
    pair(
      "ZE-15",
      "way to Storage, to accounts of a foreign subscription or to own ones",
      (stack) => boundTo(stack, [ownStore, foreignStore]),
      (stack) => boundTo(stack, [ownStore, textId("Microsoft.Storage/storageAccounts", "images")]),
    ),
    pair(
      "ZE-15",
      "way to Storage, to all of a foreign subscription or to own accounts",
      (stack) => boundTo(stack, [`/subscriptions/${foreignSubscription}`]),
      (stack) => boundTo(stack, [ownStore]),
    ),
    pair(
      "ZE-15",
      "a second way that no policy is about, or the one alone",
      (stack) => boundTo(stack, [ownStore], [storage, { service: "Microsoft.KeyVault" }]),
      (stack) => boundTo(stack, [ownStore], [storage]),
    ),
    pair(
      "ZE-15",
      "way to Storage by a policy of no account, to which a definition of its own adds a foreign or an own one",
      (stack) => {
        boundTo(stack, [ownStore]);
        return add(stack, azure("network", "ServiceEndpointPolicyDefinition"), "definition", {
          serviceEndpointPolicyName: "endpoint-policy",
          serviceEndpointPolicyDefinitionName: "more",
          service: "Microsoft.Storage",
          serviceResources: [foreignStore],
        });
      },
      (stack) => {
        boundTo(stack, [ownStore]);
        return add(stack, azure("network", "ServiceEndpointPolicyDefinition"), "definition", {
          serviceEndpointPolicyName: "endpoint-policy",
          serviceEndpointPolicyDefinitionName: "more",
          service: "Microsoft.Storage",
          serviceResources: [ownStore],
        });
      },
    ),
  ].flatMap(onBoth),
  onSubnets(
    inPhiOrGateway("ZE-15", "way to Storage by a token with its version, from which zone", (stack, zone) => {
      giveSubnet(stack, zone, { serviceEndpoints: [storage] });
      return respell(stack, `${zone}-subnet`, versioned("network", "v20230201", "Subnet"));
    }),
  ),
];

const delegations: readonly CorpusCase[] = [
  ...[
    "Microsoft.Web/serverFarms",
    "Microsoft.App/environments",
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.Databricks/workspaces",
    "GitHub.Network/networkSettings",
  ].flatMap((serviceName) =>
    onBoth(
      inPhiOrGateway("ZE-16", `subnet given to ${serviceName}, in which zone`, (stack, zone) =>
        giveSubnet(stack, zone, { delegations: [{ name: "delegation", serviceName }] }),
      ),
    ),
  ),
  ...[
    setting(
      "ZE-16",
      "subnet given to a service, or to none",
      (stack, list: readonly Inputs[]) => giveSubnet(stack, "phi", { delegations: list }),
      [{ name: "delegation", serviceName: "microsoft.logic/integrationserviceenvironments" }],
      [],
    ),
    setting(
      "ZE-16",
      "subnet shared with the whole tenant, or with nobody",
      (stack, sharingScope: string | undefined) => giveSubnet(stack, "phi", { sharingScope }),
      "Tenant",
      undefined,
    ),
    inPhiOrGateway("ZE-16", "subnet shared with services that it is given to, in which zone", (stack, zone) =>
      giveSubnet(stack, zone, { sharingScope: "DelegatedServices" }),
    ),
    inPhiOrGateway("ZE-16", "subnet with an application gateway, in which zone", (stack, zone) =>
      giveSubnet(stack, zone, { applicationGatewayIPConfigurations: [{ name: "gateway" }] }),
    ),
  ].flatMap(onBoth),
];

const foreignService = textId("Microsoft.Network/privateLinkServices", "partner", foreignSubscription);
const ownService = textId("Microsoft.Network/privateLinkServices", "partner");

function connection(privateLinkServiceId: string, inputs: Inputs = {}): readonly Inputs[] {
  return [{ name: "connection", privateLinkServiceId, ...inputs }];
}

const automatic = (stack: Sketch, id: string): string =>
  privateEndpoint(stack, "phi", { privateLinkServiceConnections: connection(id) });

const manual = (stack: Sketch, id: string): string =>
  privateEndpoint(stack, "phi", {
    privateLinkServiceConnections: undefined,
    manualPrivateLinkServiceConnections: connection(id, { requestMessage: "please" }),
  });

const foreignEndpoints: readonly CorpusCase[] = [
  ...[
    setting(
      "ZE-20",
      "endpoint to a service of a foreign subscription, or of the own",
      automatic,
      foreignService,
      ownService,
    ),
    setting(
      "ZE-20",
      "endpoint to a store of a foreign subscription, or of the own",
      (stack, id) =>
        privateEndpoint(stack, "phi", {
          privateLinkServiceConnections: connection(id, { groupIds: ["blob"] }),
        }),
      foreignStore,
      ownStore,
    ),
    pair(
      "ZE-20",
      "endpoint that a foreign subscription approves, or one of the own without that",
      (stack) => manual(stack, foreignService),
      (stack) => automatic(stack, ownService),
    ),
    pair(
      "ZE-20",
      "endpoint to a service by its alias, or by its id in the own subscription",
      (stack) =>
        manual(stack, "partner.3b1e8c0e-0000-4000-8000-0123456789ab.eastus2.azure.privatelinkservice"),
      (stack) => automatic(stack, ownService),
    ),
  ].flatMap(onBoth),
  pair(
    "ZE-20",
    "endpoint with a second connection to a foreign subscription, or with one",
    (stack) =>
      privateEndpoint(stack, "phi", {
        privateLinkServiceConnections: connection(ownService),
        manualPrivateLinkServiceConnections: connection(foreignService),
      }),
    (stack) =>
      privateEndpoint(stack, "phi", {
        privateLinkServiceConnections: connection(ownService),
        manualPrivateLinkServiceConnections: [],
      }),
  ),
  setting(
    "ZE-20",
    "endpoint to an id in other letters, of a foreign subscription or of the own",
    (stack, subscription) =>
      automatic(
        stack,
        `/subscriptions/${subscription.toUpperCase()}/resourcegroups/HOSPITAL/providers/microsoft.network/privatelinkservices/Partner`,
      ),
    "aaaaaaaa-8888-7777-6666-555555555555",
    ownSubscription,
  ),
  ...[
    versioned("network", "v20230201", "PrivateEndpoint"),
    generated("network", "v20240501", "PrivateEndpoint"),
  ].map((type) =>
    setting(
      "ZE-20",
      `endpoint to a service of a foreign subscription, or of the own, by ${type}`,
      (stack, id) => privateEndpoint(stack, "phi", { privateLinkServiceConnections: connection(id) }, type),
      foreignService,
      ownService,
    ),
  ),
];

/** A service of a zone's that others reach by private endpoints: those of the own subscription alone. */
function linkService(
  stack: Sketch,
  zone: Zone,
  inputs: Inputs = {},
  type = azure("network", "PrivateLinkService"),
): string {
  const balancer = privateBalancer(stack, zone);
  return add(stack, type, "link-service", {
    serviceName: "link-service",
    loadBalancerFrontendIpConfigurations: [{ id: `${balancer}/frontendIPConfigurations/front` }],
    ipConfigurations: [{ name: "primary", primary: true, subnet: { id: subnetId(stack, zone) } }],
    visibility: { subscriptions: [ownSubscription] },
    autoApproval: { subscriptions: [ownSubscription] },
    tags: inZone(zone),
    ...inputs,
  });
}

function linkCase(name: string, bad: Inputs, good: Inputs): CorpusCase {
  return setting(
    "ZE-20",
    `service: ${name}`,
    (stack, inputs: Inputs) => linkService(stack, "phi", inputs),
    bad,
    good,
  );
}

const linkServices: readonly CorpusCase[] = [
  ...[
    linkCase("seen by everybody, or by the own subscription", { visibility: { subscriptions: ["*"] } }, {}),
    linkCase(
      "approved for everybody, or for the own subscription",
      { autoApproval: { subscriptions: ["*"] } },
      {},
    ),
    linkCase(
      "approved for a foreign subscription, or for nobody without being asked",
      { autoApproval: { subscriptions: [ownSubscription, foreignSubscription] } },
      { autoApproval: { subscriptions: [] } },
    ),
    linkCase(
      "seen by a foreign subscription, or by the own",
      { visibility: { subscriptions: [foreignSubscription] } },
      { visibility: { subscriptions: [ownSubscription] } },
    ),
    linkCase("with names, or without", { fqdns: ["export.example.com"] }, { fqdns: [] }),
  ].flatMap(onBoth),
  linkCase(
    "seen by the own subscription and everybody, or by the own in capitals",
    { visibility: { subscriptions: [ownSubscription, "*"] } },
    { visibility: { subscriptions: [ownSubscription.toUpperCase()] } },
  ),
  ...[
    versioned("network", "v20230201", "PrivateLinkService"),
    generated("network", "v20240501", "PrivateLinkService"),
  ].map((type) =>
    setting(
      "ZE-20",
      `service: seen by everybody, or by the own subscription, by ${type}`,
      (stack, subscription) =>
        linkService(stack, "phi", { visibility: { subscriptions: [subscription] } }, type),
      "*",
      ownSubscription,
    ),
  ),
];

/** ZE-09, ZE-15, ZE-16 and ZE-20: services that are reached from a subnet, or put into it. */
export const azureWaysOutOfEndpoints: readonly CorpusCase[] = [
  ...policies,
  ...serviceEndpoints,
  ...delegations,
  ...foreignEndpoints,
  ...linkServices,
];
