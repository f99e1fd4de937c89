import type { AwsTarget } from "../../model/cloud-target";
import type { ExistingNetwork } from "../existing-network";
import type { Renderer } from "../renderer";

import { AwsFlowFilters } from "./flow-filters";
import { AwsPrivateEndpoints } from "./private-endpoints";
import { AwsSegmentation } from "./segmentation";

/** Renders platforms on AWS. */
export function awsRenderer(target: AwsTarget, existingNetwork?: ExistingNetwork): Renderer {
  return {
    cloud: "aws",
    render: (spec, parent) => {
      const child = { parent };
      const segmentation = new AwsSegmentation(
        `${spec.name}-segmentation`,
        { spec, target, existingNetwork },
        child,
      );
      const { networkId } = segmentation;
      const flowFilters = new AwsFlowFilters(`${spec.name}-flow-filters`, { spec, networkId }, child);
      const privateEndpoints = new AwsPrivateEndpoints(
        `${spec.name}-private-endpoints`,
        {
          spec,
          target,
          networkId,
          subnetIds: segmentation.privateEndpointSubnetIds,
          filterIds: flowFilters.filterIds,
          sealed: [...segmentation.sealed, ...flowFilters.sealed],
        },
        child,
      );
      return { segmentation, flowFilters, privateEndpoints };
    },
  };
}
