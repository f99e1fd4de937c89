import { unknownText, type Sketch } from "../stack-sketch";

import { addressesOf, claim, emailOf, emailText, everything, https } from "./gcp-base";
import {
  firewall,
  gcp,
  inputsOf,
  inside,
  onFirewalls,
  onNetworks,
  pair,
  plainNetwork,
  policyRule,
  secondSubnet,
  setting,
} from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const denyAll: Inputs = {
  allows: undefined,
  denies: [{ protocol: "all" }],
  targetServiceAccounts: undefined,
};

/** Evaluation by number, and rules of one kind before those of another. */
const order: readonly CorpusCase[] = [
  setting(
    "GE-09",
    "order: allowed before it is denied, or after",
    (stack, priority) => policyRule(stack, { priority }),
    2147482999,
    2147483300,
  ),
  setting(
    "GE-09",
    "order: between two denials, of which the first is of part or of all",
    (stack, destIpRanges) => {
      policyRule(
        stack,
        { action: "deny", priority: 400 },
        { destIpRanges, layer4Configs: everything },
        "first",
      );
      policyRule(stack, {}, { destIpRanges: ["203.0.113.0/24"] });
    },
    ["203.0.113.0/25"],
    ["203.0.0.0/16"],
  ),
  setting(
    "GE-09",
    "order: after a denial of TCP on 443, or of UDP",
    (stack, ipProtocol) => {
      policyRule(stack, { action: "deny", priority: 400 }, { layer4Configs: [{ ipProtocol }] }, "first");
      policyRule(stack);
    },
    "udp",
    "tcp",
  ),
  setting(
    "GE-09",
    "order: after a denial for another, or for PHI",
    (stack, zone) => {
      policyRule(
        stack,
        { action: "deny", priority: 400, targetServiceAccounts: [emailOf(stack, zone)] },
        {},
        "first",
      );
      policyRule(stack);
    },
    "processing",
    "phi",
  ),
  setting(
    "GE-09",
    "order: after a denial that is disabled, or in force",
    (stack, disabled) => {
      policyRule(stack, { action: "deny", priority: 400, disabled }, {}, "first");
      policyRule(stack);
    },
    true,
    false,
  ),
  setting(
    "GE-09",
    "order: after two denials of halves, of which one is of TCP on another port",
    (stack, port) => {
      policyRule(stack, { action: "deny", priority: 400 }, { destIpRanges: ["0.0.0.0/1"] }, "first");
      policyRule(
        stack,
        { action: "deny", priority: 401 },
        { destIpRanges: ["128.0.0.0/1"], layer4Configs: [{ ipProtocol: "tcp", ports: [port] }] },
        "second",
      );
      policyRule(stack);
    },
    "444",
    "443",
  ),
  pair(
    "GE-09",
    "order: registered last and first by its number, or the reverse",
    (stack) => policyRule(stack, { priority: 1 }),
    (stack) => {
      const denial = inputsOf(stack, "deny-out");
      policyRule(stack.remove("deny-out"), { priority: 2147483300 });
      stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "deny-out", denial);
    },
  ),
  // goto_next
  pair(
    "GE-09",
    "goto_next, and nothing behind that denies",
    (stack) => policyRule(stack, { action: "goto_next" }, { layer4Configs: everything }),
    (stack) => firewall(policyRule(stack, { action: "goto_next" }), denyAll, "behind"),
  ),
  setting(
    "GE-09",
    "goto_next, and behind it a denial of TCP on another port, or of all",
    (stack, denies: readonly Inputs[]) =>
      firewall(policyRule(stack, { action: "goto_next" }), { ...denyAll, denies }, "behind"),
    [{ protocol: "tcp", ports: ["80"] }],
    [{ protocol: "all" }],
  ),
  setting(
    "GE-09",
    "goto_next, and behind it what is allowed at the number of the denial, which wins, or before it",
    (stack, priority) => {
      policyRule(stack, { action: "goto_next" });
      firewall(stack, { ...denyAll, priority: 1000 }, "behind");
      firewall(stack, { priority }, "open");
    },
    999,
    1000,
  ),
  setting(
    "GE-09",
    "goto_next before the denial, or after it",
    (stack, priority) => policyRule(stack, { action: "goto_next", priority }),
    600,
    2147483300,
  ),
];

