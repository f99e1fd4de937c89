import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { PlatformFile } from "../../model/platform-file";
import { awsFacts } from "../../policy-pack/facts/aws";
import type { Finding } from "../../policy-pack/finding";
import { StackGraph } from "../../policy-pack/stack-graph";
import type { StackResource } from "../../policy-pack/stack-resource";
import { zoneClaims } from "../../policy-pack/zone-claims";
import { Zones } from "../../policy-pack/zones";

import { hiding, keysOf } from "./hidden-value";
import { judge, judgeAlone } from "./judge-on-a-day";
import { renderedPlatform } from "./rendered-stack";
import { Sketch, unknownText, type Knowledge } from "./stack-sketch";
import { stranger, type Case } from "./stranger-corpus";
import {
  cache,
  decisive,
  foreign,
  listenerType,
  search,
  targetGroupType,
  transportAdvice,
  transportCorpus,
  unreadable,
  withListener,
} from "./stranger-transport";

const rule = "flows-require-mtls";
const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a stack that knows nothing of our components, %s", (knowledge) => {
  const dryRun = knowledge === "preview";
  const built = (dig: (stack: Sketch) => unknown): readonly StackResource[] => {
    const stack = stranger(knowledge);
    dig(stack);
    return stack.resources();
  };
  const findings = (resources: readonly StackResource[]): readonly Finding[] =>
    judge(resources, { dryRun }).findings;
  const refusals = (resources: readonly StackResource[]): readonly Finding[] =>
    findings(resources).filter(({ level }) => level === "mandatory");
  const rulesOf = (found: readonly Finding[]): readonly string[] => [
    ...new Set(found.map((finding) => finding.rule)),
  ];

  it.each(transportCorpus)("is refused with $name", ({ bad }) => {
    expect(rulesOf(refusals(built(bad)))).toContain(rule);
  });

  it.each(transportCorpus)("is accepted with the harmless twin of $name", ({ good }) => {
    expect(refusals(built(good)).map(({ summary }) => summary)).toEqual([]);
  });

  it.each(transportCorpus)("is refused with $name, whatever the order of the resources", ({ bad }) => {
    const resources = built(bad);
    expect(findings([...resources].reverse())).toEqual(findings(resources));
  });

  it.each(transportCorpus)("stays refused with $name, whichever value is hidden", ({ bad }) => {
    const resources = built(bad);
    const accepted = resources.flatMap((resource, at) =>
      keysOf({ ...resource.outputs, ...resource.inputs })
        .filter((keys) => refusals(hiding(resources, { resource: at, keys })).length === 0)
        .map((keys) => `${resource.name} ${keys.join(".")}`),
    );
    expect(accepted).toEqual([]);
  });

  it.each(transportAdvice)("is accepted, and advised, with $name", ({ bad, good }) => {
    const advice = (dig: Case["bad"]): number =>
      findings(built(dig)).filter((finding) => finding.rule === rule).length;
    expect(refusals(built(bad)).map(({ summary }) => summary)).toEqual([]);
    expect(advice(bad)).toBe(advice(good) + 1);
  });

  it.each(unreadable)("is refused as undetermined with $name", ({ bad, good }) => {
    const found = refusals(built(bad));
    expect(rulesOf(found)).toEqual([rule]);
    expect(new Set(found.map(({ verdict }) => verdict))).toEqual(new Set(["undetermined"]));
    expect(refusals(built(good))).toEqual([]);
  });

  const hidden = decisive.flatMap(({ what, build, hidden: values }) =>
    values.map(([name, path]) => ({ what, build, name, path })),
  );
  it.each(hidden)("is refused as undetermined with $what whose $name $path is hidden", (value) => {
    const resources = built(value.build);
    const resource = resources.findIndex(({ name }) => name === value.name);
    // What is not known may besides refer to anything.
    const found = refusals(hiding(resources, { resource, keys: value.path.split(".") })).filter(
      (finding) => finding.rule !== "resources-are-understood",
    );
    expect(rulesOf(found)).toEqual([rule]);
    expect(new Set(found.map(({ verdict }) => verdict))).toEqual(new Set(["undetermined"]));
    expect(refusals(resources)).toEqual([]);
  });

  it.each([
    ["aws:lb/", "aws:alb/"],
    ["aws:lb/", "aws:elasticloadbalancingv2/"],
    ["aws:lb/", "aws:applicationloadbalancing/"],
    ["aws:elb/", "aws:elasticloadbalancing/"],
  ])("is judged the same where %s is written %s", (module, other) => {
    for (const { bad } of transportCorpus) {
      const resources = built(bad);
      const spelt = resources.map((resource) => ({
        ...resource,
        type: resource.type.replace(module, other),
      }));
      expect(findings(spelt)).toEqual(findings(resources));
    }
  });

  it("gets one finding for each thing that is wrong, with a remedy", () => {
    const found = refusals(
      built((s) => withListener(s, { sslPolicy: undefined, mutualAuthentication: { mode: "passthrough" } })),
    );
    expect(found).toMatchObject([
      {
        rule,
        severity: "high",
        verdict: "open",
        summary:
          "Listener listener of zone gateway: it hands certificates of clients on without looking at them.",
        remedy: 'Set mutualAuthentication to mode "verify", with a TrustStore of the stack.',
      },
      {
        summary: "Listener listener of zone gateway: it takes versions of TLS older than 1.3.",
      },
    ]);
  });

  it("takes a listener of a load balancer in the PHI zone for one of the PHI zone", () => {
    const found = refusals(
      built((s) => {
        withListener(s, { protocol: "HTTP" }).change("balancer", (inputs) => ({
          ...inputs,
          subnets: [s.id("phi-subnet")],
          securityGroups: [],
          loadBalancerType: "network",
        }));
      }),
    ).filter((finding) => finding.rule === rule);
    expect(found.map(({ summary }) => summary)).toEqual([
      "Listener listener of zone phi: it takes connections without TLS, which whoever is on the way reads and changes.",
    ]);
  });

  it("takes what is in a subnet of the PHI zone for one of the PHI zone, whatever it says itself", () => {
    const found = refusals(
      built((s) => {
        cache(s, { transitEncryptionEnabled: false, tags: { "bulkhead-zone": "gateway" } });
        s.change("cache-subnets", () => ({ subnetIds: [s.id("phi-subnet")] }));
      }),
    ).filter((finding) => finding.rule === rule);
    expect(found.map(({ summary }) => summary)).toEqual([
      "ReplicationGroup cache of zone phi: its clients may speak to it in plain text.",
    ]);
  });

  it("says that a search domain takes plain text where its endpoint has no options", () => {
    const found = refusals(
      built((s) => {
        search(s, { domainEndpointOptions: undefined });
      }),
    );
    expect(found.map(({ summary }) => summary)).toEqual([
      "Domain search of zone gateway: it takes versions of TLS older than 1.2.",
      "Domain search of zone gateway: its clients may speak to it in plain text.",
    ]);
  });

  it("does not know where a function runs to which the PHI zone hands what it gets", () => {
    const calling = (zone: string): readonly string[] =>
      rulesOf(
        refusals(
          built((s) =>
            s.add(targetGroupType, "function", { targetType: "lambda", tags: { "bulkhead-zone": zone } }),
          ),
        ),
      );
    expect(calling("phi")).toEqual(["resources-are-understood"]);
    expect(calling("gateway")).toEqual([]);
  });

  it("says nothing of a load balancer that hands packets to an appliance", () => {
    const found = findings(
      built((s) => {
        withListener(s);
        const balancer = s.add("aws:lb/loadBalancer:LoadBalancer", "appliances", {
          loadBalancerType: "gateway",
          subnets: [s.id("gateway-subnet")],
        });
        const targets = s.add(targetGroupType, "appliance", {
          protocol: "GENEVE",
          port: 6081,
          healthCheck: { protocol: "HTTP", port: "80" },
        });
        s.add(listenerType, "packets", {
          loadBalancerArn: balancer,
          defaultActions: [{ type: "forward", targetGroupArn: targets }],
        });
      }),
    );
    const about = found.filter(({ urn }) => urn.endsWith("::packets") || urn.endsWith("::appliance"));
    expect(about).toEqual([]);
  });
});

