import { printable } from "./printable";
import type { Position } from "./report";

/** Where the program is that was judged, for reports that point into it. */
export interface ProgramSource {
  /** Its folder, from the root of its repository, with forward slashes; empty for the root itself. */
  readonly folder: string;
  /** Where the repository's files are shown on the Web, such as `https://github.com/OWNER/NAME/blob/COMMIT`. */
  readonly url?: string | undefined;
}

/** What holds where nothing is known: the program is at the root of its repository, and nothing shows it. */
export const unknownSource: ProgramSource = { folder: "" };

/** A path as a relative reference of a URI (RFC 3986, section 4.2). */
function reference(path: string): string {
  return printable(path)
    .split("/")
    .filter((segment) => segment !== "")
    .map(encodeURIComponent)
    .join("/");
}

/** A file of the program, from the root of its repository, as a URI. */
export function fileUri(file: string, { folder }: ProgramSource): string {
  return reference(`${folder}/${file}`);
}

/** Where a position is shown on the Web; `undefined` if nothing shows it. */
export function positionUrl({ file, line }: Position, source: ProgramSource): string | undefined {
  return source.url === undefined ? undefined : `${source.url}/${fileUri(file, source)}#L${String(line)}`;
}
