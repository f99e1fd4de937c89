import { meshImages } from "../../model/platform-images";
import { platformServiceIds, type PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { workloadsCalling } from "../clients";
import { keyUse } from "./key-use";
import type { PhysicalNames, RoleKind } from "./physical-names";
import { anybody, type Conditions, type Statement } from "./policy-document";
import { networkOf, type AwsNetwork } from "./zone-network";

/**
 * What a flow to a platform service lets a workload do: from it come the statement of the service's endpoint, which holds
 * for all workloads whose flows name the service, and the statement of each such workload's own role.
 */
export interface Grant {
  readonly sid: string;
  readonly actions: readonly string[];
  /** What the workload may use it on. */
  readonly resources: (workload: Workload) => readonly string[];
  /** Conditions that hold at the endpoint and in the role alike. */
  readonly conditions?: Conditions;
  /** Conditions that only a role's own policy may have. */
  readonly roleConditions?: Conditions;
  /** The roles of the workload that do it. */
  readonly by: readonly RoleKind[];
  /** Whether another service does it for the role, so that the endpoint never sees it. */
  readonly isElsewhere?: true;
}

/** An endpoint of one of the region's services, which renders a platform service or a part of it. */
export interface ServiceEndpoint {
  /** The last part of the service's name, such as `secretsmanager`. */
  readonly service: string;
  /** The names by which the service is found through the endpoint. */
  readonly hosts: readonly string[];
  readonly grants: readonly Grant[];
  /** Statements of the endpoint for callers that are no workload. */
  readonly others?: readonly Statement[];
  /** S3 answers from inside the VPC by private name only if told that this is not for inbound resolvers alone. */
  readonly privateNamesInVpc?: true;
}

/** The endpoints of a platform service, with what each lets the workloads do. */
export function serviceEndpoints(
  service: PlatformServiceId,
  spec: PlatformSpec,
  names: PhysicalNames,
): readonly ServiceEndpoint[] {
  const at = (name: string): Pick<ServiceEndpoint, "service" | "hosts"> => ({
    service: name,
    hosts: [names.serviceHost(name)],
  });
  switch (service) {
    case "model-inference": {
      const models = spec.llmProviders.flatMap((provider) =>
        provider.kind === "native" ? provider.models.aws : [],
      );
      const arns = [...new Set(models)]
        .sort()
        .map((model) => names.ofAws("bedrock", `foundation-model/${model}`));
      return [
        {
          ...at("bedrock-runtime"),
          grants: [
            {
              sid: "DeclaredModels",
              actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
              resources: () => arns,
              by: ["workload"],
            },
          ],
        },
      ];
    }
    case "secrets":
      return [
        {
          ...at("secretsmanager"),
          grants: [
            {
              sid: "OwnSecrets",
              actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
              resources: (workload) => [names.secretArns(workload)],
              by: ["workload"],
            },
            {
              sid: "SecretsKey",
              actions: ["kms:Decrypt"],
              resources: () => [names.owned("kms", "key/*")],
              roleConditions: {
                StringEquals: { "kms:ViaService": names.serviceHost("secretsmanager") },
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias("platform") },
              },
              by: ["workload"],
              isElsewhere: true,
            },
          ],
        },
      ];
    case "logs":
      return [
        {
          ...at("logs"),
          grants: [
            {
              sid: "OwnLogs",
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              resources: (workload) =>
                [...new Set([names.workloadLogGroup(workload), names.programLogGroup(workload)])].map(
                  (group) => `${names.logGroupArn(group)}:*`,
                ),
              by: ["workload", "execution"],
            },
          ],
        },
      ];
    case "keys":
      return [
        {
          ...at("kms"),
          grants: [
            {
              sid: "PlatformKey",
              actions: keyUse,
              resources: () => [names.owned("kms", "key/*")],
              // Which key it is, by its alias, since the key's own id is not known before it exists. Only policies of
              // identities may ask for it (AWS KMS developer guide, "kms:ResourceAliases").
              roleConditions: {
                "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias("platform") },
              },
              by: ["workload"],
            },
          ],
        },
      ];
    case "registry": {
      const grants: readonly Grant[] = [
        { sid: "SignIn", actions: ["ecr:GetAuthorizationToken"], resources: () => ["*"], by: ["execution"] },
        {
          sid: "OwnImages",
          actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
          resources: ({ image }) =>
            [image, ...meshImages(spec)].map((pulled) =>
              names.owned("ecr", `repository/${names.repository(pulled)}`),
            ),
          by: ["execution"],
        },
      ];
      const layers = `prod-${names.region}-starport-layer-bucket`;
      return [
        { service: "ecr.api", hosts: [names.serviceHost("api.ecr")], grants },
        {
          service: "ecr.dkr",
          hosts: [names.registryHost],
          grants,
        },
        {
          service: "s3",
          hosts: [`${layers}.${names.serviceHost("s3")}`],
          grants: [],
          others: [
            {
              // The bucket is AWS's, and so is the principal that signs the addresses of layers: no condition on the
              // account would hold (Amazon ECR user guide, "Amazon ECR interface VPC endpoints").
              Sid: "ImageLayers",
              Effect: "Allow",
              Principal: anybody,
              Action: ["s3:GetObject"],
              Resource: [`arn:${names.partition}:s3:::${layers}/*`],
            },
          ],
          privateNamesInVpc: true,
        },
      ];
    }
    case "identity":
      return [
        {
          ...at("sts"),
          grants: [
            {
              sid: "OwnIdentity",
              actions: ["sts:GetCallerIdentity"],
              resources: () => ["*"],
              by: ["workload", "execution"],
            },
          ],
        },
      ];
    case "metrics":
      return [
        {
          ...at("monitoring"),
          grants: [
            {
              sid: "OwnMetrics",
              actions: ["cloudwatch:PutMetricData"],
              resources: () => ["*"],
              conditions: { StringEquals: { "cloudwatch:namespace": names.metricNamespace } },
              by: ["workload"],
            },
          ],
        },
      ];
  }
}

