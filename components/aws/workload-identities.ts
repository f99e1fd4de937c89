import * as iam from "@pulumi/aws/iam";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { peerTagsOf, zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";
import type { NamedGuardrails } from "../mesh/pod";
import { WorkloadIdentities } from "../workload-identities";

import { idOrUrn } from "../id-or-urn";
import { keyUse } from "./key-use";
import { guardrailsFor } from "./model-guardrails";
import { roleKinds, type PhysicalNames, type RoleKind } from "./physical-names";
import { policyDocument, trustPolicy, type Statement } from "./policy-document";
import { roleActions, roleStatements } from "./service-grants";
import { bucketActions, clientsOfStore, storeActions, storeServices } from "./store-grants";
import { networkOf, networkPrefix, networksOf, type AwsNetwork } from "./zone-network";

export interface AwsWorkloadIdentitiesArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The networks outside of which the identity of a workload in it is worth nothing. */
  readonly networks: ReadonlyMap<
    AwsNetwork,
    { readonly id: pulumi.Output<string>; readonly vpc: pulumi.Resource | undefined }
  >;
  readonly phiKey: kms.Key;
  /** The guardrails that calls of the cloud's own models have to name. */
  readonly guardrails: pulumi.Output<NamedGuardrails>;
  /** What stands for the ARN of each store in a text, by the model's id. */
  readonly storeArns: ReadonlyMap<string, pulumi.Output<string>>;
}

/** What the two roles of a workload are for, in the words of IAM. */
const descriptions: Readonly<Record<RoleKind, string>> = {
  workload: "The identity of",
  execution: "Starts",
};

/**
 * What Fargate does for a task from a network of its own: a condition on the network would keep every task from starting
 * (Amazon ECS developer guide, "Task execution IAM role", "condition keys"). The records go to the workload's own group.
 */
const startedByFargate = ["ecr:GetAuthorizationToken", "logs:CreateLogStream", "logs:PutLogEvents"];

/**
 * The identities of workloads on AWS: two roles each, which may do what the workload's flows name, and a boundary for each
 * kind of role in each network that none can pass: nothing beyond what some flow from there names, and nothing from outside
 * of that network.
 */
export class AwsWorkloadIdentities extends WorkloadIdentities {
  readonly identityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly startingIdentityIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a role may do what it is for. */
  readonly permissions: readonly pulumi.Resource[];
  readonly #args: AwsWorkloadIdentitiesArgs;

  constructor(name: string, args: AwsWorkloadIdentitiesArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names } = args;
    super(WorkloadIdentities.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    const register = new ZoneRegister();
    const boundaries = new Map(
      networksOf(spec).map((network) => [
        network,
        {
          workload: this.#boundary("workload", network),
          execution: this.#boundary("execution", network),
        },
      ]),
    );
    const permissions: pulumi.Resource[] = [];
    const ids = {
      workload: new Map<string, pulumi.Output<string>>(),
      execution: new Map<string, pulumi.Output<string>>(),
    };
    for (const workload of spec.workloads) {
      for (const kind of roleKinds) {
        const logicalName = `${spec.name}-${workload.id}-${kind}`;
        const boundary = boundaries.get(networkOf(workload.zone))?.[kind];
        if (boundary === undefined) {
          throw new Error(`workload/${workload.id} is in no network`);
        }
        const role = register.add(
          workload.zone,
          new iam.Role(
            `${logicalName}-role`,
            {
              name: names.role(workload, kind),
              path: names.path,
              description: `${descriptions[kind]} ${workload.spiffeId}`,
              assumeRolePolicy: trustPolicy(
                "ecs-tasks.amazonaws.com",
                names.accountId,
                names.owned("ecs", "*"),
              ),
              permissionsBoundary: boundary.arn,
              maxSessionDuration: 3600,
              tags: peerTagsOf(spec.name, workload.zone, {
                kind: "workload",
                id: workload.id,
                zone: workload.zone,
              }),
            },
            { parent: this },
          ),
        );
        const statements = this.#statements(workload, kind);
        if (statements !== undefined) {
          permissions.push(
            new iam.RolePolicy(
              `${logicalName}-permission`,
              { role: role.name, policy: statements.apply(policyDocument) },
              { parent: this },
            ),
          );
        }
        ids[kind].set(workload.id, role.arn);
      }
    }
    this.identityIds = Object.fromEntries(ids.workload);
    this.startingIdentityIds = Object.fromEntries(ids.execution);
    this.permissions = permissions;
    this.zoneMembers = register.members();
    this.registerOutputs({
      identityIds: this.identityIds,
      startingIdentityIds: this.startingIdentityIds,
      zoneMembers: this.zoneMembers,
    });
  }

