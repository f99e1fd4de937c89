import * as verifiedpermissions from "@pulumi/aws/verifiedpermissions";
import * as pulumi from "@pulumi/pulumi";

import { accessDocument } from "../../model/access-document";
import { schemaInJson } from "../../model/cedar-validator";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { zoneTags, ZoneRegister, type ZoneMembers } from "../zone-facts";

export interface AwsPolicyStoreArgs {
  /** The platform, which has a decision point. */
  readonly spec: PlatformSpec;
}

/**
 * The access policy in Amazon Verified Permissions: the same schema and the same policies as those that the decision points
 * evaluate, each under its own id in its description. A policy that the schema does not allow is refused when it is
 * deployed, and nobody deletes the store.
 *
 * The platform does not ask it: its decision points decide in their own process, and no zone has a way to the service. It is
 * for the hospital's other applications, and shows whoever reads the account what is in force (Verified Permissions user
 * guide, "Policy stores").
 */
export class AwsPolicyStore extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:aws:PolicyStore";

  /** The id of the store. */
  readonly storeId: pulumi.Output<string>;
  readonly zoneMembers: ZoneMembers;

  constructor(name: string, args: AwsPolicyStoreArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(AwsPolicyStore.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    const { schema, policies } = accessDocument(spec).cedar;
    const store = new verifiedpermissions.PolicyStore(
      `${spec.name}-access-policies`,
      {
        description: `Who may do what on ${spec.name}`,
        validationSettings: { mode: "STRICT" },
        deletionProtection: "ENABLED",
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this },
    );
    const validator = new verifiedpermissions.Schema(
      `${spec.name}-access-schema`,
      { policyStoreId: store.id, definition: { value: schemaInJson(schema) } },
      { parent: this },
    );
    for (const [id, statement] of Object.entries(policies)) {
      new verifiedpermissions.Policy(
        `${spec.name}-access-policy-${id}`,
        { policyStoreId: store.id, definition: { static: { description: id, statement } } },
        // Without the schema nothing would be found wrong with it.
        { parent: this, dependsOn: [validator] },
      );
    }
    this.storeId = store.id;
    this.zoneMembers = new ZoneRegister().members();
    this.registerOutputs({ storeId: this.storeId, zoneMembers: this.zoneMembers });
  }
}
