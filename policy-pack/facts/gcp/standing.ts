import type { Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { textsIn } from "../../texts";

import { isDeployer } from "./deployers";
import { gcpKey } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { projectOfNode } from "./named-things";
import { projectsOf } from "./projects";

/** How somebody whom a grant names stands to the projects of the stack. */
export type Standing =
  | "everybody"
  /** Everybody of a domain, or of a whole organisation. */
  | "domain"
  | "foreign"
  | "own"
  | "unknown";

/** What calls itself everybody, in IAM and in lists of the stores' own. */
const everybody = new Set(["allusers", "allauthenticatedusers", "principalset://goog/public:all"]);

/** Domains in which anybody may have an address. */
const anybodys = /@(?:gmail|googlemail|googlegroups)\.com$/;

/** What says of which domains the people are whom the stack knows. */
const peopleTypes = /^gcp:(?:cloudidentity|essentialcontacts):/;

/** How somebody with an address of mail stands: of a domain that the stack speaks of elsewhere, of anybody's, or of one that nothing says. */
function standingOfPerson({ graph }: GcpStack, email: string): Standing {
  const domain = email.toLowerCase().replace(/^.*@/, "@");
  if (anybodys.test(domain)) {
    return "foreign";
  }
  const isSpokenOf = graph.nodes
    .filter(({ resourceType }) => peopleTypes.test(resourceType))
    .some(({ inputs, outputs }) =>
      textsIn(inputs ?? outputs).some((text) => text.toLowerCase().endsWith(domain)),
    );
  return isSpokenOf ? "own" : "unknown";
}

const projectsInStack = new WeakMap<GcpStack["graph"], readonly string[]>();

/** The projects in which something of the stack is. */
function ownProjects(stack: GcpStack): readonly string[] {
  const known = projectsInStack.get(stack.graph);
  if (known !== undefined) {
    return known;
  }
  const found = new Set(
    stack.graph.nodes
      .filter(({ resourceType }) => resourceType.startsWith("gcp:"))
      .flatMap((node) => projectOfNode(stack, node) ?? []),
  );
  projectsInStack.set(stack.graph, [...found]);
  return [...found];
}

/** How a project stands to those of the stack. */
function standingOfProject(stack: GcpStack, project: string): Standing {
  const projects = projectsOf(stack);
  if (projects.zoneOf(project) !== undefined) {
    return "own";
  }
  const same = ownProjects(stack).map((own) => projects.isSame(own, project));
  return same.includes(true) ? "own" : same.includes(undefined) ? "unknown" : "foreign";
}

/** Projects of Google's own in which the agents of its services are, one for each project that they work for. */
const agentsProject =
  /^(?:gcp-sa-[a-z0-9-]+|bigquery-encryption|cloud-filer|cloud-ml|cloud-redis|cloud-tpu|cloudcomposer-accounts|compute-system|container-engine-robot|dataflow-service-producer-prod|dataproc-accounts|gae-api-prod|gcf-admin-robot|gs-project-accounts|serverless-robot-prod|service-consumer-management|service-networking)$/;

/**
 * The project of a service account, by its id or its number; nothing for one of Google's that is of no project.
 * (IAM documentation, "Service agents" and "Types of service accounts".)
 */
function projectOfAccount(email: string): string | undefined {
  const [, local = "", domain = ""] = /^([^@]+)@(.+)$/.exec(email) ?? [];
  const number = /(?:^|[a-z-])(\d{6,})(?:-|$)/.exec(local)?.[1];
  const [, name, organisation = ""] =
    /^([a-z0-9-]+)((?:\.[a-z0-9-]+)*?)\.iam\.gserviceaccount\.com$/.exec(domain) ?? [];
  if (name === undefined) {
    return domain === "appspot.gserviceaccount.com" ? local : number;
  }
  if (agentsProject.test(name) && number !== undefined) {
    return number;
  }
  return organisation === "" ? name : `${organisation.slice(1)}:${name}`;
}

function standingOfAccount(stack: GcpStack, email: string): Standing {
  if (isDeployer(stack, email)) {
    return "own";
  }
  if (stack.graph.bearers(email).some(({ node }) => node.resourceType === "gcp:serviceaccount:account")) {
    return "own";
  }
  const project = projectOfAccount(email);
  return project === undefined ? "own" : standingOfProject(stack, project);
}

/** How those stand whom a principal of a pool, a project or an organisation means. */
function standingOfPrincipal(stack: GcpStack, member: string): Standing {
  // All of a pool are whoever its provider vouches for.
  if (member.endsWith("/*")) {
    return "domain";
  }
  const project = /\/projects\/([^/]+)/.exec(member)?.[1];
  if (project !== undefined) {
    return standingOfProject(stack, project);
  }
  return /:\/\/iam\.googleapis\.com\/locations\//.test(member) || member.startsWith("principal://goog/")
    ? "own"
    : "domain";
}

/** How somebody stands to the projects of the stack whom the property `key` of a resource names. */
export function standingOf(stack: GcpStack, node: Node, key: string, member: Reading<string>): Standing {
  if (member.kind !== "known") {
    const origins = (node.propertyDependencies[key] ?? []).map((urn) => stack.graph.node(urn));
    // Once a stack exists, what is not known was hidden, and comes from nothing that is shown.
    const isMade =
      stack.graph.dryRun &&
      origins.length > 0 &&
      origins.every((origin) => origin?.resourceType.startsWith("gcp:") === true);
    return isMade ? "own" : "unknown";
  }
  const text = member.value;
  if (everybody.has(text.toLowerCase())) {
    return "everybody";
  }
  const [, kind = "", named = text] = /^([A-Za-z]+):(.*)$/.exec(text) ?? [];
  switch (kind.toLowerCase()) {
    case "deleted":
      return "own";
    case "domain":
      return "domain";
    case "serviceaccount":
      return standingOfAccount(stack, gcpKey(named));
    case "principal":
    case "principalset":
      return standingOfPrincipal(stack, text);
    case "projectowner":
    case "projecteditor":
    case "projectviewer":
      // Of a list of BigQuery's, those of its own project.
      return named === "" ? "own" : standingOfProject(stack, named);
    case "user":
      return named.endsWith(".gserviceaccount.com")
        ? standingOfAccount(stack, named)
        : standingOfPerson(stack, named);
    case "group":
      return standingOfPerson(stack, named);
    case "project":
      return standingOfProject(stack, named.replace(/^(?:owners|editors|viewers)-/, ""));
    default:
      return "own";
  }
}
