import * as pulumi from "@pulumi/pulumi";

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
  gcp: () => (require("./gcp/renderer") as typeof import("./gcp/renderer")).gcpRenderer,
} as const satisfies {
  readonly [K in CloudTarget["kind"]]: () => MakeRenderer<Extract<CloudTarget, { kind: K }>>;
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The package of each cloud's SDK, of which a program needs its own cloud's alone. */
const sdks: Readonly<Record<CloudTarget["kind"], string>> = {
  aws: "@pulumi/aws",
  azure: "@pulumi/azure-native",
  gcp: "@pulumi/gcp",
};

/** Whether an error says that a package, or a folder of it, is not installed. */
function lacks(error: unknown, name: string): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "MODULE_NOT_FOUND" &&
    error.message.includes(`'${name}/`)
  );
}

/**
 * The renderer of the target's cloud, whose SDK it loads.
 *
 * @throws pulumi.RunError if that SDK is not installed.
 */
export function loadRenderer(target: CloudTarget, surroundings: Surroundings): Renderer {
  try {
    switch (target.kind) {
      case "aws":
        return renderers.aws()(target, surroundings);
      case "azure":
        return renderers.azure()(target, surroundings);
      case "gcp":
        return renderers.gcp()(target, surroundings);
    }
  } catch (error) {
    const sdk = sdks[target.kind];
    throw lacks(error, sdk)
      ? new pulumi.RunError(
          `A platform on ${target.kind} is rendered with ${sdk}, which is not installed. Run \`npm install ${sdk}\`.`,
        )
      : error;
  }
}
