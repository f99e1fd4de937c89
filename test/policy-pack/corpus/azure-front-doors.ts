import type { Sketch } from "../stack-sketch";
import { ownGroup, unknownText } from "../stack-sketch";
import { subnetId, textId, type Inputs } from "./azure-base";
import { but } from "./azure-entrance";
import { here } from "./azure-service-pieces";
import { amend, changed } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

const gateway = { tags: inZone("gateway") };

const hostname: Inputs = {
  type: "Proxy",
  hostName: "api.clinic.example",
  keyVaultId: "https://clinic-certificates.vault.azure.net/secrets/api",
  certificateSource: "KeyVault",
  negotiateClientCertificate: true,
  defaultSslBinding: true,
};

/** Asks for a certificate of the clinic's, and refuses whoever shows none. */
const policy = (inbound: string): string =>
  `<policies><inbound>${inbound}<base /></inbound><backend><base /></backend><outbound><base /></outbound></policies>`;
const asks = policy(
  '<validate-client-certificate validate-revocation="true" validate-trust="true" validate-not-before="true" validate-not-after="true" ignore-error="false"><identities><identity issuer-subject="CN=Clinic clients" /></identities></validate-client-certificate>',
);

/**
 * A manager of APIs in the gateway zone that is right: within the network, on new TLS, asking its clients who they are,
 * and showing a certificate to what is behind it.
 *
 * Names: `apis`, `api`, `api-policy`, `backend`.
 */
export function apiManagement(
  stack: Sketch,
  type = "azure-native:apimanagement:ApiManagementService",
): Sketch {
  const serviceName = `${stack.add(type, "apis", {
    ...here,
    serviceName: "apis",
    publisherName: "Clinic",
    publisherEmail: "operations@clinic.example",
    sku: { name: "Premium", capacity: 1 },
    virtualNetworkType: "Internal",
    virtualNetworkConfiguration: { subnetResourceId: subnetId(stack, "gateway") },
    identity: { type: "SystemAssigned" },
    hostnameConfigurations: [hostname],
    customProperties: {},
    ...gateway,
  })}.name`;
  const common = { resourceGroupName: ownGroup, serviceName };
  stack.add("azure-native:apimanagement:Api", "api", {
    ...common,
    apiId: "api",
    path: "ai",
    displayName: "AI",
    protocols: ["https"],
  });
  stack.add("azure-native:apimanagement:ApiPolicy", "api-policy", {
    ...common,
    apiId: "api",
    policyId: "policy",
    format: "xml",
    value: asks,
  });
  stack.add("azure-native:apimanagement:Backend", "backend", {
    ...common,
    backendId: "backend",
    protocol: "http",
    url: "https://ai-gateway.clinic.internal",
    tls: { validateCertificateChain: true, validateCertificateName: true },
    credentials: { certificateIds: [textId("Microsoft.ApiManagement/service", "apis/certificates/apis")] },
  });
  return stack;
}