/** A network's own rules before its policies, or after. */
const enforcement: readonly CorpusCase[] = [
  ...(
    [
      ["after its own rules", "AFTER_CLASSIC_FIREWALL"],
      ["when nobody says, which is after its own rules", undefined],
      ["when nobody knows", unknownText],
    ] as const
  ).map(([name, networkFirewallPolicyEnforcementOrder]) =>
    pair(
      "GE-10",
      `policies of the network ${name}, and a rule of its own that lets PHI out`,
      (stack) => firewall(amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder })),
      (stack) => firewall(stack),
    ),
  ),
  setting(
    "GE-10",
    "policies after rules of the network, of which one lets PHI out, or to itself",
    (stack, destinationRanges) =>
      firewall(amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL" }), {
        destinationRanges,
      }),
    ["0.0.0.0/0"],
    [inside],
  ),
  pair(
    "GE-10",
    "policies after rules of the network that let PHI out, behind a denial of the network's or not",
    (stack) => {
      amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder: undefined });
      firewall(firewall(stack), { ...denyAll, priority: 2000 }, "behind");
    },
    (stack) => {
      amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder: undefined });
      firewall(firewall(stack, { priority: 3000 }), { ...denyAll, priority: 2000 }, "behind");
    },
  ),
  onNetworks(
    setting(
      "GE-10",
      "policies before or after rules of the network, which let all out",
      (stack, networkFirewallPolicyEnforcementOrder: string | undefined) => {
        amend(stack, "phi-vpc", { networkFirewallPolicyEnforcementOrder });
        firewall(stack, { network: stack.id("phi-vpc"), targetServiceAccounts: undefined });
      },
      undefined,
      "BEFORE_CLASSIC_FIREWALL",
    ),
  ),
];

function associated(stack: Sketch, inputs: Inputs): Sketch {
  return amend(stack, "association", inputs);
}

