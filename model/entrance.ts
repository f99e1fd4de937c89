import { z } from "zod";

import type { CloudKind, CloudTarget } from "./cloud-target";
import type { Edge, EdgeClient } from "./edge";
import type { Finding } from "./finding";
import { shapeFindings } from "./invariants/shape";
import type { Mesh } from "./mesh";
import { PlatformError } from "./platform-error";

/** How clinicians sign in: the hospital's identity provider (OpenID Connect Core 1.0). */
export interface ClinicianSignIn {
  /** Its issuer identifier: an address that begins with https://, as the others do. */
  readonly issuer: string;
  /** Where browsers are sent to sign in. */
  readonly authorizationEndpoint: string;
  /** Where the load balancer asks for tokens. */
  readonly tokenEndpoint: string;
  /** Where the load balancer asks who signed in. */
  readonly userInfoEndpoint: string;
  /** The load balancer's id with the provider. */
  readonly clientId: string;
}

/** Whose certificates machine clients present. */
export interface MachineAuthorities {
  /** Certificates of the authorities, in PEM. */
  readonly certificates: string;
  /**
   * Their list of revoked certificates (RFC 5280 §5), in PEM; `undefined` where they keep none, on Azure, whose load
   * balancer asks the authorities themselves (RFC 6960), and on Google Cloud, whose load balancer knows no revocation.
   */
  readonly revocations: string | undefined;
  /**
   * The hosts of the responders that Azure's load balancer asks: the platform's network answers their names, and no other
   * of the Internet's. None on AWS and Google Cloud, whose load balancers ask nobody.
   */
  readonly responders: readonly string[];
}

/** What the entrance needs that exists outside of the platform. A load balancer that passes TCP through needs nothing. */
export type Entrance =
  | {
      readonly mode: "l4-passthrough";
      /** Whose certificates the proxies of the workloads behind it ask clients for. */
      readonly machine: MachineAuthorities;
    }
  | {
      readonly mode: "l7-terminate";
      /** The cloud's id of the certificate that the load balancer presents. */
      readonly certificateId: string;
      /** There exactly if the platform admits machine clients. */
      readonly machine: MachineAuthorities | undefined;
      /** There exactly if the platform admits clinicians. */
      readonly clinician: ClinicianSignIn | undefined;
      /**
       * Certificates, in PEM, of the authorities whose certificates the workloads behind the load balancer present. There
       * exactly on Azure and Google Cloud, whose load balancers verify them, and if the platform does not issue them itself.
       */
      readonly workloadAuthorities: string | undefined;
      /**
       * The cloud's id of the certificate that the load balancer presents to those workloads. There exactly on Google Cloud,
       * whose load balancer does, and if the platform does not issue it itself.
       */
      readonly clientCertificateId: string | undefined;
    };

/** The name of a host that others are found by (RFC 1123 §2.1), which is neither an address nor a pattern. */
const respondersSchema = z
  .array(
    z
      .string()
      .regex(
        /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
        "is not the name of a host in lower case, such as ocsp.hospital.example",
      ),
  )
  .min(1, "names no host");

const endpoint = z.url({ protocol: /^https$/, error: "is not an address that begins with https://" });

/** The shape of {@link ClinicianSignIn}, as the stack's configuration says it. */
export const clinicianSignInSchema = z.strictObject({
  issuer: endpoint,
  authorizationEndpoint: endpoint,
  tokenEndpoint: endpoint,
  userInfoEndpoint: endpoint,
  clientId: z.string().min(1),
});

/** What a file holds that the configuration names, or why it cannot be read. */
export type FileText = { readonly text: string } | { readonly unreadable: string };

/** What the stack's configuration says of the entrance, as it stands there. */
export interface EntranceConfiguration {
  readonly certificateId: string | undefined;
  readonly machineAuthorities: FileText | undefined;
  readonly machineRevocations: FileText | undefined;
  readonly machineResponders?: unknown;
  readonly workloadAuthorities?: FileText | undefined;
  readonly clientCertificateId?: string | undefined;
  readonly clinicianSignIn: unknown;
  readonly hasClinicianClientSecret: boolean;
}

/**
 * The clouds whose load balancer takes clinicians through the sign-in. Elsewhere they come with a token of the hospital's
 * identity provider, and `ai-gateway` verifies it.
 */
const signsClinicians: Readonly<Record<CloudKind, boolean>> = { aws: true, azure: false, gcp: false };

