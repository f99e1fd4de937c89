import * as certificatemanager from "@pulumi/gcp/certificatemanager";
import * as compute from "@pulumi/gcp/compute";
import * as networksecurity from "@pulumi/gcp/networksecurity";
import type * as pulumi from "@pulumi/pulumi";

import type { EdgeClient } from "../../model/edge";
import type { Entrance } from "../../model/entrance";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort, type Workload } from "../../model/workload";
import { FrontDoor } from "../front-door";
import { ownId } from "../own-id";
import { peerTagsOf, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

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
  /** What must stand before a load balancer does. */
  readonly sealed: readonly pulumi.Resource[];
}

/** What is behind the entrances: the workloads that the load balancer's flows name, and where each is registered. */
interface Targets {
  readonly workloads: readonly Workload[];
  readonly groups: readonly { readonly id: string; readonly resource: compute.NetworkEndpointGroup }[];
}

/** Every load balancer is the modern kind that Envoy runs on: the classic one has no mutual TLS with its backends. */
const scheme = "EXTERNAL_MANAGED";

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
 * Nothing listens to HTTP.
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
    const targets = this.#endpointGroups();
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

  /** Where the instances of workloads are registered: a group for each of the region's zones. */
  #endpointGroups(): Targets {
    const { spec, names, availabilityZones, sealed } = this.#args;
    const workloads = spec.workloads.filter(({ id }) =>
      spec.flows.some(
        ({ from, to }) => from.kind === "load-balancer" && to.kind === "workload" && to.id === id,
      ),
    );
    const groups = workloads.flatMap((workload) =>
      availabilityZones.map((zone) => {
        const groupName = names.owned(workload.id);
        const resource = this.#own(
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
          resource,
        };
      }),
    );
    return { workloads, groups };
  }

  /** Entrances that end TLS, each behind a web firewall, and speak mutual TLS to what is behind them. */
  #terminate(entrance: Extract<Entrance, { readonly mode: "l7-terminate" }>, targets: Targets): void {
    const { spec, names } = this.#args;
    const { certificateId, clientCertificateId, workloadAuthorities, machine, clinician } = entrance;
    if (workloadAuthorities === undefined || clientCertificateId === undefined) {
      throw new Error("nothing says how the load balancer and the workloads behind it know each other");
    }
    const parent = { parent: this };
    const placed = { project: this.#project, location: "global" };
    const trust = (what: string, certificates: string): certificatemanager.TrustConfig =>
      this.#own(
        new certificatemanager.TrustConfig(
          `${spec.name}-${what}`,
          {
            name: names.owned(what),
            ...placed,
            trustStores: trustedAuthorities(certificates),
            labels: this.#tags,
          },
          parent,
        ),
      );
    const trustId = (what: string): string =>
      `projects/${this.#project}/locations/global/trustConfigs/${names.owned(what)}`;

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
    const workloadTrust = trust("workload-authorities", workloadAuthorities);
    const authenticationName = names.owned("workload-authentication");
    const authentication = this.#own(
      new networksecurity.BackendAuthenticationConfig(
        `${spec.name}-workload-authentication`,
        {
          name: authenticationName,
          ...placed,
          clientCertificate: clientCertificateId,
          trustConfig: trustId("workload-authorities"),
          wellKnownRoots: "NONE",
          labels: this.#tags,
        },
        { ...parent, dependsOn: [workloadTrust] },
      ),
    );
    const clientPolicyName = names.owned("machine-clients");
    const clientPolicy =
      machine === undefined
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
                  clientValidationTrustConfig: trustId("machine-authorities"),
                },
                labels: this.#tags,
              },
              { ...parent, dependsOn: [trust("machine-authorities", machine.certificates)] },
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
          sni: `gateway.${spec.trustDomain}`,
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
    const { spec, names } = this.#args;
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
    const mode =
      protocol === "HTTPS"
        ? { balancingMode: "RATE", maxRatePerEndpoint: 100 }
        : { balancingMode: "CONNECTION", maxConnectionsPerEndpoint: 1000 };
    return this.#own(
      new compute.BackendService(
        `${spec.name}-${what}-backend`,
        {
          name: names.owned(what),
          project: this.#project,
          loadBalancingScheme: scheme,
          protocol,
          healthChecks: this.#globalId("healthChecks", healthName),
          backends: groups.map(({ id }) => ({ group: id, capacityScaler: 1, ...mode })),
          connectionDrainingTimeoutSec: 300,
          enableCdn: false,
          logConfig: { enable: true, sampleRate: 1 },
          ...more,
        },
        {
          parent: this,
          dependsOn: [health, ...groups.map(({ resource }) => resource), ...ready],
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
