import { describe, expect, it } from "vitest";

import { cloudTarget } from "../../model/cloud-target";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { assertRenderable, targetInvariants } from "../../model/target-invariants";

import { findingsOf, problemsOf } from "./findings-of";
import { googleTarget } from "./google-target";
import { withExternalProviders } from "./with-external-providers";
import { withoutAgents } from "./without-agents";

const right = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
} as const;
const azure = {
  kind: "azure",
  location: "eastus2",
  tenantId: "AAAAAAAA-0000-4000-8000-000000000001",
  subscriptionId: "11111111-2222-3333-4444-555555555555",
} as const;

describe("where a platform is rendered", () => {
  it("is read as it is written", () => {
    expect(cloudTarget(right)).toEqual(right);
  });

  it.each([
    [
      "a region that is none",
      { region: "useast1", availabilityZones: ["useast1a", "useast1b"] },
      ["aws:region"],
    ],
    ["an account that is none", { accountId: "1111-2222-3333" }, ["bulkhead:accountId"]],
    ["an account with its zeros lost", { accountId: 1122223333 }, ["bulkhead:accountId"]],
    ["one availability zone", { availabilityZones: ["us-east-1a"] }, ["bulkhead:availabilityZones"]],
    [
      "four availability zones",
      { availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] },
      ["bulkhead:availabilityZones"],
    ],
    [
      "an availability zone twice",
      { availabilityZones: ["us-east-1a", "us-east-1a"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    [
      "an availability zone of another region",
      { availabilityZones: ["us-east-1a", "us-west-2b"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    ["an unknown field", { acountId: "111122223333" }, ["bulkhead:"]],
    ["two mistakes", { region: "x", accountId: "1" }, ["aws:region", "bulkhead:accountId"]],
  ])("is refused with %s", (_, change, paths) => {
    const found = findingsOf(() => cloudTarget({ ...right, ...change })).map(({ path }) => path);
    expect(found).toEqual(expect.arrayContaining(paths));
  });
});

describe("where a platform is rendered on Azure", () => {
  it("is read in lower case, and in all availability zones where it names none", () => {
    expect(cloudTarget(azure)).toEqual({
      ...azure,
      tenantId: azure.tenantId.toLowerCase(),
      availabilityZones: ["1", "2", "3"],
    });
    expect(cloudTarget({ ...azure, availabilityZones: [] })).toMatchObject({ availabilityZones: [] });
  });

  it.each([
    ["the long name of a region", { location: "East US 2" }, ["azure-native:location"]],
    ["a tenant by its domain", { tenantId: "hospital.example" }, ["azure-native:tenantId"]],
    ["a subscription that is none", { subscriptionId: "1" }, ["bulkhead:subscriptionId"]],
    ["no subscription", { subscriptionId: undefined }, ["bulkhead:subscriptionId"]],
    ["an availability zone that is none", { availabilityZones: ["4"] }, ["bulkhead:availabilityZones[0]"]],
    ["an availability zone twice", { availabilityZones: ["1", "1"] }, ["bulkhead:availabilityZones[1]"]],
    ["an account of another cloud", { accountId: "111122223333" }, ["bulkhead:"]],
  ])("is refused with %s", (_, change, paths) => {
    expect(findingsOf(() => cloudTarget({ ...azure, ...change })).map(({ path }) => path)).toEqual(paths);
  });
});

describe("where a platform is rendered on Google Cloud", () => {
  it("is read as it is written, with the project of an egress zone where there is one", () => {
    expect(cloudTarget({ ...googleTarget })).toEqual(googleTarget);
    const egress = { id: "hospital-egress", number: "100000000004" };
    const withEgress = { ...googleTarget, projects: { ...googleTarget.projects, egress } };
    expect(cloudTarget(withEgress)).toEqual(withEgress);
  });

  it.each<readonly [string, object, readonly string[]]>([
    [
      "a zone in the place of a region",
      { region: "us-central1-a", availabilityZones: ["us-central1-a-a", "us-central1-a-b"] },
      ["gcp:region"],
    ],
    ["one zone", { availabilityZones: ["us-central1-a"] }, ["bulkhead:availabilityZones"]],
    [
      "four zones",
      { availabilityZones: ["a", "b", "c", "f"].map((letter) => `us-central1-${letter}`) },
      ["bulkhead:availabilityZones"],
    ],
    [
      "a zone of another region",
      { availabilityZones: ["us-central1-a", "us-east1-b"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    [
      "a zone twice",
      { availabilityZones: ["us-central1-a", "us-central1-a"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    [
      "an access policy by its full name",
      { accessPolicyId: "accessPolicies/1" },
      ["bulkhead:accessPolicyId"],
    ],
    ["an access policy as a number", { accessPolicyId: 111 }, ["bulkhead:accessPolicyId"]],
    ["no access policy", { accessPolicyId: undefined }, ["bulkhead:accessPolicyId"]],
    ["no projects", { projects: undefined }, ["bulkhead:projects"]],
    [
      "no project for the PHI zone",
      { projects: { gateway: googleTarget.projects.gateway, processing: googleTarget.projects.processing } },
      ["bulkhead:projects.phi"],
    ],
    [
      "a project without its number, by which perimeters know it",
      { projects: { ...googleTarget.projects, phi: { id: "hospital-phi" } } },
      ["bulkhead:projects.phi.number"],
    ],
    [
      "a number in the place of an id",
      { projects: { ...googleTarget.projects, phi: { id: "100000000003", number: "100000000003" } } },
      ["bulkhead:projects.phi.id"],
    ],
    [
      "one project for two zones",
      { projects: { ...googleTarget.projects, phi: googleTarget.projects.processing } },
      ["bulkhead:projects.phi.id", "bulkhead:projects.phi.number"],
    ],
    [
      "one number for two zones",
      {
        projects: {
          ...googleTarget.projects,
          phi: { ...googleTarget.projects.phi, number: googleTarget.projects.gateway.number },
        },
      },
      ["bulkhead:projects.phi.number"],
    ],
  ])("is refused with %s", (_, change, paths) => {
    expect(findingsOf(() => cloudTarget({ ...googleTarget, ...change })).map(({ path }) => path)).toEqual(
      paths,
    );
  });
});

describe("a platform on its cloud", () => {
  const target = cloudTarget(right);
  const spec = platformSpec(referencePlatform);

  it("can be rendered if it is the reference platform", () => {
    expect(findingsOf(() => assertRenderable(spec, target))).toEqual([]);
  });

  it("needs a model of that cloud where its model inference is used", () => {
    const without = {
      ...spec,
      llmProviders: spec.llmProviders.map((provider) =>
        provider.kind === "native" ? { ...provider, models: { ...provider.models, aws: [] } } : provider,
      ),
    };
    expect(findingsOf(() => assertRenderable(without, target))).toEqual([
      { id: "BH-034", path: "llmProviders.models.aws" },
    ]);
    const unused = {
      ...without,
      flows: spec.flows.filter(({ to }) => !(to.kind === "platform-service" && to.id === "model-inference")),
    };
    expect(findingsOf(() => assertRenderable(unused, target))).toEqual([]);
  });

  it("has a project for its egress zone on Google Cloud, if it has one", () => {
    const outside = platformSpec(withExternalProviders);
    expect(findingsOf(() => assertRenderable(outside, googleTarget))).toEqual([
      { id: "BH-035", path: "zones" },
    ]);
    const egress = { id: "hospital-ai-egress", number: "400000000004" };
    const complete = { ...googleTarget, projects: { ...googleTarget.projects, egress } };
    expect(findingsOf(() => assertRenderable(outside, complete))).toEqual([]);
    expect(findingsOf(() => assertRenderable(outside, target))).toEqual([]);
  });

  it("lets the same workloads write logs and metrics on Azure", () => {
    const onAzure = cloudTarget(azure);
    const without = (service: string, ...workloads: readonly string[]): typeof spec => ({
      ...spec,
      flows: spec.flows.filter(
        ({ from, to }) =>
          !(
            to.kind === "platform-service" &&
            to.id === service &&
            from.kind === "workload" &&
            workloads.includes(from.id)
          ),
      ),
    });
    expect(findingsOf(() => assertRenderable(spec, onAzure))).toEqual([]);
    const one = { id: "BH-041", path: "flows" };
    const unlogged = { id: "BH-049", path: "flows" };
    expect(findingsOf(() => assertRenderable(without("metrics", "fhir-proxy"), onAzure))).toEqual([one]);
    expect(findingsOf(() => assertRenderable(without("logs", "fhir-proxy", "ai-gateway"), onAzure))).toEqual([
      one,
      one,
      unlogged,
      unlogged,
    ]);
    expect(findingsOf(() => assertRenderable(without("metrics", "fhir-proxy"), target))).toEqual([]);
  });

  it("has room for a subnet of each peer on Azure and Google Cloud", () => {
    const crowded = platformSpec({
      ...withoutAgents,
      workloads: withoutAgents.workloads.map((workload) => ({ ...workload, replicas: 1 })),
      network: { addressSpace: "10.40.0.0/20" },
      zones: [
        { id: "gateway", addressBlock: "10.40.0.0/22" },
        { id: "processing", addressBlock: "10.40.4.0/23" },
        { id: "phi", addressBlock: "10.40.8.0/23" },
      ],
    });
    for (const cloud of [azure, { ...googleTarget }]) {
      expect(findingsOf(() => assertRenderable(crowded, cloudTarget(cloud)))).toEqual([
        { id: "BH-042", path: "zones.processing.addressBlock" },
      ]);
    }
    expect(findingsOf(() => assertRenderable(crowded, target))).toEqual([]);
  });

  it("has an address for each replica on Azure and Google Cloud", () => {
    const scaled = (replicas: number): PlatformSpec =>
      platformSpec({
        ...referencePlatform,
        workloads: referencePlatform.workloads.map((workload) =>
          workload.id === "rag-service" ? { ...workload, replicas } : workload,
        ),
      });
    expect(findingsOf(() => assertRenderable(scaled(27), cloudTarget(azure)))).toEqual([]);
    for (const cloud of [azure, { ...googleTarget }]) {
      expect(findingsOf(() => assertRenderable(scaled(28), cloudTarget(cloud)))).toEqual([
        { id: "BH-042", path: "workloads.rag-service.replicas" },
      ]);
    }
    expect(findingsOf(() => assertRenderable(scaled(28), target))).toEqual([]);
  });

  it("keeps records on Azure for no longer than Azure does", () => {
    const keeping = (retentionDays: number): typeof spec =>
      platformSpec({ ...referencePlatform, audit: { retentionDays } });
    const onAzure = cloudTarget(azure);
    expect(findingsOf(() => assertRenderable(keeping(4383), onAzure))).toEqual([]);
    expect(findingsOf(() => assertRenderable(keeping(4384), onAzure))).toEqual([
      { id: "BH-043", path: "audit.retentionDays" },
    ]);
    expect(findingsOf(() => assertRenderable(keeping(4384), target))).toEqual([]);
  });

  it("promises of no workload on Google Cloud that it takes no tokens", () => {
    const onGoogle = cloudTarget({ ...googleTarget });
    expect(findingsOf(() => assertRenderable(spec, onGoogle))).toEqual([]);
    const without = {
      ...spec,
      flows: spec.flows.filter(
        ({ from, to }) =>
          !(
            to.kind === "platform-service" &&
            to.id === "identity" &&
            from.kind === "workload" &&
            from.id === "fhir-proxy"
          ),
      ),
    };
    expect(findingsOf(() => assertRenderable(without, onGoogle))).toEqual([{ id: "BH-044", path: "flows" }]);
    expect(findingsOf(() => assertRenderable(without, target))).toEqual([]);
  });

  it("keeps records on Google Cloud for no longer than Google Cloud does", () => {
    const keeping = (retentionDays: number): typeof spec =>
      platformSpec({ ...referencePlatform, audit: { retentionDays } });
    const onGoogle = cloudTarget({ ...googleTarget });
    expect(findingsOf(() => assertRenderable(keeping(3650), onGoogle))).toEqual([]);
    expect(findingsOf(() => assertRenderable(keeping(3651), onGoogle))).toEqual([
      { id: "BH-045", path: "audit.retentionDays" },
    ]);
    expect(findingsOf(() => assertRenderable(keeping(3651), target))).toEqual([]);
  });

  it("calls nobody on the Internet by a name that networks on Google Cloud answer themselves", () => {
    const calling = (...fqdns: readonly string[]): PlatformSpec =>
      platformSpec({
        ...withExternalProviders,
        llmProviders: withExternalProviders.llmProviders?.map((provider) =>
          provider.kind === "external" && provider.id === "anthropic"
            ? { ...provider, api: "gemini", fqdns }
            : provider,
        ),
      });
    const onGoogle = cloudTarget({
      ...googleTarget,
      projects: { ...googleTarget.projects, egress: { id: "hospital-egress", number: "100000000004" } },
    });
    const gemini = calling("generativelanguage.googleapis.com");
    expect(problemsOf(() => assertRenderable(gemini, onGoogle))).toEqual([
      {
        id: "BH-063",
        path: "llmProviders.anthropic.fqdns",
        message:
          "generativelanguage.googleapis.com is under googleapis.com, which every network of the platform answers itself, so that it never leads to the provider.",
      },
    ]);
    const own = calling("models.ai.hospital.example", "x.pkg.dev", "googleapis.com");
    expect(findingsOf(() => assertRenderable(own, onGoogle)).map(({ id }) => id)).toEqual([
      "BH-063",
      "BH-063",
      "BH-063",
    ]);
    const others = calling("api.notgoogleapis.com", "googleapis.com.example.org");
    expect(findingsOf(() => assertRenderable(others, onGoogle))).toEqual([]);
    expect(findingsOf(() => assertRenderable(gemini, target))).toEqual([]);
    expect(findingsOf(() => assertRenderable(gemini, cloudTarget(azure)))).toEqual([]);
  });

  it("asks Azure for no certificates, which it issues to nobody", () => {
    const managed = (file: object): typeof spec =>
      platformSpec({ ...referencePlatform, ...file, certificates: { issuer: "managed" } });
    const onAzure = cloudTarget(azure);
    expect(findingsOf(() => assertRenderable(managed({}), onAzure))).toEqual([
      { id: "BH-046", path: "certificates.issuer" },
    ]);
    expect(findingsOf(() => assertRenderable(spec, onAzure))).toEqual([]);
    expect(findingsOf(() => assertRenderable(managed({}), target))).toEqual([]);
    expect(findingsOf(() => assertRenderable(managed({}), cloudTarget({ ...googleTarget })))).toEqual([]);
    const onKubernetes = { mesh: { kind: "istio", issuer: { name: "vault" } } };
    expect(findingsOf(() => assertRenderable(managed(onKubernetes), onAzure))).toEqual([]);
  });

  it.each(["secrets", "registry", "logs"])(
    "takes flows to the %s from every workload that it runs itself",
    (service) => {
      const flows = referencePlatform.flows.filter(
        ({ from, to }) => from !== "zone/gateway" || to !== `platform-service/${service}`,
      );
      const lacking = platformSpec({ ...referencePlatform, flows });
      const error = problemsOf(() => assertRenderable(lacking, target));
      expect(error).toEqual([
        {
          id: "BH-049",
          path: "flows",
          message: `workload/ai-gateway has no flow to platform-service/${service}, without which it cannot run.`,
        },
      ]);
      const onKubernetes = { kind: "istio", issuer: { name: "vault" } } as const;
      const elsewhere = platformSpec({ ...referencePlatform, flows, mesh: onKubernetes });
      expect(problemsOf(() => assertRenderable(elsewhere, target))).toEqual([]);
    },
  );

  it.each([
    ["block", "aws", ["amazon.titan-embed-text-v2:0"]],
    ["redact", "aws", ["amazon.titan-embed-text-v2:0"]],
    ["block", "azure", ["gpt-4o", "text-embedding-3-large"]],
    ["redact", "gcp", ["text-embedding-005"]],
    ["allow", "aws", []],
    ["allow", "azure", []],
    ["allow", "gcp", []],
  ] as const)(
    "names, with `%s` on %s, no native model of which nothing reads the prompts for PHI",
    (onFinding, kind, unread) => {
      const policed = {
        ...spec,
        llmProviders: spec.llmProviders.map((provider) =>
          provider.kind === "native" ? { ...provider, onFinding } : provider,
        ),
      };
      const targets = { aws: target, azure: cloudTarget(azure), gcp: googleTarget };
      expect(problemsOf(() => assertRenderable(policed, targets[kind]))).toEqual(
        unread.map((model) => ({
          id: "BH-062",
          path: `llmProviders.native-models.models.${kind}`,
          message: `Nothing would read what ${model} is asked, so that \`onFinding: ${onFinding}\` would not be kept.`,
        })),
      );
    },
  );

  it("has a test for each of its invariants", () => {
    expect(targetInvariants.map(({ id }) => id)).toEqual([
      "BH-034",
      "BH-035",
      "BH-041",
      "BH-042",
      "BH-043",
      "BH-044",
      "BH-045",
      "BH-046",
      "BH-049",
      "BH-062",
      "BH-063",
    ]);
  });
});