/**
 * The workloads whose flows name a platform service, in the order of their ids.
 *
 * @param network those in one network alone; all, if left out.
 */
export function clientsOf(
  service: PlatformServiceId,
  spec: PlatformSpec,
  network?: AwsNetwork,
): readonly Workload[] {
  return workloadsCalling(spec, (to) => to.kind === "platform-service" && to.id === service).filter(
    ({ zone }) => network === undefined || networkOf(zone) === network,
  );
}

/** The platform services that flows name. @param network by flows from one network alone; from all, if left out. */
export function usedServices(spec: PlatformSpec, network?: AwsNetwork): ReadonlySet<PlatformServiceId> {
  return new Set(platformServiceIds.filter((id) => clientsOf(id, spec, network).length > 0));
}

/** The statements of an endpoint: each grant, for the roles of the workloads whose flows name the service. */
export function endpointStatements(
  { grants, others = [] }: ServiceEndpoint,
  clients: readonly Workload[],
  names: PhysicalNames,
): readonly Statement[] {
  return [
    ...grants
      .filter(({ isElsewhere }) => isElsewhere === undefined)
      .map(({ sid, actions, resources, conditions, by }): Statement => ({
        Sid: sid,
        Effect: "Allow",
        Principal: anybody,
        Action: actions,
        Resource: [...new Set(clients.flatMap(resources))].sort(),
        Condition: {
          ...conditions,
          ArnEquals: {
            "aws:PrincipalArn": clients.flatMap((workload) =>
              by.map((kind) => names.roleArn(workload, kind)),
            ),
          },
        },
      })),
    ...others,
  ];
}

/** The statements of one role of a workload for the platform services that its flows name. */
export function roleStatements(
  workload: Workload,
  kind: RoleKind,
  spec: PlatformSpec,
  names: PhysicalNames,
): readonly Statement[] {
  const services = [...usedServices(spec)].filter((id) => clientsOf(id, spec).includes(workload)).sort();
  const statements = new Map<string, Statement>();
  for (const id of services) {
    for (const { grants } of serviceEndpoints(id, spec, names)) {
      for (const { sid, actions, resources, conditions, roleConditions, by } of grants) {
        if (by.includes(kind)) {
          const all = { ...conditions, ...roleConditions };
          statements.set(sid, {
            Sid: sid,
            Effect: "Allow",
            Action: actions,
            Resource: resources(workload),
            ...(Object.keys(all).length === 0 ? {} : { Condition: all }),
          });
        }
      }
    }
  }
  return [...statements.values()];
}
