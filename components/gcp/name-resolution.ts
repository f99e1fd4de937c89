import * as dns from "@pulumi/gcp/dns";
import type * as pulumi from "@pulumi/pulumi";

import { NameResolution } from "../name-resolution";
import type { PlatformSpec } from "../../model/platform-spec";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

import { answeredZones, responseRules, zoneRecords, type AnsweredZone } from "./answered-names";
import type { NetworkedZone, PhysicalNames } from "./physical-names";

export interface GcpNameResolutionArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** What must stand before a network is bound to anything. */
  readonly network: readonly pulumi.Resource[];
}

/**
 * Name resolution on Google Cloud, for each network by itself, since each calls Google's APIs by an address of its own:
 * private zones in which their names lead to it, and those of workloads to their machines; a response policy that answers
 * every other name itself, so that nobody on the Internet is asked for one, but for the hosts of declared providers in the
 * egress network; and a policy that records every query and asks no other server.
 */
export class GcpNameResolution extends NameResolution {
  /** The names that are answered in every network, each with all that lies under it. */
  readonly names: readonly string[];
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];
  readonly #args: GcpNameResolutionArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: GcpNameResolutionArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(NameResolution.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const zones = answeredZones(spec);
    this.names = zones.map(({ dnsName }) => dnsName.slice(0, -1));
    this.sealed = args.names.networkedZones.flatMap((network) => [
      ...this.#responsePolicy(network, zones),
      ...zones.flatMap((zone) => this.#privateZone(network, zone)),
      this.#recording(network),
    ]);
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ names: this.names, zoneMembers: this.zoneMembers });
  }

  /** The network that something is bound to, as resources of Cloud DNS name it. */
  #bound(zone: NetworkedZone): { networkUrl: string }[] {
    return [{ networkUrl: this.#args.names.networkId(zone) }];
  }

  /** The one response policy of a network, with its rules. */
  #responsePolicy(network: NetworkedZone, zones: readonly AnsweredZone[]): readonly pulumi.Resource[] {
    const { spec, names } = this.#args;
    const project = names.project(network);
    const prefix = `${spec.name}-${network}-names`;
    const responsePolicyName = names.owned(`${network}-names`);
    const policy = this.#register.add(
      network,
      new dns.ResponsePolicy(
        `${prefix}-policy`,
        { responsePolicyName, project, networks: this.#bound(network) },
        { parent: this, dependsOn: [...this.#args.network] },
      ),
    );
    return responseRules(zones, network, spec).map(({ name, dnsName, answer }) =>
      this.#register.add(
        network,
        new dns.ResponsePolicyRule(
          `${prefix}-${name}`,
          {
            responsePolicy: responsePolicyName,
            ruleName: name,
            project,
            dnsName,
            ...(answer === undefined
              ? { behavior: "bypassResponsePolicy" }
              : {
                  localData: {
                    localDatas: answer.map(({ rrdatas, ...records }) => ({
                      ...records,
                      rrdatas: [...rrdatas],
                    })),
                  },
                }),
          },
          { parent: this, dependsOn: [policy] },
        ),
      ),
    );
  }

  /** A private zone that the network asks, with its records. */
  #privateZone(network: NetworkedZone, zone: AnsweredZone): readonly pulumi.Resource[] {
    const { spec, names } = this.#args;
    const project = names.project(network);
    const prefix = `${spec.name}-${network}-${zone.id}`;
    const managedZone = names.owned(`${network}-${zone.id}`);
    const created = this.#register.add(
      network,
      new dns.ManagedZone(
        `${prefix}-zone`,
        {
          name: managedZone,
          project,
          dnsName: zone.dnsName,
          description: zone.description,
          visibility: "private",
          privateVisibilityConfig: { networks: this.#bound(network) },
          labels: zoneTags(spec.name, network),
        },
        { parent: this, dependsOn: [...this.#args.network] },
      ),
    );
    return zoneRecords(zone, network, names, spec).map(({ id, name, type, ttl, rrdatas }) =>
      this.#register.add(
        network,
        new dns.RecordSet(
          `${prefix}-${id}`,
          { managedZone, project, name, type, ttl, rrdatas: [...rrdatas] },
          { parent: this, dependsOn: [created] },
        ),
      ),
    );
  }

  /** What records every query of a network, lets nobody from outside ask, and asks no server but Google's own. */
  #recording(network: NetworkedZone): pulumi.Resource {
    const { spec, names } = this.#args;
    return this.#register.add(
      network,
      new dns.Policy(
        `${spec.name}-${network}-names-recording`,
        {
          name: names.owned(`${network}-names`),
          project: names.project(network),
          description: "Records every query",
          enableLogging: true,
          enableInboundForwarding: false,
          networks: this.#bound(network),
        },
        { parent: this, dependsOn: [...this.#args.network] },
      ),
    );
  }
}
