/**
 * The components of Bulkhead: one segmented, zero-trust platform for clinical AI, as part of a Pulumi program.
 *
 * `new Platform(configuredPlatform({ ... }))` creates it. What the program creates beside it refers to the platform's
 * outputs, carries `zoneTags`, and is judged together with it by the policy pack.
 *
 * @packageDocumentation
 */

export { configuredPlatform } from "./configured-platform";
export { Platform, type PlatformArgs } from "./platform";
export type {
  AwsProviderSettings,
  AzureProviderSettings,
  GcpProviderSettings,
  PlatformSettings,
  ProviderSettings,
} from "./platform-settings";
export { zoneTags, type Tags } from "./zone-facts";

export { referencePlatform } from "../model/reference-platform";
export { platformSpec, type PlatformSpec } from "../model/platform-spec";
export { PlatformError } from "../model/platform-error";
export type { Breach, Finding, InvariantId } from "../model/finding";
export type {
  AccessPolicyEntry,
  AgentEntry,
  AgreementEntry,
  AuditPolicyEntry,
  CertificatePolicyEntry,
  DataStoreEntry,
  EdgeEntry,
  ExternalProviderEntry,
  FlowEntry,
  LlmProviderTermsEntry,
  NativeModelsEntry,
  NativeProviderEntry,
  NetworkEntry,
  PlatformFile,
  RoleEntry,
  ToolGrantEntry,
  WorkloadEntry,
  ZoneEntry,
} from "../model/platform-file";

export type { AccessPolicy, Agent, NetworkLocation, Role, ToolGrant } from "../model/access-policy";
export type { SubnetPurpose } from "../model/address-plan";
export type { AuditPolicy, AuditRecord } from "../model/audit-policy";
export type { CalendarDate } from "../model/calendar-date";
export type { CertificatePolicy } from "../model/certificate-policy";
export type { AddressFamily, Cidr } from "../model/cidr";
export type { CloudKind } from "../model/cloud-target";
export type { DataStore, DataStoreKind } from "../model/data-store";
export type { Edge, EdgeClient, EdgeMode } from "../model/edge";
export type { ClinicianSignIn } from "../model/entrance";
export type { Directed, Flow, Transport } from "../model/flow";
export type { Image } from "../model/image";
export type {
  Agreement,
  ExternalProvider,
  FindingPolicy,
  LlmProvider,
  NativeProvider,
  ProviderTerms,
} from "../model/llm-provider";
export type {
  DataStorePeer,
  LlmProviderPeer,
  LoadBalancerPeer,
  Peer,
  PlatformServicePeer,
  WorkloadPeer,
  WorldPeer,
  ZonePeer,
} from "../model/peer";
export type { PlatformServiceId } from "../model/platform-service";
export type { SpiffeId } from "../model/spiffe-id";
export type { PlatformPort, Workload } from "../model/workload";
export type { WorkloadZoneId, Zone, ZoneId } from "../model/zone";
