import { ownProject, Sketch, type Knowledge } from "../stack-sketch";

import type { Inputs } from "./changed-case";
import { inZone } from "./corpus-case";

/** A zone that a stranger's stack has. */
export type Zone = "gateway" | "processing" | "phi";

/** The zones of a stranger's stack, from the entrance inwards. */
export const zones: readonly Zone[] = ["gateway", "processing", "phi"];

/** The addresses of the subnet of each zone. */
export const addressesOf: Readonly<Record<Zone, string>> = {
  gateway: "10.0.1.0/24",
  processing: "10.0.2.0/24",
  phi: "10.0.3.0/24",
};

/** The project that holds PHI, where a project is what holds it, and its number; and the number of that of the rest. */
export const phiProject = "hospital-phi";
export const phiNumber = "333333333333";
export const ownNumber = "222222222222";

/** The organisation's policy of access. */
export const accessPolicy = "accessPolicies/111";

/** The labels of what calls itself part of a zone. */
export function labelled(zone: Zone): Inputs {
  return { labels: inZone(zone) };
}

/**
 * Says of resources that cannot carry labels which zone they are in, as a component of the stack's own does. Only what
 * is in the stack already can be claimed.
 */
export function claim(stack: Sketch, zone: Zone, ...names: readonly string[]): Sketch {
  const urns = names.map((each) => stack.urn(each));
  const name = `${zone}-claim-${names.join("-")}`;
  stack.addRaw({
    urn: `urn:pulumi:test::bulkhead::clinic:index:Zone::${name}`,
    type: "clinic:index:Zone",
    name,
    inputs: {},
    outputs: { zoneMembers: { [zone]: urns } },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

/** The email of the service account of a zone. */
export function emailOf(stack: Sketch, zone: Zone): string {
  return `${stack.id(`${zone}-account`)}.email`;
}

/** The same, as a program writes it that does not wait for Google. */
export function emailText(zone: Zone): string {
  return `${zone}@${ownProject}.iam.gserviceaccount.com`;
}

/** All protocols and ports, and TCP 443. */
export const everything: readonly Inputs[] = [{ ipProtocol: "all" }];
export const https: readonly Inputs[] = [{ ipProtocol: "tcp", ports: ["443"] }];

/** From where Google's load balancers call, and ask whether what is behind them is well. */
export const frontEnds = ["35.191.0.0/16", "130.211.0.0/22"] as const;

/** The flows that any stack may have, each on TCP 443: from where, to where. */
const flows: readonly (readonly [from: Zone, to: Zone])[] = [
  ["gateway", "processing"],
  ["processing", "processing"],
  ["processing", "phi"],
];

interface Rule {
  readonly name: string;
  readonly direction: "INGRESS" | "EGRESS";
  readonly action: "allow" | "deny";
  readonly priority: number;
  /** The zone whose service account it is for; all that is in the network, where there is none. */
  readonly zone?: Zone;
  readonly ranges: readonly string[];
}

const denials: readonly Rule[] = (["EGRESS", "INGRESS"] as const).flatMap((direction, index) =>
  (["0.0.0.0/0", "::/0"] as const).map((range, family) => ({
    name: `deny-${direction === "EGRESS" ? "out" : "in"}${family === 0 ? "" : "-v6"}`,
    direction,
    action: "deny" as const,
    priority: 2147483000 + 100 * index + family,
    ranges: [range],
  })),
);

/** What a network says that holds these zones. */
function rulesOf(own: readonly Zone[]): readonly Rule[] {
  return [
    {
      name: "world-to-gateway-in",
      direction: "INGRESS",
      action: "allow",
      priority: 100,
      zone: "gateway",
      ranges: frontEnds,
    },
    ...flows.flatMap(([from, to], index): readonly Rule[] => {
      const common = { action: "allow", priority: 110 + 10 * index } as const;
      return own.includes(from) && own.includes(to)
        ? [
            {
              ...common,
              name: `${from}-to-${to}-out`,
              direction: "EGRESS",
              zone: from,
              ranges: [addressesOf[to]],
            },
            {
              ...common,
              name: `${from}-to-${to}-in`,
              priority: common.priority + 100,
              direction: "INGRESS",
              zone: to,
              ranges: [addressesOf[from]],
            },
          ]
        : [];
    }),
    ...denials,
  ];
}

function addPolicy(stack: Sketch, before: "" | "phi-", rules: readonly Rule[]): void {
  const policy = `${before}policy`;
  stack.add("gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy", policy, { name: policy });
  stack.add(
    "gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation",
    `${before}association`,
    {
      name: `${before}association`,
      attachmentTarget: stack.id(`${before}vpc`),
      firewallPolicy: stack.id(policy),
    },
  );
  for (const { name, direction, action, priority, zone, ranges } of rules) {
    stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", `${before}${name}`, {
      ruleName: `${before}${name}`,
      firewallPolicy: `${stack.id(policy)}.name`,
      direction,
      action,
      priority,
      ...(zone === undefined ? {} : { targetServiceAccounts: [emailOf(stack, zone)] }),
      match: {
        [direction === "EGRESS" ? "destIpRanges" : "srcIpRanges"]: ranges,
        layer4Configs: zone === undefined ? everything : https,
      },
      enableLogging: true,
    });
  }
}

/** The same rules as those of a network of the old kind. */
function addFirewalls(stack: Sketch, rules: readonly Rule[]): void {
  for (const { name, direction, action, priority, zone, ranges } of rules) {
    stack.add("gcp:compute/firewall:Firewall", name, {
      name,
      network: stack.id("vpc"),
      direction,
      priority: Math.min(priority, 65534),
      ...(action === "allow"
        ? { allows: [{ protocol: "tcp", ports: ["443"] }] }
        : { denies: [{ protocol: "all" }] }),
      ...(zone === undefined ? {} : { targetServiceAccounts: [emailOf(stack, zone)] }),
      [direction === "EGRESS" ? "destinationRanges" : "sourceRanges"]: ranges,
      logConfig: { metadata: "INCLUDE_ALL_METADATA" },
    });
  }
}

/** What a network says that has no default routes, and whose policies come before its own rules. */
export const sealed: Inputs = {
  autoCreateSubnetworks: false,
  deleteDefaultRoutesOnCreate: true,
  networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
};

function addNetwork(stack: Sketch, name: string, own: readonly Zone[], more: Inputs = {}): void {
  const network = stack.add("gcp:compute/network:Network", name, { name, ...sealed, ...more });
  for (const zone of own) {
    stack.add("gcp:compute/subnetwork:Subnetwork", `${zone}-subnet`, {
      name: `${zone}-subnet`,
      network,
      region: "us-central1",
      ipCidrRange: addressesOf[zone],
      stackType: "IPV4_ONLY",
      privateIpGoogleAccess: false,
    });
  }
}

function addAccounts(stack: Sketch, own: readonly Zone[]): void {
  for (const zone of own) {
    stack.add("gcp:serviceaccount/account:Account", `${zone}-account`, { accountId: zone });
  }
}

/**
 * A stack on Google Cloud that is right, and knows nothing of our components: a network of IPv4 without default routes,
 * with a subnet and a service account for each zone, closed by a firewall policy but for the flows that any stack may
 * have, each on TCP 443. The gateway is called by Google's load balancers alone, and nothing has a way to the Internet.
 *
 * Names: `vpc`, `policy`, `association`, and `gateway-`, `processing-` and `phi-` each with `subnet` and `account`. Rules
 * of the policy: `processing-to-phi-out` and so on for a flow and a direction, `world-to-gateway-in`, `deny-out`,
 * `deny-out-v6`, `deny-in` and `deny-in-v6`. What is in a zone is what components of the stack say: see {@link claim}.
 */
export function gcpBase(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  addNetwork(stack, "vpc", zones);
  addAccounts(stack, zones);
  addPolicy(stack, "", rulesOf(zones));
  zones.forEach((zone) => claim(stack, zone, `${zone}-subnet`, `${zone}-account`));
  return stack;
}

/** The same stack with the rules of its network, instead of those of a policy. Names are the same, without a policy. */
export function gcpBaseOfFirewalls(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  addNetwork(stack, "vpc", zones, { networkFirewallPolicyEnforcementOrder: undefined });
  addAccounts(stack, zones);
  addFirewalls(stack, rulesOf(zones));
  zones.forEach((zone) => claim(stack, zone, `${zone}-subnet`, `${zone}-account`));
  return stack;
}

/**
 * A stack whose PHI zone is a network of its own, closed altogether: `phi-vpc`, `phi-subnet`, `phi-policy`,
 * `phi-association` and the rules `phi-deny-out`, `phi-deny-out-v6`, `phi-deny-in` and `phi-deny-in-v6`. The others
 * share `vpc`, as in {@link gcpBase}.
 */
export function gcpBaseOfNetworks(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const shared = ["gateway", "processing"] as const;
  addNetwork(stack, "vpc", shared);
  addAccounts(stack, shared);
  addPolicy(stack, "", rulesOf(shared));
  addNetwork(stack, "phi-vpc", ["phi"]);
  addPolicy(stack, "phi-", denials);
  shared.forEach((zone) => claim(stack, zone, `${zone}-subnet`, `${zone}-account`));
  claim(stack, "phi", "phi-vpc", "phi-subnet");
  return stack;
}

/** What a perimeter restricts that holds PHI: whatever can keep it, or carry it away. */
export const restrictedServices: readonly string[] = [
  "aiplatform",
  "alloydb",
  "artifactregistry",
  "bigquery",
  "bigquerydatatransfer",
  "bigtable",
  "cloudbuild",
  "cloudfunctions",
  "cloudkms",
  "compute",
  "container",
  "dataflow",
  "dataproc",
  "discoveryengine",
  "dlp",
  "dns",
  "eventarc",
  "file",
  "firestore",
  "healthcare",
  "iam",
  "iamcredentials",
  "logging",
  "monitoring",
  "pubsub",
  "redis",
  "run",
  "secretmanager",
  "spanner",
  "sqladmin",
  "storage",
  "storagetransfer",
  "workflows",
].map((service) => `${service}.googleapis.com`);

/** What may be done in a service from outside of the perimeter: reading and writing, and no export. */
const operationsOf: Readonly<Record<string, readonly Inputs[]>> = {
  "storage.googleapis.com": [
    { method: "google.storage.objects.get" },
    { method: "google.storage.objects.create" },
  ],
  "healthcare.googleapis.com": [
    { permission: "healthcare.fhirResources.get" },
    { permission: "healthcare.fhirResources.update" },
  ],
};

/** Who may call into the perimeter, to read and write one kind of store. */
export function ingressOf(identity: string, serviceName = "storage.googleapis.com"): Inputs {
  return {
    title: "processing",
    ingressFrom: { identities: [identity], sources: [{ resource: `projects/${ownNumber}` }] },
    ingressTo: {
      resources: [`projects/${phiNumber}`],
      operations: [{ serviceName, methodSelectors: operationsOf[serviceName] }],
    },
  };
}

/** What a perimeter is in force with, that is right. */
export function statusOf(stack: Sketch): Inputs {
  return {
    resources: [`projects/${phiNumber}`],
    restrictedServices,
    accessLevels: [],
    vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
    ingressPolicies: [ingressOf(`serviceAccount:${emailOf(stack, "processing")}`)],
    egressPolicies: [],
  };
}

export const perimeterType = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";

/**
 * A stack whose PHI zone is a project without a network, within a perimeter: `perimeter`, which lets processing in, and in
 * the project a bucket, `documents`. The others share `vpc`, as in {@link gcpBase}.
 */
export function gcpBaseOfPerimeter(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const shared = ["gateway", "processing"] as const;
  addNetwork(stack, "vpc", shared);
  addAccounts(stack, shared);
  addPolicy(stack, "", rulesOf(shared));
  stack.add(perimeterType, "perimeter", {
    parent: accessPolicy,
    name: `${accessPolicy}/servicePerimeters/phi`,
    title: "phi",
    perimeterType: "PERIMETER_TYPE_REGULAR",
    useExplicitDryRunSpec: false,
    status: statusOf(stack),
  });
  stack.add("gcp:storage/bucket:Bucket", "documents", {
    name: "clinic-documents",
    project: phiProject,
    location: "US-CENTRAL1",
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: true,
    ...labelled("phi"),
  });
  shared.forEach((zone) => claim(stack, zone, `${zone}-subnet`, `${zone}-account`));
  claim(stack, "phi", "perimeter");
  return stack;
}
