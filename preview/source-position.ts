import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

import type { Position } from "../policy-pack/report/report";

/** A place in a program as its runtime says it. */
export interface SourcePosition {
  readonly uri: string;
  readonly line: number;
  readonly column: number;
}

/** Whether a path from the program's folder leads to a file of its author, and not out of it or into a package. */
function isOwn(path: string): boolean {
  const segments = path.split("/");
  return (
    path !== "" && !path.startsWith("/") && !segments.includes("..") && !segments.includes("node_modules")
  );
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
      const file = path.split(sep).join("/");
      if (!isAbsolute(path) && isOwn(file) && line > 0 && column > 0) {
        return { file, line, column };
      }
    }
  }
  return undefined;
}

/** A place as a state holds it: `project:///` and the path from the program's folder, line and column (pulumi, `source_eval.go`). */
const statePlace = /^project:\/\/\/([^?#]+)#(\d+)(?:,(\d+))?$/;

/**
 * The first place of a state that is in the program's own folder and in none of its packages. What is written otherwise
 * is no such place: a position decides nothing.
 *
 * @param frames places from the innermost call outwards.
 */
export function statePositionIn(frames: readonly string[]): Position | undefined {
  for (const frame of frames) {
    const [, path = "", line = "", column = "1"] = statePlace.exec(frame) ?? [];
    let file: string;
    try {
      file = decodeURIComponent(path);
    } catch {
      continue; // It was not written by Pulumi.
    }
    const position = { file, line: Number(line), column: Number(column) };
    if (
      isOwn(file) &&
      Number.isSafeInteger(position.line + position.column) &&
      position.line > 0 &&
      position.column > 0
    ) {
      return position;
    }
  }
  return undefined;
}
