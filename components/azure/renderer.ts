import type { AzureTarget } from "../../model/cloud-target";
import type { Renderer } from "../renderer";
import type { Surroundings } from "../surroundings";

/** Renders platforms on Azure. */
export function azureRenderer(target: AzureTarget, _surroundings: Surroundings): Renderer {
  return {
    cloud: "azure",
    render: ({ name }) => {
      throw new Error(`${name} cannot be rendered in ${target.location} yet`);
    },
  };
}
