import { unknownText, type Sketch } from "../stack-sketch";

import { addressesOf, emailOf, emailText, everything, frontEnds, https } from "./gcp-base";
import {
  firewall,
  giveMatch,
  halves,
  halvesInside,
  inside,
  machine,
  onFirewalls,
  onNetworks,
  pair,
  policyRule,
  setting,
  silentResolver,
} from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** A rule of the policy that says one thing else of what it matches. */
function matching(name: string, bad: Inputs, good: Inputs = { destIpRanges: [inside] }): CorpusCase {
  return setting(
    "GE-09",
    `a rule ${name}`,
    (stack, match: Inputs) => policyRule(stack, {}, match),
    bad,
    good,
  );
}

/** A rule of the policy that says one thing else of itself. */
function saying(name: string, bad: Inputs, good: Inputs, match: Inputs = {}): CorpusCase {
  return setting(
    "GE-09",
    `a rule ${name}`,
    (stack, inputs: Inputs) => policyRule(stack, inputs, match),
    bad,
    good,
  );
}

const destinations: readonly CorpusCase[] = [
  matching("that lets PHI out to everywhere", {}),
  matching(
    "that lets PHI out to all addresses, by two halves",
    { destIpRanges: halves },
    {
      destIpRanges: halvesInside,
    },
  ),
  matching("that lets PHI out to one half of all addresses", { destIpRanges: [halves[1]] }),
  matching("that lets PHI out to one address of the Internet", { destIpRanges: ["198.51.100.7/32"] }),
  matching(
    "that lets PHI out to an address without a length",
    { destIpRanges: ["198.51.100.7"] },
    {
      destIpRanges: ["10.0.3.7"],
    },
  ),
  matching("that lets PHI out to the gateway", { destIpRanges: [addressesOf.gateway] }),
  matching("that lets PHI out to processing", { destIpRanges: [addressesOf.processing] }),
  matching("that lets PHI out to what surrounds it", { destIpRanges: ["10.0.0.0/16"] }),
  matching("that lets PHI out to twice its own addresses", { destIpRanges: ["10.0.2.0/23"] }),
  matching("that names no destination", { destIpRanges: undefined }),
  matching("with an empty list of destinations", { destIpRanges: [] }),
  matching("to a destination that nobody knows", { destIpRanges: [unknownText] }),
  matching("to a list of destinations that nobody knows", { destIpRanges: unknownText }),
  matching("to itself, and to a second place", { destIpRanges: [inside, "203.0.113.0/24"] }),
  matching("to all of IPv6", { destIpRanges: ["::/0"] }),
  matching("to one half of IPv6", { destIpRanges: ["8000::/1"] }),
  matching("to addresses of Google that reach every service", { destIpRanges: ["199.36.153.8/30"] }),
  matching("to names", { destIpRanges: undefined, destFqdns: ["api.example.com"] }),
  matching("to countries", { destIpRanges: undefined, destRegionCodes: ["US"] }),
  matching("to known attackers", {
    destIpRanges: undefined,
    destThreatIntelligences: ["iplist-tor-exit-nodes"],
  }),
  matching("to a group of addresses that nobody knows", {
    destIpRanges: undefined,
    destAddressGroups: ["projects/hospital-ai/locations/global/addressGroups/partners"],
  }),
  matching("to the Internet, by its context", { destIpRanges: undefined, destNetworkContext: "INTERNET" }),
  matching("to what is not the Internet, by its context", {
    destIpRanges: undefined,
    destNetworkContext: "NON_INTERNET",
  }),
  matching("to the Internet, by its scope", { destIpRanges: undefined, destNetworkScope: "INTERNET" }),
];

const protocols: readonly CorpusCase[] = (
  [
    ["all protocols", everything],
    ["TCP on every port", [{ ipProtocol: "tcp" }]],
    ["TCP by its number", [{ ipProtocol: "6", ports: ["443"] }]],
    ["TCP on a range of ports", [{ ipProtocol: "tcp", ports: ["400-500"] }]],
    ["TCP on the port of SSH", [{ ipProtocol: "tcp", ports: ["22"] }]],
    ["UDP", [{ ipProtocol: "udp" }]],
    ["names that are asked elsewhere", [{ ipProtocol: "udp", ports: ["53"] }]],
    ["ICMP", [{ ipProtocol: "icmp" }]],
    ["a tunnel", [{ ipProtocol: "esp" }]],
    ["a second protocol", [...https, { ipProtocol: "sctp" }]],
    ["a protocol that nobody knows", [{ ipProtocol: unknownText }]],
    ["a port that nobody knows", [{ ipProtocol: "tcp", ports: [unknownText] }]],
  ] as const
).map(([name, layer4Configs]) =>
  setting(
    "GE-09",
    `${name} out of PHI`,
    (stack, destIpRanges) => policyRule(stack, {}, { layer4Configs, destIpRanges }),
    ["0.0.0.0/0"],
    ["10.0.3.0/24"],
  ),
);

