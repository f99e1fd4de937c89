import type { Node, StackGraph } from "../../stack-graph";
import { peerOf } from "../../zone-claims";

import { isDeployer } from "./deployers";
import type { GcpStack } from "./gcp-stack";
import { projectsOf } from "./projects";
import type { Reading } from "../../reading";

const accountType = "gcp:serviceaccount:account";
const serviceIdentityType = "gcp:projects:serviceidentity";

/** Somebody whom a grant, or a rule of a perimeter, names. */
export type Caller =
  /** A service account of the stack. */
  | {
      readonly kind: "account";
      readonly node: Node;
      readonly peer: string | undefined;
      readonly isCertain: boolean;
    }
  /** A service of Google's that works for a project of the stack, or for a cluster in one. */
  | { readonly kind: "agent"; readonly project: string }
  /** Who deploys a platform of the stack. */
  | { readonly kind: "deployer" }
  /** Anybody, or all whom Google knows. */
  | { readonly kind: "anybody" }
  /** Somebody who is not of the stack. */
  | { readonly kind: "somebody"; readonly name: string }
  | { readonly kind: "undetermined" };

/** Accounts by which services of Google's work for a project, with its number in them. */
const agents = [
  /^service-(\d+)@[a-z0-9-]+\.iam\.gserviceaccount\.com$/,
  /^bq-(\d+)@bigquery-encryption\.iam\.gserviceaccount\.com$/,
] as const;

/** A cluster's own accounts, which take the place of service accounts of its project. */
const clusterAccount = /^([a-z0-9-]+)\.svc\.id\.goog\[/;

function accountCaller(graph: StackGraph, node: Node, isCertain: boolean): Caller {
  return { kind: "account", node, peer: peerOf(graph, node), isCertain };
}

function namedCaller(stack: GcpStack, member: string): Caller {
  const { graph } = stack;
  if (member === "allUsers" || member === "allAuthenticatedUsers") {
    return { kind: "anybody" };
  }
  // Rules of perimeters may name an account by its address alone.
  const email = member.replace(/^serviceAccount:/, "");
  if (isDeployer(stack, email)) {
    return { kind: "deployer" };
  }
  const [account, ...others] = graph
    .bearers(email)
    .filter(({ node }) => node.resourceType === accountType)
    .map(({ node }) => node);
  if (account !== undefined) {
    return accountCaller(graph, account, others.length === 0);
  }
  const number = agents.map((pattern) => pattern.exec(email)?.[1]).find((one) => one !== undefined);
  if (number !== undefined) {
    return { kind: "agent", project: number };
  }
  const pool = clusterAccount.exec(email)?.[1];
  return pool !== undefined && projectsOf(stack).zoneOf(pool) !== undefined
    ? { kind: "agent", project: pool }
    : { kind: "somebody", name: member };
}

/** Whom the property `key` of a resource, or a part of it, names as a member of IAM. */
export function callerOf(stack: GcpStack, node: Node, key: string, member: Reading<string>): Caller {
  const { graph } = stack;
  if (member.kind === "known") {
    return namedCaller(stack, member.value);
  }
  // Of several of whose outputs it was made, it is not known which it is.
  const origins = (node.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
  const [only, ...others] = origins.filter(({ resourceType: type }) =>
    [accountType, serviceIdentityType].includes(type),
  );
  if (only === undefined || others.length > 0 || !graph.dryRun) {
    return { kind: "undetermined" };
  }
  if (only.resourceType === accountType) {
    return accountCaller(graph, only, true);
  }
  const project = projectsOf(stack).of(only);
  return project.kind === "project"
    ? { kind: "agent", project: project.project.id ?? project.project.number ?? "" }
    : { kind: "undetermined" };
}

/** What a report calls somebody. */
export function callerText(caller: Caller): string {
  switch (caller.kind) {
    case "account":
      return caller.peer ?? `service account ${caller.node.name}`;
    case "agent":
      return `a service that works for project ${caller.project}`;
    case "deployer":
      return "who deploys the platform";
    case "anybody":
      return "anybody";
    case "somebody":
      return `${caller.name}, who is not of the stack`;
    case "undetermined":
      return "somebody who is not known yet";
  }
}