/** A policy that is bound to nothing, or to something else. */
const binding: readonly CorpusCase[] = [
  pair(
    "GE-10",
    "a policy that is bound to no network",
    (stack) => stack.remove("association"),
    (stack) => associated(stack, { name: "another-name" }),
  ),
  pair(
    "GE-10",
    "a policy that is bound to another network",
    (stack) => associated(stack, { attachmentTarget: plainNetwork(stack) }),
    (stack) => {
      plainNetwork(stack);
    },
  ),
  setting(
    "GE-10",
    "a policy of which nobody knows to what it is bound",
    (stack, attachmentTarget) => associated(stack, { attachmentTarget }),
    unknownText,
    "projects/hospital-ai/global/networks/vpc",
  ),
  setting(
    "GE-10",
    "a policy that is bound by the address of its network, or of another's",
    (stack, network) =>
      associated(stack, {
        attachmentTarget: `https://www.googleapis.com/compute/v1/projects/hospital-ai/global/networks/${network}`,
      }),
    "default",
    "vpc",
  ),
  pair(
    "GE-10",
    "another policy is bound, which says nothing",
    (stack) =>
      associated(stack, {
        firewallPolicy: stack.add(gcp("compute", "NetworkFirewallPolicy"), "empty", { name: "empty" }),
      }),
    (stack) => {
      stack.add(gcp("compute", "NetworkFirewallPolicy"), "empty", { name: "empty" });
      associated(stack, { firewallPolicy: "policy" });
    },
  ),
  pair(
    "GE-10",
    "the denial is a rule of a policy that is not bound",
    (stack) => {
      stack.add(gcp("compute", "NetworkFirewallPolicy"), "spare", { name: "spare" });
      amend(stack, "deny-out", { firewallPolicy: "spare" });
    },
    (stack) => amend(stack, "deny-out", { firewallPolicy: "policy" }),
  ),
  pair(
    "GE-10",
    "no filter at all",
    (stack) => ["deny-out", "deny-out-v6"].forEach((name) => stack.remove(name)),
    (stack) => stack.remove("deny-out-v6"),
  ),
  onNetworks(
    pair(
      "GE-10",
      "a policy that is bound to no network",
      (stack) => stack.remove("phi-association"),
      (stack) => amend(stack, "phi-association", { name: "another-name" }),
    ),
  ),
  onNetworks(
    pair(
      "GE-10",
      "a network of PHI whose policy is the other network's association by mistake",
      (stack) => amend(stack, "phi-association", { attachmentTarget: stack.id("vpc") }),
      (stack) => amend(stack, "phi-association", { attachmentTarget: `${stack.id("phi-vpc")}.selfLink` }),
    ),
  ),
  onNetworks(
    setting(
      "GE-10",
      "IPv6 that nothing denies, where the subnet has it or not",
      (stack, stackType) => {
        stack.remove("phi-deny-out-v6");
        amend(stack, "phi-subnet", {
          stackType,
          ...(stackType === "IPV4_IPV6" ? { ipv6AccessType: "EXTERNAL" } : {}),
        });
      },
      "IPV4_IPV6",
      "IPV4_ONLY",
    ),
  ),
  onFirewalls(
    pair(
      "GE-10",
      "no rule of what goes out, and nothing else that denies",
      (stack) => ["deny-out", "deny-out-v6"].forEach((name) => stack.remove(name)),
      (stack) => stack.remove("deny-out-v6"),
    ),
  ),
  pair(
    "GE-10",
    "a second network of PHI that has no policy",
    (stack) => {
      plainNetwork(stack, "second-vpc");
      claim(stack, "phi", "second-vpc");
      secondSubnet(stack, stack.id("second-vpc"), "phi");
    },
    (stack) => secondSubnet(stack, stack.id("vpc"), "phi"),
  ),
];

const regionRule = gcp("compute", "RegionNetworkFirewallPolicyRule");

/** A policy of one region of the network, with one rule for PHI. */
function regional(stack: Sketch, inputs: Inputs = {}, region = "us-central1", isBound = true): Sketch {
  stack.add(gcp("compute", "RegionNetworkFirewallPolicy"), "regional", { name: "regional", region });
  if (isBound) {
    stack.add(gcp("compute", "RegionNetworkFirewallPolicyAssociation"), "regional-association", {
      name: "regional-association",
      region,
      attachmentTarget: stack.id("vpc"),
      firewallPolicy: "regional",
    });
  }
  stack.add(regionRule, "regional-rule", {
    firewallPolicy: "regional",
    region,
    direction: "EGRESS",
    action: "allow",
    priority: 100,
    match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: https },
    ...inputs,
  });
  return stack;
}

const denyOfRegion: Inputs = {
  action: "deny",
  match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: everything },
};

const regions: readonly CorpusCase[] = [
  pair(
    "GE-09",
    "a policy of the region lets PHI out, behind no denial or behind one",
    (stack) => regional(stack.remove("deny-out")),
    (stack) => regional(stack),
  ),
  pair(
    "GE-09",
    "a policy of the region denies, or allows, where the network's does not say",
    (stack) => regional(stack.remove("deny-out")),
    (stack) => regional(stack.remove("deny-out"), denyOfRegion),
  ),
  pair(
    "GE-09",
    "the network's policy leaves it to that of the region, which allows or denies",
    (stack) => regional(policyRule(stack, { action: "goto_next" })),
    (stack) => regional(policyRule(stack, { action: "goto_next" }), denyOfRegion),
  ),
  pair(
    "GE-10",
    "the denial is of another region's policy",
    (stack) => regional(stack.remove("deny-out"), denyOfRegion, "europe-west4"),
    (stack) => regional(stack.remove("deny-out"), denyOfRegion),
  ),
  pair(
    "GE-10",
    "the denial is of a policy of the region that is bound to nothing",
    (stack) => regional(stack.remove("deny-out"), denyOfRegion, "us-central1", false),
    (stack) => regional(stack.remove("deny-out"), denyOfRegion),
  ),
  pair(
    "GE-10",
    "the network's own rules, which allow, come after the region's policy, or before it",
    (stack) => {
      amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL" });
      firewall(regional(stack.remove("deny-out"), denyOfRegion));
    },
    (stack) => firewall(regional(stack.remove("deny-out"), denyOfRegion)),
  ),
];