const targets: readonly CorpusCase[] = [
  setting(
    "GE-09",
    "a rule for a service account, of PHI or of the gateway",
    (stack, zone) => policyRule(stack, { targetServiceAccounts: [emailOf(stack, zone)] }),
    "phi",
    "gateway",
  ),
  setting(
    "GE-09",
    "a rule for a service account by the text of its address, of PHI or of the gateway",
    (stack, zone) => policyRule(stack, { targetServiceAccounts: [emailText(zone)] }),
    "phi",
    "gateway",
  ),
  setting(
    "GE-09",
    "a rule for two service accounts, of which one is PHI's",
    (stack, zone) => policyRule(stack, { targetServiceAccounts: [emailText("gateway"), emailText(zone)] }),
    "phi",
    "processing",
  ),
  setting(
    "GE-09",
    "a rule for all that is in the network, to processing",
    (stack, targetServiceAccounts: readonly string[] | undefined) =>
      policyRule(stack, { targetServiceAccounts }, { destIpRanges: [addressesOf.processing] }),
    undefined,
    [emailText("gateway")],
  ),
  setting(
    "GE-09",
    "a rule for whom nobody knows",
    (stack, email) => policyRule(stack, { targetServiceAccounts: [email] }),
    unknownText,
    emailText("gateway"),
  ),
  setting(
    "GE-09",
    "a rule for an empty list of service accounts",
    (stack, targetServiceAccounts: readonly string[]) => policyRule(stack, { targetServiceAccounts }),
    [],
    [emailText("gateway")],
  ),
];

const actions: readonly CorpusCase[] = [
  saying("that allows, or denies", { action: "allow" }, { action: "deny" }),
  saying(
    "that allows without a priority that anybody knows",
    { priority: unknownText },
    { priority: 2147483300 },
  ),
  saying("that does what nobody knows", { action: unknownText }, { action: "deny" }),
  saying(
    "that hands what it lets out to an inspection",
    {
      action: "apply_security_profile_group",
      securityProfileGroup: "organizations/1/locations/global/securityProfileGroups/watch",
    },
    { action: "deny" },
  ),
  saying("that leaves PHI to the rules behind", { action: "goto_next" }, { action: "deny" }),
  saying(
    "that leaves PHI to the rules behind, to one place",
    { action: "goto_next" },
    { action: "deny" },
    {
      destIpRanges: ["203.0.113.0/24"],
    },
  ),
  saying("that is in force, or disabled", { disabled: false }, { disabled: true }),
  saying("of which nobody knows whether it is disabled", { disabled: unknownText }, { disabled: true }),
  saying(
    "out of PHI, or into it from processing",
    {},
    {
      direction: "INGRESS",
      match: { srcIpRanges: [addressesOf.processing], layer4Configs: https },
    },
  ),
  saying(
    "of which nobody knows the direction",
    { direction: unknownText },
    { direction: "EGRESS", action: "deny" },
  ),
];

const denied = (stack: Sketch, match: Inputs): Sketch => giveMatch(stack, "deny-out", match);

