import * as pulumi from "@pulumi/pulumi";

/**
 * Switches that close ways out for a whole account, whatever else is in it. They are opt-in, because others may live in
 * the account, and protected, because taking them away opens it again.
 */
export abstract class AccountGuardrails extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:account:AccountGuardrails";
}
