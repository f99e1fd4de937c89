import type { Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

/** One way in which a stack lets something through by the name of a host. */
export interface HostEntry {
  readonly name: string;
  /** Adds it. What stands for the host may be unknown. */
  readonly add: (stack: Sketch, host: string) => unknown;
  /** How the resource that lets it through is called. */
  readonly at: string;
  /** Whether a cloud's own API counts too, which a private endpoint may answer for. */
  readonly isList: boolean;
  /** Whether an address that is not known is taken for one of the stack's own. */
  readonly isRoute?: true;
}

const group = (rules: Inputs, more: Inputs = {}): Inputs => ({
  name: "providers",
  type: "STATEFUL",
  capacity: 10,
  ruleGroup: { rulesSource: rules, ...more },
});

const ruleGroup = "aws:networkfirewall/ruleGroup:RuleGroup";

const awsEntries: readonly HostEntry[] = [
  {
    name: "a list of a rule group of Network Firewall",
    add: (stack, host) =>
      stack.add(
        ruleGroup,
        "providers",
        group({
          rulesSourceList: {
            generatedRulesType: "ALLOWLIST",
            targetTypes: ["TLS_SNI"],
            targets: ["example.org", host],
          },
        }),
      ),
    at: "RuleGroup providers",
    isList: true,
  },
  {
    name: "a rule in Suricata's language",
    add: (stack, host) =>
      stack.add(ruleGroup, "providers", {
        ...group({}),
        ruleGroup: undefined,
        rules: `pass tls $HOME_NET any -> any 443 (tls.sni; content:"${host}"; startswith; endswith; nocase; msg:"ok"; sid:1;)`,
      }),
    at: "RuleGroup providers",
    isList: true,
  },
  {
    name: "a rule in Suricata's language, in the rule group and in its older spelling",
    add: (stack, host) =>
      stack.add(
        ruleGroup,
        "providers",
        group({
          rulesString: `# names\npass http $HOME_NET any -> any any (content:"${host}"; http_host; startswith; endswith; sid:2;)\n`,
        }),
      ),
    at: "RuleGroup providers",
    isList: true,
  },
  {
    name: "a stateful rule that is a mapping",
    add: (stack, host) =>
      stack.add(
        ruleGroup,
        "providers",
        group({
          statefulRules: [
            {
              action: "PASS",
              header: {
                protocol: "TLS",
                source: "ANY",
                sourcePort: "ANY",
                destination: "ANY",
                destinationPort: "ANY",
                direction: "FORWARD",
              },
              ruleOptions: [
                { keyword: "tls.sni" },
                { keyword: "content", settings: [`"${host}"`] },
                { keyword: "startswith" },
                { keyword: "endswith" },
                { keyword: "sid", settings: ["1"] },
              ],
            },
          ],
        }),
      ),
    at: "RuleGroup providers",
    isList: true,
  },
  {
    name: "a rule group of Cloud Control's",
    add: (stack, host) =>
      stack.add("aws-native:networkfirewall:RuleGroup", "providers", {
        ruleGroupName: "providers",
        type: "STATEFUL",
        capacity: 10,
        ruleGroup: {
          rulesSource: {
            rulesSourceList: { generatedRulesType: "ALLOWLIST", targetTypes: ["TLS_SNI"], targets: [host] },
          },
        },
      }),
    at: "RuleGroup providers",
    isList: true,
  },
  {
    name: "a rule of a DNS firewall",
    add: (stack, host) => {
      const list = stack.add("aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", "names", {
        name: "names",
        domains: [host],
      });
      stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "allow", {
        name: "allow",
        action: "ALLOW",
        priority: 100,
        firewallDomainListId: list,
        firewallRuleGroupId: "rslvr-frg-1",
      });
    },
    at: "ResolverFirewallRule allow",
    isList: false,
  },
  {
    name: "a forwarding rule of a resolver",
    add: (stack, host) =>
      stack.add("aws:route53/resolverRule:ResolverRule", "forward", {
        domainName: host,
        ruleType: "FORWARD",
        targetIps: [{ ip: "10.0.0.5" }],
      }),
    at: "ResolverRule forward",
    isList: false,
    isRoute: true,
  },
  {
    name: "an integration of an HTTP API",
    add: (stack, host) =>
      stack.add("aws:apigatewayv2/integration:Integration", "provider", {
        apiId: "api",
        integrationType: "HTTP_PROXY",
        integrationUri: `https://${host}/v1/chat/completions`,
      }),
    at: "Integration provider",
    isList: false,
    isRoute: true,
  },
  {
    name: "a source of data of AppSync",
    add: (stack, host) =>
      stack.add("aws:appsync/dataSource:DataSource", "provider", {
        apiId: "api",
        name: "provider",
        type: "HTTP",
        httpConfig: { endpoint: `https://${host}` },
      }),
    at: "DataSource provider",
    isList: false,
    isRoute: true,
  },
  {
    name: "an origin of a distribution",
    add: (stack, host) =>
      stack.add("aws:cloudfront/distribution:Distribution", "front", {
        origins: [{ originId: "provider", domainName: host }],
      }),
    at: "Distribution front",
    isList: false,
    isRoute: true,
  },
];

