import * as keyvault from "@pulumi/azure-native/keyvault";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { EgressInspection } from "../egress-inspection";
import { ownId } from "../own-id";
import { peerTagsOf, zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { closedVault } from "./closed-vault";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import { firewallAuthority } from "./firewall-authority";
import type { FirewallSubnet } from "./firewall-subnet";
import { peerSubnets } from "./peer-subnets";
import type { PhysicalNames } from "./physical-names";
import { workloadPeer } from "./replica-addresses";
import type { AzureResourceGroups } from "./resource-groups";
import { roleAssignment } from "./role-assignment";
import type { AzureWorkloadIdentities } from "./workload-identities";

export interface AzureEgressInspectionArgs {
  readonly spec: PlatformSpec;
  readonly target: Pick<AzureTarget, "availabilityZones">;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  /** The time, of which it follows which authority the firewall ends TLS with. */
  readonly now: Date;
  /** The workload whose packets it inspects. */
  readonly guard: Workload;
  readonly subnet: FirewallSubnet;
  readonly identities: Pick<AzureWorkloadIdentities, "of">;
  /** The vault of secrets, in which the guard reads which authority it trusts; there where a flow names it. */
  readonly secretsVault: pulumi.Resource | undefined;
  readonly records: RecordsDestination;
  /** What must stand before the firewall does: the subnets. */
  readonly sealed: readonly pulumi.Resource[];
}

/** Priorities, of which the smallest number is tried first; each has no other beside it. */
const onlyPriority = 100;

/** For how many days the policy's own reports look back; the records themselves are kept as all are. */
const insightDays = 30;

/**
 * The inspection of what leaves by the egress zone on Azure: an Azure Firewall (Premium) in a subnet of its own, to which the
 * route of the guard's subnet leads. It ends TLS with an authority that was made for this alone, lets the guard through to the
 * hosts of the declared providers and to nothing else, drops what looks like an attack, and records all that it sees.
 *
 * It asks Azure's resolver for the hosts, as everything in the network does, and is no proxy for anybody: neither of names nor
 * of connections.
 */
export class AzureEgressInspection extends EgressInspection {
  /** The id of the firewall. */
  readonly firewallId: pulumi.Output<string>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before the guard can call a provider. */
  readonly ready: readonly pulumi.Resource[];
  readonly #args: AzureEgressInspectionArgs;
  readonly #tags: Tags;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: AzureEgressInspectionArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, now, names } = args;
    super(EgressInspection.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, "egress");

    const authority = firewallAuthority({ spec, now, register: this.#register }, { parent: this });
    const trusted = this.#trusted(authority.trusted);
    const policy = this.#policy(authority.number, this.#authoritySecret(authority.number, authority.pfx));
    const { firewall, address } = this.#firewall(policy);
    this.ready = [...trusted, firewall, ...this.#record(firewall)];
    this.firewallId = ownId(firewall, names.firewallId);
    this.zoneMembers = this.#register.members();
    this.registerOutputs({
      firewallId: this.firewallId,
      firewallAddress: address,
      zoneMembers: this.zoneMembers,
    });
  }

  /** What the resources of the network have in common. */
  get #common(): { readonly resourceGroupName: string; readonly location: string; readonly tags: Tags } {
    const { names } = this.#args;
    return { resourceGroupName: names.group("network"), location: names.location, tags: this.#tags };
  }

  /** The authority's certificates in the vault of secrets, which the guard reads, and nobody else by a role of its own. */
  #trusted(value: pulumi.Input<string>): readonly pulumi.Resource[] {
    const { spec, names, guard, identities, secretsVault } = this.#args;
    if (secretsVault === undefined) {
      // Without a flow to the vault the guard reads nothing there, and is not started.
      return [];
    }
    const logicalName = `${spec.name}-${guard.id}-firewall-authority`;
    const secret = this.#register.add(
      guard.zone,
      new keyvault.Secret(
        logicalName,
        {
          secretName: names.trustedFirewall,
          vaultName: names.vault("secrets"),
          resourceGroupName: names.group("platform"),
          properties: { value, contentType: "application/x-pem-file", attributes: { enabled: true } },
          tags: peerTagsOf(spec.name, guard.zone, workloadPeer(guard)),
        },
        { parent: this, dependsOn: [secretsVault] },
      ),
    );
    const role = roleAssignment(
      `${logicalName}-access`,
      {
        names,
        role: "Key Vault Secrets User",
        scope: names.trustedFirewallId,
        identity: identities.of(guard, "workload"),
        identityId: names.identityId(guard),
      },
      { parent: this, dependsOn: [secret] },
    );
    return [secret, role];
  }

  /**
   * The authority with its key, in a vault of its own without a public network, and the identity that may read that one
   * secret. Azure Firewall reads it from no private endpoint: it is one of the services that Azure trusts, and gets past the
   * closed network with that identity.
   */
  #authoritySecret(number: number, value: pulumi.Input<string>): readonly pulumi.Resource[] {
    const { spec, names, resourceGroups, records } = this.#args;
    const prefix = `${spec.name}-firewall`;
    const vault = this.#register.add(
      "egress",
      closedVault(
        `${prefix}-vault`,
        { names, purpose: "firewall", bypass: "AzureServices", tags: this.#tags },
        { parent: this, dependsOn: [resourceGroups.groups.platform] },
      ),
    );
    diagnostics(`${prefix}-vault`, names.vaultId("firewall"), records, {
      parent: this,
      dependsOn: [vault, ...records.delivery],
    });
    const secret = this.#register.add(
      "egress",
      new keyvault.Secret(
        `${prefix}-authority-${String(number)}-secret`,
        {
          secretName: names.firewallAuthority(number),
          vaultName: names.vault("firewall"),
          resourceGroupName: names.group("platform"),
          properties: { value, contentType: "application/x-pkcs12", attributes: { enabled: true } },
          tags: this.#tags,
        },
        { parent: this, dependsOn: [vault] },
      ),
    );
    const identity = this.#register.add(
      "egress",
      new managedidentity.UserAssignedIdentity(
        `${prefix}-identity`,
        { resourceName: names.firewall, ...this.#common },
        { parent: this, dependsOn: [resourceGroups.groups.network] },
      ),
    );
    const access = roleAssignment(
      `${prefix}-authority-${String(number)}-access`,
      {
        names,
        role: "Key Vault Secrets User",
        scope: names.firewallAuthorityId(number),
        identity,
        identityId: names.firewallIdentityId,
      },
      { parent: this, dependsOn: [secret] },
    );
    return [secret, identity, access];
  }

  /** The policy, and what the firewall lets through: the guard, to the hosts of each declared provider, by HTTPS. */
  #policy(authority: number, before: readonly pulumi.Resource[]): readonly pulumi.Resource[] {
    const { spec, names, records } = this.#args;
    const policy = this.#register.add(
      "egress",
      new network.FirewallPolicy(
        `${spec.name}-firewall-policy`,
        {
          firewallPolicyName: names.firewall,
          ...this.#common,
          sku: { tier: "Premium" },
          threatIntelMode: "Deny",
          intrusionDetection: { mode: "Deny" },
          identity: { type: "UserAssigned", userAssignedIdentities: [names.firewallIdentityId] },
          transportSecurity: {
            certificateAuthority: {
              name: names.firewallAuthority(authority),
              keyVaultSecretId: names.firewallAuthorityUrl(authority),
            },
          },
          // Nobody asks it for names: it asks Azure's resolver itself, for the names that the network's policy answers.
          dnsSettings: { enableProxy: false, servers: [] },
          explicitProxy: { enableExplicitProxy: false },
          insights: {
            isEnabled: true,
            retentionDays: insightDays,
            logAnalyticsResources: { defaultWorkspaceId: { id: records.workspaceId } },
          },
        },
        { parent: this, dependsOn: [...before, ...records.delivery] },
      ),
    );
    const rules = this.#register.add(
      "egress",
      new network.FirewallPolicyRuleCollectionGroup(
        `${spec.name}-firewall-providers`,
        {
          ruleCollectionGroupName: "providers",
          firewallPolicyName: names.firewall,
          resourceGroupName: names.group("network"),
          priority: onlyPriority,
          ruleCollections: [
            {
              ruleCollectionType: "FirewallPolicyFilterRuleCollection",
              name: "providers",
              priority: onlyPriority,
              action: { type: "Allow" },
              rules: this.#providerRules(),
            },
          ],
        },
        { parent: this, dependsOn: [policy] },
      ),
    );
    return [policy, rules];
  }

  #providerRules() {
    const { spec } = this.#args;
    const sourceAddresses = [this.#guardBlock()];
    return spec.llmProviders.flatMap((provider) =>
      provider.kind === "native"
        ? []
        : [
            {
              ruleType: "ApplicationRule" as const,
              name: provider.id,
              description: `workload/${this.#args.guard.id} to llm-provider/${provider.id}`,
              sourceAddresses,
              protocols: [{ protocolType: "Https", port: 443 }],
              targetFqdns: [...provider.fqdns],
              terminateTLS: true,
            },
          ],
    );
  }

  /** The block of the guard's subnet. */
  #guardBlock(): string {
    const { spec, guard } = this.#args;
    const name = peerName(workloadPeer(guard));
    const subnet = peerSubnets(spec).find(({ peer }) => peerName(peer) === name);
    if (subnet === undefined) {
      throw new Error(`${name} has no subnet`);
    }
    return subnet.block.text;
  }

  /** The firewall, and the address at which it takes packets, which has to be the one that routes lead to. */
  #firewall(before: readonly pulumi.Resource[]): {
    readonly firewall: network.AzureFirewall;
    readonly address: pulumi.Output<string>;
  } {
    const { spec, names, target, resourceGroups, subnet, sealed } = this.#args;
    const zones = target.availabilityZones.length > 0 ? { zones: [...target.availabilityZones] } : {};
    const publicAddress = this.#register.add(
      "egress",
      new network.PublicIPAddress(
        `${spec.name}-firewall-address`,
        {
          publicIpAddressName: names.firewall,
          ...this.#common,
          sku: { name: "Standard", tier: "Regional" },
          publicIPAllocationMethod: "Static",
          publicIPAddressVersion: "IPv4",
          ...zones,
        },
        { parent: this, dependsOn: [resourceGroups.groups.network] },
      ),
    );
    const firewall = this.#register.add(
      "egress",
      new network.AzureFirewall(
        `${spec.name}-firewall`,
        {
          azureFirewallName: names.firewall,
          ...this.#common,
          sku: { name: "AZFW_VNet", tier: "Premium" },
          threatIntelMode: "Deny",
          firewallPolicy: { id: names.firewallPolicyId },
          ipConfigurations: [
            {
              name: "egress",
              subnet: { id: names.firewallSubnetId },
              publicIPAddress: { id: names.firewallAddressId },
            },
          ],
          ...zones,
        },
        { parent: this, dependsOn: [...sealed, ...before, publicAddress] },
      ),
    );
    const address = firewall.ipConfigurations.apply((configurations) => {
      const given = configurations?.[0]?.privateIPAddress;
      if (given !== undefined && given !== subnet.address) {
        throw new Error(
          `The firewall ${names.firewall} stands at ${given}, and routes lead to ${subnet.address}, so that nothing leaves the egress zone. ` +
            `Delete the firewall and let it be made again in the empty ${names.firewallSubnet}, of which Azure then gives it the first address.`,
        );
      }
      return subnet.address;
    });
    return { firewall, address };
  }

  /** All logs of the firewall, let through and refused. */
  #record(firewall: pulumi.Resource): readonly pulumi.Resource[] {
    const { spec, names, records } = this.#args;
    return [
      diagnostics(`${spec.name}-firewall`, names.firewallId, records, {
        parent: this,
        dependsOn: [firewall, ...records.delivery],
      }),
    ];
  }
}
