import { meshImages } from "../../model/platform-images";
import { platformServiceIds, type PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { workloadsCalling } from "../clients";
import type { NamedGuardrails } from "../mesh/pod";
import { guardedProviders, unguardedModels } from "./guarded-models";
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
  readonly resources: (workload: Workload, guardrails: NamedGuardrails) => readonly string[];
  /** The native provider whose guardrail a call has to name, in the version that is in force. */
  readonly guardedBy?: string;
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
      const arnsOf = (models: readonly string[]): readonly string[] =>
        models.map((model) => names.ofAws("bedrock", `foundation-model/${model}`));
      // Converse is allowed by the same actions (Service authorization reference, "Actions defined by Amazon Bedrock").
      const actions = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
      const unguarded = arnsOf(unguardedModels(spec));
      const guarded = guardedProviders(spec);
      return [
        {
          ...at("bedrock-runtime"),
          grants: [
            ...guarded.flatMap(({ id, models }, index): readonly Grant[] => [
              {
                sid: `GuardedModels${String(index)}`,
                actions,
                resources: () => arnsOf(models),
                guardedBy: id,
                by: ["workload"],
              },
              {
                sid: `Guardrail${String(index)}`,
                actions: ["bedrock:ApplyGuardrail"],
                resources: (_workload, guardrails) => [guardrailOf(guardrails, id).identifier],
                by: ["workload"],
              },
            ]),
            ...(unguarded.length === 0
              ? []
              : [
                  {
                    sid: "ModelsThatTakeNoGuardrail",
                    actions,
                    resources: () => unguarded,
                    by: ["workload" as const],
                  },
                ]),
            ...(guarded.length === 0
              ? []
              : [
                  {
                    // A guardrail that is encrypted is read as the caller (Amazon Bedrock user guide, "Create a customer
                    // managed key for your guardrail").
                    sid: "GuardrailsKey",
                    actions: ["kms:Decrypt"],
                    resources: () => [names.owned("kms", "key/*")],
                    roleConditions: {
                      StringEquals: { "kms:ViaService": names.serviceHost("bedrock") },
                      "ForAnyValue:StringEquals": { "kms:ResourceAliases": names.keyAlias("platform") },
                    },
                    by: ["workload" as const],
                    isElsewhere: true as const,
                  },
                ]),
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

/** The guardrail of a provider. @throws Error if it has none, which is a mistake of the renderer's. */
function guardrailOf(guardrails: NamedGuardrails, provider: string): NamedGuardrails[string] {
  const guardrail = guardrails[provider];
  if (guardrail === undefined) {
    throw new Error(`llm-provider/${provider} has no guardrail`);
  }
  return guardrail;
}

/** The guardrail of a provider in the version that is in force, as IAM knows it. @throws Error if it has none. */
export function guardrailInVersion(guardrails: NamedGuardrails, provider: string): string {
  const { identifier, version } = guardrailOf(guardrails, provider);
  return `${identifier}:${version}`;
}

/** The conditions of a grant, at the endpoint and in the role alike. */
function conditionsOf({ conditions, guardedBy }: Grant, guardrails: NamedGuardrails): Conditions {
  if (guardedBy === undefined) {
    return conditions ?? {};
  }
  return {
    ...conditions,
    // A call that names no guardrail has no such key, and none of another value passes (Amazon Bedrock user guide, "Enforce
    // the use of specific guardrails in model inference requests").
    StringEquals: {
      ...conditions?.StringEquals,
      "bedrock:GuardrailIdentifier": guardrailInVersion(guardrails, guardedBy),
    },
  };
}

/** The statements of an endpoint: each grant, for the roles of the workloads whose flows name the service. */
export function endpointStatements(
  { grants, others = [] }: ServiceEndpoint,
  clients: readonly Workload[],
  names: PhysicalNames,
  guardrails: NamedGuardrails,
): readonly Statement[] {
  return [
    ...grants
      .filter(({ isElsewhere }) => isElsewhere === undefined)
      .map((grant): Statement => ({
        Sid: grant.sid,
        Effect: "Allow",
        Principal: anybody,
        Action: grant.actions,
        Resource: [...new Set(clients.flatMap((workload) => grant.resources(workload, guardrails)))].sort(),
        Condition: {
          ...conditionsOf(grant, guardrails),
          ArnEquals: {
            "aws:PrincipalArn": clients.flatMap((workload) =>
              grant.by.map((kind) => names.roleArn(workload, kind)),
            ),
          },
        },
      })),
    ...others,
  ];
}

/** What one role of a workload is granted for the platform services that its flows name, each grant once. */
function roleGrants(
  workload: Workload,
  kind: RoleKind,
  spec: PlatformSpec,
  names: PhysicalNames,
): readonly Grant[] {
  const services = [...usedServices(spec)].filter((id) => clientsOf(id, spec).includes(workload)).sort();
  const grants = services
    .flatMap((id) => serviceEndpoints(id, spec, names).flatMap((endpoint) => endpoint.grants))
    .filter(({ by }) => by.includes(kind));
  return [...new Map(grants.map((grant) => [grant.sid, grant])).values()];
}

/** The actions of one role of a workload for the platform services that its flows name. */
export function roleActions(
  workload: Workload,
  kind: RoleKind,
  spec: PlatformSpec,
  names: PhysicalNames,
): readonly string[] {
  return roleGrants(workload, kind, spec, names).flatMap(({ actions }) => actions);
}

/** The statements of one role of a workload for the platform services that its flows name. */
export function roleStatements(
  workload: Workload,
  kind: RoleKind,
  spec: PlatformSpec,
  names: PhysicalNames,
  guardrails: NamedGuardrails,
): readonly Statement[] {
  return roleGrants(workload, kind, spec, names).map((grant): Statement => {
    const all = { ...conditionsOf(grant, guardrails), ...grant.roleConditions };
    return {
      Sid: grant.sid,
      Effect: "Allow",
      Action: grant.actions,
      Resource: grant.resources(workload, guardrails),
      ...(Object.keys(all).length === 0 ? {} : { Condition: all }),
    };
  });
}
