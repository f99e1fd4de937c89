import type { Sketch, SketchOptions } from "../stack-sketch";
import { ownGroup, unknownText } from "../stack-sketch";
import { chain } from "./aws-certificates";
import type { Inputs } from "./azure-base";
import { azureEntrance, entranceCase } from "./azure-entrance";
import { apiManagement } from "./azure-front-doors";
import { here, ownTenant } from "./azure-service-pieces";
import { amend, changed } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const vaultName = "clinic-certificates";
const secretUri = `https://${vaultName}.vault.azure.net/secrets/portal`;
/** One version of the secret, which stays what it is when the certificate is renewed. */
const oneVersion = `${secretUri}/4f2c1a7be0d84c3f9a6b5d1e2f3a4b5c`;
const hostname: Inputs = {
  type: "Proxy",
  hostName: "api.clinic.example",
  certificateSource: "KeyVault",
  keyVaultId: "https://clinic-certificates.vault.azure.net/secrets/api",
  negotiateClientCertificate: true,
  defaultSslBinding: true,
};

const shown = (certificate: Inputs): Inputs => ({ sslCertificates: [{ name: "server", ...certificate }] });

function tls(name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed("ZM-13", name, chain, resource, bad, good);
}

function pinned(name: string, bad: SketchOptions): CorpusCase {
  return {
    id: "ZM-13",
    name,
    expected: "refused",
    bad: (stack) => chain(stack).withOptions("leaf", bad),
    good: chain,
  };
}

/** The entrance, whose certificate is a secret that the stack keeps in a vault: `portal`. */
function kept(properties: (stack: Sketch) => Inputs): (stack: Sketch) => Sketch {
  return (stack) => {
    chain(azureEntrance(stack));
    stack.add("azure-native:keyvault:Vault", vaultName, {
      ...here,
      vaultName,
      properties: {
        tenantId: ownTenant,
        sku: { family: "A", name: "premium" },
        publicNetworkAccess: "Disabled",
        networkAcls: { defaultAction: "Deny", bypass: "AzureServices" },
        enableRbacAuthorization: true,
        enablePurgeProtection: true,
      },
    });
    stack.add("azure-native:keyvault:Secret", "portal", {
      resourceGroupName: ownGroup,
      vaultName: `${stack.id(vaultName)}.name`,
      secretName: "portal",
      properties: { contentType: "application/x-pem-file", ...properties(stack) },
    });
    return stack;
  };
}

const fromChain = (stack: Sketch): Inputs => ({ value: `${stack.id("leaf")}.certPem` });
const broughtOnce = (): Inputs => ({
  value: "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2s=\n-----END CERTIFICATE-----\n",
});

/** The checklist of what skips mutual TLS on Azure, as to certificates: row ZM-13. */
export const azureCertificates: readonly CorpusCase[] = [
  entranceCase(
    "ZM-13",
    "an entrance's certificate that was brought once, and that nothing renews",
    shown({ data: "MIIKcQIBAzCCCjcGCSqGSIb3DQEHAaCCCigEggok", password: "of no importance" }),
    shown({ keyVaultSecretId: secretUri }),
  ),
  entranceCase(
    "ZM-13",
    "an entrance's certificate of one version of a secret",
    shown({ keyVaultSecretId: oneVersion }),
    shown({ keyVaultSecretId: `${secretUri}/` }),
  ),
  entranceCase(
    "ZM-13",
    "an entrance's certificate that nobody knows",
    shown({ keyVaultSecretId: unknownText }),
    shown({ keyVaultSecretId: secretUri }),
  ),
  entranceCase(
    "ZM-13",
    "a second certificate of an entrance, of one version of a secret",
    {
      sslCertificates: [
        { name: "server", keyVaultSecretId: secretUri },
        { name: "more", keyVaultSecretId: oneVersion },
      ],
    },
    {
      sslCertificates: [
        { name: "server", keyVaultSecretId: secretUri },
        { name: "more", keyVaultSecretId: secretUri.replace("portal", "more") },
      ],
    },
  ),
  {
    id: "ZM-13",
    name: "an entrance's certificate of one version, of an old version of the gateway's type",
    expected: "refused",
    bad: (stack) =>
      amend(
        azureEntrance(stack, "azure-native:network/v20230201:ApplicationGateway"),
        "entrance",
        shown({ keyVaultSecretId: oneVersion }),
      ),
    good: (stack) => azureEntrance(stack, "azure-native:network/v20230201:ApplicationGateway"),
  },
  changed("ZM-13", "a manager of APIs with one version of a certificate", apiManagement, "apis", {
    hostnameConfigurations: [
      { ...hostname, keyVaultId: `${hostname["keyVaultId"] as string}/4f2c1a7be0d84c3f9a6b5d1e2f3a4b5c` },
    ],
  }),
  changed("ZM-13", "a manager of APIs with a certificate that was brought once", apiManagement, "apis", {
    hostnameConfigurations: [
      {
        ...hostname,
        keyVaultId: undefined,
        certificateSource: "Custom",
        encodedCertificate: "MIIKcQIBAzCCCjcGCSqGSIb3DQEHAaCCCigEggok",
        certificatePassword: "of no importance",
      },
    ],
  }),
  {
    id: "ZM-13",
    name: "a secret with a certificate that was brought once",
    expected: "refused",
    bad: kept(broughtOnce),
    good: kept(fromChain),
  },
  {
    id: "ZM-13",
    name: "a secret that stays when the certificate in it is renewed",
    expected: "refused",
    bad: (stack) => kept(fromChain)(stack).withOptions("portal", { ignoreChanges: ["properties.value"] }),
    good: kept(fromChain),
  },
  {
    id: "ZM-13",
    name: "an entrance whose certificates are those of old state",
    expected: "refused",
    bad: (stack) => azureEntrance(stack).withOptions("entrance", { ignoreChanges: ["sslCertificates"] }),
    good: azureEntrance,
  },

  tls("a leaf of an hour too many", "leaf", { validityPeriodHours: 2161 }),
  tls("a leaf of a year", "leaf", { validityPeriodHours: 8760 }),
  tls("a leaf that is never renewed early", "leaf", { earlyRenewalHours: undefined }),
  tls("a leaf that is renewed an hour too late", "leaf", { earlyRenewalHours: 719 }),
  tls("a leaf that cannot call", "leaf", { allowedUses: ["digital_signature", "server_auth"] }),
  tls("a leaf that is an authority", "leaf", { isCaCertificate: true }, { isCaCertificate: false }),
  tls(
    "a key of RSA 1024",
    "leaf-key",
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 1024 },
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 3072 },
  ),
  tls("a key without a curve, which is P224", "leaf-key", { ecdsaCurve: undefined }),
  tls("a root of eleven years", "root", { validityPeriodHours: 96360 }),
  pinned("a leaf whose lifetime is that of old state", { ignoreChanges: ["validityPeriodHours"] }),
  pinned("a leaf that may not be replaced", { protect: true }),
];
