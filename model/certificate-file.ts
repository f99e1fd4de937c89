/** The files in which the certificate agent leaves what its proxy reads, in the folder that the two share. */
export const certificateFileNames = {
  certificate: "certificate.json",
  trustBundle: "trust-bundle.json",
} as const;

/** The names of the secrets in those files (Envoy, "Secret discovery service"). */
export const secretNames = { certificate: "certificate", trustBundle: "trust-bundle" } as const;
