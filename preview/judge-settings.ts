import { settings, type Settings } from "../policy-pack/settings";

import type { PolicyConfig } from "./policy-config";

/** What the user's configuration of the pack means to the judge, as the pack itself reads it. */
export function judgeSettings(config: PolicyConfig): Settings {
  const of = (policy: string): unknown => config.get(policy)?.properties ?? {};
  return settings({
    "zone-assignment": of("zone-assignment"),
    "zones-reach-only-declared-peers": of("zones-reach-only-declared-peers"),
    "llm-providers-have-agreements": of("llm-providers-have-agreements"),
    "waivers-are-in-order": of("waivers-are-in-order"),
  });
}
