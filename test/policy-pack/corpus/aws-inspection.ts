import { Sketch } from "../stack-sketch";
import { amend, type Inputs } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

const processing = inZone("processing");

/** The Internet, in either family, and a part of it. */
const internet = { cidrIpv4: "0.0.0.0/0" };
const internet6 = { cidrIpv6: "::/0" };
const provider = { cidrIpv4: "198.51.100.0/24" };

/** Opens the filter of the processing zone on 443. */
function letOut(stack: Sketch, remote: Inputs = internet): Sketch {
  stack.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "processing-to-internet", {
    securityGroupId: stack.id("processing-group"),
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    ...remote,
  });
  return stack;
}

/** A machine of the processing zone. */
function machine(stack: Sketch, associatePublicIpAddress = false): Sketch {
  stack.add("aws:ec2/instance:Instance", "worker", {
    ami: "ami-0a1b2c3d4e5f60718",
    instanceType: "m7g.large",
    subnetId: stack.id("processing-subnet"),
    vpcSecurityGroupIds: [stack.id("processing-group")],
    associatePublicIpAddress,
    metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
    tags: processing,
  });
  return stack;
}

function route(stack: Sketch, name: string, table: string, inputs: Inputs): void {
  stack.add("aws:ec2/route:Route", name, { routeTableId: stack.id(`${table}-routes`), ...inputs });
}

/** A route of the processing zone. */
function processingRoute(stack: Sketch, destination: Inputs, hop: Inputs, name = "processing-route"): Sketch {
  route(stack, name, "processing", { ...destination, ...hop });
  return stack;
}

const anywhere: Inputs = { destinationCidrBlock: "0.0.0.0/0" };

/** A subnet in no zone with routes of its own. */
function subnet(stack: Sketch, name: string, cidrBlock: string): void {
  const vpcId = stack.id("vpc");
  const subnetId = stack.add("aws:ec2/subnet:Subnet", `${name}-subnet`, { vpcId, cidrBlock });
  const routeTableId = stack.add("aws:ec2/routeTable:RouteTable", `${name}-routes`, { vpcId });
  stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", `${name}-association`, {
    subnetId,
    routeTableId,
  });
}

/** A subnet that translates addresses, `nat-subnet`, whose way out is the Internet gateway. */
function nat(stack: Sketch): Inputs {
  subnet(stack, "nat", "10.0.5.0/24");
  route(stack, "nat-default-route", "nat", { ...anywhere, gatewayId: stack.id("internet-gateway") });
  const address = stack.add("aws:ec2/eip:Eip", "nat-address", { domain: "vpc" });
  const natGatewayId = stack.add("aws:ec2/natGateway:NatGateway", "nat", {
    allocationId: address,
    subnetId: stack.id("nat-subnet"),
  });
  return { natGatewayId };
}

const firewallType = "aws:networkfirewall/firewall:Firewall";

/** Drops what no rule lets through. */
const dropping: Inputs = {
  statelessDefaultActions: ["aws:forward_to_sfe"],
  statelessFragmentDefaultActions: ["aws:drop"],
  statefulEngineOptions: { ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "DROP" },
  statefulDefaultActions: ["aws:drop_established", "aws:alert_established"],
};

/** Adds a firewall whose endpoint is known once it is there, as the provider shows it. */
function firewall(stack: Sketch, firewallPolicy: Inputs): Inputs {
  const policy = stack.add("aws:networkfirewall/firewallPolicy:FirewallPolicy", "firewall-policy", {
    firewallPolicy,
  });
  const subnetId = stack.id("firewall-subnet");
  const endpointId = `${Sketch.idOf(firewallType, "firewall")}.endpointId`;
  stack.addRaw({
    urn: `urn:pulumi:test::bulkhead::${firewallType}::firewall`,
    type: firewallType,
    name: "firewall",
    inputs: {
      firewallPolicyArn: `${policy}.arn`,
      vpcId: stack.id("vpc"),
      subnetMappings: [{ subnetId }],
      deleteProtection: true,
    },
    outputs: undefined,
    custom: true,
    parent: undefined,
    computed: [],
    made: {
      firewallStatuses: [
        { syncStates: [{ availabilityZone: "us-east-1a", attachments: [{ endpointId, subnetId }] }] },
      ],
    },
  });
  return { vpcEndpointId: endpointId };
}

/** Somebody else's inspection, behind a gateway load balancer. */
function appliance(stack: Sketch): Inputs {
  const endpoint = stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "appliance", {
    vpcId: stack.id("vpc"),
    vpcEndpointType: "GatewayLoadBalancer",
    serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0a1b2c3d4e5f60718",
    subnetIds: [stack.id("firewall-subnet")],
  });
  return { vpcEndpointId: endpoint };
}

