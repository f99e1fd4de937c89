import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { valuesAt } from "../property-path";
import { broken } from "../setting";

import { gcpKey } from "./gcp-id";
import { ownersOf } from "./owners";
import type { GcpStack } from "./gcp-stack";
import { isGrantType } from "./iam-grants";
import { pastNetwork, placedTypes } from "./placed-types";

const accountType = "gcp:serviceaccount:account";

/** Types that name service accounts to say who they are, or what they may do, and do not run as them. */
const naming =
  /^gcp:(?:serviceaccount|accesscontextmanager|iam|iap|kms|logging|monitoring|organizations|projects|folder|privilegedaccessmanager|networksecurity|compute:(?:firewall|networkfirewall|regionnetworkfirewall|organizationsecurity|securitypolicy)\w*):?/;

/** Properties that say as which service account something runs, or calls. */
const runningAs = /service_?account/i;

/** What runs on machines of Google's, which are in no network of the customer's. */
const onGooglesMachines =
  /^gcp:(?:cloudrun|cloudrunv2|cloudfunctions|cloudfunctionsv2|appengine:standardappversion)/;

/** Something that runs, or calls, as a service account. */
interface Actor {
  readonly node: Node;
  /** The service accounts, as their email or their whole name; one that is not known yet by what it was made of. */
  readonly accounts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Whether it may be any: one is not known, and was made of none of the stack. */
  readonly isAny: boolean;
}

/** The values of every property within a value that says as whom something runs. */
function accountsIn(value: Reading<unknown>, isNamed: boolean): readonly Reading<string>[] {
  if (value.kind !== "known" || typeof value.value !== "object" || value.value === null) {
    const text = textOf(value);
    return isNamed && text.kind !== "absent" ? [text] : [];
  }
  const record = recordOf(value);
  return record.kind === "known"
    ? Object.keys(record.value).flatMap((key) =>
        accountsIn(memberReading(record, key), isNamed || runningAs.test(key)),
      )
    : itemsOf(value).flatMap((item) => accountsIn(item, isNamed));
}

/**
 * Whether everything that something sends goes through a network of which the firewall is judged. What is on Google's own
 * machines is in none unless it says so, and sends what is for public addresses past it unless it says that as well.
 */
function isConfined(graph: StackGraph, node: Node): boolean {
  const shape = placedTypes.get(node.resourceType);
  if (shape === undefined) {
    return false;
  }
  if (!onGooglesMachines.test(node.resourceType)) {
    const { partOf } = shape;
    // What is a part of something is where that is, which has to be in the stack.
    return (
      partOf === undefined ||
      ownersOf(graph, node, partOf.key, partOf.types).every(({ kind }) => kind === "resource")
    );
  }
  const { places, connector, settings, oneOf = [] } = shape;
  const isPlaced =
    places.some(({ at }) => at !== undefined && valuesAt(graph, node, at).length > 0) ||
    (connector !== undefined && valuesAt(graph, node, connector).length > 0);
  const ways = [...settings, ...oneOf].filter(({ what }) => what.startsWith(pastNetwork));
  const wrong = broken(graph, node, ways);
  return isPlaced && (oneOf.length > 0 ? wrong.length < ways.length : wrong.length === 0);
}

function urnOf(referent: Referent): readonly string[] {
  return referent.kind === "resource" ? [referent.node.urn] : [];
}

function actorOf(graph: StackGraph, node: Node): Actor | undefined {
  const keys = Object.keys(node.inputs ?? node.outputs);
  const said = keys.flatMap((key) =>
    accountsIn(graph.read(node, key), runningAs.test(key)).map((account) => ({ key, account })),
  );
  if (said.length === 0 || isConfined(graph, node)) {
    return undefined;
  }
  return {
    node,
    accounts: new Set(
      said.flatMap(({ account }) =>
        account.kind === "known" ? [gcpKey(account.value.replace(/^serviceAccount:/, ""))] : [],
      ),
    ),
    origins: new Set(
      said.flatMap(({ key, account }) =>
        account.kind === "known" ? [] : graph.origins(node, key, [accountType]).flatMap(urnOf),
      ),
    ),
    isAny: said.some(
      ({ key, account }) =>
        account.kind === "unknown" &&
        graph.origins(node, key, [accountType]).some(({ kind }) => kind !== "resource"),
    ),
  };
}

const actorsByGraph = new WeakMap<StackGraph, readonly Actor[]>();

function actorsOf(graph: StackGraph): readonly Actor[] {
  const found =
    actorsByGraph.get(graph) ??
    graph.nodes
      .filter(({ resourceType: type }) => type.startsWith("gcp:") && !naming.test(type) && !isGrantType(type))
      .flatMap((node) => actorOf(graph, node) ?? []);
  actorsByGraph.set(graph, found);
  return found;
}

/**
 * What runs, or calls, as a service account outside of every network that is judged: code on Google's own machines with a
 * way to the Internet, schedules, workflows and queues. Whoever writes it acts as the account.
 */
export function actingAs({ graph }: GcpStack, account: Node): readonly Node[] {
  const names = graph.gcpNamesOf(account);
  return actorsOf(graph)
    .filter(
      ({ accounts, origins, isAny }) =>
        isAny || names.some((name) => accounts.has(name)) || origins.has(account.urn),
    )
    .map(({ node }) => node);
}

/** The same of a service account that the stack does not make, by its email. */
export function actingAsNamed({ graph }: GcpStack, email: string): readonly Node[] {
  return actorsOf(graph)
    .filter(({ accounts }) => [...accounts].some((name) => name.split("/").at(-1) === email))
    .map(({ node }) => node);
}