/** What the denial leaves open, and what it does not. */
const denials: readonly CorpusCase[] = [
  pair(
    "GE-09",
    "no denial of what goes out",
    (stack) => stack.remove("deny-out"),
    (stack) => amend(stack, "deny-out", { ruleName: "nothing-out" }),
  ),
  ...(
    [
      ["one half of all addresses, or both", { destIpRanges: [halves[0]] }, { destIpRanges: halves }],
      [
        "private addresses, or all",
        { destIpRanges: ["10.0.0.0/8"] },
        { destIpRanges: ["10.0.0.0/8", ...halves] },
      ],
      ["TCP, or all protocols", { layer4Configs: [{ ipProtocol: "tcp" }] }, { layer4Configs: everything }],
      ["443, or all ports", { layer4Configs: https }, { layer4Configs: [{ ipProtocol: "all" }] }],
      [
        "all but 443, or all",
        {
          layer4Configs: [
            { ipProtocol: "tcp", ports: ["0-442", "444-65535"] },
            ...["udp", "icmp", "sctp", "esp", "ah", "ipip"].map((ipProtocol) => ({ ipProtocol })),
          ],
        },
        { layer4Configs: [{ ipProtocol: "tcp", ports: ["0-65535"] }, ...everything] },
      ],
      [
        "what nobody knows, or all",
        { destIpRanges: [unknownText] },
        { destIpRanges: [unknownText, ...halves] },
      ],
      [
        "the Internet by its context, or all addresses",
        { destIpRanges: undefined, destNetworkContext: "INTERNET" },
        { destIpRanges: halves },
      ],
      ["names, or all addresses", { destFqdns: ["example.com"], destIpRanges: undefined }, {}],
    ] as const
  ).map(([name, bad, good]) =>
    setting("GE-09", `a denial of ${name}`, denied, bad as Inputs, good as Inputs),
  ),
  setting(
    "GE-09",
    "a denial for the gateway, or for all that is in the network",
    (stack, zone: "gateway" | "phi" | undefined) =>
      zone === undefined
        ? amend(stack, "deny-out", { targetServiceAccounts: undefined, priority: 2147482000 })
        : amend(stack, "deny-out", { targetServiceAccounts: [emailOf(stack, zone)] }),
    "gateway",
    undefined,
  ),
  setting(
    "GE-09",
    "a denial for PHI's account, and none for what else is in its subnet; or for all that is in the network",
    (stack, zone: "phi" | undefined) =>
      amend(stack, "deny-out", {
        targetServiceAccounts: zone === undefined ? undefined : [emailOf(stack, zone)],
        priority: 2147482000,
      }),
    "phi",
    undefined,
  ),
  ...(
    [
      ["that is disabled", { disabled: true }, { disabled: false }],
      ["of which nobody knows whether it is disabled", { disabled: unknownText }, {}],
      ["whose action nobody knows", { action: unknownText }, { action: "deny" }],
      ["that leaves it to the rules behind", { action: "goto_next" }, { action: "deny" }],
      [
        "of what comes in",
        { direction: "INGRESS", match: { srcIpRanges: ["0.0.0.0/0"], layer4Configs: everything } },
        {},
      ],
    ] as const
  ).map(([name, bad, good]) =>
    setting(
      "GE-09",
      `a denial of what goes out ${name}`,
      (stack, inputs: Inputs) => amend(stack, "deny-out", inputs),
      bad,
      good as Inputs,
    ),
  ),
  onNetworks(
    pair(
      "GE-09",
      "no denial of what goes out",
      (stack) => stack.remove("phi-deny-out"),
      (stack) => amend(stack, "phi-deny-out", { priority: 1 }),
    ),
  ),
  onNetworks(
    setting(
      "GE-09",
      "a denial that is disabled",
      (stack, disabled) => amend(stack, "phi-deny-out", { disabled }),
      true,
      false,
    ),
  ),
  ...([["tcp"], ["tcp", "udp", "icmp"]] as const).map((own) =>
    onNetworks(
      setting(
        "GE-09",
        `a denial of ${own.join(", ")}, or of all`,
        (stack, protocolsOf: readonly string[]) =>
          giveMatch(stack, "phi-deny-out", {
            layer4Configs: protocolsOf.map((ipProtocol) => ({ ipProtocol })),
          }),
        own as readonly string[],
        ["all"],
      ),
    ),
  ),
  onNetworks(
    setting(
      "GE-09",
      "a rule for whatever is there",
      (stack, destIpRanges) =>
        policyRule(
          stack,
          { firewallPolicy: `${stack.id("phi-policy")}.name`, targetServiceAccounts: undefined },
          { destIpRanges },
        ),
      ["0.0.0.0/0"],
      [inside],
    ),
  ),
  onNetworks(
    setting(
      "GE-09",
      "a rule for an account of which nobody knows the zone, in the policy of PHI or of the others",
      (stack, policy) =>
        policyRule(stack, {
          firewallPolicy: `${stack.id(policy)}.name`,
          targetServiceAccounts: ["somebody@hospital-ai.iam.gserviceaccount.com"],
        }),
      "phi-policy",
      "policy",
    ),
  ),
];

