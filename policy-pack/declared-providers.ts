import type { DeclaredPlatform, DeclaredProvider } from "./declared-flows";
import type { JudgedStack } from "./judged-stack";

/** Who may be called, with the platform that says it; none says it where the configuration of the pack does. */
export interface Declaring {
  readonly platform: DeclaredPlatform | undefined;
  /** Providers on the Internet; native ones are reached by private endpoints alone. */
  readonly external: readonly DeclaredProvider[];
}

/** The providers that are declared for what belongs to a platform, or to none of ours. */
export function declaring({ declarations, settings }: JudgedStack, platform: string | undefined): Declaring {
  const ours = platform === undefined ? undefined : declarations.platforms.get(platform);
  return {
    platform: ours,
    external:
      ours === undefined
        ? // What is beside a platform of ours is held to what that declares: no configuration adds to it.
          declarations.platforms.size === 0
          ? settings.llmProviders
          : []
        : ours.llmProviders.filter(({ kind }) => kind === "external"),
  };
}
