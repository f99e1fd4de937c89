import { flagOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { PropertyPath } from "../property-path";

import type { AzureStack } from "./azure-stack";
import type { Placement } from "./placement";
import { wordOf } from "./word";

/** What the clients of a kind of store send it. */
interface StoreKind {
  readonly types: readonly ResourceType[];
  readonly subnets?: readonly PropertyPath[];
  readonly judge: (graph: StackGraph, node: Node, acceptor: Acceptor) => boolean;
}

const plain = "its clients may speak to it in plain text";
const old = "it takes versions of TLS older than 1.2";

/** A property that names the oldest version of TLS that a service takes. */
function oldest(
  key: string,
  recent: readonly string[],
  absentIs: "right" | "wrong",
  remedy: string,
): StoreKind["judge"] {
  return (graph, node, acceptor) =>
    acceptor.requires({
      key,
      read: wordOf(graph.read(node, key)),
      isRight: (value) => recent.includes(value),
      absentIs,
      what: old,
      remedy: `Set ${key} to ${remedy}.`,
    });
}

const inNumbers = ["1.2", "1.3"];

/** Each judge of several, so that each says what it finds. */
function every(...judges: readonly StoreKind["judge"][]): StoreKind["judge"] {
  return (graph, node, acceptor) =>
    judges.map((judge) => judge(graph, node, acceptor)).every((isRight) => isRight);
}

/** A flag that has to be as it is without a word on it. */
function flagged(key: string, wanted: boolean): StoreKind["judge"] {
  return (graph, node, acceptor) =>
    acceptor.requires({
      key,
      read: flagOf(graph.read(node, key)),
      isRight: (value) => value === wanted,
      absentIs: "right",
      what: plain,
      remedy: `Set ${key} to ${String(wanted)}.`,
    });
}

const kinds: readonly StoreKind[] = [
  {
    types: ["azure-native:storage:storageaccount"],
    // Without a word on it, TLS 1.0 is taken (Azure Resource Manager, `StorageAccountProperties`).
    judge: every(
      oldest("minimumTlsVersion", ["tls1_2", "tls1_3"], "wrong", '"TLS1_2"'),
      flagged("enableHttpsTrafficOnly", true),
    ),
  },
  {
    types: ["azure-native:sql:server"],
    judge: oldest("minimalTlsVersion", inNumbers, "wrong", '"1.2" or "1.3"'),
  },
  {
    types: ["azure-native:sql:managedinstance"],
    subnets: [["subnetId"]],
    judge: oldest("minimalTlsVersion", inNumbers, "wrong", '"1.2" or "1.3"'),
  },
  {
    types: ["azure-native:cosmosdb:databaseaccount"],
    // Without a word on it, TLS 1.2 is asked for (Azure Resource Manager, `DatabaseAccountCreateUpdateProperties`).
    judge: oldest("minimalTlsVersion", ["tls12", "tls13"], "right", '"Tls12"'),
  },
  {
    types: ["azure-native:eventhub:namespace", "azure-native:servicebus:namespace"],
    judge: oldest("minimumTlsVersion", inNumbers, "wrong", '"1.2" or "1.3"'),
  },
  {
    types: ["azure-native:redis:redis", "azure-native:cache:redis"],
    subnets: [["subnetId"]],
    judge: every(
      oldest("minimumTlsVersion", inNumbers, "wrong", '"1.2"'),
      flagged("enableNonSslPort", false),
    ),
  },
  {
    types: ["azure-native:redisenterprise:redisenterprise"],
    judge: oldest("minimumTlsVersion", inNumbers, "wrong", '"1.2"'),
  },
];

/** Types of stores of which it is read whether they take TLS alone. */
export const transportedStoreTypes: readonly ResourceType[] = kinds.flatMap(({ types }) => types);

/** Whether data stores in a zone, which hold no certificate of the platform's, at least speak TLS. */
export function storeHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph } = stack;
  return allHops(
    ...kinds.flatMap(({ types, subnets = [], judge }) =>
      graph.ofType(...types).map((node): HopFacts => {
        const place = placement.of(node, { subnets });
        if (place === undefined) {
          return allHops();
        }
        const acceptor = new Acceptor(stack, node, place);
        const isEncrypted = judge(graph, node, acceptor);
        acceptor.hop(`clients and ${acceptor.label}`, isEncrypted ? "provider-tls+iam" : undefined);
        return acceptor.facts();
      }),
    ),
  );
}