describe("a listener that may be in any zone", () => {
  const waiting = (zones: readonly string[]): readonly Pick<Finding, "level" | "verdict">[] => {
    const stack = new Sketch("deployed");
    const vpc = stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    zones.forEach((zone) => {
      stack.add("aws:ec2/securityGroup:SecurityGroup", zone, {
        vpcId: vpc,
        egress: [],
        tags: { "bulkhead-zone": zone },
      });
    });
    stack.add(listenerType, "waiting", { loadBalancerArn: foreign, port: 80, protocol: "HTTP" });
    return judge(stack.resources(), { dryRun: false })
      .findings.filter((finding) => finding.rule === rule && finding.urn.endsWith("::waiting"))
      .map(({ level, verdict }) => ({ level, verdict }));
  };

  it("refuses a stack that has a PHI zone, advises one that has others, and leaves the rest alone", () => {
    const mandatory = { level: "mandatory", verdict: "undetermined" };
    const advisory = { level: "advisory", verdict: "undetermined" };
    expect(waiting(["phi"])).toEqual([mandatory, mandatory]);
    expect(waiting(["gateway"])).toEqual([advisory, advisory]);
    expect(waiting([])).toEqual([]);
  });
});

describe("flows of a stack that knows nothing of our components, of which nothing is to be read", () => {
  const advice = (dig: (stack: Sketch) => unknown): readonly string[] => {
    const stack = stranger("deployed");
    for (const zone of ["gateway", "processing"]) {
      stack.add("aws:ec2/securityGroup:SecurityGroup", `${zone}-group-only`, {
        vpcId: stack.id("vpc"),
        egress: [],
        tags: { "bulkhead-zone": zone },
      });
    }
    dig(stack);
    const found = judge(stack.resources(), { dryRun: false }).findings.filter(
      (finding) => finding.rule === rule && finding.summary.startsWith("Nothing proves mTLS here"),
    );
    expect(new Set(found.map(({ level }) => level))).toEqual(new Set(["advisory"]));
    return found.map(({ path }) => path.join(" to ")).sort();
  };

  it("are advised of, one by one", () => {
    expect(advice(() => undefined)).toEqual([
      "gateway to processing",
      "processing to phi",
      "processing to processing",
      "world to gateway",
    ]);
  });

  it("are those to zones in which there is neither a listener nor a store", () => {
    expect(advice((s) => withListener(s))).toEqual([
      "gateway to processing",
      "processing to phi",
      "processing to processing",
    ]);
  });

  it("are between zones that the stack has", () => {
    expect(
      advice((s) => {
        s.remove("gateway-group-only").remove("phi-subnet").remove("phi-association");
      }),
    ).toEqual(["processing to processing"]);
  });
});

