import { z } from "zod";

import type { AwsTarget } from "./cloud-target";
import { PlatformError } from "./platform-error";

/** The invariant of the provider's configuration, which {@link assertProviderAccount} checks. */
export const providerAccountInvariant = {
  id: "BH-038",
  title: "The provider may be used in the platform's own account alone.",
  because:
    "Credentials of another account would otherwise bring the platform up there; and the judge takes the account for the platform's own because the provider checks it, not because the platform says so.",
} as const;

/**
 * Checks that the provider is bound to the platform's account.
 *
 * @param allowed what the provider's configuration says, `aws:allowedAccountIds`.
 * @throws PlatformError unless that is the platform's account, and no other.
 */
export function assertProviderAccount({ accountId }: AwsTarget, allowed: unknown): void {
  const parsed = z.array(z.string()).safeParse(allowed);
  const isBound = parsed.success && parsed.data.length === 1 && parsed.data[0] === accountId;
  if (!isBound) {
    throw new PlatformError("The stack's configuration", [
      {
        id: providerAccountInvariant.id,
        path: "aws:allowedAccountIds",
        message:
          allowed === undefined
            ? "The provider may be used in any account."
            : `It is not the platform's account ${accountId}, and that alone.`,
        remedy: `Set it with \`pulumi config set --path 'aws:allowedAccountIds[0]' ${accountId}\`.`,
      },
    ]);
  }
}
