import * as ec2 from "@pulumi/aws/ec2";
import * as route53 from "@pulumi/aws/route53";
import type * as pulumi from "@pulumi/pulumi";

import { discoveryName } from "../../model/discovery-name";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { providerHosts } from "../../model/egress-guard";
import { callersOf } from "../mesh/ports";
import { NameResolution } from "../name-resolution";
import { zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { serviceEndpoints, usedServices } from "./service-grants";
import { storeServices } from "./store-grants";
import { networkPrefix, type AwsNetwork } from "./zone-network";

export interface AwsNameResolutionArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** Which of the platform's networks it is. */
  readonly network: AwsNetwork;
  readonly networkId: pulumi.Output<string>;
  /** Whether the network exists already, and is not the platform's alone. */
  readonly isExisting: boolean;
  /** Where queries are recorded. */
  readonly recordsId: pulumi.Output<string>;
  /** What must stand before queries can be recorded. */
  readonly delivery: readonly pulumi.Resource[];
}

/**
 * The names that what is in a network has reason to ask for: those of the private endpoints, those of the workloads that
 * another calls, in the network of the egress zone those of the external providers, and no other.
 */
export function resolvedNames(
  spec: PlatformSpec,
  names: PhysicalNames,
  network: AwsNetwork,
): readonly string[] {
  const ofServices = [...usedServices(spec, network)].flatMap((id) =>
    serviceEndpoints(id, spec, names).flatMap(({ hosts }) => hosts),
  );
  if (network === "egress") {
    return [...new Set([...ofServices, ...providerHosts(spec)])].sort();
  }
  const ofStores = spec.dataStores.map(({ id, kind }) => {
    switch (kind) {
      case "fhir":
        return names.serviceHost(storeServices.fhir);
      case "document":
        return names.bucketHost(id);
      case "vector":
        // A collection's own name is not known before it exists; AWS alone answers for names under this one.
        return `*.${names.region}.aoss.amazonaws.com`;
    }
  });
  const ofWorkloads =
    spec.mesh.kind === "envoy"
      ? spec.workloads
          .filter((workload) => callersOf(spec, workload).length > 0)
          .map((workload) => discoveryName(spec.trustDomain, workload))
      : [];
  return [...new Set([...ofServices, ...ofStores, ...ofWorkloads])].sort();
}

/**
 * Name resolution on AWS: a DNS firewall on the VPC that answers the platform's names and blocks every other, in
 * whatever state the firewall itself is; Amazon's own resolver and no other; and a record of every query.
 *
 * The firewall filters the queries of the whole VPC. In an existing network it does so for everything that is in it.
 */
export class AwsNameResolution extends NameResolution {
  readonly names: readonly string[];
  readonly zoneMembers: ZoneMembers;
  readonly sealed: readonly pulumi.Resource[];

  constructor(
    name: string,
    { spec, names, network, networkId, isExisting, recordsId, delivery }: AwsNameResolutionArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(NameResolution.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const child = { parent: this };
    const tags = zoneTags(spec.name, network === "egress" ? "egress" : sharedZone);
    const prefix = `${networkPrefix(spec.name, network)}-names`;
    this.names = resolvedNames(spec, names, network);

    const group = new route53.ResolverFirewallRuleGroup(`${prefix}-firewall`, { name: prefix, tags }, child);
    const list = (what: string, domains: readonly string[]): route53.ResolverFirewallDomainList =>
      new route53.ResolverFirewallDomainList(
        `${prefix}-${what}`,
        { name: `${prefix}-${what}`, domains: [...domains], tags },
        child,
      );
    const answer = (
      what: string,
      domains: readonly string[],
      priority: number,
      firewallDomainRedirectionAction: string,
    ): readonly route53.ResolverFirewallRule[] =>
      domains.length === 0
        ? []
        : [
            new route53.ResolverFirewallRule(
              `${prefix}-answer-${what}`,
              {
                name: `${prefix}-answer-${what}`,
                firewallRuleGroupId: group.id,
                firewallDomainListId: list(what, domains).id,
                priority,
                action: "ALLOW",
                firewallDomainRedirectionAction,
              },
              child,
            ),
          ];
    const providers = network === "egress" ? providerHosts(spec) : [];
    const own = this.names.filter((host) => !providers.includes(host));
    const rules = [
      ...answer("own", own, 100, "INSPECT_REDIRECTION_DOMAIN"),
      // To which names a provider's own leads is the provider's to say, and changes; what is called is checked by its name.
      ...answer("providers", providers, 200, "TRUST_REDIRECTION_DOMAIN"),
      new route53.ResolverFirewallRule(
        `${prefix}-block-others`,
        {
          name: `${prefix}-block-others`,
          firewallRuleGroupId: group.id,
          firewallDomainListId: list("others", ["*"]).id,
          priority: 9000,
          action: "BLOCK",
          blockResponse: "NXDOMAIN",
        },
        child,
      ),
    ];
    const association = new route53.ResolverFirewallRuleGroupAssociation(
      `${prefix}-firewall-association`,
      {
        name: prefix,
        firewallRuleGroupId: group.id,
        vpcId: networkId,
        priority: 101,
        mutationProtection: "ENABLED",
        tags,
      },
      // The group is in force only once its rules are in it.
      { ...child, dependsOn: rules },
    );
    const failMode = new route53.ResolverFirewallConfig(
      `${prefix}-firewall-fails-closed`,
      { resourceId: networkId, firewallFailOpen: "DISABLED" },
      child,
    );
    // The options of an existing network say more than its resolver, and to everything that is in it.
    const resolver = isExisting ? [] : [this.#resolver(prefix, networkId, tags)];
    const queries = new route53.ResolverQueryLogConfig(
      `${prefix}-queries`,
      { name: prefix, destinationArn: recordsId, tags },
      child,
    );
    const recorded = new route53.ResolverQueryLogConfigAssociation(
      `${prefix}-queries-association`,
      { resolverQueryLogConfigId: queries.id, resourceId: networkId },
      { ...child, dependsOn: [...delivery] },
    );

    this.sealed = [association, failMode, ...resolver, recorded];
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({ names: this.names, zoneMembers: this.zoneMembers });
  }

  /** Amazon's resolver, and no other, for what is in the network. */
  #resolver(prefix: string, networkId: pulumi.Output<string>, tags: Tags): pulumi.Resource {
    const child = { parent: this };
    const options = new ec2.VpcDhcpOptions(
      `${prefix}-resolver`,
      { domainNameServers: ["AmazonProvidedDNS"], tags },
      child,
    );
    return new ec2.VpcDhcpOptionsAssociation(
      `${prefix}-resolver-association`,
      { vpcId: networkId, dhcpOptionsId: options.id },
      child,
    );
  }
}
