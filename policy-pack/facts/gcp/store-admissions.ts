import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import type { StoreAdmission } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import { actingAs, actingAsNamed } from "./acting-code";
import { deployersOf, isForDeployer, isFromOwnProjects } from "./deployers";
import { gcpKey, isAccountNumber } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { apiOf, serviceOf, storePeerOf, storesOfPhi } from "./held-stores";
import { grantsBearingOn, resourcesByGrant } from "./grant-bearings";
import { grantsOf } from "./iam-grants";
import { callerOf, callerText, type Caller } from "./iam-members";
import { opens, reachOf } from "./iam-roles";
import { matchesNobody, type PerimeterRule } from "./perimeter-rules";
import { perimetersOf, type Perimeter } from "./perimeters";
import { projectsOf } from "./projects";

const keyType = "gcp:serviceaccount:key";
const accountType = "gcp:serviceaccount:account";

/** Types, besides those by which roles are given, from which facts about who acts as whom are drawn. */
export const impersonationTypes = [keyType, accountType] as const;

/** Whether somebody is a service of Google's that works for a project of the PHI zone, and so is the zone's own. */
function isOfZone(stack: GcpStack, caller: Caller): boolean {
  return caller.kind === "agent" && projectsOf(stack).zoneOf(caller.project) === "phi";
}

/** Whom a role, or a rule, lets in who has to be held against the flows. Anybody at all is told of as such. */
function isHeldAgainstFlows(stack: GcpStack, caller: Caller): boolean {
  return caller.kind !== "deployer" && caller.kind !== "anybody" && !isOfZone(stack, caller);
}

function about(
  stack: GcpStack,
  by: Node,
  store: Node,
  caller: Caller,
): Omit<StoreAdmission, "stores" | "assumption"> {
  return {
    urn: by.urn,
    label: labelOf(by),
    zone: "phi",
    platform: platformOf(stack, store),
    // What decrypts the zone's stores is for the zone's own services alone.
    who:
      caller.kind === "account" && caller.isCertain && serviceOf(store) !== "cloudkms"
        ? caller.peer
        : undefined,
    what: `${labelOf(store)} lets in ${callerText(caller)}.`,
  };
}

/** The peers of some stores, each by itself: somebody may be let in to one, and not to another. */
function eachOf(peers: readonly (string | undefined)[]): readonly (readonly string[])[] {
  const known = [...new Set(peers.filter((peer) => peer !== undefined))];
  return known.length === 0 ? [[]] : known.map((peer) => [peer]);
}

/** The accounts as which somebody else may act, and by what. */
function posing(stack: GcpStack, account: Node): readonly Node[] {
  const { graph } = stack;
  const keys = graph
    .ofType(keyType)
    .filter((key) =>
      graph
        .referents(key, "serviceAccountId", [account.resourceType])
        .some(
          (to) =>
            to.kind === "undetermined" ||
            (to.kind === "resource" ? to.node === account : isAccountNumber(to.id)),
        ),
    );
  const grants = grantsBearingOn(stack, account).filter(({ grant }) => {
    if (!reachOf(stack, grant).impersonates) {
      return false;
    }
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    const isItself = caller.kind === "account" && caller.node === account;
    return !isItself && caller.kind !== "deployer" && caller.kind !== "agent";
  });
  return [...new Set([...keys, ...grants.map(({ grant }) => grant.node), ...actingAs(stack, account)])];
}

/** Whom the roles of IAM let in to stores of the PHI zone. */
function byRoles(stack: GcpStack, stores: readonly Node[]): readonly StoreAdmission[] {
  const bearing = resourcesByGrant(stack, stores);
  return grantsOf(stack).flatMap((grant): readonly StoreAdmission[] => {
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    if (!isHeldAgainstFlows(stack, caller)) {
      return [];
    }
    const reach = reachOf(stack, grant);
    const opened = (bearing.get(grant) ?? []).flatMap(({ resource: store, assumption }) =>
      opens(reach, serviceOf(store)) ? [{ store, assumption: assumption ?? reach.assumption }] : [],
    );
    const [first] = opened.filter(({ store }) => storePeerOf(stack, store) !== undefined);
    const shown = first ?? opened[0];
    return shown === undefined
      ? []
      : eachOf(opened.map(({ store }) => storePeerOf(stack, store))).map((of) => ({
          ...about(
            stack,
            grant.node,
            opened.find(({ store }) => of[0] === storePeerOf(stack, store))?.store ?? shown.store,
            caller,
          ),
          stores: of,
          assumption:
            shown.assumption ??
            (caller.kind === "undetermined" ? `\`${grant.key}\` is not known` : undefined),
        }));
  });
}

