import type { AwsTarget } from "../../model/cloud-target";
import type { PlatformSpec } from "../../model/platform-spec";
import { egressGuardId } from "../../model/egress-guard";
import type { Image } from "../../model/image";
import type { Workload } from "../../model/workload";

import type { KeyPurpose } from "../encryption-keys";
import { streamOfProgram, type ProgramStream, type RecordStream } from "../audit-log";

import { networkPrefix, type AwsNetwork } from "./zone-network";

/**
 * The two roles of a workload: `workload` is its own identity with AWS; `execution` starts it, and so pulls its images and
 * writes its output (Amazon ECS developer guide, "Task execution IAM role"). A workload starts with no secret: its
 * certificate agent reads the one that it has, as the workload.
 */
export const roleKinds = ["workload", "execution"] as const;

export type RoleKind = (typeof roleKinds)[number];

/** What the egress guard alone reads besides its certificates. */
export type GuardSecret = "provider-keys" | "firewall-authorities";

/** The records of a network firewall: what its rules did, every flow, and what came of inspecting TLS (API, `LogDestinationConfig`). */
export const firewallLogs = ["ALERT", "FLOW", "TLS"] as const;

export type FirewallLog = (typeof firewallLogs)[number];

function partitionOf(region: string): string {
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/**
 * Names with AWS, and the ARNs made of them.
 *
 * What a policy names is called by a name of our own choosing, rather than one that Pulumi makes up: policies are then
 * known before anything exists, and a preview can judge them (ADR 10).
 */
export class PhysicalNames {
  readonly #platform: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;

  constructor({ name }: Pick<PlatformSpec, "name">, { region, accountId }: AwsTarget) {
    this.#platform = name;
    this.partition = partitionOf(region);
    this.region = region;
    this.accountId = accountId;
  }

  /** The ARN of something in the platform's region, of the platform's account. */
  owned(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  /** The ARN of something in the platform's region that belongs to AWS itself. */
  ofAws(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}::${resource}`;
  }

  /** The principal that stands for the account: what it is allowed, the account's own policies may give to its roles. */
  get accountRoot(): string {
    return `arn:${this.partition}:iam::${this.accountId}:root`;
  }

  /** The path under which the platform's roles and policies are kept. */
  get path(): string {
    return `/${this.#platform}/`;
  }

  /** The name of a workload's role. No id holds a dot, so no workload's name is that of another's role. */
  role(workload: Pick<Workload, "id">, kind: RoleKind): string {
    const name = `${this.#platform}-${workload.id}`;
    return kind === "workload" ? name : `${name}.execution`;
  }

  roleArn(workload: Pick<Workload, "id">, kind: RoleKind): string {
    return `arn:${this.partition}:iam::${this.accountId}:role${this.path}${this.role(workload, kind)}`;
  }

  keyAlias(purpose: KeyPurpose): string {
    return `alias/${this.#platform}-${purpose}`;
  }

  bucket(id: string): string {
    return `${this.#platform}-${id}-${this.accountId}-${this.region}`;
  }

  bucketArn(id: string): string {
    return `arn:${this.partition}:s3:::${this.bucket(id)}`;
  }

  /** The name by which a bucket is found with the private endpoint (Amazon S3 user guide, "Virtual-hosted-style requests"). */
  bucketHost(id: string): string {
    return `${this.bucket(id)}.${this.serviceHost("s3")}`;
  }

  /** The name under which a service of the region answers (AWS general reference, "Regional endpoints"). */
  serviceHost(service: string): string {
    return `${service}.${this.region}.amazonaws.com`;
  }

  /** The guardrail of a native provider. */
  guardrail(providerId: string): string {
    return `${this.#platform}-${providerId}`;
  }

  /** The name of a FHIR store. */
  fhirStore(id: string): string {
    return `${this.#platform}-${id}`;
  }

  /** The collection of a vector index, and the policies that speak of it. */
  collection(id: string): string {
    return `${this.#platform}-${id}`;
  }

  /** The group into which a stream of audit records is written. WAF takes a group only if its name begins with its own prefix. */
  logGroup(stream: RecordStream): string {
    return stream === "web-firewall"
      ? `aws-waf-logs-${this.#platform}`
      : `/${this.#platform}/records/${stream}`;
  }

  /** The group into which a workload's own output is written. */
  workloadLogGroup({ id }: Pick<Workload, "id">): string {
    return `/${this.#platform}/workload/${id}`;
  }

  /** The group into which what a workload's program prints is written: a stream of records, or with its other output. */
  programLogGroup(workload: Pick<Workload, "id">): string {
    const stream = streamOfProgram(workload);
    return stream === undefined ? this.workloadLogGroup(workload) : this.logGroup(stream);
  }

  /** What copies a stream of records from its group to where it is kept. */
  delivery(stream: ProgramStream): string {
    return `${this.#platform}-${stream}`;
  }

  deliveryArn(stream: ProgramStream): string {
    return this.owned("firehose", `deliverystream/${this.delivery(stream)}`);
  }

  /** The role that hands records over to be kept, or that keeps them. */
  recordsRole(what: "subscription" | "delivery"): string {
    return `${this.#platform}.records-${what}`;
  }

  recordsRoleArn(what: "subscription" | "delivery"): string {
    return `arn:${this.partition}:iam::${this.accountId}:role${this.path}${this.recordsRole(what)}`;
  }

  logGroupArn(name: string): string {
    return this.owned("logs", `log-group:${name}`);
  }

  get trail(): string {
    return `${this.#platform}-trail`;
  }

  /** The group into which ECS writes how the workloads of the platform's cluster do. */
  get clusterMetricsGroup(): string {
    return `/aws/ecs/containerinsights/${this.cluster}/performance`;
  }

  /** The cluster in which the workloads run. */
  get cluster(): string {
    return this.#platform;
  }

  /** The name of what is made of a workload: its task definitions, its metrics and its alarms. */
  ofWorkload({ id }: Pick<Workload, "id">): string {
    return `${this.#platform}-${id}`;
  }

  /** The topic on which alarms are published. */
  get alarmTopic(): string {
    return `${this.#platform}-alarms`;
  }

  /** The secret that holds a workload's certificates with their keys. */
  credential({ id }: Pick<Workload, "id">): string {
    return `${this.#platform}/${id}/certificates`;
  }

  /** The ARN of that secret but for the characters with which AWS ends it, which Secrets Manager finds it by as well. */
  credentialArn(workload: Pick<Workload, "id">): string {
    return this.owned("secretsmanager", `secret:${this.credential(workload)}`);
  }

  /** The secrets of one workload. */
  secretArns({ id }: Pick<Workload, "id">): string {
    return this.owned("secretsmanager", `secret:${this.#platform}/${id}/*`);
  }

  /** The namespace of the platform's metrics. */
  get metricNamespace(): string {
    return this.#platform;
  }

  /** The role that writes the network's flows. */
  get networkFlowsRole(): string {
    return `${this.#platform}.network-flows`;
  }

  /** The limit of what the roles of a kind, or of the platform's own parts, may ever be allowed. */
  boundary(of: RoleKind | "component", network: AwsNetwork = "core"): string {
    return `${networkPrefix(this.#platform, network)}-${of}-boundary`;
  }

  /** What of the egress guard's is kept as a secret: the providers' keys, or the authorities of the firewall. */
  guardSecret(of: GuardSecret): string {
    return `${this.#platform}/${egressGuardId}/${of}`;
  }

  /** The ARN of such a secret but for the characters with which AWS ends it. */
  guardSecretArn(of: GuardSecret): string {
    return this.owned("secretsmanager", `secret:${this.guardSecret(of)}`);
  }

  /** The name of the firewall of the egress zone, and of what belongs to it. */
  get firewall(): string {
    return `${this.#platform}-egress`;
  }

  /** The group into which the firewall writes one kind of its records. */
  firewallLogGroup(kind: FirewallLog): string {
    return `/${this.#platform}/records/firewall-${kind.toLowerCase()}`;
  }

  /** The repository of an image in the platform's registry, which an account's platforms share. */
  repository({ repository }: Image): string {
    return `${this.#platform}/${repository}`;
  }

  /** The address from which an image is pulled. */
  imageAddress(image: Image): string {
    return `${this.registryHost}/${this.repository(image)}@${image.digest}`;
  }

  /** The host of the account's registry. */
  get registryHost(): string {
    return `${this.accountId}.dkr.${this.serviceHost("ecr")}`;
  }

  /** The forms in which AWS writes the ARN of a FHIR store, of which its own pages show both. */
  fhirStoreArns(arn: string): readonly string[] {
    const [, id] = /:datastore\/(?:fhir\/)?([0-9a-f]+)$/.exec(arn) ?? [];
    return id === undefined
      ? [arn]
      : [this.owned("healthlake", `datastore/${id}`), this.owned("healthlake", `datastore/fhir/${id}`)];
  }
}
