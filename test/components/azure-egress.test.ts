import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";

import "../services/decorator-metadata";

import * as x509 from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";

import { passwordLessPfx } from "../../components/azure/password-less-pfx";
import { firewallSubnet } from "../../components/azure/firewall-subnet";
import { parseCidr } from "../../model/cidr";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { targetInvariants } from "../../model/target-invariants";
import type { StackResource } from "../../policy-pack/stack-resource";
import { withExternalProviders } from "../model/with-external-providers";
import { judge } from "../policy-pack/judge-on-a-day";
import { azureTarget, named, renderedOnAzure } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { unagreedPlatforms } from "./unagreed-platforms";

const groups = `/subscriptions/${azureTarget.subscriptionId}/resourceGroups`;
const ofNetwork = `${groups}/bulkhead-network/providers/Microsoft.Network`;
const tags = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "egress" };
const guardBlock = "10.40.213.192/27";
const firewallAddress = "10.40.240.4";

function inputsOf(stack: Sketch, name: string): Readonly<Record<string, unknown>> {
  return named(stack, name).inputs ?? {};
}

function typeOf({ type }: StackResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

interface Rule {
  readonly name: string;
  readonly direction: string;
  readonly access: string;
  readonly sourceAddressPrefix: string;
  readonly destinationAddressPrefix: string;
  readonly destinationPortRange: string;
}

function allowed(stack: Sketch, filter: string): readonly string[] {
  return (inputsOf(stack, filter)["securityRules"] as readonly Rule[])
    .filter(({ access }) => access === "Allow")
    .map(
      ({ name, direction, sourceAddressPrefix, destinationAddressPrefix, destinationPortRange }) =>
        `${name}: ${direction} ${sourceAddressPrefix} > ${destinationAddressPrefix}:${destinationPortRange}`,
    )
    .sort();
}

/** Who is given a role on a scope, as logical names of their identities. */
function readersOf(stack: Sketch, scope: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => typeOf(resource) === "RoleAssignment" && resource.inputs?.["scope"] === scope)
    .map(({ inputs }) => String(inputs?.["principalId"]))
    .map(
      (id) =>
        id
          .replace(/\.principalId$/, "")
          .split("/")
          .at(-1) ?? "",
    )
    .sort();
}

describe("a platform without an external provider on Azure", () => {
  it("has nothing of an egress zone", async () => {
    const stack = await renderedOnAzure(referencePlatform, "preview");
    const types = stack.resources().map(typeOf);
    expect(types.filter((type) => /^(?:AzureFirewall|FirewallPolicy|NatGateway)/.test(type))).toEqual([]);
    expect(stack.names().filter((name) => name.includes("egress-") && !name.includes("inspections"))).toEqual(
      [],
    );
  });
});

describe("a platform that lets PHI go to a provider", () => {
  it.each(unagreedPlatforms)("is not rendered, since the provider $why", ({ why, file }) => {
    expect(() => renderedOnAzure(file, "preview")).toThrow("BH-024");
    expect(() => renderedOnAzure(file, "preview")).toThrow(`Provider openai may receive PHI, but ${why}.`);
  });
});

