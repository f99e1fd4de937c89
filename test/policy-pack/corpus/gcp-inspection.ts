import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { emailOf, emailText, https } from "./gcp-base";
import { firewall, gcp, halves, machine, nic, pair, policyRule, route } from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** Lets processing out on 443. */
function letOut(stack: Sketch, destination = "0.0.0.0/0"): Sketch {
  return policyRule(
    stack,
    { priority: 300, targetServiceAccounts: [emailOf(stack, "processing")] },
    { destIpRanges: [destination] },
    "processing-out",
  );
}

const withAddress = (stack: Sketch): Sketch => {
  machine(
    stack,
    "processing",
    { networkInterfaces: [nic(stack, "processing", { accessConfigs: [{}] })] },
    "worker",
  );
  return stack;
};

const worker = (stack: Sketch): Sketch => {
  machine(stack, "processing", {}, "worker");
  return stack;
};

/** A route for machines of processing. */
const processingRoute = (stack: Sketch, inputs: Inputs = {}, name = "way-out"): Sketch =>
  route(stack, stack.id("vpc"), { tags: ["processing"], ...inputs }, name);

function translated(stack: Sketch): Sketch {
  const router = stack.add(gcp("compute", "Router"), "router", {
    name: "router",
    network: stack.id("vpc"),
    region: "us-central1",
  });
  stack.add(gcp("compute", "RouterNat"), "nat", {
    name: "nat",
    router: `${router}.name`,
    region: "us-central1",
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
    subnetworks: [{ name: stack.id("processing-subnet"), sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
  });
  return stack;
}

const taggedWorker = (stack: Sketch): Sketch => amend(worker(stack), "worker", { tags: ["processing"] });

/** A proxy of Google's that looks into what processing says to the Internet. */
const proxyAddress = "10.0.6.10";

interface Inspection {
  readonly gateway?: Inputs;
  readonly policy?: Inputs;
  readonly rule?: Inputs;
  readonly tls?: Inputs;
}

const said = (inputs: Inputs): Inputs =>
  Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));

/**
 * The way out through an inspection: processing → a proxy in a subnet of its own → the Internet. No filter opens it.
 *
 * Names: `proxy-subnet`, `web-proxy`, `web-policy`, `web-rule`, `web-tls`.
 */
export function inspected({ gateway = {}, policy = {}, rule = {}, tls = {} }: Inspection = {}): (
  stack: Sketch,
) => Sketch {
  return (stack) => {
    const location = "us-central1";
    const inspection = stack.add(
      gcp("networksecurity", "TlsInspectionPolicy"),
      "web-tls",
      said({
        name: "web-tls",
        location,
        caPool: `projects/${ownProject}/locations/us-central1/caPools/inspection`,
        excludePublicCaSet: false,
        ...tls,
      }),
    );
    const security = stack.add(
      gcp("networksecurity", "GatewaySecurityPolicy"),
      "web-policy",
      said({ name: "web-policy", location, tlsInspectionPolicy: inspection, ...policy }),
    );
    stack.add(
      gcp("networksecurity", "GatewaySecurityPolicyRule"),
      "web-rule",
      said({
        name: "web-rule",
        location,
        gatewaySecurityPolicy: `${security}.name`,
        enabled: true,
        priority: 100,
        basicProfile: "ALLOW",
        sessionMatcher: `host() == 'api.provider.example' && source.matchServiceAccount('${emailText("processing")}')`,
        applicationMatcher: "request.method == 'POST'",
        tlsInspectionEnabled: true,
        ...rule,
      }),
    );
    const subnetwork = stack.add(gcp("compute", "Subnetwork"), "proxy-subnet", {
      name: "proxy-subnet",
      network: stack.id("vpc"),
      region: location,
      ipCidrRange: "10.0.6.0/24",
      stackType: "IPV4_ONLY",
    });
    stack.add(
      gcp("networkservices", "Gateway"),
      "web-proxy",
      said({
        name: "web-proxy",
        location,
        type: "SECURE_WEB_GATEWAY",
        routingMode: "EXPLICIT_ROUTING_MODE",
        addresses: [proxyAddress],
        ports: [443],
        scope: "web-proxy",
        certificateUrls: [`projects/${ownProject}/locations/us-central1/certificates/web-proxy`],
        gatewaySecurityPolicy: security,
        network: stack.id("vpc"),
        subnetwork,
        deleteSwgAutogenRouterOnDestroy: true,
        ...gateway,
      }),
    );
    return worker(stack);
  };
}

