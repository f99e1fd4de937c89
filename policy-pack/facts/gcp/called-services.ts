import { platformServiceIds, type PlatformServiceId } from "../../../model/platform-service";
import { platformPort } from "../../../model/workload";

import { tcp } from "../../protocol";
import type { Node } from "../../stack-graph";
import type { Filter, Remote, Rule } from "../fact";
import { labelOf } from "../label";
import { platformOf, platformsOn } from "../platform-of";

import type { ApiNetwork } from "./google-apis";
import { isForDeployer } from "./deployers";
import type { GcpStack } from "./gcp-stack";
import { serviceOf, storePeerOf, storesOfPhi } from "./held-stores";
import { grantsBearingOn } from "./grant-bearings";
import { grantsOf, type Grant } from "./iam-grants";
import { callerOf, callerText, type Caller } from "./iam-members";
import { opens, reachOf } from "./iam-roles";
import { isAnybody } from "./perimeter-passes";
import { matchesNobody, type PerimeterRule } from "./perimeter-rules";
import { perimetersOf, type Perimeter } from "./perimeters";
import { projectsOf } from "./projects";
import { letsInTo } from "./store-admissions";

/** What calls are held against: the filters of networks, and how Google's APIs stand among them. */
export interface CallPlaces {
  /** The filters of identities and of what else is in the networks of the stack. */
  readonly filters: readonly Filter[];
  /** The filters in force on what runs as a service account, where its peer does not say so. */
  readonly filtersOf: (account: Node) => readonly Filter[];
  readonly apis: ApiNetwork;
}

/** The permissions, by their first part, that open each service of a platform. */
const serviceOfPeer: Readonly<Record<PlatformServiceId, string>> = {
  identity: "iam",
  keys: "cloudkms",
  logs: "logging",
  metrics: "monitoring",
  "model-inference": "aiplatform",
  registry: "artifactregistry",
  secrets: "secretmanager",
};

/** One call that is let in, by what, and from whom. */
function letIn(by: Node, remote: Remote, who: string, assumption: string | undefined): Rule {
  return {
    urn: by.urn,
    label: `${labelOf(by)}: ingress tcp ${String(platformPort)} from ${who}`,
    action: "allow",
    protocols: { from: tcp, to: tcp + 1 },
    ports: { from: platformPort, to: platformPort + 1 },
    remote,
    assumption,
  };
}

/** The filters behind which an account of the stack calls. */
function filtersOf({ filters, filtersOf: ofAccount }: CallPlaces, caller: Caller): readonly Filter[] {
  if (caller.kind !== "account") {
    return [];
  }
  const ofPeer = filters.filter(({ peer }) => peer !== undefined && peer === caller.peer);
  return ofPeer.length > 0 ? ofPeer : ofAccount(caller.node);
}

/** Calls that are let in from an account, one for each filter behind which it may be. */
function fromAccount(places: CallPlaces, by: Node, caller: Caller): readonly Rule[] {
  return filtersOf(places, caller).map((filter) =>
    letIn(
      by,
      { kind: "filter", filter },
      callerText(caller),
      caller.kind === "account" && !caller.isCertain ? "which service account it is" : undefined,
    ),
  );
}

/** Whether a rule of a perimeter takes calls from the network behind a filter. */
function takesFrom(stack: GcpStack, { sources }: PerimeterRule, { network }: Filter): boolean {
  const projects = projectsOf(stack);
  const node = stack.graph.node(network.urn);
  const project = node === undefined ? undefined : projects.of(node);
  return sources.length === 0
    ? true
    : sources.some((source) => {
        if (source.kind !== "resource" || source.resource.kind !== "known" || project?.kind !== "project") {
          return true;
        }
        const own = project.project.number ?? project.project.id ?? "";
        return projects.isSame(source.resource.value, own) !== false;
      });
}

/** The calls that one rule of a perimeter lets in. */
function byRule(stack: GcpStack, places: CallPlaces, rule: PerimeterRule): readonly Rule[] {
  const assumed = "`ingressFrom` is not known";
  const anybody: readonly Rule[] =
    rule.anybody.kind === "absent"
      ? []
      : [
          letIn(
            rule.node,
            { kind: "anything" },
            "anybody",
            rule.anybody.kind === "unknown" ? assumed : undefined,
          ),
        ];
  return [
    ...anybody,
    ...rule.identities.flatMap((identity): readonly Rule[] => {
      const caller = callerOf(stack, rule.node, rule.fromKey, identity);
      if (identity.kind === "known" && isAnybody(identity.value)) {
        return [letIn(rule.node, { kind: "anything" }, identity.value, undefined)];
      }
      return caller.kind === "undetermined"
        ? [letIn(rule.node, { kind: "anything" }, callerText(caller), assumed)]
        : fromAccount(places, rule.node, caller).filter(
            ({ remote }) => remote.kind !== "filter" || takesFrom(stack, rule, remote.filter),
          );
    }),
  ];
}

/** The accounts to which roles open a service of a resource. */
function grantedOn(stack: GcpStack, store: Node): readonly { readonly by: Node; readonly caller: Caller }[] {
  return grantsBearingOn(stack, store).flatMap(({ grant }) =>
    opens(reachOf(stack, grant), serviceOf(store))
      ? [{ by: grant.node, caller: callerOf(stack, grant.node, grant.key, grant.member) }]
      : [],
  );
}

/** Whether an account is within a perimeter, so that no rule of it is asked. */
function isWithin(stack: GcpStack, { projects }: Perimeter, caller: Caller): boolean {
  const project = caller.kind === "account" ? projectsOf(stack).of(caller.node) : undefined;
  return project?.kind === "project" && projects.some((held) => held.project === project.project);
}

