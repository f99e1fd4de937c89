import type { ResourceType } from "../resource-type";
import type { StackGraph } from "../stack-graph";

import { keptCertificates, keptCertificateTypes } from "./aws/certificate-manager";
import { privateCaCertificates, privateCaTypes } from "./aws/private-ca";
import { shownCertificates, shownCertificateTypes } from "./azure/shown-certificates";
import { certManagerCertificates, certManagerTypes } from "./cert-manager";
import type { PublicKeyInfrastructure } from "./certificate";
import { authorityCertificates, certificateAuthorityTypes } from "./gcp/certificate-authorities";
import {
  keptCertificates as keptByGoogle,
  keptCertificateTypes as keptByGoogleTypes,
} from "./gcp/certificate-manager";
import { identityPoolCertificates, identityPoolTypes } from "./gcp/identity-pools";
import { pinnedCertificates } from "./pinned-certificates";
import { tlsCertificates, tlsTypes } from "./tls-certificates";

/** Types of certificates, keys and authorities themselves. */
const ownTypes: ReadonlySet<ResourceType> = new Set([
  ...tlsTypes,
  ...certManagerTypes,
  ...privateCaTypes,
  ...keptCertificateTypes,
  ...certificateAuthorityTypes,
  ...keptByGoogleTypes,
  ...identityPoolTypes,
]);

/** Types from which facts about certificates are drawn, of whatever cloud. */
export const certificateTypes: ReadonlySet<ResourceType> = new Set([...ownTypes, ...shownCertificateTypes]);

/**
 * Draws what is promised of certificates and keys: by the providers that serve every cloud, and by each cloud's own.
 *
 * @param today the day on which the stack is judged, in UTC: nothing that a preview shows is issued before it.
 */
export function publicKeyInfrastructure(graph: StackGraph, today: string): PublicKeyInfrastructure {
  const all = [
    tlsCertificates,
    certManagerCertificates,
    privateCaCertificates,
    keptCertificates,
    shownCertificates,
    authorityCertificates,
    keptByGoogle,
    identityPoolCertificates,
  ].map((read) => read(graph, today));
  const certificates = all.flatMap((one) => one.certificates);
  return {
    certificates,
    keys: all.flatMap(({ keys }) => keys),
    signatures: all.flatMap(({ signatures }) => signatures),
    faults: [...all.flatMap(({ faults }) => faults), ...pinnedCertificates(graph, ownTypes, certificates)],
  };
}
