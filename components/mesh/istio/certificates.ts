import { edgeName } from "../../../model/discovery-name";
import type { IstioMesh } from "../../../model/mesh";
import type { PlatformSpec } from "../../../model/platform-spec";

import { accountsOf, identityOf, ingress, labelsOf, serviceName, type Account } from "./account";
import type { Manifest } from "./manifest";

/** The secret in which cert-manager keeps the certificate, the key and the authorities of an account. */
export function certificateSecret({ id }: Account): string {
  return `${id}-certificate`;
}

function certificate(spec: PlatformSpec, { issuer }: IstioMesh, account: Account): Manifest {
  const { lifetimeHours, renewBeforeHours } = spec.certificates;
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: account.id, namespace: account.zone, labels: labelsOf(account) },
    spec: {
      secretName: certificateSecret(account),
      duration: `${String(lifetimeHours)}h`,
      renewBefore: `${String(renewBeforeHours)}h`,
      privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
      usages: ["digital signature", "server auth", "client auth"],
      uris: [identityOf(spec.trustDomain, account)],
      dnsNames: [
        `${account.id}.${account.zone}.svc`,
        serviceName(account),
        ...(account === ingress ? [edgeName(spec.trustDomain)] : []),
      ],
      issuerRef: { name: issuer.name, kind: issuer.kind, group: issuer.group },
    },
  };
}

/** What cert-manager is to issue: a certificate for each account, whose key is renewed with it. */
export function certificates(spec: PlatformSpec, mesh: IstioMesh): readonly Manifest[] {
  return accountsOf(spec).map((account) => certificate(spec, mesh, account));
}