describe("a hop", () => {
  const hops = (stack: Sketch): ReadonlyMap<string, string | undefined> => {
    const graph = new StackGraph(stack.resources(), { dryRun: false });
    const facts = awsFacts(graph, new Zones(zoneClaims(graph).claims), new Map());
    return new Map(facts.hops.map(({ ends, transport }) => [ends, transport]));
  };
  const hopsOf = (dig: (stack: Sketch) => unknown): ReadonlyMap<string, string | undefined> => {
    const stack = stranger("deployed");
    dig(stack);
    return hops(stack);
  };

  it("is mutual TLS in front of a load balancer that verifies its clients, and one-way behind it", () => {
    expect(hopsOf((s) => withListener(s))).toEqual(
      new Map([
        ["clients and Listener listener", "mtls"],
        ["Listener listener and TargetGroup targets", "one-way-tls"],
      ]),
    );
  });

  it("is not known where a listener asks nobody, or sends on in plain text", () => {
    const found = hopsOf((s) =>
      withListener(s, { mutualAuthentication: { mode: "off" } }).change("targets", (inputs) => ({
        ...inputs,
        protocol: "HTTP",
      })),
    );
    expect([...found.values()]).toEqual([undefined, undefined]);
  });

  it("ends with the provider's own identity where a function is called", () => {
    const found = hopsOf((s) =>
      withListener(s).change("targets", (inputs) => ({ ...inputs, targetType: "lambda" })),
    );
    expect(found.get("Listener listener and TargetGroup targets")).toBe("provider-tls+iam");
  });

  it("of our platform is what the model says of it", async () => {
    const platform = hops(await renderedPlatform(referencePlatform, "deployed"));
    const isOfProxy = (ends: string): boolean => ends.includes("TaskDefinition");
    const transports = [...platform].filter(([ends]) => isOfProxy(ends)).map(([, transport]) => transport);
    // Each of seven proxies lets clients in, the one behind the load balancer without certificates; fourteen flows lead on.
    expect(transports.sort()).toEqual([...Array<string>(20).fill("mtls"), "one-way-tls"]);
    expect(new Map([...platform].filter(([ends]) => !isOfProxy(ends)))).toEqual(
      new Map([
        ["clients and Listener bulkhead-clinician-listener", "one-way-tls"],
        ["clients and Listener bulkhead-machine-listener", "mtls"],
        ["Listener bulkhead-clinician-listener and TargetGroup bulkhead-clinician-targets", "one-way-tls"],
        ["Listener bulkhead-machine-listener and TargetGroup bulkhead-machine-targets", "one-way-tls"],
      ]),
    );
  });
});

