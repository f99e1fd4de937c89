import { certificateFileNames } from "../../model/certificate-file";

export { secretNames } from "../../model/certificate-file";

/** Where the certificate agent leaves what its proxy reads, in the volume that the two share. */
export const certificateFolder = "/run/bulkhead/certificates";

/** The file of the proxy's certificate and key (Envoy, "Secret discovery service", from files). */
export const certificateFile = `${certificateFolder}/${certificateFileNames.certificate}`;

/** The file of whom the proxy trusts. */
export const trustBundleFile = `${certificateFolder}/${certificateFileNames.trustBundle}`;
