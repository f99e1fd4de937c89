import { describe, expect, it } from "vitest";

import { appliancesOf } from "../../../policy-pack/facts/gcp/appliances";
import { FirewallInspection } from "../../../policy-pack/facts/gcp/firewall-inspection";
import { producerSeals, producerSealsMissing } from "../../../policy-pack/facts/gcp/producer-seals";
import { WebProxies } from "../../../policy-pack/facts/gcp/web-proxies";
import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { inGoogleZone, type Inputs } from "./entrance";
import { gcpStackOf } from "./gcp-stack-of";
import { networkType, readStackOf, subnetType, zoneMembers } from "./trail-of";
import { faultsOf, gcpHopsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const here = { location: "us-central1" };

/** A proxy that looks into what it sends to providers, and denies everything else. */
function webProxy(stack: Sketch): Sketch {
  const tlsInspectionPolicy = stack.add(
    "gcp:networksecurity/tlsInspectionPolicy:TlsInspectionPolicy",
    "ending",
    {
      name: "ending",
      ...here,
      caPool: "projects/hospital-ai/locations/us-central1/caPools/inspection",
    },
  );
  const policy = stack.add("gcp:networksecurity/gatewaySecurityPolicy:GatewaySecurityPolicy", "policy", {
    name: "policy",
    ...here,
    tlsInspectionPolicy,
  });
  const list = stack.add("gcp:networksecurity/urlList:UrlList", "providers", {
    name: "providers",
    ...here,
    values: ["api.provider.example"],
  });
  stack.add("gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule", "allow", {
    name: "allow",
    ...here,
    gatewaySecurityPolicy: `${policy}.name`,
    enabled: true,
    priority: 10,
    basicProfile: "ALLOW",
    sessionMatcher: `inUrlList(host(), 'projects/hospital-ai/locations/us-central1/urlLists/${list.slice(list.lastIndexOf("/") + 1)}')`,
    tlsInspectionEnabled: true,
  });
  stack.add("gcp:networkservices/gateway:Gateway", "proxy", {
    name: "proxy",
    ...here,
    ...inGoogleZone("egress"),
    type: "SECURE_WEB_GATEWAY",
    routingMode: "EXPLICIT_ROUTING_MODE",
    ports: [443],
    gatewaySecurityPolicy: policy,
  });
  return stack;
}

describe.each(knowledges)("a Secure Web Proxy, %s", (knowledge) => {
  const unlooked = (change: Change): readonly string[] => {
    const stack = webProxy(new Sketch(knowledge));
    change(stack);
    const { graph } = gcpStackOf(stack);
    const proxies = new WebProxies(graph);
    return proxies.all.flatMap((gateway) =>
      (proxies.forwarder(gateway).uninspected ?? []).map(
        ({ label, assumption }) => `${assumption === undefined ? "open" : "perhaps"} ${label}`,
      ),
    );
  };
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);
  const plain = "GatewaySecurityPolicyRule allow: passes TLS without ending it (tlsInspectionEnabled)";
  const nobody = "GatewaySecurityPolicyRule allow: passes requests to names that nobody has looked at";

  it("that is right looks into all that it lets by", () => {
    expect(unlooked(() => undefined)).toEqual([]);
    expect(faultsOf(gcpHopsOf(webProxy(new Sketch(knowledge))))).toEqual([]);
  });

  it.each<readonly [string, string, Inputs]>([
    [
      "by its policy's whole name",
      "allow",
      { gatewaySecurityPolicy: "projects/hospital-ai/locations/us-central1/gatewaySecurityPolicies/policy" },
    ],
    ["for one host", "allow", { sessionMatcher: "host() == 'api.provider.example'" }],
    [
      "for one host of one caller",
      "allow",
      { sessionMatcher: "source.matchServiceAccount('x') && host() == 'api.provider.example'" },
    ],
    [
      "for what it asks of a host",
      "allow",
      {
        sessionMatcher: "true",
        applicationMatcher:
          "request.path.startsWith('/v1') && inUrlList(request.host(), 'projects/hospital-ai/locations/us-central1/urlLists/providers')",
      },
    ],
    [
      "for one of two hosts, on one of two ports",
      "allow",
      {
        sessionMatcher:
          "(host() == 'a.example' || host() == 'b.example') && (destination.port == 443 || destination.port == 8443)",
      },
    ],
    ["for one host, whatever else is true", "allow", { sessionMatcher: "true && host() == 'a.example'" }],
    ["where a rule is off", "allow", { enabled: false, tlsInspectionEnabled: false }],
    ["where a rule denies", "allow", { basicProfile: "DENY", tlsInspectionEnabled: false }],
  ])("looks %s", (_what, name, inputs) => {
    expect(unlooked(of(name, inputs))).toEqual([]);
  });

  it.each<readonly [string, string, Inputs, readonly string[]]>([
    ["without inspection", "allow", { tlsInspectionEnabled: undefined }, [`open ${plain}`]],
    ["with inspection off", "allow", { tlsInspectionEnabled: false }, [`open ${plain}`]],
    [
      "with inspection that is not known",
      "allow",
      { tlsInspectionEnabled: unknownText },
      [`perhaps ${plain}`],
    ],
    [
      "where a rule may be on",
      "allow",
      { enabled: unknownText, tlsInspectionEnabled: false },
      [`open ${plain}`],
    ],
    [
      "where a rule may allow",
      "allow",
      { basicProfile: unknownText, tlsInspectionEnabled: false },
      [`perhaps ${plain}`],
    ],
    [
      "without an authority to end TLS with",
      "policy",
      { tlsInspectionPolicy: undefined },
      [
        "open GatewaySecurityPolicyRule allow: passes TLS without ending it, since GatewaySecurityPolicy policy has no tlsInspectionPolicy",
      ],
    ],
    ["for every session", "allow", { sessionMatcher: "true" }, [`open ${nobody}`]],
    [
      "for every session of one caller",
      "allow",
      { sessionMatcher: "source.matchServiceAccount('x')" },
      [`open ${nobody}`],
    ],
    [
      "for one host or one port",
      "allow",
      { sessionMatcher: "host() == 'a.example' || destination.port == 443" },
      [`open ${nobody}`],
    ],
    [
      "for one host or any method",
      "allow",
      { sessionMatcher: "(request.method == 'GET' || host() == 'a.example') && destination.port == 443" },
      [`open ${nobody}`],
    ],
    ["for every host but some", "allow", { sessionMatcher: "!(host() == 'a.example')" }, [`open ${nobody}`]],
    [
      "for one host or what is asked of hosts otherwise",
      "allow",
      { sessionMatcher: "host() == 'a.example' || host().size() > 1" },
      [`perhaps ${nobody}`],
    ],
    [
      "by a choice",
      "allow",
      { sessionMatcher: "host() == 'a.example' ? true : true" },
      [`perhaps ${nobody}`],
    ],
    ["for every host but one", "allow", { sessionMatcher: "host() != 'a'" }, [`open ${nobody}`]],
    [
      "for every host of a list but some",
      "allow",
      { sessionMatcher: "!inUrlList(host(), 'x')" },
      [`open ${nobody}`],
    ],
    ["for every host by a pattern", "allow", { sessionMatcher: "host().matches('.*')" }, [`open ${nobody}`]],
    ["for hosts that are not known", "allow", { sessionMatcher: unknownText }, [`perhaps ${nobody}`]],
    ["for a list of every host", "providers", { values: ["a.example", "*"] }, [`open ${nobody}`]],
    ["for a list that is not known", "providers", { values: unknownText }, [`perhaps ${nobody}`]],
    [
      "for somebody else's list",
      "allow",
      { sessionMatcher: "inUrlList(host(), 'projects/other/locations/x/urlLists/y')" },
      [`perhaps ${nobody}`],
    ],
    [
      "without a policy",
      "proxy",
      { gatewaySecurityPolicy: undefined },
      ["perhaps Gateway proxy: has no policy of its own"],
    ],
    [
      "with somebody else's policy",
      "proxy",
      { gatewaySecurityPolicy: "projects/other/locations/x/gatewaySecurityPolicies/y" },
      ["perhaps Gateway proxy: has a policy that the stack does not show"],
    ],
  ])("does not look %s", (_what, name, inputs, expected) => {
    expect(unlooked(of(name, inputs))).toEqual(expected);
  });

  it("lets by nothing behind a rule that denies everything", () => {
    const denyAll =
      (inputs: Inputs): Change =>
      (stack) => {
        amend(stack, "allow", { tlsInspectionEnabled: false });
        stack.add("gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule", "deny", {
          name: "deny",
          ...here,
          gatewaySecurityPolicy: "policy",
          enabled: true,
          priority: 1,
          basicProfile: "DENY",
          sessionMatcher: "true",
          ...inputs,
        });
      };
    expect(unlooked(denyAll({}))).toEqual([]);
    for (const inputs of [
      { priority: 11 },
      { enabled: false },
      { enabled: unknownText },
      { sessionMatcher: "host() == 'a'" },
      { priority: unknownText },
    ]) {
      expect(unlooked(denyAll(inputs))).toEqual([`open ${plain}`]);
    }
  });

  it("of a zone is judged as what accepts connections too", () => {
    const facts = (change: Change): readonly string[] => {
      const stack = webProxy(new Sketch(knowledge));
      change(stack);
      return faultsOf(gcpHopsOf(stack));
    };
    expect(facts(of("allow", { tlsInspectionEnabled: false }))).toEqual([
      "open it passes TLS without ending it (tlsInspectionEnabled)",
    ]);
    expect(
      facts((stack) => {
        amend(stack, "allow", { tlsInspectionEnabled: false });
        amend(stack, "proxy", { labels: undefined });
      }),
    ).toEqual([]);
  });
});