/** The text of an email that is an output. */
function textOf(email: unknown): string {
  return String(email).replace(/^.*\/|\.email$/g, "");
}

/** The rules of the policy as parts of it, each for an account by its text: which is whose, a preview would not tell. */
function inline(stack: Sketch, more: readonly Inputs[], type = "NetworkFirewallPolicyWithRules"): Sketch {
  const region = type.startsWith("Region") ? { region: "us-central1" } : {};
  const rules = stack
    .resources()
    .filter((resource) => resource.type === "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule")
    .map(({ name }) => {
      const { targetServiceAccounts, ...inputs } = inputsOf(stack, name);
      const rule = Object.fromEntries(Object.entries(inputs).filter(([input]) => input !== "firewallPolicy"));
      stack.remove(name);
      return Array.isArray(targetServiceAccounts)
        ? { ...rule, targetServiceAccounts: targetServiceAccounts.map(textOf) }
        : rule;
    });
  stack.remove("policy").add(gcp("compute", type), "policy", {
    name: "policy",
    ...region,
    rules: [...more, ...rules],
  });
  if (type.startsWith("Region")) {
    stack.remove("association").add(gcp("compute", "RegionNetworkFirewallPolicyAssociation"), "association", {
      name: "association",
      ...region,
      attachmentTarget: stack.id("vpc"),
      firewallPolicy: stack.id("policy"),
    });
  }
  return stack;
}

const outOfPhi = (more: Inputs = {}): Inputs => ({
  priority: 500,
  direction: "EGRESS",
  action: "allow",
  targetServiceAccounts: [emailText("phi")],
  match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: https },
  ...more,
});

const inlineRules: readonly CorpusCase[] = [
  "NetworkFirewallPolicyWithRules",
  "RegionNetworkFirewallPolicyWithRules",
].flatMap((type) => [
  setting(
    "GE-09",
    `${type}: a rule that lets PHI out, or to itself`,
    (stack, destIpRanges) =>
      inline(stack, [outOfPhi({ match: { destIpRanges, layer4Configs: https } })], type),
    ["0.0.0.0/0"],
    [inside],
  ),
  setting(
    "GE-09",
    `${type}: a rule before the denial, or after it`,
    (stack, priority) => inline(stack, [outOfPhi({ priority })], type),
    500,
    2147483300,
  ),
  setting(
    "GE-09",
    `${type}: a rule that leaves PHI to what is behind`,
    (stack, action) => inline(stack, [outOfPhi({ action })], type),
    "goto_next",
    "deny",
  ),
  setting(
    "GE-09",
    `${type}: a rule that is in force, or disabled`,
    (stack, disabled) => inline(stack, [outOfPhi({ disabled })], type),
    false,
    true,
  ),
  setting(
    "GE-09",
    `${type}: without a direction, which is in`,
    (stack, direction: string | undefined) =>
      inline(
        stack,
        [
          outOfPhi(
            direction === undefined
              ? { direction, match: { srcIpRanges: [addressesOf.processing], layer4Configs: https } }
              : { direction },
          ),
        ],
        type,
      ),
    "EGRESS",
    undefined,
  ),
  pair(
    "GE-09",
    `${type}: rules that nobody knows`,
    (stack) => amend(inline(stack, [], type), "policy", { rules: unknownText }),
    (stack) => inline(stack, [], type),
  ),
]);

