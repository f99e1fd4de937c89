import type * as bedrock from "@pulumi/aws/bedrock";

import type { InspectionPolicy } from "../../model/inspection-policy";
import type { FindingPolicy } from "../../model/llm-provider";
import { recordNumberExpression } from "../record-number-expression";

import type { GuardedProvider } from "./guarded-models";

type Settings = Pick<
  bedrock.GuardrailArgs,
  | "blockedInputMessaging"
  | "blockedOutputsMessaging"
  | "contentPolicyConfig"
  | "sensitiveInformationPolicyConfig"
>;

/** What a guardrail does where it finds PHI: `NONE` is to say so in its trace and let it pass. */
type Action = "BLOCK" | "ANONYMIZE" | "NONE";

const actions = {
  block: "BLOCK",
  redact: "ANONYMIZE",
  allow: "NONE",
} as const satisfies Record<FindingPolicy, Action>;

/** Harm, in what is asked and answered. Clinical texts speak of injuries and bodies: the highest strength would refuse them. */
const harms = ["HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE"] as const;

/**
 * The identifiers of HIPAA's Safe Harbor (45 CFR §164.514(b)(2)) that a guardrail knows, by its names of them (Amazon Bedrock
 * API reference, `GuardrailPiiEntityConfig`). It knows no dates but ages, of which those over 89 alone would count: every
 * history names one, so that ages are left out.
 */
const identifiers = [
  "ADDRESS",
  "CA_HEALTH_NUMBER",
  "CA_SOCIAL_INSURANCE_NUMBER",
  "CREDIT_DEBIT_CARD_NUMBER",
  "DRIVER_ID",
  "EMAIL",
  "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
  "IP_ADDRESS",
  "LICENSE_PLATE",
  "MAC_ADDRESS",
  "NAME",
  "PHONE",
  "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
  "UK_NATIONAL_INSURANCE_NUMBER",
  "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
  "URL",
  "USERNAME",
  "US_BANK_ACCOUNT_NUMBER",
  "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
  "US_PASSPORT_NUMBER",
  "US_SOCIAL_SECURITY_NUMBER",
  "VEHICLE_IDENTIFICATION_NUMBER",
] as const;

/** Numbers that are known by the words before them, whatever forms the hospital's own have. */
const knownNumbers: Readonly<Record<string, string>> = {
  "medical-record-number": String.raw`(?:MRN|mrn|[Mm]edical [Rr]ecord [Nn]umber)[ :#.]{0,3}[A-Za-z]{0,3}-?\d{5,12}`,
  "national-provider-identifier": String.raw`(?:NPI|npi)[ :#.]{0,3}[12]\d{9}`,
};

/** The most expressions that a guardrail takes (Amazon Bedrock API reference, `GuardrailSensitiveInformationPolicyConfig`). */
const mostExpressions = 30;

/**
 * What the guardrail of a native provider does. It blocks harm and attempts to talk a model out of its task in any case;
 * PHI it blocks, replaces or remarks as the provider's policy says, in what is asked and in what is answered.
 *
 * @throws RangeError if the platform has more forms of record numbers than a guardrail takes.
 */
export function guardrailSettings(
  { onFinding }: Pick<GuardedProvider, "onFinding">,
  { recordNumbers }: Pick<InspectionPolicy, "recordNumbers">,
): Settings {
  const action = actions[onFinding];
  const onBoth = {
    action,
    inputAction: action,
    inputEnabled: true,
    outputAction: action,
    outputEnabled: true,
  } as const;
  const expressions = [
    ...Object.entries(knownNumbers),
    ...recordNumbers.map(({ id, form }): [string, string] => [
      `record-number-${id}`,
      recordNumberExpression(form),
    ]),
  ];
  if (expressions.length > mostExpressions) {
    throw new RangeError(
      `A guardrail of Bedrock takes ${String(mostExpressions)} expressions, and the platform has ${String(recordNumbers.length)} forms of record numbers: ` +
        `name ${String(mostExpressions - Object.keys(knownNumbers).length)} at most in inspection.recordNumbers.`,
    );
  }
  return {
    blockedInputMessaging: "The platform's guardrail refused this prompt.",
    blockedOutputsMessaging: "The platform's guardrail refused the model's answer.",
    contentPolicyConfig: {
      // The other tier answers from other regions as well.
      tierConfigs: [{ tierName: "CLASSIC" }],
      filtersConfigs: [
        ...harms.map((type) => ({
          type,
          inputStrength: "MEDIUM",
          inputAction: "BLOCK",
          inputEnabled: true,
          outputStrength: "MEDIUM",
          outputAction: "BLOCK",
          outputEnabled: true,
        })),
        // Attacks are in what is asked; AWS takes no other strength for answers.
        {
          type: "PROMPT_ATTACK",
          inputStrength: "HIGH",
          inputAction: "BLOCK",
          inputEnabled: true,
          outputStrength: "NONE",
        },
      ],
    },
    sensitiveInformationPolicyConfig: {
      piiEntitiesConfigs: identifiers.map((type) => ({ type, ...onBoth })),
      regexesConfigs: expressions.map(([name, pattern]) => ({
        name,
        description: "Numbers by which a patient or a clinician is known",
        pattern,
        ...onBoth,
      })),
    },
  };
}
