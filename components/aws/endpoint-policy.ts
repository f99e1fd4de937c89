import type { AwsTarget } from "../../model/cloud-target";
import type { PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";

/** A statement of an endpoint policy (IAM JSON policy elements). Every one allows: what none allows is refused. */
interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: { readonly AWS: "*" };
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition: { readonly StringEquals: Readonly<Record<string, string>> };
}

/** An endpoint of one of the region's services, which renders a platform service or a part of it. */
export interface ServiceEndpoint {
  /** The last part of the service's name, such as `secretsmanager`. */
  readonly service: string;
  readonly statements: readonly Statement[];
  /** S3 answers from inside the VPC by private name only if told that this is not for inbound resolvers alone. */
  readonly privateNamesInVpc?: true;
}

function partitionOf(region: string): string {
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * The endpoints of a platform service, each with the statements of its policy.
 *
 * A policy admits calls by principals of the platform's own account, to that account's resources or to those that the
 * model names, so that the endpoint is no way into somebody else's account. Models and image layers belong to AWS, so
 * they are named one by one instead.
 */
export function serviceEndpoints(
  service: PlatformServiceId,
  spec: PlatformSpec,
  target: AwsTarget,
): readonly ServiceEndpoint[] {
  const { region, accountId } = target;
  const partition = partitionOf(region);
  const owned = (name: string, resource: string): string =>
    `arn:${partition}:${name}:${region}:${accountId}:${resource}`;
  const ofOwnAccount = { StringEquals: { "aws:PrincipalAccount": accountId } };
  const toOwnAccount = {
    StringEquals: { "aws:PrincipalAccount": accountId, "aws:ResourceAccount": accountId },
  };
  const allow = (
    Sid: string,
    Action: readonly string[],
    Resource: readonly string[],
    Condition: Statement["Condition"] = toOwnAccount,
  ): Statement => ({ Sid, Effect: "Allow", Principal: { AWS: "*" }, Action, Resource, Condition });

  switch (service) {
    case "model-inference": {
      const models = spec.llmProviders.flatMap((provider) =>
        provider.kind === "native" ? provider.models.aws : [],
      );
      return [
        {
          service: "bedrock-runtime",
          statements: [
            allow(
              "DeclaredModels",
              ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
              [...new Set(models)]
                .sort()
                .map((model) => `arn:${partition}:bedrock:${region}::foundation-model/${model}`),
              ofOwnAccount,
            ),
          ],
        },
      ];
    }
    case "secrets":
      return [
        {
          service: "secretsmanager",
          statements: [
            allow(
              "OwnSecrets",
              ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
              [owned("secretsmanager", `secret:${spec.name}/*`)],
            ),
          ],
        },
      ];
    case "logs":
      return [
        {
          service: "logs",
          statements: [
            allow(
              "OwnLogs",
              ["logs:CreateLogStream", "logs:PutLogEvents"],
              [owned("logs", `log-group:/${spec.name}/*`)],
            ),
          ],
        },
      ];
    case "keys":
      return [
        {
          service: "kms",
          statements: [
            allow(
              "OwnKeys",
              ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
              [owned("kms", "key/*")],
            ),
          ],
        },
      ];
    case "registry": {
      const repositories = [...new Set(spec.workloads.map(({ image }) => image.repository))].sort();
      const pull = [
        allow("SignIn", ["ecr:GetAuthorizationToken"], ["*"], ofOwnAccount),
        allow(
          "OwnImages",
          ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          repositories.map((repository) => owned("ecr", `repository/${repository}`)),
        ),
      ];
      return [
        { service: "ecr.api", statements: pull },
        { service: "ecr.dkr", statements: pull },
        {
          service: "s3",
          statements: [
            // The bucket belongs to AWS; the registry hands out signed addresses in it (Amazon ECR user guide, "VPC endpoints").
            allow(
              "ImageLayers",
              ["s3:GetObject"],
              [`arn:${partition}:s3:::prod-${region}-starport-layer-bucket/*`],
              ofOwnAccount,
            ),
          ],
          privateNamesInVpc: true,
        },
      ];
    }
  }
}

/** The policy's document, as AWS takes it. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
