import { beforeAll, describe, expect, it } from "vitest";

import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { named, renderedPlatform, surroundingsOf, target } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { unagreedPlatforms } from "./unagreed-platforms";

type Inputs = Readonly<Record<string, unknown>>;

const letters = ["a", "b"] as const;

describe("a platform with external providers on AWS", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedPlatform(withExternalProviders, "deployed");
  });
  const inputs = (name: string): Inputs => named(stack, name).inputs ?? {};
  const ofType = (type: string): readonly string[] =>
    stack
      .resources()
      .filter((resource) => resource.type === type)
      .map(({ name }) => name)
      .sort();
  const statements = (name: string): readonly Inputs[] =>
    (JSON.parse(String(inputs(name)["policy"])) as { readonly Statement: readonly Inputs[] }).Statement;

  it("has a network of its own for the egress zone, without IPv6 and with its defaults stripped", () => {
    expect(inputs("bulkhead-egress-network")).toEqual({
      cidrBlock: "10.40.192.0/18",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      assignGeneratedIpv6CidrBlock: false,
      tags: { "bulkhead-platform": "bulkhead", "bulkhead-zone": "egress" },
    });
    for (const stripped of ["filter", "acl", "routes"]) {
      expect(JSON.stringify(inputs(`bulkhead-egress-network-default-${stripped}`))).toContain(
        stripped === "routes" ? '"routes":[]' : '"ingress":[]',
      );
    }
    expect(ofType("aws:ec2/subnet:Subnet").filter((name) => name.startsWith("bulkhead-egress-"))).toEqual([
      "bulkhead-egress-address-translation-a",
      "bulkhead-egress-address-translation-b",
      "bulkhead-egress-inspection-a",
      "bulkhead-egress-inspection-b",
      "bulkhead-egress-private-endpoint-a",
      "bulkhead-egress-private-endpoint-b",
      "bulkhead-egress-workload-a",
      "bulkhead-egress-workload-b",
    ]);
    expect(inputs("bulkhead-egress-network-flows")).toMatchObject({
      vpcId: "aws:ec2/vpc:Vpc::bulkhead-egress-network-id",
      trafficType: "ALL",
    });
  });

  it("leads each availability zone's packets through that zone's endpoint and NAT gateway, and back", () => {
    const endpoint = (letter: "a" | "b"): string =>
      `aws:networkfirewall/firewall:Firewall::bulkhead-egress-firewall-id.endpoints[${letter === "a" ? "0" : "1"}]`;
    const routes = stack
      .resources()
      .filter(({ type, name }) => type === "aws:ec2/route:Route" && name.startsWith("bulkhead-egress-"))
      .map(({ inputs: { tags: _tags, ...rest } = {} }) => rest);
    const table = (purpose: string, letter: string): string =>
      `aws:ec2/routeTable:RouteTable::bulkhead-egress-${purpose}-${letter}-routes-id`;
    const world = { destinationCidrBlock: "0.0.0.0/0" };
    expect(routes).toHaveLength(10);
    expect(routes).toEqual(
      expect.arrayContaining(
        letters.flatMap((letter) => [
          { routeTableId: table("workload", letter), ...world, vpcEndpointId: endpoint(letter) },
          {
            routeTableId: table("inspection", letter),
            ...world,
            natGatewayId: `aws:ec2/natGateway:NatGateway::bulkhead-egress-address-translation-${letter}-id`,
          },
          {
            routeTableId: table("address-translation", letter),
            ...world,
            gatewayId: "aws:ec2/internetGateway:InternetGateway::bulkhead-egress-internet-gateway-id",
          },
          ...["10.40.208.0/23", "10.40.210.0/23"].map((destinationCidrBlock) => ({
            routeTableId: table("address-translation", letter),
            destinationCidrBlock,
            vpcEndpointId: endpoint(letter),
          })),
        ]),
      ),
    );
    expect(inputs("bulkhead-egress-private-endpoint-routes")["routes"]).toEqual([]);
  });

  it("decrypts what the guard sends to 443, and lets the declared hosts through alone", () => {
    expect(inputs("bulkhead-egress-providers")["ruleGroup"]).toEqual({
      ruleVariables: {
        ipSets: [{ key: "HOME_NET", ipSet: { definitions: ["10.40.208.0/23", "10.40.210.0/23"] } }],
      },
      rulesSource: {
        rulesSourceList: {
          generatedRulesType: "ALLOWLIST",
          targetTypes: ["TLS_SNI"],
          targets: ["api.anthropic.com", "api.openai.com"],
        },
      },
      statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
    });
    expect(inputs("bulkhead-egress-firewall-policy")["firewallPolicy"]).toMatchObject({
      statelessDefaultActions: ["aws:forward_to_sfe"],
      statelessFragmentDefaultActions: ["aws:drop"],
      statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "DROP" },
      statefulDefaultActions: ["aws:drop_established", "aws:alert_established"],
      enableTlsSessionHolding: true,
    });
    expect(inputs("bulkhead-egress-tls-inspection")["tlsInspectionConfiguration"]).toMatchObject({
      serverCertificateConfiguration: {
        checkCertificateRevocationStatus: {
          revokedStatusAction: "REJECT",
          unknownStatusAction: "REJECT",
        },
        scopes: [
          {
            protocols: [6],
            sources: [{ addressDefinition: "10.40.208.0/23" }, { addressDefinition: "10.40.210.0/23" }],
            sourcePorts: [{ fromPort: 0, toPort: 65535 }],
            destinations: [{ addressDefinition: "0.0.0.0/0" }],
            destinationPorts: [{ fromPort: 443, toPort: 443 }],
          },
        ],
      },
    });
    expect(inputs("bulkhead-egress-firewall")).toMatchObject({
      deleteProtection: true,
      subnetChangeProtection: true,
      firewallPolicyChangeProtection: true,
    });
    for (const name of ["providers", "firewall-policy", "firewall"]) {
      expect(inputs(`bulkhead-egress-${name}`)["encryptionConfiguration"]).toEqual({
        type: "CUSTOMER_KMS",
        keyId: "aws:kms/key:Key::bulkhead-platform-key-id.arn",
      });
    }
  });

  it("records what the firewall does, in groups that are kept as records are", () => {
    const { loggingConfiguration } = inputs("bulkhead-egress-firewall-logging");
    expect(loggingConfiguration).toEqual({
      logDestinationConfigs: ["ALERT", "FLOW", "TLS"].map((logType) => ({
        logType,
        logDestinationType: "CloudWatchLogs",
        logDestination: { logGroup: `/bulkhead/records/firewall-${logType.toLowerCase()}` },
      })),
    });
    for (const kind of ["alert", "flow", "tls"]) {
      expect(inputs(`bulkhead-firewall-${kind}-records`)).toMatchObject({
        kmsKeyId: "aws:kms/key:Key::bulkhead-audit-key-id.arn",
        retentionInDays: 2192,
        deletionProtectionEnabled: true,
      });
    }
  });

  it("signs with an authority of the egress zone's alone, a certificate of a year of its own", () => {
    expect(inputs("bulkhead-inspection-authority-key-115")).toEqual({ algorithm: "RSA", rsaBits: 2048 });
    expect(inputs("bulkhead-inspection-authority-115")).toMatchObject({
      isCaCertificate: true,
      maxPathLength: 0,
      validityPeriodHours: 8784,
      allowedUses: ["cert_signing", "crl_signing"],
    });
  });

  // An authority signs for 180 days, and an epoch is 30 days.
  it.each([
    { on: "2027-01-15", signs: 115, trusted: [115] },
    { on: "2027-02-10", signs: 115, trusted: [116, 115] },
    { on: "2027-03-10", signs: 116, trusted: [116, 115] },
    { on: "2027-04-10", signs: 116, trusted: [116] },
  ])("signs on $on with authority $signs, and gives the guard $trusted", async ({ on, signs, trusted }) => {
    const then = await renderedPlatform(withExternalProviders, "deployed", target, {
      now: new Date(`${on}T00:00:00Z`),
    });
    const pem = (number: number): string =>
      `tls:index/selfSignedCert:SelfSignedCert::bulkhead-inspection-authority-${String(number)}-id.certPem`;
    expect(named(then, `bulkhead-egress-authority-${String(signs)}`).inputs).toMatchObject({
      certificateBody: pem(signs),
    });
    expect(named(then, "bulkhead-egress-guard-firewall-authorities-value").inputs).toMatchObject({
      secretString: { value: trusted.map((number) => `${pem(number)}\n`).join("") },
    });
  });

  it("publishes the guard one way, to endpoints of the account that are accepted one by one", () => {
    expect(inputs("bulkhead-egress-guard-balancer")).toMatchObject({
      loadBalancerType: "network",
      internal: true,
      securityGroups: ["aws:ec2/securityGroup:SecurityGroup::bulkhead-egress-guard-balancer-filter-id"],
      enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
    });
    expect(inputs("bulkhead-egress-guard-published")).toMatchObject({
      acceptanceRequired: true,
      allowedPrincipals: ["arn:aws:iam::111122223333:root"],
    });
    expect(inputs("bulkhead-egress-guard-endpoint")).toMatchObject({
      vpcId: "aws:ec2/vpc:Vpc::bulkhead-network-id",
      serviceName:
        "aws:ec2/vpcEndpointService:VpcEndpointService::bulkhead-egress-guard-published-id.serviceName",
      securityGroupIds: ["aws:ec2/securityGroup:SecurityGroup::bulkhead-egress-guard-endpoint-filter-id"],
      tags: {
        "bulkhead-platform": "bulkhead",
        "bulkhead-zone": "processing",
        "bulkhead-purpose": "private-endpoint",
        "bulkhead-workload": "egress-guard",
      },
    });
    expect(inputs("bulkhead-egress-guard-name")).toMatchObject({
      name: "egress-guard.egress.ai.hospital.example",
      vpcs: [{ vpcId: "aws:ec2/vpc:Vpc::bulkhead-network-id" }],
    });
    expect(inputs("bulkhead-names-own")["domains"]).toContain("egress-guard.egress.ai.hospital.example");
  });

  it("lets the callers that flows name to the endpoint, and from there to the guard", () => {
    const rules = (direction: "Egress" | "Ingress", filter: string): readonly string[] =>
      stack
        .resources()
        .filter(
          ({ type, inputs: own = {} }) =>
            type === `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule` &&
            own["securityGroupId"] === `aws:ec2/securityGroup:SecurityGroup::${filter}-id`,
        )
        .map(({ inputs: own = {} }) => {
          const { fromPort, toPort, ipProtocol, cidrIpv4, referencedSecurityGroupId } = own;
          const other = String(cidrIpv4 ?? referencedSecurityGroupId)
            .replace(/^.*::bulkhead-/, "")
            .replace(/-filter-id$/, "");
          return `${String(ipProtocol)} ${String(fromPort)}-${String(toPort)} ${other}`;
        })
        .sort();
    expect(rules("Ingress", "bulkhead-egress-guard-endpoint-filter")).toEqual([
      "tcp 443-443 async-ai-workers",
      "tcp 443-443 rag-service",
    ]);
    expect(rules("Egress", "bulkhead-egress-guard-endpoint-filter")).toEqual([]);
    expect(rules("Ingress", "bulkhead-egress-guard-balancer-filter")).toEqual([
      "tcp 443-443 10.40.80.0/23",
      "tcp 443-443 10.40.82.0/23",
    ]);
    expect(rules("Egress", "bulkhead-egress-guard-balancer-filter")).toEqual(["tcp 443-443 egress-guard"]);
    expect(rules("Ingress", "bulkhead-egress-guard-filter")).toEqual(["tcp 443-443 egress-guard-balancer"]);
    expect(rules("Egress", "bulkhead-egress-guard-filter")).toEqual([
      "tcp 443-443 0.0.0.0/0",
      ...["identity", "keys", "logs", "metrics", "registry", "secrets"].map(
        (service) => `tcp 443-443 ${service}-egress`,
      ),
    ]);
  });

  it("answers in the egress network the providers' hosts and the endpoints' names, and no other", () => {
    expect(inputs("bulkhead-egress-names-own")["domains"]).toEqual([
      "111122223333.dkr.ecr.us-east-1.amazonaws.com",
      "api.ecr.us-east-1.amazonaws.com",
      "kms.us-east-1.amazonaws.com",
      "logs.us-east-1.amazonaws.com",
      "monitoring.us-east-1.amazonaws.com",
      "prod-us-east-1-starport-layer-bucket.s3.us-east-1.amazonaws.com",
      "secretsmanager.us-east-1.amazonaws.com",
      "sts.us-east-1.amazonaws.com",
    ]);
    expect(inputs("bulkhead-egress-names-providers")["domains"]).toEqual([
      "api.anthropic.com",
      "api.openai.com",
    ]);
    expect(
      ofType("aws:route53/resolverFirewallRule:ResolverFirewallRule")
        .filter((name) => name.startsWith("bulkhead-egress-names-"))
        .map((name) => [name, inputs(name)["priority"], inputs(name)["action"]]),
    ).toEqual([
      ["bulkhead-egress-names-answer-own", 100, "ALLOW"],
      ["bulkhead-egress-names-answer-providers", 200, "ALLOW"],
      ["bulkhead-egress-names-block-others", 9000, "BLOCK"],
    ]);
    expect(inputs("bulkhead-egress-names-firewall-fails-closed")).toEqual({
      resourceId: "aws:ec2/vpc:Vpc::bulkhead-egress-network-id",
      firewallFailOpen: "DISABLED",
    });
    const core = inputs("bulkhead-names-own")["domains"] as readonly string[];
    expect(core.filter((name) => /openai|anthropic/.test(name))).toEqual([]);
  });

  it("lets the guard's roles through the zone's own endpoints, and no others through them", () => {
    const callersAt = (endpoint: string): readonly unknown[] =>
      statements(endpoint).map(({ Condition }) => Condition);
    const guard = "arn:aws:iam::111122223333:role/bulkhead/bulkhead-egress-guard";
    expect(callersAt("bulkhead-egress-secretsmanager-endpoint")).toEqual([
      { ArnEquals: { "aws:PrincipalArn": [guard] } },
    ]);
    expect(JSON.stringify(callersAt("bulkhead-secretsmanager-endpoint"))).not.toContain(guard);
    expect(inputs("bulkhead-egress-guard-workload-role")["permissionsBoundary"]).toBe(
      "aws:iam/policy:Policy::bulkhead-egress-workload-boundary-id.arn",
    );
    expect(statements("bulkhead-egress-workload-boundary").at(-1)).toMatchObject({
      Effect: "Deny",
      Condition: { StringNotEquals: { "aws:SourceVpc": "aws:ec2/vpc:Vpc::bulkhead-egress-network-id" } },
    });
  });

  it("keeps the providers' keys out of its state, and from everybody but the guard", () => {
    const guard = "arn:aws:iam::111122223333:role/bulkhead/bulkhead-egress-guard";
    expect(ofType("aws:secretsmanager/secretVersion:SecretVersion")).not.toContain(
      "bulkhead-egress-guard-provider-keys-value",
    );
    expect(statements("bulkhead-egress-guard-provider-keys-policy")[0]).toMatchObject({
      Effect: "Deny",
      Condition: { ArnNotEquals: { "aws:PrincipalArn": [guard] } },
    });
    expect(named(stack, "bulkhead-egress-guard-provider-keys").protect).toBe(true);
    const secrets = statements("bulkhead-egress-guard-workload-permission").filter(
      ({ Sid }) => Sid === "OwnSecrets",
    );
    expect(secrets.map(({ Resource }) => Resource)).toEqual([
      ["arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/egress-guard/*"],
    ]);
  });

  it("runs the guard in the egress network, registered with its load balancer and in no namespace", () => {
    const service = inputs("bulkhead-egress-guard-service");
    expect(service).toMatchObject({
      desiredCount: 2,
      networkConfiguration: {
        assignPublicIp: false,
        subnets: letters.map((letter) => `aws:ec2/subnet:Subnet::bulkhead-egress-workload-${letter}-id`),
        securityGroups: ["aws:ec2/securityGroup:SecurityGroup::bulkhead-egress-guard-filter-id"],
      },
      loadBalancers: [
        {
          targetGroupArn: "aws:lb/targetGroup:TargetGroup::bulkhead-egress-guard-targets-id.arn",
          containerName: "envoy",
          containerPort: 443,
        },
      ],
    });
    expect(service["serviceRegistries"]).toBeUndefined();
    const text = String(inputs("bulkhead-egress-guard-task")["containerDefinitions"]);
    const [, , program] = JSON.parse(text) as readonly {
      readonly environment: readonly { readonly name: string; readonly value: string }[];
    }[];
    expect(program?.environment).toEqual(
      expect.arrayContaining([
        {
          name: "BULKHEAD_PROVIDER_KEYS",
          value: "arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/egress-guard/provider-keys",
        },
        {
          name: "BULKHEAD_FIREWALL_AUTHORITY",
          value:
            "arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/egress-guard/firewall-authorities",
        },
      ]),
    );
  });

  it("excludes the NAT gateways' subnets from the account's block, for what leaves alone", async () => {
    const guarded = await renderedPlatform(withExternalProviders, "deployed", target, {
      ...surroundingsOf(platformSpec(withExternalProviders)),
      guardsAccount: true,
    });
    expect(named(guarded, "bulkhead-account-egress-a").inputs).toMatchObject({
      subnetId: "aws:ec2/subnet:Subnet::bulkhead-egress-address-translation-a-id",
      internetGatewayExclusionMode: "allow-egress",
    });
  });
});

describe("a platform that lets PHI go to a provider", () => {
  it.each(unagreedPlatforms)("is not rendered, since the provider $why", ({ why, file }) => {
    expect(() => renderedPlatform(file, "preview")).toThrow("BH-024");
    expect(() => renderedPlatform(file, "preview")).toThrow(`Provider openai may receive PHI, but ${why}.`);
  });
});

describe("a platform without an external provider on AWS", () => {
  it("has no egress zone, no firewall, no NAT gateway and no address of one", async () => {
    const stack = await renderedPlatform(referencePlatform, "preview");
    const found = stack
      .resources()
      .filter(({ type, name }) => /networkfirewall|natGateway|:Eip$/.test(type) || /egress-/.test(name))
      .map(({ name }) => name)
      // The stream of the guard's records is kept on every platform, whether it has a guard or not.
      .filter((name) => !name.includes("egress-inspections"));
    expect(found).toEqual([]);
  });
});
