import { minimumRetentionDays } from "../../../model/audit-policy";

import { flagOf, integerOf, memberReading, recordOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Network, Unaudited } from "../fact";
import { platformsOn } from "../platform-of";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import {
  accountType,
  activityType,
  Diagnostics,
  diagnosticTypes,
  isWhole,
  workspaceType,
  type Recording,
} from "./diagnostics";
import type { Networks } from "./networks";
import { programRecords, type ProgramRecords } from "./program-records";
import { recordExports, type RecordExport } from "./record-exports";
import { accountProblems, keepingTypes, workspaceProblems } from "./record-keeping";
import { referentsOf } from "./referents";
import type { Resolvers } from "./resolvers";
import type { Subnets } from "./subnets";

const flowLogType = "azure-native:network:flowlog";
const groupTarget = "azure-native:network:networksecuritygroup";

/** Types from which facts about the audit trail are drawn, besides those of networks and stores. */
export const auditTypes: readonly ResourceType[] = [
  flowLogType,
  workspaceType,
  ...diagnosticTypes,
  ...keepingTypes,
];

/** What services record of who did what to them, by type: the categories that are enough (Azure Monitor, "Supported resource logs"). */
export const recordedTypes: ReadonlyMap<ResourceType, readonly string[]> = new Map<
  ResourceType,
  readonly string[]
>([
  [accountType, ["StorageRead", "StorageWrite", "StorageDelete"]],
  ["azure-native:keyvault:vault", ["AuditEvent"]],
  ["azure-native:search:service", ["OperationLogs"]],
  ["azure-native:healthcareapis:fhirservice", ["AuditLogs"]],
  ["azure-native:cognitiveservices:account", ["Audit", "RequestResponse"]],
  [
    "azure-native:containerregistry:registry",
    ["ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"],
  ],
  ["azure-native:cosmosdb:databaseaccount", ["DataPlaneRequests", "ControlPlaneRequests"]],
  [
    "azure-native:network:applicationgateway",
    ["ApplicationGatewayAccessLog", "ApplicationGatewayFirewallLog"],
  ],
  ["azure-native:apimanagement:apimanagementservice", ["GatewayLogs"]],
  [
    "azure-native:network:azurefirewall",
    ["AZFWApplicationRule", "AZFWNetworkRule", "AZFWNatRule", "AZFWIdpsSignature", "AZFWThreatIntel"],
  ],
]);

/** What the activity log has to hold: what was changed, by whom, and what was refused. */
const activityCategories = ["Administrative", "Security", "Policy"];

/** What answers names in a network, and records that it did. */
const queryCategories = ["DnsResponse"];

/** What the audit trail of a stack lacks: flows, queries and calls that are not recorded, and records that are not kept. */
export class AuditTrail {
  readonly diagnostics: Diagnostics;
  readonly #stack: AzureStack;
  readonly #exports: readonly RecordExport[];
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  readonly #resolvers: Resolvers;

