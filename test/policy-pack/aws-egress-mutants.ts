import type { Mutant } from "./mutants";
import { append, put } from "./put";
import { restate } from "./service-mutants";
import type { Sketch } from "./stack-sketch";

const inspected = "internet-egress-is-inspected";
const declared = "zones-reach-only-declared-peers";
const mtls = "flows-require-mtls";
const sealed = "network-defaults-are-sealed";
const audited = "traffic-is-audited";

const guard = "bulkhead-egress-guard-filter";
const endpointFilter = "bulkhead-egress-guard-endpoint-filter";
const balancer = "bulkhead-egress-guard-balancer";
const published = "bulkhead-egress-guard-published";
const policy = "bulkhead-egress-firewall-policy";
const group = "bulkhead-egress-providers";
const inspection = "bulkhead-egress-tls-inspection";
const firewall = "bulkhead-egress-firewall";
const wayOut = "bulkhead-egress-workload-a-route-to-firewall";
const translation = "bulkhead-egress-address-translation-a";

const route = "aws:ec2/route:Route";
const world = { destinationCidrBlock: "0.0.0.0/0" };
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
const scope = "tlsInspectionConfiguration/serverCertificateConfiguration/scopes/0";
const sources = "ruleGroup/rulesSource/rulesSourceList";

/** The NAT gateway of the first availability zone, which is called as its subnet is. */
function natOf(): string {
  const nat = "aws:ec2/natGateway:NatGateway";
  return `${nat}::${translation}-id`;
}

function leadGuard(stack: Sketch, to: Readonly<Record<string, unknown>>): void {
  stack.change(wayOut, ({ routeTableId }) => ({ routeTableId, ...world, ...to }));
}

function addRoute(stack: Sketch, table: string, more: Readonly<Record<string, unknown>>): void {
  stack.add(route, "hole", { routeTableId: stack.id(table), ...more });
}

function addFilterRule(
  stack: Sketch,
  direction: "Egress" | "Ingress",
  name: string,
  filter: string,
  more: Readonly<Record<string, unknown>>,
): void {
  stack.add(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, name, {
    ...https,
    securityGroupId: stack.id(filter),
    ...more,
  });
}

function ofPolicy(key: string, value: unknown): Mutant["dig"] {
  return (s) => {
    put(s, policy, `firewallPolicy/${key}`, value);
  };
}

/** Ways round what inspects. */
const routes: readonly Mutant[] = [
  {
    fault: "guard's route: to the NAT gateway, past the firewall",
    rule: inspected,
    dig: (s) => {
      leadGuard(s, { natGatewayId: natOf() });
    },
  },
  {
    fault: "guard's route: to the Internet gateway, past the firewall",
    rule: inspected,
    dig: (s) => {
      leadGuard(s, { gatewayId: s.id("bulkhead-egress-internet-gateway") });
    },
  },
  {
    fault: "guard's routes: some addresses to the NAT gateway",
    rule: inspected,
    dig: (s) => {
      addRoute(s, "bulkhead-egress-workload-b-routes", {
        destinationCidrBlock: "160.79.104.0/23",
        natGatewayId: natOf(),
      });
    },
  },
  {
    fault: "guard's routes: IPv6 by a gateway of its own",
    rule: declared,
    dig: (s) => {
      const gateway = s.add("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "hole-gateway", {
        vpcId: s.id("bulkhead-egress-network"),
      });
      addRoute(s, "bulkhead-egress-workload-a-routes", {
        destinationIpv6CidrBlock: "::/0",
        egressOnlyGatewayId: gateway,
      });
    },
  },
  {
    fault: "guard's routes: to another network",
    rule: declared,
    dig: (s) => {
      addRoute(s, "bulkhead-egress-workload-a-routes", {
        destinationCidrBlock: "10.40.64.0/18",
        vpcPeeringConnectionId: "pcx-0123",
      });
    },
  },
  {
    fault: "endpoints' routes: to the NAT gateway",
    rule: declared,
    dig: (s) => {
      addRoute(s, "bulkhead-egress-private-endpoint-routes", { ...world, natGatewayId: natOf() });
    },
  },
  {
    fault: "processing's routes: to the NAT gateway",
    rule: declared,
    dig: (s) => {
      addRoute(s, "bulkhead-processing-workload-routes", { ...world, natGatewayId: natOf() });
    },
  },
  {
    fault: "NAT gateway: a second one, in processing",
    rule: sealed,
    dig: (s) => {
      s.add("aws:ec2/natGateway:NatGateway", "hole", { subnetId: s.id("bulkhead-processing-workload-a") });
    },
  },
  {
    fault: "guard: runs in the subnets of the NAT gateways",
    rule: inspected,
    dig: (s) => {
      put(s, "bulkhead-egress-guard-service", "networkConfiguration/subnets", [
        "aws:ec2/subnet:Subnet::bulkhead-egress-address-translation-a-id",
      ]);
    },
  },
  {
    fault: "egress network: IPv6",
    rule: declared,
    dig: (s) => {
      put(s, "bulkhead-egress-network", "assignGeneratedIpv6CidrBlock", true);
    },
  },
];

