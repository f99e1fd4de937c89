import * as certificatemanager from "@pulumi/gcp/certificatemanager";
import * as compute from "@pulumi/gcp/compute";
import * as networksecurity from "@pulumi/gcp/networksecurity";
import type * as pulumi from "@pulumi/pulumi";

import type { EdgeClient } from "../../model/edge";
import type { Entrance } from "../../model/entrance";
import type { PlatformSpec } from "../../model/platform-spec";
import { edgeName } from "../../model/discovery-name";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import { platformPort, type Workload } from "../../model/workload";
import { loadBalancerHolderId } from "../certificates/certificate-holder";
import { FrontDoor } from "../front-door";
import type { IssuedCertificates } from "../issued-certificates";
import { ownId } from "../own-id";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { portName, type BackendGroup } from "./backend-groups";
import { requestHeaders, responseHeaders } from "./client-headers";
import type { PhysicalNames } from "./physical-names";
import { trustedAuthorities } from "./trusted-authorities";
import { webFirewall } from "./web-firewall";

export interface GcpFrontDoorArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly entrance: Entrance;
  /** The zones of the region over which what is reached from the Internet is spread. */
  readonly availabilityZones: readonly string[];
  /** What the platform runs itself, if it does. */
  readonly running?:
    | {
        /** The groups of machines of each workload, by its id. */
        readonly machines: ReadonlyMap<string, readonly BackendGroup[]>;
        /** The certificates by which the load balancer and the workloads know each other. */
        readonly certificates: Pick<IssuedCertificates, "certificates" | "rootCertificates">;
      }
    | undefined;
  /** What must stand before a load balancer does. */
  readonly sealed: readonly pulumi.Resource[];
}

/** What is behind the entrances: the workloads that the load balancer's flows name, and where each is registered. */
interface Targets {
  readonly workloads: readonly Workload[];
  readonly groups: readonly Pick<BackendGroup, "id" | "ready">[];
}

/** Every load balancer is the modern kind that Envoy runs on: the classic one has no mutual TLS with its backends. */
const scheme = "EXTERNAL_MANAGED";

/** How much is sent to one of what is behind the load balancer, by what it is and by what it is sent. */
const limitsOf = {
  endpoints: {
    HTTPS: { balancingMode: "RATE", maxRatePerEndpoint: 100 },
    TCP: { balancingMode: "CONNECTION", maxConnectionsPerEndpoint: 1000 },
  },
  machines: {
    HTTPS: { balancingMode: "RATE", maxRatePerInstance: 100 },
    TCP: { balancingMode: "CONNECTION", maxConnectionsPerInstance: 1000 },
  },
} as const;

/** TLS 1.3 and nothing older, which the profile alone takes (Cloud Load Balancing documentation, "SSL policies overview"). */
const tls13 = { profile: "RESTRICTED", minTlsVersion: "TLS_1_3" } as const;

/**
 * The front door on Google Cloud.
 *
 * - `l7-terminate`: a global external Application Load Balancer for each kind of client, as on the other clouds. Each ends
 *   TLS 1.3 behind a web firewall of its own. That of programs refuses whoever shows no certificate of the authorities that
 *   the stack names, and says in each request who the client is. No load balancer signs clinicians in: they bring a token,
 *   without which the web firewall refuses them, and `ai-gateway` verifies it. Both speak mutual TLS to `ai-gateway`: they
 *   present a certificate, and take nothing but its SPIFFE ID from authorities of the platform's own.
 * - `l4-passthrough`: a global external proxy Network Load Balancer, which forwards TCP.
 *
 * Behind it are the groups of the workloads' machines; where the platform does not run them, groups of endpoints for
 * whoever does. Nothing listens to HTTP.
 */
export class GcpFrontDoor extends FrontDoor {
  readonly entranceNames: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly targetIds: Readonly<Partial<Record<EdgeClient, pulumi.Output<string>>>>;
  readonly zoneMembers: ZoneMembers;
  readonly #args: GcpFrontDoorArgs;
  readonly #tags: Tags;
  readonly #project: string;
  readonly #register = new ZoneRegister();
  readonly #names: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};
  readonly #targets: Partial<Record<EdgeClient, pulumi.Output<string>>> = {};

