import { itemsOf, known, type Reading } from "../../reading";

/** Whether something is set at all, whatever it is. */
export function isSet(read: Reading<unknown>): Reading<boolean> {
  return read.kind === "known" ? known(true) : read;
}

/** Whether a list holds something; an empty one is as one that is not there. */
export function isFilled(read: Reading<unknown>): Reading<boolean> {
  return read.kind === "known" && itemsOf(read).length === 0 ? { kind: "absent" } : isSet(read);
}
