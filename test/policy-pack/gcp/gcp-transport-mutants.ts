import type { Mutant } from "../mutants";
import { alter, append, put } from "../put";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { each, more, one, projects, without } from "./single-fault";

const rule = "flows-require-mtls";
const rotate = "certificates-rotate";
const declared = "zones-reach-only-declared-peers";

const machineProxy = "bulkhead-machine-entrance-proxy";
const clinicianProxy = "bulkhead-clinician-entrance-proxy";
const machineBackend = "bulkhead-machine-entrance-backend";
const clinicianBackend = "bulkhead-clinician-entrance-backend";
const machineEntrance = "bulkhead-machine-entrance";
const machinePaths = "bulkhead-machine-entrance-paths";
const clinicianFirewall = "bulkhead-clinician-web-firewall";
const health = "bulkhead-machine-entrance-health";
const tls = "bulkhead-entrance-tls";
const clients = "bulkhead-machine-clients";
const clientAuthorities = "bulkhead-machine-authorities";
const workloadAuthorities = "bulkhead-workload-authorities";
const authentication = "bulkhead-workload-authentication";
const group = "projects/hospital-gateway/zones/us-central1-a/instanceGroups/bulkhead-ai-gateway";

const ofGateway = { project: projects.gateway } as const;
const ofProcessing = { project: projects.processing } as const;
const globalId = (kind: string, name: string): string =>
  `projects/${projects.gateway}/global/${kind}/${name}`;
const labels = { "bulkhead-zone": "gateway" } as const;

/** Puts a group of endpoints behind the machines' own entrance. */
export function addEndpoints(stack: Sketch, networkEndpointType: string): void {
  const place = { ...ofGateway, zone: "us-central1-a" };
  stack.add("gcp:compute/networkEndpointGroup:NetworkEndpointGroup", "hole", {
    ...place,
    name: "hole",
    networkEndpointType,
    network: globalId("networks", "bulkhead-gateway"),
    subnetwork: `projects/${projects.gateway}/regions/us-central1/subnetworks/bulkhead-ai-gateway`,
    defaultPort: 443,
  });
  append(stack, machineBackend, "backends", {
    group: `projects/${projects.gateway}/zones/us-central1-a/networkEndpointGroups/hole`,
  });
}

/** Another listener at the address of the machines' own. */
function listen(stack: Sketch, inputs: Properties): void {
  stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "hole-listener", {
    ...ofGateway,
    name: "hole",
    ipAddress: globalId("addresses", machineEntrance),
    ipProtocol: "TCP",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    portRange: "443",
    labels,
    ...inputs,
  });
}

/** A proxy beside the machines' own, and a listener that leads to it. */
function listener(fault: string, type: string, kind: string, proxy: Properties, inputs: Properties): Mutant {
  return {
    fault,
    rule,
    dig: (s) => {
      s.add(type, "hole", { ...ofGateway, name: "hole", ...proxy });
      listen(s, { target: globalId(kind, "hole"), ...inputs });
    },
  };
}

const listenerMutants: readonly Mutant[] = [
  listener(
    "a second listener: HTTP on port 80",
    "gcp:compute/targetHttpProxy:TargetHttpProxy",
    "targetHttpProxies",
    { urlMap: globalId("urlMaps", machinePaths) },
    { portRange: "80" },
  ),
  listener(
    "a second listener: HTTP on port 443",
    "gcp:compute/targetHttpProxy:TargetHttpProxy",
    "targetHttpProxies",
    { urlMap: globalId("urlMaps", machinePaths) },
    {},
  ),
  listener(
    "a second listener: TCP is passed through",
    "gcp:compute/targetTCPProxy:TargetTCPProxy",
    "targetTcpProxies",
    { backendService: globalId("backendServices", machineEntrance) },
    {},
  ),
  listener(
    "a second listener: TLS that asks no client for a certificate",
    "gcp:compute/targetSSLProxy:TargetSSLProxy",
    "targetSslProxies",
    { backendService: globalId("backendServices", machineEntrance), sslPolicy: globalId("sslPolicies", tls) },
    {},
  ),
  listener(
    "a second listener: HTTPS that asks no client for a certificate, and no web firewall for a token",
    "gcp:compute/targetHttpsProxy:TargetHttpsProxy",
    "targetHttpsProxies",
    {
      urlMap: globalId("urlMaps", machinePaths),
      sslPolicy: globalId("sslPolicies", tls),
      tlsEarlyData: "DISABLED",
      quicOverride: "DISABLE",
    },
    {},
  ),
  more(
    "a second listener: a load balancer that passes packets through",
    rule,
    "gcp:compute/forwardingRule:ForwardingRule",
    {
      ...ofGateway,
      name: "hole",
      region: "us-central1",
      allPorts: true,
      loadBalancingScheme: "EXTERNAL",
      backendService: "projects/hospital-gateway/regions/us-central1/backendServices/somebodys",
      labels,
    },
  ),
  one("machine listener: on another port as well", declared, machineEntrance, "portRange", "443-444"),
  one("machine listener: on every port", declared, machineEntrance, "portRange", undefined),
  one("machine listener: on a port that is not known", declared, machineEntrance, "portRange", unknownText),
  one(
    "machine listener: leads to somebody's proxy",
    rule,
    machineEntrance,
    "target",
    `projects/${projects.foreign}/global/targetHttpsProxies/somebodys`,
  ),
  one("machine listener: leads where is not known", rule, machineEntrance, "target", unknownText),
];

