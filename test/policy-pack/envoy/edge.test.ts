import { describe, expect, it } from "vitest";

import type { EdgeClients } from "../../../components/mesh/edge-clients";
import { parseCidr } from "../../../model/cidr";
import { peerName } from "../../../model/peer";
import { platformSpec, type PlatformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { judge } from "../judge-on-a-day";
import { Sketch } from "../stack-sketch";

import { altered, bearing, having } from "./mutant";
import {
  balancerBlock,
  carriers,
  declarePlatform,
  identityOf,
  ownConfiguration,
  type Part,
} from "./shown-envoys";
import { refusedOn } from "./verdicts";

const balancer: EdgeClients = {
  certificate: "none",
  addresses: [parseCidr(balancerBlock)].filter((one) => one !== undefined),
};

const edgeIdentity = "spiffe://ai.hospital.example/zone/gateway/load-balancer";

function flowsOf(spec: PlatformSpec): Part {
  return {
    flows: spec.flows.map(({ from, to, protocol, port, transport }) => ({
      from: peerName(from),
      to: peerName(to),
      protocol,
      port,
      transport,
    })),
  };
}

const passedThrough = flowsOf(
  platformSpec({ ...referencePlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } }),
);

/** A platform on AWS with a load balancer, and the Envoy beside the workload behind it. */
function edge(configuration: Part, declared: Part = {}): Sketch {
  const stack = new Sketch("deployed");
  declarePlatform(stack, "aws", declared);
  const vpc = stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.40.0.0/16" });
  const subnet = stack.add("aws:ec2/subnet:Subnet", "balancer-subnet", {
    vpcId: vpc,
    cidrBlock: balancerBlock,
    tags: { "bulkhead-zone": "gateway" },
  });
  const group = stack.add("aws:ec2/securityGroup:SecurityGroup", "balancer-group", {
    vpcId: vpc,
    tags: { "bulkhead-zone": "gateway", "bulkhead-load-balancer": "edge" },
  });
  stack.add("aws:lb/loadBalancer:LoadBalancer", "balancer", {
    loadBalancerType: "application",
    internal: false,
    subnets: [subnet],
    securityGroups: [group],
    tags: { "bulkhead-zone": "gateway" },
  });
  carriers["a task definition"].add(stack, JSON.stringify(configuration), "gateway", "ai-gateway");
  return stack;
}

const chain = "static_resources/listeners/edge/filter_chains/0";
const tls = `${chain}/transport_socket/typed_config`;
const rules = `${chain}/filters/envoy.filters.network.http_connection_manager/typed_config/http_filters/envoy.filters.http.rbac/typed_config/rules`;
const principals = `${rules}/policies/declared-flows/principals`;
const own = ownConfiguration("ai-gateway", balancer);

const undeclared = (who: string): string =>
  `listener edge lets in ${who}, and no flow to workload/ai-gateway names them.`;

describe("the listener behind a load balancer that shows no certificate", () => {
  it("is accepted where the platform declares it, and lets in the load balancer's addresses alone", () => {
    expect(refusedOn(edge(own))).toEqual([]);
  });

  it.each<readonly [string, Part, readonly string[]]>([
    [
      "any address",
      having(own, principals, [{ any: true }]),
      ["it asks no client for a certificate.", undeclared("whoever calls")],
    ],
    [
      "no access control",
      having(own, rules, undefined),
      ["it asks no client for a certificate.", undeclared("whoever calls")],
    ],
    [
      "addresses besides",
      altered(own, principals, (list) => [
        ...(list as readonly Part[]),
        { direct_remote_ip: { address_prefix: "10.40.1.0", prefix_len: 24 } },
      ]),
      [undeclared("whoever calls from 10.40.1.0/24")],
    ],
    [
      "wider addresses",
      having(own, principals, [{ direct_remote_ip: { address_prefix: "10.40.0.0", prefix_len: 23 } }]),
      [undeclared("whoever calls from 10.40.0.0/23")],
    ],
    [
      "addresses that callers write themselves",
      having(own, principals, [{ remote_ip: { address_prefix: "10.40.0.0", prefix_len: 24 } }]),
      ["it asks no client for a certificate.", undeclared("whoever calls")],
    ],
    ["no TLS", having(own, `${chain}/transport_socket`, undefined), ["without TLS"]],
    [
      "older TLS",
      having(own, `${tls}/common_tls_context/tls_params`, undefined),
      ["it takes versions of TLS older than 1.3."],
    ],
  ])("is refused with %s", (_, configuration, said) => {
    const found = refusedOn(edge(configuration)).join("\n");
    said.forEach((one) => {
      expect(found).toContain(one);
    });
  });

  const oldest = `${tls}/common_tls_context/tls_params/tls_minimum_protocol_version`;

  it.each<readonly [string, string, readonly string[]]>([
    ["aws", "TLSv1_2", ["listener edge takes versions of TLS older than 1.3."]],
    ["gcp", "TLSv1_2", ["listener edge takes versions of TLS older than 1.3."]],
    // Azure's load balancer knows no newer one.
    ["azure", "TLSv1_2", []],
    ["azure", "TLSv1_1", ["it takes versions of TLS older than 1.3."]],
    ["azure", "TLSv1_3", []],
  ])("is judged on %s with %s by what the load balancer there knows", (cloud, version, said) => {
    expect(refusedOn(edge(having(own, oldest, version), { cloud }))).toEqual(said);
  });

  it("is refused with TLS 1.2 wherever it asks for certificates, whose bearers know a newer one", () => {
    const asking = ownConfiguration("ai-gateway", { certificate: "load-balancer", spiffeId: edgeIdentity });
    expect(refusedOn(edge(having(asking, oldest, "TLSv1_2"), { cloud: "azure" }))).toEqual([
      "it takes versions of TLS older than 1.3.",
    ]);
  });

  it("is refused where the platform declares no such hop", () => {
    expect(refusedOn(edge(own, passedThrough))).toEqual([undeclared(`whoever calls from ${balancerBlock}`)]);
  });

  it("is refused where nothing shows which addresses are the load balancer's", () => {
    const stack = edge(own);
    stack.change("balancer", (inputs) => ({ ...inputs, subnets: [] }));
    expect(refusedOn(stack)).toEqual([undeclared(`whoever calls from ${balancerBlock}`)]);
  });

  it("is refused before any other workload", () => {
    const stack = edge(own);
    stack.change("carrier", (inputs) => ({
      ...inputs,
      tags: { "bulkhead-zone": "processing", "bulkhead-workload": "fhir-proxy" },
    }));
    expect(refusedOn(stack)).toContain(
      `listener edge lets in whoever calls from ${balancerBlock}, and no flow to workload/fhir-proxy names them.`,
    );
  });
});

