import type * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert";
import { PrivateKey } from "@pulumi/tls/privateKey";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert";

import { maximumIntermediateLifetimeHours, maximumRootLifetimeHours } from "../../model/certificate-policy";
import { CertificateAuthority, toldEpochs, type CertificateAuthorityArgs } from "../certificate-authority";
import type { IssuedCertificates } from "../issued-certificates";
import { ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import { epochName, keyArgs } from "./holder-keys";
import { authoritiesAt, issueCertificates, numbered } from "./issue-certificates";

/** An authority with its key. */
interface Authority<Certificate> {
  readonly key: PrivateKey;
  readonly certificate: Certificate;
}

/** What authorities' certificates are for. */
const authorityUses = ["cert_signing", "crl_signing"];

/** What other certificates are for: they serve both ends of a connection, and sign no other. */
const holderUses = ["digital_signature", "server_auth", "client_auth"];

/**
 * The authorities of the trust domain as part of the stack: their keys are in its state, as secrets, and whoever deploys it
 * signs.
 */
export class BuiltInAuthority extends CertificateAuthority {
  readonly issued: IssuedCertificates;
  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;
  readonly #args: CertificateAuthorityArgs;

  constructor(name: string, args: CertificateAuthorityArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    const policy = spec.certificates;
    super(CertificateAuthority.__pulumiType, name, { platform: spec.name, issuer: "built-in" }, opts);
    this.#args = args;
    const { roots, intermediates } = authoritiesAt(
      args,
      (number, isIssuing) => this.#root(number, isIssuing),
      (number, root) => this.#intermediate(number, root),
    );
    const register = new ZoneRegister();
    this.issued = issueCertificates(args, {
      roots: [...roots.values()].map(({ certificate }) => ({
        resource: certificate,
        certificate: certificate.certPem,
      })),
      sign: ({ holder, epoch, request }) => {
        const { key, certificate: issuer } = numbered(intermediates, epoch.intermediate);
        const certificate = new LocallySignedCert(
          epochName(spec.name, holder, "certificate", epoch),
          {
            certRequestPem: request.certRequestPem,
            caPrivateKeyPem: key.privateKeyPem,
            caCertPem: issuer.certPem,
            validityPeriodHours: policy.lifetimeHours,
            earlyRenewalHours: policy.renewBeforeHours,
            allowedUses: holderUses,
            setSubjectKeyId: true,
          },
          { parent: this },
        );
        register.add(holder.zone, certificate, holder.peer);
        return { certificate: certificate.certPem, issuer: issuer.certPem };
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

  /** @param isIssuing whether it has signed what is issued now, or is to sign what is issued next. */
  #root(number: number, isIssuing: boolean): Authority<SelfSignedCert> {
    const { spec } = this.#args;
    const name = `${spec.name}-root-authority`;
    // With another root, or none, every certificate of the trust domain would be worth nothing at once.
    const opts = { parent: this, protect: isIssuing };
    const key = new PrivateKey(`${name}-key-${String(number)}`, keyArgs, opts);
    const certificate = new SelfSignedCert(
      `${name}-${String(number)}`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { organization: spec.name, commonName: `${spec.name} root ${String(number)}` },
        // What signs SVIDs has the identity of the trust domain itself (X509-SVID standard, 3.1).
        uris: [`spiffe://${spec.trustDomain}`],
        isCaCertificate: true,
        maxPathLength: 1,
        validityPeriodHours: maximumRootLifetimeHours,
        allowedUses: authorityUses,
        setSubjectKeyId: true,
        setAuthorityKeyId: true,
      },
      opts,
    );
    return { key, certificate };
  }

  #intermediate(number: number, root: Authority<SelfSignedCert>): Authority<LocallySignedCert> {
    const { spec } = this.#args;
    const name = `${spec.name}-intermediate-authority`;
    const opts = { parent: this };
    const key = new PrivateKey(`${name}-key-${String(number)}`, keyArgs, opts);
    const request = new CertRequest(
      `${name}-request-${String(number)}`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { organization: spec.name, commonName: `${spec.name} intermediate ${String(number)}` },
        uris: [`spiffe://${spec.trustDomain}`],
      },
      opts,
    );
    const certificate = new LocallySignedCert(
      `${name}-${String(number)}`,
      {
        certRequestPem: request.certRequestPem,
        caPrivateKeyPem: root.key.privateKeyPem,
        caCertPem: root.certificate.certPem,
        isCaCertificate: true,
        maxPathLength: 0,
        validityPeriodHours: maximumIntermediateLifetimeHours,
        allowedUses: authorityUses,
        setSubjectKeyId: true,
      },
      opts,
    );
    return { key, certificate };
  }
}
