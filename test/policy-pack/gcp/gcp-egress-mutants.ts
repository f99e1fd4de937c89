import type { Mutant } from "../mutants";
import { unknownText } from "../stack-sketch";

import { each, emailOf, memberOf, more, numbers, one, projects, stranger, without } from "./single-fault";

const inspected = "internet-egress-is-inspected";
const declared = "zones-reach-only-declared-peers";
const mtls = "flows-require-mtls";

const network = "bulkhead-egress-network";
const rule = "bulkhead-egress-providers-rule";
const hosts = "bulkhead-provider-hosts";
const gateway = "bulkhead-egress-proxy-gateway";
const attachment = "bulkhead-egress-guard-publication";
const machine = "bulkhead-egress-guard-machine";

const ofEgress = { project: "hospital-egress" } as const;
const networkId = "projects/hospital-egress/global/networks/bulkhead-egress";
const guardSubnet = "projects/hospital-egress/regions/us-central1/subnetworks/bulkhead-egress-guard";
const proxyAddress = "10.40.248.2/32";
const pool = "projects/hospital-egress/locations/us-central1/caPools/bulkhead-inspection-authorities";
const signs = "roles/privateca.certificateRequester";
const poolMember = "gcp:certificateauthority/caPoolIamMember:CaPoolIamMember";
const secretMember = "gcp:secretmanager/secretIamMember:SecretIamMember";
const keys = "projects/hospital-ai/secrets/bulkhead-egress-guard";
const authority = "projects/hospital-ai/secrets/bulkhead-egress-guard_authority";
const reads = "roles/secretmanager.secretAccessor";
const firewallRule = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule";
const list =
  "inUrlList(host(), 'projects/hospital-egress/locations/us-central1/urlLists/bulkhead-provider-hosts')";
const ofGuard = "source.matchServiceAccount('bulkhead-egress-guard@hospital-egress.iam.gserviceaccount.com')";

const ruleType = "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule";

/** Somebody else than the guard who reads what the guard alone may, or says whom it trusts. */
const secretMutants: readonly Mutant[] = [
  more("the guard's keys: another workload reads them", mtls, secretMember, {
    secretId: keys,
    role: reads,
    member: memberOf("rag-service"),
  }),
  more("the guard's keys: somebody else reads them", mtls, secretMember, {
    secretId: keys,
    role: reads,
    member: stranger,
  }),
  more(
    "the guard's keys: a service of Google's reads them that works for somebody else",
    mtls,
    secretMember,
    {
      secretId: keys,
      role: reads,
      member: `serviceAccount:service-${numbers.foreign.replace("projects/", "")}@gcp-sa-cloudbuild.iam.gserviceaccount.com`,
    },
  ),
  more("the guard's keys: who reads them is not known", mtls, secretMember, {
    secretId: keys,
    role: reads,
    member: unknownText,
  }),
  one(
    "the guard's keys: another workload is among their readers",
    mtls,
    "bulkhead-egress-guard-secret-readers",
    "members",
    [
      `serviceAccount:bulkhead-egress-guard@hospital-egress.iam.gserviceaccount.com`,
      memberOf("async-ai-workers"),
    ],
  ),
  more(
    "the guard's keys: another workload reads every secret of the project",
    mtls,
    "gcp:projects/iAMMember:IAMMember",
    { project: projects.processing, role: reads, member: memberOf("fhir-proxy") },
  ),
  more("the proxy's authority: another workload says which the guard trusts", mtls, secretMember, {
    secretId: authority,
    role: "roles/secretmanager.secretVersionAdder",
    member: memberOf("rag-service"),
  }),
];

/** Somebody for whom the authority signs by which the guard knows providers. */
const authorityMutants: readonly Mutant[] = [
  ...(
    [
      ["the guard itself", `serviceAccount:bulkhead-egress-guard@hospital-egress.iam.gserviceaccount.com`],
      ["another workload", memberOf("rag-service")],
      ["somebody else", stranger],
      [
        "a service of Google's that works for somebody else",
        `serviceAccount:service-${numbers.foreign.replace("projects/", "")}@gcp-sa-networksecurity.iam.gserviceaccount.com`,
      ],
      ["anybody", "allAuthenticatedUsers"],
      ["nobody knows whom", unknownText],
    ] as const
  ).map(([who, member]) =>
    more(`the inspecting authority signs for ${who}`, mtls, poolMember, {
      caPool: pool,
      role: signs,
      member,
    }),
  ),
  more("the inspecting authority signs for who administers it", mtls, poolMember, {
    caPool: pool,
    role: "roles/privateca.admin",
    member: memberOf("rag-service"),
  }),
  more(
    "every authority of the egress project signs for another workload",
    mtls,
    "gcp:projects/iAMMember:IAMMember",
    {
      project: "hospital-egress",
      role: "roles/privateca.certificateManager",
      member: memberOf("rag-service"),
    },
  ),
  more(
    "the inspecting authority has a policy of who may use it that nobody knows",
    mtls,
    "gcp:certificateauthority/caPoolIamPolicy:CaPoolIamPolicy",
    { caPool: pool, policyData: unknownText },
  ),
];

