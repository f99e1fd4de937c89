import type { CloudKind } from "./cloud-target";
import { dataStoreKinds, type DataStoreKind } from "./data-store";

/** What a name is made from, besides the platform's. */
export type NamedConcept =
  | { readonly kind: "platform" }
  | { readonly kind: "workload" }
  | { readonly kind: "native-provider" }
  | { readonly kind: "data-store"; readonly of: DataStoreKind };

/** A cloud's limit on a name that the renderers derive from the platform's name and an id. */
export interface NameLimit {
  readonly cloud: CloudKind;
  readonly resource: string;
  readonly concept: NamedConcept;
  /** The derived name, without what Pulumi appends to make it unique. */
  readonly name: (platform: string, id: string) => string;
  readonly longest: number;
  /** Where the limit is written down. */
  readonly source: string;
}

/** `-` and seven hexadecimal digits, which Pulumi appends to a physical name (Pulumi docs, "Autonaming"). */
const autonaming = 8;

const hyphenated = (platform: string, id: string): string => `${platform}-${id}`;

/** The tightest limits of each cloud; a name that fits these fits the rest. */
export const nameLimits: readonly NameLimit[] = [
  {
    cloud: "aws",
    resource: "load balancer",
    concept: { kind: "platform" },
    name: (platform) => `${platform}-passthrough`,
    longest: 32,
    source: "Elastic Load Balancing API reference, CreateLoadBalancer",
  },
  {
    cloud: "aws",
    resource: "IAM role",
    concept: { kind: "workload" },
    name: (platform, id) => `${platform}-${id}.execution`,
    longest: 64,
    source: "IAM user guide, IAM object quotas",
  },
  {
    cloud: "aws",
    resource: "S3 bucket",
    concept: { kind: "data-store", of: "document" },
    // Buckets share one name space over all accounts, so the account and the region are part of the name.
    name: (platform, id) => `${platform}-${id}-${"0".repeat(12)}-ap-southeast-1`,
    longest: 63,
    source: "Amazon S3 user guide, Bucket naming rules",
  },
  {
    cloud: "aws",
    resource: "S3 bucket of audit records",
    concept: { kind: "platform" },
    name: (platform) => `${platform}-audit-records-${"0".repeat(12)}-ap-southeast-1`,
    longest: 63,
    source: "Amazon S3 user guide, Bucket naming rules",
  },
  {
    cloud: "aws",
    resource: "OpenSearch Serverless collection",
    concept: { kind: "data-store", of: "vector" },
    name: hyphenated,
    longest: 32,
    source: "OpenSearch Serverless API reference, CreateCollection",
  },
  {
    cloud: "aws",
    resource: "guardrail",
    concept: { kind: "native-provider" },
    name: hyphenated,
    longest: 50,
    source: "Amazon Bedrock API reference, CreateGuardrail",
  },
  // Names that are unique over all of Azure are cut to their length, and end in a hash (ADR 10); a private endpoint's is not.
  ...dataStoreKinds.map((kind): NameLimit => ({
    cloud: "azure",
    resource: "private endpoint",
    concept: { kind: "data-store", of: kind },
    name: (platform, id) => `${platform}-${id}-endpoint`,
    longest: 64,
    source: "Azure resource naming rules, Microsoft.Network",
  })),
  {
    cloud: "azure",
    resource: "container group",
    concept: { kind: "workload" },
    name: hyphenated,
    longest: 63,
    source: "Azure resource naming rules, Microsoft.ContainerInstance",
  },
  {
    cloud: "gcp",
    resource: "service account",
    concept: { kind: "workload" },
    name: hyphenated,
    longest: 30,
    source: "IAM documentation, Create service accounts",
  },
  {
    cloud: "gcp",
    resource: "storage bucket",
    concept: { kind: "data-store", of: "document" },
    name: hyphenated,
    longest: 63 - autonaming,
    source: "Cloud Storage documentation, About buckets",
  },
];
