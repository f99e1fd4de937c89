/**
 * A number from 0 to 4294967295 that depends on a text alone: FNV-1a, 32 bits (draft-eastlake-fnv). It spreads names, and
 * hides nothing.
 */
export function stableHash(text: string): number {
  let hash = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ unit, 0x01000193) >>> 0;
  }
  return hash;
}