const clientMutants: readonly Mutant[] = [
  ...each("machine listener: asks clients for certificates by", rule, machineProxy, "serverTlsPolicy", [
    ["nothing", undefined],
    ["a policy of elsewhere", `projects/${projects.foreign}/locations/global/serverTlsPolicies/somebodys`],
    ["a policy that is not known", unknownText],
  ]),
  ...each("machine clients: without a valid certificate", rule, clients, "mtlsPolicy/clientValidationMode", [
    ["they come in as well", "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"],
    ["they come in as Google Cloud has it", undefined],
    ["they come in, perhaps", unknownText],
  ]),
  ...each("machine clients: they are verified", rule, clients, "mtlsPolicy", [
    ["by nobody", undefined],
    ["how is not known", unknownText],
  ]),
  ...each("machine clients: trusted are", rule, clients, "mtlsPolicy/clientValidationTrustConfig", [
    ["no authorities", undefined],
    ["authorities of elsewhere", `projects/${projects.foreign}/locations/global/trustConfigs/somebodys`],
    ["authorities that are not known", unknownText],
  ]),
  one("machine clients: plain text is taken as well", rule, clients, "allowOpen", true),
  one("machine clients: plain text is taken, perhaps", rule, clients, "allowOpen", unknownText),
  ...each("machine authorities:", rule, clientAuthorities, "trustStores", [
    ["none", []],
    ["not said", undefined],
    ["not known", unknownText],
  ]),
  one(
    "machine authorities: a certificate on a list is not verified",
    rule,
    clientAuthorities,
    "allowlistedCertificates",
    [{ pemCertificate: "-----BEGIN CERTIFICATE-----\nMg==\n-----END CERTIFICATE-----\n" }],
  ),
  one(
    "machine authorities: which are not verified is not known",
    rule,
    clientAuthorities,
    "allowlistedCertificates",
    unknownText,
  ),
  without("machine authorities: the stack does not show them", rule, clientAuthorities),
];

const versionMutants: readonly Mutant[] = [
  ...(
    [
      ["machine listener", machineProxy],
      ["clinician listener", clinicianProxy],
    ] as const
  ).flatMap(([what, proxy]) => [
    ...each(`${what}: versions of TLS are`, rule, proxy, "sslPolicy", [
      ["as Google Cloud has them", undefined],
      ["those of a policy of elsewhere", `projects/${projects.foreign}/global/sslPolicies/somebodys`],
      ["not known", unknownText],
    ]),
    ...each(`${what}: requests are taken early`, rule, proxy, "tlsEarlyData", [
      ["if they change nothing", "STRICT"],
      ["if they look so", "PERMISSIVE"],
      ["always", "UNRESTRICTED"],
      ["perhaps", unknownText],
    ]),
  ]),
  ...each("entrance: versions of TLS from", rule, tls, "minTlsVersion", [
    ["1.2", "TLS_1_2"],
    ["1.0, as Google Cloud has it", undefined],
    ["one that is not known", unknownText],
  ]),
  ...each("entrance: ciphers of TLS", rule, tls, "profile", [
    ["that are old", "COMPATIBLE"],
    ["of its own choice", "CUSTOM"],
    ["that are not known", unknownText],
  ]),
];

