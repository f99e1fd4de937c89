import * as certificateauthority from "@pulumi/gcp/certificateauthority";
import type * as pulumi from "@pulumi/pulumi";

import { rootOf } from "../../model/certificate-epoch";
import { sharedZone } from "../../model/tag";
import { CertificateAuthority, toldEpochs, type CertificateAuthorityArgs } from "../certificate-authority";
import { epochName } from "../certificates/holder-keys";
import { authoritiesAt, issueCertificates, numbered } from "../certificates/issue-certificates";
import type { IssuedCertificates } from "../issued-certificates";
import { peerTagsOf, zoneTags, ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import { ownCertificateOf } from "./own-certificate";
import type { PhysicalNames } from "./physical-names";

export interface GcpPrivateAuthorityArgs extends CertificateAuthorityArgs {
  readonly names: PhysicalNames;
  /** What must stand before an authority is made: the project's services, and the perimeter. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The pools of authorities: those whose certificates are trusted, and those that issue for workloads. */
type Pool = "root" | "workload";

/** A duration as Google's API writes one. */
function seconds(hours: number): string {
  return `${String(hours * 3600)}s`;
}

/** How long authorities' certificates live: ten years less two days, and a year. */
const authorityLifetime = { root: seconds(10 * 365 * 24), intermediate: seconds(365 * 24) } as const;

/** What authorities' keys are, and how they sign. */
const keySpec = { algorithm: "EC_P256_SHA256" } as const;

/** What an authority's own certificate is for. */
const authorityUsage = { baseKeyUsage: { certSign: true, crlSign: true }, extendedKeyUsage: {} } as const;

/**
 * The authorities of the trust domain with Certificate Authority Service: their keys never leave it. Whoever deploys the
 * stack asks it to sign, for keys that are in the state of the stack, and the pool's policy says what it signs at all.
 */
export class GcpPrivateAuthority extends CertificateAuthority {
  readonly issued: IssuedCertificates;
  readonly zoneMembers: ZoneMembers;
  readonly peerMembers: PeerMembers;
  readonly #args: GcpPrivateAuthorityArgs;

  constructor(name: string, args: GcpPrivateAuthorityArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    const policy = spec.certificates;
    super(
      CertificateAuthority.__pulumiType,
      name,
      { cloud: "gcp", platform: spec.name, issuer: "managed" },
      opts,
    );
    this.#args = args;
    const pools = { root: this.#rootPool(), workload: this.#workloadPool() };
    const { roots, intermediates } = authoritiesAt(
      args,
      (number, isIssuing) => this.#root(number, pools.root, isIssuing),
      (number, root) => this.#intermediate(number, pools.workload, rootOf(number), root),
    );
    const register = new ZoneRegister();
    this.issued = issueCertificates(args, {
      roots: [...roots.values()].map((authority) => ({
        resource: authority,
        certificate: ownCertificateOf(authority),
      })),
      sign: ({ holder, epoch, request }) => {
        const issuer = numbered(intermediates, epoch.intermediate);
        const certificate = new certificateauthority.Certificate(
          epochName(spec.name, holder, "certificate", epoch),
          {
            name: names.owned(`${holder.id}-${String(epoch.number)}`),
            project: names.project("processing"),
            location: names.region,
            pool: this.#pool("workload"),
            certificateAuthority: this.#authorityId("workload", epoch.intermediate),
            pemCsr: request.certRequestPem,
            lifetime: seconds(policy.lifetimeHours),
            labels: peerTagsOf(spec.name, holder.zone, holder.peer),
          },
          { parent: this, dependsOn: [issuer] },
        );
        register.add(holder.zone, certificate, holder.peer);
        return { certificate: certificate.pemCertificate, issuer: ownCertificateOf(issuer) };
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

  #pool(pool: Pool): string {
    return this.#args.names.owned(`${pool}-authorities`);
  }

  /** The id of an authority within its pool, which no other ever has again. */
  #authorityId(pool: Pool, number: number): string {
    return this.#args.names.owned(`${pool}-authority-${String(number)}`);
  }

  /** The pool of the roots, which signs authorities alone. */
  #rootPool(): certificateauthority.CaPool {
    const { spec, names, dependsOn } = this.#args;
    return new certificateauthority.CaPool(
      `${spec.name}-root-authorities`,
      {
        name: this.#pool("root"),
        project: names.project("processing"),
        location: names.region,
        tier: "ENTERPRISE",
        issuancePolicy: {
          allowedKeyTypes: [{ ellipticCurve: { signatureAlgorithm: "ECDSA_P256" } }],
          allowedIssuanceModes: { allowCsrBasedIssuance: true, allowConfigBasedIssuance: false },
          maximumLifetime: authorityLifetime.intermediate,
          identityConstraints: {
            allowSubjectPassthrough: true,
            allowSubjectAltNamesPassthrough: false,
          },
          baselineValues: {
            // What it signs issues for workloads, and makes no further authority.
            caOptions: { isCa: true, zeroMaxIssuerPathLength: true },
            keyUsage: authorityUsage,
          },
        },
        publishingOptions: { publishCaCert: true, publishCrl: true, encodingFormat: "PEM" },
        labels: zoneTags(spec.name, sharedZone),
      },
      { parent: this, protect: true, dependsOn: [...dependsOn] },
    );
  }

  /** The pool of the authorities that issue for workloads, and for nobody else, and nothing that lives longer. */
  #workloadPool(): certificateauthority.CaPool {
    const { spec, names, dependsOn } = this.#args;
    return new certificateauthority.CaPool(
      `${spec.name}-workload-authorities`,
      {
        name: this.#pool("workload"),
        project: names.project("processing"),
        location: names.region,
        tier: "ENTERPRISE",
        issuancePolicy: {
          allowedKeyTypes: [{ ellipticCurve: { signatureAlgorithm: "ECDSA_P256" } }],
          allowedIssuanceModes: { allowCsrBasedIssuance: true, allowConfigBasedIssuance: false },
          maximumLifetime: seconds(spec.certificates.lifetimeHours),
          identityConstraints: {
            allowSubjectPassthrough: true,
            allowSubjectAltNamesPassthrough: true,
            celExpression: {
              title: "names of the trust domain",
              expression: [
                "subject_alt_names.all(san,",
                `(san.type == URI && san.value.startsWith("spiffe://${spec.trustDomain}/zone/"))`,
                `|| (san.type == DNS && san.value.endsWith(".${spec.trustDomain}")))`,
              ].join(" "),
            },
          },
          baselineValues: {
            caOptions: { isCa: false, nonCa: true },
            keyUsage: {
              baseKeyUsage: { digitalSignature: true },
              extendedKeyUsage: { serverAuth: true, clientAuth: true },
            },
          },
        },
        publishingOptions: { publishCaCert: true, publishCrl: true, encodingFormat: "PEM" },
        labels: zoneTags(spec.name, sharedZone),
      },
      { parent: this, protect: true, dependsOn: [...dependsOn] },
    );
  }

  /** @param isIssuing whether it has signed what is issued now, or is to sign what is issued next. */
  #root(
    number: number,
    pool: certificateauthority.CaPool,
    isIssuing: boolean,
  ): certificateauthority.Authority {
    const { spec, names } = this.#args;
    return new certificateauthority.Authority(
      `${spec.name}-root-authority-${String(number)}`,
      {
        certificateAuthorityId: this.#authorityId("root", number),
        project: names.project("processing"),
        location: names.region,
        pool: this.#pool("root"),
        type: "SELF_SIGNED",
        lifetime: authorityLifetime.root,
        keySpec,
        config: {
          subjectConfig: {
            subject: { organization: spec.name, commonName: `${spec.name} root ${String(number)}` },
          },
          x509Config: { caOptions: { isCa: true, maxIssuerPathLength: 1 }, keyUsage: authorityUsage },
        },
        desiredState: "ENABLED",
        deletionProtection: isIssuing,
        skipGracePeriod: false,
        ignoreActiveCertificatesOnDeletion: false,
        labels: zoneTags(spec.name, sharedZone),
      },
      // With another root, or none, every certificate of the trust domain would be worth nothing at once.
      { parent: this, protect: isIssuing, dependsOn: [pool] },
    );
  }

  #intermediate(
    number: number,
    pool: certificateauthority.CaPool,
    rootNumber: number,
    root: certificateauthority.Authority,
  ): certificateauthority.Authority {
    const { spec, names } = this.#args;
    const parent = [
      `projects/${names.project("processing")}/locations/${names.region}`,
      `caPools/${this.#pool("root")}/certificateAuthorities/${this.#authorityId("root", rootNumber)}`,
    ].join("/");
    return new certificateauthority.Authority(
      `${spec.name}-intermediate-authority-${String(number)}`,
      {
        certificateAuthorityId: this.#authorityId("workload", number),
        project: names.project("processing"),
        location: names.region,
        pool: this.#pool("workload"),
        type: "SUBORDINATE",
        subordinateConfig: { certificateAuthority: parent },
        lifetime: authorityLifetime.intermediate,
        keySpec,
        config: {
          subjectConfig: {
            subject: { organization: spec.name, commonName: `${spec.name} intermediate ${String(number)}` },
          },
          x509Config: {
            caOptions: { isCa: true, zeroMaxIssuerPathLength: true },
            keyUsage: authorityUsage,
          },
        },
        desiredState: "ENABLED",
        // Another takes its place twice a year; until it is gone for good there are thirty days.
        deletionProtection: false,
        skipGracePeriod: false,
        ignoreActiveCertificatesOnDeletion: false,
        labels: zoneTags(spec.name, sharedZone),
      },
      { parent: this, dependsOn: [pool, root] },
    );
  }
}