  constructor(stack: AzureStack, networks: Networks, subnets: Subnets, resolvers: Resolvers) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    this.#resolvers = resolvers;
    this.diagnostics = new Diagnostics(stack.graph);
    this.#exports = recordExports(stack.graph);
  }

  unaudited(): readonly Unaudited[] {
    const zoned = this.zonedNetworks();
    return [
      ...zoned.flatMap((network) => this.#flows(network)),
      ...this.#flowLogs(),
      ...zoned.flatMap((network) => this.#queries(network)),
      ...this.#services(),
      ...this.#calls(),
      ...this.#kept(),
      ...this.#programs(),
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

  /** What is wrong with a flow log as it is, whatever it is of. */
  flowProblems(node: Node): readonly string[] {
    const { graph } = this.#stack;
    const enabled = flagOf(graph.read(node, "enabled"));
    const format = integerOf(memberReading(recordOf(graph.read(node, "format")), "version"));
    const retention = recordOf(graph.read(node, "retentionPolicy"));
    const isExpiring = flagOf(memberReading(retention, "enabled"));
    const days = integerOf(memberReading(retention, "days"));
    const isKept =
      retention.kind === "absent" ||
      (isExpiring.kind === "known" && !isExpiring.value) ||
      (isExpiring.kind === "absent" && days.kind === "absent") ||
      // Records for which a retention of 0 days is said are not deleted (Azure Resource Manager, `RetentionPolicyParameters`).
      (days.kind === "known" && (days.value === 0 || days.value >= minimumRetentionDays));
    return [
      ...(enabled.kind === "known" && enabled.value ? [] : ["it is not enabled"]),
      ...(format.kind === "absent" || (format.kind === "known" && format.value === 2)
        ? []
        : ["its format leaves out how much was sent (format.version)"]),
      ...(["enabledFilteringCriteria", "recordTypes"].some((key) => graph.read(node, key).kind !== "absent")
        ? ["it leaves out some flows (enabledFilteringCriteria)"]
        : []),
      ...(isKept
        ? []
        : [
            days.kind === "known"
              ? `its records are kept for ${String(days.value)} days, and HIPAA's six years are ${String(minimumRetentionDays)}`
              : "for how long its records are kept is not known",
          ]),
    ];
  }

  /** What a flow log is of. */
  #targets(node: Node): readonly Referent[] {
    const { graph } = this.#stack;
    return referentsOf(graph, node, "targetResourceId", graph.read(node, "targetResourceId"), [
      ...types.network,
      ...types.subnet,
      ...types.networkInterface,
      groupTarget,
    ]);
  }

  /** The flow logs of a whole network. */
  flowLogsOf(network: Network): readonly Node[] {
    const { graph } = this.#stack;
    return graph.ofType(flowLogType).filter((node) => {
      const inSubnets = this.#subnets.at(node, ["targetResourceId"]).subnets;
      const isOfPart = inSubnets.length > 0 && graph.read(node, "targetResourceId").kind === "known";
      const [only, ...others] = this.#targets(node);
      return (
        !isOfPart &&
        others.length === 0 &&
        only?.kind === "resource" &&
        !only.assumed &&
        this.#networks.ofNode(only.node) === network
      );
    });
  }

  /** Whether a flow log is of one subnet. */
  #isOfSubnet(node: Node, key: string): boolean {
    const { subnets, isAmbiguous } = this.#subnets.at(node, ["targetResourceId"]);
    return !isAmbiguous && subnets.some((subnet) => subnet.key === key);
  }

  /** Flows of a network are recorded by a log of it, or of each of its subnets. */
  #flows(network: Network): readonly Unaudited[] {
    const { graph } = this.#stack;
    const logs = graph.ofType(flowLogType);
    const inside = this.#subnets.all.filter(
      (subnet) => subnet.network === network && subnet.zone !== undefined,
    );
    const unrecorded = inside.filter((subnet) => !logs.some((node) => this.#isOfSubnet(node, subnet.key)));
    if (this.flowLogsOf(network).length > 0 || (inside.length > 0 && unrecorded.length === 0)) {
      return [];
    }
    const isOfGroups = logs.some((node) =>
      this.#targets(node).some((to) => to.kind === "resource" && to.node.resourceType === groupTarget),
    );
    return [
      this.#missing(
        network,
        unrecorded.length < inside.length
          ? `No flow of ${unrecorded.map(({ label }) => label).join(", ")} is recorded.`
          : isOfGroups
            ? "No flow of it is recorded but by logs of network security groups, which leave out private endpoints, and end in 2027."
            : "No flow of it is recorded.",
        "Add a FlowLog whose targetResourceId is the virtual network.",
      ),
    ];
  }

  /** Flow logs of something of a zone that leave something out, or are not kept. */
  #flowLogs(): readonly Unaudited[] {
    const { graph, zones } = this.#stack;
    const zoned = this.zonedNetworks();
    return graph.ofType(flowLogType).flatMap((node) => {
      const problems = this.flowProblems(node);
      const isOfZone =
        this.#subnets.at(node, ["targetResourceId"]).subnets.some(({ zone }) => zone !== undefined) ||
        this.#targets(node).some(
          (to) =>
            to.kind !== "resource" ||
            zones.of(to.node.urn) !== undefined ||
            zoned.includes(this.#networks.ofNode(to.node)),
        );
      return problems.length === 0 || !isOfZone
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)}: ${problems.join("; ")}.`,
              "Set enabled to true, format to version 2, and retentionPolicy to none, and let the account keep what is in it.",
            ),
          ];
    });
  }

  /** The recordings of the queries for names in a network. */
  queriesOf(network: Network): readonly Recording[] {
    return this.#resolvers
      .policiesOf(network)
      .flatMap((policy) => this.diagnostics.of(policy))
      .filter((one) => isWhole(one, queryCategories));
  }

  #queries(network: Network): readonly Unaudited[] {
    return this.#resolvers.isSilent(network) || this.queriesOf(network).length > 0
      ? []
      : [
          this.#missing(
            network,
            "No query for a name in it is recorded, and its flow logs leave queries out.",
            "Add a DiagnosticSetting of allLogs of the DnsResolverPolicy that is linked to the network.",
          ),
        ];
  }

  /** Services of a zone, each with what is recorded of it. */
  services(): readonly { readonly node: Node; readonly recordings: readonly Recording[] }[] {
    const { graph, zones } = this.#stack;
    return [...recordedTypes].flatMap(([type, categories]) =>
      graph
        .ofType(type)
        .filter(({ urn }) => zones.of(urn) !== undefined)
        .map((node) => ({
          node,
          recordings: this.diagnostics.of(node).filter((one) => isWhole(one, categories)),
        })),
    );
  }

  #services(): readonly Unaudited[] {
    return this.services().flatMap(({ node, recordings }) => {
      const partial = this.diagnostics.of(node);
      const isUnknown = partial.some((one) => one.isUnknown);
      return recordings.length > 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              partial.length === 0
                ? `Who calls ${labelOf(node)}, and for what, is not recorded.`
                : `What is recorded of ${labelOf(node)} leaves out who calls it, or is written nowhere.`,
              "Add a DiagnosticSetting of it with categoryGroup allLogs enabled, into a workspace and an account of the stack.",
              isUnknown ? "`logs` of a DiagnosticSetting are not known" : undefined,
            ),
          ];
    });
  }

  /** The recordings of all calls that manage something. */
  recordedCalls(): readonly Recording[] {
    return this.diagnostics.calls.filter((one) => isWhole(one, activityCategories));
  }

  /** Whether the calls that manage something are recorded, where there is something to record. */
  #calls(): readonly Unaudited[] {
    const { zones, graph } = this.#stack;
    const isWholly = this.recordedCalls().length > 0;
    const [platform] = platformsOn(this.#stack, "azure");
    const [store] = [...recordedTypes.keys()]
      .flatMap((type) => graph.ofType(type))
      .filter(({ urn }) => zones.of(urn) === "phi");
    const at =
      platform !== undefined
        ? { urn: platform[0], label: "Platform", platform: platform[1] }
        : store === undefined
          ? undefined
          : this.#of(store);
    return isWholly || at === undefined
      ? []
      : [
          this.#missing(
            at,
            "Nothing keeps the record of the calls to the subscription for longer than Azure's 90 days.",
            `Add a SubscriptionDiagnosticSetting (${activityType}) with the categories ${activityCategories.join(", ")}.`,
          ),
        ];
  }

  /** Each place into which records are written, with what is wrong about it. */
  places(): readonly { readonly node: Node; readonly problems: readonly string[] }[] {
    const { graph } = this.#stack;
    const all = [...this.diagnostics.all, ...this.diagnostics.calls];
    const found = new Map<Node, readonly string[]>();
    const resources = (referents: readonly Referent[]): readonly Node[] =>
      referents.flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    const accounts = new Set(all.flatMap((one) => resources(one.accounts)));
    for (const account of accounts) {
      found.set(account, accountProblems(graph, account, false));
    }
    for (const account of this.#exports.flatMap(({ accounts }) => resources(accounts))) {
      found.set(account, accountProblems(graph, account, false));
    }
    for (const log of graph.ofType(flowLogType)) {
      for (const account of resources(this.#accountsOf(log))) {
        if (!found.has(account)) {
          found.set(account, accountProblems(graph, account, true));
        }
      }
    }
    const isKeptBesides = (one: Recording): boolean =>
      resources(one.accounts).some((account) => found.get(account)?.length === 0);
    for (const one of all) {
      for (const workspace of resources(one.workspaces)) {
        const problems = isKeptBesides(one) ? [] : workspaceProblems(graph, workspace);
        found.set(workspace, [...new Set([...(found.get(workspace) ?? []), ...problems])]);
      }
    }
    // What a workspace of a zone holds are records, whoever writes them.
    for (const workspace of graph.ofType(workspaceType)) {
      if (!found.has(workspace) && this.#stack.zones.of(workspace.urn) !== undefined) {
        found.set(workspace, workspaceProblems(graph, workspace));
      }
    }
    return [...found].map(([node, problems]) => ({ node, problems }));
  }

  /** What programs record of decisions and tool calls, on a platform of ours. */
  programs(): readonly ProgramRecords[] {
    return programRecords(this.#stack, this.#exports);
  }

  /** Decisions and tool calls, on a platform of ours, of which no copy is kept that nobody deletes before its time. */
  #programs(): readonly Unaudited[] {
    return this.programs().flatMap(({ node, problems, assumption }) =>
      problems.length === 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)}: ${problems.join("; ")}.`,
              "Let it write what its program records into a table, and a DataExport of that table copy it to an account of the stack whose records are immutable.",
              assumption,
            ),
          ],
    );
  }

  #accountsOf(log: Node): readonly Referent[] {
    const { graph } = this.#stack;
    return referentsOf(graph, log, "storageId", graph.read(log, "storageId"), [accountType]);
  }

  #kept(): readonly Unaudited[] {
    return this.places().flatMap(({ node, problems }) =>
      problems.length === 0
        ? []
        : [
            this.#missing(
              this.#of(node),
              `${labelOf(node)}: ${problems.join("; ")}.`,
              node.resourceType === workspaceType
                ? `Set totalRetentionInDays of each of its tables to ${String(minimumRetentionDays)} or more, or write records into an account that keeps them as well.`
                : `Set immutableStorageWithVersioning to ${String(minimumRetentionDays)} days, encryption.keySource to Microsoft.Keyvault, and let no rule delete records before.`,
            ),
          ],
    );
  }

  /** On a platform of ours, records that are written to something that is not of the stack. */
  #elsewhere(): readonly Unaudited[] {
    const { graph, platforms } = this.#stack;
    if (platforms.size === 0) {
      return []; // Elsewhere it may well be another subscription's, which keeps records for everybody.
    }
    const writers = [
      ...[...this.diagnostics.all, ...this.diagnostics.calls].map(({ node, workspaces, accounts }) => ({
        node,
        referents: [...workspaces, ...accounts],
      })),
      ...graph.ofType(flowLogType).map((node) => ({ node, referents: this.#accountsOf(node) })),
      ...this.#exports.map(({ node, accounts }) => ({ node, referents: accounts })),
    ];
    return writers
      .filter(({ referents }) => referents.length === 0 || referents.some(({ kind }) => kind !== "resource"))
      .map(({ node }) =>
        this.#missing(
          this.#of(node),
          `${labelOf(node)} writes to something that is not of the stack, and may be anybody's.`,
          "Write to a workspace and an account of the stack.",
        ),
      );
  }
}
