import * as dnsresolver from "@pulumi/azure-native/dnsresolver";
import * as privatedns from "@pulumi/azure-native/privatedns";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { NameResolution } from "../name-resolution";
import { zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import type { PhysicalNames } from "./physical-names";
import { replicaAddresses } from "./replica-addresses";
import { privateZones, resolvedNames, type NamesAround } from "./resolved-names";
import type { AzureResourceGroups } from "./resource-groups";

export interface AzureNameResolutionArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  /** What names are asked for besides the platform's own. */
  readonly around: NamesAround;
  /** Where queries are recorded. */
  readonly records: RecordsDestination;
  /** What must stand before a network is linked to anything. */
  readonly network: readonly pulumi.Resource[];
}

/** Rules of a DNS security policy: the smallest number decides, of 100 to 65000. */
const priorities = { own: 100, others: 65000 } as const;

/** For how long a workload that asked for another's addresses keeps them, in seconds. */
const addressSeconds = 30;

/**
 * Name resolution on Azure: a DNS security policy on the virtual network that answers the platform's names and blocks
 * every other, private DNS zones in which the names of private endpoints are answered, and a record of every query.
 *
 * Where the platform runs its workloads, the trust domain is a private zone as well, in which each workload's discovery
 * name leads to its replicas. In the network nothing else of that domain is found any more, whatever the Internet says of it.
 *
 * The policy filters the queries of the whole network. In one that exists already it does so for everything that is in it.
 */
export class AzureNameResolution extends NameResolution {
  readonly names: readonly string[];
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];
  /** The ids of the private DNS zones, by their names. */
  readonly privateZoneIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly #args: AzureNameResolutionArgs;
  readonly #prefix: string;
  readonly #tags: Tags;

  constructor(name: string, args: AzureNameResolutionArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, around } = args;
    super(NameResolution.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#prefix = `${spec.name}-names`;
    this.#tags = zoneTags(spec.name, sharedZone);
    this.names = resolvedNames(spec, names, around);

    const zones = privateZones(spec);
    this.sealed = [
      ...this.#policy(),
      ...zones.map((zone) => this.#privateZone(zone).link),
      ...(spec.mesh.kind === "envoy" ? this.#discovery() : []),
    ];
    this.privateZoneIds = Object.fromEntries(
      zones.map((zone) => [zone, pulumi.output(names.privateZoneId(zone))]),
    );
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({
      names: this.names,
      privateZoneIds: this.privateZoneIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** What the resources of this part have in common. */
  get #common(): { readonly resourceGroupName: string; readonly location: string; readonly tags: Tags } {
    const { names } = this.#args;
    return { resourceGroupName: names.group("network"), location: names.location, tags: this.#tags };
  }

  /** The policy, in force on the network only once its rules are in it, and its records. */
  #policy(): readonly pulumi.Resource[] {
    const { names, resourceGroups, records, network } = this.#args;
    const policy = new dnsresolver.DnsResolverPolicy(
      `${this.#prefix}-policy`,
      { dnsResolverPolicyName: names.namesPolicy, ...this.#common },
      { parent: this, dependsOn: [resourceGroups.groups.network] },
    );
    const rules = [
      ...(this.names.length === 0 ? [] : [this.#rule(policy, "own", this.names, { actionType: "Allow" })]),
      // Without a rule for it a name is answered. The root holds every name.
      this.#rule(policy, "others", [""], { actionType: "Block", blockResponseCode: "SERVFAIL" }),
    ];
    const link = new dnsresolver.DnsResolverPolicyVirtualNetworkLink(
      `${this.#prefix}-policy-link`,
      {
        dnsResolverPolicyVirtualNetworkLinkName: names.owned("network"),
        dnsResolverPolicyName: names.namesPolicy,
        virtualNetwork: { id: names.networkId },
        ...this.#common,
      },
      { parent: this, dependsOn: [...rules, ...network] },
    );
    const queries = diagnostics(`${this.#prefix}-queries`, names.namesPolicyId, records, {
      parent: this,
      dependsOn: [policy, ...records.delivery],
    });
    return [link, queries];
  }

  /** @param hosts names without the dot of the root; what lies under one is meant as well. */
  #rule(
    policy: pulumi.Resource,
    what: keyof typeof priorities,
    hosts: readonly string[],
    action:
      | { readonly actionType: "Allow" }
      | { readonly actionType: "Block"; readonly blockResponseCode: "SERVFAIL" },
  ): pulumi.Resource {
    const { names, resourceGroups } = this.#args;
    const dnsResolverDomainListName = names.owned(`names-${what}`);
    const list = new dnsresolver.DnsResolverDomainList(
      `${this.#prefix}-${what}`,
      { dnsResolverDomainListName, domains: hosts.map((host) => `${host}.`), ...this.#common },
      { parent: this, dependsOn: [resourceGroups.groups.network] },
    );
    return new dnsresolver.DnsSecurityRule(
      `${this.#prefix}-${what}-rule`,
      {
        dnsSecurityRuleName: what,
        dnsResolverPolicyName: names.namesPolicy,
        priority: priorities[what],
        action,
        dnsResolverDomainLists: [
          {
            id: names.idIn("network", "Microsoft.Network/dnsResolverDomainLists", dnsResolverDomainListName),
          },
        ],
        dnsSecurityRuleState: "Enabled",
        ...this.#common,
      },
      { parent: this, dependsOn: [policy, list] },
    );
  }

  /** The discovery names of workloads, in a private zone for the trust domain. */
  #discovery(): readonly pulumi.Resource[] {
    const { spec } = this.#args;
    const { created, link } = this.#privateZone(spec.trustDomain);
    return [link, ...spec.workloads.map((workload) => this.#discoveryRecord(workload, created))];
  }

  #discoveryRecord(workload: Workload, zone: pulumi.Resource): pulumi.Resource {
    const { spec, names } = this.#args;
    return new privatedns.PrivateRecordSet(
      `${this.#prefix}-${workload.id}`,
      {
        relativeRecordSetName: `${workload.id}.${workload.zone}`,
        privateZoneName: spec.trustDomain,
        resourceGroupName: names.group("network"),
        recordType: "A",
        ttl: addressSeconds,
        aRecords: replicaAddresses(spec, workload).map((ipv4Address) => ({ ipv4Address })),
      },
      { parent: this, dependsOn: [zone] },
    );
  }

  /** A private DNS zone that the network asks, in which nothing but what the platform puts there has a name. */
  #privateZone(zone: string): { readonly created: pulumi.Resource; readonly link: pulumi.Resource } {
    const { names, resourceGroups, network } = this.#args;
    const name = `${this.#prefix}-${zone.replaceAll(".", "-")}`;
    // These are nowhere in particular (Azure documentation, "What is an Azure Private DNS zone").
    const common = { ...this.#common, location: "Global" };
    const created = new privatedns.PrivateZone(
      name,
      { privateZoneName: zone, ...common },
      { parent: this, dependsOn: [resourceGroups.groups.network] },
    );
    const link = new privatedns.VirtualNetworkLink(
      `${name}-link`,
      {
        virtualNetworkLinkName: names.owned("network"),
        privateZoneName: zone,
        virtualNetwork: { id: names.networkId },
        registrationEnabled: false,
        // The other policy asks the Internet for a name that the zone does not have.
        resolutionPolicy: "Default",
        ...common,
      },
      { parent: this, dependsOn: [created, ...network] },
    );
    return { created, link };
  }
}
