import * as pulumi from "@pulumi/pulumi";

import type { CloudKind } from "../model/cloud-target";
import { controlPlaneFlowsOf, type ControlPlaneFlowId } from "../model/control-plane-flow";
import { peerName } from "../model/peer";
import type { PlatformSpec } from "../model/platform-spec";
import type { ZoneId } from "../model/zone";

import type { Renderer, Rendering } from "./renderer";

export interface PlatformArgs {
  readonly spec: PlatformSpec;
  /** How the platform becomes resources; `loadRenderer` gives the one of a cloud. */
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

/** What the platform's component says of itself: plain values, so that the judge can read them in a preview. */
interface PlatformIntent {
  readonly cloud: CloudKind;
  readonly platform: string;
  readonly zones: readonly { readonly id: ZoneId; readonly addressBlock: string }[];
  readonly workloads: readonly { readonly id: string; readonly zone: ZoneId; readonly spiffeId: string }[];
  readonly flows: readonly DeclaredFlow[];
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
    controlPlane: controlPlaneFlowsOf(spec.edge, cloud).map(({ id }) => id),
  };
}

/**
 * The platform on one cloud.
 *
 * Its name is that of the spec, with which the name of every resource begins. Its inputs and outputs say what was meant;
 * the resources under it are what was made of that, and the judge compares the two.
 */
export class Platform extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:index:Platform";

  readonly networkId: pulumi.Output<string>;
  readonly subnetIds: Rendering["segmentation"]["subnetIds"];
  readonly filterIds: Rendering["flowFilters"]["filterIds"];
  readonly endpointIds: Rendering["privateEndpoints"]["endpointIds"];
  readonly storeIds: Rendering["dataStores"]["storeIds"];
  readonly identityIds: Rendering["workloadIdentities"]["identityIds"];
  readonly repositoryAddresses: Rendering["imageRegistry"]["repositoryAddresses"];
  readonly entranceNames: Rendering["frontDoor"]["entranceNames"];

  constructor({ spec, renderer }: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const intent = intentOf(spec, renderer.cloud);
    super(Platform.__pulumiType, spec.name, { ...intent }, opts);
    const rendering = renderer.render(spec, this);
    this.networkId = rendering.segmentation.networkId;
    this.subnetIds = rendering.segmentation.subnetIds;
    this.filterIds = rendering.flowFilters.filterIds;
    this.endpointIds = rendering.privateEndpoints.endpointIds;
    this.storeIds = rendering.dataStores.storeIds;
    this.identityIds = rendering.workloadIdentities.identityIds;
    this.repositoryAddresses = rendering.imageRegistry.repositoryAddresses;
    this.entranceNames = rendering.frontDoor.entranceNames;
    this.registerOutputs({
      ...intent,
      networkId: this.networkId,
      subnetIds: this.subnetIds,
      filterIds: this.filterIds,
      endpointIds: this.endpointIds,
      storeIds: this.storeIds,
      identityIds: this.identityIds,
      repositoryAddresses: this.repositoryAddresses,
      entranceNames: this.entranceNames,
    });
  }
}
