import type * as certificateauthority from "@pulumi/gcp/certificateauthority";
import type * as pulumi from "@pulumi/pulumi";

/** The certificate of an authority itself, the first of those that lead to its root. */
export function ownCertificateOf({
  pemCaCertificates,
}: certificateauthority.Authority): pulumi.Output<string> {
  return pemCaCertificates.apply(([first]) => {
    if (first === undefined) {
      throw new Error("an authority has no certificate");
    }
    return first;
  });
}
