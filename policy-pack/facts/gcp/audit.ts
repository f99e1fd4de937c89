import { minimumRetentionDays } from "../../../model/audit-policy";

import { flagOf, itemsOf, memberReading, recordOf, textOf, understood, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Network, Unaudited } from "../fact";
import { platformsOn } from "../platform-of";
import { readAt } from "../property-path";

import { AuditConfigs, auditConfigTypes, projectName, recordedServices } from "./audit-configs";
import { FlowRecords, flowRecordTypes } from "./flow-records";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import type { LoadBalancers } from "./load-balancers";
import {
  destinationsOf,
  exclusionTypes,
  keepingProblems,
  logBucketTypes,
  sinkProblems,
  sinkTypes,
  takesAll,
} from "./log-keeping";
import type { Networks } from "./networks";
import { projectsOf, type Project } from "./projects";
import type { Resolvers } from "./resolvers";
import type { Subnets } from "./subnets";

/** Types from which facts about the audit trail are drawn, besides those of networks and stores. */
export const auditTypes: readonly ResourceType[] = [
  ...auditConfigTypes,
  ...flowRecordTypes,
  ...logBucketTypes,
  ...sinkTypes,
  ...exclusionTypes,
];

/** Rules of firewalls that are resources of their own, and how each says that it records what it refuses. */
const firewallRuleTypes: readonly ResourceType[] = [
  "gcp:compute:networkfirewallpolicyrule",
  "gcp:compute:regionnetworkfirewallpolicyrule",
  "gcp:compute:firewallpolicyrule",
];
const classicType: ResourceType = "gcp:compute:firewall";
const policiesWithRules: readonly ResourceType[] = [
  "gcp:compute:networkfirewallpolicywithrules",
  "gcp:compute:regionnetworkfirewallpolicywithrules",
  "gcp:compute:firewallpolicywithrules",
];

/** What something is said of. */
type Subject = Pick<Unaudited, "urn" | "label" | "platform">;

/** What the audit trail of a stack lacks: flows, queries and calls that are not recorded, and records that are not kept. */
export class AuditTrail {
  readonly flows: FlowRecords;
  readonly configs: AuditConfigs;
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #resolvers: Resolvers;
  readonly #balancers: LoadBalancers;
  #projects: readonly Project[] | undefined;

