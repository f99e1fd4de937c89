import { minimumRetentionDays } from "../../../model/audit-policy";

import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import { bucketTypes, type Node, type Referent } from "../../stack-graph";
import type { Network, Unaudited } from "../fact";
import { platformsOn } from "../platform-of";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { isLockedBucket } from "./locked-buckets";
import type { Networks } from "./networks";
import { programRecords } from "./program-records";
import type { Resolvers } from "./resolvers";
import type { Subnets } from "./subnets";
import { zonedNetworks } from "./zoned-networks";

const groupTypes = ["aws:cloudwatch:loggroup"];

/** Types from which facts about the audit trail are drawn, besides those of networks and stores. */
export const auditTypes = [...groupTypes, "aws:cloudtrail:trail", "aws:ec2:flowlog"] as const;

/** What a network firewall can record (AWS Network Firewall API, `LogDestinationConfig`). */
const firewallRecords = ["ALERT", "FLOW", "TLS"] as const;

function isNot(value: Reading<boolean>, wanted: boolean): boolean {
  return value.kind !== "known" || value.value !== wanted;
}

/** Whether a selector asks for nothing else than some fields, of which each narrows what is recorded. */
function isLimitedTo(fields: ReadonlyMap<string, readonly string[]>, allowed: readonly string[]): boolean {
  return [...fields.keys()].every((field) => allowed.includes(field));
}

/** What the audit trail of a stack lacks: flows, queries and calls that are not recorded, and records that are not kept. */
export class AuditTrail {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #resolvers: Resolvers;