/**
 * The way out through an inspection, there and back: processing → its endpoint in `firewall-subnet` → the address
 * translation → the Internet. No filter opens it.
 */
function inspected(
  hop: (stack: Sketch) => Inputs = (stack) => firewall(stack, dropping),
  destinations: readonly string[] = ["0.0.0.0/0"],
): (stack: Sketch) => Sketch {
  return (stack) => {
    const natHop = nat(stack);
    subnet(stack, "firewall", "10.0.6.0/24");
    route(stack, "firewall-default-route", "firewall", { ...anywhere, ...natHop });
    const inspection = hop(stack);
    route(stack, "nat-return-route", "nat", { destinationCidrBlock: "10.0.2.0/24", ...inspection });
    destinations.forEach((destinationCidrBlock, index) =>
      processingRoute(stack, { destinationCidrBlock }, inspection, `processing-route-${String(index)}`),
    );
    return machine(stack);
  };
}

function inspection(
  name: string,
  bad: (stack: Sketch) => unknown,
  good: (stack: Sketch) => unknown = inspected(),
): CorpusCase {
  return { id: "inspection", name, expected: "refused", bad, good };
}

/** Gives processing a second family. */
function ipv6(stack: Sketch): Sketch {
  amend(stack, "vpc", { assignGeneratedIpv6CidrBlock: true });
  return amend(stack, "processing-subnet", { ipv6CidrBlock: "2001:db8:0:2::/64" });
}

function transitHop(stack: Sketch): Inputs {
  const transitGatewayId = "tgw-0a1b2c3d4e5f60718";
  stack.add("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "transit", {
    transitGatewayId,
    vpcId: stack.id("vpc"),
    subnetIds: [stack.id("processing-subnet")],
  });
  return { transitGatewayId };
}

/** A subnet of processing that has no routes of its own takes those of the network's main table. */
function onMainTable(hop: (stack: Sketch) => Inputs): (stack: Sketch) => Sketch {
  return (stack) => {
    const inputs = hop(stack.remove("processing-association"));
    stack.add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "main-routes", {
      vpcId: stack.id("vpc"),
      routeTableId: stack.id("processing-routes"),
    });
    return machine(processingRoute(letOut(stack), anywhere, inputs));
  };
}

/** A firewall that tries some rules, in strict order unless the policy says otherwise. */
function trying(ruleGroup: Inputs, policy: Inputs = dropping): (stack: Sketch) => Sketch {
  return inspected((stack) => {
    const group = stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "rules", {
      name: "rules",
      type: "STATEFUL",
      capacity: 100,
      ruleGroup,
    });
    const isStrict = "statefulEngineOptions" in policy;
    return firewall(stack, {
      ...policy,
      statefulRuleGroupReferences: [{ resourceArn: `${group}.arn`, ...(isStrict ? { priority: 1 } : {}) }],
    });
  });
}

const inOrder = (...lines: readonly string[]): Inputs => ({
  rulesSource: { rulesString: lines.join("\n") },
  statefulRuleOptions: { ruleOrder: "STRICT_ORDER" },
});

/** Lets what no rule refuses through. */
const passing: Inputs = {
  statelessDefaultActions: ["aws:forward_to_sfe"],
  statelessFragmentDefaultActions: ["aws:drop"],
};

const names = (
  generatedRulesType: string,
  targetTypes: readonly string[],
  targets: readonly string[],
): Inputs => ({
  rulesSource: { rulesSourceList: { generatedRulesType, targetTypes, targets } },
});

