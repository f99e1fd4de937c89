import type { MissingSeal } from "../fact";

import { platformLicences, platformMetadata } from "./platform-tags";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";

/** What Azure's host answers to whatever is in a subnet of the PHI zone, which asks it for nothing. */
export function hostSeals(groups: SecurityGroups, subnets: Subnets): readonly MissingSeal[] {
  return subnets.all
    .filter(({ zone }) => zone === "phi")
    .flatMap((subnet) =>
      [platformMetadata, platformLicences]
        .filter((tag) => !groups.deniesOnSubnet(subnet, tag))
        .map(({ text }) => ({
          urn: subnet.urn,
          label: subnet.label,
          platform: subnet.platform,
          what: `No rule for ${text} denies what is in it Azure's own service, which no other rule denies.`,
          remedy: `Let its network security group deny ${text} outbound.`,
        })),
    );
}
