import type { Mutant } from "../mutants";
import { unknownText } from "../stack-sketch";

import { each, one, projects, without } from "./single-fault";

const inspected = "internet-egress-is-inspected";
const declared = "zones-reach-only-declared-peers";

const network = "bulkhead-egress-network";
const rule = "bulkhead-egress-providers-rule";
const hosts = "bulkhead-provider-hosts";
const gateway = "bulkhead-egress-proxy-gateway";
const attachment = "bulkhead-egress-guard-publication";
const machine = "bulkhead-egress-guard-machine";

const ofEgress = { project: "hospital-egress" } as const;
const networkId = "projects/hospital-egress/global/networks/bulkhead-egress";
const guardSubnet = "projects/hospital-egress/regions/us-central1/subnetworks/bulkhead-egress-guard";
const list =
  "inUrlList(host(), 'projects/hospital-egress/locations/us-central1/urlLists/bulkhead-provider-hosts')";
const ofGuard = "source.matchServiceAccount('bulkhead-egress-guard@hospital-egress.iam.gserviceaccount.com')";

const ruleType = "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule";

/** Faults of the egress zone on Google Cloud, each refused by its rule. */
export const gcpEgressMutants: readonly Mutant[] = [
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