/** Somebody else than the guard who reaches the proxy by its address. */
const reachMutants: readonly Mutant[] = [
  ...(
    [
      ["whatever is in the network", {}],
      ["another account", { targetServiceAccounts: [emailOf("rag-service")] }],
      ["whom nobody knows", { targetServiceAccounts: unknownText }],
    ] as const
  ).map(([who, bound]) =>
    more(`the proxy's address: ${who} may call it`, declared, firewallRule, {
      ...ofEgress,
      firewallPolicy: "bulkhead-egress-flows",
      ruleName: "hole",
      direction: "EGRESS",
      action: "allow",
      priority: 100,
      ...bound,
      match: { destIpRanges: [proxyAddress], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
    }),
  ),
  more("the proxy's address: a workload of processing may call it", declared, firewallRule, {
    project: projects.processing,
    firewallPolicy: "bulkhead-processing-flows",
    ruleName: "hole",
    direction: "EGRESS",
    action: "allow",
    priority: 100,
    targetServiceAccounts: [emailOf("rag-service")],
    match: { destIpRanges: [proxyAddress], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
  }),
  more("the proxy's address: the guard calls it on every port", declared, firewallRule, {
    ...ofEgress,
    firewallPolicy: "bulkhead-egress-flows",
    ruleName: "hole",
    direction: "EGRESS",
    action: "allow",
    priority: 100,
    targetServiceAccounts: ["bulkhead-egress-guard@hospital-egress.iam.gserviceaccount.com"],
    match: { destIpRanges: [proxyAddress], layer4Configs: [{ ipProtocol: "tcp" }] },
  }),
];

/** Rules of the proxy that come after the platform's own, and let by what it does not. */
const lastRules: readonly Mutant[] = (
  [
    ["everything", { sessionMatcher: "true" }],
    ["everything, unread", { sessionMatcher: "true", tlsInspectionEnabled: false }],
    ["every host by an expression", { sessionMatcher: `host().matches('.*') && ${ofGuard}` }],
    ["hosts by their end", { sessionMatcher: `host().endsWith('openai.com') && ${ofGuard}` }],
    ["hosts by a part of them", { sessionMatcher: `host().contains('api.openai.com') && ${ofGuard}` }],
    ["hosts by what they are not", { sessionMatcher: `!(host() == 'api.evil.example') && ${ofGuard}` }],
    ["what nobody knows", { sessionMatcher: unknownText }],
    ["nobody knows whether it does", { basicProfile: unknownText, sessionMatcher: "true" }],
  ] as const
).map(([what, over]) => ({
  fault: `a last rule of the proxy lets by ${what}`,
  rule: inspected,
  dig: (s) =>
    s.add(ruleType, "last", {
      ...ofEgress,
      location: "us-central1",
      gatewaySecurityPolicy: "bulkhead-egress-providers",
      priority: 2147483000,
      enabled: true,
      basicProfile: "ALLOW",
      tlsInspectionEnabled: true,
      ...over,
    }),
}));

/** Faults of the egress zone on Google Cloud, each refused by its rule. */
export const gcpEgressMutants: readonly Mutant[] = [
  ...secretMutants,
  ...authorityMutants,
  ...reachMutants,
  ...lastRules,
  {
    fault: "a default route in the egress network",
    rule: declared,
    dig: (s) =>
      s.add("gcp:compute/route:Route", "out", {
        ...ofEgress,
        network: networkId,
        destRange: "0.0.0.0/0",
        nextHopGateway: "default-internet-gateway",
      }),
  },
  one(
    "the default routes that Google gives the egress network",
    declared,
    network,
    "deleteDefaultRoutesOnCreate",
    false,
  ),
  one(
    "an external address of the guard's machines",
    "flows-require-mtls",
    machine,
    "networkInterfaces/0/accessConfigs",
    [{}],
  ),
  {
    fault: "a peering of the egress network with processing's",
    rule: declared,
    dig: (s) =>
      s.add("gcp:compute/networkPeering:NetworkPeering", "joined", {
        network: networkId,
        peerNetwork: "projects/hospital-ai/global/networks/bulkhead-processing",
        exportCustomRoutes: true,
        importCustomRoutes: true,
      }),
  },
  {
    fault: "a Cloud NAT for the guard's subnet",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/router:Router", "router", {
        ...ofEgress,
        region: "us-central1",
        network: networkId,
        name: "router",
      });
      return s.add("gcp:compute/routerNat:RouterNat", "nat", {
        ...ofEgress,
        region: "us-central1",
        router: "router",
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: guardSubnet, sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      });
    },
  },
  ...each("what the proxy lets through:", inspected, rule, "sessionMatcher", [
    ["everything", "true"],
    ["whoever sends it", list],
    [
      "by another account",
      `${list} && source.matchServiceAccount('bulkhead-rag-service@${projects.processing}.iam.gserviceaccount.com')`,
    ],
    ["to another host", `host() == 'api.evil.example' && ${ofGuard}`],
    ["to any host", ofGuard],
    ["one or the other", `${list} || ${ofGuard}`],
    ["what is not known", unknownText],
  ]),
  ...each("which requests of a connection the proxy lets through:", inspected, rule, "applicationMatcher", [
    ["those to any host", undefined],
    ["those to another host", "host() == 'api.evil.example'"],
    ["those of a method", "request.method == 'POST'"],
    ["nobody knows which", unknownText],
  ]),
  ...each("whether the proxy ends TLS:", inspected, rule, "tlsInspectionEnabled", [
    ["no", false],
    ["nothing", undefined],
    ["what is not known", unknownText],
  ]),
  {
    fault: "a rule of the proxy that lets everything through beside one that is off",
    rule: inspected,
    dig: (s) =>
      s.add(ruleType, "everything", {
        ...ofEgress,
        location: "us-central1",
        gatewaySecurityPolicy: "bulkhead-egress-providers",
        priority: 1,
        enabled: true,
        basicProfile: "ALLOW",
        sessionMatcher: "true",
        tlsInspectionEnabled: true,
      }),
  },
  ...each("the hosts of the list:", inspected, hosts, "values", [
    ["one more", ["api.anthropic.com", "api.openai.com", "api.evil.example"]],
    ["every", ["*"]],
    ["not known", unknownText],
  ]),
  one(
    "no inspection of the proxy's policy",
    inspected,
    "bulkhead-egress-providers-policy",
    "tlsInspectionPolicy",
    undefined,
  ),
  one(
    "an inspection by an authority that nobody shows",
    inspected,
    "bulkhead-egress-inspection",
    "caPool",
    "projects/x/locations/us-central1/caPools/y",
  ),
  ...each("how the proxy is called:", inspected, gateway, "routingMode", [
    ["as a next hop", "NEXT_HOP_ROUTING_MODE"],
    ["not known", unknownText],
  ]),
  one("a proxy without a policy", inspected, gateway, "gatewaySecurityPolicy", undefined),
  ...each("whom the publication accepts:", declared, attachment, "connectionPreference", [
    ["everybody", "ACCEPT_AUTOMATIC"],
    ["not known", unknownText],
  ]),
  ...each("whose projects the publication accepts:", declared, attachment, "consumerAcceptLists", [
    ["somebody's", [{ projectIdOrNum: projects.foreign, connectionLimit: 1 }]],
    [
      "gateway's too",
      [
        { projectIdOrNum: projects.processing, connectionLimit: 1 },
        { projectIdOrNum: projects.gateway, connectionLimit: 1 },
      ],
    ],
    ["more endpoints than there are", [{ projectIdOrNum: projects.processing, connectionLimit: 2 }]],
  ]),
  {
    fault: "another workload that may call the guard's endpoint",
    rule: declared,
    dig: (s) =>
      s.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "hole", {
        project: projects.processing,
        firewallPolicy: "bulkhead-processing-flows",
        ruleName: "hole",
        direction: "EGRESS",
        action: "allow",
        priority: 100,
        targetServiceAccounts: [`bulkhead-fhir-proxy@${projects.processing}.iam.gserviceaccount.com`],
        match: { destIpRanges: ["10.40.111.226/32"], layer4Configs: [{ ipProtocol: "tcp", ports: ["443"] }] },
      }),
  },
  one(
    "a service that the guard's front does not lead to",
    declared,
    "bulkhead-egress-guard-endpoint",
    "target",
    `projects/${projects.foreign}/regions/us-central1/serviceAttachments/theirs`,
  ),
  one("an endpoint that is not known", declared, "bulkhead-egress-guard-endpoint", "ipAddress", unknownText),
  without(
    "no routing of the egress project's records",
    "traffic-is-audited",
    "bulkhead-egress-records-routing",
  ),
];
