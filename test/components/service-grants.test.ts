import { describe, expect, it } from "vitest";

import { PhysicalNames } from "../../components/aws/physical-names";
import { policyDocument } from "../../components/aws/policy-document";
import {
  clientsOf,
  endpointStatements,
  roleStatements,
  serviceEndpoints,
  type ServiceEndpoint,
} from "../../components/aws/service-grants";
import type { AwsTarget } from "../../model/cloud-target";
import type { PlatformServiceId } from "../../model/platform-service";
import { platformServiceIds } from "../../model/platform-service";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const spec = platformSpec(referencePlatform);
const names = new PhysicalNames(spec, target);
const guardrails = {
  "native-models": { identifier: "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc", version: "7" },
};

const all = spec.workloads.map(({ id }) => id);
const role = (workload: string): string => `arn:aws:iam::111122223333:role/bulkhead/bulkhead-${workload}`;
const workloads = (ids: readonly string[]): readonly string[] => ids.map(role);
const executions = (ids: readonly string[]): readonly string[] => ids.map((id) => `${role(id)}.execution`);
const both = (ids: readonly string[]): readonly string[] =>
  ids.flatMap((id) => [role(id), `${role(id)}.execution`]);

/** That a call names the guardrail, and the version that is in force. */
const inGuardrail = {
  StringEquals: { "bedrock:GuardrailIdentifier": "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc:7" },
};
const byModelClients = {
  ArnEquals: {
    "aws:PrincipalArn": workloads(["async-ai-workers", "embedding-service", "rag-service"]),
  },
};

interface Expected {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
}

/** The statements of each service's endpoints, as AWS is to take them. */
const expected: Readonly<Record<PlatformServiceId, Readonly<Record<string, readonly Expected[]>>>> = {
  "model-inference": {
    "bedrock-runtime": [
      {
        actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        resources: ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"],
        condition: { ...inGuardrail, ...byModelClients },
      },
      {
        actions: ["bedrock:ApplyGuardrail"],
        resources: ["arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"],
        condition: byModelClients,
      },
      {
        actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        resources: ["arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"],
        condition: byModelClients,
      },
    ],
  },
  secrets: {
    secretsmanager: [
      {
        actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        resources: all.map((id) => `arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/${id}/*`),
        condition: { ArnEquals: { "aws:PrincipalArn": workloads(all) } },
      },
    ],
  },
  logs: {
    logs: [
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [
          ...["access-decisions", "tool-calls"].map((stream) => `records/${stream}`),
          ...all.map((id) => `workload/${id}`),
        ].map((group) => `arn:aws:logs:us-east-1:111122223333:log-group:/bulkhead/${group}:*`),
        condition: { ArnEquals: { "aws:PrincipalArn": both(all) } },
      },
    ],
  },
  keys: {
    kms: [
      {
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        resources: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        condition: { ArnEquals: { "aws:PrincipalArn": workloads(all) } },
      },
    ],
  },
  registry: {
    "ecr.api": [],
    "ecr.dkr": [],
    s3: [
      {
        actions: ["s3:GetObject"],
        resources: ["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"],
        // AWS's own principal signs the addresses of layers.
        condition: undefined,
      },
    ],
  },
  identity: {
    sts: [
      {
        actions: ["sts:GetCallerIdentity"],
        resources: ["*"],
        condition: { ArnEquals: { "aws:PrincipalArn": both(all) } },
      },
    ],
  },
  metrics: {
    monitoring: [
      {
        actions: ["cloudwatch:PutMetricData"],
        resources: ["*"],
        condition: {
          StringEquals: { "cloudwatch:namespace": "bulkhead" },
          ArnEquals: { "aws:PrincipalArn": workloads(all) },
        },
      },
    ],
  },
};

const pulls: readonly Expected[] = [
  {
    actions: ["ecr:GetAuthorizationToken"],
    resources: ["*"],
    condition: { ArnEquals: { "aws:PrincipalArn": executions(all) } },
  },
  {
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: [...all, "certificate-agent", "envoy"]
      .sort()
      .map((id) => `arn:aws:ecr:us-east-1:111122223333:repository/bulkhead/${id}`),
    condition: { ArnEquals: { "aws:PrincipalArn": executions(all) } },
  },
];

function statementsOf(
  service: PlatformServiceId,
  of: PlatformSpec = spec,
  by: PhysicalNames = names,
): Readonly<Record<string, readonly Expected[]>> {
  return Object.fromEntries(
    serviceEndpoints(service, of, by).map((endpoint) => [
      endpoint.service,
      endpointStatements(endpoint, clientsOf(service, of), by, guardrails).map((statement) => ({
        actions: "Action" in statement ? statement.Action : [],
        resources: statement.Resource,
        condition: statement.Condition,
      })),
    ]),
  );
}

