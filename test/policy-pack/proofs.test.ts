import { beforeAll, describe, expect, it, vi } from "vitest";

import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";
import { beyondDoubt, merged, proof } from "../../policy-pack/proof";
import { rules } from "../../policy-pack/rules";

import { hiding, keysOf } from "./hidden-value";
import { InspectedStack, inspectingPolicy } from "./inspected-stack";
import { judge } from "./judge-on-a-day";
import { judged, shown, statements, type Judged } from "./judged-proofs";
import { named, renderedPlatform } from "./rendered-stack";
import type { Knowledge, Sketch } from "./stack-sketch";
import { transportMutants } from "./transport-mutants";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("proofs of the reference platform, %s", (knowledge) => {
  let whole: Sketch;
  let baseline: Judged;
  let urns: ReadonlySet<string>;
  beforeAll(async () => {
    whole = await renderedPlatform(referencePlatform, knowledge);
    baseline = judged(whole, knowledge);
    urns = new Set(whole.resources().map(({ urn }) => urn));
  });

  it.each(rules.map(({ name }) => name).filter((name) => name !== "waivers-are-in-order"))(
    "show %s by 1 to 20 statements, each with evidence that is of the stack",
    (rule) => {
      const of = baseline.proofs.find((one) => one.rule === rule);
      const proofs = of?.kind === "proofs" ? of.proofs : [];
      expect(proofs.length).toBeGreaterThan(0);
      expect(proofs.length).toBeLessThanOrEqual(20);
      for (const { evidence } of proofs) {
        expect(evidence.length).toBeGreaterThan(0);
        expect(evidence.filter(({ urn }) => !urns.has(urn))).toEqual([]);
      }
    },
  );

  it("say of each workload that one certificate takes the place of the other", () => {
    const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
    expect(statements(baseline, "certificates-rotate")).toContain(
      `The newest of the 2 certificates of ${spiffeId} has 2160 hours left, and each is for a key of its own.`,
    );
  });

  it("show each layer by which the PHI zone is closed", () => {
    const layers = statements(baseline, "phi-zone-has-no-egress").map((text) => text.split(":")[0]);
    expect([...new Set(layers)].sort()).toEqual(["API", "Address", "Connection", "Filter", "Route", "Store"]);
  });

  it("say what each hop of the entrance really is", () => {
    const of = baseline.proofs.find(({ rule }) => rule === "flows-require-mtls");
    const hops = of?.kind === "proofs" ? of.proofs : [];
    const ofProxies = hops.filter(({ statement }) => statement.includes("Its Envoy"));
    expect(ofProxies).toHaveLength(15);
    expect(
      hops
        .filter((hop) => !ofProxies.includes(hop))
        .map(({ statement, evidence }) => [statement, evidence.length]),
    ).toEqual([
      ["Hop of zone gateway: `mtls`, both ends prove who they are by certificates.", 1],
      [
        "Hop of zone gateway: `one-way-tls`, the server alone has a certificate, and what is sent is encrypted.",
        3,
      ],
    ]);
  });

  it("say whom the Envoy before each workload lets in and calls", () => {
    const of = (zone: string): readonly string[] =>
      statements(baseline, "flows-require-mtls").flatMap((statement) => {
        const [, envoy] = statement.split(" Its Envoy ");
        return envoy !== undefined && statement.startsWith(`Hop of zone ${zone}: `) ? [envoy] : [];
      });
    const start = "spiffe://ai.hospital.example/zone";
    const asking = "asks every client for a certificate, over TLS 1.3, and lets in";
    const [gateway, tools, workers, proxy, rag] = [
      `${start}/gateway/workload/ai-gateway`,
      `${start}/processing/workload/agent-tools`,
      `${start}/processing/workload/async-ai-workers`,
      `${start}/processing/workload/fhir-proxy`,
      `${start}/processing/workload/rag-service`,
    ];
    const calls = (id: string): string =>
      `calls ${start}/processing/workload/${id}, and nobody else by this cluster.`;
    expect(of("gateway")).toEqual([
      ...["async-ai-workers", "decision-point", "fhir-proxy", "rag-service"].map(calls),
      "asks no client for a certificate, over TLS 1.3, and lets in whoever calls from 10.40.0.0/23, whoever calls from 10.40.2.0/23.",
    ]);
    expect(of("processing")).toEqual([
      `${asking} ${gateway}, ${tools}, ${workers}, ${rag}.`,
      `${asking} ${gateway}, ${tools}, ${proxy}.`,
      `${asking} ${gateway}, ${workers}.`,
      `${asking} ${gateway}.`,
      `${asking} ${workers}, ${rag}.`,
      ...["agent-tools", "decision-point", "embedding-service", "fhir-proxy", "rag-service"].map(calls),
    ]);
  });

  it("are the same whatever the order of the resources", () => {
    const dryRun = knowledge === "preview";
    expect(judge([...whole.resources()].reverse(), { dryRun }).proofs).toEqual(baseline.proofs);
  });

  it("claim nothing more, and nothing else, when a value is hidden", () => {
    const resources = whole.resources();
    const dryRun = knowledge === "preview";
    const places = resources
      .flatMap(({ name, inputs }, resource) =>
        /phi|-store|names|machine|trail/.test(name)
          ? keysOf(inputs ?? {}).map((keys) => ({ resource, keys }))
          : [],
      )
      // Every one is a minute: each knowledge takes others of them.
      .filter((_place, index) => index % 12 === knowledges.indexOf(knowledge) * 6);
    const known = new Map(rules.map(({ name }) => [name, shown(baseline, name)]));
    const more = places.flatMap((place) => {
      const hidden = judge(hiding(resources, place), { dryRun });
      return rules.flatMap(({ name }) =>
        [...shown(hidden, name)]
          .filter((one) => known.get(name)?.has(one) !== true)
          .map((one) => `${resources[place.resource]?.name ?? ""} ${place.keys.join(".")}: ${one}`),
      );
    });
    expect(more).toEqual([]);
    expect(places.length).toBeGreaterThan(40);
  });

  it.each([
    ["bulkhead-fhir-store-filter", "egress", "phi-zone-has-no-egress"],
    ["bulkhead-phi-private-endpoint-a", "mapPublicIpOnLaunch", "phi-zone-has-no-egress"],
    ["bulkhead-phi-s3-endpoint", "policy", "phi-zone-has-no-egress"],
    ["bulkhead-fhir-store", "desiredState", "phi-zone-has-no-egress"],
    ["bulkhead-phi-s3-endpoint", "policy", "phi-zone-admits-only-processing"],
    ["bulkhead-machine-listener", "sslPolicy", "flows-require-mtls"],
    ["bulkhead-names-own", "domains", "phi-zone-resolver-is-closed"],
    ["bulkhead-names-firewall-fails-closed", "firewallFailOpen", "phi-zone-resolver-is-closed"],
    ["bulkhead-secretsmanager-endpoint", "privateDnsEnabled", "platform-services-are-private"],
    ["bulkhead-network-flows-records", "retentionInDays", "traffic-is-audited"],
    ["bulkhead-network-flows-records", "deletionProtectionEnabled", "traffic-is-audited"],
    ["bulkhead-network-flows", "trafficType", "traffic-is-audited"],
    ["bulkhead-trail", "isMultiRegionTrail", "traffic-is-audited"],
    ["bulkhead-network-default-filter", "ingress", "network-defaults-are-sealed"],
  ] as const)("claim less where %s does not show its %s", (name, key, rule) => {
    const stack = whole.copy();
    const { urn } = named(stack, name);
    const resources = stack.resources().map((resource) =>
      resource.urn === urn
        ? {
            ...resource,
            inputs: { ...resource.inputs, [key]: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
            outputs: { ...resource.outputs, [key]: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
          }
        : resource,
    );
    const hidden = judge(resources, { dryRun: knowledge === "preview" });
    const left = shown(hidden, rule);
    const lost = [...shown(baseline, rule)].filter((one) => !left.has(one));
    expect(lost).not.toEqual([]);
  });

  it("call no hop mutual that rests on a trust store which may take anybody's certificates", () => {
    const fault = transportMutants.find((mutant) =>
      mutant.fault.startsWith("machine trust store: any version"),
    );
    const stack = whole.copy();
    fault?.dig(stack);
    expect(fault?.rule).toBe("flows-require-mtls");
    const shown = statements(judged(stack, knowledge), "flows-require-mtls");
    expect(shown.filter((statement) => statement.startsWith("Hop of zone gateway: "))).toEqual([]);
  });

  it("lean on nothing of the PHI zone where something that cannot be read touches it", () => {
    const stack = whole.copy();
    stack.add("aws:somewhere/thing:Thing", "hole", {
      subnetId: stack.id("bulkhead-phi-private-endpoint-a"),
      tags: { "bulkhead-zone": "phi" },
    });
    const mutant = judged(stack, knowledge);
    expect(statements(mutant, "phi-zone-has-no-egress")).toEqual([]);
    expect(statements(mutant, "phi-zone-admits-only-processing")).toEqual([]);
  });
});

describe("proofs of a stranger's stack", () => {
  it("name the route and the firewall by which packets are inspected", () => {
    const stack = new InspectedStack("deployed").onward();
    const endpoint = stack.firewall(inspectingPolicy);
    stack.route("app", { destinationCidrBlock: "0.0.0.0/0", vpcEndpointId: endpoint });
    const { proofs } = judged(stack, "deployed");
    const of = proofs.find(({ rule }) => rule === "internet-egress-is-inspected");
    expect(
      of?.kind === "proofs" &&
        of.proofs.map(({ statement, evidence }) => [
          statement,
          evidence.map(({ urn }) => urn.split("::").at(-1)),
        ]),
    ).toEqual([
      [
        "Inspection: packets to the Internet from this subnet of zone processing go to what inspects them.",
        ["firewall", "app-default", "app"],
      ],
    ]);
  });

  it("say that there is no PHI zone, rather than nothing", () => {
    const { proofs } = judged(new InspectedStack("deployed"), "deployed");
    expect(proofs.filter(({ kind }) => kind === "unconcerned")).toEqual([
      { kind: "unconcerned", rule: "phi-zone-has-no-egress", why: "The stack has no PHI zone." },
      { kind: "unconcerned", rule: "phi-zone-admits-only-processing", why: "The stack has no PHI zone." },
      {
        kind: "unconcerned",
        rule: "flows-require-mtls",
        why: "Nothing in the stack that the judge reads accepts connections for a zone.",
      },
      {
        kind: "unconcerned",
        rule: "certificates-rotate",
        why: "The stack issues no certificate, and has no authority or key that signs one.",
      },
      { kind: "unconcerned", rule: "resources-are-understood", why: "The stack has no PHI zone." },
      {
        kind: "unconcerned",
        rule: "platform-services-are-private",
        why: "The stack declares no platform, and has neither a private endpoint in a zone nor a store in the PHI zone that has one.",
      },
      { kind: "unconcerned", rule: "phi-zone-resolver-is-closed", why: "The stack has no PHI zone." },
      {
        kind: "unconcerned",
        rule: "requests-are-decided",
        why: "The stack has no gateway zone from which a processing zone is reached.",
      },
      {
        kind: "unconcerned",
        rule: "llm-providers-have-agreements",
        why: "Nothing in the stack lets anything through by the name of a host, and no provider is declared.",
      },
      { kind: "unconcerned", rule: "waivers-are-in-order", why: "No waivers are named." },
    ]);
  });

  it("show no inspection where packets go past it", () => {
    const stack = new InspectedStack("deployed");
    stack.route("app", { destinationCidrBlock: "0.0.0.0/0", natGatewayId: stack.id("nat") });
    expect(statements(judged(stack, "deployed"), "internet-egress-is-inspected")).toEqual([]);
  });
});

describe("a certificate", () => {
  const certificate = { dnsNames: ["a.example"], caPrivateKeyPem: "x", caCertPem: "x", certRequestPem: "x" };

  it("is shown with its life and its renewal", async () => {
    // A platform that issues none itself.
    const onKubernetes: PlatformFile = {
      ...referencePlatform,
      mesh: { kind: "istio", issuer: { name: "vault" } },
    };
    const stack = (await renderedPlatform(onKubernetes, "deployed")).copy();
    stack.add("tls:index/locallySignedCert:LocallySignedCert", "leaf", {
      ...certificate,
      allowedUses: ["server_auth", "client_auth"],
      validityPeriodHours: 2160,
      earlyRenewalHours: 720,
    });
    stack.add("tls:index/locallySignedCert:LocallySignedCert", "old", {
      ...certificate,
      allowedUses: ["server_auth", "client_auth"],
      validityPeriodHours: 8760,
      earlyRenewalHours: 720,
    });
    const of = judged(stack, "deployed").proofs.find(({ rule }) => rule === "certificates-rotate");
    const isAdded = ({ label }: { readonly label: string }): boolean => !label.includes("bulkhead-");
    expect(
      of?.kind === "proofs" &&
        of.proofs
          .filter(({ evidence }) => evidence.some(isAdded))
          .map(({ statement, evidence }) => [statement, evidence.filter(isAdded).map(({ label }) => label)]),
    ).toEqual([
      [
        "A workload's certificate lives 2160 hours, and is renewed 720 hours before it expires.",
        ["LocallySignedCert leaf"],
      ],
    ]);
  });
});

describe("proofs", () => {
  it("are worked out only where they are asked for", async () => {
    const stack = await renderedPlatform(referencePlatform, "deployed");
    const asked = rules.map((rule) => vi.spyOn(rule, "proofs"));
    const judgement = judge(stack.resources(), { dryRun: false });
    expect(judgement.findings.filter(({ level }) => level === "mandatory")).toEqual([]);
    expect(asked.map((spy) => spy.mock.calls.length)).toEqual(rules.map(() => 0));
    expect(judgement.proofs).toBe(judgement.proofs);
    expect(asked.reduce((sum, spy) => sum + spy.mock.calls.length, 0)).toBeGreaterThan(0);
    asked.forEach((spy) => {
      spy.mockRestore();
    });
  });

  it("are none where the judge fails", async () => {
    const stack = await renderedPlatform(referencePlatform, "deployed");
    const [rule] = rules;
    const spy = vi.spyOn(rule ?? { proofs: () => [] }, "proofs").mockImplementation(() => {
      throw new Error("a fault of the judge");
    });
    const [first] = judge(stack.resources(), { dryRun: false }).proofs;
    expect(first).toEqual({ kind: "failed", rule: "phi-zone-has-no-egress", why: "a fault of the judge" });
    spy.mockRestore();
  });

  it("are one for each statement, in an order of their own", () => {
    const [a, b] = [
      { urn: "a", label: "A" },
      { urn: "b", label: "B" },
    ];
    expect(merged([proof("two", b), proof("one", b), proof("two", a), proof("two", a)])).toEqual([
      proof("one", b),
      proof("two", a, b),
    ]);
  });

  it("lean on nothing that a finding points at", () => {
    const a = { urn: "a", label: "A" };
    const b = { urn: "b", label: "B" };
    expect(
      beyondDoubt(
        [proof("both", a, b), proof("one", b), proof("none")],
        [
          {
            rule: "phi-zone-has-no-egress",
            severity: "high",
            level: "mandatory",
            verdict: "open",
            urn: "x",
            summary: "",
            packet: undefined,
            path: [],
            passes: ["world", "a"],
            openedBy: [],
            notes: [],
            remedy: "",
            isGuiltyAlone: false,
          },
        ],
      ),
    ).toEqual([proof("one", b)]);
  });
});
