import { beforeAll, describe, expect, it } from "vitest";

import { endpointName } from "../../components/gcp/private-endpoints";
import { referencePlatform } from "../../model/reference-platform";

import { Rendered } from "./gcp-registrations";
import { smallPlatform } from "./small-platform";

const projects = { gateway: "hospital-gateway", processing: "hospital-ai" } as const;
const networks = {
  gateway: "projects/hospital-gateway/global/networks/ward-gateway",
  processing: "projects/hospital-ai/global/networks/ward-processing",
} as const;
const addresses = { gateway: "10.40.32.5", processing: "10.40.96.5" } as const;
const zones = ["gateway", "processing"] as const;
const other = { gateway: "processing", processing: "gateway" } as const;

const workloads = [
  { id: "ai-gateway", zone: "gateway", block: "10.40.28.128/27" },
  { id: "decision-point", zone: "processing", block: "10.40.90.0/27" },
  { id: "fhir-proxy", zone: "processing", block: "10.40.84.32/27" },
] as const;

let rendered: Rendered;
beforeAll(async () => {
  rendered = await Rendered.of(smallPlatform);
});

/** The names of what a component has put into a zone, or made for a peer. */
function members(component: string, kind: "zoneMembers" | "peerMembers", of: string): readonly string[] {
  const found = rendered.outputsOf(component)[kind] as Readonly<Record<string, readonly string[]>>;
  return (found[of] ?? []).map((urn) => urn.split("::").at(-1) ?? "").sort();
}

describe("the network of a small platform on Google Cloud", () => {
  it("consists of exactly these resources, and none of the PHI zone's", () => {
    expect(rendered.listed("ward-segmentation")).toEqual([
      "Network ward-gateway-network",
      "Network ward-processing-network",
      "NetworkPeering ward-gateway-to-processing-peering",
      "NetworkPeering ward-processing-to-gateway-peering",
      "Subnetwork ward-ai-gateway-subnet",
      "Subnetwork ward-decision-point-subnet",
      "Subnetwork ward-fhir-proxy-subnet",
    ]);
    expect(members("ward-segmentation", "zoneMembers", "phi")).toEqual([]);
    expect(
      JSON.stringify(rendered.all().filter(({ type }) => !type.startsWith("gcp:accesscontextmanager"))),
    ).not.toContain("hospital-phi");
  });

  it.each(zones)(
    "has a network of zone %s without a default route, a subnet of its own making, or IPv6",
    (zone) => {
      expect(rendered.inputsOf(`ward-${zone}-network`)).toEqual({
        name: `ward-${zone}`,
        project: projects[zone],
        autoCreateSubnetworks: false,
        deleteDefaultRoutesOnCreate: true,
        networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
        enableUlaInternalIpv6: false,
        routingMode: "REGIONAL",
      });
    },
  );

  it.each(workloads)("has a subnet of $id with every flow recorded", ({ id, zone, block }) => {
    expect(rendered.inputsOf(`ward-${id}-subnet`)).toEqual({
      name: `ward-${id}`,
      project: projects[zone],
      region: "us-central1",
      network: networks[zone],
      purpose: "PRIVATE",
      ipCidrRange: block,
      secondaryIpRanges: [],
      sendSecondaryIpRangeIfEmpty: true,
      stackType: "IPV4_ONLY",
      privateIpGoogleAccess: true,
      privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
      logConfig: {
        aggregationInterval: "INTERVAL_5_SEC",
        flowSampling: 1,
        metadata: "INCLUDE_ALL_METADATA",
      },
    });
  });

  it.each(zones)("joins the network of zone %s with the other by subnets alone", (zone) => {
    expect(rendered.inputsOf(`ward-${zone}-to-${other[zone]}-peering`)).toEqual({
      name: `ward-${zone}-to-${other[zone]}`,
      network: networks[zone],
      peerNetwork: networks[other[zone]],
      exportCustomRoutes: false,
      importCustomRoutes: false,
      exportSubnetRoutesWithPublicIp: false,
      importSubnetRoutesWithPublicIp: false,
      stackType: "IPV4_ONLY",
    });
  });

  it("creates the networks first, and one peering after the other", () => {
    for (const id of workloads.map((workload) => workload.id)) {
      expect([...rendered.before(`ward-${id}-subnet`)]).toContain("services");
    }
    expect(rendered.named("ward-gateway-to-processing-peering").waitsFor).toEqual([
      "ward-gateway-network",
      "ward-processing-network",
    ]);
    expect(rendered.named("ward-processing-to-gateway-peering").waitsFor).toContain(
      "ward-gateway-to-processing-peering",
    );
  });

  it("registers the projects of its zones, and whose its parts are, which carry no labels", () => {
    expect(rendered.outputsOf("ward-segmentation")).toMatchObject({
      networkId: networks.processing,
      networkIds: networks,
      subnetIds: {
        gateway: ["projects/hospital-gateway/regions/us-central1/subnetworks/ward-ai-gateway"],
        processing: ["decision-point", "fhir-proxy"].map(
          (id) => `projects/hospital-ai/regions/us-central1/subnetworks/ward-${id}`,
        ),
        phi: [],
        egress: [],
      },
      workloadSubnetIds: {
        gateway: ["projects/hospital-gateway/regions/us-central1/subnetworks/ward-ai-gateway"],
        processing: ["decision-point", "fhir-proxy"].map(
          (id) => `projects/hospital-ai/regions/us-central1/subnetworks/ward-${id}`,
        ),
        egress: [],
      },
      zoneProjects: {
        gateway: { id: "hospital-gateway", number: "100000000001" },
        processing: { id: "hospital-ai", number: "100000000002" },
        phi: { id: "hospital-phi", number: "100000000003" },
      },
    });
    expect(members("ward-segmentation", "zoneMembers", "gateway")).toEqual([
      "ward-ai-gateway-subnet",
      "ward-gateway-network",
      "ward-gateway-to-processing-peering",
    ]);
    expect(members("ward-segmentation", "peerMembers", "workload/fhir-proxy")).toEqual([
      "ward-fhir-proxy-subnet",
    ]);
  });
});

