import * as pulumi from "@pulumi/pulumi";

/** A text in PEM with one line break at its end, so that another can follow it. */
export function closedPem(text: string): string {
  return `${text.trimEnd()}\n`;
}

/** Several texts in PEM, one after the other. */
export function joinedPem(texts: readonly pulumi.Input<string>[]): pulumi.Output<string> {
  return pulumi.all([...texts]).apply((known) => known.map(closedPem).join(""));
}
