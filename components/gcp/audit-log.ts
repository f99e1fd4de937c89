import * as logging from "@pulumi/gcp/logging";
import * as projects from "@pulumi/gcp/projects";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { AuditLog, streamOfProgram, type ProgramStream, type RecordStream } from "../audit-log";
import type { KeyPurpose } from "../encryption-keys";
import { ownId } from "../own-id";
import { ZoneRegister, type PeerMembers, type ZoneMembers } from "../zone-facts";

import type { GcpEncryptionKeys } from "./encryption-keys";
import type { NetworkedZone, PhysicalNames, ProjectZone } from "./physical-names";
import type { GcpProjectServices } from "./project-services";
import { recordViews, type ViewedStream } from "./record-views";

export interface GcpAuditLogArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly projectServices: GcpProjectServices;
  readonly encryptionKeys: GcpEncryptionKeys;
}

/** The key that encrypts the records of a zone's project: the PHI zone's own for its own. */
const keyOfRecords: Readonly<Record<ProjectZone, KeyPurpose>> = {
  gateway: "audit",
  processing: "audit",
  egress: "audit",
  phi: "phi",
};

/** All that can be recorded of calls; what manages something is recorded anyway. */
const recordedCalls = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"] as const;

/** Every entry has a severity, and none is less than this one (Cloud Logging API, `LogSeverity`). */
const everyEntry = "severity >= DEFAULT";

/**
 * The audit trail on Google Cloud: in each project a bucket of Cloud Logging to which everything goes that is recorded in it,
 * under a key, and from which nobody can take an entry before its time. Nothing is routed out of its project, so that what
 * is recorded of the PHI zone stays in its perimeter.
 *
 * Every call to a service is recorded, with the reads and writes of the PHI zone's stores, whoever it is that calls. A stream
 * of records is a view of the bucket, or of those of two projects, which are read together without being copied. Decisions
 * and tool calls are copied besides to a bucket of their own each, which is kept and locked as the others are.
 */
export class GcpAuditLog extends AuditLog {
  readonly streamIds: Readonly<Record<RecordStream, pulumi.Output<string>>>;
  readonly workloadLogNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** Log views take no labels. */
  readonly peerMembers: PeerMembers;
  /** What must stand before something in the project of a zone does what is recorded; nothing for a zone that the platform has not. */
  readonly recording: Readonly<Record<ProjectZone, readonly pulumi.Resource[]>>;
  readonly #args: GcpAuditLogArgs;
  readonly #register = new ZoneRegister();
  /** The views of what the platform's own workloads print, by the zone in whose project that is. */
  readonly #outputs = new Map<NetworkedZone, logging.LogView>();
  readonly #buckets: ReadonlyMap<ProjectZone, pulumi.Resource>;

