import * as orgpolicy from "@pulumi/gcp/orgpolicy";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { AccountGuardrails } from "../account-guardrails";

import type { PhysicalNames, ProjectZone } from "./physical-names";

export interface GcpAccountGuardrailsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** The names of the models that may be called, as the native providers of the model name them. */
  readonly models: readonly string[];
}

const everyProject: readonly ProjectZone[] = ["gateway", "processing", "egress", "phi"];

/** What has no way to the Internet at all. Secure Web Proxy reaches it by a Cloud NAT that Google makes for it. */
const withoutInternet: readonly ProjectZone[] = ["gateway", "processing", "phi"];

/** A constraint of the organisation policy service, set on whole projects. */
interface Guardrail {
  /** Its name with Google Cloud ("Organization policy constraints"). */
  readonly constraint: string;
  /** Switched on, or a list of which nothing is allowed, or only some. */
  readonly rule: "enforce" | "deny-all" | { readonly allowed: readonly string[] };
  readonly on: readonly ProjectZone[];
}

function guardrails(models: readonly string[]): readonly Guardrail[] {
  return [
    { constraint: "compute.disableInternetNetworkEndpointGroup", rule: "enforce", on: everyProject },
    { constraint: "compute.disableVpcExternalIpv6", rule: "enforce", on: everyProject },
    { constraint: "compute.restrictCloudNATUsage", rule: "deny-all", on: withoutInternet },
    { constraint: "compute.restrictVpnPeerIPs", rule: "deny-all", on: everyProject },
    { constraint: "compute.skipDefaultNetworkCreation", rule: "enforce", on: everyProject },
    { constraint: "compute.vmCanIpForward", rule: "deny-all", on: everyProject },
    { constraint: "compute.vmExternalIpAccess", rule: "deny-all", on: everyProject },
    { constraint: "iam.automaticIamGrantsForDefaultServiceAccounts", rule: "enforce", on: everyProject },
    { constraint: "iam.disableServiceAccountKeyCreation", rule: "enforce", on: everyProject },
    { constraint: "iam.disableServiceAccountKeyUpload", rule: "enforce", on: everyProject },
    { constraint: "sql.restrictPublicIp", rule: "enforce", on: everyProject },
    { constraint: "storage.publicAccessPrevention", rule: "enforce", on: everyProject },
    { constraint: "storage.uniformBucketLevelAccess", rule: "enforce", on: everyProject },
    // No network of the egress zone is peered with another, and the PHI zone has none.
    { constraint: "compute.restrictVpcPeering", rule: "deny-all", on: ["egress", "phi"] },
    {
      constraint: "vertexai.allowedModels",
      rule: { allowed: models.map((model) => `publishers/google/models/${model}:predict`) },
      on: ["processing"],
    },
  ];
}

/**
 * The projects' own switches on Google Cloud: organisation policies that close ways out whatever else is in the projects.
 * Each is set on the platform's projects and binds no other. Taking one away switches it off, so each is protected.
 */
export class GcpAccountGuardrails extends AccountGuardrails {
  constructor(
    name: string,
    { spec, names, models }: GcpAccountGuardrailsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super(AccountGuardrails.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    for (const { constraint, rule, on } of guardrails(models)) {
      for (const zone of on.filter((one) => names.projectZones.includes(one))) {
        const parent = `projects/${names.project(zone)}`;
        new orgpolicy.Policy(
          `${spec.name}-${zone}-${constraint.replaceAll(".", "-").toLowerCase()}`,
          {
            name: `${parent}/policies/${constraint}`,
            parent,
            spec: {
              inheritFromParent: false,
              // Booleans of the service are texts.
              rules: [
                rule === "enforce"
                  ? { enforce: "TRUE" }
                  : rule === "deny-all"
                    ? { denyAll: "TRUE" }
                    : { values: { allowedValues: [...rule.allowed] } },
              ],
            },
          },
          { parent: this, protect: true },
        );
      }
    }
    this.registerOutputs({});
  }
}