describe("the egress zone of a platform on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(withExternalProviders, "deployed");
  });

  it("hands all that leaves the guard's subnet to the firewall, and what leaves the firewall to the Internet", () => {
    const routes = (purpose: string): unknown =>
      inputsOf(stack, `bulkhead-egress-${purpose}-routes`)["routes"];
    expect(routes("workload")).toEqual([
      {
        name: "world",
        addressPrefix: "0.0.0.0/0",
        nextHopType: "VirtualAppliance",
        nextHopIpAddress: firewallAddress,
      },
      { name: "world-ipv6", addressPrefix: "::/0", nextHopType: "None" },
    ]);
    expect(routes("inspection")).toEqual([
      { name: "world", addressPrefix: "0.0.0.0/0", nextHopType: "Internet" },
      { name: "world-ipv6", addressPrefix: "::/0", nextHopType: "None" },
    ]);
    const leaving = stack
      .resources()
      .filter((resource) => typeOf(resource) === "RouteTable")
      .filter(({ inputs }) => /Internet|VirtualAppliance/.test(JSON.stringify(inputs)))
      .map(({ name }) => name);
    expect(leaving.sort()).toEqual([
      "bulkhead-egress-inspection-routes",
      "bulkhead-egress-workload-routes",
      "bulkhead-gateway-load-balancer-routes",
    ]);
  });

  it("has a subnet for the guard with its filter, and one for the firewall, which Azure lets have none", () => {
    const subnets = inputsOf(stack, "bulkhead-network")["subnets"] as readonly { readonly name: string }[];
    const common = {
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Enabled",
      privateLinkServiceNetworkPolicies: "Enabled",
    };
    expect(subnets.filter(({ name }) => /guard|Firewall/.test(name))).toEqual([
      {
        name: "bulkhead-egress-guard",
        addressPrefix: guardBlock,
        ...common,
        networkSecurityGroup: { id: `${ofNetwork}/networkSecurityGroups/bulkhead-egress-guard-filter` },
        routeTable: { id: `${ofNetwork}/routeTables/bulkhead-egress-workload-routes` },
      },
      {
        name: "AzureFirewallSubnet",
        addressPrefix: "10.40.240.0/26",
        ...common,
        routeTable: { id: `${ofNetwork}/routeTables/bulkhead-egress-inspection-routes` },
      },
    ]);
  });

  it("lets in the workloads whose flows name the guard, and out what its own flows name", () => {
    expect(allowed(stack, "bulkhead-egress-guard-filter")).toEqual([
      `from-async-ai-workers: Inbound 10.40.95.64/27 > ${guardBlock}:443`,
      `from-rag-service: Inbound 10.40.81.96/27 > ${guardBlock}:443`,
      `to-identity: Outbound ${guardBlock} > AzurePlatformIMDS:80`,
      `to-keys: Outbound ${guardBlock} > 10.40.111.32/27:443`,
      `to-logs: Outbound ${guardBlock} > 10.40.100.64/27:443`,
      `to-providers: Outbound ${guardBlock} > Internet:443`,
      `to-registry: Outbound ${guardBlock} > 10.40.97.64/27:443`,
      `to-secrets: Outbound ${guardBlock} > 10.40.105.64/27:443`,
    ]);
    const naming = stack
      .resources()
      .filter((resource) => typeOf(resource) === "NetworkSecurityGroup")
      .filter(({ inputs }) => JSON.stringify(inputs).includes(guardBlock))
      .map(({ name }) => name);
    expect(naming.sort()).toEqual(
      ["async-ai-workers", "egress-guard", "keys", "logs", "rag-service", "registry", "secrets"].map(
        (peer) => `bulkhead-${peer}-filter`,
      ),
    );
  });

  it("has a firewall that ends TLS, and lets the guard alone through to the declared hosts alone", () => {
    const location = { location: "eastus2", resourceGroupName: "bulkhead-network", tags };
    expect(inputsOf(stack, "bulkhead-firewall")).toEqual({
      azureFirewallName: "bulkhead-egress-firewall",
      ...location,
      sku: { name: "AZFW_VNet", tier: "Premium" },
      threatIntelMode: "Deny",
      firewallPolicy: { id: `${ofNetwork}/firewallPolicies/bulkhead-egress-firewall` },
      ipConfigurations: [
        {
          name: "egress",
          subnet: { id: `${ofNetwork}/virtualNetworks/bulkhead-network/subnets/AzureFirewallSubnet` },
          publicIPAddress: { id: `${ofNetwork}/publicIPAddresses/bulkhead-egress-firewall` },
        },
      ],
      zones: ["1", "2", "3"],
    });
    const { transportSecurity, ...policy } = inputsOf(stack, "bulkhead-firewall-policy");
    expect(policy).toEqual({
      firewallPolicyName: "bulkhead-egress-firewall",
      ...location,
      sku: { tier: "Premium" },
      threatIntelMode: "Deny",
      intrusionDetection: { mode: "Deny" },
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: [
          `${groups}/bulkhead-network/providers/Microsoft.ManagedIdentity/userAssignedIdentities/bulkhead-egress-firewall`,
        ],
      },
      dnsSettings: { enableProxy: false, servers: [] },
      explicitProxy: { enableExplicitProxy: false },
      insights: {
        isEnabled: true,
        retentionDays: 30,
        logAnalyticsResources: {
          defaultWorkspaceId: {
            id: `${groups}/bulkhead-audit/providers/Microsoft.OperationalInsights/workspaces/bulkhead-records`,
          },
        },
      },
    });
    expect(transportSecurity).toEqual({
      certificateAuthority: {
        name: "authority-115",
        keyVaultSecretId: expect.stringMatching(
          /^https:\/\/bulkheadfirewall[0-9a-z]{7}\.vault\.azure\.net\/secrets\/authority-115$/,
        ) as unknown,
      },
    });
    const rule = (id: string, host: string): unknown => ({
      ruleType: "ApplicationRule",
      name: id,
      description: `workload/egress-guard to llm-provider/${id}`,
      sourceAddresses: [guardBlock],
      protocols: [{ protocolType: "Https", port: 443 }],
      targetFqdns: [host],
      terminateTLS: true,
    });
    expect(inputsOf(stack, "bulkhead-firewall-providers")).toEqual({
      ruleCollectionGroupName: "providers",
      firewallPolicyName: "bulkhead-egress-firewall",
      resourceGroupName: "bulkhead-network",
      priority: 100,
      ruleCollections: [
        {
          ruleCollectionType: "FirewallPolicyFilterRuleCollection",
          name: "providers",
          priority: 100,
          action: { type: "Allow" },
          rules: [rule("anthropic", "api.anthropic.com"), rule("openai", "api.openai.com")],
        },
      ],
    });
  });

  it("has one public address besides the entrance's, which is the firewall's", () => {
    const addresses = stack.resources().filter((resource) => typeOf(resource) === "PublicIPAddress");
    expect(
      addresses
        .filter(({ inputs }) => JSON.stringify(inputs).includes('"egress"'))
        .map(({ inputs }) => inputs),
    ).toEqual([
      {
        publicIpAddressName: "bulkhead-egress-firewall",
        resourceGroupName: "bulkhead-network",
        location: "eastus2",
        sku: { name: "Standard", tier: "Regional" },
        publicIPAllocationMethod: "Static",
        publicIPAddressVersion: "IPv4",
        zones: ["1", "2", "3"],
        tags,
      },
    ]);
    expect(stack.resources().map(typeOf)).not.toContain("NatGateway");
  });

  it("makes the firewall's authority as Azure wants it, and nobody but the firewall reads its key", () => {
    expect(inputsOf(stack, "bulkhead-firewall-authority-key-115")).toMatchObject({
      algorithm: "RSA",
      rsaBits: 4096,
    });
    expect(inputsOf(stack, "bulkhead-firewall-authority-115")).toMatchObject({
      isCaCertificate: true,
      maxPathLength: 1,
      validityPeriodHours: 366 * 24,
      allowedUses: ["cert_signing", "crl_signing"],
    });
    expect(inputsOf(stack, "bulkhead-firewall-root-authority-11")).toMatchObject({
      isCaCertificate: true,
      maxPathLength: 2,
    });
    const vault = `${groups}/bulkhead-platform/providers/Microsoft.KeyVault/vaults/${String(inputsOf(stack, "bulkhead-firewall-vault")["vaultName"])}`;
    expect(readersOf(stack, `${vault}/secrets/authority-115`)).toEqual(["bulkhead-egress-firewall"]);
    expect(readersOf(stack, vault)).toEqual([]);
    expect(inputsOf(stack, "bulkhead-firewall-vault")["properties"]).toMatchObject({
      publicNetworkAccess: "Disabled",
      networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
      enableRbacAuthorization: true,
    });
  });

  it("lets the guard read its certificates, the providers' keys and the firewall's certificates, and makes no key", () => {
    const vault = `${groups}/bulkhead-platform/providers/Microsoft.KeyVault/vaults/${String(inputsOf(stack, "bulkhead-secrets-vault")["vaultName"])}`;
    expect(readersOf(stack, `${vault}/secrets/egress-guard--certificates`)).toEqual([
      "bulkhead-egress-guard",
    ]);
    expect(readersOf(stack, `${vault}/secrets/egress-guard--firewall-authority`)).toEqual([
      "bulkhead-egress-guard",
    ]);
    expect(readersOf(stack, `${vault}/secrets/egress-guard`)).toEqual(["bulkhead-egress-guard"]);
    const secrets = stack.resources().filter((resource) => typeOf(resource) === "Secret");
    expect(secrets.map(({ inputs }) => inputs?.["secretName"])).not.toContain("egress-guard");
    const trusted = inputsOf(stack, "bulkhead-egress-guard-firewall-authority")["properties"];
    expect(JSON.stringify(trusted)).not.toContain("privateKey");
  });

  it("tells the guard where it reads them, and of no proxy", () => {
    const { customData } = inputsOf(stack, "bulkhead-egress-guard-1-machine")["osProfile"] as {
      readonly customData: string;
    };
    const told = decodeURIComponent(Buffer.from(customData, "base64").toString());
    const variables = [
      ...told.matchAll(
        /BULKHEAD_(?:PROVIDER_KEYS|FIREWALL_AUTHORITY|INSPECTION_FILE|EGRESS_PROXY)=[^ "\\]+/g,
      ),
    ];
    expect(
      [...new Set(variables.map(([text]) => text.replace(/secrets[0-9a-z]{7}\./, "secrets.")))].sort(),
    ).toEqual([
      "BULKHEAD_FIREWALL_AUTHORITY=https://bulkheadsecrets.vault.azure.net/secrets/egress-guard--firewall-authority",
      "BULKHEAD_INSPECTION_FILE=/etc/bulkhead/inspection.json",
      "BULKHEAD_PROVIDER_KEYS=https://bulkheadsecrets.vault.azure.net/secrets/egress-guard",
    ]);
  });

  it("answers the providers' hosts, and no other name of the Internet besides those that it did", async () => {
    const domains = (sketch: Sketch): readonly string[] =>
      inputsOf(sketch, "bulkhead-names-own")["domains"] as readonly string[];
    const before = new Set(domains(await renderedOnAzure(referencePlatform, "deployed")));
    expect(domains(stack).filter((name) => !before.has(name))).toEqual([
      "api.anthropic.com.",
      "api.openai.com.",
      "egress-guard.egress.ai.hospital.example.",
    ]);
  });

  it("keeps all logs of the firewall, and what the guard records, for as long as everything", () => {
    expect(inputsOf(stack, "bulkhead-firewall-recording")).toMatchObject({
      resourceUri: `${ofNetwork}/azureFirewalls/bulkhead-egress-firewall`,
      logs: [{ categoryGroup: "allLogs", enabled: true }],
    });
    expect(inputsOf(stack, "bulkhead-AZFWApplicationRule-records")).toMatchObject({
      totalRetentionInDays: 2556,
    });
    expect(inputsOf(stack, "bulkhead-records-export")["tableNames"]).toContain(
      "bulkhead_egress_inspections_records_CL",
    );
  });

  it("stands in a network that exists already, in subnets that are resources of their own", async () => {
    const networkId = `${groups}/hospital/providers/Microsoft.Network/virtualNetworks/hospital`;
    const existing = await renderedOnAzure(withExternalProviders, "preview", azureTarget, {
      existingNetwork: { networkId, internetGatewayId: undefined },
    });
    expect(inputsOf(existing, "bulkhead-firewall-subnet")).toMatchObject({
      subnetName: "AzureFirewallSubnet",
      virtualNetworkName: "hospital",
      resourceGroupName: "hospital",
      addressPrefix: "10.40.240.0/26",
    });
    expect(inputsOf(existing, "bulkhead-firewall-subnet")).not.toHaveProperty("networkSecurityGroup");
    expect(
      judge(existing.resources(), { dryRun: true }).findings.filter(({ level }) => level === "mandatory"),
    ).toEqual([]);
  });
});

