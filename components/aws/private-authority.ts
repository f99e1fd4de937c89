import * as acmpca from "@pulumi/aws/acmpca";
import type * as pulumi from "@pulumi/pulumi";

import { sharedZone } from "../../model/tag";
import { CertificateAuthority, toldEpochs, type CertificateAuthorityArgs } from "../certificate-authority";
import { epochName } from "../certificates/holder-keys";
import { authoritiesAt, issueCertificates, numbered } from "../certificates/issue-certificates";
import type { IssuedCertificates } from "../issued-certificates";
import { zoneTags, ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";

export interface AwsPrivateAuthorityArgs extends CertificateAuthorityArgs {
  readonly names: PhysicalNames;
}

/** An authority of Private CA, and the certificate with which it signs once that is installed. */
interface Authority {
  readonly authority: acmpca.CertificateAuthority;
  readonly certificate: acmpca.Certificate;
  readonly installed: acmpca.CertificateAuthorityCertificate;
}

/** What Private CA makes of a request, whatever that asks for (Private CA user guide, "Certificate template definitions"). */
type Template = "RootCACertificate" | "SubordinateCACertificate_PathLen0" | "EndEntityCertificate";

const signingAlgorithm = "SHA256WITHECDSA";

/** Private CA gives every certificate an hour more, before it is issued; the bounds of authorities leave room for it. */
const authorityDays = { root: 3652, intermediate: 365 } as const;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * The authorities of the trust domain with AWS Private CA: their keys never leave it. Whoever deploys the stack asks it to
 * sign, for keys that are in the state of the stack.
 */
export class AwsPrivateAuthority extends CertificateAuthority {
  readonly issued: IssuedCertificates;
  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;
  readonly #args: AwsPrivateAuthorityArgs;

  constructor(name: string, args: AwsPrivateAuthorityArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    const policy = spec.certificates;
    super(
      CertificateAuthority.__pulumiType,
      name,
      { cloud: "aws", platform: spec.name, issuer: "managed" },
      opts,
    );
    this.#args = args;
    const { roots, intermediates } = authoritiesAt(
      args,
      (number, isIssuing) => this.#root(number, isIssuing),
      (number, root) => this.#intermediate(number, root),
    );
    const register = new ZoneRegister();
    this.issued = issueCertificates(args, {
      roots: [...roots.values()].map(({ installed, certificate }) => ({
        resource: installed,
        certificate: certificate.certificate,
      })),
      sign: ({ holder, epoch, request }) => {
        const issuer = numbered(intermediates, epoch.intermediate);
        const certificate = new acmpca.Certificate(
          epochName(spec.name, holder, "certificate", epoch),
          {
            certificateAuthorityArn: issuer.authority.arn,
            certificateSigningRequest: request.certRequestPem,
            signingAlgorithm,
            templateArn: this.#template("EndEntityCertificate"),
            // A day that follows from the epoch: what is issued late in it lives the shorter.
            validity: {
              type: "END_DATE",
              value: endOf(epoch.begins, policy.lifetimeHours).toISOString(),
            },
          },
          { parent: this, dependsOn: [issuer.installed] },
        );
        register.add(holder.zone, certificate, holder.peer);
        return { certificate: certificate.certificate, issuer: issuer.certificate.certificate };
      },
      register,
      opts: { parent: this },
    });
    this.zoneMembers = register.members();
    this.peerMembers = register.peerMembers();
    this.registerOutputs({
      trustBundle: this.issued.trustBundle,
      epochs: toldEpochs(args),
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  #template(name: Template): string {
    return `arn:${this.#args.names.partition}:acm-pca:::template/${name}/V1`;
  }

  #authority(
    name: string,
    type: "ROOT" | "SUBORDINATE",
    commonName: string,
    opts: pulumi.CustomResourceOptions,
  ): acmpca.CertificateAuthority {
    const { spec } = this.#args;
    return new acmpca.CertificateAuthority(
      name,
      {
        type,
        // Those for short-lived certificates issue for seven days at most, and stacks are deployed less often.
        usageMode: "GENERAL_PURPOSE",
        enabled: true,
        certificateAuthorityConfiguration: {
          keyAlgorithm: "EC_prime256v1",
          signingAlgorithm,
          subject: { organization: spec.name, commonName },
        },
        keyStorageSecurityStandard: "FIPS_140_2_LEVEL_3_OR_HIGHER",
        // Whoever verifies asks AWS whether a certificate was taken back; a list would be in a bucket that all may read.
        revocationConfiguration: { ocspConfiguration: { enabled: true } },
        permanentDeletionTimeInDays: 30,
        tags: zoneTags(spec.name, sharedZone),
      },
      opts,
    );
  }

  /** @param isIssuing whether it has signed what is issued now, or is to sign what is issued next. */
  #root(number: number, isIssuing: boolean): Authority {
    const { spec } = this.#args;
    const name = `${spec.name}-root-authority`;
    // With another root, or none, every certificate of the trust domain would be worth nothing at once.
    const opts = { parent: this, protect: isIssuing };
    const authority = this.#authority(
      `${name}-${String(number)}`,
      "ROOT",
      `${spec.name} root ${String(number)}`,
      opts,
    );
    const certificate = new acmpca.Certificate(
      `${name}-certificate-${String(number)}`,
      {
        certificateAuthorityArn: authority.arn,
        certificateSigningRequest: authority.certificateSigningRequest,
        signingAlgorithm,
        templateArn: this.#template("RootCACertificate"),
        validity: { type: "DAYS", value: String(authorityDays.root) },
      },
      opts,
    );
    const installed = new acmpca.CertificateAuthorityCertificate(
      `${name}-installed-${String(number)}`,
      { certificateAuthorityArn: authority.arn, certificate: certificate.certificate },
      opts,
    );
    return { authority, certificate, installed };
  }

  #intermediate(number: number, root: Authority): Authority {
    const { spec } = this.#args;
    const name = `${spec.name}-intermediate-authority`;
    const opts = { parent: this };
    const authority = this.#authority(
      `${name}-${String(number)}`,
      "SUBORDINATE",
      `${spec.name} intermediate ${String(number)}`,
      opts,
    );
    const certificate = new acmpca.Certificate(
      `${name}-certificate-${String(number)}`,
      {
        certificateAuthorityArn: root.authority.arn,
        certificateSigningRequest: authority.certificateSigningRequest,
        signingAlgorithm,
        templateArn: this.#template("SubordinateCACertificate_PathLen0"),
        validity: { type: "DAYS", value: String(authorityDays.intermediate) },
      },
      { ...opts, dependsOn: [root.installed] },
    );
    const installed = new acmpca.CertificateAuthorityCertificate(
      `${name}-installed-${String(number)}`,
      {
        certificateAuthorityArn: authority.arn,
        certificate: certificate.certificate,
        certificateChain: root.certificate.certificate,
      },
      opts,
    );
    return { authority, certificate, installed };
  }
}

/**
 * When a certificate ends whose epoch begins at a time: so many hours after midnight of that day, so that whoever knows the
 * day alone finds that it lives no longer.
 */
function endOf(begins: Date, lifetimeHours: number): Date {
  return new Date(Math.floor(begins.getTime() / dayMs) * dayMs + lifetimeHours * hourMs);
}