/** What a rule of a network says, beside denials that come last. */
function firewallCase(name: string, bad: Inputs, good: Inputs): CorpusCase {
  return onFirewalls(
    setting("GE-09", `a firewall ${name}`, (stack, inputs: Inputs) => firewall(stack, inputs), bad, good),
  );
}

const toInside: Inputs = { destinationRanges: [inside] };

const firewalls: readonly CorpusCase[] = [
  firewallCase("that lets PHI out", {}, toInside),
  firewallCase("that lets PHI out to halves of all addresses", { destinationRanges: halves }, toInside),
  firewallCase("that names no destination", { destinationRanges: undefined }, toInside),
  firewallCase("with an empty list of destinations", { destinationRanges: [] }, toInside),
  firewallCase("to a destination that nobody knows", { destinationRanges: [unknownText] }, toInside),
  firewallCase("to all of IPv6", { destinationRanges: ["::/0"] }, toInside),
  firewallCase(
    "that lets all protocols out",
    { allows: [{ protocol: "all" }] },
    { denies: [{ protocol: "all" }], allows: undefined },
  ),
  firewallCase(
    "that lets TCP out by its number",
    { allows: [{ protocol: "6" }] },
    { ...toInside, allows: [{ protocol: "6" }] },
  ),
  firewallCase(
    "that lets out what nobody knows",
    { allows: unknownText },
    { allows: undefined, denies: [{ protocol: "tcp" }] },
  ),
  firewallCase("before the denial, or after it", { priority: 1000 }, { priority: 65535 }),
  firewallCase(
    "at the number of the denial, which wins, or before",
    { priority: 65533 },
    { priority: 65534 },
  ),
  firewallCase("without a number, which is a thousand", {}, { priority: 65535 }),
  firewallCase("at a number that nobody knows", { priority: unknownText }, { priority: 65535 }),
  firewallCase("that is in force, or disabled", { disabled: false }, { disabled: true }),
  firewallCase("of which nobody knows whether it is disabled", { disabled: unknownText }, { disabled: true }),
  firewallCase(
    "out of PHI, or of no direction, which is in",
    { sourceRanges: undefined },
    {
      direction: undefined,
      destinationRanges: undefined,
      sourceRanges: [addressesOf.processing],
    },
  ),
  firewallCase(
    "of which nobody knows the direction",
    { direction: unknownText },
    { denies: [{ protocol: "tcp" }], allows: undefined },
  ),
  firewallCase(
    "for all that is in the network",
    { targetServiceAccounts: undefined },
    {
      targetServiceAccounts: [emailText("gateway")],
    },
  ),
  onFirewalls(
    setting(
      "GE-09",
      "a firewall of the network by its name, out of PHI or of the gateway",
      (stack, zone) => firewall(stack, { network: "vpc", targetServiceAccounts: [emailText(zone)] }),
      "phi",
      "gateway",
    ),
  ),
  onFirewalls(
    setting(
      "GE-09",
      "a firewall of the network by its address, out of PHI or of the gateway",
      (stack, zone) =>
        firewall(stack, {
          network: "https://www.googleapis.com/compute/v1/projects/hospital-ai/global/networks/vpc",
          targetServiceAccounts: [emailText(zone)],
        }),
      "phi",
      "gateway",
    ),
  ),
  ...(
    [
      ["is missing", undefined],
      ["is of TCP alone", { denies: [{ protocol: "tcp" }] }],
      ["is disabled", { disabled: true }],
      ["has no direction, which is in", { direction: undefined, destinationRanges: undefined }],
      ["is of private addresses", { destinationRanges: ["10.0.0.0/8", "192.168.0.0/16"] }],
      ["is for those with a tag", { targetTags: ["closed"] }],
      ["comes after what allows all, as an old network does", { priority: 65535 }],
    ] as const
  ).map(([name, inputs]) =>
    onFirewalls(
      pair(
        "GE-09",
        `a firewall whose denial of what goes out ${name}`,
        (stack) => {
          if (inputs === undefined) {
            stack.remove("deny-out");
          } else {
            amend(stack, "deny-out", inputs);
          }
          if (name.startsWith("comes after")) {
            firewall(stack, { priority: 65534, targetServiceAccounts: undefined });
          }
        },
        (stack) => amend(stack, "deny-out", { destinationRanges: halves }),
      ),
    ),
  ),
];

