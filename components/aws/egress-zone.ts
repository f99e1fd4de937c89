import type * as kms from "@pulumi/aws/kms";
import type * as pulumi from "@pulumi/pulumi";

import type { SubnetLetter } from "../../model/address-plan";
import { egressGuardId } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";
import type { EgressPlace, NamedGuardrails } from "../mesh/pod";

import type { AwsAuditLog } from "./audit-log";
import { AwsEgressInspection } from "./egress-inspection";
import type { AwsFlowFilters } from "./flow-filters";
import { AwsNameResolution } from "./name-resolution";
import type { PhysicalNames } from "./physical-names";
import { AwsPrivateEndpoints } from "./private-endpoints";
import type { AwsSegmentation } from "./segmentation";

export interface EgressZoneArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly segmentation: AwsSegmentation;
  readonly flowFilters: AwsFlowFilters;
  readonly auditLog: AwsAuditLog;
  /** The names of the availability zones, by their letter. */
  readonly availabilityZones: ReadonlyMap<SubnetLetter, string>;
  /** The key of secrets and of the firewall. */
  readonly key: kms.Key;
  /** The guardrails that calls of the cloud's own models have to name. */
  readonly guardrails: pulumi.Output<NamedGuardrails>;
  readonly deployerId: string | undefined;
  readonly now: Date;
  /** What must stand before anything is put into a zone. */
  readonly sealed: readonly pulumi.Resource[];
}

/** What the egress zone has, and what its guard is told. */
export interface EgressZone {
  readonly inspection: AwsEgressInspection;
  readonly place: EgressPlace;
  /** Where the guard's replicas are registered. */
  readonly targetId: pulumi.Output<string>;
  /** What must stand before the guard runs. */
  readonly ready: readonly pulumi.Resource[];
}

/** All that is in the network of the egress zone but its subnets and filters; `undefined` where a platform has no such zone. */
export function egressZone(
  args: EgressZoneArgs,
  opts: pulumi.ComponentResourceOptions,
): EgressZone | undefined {
  const { spec, names, segmentation, flowFilters, auditLog, sealed } = args;
  const guard = spec.workloads.find(({ id }) => id === egressGuardId);
  const network = segmentation.networks.get("egress");
  if (guard === undefined || network === undefined) {
    return undefined;
  }
  const passage = flowFilters.passageFilterIds.get(guard.id);
  if (passage === undefined) {
    throw new Error(`no filters lead to workload/${guard.id}`);
  }
  const prefix = `${spec.name}-egress`;
  const nameResolution = new AwsNameResolution(
    `${prefix}-name-resolution`,
    {
      spec,
      names,
      network: "egress",
      networkId: network.id,
      isExisting: false,
      recordsId: auditLog.streamIds["name-queries"],
      delivery: auditLog.delivery,
    },
    opts,
  );
  const closed = [...sealed, ...nameResolution.sealed];
  const privateEndpoints = new AwsPrivateEndpoints(
    `${prefix}-private-endpoints`,
    {
      spec,
      names,
      network: "egress",
      networkId: network.id,
      subnetIds: [...segmentation.subnetsFor("egress", "private-endpoint").values()],
      filterIds: flowFilters.egressFilterIds,
      guardrails: args.guardrails,
      sealed: closed,
    },
    opts,
  );
  const inspection = new AwsEgressInspection(
    `${prefix}-inspection`,
    { ...args, guard, passage, network, closed },
    opts,
  );
  return {
    inspection,
    place: {
      keysId: names.guardSecretArn("provider-keys"),
      authorityId: names.guardSecretArn("firewall-authorities"),
      proxy: undefined,
    },
    targetId: inspection.publication.targetId,
    ready: [...closed, ...privateEndpoints.endpoints, ...inspection.ready],
  };
}