const apiCase = (name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase =>
  changed("ZM-09", name, apiManagement, resource, bad, good);

const ciphers = "Microsoft.WindowsAzure.ApiManagement.Gateway.Security";

/** A manager of APIs that is paid by the call, which has no names of its own. */
function consumption(enableClientCertificate: boolean | undefined): (stack: Sketch) => unknown {
  return (stack) => {
    stack.add(
      "azure-native:apimanagement:ApiManagementService",
      "calls",
      but(
        {
          ...here,
          serviceName: "calls",
          publisherName: "Clinic",
          publisherEmail: "operations@clinic.example",
          sku: { name: "Consumption", capacity: 0 },
          enableClientCertificate,
          ...gateway,
        },
        {},
      ),
    );
    stack.add("azure-native:apimanagement:Policy", "calls-policy", {
      resourceGroupName: ownGroup,
      serviceName: `${stack.id("calls")}.name`,
      policyId: "policy",
      format: "xml",
      value: asks,
    });
  };
}

const managers: readonly CorpusCase[] = [
  apiCase("a manager of APIs that asks nobody who they are", "apis", {
    hostnameConfigurations: [{ ...hostname, negotiateClientCertificate: false }],
  }),
  apiCase("a manager of APIs without a word of its clients' certificates", "apis", {
    hostnameConfigurations: [but(hostname, { negotiateClientCertificate: undefined })],
  }),
  apiCase("a manager of APIs of which nobody knows whom it asks", "apis", {
    hostnameConfigurations: [{ ...hostname, negotiateClientCertificate: unknownText }],
  }),
  ...["Protocols.Tls10", "Protocols.Tls11", "Protocols.Ssl30", "Backend.Protocols.Tls10"].map((protocol) =>
    apiCase(
      `a manager of APIs with ${protocol}`,
      "apis",
      { customProperties: { [`${ciphers}.${protocol}`]: "True" } },
      { customProperties: { [`${ciphers}.${protocol}`]: "False" } },
    ),
  ),
  changed(
    "ZM-09",
    "a manager of APIs of an old version that asks nobody who they are",
    (stack) => apiManagement(stack, "azure-native:apimanagement/v20220801:ApiManagementService"),
    "apis",
    { hostnameConfigurations: [{ ...hostname, negotiateClientCertificate: false }] },
  ),
  {
    id: "ZM-09",
    name: "a manager of APIs by the call that asks nobody who they are",
    expected: "refused",
    bad: consumption(false),
    good: consumption(true),
  },
  {
    id: "ZM-09",
    name: "a manager of APIs by the call without a word of its clients' certificates",
    expected: "refused",
    bad: consumption(undefined),
    good: consumption(true),
  },
  apiCase("an API in plain HTTP too", "api", { protocols: ["http", "https"] }),
  apiCase("an API of which nobody knows what it speaks", "api", { protocols: [unknownText] }),
  apiCase("an API whose policy looks at no certificate", "api-policy", { value: policy("") }),
  apiCase("an API whose policy looks, and lets pass", "api-policy", {
    value: asks.replace('ignore-error="false"', 'ignore-error="true"'),
  }),
  apiCase("an API whose policy only speaks of looking", "api-policy", {
    value: policy("<!-- <validate-client-certificate /> -->"),
  }),
  apiCase("an API whose policy nobody knows", "api-policy", { value: unknownText }),
  apiCase("a backend whose certificate nobody checks", "backend", {
    tls: { validateCertificateChain: false, validateCertificateName: true },
  }),
  apiCase("a backend that may have any name", "backend", {
    tls: { validateCertificateChain: true, validateCertificateName: false },
  }),
  apiCase("a backend in plain HTTP", "backend", { url: "http://ai-gateway.clinic.internal" }),
  apiCase("a backend that is shown no certificate", "backend", { credentials: undefined }),
];

/**
 * A front door of Microsoft's whole network, which is of the gateway zone or of none. It can ask no client who he is.
 *
 * Names: `doors`, `domain`, `origins`, `origin`, `route`.
 */
function frontDoor(stack: Sketch, zoned: boolean): Sketch {
  const common = {
    resourceGroupName: ownGroup,
    profileName: `${stack.add("azure-native:cdn:Profile", "doors", {
      resourceGroupName: ownGroup,
      location: "global",
      profileName: "doors",
      sku: { name: "Premium_AzureFrontDoor" },
      ...(zoned ? gateway : {}),
    })}.name`,
  };
  stack.add("azure-native:cdn:AFDCustomDomain", "domain", {
    ...common,
    customDomainName: "domain",
    hostName: "portal.clinic.example",
    tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS13" },
  });
  stack.add("azure-native:cdn:AFDOriginGroup", "origins", {
    ...common,
    originGroupName: "origins",
    healthProbeSettings: { probeProtocol: "Https", probePath: "/healthz", probeIntervalInSeconds: 60 },
  });
  stack.add("azure-native:cdn:AFDOrigin", "origin", {
    ...common,
    originGroupName: "origins",
    originName: "origin",
    hostName: "origin.clinic.example",
    enforceCertificateNameCheck: true,
  });
  stack.add("azure-native:cdn:Route", "route", {
    ...common,
    endpointName: "portal",
    routeName: "route",
    originGroup: { id: stack.id("origins") },
    forwardingProtocol: "HttpsOnly",
    httpsRedirect: "Disabled",
    supportedProtocols: ["Https"],
    patternsToMatch: ["/*"],
  });
  return stack;
}

/** The same front door, wrong in one thing, in the gateway zone and in no zone. */
function doorCase(name: string, resource: string, inputs: Inputs): CorpusCase {
  return {
    id: "ZM-10",
    name,
    expected: "refused",
    bad: (stack) => amend(frontDoor(stack, true), resource, inputs),
    good: (stack) => amend(frontDoor(stack, false), resource, inputs),
  };
}

const doors: readonly CorpusCase[] = [
  doorCase("a front door that can ask nobody who they are", "route", {}),
  doorCase("a front door on TLS 1.0", "domain", {
    tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS10" },
  }),
  doorCase("a front door on TLS 1.2", "domain", {
    tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" },
  }),
  doorCase("a front door that sends on in plain HTTP", "route", { forwardingProtocol: "HttpOnly" }),
  doorCase("a front door that sends on as it was called", "route", { forwardingProtocol: "MatchRequest" }),
  doorCase("a front door in plain HTTP too", "route", { supportedProtocols: ["Http", "Https"] }),
  doorCase("a front door that asks in plain HTTP whether all is well", "origins", {
    healthProbeSettings: { probeProtocol: "Http", probePath: "/healthz", probeIntervalInSeconds: 60 },
  }),
  doorCase("a front door that takes any name for its origin's", "origin", {
    enforceCertificateNameCheck: false,
  }),
];

/** Front doors of other kinds than an application gateway: rows ZM-09 and ZM-10. */
export const azureFrontDoors: readonly CorpusCase[] = [...managers, ...doors];
