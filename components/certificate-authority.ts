import * as pulumi from "@pulumi/pulumi";

import { livingEpochs } from "../model/certificate-epoch";
import type { PlatformSpec } from "../model/platform-spec";

import type { CertificateHolder } from "./certificates/certificate-holder";
import type { IssuedCertificates } from "./issued-certificates";
import type { PeerMembers, ZoneMembers } from "./zone-facts";

export interface CertificateAuthorityArgs {
  readonly spec: PlatformSpec;
  /** The time, of which it follows which epochs live. */
  readonly now: Date;
  /** Whose certificates are issued. */
  readonly holders: readonly CertificateHolder[];
}

/** A living epoch as an authority tells it: plain values, so that reports can say in a preview what is renewed when. */
export interface ToldEpoch {
  readonly number: number;
  readonly begins: string;
  readonly ends: string;
}

/** The living epochs, the current one first. */
export function toldEpochs({
  spec,
  now,
}: Pick<CertificateAuthorityArgs, "spec" | "now">): readonly ToldEpoch[] {
  return livingEpochs(spec.certificates, now).map(({ number, begins, ends }) => ({
    number,
    begins: begins.toISOString(),
    ends: ends.toISOString(),
  }));
}

/**
 * The authorities of the trust domain, a root and an intermediate one, and the certificates that they issue: for each holder
 * one of the current epoch and one of the epoch before, each with a key of its own.
 */
export abstract class CertificateAuthority extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:identity:CertificateAuthority";

  abstract readonly issued: IssuedCertificates;
  abstract readonly zoneMembers: ZoneMembers;
  /** No tag can be put on a key or a certificate. */
  abstract readonly peerMembers: PeerMembers;
}