describe("the firewall's subnet", () => {
  it("is in the zone's quarter for inspection, if the platform has a guard", () => {
    expect(firewallSubnet(platformSpec(referencePlatform))).toBeUndefined();
    const { block, address } = firewallSubnet(platformSpec(withExternalProviders)) ?? {};
    expect([block?.text, address]).toEqual(["10.40.240.0/26", firewallAddress]);
  });

  it.each([
    ["10.40.192.0/24", 0],
    ["10.40.192.0/25", 1],
  ])("needs a zone larger than %s by %s findings", (block, findings) => {
    const spec = platformSpec(withExternalProviders);
    const addressBlock = parseCidr(block);
    if (addressBlock === undefined) {
      throw new Error(`${block} is no block`);
    }
    const zones = spec.zones.map((zone) => (zone.id === "egress" ? { ...zone, addressBlock } : zone));
    const invariant = targetInvariants.find(({ id }) => id === "BH-042");
    const breaches = invariant?.check({ ...spec, zones }, azureTarget) ?? [];
    expect(breaches.filter(({ message }) => message.includes("firewall"))).toHaveLength(findings);
  });
});

describe("a certificate with its key in one file without a password", () => {
  async function issued(): Promise<{
    readonly certificate: string;
    readonly key: string;
    readonly other: string;
  }> {
    const algorithm = {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      publicExponent: new Uint8Array([1, 0, 1]),
      modulusLength: 2048,
    };
    const [keys, others] = await Promise.all(
      [0, 1].map(() => crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])),
    );
    if (keys === undefined || others === undefined) {
      throw new Error("no keys");
    }
    const pem = async (key: Awaited<ReturnType<typeof crypto.subtle.importKey>>): Promise<string> =>
      `-----BEGIN PRIVATE KEY-----\n${Buffer.from(await crypto.subtle.exportKey("pkcs8", key)).toString("base64")}\n-----END PRIVATE KEY-----\n`;
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=firewall authority",
      keys,
      signingAlgorithm: algorithm,
    });
    return {
      certificate: certificate.toString("pem"),
      key: await pem(keys.privateKey),
      other: await pem(others.privateKey),
    };
  }

  it("is read with an empty password, and is the same each time", async () => {
    const { certificate, key } = await issued();
    const file = passwordLessPfx(certificate, key);
    expect(passwordLessPfx(certificate, key)).toBe(file);
    // OpenSSL verifies the checksum, and that key and certificate belong together.
    expect(() => createSecureContext({ pfx: Buffer.from(file, "base64"), passphrase: "" })).not.toThrow();
    const broken = Buffer.from(file, "base64");
    broken[broken.length - 20] = (broken[broken.length - 20] ?? 0) ^ 1;
    expect(() => createSecureContext({ pfx: broken, passphrase: "" })).toThrow();
    expect(Buffer.from(file, "base64").includes(new X509Certificate(certificate).raw)).toBe(true);
  });

  it("is refused of a key and a certificate that do not belong together", async () => {
    const { certificate, other } = await issued();
    expect(() => passwordLessPfx(certificate, other)).toThrow("the key is not that of the certificate");
  });
});
