import * as pulumi from "@pulumi/pulumi";

import type { CloudKind } from "../model/cloud-target";
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

  constructor({ spec, renderer }: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    const intent = intentOf(spec, renderer.cloud);
    super(Platform.__pulumiType, spec.name, { ...intent }, opts);
    const { segmentation, flowFilters, privateEndpoints } = renderer.render(spec, this);
    this.networkId = segmentation.networkId;
    this.subnetIds = segmentation.subnetIds;
    this.filterIds = flowFilters.filterIds;
    this.endpointIds = privateEndpoints.endpointIds;
    this.registerOutputs({
      ...intent,
      networkId: this.networkId,
      subnetIds: this.subnetIds,
      filterIds: this.filterIds,
      endpointIds: this.endpointIds,
    });
  }
}
