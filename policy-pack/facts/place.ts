import { zoneIds, type ZoneId } from "../../model/zone";

/** Where something is: in a zone, or perhaps in one. What is in none has no place. */
export type Place =
  | { readonly zone: ZoneId; readonly assumption: undefined }
  | {
      readonly zone: undefined;
      /** Why it may be in any zone. */
      readonly assumption: string;
    };

/** The place of something whose zone is known, or why it may be any; `undefined` for what is in none. */
export function placeIn(zone: ZoneId | undefined, assumption: string | undefined): Place | undefined {
  if (zone !== undefined) {
    return { zone, assumption: undefined };
  }
  return assumption === undefined ? undefined : { zone, assumption };
}

/** The zone of something: PHI if anything says so, else what it says itself, else what is around it. */
export function zoneWithin(
  own: ZoneId | undefined,
  around: readonly (ZoneId | undefined)[],
): ZoneId | undefined {
  return around.includes("phi") ? "phi" : (own ?? zoneIds.find((id) => around.includes(id)));
}