const collections = (rule: Inputs, ruleCollectionType = "FirewallPolicyFilterRuleCollection"): Inputs => ({
  ruleCollectionGroupName: "providers",
  resourceGroupName: "hospital",
  firewallPolicyName: "policy",
  priority: 100,
  ruleCollections: [
    {
      name: "allowed",
      priority: 100,
      ruleCollectionType,
      ...(ruleCollectionType === "FirewallPolicyFilterRuleCollection" ? { action: { type: "Allow" } } : {}),
      rules: [{ name: "providers", ...rule }],
    },
  ],
});

const applicationRule = (hosts: Inputs): Inputs =>
  collections({
    ruleType: "ApplicationRule",
    protocols: [{ protocolType: "Https", port: 443 }],
    sourceAddresses: ["10.0.4.0/24"],
    terminateTLS: true,
    ...hosts,
  });

const azureEntries: readonly HostEntry[] = [
  {
    name: "a rule of applications",
    add: (stack, host) =>
      stack.add(
        "azure-native:network:FirewallPolicyRuleCollectionGroup",
        "rules",
        applicationRule({ targetFqdns: [host] }),
      ),
    at: "rule providers of FirewallPolicyRuleCollectionGroup rules",
    isList: true,
  },
  {
    name: "a rule of applications by addresses of pages, of an older API version",
    add: (stack, host) =>
      stack.add(
        "azure-native:network/v20230201:FirewallPolicyRuleCollectionGroup",
        "rules",
        applicationRule({ targetUrls: [`${host}/v1/*`] }),
      ),
    at: "rule providers of FirewallPolicyRuleCollectionGroup rules",
    isList: true,
  },
  {
    name: "a rule of the network by names",
    add: (stack, host) =>
      stack.add(
        "azure-native_network_v20240501:network:FirewallPolicyRuleCollectionGroup",
        "rules",
        collections({
          ruleType: "NetworkRule",
          ipProtocols: ["TCP"],
          destinationFqdns: [host],
          destinationPorts: ["443"],
        }),
      ),
    at: "rule providers of FirewallPolicyRuleCollectionGroup rules",
    isList: true,
  },
  {
    name: "a rule of translation",
    add: (stack, host) =>
      stack.add(
        "azure-native:network:FirewallPolicyRuleCollectionGroup",
        "rules",
        collections(
          { ruleType: "NatRule", translatedFqdn: host, translatedPort: "443" },
          "FirewallPolicyNatRuleCollection",
        ),
      ),
    at: "rule providers of FirewallPolicyRuleCollectionGroup rules",
    isList: true,
  },
  {
    name: "a firewall's own rule of applications",
    add: (stack, host) =>
      stack.add("azure-native:network:AzureFirewall", "firewall", {
        azureFirewallName: "firewall",
        resourceGroupName: "hospital",
        applicationRuleCollections: [
          {
            name: "allowed",
            priority: 100,
            action: { type: "Allow" },
            rules: [
              { name: "providers", targetFqdns: [host], protocols: [{ protocolType: "Https", port: 443 }] },
            ],
          },
        ],
      }),
    at: "rule providers of AzureFirewall firewall",
    isList: true,
  },
  {
    name: "the hosts that an account of AI may call",
    add: (stack, host) =>
      stack.add("azure-native:cognitiveservices:Account", "models", {
        accountName: "models",
        resourceGroupName: "hospital",
        kind: "OpenAI",
        properties: { restrictOutboundNetworkAccess: true, allowedFqdnList: [host] },
      }),
    at: "Account models",
    isList: true,
  },
  {
    name: "a rule of a DNS security policy",
    add: (stack, host) => {
      const list = stack.add("azure-native:dnsresolver:DnsResolverDomainList", "names", {
        dnsResolverDomainListName: "names",
        resourceGroupName: "hospital",
        domains: [`${host}.`],
      });
      stack.add("azure-native:dnsresolver:DnsSecurityRule", "allow", {
        dnsSecurityRuleName: "allow",
        dnsResolverPolicyName: "policy",
        resourceGroupName: "hospital",
        priority: 100,
        action: { actionType: "Allow" },
        dnsResolverDomainLists: [{ id: list }],
      });
    },
    at: "DnsSecurityRule allow",
    isList: false,
  },
  {
    name: "a backend of API Management",
    add: (stack, host) =>
      stack.add("azure-native:apimanagement:Backend", "provider", {
        backendId: "provider",
        resourceGroupName: "hospital",
        serviceName: "apim",
        protocol: "http",
        url: `https://${host}/v1`,
      }),
    at: "Backend provider",
    isList: false,
    isRoute: true,
  },
];