/** The clouds whose load balancer asks the authorities of machine clients whether a certificate is revoked (RFC 6960). */
const asksResponders: Readonly<Record<CloudKind, boolean>> = { aws: false, azure: true, gcp: false };

/** The clouds whose load balancer reads lists of revoked certificates (RFC 5280 §5). */
const readsRevocations: Readonly<Record<CloudKind, boolean>> = { aws: true, azure: false, gcp: false };

/** The clouds whose load balancer presents a certificate of its own to the workloads behind it. */
const presentsToWorkloads: Readonly<Record<CloudKind, boolean>> = { aws: false, azure: false, gcp: true };

/** The clouds whose load balancer verifies the certificates of the workloads behind it. */
const verifiesWorkloads: Readonly<Record<CloudKind, boolean>> = { aws: false, azure: true, gcp: true };

/** The invariant that the entrance of a platform holds to, which {@link entrance} checks. */
export const entranceInvariant = {
  id: "BH-036",
  title: "The load balancer has all that its mode needs.",
  because:
    "A certificate, the authorities of machine clients and the clinicians' identity provider exist outside of the platform; without one of them the entrance would admit nobody, or somebody unverified.",
} as const;

function holdsOnly(pem: string, label: string): boolean {
  const labels = [...pem.matchAll(/^-----BEGIN ([A-Z0-9 ]+)-----$/gm)].map(([, found]) => found);
  return labels.length > 0 && labels.every((found) => found === label);
}

/** What is said of settings that would name other certificates than those that the platform issues. */
const issuedByPlatform = {
  message: "The platform issues the certificates of what it runs itself, and trusts no other there.",
  remedy: "Leave it out.",
} as const;

/** What the id of a certificate looks like on a cloud, in the platform's own account. */
function certificateForm(target: CloudTarget): {
  readonly pattern: RegExp;
  readonly what: string;
  readonly remedy: string;
} {
  switch (target.kind) {
    case "aws": {
      const { accountId, region } = target;
      return {
        pattern: new RegExp(`^arn:aws(?:-us-gov)?:acm:${region}:${accountId}:certificate/[0-9a-f-]{36}$`),
        what: "the ARN of a certificate of ACM in the platform's account and region",
        remedy: `Write arn:aws:acm:${region}:${accountId}:certificate/ and the certificate's id.`,
      };
    }
    case "azure": {
      const { subscriptionId } = target;
      return {
        pattern: new RegExp(
          `^/subscriptions/${subscriptionId}/resourceGroups/[^/]+/providers/Microsoft\\.KeyVault/vaults/[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]/secrets/[a-zA-Z0-9-]{1,127}$`,
          "i",
        ),
        what: "the id, without a version, of a certificate's secret in a Key Vault of the platform's subscription",
        remedy: `Write /subscriptions/${subscriptionId}/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<vault>/secrets/<certificate>.`,
      };
    }
    case "gcp": {
      const { id } = target.projects.gateway;
      return {
        pattern: new RegExp(`^projects/${id}/locations/global/certificates/[a-z][a-z0-9-]{0,61}[a-z0-9]$`),
        what: "the name of a certificate of Certificate Manager, of location global, in the gateway zone's project",
        remedy: `Write projects/${id}/locations/global/certificates/<certificate>.`,
      };
    }
  }
}

/**
 * Checks that the load balancer's certificates are ones that the cloud can give it.
 *
 * @param certificateId what the configuration says; that there is none is for {@link entrance} to find.
 * @param clientCertificateId likewise the one that it presents to the workloads behind it.
 * @throws PlatformError unless each is a certificate of ACM in the platform's account and region, of a Key Vault of its
 * subscription, named without a version, which is never renewed, or of Certificate Manager in the gateway zone's project.
 */
export function assertEdgeCertificate(
  target: CloudTarget,
  certificateId: string | undefined,
  clientCertificateId?: string,
): void {
  const { pattern, what, remedy } = certificateForm(target);
  const said = [
    ["bulkhead:edgeCertificate", certificateId],
    ["bulkhead:edgeClientCertificate", clientCertificateId],
  ] as const;
  const found = said.flatMap(([path, text]): readonly Finding[] =>
    text === undefined || pattern.test(text)
      ? []
      : [{ id: entranceInvariant.id, path, message: `\`${text}\` is not ${what}.`, remedy }],
  );
  if (found.length > 0) {
    throw new PlatformError("The entrance of the platform", found);
  }
}

/** What is wrong with a configuration, as it is found. */
class Findings {
  readonly all: Finding[] = [];