/** What the firewall lets by. */
const rules: readonly Mutant[] = [
  {
    fault: "firewall: rules in the order of their actions",
    rule: inspected,
    dig: ofPolicy("statefulEngineOptions/ruleOrder", "DEFAULT_ACTION_ORDER"),
  },
  {
    fault: "firewall: no order of rules is said",
    rule: inspected,
    dig: ofPolicy("statefulEngineOptions", undefined),
  },
  {
    fault: "firewall: goes on in the middle of connections",
    rule: inspected,
    dig: ofPolicy("statefulEngineOptions/streamExceptionPolicy", "CONTINUE"),
  },
  {
    fault: "firewall: what no rule names is recorded only",
    rule: inspected,
    dig: ofPolicy("statefulDefaultActions", ["aws:alert_established"]),
  },
  {
    fault: "firewall: packets pass without a look",
    rule: inspected,
    dig: ofPolicy("statelessDefaultActions", ["aws:pass"]),
  },
  {
    fault: "firewall: a stateless rule passes packets to some addresses",
    rule: inspected,
    dig: (s) => {
      const stateless = s.add("aws:networkfirewall/ruleGroup:RuleGroup", "hole", {
        type: "STATELESS",
        ruleGroup: {
          rulesSource: {
            statelessRulesAndCustomActions: {
              statelessRules: [
                {
                  priority: 1,
                  ruleDefinition: {
                    actions: ["aws:pass"],
                    matchAttributes: { destinations: [{ addressDefinition: "160.79.104.0/23" }] },
                  },
                },
              ],
            },
          },
        },
      });
      put(s, policy, "firewallPolicy/statelessRuleGroupReferences", [
        { priority: 1, resourceArn: `${stateless}.arn` },
      ]);
    },
  },
  {
    fault: "firewall: first bytes pass before it decides",
    rule: inspected,
    dig: ofPolicy("enableTlsSessionHolding", false),
  },
  {
    fault: "firewall: nothing is decrypted",
    rule: inspected,
    dig: ofPolicy("tlsInspectionConfigurationArn", undefined),
  },
  {
    fault: "firewall: a host of nobody's is let through",
    rule: inspected,
    dig: (s) => {
      append(s, group, `${sources}/targets`, "api.elsewhere.example");
    },
  },
  {
    fault: "firewall: every name under a provider's is let through",
    rule: inspected,
    dig: (s) => {
      put(s, group, `${sources}/targets`, [".openai.com"]);
    },
  },
  {
    fault: "firewall: plain HTTP is let through by name",
    rule: inspected,
    dig: (s) => {
      append(s, group, `${sources}/targetTypes`, "HTTP_HOST");
    },
  },
  {
    fault: "firewall: a second group passes what it likes",
    rule: inspected,
    dig: (s) => {
      const other = s.add("aws:networkfirewall/ruleGroup:RuleGroup", "hole", {
        type: "STATEFUL",
        ruleGroup: { rulesSource: { rulesString: "pass tls any any -> any any (sid:1;)" } },
      });
      append(s, policy, "firewallPolicy/statefulRuleGroupReferences", {
        priority: 2,
        resourceArn: `${other}.arn`,
      });
    },
  },
  {
    fault: "inspection: of some of the guard's subnets",
    rule: inspected,
    dig: (s) => {
      put(s, inspection, `${scope}/sources`, [{ addressDefinition: "10.40.208.0/23" }]);
    },
  },
  {
    fault: "inspection: of another port",
    rule: inspected,
    dig: (s) => {
      put(s, inspection, `${scope}/destinationPorts`, [{ fromPort: 8443, toPort: 8443 }]);
    },
  },
  {
    fault: "inspection: of some addresses",
    rule: inspected,
    dig: (s) => {
      put(s, inspection, `${scope}/destinations`, [{ addressDefinition: "160.79.104.0/23" }]);
    },
  },
  {
    fault: "inspection: certificates that were taken back are taken",
    rule: inspected,
    dig: (s) => {
      put(
        s,
        inspection,
        "tlsInspectionConfiguration/serverCertificateConfiguration/checkCertificateRevocationStatus/revokedStatusAction",
        "PASS",
      );
    },
  },
  {
    fault: "firewall: records nothing",
    rule: audited,
    dig: (s) => s.remove("bulkhead-egress-firewall-logging"),
  },
  {
    fault: "firewall: records alerts alone",
    rule: audited,
    dig: (s) => {
      put(s, "bulkhead-egress-firewall-logging", "loggingConfiguration/logDestinationConfigs/2", undefined);
      put(s, "bulkhead-egress-firewall-logging", "loggingConfiguration/logDestinationConfigs/1", undefined);
    },
  },
  {
    fault: "firewall: one call takes it away",
    rule: sealed,
    dig: (s) => {
      put(s, firewall, "deleteProtection", false);
    },
  },
];