describe("a resource by itself", () => {
  const alone = (type: string, inputs: Readonly<Record<string, unknown>>): readonly string[] => {
    const stack = new Sketch("deployed");
    stack.add(type, "alone", inputs);
    return stack.resources().flatMap((resource) => judgeAlone(resource).map((finding) => finding.rule));
  };
  const gateway = { tags: { "bulkhead-zone": "gateway" } };
  const verified = {
    ...gateway,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    mutualAuthentication: { mode: "verify", trustStoreArn: foreign },
  };

  it.each([
    ["a listener without TLS", listenerType, { ...verified, protocol: "HTTP" }],
    ["a listener on a port and of no protocol", listenerType, { ...verified, protocol: undefined }],
    ["a listener with old TLS", listenerType, { ...verified, sslPolicy: undefined }],
    ["a listener that asks nobody", listenerType, { ...verified, mutualAuthentication: undefined }],
    ["targets in plain text", targetGroupType, { ...gateway, protocol: "HTTP" }],
    ["a classic load balancer", "aws:elb/loadBalancer:LoadBalancer", { ...gateway, listeners: [] }],
    ["a service that takes anybody", "aws:vpclattice/service:Service", { ...gateway, authType: "NONE" }],
    ["a store in plain text", "aws:dax/cluster:Cluster", { tags: { "bulkhead-zone": "processing" } }],
  ])("is refused before it is created: %s", (_, type, inputs) => {
    expect(alone(type, inputs)).toEqual([rule]);
  });

  it.each([
    ["a listener that verifies by a store it does not show", listenerType, verified],
    ["a listener without TLS that is in no zone", listenerType, { protocol: "HTTP", port: 80 }],
    [
      "a listener of zones in common",
      listenerType,
      { protocol: "HTTP", port: 80, tags: { "bulkhead-zone": "shared" } },
    ],
    ["a listener whose protocol is not known", listenerType, { ...verified, protocol: unknownText }],
    ["a listener that passes TCP through, as a platform may", listenerType, { ...verified, protocol: "TCP" }],
    [
      "a listener that lets clinicians sign in, as a platform may",
      listenerType,
      {
        ...verified,
        mutualAuthentication: undefined,
        defaultActions: [
          { type: "authenticate-oidc", authenticateOidc: { issuer: "https://sign-in.example" } },
          { type: "forward", targetGroupArn: foreign },
        ],
      },
    ],
    ["a listener of what may see packets alone", listenerType, gateway],
    ["targets behind what may pass TCP through", targetGroupType, { ...gateway, protocol: "TCP" }],
  ])("is left to what is beside it: %s", (_, type, inputs) => {
    expect(alone(type, inputs)).toEqual([]);
  });
});