  add(path: string, message: string, remedy: string): void {
    this.all.push({ id: entranceInvariant.id, path, message, remedy });
  }

  /** Finds what keeps a file from being blocks of PEM of one kind. */
  addPemProblem(path: string, file: FileText, label: string, remedy: string): void {
    if ("unreadable" in file) {
      this.add(
        path,
        `Cannot be read: ${file.unreadable}.`,
        "Name the file relative to the folder of Pulumi.yaml.",
      );
    } else if (!holdsOnly(file.text, label)) {
      this.add(path, `The file holds something else than blocks of \`${label}\`, or none.`, remedy);
    }
  }

  addProblemOfAuthorities(file: FileText | undefined): void {
    if (file === undefined) {
      this.add(
        "bulkhead:machineAuthorities",
        "Nothing says whose certificates machine clients present.",
        "Set it to a file of the authorities' certificates in PEM, relative to Pulumi.yaml.",
      );
    } else {
      this.addPemProblem(
        "bulkhead:machineAuthorities",
        file,
        "CERTIFICATE",
        "Leave in it the authorities' certificates in PEM, and no key.",
      );
    }
  }

  addProblemOfRevocations(file: FileText): void {
    this.addPemProblem(
      "bulkhead:machineRevocations",
      file,
      "X509 CRL",
      "Leave in it lists of revoked certificates in PEM, and nothing else.",
    );
  }
}

function textOf(file: FileText | undefined): string | undefined {
  return file !== undefined && "text" in file ? file.text : undefined;
}

/** What the proxies behind a load balancer that passes TCP through need to know of their clients. */
function passthrough({ machineAuthorities, machineRevocations }: EntranceConfiguration): Entrance {
  const findings = new Findings();
  findings.addProblemOfAuthorities(machineAuthorities);
  if (machineRevocations !== undefined) {
    findings.addProblemOfRevocations(machineRevocations);
  }
  const certificates = textOf(machineAuthorities);
  if (findings.all.length > 0 || certificates === undefined) {
    throw new PlatformError("The entrance of the platform", findings.all);
  }
  return {
    mode: "l4-passthrough",
    machine: { certificates, revocations: textOf(machineRevocations), responders: [] },
  };
}

/**
 * Reads what the entrance of a platform needs on a cloud.
 *
 * @param mesh what stands before the workloads: with Envoy the platform runs them itself, and issues the certificates by
 * which they and the load balancer know each other.
 * @throws PlatformError listing everything that is missing or malformed.
 */
