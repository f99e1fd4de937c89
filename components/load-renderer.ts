import type { CloudTarget } from "../model/cloud-target";

import type { Renderer } from "./renderer";
import type { Surroundings } from "./surroundings";

/** What a cloud's folder exports for {@link loadRenderer}. */
type MakeRenderer<T extends CloudTarget> = (target: T, surroundings: Surroundings) => Renderer;

/* A cloud's SDK costs hundreds of megabytes, so only the one that is rendered is loaded; `import()` of a TypeScript file
   does not work under Pulumi's own loader, `require` does. */
/* eslint-disable @typescript-eslint/no-require-imports */
const renderers = {
  aws: () => (require("./aws/renderer") as typeof import("./aws/renderer")).awsRenderer,
  azure: () => (require("./azure/renderer") as typeof import("./azure/renderer")).azureRenderer,
} as const satisfies {
  readonly [K in CloudTarget["kind"]]: () => MakeRenderer<Extract<CloudTarget, { kind: K }>>;
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The renderer of the target's cloud, whose SDK it loads. */
export function loadRenderer(target: CloudTarget, surroundings: Surroundings): Renderer {
  return target.kind === "aws"
    ? renderers.aws()(target, surroundings)
    : renderers.azure()(target, surroundings);
}