/** Who reaches the guard, and what the guard has. */
const guarded: readonly Mutant[] = [
  {
    fault: "guard's service: everybody may join it",
    rule: declared,
    dig: (s) => {
      put(s, published, "allowedPrincipals", ["*"]);
    },
  },
  {
    fault: "guard's service: networks join it unasked",
    rule: declared,
    dig: (s) => {
      put(s, published, "acceptanceRequired", false);
    },
  },
  {
    fault: "guard's load balancer: what joins the service passes its filter",
    rule: declared,
    dig: (s) => {
      put(s, balancer, "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "off");
    },
  },
  {
    fault: "guard's load balancer: the Internet reaches it",
    rule: mtls,
    dig: (s) => {
      put(s, balancer, "internal", false);
    },
  },
  {
    fault: "guard's targets: something else is registered among them",
    rule: mtls,
    dig: (s) => {
      s.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", "hole", {
        targetGroupArn: "aws:lb/targetGroup:TargetGroup::bulkhead-egress-guard-targets-id.arn",
        targetId: "10.40.208.77",
      });
    },
  },
  {
    fault: "guard's endpoint: leads to somebody else's service",
    rule: mtls,
    dig: (s) => {
      put(s, "bulkhead-egress-guard-endpoint", "serviceName", "com.amazonaws.vpce.us-east-1.vpce-svc-0123");
    },
  },
  {
    fault: "guard's endpoint: another workload may call it",
    rule: declared,
    dig: (s) => {
      addFilterRule(s, "Egress", "hole", "bulkhead-fhir-proxy-filter", {
        referencedSecurityGroupId: s.id(endpointFilter),
      });
      addFilterRule(s, "Ingress", "hole-in", endpointFilter, {
        referencedSecurityGroupId: s.id("bulkhead-fhir-proxy-filter"),
      });
    },
  },
  {
    fault: "guard's endpoint: opens connections",
    rule: declared,
    dig: (s) => {
      addFilterRule(s, "Egress", "hole", endpointFilter, { cidrIpv4: "0.0.0.0/0" });
    },
  },
  {
    fault: "guard: admits the whole network",
    rule: declared,
    dig: (s) => {
      addFilterRule(s, "Ingress", "hole", guard, { cidrIpv4: "10.40.192.0/18" });
    },
  },
  {
    fault: "guard: reaches every port",
    rule: declared,
    dig: (s) => {
      addFilterRule(s, "Egress", "hole", guard, { cidrIpv4: "0.0.0.0/0", fromPort: 1, toPort: 65535 });
    },
  },
  {
    fault: "another workload: reaches the Internet",
    rule: declared,
    dig: (s) => {
      addFilterRule(s, "Egress", "hole", "bulkhead-rag-service-filter", { cidrIpv4: "0.0.0.0/0" });
    },
  },
  {
    fault: "guard's subnets: network ACL lets everything out",
    rule: declared,
    dig: (s) =>
      s.add("aws:ec2/networkAclRule:NetworkAclRule", "hole", {
        networkAclId: s.id("bulkhead-egress-inspection-acl"),
        egress: true,
        ruleNumber: 50,
        ruleAction: "allow",
        protocol: "-1",
        cidrBlock: "0.0.0.0/0",
      }),
  },
  ...["provider-keys", "firewall-authorities"].map((secret): Mutant => ({
    fault: `guard's secret ${secret}: other roles read it`,
    rule: mtls,
    dig: (s) => {
      restate(s, `bulkhead-egress-guard-${secret}-policy`, (statements) =>
        statements.filter(({ Sid }) => Sid === "OwnAccountOnly"),
      );
    },
  })),
  {
    fault: "egress names: every name is answered",
    rule: sealed,
    dig: (s) => {
      put(s, "bulkhead-egress-names-own", "domains", ["*"]);
    },
  },
  {
    fault: "egress names: a host of nobody's is answered",
    rule: sealed,
    dig: (s) => {
      append(s, "bulkhead-egress-names-own", "domains", "api.elsewhere.example");
    },
  },
  {
    fault: "core names: a provider's host is answered",
    rule: "phi-zone-resolver-is-closed",
    dig: (s) => {
      append(s, "bulkhead-names-own", "domains", "api.openai.com");
    },
  },
  {
    fault: "egress names: fails open",
    rule: sealed,
    dig: (s) => {
      put(s, "bulkhead-egress-names-firewall-fails-closed", "firewallFailOpen", "ENABLED");
    },
  },
];

/** Faults of an egress zone on AWS. */
export const awsEgressMutants: readonly Mutant[] = [...routes, ...rules, ...guarded];
