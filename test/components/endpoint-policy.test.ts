import { describe, expect, it } from "vitest";

import { policyDocument, serviceEndpoints } from "../../components/aws/endpoint-policy";
import type { AwsTarget } from "../../model/cloud-target";
import { platformServiceIds } from "../../model/platform-service";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const spec = platformSpec(referencePlatform);

const ownPrincipals = { "aws:PrincipalAccount": "111122223333" };
const ownBoth = { ...ownPrincipals, "aws:ResourceAccount": "111122223333" };

/** Each service's endpoints, with what each of their statements names and on which condition. */
const expected = {
  "model-inference": {
    "bedrock-runtime": [
      {
        actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        resources: [
          "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0",
          "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-sonnet-4-20250514-v1:0",
        ],
        condition: ownPrincipals,
      },
    ],
  },
  secrets: {
    secretsmanager: [
      {
        actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        resources: ["arn:aws:secretsmanager:us-east-1:111122223333:secret:bulkhead/*"],
        condition: ownBoth,
      },
    ],
  },
  logs: {
    logs: [
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: ["arn:aws:logs:us-east-1:111122223333:log-group:/bulkhead/*"],
        condition: ownBoth,
      },
    ],
  },
  keys: {
    kms: [
      {
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        resources: ["arn:aws:kms:us-east-1:111122223333:key/*"],
        condition: ownBoth,
      },
    ],
  },
};

describe("the policy of an endpoint", () => {
  it.each(Object.entries(expected))(
    "of %s admits its own account's principals, to what is named",
    (service, endpoints) => {
      const id = platformServiceIds.find((candidate) => candidate === service);
      const rendered = id === undefined ? [] : serviceEndpoints(id, spec, target);
      expect(
        Object.fromEntries(
          rendered.map((endpoint) => [
            endpoint.service,
            endpoint.statements.map(({ Action, Resource, Condition }) => ({
              actions: Action,
              resources: Resource,
              condition: Condition.StringEquals,
            })),
          ]),
        ),
      ).toEqual(endpoints);
    },
  );

  it("of the registry admits pulls of the platform's own images, and the layers that AWS keeps", () => {
    const [api, registry, layers] = serviceEndpoints("registry", spec, target);
    expect([api?.service, registry?.service, layers?.service]).toEqual(["ecr.api", "ecr.dkr", "s3"]);
    expect(api?.statements).toEqual(registry?.statements);
    expect(api?.statements.map(({ Sid, Action }) => [Sid, Action])).toEqual([
      ["SignIn", ["ecr:GetAuthorizationToken"]],
      ["OwnImages", ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]],
    ]);
    expect(layers?.statements[0]?.Resource).toEqual(["arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*"]);
    expect(layers?.privateNamesInVpc).toBe(true);
  });

  it("is written in the partition of the region", () => {
    const government = {
      ...target,
      region: "us-gov-west-1",
      availabilityZones: ["us-gov-west-1a", "us-gov-west-1b"],
    };
    for (const service of platformServiceIds) {
      const documents = serviceEndpoints(service, spec, government).map(({ statements }) =>
        policyDocument(statements),
      );
      expect(documents).not.toEqual([]);
      for (const document of documents) {
        expect(document).not.toContain("arn:aws:");
        expect(document).not.toContain("us-east-1");
      }
    }
  });

  it("names each model once, in one order, whatever the order of the file", () => {
    const models = ["b.model", "a.model", "b.model"];
    const document = (list: readonly string[]): string =>
      serviceEndpoints(
        "model-inference",
        {
          ...spec,
          llmProviders: spec.llmProviders.map((provider) =>
            provider.kind === "native"
              ? { ...provider, models: { ...provider.models, aws: list } }
              : provider,
          ),
        },
        target,
      )
        .map(({ statements }) => policyDocument(statements))
        .join("\n");
    expect(document(models)).toEqual(document([...models].reverse()));
    expect(document(models).match(/foundation-model\/b\.model/g)).toHaveLength(1);
  });
});
