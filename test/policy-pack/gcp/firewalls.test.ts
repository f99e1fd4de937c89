import { describe, expect, it } from "vitest";

import { filterOf, factsOf, passing, refusalsOf } from "../azure/azure-facts";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const everyKnowledge: readonly Knowledge[] = ["preview", "deployed"];
const rest = "whatever else is in Network vpc";

/** A network with one subnet 10.0.0.0/20, that of a stranger. */
function withNetwork(knowledge: Knowledge, network: Inputs = {}, subnet: Inputs = {}): Sketch {
  const stack = new Sketch(knowledge);
  const vpc = stack.add("gcp:compute/network:Network", "vpc", {
    name: "vpc",
    autoCreateSubnetworks: false,
    deleteDefaultRoutesOnCreate: true,
    networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
    ...network,
  });
  stack.add("gcp:compute/subnetwork:Subnetwork", "subnet", {
    name: "subnet",
    network: vpc,
    ipCidrRange: "10.0.0.0/20",
    ...subnet,
  });
  return stack;
}

function classic(stack: Sketch, name: string, inputs: Inputs): void {
  stack.add("gcp:compute/firewall:Firewall", name, { name, network: stack.id("vpc"), ...inputs });
}

function policy(stack: Sketch, name = "policy"): string {
  const id = stack.add("gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy", name, { name });
  stack.add("gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation", `${name}-vpc`, {
    name: `${name}-vpc`,
    attachmentTarget: stack.id("vpc"),
    firewallPolicy: `${id}.name`,
  });
  return id;
}

function rule(stack: Sketch, name: string, inputs: Inputs, of = "policy"): void {
  stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", name, {
    firewallPolicy: `${stack.id(of)}.name`,
    ...inputs,
  });
}

const all = [{ ipProtocol: "all" }];
const https = [{ ipProtocol: "tcp", ports: ["443"] }];

function denyAll(stack: Sketch, of = "policy"): void {
  for (const direction of ["EGRESS", "INGRESS"]) {
    const key = direction === "EGRESS" ? "destIpRanges" : "srcIpRanges";
    rule(
      stack,
      `${of}-deny-${direction}`,
      {
        direction,
        action: "deny",
        priority: 2147483000,
        match: { [key]: ["0.0.0.0/0", "::/0"], layer4Configs: all },
      },
      of,
    );
  }
}

function egressOf(stack: Sketch, label = rest): readonly string[] {
  return passing(filterOf(factsOf(stack), label), "egress");
}

function ingressOf(stack: Sketch, label = rest): readonly string[] {
  return passing(filterOf(factsOf(stack), label), "ingress");
}

const everything = "any protocol 0.0.0.0 to 255.255.255.255";

