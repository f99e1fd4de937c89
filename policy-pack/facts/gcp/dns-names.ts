/**
 * Zones under which Google alone answers, whatever is asked: a name there is a service of Google's or a machine of the
 * network, and no customer's name servers (Cloud DNS, "Private Google Access and VPC Service Controls"; Compute Engine,
 * "Internal DNS").
 */
const zonesOfGoogle: readonly string[] = [
  "gcr.io",
  "googleapis.com",
  "google.internal",
  "internal",
  "pkg.dev",
  "run.app",
];

/** A name as it is compared: without the dot at its end and the star before it, in lower case. */
export function bareName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, "")
    .replace(/^\*\.?/, "");
}

/** Whether a name of a rule is every name. */
export function isEveryName(name: string): boolean {
  return bareName(name) === "";
}

/** Whether a name is under a zone, or is that zone. */
export function isUnder(name: string, zone: string): boolean {
  const [inner, outer] = [bareName(name), bareName(zone)];
  return outer !== "" && (inner === outer || inner.endsWith(`.${outer}`));
}

/** Whether Google alone answers for a name, and all names under it. */
export function isGoogleOwn(name: string): boolean {
  return zonesOfGoogle.some((zone) => isUnder(name, zone));
}
