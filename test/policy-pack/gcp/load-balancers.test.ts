import { describe, expect, it } from "vitest";

import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { googleEntrance, inGoogleZone, type Inputs } from "./entrance";
import { faultsOf, gcpHopsOf, hopsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const noCertificate = "it asks no client for a certificate";
const withoutTls = "it takes connections without TLS, which whoever is on the way reads and changes";
const port80 =
  "it answers on port 80, where a client that is to be sent elsewhere has already said in plain text what it wants";
const passing =
  "it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate";
const oldPolicy = "proxies with it take versions of TLS older than 1.3";
const oldTls = "it takes versions of TLS older than 1.3";
const plainTargets = "its targets get what they are sent in plain text";
const anyCertificate = "it takes whichever certificate its targets show";
const clientHop = "clients and TargetHttpsProxy proxy";
const backendHop = "BackendService gateway-service and its targets";

const own = "projects/hospital-ai/";

describe.each(knowledges)("a load balancer of Google Cloud's, %s", (knowledge) => {
  const factsOf = (change: Change): ReturnType<typeof gcpHopsOf> => {
    const stack = googleEntrance(new Sketch(knowledge));
    change(stack);
    return gcpHopsOf(stack);
  };
  const faults = (change: Change): readonly string[] => faultsOf(factsOf(change));
  const hops = (change: Change): readonly string[] => hopsOf(factsOf(change));
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);

  it("that is right proves both ends of both its hops", () => {
    const facts = factsOf(() => undefined);
    expect(faultsOf(facts)).toEqual([]);
    expect(hopsOf(facts)).toEqual([`mtls ${backendHop}`, `mtls ${clientHop}`]);
    expect(facts.hops.map(({ zone }) => zone)).toEqual(["gateway", "gateway"]);
  });

  it("is judged where nothing says in which zone it is but the subnet of what is behind it", () => {
    const change: Change = (stack) => {
      amend(stack, "entrance", { labels: undefined });
      stack.addRaw({
        urn: "urn:pulumi:test::bulkhead::stranger:index:Part::zones",
        type: "stranger:index:Part",
        name: "zones",
        inputs: {},
        outputs: {
          zoneMembers: {
            gateway: ["urn:pulumi:test::bulkhead::gcp:compute/subnetwork:Subnetwork::gateway-subnet"],
          },
        },
        custom: false,
        parent: undefined,
        computed: [],
      });
    };
    expect(hops(change)).toEqual([`mtls ${backendHop}`, `mtls ${clientHop}`]);
  });

  it("says nothing of one that is in no zone", () => {
    const facts = factsOf(of("entrance", { labels: undefined }));
    expect(facts).toEqual({ hops: [], unprovedHops: [] });
  });

  it.each<readonly [string, string, Inputs]>([
    [
      "by the names of its parts",
      "proxy",
      { urlMap: `${own}global/urlMaps/paths`, sslPolicy: `${own}global/sslPolicies/newest` },
    ],
    [
      "by addresses of its parts",
      "proxy",
      {
        sslPolicy: `https://www.googleapis.com/compute/v1/${own}global/sslPolicies/newest`,
        serverTlsPolicy: `//networksecurity.googleapis.com/${own}locations/global/serverTlsPolicies/clients`,
      },
    ],
    ["without a word on early data", "proxy", { tlsEarlyData: undefined }],
    ["with its port as a range", "entrance", { portRange: "443-443" }],
    ["with HTTP/2 behind it", "gateway-service", { protocol: "HTTP2" }],
    ["without a word on roots that everybody knows", "backend-authentication", { wellKnownRoots: undefined }],
  ])("is as right %s", (_what, name, inputs) => {
    expect(faults(of(name, inputs))).toEqual([]);
  });

  it.each<readonly [string, string, Inputs, readonly string[]]>([
    ["on port 80", "entrance", { portRange: "80" }, [`open ${port80}`]],
    ["on ports with 80 among them", "entrance", { portRange: "1-1024" }, [`open ${port80}`]],
    ["on ports that are not known", "entrance", { portRange: unknownText }, [`perhaps ${port80}`]],
    [
      "that leads to somebody else's proxy",
      "entrance",
      { target: "projects/other/global/targetHttpsProxies/theirs" },
      ["perhaps it leads to something that the stack does not show, perhaps in plain text"],
    ],
    ["without a TLS policy", "proxy", { sslPolicy: undefined }, [`open ${oldTls}`]],
    ["with a TLS policy that is not known", "proxy", { sslPolicy: unknownText }, [`perhaps ${oldTls}`]],
    [
      "with somebody else's TLS policy",
      "proxy",
      { sslPolicy: "projects/other/global/sslPolicies/theirs" },
      ["open its TLS policy is not in the stack, so that nothing shows which versions of TLS it takes"],
    ],
    ["with TLS 1.2", "newest", { minTlsVersion: "TLS_1_2" }, [`open ${oldPolicy}`]],
    ["without a word on versions", "newest", { minTlsVersion: undefined }, [`open ${oldPolicy}`]],
    ["with versions that are not known", "newest", { minTlsVersion: unknownText }, [`perhaps ${oldPolicy}`]],
    [
      "with a version that Google does not know",
      "newest",
      { minTlsVersion: "TLSv1_3" },
      [`open ${oldPolicy}`],
    ],
    [
      "with a wide profile",
      "newest",
      { profile: "CUSTOM" },
      ["open its profile is not that of TLS 1.3 alone"],
    ],
    [
      "without a profile",
      "newest",
      { profile: undefined },
      ["open its profile is not that of TLS 1.3 alone"],
    ],
    ...["PERMISSIVE", "UNRESTRICTED", "disabled"].map(
      (tlsEarlyData): readonly [string, string, Inputs, readonly string[]] => [
        `that takes early data (${tlsEarlyData})`,
        "proxy",
        { tlsEarlyData },
        [
          "open it takes requests before the handshake has ended, which whoever has recorded them sends again",
        ],
      ],
    ),
    [
      "that takes early data",
      "proxy",
      { tlsEarlyData: "STRICT" },
      ["open it takes requests before the handshake has ended, which whoever has recorded them sends again"],
    ],
    [
      "that speaks QUIC",
      "proxy",
      { quicOverride: undefined },
      ["open (our platform) clients may come by QUIC, which is another listener, on UDP"],
    ],
    [
      "with one policy on clients that is not known",
      "proxy",
      { serverTlsPolicy: unknownText },
      [`perhaps ${noCertificate}`],
    ],
    [
      "that hands on what it has not proved",
      "clients",
      { mtlsPolicy: { clientValidationMode: "ALLOW_INVALID_OR_MISSING_CLIENT_CERT" } },
      [
        "open it hands on requests of clients without a certificate, or with one that nobody has proved",
        "open it names no trust config, so that nothing says whose certificates it takes",
      ],
    ],
    [
      "without a mode",
      "clients",
      { mtlsPolicy: undefined },
      [
        `open ${noCertificate}`,
        "open it names no trust config, so that nothing says whose certificates it takes",
      ],
    ],
    [
      "that takes connections without TLS besides",
      "clients",
      { allowOpen: true },
      ["open what asks by it takes connections without TLS as well"],
    ],
    [
      "with certificates that it takes without a look",
      "machine-authorities",
      { allowlistedCertificates: [{ pemCertificate: "-----BEGIN CERTIFICATE-----" }] },
      ["open it takes some certificates without a look, whoever issued them and when they expired"],
    ],
    [
      "with authorities that are none",
      "machine-authorities",
      { trustStores: [] },
      ["open it names no authority, so that nothing says whose certificates are taken"],
    ],
    ["with plain text behind it", "gateway-service", { protocol: "HTTP" }, [`open ${plainTargets}`]],
    [
      "without a word on what it speaks behind it",
      "gateway-service",
      { protocol: undefined },
      [`open ${plainTargets}`],
    ],
    [
      "with what it speaks behind it not known",
      "gateway-service",
      { protocol: unknownText },
      [`perhaps ${plainTargets}`],
    ],
    [
      "with any certificate behind it",
      "gateway-service",
      { tlsSettings: undefined },
      [
        `open ${anyCertificate}`,
        "open it takes the certificate of whichever workload of its authorities for that of its targets",
      ],
    ],
    [
      "with whichever workload behind it",
      "gateway-service",
      {
        tlsSettings: {
          authenticationConfig: `${own}locations/global/backendAuthenticationConfigs/backend-authentication`,
        },
      },
      ["open it takes the certificate of whichever workload of its authorities for that of its targets"],
    ],
    [
      "with well-known authorities behind it",
      "backend-authentication",
      { wellKnownRoots: "PUBLIC_ROOTS" },
      ["open it takes certificates of any well-known authority for those of its targets"],
    ],
    [
      "that shows no certificate behind it",
      "backend-authentication",
      { clientCertificate: undefined },
      ["open (our platform) it shows its targets no certificate"],
    ],
    [
      "that asks for health in plain HTTP",
      "health",
      { httpHealthCheck: { port: 80 }, httpsHealthCheck: undefined },
      ["open it asks for its targets' health in plain text"],
    ],
  ])("is not right %s", (_what, name, inputs, expected) => {
    const found = faults(of(name, inputs)).filter((fault) => !fault.includes("(no stack)"));
    expect(found).toEqual([...expected].sort());
  });

  it("proves what is left to be proved", () => {
    expect(hops(of("backend-authentication", { clientCertificate: undefined }))).toContain(
      `one-way-tls ${backendHop}`,
    );
    expect(hops(of("backend-authentication", { wellKnownRoots: "PUBLIC_ROOTS" }))).toContain(
      `unproved ${backendHop}`,
    );
    expect(hops(of("newest", { minTlsVersion: "TLS_1_2" }))).toContain(`unproved ${clientHop}`);
    for (const clients of [
      { allowOpen: true },
      { allowOpen: unknownText },
      { mtlsPolicy: { clientValidationMode: "REJECT_INVALID" } },
      {
        mtlsPolicy: {
          clientValidationMode: "REJECT_INVALID",
          clientValidationTrustConfig: "projects/other/locations/global/trustConfigs/theirs",
        },
      },
    ]) {
      expect(hops(of("clients", clients))).toContain(`unproved ${clientHop}`);
    }
    expect(hops(of("proxy", { tlsEarlyData: "STRICT" }))).toContain(`unproved ${clientHop}`);
    for (const service of [
      { protocol: "HTTP" },
      { tlsSettings: undefined },
      {
        tlsSettings: {
          sni: "x",
          authenticationConfig: "projects/other/locations/global/backendAuthenticationConfigs/theirs",
        },
      },
    ]) {
      expect(hops(of("gateway-service", service))).toContain(`unproved ${backendHop}`);
    }
    expect(hops(of("backend-authentication", { trustConfig: undefined }))).toContain(
      `unproved ${backendHop}`,
    );
  });

  it("says it of each resource that is at fault, and of that alone", () => {
    const { unprovedHops } = factsOf(of("newest", { minTlsVersion: undefined }));
    expect(unprovedHops.map(({ label, zone }) => [label, zone])).toEqual([["SSLPolicy newest", "gateway"]]);
  });

  it("refuses whatever takes connections without TLS", () => {
    const plain =
      (type: string): Change =>
      (stack) => {
        const target = stack.add(type, "plain", {
          name: "plain",
          region: "us-central1",
          urlMap: stack.id("paths"),
        });
        stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "plain-rule", {
          name: "plain-rule",
          ...inGoogleZone("gateway"),
          target,
          portRange: "8080",
        });
      };
    for (const type of [
      "gcp:compute/targetHttpProxy:TargetHttpProxy",
      "gcp:compute/regionTargetHttpProxy:RegionTargetHttpProxy",
    ]) {
      expect(faults(plain(type))).toEqual([`open ${withoutTls}`]);
    }
  });

  it("takes its own passing through as what a platform may declare, and nothing else", () => {
    const target =
      (type: string, port = "443"): Change =>
      (stack) => {
        const proxy = stack.add(type, "through", {
          name: "through",
          region: "us-central1",
          backendService: stack.id("gateway-service"),
        });
        amend(stack, "entrance", { target: `${proxy}.selfLink`, portRange: port });
      };
    for (const type of [
      "gcp:compute/targetTCPProxy:TargetTCPProxy",
      "gcp:compute/regionTargetTcpProxy:RegionTargetTcpProxy",
    ]) {
      expect(faults(target(type)).filter((one) => one.includes("pass"))).toEqual([
        `open (passthrough) ${passing}`,
      ]);
    }
    expect(faults(target("gcp:compute/targetTCPProxy:TargetTCPProxy", "80"))).toContain(`open ${port80}`);
    const ending = faults(target("gcp:compute/targetSSLProxy:TargetSSLProxy"));
    expect(ending).toContain(`open ${noCertificate}`);
    expect(ending).toContain(`open ${oldTls}`);
    const packets: Change = (stack) => {
      const service = stack.add("gcp:compute/regionBackendService:RegionBackendService", "packets", {
        name: "packets",
        region: "us-central1",
        loadBalancingScheme: "EXTERNAL",
        protocol: "TCP",
      });
      stack.add("gcp:compute/forwardingRule:ForwardingRule", "packet-rule", {
        name: "packet-rule",
        ...inGoogleZone("gateway"),
        region: "us-central1",
        backendService: service,
        allPorts: true,
      });
    };
    expect(faults(packets)).toEqual([`open (passthrough) ${passing}`, `open ${port80}`]);
  });

  it("judges regional twins as it does global ones", () => {
    const change: Change = (stack) => {
      const sslPolicy = stack.add("gcp:compute/regionSslPolicy:RegionSslPolicy", "old", {
        name: "old",
        region: "us-central1",
        profile: "MODERN",
        minTlsVersion: "TLS_1_2",
      });
      const service = stack.add("gcp:compute/regionBackendService:RegionBackendService", "inner", {
        name: "inner",
        region: "us-central1",
        loadBalancingScheme: "INTERNAL_MANAGED",
        protocol: "HTTP",
      });
      const urlMap = stack.add("gcp:compute/regionUrlMap:RegionUrlMap", "inner-paths", {
        name: "inner-paths",
        region: "us-central1",
        pathMatchers: [{ name: "all", pathRules: [{ paths: ["/*"], service }] }],
      });
      const target = stack.add("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", "inner-proxy", {
        name: "inner-proxy",
        region: "us-central1",
        urlMap,
        sslPolicy,
      });
      stack.add("gcp:compute/forwardingRule:ForwardingRule", "inner-rule", {
        name: "inner-rule",
        ...inGoogleZone("processing"),
        region: "us-central1",
        loadBalancingScheme: "INTERNAL_MANAGED",
        target,
        portRange: "443",
      });
    };
    const facts = factsOf(change);
    expect(faultsOf(facts)).toEqual(
      [
        `open ${noCertificate}`,
        `open ${oldPolicy}`,
        `open ${plainTargets}`,
        `open ${anyCertificate}`,
        "open it takes the certificate of whichever workload of its authorities for that of its targets",
      ].sort(),
    );
    expect(new Set(facts.unprovedHops.map(({ zone }) => zone))).toEqual(new Set(["processing"]));
  });

  it("finds what a path leads to, whatever leads there", () => {
    const plain =
      (map: (service: string) => Inputs): Change =>
      (stack) => {
        const service = stack.add("gcp:compute/backendService:BackendService", "plain-service", {
          name: "plain-service",
          loadBalancingScheme: "EXTERNAL_MANAGED",
          tlsSettings: undefined,
        });
        amend(stack, "paths", map(service));
      };
    const maps: readonly ((service: string) => Inputs)[] = [
      (service) => ({ pathMatchers: [{ name: "a", defaultService: service }] }),
      (service) => ({ pathMatchers: [{ name: "a", routeRules: [{ priority: 1, service }] }] }),
      (service) => ({ defaultRouteAction: { weightedBackendServices: [{ backendService: service }] } }),
      (service) => ({
        pathMatchers: [
          { name: "a", defaultRouteAction: { requestMirrorPolicy: { backendService: service } } },
        ],
      }),
    ];
    for (const map of maps) {
      expect(faults(plain(map))).toContain(`open ${plainTargets}`);
    }
  });
});

