import { describe, expect, it } from "vitest";

import { azureBase, textId, type Inputs } from "../corpus/azure-base";
import {
  azureEntrance,
  behind,
  but,
  clients,
  fourthLayerEntrance,
  machines,
  newest,
  partOf,
} from "../corpus/azure-entrance";
import { here } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { inZone } from "../corpus/corpus-case";
import { judge, judgeAlone } from "../judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { azureFactsOf, faultsOf, hopsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const noCertificate = "it asks no client for a certificate";
const oldTls = "it takes versions of TLS older than 1.3";
const clientHop = "clients and ApplicationGateway entrance, listener machines";
const backendHop = "ApplicationGateway entrance and targets of settings https";

/** A rule of a web firewall that refuses whoever brings no bearer token. */
const token: Inputs = {
  name: "NoToken",
  priority: 10,
  ruleType: "MatchRule",
  action: "Block",
  matchConditions: [
    {
      matchVariables: [{ variableName: "RequestHeaders", selector: "Authorization" }],
      operator: "BeginsWith",
      negationConditon: true,
      matchValues: ["bearer "],
      transforms: ["Lowercase"],
    },
  ],
};

const [condition] = token["matchConditions"] as readonly Inputs[];

/** The entrance of clinicians, who show no certificate, behind a web firewall with some rules. */
function clinicians(stack: Sketch, customRules: unknown, policy: Inputs = {}): Sketch {
  amend(azureEntrance(stack), "entrance", { httpListeners: [but(machines, { sslProfile: undefined })] });
  return amend(stack, "web-firewall", { customRules, ...policy });
}

