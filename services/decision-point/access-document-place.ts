import { readFileSync } from "node:fs";

/** Where a program is told the access policy: in a file, or in a variable where no file can be put beside it. */
export type AccessDocumentPlace = { readonly file: string } | { readonly text: string };

/** The access policy's text. @throws what reading a file throws. */
export function accessDocumentText(place: AccessDocumentPlace): string {
  return "text" in place ? place.text : readFileSync(place.file, "utf8");
}
