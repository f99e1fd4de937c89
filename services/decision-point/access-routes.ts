import type { AccessRoute } from "../../model/access-policy";

/** What two programs may read as different paths: escapes but of plain characters, empty or dotted segments, parameters. */
const ambiguous = /%|\\|;|\/\/|\/\.\.?(?:\/|$)|[^\x21-\x7e]/;

/** What a request asks for, without its query (RFC 9112 §3.2). */
function pathOf(target: string): string {
  const [path = ""] = target.split(/[?#]/, 1);
  return path;
}

function beginWith(segments: readonly string[], path: string): boolean {
  return path.split("/").every((segment, place) => segments[place] === segment);
}

/** Whether what a request asks for begins with the segments of a path. */
export function isWithin(target: string, path: string): boolean {
  return beginWith(pathOf(target).split("/"), path);
}

/**
 * The route of a request at an enforcement point: that with the longest path with whose segments the request's begins.
 *
 * @param target what the request asks for, with its query (RFC 9112 §3.2).
 * @returns `undefined` if there is none, or if programs could differ over which it is.
 */
export function routeOf(
  routes: readonly AccessRoute[],
  enforcementPoint: string,
  target: string,
): AccessRoute | undefined {
  const path = pathOf(target);
  const segments = path.split("/");
  let longest: AccessRoute | undefined;
  for (const route of routes) {
    if (
      route.at === enforcementPoint &&
      beginWith(segments, route.path) &&
      (longest === undefined || route.path.length > longest.path.length)
    ) {
      longest = route;
    }
  }
  return path.startsWith("/") && !ambiguous.test(path) ? longest : undefined;
}