  constructor(
    stack: GcpStack,
    networks: Networks,
    subnets: Subnets,
    resolvers: Resolvers,
    balancers: LoadBalancers,
  ) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#resolvers = resolvers;
    this.#balancers = balancers;
    this.flows = new FlowRecords(stack, networks, subnets);
    this.configs = new AuditConfigs(stack);
  }

  unaudited(): readonly Unaudited[] {
    return [
      ...this.#flows(),
      ...this.#queries(),
      ...this.#refusals(),
      ...this.#requests(),
      ...this.#calls(),
      ...this.#kept(),
      ...this.#dropped(),
      ...this.#elsewhere(),
    ];
  }

  /** The networks that are in a zone or hold a subnet of one, each once, where it is known which they are. */
  zonedNetworks(): readonly Network[] {
    return [
      ...new Set([
        ...this.#networks.all.filter(({ zone }) => zone !== undefined),
        ...this.#subnets.all.filter(({ zone }) => zone !== undefined).map(({ network }) => network),
      ]),
    ].filter(({ isDetermined }) => isDetermined);
  }

  #missing({ urn, label, platform }: Subject, what: string, remedy: string, assumption?: string): Unaudited {
    return { urn, label, platform, what, assumption, remedy };
  }

  #of(node: Node): Subject {
    return { urn: node.urn, label: labelOf(node), platform: platformOf(this.#stack, node) };
  }

  #flows(): readonly Unaudited[] {
    return this.flows.subnets.flatMap((written) => {
      const problems = this.flows.problems(written).join("; ");
      return problems === ""
        ? []
        : [
            this.#missing(
              written.subnet,
              `${problems.charAt(0).toUpperCase()}${problems.slice(1)}.`,
              'Give the subnet a logConfig with flowSampling 1 and metadata "INCLUDE_ALL_METADATA".',
            ),
          ];
    });
  }

  #queries(): readonly Unaudited[] {
    return this.zonedNetworks()
      .filter(({ isInStack }) => isInStack)
      .filter((network) => this.#resolvers.recordersOf(network).length === 0)
      .map((network) =>
        this.#missing(
          network,
          "No query for a name in it is recorded, and flow logs leave names out.",
          "Put a dns Policy on it with enableLogging true.",
        ),
      );
  }

  /** Rules of a platform of ours that refuse, and do not record it. Google never records its own implied rules. */
  #refusals(): readonly Unaudited[] {
    return this.refusing()
      .filter(({ isRecorded }) => !isRecorded)
      .map(({ node }) =>
        this.#missing(
          this.#of(node),
          `What ${labelOf(node)} refuses is not recorded.`,
          "Set enableLogging of each rule that denies to true.",
        ),
      );
  }

  /** The rules and policies of a platform of ours that refuse packets, or may, and whether all that they refuse is recorded. */
  refusing(): readonly { readonly node: Node; readonly isRecorded: boolean }[] {
    const { graph } = this.#stack;
    const isOurs = (node: Node): boolean => platformOf(this.#stack, node) !== undefined;
    const isDeny = (read: Reading<unknown>): boolean => {
      const action = textOf(read);
      return action.kind !== "known" || action.value.toLowerCase() === "deny";
    };
    const isLogged = (read: Reading<unknown>): boolean => {
      const flag = flagOf(read);
      return flag.kind === "known" && flag.value;
    };
    return [
      ...graph
        .ofType(...firewallRuleTypes)
        .filter((node) => isDeny(graph.read(node, "action")))
        .map((node) => ({ node, isRecorded: isLogged(graph.read(node, "enableLogging")) })),
      ...graph
        .ofType(classicType)
        .filter((node) => graph.read(node, "denies").kind !== "absent")
        .map((node) => ({ node, isRecorded: graph.read(node, "logConfig").kind !== "absent" })),
      ...graph.ofType(...policiesWithRules).flatMap((node) => {
        const denying = itemsOf(graph.read(node, "rules"))
          .map(recordOf)
          .filter((rule) => isDeny(memberReading(rule, "action")));
        return denying.length === 0
          ? []
          : [{ node, isRecorded: denying.every((rule) => isLogged(memberReading(rule, "enableLogging"))) }];
      }),
    ].filter(({ node }) => isOurs(node));
  }

  /** What is wrong with the record of the requests to a backend service. */
  requestProblems(service: Node): readonly string[] {
    const { graph } = this.#stack;
    const enabled = flagOf(readAt(graph, service, "logConfig.enable"));
    const rate = understood(readAt(graph, service, "logConfig.sampleRate"), (value) => Number(value));
    return [
      ...(enabled.kind === "known" && enabled.value ? [] : ["requests to it are not recorded"]),
      // All are recorded without a word on it.
      ...(rate.kind === "absent" || (rate.kind === "known" && rate.value === 1)
        ? []
        : ["not every request to it is recorded (logConfig.sampleRate)"]),
    ];
  }

  /** Backend services of zones that get requests. */
  services(): readonly Node[] {
    return this.#balancers.services.filter((service) => {
      const uses = this.#balancers.usesOf(service);
      return (
        this.#stack.zones.of(service.urn) !== undefined &&
        uses.some(({ kind }) => kind === "http" || kind === "https" || kind === "ssl" || kind === "tcp")
      );
    });
  }

  #requests(): readonly Unaudited[] {
    return this.services().flatMap((service) => {
      const problems = this.requestProblems(service);
      return problems.length === 0
        ? []
        : [
            this.#missing(
              this.#of(service),
              `${labelOf(service)}: ${problems.join("; ")}.`,
              "Set logConfig of the backend service to enable true and sampleRate 1.",
            ),
          ];
    });
  }

  /** The projects of which calls are to be recorded: those of zones, and those that hold something of one. */
  projects(): readonly Project[] {
    this.#projects ??= this.#readProjects();
    return this.#projects;
  }

  #readProjects(): readonly Project[] {
    const { graph, zones } = this.#stack;
    const projects = projectsOf(this.#stack);
    const holding = graph
      .ofType(...recordedServices.keys())
      .filter(({ urn }) => zones.of(urn) !== undefined)
      .flatMap((node) => {
        const of = projects.of(node);
        return of.kind === "project" ? [of.project] : [];
      });
    return [...new Set([...projects.all.filter(({ zone }) => zone !== undefined), ...holding])];
  }

  /** What is said of a project is said of it, where the stack makes it, else of the platform, or of what it holds. */
  #subjectOf(project: Project): Subject | undefined {
    const { graph, zones } = this.#stack;
    const projects = projectsOf(this.#stack);
    const name = projectName(project);
    const [platform] = platformsOn(this.#stack, "gcp");
    if (project.node !== undefined) {
      return this.#of(project.node);
    }
    if (platform !== undefined) {
      return { urn: platform[0], label: `Platform, ${name}`, platform: platform[1] };
    }
    const [held] = graph.ofType(...recordedServices.keys()).filter((node) => {
      const of = projects.of(node);
      return of.kind === "project" && of.project === project && zones.of(node.urn) !== undefined;
    });
    return held === undefined ? undefined : { ...this.#of(held), label: `${labelOf(held)}, in ${name}` };
  }

  #calls(): readonly Unaudited[] {
    return this.projects().flatMap((project) =>
      this.configs.problems(project).flatMap(({ node, what, assumption }) => {
        const subject = node === undefined ? this.#subjectOf(project) : this.#of(node);
        return subject === undefined
          ? []
          : [
              this.#missing(
                subject,
                what,
                'Add an IAMAuditConfig of the project for "allServices" with ADMIN_READ, DATA_READ and DATA_WRITE, and nobody exempted.',
                assumption,
              ),
            ];
      }),
    );
  }

  /** Buckets of Cloud Logging, and whatever else sinks write to, each with what is wrong about it. */
  places(): readonly { readonly node: Node; readonly problems: readonly string[] }[] {
    const { graph } = this.#stack;
    const buckets = graph
      .ofType(...logBucketTypes)
      .filter((node) => this.#isOfProjects(node) || platformOf(this.#stack, node) !== undefined);
    const written = this.#sinks().flatMap((sink) =>
      destinationsOf(graph, sink).flatMap((to) => (to.kind === "resource" ? [to.node] : [])),
    );
    return [...new Set([...buckets, ...written])].map((node) => ({
      node,
      problems: keepingProblems(graph, node),
    }));
  }

  /** Whether something is of a project of which calls are to be recorded, or of what is above one. */
  #isOfProjects(node: Node): boolean {
    const of = projectsOf(this.#stack).of(node);
    return this.projects().some((project) => of.kind !== "project" || of.project === project);
  }

  #sinks(): readonly Node[] {
    return this.#stack.graph.ofType(...sinkTypes).filter((sink) => this.#isOfProjects(sink));
  }

  /** Whether the records of a project are kept longer than Google keeps them by itself. */
  isKept(project: Project): boolean {
    return this.keepersOf(project).length > 0;
  }

  /** What keeps the records of a project: its own bucket, and what routes all of them to another of the stack. */
  keepersOf(project: Project): readonly Node[] {
    const { graph } = this.#stack;
    const projects = projectsOf(this.#stack);
    const isOf = (node: Node): boolean => {
      const of = projects.of(node);
      return of.kind === "none" || (of.kind === "project" && of.project === project);
    };
    return [
      ...graph.ofType(...logBucketTypes).filter((bucket) => {
        const id = textOf(graph.read(bucket, "bucketId"));
        return isOf(bucket) && id.kind === "known" && id.value === "_Default";
      }),
      ...graph
        .ofType(...sinkTypes)
        .filter(
          (sink) =>
            isOf(sink) &&
            takesAll(graph, sink) &&
            destinationsOf(graph, sink).some(({ kind }) => kind === "resource"),
        ),
    ];
  }

  #kept(): readonly Unaudited[] {
    const { graph } = this.#stack;
    return [
      ...this.places().flatMap(({ node, problems }) =>
        problems.length === 0
          ? []
          : [
              this.#missing(
                this.#of(node),
                `${labelOf(node)}: ${problems.join("; ")}.`,
                `Keep records for ${String(minimumRetentionDays)} days, locked, under a key of yours: retentionDays, locked and cmekSettings of a bucket of Cloud Logging, retentionPolicy and encryption of one of Cloud Storage.`,
              ),
            ],
      ),
      ...this.#sinks().flatMap((sink) => {
        const problems = sinkProblems(graph, sink);
        return problems.length === 0
          ? []
          : [
              this.#missing(
                this.#of(sink),
                `${labelOf(sink)}: ${problems.join("; ")}.`,
                "Enable the sink, and take its exclusions away.",
              ),
            ];
      }),
      ...this.projects()
        .filter((project) => !this.isKept(project))
        .flatMap((project) => {
          const subject = this.#subjectOf(project);
          return subject === undefined
            ? []
            : [
                this.#missing(
                  subject,
                  "Nothing keeps its records for longer than Google's 30 days.",
                  'Add a ProjectBucketConfig of the bucket "_Default", or a ProjectSink of every record into a bucket of the stack.',
                ),
              ];
        }),
    ];
  }

  /** What drops records of projects of zones before anything keeps them. */
  #dropped(): readonly Unaudited[] {
    const { graph } = this.#stack;
    return graph.ofType(...exclusionTypes).flatMap((node) => {
      const disabled = flagOf(graph.read(node, "disabled"));
      return !this.#isOfProjects(node) || (disabled.kind === "known" && disabled.value)
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)} drops records before anything keeps them.`,
              "Take the exclusion away.",
              disabled.kind === "unknown" ? "whether it is disabled is not known" : undefined,
            ),
          ];
    });
  }

  /** On a platform of ours, records that are written to something that is not of the stack. */
  #elsewhere(): readonly Unaudited[] {
    const { graph, platforms } = this.#stack;
    return platforms.size === 0
      ? [] // Elsewhere it may well be another project's, which keeps records for everybody.
      : this.#sinks()
          .filter((sink) => {
            const to = destinationsOf(graph, sink);
            return to.length === 0 || to.some(({ kind }) => kind !== "resource");
          })
          .map((sink) =>
            this.#missing(
              this.#of(sink),
              `${labelOf(sink)} writes to something that is not of the stack, and may be anybody's.`,
              "Write to a bucket of the stack.",
            ),
          );
  }
}
