import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

import { GcpAccountGuardrails } from "../../components/gcp/account-guardrails";
import { GcpFrontDoor } from "../../components/gcp/front-door";
import { PhysicalNames } from "../../components/gcp/physical-names";
import { trustedAuthorities } from "../../components/gcp/trusted-authorities";
import { webFirewall } from "../../components/gcp/web-firewall";
import type { Edge, EdgeClient } from "../../model/edge";
import { entrance } from "../../model/entrance";
import { platformSpec } from "../../model/platform-spec";
import { googleTarget } from "../model/google-target";
import { pemCertificates } from "../policy-pack/pem-certificates";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

const project = "hospital-gateway";
const labels = {
  "bulkhead-platform": "ward",
  "bulkhead-zone": "gateway",
  "bulkhead-load-balancer": "edge",
};
const certificates = `projects/${project}/locations/global/certificates`;
const { intermediateForServers, rootOfLonger, rootOfTenYears } = pemCertificates;

/** What a program registers under mocks, without the components. */
async function registeredBy(program: () => unknown): Promise<readonly Registered[]> {
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs, custom }) => {
      const given = inputs as Properties;
      if (custom !== false) {
        resources.push({ type, name, inputs: given });
      }
      const address = type.endsWith(":GlobalAddress") ? { address: `address of ${name}` } : {};
      return { id: `id of ${name}`, state: { ...given, ...address } };
    },
    call: ({ token }) => {
      throw new Error(`no answer to ${token}`);
    },
  });
  await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
  await pulumi.runtime.disconnect();
  return resources.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Rendered {
  readonly resources: readonly Registered[];
  readonly names: Properties;
  readonly targets: Properties;
}

function settled(outputs: Readonly<Record<string, pulumi.Output<string>>>): Promise<Properties> {
  return new Promise((resolve) => {
    pulumi.output(outputs).apply((value) => {
      resolve(value);
    });
  });
}

async function frontDoor(edge: Edge): Promise<Rendered> {
  const spec = platformSpec({ ...smallPlatform, edge: { mode: edge.mode, clients: [...edge.clients] } });
  let door: GcpFrontDoor | undefined;
  const resources = await registeredBy(() => {
    door = new GcpFrontDoor(
      "ward-front-door",
      {
        spec,
        names: new PhysicalNames(spec, googleTarget),
        entrance: entrance(edge, "istio", "gcp", {
          certificateId: `${certificates}/front-door`,
          clientCertificateId: `${certificates}/front-door-client`,
          machineAuthorities: { text: `${rootOfTenYears}\n` },
          machineRevocations: undefined,
          workloadAuthorities: { text: `${intermediateForServers}\n${rootOfLonger}\n` },
          clinicianSignIn: {
            issuer: "https://sign-in.hospital.example",
            authorizationEndpoint: "https://sign-in.hospital.example/authorize",
            tokenEndpoint: "https://sign-in.hospital.example/token",
            userInfoEndpoint: "https://sign-in.hospital.example/userinfo",
            clientId: "bulkhead",
          },
          hasClinicianClientSecret: false,
        }),
        availabilityZones: googleTarget.availabilityZones,
        sealed: [],
      },
      {},
    );
  });
  return {
    resources,
    names: await settled(door?.entranceNames ?? {}),
    targets: await settled(door?.targetIds ?? {}),
  };
}

function inputsOf({ resources }: Rendered, name: string): Properties {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) {
    throw new Error(`there is no ${name}`);
  }
  return found.inputs;
}

function listed({ resources }: Rendered): readonly string[] {
  return resources.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort();
}

const groups = googleTarget.availabilityZones.map(
  (zone) => `projects/${project}/zones/${zone}/networkEndpointGroups/ward-ai-gateway`,
);

