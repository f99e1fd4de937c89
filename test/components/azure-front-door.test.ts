import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

import { AzureAccountGuardrails } from "../../components/azure/account-guardrails";
import { authorityChains } from "../../components/azure/authority-chains";
import { AzureFrontDoor } from "../../components/azure/front-door";
import { PhysicalNames } from "../../components/azure/physical-names";
import { AzureResourceGroups } from "../../components/azure/resource-groups";
import type { IssuedCertificates } from "../../components/issued-certificates";
import type { AzureTarget } from "../../model/cloud-target";
import type { Edge, EdgeClient } from "../../model/edge";
import { entrance } from "../../model/entrance";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { pemCertificates } from "../policy-pack/pem-certificates";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

const subscriptionId = "00000000-0000-0000-0000-00000000000a";
const target: AzureTarget = {
  kind: "azure",
  location: "eastus2",
  tenantId: "00000000-0000-0000-0000-00000000000b",
  subscriptionId,
  availabilityZones: ["1", "2", "3"],
};
const group = `/subscriptions/${subscriptionId}/resourceGroups/ward-network/providers`;
const certificateId = `/subscriptions/${subscriptionId}/resourceGroups/edge/providers/Microsoft.KeyVault/vaults/edge-vault/secrets/front-door`;
const tags = {
  "bulkhead-platform": "ward",
  "bulkhead-zone": "gateway",
  "bulkhead-load-balancer": "edge",
};
const placed = { resourceGroupName: "ward-network", location: "eastus2", zones: ["1", "2", "3"], tags };
const authorities = `${pemCertificates.rootOfTenYears}\n`;
const workloadAuthorities = `${pemCertificates.intermediateForServers}\n${pemCertificates.rootOfLonger}\n`;

/** What the platform issues itself: here only whom it trusts, of which there are two while a root is replaced. */
const ownRoots = [`${pemCertificates.rootOfTenYears}\n`, `${pemCertificates.rootOfLonger}\n`];
const issued: IssuedCertificates = {
  trustBundle: pulumi.output(ownRoots.join("")),
  roots: [],
  rootCertificates: ownRoots.map((root) => pulumi.output(root)),
  certificates: new Map(),
  credentials: new Map(),
};

/** What a program registers under mocks, without the components. */
async function registeredBy(program: () => unknown): Promise<readonly Registered[]> {
  const registered: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, custom }) => {
      const given = inputs as Properties;
      if (custom !== false) {
        registered.push({ type, name, inputs: given });
      }
      const { domainNameLabel: label } = (given["dnsSettings"] ?? {}) as {
        readonly domainNameLabel?: string;
      };
      return {
        id: `id of ${name}`,
        state: {
          ...given,
          principalId: `principal of ${name}`,
          ...(label === undefined ? {} : { dnsSettings: { fqdn: `${label}.azure.example` } }),
        },
      };
    },
    call: ({ token }) => {
      throw new Error(`no answer to ${token}`);
    },
  });
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
  await pulumi.runtime.disconnect();
  return registered.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Rendered {
  readonly resources: readonly Registered[];
  readonly names: Properties;
  readonly targets: Properties;
}

/** Workloads that run elsewhere, and register by themselves. */
const onKubernetes: PlatformFile["mesh"] = {
  kind: "istio",
  issuer: { kind: "ClusterIssuer", name: "hospital", group: "cert-manager.io" },
};

/** Workloads that the platform runs, and where the two of its gateway zone are. */
const { mesh: ownMachines } = smallPlatform;
const addresses = [{ ipAddress: "10.40.28.132" }, { ipAddress: "10.40.28.133" }];