export function entrance(
  edge: Edge,
  mesh: Mesh["kind"],
  cloud: CloudKind,
  configuration: EntranceConfiguration,
): Entrance {
  const issues = mesh === "envoy";
  if (edge.mode === "l4-passthrough") {
    return passthrough(configuration);
  }
  const findings = new Findings();
  const missing = findings.add.bind(findings);
  const admits = (client: EdgeClient): boolean => edge.clients.includes(client);
  const { certificateId, machineAuthorities, machineRevocations, machineResponders } = configuration;
  const { workloadAuthorities, clientCertificateId, clinicianSignIn, hasClinicianClientSecret } =
    configuration;
  const responders = respondersSchema.safeParse(machineResponders, { reportInput: true });

  if (certificateId === undefined) {
    missing(
      "bulkhead:edgeCertificate",
      "The load balancer has no certificate to present.",
      "Set it to the cloud's id of a certificate for the name under which clients call the platform.",
    );
  }
  if (workloadAuthorities !== undefined && verifiesWorkloads[cloud] && issues) {
    missing("bulkhead:workloadAuthorities", issuedByPlatform.message, issuedByPlatform.remedy);
  } else if (workloadAuthorities !== undefined && !verifiesWorkloads[cloud]) {
    missing(
      "bulkhead:workloadAuthorities",
      `No load balancer of ${cloud} verifies the workloads behind it, so nothing would use the certificates.`,
      "Leave it out.",
    );
  } else if (workloadAuthorities !== undefined) {
    findings.addPemProblem(
      "bulkhead:workloadAuthorities",
      workloadAuthorities,
      "CERTIFICATE",
      "Leave in it the authorities' certificates in PEM, and no key.",
    );
  } else if (verifiesWorkloads[cloud] && !issues) {
    missing(
      "bulkhead:workloadAuthorities",
      "Nothing says whose certificates the workloads behind the load balancer present, so it would take those of any authority that everybody knows.",
      "Set it to a file of the authorities' certificates in PEM, relative to Pulumi.yaml.",
    );
  }
  if (admits("machine")) {
    findings.addProblemOfAuthorities(machineAuthorities);
    if (machineRevocations !== undefined && !readsRevocations[cloud]) {
      missing(
        "bulkhead:machineRevocations",
        `No load balancer of ${cloud} reads a list of revoked certificates.`,
        asksResponders[cloud]
          ? "Leave it out: the authorities themselves are asked (OCSP). Name their hosts as bulkhead:machineResponders."
          : "Leave it out, and let the authorities issue certificates that are soon over: nothing takes one back before.",
      );
    } else if (machineRevocations !== undefined) {
      findings.addProblemOfRevocations(machineRevocations);
    }
  }
  if (admits("machine") && asksResponders[cloud]) {
    if (machineResponders === undefined) {
      missing(
        "bulkhead:machineResponders",
        "Nothing says where the load balancer asks whether a client's certificate is revoked, so it would admit no client.",
        "Set it to the names of the hosts that the authorities' certificates name for that (OCSP).",
      );
    } else if (!responders.success) {
      findings.all.push(
        ...shapeFindings(
          responders.error,
          entranceInvariant.id,
          (path) => `bulkhead:machineResponders${path}`,
        ),
      );
    }
  }
  if (machineResponders !== undefined && !asksResponders[cloud]) {
    missing(
      "bulkhead:machineResponders",
      `No load balancer of ${cloud} asks whether a certificate is revoked, so nothing would ask these hosts.`,
      readsRevocations[cloud]
        ? "Leave it out, and name a list of revoked certificates as bulkhead:machineRevocations."
        : "Leave it out, and let the authorities issue certificates that are soon over: nothing takes one back before.",
    );
  }
  if (clientCertificateId !== undefined && presentsToWorkloads[cloud] && issues) {
    missing("bulkhead:edgeClientCertificate", issuedByPlatform.message, issuedByPlatform.remedy);
  }
  if (clientCertificateId === undefined && presentsToWorkloads[cloud] && !issues) {
    missing(
      "bulkhead:edgeClientCertificate",
      "The load balancer has no certificate to present to the workloads behind it.",
      "Set it to the cloud's id of a certificate for clients, of an authority that the workloads trust.",
    );
  }
  if (clientCertificateId !== undefined && !presentsToWorkloads[cloud]) {
    missing(
      "bulkhead:edgeClientCertificate",
      `No load balancer of ${cloud} presents a certificate to the workloads behind it.`,
      "Leave it out.",
    );
  }
  const signIn = clinicianSignInSchema.safeParse(clinicianSignIn, { reportInput: true });
  if (admits("clinician")) {
    if (clinicianSignIn === undefined) {
      missing(
        "bulkhead:clinicianSignIn",
        "Nothing says where clinicians sign in.",
        "Set issuer, authorizationEndpoint, tokenEndpoint, userInfoEndpoint and clientId of the identity provider, or leave `clinician` out of edge.clients.",
      );
    } else if (!signIn.success) {
      findings.all.push(
        ...shapeFindings(signIn.error, entranceInvariant.id, (path) =>
          ["bulkhead:clinicianSignIn", path].filter((part) => part !== "").join("."),
        ),
      );
    }
    if (hasClinicianClientSecret && !signsClinicians[cloud]) {
      missing(
        "bulkhead:clinicianClientSecret",
        `No load balancer of ${cloud} signs clinicians in, so nothing would use the secret.`,
        "Leave it out: clinicians come with a token of the identity provider, which `ai-gateway` verifies.",
      );
    }
    if (!hasClinicianClientSecret && signsClinicians[cloud]) {
      missing(
        "bulkhead:clinicianClientSecret",
        "The load balancer has no secret with which to ask the identity provider for tokens.",
        "Set it with `pulumi config set --secret bulkhead:clinicianClientSecret`.",
      );
    }
  }
  if (findings.all.length > 0 || certificateId === undefined) {
    throw new PlatformError("The entrance of the platform", findings.all);
  }
  const certificates = textOf(machineAuthorities);
  return {
    mode: edge.mode,
    certificateId,
    machine:
      admits("machine") && certificates !== undefined
        ? { certificates, revocations: textOf(machineRevocations), responders: responders.data ?? [] }
        : undefined,
    clinician: admits("clinician") && signIn.success ? signIn.data : undefined,
    workloadAuthorities: textOf(workloadAuthorities),
    clientCertificateId,
  };
}
