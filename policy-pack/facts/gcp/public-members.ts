import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { SideChannel } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { valuesAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { grantsOf } from "./iam-grants";
import { isNeutral, thingsIn } from "./named-things";
import { projectsOf } from "./projects";
import { standingOf, type Standing } from "./standing";

/** Somebody whom a resource lets in at something. */
interface LetIn {
  readonly node: Node;
  readonly member: Reading<string>;
  /** The property that holds the member. */
  readonly key: string;
}

/** What of the PHI zone somebody is let in at, or may be. */
interface Opened {
  readonly label: string;
  readonly assumption: string | undefined;
}

/** Inputs of a grant that do not name what it is of. */
const otherKeys: ReadonlySet<string> = new Set([
  "condition",
  "entity",
  "etag",
  "location",
  "member",
  "members",
  "policyData",
  "project",
  "region",
  "role",
  "roleEntities",
  "zone",
]);

const grant = /^gcp:(\w+):(\w*?)iam(?:member|binding|policy)$/;

/** What grants are of where the name of their type does not say it by itself. */
const grantedOn: Readonly<Record<string, readonly ResourceType[]>> = {
  "gcp:bigquery:": ["gcp:bigquery:dataset"],
  "gcp:bigquery:routine": ["gcp:bigquery:dataset"],
  "gcp:bigtable:table": ["gcp:bigtable:instance"],
  "gcp:healthcare:consentstore": ["gcp:healthcare:dataset"],
  "gcp:spanner:database": ["gcp:spanner:instance"],
  "gcp:storage:managedfolder": ["gcp:storage:bucket"],
};

const ownListOf: Readonly<Record<ResourceType, readonly ResourceType[]>> = {
  "gcp:bigquery:datasetaccess": ["gcp:bigquery:dataset"],
  "gcp:bigquery:rowaccesspolicy": ["gcp:bigquery:dataset"],
  "gcp:storage:bucketaccesscontrol": ["gcp:storage:bucket"],
  "gcp:storage:bucketacl": ["gcp:storage:bucket"],
  "gcp:storage:defaultobjectaccesscontrol": ["gcp:storage:bucket"],
  "gcp:storage:defaultobjectacl": ["gcp:storage:bucket"],
  "gcp:storage:objectaccesscontrol": ["gcp:storage:bucket"],
  "gcp:storage:objectacl": ["gcp:storage:bucket"],
};

/** Grants on all that is in a project, a folder or an organisation. */
const wide = /^gcp:(?:folder|organizations|projects):/;

/** What a resource that lets somebody in can be of; nothing, where it is that itself, or is of a whole project. */
function targetsOf({ resourceType: type }: Node): readonly ResourceType[] {
  const [, module = "", base = ""] = grant.exec(type) ?? [];
  const on = `gcp:${module}:${base}`;
  return ownListOf[type] ?? (grant.test(type) && !wide.test(type) ? (grantedOn[on] ?? [on]) : []);
}

/** Those of whom rows of a table are for, besides whom grants let in. */
function readersOfRows({ graph }: GcpStack): readonly LetIn[] {
  return graph
    .ofType("gcp:bigquery:rowaccesspolicy")
    .flatMap((node) =>
      valuesAt(graph, node, ["grantees"]).map((value) => ({ node, member: textOf(value), key: "grantees" })),
    );
}

function openedBy(stack: GcpStack, node: Node): Opened | undefined {
  const { graph, zones } = stack;
  if (zones.of(node.urn) === "phi") {
    return { label: "the PHI zone", assumption: undefined };
  }
  const types = targetsOf(node);
  const named = Object.keys(node.inputs ?? node.outputs)
    .filter((key) => types.length > 0 && !otherKeys.has(key))
    .flatMap((key) =>
      valuesAt(graph, node, [key]).flatMap((value) =>
        thingsIn(stack, node, key, value, { types }).map((thing) => ({ key, thing })),
      ),
    );
  const opened = named.flatMap(({ key, thing }): readonly Opened[] => {
    const assumption = `what \`${key}\` names`;
    switch (thing.kind) {
      case "resource":
        return zones.of(thing.node.urn) === "phi"
          ? [{ label: labelOf(thing.node), assumption: thing.assumed ? assumption : undefined }]
          : [];
      case "elsewhere":
        return thing.project !== undefined && projectsOf(stack).zoneOf(thing.project) === "phi"
          ? [{ label: `something in the project ${thing.project}`, assumption: undefined }]
          : [];
      case "undetermined":
        return graph.ofType(...types).some(({ urn }) => zones.of(urn) === "phi")
          ? [{ label: "something in the PHI zone", assumption }]
          : [];
    }
  });
  return opened.find(({ assumption }) => assumption === undefined) ?? opened[0];
}

/** What a grant on a folder or an organisation opens, which holds whatever project there is. */
function openedBelow({ graph, zones }: GcpStack): Opened | undefined {
  const phi = graph.nodes.find(
    (node) => node.resourceType.startsWith("gcp:") && zones.of(node.urn) === "phi" && !isNeutral(node),
  );
  return phi === undefined
    ? undefined
    : { label: `all that is below it, and so ${labelOf(phi)}`, assumption: undefined };
}

const words: Readonly<Record<Exclude<Standing, "own">, string>> = {
  everybody: "everybody is let in",
  domain: "everybody of a domain is let in",
  foreign: "somebody of another project or organisation is let in",
  unknown: "somebody is let in who may be of another project or organisation",
};

/** Whom lists and grants let in at what is in the PHI zone, who are not of the stack's own projects, or may not be. */
export function publicMembers(stack: GcpStack): readonly SideChannel[] {
  const granted = grantsOf(stack).map(({ node, member, key, place }) => ({
    node,
    member,
    key,
    opened: place.kind === "above" ? openedBelow(stack) : openedBy(stack, node),
  }));
  const ofRows = readersOfRows(stack).map((one) => ({ ...one, opened: openedBy(stack, one.node) }));
  return [...granted, ...ofRows].flatMap(({ node, member, key, opened }): readonly SideChannel[] => {
    const standing = opened === undefined ? "own" : standingOf(stack, node, key, member);
    // Of a whole project people of the house are let in, of whom nothing in the stack says that they are.
    const isOfTheHouse = standing === "unknown" && wide.test(node.resourceType);
    if (opened === undefined || standing === "own" || isOfTheHouse) {
      return [];
    }
    const who = member.kind === "known" ? ` (${member.value})` : "";
    return [
      {
        urn: node.urn,
        label: labelOf(node),
        zone: "phi",
        platform: platformOf(stack, node),
        what: `${opened.label}: ${words[standing]}${who}`,
        assumption: opened.assumption ?? (standing === "unknown" ? "who is let in" : undefined),
        remedy: "Take the member away, or name a service account of a project of your own.",
        isGuiltyAlone: standing === "everybody" && node.resourceType === "gcp:bigquery:dataset",
      },
    ];
  });
}