/** The calls that are let in to a store. */
function callsTo(stack: GcpStack, places: CallPlaces, store: Node): readonly Rule[] {
  const project = projectsOf(stack).of(store);
  const around = perimetersOf(stack).regular.filter(
    ({ projects, zone }) =>
      project.kind !== "project" ||
      projects.some((held) => held.project === project.project) ||
      (zone === "phi" && project.project.zone === "phi"),
  );
  const within = grantedOn(stack, store).filter(
    ({ caller }) => around.length === 0 || around.some((perimeter) => isWithin(stack, perimeter, caller)),
  );
  return [
    ...around.flatMap((perimeter) =>
      perimeter.rules
        .filter(
          (rule) =>
            rule.direction === "ingress" &&
            !matchesNobody(rule) &&
            !isForDeployer(stack, rule) &&
            letsInTo(stack, perimeter, rule, store),
        )
        .flatMap((rule) => byRule(stack, places, rule)),
    ),
    ...within.flatMap(({ by, caller }) => fromAccount(places, by, caller)),
  ];
}

/** One of each rule of those that let in the same by the same. */
function distinct(rules: readonly Rule[]): readonly Rule[] {
  const keyOf = ({ urn, label, remote }: Rule): string =>
    `${urn} ${label} ${remote.kind === "filter" ? `${remote.filter.urn} ${remote.filter.label}` : remote.kind}`;
  return [...new Map(rules.map((rule) => [keyOf(rule), rule])).values()];
}

/** Parts of stores, which are called as a part of these. */
const parts =
  /^gcp:(?:bigquery:table|kms:|pubsub:subscription|spanner:database|bigtable:table|alloydb:instance|secretmanager:)/;

/** Who may call each store of the PHI zone: of a platform by its peer, elsewhere each store by itself. */
function storeFilters(stack: GcpStack, places: CallPlaces): readonly Filter[] {
  const stores = storesOfPhi(stack);
  const hasRecords = stores.some(({ resourceType: type }) => /^gcp:healthcare:\w+store$/.test(type));
  const groups = new Map<string, Node[]>();
  for (const store of stores) {
    const peer = storePeerOf(stack, store);
    const isPart =
      parts.test(store.resourceType) || (store.resourceType === "gcp:healthcare:dataset" && hasRecords);
    if (peer !== undefined || !isPart) {
      const key = peer === undefined ? store.urn : `${platformOf(stack, store) ?? ""} ${peer}`;
      groups.set(key, [...(groups.get(key) ?? []), store]);
    }
  }
  return [...groups.values()].flatMap((of): readonly Filter[] => {
    const [store] = [...of].sort(
      (a, b) => Number(parts.test(a.resourceType)) - Number(parts.test(b.resourceType)),
    );
    if (store === undefined) {
      return [];
    }
    const platform = platformOf(stack, store);
    return [
      {
        kind: "service perimeter",
        urn: store.urn,
        label: `calls of ${labelOf(store)}`,
        zone: "phi",
        platform,
        combination: "union",
        peer: storePeerOf(stack, store),
        network: places.apis.network,
        subnets: [places.apis.subnetOf("phi", platform)],
        egress: [],
        ingress: distinct(of.flatMap((one) => callsTo(stack, places, one))),
      },
    ];
  });
}

/** Whether somebody is neither a workload, nor a service of Google's, nor who deploys the platform. */
function isStranger({ kind }: Caller): boolean {
  return kind === "anybody" || kind === "somebody" || kind === "undetermined";
}

/** Whether a role is given on a key, a secret, a repository or an account of a platform, which are for its workloads alone. */
function isOnItsOwn(stack: GcpStack, { place }: Grant, platform: string): boolean {
  return (
    place.kind === "resource" &&
    place.referents.some((to) => to.kind === "resource" && platformOf(stack, to.node) === platform)
  );
}

/** Who may call each service of a platform, by the roles that its workloads are given. */
function serviceFilters(stack: GcpStack, places: CallPlaces): readonly Filter[] {
  return [...platformsOn(stack, "gcp")].flatMap(([urn, platform]) =>
    platformServiceIds.map((id): Filter => {
      const rules = grantsOf(stack).flatMap((grant): readonly Rule[] => {
        const reach = reachOf(stack, grant);
        const isMeant =
          opens(reach, serviceOfPeer[id]) &&
          (id !== "identity" || reach.services === "everything" || reach.impersonates);
        const caller = callerOf(stack, grant.node, grant.key, grant.member);
        if (!isMeant) {
          return [];
        }
        if (caller.kind === "account") {
          return platformOf(stack, caller.node) === platform ? fromAccount(places, grant.node, caller) : [];
        }
        return isStranger(caller) && isOnItsOwn(stack, grant, platform)
          ? [
              letIn(
                grant.node,
                { kind: "anything" },
                callerText(caller),
                caller.kind === "undetermined" ? `\`${grant.key}\` is not known` : undefined,
              ),
            ]
          : [];
      });
      return {
        kind: "service perimeter",
        urn,
        label: `calls of ${id}`,
        zone: "processing",
        platform,
        combination: "union",
        peer: `platform-service/${id}`,
        network: places.apis.network,
        subnets: [places.apis.subnetOf("processing", platform)],
        egress: [],
        ingress: distinct(rules),
      };
    }),
  );
}

/** Who may call what is behind Google's APIs. */
export function calledServices(stack: GcpStack, places: CallPlaces): readonly Filter[] {
  return [...storeFilters(stack, places), ...serviceFilters(stack, places)];
}
