import * as pulumi from "@pulumi/pulumi";

import type { CloudKind } from "../model/cloud-target";
import { controlPlaneFlowsOf, type ControlPlaneFlowId } from "../model/control-plane-flow";
import type { EdgeClient } from "../model/edge";
import type { FindingPolicy, LlmProvider } from "../model/llm-provider";
import type { Mesh } from "../model/mesh";
import { peerName } from "../model/peer";
import type { PlatformSpec } from "../model/platform-spec";
import type { WorkloadZoneId, ZoneId } from "../model/zone";

import type { Renderer } from "./renderer";

/** What a `Platform` is created with; `configuredPlatform` makes it. */
export interface PlatformArgs {
  /** What is created. */
  readonly spec: PlatformSpec;
  /** How the platform becomes resources of one cloud. */
  readonly renderer: Renderer;
}

/** A flow as the platform's component declares it to the judge. */
export interface DeclaredFlow {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly transport: string;
}

/** A provider of large language models as the platform's component declares it to the judge. */
export interface DeclaredProvider {
  readonly id: string;
  readonly kind: LlmProvider["kind"];
  /** The hosts of its API; none of a native one, which a private endpoint leads to. */
  readonly hosts: readonly string[];
  /** What happens to a prompt with PHI, by model. */
  readonly onFinding: Readonly<Record<string, FindingPolicy>>;
  /** The days between which an agreement with it holds; none where there is no agreement. */
  readonly agreement: { readonly signed: string; readonly expires: string } | null;
}

function declaredProvider(provider: LlmProvider, cloud: CloudKind): DeclaredProvider {
  const { id, kind, agreement, onFinding } = provider;
  const models =
    provider.kind === "external"
      ? provider.models
      : provider.models[cloud].map((name) => ({ name, onFinding }));
  return {
    id,
    kind,
    hosts: provider.kind === "external" ? provider.fqdns : [],
    onFinding: Object.fromEntries(models.map((model) => [model.name, model.onFinding])),
    agreement: agreement === undefined ? null : { signed: agreement.signed, expires: agreement.expires },
  };
}

/** What the platform's component says of itself: plain values, so that the judge can read them in a preview. */
interface PlatformIntent {
  readonly cloud: CloudKind;
  readonly platform: string;
  readonly zones: readonly { readonly id: ZoneId; readonly addressBlock: string }[];
  readonly workloads: readonly { readonly id: string; readonly zone: ZoneId; readonly spiffeId: string }[];
  readonly flows: readonly DeclaredFlow[];
  /** Where prompts may be sent. */
  readonly llmProviders: readonly DeclaredProvider[];
  /** What stands before every workload. */
  readonly mesh: Mesh["kind"];
  /** The ids of the connections that the cloud's load balancer needs besides; the model's table says what each is. */
  readonly controlPlane: readonly ControlPlaneFlowId[];
}

function intentOf(spec: PlatformSpec, cloud: CloudKind): PlatformIntent {
  return {
    cloud,
    platform: spec.name,
    zones: spec.zones.map(({ id, addressBlock }) => ({ id, addressBlock: addressBlock.text })),
    workloads: spec.workloads.map(({ id, zone, spiffeId }) => ({ id, zone, spiffeId })),
    flows: spec.flows.map(({ from, to, protocol, port, transport }) => ({
      from: peerName(from),
      to: peerName(to),
      protocol,
      port,
      transport,
    })),
    llmProviders: spec.llmProviders.map((provider) => declaredProvider(provider, cloud)),
    mesh: spec.mesh.kind,
    controlPlane: controlPlaneFlowsOf(spec.edge, cloud).map(({ id }) => id),
  };
}

/**
 * The platform on one cloud.
 *
 * Its name is that of the spec, with which the name of every resource begins. Its inputs and outputs say what was meant;
 * the resources under it are what was made of that, and the judge compares the two.
 *
 * Where an output is a record, what the platform does not have is not in it.
 */