  constructor(name: string, args: GcpAuditLogArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec } = args;
    super(AuditLog.__pulumiType, name, { cloud: "gcp", platform: spec.name }, opts);
    this.#args = args;
    const kept = new Map(args.names.projectZones.map((zone) => [zone, this.#keep(zone)]));
    this.#buckets = new Map([...kept].map(([zone, { bucket }]) => [zone, bucket]));
    const recording = (zone: ProjectZone): readonly pulumi.Resource[] => kept.get(zone)?.recording ?? [];
    this.recording = {
      gateway: recording("gateway"),
      processing: recording("processing"),
      egress: recording("egress"),
      phi: recording("phi"),
    };
    this.streamIds = {
      "network-flows": this.#stream("network-flows"),
      "name-queries": this.#stream("name-queries"),
      "web-firewall": this.#stream("web-firewall"),
      "access-decisions": this.#programStream("access-decisions"),
      "tool-calls": this.#programStream("tool-calls"),
      "egress-inspections": this.#programStream("egress-inspections"),
    };
    this.workloadLogNames = Object.fromEntries(
      spec.workloads.map((workload) => [workload.id, this.#output(workload)]),
    );
    this.zoneMembers = this.#register.members();
    this.peerMembers = this.#register.peerMembers();
    this.registerOutputs({
      streamIds: this.streamIds,
      workloadLogNames: this.workloadLogNames,
      zoneMembers: this.zoneMembers,
      peerMembers: this.peerMembers,
    });
  }

  /** A bucket of Cloud Logging in a zone's project. Neither its time nor its lock can be taken back by anybody. */
  #bucket(
    zone: ProjectZone,
    name: string,
    bucketId: string,
    description: string,
  ): logging.ProjectBucketConfig {
    const { spec, names, projectServices, encryptionKeys } = this.#args;
    const purpose = keyOfRecords[zone];
    return this.#register.add(
      zone,
      new logging.ProjectBucketConfig(
        name,
        {
          project: names.project(zone),
          location: names.region,
          bucketId,
          description,
          retentionDays: spec.audit.retentionDays,
          locked: true,
          cmekSettings: { kmsKeyName: names.keyId(purpose) },
        },
        {
          parent: this,
          protect: true,
          dependsOn: [...projectServices.enabled[zone], ...encryptionKeys.usable[purpose]],
        },
      ),
    );
  }

  /** The bucket of a project's records, and what puts all of them into it. */
  #keep(zone: ProjectZone): {
    readonly bucket: logging.ProjectBucketConfig;
    readonly recording: readonly pulumi.Resource[];
  } {
    const { spec, names, projectServices } = this.#args;
    const project = names.project(zone);
    const prefix = `${spec.name}-${zone}`;
    const enabled = projectServices.enabled[zone];
    const bucket = this.#bucket(zone, `${prefix}-records`, names.logBucket, `What is recorded in ${project}`);
    const calls = this.#register.add(
      zone,
      new projects.IAMAuditConfig(
        `${prefix}-calls-recording`,
        {
          project,
          service: "allServices",
          // Nobody is exempted.
          auditLogConfigs: recordedCalls.map((logType) => ({ logType, exemptedMembers: [] })),
        },
        { parent: this, dependsOn: [...enabled] },
      ),
    );
    const routing = this.#register.add(
      zone,
      new logging.ProjectSink(
        `${prefix}-records-routing`,
        {
          // Each project has this sink from the beginning, to a bucket of 30 days under a key of Google's.
          name: "_Default",
          project,
          description: `Keeps everything in ${names.logBucket}`,
          destination: `logging.googleapis.com/${names.logBucketId(zone)}`,
          filter: everyEntry,
          exclusions: [],
          disabled: false,
          // Writes with no identity of its own, and so cannot write to another project.
          uniqueWriterIdentity: false,
        },
        { parent: this, dependsOn: [bucket] },
      ),
    );
    return { bucket, recording: [bucket, calls, routing] };
  }

  /** One log of what is in a project's bucket. */
  #view(zone: ProjectZone, name: string, logId: string): logging.LogView {
    const { spec, names } = this.#args;
    const bucket = this.#buckets.get(zone);
    return new logging.LogView(
      `${spec.name}-${zone}-${name}`,
      {
        name: names.owned(name),
        parent: `projects/${names.project(zone)}`,
        location: names.region,
        bucket: names.logBucketId(zone),
        filter: `LOG_ID("${logId}")`,
      },
      { parent: this, dependsOn: bucket === undefined ? [] : [bucket] },
    );
  }

  /** The id of a stream: of its view, or of the scope in which its views are read together. */
  #stream(stream: ViewedStream): pulumi.Output<string> {
    const { spec, names } = this.#args;
    const { zones, logId = names.owned(stream) } = recordViews[stream];
    const name = `${stream}-records`;
    const views = zones
      .filter((zone) => names.projectZones.includes(zone))
      .map((zone) => ({
        id: names.logViewId(zone, name),
        view: this.#register.add(zone, this.#view(zone, name, logId)),
      }));
    const [only, ...others] = views;
    if (only !== undefined && others.length === 0) {
      return ownId(only.view, only.id);
    }
    const scope = new logging.LogScope(
      `${spec.name}-${name}`,
      {
        name: names.logScopeId(name),
        parent: `projects/${names.project("processing")}`,
        location: "global",
        resourceNames: views.map(({ id }) => id),
      },
      { parent: this, dependsOn: views.map(({ view }) => view) },
    );
    return ownId(scope, names.logScopeId(name));
  }

  /**
   * A bucket for what one program prints, and what copies that to it as it comes.
   *
   * Gives the id of the view by which all of it is read, which Google makes (Cloud Logging documentation, "Log views").
   */
  #programStream(stream: ProgramStream): pulumi.Output<string> {
    const { spec, names } = this.#args;
    const workload = spec.workloads.find((one) => streamOfProgram(one) === stream);
    const zone = workload === undefined ? "processing" : workload.zone;
    const project = names.project(zone);
    const bucketId = names.owned(stream);
    const bucket = this.#bucket(
      zone,
      `${spec.name}-${stream}-records`,
      bucketId,
      `The stream ${stream} of ${spec.name}`,
    );
    const routing =
      workload === undefined
        ? bucket
        : this.#register.add(
            zone,
            new logging.ProjectSink(
              `${spec.name}-${stream}-routing`,
              {
                name: bucketId,
                project,
                description: `Keeps what ${workload.id} records in ${bucketId}`,
                destination: `logging.googleapis.com/${names.streamBucketId(zone, stream)}`,
                filter: this.#printedBy(workload),
                exclusions: [],
                disabled: false,
                // Writes with no identity of its own, and so cannot write to another project.
                uniqueWriterIdentity: false,
              },
              { parent: this, dependsOn: [bucket] },
            ),
          );
    return ownId(routing, `${names.streamBucketId(zone, stream)}/views/_AllLogs`);
  }

  /** What the program of a workload prints. Docker's driver says the name of a container as Docker has it, after a slash. */
  #printedBy(workload: Workload): string {
    const { spec, names } = this.#args;
    const log = `LOG_ID("${names.workloadLog(workload)}")`;
    return spec.mesh.kind === "envoy"
      ? `${log} AND jsonPayload.container.name = ("/${workload.id}" OR "${workload.id}")`
      : log;
  }

  /** The log into which a workload writes, which comes to be with its first entry. Gives its name. */
  #output(workload: Workload): pulumi.Output<string> {
    const { spec, names } = this.#args;
    const { id, zone } = workload;
    const project = workload.zone;
    if (spec.mesh.kind === "envoy") {
      // All that the platform runs in a project writes into one log, so that there is one view of it.
      const known = this.#outputs.get(project);
      const view =
        known ??
        this.#register.add(project, this.#view(project, "workload-output", names.workloadLog(workload)));
      this.#outputs.set(project, view);
      return ownId(view, names.workloadLogId(workload));
    }
    const view = this.#register.add(zone, this.#view(project, `${id}-output`, names.workloadLog(workload)), {
      kind: "workload",
      id,
      zone,
    });
    return ownId(view, names.workloadLogId(workload));
  }
}
