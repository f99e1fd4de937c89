import { rangeText, type AddressRange } from "../../address-range";
import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Blind } from "../fact";

import { labelOf, types, type AzureStack } from "./azure-stack";
import { hopOf, type Appliances, type Hop } from "./next-hops";
import { ownersOf } from "./owners";
import { blockOf } from "./security-rules";

/** A route that the customer makes. */
export interface UserRoute {
  readonly urn: string;
  readonly name: string;
  readonly destination: AddressRange | "anything";
  readonly hop: Hop;
  readonly assumption: string | undefined;
  /** Whether it is in its table for certain, and not in one of several. */
  readonly isCertain: boolean;
}

/** A route table, as it is written. */
export interface UserRouteTable {
  readonly node: Node;
  readonly label: string;
  readonly routes: readonly UserRoute[];
  /** Whether it takes no routes that gateways learn; where that is not known, it may take them. */
  readonly refusesLearned: boolean;
}

interface OpenTable extends UserRouteTable {
  readonly routes: UserRoute[];
}

/** The route tables of a stack with their routes, inline and standalone. What is in force on a subnet, the subnet knows. */
export class RouteTables {
  readonly #stack: AzureStack;
  readonly #appliances: Appliances;
  readonly #byUrn = new Map<string, OpenTable>();
  readonly #blind: Blind[] = [];

  /** @param appliances tells what stands at the address to which a route sends packets on. */
  constructor(stack: AzureStack, appliances: Appliances) {
    this.#stack = stack;
    this.#appliances = appliances;
    const { graph } = stack;
    for (const node of graph.ofType(...types.routeTable)) {
      const refuses = flagOf(graph.read(node, "disableBgpRoutePropagation"));
      const table: OpenTable = {
        node,
        label: labelOf(node),
        routes: [],
        refusesLearned: refuses.kind === "known" && refuses.value,
      };
      this.#byUrn.set(node.urn, table);
      itemsOf(graph.read(node, "routes")).forEach((item, index) => {
        const route = recordOf(item);
        this.#add(
          [table],
          node,
          `${table.label} routes[${String(index)}]`,
          (key) => memberReading(route, key),
          "routes",
          true,
        );
      });
    }
    for (const node of graph.ofType("azure-native:network:route")) {
      this.#readStandalone(node);
    }
  }

  get all(): readonly UserRouteTable[] {
    return [...this.#byUrn.values()];
  }

  /** The table that a resource is, by its URN. */
  at(urn: string): UserRouteTable | undefined {
    return this.#byUrn.get(urn);
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  of(node: Node): UserRouteTable | undefined {
    return this.#byUrn.get(node.urn);
  }

  #readStandalone(node: Node): void {
    const { graph, zones } = this.#stack;
    const referents = ownersOf(graph, node, "routeTableName", types.routeTable[0]);
    if (referents.length === 0 || referents.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "To which route table it belongs cannot be known: `routeTableName` is unknown, and derives from no route table of the stack.",
        remedy: "Set routeTableName to the name of a route table of this stack, without computing it.",
      });
    }
    const tables = referents.flatMap((referent) =>
      referent.kind === "resource" ? (this.#byUrn.get(referent.node.urn) ?? []) : [],
    );
    this.#add(tables, node, labelOf(node), (key) => graph.read(node, key), undefined, referents.length === 1);
    for (const { node: table } of tables) {
      zones.inherit(table.urn, zones.of(node.urn) === "phi" ? "phi" : undefined, `its route ${node.name}`);
    }
  }

  #add(
    tables: readonly OpenTable[],
    node: Node,
    label: string,
    read: (key: string) => Reading<unknown>,
    inline: string | undefined,
    isCertain: boolean,
  ): void {
    const hop = hopOf(node, read, inline, this.#appliances);
    const block = textOf(read("addressPrefix"));
    const range = block.kind === "known" ? blockOf(block.value) : undefined;
    const kind = hop === "none" ? "no next hop" : hop === "local" ? "the virtual network" : hop.kind;
    const name = hop === "none" || hop === "local" ? undefined : hop.name;
    const route: UserRoute = {
      urn: node.urn,
      name: `${label}: ${range === undefined ? "any destination" : rangeText(range)} by ${kind}${name === undefined ? "" : ` ${name}`}`,
      destination: range ?? "anything",
      hop,
      assumption:
        range === undefined
          ? "which addresses its destination stands for is not known, so it is taken to be any"
          : undefined,
      isCertain,
    };
    tables.forEach(({ routes }) => routes.push(route));
  }
}
