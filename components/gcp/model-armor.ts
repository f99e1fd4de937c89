import * as dataloss from "@pulumi/gcp/dataloss";
import * as modelarmor from "@pulumi/gcp/modelarmor";
import * as projects from "@pulumi/gcp/projects";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { recordNumberExpression } from "../record-number-expression";
import { ZoneRegister, type ZoneMembers } from "../zone-facts";

import { screening } from "./model-screening";
import type { PhysicalNames } from "./physical-names";
import type { GcpProjectServices } from "./project-services";

export interface GcpModelArmorArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
}

/** What the detector of identifiers is called after the platform's name. */
const detector = "identifiers";

/**
 * The identifiers of HIPAA's Safe Harbor (45 CFR §164.514(b)(2)) that Sensitive Data Protection knows, by its names of them
 * (Sensitive Data Protection documentation, "InfoType detector reference"). Of dates birthdays alone count: every history has
 * others.
 */
const identifiers = [
  "CREDIT_CARD_NUMBER",
  "DATE_OF_BIRTH",
  "EMAIL_ADDRESS",
  "FINANCIAL_ACCOUNT_NUMBER",
  "IBAN_CODE",
  "IP_ADDRESS",
  "MAC_ADDRESS",
  "MEDICAL_RECORD_NUMBER",
  "PASSPORT",
  "PERSON_NAME",
  "PHONE_NUMBER",
  "STREET_ADDRESS",
  "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
  "UK_NATIONAL_INSURANCE_NUMBER",
  "UK_TAXPAYER_REFERENCE",
  "URL",
  "US_DEA_NUMBER",
  "US_DRIVERS_LICENSE_NUMBER",
  "US_HEALTHCARE_NPI",
  "US_INDIVIDUAL_TAXPAYER_IDENTIFICATION_NUMBER",
  "US_MEDICARE_BENEFICIARY_ID_NUMBER",
  "US_SOCIAL_SECURITY_NUMBER",
  "VEHICLE_IDENTIFICATION_NUMBER",
] as const;

/**
 * How sure a filter has to be of harm. Clinical texts speak of bodies, injuries and drugs: of these it has to be surest.
 */
const harms = [
  { filterType: "DANGEROUS", confidenceLevel: "HIGH" },
  { filterType: "HARASSMENT", confidenceLevel: "MEDIUM_AND_ABOVE" },
  { filterType: "HATE_SPEECH", confidenceLevel: "MEDIUM_AND_ABOVE" },
  { filterType: "SEXUALLY_EXPLICIT", confidenceLevel: "HIGH" },
] as const;

/**
 * Who screens, with the roles by which it does: Vertex AI has Model Armor screen (Model Armor documentation, "Integration with
 * Vertex AI"), which has Sensitive Data Protection find identifiers ("Sensitive Data Protection filter").
 */
const agents = {
  aiplatform: ["roles/modelarmor.user"],
  modelarmor: ["roles/dlp.reader", "roles/dlp.user"],
} as const;

/**
 * Model Armor before the cloud's own models: the floor of the processing zone's project, by which every request to generate
 * from Gemini, and every answer, is screened and blocked, whoever asks and whatever the caller says. Nothing of it is logged,
 * since the log would hold prompts.
 *
 * It cannot give a prompt back without its identifiers, so that `redact` blocks as well.
 */
export class GcpModelArmor extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:gcp:ModelArmor";

  readonly zoneMembers: ZoneMembers;
  readonly #args: GcpModelArmorArgs;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: GcpModelArmorArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(GcpModelArmor.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const findsPhi = screening(spec) === "attacks-and-phi";
    const found = findsPhi ? [...this.#agent("modelarmor"), this.#detector()] : [];
    this.#floor(findsPhi, [...this.#agent("aiplatform"), ...found]);
    this.zoneMembers = this.#register.members();
    this.registerOutputs({ zoneMembers: this.zoneMembers });
  }

  #floor(findsPhi: boolean, dependsOn: readonly pulumi.Resource[]): void {
    const { spec, names } = this.#args;
    this.#register.add(
      "processing",
      new modelarmor.Floorsetting(
        `${spec.name}-model-floor`,
        {
          parent: `projects/${names.project("processing")}`,
          location: "global",
          enableFloorSettingEnforcement: true,
          integratedServices: ["AI_PLATFORM"],
          aiPlatformFloorSetting: { inspectAndBlock: true, enableCloudLogging: false },
          floorSettingMetadata: { multiLanguageDetection: { enableMultiLanguageDetection: true } },
          filterConfig: {
            piAndJailbreakFilterSettings: {
              filterEnforcement: "ENABLED",
              confidenceLevel: "MEDIUM_AND_ABOVE",
            },
            maliciousUriFilterSettings: { filterEnforcement: "ENABLED" },
            raiSettings: { raiFilters: harms.map((harm) => ({ ...harm })) },
            ...(findsPhi
              ? {
                  sdpSettings: {
                    advancedConfig: {
                      inspectTemplate: names.locatedId("processing", "inspectTemplates", detector),
                    },
                  },
                }
              : {}),
          },
        },
        { parent: this, dependsOn: [...dependsOn] },
      ),
    );
  }

  /** What identifiers look like: those that are known anyway, and the hospital's own record numbers. */
  #detector(): dataloss.PreventionInspectTemplate {
    const { spec, names, projectServices } = this.#args;
    return this.#register.add(
      "processing",
      new dataloss.PreventionInspectTemplate(
        `${spec.name}-${detector}`,
        {
          // Model Armor uses none of another region.
          parent: `projects/${names.project("processing")}/locations/${names.region}`,
          templateId: names.owned(detector),
          displayName: names.owned(detector),
          description: "What says who a patient is",
          inspectConfig: {
            infoTypes: identifiers.map((one) => ({ name: one })),
            customInfoTypes: spec.inspection.recordNumbers.map(({ id, form }) => ({
              infoType: { name: `RECORD_NUMBER_${id.toUpperCase()}` },
              regex: { pattern: recordNumberExpression(form) },
              likelihood: "LIKELY",
            })),
            minLikelihood: "POSSIBLE",
            includeQuote: false,
          },
        },
        { parent: this, dependsOn: [...projectServices.enabled.processing] },
      ),
    );
  }

  /** The agent of a service in the project, with what it may do there. */
  #agent(service: keyof typeof agents): readonly pulumi.Resource[] {
    const { spec, names, projectServices } = this.#args;
    const project = names.project("processing");
    const agent = this.#register.add(
      "processing",
      new projects.ServiceIdentity(
        `${spec.name}-processing-${service}-agent`,
        { project, service: `${service}.googleapis.com` },
        { parent: this, dependsOn: [...projectServices.enabled.processing] },
      ),
    );
    const number = names.projectNumber("processing");
    return agents[service].map(
      (role) =>
        new projects.IAMMember(
          `${spec.name}-processing-${service}-${role.replace(/^roles\//, "").replace(".", "-")}`,
          {
            project,
            role,
            member: `serviceAccount:service-${number}@gcp-sa-${service}.iam.gserviceaccount.com`,
          },
          { parent: this, dependsOn: [agent] },
        ),
    );
  }
}