async function frontDoor(edge: Edge, mesh: PlatformFile["mesh"] = onKubernetes): Promise<Rendered> {
  const spec = platformSpec({
    ...smallPlatform,
    mesh,
    edge: { mode: edge.mode, clients: [...edge.clients] },
  });
  let door: AzureFrontDoor | undefined;
  const resources = await registeredBy(() => {
    const names = new PhysicalNames(spec, target);
    const resourceGroups = new AzureResourceGroups("ward-resource-groups", { spec, names }, {});
    door = new AzureFrontDoor(
      "ward-front-door",
      {
        spec,
        names,
        resourceGroups,
        certificates: mesh.kind === "envoy" ? issued : undefined,
        entrance: entrance(edge, mesh.kind, "azure", {
          certificateId,
          machineAuthorities: { text: authorities },
          machineRevocations: undefined,
          machineResponders: ["ocsp.hospital.example"],
          workloadAuthorities: mesh.kind === "envoy" ? undefined : { text: workloadAuthorities },
          clinicianSignIn: {
            issuer: "https://sign-in.hospital.example",
            authorizationEndpoint: "https://sign-in.hospital.example/authorize",
            tokenEndpoint: "https://sign-in.hospital.example/token",
            userInfoEndpoint: "https://sign-in.hospital.example/userinfo",
            clientId: "bulkhead",
          },
          hasClinicianClientSecret: false,
        }),
        availabilityZones: target.availabilityZones,
        subnetId: names.subnetId({ kind: "load-balancer" }),
        records: { workspaceId: "the workspace", accountId: "the account", delivery: [] },
        sealed: [],
      },
      {},
    );
  });
  const settled = async (outputs: AzureFrontDoor["entranceNames"]): Promise<Properties> =>
    new Promise((resolve) => {
      pulumi.output(outputs).apply((value) => {
        resolve(value);
      });
    });
  return {
    resources: resources.filter(({ type }) => type !== "azure-native:resources:ResourceGroup"),
    names: await settled(door?.entranceNames ?? {}),
    targets: await settled(door?.targetIds ?? {}),
  };
}

function inputsOf({ resources }: Pick<Rendered, "resources">, name: string): Properties {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`there is no ${name}`);
  }
  return found.inputs;
}

function listed({ resources }: Rendered): readonly string[] {
  return resources.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
}

const tls13 = {
  policyType: "CustomV2",
  minProtocolVersion: "TLSv1_3",
  cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"],
};

const certificateVariables = {
  "X-Client-Certificate": "{var_client_certificate}",
  "X-Client-Certificate-Fingerprint": "{var_client_certificate_fingerprint}",
  "X-Client-Certificate-Issuer": "{var_client_certificate_issuer}",
  "X-Client-Certificate-Serial-Number": "{var_client_certificate_serial}",
  "X-Client-Certificate-Subject": "{var_client_certificate_subject}",
  "X-Client-Certificate-Verification": "{var_client_certificate_verification}",
};

