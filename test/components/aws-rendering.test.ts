import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { StackResource } from "../../policy-pack/stack-resource";
import { platformFile } from "../model/platform-arbitrary";
import { named, renderedPlatform, target } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

function shortType({ type }: StackResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

function listed(stack: Sketch, parent: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map((resource) => `${shortType(resource)} ${resource.name}`)
    .sort();
}

function inputsOf(stack: Sketch, name: string): Readonly<Record<string, unknown>> {
  return named(stack, name).inputs ?? {};
}

const groups = [
  {
    group: "gateway-load-balancer",
    zone: "gateway",
    purpose: "load-balancer",
    a: "10.40.0.0/23",
    b: "10.40.2.0/23",
  },
  { group: "gateway-workload", zone: "gateway", purpose: "workload", a: "10.40.16.0/23", b: "10.40.18.0/23" },
  {
    group: "processing-workload",
    zone: "processing",
    purpose: "workload",
    a: "10.40.80.0/23",
    b: "10.40.82.0/23",
  },
  {
    group: "processing-private-endpoint",
    zone: "processing",
    purpose: "private-endpoint",
    a: "10.40.96.0/23",
    b: "10.40.98.0/23",
  },
  {
    group: "phi-private-endpoint",
    zone: "phi",
    purpose: "private-endpoint",
    a: "10.40.160.0/23",
    b: "10.40.162.0/23",
  },
] as const;

/** The rules of each network ACL of the small platform, as direction and other side, each for both availability zones. */
const aclRules = {
  "gateway-load-balancer": ["request-to-gateway-workload", "reply-from-gateway-workload"],
  "gateway-workload": [
    "request-from-gateway-load-balancer",
    "reply-to-gateway-load-balancer",
    "request-to-processing-workload",
    "reply-from-processing-workload",
  ],
  "processing-workload": [
    "request-from-gateway-workload",
    "reply-to-gateway-workload",
    "request-to-phi-private-endpoint",
    "reply-from-phi-private-endpoint",
    "request-to-processing-private-endpoint",
    "reply-from-processing-private-endpoint",
  ],
  "processing-private-endpoint": ["request-from-processing-workload", "reply-to-processing-workload"],
  "phi-private-endpoint": ["request-from-processing-workload", "reply-to-processing-workload"],
} as const;

describe("a small platform on AWS", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedPlatform(smallPlatform, "deployed");
  });
  const id = (name: string): string => stack.id(name);

  it("has a network of exactly these resources", () => {
    const expected = [
      "Vpc ward-network",
      "InternetGateway ward-internet-gateway",
      "DefaultSecurityGroup ward-network-default-filter",
      "DefaultNetworkAcl ward-network-default-acl",
      "DefaultRouteTable ward-network-default-routes",
      "Route ward-gateway-load-balancer-route-to-world",
      "NetworkAclRule ward-gateway-load-balancer-acl-request-from-world",
      "NetworkAclRule ward-gateway-load-balancer-acl-reply-to-world",
      "NetworkAclRule ward-gateway-load-balancer-acl-request-to-world",
      "NetworkAclRule ward-gateway-load-balancer-acl-reply-from-world",
      ...groups.flatMap(({ group }) => [
        `RouteTable ward-${group}-routes`,
        `NetworkAcl ward-${group}-acl`,
        ...["a", "b"].flatMap((letter) => [
          `Subnet ward-${group}-${letter}`,
          `RouteTableAssociation ward-${group}-${letter}-routes`,
          `NetworkAclAssociation ward-${group}-${letter}-acl`,
          ...aclRules[group].map((rule) => `NetworkAclRule ward-${group}-acl-${rule}-${letter}`),
        ]),
      ]),
    ];
    expect(listed(stack, "ward-segmentation")).toEqual(expected.sort());
  });

  it("has exactly these filters, a rule for each half of each flow, and one owner for the rules of each", () => {
    const filters = [
      "load-balancer",
      "ai-gateway",
      "fhir-proxy",
      "fhir-store",
      "secrets",
      "aws-clinician-sign-in",
      "decision-point",
    ];
    const both = [
      "load-balancer-to-ai-gateway",
      "ai-gateway-to-decision-point",
      "ai-gateway-to-fhir-proxy",
      "fhir-proxy-to-fhir-store",
      "fhir-proxy-to-secrets",
    ];
    const expected = [
      ...filters.flatMap((name) => [
        `SecurityGroup ward-${name}-filter`,
        `VpcSecurityGroupRulesExclusive ward-${name}-filter-rules`,
      ]),
      ...both.flatMap((flow) => [
        `SecurityGroupEgressRule ward-${flow}-egress`,
        `SecurityGroupIngressRule ward-${flow}-ingress`,
      ]),
      "SecurityGroupIngressRule ward-world-to-load-balancer-ingress",
      "SecurityGroupEgressRule ward-load-balancer-to-world-egress",
    ];
    expect(listed(stack, "ward-flow-filters")).toEqual(expected.sort());
  });

  it("has an endpoint for the service that it uses, and no other", () => {
    expect(listed(stack, "ward-private-endpoints")).toEqual(["VpcEndpoint ward-secretsmanager-endpoint"]);
  });

  it("has a VPC without IPv6 whose defaults are stripped", () => {
    const shared = { "bulkhead-platform": "ward", "bulkhead-zone": "shared" };
    const vpc = id("ward-network");
    expect(inputsOf(stack, "ward-network")).toEqual({
      cidrBlock: "10.40.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: false,
      tags: shared,
    });
    expect(inputsOf(stack, "ward-network-default-filter")).toEqual({
      vpcId: vpc,
      ingress: [],
      egress: [],
      tags: shared,
    });
    expect(inputsOf(stack, "ward-network-default-acl")).toEqual({
      defaultNetworkAclId: `${vpc}.defaultNetworkAclId`,
      ingress: [],
      egress: [],
      tags: shared,
    });
    expect(inputsOf(stack, "ward-network-default-routes")).toEqual({
      defaultRouteTableId: `${vpc}.defaultRouteTableId`,
      routes: [],
      propagatingVgws: [],
      tags: shared,
    });
  });

  it.each(groups)(
    "has subnets $group that give nothing a public address",
    ({ group, zone, purpose, a, b }) => {
      const tags = { "bulkhead-platform": "ward", "bulkhead-zone": zone, "bulkhead-purpose": purpose };
      for (const [letter, cidrBlock] of [
        ["a", a],
        ["b", b],
      ] as const) {
        expect(inputsOf(stack, `ward-${group}-${letter}`)).toEqual({
          vpcId: id("ward-network"),
          availabilityZone: `us-east-1${letter}`,
          cidrBlock,
          mapPublicIpOnLaunch: false,
          assignIpv6AddressOnCreation: false,
          enableDns64: false,
          tags,
        });
        expect(inputsOf(stack, `ward-${group}-${letter}-routes`)).toEqual({
          subnetId: id(`ward-${group}-${letter}`),
          routeTableId: id(`ward-${group}-routes`),
        });
        expect(inputsOf(stack, `ward-${group}-${letter}-acl`)).toEqual({
          subnetId: id(`ward-${group}-${letter}`),
          networkAclId: id(`ward-${group}-acl`),
        });
      }
      expect(inputsOf(stack, `ward-${group}-acl`)).toEqual({ vpcId: id("ward-network"), tags });
      expect(inputsOf(stack, `ward-${group}-routes`)).toEqual({
        vpcId: id("ward-network"),
        propagatingVgws: [],
        ...(purpose === "load-balancer" ? {} : { routes: [] }),
        tags,
      });
    },
  );

  it("has one route out of the network, for the load balancer's subnets", () => {
    const routes = stack.resources().filter((resource) => shortType(resource) === "Route");
    expect(routes.map(({ inputs }) => inputs)).toEqual([
      {
        routeTableId: id("ward-gateway-load-balancer-routes"),
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: id("ward-internet-gateway"),
      },
    ]);
  });

  it("lets the PHI zone's network ACL admit processing, and send replies to it, and nothing else", () => {
    const rules = stack
      .resources()
      .filter(({ inputs }) => inputs?.["networkAclId"] === id("ward-phi-private-endpoint-acl"))
      .filter((resource) => shortType(resource) === "NetworkAclRule")
      .map(({ inputs }) => inputs);
    const rule = { networkAclId: id("ward-phi-private-endpoint-acl"), ruleAction: "allow", protocol: "tcp" };
    const reply = { ...rule, egress: true, fromPort: 1024, toPort: 65535 };
    const request = { ...rule, egress: false, fromPort: 443, toPort: 443 };
    expect(rules).toHaveLength(4);
    expect(rules).toEqual(
      expect.arrayContaining([
        { ...reply, ruleNumber: 520, cidrBlock: "10.40.80.0/23" },
        { ...reply, ruleNumber: 521, cidrBlock: "10.40.82.0/23" },
        { ...request, ruleNumber: 120, cidrBlock: "10.40.80.0/23" },
        { ...request, ruleNumber: 121, cidrBlock: "10.40.82.0/23" },
      ]),
    );
  });

  it("has a filter for the store that admits its one client and lets nothing out", () => {
    const tags = { "bulkhead-platform": "ward", "bulkhead-zone": "phi", "bulkhead-data-store": "fhir-store" };
    expect(inputsOf(stack, "ward-fhir-store-filter")).toEqual({
      vpcId: id("ward-network"),
      description: "Bulkhead data-store/fhir-store in zone phi",
      revokeRulesOnDelete: true,
      tags,
    });
    expect(inputsOf(stack, "ward-fhir-proxy-to-fhir-store-ingress")).toEqual({
      securityGroupId: id("ward-fhir-store-filter"),
      referencedSecurityGroupId: id("ward-fhir-proxy-filter"),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      description: "workload/fhir-proxy to data-store/fhir-store, provider-tls+iam",
      tags,
    });
    expect(inputsOf(stack, "ward-fhir-store-filter-rules")).toEqual({
      securityGroupId: id("ward-fhir-store-filter"),
      ingressRuleIds: [`${id("ward-fhir-proxy-to-fhir-store-ingress")}.securityGroupRuleId`],
      egressRuleIds: [],
    });
  });

  it("names an address only where the Internet meets the load balancer, and where that signs clinicians in", () => {
    const withAddress = stack
      .resources()
      .filter(
        ({ inputs }) =>
          inputs !== undefined && ("cidrIpv4" in inputs || "cidrIpv6" in inputs || "prefixListId" in inputs),
      );
    expect(
      withAddress
        .map(({ name, inputs }) => ({ name, cidrIpv4: inputs?.["cidrIpv4"] }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    ).toEqual([
      { name: "ward-load-balancer-to-world-egress", cidrIpv4: "0.0.0.0/0" },
      { name: "ward-world-to-load-balancer-ingress", cidrIpv4: "0.0.0.0/0" },
    ]);
  });

  it("has an interface endpoint with private names, its own filter and a policy", () => {
    const { policy, ...inputs } = inputsOf(stack, "ward-secretsmanager-endpoint");
    expect(inputs).toEqual({
      vpcId: id("ward-network"),
      serviceName: "com.amazonaws.us-east-1.secretsmanager",
      vpcEndpointType: "Interface",
      ipAddressType: "ipv4",
      privateDnsEnabled: true,
      subnetIds: [id("ward-processing-private-endpoint-a"), id("ward-processing-private-endpoint-b")],
      securityGroupIds: [id("ward-secrets-filter")],
      tags: {
        "bulkhead-platform": "ward",
        "bulkhead-zone": "processing",
        "bulkhead-platform-service": "secrets",
      },
    });
    expect(JSON.parse(String(policy))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "OwnSecrets",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
          Resource: ["arn:aws:secretsmanager:us-east-1:111122223333:secret:ward/fhir-proxy/*"],
          Condition: {
            ArnEquals: {
              "aws:PrincipalArn": ["arn:aws:iam::111122223333:role/ward/ward-fhir-proxy"],
            },
          },
        },
      ],
    });
  });

  it("registers what was meant, and the members of each zone", () => {
    const platform = named(stack, "ward").outputs;
    expect(platform).toMatchObject({ cloud: "aws", platform: "ward", networkId: id("ward-network") });
    expect(platform["flows"]).toContainEqual({
      from: "workload/fhir-proxy",
      to: "data-store/fhir-store",
      protocol: "tcp",
      port: 443,
      transport: "provider-tls+iam",
    });
    expect(Object.keys(platform["filterIds"] as object).sort()).toEqual([
      "data-store/fhir-store",
      "load-balancer",
      "platform-service/secrets",
      "workload/ai-gateway",
      "workload/decision-point",
      "workload/fhir-proxy",
    ]);
    const members = named(stack, "ward-segmentation").outputs["zoneMembers"] as Record<
      string,
      readonly string[]
    >;
    expect(members["phi"]?.map((urn) => urn.split("::").at(-1)).sort()).toEqual([
      "ward-phi-private-endpoint-a",
      "ward-phi-private-endpoint-acl",
      "ward-phi-private-endpoint-b",
      "ward-phi-private-endpoint-routes",
    ]);
  });

  it("begins every name with the platform's, and puts no number into any but that of an epoch", () => {
    const names = stack.names();
    expect(names.filter((name) => name !== "ward" && !name.startsWith("ward-"))).toEqual([]);
    const issued = stack.resources().flatMap(({ type, name }) => (type.startsWith("tls:") ? [name] : []));
    expect(issued.filter((name) => !/^[a-z-]+-\d+$/.test(name))).toEqual([]);
    expect(names.filter((name) => /\d/.test(name) && !issued.includes(name))).toEqual([]);
  });
});