  constructor(name: string, args: GcpFrontDoorArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, entrance } = args;
    super(FrontDoor.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = peerTagsOf(spec.name, "gateway", { kind: "load-balancer" });
    this.#project = names.project("gateway");
    const targets = this.#behind();
    if (entrance.mode === "l4-passthrough") {
      this.#passThrough(targets);
    } else {
      this.#terminate(entrance, targets);
    }
    this.entranceNames = this.#names;
    this.targetIds = this.#targets;
    this.zoneMembers = this.#register.members();
    this.registerOutputs({
      entranceNames: this.entranceNames,
      targetIds: this.targetIds,
      zoneMembers: this.zoneMembers,
      peerMembers: this.#register.peerMembers(),
    });
  }

  /** A resource of the load balancer's, which says so itself if it can. */
  #own<R extends pulumi.Resource>(resource: R): R {
    return this.#register.add("gateway", resource, { kind: "load-balancer" });
  }

  /** A global resource of Compute Engine's in the gateway zone's project. */
  #globalId(collection: string, what: string): string {
    return `projects/${this.#project}/global/${collection}/${this.#args.names.owned(what)}`;
  }

  /** What is behind the load balancer. */
  #behind(): Targets {
    const { spec, running } = this.#args;
    const workloads = spec.workloads.filter((workload) => isBehindLoadBalancer(spec, workload));
    const groups = workloads.flatMap((workload) =>
      running === undefined ? this.#endpointGroups(workload) : (running.machines.get(workload.id) ?? []),
    );
    return { workloads, groups };
  }

  /** Where whoever runs a workload registers its instances: a group for each of the region's zones. */
  #endpointGroups(workload: Workload): Targets["groups"] {
    const { spec, names, availabilityZones, sealed } = this.#args;
    return availabilityZones.map((zone) => {
      const groupName = names.owned(workload.id);
      const group = this.#own(
        new compute.NetworkEndpointGroup(
          `${spec.name}-${workload.id}-${zone}-endpoints`,
          {
            name: groupName,
            project: this.#project,
            zone,
            networkEndpointType: "GCE_VM_IP_PORT",
            network: names.networkId("gateway"),
            subnetwork: names.subnetId(workload),
            defaultPort: platformPort,
          },
          { parent: this, dependsOn: [...sealed] },
        ),
      );
      return {
        id: `projects/${this.#project}/zones/${zone}/networkEndpointGroups/${groupName}`,
        ready: [group],
      };
    });
  }

  /** A trust configuration with the stores that are given, and its name. */
  #trust(
    what: string,
    trustStores: NonNullable<certificatemanager.TrustConfigArgs["trustStores"]>,
  ): { readonly id: string; readonly resource: certificatemanager.TrustConfig } {
    const { spec, names } = this.#args;
    const name = names.owned(what);
    const resource = this.#own(
      new certificatemanager.TrustConfig(
        `${spec.name}-${what}`,
        { name, project: this.#project, location: "global", trustStores, labels: this.#tags },
        { parent: this },
      ),
    );
    return { id: `projects/${this.#project}/locations/global/trustConfigs/${name}`, resource };
  }

  /**
   * By what the load balancer and the workloads behind it know each other: whose certificates it takes, and which it
   * presents. Of both the platform issues its own, unless it is not the platform that runs the workloads.
   */
  #knownBy({
    workloadAuthorities,
    clientCertificateId,
  }: Extract<Entrance, { readonly mode: "l7-terminate" }>): {
    readonly trustConfig: string;
    readonly clientCertificate: string;
    readonly ready: readonly pulumi.Resource[];
  } {
    const { spec, names, running } = this.#args;
    const what = "workload-authorities";
    if (running !== undefined) {
      const [current] = running.certificates.certificates.get(loadBalancerHolderId) ?? [];
      if (current === undefined) {
        throw new Error("the load balancer has no certificate");
      }
      const trust = this.#trust(what, [
        {
          trustAnchors: running.certificates.rootCertificates.map((pemCertificate) => ({ pemCertificate })),
          intermediateCas: [],
        },
      ]);
      const name = names.owned("load-balancer");
      const certificate = this.#own(
        new certificatemanager.Certificate(
          `${spec.name}-load-balancer-certificate`,
          {
            name,
            project: this.#project,
            location: "global",
            scope: "CLIENT_AUTH",
            selfManaged: { pemCertificate: current.chain, pemPrivateKey: current.privateKey },
            labels: this.#tags,
          },
          { parent: this },
        ),
      );
      return {
        trustConfig: trust.id,
        clientCertificate: `projects/${this.#project}/locations/global/certificates/${name}`,
        ready: [trust.resource, certificate],
      };
    }
    if (workloadAuthorities === undefined || clientCertificateId === undefined) {
      throw new Error("nothing says how the load balancer and the workloads behind it know each other");
    }
    const trust = this.#trust(what, trustedAuthorities(workloadAuthorities));
    return { trustConfig: trust.id, clientCertificate: clientCertificateId, ready: [trust.resource] };
  }

  /** Entrances that end TLS, each behind a web firewall, and speak mutual TLS to what is behind them. */
  #terminate(entrance: Extract<Entrance, { readonly mode: "l7-terminate" }>, targets: Targets): void {
    const { spec, names } = this.#args;
    const { certificateId, machine, clinician } = entrance;
    const parent = { parent: this };
    const placed = { project: this.#project, location: "global" };
    const sslPolicy = this.#own(
      new compute.SSLPolicy(
        `${spec.name}-entrance-tls`,
        { name: names.owned("entrance-tls"), project: this.#project, ...tls13 },
        parent,
      ),
    );
    const map = this.#own(
      new certificatemanager.CertificateMap(
        `${spec.name}-entrance-certificates`,
        { name: names.owned("entrance-certificates"), project: this.#project, labels: this.#tags },
        parent,
      ),
    );
    const mapId = `projects/${this.#project}/locations/global/certificateMaps/${names.owned("entrance-certificates")}`;
    const entry = this.#own(
      new certificatemanager.CertificateMapEntry(
        `${spec.name}-entrance-certificate`,
        {
          name: names.owned("entrance-certificate"),
          project: this.#project,
          map: names.owned("entrance-certificates"),
          certificates: [certificateId],
          matcher: "PRIMARY",
          labels: this.#tags,
        },
        { ...parent, dependsOn: [map] },
      ),
    );
    const known = this.#knownBy(entrance);
    const authenticationName = names.owned("workload-authentication");
    const authentication = this.#own(
      new networksecurity.BackendAuthenticationConfig(
        `${spec.name}-workload-authentication`,
        {
          name: authenticationName,
          ...placed,
          clientCertificate: known.clientCertificate,
          trustConfig: known.trustConfig,
          wellKnownRoots: "NONE",
          labels: this.#tags,
        },
        { ...parent, dependsOn: [...known.ready] },
      ),
    );
    const clientPolicyName = names.owned("machine-clients");
    const machineTrust =
      machine && this.#trust("machine-authorities", trustedAuthorities(machine.certificates));
    const clientPolicy =
      machineTrust === undefined
        ? undefined
        : this.#own(
            new networksecurity.ServerTlsPolicy(
              `${spec.name}-machine-clients`,
              {
                name: clientPolicyName,
                ...placed,
                allowOpen: false,
                mtlsPolicy: {
                  clientValidationMode: "REJECT_INVALID",
                  clientValidationTrustConfig: machineTrust.id,
                },
                labels: this.#tags,
              },
              { ...parent, dependsOn: [machineTrust.resource] },
            ),
          );
    const clients: readonly EdgeClient[] = [
      ...(machine === undefined ? [] : (["machine"] as const)),
      ...(clinician === undefined ? [] : (["clinician"] as const)),
    ];
    for (const client of clients) {
      const what = `${client}-entrance`;
      const firewall = this.#own(
        new compute.SecurityPolicy(
          `${spec.name}-${client}-web-firewall`,
          {
            name: names.owned(`${client}-web-firewall`),
            project: this.#project,
            ...webFirewall(client),
            labels: this.#tags,
          },
          parent,
        ),
      );
      const backend = this.#backend(what, targets, "HTTPS", [firewall, authentication], {
        securityPolicy: this.#globalId("securityPolicies", `${client}-web-firewall`),
        tlsSettings: {
          authenticationConfig: `//networksecurity.googleapis.com/projects/${this.#project}/locations/global/backendAuthenticationConfigs/${authenticationName}`,
          // The gateway zone's workloads answer under this name at their edge listener, and are known by their SPIFFE ID.
          sni: edgeName(spec.trustDomain),
          subjectAltNames: targets.workloads.map(({ spiffeId }) => ({
            uniformResourceIdentifier: spiffeId,
          })),
        },
        customRequestHeaders: requestHeaders(client),
        customResponseHeaders: responseHeaders(client),
      });
      const paths = this.#own(
        new compute.URLMap(
          `${spec.name}-${what}-paths`,
          {
            name: names.owned(`${what}-paths`),
            project: this.#project,
            defaultService: this.#globalId("backendServices", what),
          },
          { ...parent, dependsOn: [backend] },
        ),
      );
      const proxy = this.#own(
        new compute.TargetHttpsProxy(
          `${spec.name}-${what}-proxy`,
          {
            name: names.owned(what),
            project: this.#project,
            urlMap: this.#globalId("urlMaps", `${what}-paths`),
            certificateMap: `//certificatemanager.googleapis.com/${mapId}`,
            sslPolicy: this.#globalId("sslPolicies", "entrance-tls"),
            ...(client === "machine"
              ? {
                  serverTlsPolicy: `projects/${this.#project}/locations/global/serverTlsPolicies/${clientPolicyName}`,
                }
              : {}),
            // QUIC is a listener of its own, on UDP; and what is sent early can be sent again by others (RFC 8446 §8).
            quicOverride: "DISABLE",
            tlsEarlyData: "DISABLED",
          },
          {
            ...parent,
            dependsOn: [
              paths,
              sslPolicy,
              entry,
              ...(client === "machine" && clientPolicy !== undefined ? [clientPolicy] : []),
            ],
          },
        ),
      );
      this.#listen(client, what, this.#globalId("targetHttpsProxies", what), targets, [proxy]);
    }
  }

  /** An entrance that ends no TLS: `ai-gateway` does, and asks its clients for their certificates. */
  #passThrough(targets: Targets): void {
    const { spec, names } = this.#args;
    const what = "passthrough-entrance";
    const backend = this.#backend(what, targets, "TCP", [], {});
    const proxy = this.#own(
      new compute.TargetTCPProxy(
        `${spec.name}-${what}-proxy`,
        {
          name: names.owned(what),
          project: this.#project,
          backendService: this.#globalId("backendServices", what),
          proxyHeader: "NONE",
        },
        { parent: this, dependsOn: [backend] },
      ),
    );
    this.#listen("machine", what, this.#globalId("targetTcpProxies", what), targets, [proxy]);
  }

  /** What takes the connections of an entrance on to the workloads. */
  #backend(
    what: string,
    { groups }: Targets,
    protocol: "HTTPS" | "TCP",
    ready: readonly pulumi.Resource[],
    more: Partial<compute.BackendServiceArgs>,
  ): compute.BackendService {
    const { spec, names, running } = this.#args;
    const healthName = `${what}-health`;
    // The checks of a load balancer present no certificate, so that they ask for a connection and no more
    // (Cloud Load Balancing documentation, "Backend authenticated TLS and backend mTLS overview").
    const health = this.#own(
      new compute.HealthCheck(
        `${spec.name}-${healthName}`,
        {
          name: names.owned(healthName),
          project: this.#project,
          tcpHealthCheck: { port: platformPort },
          logConfig: { enable: true },
        },
        { parent: this },
      ),
    );
    const limits = running === undefined ? limitsOf.endpoints : limitsOf.machines;
    return this.#own(
      new compute.BackendService(
        `${spec.name}-${what}-backend`,
        {
          name: names.owned(what),
          project: this.#project,
          loadBalancingScheme: scheme,
          protocol,
          healthChecks: this.#globalId("healthChecks", healthName),
          // Machines say by which of their ports they are called so; endpoints say it each for itself.
          ...(running === undefined ? {} : { portName }),
          backends: groups.map(({ id }) => ({ group: id, capacityScaler: 1, ...limits[protocol] })),
          connectionDrainingTimeoutSec: 300,
          enableCdn: false,
          logConfig: { enable: true, sampleRate: 1 },
          ...more,
        },
        {
          parent: this,
          dependsOn: [health, ...groups.flatMap((group) => group.ready), ...ready],
        },
      ),
    );
  }

  /** The one public address of an entrance, on which it listens to TCP 443. */
  #listen(
    client: EdgeClient,
    what: string,
    target: string,
    { groups }: Targets,
    ready: readonly pulumi.Resource[],
  ): void {
    const { spec, names, sealed } = this.#args;
    const address = this.#own(
      new compute.GlobalAddress(
        `${spec.name}-${what}-address`,
        {
          name: names.owned(what),
          project: this.#project,
          addressType: "EXTERNAL",
          ipVersion: "IPV4",
          labels: this.#tags,
        },
        { parent: this },
      ),
    );
    const rule = this.#own(
      new compute.GlobalForwardingRule(
        `${spec.name}-${what}`,
        {
          name: names.owned(what),
          project: this.#project,
          ipAddress: this.#globalId("addresses", what),
          ipProtocol: "TCP",
          portRange: String(platformPort),
          loadBalancingScheme: scheme,
          target,
          labels: this.#tags,
        },
        { parent: this, dependsOn: [...sealed, address, ...ready] },
      ),
    );
    this.#names[client] = address.address;
    this.#targets[client] = ownId(rule, groups.map(({ id }) => id).join(" "));
  }
}