/** A policy of a folder, which comes before all others: it may be above the project, and nothing says that it is not. */
function hierarchical(stack: Sketch, inputs: Inputs = {}, isBound = true): Sketch {
  stack.add(gcp("compute", "FirewallPolicy"), "folder-policy", {
    parent: "folders/444444444444",
    shortName: "folder-policy",
  });
  if (isBound) {
    stack.add(gcp("compute", "FirewallPolicyAssociation"), "folder-association", {
      name: "folder-association",
      attachmentTarget: "folders/444444444444",
      firewallPolicy: stack.id("folder-policy"),
    });
  }
  stack.add(gcp("compute", "FirewallPolicyRule"), "folder-rule", {
    firewallPolicy: stack.id("folder-policy"),
    direction: "EGRESS",
    action: "allow",
    priority: 100,
    match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: https },
    ...inputs,
  });
  return stack;
}

const hierarchy: readonly CorpusCase[] = [
  setting(
    "GE-09",
    "a policy of the folder: allows, or leaves it to the rules behind",
    (stack, action) => hierarchical(stack, { action }),
    "allow",
    "goto_next",
  ),
  setting(
    "GE-09",
    "a policy of the folder: allows, or denies",
    (stack, action) => hierarchical(stack, { action }),
    "allow",
    "deny",
  ),
  setting(
    "GE-09",
    "a policy of the folder: in force, or disabled",
    (stack, disabled) => hierarchical(stack, { disabled }),
    false,
    true,
  ),
  setting(
    "GE-09",
    "a policy of the folder: for PHI, or for the gateway",
    (stack, zone) => hierarchical(stack, { targetServiceAccounts: [emailText(zone)] }),
    "phi",
    "gateway",
  ),
  pair(
    "GE-09",
    "a policy of the folder: for this network, or for another",
    (stack) => {
      plainNetwork(stack);
      hierarchical(stack, { targetResources: [`${stack.id("vpc")}.selfLink`] });
    },
    (stack) => hierarchical(stack, { targetResources: [`${plainNetwork(stack)}.selfLink`] }),
  ),
  onNetworks(
    pair(
      "GE-09",
      "a policy of the folder: for all networks, or for that of the others",
      (stack) => hierarchical(stack),
      (stack) => hierarchical(stack, { targetResources: [`${stack.id("vpc")}.selfLink`] }),
    ),
  ),
  setting(
    "GE-09",
    "a policy of the folder: what it does nobody knows",
    (stack, action) => hierarchical(stack, { action }),
    unknownText,
    "deny",
  ),
  setting(
    "GE-09",
    "a policy of the folder: allows to one place, or to PHI itself",
    (stack, destIpRanges) => hierarchical(stack, { match: { destIpRanges, layer4Configs: https } }),
    ["203.0.113.0/24"],
    [inside],
  ),
  setting(
    "GE-09",
    "a policy of the folder with its rules as parts: allows, or denies",
    (stack, action) => {
      stack.add(gcp("compute", "FirewallPolicyWithRules"), "folder-policy", {
        parent: "folders/444444444444",
        shortName: "folder-policy",
        rules: [
          {
            priority: 100,
            direction: "EGRESS",
            action,
            match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: https },
          },
        ],
      });
      stack.add(gcp("compute", "FirewallPolicyAssociation"), "folder-association", {
        name: "folder-association",
        attachmentTarget: "folders/444444444444",
        firewallPolicy: stack.id("folder-policy"),
      });
    },
    "allow",
    "deny",
  ),
  setting(
    "GE-09",
    "a policy of the folder lets the gateway's addresses into PHI, or processing's",
    (stack, srcIpRanges) =>
      hierarchical(stack, {
        direction: "INGRESS",
        match: { srcIpRanges, layer4Configs: https },
        targetServiceAccounts: [emailText("phi")],
      }),
    [addressesOf.gateway],
    [addressesOf.processing],
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to the order of filters: rows GE-09 and GE-10. */
export const gcpWaysOutOfRuleOrder: readonly CorpusCase[] = [
  ...order,
  ...enforcement,
  ...binding,
  ...regions,
  ...inlineRules,
  ...hierarchy,
];