describe("the front door on Google Cloud that ends TLS", () => {
  let door: Rendered;
  beforeAll(async () => {
    door = await frontDoor({ mode: "l7-terminate", clients: ["machine", "clinician"] });
  });

  it("is exactly these resources, all of the gateway zone's project", () => {
    expect(listed(door)).toEqual([
      "BackendAuthenticationConfig ward-workload-authentication",
      "BackendService ward-clinician-entrance-backend",
      "BackendService ward-machine-entrance-backend",
      "CertificateMap ward-entrance-certificates",
      "CertificateMapEntry ward-entrance-certificate",
      "GlobalAddress ward-clinician-entrance-address",
      "GlobalAddress ward-machine-entrance-address",
      "GlobalForwardingRule ward-clinician-entrance",
      "GlobalForwardingRule ward-machine-entrance",
      "HealthCheck ward-clinician-entrance-health",
      "HealthCheck ward-machine-entrance-health",
      "NetworkEndpointGroup ward-ai-gateway-us-central1-a-endpoints",
      "NetworkEndpointGroup ward-ai-gateway-us-central1-b-endpoints",
      "SSLPolicy ward-entrance-tls",
      "SecurityPolicy ward-clinician-web-firewall",
      "SecurityPolicy ward-machine-web-firewall",
      "ServerTlsPolicy ward-machine-clients",
      "TargetHttpsProxy ward-clinician-entrance-proxy",
      "TargetHttpsProxy ward-machine-entrance-proxy",
      "TrustConfig ward-machine-authorities",
      "TrustConfig ward-workload-authorities",
      "URLMap ward-clinician-entrance-paths",
      "URLMap ward-machine-entrance-paths",
    ]);
    expect([...new Set(door.resources.map(({ inputs }) => inputs["project"]))]).toEqual([project]);
  });

  it("says of each resource that can have labels whose it is", () => {
    const unlabelled = door.resources.filter(({ inputs }) => inputs["labels"] === undefined);
    expect([...new Set(unlabelled.map(({ type }) => type.slice(type.lastIndexOf(":") + 1)))].sort()).toEqual([
      "BackendService",
      "HealthCheck",
      "NetworkEndpointGroup",
      "SSLPolicy",
      "TargetHttpsProxy",
      "URLMap",
    ]);
    const labelled = door.resources.flatMap(({ inputs }) => inputs["labels"] ?? []);
    expect(labelled).toEqual(labelled.map(() => labels));
  });

  it.each(["machine", "clinician"] as const)(
    "listens for each %s on one address and port, to TLS 1.3",
    (client) => {
      expect(inputsOf(door, `ward-${client}-entrance`)).toEqual({
        name: `ward-${client}-entrance`,
        project,
        ipAddress: `projects/${project}/global/addresses/ward-${client}-entrance`,
        ipProtocol: "TCP",
        portRange: "443",
        loadBalancingScheme: "EXTERNAL_MANAGED",
        target: `projects/${project}/global/targetHttpsProxies/ward-${client}-entrance`,
        labels,
      });
      expect(inputsOf(door, `ward-${client}-entrance-address`)).toEqual({
        name: `ward-${client}-entrance`,
        project,
        addressType: "EXTERNAL",
        ipVersion: "IPV4",
        labels,
      });
      expect(inputsOf(door, `ward-${client}-entrance-proxy`)).toEqual({
        name: `ward-${client}-entrance`,
        project,
        urlMap: `projects/${project}/global/urlMaps/ward-${client}-entrance-paths`,
        certificateMap: `//certificatemanager.googleapis.com/projects/${project}/locations/global/certificateMaps/ward-entrance-certificates`,
        sslPolicy: `projects/${project}/global/sslPolicies/ward-entrance-tls`,
        quicOverride: "DISABLE",
        tlsEarlyData: "DISABLED",
        ...(client === "machine"
          ? { serverTlsPolicy: `projects/${project}/locations/global/serverTlsPolicies/ward-machine-clients` }
          : {}),
      });
      expect(inputsOf(door, `ward-${client}-entrance-paths`)).toEqual({
        name: `ward-${client}-entrance-paths`,
        project,
        defaultService: `projects/${project}/global/backendServices/ward-${client}-entrance`,
      });
      expect(inputsOf(door, "ward-entrance-tls")).toEqual({
        name: "ward-entrance-tls",
        project,
        profile: "RESTRICTED",
        minTlsVersion: "TLS_1_3",
      });
      expect(inputsOf(door, "ward-entrance-certificate")).toEqual({
        name: "ward-entrance-certificate",
        project,
        map: "ward-entrance-certificates",
        certificates: [`${certificates}/front-door`],
        matcher: "PRIMARY",
        labels,
      });
    },
  );

  it("refuses programs whose certificate is not of the authorities that the stack names", () => {
    expect(inputsOf(door, "ward-machine-clients")).toEqual({
      name: "ward-machine-clients",
      project,
      location: "global",
      allowOpen: false,
      mtlsPolicy: {
        clientValidationMode: "REJECT_INVALID",
        clientValidationTrustConfig: `projects/${project}/locations/global/trustConfigs/ward-machine-authorities`,
      },
      labels,
    });
    expect(inputsOf(door, "ward-machine-authorities")).toEqual({
      name: "ward-machine-authorities",
      project,
      location: "global",
      trustStores: [{ trustAnchors: [{ pemCertificate: `${rootOfTenYears}\n` }], intermediateCas: [] }],
      labels,
    });
  });

  it.each(["machine", "clinician"] as const)(
    "speaks mutual TLS to ai-gateway for each %s, and knows it by its SPIFFE ID",
    (client) => {
      expect(inputsOf(door, `ward-${client}-entrance-backend`)).toEqual({
        name: `ward-${client}-entrance`,
        project,
        loadBalancingScheme: "EXTERNAL_MANAGED",
        protocol: "HTTPS",
        healthChecks: `projects/${project}/global/healthChecks/ward-${client}-entrance-health`,
        backends: groups.map((group) => ({
          group,
          capacityScaler: 1,
          balancingMode: "RATE",
          maxRatePerEndpoint: 100,
        })),
        connectionDrainingTimeoutSec: 300,
        enableCdn: false,
        logConfig: { enable: true, sampleRate: 1 },
        securityPolicy: `projects/${project}/global/securityPolicies/ward-${client}-web-firewall`,
        tlsSettings: {
          authenticationConfig: `//networksecurity.googleapis.com/projects/${project}/locations/global/backendAuthenticationConfigs/ward-workload-authentication`,
          sni: "gateway.ai.hospital.example",
          subjectAltNames: [
            {
              uniformResourceIdentifier: "spiffe://ai.hospital.example/zone/gateway/workload/ai-gateway",
            },
          ],
        },
        customRequestHeaders:
          client === "clinician"
            ? []
            : [
                "x-client-certificate-chain-verified:{client_cert_chain_verified}",
                "x-client-certificate-fingerprint:{client_cert_sha256_fingerprint}",
                "x-client-certificate-present:{client_cert_present}",
                "x-client-certificate-serial-number:{client_cert_serial_number}",
                "x-client-certificate-spiffe-id:{client_cert_spiffe_id}",
                "x-client-certificate-uri-sans:{client_cert_uri_sans}",
              ],
        customResponseHeaders:
          client === "machine" ? [] : ["strict-transport-security:max-age=31536000; includeSubDomains"],
      });
    },
  );

  it("presents a certificate to workloads, and takes none of theirs but of the platform's authorities", () => {
    expect(inputsOf(door, "ward-workload-authentication")).toEqual({
      name: "ward-workload-authentication",
      project,
      location: "global",
      clientCertificate: `${certificates}/front-door-client`,
      trustConfig: `projects/${project}/locations/global/trustConfigs/ward-workload-authorities`,
      wellKnownRoots: "NONE",
      labels,
    });
    expect(inputsOf(door, "ward-workload-authorities")["trustStores"]).toEqual([
      {
        trustAnchors: [{ pemCertificate: `${rootOfLonger}\n` }],
        intermediateCas: [{ pemCertificate: `${intermediateForServers}\n` }],
      },
    ]);
  });

  it("registers ai-gateway in each of the region's zones, in its own subnet", () => {
    expect(inputsOf(door, "ward-ai-gateway-us-central1-b-endpoints")).toEqual({
      name: "ward-ai-gateway",
      project,
      zone: "us-central1-b",
      networkEndpointType: "GCE_VM_IP_PORT",
      network: `projects/${project}/global/networks/ward-gateway`,
      subnetwork: `projects/${project}/regions/us-central1/subnetworks/ward-ai-gateway`,
      defaultPort: 443,
    });
    expect(door.targets).toEqual({ machine: groups.join(" "), clinician: groups.join(" ") });
    expect(door.names).toEqual({
      machine: "address of ward-machine-entrance-address",
      clinician: "address of ward-clinician-entrance-address",
    });
  });

  it("asks in its health checks for a connection to the one port, and no more", () => {
    expect(inputsOf(door, "ward-machine-entrance-health")).toEqual({
      name: "ward-machine-entrance-health",
      project,
      tcpHealthCheck: { port: 443 },
      logConfig: { enable: true },
    });
  });

  it.each<readonly [EdgeClient, string]>([
    ["machine", "clinician"],
    ["clinician", "machine"],
  ])("has nothing of the %s's entrance where there is none", async (client, other) => {
    const { resources } = await frontDoor({ mode: "l7-terminate", clients: [client] });
    expect(resources.filter(({ name }) => name.includes(other))).toEqual([]);
    expect(resources.some(({ name }) => name === `ward-${client}-entrance`)).toBe(true);
  });
});

