import * as bedrock from "@pulumi/aws/bedrock";
import type * as kms from "@pulumi/aws/kms";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { idOrUrn } from "../id-or-urn";
import type { NamedGuardrails } from "../mesh/pod";
import { zoneTags } from "../zone-facts";

import { guardedProviders, type GuardedProvider } from "./guarded-models";
import { guardrailSettings } from "./guardrail-settings";
import type { PhysicalNames } from "./physical-names";
import { clientsOf } from "./service-grants";

export interface AwsModelGuardrailsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly key: kms.Key;
}

/**
 * The guardrails of Bedrock: one for each native provider, under the platform's key, with a version that nobody changes. A
 * guardrail takes part only in calls that name it, so that policies let through no other call of the provider's models.
 *
 * What is changed about a guardrail makes another version of it, which policies then ask for. A program that still names
 * the one before is refused until its new task runs.
 */
export class AwsModelGuardrails extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:aws:ModelGuardrails";

  /** The guardrails that callers have to name: their ARNs and versions, by the id of the provider. */
  readonly named: pulumi.Output<NamedGuardrails>;
  readonly #args: AwsModelGuardrailsArgs;

  constructor(name: string, args: AwsModelGuardrailsArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(AwsModelGuardrails.__pulumiType, name, { cloud: "aws", platform: spec.name }, opts);
    this.#args = args;
    this.named = pulumi.all(
      Object.fromEntries(
        guardedProviders(spec).map((provider) => [provider.id, pulumi.output(this.#guardrail(provider))]),
      ),
    );
    this.registerOutputs({ named: this.named });
  }

  #guardrail(provider: GuardedProvider): {
    readonly identifier: pulumi.Output<string>;
    readonly version: pulumi.Output<string>;
  } {
    const { spec, names, key } = this.#args;
    const { id } = provider;
    const settings = guardrailSettings(provider, spec.inspection);
    const guardrail = new bedrock.Guardrail(
      `${spec.name}-${id}-guardrail`,
      {
        name: names.guardrail(id),
        description: `What ${id} is asked and answers`,
        kmsKeyArn: key.arn,
        ...settings,
        tags: zoneTags(spec.name, sharedZone),
      },
      { parent: this },
    );
    const version = new bedrock.GuardrailVersion(
      `${spec.name}-${id}-guardrail-version`,
      {
        guardrailArn: guardrail.guardrailArn,
        description: `Settings ${stableHash(JSON.stringify(settings)).toString(16).padStart(8, "0")}`,
        // A guardrail has twenty versions at most (Amazon Bedrock user guide, "Quotas").
        skipDestroy: false,
      },
      { parent: this, replaceOnChanges: ["description"] },
    );
    return {
      identifier: idOrUrn(guardrail.guardrailArn, guardrail),
      version: idOrUrn(version.version, version),
    };
  }
}

/** The guardrails that a workload has to name: those of the platform, or none where no flow leads it to the cloud's own models. */
export function guardrailsFor(
  workload: Workload,
  spec: PlatformSpec,
  guardrails: pulumi.Output<NamedGuardrails>,
): pulumi.Output<NamedGuardrails> {
  return clientsOf("model-inference", spec).includes(workload)
    ? guardrails
    : pulumi.output<NamedGuardrails>({});
}
