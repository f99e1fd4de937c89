import type { Safeguard } from "../facts/safeguard";
import { proof, type Proof } from "../proof";

/** The proofs that safeguards amount to, under the name of the layer that they close. */
export function safeguardProofs(layer: string, safeguards: readonly Safeguard[]): readonly Proof[] {
  return safeguards.map(({ what, evidence }) => proof(`${layer}: ${what}.`, ...evidence));
}
