import type { IdentifierKind } from "./detection/identifier-kind";

/** How many identifiers of which kind were found. */
export class IdentifierCounts {
  readonly #counts = new Map<IdentifierKind, number>();

  /** Counts another one. */
  add(kind: IdentifierKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Whether there is any. */
  get areAny(): boolean {
    return this.#counts.size > 0;
  }

  /** The counts by kind. */
  get byKind(): ReadonlyMap<IdentifierKind, number> {
    return this.#counts;
  }
}
