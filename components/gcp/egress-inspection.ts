import * as certificateauthority from "@pulumi/gcp/certificateauthority";
import * as certificatemanager from "@pulumi/gcp/certificatemanager";
import * as networksecurity from "@pulumi/gcp/networksecurity";
import * as networkservices from "@pulumi/gcp/networkservices";
import * as projects from "@pulumi/gcp/projects";
import * as secretmanager from "@pulumi/gcp/secretmanager";
import type * as pulumi from "@pulumi/pulumi";

import { discoveryName } from "../../model/discovery-name";
import { providerHosts } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import { EgressInspection } from "../egress-inspection";
import type { EgressPlace } from "../mesh/pod";
import { peerTagsOf, zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { proxyAddress, proxyName } from "./egress-addresses";
import { egressSubnetIds } from "./egress-subnets";
import type { GcpEncryptionKeys } from "./encryption-keys";
import { ownCertificateOf } from "./own-certificate";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import type { GcpServiceAccounts } from "./service-accounts";
import { predefinedRoles } from "./service-grants";

export interface GcpEgressInspectionArgs {
  readonly spec: PlatformSpec;
  /** The one workload that may use the proxy. */
  readonly guard: Workload;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly serviceAccounts: GcpServiceAccounts;
  readonly encryptionKeys: GcpEncryptionKeys;
  /** What must stand before a proxy does: the network with its filters and names, the perimeter, and what keeps records. */
  readonly sealed: readonly pulumi.Resource[];
}

/** What the parts of the proxy are called after the platform's name. */
const called = {
  pool: "inspection-authorities",
  authority: "inspection-authority-1",
  certificate: "egress-proxy",
  inspection: "egress-inspection",
  policy: "egress-providers",
  hosts: "provider-hosts",
  rule: "providers",
  gateway: "egress-proxy",
} as const;

/** How long what the proxy makes for a connection may live: the thirty days of the longest certificate that is asked for by configuration. */
const leafLifetime = "2592000s";

/** How much of its life the proxy's own certificate has behind it when Google renews it, in percent. */
const renewedAt = 33;

/** How long the inspecting authority lives: ten years less two days. */
const authorityLifetime = `${String(10 * 365 * 24 * 3600)}s`;

/** The agents that ask the pool for certificates (IAM documentation, "Service agents"). */
const agents = {
  /** Secure Web Proxy, for each host that it stands for (Secure Web Proxy documentation, "Enable TLS inspection"). */
  networksecurity: { name: "networksecurity", role: "roles/privateca.certificateManager" },
  /** Certificate Manager, for the proxy itself (Certificate Manager documentation, "Certificates issued by CA Service"). */
  certificatemanager: { name: "certificatemanager", role: "roles/privateca.certificateRequester" },
} as const;

/**
 * The way to external providers on Google Cloud: a Secure Web Proxy in the egress zone's network, which clients call by its
 * own address (explicit mode), so that no route leads to it. It ends TLS with certificates of an authority that is for this
 * alone, lets one service account through to the hosts of the declared providers, on 443, and refuses and records every
 * other request. It is the only thing in the network that has a way to the Internet, which Google makes for it.
 *
 * The authority's own certificate, by which the egress guard knows the proxy, is a secret that the guard alone reads; it is
 * no secret, but whoever changed it would say whom the guard trusts.
 */
export class GcpEgressInspection extends EgressInspection {
  /** What the egress guard is told of its way out. */
  readonly place: EgressPlace;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before the egress guard runs. */
  readonly ready: readonly pulumi.Resource[];
  readonly #args: GcpEgressInspectionArgs;
  readonly #project: string;
  readonly #tags: Tags;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: GcpEgressInspectionArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, guard, names } = args;
    super(EgressInspection.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    this.#project = names.project("egress");
    this.#tags = zoneTags(spec.name, "egress", "inspection");
    const { authority, usable } = this.#authority();
    const certificate = this.#certificate(usable);
    const policy = this.#policy(usable);
    const gateway = this.#gateway([...policy, certificate]);
    this.ready = [gateway, ...this.#authoritySecret(authority)];
    this.place = {
      keysId: names.secretId(guard),
      authorityId: names.authorityId(guard),
      proxy: `https://${discoveryName(spec.trustDomain, proxyName)}:${String(platformPort)}`,
    };
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ proxy: this.place.proxy, zoneMembers: this.zoneMembers });
  }

  #own<R extends pulumi.Resource>(resource: R): R {
    return this.#register.add("egress", resource);
  }

  #named(what: keyof typeof called): {
    readonly name: string;
    readonly project: string;
    readonly location: string;
  } {
    const { names } = this.#args;
    return { name: names.owned(called[what]), project: this.#project, location: names.region };
  }

  /** The pool with the one authority that signs what the proxy shows, and those who may ask it to. */
  #authority(): {
    readonly authority: certificateauthority.Authority;
    readonly usable: readonly pulumi.Resource[];
  } {
    const { spec, names, projectServices, sealed } = this.#args;
    const enabled = projectServices.enabled.egress;
    const pool = this.#own(
      new certificateauthority.CaPool(
        `${spec.name}-inspection-authorities`,
        {
          ...this.#named("pool"),
          tier: "ENTERPRISE",
          issuancePolicy: {
            maximumLifetime: leafLifetime,
            baselineValues: {
              caOptions: { isCa: false, nonCa: true },
              keyUsage: {
                baseKeyUsage: { digitalSignature: true },
                extendedKeyUsage: { serverAuth: true },
              },
            },
            identityConstraints: {
              allowSubjectPassthrough: true,
              allowSubjectAltNamesPassthrough: true,
              celExpression: {
                title: "servers alone",
                expression: "subject_alt_names.all(san, san.type == DNS)",
              },
            },
          },
          publishingOptions: { publishCaCert: true, publishCrl: true, encodingFormat: "PEM" },
          labels: this.#tags,
        },
        { parent: this, protect: true, dependsOn: [...enabled, ...sealed] },
      ),
    );
    const authority = this.#own(
      new certificateauthority.Authority(
        `${spec.name}-inspection-authority-1`,
        {
          certificateAuthorityId: names.owned(called.authority),
          project: this.#project,
          location: names.region,
          pool: names.owned(called.pool),
          type: "SELF_SIGNED",
          lifetime: authorityLifetime,
          keySpec: { algorithm: "EC_P256_SHA256" },
          config: {
            subjectConfig: {
              subject: { organization: spec.name, commonName: `${spec.name} egress inspection 1` },
            },
            x509Config: {
              caOptions: { isCa: true, zeroMaxIssuerPathLength: true },
              keyUsage: { baseKeyUsage: { certSign: true, crlSign: true }, extendedKeyUsage: {} },
            },
          },
          desiredState: "ENABLED",
          deletionProtection: true,
          skipGracePeriod: false,
          ignoreActiveCertificatesOnDeletion: false,
          labels: this.#tags,
        },
        { parent: this, protect: true, dependsOn: [pool] },
      ),
    );
    const grants = Object.values(agents).map(({ name, role }) => {
      const agent = this.#own(
        new projects.ServiceIdentity(
          `${spec.name}-egress-${name}-agent`,
          { project: this.#project, service: `${name}.googleapis.com` },
          { parent: this, dependsOn: [...enabled] },
        ),
      );
      return new certificateauthority.CaPoolIamBinding(
        `${spec.name}-inspection-authorities-${name}`,
        {
          caPool: names.locatedId("egress", "caPools", called.pool),
          role,
          members: [
            `serviceAccount:service-${names.projectNumber("egress")}@gcp-sa-${name}.iam.gserviceaccount.com`,
          ],
        },
        { parent: this, dependsOn: [pool, agent] },
      );
    });
    return { authority, usable: [authority, ...grants] };
  }

  /** The certificate by which the guard knows the proxy itself. Certificate Manager has its key, and renews it. */
  #certificate(usable: readonly pulumi.Resource[]): pulumi.Resource {
    const { spec, names } = this.#args;
    const issuance = this.#own(
      new certificatemanager.CertificateIssuanceConfig(
        `${spec.name}-egress-proxy-issuance`,
        {
          ...this.#named("certificate"),
          description: "Certificates of the proxy of external providers",
          certificateAuthorityConfig: {
            certificateAuthorityServiceConfig: {
              caPool: names.locatedId("egress", "caPools", called.pool),
            },
          },
          keyAlgorithm: "ECDSA_P256",
          lifetime: leafLifetime,
          rotationWindowPercentage: renewedAt,
          labels: this.#tags,
        },
        { parent: this, dependsOn: [...usable] },
      ),
    );
    return this.#own(
      new certificatemanager.Certificate(
        `${spec.name}-egress-proxy-certificate`,
        {
          ...this.#named("certificate"),
          description: "The proxy of external providers",
          managed: {
            domains: [discoveryName(spec.trustDomain, proxyName)],
            issuanceConfig: names.locatedId("egress", "certificateIssuanceConfigs", called.certificate),
          },
          labels: this.#tags,
        },
        { parent: this, dependsOn: [issuance] },
      ),
    );
  }

  /** What the proxy lets through: the guard's requests to the hosts of the declared providers, each of which it reads. */
  #policy(usable: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const { spec, guard, names, serviceAccounts } = this.#args;
    const inspection = this.#own(
      new networksecurity.TlsInspectionPolicy(
        `${spec.name}-egress-inspection`,
        {
          ...this.#named("inspection"),
          description: "Ends the TLS of what leaves for external providers",
          caPool: names.locatedId("egress", "caPools", called.pool),
          // Providers' certificates are from public authorities.
          excludePublicCaSet: false,
        },
        { parent: this, dependsOn: [...usable] },
      ),
    );
    const policy = this.#own(
      new networksecurity.GatewaySecurityPolicy(
        `${spec.name}-egress-providers-policy`,
        {
          ...this.#named("policy"),
          description: "What may leave for external providers",
          tlsInspectionPolicy: names.locatedId("egress", "tlsInspectionPolicies", called.inspection),
        },
        { parent: this, dependsOn: [inspection] },
      ),
    );
    const hosts = this.#own(
      new networksecurity.UrlList(
        `${spec.name}-provider-hosts`,
        {
          ...this.#named("hosts"),
          description: "The hosts of the declared external providers",
          values: [...providerHosts(spec)],
        },
        { parent: this, dependsOn: [...this.#args.projectServices.enabled.egress] },
      ),
    );
    const isListed = `inUrlList(host(), '${names.locatedId("egress", "urlLists", called.hosts)}')`;
    const rule = this.#own(
      new networksecurity.GatewaySecurityPolicyRule(
        `${spec.name}-egress-providers-rule`,
        {
          ...this.#named("rule"),
          description: "The egress guard calls the declared external providers",
          gatewaySecurityPolicy: names.owned(called.policy),
          priority: 100,
          enabled: true,
          basicProfile: "ALLOW",
          sessionMatcher: `${isListed} && source.matchServiceAccount('${names.email(guard)}') && destination.port == ${String(platformPort)}`,
          // The host of a request may be another than that of the connection which it is in.
          applicationMatcher: isListed,
          tlsInspectionEnabled: true,
        },
        { parent: this, dependsOn: [policy, hosts, serviceAccounts.of(guard)] },
      ),
    );
    return [policy, rule];
  }

  #gateway(dependsOn: readonly pulumi.Resource[]): pulumi.Resource {
    const { spec, names, sealed } = this.#args;
    return this.#own(
      new networkservices.Gateway(
        `${spec.name}-egress-proxy-gateway`,
        {
          ...this.#named("gateway"),
          description: "The proxy of external providers",
          type: "SECURE_WEB_GATEWAY",
          // Clients name the proxy: packets to any other address have no way out of the network.
          routingMode: "EXPLICIT_ROUTING_MODE",
          network: names.networkId("egress"),
          subnetwork: names.subnetIdOf("egress", names.owned(egressSubnetIds.proxy)),
          addresses: [proxyAddress(spec)],
          ports: [platformPort],
          scope: names.owned(called.gateway),
          certificateUrls: [names.locatedId("egress", "certificates", called.certificate)],
          gatewaySecurityPolicy: names.locatedId("egress", "gatewaySecurityPolicies", called.policy),
          envoyHeaders: "NONE",
          // Google makes a router for it, which would stay, and with it a way out.
          deleteSwgAutogenRouterOnDestroy: true,
          labels: this.#tags,
        },
        { parent: this, dependsOn: [...sealed, ...dependsOn] },
      ),
    );
  }

  /** The authority's certificate where the guard alone reads it. */
  #authoritySecret(authority: certificateauthority.Authority): readonly pulumi.Resource[] {
    const { spec, guard, names, projectServices, serviceAccounts, encryptionKeys, sealed } = this.#args;
    const { id, zone } = guard;
    const project = names.project("processing");
    const secret = this.#own(
      new secretmanager.Secret(
        `${spec.name}-${id}-authority`,
        {
          secretId: names.authority(guard),
          project,
          replication: {
            userManaged: {
              replicas: [
                {
                  location: names.region,
                  customerManagedEncryption: { kmsKeyName: names.keyId("platform") },
                },
              ],
            },
          },
          labels: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
        },
        {
          parent: this,
          dependsOn: [...projectServices.enabled.processing, ...encryptionKeys.usable.platform, ...sealed],
        },
      ),
    );
    const readers = new secretmanager.SecretIamBinding(
      `${spec.name}-${id}-authority-readers`,
      {
        project,
        secretId: names.authorityId(guard),
        role: predefinedRoles.secretReader,
        members: [names.member(guard)],
      },
      { parent: this, dependsOn: [secret, serviceAccounts.of(guard)] },
    );
    const version = this.#register.add(
      zone,
      new secretmanager.SecretVersion(
        `${spec.name}-${id}-authority-version`,
        {
          secret: names.authorityId(guard),
          secretData: ownCertificateOf(authority),
          enabled: true,
          deletionPolicy: "DELETE",
        },
        { parent: this, dependsOn: [secret, readers] },
      ),
      { kind: "workload", id, zone },
    );
    return [readers, version];
  }
}
