import type * as keyvault from "@pulumi/azure-native/keyvault";
import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

import { peerName, type PlatformServicePeer } from "../../model/peer";
import { platformServiceIds } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { PrivateEndpoints } from "../private-endpoints";
import { zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import type { AzureAuditLog } from "./audit-log";
import { closedVault } from "./closed-vault";
import type { CustomerKey } from "./customer-key";
import { diagnostics } from "./diagnostic-settings";
import { subnetPeerOf } from "./filtered-peers";
import { modelAccount } from "./model-account";
import { ownId } from "../own-id";
import type { PhysicalNames } from "./physical-names";
import { privateLink } from "./private-link";
import { linkedServices, type LinkedServiceId } from "./private-zones";
import type { AzureResourceGroups } from "./resource-groups";
import { usedServices } from "./service-grants";
import type { AzureServicePerimeter } from "./service-perimeter";

export interface AzurePrivateEndpointsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  /** The key of the platform, with the vault that workloads reach, and which encrypts the account of models. */
  readonly key: CustomerKey;
  readonly registry: pulumi.Resource;
  readonly auditLog: Pick<AzureAuditLog, "destination" | "linked">;
  /** What encloses the vault of secrets. */
  readonly perimeter: AzureServicePerimeter;
  /** What must stand before an endpoint does: the subnets with their filters, and the private names. */
  readonly sealed: readonly pulumi.Resource[];
}

/** A service that an endpoint leads to. */
interface Reached {
  /** Azure's name of the service. */
  readonly name: string;
  readonly id: string;
  readonly ready: readonly pulumi.Resource[];
}

/**
 * The private endpoints on Azure: one (Private Link) for each service that a flow uses, in the processing zone, in the
 * subnet and so behind the filter of the service, with private names. What it leads to is a resource of the platform's
 * own: the vault of secrets and the account of models are made here, for no other part needs them.
 */
export class AzurePrivateEndpoints extends PrivateEndpoints {
  readonly endpointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** The vault of secrets; `undefined` where no flow names it. */
  readonly secretsVault: keyvault.Vault | undefined;
  readonly #args: AzurePrivateEndpointsArgs;
  readonly #tags: Tags;

  constructor(name: string, args: AzurePrivateEndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, sealed } = args;
    super(PrivateEndpoints.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, sharedZone);
    const register = new ZoneRegister();
    const used = usedServices(spec);
    this.secretsVault = used.has("secrets") ? this.#createSecretsVault() : undefined;
    const endpointIds = new Map<string, pulumi.Output<string>>();
    const linked = new Set<string>();

    for (const id of platformServiceIds.filter((candidate) => used.has(candidate))) {
      const own: PlatformServicePeer = { kind: "platform-service", id };
      const peer = subnetPeerOf(own);
      if (id === "identity" || peer === undefined || linked.has(peerName(peer))) {
        continue;
      }
      linked.add(peerName(peer));
      const reached = this.#reached(id);
      const { endpoint } = privateLink(
        { platform: spec.name, names, peer, serviceId: reached.id, link: linkedServices[id] },
        { parent: this, dependsOn: [...sealed, ...reached.ready] },
      );
      register.add("processing", endpoint);
      endpointIds.set(reached.name, ownId(endpoint, names.endpointId(peer)));
    }

    this.endpointIds = Object.fromEntries(endpointIds);
    this.zoneMembers = register.members();
    this.registerOutputs({ endpointIds: this.endpointIds, zoneMembers: this.zoneMembers });
  }

  #reached(service: LinkedServiceId): Reached {
    const { spec, names, resourceGroups, key, registry, auditLog } = this.#args;
    switch (service) {
      case "model-inference": {
        const { ready } = modelAccount(
          { spec, names, key, records: auditLog.destination },
          { parent: this, dependsOn: [resourceGroups.groups.platform] },
        );
        return { name: "cognitiveservices", id: names.modelAccountId, ready };
      }
      case "secrets":
        return {
          name: "keyvault-secrets",
          id: names.vaultId("secrets"),
          ready: this.secretsVault === undefined ? [] : [this.secretsVault],
        };
      case "keys":
        return { name: "keyvault-keys", id: names.vaultId("platform"), ready: [key.vault, key.key] };
      case "registry":
        return { name: "containerregistry", id: names.registryId, ready: [registry] };
      case "logs":
      case "metrics":
        return { name: "monitor", id: names.monitorScopeId, ready: this.#monitorScope() };
    }
  }

  #createSecretsVault(): keyvault.Vault {
    const { spec, names, resourceGroups, auditLog, perimeter } = this.#args;
    const vault = closedVault(
      `${spec.name}-secrets-vault`,
      { names, purpose: "secrets", bypass: "None", tags: this.#tags },
      { parent: this, dependsOn: [resourceGroups.groups.platform] },
    );
    diagnostics(`${spec.name}-secrets-vault`, names.vaultId("secrets"), auditLog.destination, {
      parent: this,
      dependsOn: [vault, ...auditLog.destination.delivery],
    });
    perimeter.enclose({ name: "secrets_vault", id: names.vaultId("secrets"), resource: vault });
    return vault;
  }

  /** What of Azure Monitor the network reaches: the platform's own workspace, and no other, in either direction. */
  #monitorScope(): readonly pulumi.Resource[] {
    const { spec, names, resourceGroups, auditLog } = this.#args;
    const resourceGroupName = names.group("audit");
    const scope = new monitor.PrivateLinkScope(
      `${spec.name}-monitor-scope`,
      {
        scopeName: names.monitorScope,
        resourceGroupName,
        location: "global",
        accessModeSettings: {
          ingestionAccessMode: "PrivateOnly",
          queryAccessMode: "PrivateOnly",
          exclusions: [],
        },
        tags: this.#tags,
      },
      { parent: this, dependsOn: [resourceGroups.groups.audit] },
    );
    const members = auditLog.linked.map(
      ({ what, id, resource }) =>
        new monitor.PrivateLinkScopedResource(
          `${spec.name}-monitor-scope-${what}`,
          { name: names.owned(what), scopeName: names.monitorScope, resourceGroupName, linkedResourceId: id },
          { parent: this, dependsOn: [scope, resource] },
        ),
    );
    return [scope, ...members];
  }
}
