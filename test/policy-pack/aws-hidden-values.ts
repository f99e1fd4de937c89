import type { CloudFaults } from "./hidden-values";
import { networkMutants } from "./mutants";
import { renderedPlatform } from "./rendered-stack";
import { serviceMutants } from "./service-mutants";
import type { Knowledge } from "./stack-sketch";
import { transportMutants } from "./transport-mutants";

const mutants = [...networkMutants, ...serviceMutants, ...transportMutants];

/**
 * Every fault of the platform on AWS, with its values hidden. Of each knowledge every other fault has its values hidden one by
 * one, some thousand stacks; the others have all values of each resource at fault hidden at once, one stack for each. So each
 * fault is tried in both, and each of its values is hidden by itself in one.
 */
export function awsFaults(knowledge: Knowledge): CloudFaults {
  const parity = knowledge === "preview" ? 0 : 1;
  return {
    platform: "our platform",
    mutants: mutants.filter((_mutant, index) => index % 2 === parity),
    others: mutants.filter((_mutant, index) => index % 2 !== parity),
    render: renderedPlatform,
  };
}
