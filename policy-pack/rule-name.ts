/** The rules of the pack, which are the names of its policies. */
export const ruleNames = [
  "phi-zone-has-no-egress",
  "phi-zone-admits-only-processing",
  "zones-reach-only-declared-peers",
  "flows-require-mtls",
  "certificates-rotate",
  "internet-egress-is-inspected",
  "resources-are-understood",
  "zone-assignment",
  "network-defaults-are-sealed",
  "platform-services-are-private",
  "phi-zone-resolver-is-closed",
  "traffic-is-audited",
  "requests-are-decided",
  "llm-providers-have-agreements",
  "waivers-are-in-order",
] as const;

export type RuleName = (typeof ruleNames)[number];