describe("the front door on Google Cloud that passes TCP through", () => {
  it("ends no TLS, and has no web firewall", async () => {
    const door = await frontDoor({ mode: "l4-passthrough", clients: ["machine"] });
    expect(listed(door)).toEqual([
      "BackendService ward-passthrough-entrance-backend",
      "GlobalAddress ward-passthrough-entrance-address",
      "GlobalForwardingRule ward-passthrough-entrance",
      "HealthCheck ward-passthrough-entrance-health",
      "NetworkEndpointGroup ward-ai-gateway-us-central1-a-endpoints",
      "NetworkEndpointGroup ward-ai-gateway-us-central1-b-endpoints",
      "TargetTCPProxy ward-passthrough-entrance-proxy",
    ]);
    expect(inputsOf(door, "ward-passthrough-entrance-proxy")).toEqual({
      name: "ward-passthrough-entrance",
      project,
      backendService: `projects/${project}/global/backendServices/ward-passthrough-entrance`,
      proxyHeader: "NONE",
    });
    expect(inputsOf(door, "ward-passthrough-entrance")).toMatchObject({
      portRange: "443",
      ipProtocol: "TCP",
      target: `projects/${project}/global/targetTcpProxies/ward-passthrough-entrance`,
    });
    expect(inputsOf(door, "ward-passthrough-entrance-backend")).toMatchObject({
      protocol: "TCP",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      backends: groups.map((group) => ({
        group,
        capacityScaler: 1,
        balancingMode: "CONNECTION",
        maxConnectionsPerEndpoint: 1000,
      })),
    });
    expect(door.names).toEqual({ machine: "address of ward-passthrough-entrance-address" });
  });
});

