import type { CloudTarget } from "./cloud-target";
import type { Finding } from "./finding";
import { PlatformError } from "./platform-error";

/** What a stack may ask for besides its platform. */
export interface StackOptions {
  /**
   * Who runs Pulumi, where the platform's stores and keys are told to let nobody else administer their contents. Always
   * there on Google Cloud, whose perimeter lets nobody else manage what is in the PHI zone.
   */
  readonly deployerId: string | undefined;
  /** Whether the account's own switches are set as well. */
  readonly guardsAccount: boolean;
  /**
   * Whether nobody, not even the owner of the account, may take back any more that records cannot be deleted before their
   * time. Always so on AWS and Google Cloud; Azure creates no such lock, so that it has to be asked for once the records stand.
   */
  readonly locksRecords: boolean;
}

/** The invariant of a stack's options, which {@link stackOptions} checks. */
export const stackOptionsInvariant = {
  id: "BH-040",
  title: "Options of a stack are ones that can hold.",
  because:
    "A role that does not exist as it is written would shut out Pulumi itself, and a switch that is misspelt would be taken for off.",
} as const;

/** What a deployer's id looks like on a cloud, and how to write one. */
function deployerForm(target: CloudTarget): {
  readonly pattern: RegExp;
  readonly what: string;
  readonly remedy: string;
} {
  switch (target.kind) {
    case "aws":
      // `aws:PrincipalArn` of whoever assumed a role is the role's own ARN, and holds no star.
      return {
        pattern: new RegExp(`^arn:aws(?:-us-gov)?:iam::${target.accountId}:role/[\\w+=,.@/-]+$`),
        what: "the ARN of a role of the account",
        remedy: `Write the ARN of the role that runs Pulumi, arn:aws:iam::${target.accountId}:role/..., and not of a session of it.`,
      };
    case "azure":
      return {
        pattern: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        what: "the object id of a service principal",
        remedy:
          "Write the object id, in lower case, of the service principal or managed identity that runs Pulumi, and not its application id.",
      };
    case "gcp":
      return {
        pattern: /^[a-z][a-z0-9-]{4,28}[a-z0-9]@[a-z][a-z0-9-]{4,28}[a-z0-9]\.iam\.gserviceaccount\.com$/,
        what: "the address of a service account",
        remedy:
          "Write the address of the service account that runs Pulumi, <name>@<project>.iam.gserviceaccount.com.",
      };
  }
}

/**
 * Reads the options of a stack.
 *
 * @param raw what the configuration says, as texts.
 * @throws PlatformError listing every option that is wrong.
 */
export function stackOptions(
  target: CloudTarget,
  {
    deployer,
    guardAccount,
    lockRecords,
  }: Readonly<Record<"deployer" | "guardAccount" | "lockRecords", string | undefined>>,
): StackOptions {
  const found: Finding[] = [];
  const { id } = stackOptionsInvariant;
  const { pattern, what, remedy } = deployerForm(target);
  if (deployer === undefined && target.kind === "gcp") {
    found.push({
      id,
      path: "bulkhead:deployer",
      message:
        "Nothing says who runs Pulumi, so the perimeter around the PHI zone would shut Pulumi out as soon as it stands.",
      remedy,
    });
  }
  if (deployer !== undefined && !pattern.test(deployer)) {
    found.push({
      id,
      path: "bulkhead:deployer",
      message: `\`${deployer}\` is not ${what}.`,
      remedy,
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
  const isLockedAnyway = target.kind !== "azure";
  if (lockRecords !== undefined && isLockedAnyway) {
    found.push({
      id,
      path: "bulkhead:lockRecords",
      message: `Records on ${target.kind} are locked from the beginning.`,
      remedy: "Leave it out.",
    });
  } else if (lockRecords !== undefined && lockRecords !== "true" && lockRecords !== "false") {
    found.push({
      id,
      path: "bulkhead:lockRecords",
      message: `\`${lockRecords}\` is neither true nor false.`,
      remedy: "Write true once the platform stands, and leave it out before.",
    });
  }
  if (found.length > 0) {
    throw new PlatformError("The stack's configuration", found);
  }
  return {
    deployerId: deployer,
    guardsAccount: guardAccount === "true",
    locksRecords: isLockedAnyway || lockRecords === "true",
  };
}