  constructor(stack: AwsStack, networks: Networks, subnets: Subnets, resolvers: Resolvers) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#resolvers = resolvers;
  }

  unaudited(): readonly Unaudited[] {
    const zoned = zonedNetworks(this.#networks, this.#subnets);
    return [
      ...zoned.flatMap((network) => this.#flows(network)),
      ...this.#partsOfNetworks(),
      ...this.#resolvers
        .unrecorded(zoned)
        .map((network) =>
          this.#missing(
            network,
            "No query for a name in it is recorded, and its flow logs leave queries out.",
            "Add a ResolverQueryLogConfig and associate it with the network.",
          ),
        ),
      ...this.#groups(),
      ...this.#elsewhere(),
      ...this.#trails(),
      ...this.#balancers(),
      ...this.#firewalls(),
      ...this.#programs(),
    ];
  }

  #missing(
    subject: { readonly urn: string; readonly label: string; readonly platform: string | undefined },
    what: string,
    remedy: string,
    assumption?: string,
  ): Unaudited {
    const { urn, label, platform } = subject;
    return { urn, label, platform, what, assumption, remedy };
  }

  #of(node: Node): { readonly urn: string; readonly label: string; readonly platform: string | undefined } {
    return { urn: node.urn, label: labelOf(node), platform: platformOf(this.#stack, node) };
  }

  /** Flows of a network are recorded by logs of it, or of each of its subnets. */
  #flows(network: Network): readonly Unaudited[] {
    const { graph } = this.#stack;
    const logs = graph.ofType("aws:ec2:flowlog");
    const ofNetwork = logs.filter((node) => this.#networks.isOf(node, "vpcId", network));
    const ofSubnets = this.#subnets.all
      .filter((subnet) => subnet.network === network && subnet.zone !== undefined)
      .map((subnet) => ({
        subnet,
        logs: logs.filter((node) => this.#subnets.isOf(node, "subnetId", subnet)),
      }));
    const isWhole = (node: Node): boolean => {
      const traffic = textOf(graph.read(node, "trafficType"));
      return traffic.kind === "known" && traffic.value === "ALL";
    };
    const unrecorded = ofSubnets.filter((of) => !of.logs.some(isWhole));
    if (ofNetwork.some(isWhole) || (ofSubnets.length > 0 && unrecorded.length === 0)) {
      return [];
    }
    const partial = [...ofNetwork, ...unrecorded.flatMap((of) => of.logs)];
    const without = unrecorded.filter((of) => of.logs.length === 0);
    return [
      ...partial.map((node) => {
        const isUnknown = textOf(graph.read(node, "trafficType")).kind === "unknown";
        return this.#missing(
          this.#of(node),
          "Its flow log leaves out what was accepted, or what was rejected.",
          "Set trafficType to ALL.",
          isUnknown ? "`trafficType` is not known" : undefined,
        );
      }),
      ...(ofNetwork.length > 0 || (ofSubnets.length > 0 && without.length === 0)
        ? []
        : [
            this.#missing(
              network,
              without.length < ofSubnets.length
                ? `No flow of ${without.map(({ subnet }) => subnet.label).join(", ")} is recorded.`
                : "No flow of it is recorded.",
              "Add a FlowLog of the whole network with trafficType ALL.",
            ),
          ]),
    ];
  }

  /** Flow logs of a subnet or an interface of a zone that leave something out. */
  #partsOfNetworks(): readonly Unaudited[] {
    const { graph, zones } = this.#stack;
    return graph.ofType("aws:ec2:flowlog").flatMap((node) => {
      const traffic = textOf(graph.read(node, "trafficType"));
      const isWhole = traffic.kind === "known" && traffic.value === "ALL";
      const parts = [
        ...graph.referents(node, "subnetId", types.subnet),
        ...graph.referents(node, "eniId", ["aws:ec2:networkinterface"]),
      ];
      const isOfZone = parts.some(
        (part) => part.kind === "resource" && zones.of(part.node.urn) !== undefined,
      );
      return isWhole || !isOfZone
        ? []
        : [
            this.#missing(
              this.#of(node),
              `It leaves out what was ${traffic.kind === "unknown" ? "accepted or rejected, which is not known" : "accepted, or what was rejected"}.`,
              "Set trafficType to ALL.",
            ),
          ];
    });
  }

  /** What writes records, and where to. */
  #writers(): readonly { readonly node: Node; readonly referents: readonly Referent[] }[] {
    const { graph } = this.#stack;
    return (
      [
        ["aws:ec2:flowlog", "logDestination"],
        ["aws:route53:resolverquerylogconfig", "destinationArn"],
      ] as const
    ).flatMap(([type, key]) =>
      graph
        .ofType(type)
        .map((node) => ({ node, referents: graph.referents(node, key, [...groupTypes, ...bucketTypes]) })),
    );
  }

  /** On a platform of ours, records that are written to something that is not of the stack. */
  #elsewhere(): readonly Unaudited[] {
    return this.#stack.platforms.size === 0
      ? [] // Elsewhere it may well be another account's, which keeps records for everybody.
      : this.#writers()
          .filter(
            ({ referents }) => referents.length === 0 || referents.some(({ kind }) => kind !== "resource"),
          )
          .map(({ node }) =>
            this.#missing(
              this.#of(node),
              `${labelOf(node)} writes to something that is not of the stack, and may be anybody's.`,
              "Write to a log group of the stack.",
            ),
          );
  }

  /** The log groups into which flows, queries and the platform's own records are written. */
  recordGroups(): readonly Node[] {
    const { graph } = this.#stack;
    const destinations = new Set(
      this.#writers()
        .flatMap(({ referents }) => referents)
        .flatMap((referent) => (referent.kind === "resource" ? [referent.node] : [])),
    );
    return graph
      .ofType(...groupTypes)
      .filter((node) => destinations.has(node) || platformOf(this.#stack, node) !== undefined);
  }

  #groups(): readonly Unaudited[] {
    const { graph } = this.#stack;
    return this.recordGroups().flatMap((node) => {
      const days = integerOf(graph.read(node, "retentionInDays"));
      // Without a retention, or with one of 0, records are kept for ever.
      const isKept =
        days.kind === "absent" ||
        (days.kind === "known" && (days.value === 0 || days.value >= minimumRetentionDays));
      const problems = [
        ...(isKept
          ? []
          : [
              days.kind === "known"
                ? `its records are kept for ${String(days.value)} days, and HIPAA's six years are ${String(minimumRetentionDays)}`
                : "for how long its records are kept is not known",
            ]),
        ...(graph.read(node, "kmsKeyId").kind === "absent" ? ["no key of the customer's encrypts it"] : []),
        ...(isNot(flagOf(graph.read(node, "deletionProtectionEnabled")), true)
          ? ["nothing keeps it from being deleted"]
          : []),
      ];
      return problems.length === 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)}: ${problems.join("; ")}.`,
              `Set retentionInDays to ${String(minimumRetentionDays)} or more, kmsKeyId to a key of yours, and deletionProtectionEnabled to true.`,
            ),
          ];
    });
  }

  /** Trails that record every call, and reads and writes of the stores in the PHI zone. */
  #trails(): readonly Unaudited[] {
    const { graph, zones } = this.#stack;
    const trails = graph.ofType("aws:cloudtrail:trail");
    const stores = graph
      .ofType(...bucketTypes, "aws:opensearch:serverlesscollection")
      .filter(({ urn }) => zones.of(urn) === "phi");
    const [platform] = platformsOn(this.#stack, "aws");
    if (trails.length === 0) {
      const [subject] = stores;
      const at =
        platform !== undefined
          ? { urn: platform[0], label: "Platform", platform: platform[1] }
          : subject === undefined
            ? undefined
            : this.#of(subject);
      return at === undefined
        ? []
        : [
            this.#missing(
              at,
              "No trail records the calls to the account.",
              "Add a CloudTrail trail of every region, with file validation, a key and data events of the stores.",
            ),
          ];
    }
    const incomplete = trails.map((node) => ({ node, problems: this.trailProblems(node) }));
    const whole = incomplete.filter(({ problems }) => problems.length === 0).map(({ node }) => node);
    const [first] = incomplete;
    const ofTrails =
      whole.length > 0 || first === undefined
        ? []
        : [
            this.#missing(
              this.#of(first.node),
              `${labelOf(first.node)}: ${first.problems.join("; ")}.`,
              "Let the trail log, of every region, with file validation and a key of yours.",
            ),
          ];
    const ofStores = stores
      .filter((store) => !trails.some((trail) => this.recordsData(trail, store)))
      .map((store) =>
        this.#missing(
          this.#of(store),
          `Who reads and writes in ${labelOf(store)} is not recorded: no trail selects its data events.`,
          "Add an advanced event selector for data events of the store to the trail.",
        ),
      );
    return [...ofTrails, ...ofStores];
  }

  /** What keeps a trail from recording every call that manages something, or its records from being kept. */
  trailProblems(node: Node): readonly string[] {
    const { graph } = this.#stack;
    const logging = flagOf(graph.read(node, "enableLogging"));
    const selectors = this.#selectors(node);
    const management =
      selectors === undefined ||
      selectors.some(
        (fields) =>
          fields.get("eventCategory")?.some((value) => value === "Management") === true &&
          isLimitedTo(fields, ["eventCategory"]),
      );
    const global = flagOf(graph.read(node, "includeGlobalServiceEvents"));
    return [
      ...(logging.kind === "absent" || (logging.kind === "known" && logging.value)
        ? []
        : ["it does not log"]),
      ...(isNot(flagOf(graph.read(node, "isMultiRegionTrail")), true)
        ? ["it leaves out the calls to other regions"]
        : []),
      ...(isNot(flagOf(graph.read(node, "enableLogFileValidation")), true)
        ? ["nothing shows whether its files were changed"]
        : []),
      ...(graph.read(node, "kmsKeyId").kind === "absent" ? ["no key of the customer's encrypts it"] : []),
      ...(management ? [] : ["it leaves out calls that manage something"]),
      ...(global.kind === "absent" || (global.kind === "known" && global.value)
        ? []
        : ["it leaves out the calls to services of no region, such as IAM"]),
      ...this.#destinationProblems(node),
    ];
  }

  /** On a platform of ours, that a trail writes into no bucket of the stack, or into one whose records can be deleted. */
  #destinationProblems(trail: Node): readonly string[] {
    const { graph, platforms } = this.#stack;
    if (platforms.size === 0) {
      return []; // Elsewhere the bucket may well be another account's, which keeps records for everybody.
    }
    const buckets = graph.referents(trail, "s3BucketName", bucketTypes);
    const own = buckets.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
    if (own.length === 0 || own.length < buckets.length) {
      return ["it writes into a bucket that is not of the stack"];
    }
    return own.every((bucket) => isLockedBucket(graph, bucket))
      ? []
      : ["nothing keeps its records from being deleted before their time"];
  }

  /** What each advanced selector of a trail asks for, by field; `undefined` where it has none. */
  #selectors(node: Node): readonly ReadonlyMap<string, readonly string[]>[] | undefined {
    const { graph } = this.#stack;
    const selectors = graph.read(node, "advancedEventSelectors");
    if (selectors.kind === "absent") {
      return undefined;
    }
    return itemsOf(selectors).map(
      (selector) =>
        new Map(
          itemsOf(memberReading(recordOf(selector), "fieldSelectors")).flatMap((item) => {
            const field = textOf(memberReading(recordOf(item), "field"));
            const values = ["equals", "startsWiths"].flatMap((key) =>
              itemsOf(memberReading(recordOf(item), key)).flatMap((value) => {
                const text = textOf(value);
                return text.kind === "known" ? [text.value] : [];
              }),
            );
            // A field that is not known narrows the selector as any other does.
            return [[field.kind === "known" ? field.value : "a field that is not known", values] as const];
          }),
        ),
    );
  }

  /** Whether a trail records who reads and writes in a store. */
  recordsData(trail: Node, store: Node): boolean {
    const { graph } = this.#stack;
    const isBucket = bucketTypes.includes(store.resourceType);
    const type = isBucket ? "AWS::S3::Object" : "AWS::AOSS::Collection";
    const arns = graph.knownNames(store).filter((name) => name.startsWith("arn:"));
    return (this.#selectors(trail) ?? []).some((fields) => {
      const limits = fields.get("resources.ARN");
      const isOfStore =
        limits === undefined ||
        limits.some((limit) => arns.some((arn) => `${arn}/`.startsWith(limit) || arn.startsWith(limit)));
      return (
        fields.get("eventCategory")?.includes("Data") === true &&
        fields.get("resources.type")?.includes(type) === true &&
        isLimitedTo(fields, ["eventCategory", "resources.type", "resources.ARN"]) &&
        isOfStore
      );
    });
  }

  /** Decisions and tool calls, on a platform of ours, of which no copy is kept that nobody deletes before its time. */
  #programs(): readonly Unaudited[] {
    return programRecords(this.#stack).flatMap(({ node, problems, assumption }) =>
      problems.length === 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)}: ${problems.join("; ")}.`,
              "Let its program write to a log group of the stack, with mode blocking, and a LogSubscriptionFilter of all of it deliver to a bucket of the stack with Object Lock.",
              assumption,
            ),
          ],
    );
  }

  /**
   * On a platform of ours, network firewalls that do not record what their rules did, every flow, and what came of ending
   * TLS, in log groups of the stack.
   */
  #firewalls(): readonly Unaudited[] {
    const { graph } = this.#stack;
    const configurations = graph.ofType("aws:networkfirewall:loggingconfiguration").map((node) => ({
      node,
      firewalls: graph.referents(node, "firewallArn", ["aws:networkfirewall:firewall"]),
      records: this.#recordsOfFirewall(node),
    }));
    return graph
      .ofType("aws:networkfirewall:firewall")
      .filter((node) => platformOf(this.#stack, node) !== undefined)
      .flatMap((firewall) => {
        const own = configurations.filter(({ firewalls }) => {
          const [only, ...others] = firewalls;
          return others.length === 0 && only?.kind === "resource" && only.node === firewall;
        });
        const recorded = new Set(own.flatMap(({ records }) => records ?? []));
        const missing = firewallRecords.filter((kind) => !recorded.has(kind));
        const isHidden = own.some(({ records }) => records === undefined);
        return missing.length === 0
          ? []
          : [
              this.#missing(
                this.#of(firewall),
                `${labelOf(firewall)} writes no ${missing.join(" and no ")} records into a log group of the stack.`,
                `Add a LoggingConfiguration with ${firewallRecords.join(", ")}, each to a log group of the stack.`,
                isHidden ? "`loggingConfiguration` is not known" : undefined,
              ),
            ];
      });
  }

  /** What a configuration lets a firewall record in log groups of the stack; `undefined` where that is not known. */
  #recordsOfFirewall(configuration: Node): readonly string[] | undefined {
    const { graph } = this.#stack;
    const content = recordOf(graph.read(configuration, "loggingConfiguration"));
    const items = itemsOf(memberReading(content, "logDestinationConfigs")).map((item) => recordOf(item));
    if (content.kind === "unknown" || items.some(({ kind }) => kind === "unknown")) {
      return undefined;
    }
    const groups = graph.ofType(...groupTypes);
    return items.flatMap((item) => {
      const kind = textOf(memberReading(item, "logType"));
      const to = textOf(memberReading(item, "logDestinationType"));
      const group = textOf(memberReading(recordOf(memberReading(item, "logDestination")), "logGroup"));
      const isOfStack =
        group.kind === "known" &&
        groups.some((node) => {
          const name = textOf(graph.read(node, "name"));
          return name.kind === "known" && name.value === group.value;
        });
      return kind.kind === "known" && to.kind === "known" && to.value === "CloudWatchLogs" && isOfStack
        ? [kind.value]
        : [];
    });
  }

  /** Load balancers that the Internet reaches, and that record neither requests nor connections. */
  #balancers(): readonly Unaudited[] {
    const { graph, zones } = this.#stack;
    return graph.ofType("aws:lb:loadbalancer").flatMap((node) => {
      const kind = textOf(graph.read(node, "loadBalancerType"));
      const internal = flagOf(graph.read(node, "internal"));
      const ends = kind.kind !== "known" || kind.value === "application";
      if (!ends || zones.of(node.urn) === undefined || (internal.kind === "known" && internal.value)) {
        return []; // One that passes TCP through has no log but the network's flows.
      }
      const missing = ["accessLogs", "connectionLogs"].filter((key) =>
        isNot(flagOf(memberReading(recordOf(graph.read(node, key)), "enabled")), true),
      );
      return missing.length === 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)} writes no ${missing.map((key) => (key === "accessLogs" ? "access log" : "connection log")).join(" and no ")}.`,
              `Enable ${missing.join(" and ")}.`,
            ),
          ];
    });
  }
}
