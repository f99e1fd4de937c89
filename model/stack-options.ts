import type { AwsTarget } from "./cloud-target";
import type { Finding } from "./finding";
import { PlatformError } from "./platform-error";

/** What a stack may ask for besides its platform. */
export interface StackOptions {
  /** Who runs Pulumi, where the platform's stores and keys are told to let nobody else administer their contents. */
  readonly deployerId: string | undefined;
  /** Whether the account's own switches are set as well. */
  readonly guardsAccount: boolean;
}

/** The invariant of a stack's options, which {@link stackOptions} checks. */
export const stackOptionsInvariant = {
  id: "BH-040",
  title: "Options of a stack are ones that can hold.",
  because:
    "A role that does not exist as it is written would shut out Pulumi itself, and a switch that is misspelt would be taken for off.",
} as const;

/**
 * Reads the options of a stack on AWS.
 *
 * @param raw what the configuration says, as texts.
 * @throws PlatformError listing every option that is wrong.
 */
export function stackOptions(
  { accountId }: AwsTarget,
  {
    deployer,
    guardAccount,
  }: { readonly deployer: string | undefined; readonly guardAccount: string | undefined },
): StackOptions {
  const found: Finding[] = [];
  const { id } = stackOptionsInvariant;
  // `aws:PrincipalArn` of whoever assumed a role is the role's own ARN, and holds no star.
  if (
    deployer !== undefined &&
    !new RegExp(`^arn:aws(?:-us-gov)?:iam::${accountId}:role/[\\w+=,.@/-]+$`).test(deployer)
  ) {
    found.push({
      id,
      path: "bulkhead:deployer",
      message: `\`${deployer}\` is not the ARN of a role of the account.`,
      remedy: `Write the ARN of the role that runs Pulumi, arn:aws:iam::${accountId}:role/..., and not of a session of it.`,
    });
  }
  if (guardAccount !== undefined && guardAccount !== "true" && guardAccount !== "false") {
    found.push({
      id,
      path: "bulkhead:guardAccount",
      message: `\`${guardAccount}\` is neither true nor false.`,
      remedy: "Write true or false.",
    });
  }
  if (found.length > 0) {
    throw new PlatformError("The stack's configuration", found);
  }
  return { deployerId: deployer, guardsAccount: guardAccount === "true" };
}
