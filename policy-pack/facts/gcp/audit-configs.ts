import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";

import { labelOf, type GcpStack } from "./gcp-stack";
import { projectsOf, type Project } from "./projects";

const ofProjects: ResourceType = "gcp:projects:iamauditconfig";
/** What is said of a folder or of the organisation holds for each project in it. */
const above: readonly ResourceType[] = ["gcp:folder:iamauditconfig", "gcp:organizations:iamauditconfig"];

/** Types by which it is said whose calls are recorded. */
export const auditConfigTypes: readonly ResourceType[] = [ofProjects, ...above];

/** Kinds of records that are not there until somebody asks for them (Cloud Audit Logs, "Data Access audit logs"). */
const wantedLogs = ["ADMIN_READ", "DATA_READ", "DATA_WRITE"] as const;

/** Services that hold what a zone keeps, or give access to it, by the types of what is theirs. */
export const recordedServices: ReadonlyMap<ResourceType, string> = new Map<ResourceType, string>([
  ["gcp:healthcare:dataset", "healthcare.googleapis.com"],
  ["gcp:healthcare:fhirstore", "healthcare.googleapis.com"],
  ["gcp:healthcare:dicomstore", "healthcare.googleapis.com"],
  ["gcp:healthcare:hl7store", "healthcare.googleapis.com"],
  ["gcp:storage:bucket", "storage.googleapis.com"],
  ["gcp:bigquery:dataset", "bigquery.googleapis.com"],
  ["gcp:bigquery:table", "bigquery.googleapis.com"],
  ["gcp:spanner:instance", "spanner.googleapis.com"],
  ["gcp:sql:databaseinstance", "cloudsql.googleapis.com"],
  ["gcp:pubsub:topic", "pubsub.googleapis.com"],
  ["gcp:kms:cryptokey", "cloudkms.googleapis.com"],
  ["gcp:secretmanager:secret", "secretmanager.googleapis.com"],
]);

/** What one configuration records of one service. */
interface Recorded {
  readonly node: Node;
  readonly service: string | undefined;
  readonly log: string | undefined;
  readonly leavesOut: readonly string[];
  /** Whether it is not known what it says. */
  readonly isUnknown: boolean;
}

/** What the calls of a project of which something is missing are like. */
export interface AuditProblem {
  /** What says too little; `undefined` where nothing says anything. */
  readonly node: Node | undefined;
  readonly what: string;
  readonly assumption: string | undefined;
}

/** Which calls to the services of projects are recorded. */
export class AuditConfigs {
  readonly #stack: GcpStack;

  constructor(stack: GcpStack) {
    this.#stack = stack;
  }

  /** The configurations that hold for a project. */
  of(project: Project): readonly Node[] {
    const { graph } = this.#stack;
    const projects = projectsOf(this.#stack);
    return [
      ...graph.ofType(...above),
      ...graph.ofType(ofProjects).filter((node) => {
        const of = projects.of(node);
        return of.kind === "project" && of.isCertain && of.project === project;
      }),
    ];
  }

  #read(node: Node): readonly Recorded[] {
    const { graph } = this.#stack;
    const service = textOf(graph.read(node, "service"));
    return itemsOf(graph.read(node, "auditLogConfigs")).map((item): Recorded => {
      const config = recordOf(item);
      const log = textOf(memberReading(config, "logType"));
      const members = itemsOf(memberReading(config, "exemptedMembers")).map(textOf);
      return {
        node,
        service: service.kind === "known" ? service.value : undefined,
        log: log.kind === "known" ? log.value : undefined,
        leavesOut: members.map((member) =>
          member.kind === "known" ? member.value : "somebody who is not known",
        ),
        isUnknown: service.kind !== "known" || log.kind !== "known",
      };
    });
  }

  /** The services of which a project holds something that is in a zone. */
  #servicesOf(project: Project): readonly string[] {
    const { graph, zones } = this.#stack;
    const projects = projectsOf(this.#stack);
    const found = [...recordedServices].flatMap(([type, service]) =>
      graph.ofType(type).some((node) => {
        const of = projects.of(node);
        return of.kind === "project" && of.project === project && zones.of(node.urn) !== undefined;
      })
        ? [service]
        : [],
    );
    return [...new Set(found)];
  }

  /** What is not recorded of the calls to the services of a project. */
  problems(project: Project): readonly AuditProblem[] {
    const configs = this.of(project);
    const recorded = configs.flatMap((node) => this.#read(node));
    const services = this.#servicesOf(project);
    const isRecorded = (log: string): boolean => {
      const of = recorded.filter((one) => one.log === log);
      return (
        of.some(({ service }) => service === "allServices") ||
        (services.length > 0 && services.every((service) => of.some((one) => one.service === service)))
      );
    };
    const missing = wantedLogs.filter((log) => !isRecorded(log));
    const leftOut = recorded.filter(({ leavesOut }) => leavesOut.length > 0);
    return [
      ...(missing.length === 0
        ? []
        : [
            {
              node: configs[0],
              what:
                configs.length === 0
                  ? "Who reads and writes what its services hold is not recorded: data access logs are off until somebody asks for them."
                  : `It leaves out ${missing.join(", ")} of some services.`,
              assumption: recorded.some(({ isUnknown }) => isUnknown)
                ? "what is recorded is not known (auditLogConfigs)"
                : undefined,
            },
          ]),
      ...leftOut.map(({ node, leavesOut }) => ({
        node,
        what: `It leaves out the calls of ${leavesOut.join(", ")} (exemptedMembers).`,
        assumption: undefined,
      })),
    ];
  }

  /** The configurations that certainly record every call to a project's services; none, where something is missing. */
  recordersOf(project: Project): readonly Node[] {
    return this.problems(project).length > 0 ? [] : this.of(project);
  }
}

/** What a person calls a project. */
export function projectName({ id, number, node }: Project): string {
  return node === undefined ? `project ${id ?? number ?? "that is not known"}` : labelOf(node);
}
