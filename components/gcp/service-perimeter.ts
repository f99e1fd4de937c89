import * as accesscontextmanager from "@pulumi/gcp/accesscontextmanager";
import type { accesscontextmanager as perimeters } from "@pulumi/gcp/types/input";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { ownId } from "../own-id";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import { deployerCrossing, storeCrossings, type Crossing, type Operation } from "./perimeter-policies";
import type { PerimeterName, PhysicalNames, ProjectZone } from "./physical-names";
import { restrictedServices } from "./restricted-services";

export interface GcpServicePerimeterArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The address of the service account that runs Pulumi. */
  readonly deployer: string;
  /** What must stand before a perimeter names it: the workloads' service accounts. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** The zones whose projects a perimeter encloses. */
function enclosed(perimeter: PerimeterName, names: PhysicalNames): readonly ProjectZone[] {
  return perimeter === "phi" ? ["phi"] : names.networkedZones;
}

function operationsOf(operations: readonly Operation[]): {
  readonly serviceName: string;
  readonly methodSelectors: { readonly method?: string; readonly permission?: string }[];
}[] {
  return operations.map(({ serviceName, methodSelectors }) => ({
    serviceName,
    methodSelectors: [...methodSelectors],
  }));
}

/**
 * The service perimeters on Google Cloud: one around the projects of gateway and processing, and of egress where there is
 * one, and one around that of the PHI zone. Both are enforced from the beginning, restrict every service of one literal list, and let networks call no other.
 *
 * Into the PHI zone go the calls of the flows to its data stores, each for one identity, from the processing zone's project
 * alone, and those of who runs Pulumi from there. Out of it goes nothing. Out of the platform's goes what is let into the PHI
 * zone, and into it nothing. No access level lets anybody in from elsewhere, and no bridge joins a perimeter with another.
 *
 * Each perimeter has one owner of all that it enforces, and cannot be deleted.
 */
export class GcpServicePerimeter extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:ServicePerimeter";

  /** The names of the perimeters. */
  readonly perimeterIds: Readonly<Record<PerimeterName, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** What must stand before a data store does. */
  readonly sealed: readonly pulumi.Resource[];

  constructor(name: string, args: GcpServicePerimeterArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, deployer } = args;
    super(GcpServicePerimeter.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const crossings = [...storeCrossings(spec, names), deployerCrossing(deployer)];
    const source = { resource: names.projectByNumber("processing") };
    const destination = { resources: [names.projectByNumber("phi")] };
    const phi = register.add(
      "phi",
      this.#create("phi", args, {
        egressPolicies: [],
        ingressPolicies: crossings.map(({ title, identity, operations }: Crossing) => ({
          title,
          ingressFrom: { identities: [identity], sources: [source] },
          ingressTo: { ...destination, operations: operationsOf(operations) },
        })),
      }),
    );
    const platform = register.add(
      "processing",
      this.#create("platform", args, {
        egressPolicies: crossings.map(({ title, identity, operations }: Crossing) => ({
          title,
          egressFrom: {
            identities: [identity],
            // Sources are not heard otherwise.
            sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
            sources: [source],
          },
          egressTo: { ...destination, operations: operationsOf(operations) },
        })),
        ingressPolicies: [],
      }),
    );
    this.sealed = [phi, platform];
    this.perimeterIds = {
      platform: ownId(platform, names.perimeter("platform")),
      phi: ownId(phi, names.perimeter("phi")),
    };
    this.zoneMembers = register.members();
    this.registerOutputs({ perimeterIds: this.perimeterIds, deployer, zoneMembers: this.zoneMembers });
  }

  #create(
    perimeter: PerimeterName,
    { spec, names, dependsOn }: GcpServicePerimeterArgs,
    policies: Pick<perimeters.ServicePerimeterStatus, "egressPolicies" | "ingressPolicies">,
  ): accesscontextmanager.ServicePerimeter {
    return new accesscontextmanager.ServicePerimeter(
      `${spec.name}-${perimeter}-perimeter`,
      {
        parent: names.accessPolicy,
        name: names.perimeter(perimeter),
        title: names.owned(perimeter),
        perimeterType: "PERIMETER_TYPE_REGULAR",
        // A perimeter with a specification to try out enforces only what its status says.
        useExplicitDryRunSpec: false,
        status: {
          resources: enclosed(perimeter, names).map((zone) => names.projectByNumber(zone)),
          restrictedServices: [...restrictedServices],
          vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
          accessLevels: [],
          ...policies,
        },
      },
      { parent: this, protect: true, dependsOn: [...dependsOn] },
    );
  }
}