describe("the policy of an endpoint", () => {
  it.each(platformServiceIds)("of %s lets the workloads whose flows name it do what they need", (service) => {
    const wanted =
      service === "registry"
        ? { ...expected.registry, "ecr.api": pulls, "ecr.dkr": pulls }
        : expected[service];
    expect(statementsOf(service)).toEqual(wanted);
  });

  it("leaves out a workload without a flow", () => {
    const without = platformSpec({
      ...referencePlatform,
      flows: referencePlatform.flows.filter(
        ({ from, to }) => !(from === "workload/rag-service" && to === "platform-service/model-inference"),
      ),
    });
    const [statement] = statementsOf("model-inference", without)["bedrock-runtime"] ?? [];
    expect(statement?.condition).toEqual({
      ...inGuardrail,
      ArnEquals: { "aws:PrincipalArn": workloads(["async-ai-workers", "embedding-service"]) },
    });
  });

  it("is written in the partition of the region", () => {
    const government = { ...target, region: "us-gov-west-1" };
    for (const service of platformServiceIds) {
      // The guardrail's own ARN is what AWS says it is.
      const text = JSON.stringify(
        statementsOf(service, spec, new PhysicalNames(spec, government)),
      ).replaceAll(guardrails["native-models"].identifier, "guardrail");
      expect(text).toContain("us-gov");
      expect(text).not.toContain("arn:aws:");
      expect(text).not.toContain("us-east-1");
    }
  });

  it("names each model once, in one order, whatever the order of the file", () => {
    const document = (list: readonly string[]): string => {
      const of = {
        ...spec,
        llmProviders: spec.llmProviders.map((provider) =>
          provider.kind === "native" ? { ...provider, models: { ...provider.models, aws: list } } : provider,
        ),
      };
      return serviceEndpoints("model-inference", of, names)
        .map((endpoint) =>
          policyDocument(endpointStatements(endpoint, clientsOf("model-inference", of), names, guardrails)),
        )
        .join("\n");
    };
    const models = ["b.model", "a.model", "b.model"];
    expect(document(models)).toEqual(document([...models].reverse()));
    expect(document(models).match(/foundation-model\/b\.model/g)).toHaveLength(1);
  });
});

describe("calls of models that take a guardrail", () => {
  it("are let through under the guardrail of their own provider alone", () => {
    const [native] = spec.llmProviders;
    const of = {
      ...spec,
      llmProviders: [
        { ...native, id: "drafting", models: { aws: ["anthropic.claude-x"], azure: [], gcp: [] } },
        { ...native, id: "coding", models: { aws: ["cohere.embed-x"], azure: [], gcp: [] } },
      ] as PlatformSpec["llmProviders"],
    };
    const named = { drafting: { identifier: "arn:drafting", version: "2" } };
    const statements = serviceEndpoints("model-inference", of, names).flatMap((endpoint) =>
      endpointStatements(endpoint, clientsOf("model-inference", of), names, named),
    );
    expect(statements.map(({ Resource, Condition }) => [Resource, Condition?.StringEquals])).toEqual([
      [
        ["arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-x"],
        { "bedrock:GuardrailIdentifier": "arn:drafting:2" },
      ],
      [["arn:drafting"], undefined],
      [["arn:aws:bedrock:us-east-1::foundation-model/cohere.embed-x"], undefined],
    ]);
  });

  it("have no policy without a guardrail", () => {
    const [endpoint] = serviceEndpoints("model-inference", spec, names) as [ServiceEndpoint];
    expect(() => endpointStatements(endpoint, clientsOf("model-inference", spec), names, {})).toThrow(
      "llm-provider/native-models has no guardrail",
    );
  });
});

describe("the policy of a role", () => {
  const [embedding] = spec.workloads.filter(({ id }) => id === "embedding-service");

  it("lets a workload do for itself what its flows name, and nothing for others", () => {
    expect(embedding).toBeDefined();
    const statements =
      embedding === undefined ? [] : roleStatements(embedding, "workload", spec, names, guardrails);
    expect(statements.map(({ Sid, Resource, Condition }) => ({ Sid, Resource, Condition }))).toEqual([
      { Sid: "OwnIdentity", Resource: ["*"], Condition: undefined },
      {
        Sid: "PlatformKey",
        Resource: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/bulkhead-platform" } },
      },
      {
        Sid: "OwnLogs",
        Resource: ["arn:aws:logs:us-east-1:111122223333:log-group:/bulkhead/workload/embedding-service:*"],
        Condition: undefined,
      },
      {
        Sid: "OwnMetrics",
        Resource: ["*"],
        Condition: { StringEquals: { "cloudwatch:namespace": "bulkhead" } },
      },
      {
        Sid: "GuardedModels0",
        Resource: ["arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0"],
        Condition: inGuardrail,
      },
      {
        Sid: "Guardrail0",
        Resource: ["arn:aws:bedrock:us-east-1:111122223333:guardrail/abc"],
        Condition: undefined,
      },
      {
        Sid: "ModelsThatTakeNoGuardrail",
        Resource: ["arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"],
        Condition: undefined,
      },
      {
        Sid: "GuardrailsKey",
        Resource: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        Condition: {
          StringEquals: { "kms:ViaService": "bedrock.us-east-1.amazonaws.com" },
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/bulkhead-platform" },
        },
      },
      {
        Sid: "OwnSecrets",
        Resource: ["arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/embedding-service/*"],
        Condition: undefined,
      },
      {
        Sid: "SecretsKey",
        Resource: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        Condition: {
          StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
          "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/bulkhead-platform" },
        },
      },
    ]);
  });

  it("lets what starts a workload pull its own images, and no other, and read no secret", () => {
    const statements =
      embedding === undefined ? [] : roleStatements(embedding, "execution", spec, names, guardrails);
    expect(statements.map(({ Sid }) => Sid)).toEqual(["OwnIdentity", "OwnLogs", "SignIn", "OwnImages"]);
    expect(statements.find(({ Sid }) => Sid === "OwnImages")?.Resource).toEqual([
      "arn:aws:ecr:us-east-1:111122223333:repository/bulkhead/embedding-service",
      "arn:aws:ecr:us-east-1:111122223333:repository/bulkhead/envoy",
      "arn:aws:ecr:us-east-1:111122223333:repository/bulkhead/certificate-agent",
    ]);
  });
});