describe("the listener behind a load balancer that shows a certificate", () => {
  const shown = ownConfiguration("ai-gateway", { certificate: "load-balancer", spiffeId: edgeIdentity });

  it("is accepted", () => {
    expect(refusedOn(edge(shown))).toEqual([]);
  });

  it.each([
    ["a workload", identityOf("rag-service")],
    ["somebody of another trust domain", "spiffe://elsewhere.example/zone/gateway/load-balancer"],
  ])("is refused where it lets in %s", (_, exact) => {
    const refused = refusedOn(
      edge(
        having(
          having(shown, principals, [bearing({ exact })]),
          `${tls}/common_tls_context/combined_validation_context/default_validation_context`,
          {},
        ),
      ),
    );
    expect(refused).toEqual([undeclared(exact)]);
  });
});

describe("the listener behind a load balancer that passes TLS through", () => {
  const clients = ownConfiguration("ai-gateway", {
    certificate: "clients",
    authorities: "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n",
    proxyProtocol: "required",
  });

  it("is accepted where the platform declares it, and takes certificates of authorities that it names", () => {
    expect(refusedOn(edge(clients, passedThrough))).toEqual([]);
  });

  it("is refused where clients may say themselves where they come from", () => {
    const undecided = (configuration: Part, declared: Part): readonly string[] =>
      judge(edge(configuration, declared).resources(), { dryRun: false })
        .findings.filter(({ rule, urn }) => rule === "requests-are-decided" && urn.endsWith("::carrier"))
        .map(({ level, summary }) => `${level} ${summary}`);
    const filter = "static_resources/listeners/edge/listener_filters/0";
    const optional = having(clients, `${filter}/typed_config/allow_requests_without_proxy_protocol`, true);
    const disabled = having(clients, `${filter}/filter_disabled`, { any_match: true });
    expect(undecided(clients, passedThrough)).toEqual([]);
    for (const [configuration, declared] of [
      [optional, passedThrough],
      [disabled, passedThrough],
      [clients, {}],
    ] as const) {
      expect(undecided(configuration, declared)).toContainEqual(
        expect.stringMatching(/^mandatory .* may say itself by the PROXY protocol\.$/),
      );
    }
  });

  it("is refused where the platform declares no such entrance", () => {
    expect(refusedOn(edge(clients))).toEqual([undeclared("whoever has a certificate")]);
  });

  it("is refused where it takes those of the workloads", () => {
    const common =
      "static_resources/listeners/edge/filter_chains/0/transport_socket/typed_config/common_tls_context";
    const configuration = altered(clients, common, (value) => ({
      ...(value as Part),
      validation_context: undefined,
      validation_context_sds_secret_config: {
        name: "trust-bundle",
        sds_config: { path_config_source: { path: "/run/bulkhead/certificates/trust-bundle.json" } },
      },
    }));
    expect(refusedOn(edge(configuration, passedThrough))).toEqual([undeclared("whoever has a certificate")]);
  });

  it("is refused where it asks for none", () => {
    const refused = refusedOn(
      edge(having(clients, `${tls}/require_client_certificate`, false), passedThrough),
    );
    expect(refused).toContain("it asks no client for a certificate.");
  });
});
