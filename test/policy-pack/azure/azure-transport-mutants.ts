import type { Mutant } from "../mutants";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { ofNetwork } from "./azure-network-mutants";
import { alter, append, put } from "../put";

const rule = "flows-require-mtls";

const machine = "bulkhead-machine-entrance";
const clinician = "bulkhead-clinician-entrance";
const clinicianFirewall = "bulkhead-clinician-web-firewall";

const listener = "httpListeners/machine";
const profile = "sslProfiles/machine";
const backend = "backendHttpSettingsCollection/workloads";

const partOf = (stack: Sketch, kind: string, name: string, gateway = machine): Properties => ({
  id: `${stack.id(gateway)}/${kind}/${name}`,
});

function one(fault: string, name: string, path: string, value: unknown): Mutant {
  return {
    fault,
    rule,
    dig: (s) => {
      put(s, name, path, value);
    },
  };
}

/** A listener beside the machines' own. */
function addListener(stack: Sketch, more: Properties): void {
  append(stack, machine, "frontendPorts", { name: "other", port: 8443 });
  append(stack, machine, "httpListeners", {
    name: "other",
    frontendIPConfiguration: partOf(stack, "frontendIPConfigurations", "public"),
    frontendPort: partOf(stack, "frontendPorts", "other"),
    protocol: "Https",
    sslCertificate: partOf(stack, "sslCertificates", "edge"),
    sslProfile: partOf(stack, "sslProfiles", "machine"),
    ...more,
  });
  append(stack, machine, "requestRoutingRules", {
    name: "other",
    priority: 2,
    ruleType: "Basic",
    httpListener: partOf(stack, "httpListeners", "other"),
    backendAddressPool: partOf(stack, "backendAddressPools", "workloads"),
    backendHttpSettings: partOf(stack, "backendHttpSettingsCollection", "workloads"),
  });
}

/** Versions of TLS, at the place that decides: the machines' profile, and the clinicians' gateway, whose listener has none. */
const versionsOfTls: readonly Mutant[] = (
  [
    ["machine profile", machine, `${profile}/sslPolicy`],
    ["clinician gateway", clinician, "sslPolicy"],
  ] as const
).flatMap(([what, gateway, path]) => [
  one(`${what}: TLS 1.2`, gateway, `${path}/minProtocolVersion`, "TLSv1_2"),
  one(`${what}: a policy of TLS of Azure's`, gateway, path, {
    policyType: "Predefined",
    policyName: "AppGwSslPolicy20220101S",
  }),
  one(`${what}: a version of TLS that is not known`, gateway, `${path}/minProtocolVersion`, unknownText),
]);

