import * as pulumi from "@pulumi/pulumi";

import { livingEpochs, livingIntermediates, rootOf, trustedRoots } from "../../model/certificate-epoch";
import type { WorkloadCredential } from "../../model/workload-credential";
import type { CertificateAuthorityArgs } from "../certificate-authority";
import type { IssuedCertificate, IssuedCertificates } from "../issued-certificates";
import type { ZoneRegister } from "../zone-facts";

import type { CertificateHolder } from "./certificate-holder";
import { holderKeys, type HolderKey } from "./holder-keys";
import { closedPem, joinedPem } from "./pem";

/** A root authority with its certificate. */
export interface Root {
  readonly resource: pulumi.Resource;
  /** In PEM. */
  readonly certificate: pulumi.Output<string>;
}

/** What an authority answers a request by. */
export interface Answer {
  /** The certificate, in PEM. */
  readonly certificate: pulumi.Output<string>;
  /** That of the intermediate authority that signed it, in PEM. */
  readonly issuer: pulumi.Output<string>;
}

/** Who signs, and for whom keys are registered. */
export interface Signing {
  /** The trusted roots, the newest first. */
  readonly roots: readonly Root[];
  readonly sign: (asked: HolderKey) => Answer;
  readonly register: ZoneRegister;
  /** The options of the keys and requests. */
  readonly opts: pulumi.CustomResourceOptions;
}

/** What the secret of a workload says: what its agent reads, and nothing of another's. */
function credentialText(
  { spiffeId }: CertificateHolder,
  trustBundle: pulumi.Output<string>,
  issued: readonly IssuedCertificate[],
): pulumi.Output<string> {
  const certificates = pulumi.all(
    issued.map(({ epoch, chain, privateKey }) =>
      pulumi
        .all([chain, privateKey])
        .apply(([certificateChain, key]) => ({ epoch, certificateChain, privateKey: key })),
    ),
  );
  const text = pulumi
    .all([trustBundle, certificates])
    .apply(([bundle, known]) =>
      JSON.stringify({ spiffeId, trustBundle: bundle, certificates: known } satisfies WorkloadCredential),
    );
  return pulumi.secret(text);
}

/** Makes a key and a request for each holder in each living epoch, and has an authority answer them. */
export function issueCertificates(
  { spec, now, holders }: CertificateAuthorityArgs,
  { roots, sign, register, opts }: Signing,
): IssuedCertificates {
  const epochs = livingEpochs(spec.certificates, now);
  const certificates = new Map(
    holders.map((holder) => [
      holder.id,
      holderKeys(spec.name, holder, epochs, register, opts).map((asked): IssuedCertificate => {
        const { certificate, issuer } = sign(asked);
        return {
          epoch: asked.epoch.number,
          chain: joinedPem([certificate, issuer]),
          privateKey: pulumi.secret(asked.key.privateKeyPemPkcs8.apply(closedPem)),
        };
      }),
    ]),
  );
  const rootCertificates = roots.map(({ certificate }) => certificate.apply(closedPem));
  const trustBundle = joinedPem(rootCertificates);
  const credentials = holders
    .filter(({ peer }) => peer.kind === "workload")
    .map((holder): [string, pulumi.Output<string>] => [
      holder.id,
      credentialText(holder, trustBundle, certificates.get(holder.id) ?? []),
    ]);
  return {
    trustBundle,
    roots: roots.map(({ resource }) => resource),
    rootCertificates,
    certificates,
    credentials: new Map(credentials),
  };
}

/** The authorities of a platform at one time, by their numbers. */
export interface Authorities<Root, Intermediate> {
  readonly roots: ReadonlyMap<number, Root>;
  readonly intermediates: ReadonlyMap<number, Intermediate>;
}

/**
 * Makes the authorities that issue now, or whose certificates are trusted still or already.
 *
 * @param makeRoot its `isIssuing` says whether the root has signed what is issued now, or is to sign what is issued next.
 * @param makeIntermediate is given the number of the root that signs it, and the root itself.
 */
export function authoritiesAt<Root, Intermediate>(
  { spec, now }: Pick<CertificateAuthorityArgs, "spec" | "now">,
  makeRoot: (number: number, isIssuing: boolean) => Root,
  makeIntermediate: (number: number, root: Root) => Intermediate,
): Authorities<Root, Intermediate> {
  const policy = spec.certificates;
  const [{ root: current }] = livingEpochs(policy, now);
  const roots = new Map(
    trustedRoots(policy, now).map((number) => [number, makeRoot(number, number >= current)]),
  );
  const intermediates = new Map(
    livingIntermediates(policy, now).map((number) => [
      number,
      makeIntermediate(number, numbered(roots, rootOf(number))),
    ]),
  );
  return { roots, intermediates };
}

/** What is kept under a number. @throws Error if nothing is: which are there follows from the same epochs. */
export function numbered<T>(kept: ReadonlyMap<number, T>, number: number): T {
  const found = kept.get(number);
  if (found === undefined) {
    throw new Error(`authority ${String(number)} is not there`);
  }
  return found;
}