/** The same, with a filter that lets the processing zone go there. */
function passed(what: Inspection = {}): (stack: Sketch) => Sketch {
  return (stack) => letOut(inspected(what)(stack), `${proxyAddress}/32`);
}

/** The same, with a route by which whatever leaves processing gets to the proxy first. */
function onTheWay(what: Inspection = {}): (stack: Sketch) => Sketch {
  const proxied = inspected({ ...what, gateway: { routingMode: "NEXT_HOP_ROUTING_MODE" } });
  return (stack) =>
    processingRoute(amend(proxied(stack), "worker", { tags: ["processing"] }), {
      nextHopGateway: undefined,
      nextHopIlb: proxyAddress,
    });
}

function inspection(
  name: string,
  bad: (stack: Sketch) => unknown,
  good: (stack: Sketch) => unknown = inspected(),
): CorpusCase {
  return pair("inspection", name, bad, good);
}

function looks(name: string, bad: Inspection, good: Inspection = {}): CorpusCase {
  return pair("GM-12", name, passed(bad), inspected(good));
}

/** What processing may reach of the Internet, and what looks at it on the way. */
const ways: readonly CorpusCase[] = [
  inspection("processing straight to the Internet, with a public address", (stack) =>
    letOut(processingRoute(withAddress(stack), { tags: ["gateway", "processing"] })).change(
      "worker",
      (before) => ({
        ...before,
        tags: ["processing"],
      }),
    ),
  ),
  inspection("processing out through address translation alone", (stack) =>
    letOut(processingRoute(translated(taggedWorker(stack)))),
  ),
  inspection("processing out by two halves of a default route", (stack) => {
    halves.forEach((destRange, index) => processingRoute(stack, { destRange }, `half-${String(index)}`));
    letOut(translated(taggedWorker(stack)));
  }),
  inspection("processing out to one address that a route leads to", (stack) =>
    letOut(
      processingRoute(translated(taggedWorker(stack)), { destRange: "198.51.100.0/24" }),
      "198.51.100.0/24",
    ),
  ),
  inspection(
    "processing let out to an address, and a route that leads there",
    (stack) =>
      letOut(
        processingRoute(translated(taggedWorker(stack)), { destRange: "198.51.100.0/24" }),
        "198.51.100.0/24",
      ),
    (stack) => letOut(taggedWorker(stack), "198.51.100.0/24"),
  ),
  inspection(
    "processing with a route to the Internet and an address, let out or not",
    (stack) => letOut(processingRoute(translated(taggedWorker(stack)))),
    (stack) => processingRoute(translated(taggedWorker(stack))),
  ),
  inspection("processing out by a machine that nobody knows", (stack) =>
    letOut(processingRoute(taggedWorker(stack), { nextHopGateway: undefined, nextHopIp: "10.0.1.77" })),
  ),
  inspection("processing out by a load balancer that nobody knows", (stack) =>
    letOut(
      processingRoute(taggedWorker(stack), {
        nextHopGateway: undefined,
        nextHopIlb: `projects/${ownProject}/regions/us-central1/forwardingRules/appliances`,
      }),
    ),
  ),
  inspection("processing out by a tunnel, and nobody knows what is beyond", (stack) =>
    letOut(
      processingRoute(taggedWorker(stack), {
        nextHopGateway: undefined,
        nextHopVpnTunnel: `projects/${ownProject}/regions/us-central1/vpnTunnels/home`,
      }),
    ),
  ),
  inspection("processing out by a route that nobody knows", (stack) =>
    letOut(processingRoute(translated(taggedWorker(stack)), { nextHopGateway: unknownText })),
  ),
  inspection("processing let out by the network's own rules, which come first", (stack) => {
    amend(stack, "vpc", { networkFirewallPolicyEnforcementOrder: "AFTER_CLASSIC_FIREWALL" });
    firewall(processingRoute(translated(taggedWorker(stack))), {
      targetServiceAccounts: [emailOf(stack, "processing")],
    });
  }),
  inspection("processing past a proxy, to the Internet", (stack) =>
    letOut(processingRoute(translated(amend(inspected()(stack), "worker", { tags: ["processing"] })))),
  ),
  inspection("processing out by a profile of security that looks at nothing within TLS", (stack) =>
    policyRule(
      processingRoute(translated(taggedWorker(stack))),
      {
        priority: 300,
        action: "apply_security_profile_group",
        securityProfileGroup: "organizations/1/locations/global/securityProfileGroups/watch",
        targetServiceAccounts: [emailOf(stack, "processing")],
      },
      { layer4Configs: https },
      "processing-out",
    ),
  ),
  inspection("the gateway out to the Internet, by address translation", (stack) => {
    machine(stack, "gateway", { tags: ["gateway"] }, "front");
    const router = stack.add(gcp("compute", "Router"), "router", {
      name: "router",
      network: stack.id("vpc"),
      region: "us-central1",
    });
    stack.add(gcp("compute", "RouterNat"), "nat", {
      name: "nat",
      router: `${router}.name`,
      region: "us-central1",
      natIpAllocateOption: "AUTO_ONLY",
      sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      subnetworks: [{ name: stack.id("gateway-subnet"), sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
    });
    route(stack, stack.id("vpc"), { tags: ["gateway"] });
    policyRule(stack, { targetServiceAccounts: [emailOf(stack, "gateway")] });
  }),
];

/** Whether the proxy looks into TLS at all. */
const tlsInspection: readonly CorpusCase[] = [
  looks("a rule that does not look into TLS", { rule: { tlsInspectionEnabled: false } }),
  looks("a rule without a word of looking into TLS", { rule: { tlsInspectionEnabled: undefined } }),
  looks("a rule of which nobody knows whether it looks into TLS", {
    rule: { tlsInspectionEnabled: unknownText },
  }),
  looks("a proxy without an authority to look into TLS", { policy: { tlsInspectionPolicy: undefined } }),
  looks("a proxy that lets every name pass", {
    rule: { sessionMatcher: "true", applicationMatcher: undefined },
  }),
  looks("a proxy whose rules nobody knows", { rule: { sessionMatcher: unknownText } }),
  looks(
    "a proxy that lets a name pass, or whatever goes to a port",
    { rule: { sessionMatcher: "host() == 'api.provider.example' || destination.port == 443" } },
    {
      rule: {
        sessionMatcher:
          "(host() == 'api.provider.example' || host() == 'eu.provider.example') && (destination.port == 443 || destination.port == 8443)",
      },
    },
  ),
  looks("a proxy that lets one name pass if another does not", {
    rule: { sessionMatcher: "request.method == 'GET' ? host() == 'api.provider.example' : true" },
  }),
  looks("a proxy that lets the names of a provider of models pass by their end", {
    rule: { sessionMatcher: "host().endsWith('.openai.com') || host() == 'api.openai.com'" },
  }),
  looks("a proxy without a policy", { gateway: { gatewaySecurityPolicy: undefined } }),
  pair(
    "GM-12",
    "a proxy on the way that does not look into TLS",
    (stack) => letOut(onTheWay({ rule: { tlsInspectionEnabled: false } })(stack)),
    onTheWay(),
  ),
];

/** What processing may reach of the Internet on Google Cloud, and what looks at it: row GM-12, and inspection. */
export const gcpInspection: readonly CorpusCase[] = [...ways, ...tlsInspection];