describe.each(knowledges)("an application gateway, %s", (knowledge) => {
  const factsOf = (change: Change): ReturnType<typeof azureFactsOf> => {
    const stack = azureBase(knowledge);
    change(stack);
    return azureFactsOf(stack.resources(), knowledge);
  };
  const faults = (change: Change): readonly string[] => faultsOf(factsOf(change));
  const entrance =
    (inputs: Inputs): Change =>
    (stack) =>
      amend(azureEntrance(stack), "entrance", inputs);

  it("that is right proves both ends of its hops", () => {
    const facts = factsOf(azureEntrance);
    expect(faultsOf(facts)).toEqual([]);
    expect(hopsOf(facts)).toEqual([`mtls ${clientHop}`, `one-way-tls ${backendHop}`]);
    expect(facts.hops.map(({ zone }) => zone)).toEqual(["gateway", "gateway"]);
  });

  it.each<readonly [string, Inputs]>([
    ["in other letters", { httpListeners: [but(machines, { protocol: "HTTPS" })] }],
    [
      "with its parts in another order",
      {
        sslProfiles: [{ name: "idle", sslPolicy: { ...newest, minProtocolVersion: "TLSv1_2" } }, clients],
        frontendPorts: [
          { name: "idle", port: 80 },
          { name: "https", port: 443 },
        ],
      },
    ],
    [
      "with ids in other letters",
      { httpListeners: [but(machines, { sslProfile: upper("sslProfiles", "CLIENTS") })] },
    ],
    [
      "with one profile, named by an id that is not known",
      { httpListeners: [but(machines, { sslProfile: { id: unknownText } })] },
    ],
    ["with a profile that verifies as newer versions say", profile({ verifyClientAuthMode: "Strict" })],
  ])("is as right %s", (_what, inputs) => {
    expect(faults(entrance(inputs))).toEqual([]);
  });

  it.each<readonly [string, Inputs, readonly string[]]>([
    [
      "whose listeners are not known",
      { httpListeners: unknownText },
      [
        `perhaps ${noCertificate}`,
        "perhaps it takes connections without TLS, which whoever is on the way reads and changes",
      ],
    ],
    [
      "whose profile names an authority that the gateway does not have",
      {
        sslProfiles: [
          but(clients, { trustedClientCertificates: [partOf("trustedClientCertificates", "somebody")] }),
        ],
      },
      [`open ${noCertificate}`],
    ],
    [
      "that has a profile not known whether it is set",
      { httpListeners: [but(machines, { sslProfile: unknownText })] },
      [`perhaps ${noCertificate}`],
    ],
    [
      "that names a profile which is not there",
      { httpListeners: [but(machines, { sslProfile: partOf("sslProfiles", "gone") })] },
      [`open ${noCertificate}`],
    ],
    [
      "whose profiles cannot be told apart",
      {
        sslProfiles: [
          clients,
          { ...clients, name: "more", sslPolicy: { ...newest, minProtocolVersion: "TLSv1_2" } },
        ],
        httpListeners: [but(machines, { sslProfile: { id: unknownText } })],
      },
      [`perhaps ${oldTls}`],
    ],
    [
      "whose policy is Azure's, whatever it says besides",
      {
        sslPolicy: {
          policyType: "Predefined",
          policyName: "AppGwSslPolicy20220101S",
          minProtocolVersion: "TLSv1_3",
        },
      },
      [`open ${oldTls}`],
    ],
    ["whose policy is not known", { sslPolicy: unknownText }, [`perhaps ${oldTls}`]],
    [
      "whose clients are trusted by a list that is not known",
      { sslProfiles: [but(clients, { trustedClientCertificates: unknownText })] },
      [`perhaps ${noCertificate}`],
    ],
    [
      "whose profile says nothing of who is trusted",
      { sslProfiles: [but(clients, { clientAuthConfiguration: unknownText })] },
      [
        "perhaps it hands certificates of clients on without looking at them",
        "perhaps it takes certificates of clients that have been revoked",
        "perhaps it takes certificates of whichever authority the trusted one has signed, besides its own",
      ],
    ],
    [
      "that sends clients to an address without TLS",
      { redirectConfigurations: [{ name: "away", targetUrl: "http://portal.clinic.example" }] },
      ["open it sends clients on to an address without TLS"],
    ],
    [
      "that takes any certificate of its targets",
      { backendHttpSettingsCollection: [but(behind, { validateCertChainAndExpiry: false })] },
      ["open it takes whichever certificate its targets show"],
    ],
    [
      "without a tier",
      { sku: undefined },
      ["open it is of a tier that verifies no client's certificate and speaks no TLS 1.3"],
    ],
  ])("is refused %s", (_what, inputs, expected) => {
    const found = faults(entrance(inputs)).filter((text) => !text.includes("(no stack)"));
    expect(found).toEqual([...expected].sort());
  });

  it("is in the zone of its subnet, where it says none", () => {
    const facts = factsOf(entrance({ tags: undefined, sslPolicy: undefined }));
    expect(facts.unprovedHops.map(({ zone }) => zone)).toEqual(["gateway"]);
    expect(factsOf(entrance({ tags: undefined, gatewayIPConfigurations: undefined })).hops).toEqual([]);
    const subnet = { id: unknownText };
    const placed = entrance({ tags: undefined, sslPolicy: undefined, gatewayIPConfigurations: [{ subnet }] });
    expect(factsOf(placed).unprovedHops.map(({ zone, assumption }) => [zone, assumption])).toEqual([
      [undefined, "in which subnets ApplicationGateway entrance is, and so in which zone, is not known"],
    ]);
  });

  it("passes TCP through, which a platform may declare", () => {
    const facts = factsOf((stack) =>
      amend(fourthLayerEntrance(stack), "entrance", {
        listeners: [{ name: "bytes", protocol: "Tcp", frontendPort: partOf("frontendPorts", "https") }],
        backendSettingsCollection: [{ name: "tls", protocol: "Tcp", port: 443 }],
        sslProfiles: undefined,
        trustedClientCertificates: undefined,
      }),
    );
    expect(faultsOf(facts)).toEqual([
      "open (passthrough) it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
    ]);
    expect(hopsOf(facts)).toEqual([
      "unproved ApplicationGateway entrance and targets of settings tls",
      "unproved clients and ApplicationGateway entrance, listener bytes",
    ]);
  });

  it("asks for a bearer token in the place of a certificate", () => {
    const facts = factsOf((stack) => clinicians(stack, [token]));
    expect(faultsOf(facts).filter((text) => !text.includes("(no stack)"))).toEqual([
      `open (sign-in) ${noCertificate}`,
    ]);
    expect(hopsOf(facts)).toEqual([`one-way-tls ${clientHop}`, `one-way-tls ${backendHop}`].sort());
  });

  const later = { name: "Later", priority: 20, ruleType: "MatchRule", action: "Allow", matchConditions: [] };
  it.each<readonly [string, unknown, Inputs?]>([
    [
      "by an expression",
      [{ ...token, matchConditions: [{ ...condition, operator: "Regex", matchValues: ["^[Bb]earer .+"] }] }],
    ],
    [
      "as the API's other versions spell it",
      [
        {
          ...token,
          matchConditions: [but(condition ?? {}, { negationConditon: undefined, negationCondition: true })],
        },
      ],
    ],
    ["before a rule that lets others by", [later, token]],
    ["beside a rule that is off", [{ ...later, priority: 1, state: "Disabled" }, token]],
    ["after a rule that refuses more", [{ ...later, priority: 1, action: "Block" }, token]],
  ])("asks for a token %s", (_what, rules, policy) => {
    expect(faults((s) => clinicians(s, rules, policy as Inputs | undefined))).toContain(
      `open (sign-in) ${noCertificate}`,
    );
  });

  it.each<readonly [string, unknown, Inputs?]>([
    ["no rule", undefined],
    ["rules that are not known", unknownText],
    ["a rule that only records", [{ ...token, action: "Log" }]],
    ["a rule that is off", [{ ...token, state: "Disabled" }]],
    [
      "a rule for requests with a token",
      [{ ...token, matchConditions: [{ ...condition, negationConditon: false }] }],
    ],
    [
      "a rule of another header",
      [
        {
          ...token,
          matchConditions: [
            { ...condition, matchVariables: [{ variableName: "RequestHeaders", selector: "X-Token" }] },
          ],
        },
      ],
    ],
    [
      "a rule that asks for less than a token",
      [{ ...token, matchConditions: [{ ...condition, matchValues: ["b"] }] }],
    ],
    [
      "a rule that an alternative gets past",
      [{ ...token, matchConditions: [{ ...condition, operator: "Regex", matchValues: ["^Bearer|.*"] }] }],
    ],
    ["a rule with a second condition", [{ ...token, matchConditions: [condition, condition] }]],
    ["a rule of how often", [{ ...token, ruleType: "RateLimitRule" }]],
    ["a rule whose place is not known", [{ ...token, priority: unknownText }]],
    ["a rule after one that lets by", [{ ...later, priority: 1 }, token]],
    ["a rule beside one whose place is not known", [{ ...later, priority: unknownText }, token]],
    ["a firewall that only watches", [token], { policySettings: { state: "Enabled", mode: "Detection" } }],
    ["a firewall that is off", [token], { policySettings: { state: "Disabled", mode: "Prevention" } }],
    ["a firewall that says nothing of itself", [token], { policySettings: undefined }],
  ])("asks nobody to sign in with %s", (_what, rules, policy) => {
    expect(
      faults((s) => clinicians(s, rules, policy as Inputs | undefined)).filter((text) =>
        text.includes(noCertificate),
      ),
    ).toEqual([`open ${noCertificate}`]);
  });

  it("asks for a token on every path, and with a web firewall alone", () => {
    const open = (inputs: Inputs): readonly string[] =>
      faults((s) => amend(clinicians(s, [token]), "entrance", inputs)).filter((text) =>
        text.includes(noCertificate),
      );
    const other = {
      id: textId("Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies", "other"),
    };
    expect(
      open({ urlPathMaps: [{ name: "paths", pathRules: [{ name: "path", firewallPolicy: other }] }] }),
    ).toEqual([`open ${noCertificate}`]);
    expect(open({ urlPathMaps: [{ name: "paths", pathRules: [{ name: "path" }] }] })).toEqual([
      `open (sign-in) ${noCertificate}`,
    ]);
    expect(open({ firewallPolicy: other })).toEqual([`open ${noCertificate}`]);
    expect(open({ firewallPolicy: undefined })).toEqual([`open ${noCertificate}`]);
    expect(open({ sku: { name: "Standard_v2", tier: "Standard_v2" } })).toEqual([`open ${noCertificate}`]);
    expect(
      open({ httpListeners: [but(machines, { sslProfile: undefined, firewallPolicy: other })] }),
    ).toEqual([`open ${noCertificate}`]);
  });

  it("is judged the same in every spelling and order", () => {
    const findings = (type: string, isReversed: boolean): readonly unknown[] => {
      const stack = azureBase(knowledge);
      amend(azureEntrance(stack, type), "entrance", { sslPolicy: undefined });
      const resources = stack.resources();
      return judge(isReversed ? [...resources].reverse() : resources, { dryRun: knowledge === "preview" })
        .findings.filter(({ rule, level }) => rule === "flows-require-mtls" && level === "mandatory")
        .map(({ summary, level }) => `${level} ${summary}`);
    };
    const plain = findings("azure-native:network:ApplicationGateway", false);
    expect(plain).toEqual([
      `mandatory ApplicationGateway entrance, listener machines of zone gateway: ${oldTls}.`,
    ]);
    for (const type of [
      "azure-native:network/v20230201:ApplicationGateway",
      "azure-native_network_v20240501:network:ApplicationGateway",
    ]) {
      expect(findings(type, true)).toEqual(plain);
    }
  });
});