describe.each(knowledges)("endpoints of a firewall on Google Cloud, %s", (knowledge) => {
  const why = (change: Change, rule: Inputs = {}): string => {
    const stack = new Sketch(knowledge);
    const network = stack.add(networkType, "net", { name: "net" });
    stack.add(subnetType, "work", { name: "work", network: "net", region: "us-central1" });
    stack.add("gcp:compute/instance:Instance", "machine", {
      name: "machine",
      zone: "us-central1-a",
      networkInterfaces: [{ subnetwork: stack.id("work") }],
    });
    const profile = stack.add("gcp:networksecurity/securityProfileGroup:SecurityProfileGroup", "profiles", {
      name: "profiles",
      parent: "organizations/1",
      location: "global",
      threatPreventionProfile: "organizations/1/locations/global/securityProfiles/threats",
    });
    stack.add("gcp:networksecurity/firewallEndpointAssociation:FirewallEndpointAssociation", "association", {
      name: "association",
      parent: "projects/hospital-ai",
      location: "us-central1-a",
      firewallEndpoint: "organizations/1/locations/us-central1-a/firewallEndpoints/endpoint",
      network,
      tlsInspectionPolicy: "projects/hospital-ai/locations/us-central1/tlsInspectionPolicies/ending",
    });
    stack.add("gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule", "rule", {
      action: "apply_security_profile_group",
      tlsInspect: true,
      securityProfileGroup: profile,
      ...rule,
    });
    change(stack);
    const { graph } = gcpStackOf(stack);
    const [node] = graph.ofType("gcp:compute:networkfirewallpolicyrule");
    const [in_] = graph.ofType("gcp:compute:network");
    if (node === undefined) {
      throw new Error("no rule");
    }
    const found = new FirewallInspection(graph).uninspectedBy(
      { node, read: (key) => graph.read(node, key) },
      in_,
    );
    return found === undefined
      ? "looks"
      : `${found.assumption === undefined ? "open" : "perhaps"} ${found.why}`;
  };
  const as =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);

  it("look into what a rule hands to them", () => {
    expect(why(() => undefined)).toBe("looks");
    expect(why(as("association", { disabled: false }))).toBe("looks");
  });

  it("do not where something of it is missing", () => {
    expect(why(() => undefined, { action: "allow" })).toBe("open passes packets by their headers alone");
    expect(why(() => undefined, { action: unknownText })).toBe(
      "perhaps passes packets by their headers alone",
    );
    expect(why(() => undefined, { tlsInspect: undefined })).toBe(
      "open passes TLS without ending it (tlsInspect)",
    );
    expect(why(() => undefined, { tlsInspect: unknownText })).toBe(
      "perhaps passes TLS without ending it (tlsInspect)",
    );
    expect(why(() => undefined, { securityProfileGroup: undefined })).toBe(
      "open applies no profile by which packets are looked into",
    );
    expect(why(as("profiles", { threatPreventionProfile: undefined }))).toBe(
      "open applies no profile by which packets are looked into",
    );
    expect(
      why(() => undefined, {
        securityProfileGroup: "organizations/1/locations/global/securityProfileGroups/other",
      }),
    ).toBe("perhaps applies profiles that the stack does not show");
    const none = "open hands packets to an endpoint, and none is in Network net";
    expect(why((stack) => stack.remove("association"))).toBe(none);
    for (const disabled of [true, unknownText]) {
      expect(why(as("association", { disabled }))).toBe(none);
    }
    expect(why(as("association", { network: "projects/other/global/networks/net" }))).toBe(none);
    expect(why(as("association", { tlsInspectionPolicy: undefined }))).toBe(
      "open hands packets to FirewallEndpointAssociation association, which has no authority to end TLS with (tlsInspectionPolicy)",
    );
    expect(why(as("machine", { zone: "us-central1-b" }))).toBe(
      "open hands packets to an endpoint, and none is in us-central1-b",
    );
    expect(why(as("association", { location: unknownText }))).toBe(
      "perhaps hands packets to an endpoint, and none is in us-central1-a",
    );
  });
});

