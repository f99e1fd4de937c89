import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { StackResource } from "../../policy-pack/stack-resource";
import { withExternalProviders } from "../model/with-external-providers";
import { gcpTargetWithEgress, named, renderedOnGoogle } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { unagreedPlatforms } from "./unagreed-platforms";

type Inputs = Readonly<Record<string, unknown>>;

const project = "hospital-egress";
const region = "us-central1";
const network = `projects/${project}/global/networks/bulkhead-egress`;
const located = `projects/${project}/locations/${region}`;
const pool = `${located}/caPools/bulkhead-inspection-authorities`;
const guard = `bulkhead-egress-guard@${project}.iam.gserviceaccount.com`;
const labels = { "bulkhead-platform": "bulkhead", "bulkhead-zone": "egress" } as const;
const ofProxy = { ...labels, "bulkhead-purpose": "inspection" } as const;
const proxyAddress = "10.40.248.2";
const apisAddress = "10.40.224.5";
const callers = "10.40.192.0/20";
const guardBlock = "10.40.213.192/27";
const endpointAddress = "10.40.111.226";

function typeOf({ type }: StackResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

describe("a platform without an external provider on Google Cloud", () => {
  it("has no egress zone, no proxy, no authority of its own and no published service, in no project", async () => {
    const stack = await renderedOnGoogle(referencePlatform, "preview", gcpTargetWithEgress);
    const types = new Set([
      "Gateway",
      "GatewaySecurityPolicy",
      "GatewaySecurityPolicyRule",
      "UrlList",
      "TlsInspectionPolicy",
      "CaPool",
      "Authority",
      "ServiceAttachment",
      "Router",
      "RouterNat",
      "Route",
    ]);
    expect(
      stack
        .resources()
        .filter((resource) => types.has(typeOf(resource)))
        .map(({ name }) => name),
    ).toEqual([]);
    expect(
      stack
        .resources()
        .filter(({ name }) => /egress-/.test(name))
        .map(({ name }) => name)
        // The half of a flow at its source, and the stream of the guard's records, are on every platform.
        .filter((name) => !name.endsWith("-egress") && !name.includes("egress-inspections")),
    ).toEqual([]);
    expect(JSON.stringify(stack.resources().map(({ inputs }) => inputs))).not.toContain(project);
  });
});

describe("a platform that lets PHI go to a provider", () => {
  it.each(unagreedPlatforms)("is not rendered, since the provider $why", ({ why, file }) => {
    expect(() => renderedOnGoogle(file, "preview", gcpTargetWithEgress)).toThrow("BH-024");
    expect(() => renderedOnGoogle(file, "preview", gcpTargetWithEgress)).toThrow(
      `Provider openai may receive PHI, but ${why}.`,
    );
  });
});

describe("the egress zone of a platform on Google Cloud", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnGoogle(withExternalProviders, "deployed", gcpTargetWithEgress);
  });
  const inputs = (name: string): Inputs => named(stack, name).inputs ?? {};
  const inEgress = (type: string): readonly StackResource[] =>
    stack
      .resources()
      .filter(
        (resource) =>
          typeOf(resource) === type && JSON.stringify(resource.inputs ?? {}).includes(`"${project}`),
      );

  it("has a network of its own in a project of its own, without a default route and joined to none", () => {
    expect(inputs("bulkhead-egress-network")).toEqual({
      name: "bulkhead-egress",
      project,
      autoCreateSubnetworks: false,
      deleteDefaultRoutesOnCreate: true,
      networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
      enableUlaInternalIpv6: false,
      routingMode: "REGIONAL",
    });
    const ofNetwork = stack
      .resources()
      .filter((resource) => JSON.stringify(resource.inputs ?? {}).includes(`"${network}"`))
      .map(typeOf);
    expect([...new Set(ofNetwork)].sort()).toEqual([
      "ForwardingRule",
      "Gateway",
      "GlobalAddress",
      "GlobalForwardingRule",
      "ManagedZone",
      "NetworkFirewallPolicyAssociation",
      "Policy",
      "RegionBackendService",
      "ResponsePolicy",
      "Subnetwork",
    ]);
    expect(stack.resources().map(typeOf)).not.toContain("Route");
    expect(stack.resources().map(typeOf)).not.toContain("Router");
    expect(stack.resources().map(typeOf)).not.toContain("RouterNat");
  });

  it("has a subnet each for the guard, the proxy's address, the proxies themselves and who calls the guard", () => {
    const subnets = inEgress("Subnetwork").map(({ inputs: own = {} }) => {
      const { name, purpose, ipCidrRange, stackType, privateIpGoogleAccess, role } = own;
      return [name, purpose, ipCidrRange, stackType, privateIpGoogleAccess, role];
    });
    expect(subnets).toEqual([
      [
        "bulkhead-egress-guard-callers",
        "PRIVATE_SERVICE_CONNECT",
        callers,
        "IPV4_ONLY",
        undefined,
        undefined,
      ],
      [
        "bulkhead-egress-proxies",
        "REGIONAL_MANAGED_PROXY",
        "10.40.240.0/21",
        "IPV4_ONLY",
        undefined,
        "ACTIVE",
      ],
      ["bulkhead-egress-guard", "PRIVATE", guardBlock, "IPV4_ONLY", true, undefined],
      ["bulkhead-egress-proxy", "PRIVATE", "10.40.248.0/21", "IPV4_ONLY", false, undefined],
    ]);
  });

  it("has a proxy that clients call by its address, and that is no router's next hop", () => {
    expect(inputs("bulkhead-egress-proxy-gateway")).toEqual({
      name: "bulkhead-egress-proxy",
      project,
      location: region,
      description: "The proxy of external providers",
      type: "SECURE_WEB_GATEWAY",
      routingMode: "EXPLICIT_ROUTING_MODE",
      network,
      subnetwork: `projects/${project}/regions/${region}/subnetworks/bulkhead-egress-proxy`,
      addresses: [proxyAddress],
      ports: [443],
      scope: "bulkhead-egress-proxy",
      certificateUrls: [`${located}/certificates/bulkhead-egress-proxy`],
      gatewaySecurityPolicy: `${located}/gatewaySecurityPolicies/bulkhead-egress-providers`,
      envoyHeaders: "NONE",
      deleteSwgAutogenRouterOnDestroy: true,
      labels: ofProxy,
    });
  });

  it("lets the guard's identity through to exactly the hosts of the declared providers, on 443, with TLS ended", () => {
    expect(inputs("bulkhead-provider-hosts")).toMatchObject({
      name: "bulkhead-provider-hosts",
      project,
      location: region,
      values: ["api.anthropic.com", "api.openai.com"],
    });
    const isListed = `inUrlList(host(), '${located}/urlLists/bulkhead-provider-hosts')`;
    const rules = stack.resources().filter((resource) => typeOf(resource) === "GatewaySecurityPolicyRule");
    expect(rules.map(({ inputs: own }) => own)).toEqual([
      {
        name: "bulkhead-providers",
        project,
        location: region,
        description: "The egress guard calls the declared external providers",
        gatewaySecurityPolicy: "bulkhead-egress-providers",
        priority: 100,
        enabled: true,
        basicProfile: "ALLOW",
        sessionMatcher: `${isListed} && source.matchServiceAccount('${guard}') && destination.port == 443`,
        applicationMatcher: isListed,
        tlsInspectionEnabled: true,
      },
    ]);
    expect(inputs("bulkhead-egress-providers-policy")).toMatchObject({
      name: "bulkhead-egress-providers",
      tlsInspectionPolicy: `${located}/tlsInspectionPolicies/bulkhead-egress-inspection`,
    });
    expect(inputs("bulkhead-egress-inspection")).toMatchObject({
      name: "bulkhead-egress-inspection",
      caPool: pool,
      excludePublicCaSet: false,
    });
  });

  it("ends TLS by an authority that is for this alone, signs servers alone, and that two agents of Google's may ask", () => {
    expect(inputs("bulkhead-inspection-authorities")).toMatchObject({
      name: "bulkhead-inspection-authorities",
      project,
      issuancePolicy: {
        maximumLifetime: "2592000s",
        baselineValues: {
          caOptions: { isCa: false },
          keyUsage: { extendedKeyUsage: { serverAuth: true } },
        },
      },
    });
    expect(inputs("bulkhead-inspection-authority-1")).toMatchObject({
      pool: "bulkhead-inspection-authorities",
      type: "SELF_SIGNED",
      config: {
        x509Config: {
          caOptions: { isCa: true, zeroMaxIssuerPathLength: true },
          keyUsage: { baseKeyUsage: { certSign: true, crlSign: true } },
        },
      },
      deletionProtection: true,
    });
    const askers = stack
      .resources()
      .filter(({ inputs: own = {} }) => own["caPool"] === pool && "role" in own)
      .map((resource) => [typeOf(resource), resource.inputs?.["role"], resource.inputs?.["members"]]);
    expect(askers).toEqual([
      [
        "CaPoolIamBinding",
        "roles/privateca.certificateManager",
        ["serviceAccount:service-100000000004@gcp-sa-networksecurity.iam.gserviceaccount.com"],
      ],
      [
        "CaPoolIamBinding",
        "roles/privateca.certificateRequester",
        ["serviceAccount:service-100000000004@gcp-sa-certificatemanager.iam.gserviceaccount.com"],
      ],
    ]);
  });

  it("publishes the guard to the processing zone's project alone, by one endpoint", () => {
    expect(inputs("bulkhead-egress-guard-publication")).toEqual({
      name: "bulkhead-egress-guard",
      project,
      region,
      description: "The egress guard, for the processing zone",
      targetService: `projects/${project}/regions/${region}/forwardingRules/bulkhead-egress-guard`,
      natSubnets: [`projects/${project}/regions/${region}/subnetworks/bulkhead-egress-guard-callers`],
      connectionPreference: "ACCEPT_MANUAL",
      consumerAcceptLists: [{ projectIdOrNum: "hospital-ai", connectionLimit: 1 }],
      consumerRejectLists: [],
      reconcileConnections: true,
      enableProxyProtocol: false,
      propagatedConnectionLimit: 0,
      sendPropagatedConnectionLimitIfZero: true,
    });
    const fronts = stack
      .resources()
      .filter(
        ({ name, type }) => type.endsWith(":ForwardingRule") && name.startsWith("bulkhead-egress-guard"),
      )
      .map(({ name, inputs: own = {} }) => {
        const { project: of, loadBalancingScheme, ipAddress, ports, target, allowPscGlobalAccess } = own;
        return { name, of, loadBalancingScheme, ipAddress, ports, target, allowPscGlobalAccess };
      });
    expect(fronts).toEqual([
      {
        name: "bulkhead-egress-guard-front",
        of: project,
        loadBalancingScheme: "INTERNAL",
        ipAddress: "10.40.213.221",
        ports: ["443"],
        target: undefined,
        allowPscGlobalAccess: undefined,
      },
      {
        name: "bulkhead-egress-guard-endpoint",
        of: "hospital-ai",
        loadBalancingScheme: "",
        ipAddress: `projects/hospital-ai/regions/${region}/addresses/bulkhead-egress-guard-endpoint`,
        ports: undefined,
        target: `projects/${project}/regions/${region}/serviceAttachments/bulkhead-egress-guard`,
        allowPscGlobalAccess: false,
      },
    ]);
    expect(inputs("bulkhead-egress-guard-endpoint-address")).toMatchObject({
      project: "hospital-ai",
      addressType: "INTERNAL",
      address: endpointAddress,
    });
  });

  it("lets the guard out to Google's APIs and the proxy, callers of its endpoint in, and nothing else", () => {
    const rules = stack
      .resources()
      .filter(
        (resource) =>
          typeOf(resource) === "NetworkFirewallPolicyRule" &&
          resource.inputs?.["firewallPolicy"] === "bulkhead-egress-flows",
      )
      .map(({ inputs: own = {} }) => {
        const match = own["match"] as Inputs;
        const [layer] = match["layer4Configs"] as readonly Inputs[];
        return [
          own["direction"],
          own["action"],
          own["targetServiceAccounts"] ?? "whoever",
          match["destIpRanges"] ?? match["srcIpRanges"],
          layer?.["ipProtocol"],
          layer?.["ports"] ?? "any port",
          own["disabled"],
          own["enableLogging"],
        ];
      })
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    const allowed = (direction: string, address: string): readonly unknown[] => [
      direction,
      "allow",
      [guard],
      [address],
      "tcp",
      ["443"],
      false,
      true,
    ];
    const denied = (direction: string, range: string): readonly unknown[] => [
      direction,
      "deny",
      "whoever",
      [range],
      "all",
      "any port",
      false,
      true,
    ];
    expect(rules).toEqual([
      allowed("EGRESS", `${apisAddress}/32`),
      allowed("EGRESS", `${proxyAddress}/32`),
      denied("EGRESS", "0.0.0.0/0"),
      denied("EGRESS", "::/0"),
      allowed("INGRESS", callers),
      allowed("INGRESS", callers),
      denied("INGRESS", "0.0.0.0/0"),
      denied("INGRESS", "::/0"),
    ]);
    expect(inputs("bulkhead-egress-filter-in-force")).toMatchObject({
      firewallPolicy: "bulkhead-egress-flows",
      attachmentTarget: network,
    });
  });

  it("lets out to the guard's endpoint the workloads whose flows name it, and no other", () => {
    const naming = stack
      .resources()
      .filter((resource) => typeOf(resource) === "NetworkFirewallPolicyRule")
      .filter(({ inputs: own = {} }) => JSON.stringify(own["match"]).includes(endpointAddress))
      .map(({ inputs: own = {} }) => [own["direction"], own["action"], own["targetServiceAccounts"]]);
    expect(naming).toEqual(
      ["async-ai-workers", "rag-service"].map((id) => [
        "EGRESS",
        "allow",
        [`bulkhead-${id}@hospital-ai.iam.gserviceaccount.com`],
      ]),
    );
  });

  it("answers in the egress network Google's names and the proxy's, and asks others for the providers' hosts alone", () => {
    const records = stack
      .resources()
      .filter((resource) => typeOf(resource) === "RecordSet" && resource.inputs?.["project"] === project)
      .map(({ inputs: own = {} }) => [own["name"], own["rrdatas"]]);
    expect(records).toEqual([
      ["googleapis.com.", [apisAddress]],
      ["*.googleapis.com.", ["googleapis.com."]],
      ["pkg.dev.", [apisAddress]],
      ["*.pkg.dev.", ["pkg.dev."]],
      ["egress-proxy.egress.ai.hospital.example.", [proxyAddress]],
    ]);
    const unanswered = stack
      .resources()
      .filter(
        (resource) => typeOf(resource) === "ResponsePolicyRule" && resource.inputs?.["project"] === project,
      )
      .filter(({ inputs: own = {} }) => own["behavior"] === "bypassResponsePolicy")
      .map(({ inputs: own = {} }) => String(own["dnsName"]));
    expect(unanswered.filter((name) => !/googleapis|pkg\.dev|ai\.hospital/.test(name)).sort()).toEqual([
      "api.anthropic.com.",
      "api.openai.com.",
    ]);
  });

  it("keeps the providers' keys out of its state, and lets the guard alone read them and the authority", () => {
    const secrets = [
      "bulkhead-egress-guard",
      "bulkhead-egress-guard_authority",
      "bulkhead-egress-guard_certificates",
    ];
    const readers = stack
      .resources()
      .filter((resource) => typeOf(resource).startsWith("SecretIam"))
      .filter(({ inputs: own = {} }) => String(own["secretId"]).includes("egress-guard"))
      .filter(({ inputs: own = {} }) => own["role"] === "roles/secretmanager.secretAccessor")
      .map((resource) => [
        typeOf(resource),
        String(resource.inputs?.["secretId"]).split("/").at(-1),
        resource.inputs?.["members"],
      ])
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    expect(readers).toEqual(
      secrets.map((secret) => ["SecretIamBinding", secret, [`serviceAccount:${guard}`]]),
    );
    expect(named(stack, "bulkhead-egress-guard-secret").protect).toBe(true);
    const written = stack
      .resources()
      .filter((resource) => typeOf(resource) === "SecretVersion")
      .map(({ inputs: own = {} }) => String(own["secret"]).split("/").at(-1));
    expect(written).not.toContain("bulkhead-egress-guard");
    expect(written).toContain("bulkhead-egress-guard_authority");
  });

  it("tells the guard where it reads them, and to call the proxy by its name", () => {
    const { metadata } = inputs("bulkhead-egress-guard-machine");
    const told = String((metadata as Inputs)["user-data"]);
    const variables = [
      ...told.matchAll(/BULKHEAD_(?:PROVIDER_KEYS|FIREWALL_AUTHORITY|EGRESS_PROXY|CLOUD)=[^ "\\]+/g),
    ].map(([text]) => text);
    expect([...new Set(variables)].sort()).toEqual([
      "BULKHEAD_CLOUD=gcp",
      "BULKHEAD_EGRESS_PROXY=https://egress-proxy.egress.ai.hospital.example:443",
      "BULKHEAD_FIREWALL_AUTHORITY=projects/hospital-ai/secrets/bulkhead-egress-guard_authority",
      "BULKHEAD_PROVIDER_KEYS=projects/hospital-ai/secrets/bulkhead-egress-guard",
    ]);
    expect(inputs("bulkhead-egress-guard-machine")["networkInterfaces"]).toEqual([
      expect.not.objectContaining({ accessConfigs: expect.anything() as unknown }),
    ]);
  });
});