describe.each(knowledges)("clinicians at a load balancer of Google Cloud's, %s", (knowledge) => {
  const bearer = `!has(request.headers['authorization']) || !request.headers['authorization'].lower().startsWith('bearer ')`;
  const refusal: Inputs = { action: "deny(401)", priority: 10, match: { expr: { expression: bearer } } };
  const rest: Inputs = {
    action: "allow",
    priority: 2147483647,
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
  };
  const factsOf = (policy: Inputs | undefined, service: Inputs = {}): ReturnType<typeof gcpHopsOf> => {
    const stack = googleEntrance(new Sketch(knowledge));
    amend(stack, "proxy", { serverTlsPolicy: undefined });
    if (policy !== undefined) {
      stack.add("gcp:compute/securityPolicy:SecurityPolicy", "web-firewall", {
        name: "web-firewall",
        ...policy,
      });
      amend(stack, "gateway-service", { securityPolicy: `${stack.id("web-firewall")}.selfLink` });
    }
    amend(stack, "gateway-service", service);
    return gcpHopsOf(stack);
  };
  const asks = (policy: Inputs | undefined, service: Inputs = {}): string | undefined =>
    faultsOf(factsOf(policy, service)).find((fault) => fault.includes("asks no client"));
  const excused = "open (sign-in) it asks no client for a certificate";
  const refused = "open it asks no client for a certificate";

  it("have signed in where a web firewall lets nobody by without a token", () => {
    expect(asks({ rules: [refusal, rest] })).toBe(excused);
    expect(hopsOf(factsOf({ rules: [refusal, rest] }))).toContain(
      "one-way-tls clients and TargetHttpsProxy proxy",
    );
    expect(asks({ rules: [rest, { ...refusal, priority: "10", preview: false }] })).toBe(excused);
    const reordered = bearer.split(" || ").reverse().join("||").replaceAll("'", '"');
    expect(asks({ rules: [{ ...refusal, match: { expr: { expression: reordered } } }] })).toBe(excused);
    expect(asks(undefined, { iap: { enabled: true } })).toBe(excused);
  });

  it("have signed in where the rule is a resource of its own", () => {
    const stack = googleEntrance(new Sketch(knowledge));
    amend(stack, "proxy", { serverTlsPolicy: undefined });
    stack.add("gcp:compute/securityPolicy:SecurityPolicy", "web-firewall", { name: "web-firewall" });
    stack.add("gcp:compute/securityPolicyRule:SecurityPolicyRule", "token", {
      securityPolicy: `${stack.id("web-firewall")}.name`,
      ...refusal,
    });
    amend(stack, "gateway-service", { securityPolicy: stack.id("web-firewall") });
    expect(faultsOf(gcpHopsOf(stack))).toContain(excused);
  });

  it.each<readonly [string, Inputs | undefined]>([
    ["there is no web firewall", undefined],
    ["nothing is refused", { rules: [rest] }],
    ["it only reports", { rules: [{ ...refusal, preview: true }, rest] }],
    ["it may only report", { rules: [{ ...refusal, preview: unknownText }, rest] }],
    ["some are let by before", { rules: [{ ...rest, priority: 5 }, refusal] }],
    ["some may be let by before", { rules: [{ ...rest, priority: unknownText }, refusal] }],
    ["what is refused is not known", { rules: [{ ...refusal, match: unknownText }] }],
    [
      "a request without the header passes",
      {
        rules: [
          {
            ...refusal,
            match: { expr: { expression: "!request.headers['authorization'].startsWith('Bearer ')" } },
          },
        ],
      },
    ],
    [
      "any token passes",
      { rules: [{ ...refusal, match: { expr: { expression: "!has(request.headers['authorization'])" } } }] },
    ],
    [
      "it is refused on one path alone",
      { rules: [{ ...refusal, match: { expr: { expression: `(${bearer}) && request.path == '/x'` } } }] },
    ],
    [
      "it is refused in one case alone",
      {
        rules: [
          {
            ...refusal,
            match: { expr: { expression: `request.path == '/x' && (false || ${bearer} || false)` } },
          },
        ],
      },
    ],
    ["it is one of the edge", { type: "CLOUD_ARMOR_EDGE", rules: [refusal] }],
  ])("have not where %s", (_what, policy) => {
    expect(asks(policy)).toBe(refused);
  });

  it("have not where Google's own sign-in is off, or may be", () => {
    for (const enabled of [false, unknownText]) {
      expect(asks(undefined, { iap: { enabled } })).toBe(refused);
    }
  });
});
