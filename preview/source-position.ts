import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { Position } from "../policy-pack/report/report";

/** A place in a program as its runtime says it. */
export interface SourcePosition {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The first place that is in the program's own folder and in none of its packages: where its author can change it.
 *
 * @param frames places from the innermost call outwards.
 */
export function positionIn(directory: string, frames: readonly SourcePosition[]): Position | undefined {
  for (const { uri, line, column } of frames) {
    if (uri.startsWith("file:")) {
      const path = relative(directory, fileURLToPath(uri));
      const isOwn = !path.startsWith("..") && !isAbsolute(path);
      if (isOwn && !path.split(sep).includes("node_modules") && line > 0 && column > 0) {
        return { file: path.split(sep).join("/"), line, column };
      }
    }
  }
  return undefined;
}
