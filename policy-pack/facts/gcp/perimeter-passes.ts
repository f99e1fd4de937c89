import type { ZoneId } from "../../../model/zone";

import type { Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";

import { isForDeployer } from "./deployers";
import type { GcpStack } from "./gcp-stack";
import { apiOf, serviceOf, storesOfPhi } from "./held-stores";
import { callerOf, callerText } from "./iam-members";
import { matchesNobody, type AllowedOperation, type CallSource, type PerimeterRule } from "./perimeter-rules";
import type { Perimeter } from "./perimeters";
import { projectsOf } from "./projects";
import { exportingServices } from "./restricted-services";

/** What a rule of a perimeter lets pass that it should not. */
export interface WidePass {
  readonly what: string;
  readonly assumption: string | undefined;
}

const wide = (what: string): WidePass => ({ what, assumption: undefined });

/** Something that holds for certain where a value is the one, and perhaps where it is not known. */
function where(
  value: Reading<string>,
  isWide: (text: string) => boolean,
  what: string,
  name: string,
): readonly WidePass[] {
  switch (value.kind) {
    case "known":
      return isWide(value.value) ? [wide(what)] : [];
    case "unknown":
      return [{ what, assumption: `\`${name}\` is not known` }];
    case "absent":
      return [];
  }
}

/** Whether a value that is not known yet was made of resources of some types, and so names one of them. */
export function isMadeOf(
  { graph }: GcpStack,
  { node }: PerimeterRule,
  key: string,
  types: readonly ResourceType[],
): boolean {
  return (
    graph.dryRun &&
    (node.propertyDependencies[key] ?? []).some((urn) => types.includes(graph.node(urn)?.resourceType ?? ""))
  );
}

const projectType = "gcp:organizations:project";
const networkType = "gcp:compute:network";
const accountType = "gcp:serviceaccount:account";
const levelType = "gcp:accesscontextmanager:accesslevel";

const isStar = (text: string): boolean => text === "*";

/** Members that are anybody at all, or everybody whom another issuer vouches for. */
export function isAnybody(member: string): boolean {
  return /^(?:\*|allUsers|allAuthenticatedUsers|domain:.*|principalSet:.*)$/.test(member);
}

function anybodyIn(stack: GcpStack, rule: PerimeterRule): readonly WidePass[] {
  const { anybody, identities, direction } = rule;
  const isOfAccount = isMadeOf(stack, rule, rule.fromKey, [accountType]);
  const from = `${direction}From`;
  return [
    ...where(
      anybody,
      () => true,
      anybody.kind === "known" ? `any caller (${anybody.value})` : "any caller",
      `${from}.identityType`,
    ),
    ...identities
      .filter((identity) => identity.kind === "known" || !isOfAccount)
      .flatMap((identity) =>
        where(
          identity,
          isAnybody,
          identity.kind === "known" ? identity.value : "any caller",
          `${from}.identities`,
        ),
      ),
  ];
}

/** Operations that a rule leaves wide open: any service, or every method of one that can send away what it holds. */
function wideOperations(
  { operations, roles, direction }: PerimeterRule,
  { isPhi }: { readonly isPhi: boolean },
): readonly WidePass[] {
  const to = `${direction}To`;
  if (operations.length === 0 && roles.length === 0) {
    return [wide("calls of any service")];
  }
  return [
    ...operations.flatMap(({ service }) =>
      service.kind === "absent"
        ? [wide("calls of any service")]
        : where(service, isStar, "calls of any service", `${to}.operations.serviceName`),
    ),
    ...(isPhi ? operations.flatMap((operation) => wideMethods(operation, to)) : []),
    ...(isPhi ? roles : []).flatMap((role) =>
      where(
        role,
        (text) => /^roles\/(?:owner|editor|.*[aA]dmin)$/.test(text),
        role.kind === "known" ? `all that ${role.value} may do` : "all that a role may do",
        `${to}.roles`,
      ),
    ),
  ];
}

function wideMethods({ service, methods }: AllowedOperation, to: string): readonly WidePass[] {
  if (service.kind !== "known" || !exportingServices.has(service.value)) {
    return [];
  }
  const what = `every method of ${service.value}, by which what it holds can be sent away`;
  return methods.length === 0
    ? [wide(what)]
    : methods.flatMap((method) => where(method, isStar, what, `${to}.operations.methodSelectors`));
}

/** Services of which a rule of a platform lets calls in, and of which the PHI zone has no store that a flow may lead to. */
function otherServices(stack: GcpStack, { operations }: PerimeterRule): readonly WidePass[] {
  const held = new Set(
    storesOfPhi(stack)
      .map(serviceOf)
      .filter((service) => service !== "cloudkms")
      .map(apiOf),
  );
  return operations.flatMap(({ service }) =>
    where(
      service,
      (text) => !isStar(text) && !held.has(text),
      service.kind === "known" ? `calls of ${service.value}, of which the zone has no store` : "",
      "ingressTo.operations.serviceName",
    ),
  );
}

/** Those whom a rule of a platform names, and who are neither its workloads nor who deploys it. */
function outsiders(stack: GcpStack, { node, fromKey, identities }: PerimeterRule): readonly WidePass[] {
  return identities.flatMap((identity) => {
    const caller = callerOf(stack, node, fromKey, identity);
    return identity.kind === "known" && !isAnybody(identity.value) && caller.kind === "somebody"
      ? [wide(`calls of ${callerText(caller)}`)]
      : [];
  });
}

/** The projects that a rule leads to, but for those that are not known and are projects of the stack. */
function namedResources(stack: GcpStack, rule: PerimeterRule): readonly Reading<string>[] {
  const isOfProject = isMadeOf(stack, rule, rule.toKey, [projectType]);
  return rule.resources.filter(({ kind }) => kind === "known" || !isOfProject);
}

/** Places from which a rule takes calls that are not its perimeter's to take: anywhere, and on a platform, what is not its own. */
function wideSource(
  stack: GcpStack,
  rule: PerimeterRule,
  source: CallSource,
  { isOurs, isPhi }: { readonly isOurs: boolean; readonly isPhi: boolean },
): readonly WidePass[] {
  const anywhere = "calls from anywhere";
  switch (source.kind) {
    case "unknown":
      return [{ what: anywhere, assumption: "`ingressFrom.sources` is not known" }];
    case "access level": {
      const { level } = source;
      return level.kind === "unknown" && isMadeOf(stack, rule, rule.fromKey, [levelType])
        ? isOurs
          ? [wide("whoever meets an access level, from anywhere")]
          : []
        : where(
            level,
            (text) => isOurs || isStar(text),
            level.kind === "known" && !isStar(level.value)
              ? `whoever meets ${level.value}, from anywhere`
              : anywhere,
            "ingressFrom.sources.accessLevel",
          );
    }
    case "resource": {
      const { resource } = source;
      const isOther = (text: string): boolean => {
        const zone = projectsOf(stack).zoneOf(text);
        // What is in the PHI zone opens no connection.
        return isStar(text) || (isOurs && (zone === undefined || (zone === "phi" && !isPhi)));
      };
      return resource.kind === "unknown" && isMadeOf(stack, rule, rule.fromKey, [projectType, networkType])
        ? []
        : where(
            resource,
            isOther,
            resource.kind === "known" && !isStar(resource.value)
              ? `calls from ${resource.value}, from which no flow of the platform comes`
              : anywhere,
            "ingressFrom.sources.resource",
          );
    }
  }
}

/** Zones of which a caller of what is in the PHI zone may be. */
const callingZones: readonly (ZoneId | undefined)[] = ["processing", "phi"];

/** Whether somebody whom a rule names is certainly of the stack, and of a zone that may call. */
function isOfCallingZone(stack: GcpStack, rule: PerimeterRule, identity: Reading<string>): boolean {
  const projects = projectsOf(stack);
  const caller = callerOf(stack, rule.node, rule.fromKey, identity);
  switch (caller.kind) {
    case "account":
      return true; // Its own zone is held against the rules of the zone by what it calls.
    case "agent":
      return callingZones.includes(projects.zoneOf(caller.project));
    case "somebody": {
      // An account of a project of the stack's, which another stack makes.
      const [, project] = /@([a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(caller.name) ?? [];
      return project !== undefined && callingZones.includes(projects.zoneOf(project));
    }
    case "deployer":
    case "anybody":
    case "undetermined":
      return true; // Told of as such.
  }
}

/** Callers whom a rule of a stranger's PHI perimeter names and who are nobody of its zones; a platform's are held against its flows. */
function strangersIn(stack: GcpStack, rule: PerimeterRule): readonly WidePass[] {
  return rule.identities.flatMap((identity) =>
    identity.kind !== "known" || isAnybody(identity.value) || isOfCallingZone(stack, rule, identity)
      ? []
      : [wide(`${identity.value}, who is nobody of the stack's`)],
  );
}

/**
 * Projects from which a rule takes calls and that cannot all be the stack's: more numbers that nothing matches to an id than
 * the stack has projects whose number nothing shows.
 */
function strangeSources(stack: GcpStack, rule: PerimeterRule): readonly WidePass[] {
  const projects = projectsOf(stack);
  const named = new Set(
    rule.sources.flatMap((source) =>
      source.kind === "resource" && source.resource.kind === "known" && !isStar(source.resource.value)
        ? [projects.named(source.resource.value)]
        : [],
    ),
  );
  const strange = [...named].filter(({ id, zone }) => id === undefined && zone === undefined);
  const unmatched = projects.all.filter(
    ({ id, number, zone }) => id !== undefined && number === undefined && zone !== "phi",
  );
  return strange.length > unmatched.length
    ? [
        {
          what: `calls from ${strange.map(({ number }) => `projects/${number ?? ""}`).join(" and ")}`,
          assumption:
            unmatched.length === 0 ? undefined : "which of these projects is of the stack, and which is not",
        },
      ]
    : [];
}

/** What an ingress rule lets in besides named callers, from named places, for named operations. */
export function wideIngress(
  stack: GcpStack,
  { zone }: Pick<Perimeter, "zone">,
  rule: PerimeterRule,
  ours: { readonly isOurs: boolean },
): readonly WidePass[] {
  if (matchesNobody(rule) || isForDeployer(stack, rule)) {
    return [];
  }
  const isPhi = zone === "phi";
  return [
    ...anybodyIn(stack, rule),
    ...(rule.sources.length === 0 ? [wide("calls from anywhere")] : []),
    ...rule.sources.flatMap((source) => wideSource(stack, rule, source, { ...ours, isPhi })),
    ...(ours.isOurs && !isPhi ? outsiders(stack, rule) : []),
    ...(ours.isOurs && isPhi ? otherServices(stack, rule) : []),
    ...(zone === "phi" && !ours.isOurs ? [...strangersIn(stack, rule), ...strangeSources(stack, rule)] : []),
    ...namedResources(stack, rule).flatMap((resource) =>
      where(resource, isStar, "calls of every project that it holds", "ingressTo.resources"),
    ),
    ...wideOperations(rule, { isPhi }),
  ];
}

/**
 * What an egress rule of a perimeter outside of the PHI zone lets out besides named callers, from named places, to named
 * projects, for named operations. A platform's own leads to the platform's projects alone.
 */
export function wideEgress(
  stack: GcpStack,
  rule: PerimeterRule,
  { isOurs }: { readonly isOurs: boolean },
): readonly WidePass[] {
  if (matchesNobody(rule)) {
    return [];
  }
  const projects = projectsOf(stack);
  const { isSourceRestricted } = rule;
  return [
    ...anybodyIn(stack, rule),
    ...(isSourceRestricted.kind === "known" && isSourceRestricted.value && rule.sources.length > 0
      ? []
      : [
          isSourceRestricted.kind === "unknown"
            ? {
                what: "calls from anywhere in it",
                assumption: "`egressFrom.sourceRestriction` is not known",
              }
            : wide("calls from anywhere in it (sourceRestriction is not enabled)"),
        ]),
    ...namedResources(stack, rule).flatMap((resource) =>
      where(
        resource,
        (text) => isStar(text) || (isOurs && projects.zoneOf(text) === undefined),
        resource.kind === "known" && !isStar(resource.value)
          ? `calls to ${resource.value}, which is not the platform's`
          : "calls to any project",
        "egressTo.resources",
      ),
    ),
    ...(isOurs ? outsiders(stack, rule) : []),
    ...(rule.externalResources.length === 0 ? [] : [wide("copies to another cloud (externalResources)")]),
    ...wideOperations(rule, { isPhi: false }),
  ];
}