describe.each(knowledges)("the network of a service that is joined to a zone's, %s", (knowledge) => {
  const sealsOf = (
    inputs: Inputs | undefined,
  ): { readonly missing: readonly string[]; readonly kept: number } => {
    const stack = new Sketch(knowledge);
    const network = stack.add(networkType, "net", { name: "net" });
    zoneMembers(stack, { processing: [`${networkType}::net`] });
    stack.add("gcp:servicenetworking/connection:Connection", "join", {
      network,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: [],
    });
    if (inputs !== undefined) {
      stack.add("gcp:servicenetworking/vpcServiceControls:VpcServiceControls", "control", {
        network: "net",
        service: "servicenetworking.googleapis.com",
        enabled: true,
        ...inputs,
      });
    }
    const read = readStackOf(stack);
    return {
      missing: producerSealsMissing(read.stack, read.networks).map(
        ({ what, assumption }) => `${assumption === undefined ? "" : "perhaps "}${what}`,
      ),
      kept: producerSeals(read.stack, read.networks).length,
    };
  };
  const missing =
    "The network of the service that it joins to Network net keeps a default route to the Internet of its own.";

  it("has lost its default route, or keeps it", () => {
    expect(sealsOf({})).toEqual({ missing: [], kept: 1 });
    expect(sealsOf(undefined)).toEqual({ missing: [missing], kept: 0 });
    expect(sealsOf({ enabled: false })).toEqual({ missing: [missing], kept: 0 });
    expect(sealsOf({ enabled: unknownText })).toEqual({ missing: [`perhaps ${missing}`], kept: 0 });
    expect(sealsOf({ service: "other.googleapis.com" })).toEqual({ missing: [missing], kept: 0 });
    expect(sealsOf({ network: "other" })).toEqual({ missing: [missing], kept: 0 });
  });
});

