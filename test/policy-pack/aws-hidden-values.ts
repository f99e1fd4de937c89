import type { CloudFaults } from "./hidden-values";
import { networkMutants } from "./mutants";
import { renderedPlatform } from "./rendered-stack";
import { serviceMutants } from "./service-mutants";
import { transportMutants } from "./transport-mutants";

/** Every fault of the platform on AWS whose values are hidden. */
export const awsFaults: CloudFaults = {
  platform: "our platform",
  mutants: [...networkMutants, ...serviceMutants, ...transportMutants],
  render: renderedPlatform,
};