const expression = (matcher: string): Inputs => ({
  name: "providers",
  gatewaySecurityPolicy: "policy",
  location: "us-central1",
  enabled: true,
  priority: 100,
  basicProfile: "ALLOW",
  sessionMatcher: matcher,
  tlsInspectionEnabled: true,
});

const proxyRule = "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule";

const googleEntries: readonly HostEntry[] = [
  {
    name: "a list of a Secure Web Proxy",
    add: (stack, host) =>
      stack.add("gcp:networksecurity/urlList:UrlList", "providers", {
        name: "providers",
        location: "us-central1",
        values: [host],
      }),
    at: "the list of UrlList providers",
    isList: true,
  },
  {
    name: "a rule of a Secure Web Proxy",
    add: (stack, host) => stack.add(proxyRule, "providers", expression(`host() == '${host}'`)),
    at: "GatewaySecurityPolicyRule providers",
    isList: true,
  },
  {
    name: "a rule of a Secure Web Proxy by a regular expression",
    add: (stack, host) =>
      stack.add(
        proxyRule,
        "providers",
        expression(
          `host().matches('^${host.replaceAll(".", String.raw`\.`)}$') && source.matchTag('tagValues/1')`,
        ),
      ),
    at: "GatewaySecurityPolicyRule providers",
    isList: true,
  },
  {
    name: "a rule of a firewall policy by names",
    add: (stack, host) =>
      stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "providers", {
        firewallPolicy: "policy",
        direction: "EGRESS",
        action: "allow",
        priority: 100,
        match: { destFqdns: [host], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
      }),
    at: "NetworkFirewallPolicyRule providers",
    isList: true,
  },
  {
    name: "a rule by names within a firewall policy",
    add: (stack, host) =>
      stack.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "policy", {
        name: "policy",
        rules: [
          {
            priority: 100,
            direction: "EGRESS",
            action: "allow",
            match: { destFqdns: [host], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
          },
        ],
      }),
    at: "its rules of NetworkFirewallPolicyWithRules policy",
    isList: true,
  },
  {
    name: "a job of Cloud Scheduler",
    add: (stack, host) =>
      stack.add("gcp:cloudscheduler/job:Job", "provider", {
        name: "provider",
        schedule: "0 3 * * *",
        httpTarget: { uri: `https://${host}/v1/responses`, httpMethod: "POST" },
      }),
    at: "Job provider",
    isList: false,
    isRoute: true,
  },
  {
    name: "a rule of a response policy",
    add: (stack, host) =>
      stack.add("gcp:dns/responsePolicyRule:ResponsePolicyRule", "provider", {
        ruleName: "provider",
        responsePolicy: "policy",
        dnsName: `${host}.`,
        behavior: "bypassResponsePolicy",
      }),
    at: "ResponsePolicyRule provider",
    isList: false,
  },
  {
    name: "an endpoint on the Internet by its name",
    add: (stack, host) =>
      stack.add("gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint", "provider", {
        globalNetworkEndpointGroup: "group",
        fqdn: host,
        port: 443,
      }),
    at: "GlobalNetworkEndpoint provider",
    isList: false,
    isRoute: true,
  },
];

const clusterEntries: readonly HostEntry[] = [
  {
    name: "a ServiceEntry of Istio's",
    add: (stack, host) =>
      stack.add("kubernetes:networking.istio.io/v1:ServiceEntry", "provider", {
        metadata: { name: "provider", namespace: "processing" },
        spec: {
          hosts: [host],
          location: "MESH_EXTERNAL",
          ports: [{ number: 443, name: "tls", protocol: "TLS" }],
        },
      }),
    at: "ServiceEntry provider",
    isList: false,
  },
  {
    name: "a network policy of Cilium's by names",
    add: (stack, host) =>
      stack.add("kubernetes:cilium.io/v2:CiliumNetworkPolicy", "provider", {
        metadata: { name: "provider", namespace: "processing" },
        spec: { endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: host }] }] },
      }),
    at: "CiliumNetworkPolicy provider",
    isList: true,
  },
  {
    name: "a network policy of GKE's by names",
    add: (stack, host) =>
      stack.add("kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy", "provider", {
        metadata: { name: "provider", namespace: "processing" },
        spec: { podSelector: {}, egress: [{ matches: [{ pattern: host }] }] },
      }),
    at: "FQDNNetworkPolicy provider",
    isList: true,
  },
];

/** Every way in which something is let through by the name of a host, of each cloud and of clusters. */
export const hostEntries: readonly HostEntry[] = [
  ...awsEntries,
  ...azureEntries,
  ...googleEntries,
  ...clusterEntries,
];