describe.each(knowledges)("our platform, %s", (knowledge) => {
  const judged = (resources: readonly StackResource[]): readonly Finding[] =>
    judge(resources, { dryRun: knowledge === "preview" }).findings;
  const refused = (resources: readonly StackResource[]): readonly string[] => [
    ...new Set(judged(resources).flatMap((finding) => (finding.level === "mandatory" ? [finding.rule] : []))),
  ];
  const passthrough: PlatformFile["edge"] = { mode: "l4-passthrough", clients: ["machine"] };
  const machines: PlatformFile["edge"] = { mode: "l7-terminate", clients: ["machine"] };
  const platform = (edge: PlatformFile["edge"]): Promise<Sketch> =>
    renderedPlatform({ ...referencePlatform, edge }, knowledge);
  /** The platform, with another transport declared of some of its flows. */
  const declaring = (
    stack: Sketch,
    transport: string,
    isMeant: (flow: { readonly from: string; readonly to: string }) => boolean,
  ): readonly StackResource[] =>
    stack.resources().map((resource) =>
      resource.type === "bulkhead:index:Platform"
        ? {
            ...resource,
            outputs: {
              ...resource.outputs,
              flows: (resource.outputs["flows"] as { readonly from: string; readonly to: string }[]).map(
                (flow) => (isMeant(flow) ? { ...flow, transport } : flow),
              ),
            },
          }
        : resource,
    );

  it.each([{ edge: passthrough }, { edge: machines }, { edge: referencePlatform.edge }])(
    "is accepted with $edge",
    async ({ edge }) => {
      expect(refused((await platform(edge)).resources())).toEqual([]);
    },
  );

  it("is accepted with an entrance to which no flow leads", async () => {
    const flows = referencePlatform.flows.filter(
      ({ from, to }) => from !== "load-balancer" && to !== "load-balancer",
    );
    const stack = await renderedPlatform({ ...referencePlatform, flows }, knowledge);
    expect(refused(stack.resources())).toEqual([]);
  });

  it("is advised of revocation alone", async () => {
    const found = judged((await platform(referencePlatform.edge)).resources());
    expect(found.filter((finding) => finding.rule === rule)).toMatchObject([
      {
        level: "advisory",
        summary:
          "TrustStore bulkhead-machine-trust-store of zone gateway: it knows of no list of revoked certificates, so that one which was stolen is taken until it expires.",
      },
    ]);
  });

  it("may not pass TCP through to targets that are spoken to in plain text", async () => {
    const stack = await platform(passthrough);
    stack.change("bulkhead-passthrough-targets", (inputs) => ({ ...inputs, protocol: "HTTP" }));
    expect(refused(stack.resources())).toEqual([rule]);
  });

  it("may not end TLS in front of targets that get plain TCP, where it declares to pass it through", async () => {
    const stack = await platform(passthrough);
    stack.change("bulkhead-passthrough-listener", (inputs) => ({ ...inputs, protocol: "TLS" }));
    const found = judged(stack.resources()).filter((finding) => finding.level === "mandatory");
    expect(found.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
      "bulkhead-passthrough-listener",
      "bulkhead-passthrough-listener",
      "bulkhead-passthrough-targets",
    ]);
  });

  it("may not let clinicians sign in where it declares machines alone", async () => {
    const stack = await platform(machines);
    stack.change("bulkhead-machine-listener", (inputs) => ({
      ...inputs,
      mutualAuthentication: undefined,
      defaultActions: [
        { type: "authenticate-oidc", order: 1, authenticateOidc: { onUnauthenticatedRequest: "deny" } },
        { type: "forward", order: 2, targetGroupArn: stack.id("bulkhead-machine-targets") },
      ],
    }));
    expect(refused(stack.resources())).toEqual([rule]);
  });

  it("may let tokens be validated in the place of a sign-in", async () => {
    const stack = await platform(referencePlatform.edge);
    stack.change("bulkhead-clinician-listener", (inputs) => ({
      ...inputs,
      defaultActions: [
        { type: "jwt-validation", order: 1, jwtValidation: { issuer: "i", jwksEndpoint: "e" } },
        { type: "forward", order: 2, targetGroupArn: stack.id("bulkhead-clinician-targets") },
      ],
    }));
    expect(refused(stack.resources())).toEqual([]);
  });

  it("may answer a path of the clinicians' without anybody signing in, if it forwards nothing", async () => {
    const stack = await platform(referencePlatform.edge);
    stack.add("aws:lb/listenerRule:ListenerRule", "robots", {
      listenerArn: stack.id("bulkhead-clinician-listener"),
      actions: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain" } }],
    });
    expect(refused(stack.resources())).toEqual([]);
  });

  it("may not declare workloads that know each other by anything else", async () => {
    const stack = await platform(referencePlatform.edge);
    const resources = declaring(stack, "one-way-tls", ({ to }) => to === "workload/fhir-proxy");
    const found = judged(resources).filter((finding) => finding.level === "mandatory");
    expect(found.map((finding) => finding.rule)).toEqual(found.map(() => rule));
    expect(found.map(({ summary }) => summary)).toContain(
      "It declares workload/ai-gateway to workload/fhir-proxy with transport one-way-tls, and not mtls.",
    );
  });

  it("may not declare both that TCP passes through and that clinicians sign in", async () => {
    const stack = await platform(referencePlatform.edge);
    const resources = declaring(stack, "mtls", ({ from }) => from === "load-balancer");
    const found = judged(resources).filter((finding) => finding.level === "mandatory");
    // Nothing of such an entrance is excused.
    expect(found.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual([
      "bulkhead",
      "bulkhead-ai-gateway-task",
      "bulkhead-ai-gateway-task",
      "bulkhead-clinician-listener",
    ]);
  });

  it("does not refuse its own entrances before they are created", async () => {
    for (const edge of [passthrough, referencePlatform.edge]) {
      const resources = (await platform(edge)).resources();
      expect(resources.flatMap((resource) => judgeAlone(resource))).toEqual([]);
    }
  });
});
