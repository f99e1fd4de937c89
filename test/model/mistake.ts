import type { InvariantId } from "../../model/finding";

import type { PlatformDraft } from "./platform-draft";

/** A change of a platform file. */
export type Edit = (file: PlatformDraft) => void;

/** A mistake in a platform file, and the nearest that is none. */
export interface Mistake {
  /** The invariant that it breaks. */
  readonly id: InvariantId;
  readonly mistake: string;
  /** Where the finding has to point. */
  readonly path: string;
  readonly edit: Edit;
  /** The nearest edit that is right. */
  readonly right: Edit;
}

/** An item of a list that has to be there. */
export function at<T>(list: readonly T[] | undefined, index: number): T {
  const item = list?.[index];
  if (item === undefined) {
    throw new Error(`nothing at ${String(index)}`);
  }
  return item;
}