/** Whether a rule of a perimeter lets calls in to a store: to its project, of its service. */
export function letsInTo(stack: GcpStack, perimeter: Perimeter, rule: PerimeterRule, store: Node): boolean {
  const projects = projectsOf(stack);
  const project = projects.of(store);
  const isOfPerimeter =
    project.kind !== "project" ||
    perimeter.projects.some(({ project: held }) => held === undefined || held === project.project) ||
    (perimeter.zone === "phi" && project.project.zone === "phi");
  const isTarget = rule.resources.some(
    (resource) =>
      resource.kind !== "known" ||
      resource.value === "*" ||
      project.kind !== "project" ||
      // A number that no id is matched to may be that of the store's project.
      projects.isSame(resource.value, project.project.number ?? project.project.id ?? "") !== false,
  );
  const api = apiOf(serviceOf(store));
  const isAllowed =
    rule.roles.length > 0 ||
    rule.operations.length === 0 ||
    rule.operations.some(
      ({ service }) => service.kind !== "known" || service.value === "*" || service.value === api,
    );
  return isOfPerimeter && isTarget && isAllowed;
}

/** Whom the rules of perimeters let in to stores of the PHI zone. */
function byPerimeters(stack: GcpStack, stores: readonly Node[]): readonly StoreAdmission[] {
  return perimetersOf(stack)
    .all.filter(({ zone }) => zone === "phi")
    .flatMap((perimeter) =>
      perimeter.rules
        .filter((rule) => rule.direction === "ingress" && !matchesNobody(rule) && !isForDeployer(stack, rule))
        .flatMap((rule) => {
          const reached = stores.filter(
            (store) => serviceOf(store) !== "cloudkms" && letsInTo(stack, perimeter, rule, store),
          );
          const [first] = reached;
          return first === undefined
            ? []
            : rule.identities.flatMap((identity) => {
                const caller = callerOf(stack, rule.node, rule.fromKey, identity);
                // Who deploys the platform does so from the platform's own projects.
                const isStranger = caller.kind === "deployer" && !isFromOwnProjects(stack, rule);
                return !isStranger && !isHeldAgainstFlows(stack, caller)
                  ? []
                  : eachOf(reached.map((store) => storePeerOf(stack, store))).map((of) => ({
                      ...about(
                        stack,
                        rule.node,
                        reached.find((store) => of[0] === storePeerOf(stack, store)) ?? first,
                        caller,
                      ),
                      stores: of,
                      assumption:
                        caller.kind === "undetermined" ? "`ingressFrom.identities` is not known" : undefined,
                    }));
              });
        }),
    );
}

/** Who may act as a workload that is let in, and so is let in as well. */
function byPosing(stack: GcpStack, admissions: readonly StoreAdmission[]): readonly StoreAdmission[] {
  const { graph } = stack;
  const letIn = new Map<string, Set<string>>();
  for (const { who, stores } of admissions) {
    if (who !== undefined) {
      letIn.set(who, new Set([...(letIn.get(who) ?? []), ...stores]));
    }
  }
  return graph.ofType(accountType).flatMap((account) => {
    const peer = peerOf(graph, account);
    const stores = peer === undefined ? undefined : letIn.get(peer);
    return stores === undefined
      ? []
      : posing(stack, account).flatMap((by) =>
          eachOf([...stores]).map((of): StoreAdmission => ({
            urn: by.urn,
            label: labelOf(by),
            zone: "phi",
            platform: platformOf(stack, account),
            stores: of,
            // Whoever he is, he is not the workload for certain.
            who: undefined,
            what: `${peer ?? ""} is let in, and by this somebody else acts as it.`,
            assumption: undefined,
          })),
        );
  });
}

/** Who may act as who deploys a platform, and so gives himself what he likes of the PHI zone. */
function byDeploying(stack: GcpStack, stores: readonly Node[]): readonly StoreAdmission[] {
  const { graph } = stack;
  const [store] = stores;
  return [...deployersOf(stack)].flatMap((email): readonly StoreAdmission[] => {
    const isIt = (to: Referent): boolean =>
      to.kind === "external" && gcpKey(to.id).split("/").at(-1) === email;
    const keys = graph
      .ofType(keyType)
      .filter((key) => graph.referents(key, "serviceAccountId", [accountType]).some(isIt));
    const grants = grantsOf(stack).filter(
      (grant) =>
        grant.place.kind === "resource" &&
        grant.place.type === accountType &&
        grant.place.referents.some(isIt) &&
        reachOf(stack, grant).impersonates &&
        callerOf(stack, grant.node, grant.key, grant.member).kind !== "deployer",
    );
    const found = new Set([...keys, ...grants.map(({ node }) => node), ...actingAsNamed(stack, email)]);
    return store === undefined
      ? []
      : [...found].flatMap((by) =>
          eachOf(stores.map((one) => storePeerOf(stack, one))).map((of): StoreAdmission => ({
            urn: by.urn,
            label: labelOf(by),
            zone: "phi",
            platform: platformOf(stack, store),
            stores: of,
            who: undefined,
            what: "Who deploys the platform gives others their roles, and by this somebody else acts as him.",
            assumption: undefined,
          })),
        );
  });
}

/** Whom the stores of the PHI zone let in: by roles, by the rules of perimeters, and by acting as somebody who is let in. */
export function storeAdmissions(stack: GcpStack): readonly StoreAdmission[] {
  const stores = storesOfPhi(stack);
  const admitted = [...byRoles(stack, stores), ...byPerimeters(stack, stores)];
  return [...admitted, ...byPosing(stack, admitted), ...byDeploying(stack, stores)];
}
