import type * as pulumi from "@pulumi/pulumi";

import type { CloudKind } from "../model/cloud-target";
import type { PlatformSpec } from "../model/platform-spec";

import type { FlowFilters } from "./flow-filters";
import type { PrivateEndpoints } from "./private-endpoints";
import type { Segmentation } from "./segmentation";

/** All that a cloud must render. A cloud that lacks a part does not compile. */
export interface Rendering {
  readonly segmentation: Segmentation;
  readonly flowFilters: FlowFilters;
  readonly privateEndpoints: PrivateEndpoints;
}

/** Turns a platform into the resources of one cloud. */
export interface Renderer {
  readonly cloud: CloudKind;
  /** @param parent the platform's component, under which everything is created. */
  render(spec: PlatformSpec, parent: pulumi.ComponentResource): Rendering;
}