/** The whole gateway of an entrance that ends TLS, as it has to be. */
function terminatingGateway(client: EdgeClient): Properties {
  const gateway = `${group}/Microsoft.Network/applicationGateways/ward-${client}-entrance`;
  const part = (kind: string, name: string): Properties => ({ id: `${gateway}/${kind}/${name}` });
  const [authority] = authorityChains(authorities);
  const authorityName = authority?.name ?? "";
  const [workloadAuthority] = authorityChains(workloadAuthorities);
  const workloadAuthorityName = workloadAuthority?.name ?? "";
  return {
    applicationGatewayName: `ward-${client}-entrance`,
    sku: { name: "WAF_v2", tier: "WAF_v2" },
    autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: [`${group}/Microsoft.ManagedIdentity/userAssignedIdentities/ward-edge`],
    },
    firewallPolicy: {
      id: `${group}/Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies/ward-${client}-web-firewall`,
    },
    forceFirewallPolicyAssociation: true,
    enableHttp2: true,
    gatewayIPConfigurations: [
      {
        name: "subnet",
        subnet: { id: `${group}/Microsoft.Network/virtualNetworks/ward-network/subnets/ward-load-balancer` },
      },
    ],
    frontendIPConfigurations: [
      {
        name: "public",
        publicIPAddress: {
          id: `${group}/Microsoft.Network/publicIPAddresses/ward-${client}-entrance-address`,
        },
      },
    ],
    frontendPorts: [{ name: "tls", port: 443 }],
    sslPolicy: tls13,
    sslCertificates: [
      { name: "edge", keyVaultSecretId: "https://edge-vault.vault.azure.net/secrets/front-door" },
    ],
    ...(client === "machine"
      ? {
          trustedClientCertificates: [
            { name: authorityName, data: Buffer.from(authorities).toString("base64") },
          ],
          sslProfiles: [
            {
              name: "machine",
              sslPolicy: tls13,
              clientAuthConfiguration: { verifyClientCertIssuerDN: true, verifyClientRevocation: "OCSP" },
              trustedClientCertificates: [part("trustedClientCertificates", authorityName)],
            },
          ],
        }
      : {}),
    httpListeners: [
      {
        name: client,
        protocol: "Https",
        frontendIPConfiguration: part("frontendIPConfigurations", "public"),
        frontendPort: part("frontendPorts", "tls"),
        sslCertificate: part("sslCertificates", "edge"),
        ...(client === "machine" ? { sslProfile: part("sslProfiles", "machine") } : {}),
      },
    ],
    // The root alone: workloads show the rest themselves.
    trustedRootCertificates: [
      {
        name: workloadAuthorityName,
        data: Buffer.from(`${pemCertificates.rootOfLonger}\n`).toString("base64"),
      },
    ],
    probes: [
      {
        name: "workloads",
        protocol: "Https",
        host: "gateway.ai.hospital.example",
        path: "/healthz",
        interval: 30,
        timeout: 10,
        unhealthyThreshold: 3,
        match: { statusCodes: ["200"] },
      },
    ],
    backendAddressPools: [{ name: "workloads" }],
    backendHttpSettingsCollection: [
      {
        name: "workloads",
        protocol: "Https",
        port: 443,
        hostName: "gateway.ai.hospital.example",
        cookieBasedAffinity: "Disabled",
        requestTimeout: 120,
        trustedRootCertificates: [part("trustedRootCertificates", workloadAuthorityName)],
        probe: part("probes", "workloads"),
      },
    ],
    rewriteRuleSets: [
      {
        name: "client-headers",
        rewriteRules: [
          {
            name: "client-identity",
            ruleSequence: 1,
            actionSet: {
              requestHeaderConfigurations: [
                ...Object.entries(certificateVariables).map(([headerName, variable]) => ({
                  headerName,
                  headerValue: client === "machine" ? variable : "",
                })),
                { headerName: "X-Forwarded-For", headerValue: "{var_add_x_forwarded_for_proxy}" },
              ],
              responseHeaderConfigurations:
                client === "machine"
                  ? []
                  : [
                      {
                        headerName: "Strict-Transport-Security",
                        headerValue: "max-age=31536000; includeSubDomains",
                      },
                      { headerName: "Server", headerValue: "" },
                    ],
            },
          },
        ],
      },
    ],
    requestRoutingRules: [
      {
        name: client,
        ruleType: "Basic",
        priority: 1,
        httpListener: part("httpListeners", client),
        backendAddressPool: part("backendAddressPools", "workloads"),
        backendHttpSettings: part("backendHttpSettingsCollection", "workloads"),
        rewriteRuleSet: part("rewriteRuleSets", "client-headers"),
      },
    ],
    ...placed,
  };
}