/** What processing may reach of the Internet, and what looks at it on the way. */
export const inspectionCases: readonly CorpusCase[] = [
  inspection("processing straight to the Internet gateway, with a public address", (stack) =>
    machine(processingRoute(letOut(stack), anywhere, { gatewayId: stack.id("internet-gateway") }), true),
  ),
  inspection("processing out through address translation alone", (stack) =>
    machine(processingRoute(letOut(stack), anywhere, nat(stack))),
  ),
  inspection("processing out through address translation of the whole region", (stack) => {
    const natGatewayId = stack.add("aws:ec2/natGateway:NatGateway", "nat", {
      availabilityMode: "regional",
      vpcId: stack.id("vpc"),
    });
    return machine(processingRoute(letOut(stack), anywhere, { natGatewayId }));
  }),
  inspection("processing out over IPv6 by an egress-only gateway", (stack) => {
    const egressOnlyGatewayId = ipv6(stack).add(
      "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
      "egress-only",
      { vpcId: stack.id("vpc") },
    );
    letOut(stack, internet6);
    return machine(processingRoute(stack, { destinationIpv6CidrBlock: "::/0" }, { egressOnlyGatewayId }));
  }),
  inspection("processing out by a transit gateway, and nobody knows what is beyond", (stack) =>
    machine(processingRoute(letOut(stack), anywhere, transitHop(stack))),
  ),
  inspection(
    "processing out by two halves of a default route",
    (stack) => {
      const hop = nat(letOut(stack));
      processingRoute(stack, { destinationCidrBlock: "0.0.0.0/1" }, hop, "processing-low-half");
      return machine(
        processingRoute(stack, { destinationCidrBlock: "128.0.0.0/1" }, hop, "processing-high-half"),
      );
    },
    inspected(undefined, ["0.0.0.0/1", "128.0.0.0/1"]),
  ),
  inspection("processing around the firewall by a longer prefix", (stack) => {
    letOut(inspected()(stack));
    return processingRoute(
      stack,
      { destinationCidrBlock: "198.51.100.0/24" },
      { natGatewayId: stack.id("nat") },
      "processing-detour",
    );
  }),
  inspection("processing past a firewall that no route leads to", (stack) =>
    processingRoute(letOut(inspected(undefined, [])(stack)), anywhere, { natGatewayId: stack.id("nat") }),
  ),
  inspection("processing through a firewall that looks at nothing", (stack) =>
    letOut(
      inspected((sketch) =>
        firewall(sketch, {
          statelessDefaultActions: ["aws:pass"],
          statelessFragmentDefaultActions: ["aws:pass"],
        }),
      )(stack),
    ),
  ),
  inspection(
    "processing out by routes within its table",
    (stack) => {
      const hop = nat(letOut(stack));
      return machine(amend(stack, "processing-routes", { routes: [{ cidrBlock: "0.0.0.0/0", ...hop }] }));
    },
    inspected(appliance),
  ),
  inspection("processing out by the network's main table", onMainTable(nat)),
  inspection(
    "processing let out to an address, and a route that leads there",
    (stack) => machine(processingRoute(letOut(stack, provider), anywhere, nat(stack))),
    (stack) => machine(letOut(stack, provider)),
  ),
  inspection(
    "processing through a firewall that refuses one port before it passes all",
    (stack) =>
      letOut(
        trying(
          inOrder(
            "drop tcp any any -> any 23 (sid:1;)",
            "pass ip $HOME_NET any -> $EXTERNAL_NET any (sid:2;)",
          ),
        )(stack),
      ),
    trying(inOrder("drop ip any any -> any any (sid:1;)", "pass ip any any -> any any (sid:2;)")),
  ),
  inspection(
    "processing through a firewall that passes the addresses of a provider by their headers",
    (stack) => letOut(trying(inOrder("pass tcp $HOME_NET any -> 160.79.104.0/23 443 (sid:1;)"))(stack)),
    trying(
      inOrder(
        'pass tls $HOME_NET any -> any 443 (tls.sni; content:"updates.example.org"; startswith; endswith; sid:1;)',
      ),
    ),
  ),
  inspection(
    "processing through a firewall that passes whatever begins as TLS does",
    (stack) =>
      letOut(
        trying(inOrder('pass tcp $HOME_NET any -> any 443 (content:"|16 03|"; startswith; sid:1;)'))(stack),
      ),
    trying(inOrder('pass tcp $HOME_NET any -> 10.0.9.0/24 443 (content:"|16 03|"; startswith; sid:1;)')),
  ),
  inspection("processing through a firewall that passes packets which are longer than nothing", (stack) =>
    letOut(trying(inOrder("pass tcp $HOME_NET any -> any any (dsize:>0; sid:1;)"))(stack)),
  ),
  inspection(
    "processing through a firewall that looks for names in what is not encrypted alone",
    (stack) => letOut(trying(names("ALLOWLIST", ["HTTP_HOST"], ["updates.example.org"]), passing)(stack)),
    trying(names("ALLOWLIST", ["HTTP_HOST", "TLS_SNI"], ["updates.example.org"]), passing),
  ),
  inspection(
    "processing through a firewall that lets through every name under one that a provider of models has",
    (stack) => letOut(trying(names("ALLOWLIST", ["TLS_SNI"], [".openai.com"]), passing)(stack)),
    trying(names("DENYLIST", ["TLS_SNI"], [".openai.com"]), passing),
  ),
];
