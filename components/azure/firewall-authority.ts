import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";

import { livingIntermediates, rootOf, trustedRoots } from "../../model/certificate-epoch";
import { maximumIntermediateLifetimeHours, maximumRootLifetimeHours } from "../../model/certificate-policy";
import type { PlatformSpec } from "../../model/platform-spec";
import { keyArgs } from "../certificates/holder-keys";
import { joinedPem } from "../certificates/pem";
import type { ZoneRegister } from "../zone-facts";

import { passwordLessPfx } from "./password-less-pfx";

export interface FirewallAuthorityArgs {
  readonly spec: PlatformSpec;
  /** The time, of which it follows which authority signs. */
  readonly now: Date;
  readonly register: ZoneRegister;
}

/** The authority with which a firewall ends TLS. */
export interface FirewallAuthority {
  /** Which it is; the next has another number. */
  readonly number: number;
  /** Its certificate with its key, as Azure Firewall takes it. Secret. */
  readonly pfx: pulumi.Output<string>;
  /** The certificates, in PEM, by which what the firewall shows is verified: this authority's, and that of its root. */
  readonly trusted: pulumi.Output<string>;
}

/** What an authority is for. */
const authorityUses = ["cert_signing", "crl_signing"];

/** What Azure Firewall asks of its authority's key ("Azure Firewall Premium certificates"). */
const firewallKeyArgs = { algorithm: "RSA", rsaBits: 4096 } as const;

/** The same documentation wants the authority to let at least one other stand below it. */
const pathLength = 1;

interface Root {
  readonly key: PrivateKey;
  readonly certificate: SelfSignedCert;
}

/** A certificate and its key as Azure takes them. What cannot be read is left as it is: Azure refuses it, and nothing is passed. */
function asPfx(certificate: string, key: string): string {
  try {
    return passwordLessPfx(certificate, key);
  } catch {
    return certificate;
  }
}

/**
 * The authority of a firewall that looks into TLS: an intermediate one, and its root, both made for this alone. No workload is
 * known by them, and whoever held the firewall's key could not pass for one.
 *
 * It is another after 180 days, as the trust domain's own intermediate authorities are, and lives a year. The root of the
 * next one is trusted already.
 */
export function firewallAuthority(
  { spec, now, register }: FirewallAuthorityArgs,
  opts: pulumi.CustomResourceOptions,
): FirewallAuthority {
  const { certificates: policy, name } = spec;
  const inZone = <R extends pulumi.Resource>(resource: R): R => register.add("egress", resource);
  const subject = (what: string, number: number) => ({
    organization: name,
    commonName: `${name} firewall ${what} ${String(number)}`,
  });
  const root = (number: number): Root => {
    const prefix = `${name}-firewall-root-authority`;
    const key = inZone(new PrivateKey(`${prefix}-key-${String(number)}`, keyArgs, opts));
    const certificate = inZone(
      new SelfSignedCert(
        `${prefix}-${String(number)}`,
        {
          privateKeyPem: key.privateKeyPem,
          subject: subject("root", number),
          isCaCertificate: true,
          maxPathLength: pathLength + 1,
          validityPeriodHours: maximumRootLifetimeHours,
          allowedUses: authorityUses,
          setSubjectKeyId: true,
          setAuthorityKeyId: true,
        },
        opts,
      ),
    );
    return { key, certificate };
  };
  const numbers = livingIntermediates(policy, now);
  const roots = new Map(
    [...new Set([...trustedRoots(policy, now), ...numbers.map(rootOf)])].map((number) => [
      number,
      root(number),
    ]),
  );
  const intermediates = numbers.map((number) => {
    const signer = roots.get(rootOf(number));
    if (signer === undefined) {
      throw new Error(`no root signs authority ${String(number)} of the firewall`);
    }
    const prefix = `${name}-firewall-authority`;
    const key = inZone(new PrivateKey(`${prefix}-key-${String(number)}`, firewallKeyArgs, opts));
    const request = inZone(
      new CertRequest(
        `${prefix}-request-${String(number)}`,
        { privateKeyPem: key.privateKeyPem, subject: subject("authority", number) },
        opts,
      ),
    );
    const certificate = inZone(
      new LocallySignedCert(
        `${prefix}-${String(number)}`,
        {
          certRequestPem: request.certRequestPem,
          caPrivateKeyPem: signer.key.privateKeyPem,
          caCertPem: signer.certificate.certPem,
          isCaCertificate: true,
          maxPathLength: pathLength,
          validityPeriodHours: maximumIntermediateLifetimeHours,
          allowedUses: authorityUses,
          setSubjectKeyId: true,
        },
        opts,
      ),
    );
    return { number, key, certificate };
  });
  const [current] = intermediates;
  if (current === undefined) {
    throw new Error("no authority of the firewall lives");
  }
  const { number, key, certificate } = current;
  return {
    number,
    pfx: pulumi.secret(
      pulumi
        .all([certificate.certPem, key.privateKeyPemPkcs8])
        .apply(([known, secret]) => asPfx(known, secret)),
    ),
    trusted: joinedPem([
      ...intermediates.map((one) => one.certificate.certPem),
      ...[...roots.values()].map((one) => one.certificate.certPem),
    ]),
  };
}
