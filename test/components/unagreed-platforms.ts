import type { PlatformFile } from "../../model/platform-file";
import { withExternalProviders } from "../model/with-external-providers";

type Provider = NonNullable<PlatformFile["llmProviders"]>[number];

/** The platform with external providers, one of them changed, which may get PHI of a model. */
function withProvider(change: (provider: Provider) => Provider): PlatformFile {
  return {
    ...withExternalProviders,
    llmProviders: (withExternalProviders.llmProviders ?? []).map((provider) =>
      provider.id === "openai" ? change(provider) : provider,
    ),
  };
}

const evidence = "https://records.hospital.example/agreements/openai-baa";

/** Platforms that would let PHI go to a provider with whom no agreement holds. */
export const unagreedPlatforms: readonly { readonly why: string; readonly file: PlatformFile }[] = [
  {
    why: "has no agreement",
    file: withProvider(({ agreement: _, ...provider }) => provider),
  },
  {
    why: "had an agreement until 2026-03-02",
    file: withProvider((provider) => ({
      ...provider,
      agreement: { signed: "2026-03-01", expires: "2026-03-02", evidence },
    })),
  },
  {
    why: "has an agreement that begins on 2999-01-01 only",
    file: withProvider((provider) => ({
      ...provider,
      agreement: { signed: "2999-01-01", expires: "until-terminated", evidence },
    })),
  },
];
