import type * as pulumi from "@pulumi/pulumi";

import type { CloudTarget, GcpTarget } from "../model/cloud-target";
import type { ClinicianSignIn } from "../model/entrance";
import type { PlatformFile } from "../model/platform-file";

/** How an AWS provider of the program's own is configured. */
export interface AwsProviderSettings {
  /** Its region, such as `us-east-1`. */
  readonly region: string;
  /** The accounts in which it may be used: the platform's, and no other. */
  readonly allowedAccountIds: readonly string[];
}

/** How an Azure provider of the program's own is configured. */
export interface AzureProviderSettings {
  /** Its region, such as `eastus2`. */
  readonly location: string;
  /** The id of the Microsoft Entra tenant. */
  readonly tenantId: string;
  /** The id of the subscription in which it creates: the platform's. */
  readonly subscriptionId: string;
}

/** How a provider of Google Cloud's of the program's own is configured. */
export interface GcpProviderSettings {
  /** Its region, such as `us-central1`. */
  readonly region: string;
  /** The id of the project in which it creates what names none: the processing zone's. */
  readonly project: string;
}

/** How a provider of the program's own is configured. */
export type ProviderSettings = AwsProviderSettings | AzureProviderSettings | GcpProviderSettings;

/**
 * What a program says of its platform in code. Each setting has the name of one of the stack's configuration,
 * `bulkhead:<name>`, which is read where it is left out here. One that both give is refused.
 */
export interface PlatformSettings {
  /**
   * The time, of which it follows which certificates are current. A program reads it once; it is that of the clock when left
   * out.
   */
  readonly now?: Date;
  /**
   * The platform itself, as data. The configuration names a file in its place, YAML or JSON, relative to `Pulumi.yaml`.
   * Where neither says anything it is `referencePlatform`.
   */
  readonly platform?: PlatformFile;
  /** The cloud that is rendered. */
  readonly cloud?: CloudTarget["kind"];
  /** The twelve digits of the AWS account that owns the platform. */
  readonly accountId?: string;
  /** The id of the Azure subscription that owns the platform. */
  readonly subscriptionId?: string;
  /**
   * On AWS two or three availability zones by name, such as `us-east-1a`, over which each zone's subnets are spread. On
   * Azure those over which what has instances is spread: all of `1`, `2` and `3` when left out. On Google Cloud two or
   * three zones of the region by name, such as `us-central1-a`.
   */
  readonly availabilityZones?: readonly string[];
  /** The number of the organisation's access policy, which holds the service perimeters. Google Cloud alone. */
  readonly accessPolicyId?: string;
  /** The projects of the zones, which exist already. Google Cloud alone. */
  readonly projects?: GcpTarget["projects"];
  /**
   * The certificate that the load balancer presents: its ARN with ACM in the platform's account and region, the id of its
   * secret, without a version, in a Key Vault of the platform's subscription, or its name with Certificate Manager in the
   * gateway zone's project.
   */
  readonly edgeCertificate?: string;
  /**
   * The certificate that the load balancer presents to the workloads behind it: its name with Certificate Manager, of scope
   * CLIENT_AUTH. Google Cloud alone, and where the platform does not run its workloads itself.
   */
  readonly edgeClientCertificate?: string;
  /**
   * Certificates in PEM of the authorities whose certificates machine clients present. The configuration names a file
   * in their place.
   */
  readonly machineAuthorities?: string;
  /** Those authorities' lists of revoked certificates, in PEM. The configuration names a file in their place. AWS alone. */
  readonly machineRevocations?: string;
  /**
   * The hosts that those authorities name for questions whether a certificate is revoked (OCSP), such as
   * `ocsp.hospital.example`. Azure alone, whose load balancer asks them.
   */
  readonly machineResponders?: readonly string[];
  /**
   * Certificates in PEM of the authorities whose certificates the workloads behind the load balancer present, up to their
   * roots. The configuration names a file in their place. Azure and Google Cloud, whose load balancers verify them, and
   * where the platform does not run its workloads itself.
   */
  readonly workloadAuthorities?: string;
  /** The hospital's OpenID Connect provider, with which clinicians sign in. */
  readonly clinicianSignIn?: ClinicianSignIn;
  /** The load balancer's secret with that provider. It is kept encrypted, whatever it is given as. AWS alone. */
  readonly clinicianClientSecret?: pulumi.Input<string>;
  /** The id of a VPC or virtual network into which the platform is put; without it the platform has one of its own. */
  readonly existingNetworkId?: string;
  /** The id of that VPC's Internet gateway. On AWS the two go together. */
  readonly existingInternetGatewayId?: string;
  /** The ids with the cloud of FHIR stores that exist already, by the store's id in the platform. */
  readonly existingDataStores?: Readonly<Record<string, string>>;
  /**
   * Who runs Pulumi: the ARN of a role, the object id of a service principal, or the address of a service account. Nobody
   * else then lists documents from outside of the platform; on Google Cloud, where it is needed, nobody else manages what is
   * in the PHI zone.
   */
  readonly deployer?: string;
  /** Whether switches of the whole account are set as well, which bind other stacks too. Off when left out. */
  readonly guardAccount?: boolean;
  /**
   * Whether audit records are locked, so that nobody can shorten their time any more. Azure alone, where it is switched on
   * once the platform stands, and never off again. Off when left out.
   */
  readonly lockRecords?: boolean;
  /**
   * Needed where the platform is created with a provider of the program's own (`opts.provider` of `Platform`).
   * Otherwise the platform uses the default provider, of which `aws:region` and `aws:allowedAccountIds`, or
   * `azure-native:location`, `azure-native:tenantId` and `azure-native:subscriptionId`, or `gcp:region` and `gcp:project`,
   * say the same.
   */
  readonly provider?: ProviderSettings;
}

/** The settings that the stack's configuration may give in the program's place. */
export const configurableSettings = [
  "platform",
  "cloud",
  "accountId",
  "subscriptionId",
  "availabilityZones",
  "accessPolicyId",
  "projects",
  "edgeCertificate",
  "edgeClientCertificate",
  "machineAuthorities",
  "machineRevocations",
  "machineResponders",
  "workloadAuthorities",
  "clinicianSignIn",
  "clinicianClientSecret",
  "existingNetworkId",
  "existingInternetGatewayId",
  "existingDataStores",
  "deployer",
  "guardAccount",
  "lockRecords",
] as const satisfies readonly Exclude<keyof PlatformSettings, "provider" | "now">[];