describe("a platform in an existing network", () => {
  it("creates no network, strips nobody's defaults, and puts its subnets into the one that is given", async () => {
    const stack = await renderedPlatform(smallPlatform, "deployed", target, {
      existingNetwork: { networkId: "vpc-0123", internetGatewayId: "igw-0123" },
    });
    const resources = stack.resources();
    const created = new Set(resources.map(shortType));
    for (const type of [
      "Vpc",
      "InternetGateway",
      "DefaultSecurityGroup",
      "DefaultNetworkAcl",
      "DefaultRouteTable",
    ]) {
      expect(created).not.toContain(type);
    }
    const vpcIds = resources.flatMap(({ inputs }) => inputs?.["vpcId"] ?? inputs?.["resourceId"] ?? []);
    expect(new Set(vpcIds)).toEqual(new Set(["vpc-0123"]));
    expect(created).toContain("ResolverFirewallRuleGroupAssociation");
    // Its options say more than which resolver it has.
    expect(created).not.toContain("VpcDhcpOptions");
    expect(inputsOf(stack, "ward-gateway-load-balancer-route-to-world")["gatewayId"]).toBe("igw-0123");
  });
});

describe("rendering", () => {
  const shown = (stack: Sketch): ReadonlyMap<string, unknown> =>
    new Map(stack.resources().map(({ urn, inputs }) => [urn, inputs]));

  it("twice gives the same, and in whatever order the file's lists are", async () => {
    await fc.assert(
      fc.asyncProperty(platformFile, async (file) => {
        const once = shown(await renderedPlatform(file, "deployed"));
        expect(shown(await renderedPlatform(file, "deployed"))).toEqual(once);
        const turned = {
          ...file,
          zones: [...file.zones].reverse(),
          workloads: [...file.workloads].reverse(),
          flows: [...file.flows].reverse(),
        };
        expect(shown(await renderedPlatform(turned, "deployed"))).toEqual(once);
      }),
      { numRuns: 8 },
    );
  });

  it("of one more flow changes nothing but the filters of its ends and what its caller may do", async () => {
    const before = shown(await renderedPlatform(referencePlatform, "deployed"));
    const file = {
      ...referencePlatform,
      flows: [
        ...referencePlatform.flows,
        { from: "workload/async-ai-workers", to: "data-store/document-store" },
      ],
    };
    const after = shown(await renderedPlatform(file, "deployed"));
    const changed = [...before]
      .filter(([urn, inputs]) => JSON.stringify(after.get(urn)) !== JSON.stringify(inputs))
      .map(([urn]) => urn.split("::").at(-1));
    expect(changed.sort()).toEqual([
      "bulkhead",
      "bulkhead-async-ai-workers-filter-rules",
      "bulkhead-async-ai-workers-workload-permission",
      "bulkhead-document-store-filter-rules",
      "bulkhead-document-store-policy",
      "bulkhead-phi-key",
      "bulkhead-phi-s3-endpoint",
    ]);
    expect(
      [...after.keys()]
        .filter((urn) => !before.has(urn))
        .map((urn) => urn.split("::").at(-1))
        .sort(),
    ).toEqual([
      "bulkhead-async-ai-workers-to-document-store-egress",
      "bulkhead-async-ai-workers-to-document-store-ingress",
    ]);
  });

  it("of a third availability zone moves nothing, and keeps within AWS's limit of 20 rules of a network ACL", async () => {
    const before = shown(await renderedPlatform(referencePlatform, "deployed"));
    const three = await renderedPlatform(referencePlatform, "deployed", {
      ...target,
      availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    });
    const after = shown(three);
    const moved = [...before]
      .filter(([urn, inputs]) => JSON.stringify(after.get(urn)) !== JSON.stringify(inputs))
      .map(([urn]) => urn.split("::").at(-1));
    // What stands in every subnet of a purpose gets one more, as does the proxy that the load balancer calls; nothing else
    // changes.
    expect(
      moved.filter((name) => !/-(?:endpoint|entrance|service)$|^bulkhead-ai-gateway-task$/.test(name ?? "")),
    ).toEqual([]);
    const counts = new Map<string, number>();
    for (const resource of three
      .resources()
      .filter((candidate) => shortType(candidate) === "NetworkAclRule")) {
      const key = `${String(resource.inputs?.["networkAclId"])} ${String(resource.inputs?.["egress"])}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(20);
  });
});