export class Platform extends pulumi.ComponentResource {
  /** @hidden */
  static readonly __pulumiType = "bulkhead:index:Platform";

  /** The id of the network with its cloud, such as a VPC's. */
  readonly networkId: pulumi.Output<string>;
  /** The ids of each zone's subnets, whatever they are for; none for a zone that the platform does not have. */
  readonly subnetIds: Readonly<Record<ZoneId, pulumi.Output<readonly string[]>>>;
  /** The ids of the subnets in which a zone's workloads run. What else runs there is behind the same subnet filters. */
  readonly workloadSubnetIds: Readonly<Record<WorkloadZoneId, pulumi.Output<readonly string[]>>>;
  /**
   * The ids of the filters, such as security groups, by the name of their peer: `workload/<id>`, `data-store/<id>`,
   * `platform-service/<id>`, `load-balancer`. What runs a workload is put behind its filter, and then opens and admits
   * what the flows say.
   */
  readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of the private endpoints, by the cloud's name of the service, such as `secretsmanager`. */
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of the data stores with the cloud, by their id in the platform. */
  readonly storeIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of the workloads' identities with the cloud, such as ARNs of roles, by workload. */
  readonly identityIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of the identities that start workloads with the cloud: they pull images and open logs. By workload. */
  readonly startingIdentityIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The ids of what runs each workload with the cloud, such as ARNs of services; none where the customer's Kubernetes does. */
  readonly serviceIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** The cloud's names of the logs into which workloads write, such as log groups, by workload. */
  readonly workloadLogNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where to push each image, by its repository in the platform. */
  readonly repositoryAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  /** The cloud's names of the entrances, by who enters there: the hospital's own names point to them. */
  readonly entranceNames: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  /**
   * The guardrails that calls of the cloud's own models have to name, by native provider: on AWS the ARN with `:` and the
   * version. None on Azure and Google Cloud, whose own take part in every call.
   */
  readonly guardrailIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Where workloads that are reached from the Internet are registered, such as ARNs of target groups, by who enters. */
  readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;

  /**
   * @param args what `configuredPlatform` gives.
   * @param opts options of Pulumi. A `provider` of the program's own has to be what `PlatformSettings.provider` says of it.
   */
  constructor(args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const { spec, renderer } = args;
    const intent = intentOf(spec, renderer.cloud);
    super(Platform.__pulumiType, spec.name, { ...intent }, opts);
    const rendering = renderer.render(spec, this);
    const { segmentation, frontDoor } = rendering;
    this.networkId = segmentation.networkId;
    this.subnetIds = segmentation.subnetIds;
    this.workloadSubnetIds = segmentation.workloadSubnetIds;
    this.filterIds = rendering.flowFilters.filterIds;
    this.endpointIds = rendering.privateEndpoints.endpointIds;
    this.storeIds = rendering.dataStores.storeIds;
    this.identityIds = rendering.workloadIdentities.identityIds;
    this.startingIdentityIds = rendering.workloadIdentities.startingIdentityIds;
    this.serviceIds = rendering.workloads?.serviceIds ?? {};
    this.workloadLogNames = rendering.auditLog.workloadLogNames;
    this.repositoryAddresses = rendering.imageRegistry.repositoryAddresses;
    this.guardrailIds = rendering.guardrailIds;
    this.entranceNames = frontDoor.entranceNames;
    this.targetIds = frontDoor.targetIds;
    this.registerOutputs({
      ...intent,
      networkId: this.networkId,
      subnetIds: this.subnetIds,
      workloadSubnetIds: this.workloadSubnetIds,
      filterIds: this.filterIds,
      endpointIds: this.endpointIds,
      storeIds: this.storeIds,
      identityIds: this.identityIds,
      startingIdentityIds: this.startingIdentityIds,
      serviceIds: this.serviceIds,
      workloadLogNames: this.workloadLogNames,
      repositoryAddresses: this.repositoryAddresses,
      guardrailIds: this.guardrailIds,
      entranceNames: this.entranceNames,
      targetIds: this.targetIds,
    });
  }
}