describe("the web firewall on Google Cloud", () => {
  interface Rule {
    readonly priority: number;
    readonly action: string;
    readonly preview: boolean;
    readonly match: { readonly expr?: { readonly expression: string } };
  }
  const rulesOf = (client: EdgeClient): readonly Rule[] => webFirewall(client).rules as readonly Rule[];

  it.each(["machine", "clinician"] as const)(
    "refuses, for each %s, and lets through at the end alone what comes not too often",
    (client) => {
      const rules = rulesOf(client);
      const priorities = rules.map(({ priority }) => priority);
      expect(priorities).toEqual([...priorities].sort((a, b) => a - b));
      expect(new Set(priorities).size).toBe(rules.length);
      expect(rules.every(({ preview }) => !preview)).toBe(true);
      expect(rules.slice(0, -2).every(({ action }) => action === "deny(403)")).toBe(true);
      expect(rules.slice(-2)).toMatchObject([
        {
          priority: 2147483646,
          action: "throttle",
          rateLimitOptions: {
            conformAction: "allow",
            exceedAction: "deny(429)",
            enforceOnKey: "IP",
            rateLimitThreshold: { count: 2000, intervalSec: 300 },
          },
        },
        { priority: 2147483647, action: "deny(403)" },
      ]);
    },
  );

  it("refuses clinicians without a token, and whoever claims to be a program", () => {
    const expressions = rulesOf("clinician").flatMap(({ match }) => match.expr?.expression ?? []);
    expect(expressions.slice(0, 3)).toEqual([
      "has(request.headers['x-client-certificate-chain-verified']) || has(request.headers['x-client-certificate-fingerprint']) || has(request.headers['x-client-certificate-present']) || has(request.headers['x-client-certificate-serial-number']) || has(request.headers['x-client-certificate-spiffe-id'])",
      "has(request.headers['x-client-certificate-uri-sans'])",
      "!has(request.headers['authorization']) || !request.headers['authorization'].lower().startsWith('bearer ')",
    ]);
    expect(rulesOf("machine").flatMap(({ match }) => match.expr?.expression ?? [])).toEqual(
      expressions.slice(3),
    );
    expect(webFirewall("clinician").advancedOptionsConfig).toMatchObject({ logLevel: "NORMAL" });
  });
});

