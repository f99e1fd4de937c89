import * as projects from "@pulumi/gcp/projects";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import type { PhysicalNames, ProjectZone } from "./physical-names";
import { requiredApis } from "./required-apis";

export interface GcpProjectServicesArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
}

/**
 * The APIs of the platform's projects on Google Cloud. What is enabled already is taken as it is, and nothing is disabled
 * when the platform goes: others in the project may use it.
 */
export class GcpProjectServices extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:ProjectServices";

  /** What must stand before anything is created in a zone's project; nothing for a zone that the platform has not. */
  readonly enabled: Readonly<Record<ProjectZone, readonly pulumi.Resource[]>>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, { spec, names }: GcpProjectServicesArgs, opts: pulumi.ComponentResourceOptions) {
    super(GcpProjectServices.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    const register = new ZoneRegister();
    const { projectZones } = names;
    const enable = (zone: ProjectZone): readonly pulumi.Resource[] =>
      (projectZones.includes(zone) ? requiredApis(zone, spec) : []).map((service) =>
        register.add(
          zone,
          new projects.Service(
            `${spec.name}-${zone}-${service.replace(/\.googleapis\.com$/, "")}`,
            {
              project: names.project(zone),
              service,
              disableOnDestroy: false,
              disableDependentServices: false,
            },
            { parent: this },
          ),
        ),
      );
    this.enabled = {
      gateway: enable("gateway"),
      processing: enable("processing"),
      egress: enable("egress"),
      phi: enable("phi"),
    };
    this.zoneMembers = register.members();
    this.registerOutputs({
      services: Object.fromEntries(projectZones.map((zone) => [zone, requiredApis(zone, spec)])),
      zoneMembers: this.zoneMembers,
    });
  }
}
