import { z } from "zod";

import type { CloudTarget } from "./cloud-target";
import type { Breach } from "./finding";
import { PlatformError } from "./platform-error";

/** The invariant of the provider's configuration, which {@link assertProviderAccount} checks. */
export const providerAccountInvariant = {
  id: "BH-038",
  title: "The provider is bound to the platform's own account, subscription or project.",
  because:
    "Credentials of another account would otherwise bring the platform up there; and the judge takes the account for the platform's own because the provider checks it, not because the platform says so.",
} as const;

/** What is wrong with the provider's configuration, if anything is. */
function breachOf(target: CloudTarget, allowed: unknown): Breach | undefined {
  switch (target.kind) {
    case "aws": {
      const parsed = z.array(z.string()).safeParse(allowed);
      return parsed.success && parsed.data.length === 1 && parsed.data[0] === target.accountId
        ? undefined
        : {
            path: "aws:allowedAccountIds",
            message:
              allowed === undefined
                ? "The provider may be used in any account."
                : `It is not the platform's account ${target.accountId}, and that alone.`,
            remedy: `Set it with \`pulumi config set --path 'aws:allowedAccountIds[0]' ${target.accountId}\`.`,
          };
    }
    case "azure":
      return typeof allowed === "string" && allowed.toLowerCase() === target.subscriptionId
        ? undefined
        : {
            path: "azure-native:subscriptionId",
            message:
              allowed === undefined
                ? "The provider takes the subscription from whoever is signed in."
                : `It is not the platform's subscription ${target.subscriptionId}.`,
            remedy: `Set it with \`pulumi config set azure-native:subscriptionId ${target.subscriptionId}\`.`,
          };
    case "gcp": {
      const { id } = target.projects.processing;
      return allowed === id
        ? undefined
        : {
            path: "gcp:project",
            message:
              allowed === undefined
                ? "The provider takes the project from whoever is signed in."
                : `It is not the processing zone's project ${id}.`,
            remedy: `Set it with \`pulumi config set gcp:project ${id}\`.`,
          };
    }
  }
}

/**
 * Checks that the provider is bound to the platform's account, subscription or project.
 *
 * @param allowed what the provider's configuration says: `aws:allowedAccountIds`, `azure-native:subscriptionId` or
 * `gcp:project`.
 * @throws PlatformError unless that is the platform's, and no other.
 */
export function assertProviderAccount(target: CloudTarget, allowed: unknown): void {
  const breach = breachOf(target, allowed);
  if (breach !== undefined) {
    throw new PlatformError("The stack's configuration", [{ id: providerAccountInvariant.id, ...breach }]);
  }
}
