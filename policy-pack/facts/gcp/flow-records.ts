import { flagOf, recordOf, memberReading, textOf, understood, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Network, Subnet } from "../fact";

import type { GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";
import type { Subnets, WrittenSubnet } from "./subnets";

const configType: ResourceType = "gcp:networkmanagement:vpcflowlogsconfig";

/** Types that record flows, besides subnets themselves. */
export const flowRecordTypes: readonly ResourceType[] = [configType];

/** Subnets in which nothing of the customer's runs, and of which Google records no flow (VPC Flow Logs, "Supported configurations"). */
const withoutFlows: readonly string[] = [
  "REGIONAL_MANAGED_PROXY",
  "GLOBAL_MANAGED_PROXY",
  "INTERNAL_HTTPS_LOAD_BALANCER",
  "PRIVATE_SERVICE_CONNECT",
  "PRIVATE_NAT",
  "PEER_MIGRATION",
];

/** A share of flows, which some properties hold as a text. */
function shareOf(read: Reading<unknown>): Reading<number> {
  return understood(read, (value) => {
    const share = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof share === "number" && Number.isFinite(share) ? share : undefined;
  });
}

/** What settings of a record leave out. */
function problemsOf(
  read: (key: string) => Reading<unknown>,
  /** Which share is recorded without a word on it. */
  defaultShare: number,
): readonly string[] {
  const share = shareOf(read("flowSampling"));
  const metadata = textOf(read("metadata"));
  const filter = textOf(read("filterExpr"));
  const recorded = share.kind === "absent" ? defaultShare : share.kind === "known" ? share.value : undefined;
  return [
    ...(recorded === 1
      ? []
      : [
          recorded === undefined
            ? "which share of its flows is recorded is not known"
            : `a share of ${String(recorded)} of its flows is recorded, and not all (flowSampling)`,
        ]),
    ...(metadata.kind === "absent" || (metadata.kind === "known" && metadata.value === "INCLUDE_ALL_METADATA")
      ? []
      : ["what its flows are of is left out (metadata)"]),
    ...(filter.kind === "absent" || (filter.kind === "known" && filter.value === "true")
      ? []
      : ["some of its flows are left out (filterExpr)"]),
  ];
}

/** Which flows of subnets are recorded. */
export class FlowRecords {
  readonly #stack: GcpStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;

  constructor(stack: GcpStack, networks: Networks, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
  }

  /** Subnets of zones in which flows are to be recorded. */
  get subnets(): readonly WrittenSubnet[] {
    const { graph } = this.#stack;
    return this.#subnets.written.filter(({ subnet, node, isAutomatic }) => {
      const purpose = isAutomatic ? undefined : textOf(graph.read(node, "purpose"));
      return (
        subnet.zone !== undefined &&
        !(purpose?.kind === "known" && withoutFlows.includes(purpose.value.toUpperCase()))
      );
    });
  }

  /** What records the flows of a subnet or of its whole network besides the subnet itself, and leaves nothing out. */
  #configs(subnet: Subnet): readonly Node[] {
    const { graph } = this.#stack;
    return graph.ofType(configType).filter((config) => {
      const state = textOf(graph.read(config, "state"));
      const isOn = state.kind === "absent" || (state.kind === "known" && state.value === "ENABLED");
      const networks: readonly Network[] = this.#networks.candidates(this.#networks.referents(config));
      const named = this.#subnets.to(
        this.#subnets.referentsIn(config, "subnet", graph.read(config, "subnet")),
      );
      const isOfIt =
        (networks.length === 1 && networks[0] === subnet.network && subnet.network.isDetermined) ||
        (named.length === 1 && named[0] === subnet);
      return isOn && isOfIt && problemsOf((key) => graph.read(config, key), 1).length === 0;
    });
  }

  /** What records all flows of a subnet; none, where something is left out. */
  recordersOf(written: WrittenSubnet): readonly Node[] {
    const configs = this.#configs(written.subnet);
    return configs.length > 0 ? configs : this.problems(written).length === 0 ? [written.node] : [];
  }

  /** What is not recorded of the flows of a subnet. */
  problems(written: WrittenSubnet): readonly string[] {
    const { graph } = this.#stack;
    const { subnet, node, isAutomatic } = written;
    if (this.#configs(subnet).length > 0) {
      return [];
    }
    const config = isAutomatic ? ({ kind: "absent" } as const) : recordOf(graph.read(node, "logConfig"));
    const isOff = flagOf(graph.read(node, "enableFlowLogs"));
    if (config.kind === "absent" || (isOff.kind === "known" && !isOff.value)) {
      return ["none of its flows is recorded"];
    }
    // Half of the flows are recorded without a word on it (provider reference, `logConfig.flowSampling`).
    return config.kind === "unknown"
      ? ["which of its flows are recorded is not known"]
      : problemsOf((key) => memberReading(config, key), 0.5);
  }
}