const backendMutants: readonly Mutant[] = [
  ...each("machine backends:", rule, machineBackend, "protocol", [
    ["plain text", "HTTP"],
    ["plain text, as Google Cloud has it", undefined],
    ["plain HTTP/2", "H2C"],
    ["a protocol that is not known", unknownText],
  ]),
  ...each("machine backends: who may answer is", rule, machineBackend, "tlsSettings", [
    ["not asked", undefined],
    ["not known", unknownText],
  ]),
  ...each("machine backends: trusted is", rule, machineBackend, "tlsSettings/authenticationConfig", [
    ["any authority", undefined],
    [
      "whom somebody else's configuration says",
      `//networksecurity.googleapis.com/projects/${projects.foreign}/locations/global/backendAuthenticationConfigs/somebodys`,
    ],
  ]),
  one("machine backends: no name is asked for", rule, machineBackend, "tlsSettings/sni", undefined),
  one("clinician backends: plain text", rule, clinicianBackend, "protocol", "HTTP"),
  one("clinician backends: whoever answers will do", rule, clinicianBackend, "tlsSettings", undefined),
  one("workloads: no certificate is presented to them", rule, authentication, "clientCertificate", undefined),
  ...each("workloads: trusted are", rule, authentication, "wellKnownRoots", [
    ["public authorities", "PUBLIC_ROOTS"],
    ["public authorities, perhaps", unknownText],
  ]),
  ...each("workloads: their authorities are", rule, authentication, "trustConfig", [
    ["nobody", undefined],
    ["of elsewhere", `projects/${projects.foreign}/locations/global/trustConfigs/somebodys`],
    ["not known", unknownText],
  ]),
  one(
    "workload authorities: a certificate on a list is not verified",
    rule,
    workloadAuthorities,
    "allowlistedCertificates",
    [{ pemCertificate: "-----BEGIN CERTIFICATE-----\nMg==\n-----END CERTIFICATE-----\n" }],
  ),
  one("workload authorities: none", rule, workloadAuthorities, "trustStores", []),
  one("machine checks: plain text", rule, health, "httpHealthCheck", { port: 80 }),
  one(
    "machine paths: sends requests to somebody's service",
    declared,
    machinePaths,
    "defaultService",
    `projects/${projects.foreign}/global/backendServices/somebodys`,
  ),
  one(
    "machine paths: where requests are sent is not known",
    declared,
    machinePaths,
    "defaultService",
    unknownText,
  ),
  {
    fault: "machine paths: some requests go to a service in plain text",
    rule,
    dig: (s) => {
      s.add("gcp:compute/backendService:BackendService", "hole", {
        ...ofGateway,
        name: "hole",
        loadBalancingScheme: "EXTERNAL_MANAGED",
        protocol: "HTTP",
        backends: [{ group }],
      });
      put(s, machinePaths, "hostRules", [{ hosts: ["*"], pathMatcher: "all" }]);
      put(s, machinePaths, "pathMatchers", [
        { name: "all", defaultService: globalId("backendServices", "hole") },
      ]);
    },
  },
  {
    fault: "machine backends: a group of somebody's on the Internet",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup", "hole", {
        ...ofGateway,
        name: "hole",
        networkEndpointType: "INTERNET_FQDN_PORT",
      });
      append(s, machineBackend, "backends", { group: globalId("networkEndpointGroups", "hole") });
    },
  },
  one("machine backends: groups that are not known", declared, machineBackend, "backends", unknownText),
  {
    fault: "machine backends: endpoints of somebody's on the Internet",
    rule: declared,
    dig: (s) => {
      addEndpoints(s, "INTERNET_IP_PORT");
    },
  },
];

/** Changes the web firewall of clinicians. */
function firewall(fault: string, change: (rules: readonly Properties[]) => unknown): Mutant {
  return {
    fault,
    rule,
    dig: (s) => {
      alter(s, clinicianFirewall, "rules", (rules) => change(rules as readonly Properties[]));
    },
  };
}

const isAboutTokens = ({ description }: Properties): boolean => description === "No bearer token";

const firewallMutants: readonly Mutant[] = [
  firewall("clinician entrance: whoever has no token comes in", (rules) =>
    rules.filter((one) => !isAboutTokens(one)),
  ),
  firewall("clinician entrance: whoever has no token is only watched", (rules) =>
    rules.map((one) => (isAboutTokens(one) ? { ...one, preview: true } : one)),
  ),
  firewall("clinician entrance: whoever has no token is let in", (rules) =>
    rules.map((one) => (isAboutTokens(one) ? { ...one, action: "allow" } : one)),
  ),
  firewall("clinician entrance: whoever has no token is refused on one path alone", (rules) =>
    rules.map((one) =>
      isAboutTokens(one)
        ? {
            ...one,
            match: { expr: { expression: "request.path == '/x' && !has(request.headers['authorization'])" } },
          }
        : one,
    ),
  ),
  firewall("clinician entrance: a rule ahead lets requests in without a token", (rules) => [
    ...rules,
    {
      priority: 1,
      action: "allow",
      match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["203.0.113.0/24"] } },
    },
  ]),
  firewall("clinician entrance: its rules are not known", () => unknownText),
  firewall("clinician entrance: there are no rules", () => undefined),
  ...each("clinician entrance: before it is", rule, clinicianBackend, "securityPolicy", [
    ["no web firewall", undefined],
    ["a web firewall of elsewhere", `projects/${projects.foreign}/global/securityPolicies/somebodys`],
    ["a web firewall that is not known", unknownText],
  ]),
];