describe("the front door on Azure that ends TLS", () => {
  let door: Rendered;
  beforeAll(async () => {
    door = await frontDoor({ mode: "l7-terminate", clients: ["machine", "clinician"] });
  });

  it("is exactly these resources, and each says its zone", () => {
    expect(listed(door)).toEqual([
      "ApplicationGateway ward-clinician-entrance",
      "ApplicationGateway ward-machine-entrance",
      "DiagnosticSetting ward-clinician-entrance-recording",
      "DiagnosticSetting ward-machine-entrance-recording",
      "PublicIPAddress ward-clinician-entrance-address",
      "PublicIPAddress ward-machine-entrance-address",
      "RoleAssignment ward-edge-certificate-access",
      "UserAssignedIdentity ward-edge-identity",
      "WebApplicationFirewallPolicy ward-clinician-web-firewall",
      "WebApplicationFirewallPolicy ward-machine-web-firewall",
    ]);
    const untagged = door.resources.filter(({ inputs }) => inputs["tags"] === undefined);
    expect([...new Set(untagged.map(({ type }) => type))].sort()).toEqual([
      "azure-native:authorization:RoleAssignment",
      "azure-native:monitor:DiagnosticSetting",
    ]);
  });

  it.each(["machine", "clinician"] as const)(
    "has a gateway for each $0: TLS 1.3 alone, one port, no HTTP, TLS to ai-gateway",
    (client) => {
      expect(inputsOf(door, `ward-${client}-entrance`)).toEqual(terminatingGateway(client));
    },
  );

  it("has public addresses that are static, in all zones, of the newer kind, and named for nobody else after it", () => {
    for (const client of ["machine", "clinician"]) {
      expect(inputsOf(door, `ward-${client}-entrance-address`)).toEqual({
        publicIpAddressName: `ward-${client}-entrance-address`,
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        dnsSettings: {
          domainNameLabel: `ward-${client}-entrance`,
          domainNameLabelScope: "SubscriptionReuse",
        },
        ...placed,
      });
    }
    expect(door.names).toEqual({
      machine: "ward-machine-entrance.azure.example",
      clinician: "ward-clinician-entrance.azure.example",
    });
  });

  it("sends what it lets in to the platform's own workloads, and takes certificates of its own roots alone", async () => {
    const own = await frontDoor({ mode: "l7-terminate", clients: ["machine", "clinician"] }, ownMachines);
    const roots = ownRoots.map((root, index) => ({
      name: `root-${String(index)}`,
      data: Buffer.from(root).toString("base64"),
    }));
    for (const client of ["machine", "clinician"] as const) {
      const gateway = `${group}/Microsoft.Network/applicationGateways/ward-${client}-entrance`;
      const expected = terminatingGateway(client);
      const [settings] = expected["backendHttpSettingsCollection"] as readonly Properties[];
      expect(inputsOf(own, `ward-${client}-entrance`)).toEqual({
        ...expected,
        trustedRootCertificates: roots,
        backendAddressPools: [{ name: "workloads", backendAddresses: addresses }],
        backendHttpSettingsCollection: [
          {
            ...settings,
            trustedRootCertificates: roots.map(({ name }) => ({
              id: `${gateway}/trustedRootCertificates/${name}`,
            })),
          },
        ],
      });
    }
  });

  it("registers workloads in the pool of each gateway", () => {
    const pool = (client: string): string =>
      `${group}/Microsoft.Network/applicationGateways/ward-${client}-entrance/backendAddressPools/workloads`;
    expect(door.targets).toEqual({ machine: pool("machine"), clinician: pool("clinician") });
  });

  it("reads the one secret of its certificate, with an identity that may do nothing else", () => {
    const { roleAssignmentName, description, ...assignment } = inputsOf(door, "ward-edge-certificate-access");
    expect(roleAssignmentName).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(description).toContain("Key Vault Secrets User");
    expect(assignment).toEqual({
      scope: certificateId,
      roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`,
      principalId: "principal of ward-edge-identity",
      principalType: "ServicePrincipal",
    });
  });

  it("records everything, where all else is recorded", () => {
    expect(inputsOf(door, "ward-machine-entrance-recording")).toMatchObject({
      resourceUri: `${group}/Microsoft.Network/applicationGateways/ward-machine-entrance`,
      workspaceId: "the workspace",
      storageAccountId: "the account",
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    });
  });

  const tooMany = (priority: number): Properties => ({
    name: "TooManyRequests",
    priority,
    state: "Enabled",
    action: "Block",
    ruleType: "RateLimitRule",
    rateLimitDuration: "FiveMins",
    rateLimitThreshold: 2000,
    groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
    matchConditions: [
      {
        matchVariables: [{ variableName: "RemoteAddr" }],
        operator: "IPMatch",
        negationConditon: true,
        matchValues: ["255.255.255.255/32"],
        transforms: [],
      },
    ],
  });
  const claimed = (selector: string, priority: number): Properties => ({
    name: `Claimed${selector.replaceAll("-", "")}`,
    priority,
    state: "Enabled",
    action: "Block",
    ruleType: "MatchRule",
    matchConditions: [
      {
        matchVariables: [{ variableName: "RequestHeaders", selector }],
        operator: "Any",
        negationConditon: false,
        matchValues: [],
        transforms: [],
      },
    ],
  });

  it.each([
    { client: "machine", rules: [tooMany(1)] },
    {
      client: "clinician",
      rules: [
        ...Object.keys(certificateVariables).map((header, index) => claimed(header, index + 1)),
        {
          name: "NoBearerToken",
          priority: 7,
          state: "Enabled",
          action: "Block",
          ruleType: "MatchRule",
          matchConditions: [
            {
              matchVariables: [{ variableName: "RequestHeaders", selector: "Authorization" }],
              operator: "BeginsWith",
              negationConditon: true,
              matchValues: ["bearer "],
              transforms: ["Lowercase"],
            },
          ],
        },
        tooMany(8),
      ],
    },
  ])(
    "stands behind a web firewall that refuses at the $client entrance, and excepts nothing",
    ({ client, rules }) => {
      expect(inputsOf(door, `ward-${client}-web-firewall`)).toEqual({
        policyName: `ward-${client}-web-firewall`,
        resourceGroupName: "ward-network",
        location: "eastus2",
        policySettings: {
          state: "Enabled",
          mode: "Prevention",
          requestBodyCheck: true,
          requestBodyEnforcement: true,
          requestBodyInspectLimitInKB: 2000,
          maxRequestBodySizeInKb: 2000,
          fileUploadEnforcement: true,
          fileUploadLimitInMb: 100,
          logScrubbing: {
            state: "Enabled",
            scrubbingRules: [
              ...["Authorization", "Cookie"].map((selector) => ({
                matchVariable: "RequestHeaderNames",
                selectorMatchOperator: "Equals",
                selector,
                state: "Enabled",
              })),
              ...["RequestArgNames", "RequestPostArgNames", "RequestJSONArgNames", "RequestCookieNames"].map(
                (matchVariable) => ({ matchVariable, selectorMatchOperator: "EqualsAny", state: "Enabled" }),
              ),
            ],
          },
        },
        managedRules: {
          managedRuleSets: [
            { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
            { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
          ],
          exclusions: [],
        },
        customRules: rules,
        tags,
      });
    },
  );

  it("has no gateway for whom the platform does not admit", async () => {
    const one = await frontDoor({ mode: "l7-terminate", clients: ["clinician"] });
    expect(listed(one).filter((line) => line.includes("machine"))).toEqual([]);
    expect(one.names).toEqual({ clinician: "ward-clinician-entrance.azure.example" });
  });
});

describe("the front door on Azure that passes TCP through", () => {
  it("is a gateway without TLS, certificate, identity or web firewall", async () => {
    const door = await frontDoor({ mode: "l4-passthrough", clients: ["machine"] });
    const gateway = `${group}/Microsoft.Network/applicationGateways/ward-passthrough-entrance`;
    const part = (kind: string, name: string): Properties => ({ id: `${gateway}/${kind}/${name}` });
    expect(listed(door)).toEqual([
      "ApplicationGateway ward-passthrough-entrance",
      "DiagnosticSetting ward-passthrough-entrance-recording",
      "PublicIPAddress ward-passthrough-entrance-address",
    ]);
    expect(inputsOf(door, "ward-passthrough-entrance")).toEqual({
      applicationGatewayName: "ward-passthrough-entrance",
      sku: { name: "Standard_v2", tier: "Standard_v2" },
      autoscaleConfiguration: { minCapacity: 2, maxCapacity: 10 },
      gatewayIPConfigurations: [
        {
          name: "subnet",
          subnet: {
            id: `${group}/Microsoft.Network/virtualNetworks/ward-network/subnets/ward-load-balancer`,
          },
        },
      ],
      frontendIPConfigurations: [
        {
          name: "public",
          publicIPAddress: {
            id: `${group}/Microsoft.Network/publicIPAddresses/ward-passthrough-entrance-address`,
          },
        },
      ],
      frontendPorts: [{ name: "tls", port: 443 }],
      listeners: [
        {
          name: "passthrough",
          protocol: "Tcp",
          frontendIPConfiguration: part("frontendIPConfigurations", "public"),
          frontendPort: part("frontendPorts", "tls"),
        },
      ],
      probes: [
        { name: "workloads", protocol: "Tcp", port: 443, interval: 30, timeout: 10, unhealthyThreshold: 3 },
      ],
      backendAddressPools: [{ name: "workloads" }],
      backendSettingsCollection: [
        { name: "workloads", protocol: "Tcp", port: 443, timeout: 120, probe: part("probes", "workloads") },
      ],
      routingRules: [
        {
          name: "passthrough",
          ruleType: "Basic",
          priority: 1,
          listener: part("listeners", "passthrough"),
          backendAddressPool: part("backendAddressPools", "workloads"),
          backendSettings: part("backendSettingsCollection", "workloads"),
        },
      ],
      ...placed,
    });
    expect(door.targets).toEqual({ machine: `${gateway}/backendAddressPools/workloads` });
  });
});

describe("authorities", () => {
  const { rootOfTenYears: root, intermediateForServers: intermediate } = pemCertificates;
  const texts = (pem: string): readonly string[] =>
    authorityChains(pem).map(({ chain }) => Buffer.from(chain, "base64").toString());

  it("are one chain for each root, with the intermediates that it has issued, in whatever order they stand", () => {
    expect(texts(`${root}\n${intermediate}\n`)).toEqual([`${root}\n${intermediate}\n`]);
    expect(texts(`${intermediate}\n${root}\n`)).toEqual([`${intermediate}\n${root}\n`]);
  });

  it("keep their names when another is added", () => {
    const unreadable = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
    const [before] = authorityChains(root);
    const names = authorityChains(`${unreadable}\n${root}\n`).map(({ name }) => name);
    expect(names).toHaveLength(2);
    expect(names).toContain(before?.name);
    expect(texts(`${unreadable}\n${root}`)).toEqual([`${unreadable}\n`, `${root}\n`]);
  });
});

describe("the subscription's own switches", () => {
  it("deny what they name, everywhere but for the front door's addresses", async () => {
    const spec = platformSpec(smallPlatform);
    const resources = await registeredBy(() => {
      new AzureAccountGuardrails(
        "ward-account-guardrails",
        { spec, names: new PhysicalNames(spec, target) },
        {},
      );
    });
    const definition = (id: string): string => `/providers/Microsoft.Authorization/policyDefinitions/${id}`;
    const deny = { effect: { value: "Deny" } };
    const always = (name: string, id: string, parameters: Properties): readonly unknown[] => [
      name,
      definition(id),
      parameters,
      undefined,
    ];
    expect(
      resources.map(({ type, inputs }) => {
        const { policyAssignmentName, scope, enforcementMode, policyDefinitionId, parameters, notScopes } =
          inputs;
        expect({ type, scope, enforcementMode }).toEqual({
          type: "azure-native:authorization:PolicyAssignment",
          scope: `/subscriptions/${subscriptionId}`,
          enforcementMode: "Default",
        });
        return [policyAssignmentName, policyDefinitionId, parameters, notScopes];
      }),
    ).toEqual([
      always("ward-no-copies-to-other-tenants", "92a89a79-6c52-4a7e-a03f-61306fc49312", deny),
      always("ward-no-forwarding-interface", "88c0b9da-ce96-4b03-9635-f29a937e2900", {}),
      [
        "ward-no-other-public-address",
        definition("6c112d4e-5bc7-47ae-a041-ea2d9dccd749"),
        { ...deny, listOfResourceTypesNotAllowed: { value: ["Microsoft.Network/publicIPAddresses"] } },
        [`/subscriptions/${subscriptionId}/resourceGroups/ward-network`],
      ],
      always("ward-no-other-way-out", "6c112d4e-5bc7-47ae-a041-ea2d9dccd749", {
        ...deny,
        listOfResourceTypesNotAllowed: {
          value: [
            "Microsoft.Network/bastionHosts",
            "Microsoft.Network/expressRouteGateways",
            "Microsoft.Network/natGateways",
            "Microsoft.Network/p2sVpnGateways",
            "Microsoft.Network/publicIPPrefixes",
            "Microsoft.Network/virtualNetworkGateways",
            "Microsoft.Network/virtualNetworkTaps",
            "Microsoft.Network/vpnGateways",
          ],
        },
      }),
      always("ward-no-public-blobs", "4fa4b6c0-31ca-4c0d-b10d-24b96f62a751", deny),
      always("ward-no-public-disks", "8405fdab-1faf-48aa-b702-999c9c172094", deny),
      always("ward-no-public-interface", "83a86a26-fd1f-447c-b59d-e51f44264114", {}),
      always("ward-private-subnets", "7bca8353-aa3b-429b-904a-9229c4385837", deny),
    ]);
  });
});