/** What every rule of a small platform says besides its own. */
const always = { disabled: false, enableLogging: true } as const;

describe("the filters of a small platform on Google Cloud", () => {
  const denials = ["all", "all-ipv6"].flatMap((what) =>
    ["egress", "ingress"].map((direction) => `deny-${what}-${direction}`),
  );

  it("are a policy for each network, its rules, and what puts it in force", () => {
    expect(rendered.listed("ward-flow-filters")).toEqual(
      [
        ...zones.flatMap((zone) => [
          `NetworkFirewallPolicy ward-${zone}-filter`,
          `NetworkFirewallPolicyAssociation ward-${zone}-filter-in-force`,
          ...denials.map((denial) => `NetworkFirewallPolicyRule ward-${zone}-${denial}`),
        ]),
        "NetworkFirewallPolicyRule ward-ai-gateway-to-decision-point-egress",
        "NetworkFirewallPolicyRule ward-ai-gateway-to-decision-point-ingress",
        "NetworkFirewallPolicyRule ward-ai-gateway-to-fhir-proxy-egress",
        "NetworkFirewallPolicyRule ward-ai-gateway-to-fhir-proxy-ingress",
        "NetworkFirewallPolicyRule ward-fhir-proxy-calls-google-apis-egress",
        "NetworkFirewallPolicyRule ward-load-balancer-to-ai-gateway-ingress",
      ].sort(),
    );
  });

  it.each(zones)("are in force on the network of zone %s, with all rules in them", (zone) => {
    const policy = `ward-${zone}-flows`;
    const association = `ward-${zone}-filter-in-force`;
    expect(rendered.inputsOf(association)).toEqual({
      name: policy,
      project: projects[zone],
      firewallPolicy: policy,
      attachmentTarget: networks[zone],
    });
    const rules = rendered
      .all()
      .filter(
        ({ type, inputs }) =>
          type.endsWith(":NetworkFirewallPolicyRule") && inputs["firewallPolicy"] === policy,
      );
    expect(rules).toHaveLength(7);
    const before = rendered.before(association);
    expect(rules.filter(({ name }) => !before.has(name))).toEqual([]);
    expect([...before]).toContain(`ward-${zone}-network`);
  });

  it("bind rules that allow to the service accounts of workloads, which stand before", () => {
    expect(rendered.inputsOf("ward-ai-gateway-to-fhir-proxy-egress")).toEqual({
      ...always,
      firewallPolicy: "ward-gateway-flows",
      project: "hospital-gateway",
      ruleName: "ai-gateway-to-fhir-proxy",
      description: "workload/ai-gateway to workload/fhir-proxy, mtls",
      direction: "EGRESS",
      priority: 1834476992,
      action: "allow",
      match: { destIpRanges: ["10.40.84.32/27"], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
      targetServiceAccounts: ["ward-ai-gateway@hospital-gateway.iam.gserviceaccount.com"],
    });
    expect(rendered.inputsOf("ward-ai-gateway-to-fhir-proxy-ingress")).toMatchObject({
      firewallPolicy: "ward-processing-flows",
      project: "hospital-ai",
      direction: "INGRESS",
      match: { srcIpRanges: ["10.40.28.128/27"], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
      targetServiceAccounts: ["ward-fhir-proxy@hospital-ai.iam.gserviceaccount.com"],
    });
    expect([...rendered.before("ward-ai-gateway-to-fhir-proxy-ingress")]).toContain("fhir-proxy-account");
  });

  it.each(zones)("deny everything else in zone %s, whoever sends it, and record that", (zone) => {
    const common = {
      ...always,
      firewallPolicy: `ward-${zone}-flows`,
      project: projects[zone],
      action: "deny",
    };
    const description = "Everything else, before the rules that are implied";
    const layer4Configs = [{ ipProtocol: "all" }];
    const said = (what: string, direction: "EGRESS" | "INGRESS"): unknown =>
      rendered.inputsOf(`ward-${zone}-deny-${what}-${direction.toLowerCase()}`);
    for (const [what, range, offset] of [
      ["all", "0.0.0.0/0", 0],
      ["all-ipv6", "::/0", 1],
    ] as const) {
      const named = { ...common, ruleName: `deny-${what}`, description };
      expect(said(what, "EGRESS")).toEqual({
        ...named,
        direction: "EGRESS",
        priority: 2147483000 + offset,
        match: { destIpRanges: [range], layer4Configs },
      });
      expect(said(what, "INGRESS")).toEqual({
        ...named,
        direction: "INGRESS",
        priority: 2147483100 + offset,
        match: { srcIpRanges: [range], layer4Configs },
      });
    }
  });

  it("are named by the service account that is behind each", () => {
    expect(rendered.outputsOf("ward-flow-filters")["filterIds"]).toEqual({
      "workload/ai-gateway": "ward-ai-gateway@hospital-gateway.iam.gserviceaccount.com",
      "workload/decision-point": "ward-decision-point@hospital-ai.iam.gserviceaccount.com",
      "workload/fhir-proxy": "ward-fhir-proxy@hospital-ai.iam.gserviceaccount.com",
    });
    expect(members("ward-flow-filters", "peerMembers", "workload/fhir-proxy")).toEqual([
      "ward-ai-gateway-to-fhir-proxy-ingress",
      "ward-fhir-proxy-calls-google-apis-egress",
    ]);
    expect(members("ward-flow-filters", "zoneMembers", "gateway")).toHaveLength(9);
  });
});

describe("the private endpoints of a small platform on Google Cloud", () => {
  it.each(zones)("lead from the network of zone %s to what perimeters protect, and nowhere else", (zone) => {
    const labels = {
      "bulkhead-platform": "ward",
      "bulkhead-zone": zone,
      "bulkhead-purpose": "private-endpoint",
    };
    const address = `ward-${zone}-google-apis`;
    expect(rendered.inputsOf(`${address}-address`)).toEqual({
      name: address,
      project: projects[zone],
      network: networks[zone],
      purpose: "PRIVATE_SERVICE_CONNECT",
      addressType: "INTERNAL",
      address: addresses[zone],
      labels,
    });
    expect(rendered.inputsOf(`${address}-endpoint`)).toEqual({
      name: endpointName({ name: "ward" }, zone),
      project: projects[zone],
      network: networks[zone],
      target: "vpc-sc",
      ipAddress: `projects/${projects[zone]}/global/addresses/${address}`,
      loadBalancingScheme: "",
      noAutomateDnsZone: true,
      labels,
    });
  });

  it("stand once the network and its filters do", () => {
    for (const zone of zones) {
      const before = rendered.before(`ward-${zone}-google-apis-endpoint`);
      expect([...before]).toEqual(
        expect.arrayContaining([
          `ward-${zone}-google-apis-address`,
          "ward-gateway-filter-in-force",
          "ward-processing-filter-in-force",
        ]),
      );
    }
  });

  it("are registered by zone and bundle", () => {
    expect(rendered.outputsOf("ward-private-endpoints")["endpointIds"]).toEqual(
      Object.fromEntries(
        zones.map((zone) => [
          `${zone}/vpc-sc`,
          `projects/${projects[zone]}/global/forwardingRules/${endpointName({ name: "ward" }, zone)}`,
        ]),
      ),
    );
  });

  it("have names that Google Cloud takes, which no two of them share", () => {
    const names = ["ward", "a-b", "ab", "a-long-clinic-of-all", "a-long-clinic-of-some"].flatMap((name) =>
      zones.map((zone) => endpointName({ name }, zone)),
    );
    expect(names.filter((name) => !/^[a-z][a-z0-9]{0,19}$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("name resolution of a small platform on Google Cloud", () => {
  it("consists of exactly these resources, for each network by itself", () => {
    expect(rendered.listed("ward-name-resolution")).toEqual(
      zones
        .flatMap((zone) => [
          `ManagedZone ward-${zone}-discovery-zone`,
          `ManagedZone ward-${zone}-googleapis-com-zone`,
          `Policy ward-${zone}-names-recording`,
          `RecordSet ward-${zone}-discovery-ai-gateway`,
          `RecordSet ward-${zone}-discovery-decision-point`,
          `RecordSet ward-${zone}-discovery-fhir-proxy`,
          `RecordSet ward-${zone}-googleapis-com-apex`,
          `RecordSet ward-${zone}-googleapis-com-others`,
          `ResponsePolicy ward-${zone}-names-policy`,
          `ResponsePolicyRule ward-${zone}-names-discovery-apex`,
          `ResponsePolicyRule ward-${zone}-names-discovery-others`,
          `ResponsePolicyRule ward-${zone}-names-every-other-name`,
          `ResponsePolicyRule ward-${zone}-names-googleapis-com-apex`,
          `ResponsePolicyRule ward-${zone}-names-googleapis-com-others`,
          `ResponsePolicyRule ward-${zone}-names-metadata-server`,
        ])
        .sort(),
    );
    expect(rendered.outputsOf("ward-name-resolution")["names"]).toEqual([
      "googleapis.com",
      "ai.hospital.example",
    ]);
  });

  it.each(zones)("leads the names of workloads to their machines in the network of zone %s", (zone) => {
    const managedZone = `ward-${zone}-discovery`;
    expect(rendered.inputsOf(`${managedZone}-zone`)).toEqual({
      name: managedZone,
      project: projects[zone],
      dnsName: "ai.hospital.example.",
      description: "Leads to workloads",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: networks[zone] }] },
      labels: { "bulkhead-platform": "ward", "bulkhead-zone": zone },
    });
    const common = { managedZone, project: projects[zone], type: "A", ttl: 60 };
    // The first addresses of each subnet that Google Cloud leaves to others.
    expect(rendered.inputsOf(`${managedZone}-ai-gateway`)).toEqual({
      ...common,
      name: "ai-gateway.gateway.ai.hospital.example.",
      rrdatas: ["10.40.28.130", "10.40.28.131"],
    });
    expect(rendered.inputsOf(`${managedZone}-fhir-proxy`)).toEqual({
      ...common,
      name: "fhir-proxy.processing.ai.hospital.example.",
      rrdatas: ["10.40.84.34", "10.40.84.35"],
    });
    const rule = { responsePolicy: `ward-${zone}-names`, project: projects[zone] };
    expect(rendered.inputsOf(`ward-${zone}-names-discovery-apex`)).toEqual({
      ...rule,
      ruleName: "discovery-apex",
      dnsName: "ai.hospital.example.",
      behavior: "bypassResponsePolicy",
    });
    expect(rendered.inputsOf(`ward-${zone}-names-discovery-others`)).toEqual({
      ...rule,
      ruleName: "discovery-others",
      dnsName: "*.ai.hospital.example.",
      behavior: "bypassResponsePolicy",
    });
  });

  it("answers no names of workloads that run elsewhere", async () => {
    const elsewhere = await Rendered.of({
      ...smallPlatform,
      mesh: { kind: "istio", issuer: { name: "vault" } },
    });
    expect(elsewhere.outputsOf("ward-name-resolution")["names"]).toEqual(["googleapis.com"]);
    expect(elsewhere.listed("ward-name-resolution").filter((part) => part.includes("discovery"))).toEqual([]);
  });

  it.each(zones)("leads every name of Google's APIs to the endpoint in the network of zone %s", (zone) => {
    const managedZone = `ward-${zone}-googleapis-com`;
    expect(rendered.inputsOf(`${managedZone}-zone`)).toEqual({
      name: managedZone,
      project: projects[zone],
      dnsName: "googleapis.com.",
      description: "Leads to the private endpoint of Google's APIs",
      visibility: "private",
      privateVisibilityConfig: { networks: [{ networkUrl: networks[zone] }] },
      labels: { "bulkhead-platform": "ward", "bulkhead-zone": zone },
    });
    const common = { managedZone, project: projects[zone], ttl: 300 };
    expect(rendered.inputsOf(`${managedZone}-apex`)).toEqual({
      ...common,
      name: "googleapis.com.",
      type: "A",
      rrdatas: [addresses[zone]],
    });
    expect(rendered.inputsOf(`${managedZone}-others`)).toEqual({
      ...common,
      name: "*.googleapis.com.",
      type: "CNAME",
      rrdatas: ["googleapis.com."],
    });
  });

  it.each(zones)("answers every other name in the network of zone %s itself", (zone) => {
    const responsePolicy = `ward-${zone}-names`;
    expect(rendered.inputsOf(`${responsePolicy}-policy`)).toEqual({
      responsePolicyName: responsePolicy,
      project: projects[zone],
      networks: [{ networkUrl: networks[zone] }],
    });
    const rule = (ruleName: string): unknown => rendered.inputsOf(`${responsePolicy}-${ruleName}`);
    const common = { responsePolicy, project: projects[zone] };
    expect(rule("googleapis-com-apex")).toEqual({
      ...common,
      ruleName: "googleapis-com-apex",
      dnsName: "googleapis.com.",
      behavior: "bypassResponsePolicy",
    });
    expect(rule("googleapis-com-others")).toEqual({
      ...common,
      ruleName: "googleapis-com-others",
      dnsName: "*.googleapis.com.",
      behavior: "bypassResponsePolicy",
    });
    expect(rule("metadata-server")).toEqual({
      ...common,
      ruleName: "metadata-server",
      dnsName: "metadata.google.internal.",
      localData: {
        localDatas: [
          { name: "metadata.google.internal.", type: "A", ttl: 300, rrdatas: ["169.254.169.254"] },
        ],
      },
    });
    expect(rule("every-other-name")).toEqual({
      ...common,
      ruleName: "every-other-name",
      dnsName: "*.",
      localData: {
        localDatas: [
          { name: "*.", type: "A", ttl: 300, rrdatas: ["240.0.0.1"] },
          { name: "*.", type: "AAAA", ttl: 300, rrdatas: ["100::1"] },
          { name: "*.", type: "TXT", ttl: 300, rrdatas: ['"refused"'] },
        ],
      },
    });
  });

  it.each(zones)("records every query in the network of zone %s, and asks no other server", (zone) => {
    expect(rendered.inputsOf(`ward-${zone}-names-recording`)).toEqual({
      name: `ward-${zone}-names`,
      project: projects[zone],
      description: "Records every query",
      enableLogging: true,
      enableInboundForwarding: false,
      networks: [{ networkUrl: networks[zone] }],
    });
  });

  it("leaves to the zones no name but their own, and has those of images where they are pulled", async () => {
    const reference = await Rendered.of(referencePlatform);
    const parts = reference.partsOf("bulkhead-name-resolution");
    const said = (type: string, filter: (inputs: Readonly<Record<string, unknown>>) => boolean): unknown[] =>
      parts
        .filter((part) => part.type.endsWith(`:${type}`) && filter(part.inputs))
        .map(({ inputs }) => inputs["dnsName"]);
    const own = said("ManagedZone", ({ project }) => project === "hospital-ai");
    expect(own.sort()).toEqual(["ai.hospital.example.", "googleapis.com.", "pkg.dev."]);
    expect(
      said(
        "ResponsePolicyRule",
        ({ project, behavior }) => project === "hospital-ai" && behavior !== undefined,
      ).sort(),
    ).toEqual([
      "*.ai.hospital.example.",
      "*.googleapis.com.",
      "*.pkg.dev.",
      "ai.hospital.example.",
      "googleapis.com.",
      "pkg.dev.",
    ]);
  });
});

describe("the network on Google Cloud", () => {
  it("is known in a preview as it will be", async () => {
    const preview = await Rendered.of(smallPlatform, true);
    const inputs = (of: Rendered): ReadonlyMap<string, unknown> =>
      new Map(of.all().map(({ name, inputs: said }) => [name, said]));
    expect(inputs(preview).size).toBeGreaterThan(40);
    expect(inputs(preview)).toEqual(inputs(rendered));
  });

  it("names its project in every resource that has one", () => {
    const without = rendered
      .all()
      .filter(({ inputs }) => inputs["project"] === undefined)
      .map(({ type }) => type.slice(type.lastIndexOf(":") + 1));
    expect([...new Set(without)].sort()).toEqual(["AccessLevel", "NetworkPeering", "ServicePerimeter"]);
  });

  it("is the same in whatever order the file's lists are", async () => {
    const shown = (of: Rendered): ReadonlyMap<string, unknown> =>
      new Map(of.all().map(({ name, inputs }) => [name, inputs]));
    const turned = {
      ...referencePlatform,
      zones: [...referencePlatform.zones].reverse(),
      workloads: [...referencePlatform.workloads].reverse(),
      flows: [...referencePlatform.flows].reverse(),
    };
    expect(shown(await Rendered.of(turned))).toEqual(shown(await Rendered.of(referencePlatform)));
  });

  it("begins every name with the platform's, and puts no index into any", () => {
    const names = rendered.all().map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith("ward-"))).toEqual([]);
    expect(names.map((name) => name.replaceAll("ipv6", "")).filter((name) => /\d/.test(name))).toEqual([]);
  });
});
