import type * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { PrivateKey } from "@pulumi/tls/privateKey";

import type { CertificateEpoch } from "../../model/certificate-epoch";
import type { ZoneRegister } from "../zone-facts";

import type { CertificateHolder } from "./certificate-holder";

/** A key of a holder in one epoch, and the request by which a certificate is asked for it. */
export interface HolderKey {
  readonly holder: CertificateHolder;
  readonly epoch: CertificateEpoch;
  readonly key: PrivateKey;
  readonly request: CertRequest;
}

/** What every key of the platform's is: ECDSA on the curve P-256, which every party of TLS 1.3 knows (RFC 8446, 9.1). */
export const keyArgs = { algorithm: "ECDSA", ecdsaCurve: "P256" } as const;

/** The name of what belongs to a holder in one epoch. That of the next epoch is another resource, made before this one goes. */
export function epochName(
  platform: string,
  { id }: CertificateHolder,
  what: "key" | "request" | "certificate",
  { number }: CertificateEpoch,
): string {
  return `${platform}-${id}-${what}-${String(number)}`;
}

/** Makes a new key of a holder for each epoch, and a request for it, whoever is to answer that. */
export function holderKeys(
  platform: string,
  holder: CertificateHolder,
  epochs: readonly CertificateEpoch[],
  register: ZoneRegister,
  opts: pulumi.CustomResourceOptions,
): readonly HolderKey[] {
  const { id, zone, peer, spiffeId, dnsNames } = holder;
  return epochs.map((epoch) => {
    const key = register.add(
      zone,
      new PrivateKey(epochName(platform, holder, "key", epoch), keyArgs, opts),
      peer,
    );
    const request = register.add(
      zone,
      new CertRequest(
        epochName(platform, holder, "request", epoch),
        {
          privateKeyPem: key.privateKeyPem,
          subject: { organization: platform, commonName: id },
          uris: [spiffeId],
          ...(dnsNames.length === 0 ? {} : { dnsNames: [...dnsNames] }),
        },
        opts,
      ),
      peer,
    );
    return { holder, epoch, key, request };
  });
}
