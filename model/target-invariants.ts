import type { CloudTarget } from "./cloud-target";
import type { Breach, Finding, InvariantId } from "./finding";
import { PlatformError } from "./platform-error";
import type { PlatformSpec } from "./platform-spec";

/** Something that must hold of a platform on the cloud where it is rendered. */
export interface TargetInvariant {
  readonly id: InvariantId;
  readonly title: string;
  readonly because: string;
  readonly check: (spec: PlatformSpec, target: CloudTarget) => readonly Breach[];
}

/** What must hold between a platform and its cloud. */
export const targetInvariants: readonly TargetInvariant[] = [
  {
    id: "BH-034",
    title: "A platform that uses the cloud's model inference names models of that cloud.",
    because: "The endpoint's policy names the models that may be called; without a name it would admit none.",
    check: ({ flows, llmProviders }, { kind }) => {
      const isUsed = flows.some(({ to }) => to.kind === "platform-service" && to.id === "model-inference");
      const isNamed = llmProviders.some(
        (provider) => provider.kind === "native" && provider.models[kind].length > 0,
      );
      return isUsed && !isNamed
        ? [
            {
              path: `llmProviders.models.${kind}`,
              message: `platform-service/model-inference is used, and no native provider names a model of ${kind}.`,
              remedy: `Add the models to \`models.${kind}\` of the native provider, or take the flows to model-inference out.`,
            },
          ]
        : [];
    },
  },
  {
    id: "BH-035",
    title: "External providers are not rendered yet.",
    because:
      "They are reached through egress inspection only, and a platform rendered without it would be half a platform.",
    check: ({ llmProviders, zones }) => [
      ...llmProviders
        .filter(({ kind }) => kind === "external")
        .map(({ id }) => ({
          path: "llmProviders",
          message: `Provider ${id} is external, and the egress zone is not rendered in this version.`,
          remedy: "Use the cloud's native provider, or wait for the version that renders egress inspection.",
        })),
      ...zones
        .filter(({ id }) => id === "egress")
        .map(() => ({
          path: "zones",
          message: "The egress zone is not rendered in this version.",
          remedy: "Take the zone, and the workloads in it, out of the platform file.",
        })),
    ],
  },
];

/**
 * Checks that a platform can be rendered on a cloud.
 *
 * @throws PlatformError listing every finding.
 */
export function assertRenderable(spec: PlatformSpec, target: CloudTarget): void {
  const findings = targetInvariants.flatMap(({ id, check }) =>
    check(spec, target).map((breach): Finding => ({ id, ...breach })),
  );
  if (findings.length > 0) {
    throw new PlatformError(`The platform on ${target.kind}`, findings);
  }
}