const certificateMutants: readonly Mutant[] = [
  more(
    "a certificate of the entrance is in the program",
    rotate,
    "gcp:certificatemanager/certificate:Certificate",
    {
      ...ofGateway,
      name: "hole",
      selfManaged: { pemCertificate: "-----BEGIN CERTIFICATE-----\nMw==\n-----END CERTIFICATE-----\n" },
    },
  ),
  more(
    "a certificate of the entrance is in the program, in the former form",
    rotate,
    "gcp:compute/sSLCertificate:SSLCertificate",
    {
      ...ofGateway,
      name: "hole",
      certificate: "-----BEGIN CERTIFICATE-----\nMw==\n-----END CERTIFICATE-----\n",
    },
  ),
  more(
    "a certificate of a workload lives for ten years",
    rotate,
    "gcp:certificateauthority/certificate:Certificate",
    {
      ...ofProcessing,
      name: "hole",
      location: "us-central1",
      pool: "workloads",
      lifetime: "315360000s",
    },
  ),
  more(
    "a certificate of a workload lives for as long as Google Cloud has it",
    rotate,
    "gcp:certificateauthority/certificate:Certificate",
    {
      ...ofProcessing,
      name: "hole",
      location: "us-central1",
      pool: "workloads",
    },
  ),
  more(
    "an authority's certificates live for as long as they like",
    rotate,
    "gcp:certificateauthority/caPool:CaPool",
    {
      ...ofProcessing,
      name: "hole",
      location: "us-central1",
      tier: "ENTERPRISE",
    },
  ),
  more(
    "workloads are known by an authority of Google's",
    rotate,
    "gcp:iam/workloadIdentityPool:WorkloadIdentityPool",
    {
      ...ofProcessing,
      workloadIdentityPoolId: "hole",
      mode: "TRUST_DOMAIN",
      inlineCertificateIssuanceConfig: { useDefaultSharedCa: true, lifetime: "2592000s" },
    },
  ),
];

/** What accepts connections in processing, beside the workloads. */
const serviceMutants: readonly Mutant[] = [
  more("processing: a service that speaks plain text within", rule, "gcp:cloudrunv2/service:Service", {
    ...ofProcessing,
    name: "hole",
    location: "us-central1",
    ingress: "INGRESS_TRAFFIC_ALL",
    labels: { "bulkhead-zone": "processing" },
    template: { containers: [{ image: "somebodys" }] },
  }),
  more(
    "processing: a database that asks nobody for a certificate",
    rule,
    "gcp:sql/databaseInstance:DatabaseInstance",
    {
      ...ofProcessing,
      name: "hole",
      region: "us-central1",
      databaseVersion: "POSTGRES_16",
      settings: {
        tier: "db-f1-micro",
        userLabels: { "bulkhead-zone": "processing" },
        ipConfiguration: { ipv4Enabled: false, sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" },
      },
    },
  ),
  more("processing: a cache without TLS", rule, "gcp:redis/instance:Instance", {
    ...ofProcessing,
    name: "hole",
    region: "us-central1",
    memorySizeGb: 1,
    labels: { "bulkhead-zone": "processing" },
  }),
  more(
    "entrance: who decides may be asked in vain",
    rule,
    "gcp:networkservices/authzExtension:AuthzExtension",
    {
      ...ofGateway,
      name: "hole",
      location: "global",
      failOpen: true,
      labels,
    },
  ),
  more(
    "entrance: what looks into requests may be asked in vain",
    rule,
    "gcp:networkservices/lbTrafficExtension:LbTrafficExtension",
    {
      ...ofGateway,
      name: "hole",
      location: "global",
      forwardingRules: [globalId("forwardingRules", machineEntrance)],
      extensionChains: [{ name: "all", extensions: [{ name: "one", failOpen: true }] }],
      labels,
    },
  ),
];

/** Faults of the entrance: who comes in, over what, and how it is sent on. */
export const gcpTransportMutants: readonly Mutant[] = [
  ...listenerMutants,
  ...clientMutants,
  ...versionMutants,
  ...backendMutants,
  ...firewallMutants,
  ...certificateMutants,
  ...serviceMutants,
];