  /** What a role may do, `undefined` if that is nothing: an empty policy is none that AWS takes. */
  #statements(workload: Workload, kind: RoleKind): pulumi.Output<readonly Statement[]> | undefined {
    const { spec, names, phiKey, storeArns, guardrails } = this.#args;
    const stores =
      kind === "workload"
        ? spec.dataStores.filter((store) => clientsOfStore([store], spec).includes(workload))
        : [];
    if (roleActions(workload, kind, spec, names).length === 0 && stores.length === 0) {
      return undefined;
    }
    const placed = stores.map((store) => {
      const arn = storeArns.get(store.id);
      if (arn === undefined) {
        throw new Error(`data-store/${store.id} is not rendered`);
      }
      return arn.apply((known) => ({ ...store, arn: known }));
    });
    const parts = pulumi.all([
      pulumi.all(placed),
      idOrUrn(phiKey.arn, phiKey),
      guardrailsFor(workload, spec, guardrails),
    ]);
    return parts.apply(([known, keyArn, named]) => {
      const services = [...new Set(stores.map((store) => storeServices[store.kind]))].sort();
      const records = known.flatMap(({ id, kind: storeKind, arn }, index): readonly Statement[] => {
        const Sid = `Store${String(index)}`;
        return storeKind === "document"
          ? [
              {
                Sid,
                Effect: "Allow",
                Action: storeActions.document,
                Resource: [`${names.bucketArn(id)}/*`],
              },
              {
                Sid: `${Sid}Names`,
                Effect: "Allow",
                Action: bucketActions,
                Resource: [names.bucketArn(id)],
              },
            ]
          : [
              {
                Sid,
                Effect: "Allow",
                Action: storeActions[storeKind],
                Resource: storeKind === "fhir" ? names.fhirStoreArns(arn) : [arn],
              },
            ];
      });
      return [
        ...roleStatements(workload, kind, spec, names, named),
        ...records,
        ...(services.length === 0
          ? []
          : [
              {
                Sid: "StoresKey",
                Effect: "Allow",
                Action: keyUse,
                Resource: [keyArn],
                Condition: {
                  StringEquals: {
                    "kms:ViaService": services.map((service) => names.serviceHost(service)),
                  },
                },
              } as const,
            ]),
      ];
    });
  }

  /** The most that any role of a kind of the workloads in a network may do. */
  #boundary(kind: RoleKind, network: AwsNetwork): iam.Policy {
    const { spec, names, networks } = this.#args;
    const place = networks.get(network);
    if (place === undefined) {
      throw new Error(`network ${network} is not rendered`);
    }
    const ofServices = spec.workloads
      .filter(({ zone }) => networkOf(zone) === network)
      .flatMap((workload) => roleActions(workload, kind, spec, names));
    const ofStores =
      kind === "execution" || network !== "core"
        ? []
        : spec.dataStores
            .filter((store) => clientsOfStore([store], spec).length > 0)
            .flatMap((store) => [
              ...storeActions[store.kind],
              ...(store.kind === "document" ? bucketActions : []),
              ...keyUse,
            ]);
    const actions = [...new Set([...ofServices, ...ofStores])].sort();
    const networkId = place.vpc === undefined ? place.id : idOrUrn(place.id, place.vpc);
    return new iam.Policy(
      `${networkPrefix(spec.name, network)}-${kind}-boundary`,
      {
        name: names.boundary(kind, network),
        path: names.path,
        description: `The most that a role of kind ${kind} of ${spec.name} may do`,
        policy: networkId.apply((id) =>
          policyDocument([
            ...(actions.length === 0
              ? []
              : [{ Sid: "WhatFlowsName", Effect: "Allow", Action: actions, Resource: ["*"] } as const]),
            {
              Sid: "FromThePlatformsNetworkOnly",
              Effect: "Deny",
              ...(kind === "execution" ? { NotAction: [...startedByFargate] } : { Action: ["*"] }),
              Resource: ["*"],
              // A service that calls another on behalf of the role comes from AWS's own network.
              Condition: {
                StringNotEquals: { "aws:SourceVpc": id },
                BoolIfExists: { "aws:ViaAWSService": "false" },
              },
            },
          ]),
        ),
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this },
    );
  }
}