describe("the authorities that a load balancer trusts", () => {
  it("are anchors where they have issued themselves, or cannot be read, and lead up to them otherwise", () => {
    const unreadable = "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----";
    expect(trustedAuthorities([intermediateForServers, unreadable, rootOfLonger].join("\n"))).toEqual([
      {
        trustAnchors: [{ pemCertificate: `${unreadable}\n` }, { pemCertificate: `${rootOfLonger}\n` }],
        intermediateCas: [{ pemCertificate: `${intermediateForServers}\n` }],
      },
    ]);
  });
});

describe("the projects' own switches on Google Cloud", () => {
  it("are organisation policies of the platform's projects, enforced and protected", async () => {
    const spec = platformSpec(smallPlatform);
    const resources = await registeredBy(() => {
      new GcpAccountGuardrails(
        "ward-account-guardrails",
        { spec, names: new PhysicalNames(spec, googleTarget), models: ["gemini-2.5-pro"] },
        {},
      );
    });
    expect(resources.map(({ type }) => type)).toEqual(resources.map(() => "gcp:orgpolicy/policy:Policy"));
    const rulesOf = (name: string): unknown =>
      (resources.find(({ inputs }) => inputs["name"] === name)?.inputs["spec"] as Properties | undefined)?.[
        "rules"
      ];
    expect(rulesOf("projects/hospital-phi/policies/compute.skipDefaultNetworkCreation")).toEqual([
      { enforce: "TRUE" },
    ]);
    expect(rulesOf("projects/hospital-gateway/policies/compute.vmExternalIpAccess")).toEqual([
      { denyAll: "TRUE" },
    ]);
    expect(rulesOf("projects/hospital-ai/policies/vertexai.allowedModels")).toEqual([
      { values: { allowedValues: ["publishers/google/models/gemini-2.5-pro:predict"] } },
    ]);
    expect(rulesOf("projects/hospital-phi/policies/compute.restrictVpcPeering")).toEqual([
      { denyAll: "TRUE" },
    ]);
    expect(rulesOf("projects/hospital-ai/policies/compute.restrictVpcPeering")).toBeUndefined();
    expect(resources).toHaveLength(13 * 3 + 2);
    expect(resources.every(({ inputs }) => inputs["dryRunSpec"] === undefined)).toBe(true);
  });
});