describe("an application gateway by itself", () => {
  const alone = (change: Change): readonly string[] => {
    const stack = azureBase("deployed");
    change(stack);
    return stack
      .resources()
      .filter(({ name }) => name === "entrance")
      .flatMap((resource) => judgeAlone(resource))
      .map(({ summary }) => summary);
  };

  it("is guilty of what no other resource makes right", () => {
    expect(alone(azureEntrance)).toEqual([]);
    expect(alone((s) => amend(azureEntrance(s), "entrance", { sslPolicy: undefined }))).toEqual([
      `ApplicationGateway entrance, listener machines of zone gateway: ${oldTls}.`,
    ]);
  });

  it("is not guilty of asking for no certificate, where a web firewall may ask for a token", () => {
    expect(alone((s) => clinicians(s, [token]))).toEqual([]);
    expect(alone((s) => amend(clinicians(s, [token]), "entrance", { firewallPolicy: undefined }))).toEqual([
      `ApplicationGateway entrance, listener machines of zone gateway: ${noCertificate}.`,
    ]);
  });
});

describe.each(knowledges)("a load balancer, %s", (knowledge) => {
  const balancer = (inputs: Inputs): readonly string[] => {
    const stack = azureBase(knowledge);
    stack.add("azure-native:network:LoadBalancer", "balancer", {
      ...here,
      loadBalancerName: "balancer",
      sku: { name: "Standard" },
      tags: inZone("gateway"),
      ...inputs,
    });
    return faultsOf(azureFactsOf(stack.resources(), knowledge));
  };
  const rule = { name: "https", protocol: "Tcp", frontendPort: 443, backendPort: 443 };
  const passed =
    "open (passthrough) it passes connections through, so that nothing shows who ends TLS, and whether clients are asked for a certificate";

  it("passes connections through", () => {
    expect(balancer({})).toEqual([]);
    expect(balancer({ loadBalancingRules: [rule] })).toEqual([passed]);
    expect(balancer({ inboundNatRules: [rule] })).toEqual([passed]);
    expect(balancer({ loadBalancingRules: [rule], sku: { name: "Gateway" } })).toEqual([]);
    expect(balancer({ loadBalancingRules: [rule], tags: undefined })).toEqual([]);
    expect(balancer({ loadBalancingRules: [{ ...rule, frontendPort: 80 }] })).toHaveLength(2);
  });
});

function upper(list: string, name: string): Inputs {
  const { id } = partOf(list, name);
  return { id: String(id).toUpperCase() };
}

function profile(more: Inputs): Inputs {
  const configuration = clients["clientAuthConfiguration"] as Inputs;
  return { sslProfiles: [but(clients, { clientAuthConfiguration: { ...configuration, ...more } })] };
}
