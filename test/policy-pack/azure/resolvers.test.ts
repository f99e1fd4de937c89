import { describe, expect, it } from "vitest";

import { azureBase, type Inputs } from "../corpus/azure-base";
import { removeRules, runningMachine } from "../corpus/azure-network-pieces";
import { here } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { judge } from "../judge-on-a-day";
import { ownGroup, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { azureFactsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** The PHI zone with a machine that may ask Azure for names. */
function asking(stack: Sketch): Sketch {
  return removeRules(runningMachine(stack, "phi"), "deny-AzurePlatformDNS");
}

function list(stack: Sketch, name: string, domains: unknown): Inputs {
  return {
    id: stack.add("azure-native:dnsresolver:DnsResolverDomainList", name, {
      ...here,
      dnsResolverDomainListName: name,
      domains,
    }),
  };
}

function rule(
  stack: Sketch,
  name: string,
  priority: unknown,
  actionType: unknown,
  domains: unknown,
  more: Inputs = {},
): void {
  stack.add("azure-native:dnsresolver:DnsSecurityRule", name, {
    ...here,
    dnsResolverPolicyName: "names",
    dnsSecurityRuleName: name,
    priority,
    action: { actionType },
    dnsResolverDomainLists: [list(stack, `${name}-list`, domains)],
    dnsSecurityRuleState: "Enabled",
    ...more,
  });
}

function link(stack: Sketch, network = stack.id("vnet"), more: Inputs = {}): void {
  stack.add("azure-native:dnsresolver:DnsResolverPolicyVirtualNetworkLink", "link", {
    ...here,
    dnsResolverPolicyName: "names",
    dnsResolverPolicyVirtualNetworkLinkName: "link",
    virtualNetwork: { id: network },
    ...more,
  });
}

/** A policy that blocks every name, linked to the network. */
function closed(stack: Sketch): Sketch {
  stack.add("azure-native:dnsresolver:DnsResolverPolicy", "names", {
    ...here,
    dnsResolverPolicyName: "names",
  });
  rule(stack, "others", 65000, "Block", ["."]);
  link(stack);
  return stack;
}

function diagnostics(stack: Sketch, more: Inputs = {}): void {
  stack.add("azure-native:monitor:DiagnosticSetting", "queries", {
    name: "queries",
    resourceUri: stack.id("names"),
    workspaceId: stack.add("azure-native:operationalinsights:Workspace", "logs", {
      ...here,
      workspaceName: "logs",
    }),
    logs: [{ categoryGroup: "allLogs", enabled: true }],
    ...more,
  });
}

describe.each(knowledges)("names in a network of Azure's that holds the PHI zone, %s", (knowledge) => {
  const sketch = (change: Change): Sketch => {
    const stack = azureBase(knowledge);
    asking(stack);
    change(stack);
    return stack;
  };
  const found = (change: Change): readonly string[] =>
    judge(sketch(change).resources(), { dryRun: knowledge === "preview" })
      .findings.filter((finding) => finding.rule === "phi-zone-resolver-is-closed")
      .map(({ level, verdict, urn }) => `${level} ${verdict} ${urn.split("::").at(-1) ?? ""}`);

  it.each<readonly [string, Change]>([
    ["a policy that blocks every name", closed],
    ["no resolver, whatever answers others", (s) => s.change("phi-nsg", () => azurePhiRules())],
    [
      "a policy that answers names of Azure's services before",
      (s) => {
        closed(s);
        rule(s, "own", 100, "Allow", [
          "clinic.vault.azure.net.",
          "Phi-Search.search.windows.net.",
          "clinic.privatelink.azurecr.io",
        ]);
      },
    ],
    [
      "a policy with a rule that is off",
      (s) => {
        closed(s);
        rule(s, "off", 100, "Allow", ["attacker.example."], { dnsSecurityRuleState: "Disabled" });
      },
    ],
    [
      "a policy of which a rule of another policy says more",
      (s) => {
        closed(s);
        rule(s, "other", 100, "Allow", ["attacker.example."], { dnsResolverPolicyName: "other-names" });
      },
    ],
    [
      "Azure's own resolver by its address",
      (s) => amend(closed(s), "vnet", { dhcpOptions: { dnsServers: ["168.63.129.16"] } }),
    ],
  ])("are closed by %s", (_what, change) => {
    expect(found(change)).toEqual([]);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    ["no policy", () => undefined, ["mandatory open vnet"]],
    [
      "a policy of another network",
      (s) => {
        closed(s);
        s.remove("link");
        s.add("azure-native:network:VirtualNetwork", "other", {
          ...here,
          virtualNetworkName: "other",
          addressSpace: { addressPrefixes: ["10.9.0.0/16"] },
        });
        link(s, s.id("other"));
      },
      ["mandatory open vnet"],
    ],
    [
      "a policy that is not of the stack",
      (s) => {
        link(s);
      },
      ["mandatory undetermined link"],
    ],
    [
      "a policy whose network is not known",
      (s) => amend(closed(s), "link", { virtualNetwork: { id: unknownText } }),
      ["mandatory undetermined vnet"],
    ],
    [
      "a rule whose place is not known",
      (s) => amend(closed(s), "others", { priority: unknownText }),
      ["mandatory undetermined vnet"],
    ],
    [
      "a block whose names are not known",
      (s) => amend(closed(s), "others-list", { domains: unknownText }),
      ["mandatory open vnet"],
    ],
    [
      "a block that may be off",
      (s) => amend(closed(s), "others", { dnsSecurityRuleState: unknownText }),
      ["mandatory open vnet"],
    ],
    [
      "a rule that answers whoever has a name under a host's",
      (s) => {
        closed(s);
        rule(s, "own", 100, "Allow", ["azurewebsites.net."]);
      },
      ["mandatory open own"],
    ],
    [
      "a rule that only reports",
      (s) => {
        closed(s);
        rule(s, "own", 100, "Alert", ["attacker.example."]);
      },
      ["mandatory open own"],
    ],
    [
      "a rule that answers names that are not known",
      (s) => {
        closed(s);
        rule(s, "own", 100, "Allow", unknownText);
      },
      ["mandatory undetermined own"],
    ],
    [
      "a name server that is not known",
      (s) => amend(closed(s), "vnet", { dhcpOptions: { dnsServers: [unknownText] } }),
      ["mandatory undetermined vnet"],
    ],
    [
      "name servers of a machine's own",
      (s) => amend(closed(s), "own-interface", { dnsSettings: { dnsServers: ["9.9.9.9"] } }),
      ["mandatory open own-interface"],
    ],
    [
      "a ruleset that is not of the stack",
      (s) => {
        closed(s).add("azure-native:dnsresolver:PrivateResolverVirtualNetworkLink", "rules-link", {
          resourceGroupName: ownGroup,
          dnsForwardingRulesetName: "elsewhere",
          virtualNetwork: { id: s.id("vnet") },
        });
      },
      ["mandatory undetermined rules-link"],
    ],
    [
      "a private zone that may ask outside",
      (s) => {
        closed(s).add("azure-native:privatedns:VirtualNetworkLink", "zone-link", {
          resourceGroupName: ownGroup,
          privateZoneName: "clinic.internal",
          virtualNetwork: { id: s.id("vnet") },
          resolutionPolicy: unknownText,
        });
      },
      ["mandatory undetermined zone-link"],
    ],
    [
      "a private zone that hands a name on",
      (s) => {
        closed(s).add("azure-native:privatedns:VirtualNetworkLink", "zone-link", {
          resourceGroupName: ownGroup,
          privateZoneName: "clinic.internal",
          virtualNetwork: { id: s.id("vnet") },
        });
        s.add("azure-native:privatedns:PrivateRecordSet", "delegation", {
          resourceGroupName: ownGroup,
          privateZoneName: "clinic.internal",
          recordType: "NS",
        });
      },
      ["mandatory open delegation"],
    ],
  ])("are open by %s", (_what, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  it("are closed for what is behind a group that denies the resolver", () => {
    const stack = azureBase(knowledge);
    runningMachine(stack, "phi");
    expect(azureFactsOf(stack.resources(), knowledge).resolverOpenings).toEqual([]);
    const { resolvers } = azureFactsOf(stack.resources(), knowledge).safeguards();
    expect(resolvers.map(({ evidence }) => evidence.map(({ label }) => label))).toEqual([
      ["Subnet phi of VirtualNetwork vnet"],
    ]);
  });

  it("prove by the rules of the policy, in their order, that they are closed", () => {
    const { resolvers } = azureFactsOf(
      sketch((s) => {
        closed(s);
        rule(s, "own", 100, "Allow", ["clinic.vault.azure.net."]);
      }).resources(),
      knowledge,
    ).safeguards();
    expect(resolvers.flatMap(({ evidence }) => evidence.map(({ label }) => label))).toEqual([
      "1. DnsSecurityRule own: Allow clinic.vault.azure.net.",
      "2. DnsSecurityRule others: Block .",
      "VirtualNetwork vnet",
    ]);
  });

  it("are recorded by the policy's diagnostic setting", () => {
    const unrecorded = (change: Change): number =>
      azureFactsOf(sketch(change).resources(), knowledge).unaudited.filter(({ what }) =>
        what.startsWith("No query"),
      ).length;
    expect(
      unrecorded((s) => {
        diagnostics(closed(s));
      }),
    ).toBe(0);
    expect(
      unrecorded((s) => {
        diagnostics(closed(s), { logs: [{ category: "DnsResponse", enabled: true }] });
      }),
    ).toBe(0);
    expect(unrecorded(closed)).toBe(1);
    expect(
      unrecorded((s) => {
        diagnostics(closed(s), { logs: [{ categoryGroup: "allLogs", enabled: unknownText }] });
      }),
    ).toBe(1);
    expect(
      unrecorded((s) => {
        diagnostics(closed(s), { workspaceId: undefined });
      }),
    ).toBe(1);
  });

  /** The rules of the PHI zone's group as they were. */
  function azurePhiRules(): Inputs {
    let inputs: Inputs = {};
    azureBase(knowledge).change("phi-nsg", (before) => {
      inputs = before;
      return before;
    });
    return inputs;
  }
});
