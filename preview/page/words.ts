/** `1 finding`, `2 findings`. */
export function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** The last part of a type: `aws:ec2/subnet:Subnet` is `Subnet`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf(":") + 1);
}

/** The resource's own name, the last part of its URN. */
export function nameIn(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + (urn.includes("::") ? 2 : 0));
}

/** The resource's own type, from its URN. */
export function typeIn(urn: string): string {
  return shortType((urn.split("::")[2] ?? "").split("$").at(-1) ?? "");
}

const clouds: Readonly<Record<string, string>> = { aws: "AWS", azure: "Azure", gcp: "Google Cloud" };

/** A cloud's own name. */
export function cloudTitle(cloud: string): string {
  return clouds[cloud] ?? cloud;
}