/** A rule for whoever carries a tag, and a machine that carries it. */
function tagged(
  stack: Sketch,
  zone: "gateway" | "phi",
  tags: readonly string[] | string = ["batch"],
): Sketch {
  firewall(stack, { targetServiceAccounts: undefined, targetTags: ["batch"] });
  silentResolver(stack, stack.id("vpc"));
  machine(stack, "phi", zone === "phi" ? { tags } : {});
  if (zone === "gateway") {
    machine(stack, "gateway", { tags }, "front");
  }
  return stack;
}

const phiTag = "tagValues/281483307043001";
const gatewayTag = "tagValues/281483307043002";

/** The same by tags that only who is allowed to can give. */
function securelyTagged(stack: Sketch, value: string, more: Inputs = {}): Sketch {
  const key = "tagKeys/281478395625001";
  policyRule(stack, { targetServiceAccounts: undefined, targetSecureTags: [{ name: value }], ...more });
  silentResolver(stack, stack.id("vpc"));
  machine(stack, "phi", { params: { resourceManagerTags: { [key]: phiTag } } });
  machine(stack, "gateway", { params: { resourceManagerTags: { [key]: gatewayTag } } }, "front");
  return stack;
}

const tags: readonly CorpusCase[] = [
  onFirewalls(setting("GE-09", "a tag of a machine of PHI, or of the gateway", tagged, "phi", "gateway")),
  onFirewalls(
    setting(
      "GE-09",
      "tags of a machine of PHI that nobody knows, or others than the rule's",
      (stack, own: readonly string[] | string) => tagged(stack, "phi", own),
      unknownText as readonly string[] | string,
      ["other"],
    ),
  ),
  setting(
    "GE-09",
    "a secure tag of a machine of PHI, or of the gateway",
    (stack, value: string) => securelyTagged(stack, value),
    phiTag,
    gatewayTag,
  ),
  setting(
    "GE-09",
    "two secure tags, of which one is of a machine of PHI",
    (stack, values: readonly string[]) =>
      securelyTagged(stack, gatewayTag, { targetSecureTags: values.map((name) => ({ name })) }),
    [gatewayTag, phiTag],
    [gatewayTag],
  ),
  setting(
    "GE-09",
    "a secure tag that nobody knows",
    (stack, value: string) => securelyTagged(stack, value),
    unknownText,
    gatewayTag,
  ),
];

/** What comes into PHI. */
function into(name: string, bad: Inputs, good: Inputs): CorpusCase {
  return setting(
    "GE-09",
    `into PHI: ${name}`,
    (stack, match: Inputs) =>
      policyRule(
        stack,
        { direction: "INGRESS" },
        { destIpRanges: undefined, srcIpRanges: [addressesOf.processing], ...match },
      ),
    bad,
    good,
  );
}

const admissions: readonly CorpusCase[] = [
  into("from everywhere", { srcIpRanges: ["0.0.0.0/0"] }, {}),
  into("from the gateway", { srcIpRanges: [addressesOf.gateway] }, {}),
  into(
    "from halves of all addresses",
    { srcIpRanges: halves },
    { srcIpRanges: ["10.0.2.0/25", "10.0.2.128/25"] },
  ),
  into("from load balancers of Google's", { srcIpRanges: frontEnds }, {}),
  into("from nobody that is named", { srcIpRanges: undefined }, {}),
  into("from whom nobody knows", { srcIpRanges: [unknownText] }, {}),
  into("on the port of SSH", { layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] }, {}),
  into("on every port", { layer4Configs: everything }, {}),
  into(
    "from people's browsers by IAP",
    { srcIpRanges: ["35.235.240.0/20"], layer4Configs: [{ ipProtocol: "tcp", ports: ["22"] }] },
    {},
  ),
  into("from all of IPv6", { srcIpRanges: ["::/0"] }, {}),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to filters: row GE-09. */
export const gcpWaysOutOfFilters: readonly CorpusCase[] = [
  ...destinations,
  ...protocols,
  ...targets,
  ...actions,
  ...denials,
  ...firewalls,
  ...tags,
  ...admissions,
];
