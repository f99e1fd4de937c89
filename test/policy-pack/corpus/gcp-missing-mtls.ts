import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { claim, labelled } from "./gcp-base";
import {
  authority,
  besideNetworks,
  entranceCase,
  gcpEntrance,
  regionalCase,
  regionalEntrance,
  trust,
} from "./gcp-entrance";
import { gcp, inputsOf, pair, setting } from "./gcp-network-pieces";
import { amend, changed, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** A second way to the same place. */
function secondRule(stack: Sketch, target: string, inputs: Inputs = {}): Sketch {
  stack.add(gcp("compute", "GlobalForwardingRule"), "second", {
    name: "second",
    target,
    ipProtocol: "TCP",
    portRange: "443",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    ...labelled("gateway"),
    ...inputs,
  });
  return stack;
}

/** A proxy of another kind before the same backend. */
function otherProxy(
  type: string,
  inputs: (stack: Sketch) => Inputs,
  portRange: string,
): (stack: Sketch) => Sketch {
  return (stack) => {
    gcpEntrance(stack);
    return secondRule(
      stack,
      stack.add(gcp("compute", type), "second-proxy", { name: "second-proxy", ...inputs(stack) }),
      {
        portRange,
      },
    );
  };
}

/** A second proxy of HTTPS that is as right as the first. */
function secondProxy(stack: Sketch, inputs: Inputs = {}): Sketch {
  gcpEntrance(stack);
  return secondRule(
    stack,
    stack.add(gcp("compute", "TargetHttpsProxy"), "second-proxy", {
      ...inputsOf(stack, "proxy"),
      name: "second-proxy",
      ...inputs,
    }),
  );
}

function passthrough(stack: Sketch, inputs: Inputs = {}): string {
  return stack.add(gcp("compute", "ForwardingRule"), "inner", {
    name: "inner",
    region: "us-central1",
    loadBalancingScheme: "INTERNAL_MANAGED",
    network: stack.id("vpc"),
    subnetwork: stack.id("processing-subnet"),
    ...labelled("processing"),
    ...inputs,
  });
}

const plaintext: readonly CorpusCase[] = [
  pair(
    "GM-01",
    "a second entrance of plain HTTP",
    otherProxy("TargetHttpProxy", (stack) => ({ urlMap: stack.id("urls") }), "80"),
    (stack) => secondProxy(stack),
  ),
  pair(
    "GM-01",
    "a second entrance of plain HTTP on the port of HTTPS",
    otherProxy("TargetHttpProxy", (stack) => ({ urlMap: stack.id("urls") }), "443"),
    (stack) => secondProxy(stack),
  ),
  pair(
    "GM-01",
    "a second entrance of plain HTTP that sends clients to the first",
    otherProxy(
      "TargetHttpProxy",
      (stack) => ({
        urlMap: stack.add(gcp("compute", "URLMap"), "redirect", {
          name: "redirect",
          defaultUrlRedirect: { httpsRedirect: true, stripQuery: false },
        }),
      }),
      "80",
    ),
    gcpEntrance,
  ),
  pair(
    "GM-01",
    "a second entrance that passes bytes on",
    otherProxy("TargetTCPProxy", (stack) => ({ backendService: stack.id("behind") }), "443"),
    (stack) => secondProxy(stack),
  ),
  pair(
    "GM-01",
    "a second entrance of TLS that asks nobody who they are",
    otherProxy(
      "TargetSSLProxy",
      (stack) => ({ backendService: stack.id("behind"), sslPolicy: stack.id("newest") }),
      "443",
    ),
    (stack) => secondProxy(stack),
  ),
  entranceCase("GM-01", "an entrance on the port of plain HTTP", "entrance", { portRange: "80" }),
  entranceCase(
    "GM-01",
    "an entrance on a range of ports",
    "entrance",
    { portRange: "443-8443" },
    { portRange: "443-443" },
  ),
  entranceCase("GM-01", "an entrance on a port that nobody knows", "entrance", { portRange: unknownText }),
  entranceCase("GM-01", "an entrance on no port that is named", "entrance", { portRange: undefined }),
  entranceCase("GM-01", "an entrance to what nobody knows", "entrance", { target: unknownText }),
  regionalCase("GM-01", "an entrance on the port of plain HTTP", "entrance", { portRange: "80" }),
  pair(
    "GM-01",
    "an entrance of plain HTTP, in one region",
    (stack) => {
      regionalEntrance(stack);
      const target = stack.add(gcp("compute", "RegionTargetHttpProxy"), "plain", {
        name: "plain",
        region: "us-central1",
        urlMap: stack.id("urls"),
      });
      amend(stack, "entrance", { target, portRange: "80" });
    },
    regionalEntrance,
  ),
  pair(
    "GM-01",
    "an entrance that passes bytes on, in one region",
    (stack) => {
      regionalEntrance(stack);
      const target = stack.add(gcp("compute", "RegionTargetTcpProxy"), "bytes", {
        name: "bytes",
        region: "us-central1",
        backendService: stack.id("behind"),
      });
      amend(stack, "entrance", { target });
    },
    regionalEntrance,
  ),
  pair(
    "GM-01",
    "a load balancer of processing that passes packets on, on every port",
    (stack) => {
      regionalEntrance(stack);
      passthrough(stack, {
        loadBalancingScheme: "INTERNAL",
        allPorts: true,
        backendService: stack.id("behind"),
      });
    },
    (stack) => {
      regionalEntrance(stack);
      passthrough(stack, { target: stack.id("proxy"), portRange: "443" });
    },
  ),
  pair(
    "GM-01",
    "a load balancer of processing that passes packets on, on two ports",
    (stack) => {
      regionalEntrance(stack);
      passthrough(stack, {
        loadBalancingScheme: "INTERNAL",
        ports: ["443", "8443"],
        backendService: stack.id("behind"),
      });
    },
    (stack) => {
      regionalEntrance(stack);
      passthrough(stack, { target: stack.id("proxy"), portRange: "443" });
    },
  ),
];

function policyCase(name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return entranceCase("GM-02", name, "clients", bad, good);
}

/** The policy of whom the entrance admits says something else of how it asks. */
function askedCase(name: string, bad: Inputs): CorpusCase {
  return setting(
    "GM-02",
    name,
    (stack, inputs: Inputs) => {
      gcpEntrance(stack);
      const mtlsPolicy = { ...(inputsOf(stack, "clients")["mtlsPolicy"] as Inputs), ...inputs };
      amend(stack, "clients", {
        mtlsPolicy: Object.fromEntries(Object.entries(mtlsPolicy).filter(([, value]) => value !== undefined)),
      });
    },
    bad,
    {},
  );
}

const authentication: readonly CorpusCase[] = [
  entranceCase("GM-02", "an entrance that asks nobody who they are", "proxy", { serverTlsPolicy: undefined }),
  entranceCase("GM-02", "an entrance of which nobody knows whom it asks", "proxy", {
    serverTlsPolicy: unknownText,
  }),
  entranceCase(
    "GM-02",
    "an entrance with a policy that the stack does not show",
    "proxy",
    { serverTlsPolicy: `projects/${ownProject}/locations/global/serverTlsPolicies/elsewhere` },
    { serverTlsPolicy: `projects/${ownProject}/locations/global/serverTlsPolicies/clients` },
  ),
  regionalCase("GM-02", "an entrance that asks nobody who they are", "proxy", { serverTlsPolicy: undefined }),
  policyCase("an entrance with a policy that does not ask", { mtlsPolicy: undefined }),
  askedCase("an entrance that lets clients pass whatever they show", {
    clientValidationMode: "ALLOW_INVALID_OR_MISSING_CLIENT_CERT",
  }),
  askedCase("an entrance that does not say how it asks", { clientValidationMode: undefined }),
  askedCase("an entrance of which nobody knows how it asks", { clientValidationMode: unknownText }),
  askedCase("an entrance that trusts no authority", { clientValidationTrustConfig: undefined }),
  askedCase("an entrance that trusts nobody knows whom", { clientValidationTrustConfig: unknownText }),
  policyCase("an entrance that takes plain text as well", { allowOpen: true }, { allowOpen: undefined }),
  policyCase("an entrance of which nobody knows whether it takes plain text", { allowOpen: unknownText }),
  changed(
    "GM-02",
    "an entrance that lets clients pass whatever they show, in one region",
    regionalEntrance,
    "clients",
    { mtlsPolicy: { clientValidationMode: "ALLOW_INVALID_OR_MISSING_CLIENT_CERT" } },
    {},
  ),
  pair(
    "GM-02",
    "a second entrance that asks nobody who they are",
    (stack) => secondProxy(stack, { serverTlsPolicy: undefined }),
    (stack) => secondProxy(stack),
  ),
  pair(
    "GM-02",
    "a policy that asks, and that the entrance does not take",
    (stack) => {
      const other = secondProxy(stack).add(gcp("networksecurity", "ServerTlsPolicy"), "nobody", {
        name: "nobody",
        location: "global",
      });
      amend(stack, "second-proxy", { serverTlsPolicy: other });
    },
    (stack) => {
      secondProxy(stack).add(gcp("networksecurity", "ServerTlsPolicy"), "nobody", {
        name: "nobody",
        location: "global",
      });
    },
  ),
];

const versions: readonly CorpusCase[] = [
  ...(
    [
      ["TLS 1.2", { minTlsVersion: "TLS_1_2" }],
      ["TLS 1.1", { minTlsVersion: "TLS_1_1", profile: "MODERN" }],
      ["no version that is named", { minTlsVersion: undefined }],
      ["a version that nobody knows", { minTlsVersion: unknownText }],
      ["a version in small letters", { minTlsVersion: "tls_1_3" }],
      ["a profile that nobody knows", { profile: unknownText }],
      [
        "ciphers of its own",
        {
          profile: "CUSTOM",
          minTlsVersion: "TLS_1_2",
          customFeatures: ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        },
      ],
    ] as const
  ).flatMap(([name, bad]) => [
    entranceCase("GM-03", `an entrance on ${name}`, "newest", bad),
    regionalCase("GM-03", `an entrance on ${name}`, "newest", bad),
  ]),
  entranceCase("GM-03", "an entrance on what Google takes by default", "proxy", { sslPolicy: undefined }),
  regionalCase("GM-03", "an entrance on what Google takes by default", "proxy", { sslPolicy: undefined }),
  entranceCase("GM-03", "an entrance on what nobody knows", "proxy", { sslPolicy: unknownText }),
  entranceCase(
    "GM-03",
    "an entrance with a policy of TLS that the stack does not show",
    "proxy",
    { sslPolicy: `projects/${ownProject}/global/sslPolicies/elsewhere` },
    { sslPolicy: `projects/${ownProject}/global/sslPolicies/newest` },
  ),
  ...(["STRICT", "PERMISSIVE", "UNRESTRICTED", unknownText] as const).map((tlsEarlyData, index) =>
    entranceCase(
      "GM-03",
      `an entrance that takes what may be said twice: ${String(index)}`,
      "proxy",
      { tlsEarlyData },
      { tlsEarlyData: "DISABLED" },
    ),
  ),
  pair(
    "GM-03",
    "a second entrance on TLS 1.2",
    (stack) => {
      const old = secondProxy(stack).add(gcp("compute", "SSLPolicy"), "old", {
        name: "old",
        profile: "MODERN",
        minTlsVersion: "TLS_1_2",
      });
      amend(stack, "second-proxy", { sslPolicy: old });
    },
    (stack) => {
      secondProxy(stack).add(gcp("compute", "SSLPolicy"), "old", {
        name: "old",
        profile: "MODERN",
        minTlsVersion: "TLS_1_2",
      });
    },
  ),
];

const settings = (stack: Sketch, more: Inputs): Inputs => ({
  tlsSettings: Object.fromEntries(
    Object.entries<unknown>({ ...(inputsOf(stack, "behind")["tlsSettings"] as Inputs), ...more }).filter(
      ([, value]) => value !== undefined,
    ),
  ),
});

function behindCase(name: string, more: Inputs, good: Inputs = {}): readonly CorpusCase[] {
  return (
    [
      ["", gcpEntrance],
      [", in one region", regionalEntrance],
    ] as const
  ).map(([where, entrance]) =>
    setting(
      "GM-04",
      `${name}${where}`,
      (stack, inputs: Inputs) => amend(entrance(stack), "behind", settings(stack, inputs)),
      more,
      good,
    ),
  );
}

const backends: readonly CorpusCase[] = [
  ...(
    [
      ["plain HTTP", { protocol: "HTTP", tlsSettings: undefined }],
      ["what nobody named, which is plain HTTP", { protocol: undefined, tlsSettings: undefined }],
      ["plain HTTP of the second version", { protocol: "H2C", tlsSettings: undefined }],
      ["bytes", { protocol: "TCP", tlsSettings: undefined }],
      ["what nobody knows", { protocol: unknownText }],
      ["TLS to anybody", { tlsSettings: undefined }],
    ] as const
  ).flatMap(([name, bad]) => [
    entranceCase("GM-04", `behind the entrance: ${name}`, "behind", bad, { protocol: "HTTP2" }),
    regionalCase("GM-04", `behind the entrance: ${name}`, "behind", bad, { protocol: "HTTP2" }),
  ]),
  ...behindCase("behind the entrance: a name, and no certificate asked", { authenticationConfig: undefined }),
  ...behindCase("behind the entrance: a certificate of any name", {
    sni: undefined,
    subjectAltNames: undefined,
  }),
  ...behindCase("behind the entrance: verified by nobody knows what", { authenticationConfig: unknownText }),
  entranceCase("GM-04", "behind the entrance: any public authority's word", "behind-tls", {
    wellKnownRoots: "PUBLIC_ROOTS",
    trustConfig: undefined,
  }),
  entranceCase(
    "GM-04",
    "behind the entrance: any public authority's word as well",
    "behind-tls",
    { wellKnownRoots: "PUBLIC_ROOTS" },
    { wellKnownRoots: undefined },
  ),
  entranceCase("GM-04", "behind the entrance: no authority at all", "behind-tls", { trustConfig: undefined }),
  entranceCase("GM-04", "behind the entrance: an authority that nobody knows", "behind-tls", {
    trustConfig: unknownText,
  }),
  pair(
    "GM-04",
    "a second service behind the entrance, by plain HTTP",
    (stack) => twoServices(stack, { protocol: "HTTP", tlsSettings: undefined }),
    (stack) => twoServices(stack, {}),
  ),
  pair(
    "GM-04",
    "a second service behind one path of the entrance, by TLS to anybody",
    (stack) => twoServices(stack, { tlsSettings: undefined }),
    (stack) => twoServices(stack, {}),
  ),
];

function twoServices(stack: Sketch, inputs: Inputs): Sketch {
  gcpEntrance(stack);
  const second = stack.add(
    gcp("compute", "BackendService"),
    "second-behind",
    Object.fromEntries(
      Object.entries<unknown>({ ...inputsOf(stack, "behind"), name: "second-behind", ...inputs }).filter(
        ([, value]) => value !== undefined,
      ),
    ),
  );
  return amend(stack, "urls", {
    hostRules: [{ hosts: ["api.clinic.example"], pathMatcher: "api" }],
    pathMatchers: [
      {
        name: "api",
        defaultService: stack.id("behind"),
        pathRules: [{ paths: ["/second"], service: second }],
      },
    ],
  });
}

const trusts: readonly CorpusCase[] = [
  ...(["clients-trust", "services-trust"] as const).flatMap((resource) => [
    entranceCase("GM-05", `${resource}: a certificate that is taken unseen`, resource, {
      allowlistedCertificates: [{ pemCertificate: authority }],
    }),
    entranceCase(
      "GM-05",
      `${resource}: certificates that nobody knows are taken unseen`,
      resource,
      {
        allowlistedCertificates: unknownText,
      },
      { allowlistedCertificates: [] },
    ),
    entranceCase("GM-05", `${resource}: no authority`, resource, { trustStores: [] }),
    entranceCase(
      "GM-05",
      `${resource}: an authority that has no root`,
      resource,
      { trustStores: [{ intermediateCas: [{ pemCertificate: authority }] }] },
      {
        trustStores: [
          { trustAnchors: [{ pemCertificate: authority }], intermediateCas: [{ pemCertificate: authority }] },
        ],
      },
    ),
  ]),
  pair(
    "GM-05",
    "an entrance that trusts a configuration that the stack does not show",
    (stack) => {
      gcpEntrance(stack);
      amend(stack, "clients", {
        mtlsPolicy: {
          clientValidationMode: "REJECT_INVALID",
          clientValidationTrustConfig: "projects/somebody-else/locations/global/trustConfigs/theirs",
        },
      });
    },
    (stack) => {
      gcpEntrance(stack);
      amend(stack, "clients", {
        mtlsPolicy: {
          clientValidationMode: "REJECT_INVALID",
          clientValidationTrustConfig: trust(stack, "more-trust"),
        },
      });
    },
  ),
];

const tlsOfPlugin: Inputs = {
  certificateProviderInstance: { pluginInstance: "google_cloud_private_spiffe" },
};

/** Services of processing that find each other without a proxy. */
function mesh(stack: Sketch): Sketch {
  const client = stack.add(gcp("networksecurity", "ClientTlsPolicy"), "mesh-client", {
    name: "mesh-client",
    location: "global",
    sni: "rag.clinic.internal",
    clientCertificate: tlsOfPlugin,
    serverValidationCas: [tlsOfPlugin],
    ...labelled("processing"),
  });
  stack.add(gcp("compute", "BackendService"), "rag", {
    name: "rag",
    loadBalancingScheme: "INTERNAL_SELF_MANAGED",
    protocol: "GRPC",
    securitySettings: {
      clientTlsPolicy: client,
      subjectAltNames: ["spiffe://clinic.example/zone/processing/workload/rag-service"],
    },
  });
  const server = stack.add(gcp("networksecurity", "ServerTlsPolicy"), "mesh-server", {
    name: "mesh-server",
    location: "global",
    allowOpen: false,
    serverCertificate: tlsOfPlugin,
    mtlsPolicy: { clientValidationCas: [tlsOfPlugin] },
    ...labelled("processing"),
  });
  stack.add(gcp("networkservices", "EndpointPolicy"), "mesh-endpoints", {
    name: "mesh-endpoints",
    type: "GRPC_SERVER",
    serverTlsPolicy: server,
    trafficPortSelector: { ports: ["443"] },
    endpointMatcher: {
      metadataLabelMatcher: {
        metadataLabelMatchCriteria: "MATCH_ALL",
        metadataLabels: [{ labelName: "app", labelValue: "rag" }],
      },
    },
    ...labelled("processing"),
  });
  return claim(stack, "processing", "rag");
}

function meshCase(name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed("GM-06", name, mesh, resource, bad, good);
}

const meshes: readonly CorpusCase[] = [
  meshCase("a service that is called without TLS", "rag", { securitySettings: undefined }),
  meshCase("a service that is called by a policy that nobody knows", "rag", {
    securitySettings: { clientTlsPolicy: unknownText },
  }),
  meshCase("a caller that verifies nobody", "mesh-client", { serverValidationCas: undefined }),
  meshCase("a caller with an empty list of authorities", "mesh-client", { serverValidationCas: [] }),
  meshCase("a caller that shows no certificate", "mesh-client", { clientCertificate: undefined }),
  meshCase("endpoints that take anything", "mesh-endpoints", { serverTlsPolicy: undefined }),
  meshCase("endpoints of which nobody knows what they take", "mesh-endpoints", {
    serverTlsPolicy: unknownText,
  }),
  meshCase("endpoints that take plain text as well", "mesh-server", { allowOpen: true }),
  meshCase("endpoints that ask nobody who they are", "mesh-server", { mtlsPolicy: undefined }),
];

const all: readonly CorpusCase[] = [
  ...plaintext,
  ...authentication,
  ...versions,
  ...backends,
  ...trusts,
  ...meshes,
];

/** The entrance of a network that all zones share. */
const shared: readonly CorpusCase[] = (
  [
    ["", gcpEntrance],
    [" of one region", regionalEntrance],
  ] as const
).flatMap(([where, entrance]) => [
  changed(
    "GM-02",
    `an entrance${where} to a shared network that asks nobody who they are`,
    entrance,
    "proxy",
    {
      serverTlsPolicy: undefined,
    },
  ),
  changed("GM-03", `an entrance${where} to a shared network on TLS 1.2`, entrance, "newest", {
    minTlsVersion: "TLS_1_2",
  }),
]);

/** The checklist of what skips mutual TLS on Google Cloud, at the entrance and behind it: rows GM-01 to GM-06. */
export const gcpMissingMtls: readonly CorpusCase[] = [...all.map(besideNetworks), ...shared];