describe.each(knowledges)("a route that leads to a Secure Web Proxy, %s", (knowledge) => {
  const at = (inputs: Inputs, proxy: Inputs = {}): readonly string[] | undefined => {
    const stack = webProxy(new Sketch(knowledge));
    amend(stack, "proxy", { routingMode: "NEXT_HOP_ROUTING_MODE", addresses: ["10.0.9.9"], ...proxy });
    stack.add("gcp:compute/route:Route", "route", { name: "route", destRange: "0.0.0.0/0", ...inputs });
    const read = gcpStackOf(stack);
    const { graph } = read;
    const [route] = graph.ofType("gcp:compute:route");
    return route === undefined
      ? undefined
      : appliancesOf(read)(route, "nextHopIlb", graph.read(route, "nextHopIlb"))?.map(
          ({ label, onward, uninspected }) =>
            `${label} to the ${onward.kind}, past ${String(uninspected?.length)}`,
        );
  };
  const proxy = "projects/hospital-ai/locations/us-central1/gateways/proxy";

  it("finds it by its address, or by its name", () => {
    const found = ["Gateway proxy to the internet, past 0"];
    expect(at({ nextHopIlb: "10.0.9.9" })).toEqual(found);
    expect(at({ nextHopIlb: proxy })).toEqual(found);
    expect(at({ nextHopIlb: `${proxy}.selfLink` })).toEqual(found);
    expect(at({ nextHopIlb: "10.0.9.10" })).toBeUndefined();
    expect(at({ nextHopIlb: "10.0.9.9" }, { type: "OPEN_MESH" })).toBeUndefined();
    expect(at({ nextHopIlb: "10.0.9.9" }, { gatewaySecurityPolicy: undefined })).toEqual([
      "Gateway proxy to the internet, past 1",
    ]);
  });
});