/** Faults of the entrance: who comes in, over what, and how it is sent on. */
export const azureTransportMutants: readonly Mutant[] = [
  ...versionsOfTls,
  one("clinician gateway: the cloud's own policy of TLS", clinician, "sslPolicy", undefined),
  {
    fault: "machine profile: no policy of TLS, and the gateway's is of TLS 1.2",
    rule,
    dig: (s) => {
      put(s, machine, `${profile}/sslPolicy`, undefined);
      put(s, machine, "sslPolicy/minProtocolVersion", "TLSv1_2");
    },
  },
  one("machine listener: HTTP", machine, `${listener}/protocol`, "Http"),
  one("machine listener: no protocol", machine, `${listener}/protocol`, undefined),
  one("machine listener: a protocol that is not known", machine, `${listener}/protocol`, unknownText),
  one("machine listener: asks no client for a certificate", machine, `${listener}/sslProfile`, undefined),
  one(
    "machine listener: a profile of elsewhere",
    machine,
    `${listener}/sslProfile/id`,
    "/subscriptions/x/sslProfiles/y",
  ),
  one("machine listener: a profile that is not known", machine, `${listener}/sslProfile`, unknownText),
  one("machine profile: trusts nobody's certificates", machine, `${profile}/trustedClientCertificates`, []),
  one(
    "machine profile: whom it trusts is not known",
    machine,
    `${profile}/trustedClientCertificates`,
    unknownText,
  ),
  one(
    "machine profile: any issuer will do",
    machine,
    `${profile}/clientAuthConfiguration/verifyClientCertIssuerDN`,
    false,
  ),
  one(
    "machine profile: issuers are as Azure has it",
    machine,
    `${profile}/clientAuthConfiguration/verifyClientCertIssuerDN`,
    undefined,
  ),
  one(
    "machine profile: takes revoked certificates",
    machine,
    `${profile}/clientAuthConfiguration/verifyClientRevocation`,
    "None",
  ),
  one(
    "machine profile: hands certificates on",
    machine,
    `${profile}/clientAuthConfiguration/verifyClientAuthMode`,
    "Passthrough",
  ),
  one(
    "machine profile: how it verifies is not known",
    machine,
    `${profile}/clientAuthConfiguration`,
    unknownText,
  ),
  one("machine profile: no verification is said", machine, `${profile}/clientAuthConfiguration`, undefined),

  one("machine backends: plain text", machine, `${backend}/protocol`, "Http"),
  one("machine backends: a protocol that is not known", machine, `${backend}/protocol`, unknownText),
  one("machine backends: any authority will do", machine, `${backend}/trustedRootCertificates`, undefined),
  one("machine backends: no authority", machine, `${backend}/trustedRootCertificates`, []),
  one("machine backends: any name will do", machine, `${backend}/validateSNI`, false),
  one("machine backends: any chain will do", machine, `${backend}/validateCertChainAndExpiry`, false),
  one("machine probe: plain text", machine, "probes/workloads/protocol", "Http"),
  one("machine gateway: of the older kind", machine, "sku", { name: "WAF_Medium", tier: "WAF" }),
  one("clinician backends: plain text", clinician, `${backend}/protocol`, "Http"),
  one("clinician listener: HTTP", clinician, "httpListeners/clinician/protocol", "Http"),
  {
    fault: "machine listener: sends on to somebody else's address",
    rule,
    dig: (s) => {
      append(s, machine, "redirectConfigurations", {
        name: "hole",
        redirectType: "Permanent",
        targetUrl: "http://attacker.example",
      });
      put(s, machine, "requestRoutingRules/machine", {
        name: "machine",
        ruleType: "Basic",
        priority: 1,
        httpListener: partOf(s, "httpListeners", "machine"),
        redirectConfiguration: partOf(s, "redirectConfigurations", "hole"),
      });
    },
  },
  {
    fault: "a second listener: port 80, and back again",
    rule,
    dig: (s) => {
      addListener(s, { protocol: "Http", sslProfile: undefined, sslCertificate: undefined });
    },
  },
  {
    fault: "a second listener: asks no client for a certificate",
    rule,
    dig: (s) => {
      addListener(s, { sslProfile: undefined });
    },
  },
  {
    fault: "a second listener: passes TCP through",
    rule,
    dig: (s) => {
      append(s, machine, "frontendPorts", { name: "other", port: 8443 });
      append(s, machine, "backendSettingsCollection", { name: "other", port: 443, protocol: "Tcp" });
      append(s, machine, "listeners", {
        name: "other",
        protocol: "Tcp",
        frontendPort: partOf(s, "frontendPorts", "other"),
        frontendIPConfiguration: partOf(s, "frontendIPConfigurations", "public"),
      });
      append(s, machine, "routingRules", {
        name: "other",
        priority: 3,
        ruleType: "Basic",
        listener: partOf(s, "listeners", "other"),
        backendAddressPool: partOf(s, "backendAddressPools", "workloads"),
        backendSettings: partOf(s, "backendSettingsCollection", "other"),
      });
    },
  },
  {
    fault: "the listeners of the machines' gateway are not known",
    rule,
    dig: (s) => {
      put(s, machine, "httpListeners", unknownText);
    },
  },
  {
    fault: "clinician gateway: whoever has no token comes in",
    rule,
    dig: (s) => {
      put(s, clinicianFirewall, "customRules/NoBearerToken", undefined);
    },
  },
  one(
    "clinician gateway: the refusal of who has no token is off",
    clinicianFirewall,
    "customRules/NoBearerToken/state",
    "Disabled",
  ),
  one(
    "clinician gateway: who has no token is written down only",
    clinicianFirewall,
    "customRules/NoBearerToken/action",
    "Log",
  ),
  one(
    "clinician gateway: who has no token is let in, in words",
    clinicianFirewall,
    "customRules/NoBearerToken/action",
    "Allow",
  ),
  one(
    "clinician gateway: the web firewall only tells",
    clinicianFirewall,
    "policySettings/mode",
    "Detection",
  ),
  one("clinician gateway: the web firewall is off", clinicianFirewall, "policySettings/state", "Disabled"),
  one(
    "clinician gateway: what the web firewall does is not known",
    clinicianFirewall,
    "policySettings",
    unknownText,
  ),
  one("clinician gateway: no web firewall", clinician, "firewallPolicy", undefined),
  one("clinician gateway: a web firewall of elsewhere", clinician, "firewallPolicy/id", "/subscriptions/x/y"),
  {
    fault: "clinician gateway: a rule ahead lets requests in without a token",
    rule,
    dig: (s) => {
      alter(s, clinicianFirewall, "customRules", (rules) => [
        {
          name: "hole",
          priority: 1,
          ruleType: "MatchRule",
          action: "Allow",
          state: "Enabled",
          matchConditions: [
            {
              matchVariables: [{ variableName: "RequestUri" }],
              operator: "BeginsWith",
              matchValues: ["/metrics"],
            },
          ],
        },
        ...(rules as readonly unknown[]),
      ]);
    },
  },
  {
    fault: "the entrance's certificate is in the program",
    rule: "certificates-rotate",
    dig: (s) => {
      put(s, machine, "sslCertificates/edge", { name: "edge", data: "UEZY", password: "x" });
    },
  },
  {
    fault: "the entrance's certificate is one version",
    rule: "certificates-rotate",
    dig: (s) => {
      put(
        s,
        machine,
        "sslCertificates/edge/keyVaultSecretId",
        "https://hospital-edge.vault.azure.net/secrets/entrance/0123456789abcdef0123456789abcdef",
      );
    },
  },
  {
    fault: "a load balancer in the gateway zone that ends no TLS",
    rule,
    dig: (s) =>
      s.add("azure-native:network:LoadBalancer", "hole", {
        ...ofNetwork,
        loadBalancerName: "hole",
        sku: { name: "Standard" },
        frontendIPConfigurations: [
          { name: "own", subnet: { id: `${s.id("bulkhead-network")}/subnets/bulkhead-load-balancer` } },
        ],
        backendAddressPools: [{ name: "all" }],
        loadBalancingRules: [{ name: "http", protocol: "Tcp", frontendPort: 80, backendPort: 80 }],
        tags: { "bulkhead-zone": "gateway", "bulkhead-platform": "bulkhead" },
      }),
  },
  {
    fault: "containers of processing that speak plain text",
    rule,
    dig: (s) => {
      const environment = s.add("azure-native:app:ManagedEnvironment", "hole-environment", {
        ...ofNetwork,
        environmentName: "hole-environment",
        vnetConfiguration: {
          internal: true,
          infrastructureSubnetId: `${s.id("bulkhead-network")}/subnets/bulkhead-rag-service`,
        },
        tags: { "bulkhead-zone": "processing", "bulkhead-platform": "bulkhead" },
      });
      s.add("azure-native:app:ContainerApp", "hole", {
        ...ofNetwork,
        containerAppName: "hole",
        managedEnvironmentId: environment,
        configuration: { ingress: { external: false, targetPort: 80, allowInsecure: true } },
        tags: { "bulkhead-zone": "processing", "bulkhead-platform": "bulkhead" },
      });
    },
  },
];