describe("what Google implies", () => {
  it.each(everyKnowledge)("lets everything out and nothing in (%s)", (knowledge) => {
    const stack = withNetwork(knowledge);
    expect(egressOf(stack)).toEqual([everything]);
    expect(ingressOf(stack)).toEqual([]);
  });

  it("speaks of IPv6 where there is IPv6", () => {
    const stack = withNetwork("deployed", {}, { stackType: "IPV4_IPV6" });
    expect(egressOf(stack)).toEqual([
      everything,
      "any protocol :: to ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]);
  });
});

describe("rules of a network", () => {
  it.each([
    ["denies all", { denies: [{ protocol: "all" }] }, []],
    ["denies all in capital letters", { direction: "egress", denies: [{ protocol: "ALL" }] }, []],
    ["is disabled", { denies: [{ protocol: "all" }], disabled: true }, [everything]],
    ["may be disabled", { denies: [{ protocol: "all" }], disabled: unknownText }, [everything]],
    [
      "has a priority that is not known",
      { denies: [{ protocol: "all" }], priority: unknownText },
      [everything],
    ],
    ["denies somebody else", { denies: [{ protocol: "all" }], targetTags: ["web"] }, [everything]],
    [
      "denies a part",
      { denies: [{ protocol: "all" }], destinationRanges: ["0.0.0.0/1"] },
      ["any protocol 128.0.0.0 to 255.255.255.255"],
    ],
    ["denies what is not known", { denies: [{ protocol: unknownText }] }, [everything]],
    [
      "denies one protocol",
      { denies: [{ protocol: "tcp" }] },
      ["any protocol 0.0.0.0 to 255.255.255.255", "any protocol 0.0.0.0 to 255.255.255.255"],
    ],
  ])("are held to what they say where one %s", (_what, inputs, expected) => {
    const stack = withNetwork("deployed");
    classic(stack, "deny", { direction: "EGRESS", ...inputs });
    expect(egressOf(stack)).toEqual(expected);
  });

  it("are for what comes in where no direction is said", () => {
    const stack = withNetwork("deployed");
    classic(stack, "allow", { allows: [{ protocol: "tcp", ports: ["443"] }], sourceRanges: ["10.9.0.0/16"] });
    classic(stack, "deny", { denies: [{ protocol: "all" }], priority: 2000 });
    expect(ingressOf(stack)).toEqual(["tcp 443 10.9.0.0 to 10.9.255.255"]);
    expect(egressOf(stack)).toEqual([everything]);
  });

  it.each([
    ["an allowance of a smaller number", 900, ["tcp 443 203.0.113.0 to 203.0.113.255"]],
    ["an allowance of the same number", 1000, []],
    ["an allowance of a greater number", 1100, []],
    ["an allowance without a number", undefined, []],
    ["an allowance whose number is not known", unknownText, ["tcp 443 203.0.113.0 to 203.0.113.255?"]],
  ])("are tried in order: %s", (_what, priority, expected) => {
    for (const order of [0, 1]) {
      const stack = withNetwork("deployed");
      const add = [
        (): void => {
          classic(stack, "allow", {
            direction: "EGRESS",
            allows: [{ protocol: "tcp", ports: ["443"] }],
            destinationRanges: ["203.0.113.0/24"],
            priority,
          });
        },
        (): void => {
          classic(stack, "deny", { direction: "EGRESS", denies: [{ protocol: "all" }] });
        },
      ];
      add[order]?.();
      add[1 - order]?.();
      expect(egressOf(stack)).toEqual(expected);
    }
  });

  it.each(everyKnowledge)("are for whom they name (%s)", (knowledge) => {
    const stack = withNetwork(knowledge);
    const account = stack.add("gcp:serviceaccount/account:Account", "rag", { accountId: "rag" });
    classic(stack, "deny", { direction: "EGRESS", denies: [{ protocol: "all" }], priority: 65534 });
    classic(stack, "rag", {
      direction: "EGRESS",
      allows: [{ protocol: "tcp", ports: ["443"] }],
      destinationRanges: ["10.9.0.0/16"],
      targetServiceAccounts: [`${account}.email`],
    });
    classic(stack, "web", {
      direction: "EGRESS",
      allows: [{ protocol: "udp", ports: ["53"] }],
      destinationRanges: ["10.9.0.2/32"],
      targetTags: ["web"],
    });
    expect(egressOf(stack)).toEqual([]);
    expect(egressOf(stack, "service account rag in Network vpc")).toEqual([
      "tcp 443 10.9.0.0 to 10.9.255.255",
    ]);
    expect(egressOf(stack, "network tag web in Network vpc")).toEqual(["udp 53 10.9.0.2 to 10.9.0.2"]);
  });

  it("let in what has a service account or a tag, if nothing before denies it", () => {
    const stack = withNetwork("deployed");
    const account = stack.add("gcp:serviceaccount/account:Account", "rag", { accountId: "rag" });
    classic(stack, "from", {
      allows: [{ protocol: "tcp", ports: ["443"] }],
      sourceServiceAccounts: [`${account}.email`],
      sourceTags: ["web"],
    });
    expect(ingressOf(stack)).toEqual([
      "tcp 443 network tag web in Network vpc",
      "tcp 443 service account rag in Network vpc",
    ]);
    classic(stack, "no-web", { denies: [{ protocol: "tcp" }], sourceTags: ["web"], priority: 10 });
    expect(ingressOf(stack)).toEqual(["tcp 443 service account rag in Network vpc"]);
    classic(stack, "nobody", {
      denies: [{ protocol: "all" }],
      sourceRanges: ["0.0.0.0/0", "::/0"],
      priority: 5,
    });
    expect(ingressOf(stack)).toEqual([]);
  });

  it("of a network that is not known prove nothing", () => {
    const stack = withNetwork("deployed");
    stack.add("gcp:compute/firewall:Firewall", "deny", {
      network: unknownText,
      direction: "EGRESS",
      denies: [{ protocol: "all" }],
    });
    expect(egressOf(stack)).toEqual([everything]);
  });

  it.each(["vpc", "global/networks/vpc", "projects/hospital-ai/global/networks/vpc"])(
    "are of the network that they call %s",
    (network) => {
      const stack = withNetwork("deployed");
      classic(stack, "deny", { network, direction: "EGRESS", denies: [{ protocol: "all" }] });
      expect(egressOf(stack)).toEqual([]);
    },
  );

  it("are of no network of another project", () => {
    const stack = withNetwork("deployed");
    classic(stack, "deny", {
      network: "vpc",
      project: "another",
      direction: "EGRESS",
      denies: [{ protocol: "all" }],
    });
    expect(egressOf(stack)).toEqual([everything]);
  });
});

describe("firewall policies", () => {
  it.each(everyKnowledge)("are in force where they are associated (%s)", (knowledge) => {
    const stack = withNetwork(knowledge);
    policy(stack);
    denyAll(stack);
    rule(stack, "allow", {
      direction: "EGRESS",
      action: "allow",
      priority: 100,
      match: { destIpRanges: ["10.9.0.5/32"], layer4Configs: https },
    });
    expect(egressOf(stack)).toEqual(["tcp 443 10.9.0.5 to 10.9.0.5"]);
    expect(ingressOf(stack)).toEqual([]);
  });

  it("are in force nowhere without an association", () => {
    const stack = withNetwork("deployed");
    policy(stack);
    denyAll(stack);
    stack.remove("policy-vpc");
    expect(egressOf(stack)).toEqual([everything]);
  });

  it.each([
    ["its rules are the network's own after it", "BEFORE_CLASSIC_FIREWALL", []],
    [
      "its rules are the network's own before it",
      "AFTER_CLASSIC_FIREWALL",
      ["tcp 443 203.0.113.9 to 203.0.113.9"],
    ],
    ["nothing says the order", undefined, ["tcp 443 203.0.113.9 to 203.0.113.9"]],
    ["the order is not known", unknownText, ["tcp 443 203.0.113.9 to 203.0.113.9"]],
  ])("come before or after rules of the network: %s", (_what, order, expected) => {
    const stack = withNetwork("deployed", { networkFirewallPolicyEnforcementOrder: order });
    policy(stack);
    denyAll(stack);
    classic(stack, "allow", {
      direction: "EGRESS",
      allows: [{ protocol: "tcp", ports: [443] }],
      destinationRanges: ["203.0.113.9"],
    });
    expect(egressOf(stack)).toEqual(expected);
  });

  it("hand packets on", () => {
    const stack = withNetwork("deployed");
    policy(stack);
    denyAll(stack);
    rule(stack, "next", {
      direction: "EGRESS",
      action: "goto_next",
      priority: 100,
      match: { destIpRanges: ["10.9.0.0/24"], layer4Configs: all },
    });
    expect(egressOf(stack)).toEqual(["any protocol 10.9.0.0 to 10.9.0.255"]);
    classic(stack, "deny", { direction: "EGRESS", denies: [{ protocol: "all" }] });
    expect(egressOf(stack)).toEqual([]);
  });

  it.each([
    ["an inspection", { action: "apply_security_profile_group" }, ["tcp 443 10.9.0.0 to 10.9.0.255"]],
    ["an action that is not known", { action: unknownText }, ["tcp 443 10.9.0.0 to 10.9.0.255?"]],
    ["a denial", { action: "deny" }, []],
    ["a rule that is disabled", { action: "allow", disabled: true }, []],
    [
      "a rule that may be disabled",
      { action: "allow", disabled: unknownText },
      ["tcp 443 10.9.0.0 to 10.9.0.255?"],
    ],
    ["a rule for the other direction", { action: "allow", direction: "INGRESS" }, []],
    [
      "a rule whose direction is not known",
      { action: "allow", direction: unknownText },
      ["tcp 443 10.9.0.0 to 10.9.0.255?"],
    ],
    ["a rule for load balancers", { action: "allow", targetType: "INTERNAL_MANAGED_LB" }, []],
  ])("let pass what %s lets", (_what, inputs, expected) => {
    const stack = withNetwork("deployed");
    policy(stack);
    denyAll(stack);
    rule(stack, "some", {
      direction: "EGRESS",
      priority: 100,
      match: { destIpRanges: ["10.9.0.0/24"], layer4Configs: https },
      ...inputs,
    });
    expect(egressOf(stack)).toEqual(expected);
  });

  it.each([
    ["names", { destFqdns: ["example.com"] }],
    ["countries", { destRegionCodes: ["US"] }],
    ["lists of Google's", { destThreatIntelligences: ["iplist-known-malicious-ips"] }],
    [
      "groups of addresses that are not in the stack",
      { destAddressGroups: ["projects/p/locations/global/addressGroups/g"] },
    ],
    ["addresses that are not known", { destIpRanges: [unknownText] }],
  ])("may let everything pass by %s, and deny nothing", (_what, match) => {
    const stack = withNetwork("deployed");
    policy(stack);
    rule(stack, "some", {
      direction: "EGRESS",
      action: "allow",
      priority: 100,
      match: { ...match, layer4Configs: https },
    });
    denyAll(stack);
    expect(egressOf(stack)).toEqual([
      "tcp 443 0.0.0.0 to 255.255.255.255?",
      "tcp 443 :: to ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff?",
    ]);
    stack.change("some", (inputs) => ({ ...inputs, action: "deny" }));
    stack.remove("policy-deny-EGRESS");
    expect(egressOf(stack)).toEqual([everything]);
  });

  it("know the addresses of groups of the stack", () => {
    const stack = withNetwork("deployed");
    policy(stack);
    denyAll(stack);
    const group = stack.add("gcp:networksecurity/addressGroup:AddressGroup", "group", {
      name: "group",
      parent: "projects/hospital-ai",
      location: "global",
      type: "IPV4",
      items: ["10.9.0.0/24", "10.9.2.1"],
    });
    rule(stack, "some", {
      direction: "EGRESS",
      action: "allow",
      priority: 100,
      match: { destAddressGroups: [group], layer4Configs: https },
    });
    expect(egressOf(stack)).toEqual(["tcp 443 10.9.0.0 to 10.9.0.255", "tcp 443 10.9.2.1 to 10.9.2.1"]);
  });

  it.each(["destNetworkScope", "destNetworkContext"])("deny nothing for certain that %s narrows", (key) => {
    const stack = withNetwork("deployed");
    policy(stack);
    denyAll(stack);
    stack.change("policy-deny-EGRESS", (inputs) => ({
      ...inputs,
      match: { destIpRanges: ["0.0.0.0/0", "::/0"], layer4Configs: all, [key]: "INTERNET" },
    }));
    expect(egressOf(stack)).toEqual([everything]);
  });

  it.each(everyKnowledge)("are for secure tags (%s)", (knowledge) => {
    const stack = withNetwork(knowledge);
    policy(stack);
    denyAll(stack);
    const [web, app] = ["web", "app"].map((name) =>
      stack.add("gcp:tags/tagValue:TagValue", name, { parent: "tagKeys/1", shortName: name }),
    );
    rule(stack, "in", {
      direction: "INGRESS",
      action: "allow",
      priority: 100,
      targetSecureTags: [{ name: app }],
      match: { srcSecureTags: [{ name: web }], layer4Configs: https },
    });
    expect(ingressOf(stack)).toEqual([]);
    expect(ingressOf(stack, "secure tag app in Network vpc")).toEqual([
      "tcp 443 secure tag web in Network vpc",
    ]);
  });

  it("hold rules of their own", () => {
    const stack = withNetwork("deployed");
    stack.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "policy", {
      name: "policy",
      rules: [
        {
          direction: "EGRESS",
          action: "deny",
          priority: 1000,
          match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: all },
        },
        {
          direction: "EGRESS",
          action: "allow",
          priority: 999,
          match: { destIpRanges: ["10.9.0.0/24"], layer4Configs: https },
        },
      ],
    });
    stack.add("gcp:compute/networkFirewallPolicyAssociation:NetworkFirewallPolicyAssociation", "here", {
      attachmentTarget: stack.id("vpc"),
      firewallPolicy: stack.id("policy"),
    });
    expect(egressOf(stack)).toEqual(["tcp 443 10.9.0.0 to 10.9.0.255"]);
  });

  it.each([
    ["us-central1", []],
    ["europe-west1", [everything]],
    [unknownText, [everything]],
  ])("of a region are in force in it alone: %s", (region, expected) => {
    const stack = withNetwork("deployed");
    const id = stack.add("gcp:compute/regionNetworkFirewallPolicy:RegionNetworkFirewallPolicy", "policy", {
      name: "policy",
      region,
    });
    stack.add(
      "gcp:compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation",
      "here",
      { attachmentTarget: stack.id("vpc"), firewallPolicy: id, region },
    );
    stack.add("gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule", "deny", {
      firewallPolicy: id,
      region,
      direction: "EGRESS",
      action: "deny",
      priority: 10,
      match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: all },
    });
    const place = region === unknownText ? "" : " in us-central1";
    expect(egressOf(stack, `${rest}${place}`)).toEqual(expected);
  });

  describe("of organisations and folders", () => {
    function withHierarchy(action: string, parent: Inputs): Sketch {
      const stack = withNetwork("deployed", { project: "phi-project" }, { project: "phi-project" });
      stack.add("gcp:organizations/project:Project", "project", { projectId: "phi-project", ...parent });
      const id = stack.add("gcp:compute/firewallPolicy:FirewallPolicy", "above", {
        parent: "organizations/9",
        shortName: "above",
      });
      stack.add("gcp:compute/firewallPolicyAssociation:FirewallPolicyAssociation", "here", {
        name: "here",
        attachmentTarget: "folders/5",
        firewallPolicy: id,
      });
      stack.add("gcp:compute/firewallPolicyRule:FirewallPolicyRule", "rule", {
        firewallPolicy: id,
        direction: "EGRESS",
        action,
        priority: 10,
        match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: all },
      });
      return stack;
    }

    it.each([
      ["the folder of the project", { folderId: "5" }, []],
      ["another folder", { folderId: "6" }, [everything]],
      ["a folder that is not known", { folderId: unknownText }, [everything]],
    ])("deny where they are above for certain: %s", (_what, parent, expected) => {
      expect(egressOf(withHierarchy("deny", parent))).toEqual(expected);
    });

    it.each([
      [{ folderId: "5" }, [everything]],
      [{ folderId: "6" }, [`${everything}?`]],
    ])("allow where they may be above: %s", (parent, expected) => {
      const stack = withHierarchy("allow", parent);
      policy(stack);
      denyAll(stack);
      expect(egressOf(stack)).toEqual(expected);
    });
  });

  it("without an association are judged as if in force where they are in a zone", () => {
    const stack = withNetwork("deployed");
    stack.add("pkg:index:Zones", "zones", {});
    const id = stack.add("gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy", "loose", {
      name: "loose",
    });
    stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "out", {
      firewallPolicy: id,
      direction: "EGRESS",
      action: "allow",
      priority: 1,
      match: { destIpRanges: ["203.0.113.0/24"], layer4Configs: https },
    });
    stack.addRaw({
      urn: "urn:pulumi:test::bulkhead::hospital:index:Platform::zones",
      type: "hospital:index:Platform",
      name: "zones",
      inputs: {},
      outputs: {
        zoneMembers: {
          phi: ["urn:pulumi:test::bulkhead::gcp:compute/networkFirewallPolicy:NetworkFirewallPolicy::loose"],
        },
      },
      custom: false,
      parent: undefined,
      computed: [],
    });
    const loose = "NetworkFirewallPolicy loose, which is associated with nothing";
    expect(egressOf(stack, loose)).toContain("tcp 443 203.0.113.0 to 203.0.113.255");
    expect(refusalsOf(stack).some((text) => text.includes(loose))).toBe(true);
  });
});
