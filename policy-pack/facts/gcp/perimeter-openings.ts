import type { ZoneId } from "../../../model/zone";

import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { PerimeterOpening } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import type { GcpStack } from "./gcp-stack";
import { wideEgress, wideIngress, type WidePass } from "./perimeter-passes";
import { matchesNobody, ruleText, type PerimeterRule } from "./perimeter-rules";
import { perimetersOf, type Perimeter } from "./perimeters";
import {
  advisedServices,
  everyRestrictedService,
  requiredServices,
  untoldServices,
} from "./restricted-services";

/** What is said of one way through a perimeter, or past it. */
export interface SaidOpening {
  readonly what: string;
  readonly remedy: string;
  readonly assumption?: string | undefined;
  readonly isAdvice?: boolean;
  readonly isGuiltyAlone?: boolean;
}

/** The fact that a way through a perimeter of a zone, or past it, amounts to. */
export function perimeterOpening(
  stack: GcpStack,
  node: Node,
  zone: ZoneId,
  { what, remedy, assumption, isAdvice = false, isGuiltyAlone = false }: SaidOpening,
): PerimeterOpening {
  return {
    urn: node.urn,
    label: labelOf(node),
    zone,
    platform: platformOf(stack, node),
    what,
    assumption,
    remedy,
    isAdvice,
    isGuiltyAlone: isGuiltyAlone && assumption === undefined && !isAdvice,
  };
}

/** The texts of a list; one that is unknown, where the list is. */
function texts(read: Reading<unknown>): readonly Reading<string>[] {
  return itemsOf(read).map(textOf);
}

function knownTexts(read: Reading<unknown>): readonly string[] {
  return texts(read).flatMap((text) => (text.kind === "known" ? [text.value] : []));
}

/** One opening for all that one rule lets pass. */
function passing(
  stack: GcpStack,
  perimeter: Perimeter,
  zone: ZoneId,
  rule: PerimeterRule,
  passes: readonly WidePass[],
): readonly PerimeterOpening[] {
  const certain = passes.filter(({ assumption }) => assumption === undefined);
  const said = certain.length > 0 ? certain : passes;
  const [first] = said;
  return first === undefined
    ? []
    : [
        perimeterOpening(stack, rule.node, zone, {
          what: `${perimeter.label}: ${ruleText(rule)} lets ${rule.direction === "ingress" ? "in" : "out"} ${[...new Set(said.map(({ what }) => what))].join(", and ")}`,
          remedy:
            rule.direction === "ingress"
              ? "Name in the rule the service accounts that call, the projects that they call from and to, and the services and methods that they need."
              : "Name in the rule the service accounts that call, where they call from (with SOURCE_RESTRICTION_ENABLED), and the projects, services and methods that they call.",
          assumption: first.assumption,
          isGuiltyAlone: true,
        }),
      ];
}

/** Whether what a perimeter enforces holds back less than what it only watches (GE-01). */
function weakerThanSpec({ status, spec, projects, watched }: Perimeter): readonly string[] {
  const part = (of: Perimeter["status"], key: string): Reading<unknown> => memberReading(of, key);
  const flag = (of: Perimeter["status"]): boolean => {
    const set = flagOf(memberReading(recordOf(part(of, "vpcAccessibleServices")), "enableRestriction"));
    return set.kind === "known" && set.value;
  };
  const enforced = new Set(knownTexts(part(status, "restrictedServices")));
  const missing = knownTexts(part(spec, "restrictedServices")).filter((service) => !enforced.has(service));
  const held = new Set(projects.map(({ project }) => project));
  const count = (of: Perimeter["status"], key: string): number => texts(part(of, key)).length;
  return [
    ...(missing.length > 0 ? [`it restricts ${missing.join(", ")} in its dry run alone`] : []),
    ...(watched.some(({ project }) => project !== undefined && !held.has(project))
      ? ["it holds a project in its dry run alone"]
      : []),
    ...(flag(spec) && !flag(status) ? ["it limits what networks may call in its dry run alone"] : []),
    ...(["egressPolicies", "ingressPolicies", "accessLevels"] as const)
      .filter((key) => count(status, key) > count(spec, key))
      .map((key) => `it has more ${key} than its dry run`),
  ];
}

/** Whether a perimeter enforces anything, and no less than it seems to (GE-01). */
function enforcement(stack: GcpStack, perimeter: Perimeter, zone: ZoneId): readonly PerimeterOpening[] {
  const { node, label, status, spec, projects, watched } = perimeter;
  const say = (said: SaidOpening): PerimeterOpening => perimeterOpening(stack, node, zone, said);
  if (status.kind === "unknown") {
    return [
      say({
        what: `${label}: what it enforces is not known`,
        remedy: "Give the perimeter its status as values that a preview knows.",
        assumption: "`status` is not known",
      }),
    ];
  }
  const isWatchedAlone = spec.kind !== "absent" || watched.length > 0;
  if (projects.length === 0) {
    return [
      say({
        what: isWatchedAlone
          ? `${label}: it enforces nothing, since only its dry run holds projects`
          : `${label}: it holds no project`,
        remedy: "Put into `status` what is to be enforced: the projects by their numbers, and the services.",
        isGuiltyAlone: spec.kind !== "absent",
      }),
    ];
  }
  const weaker = spec.kind === "known" ? weakerThanSpec(perimeter) : [];
  return weaker.length === 0
    ? []
    : [
        say({
          what: `${label}: its status holds back less than its dry run: ${weaker.join(", and ")}`,
          remedy: "Put into `status` what `spec` says, and set useExplicitDryRunSpec to false.",
          isGuiltyAlone: true,
        }),
      ];
}

/** The services that a perimeter restricts, and those that networks in it may call (GE-05). */
function restriction(stack: GcpStack, perimeter: Perimeter, zone: ZoneId): readonly PerimeterOpening[] {
  const { node, label, status } = perimeter;
  if (status.kind !== "known") {
    return [];
  }
  const say = (said: SaidOpening): PerimeterOpening =>
    perimeterOpening(stack, node, zone, { isGuiltyAlone: true, ...said });
  const services = texts(memberReading(status, "restrictedServices"));
  const restricted = new Set(services.flatMap((text) => (text.kind === "known" ? [text.value] : [])));
  const isUnknown = services.some(({ kind }) => kind === "unknown");
  const missing = requiredServices.filter((service) => !restricted.has(service));
  const advised = advisedServices.filter((service) => !restricted.has(service));
  const accessible = recordOf(memberReading(status, "vpcAccessibleServices"));
  const isLimited = flagOf(memberReading(accessible, "enableRestriction"));
  const allowed = texts(memberReading(accessible, "allowedServices"));
  const beyond = allowed.filter(
    (text) => text.kind !== "known" || (text.value !== everyRestrictedService && !restricted.has(text.value)),
  );
  return [
    ...(missing.length === 0
      ? []
      : [
          say({
            what: `${label}: it does not restrict ${missing.join(", ")}, so that calls of these pass it`,
            remedy: "List in `status.restrictedServices` every service that can hold or move data.",
            assumption: isUnknown ? "`status.restrictedServices` is not known" : undefined,
          }),
        ]),
    ...(missing.length > 0 || advised.length === 0 || isUnknown
      ? []
      : [
          say({
            what: `${label}: it does not restrict ${advised.join(", ")}`,
            remedy: "List in `status.restrictedServices` every service that a perimeter can restrict.",
            isAdvice: true,
          }),
        ]),
    ...(isLimited.kind === "known" && isLimited.value
      ? beyond.length === 0
        ? []
        : [
            say({
              what: `${label}: what is in its networks may call services that it does not restrict (vpcAccessibleServices)`,
              remedy: `Set \`status.vpcAccessibleServices.allowedServices\` to ["${everyRestrictedService}"].`,
              assumption: beyond.every(({ kind }) => kind === "unknown")
                ? "`status.vpcAccessibleServices.allowedServices` is not known"
                : undefined,
            }),
          ]
      : [
          say({
            what: `${label}: what is in its networks may call every service of Google's (vpcAccessibleServices is not enabled)`,
            remedy: `Set \`status.vpcAccessibleServices\` to enableRestriction true and allowedServices ["${everyRestrictedService}"].`,
            assumption:
              isLimited.kind === "unknown"
                ? "`status.vpcAccessibleServices.enableRestriction` is not known"
                : undefined,
          }),
        ]),
  ];
}

/** Access levels by which a perimeter lets whoever meets them call all that it holds (GE-04). */
function admittedLevels(stack: GcpStack, perimeter: Perimeter, zone: ZoneId): readonly PerimeterOpening[] {
  const levels = texts(memberReading(perimeter.status, "accessLevels"));
  return perimeter.status.kind !== "known" || levels.length === 0
    ? []
    : [
        perimeterOpening(stack, perimeter.node, zone, {
          what: `${perimeter.label}: whoever meets an access level calls all that it holds, from the Internet (status.accessLevels)`,
          remedy: "Leave `status.accessLevels` empty, and let callers in by ingress rules that name them.",
          assumption: levels.every(({ kind }) => kind === "unknown")
            ? "`status.accessLevels` is not known"
            : undefined,
          isGuiltyAlone: true,
        }),
      ];
}

/**
 * Services of which a stranger's rule allows every method, since a perimeter cannot tell them apart (GE-04): the roles of whom it
 * names decide alone what they send away.
 */
function untold(stack: GcpStack, perimeter: Perimeter, rule: PerimeterRule): readonly PerimeterOpening[] {
  const services = rule.operations.flatMap(({ service, methods }) =>
    service.kind === "known" &&
    untoldServices.has(service.value) &&
    (methods.length === 0 || methods.some((method) => method.kind === "known" && method.value === "*"))
      ? [service.value]
      : [],
  );
  if (services.length === 0) {
    return [];
  }
  const opening = perimeterOpening(stack, rule.node, "phi", {
    what: `${perimeter.label}: ${ruleText(rule)} lets in every method of ${[...new Set(services)].join(" and ")}, exports among them`,
    remedy: "Give the callers that it names roles without exports, or name the permissions that they need.",
    isAdvice: true,
  });
  // Each rule is told of by itself, beside what else is said of the perimeter.
  return [{ ...opening, label: `${opening.label}, ${ruleText(rule)}` }];
}

/** The rules by which calls leave a perimeter (GE-03, GE-06), and come in (GE-04). */
function rules(stack: GcpStack, perimeter: Perimeter, zone: ZoneId): readonly PerimeterOpening[] {
  return [
    ...perimeter.rules.flatMap((rule): readonly PerimeterOpening[] => {
      const isOurs = platformOf(stack, rule.node) !== undefined;
      if (rule.direction === "ingress") {
        return [
          ...passing(stack, perimeter, zone, rule, wideIngress(stack, perimeter, rule, { isOurs })),
          ...(zone === "phi" && !isOurs ? untold(stack, perimeter, rule) : []),
        ];
      }
      if (zone !== "phi") {
        return passing(stack, perimeter, zone, rule, wideEgress(stack, rule, { isOurs }));
      }
      const isAdvice = matchesNobody(rule);
      const isUnknown =
        rule.anybody.kind === "unknown" && rule.identities.every(({ kind }) => kind === "unknown");
      return [
        perimeterOpening(stack, rule.node, zone, {
          what: isAdvice
            ? `${perimeter.label}: ${ruleText(rule)} is there, and names nobody yet`
            : `${perimeter.label}: ${ruleText(rule)} lets calls out of the PHI zone`,
          remedy: "Take the egress rule away: what is in the PHI zone calls nobody.",
          assumption: isUnknown ? "what the egress rule says" : undefined,
          isAdvice,
          isGuiltyAlone: true,
        }),
      ];
    }),
    ...perimeter.formerRules.map(({ node, direction }) =>
      perimeterOpening(stack, node, zone, {
        what: `${perimeter.label}: an ${direction} rule that does not say what it lets pass`,
        remedy: `Use a ServicePerimeter${direction === "egress" ? "Egress" : "Ingress"}Policy, or the rules in the perimeter's own status.`,
      }),
    ),
  ];
}

/**
 * What a platform's perimeter holds besides the platform's own projects: within a perimeter calls go wherever they like.
 * Of its own projects a platform says both the id and the number.
 */
function heldBesides(stack: GcpStack, perimeter: Perimeter, zone: ZoneId): readonly PerimeterOpening[] {
  const { node, label, projects } = perimeter;
  return platformOf(stack, node) === undefined
    ? []
    : projects.flatMap(({ node: by, project, assumption }): readonly PerimeterOpening[] => {
        const isOwn = project?.id !== undefined && project.number !== undefined;
        return isOwn
          ? []
          : [
              perimeterOpening(stack, by, zone, {
                what: `${label}: it holds ${project === undefined ? "a project" : (project.number ?? project.id ?? "a project")} as well, which is not the platform's`,
                remedy:
                  "Take the project out of the perimeter: what is within one calls what it likes in it.",
                assumption: project === undefined ? (assumption ?? "which project it is") : undefined,
              }),
            ];
      });
}

/** Bridges, by which the perimeters of two projects are open to each other (GE-02). */
function bridging(stack: GcpStack, perimeter: Perimeter): readonly PerimeterOpening[] {
  const { isBridge, projects, node, label, zone } = perimeter;
  const hasPhi = stack.graph.nodes.some(({ urn }) => stack.zones.of(urn) === "phi");
  const unknown = projects.find(({ project }) => project === undefined);
  const bridged = zone ?? (unknown !== undefined && hasPhi ? "phi" : undefined);
  return bridged === undefined
    ? []
    : [
        perimeterOpening(stack, node, bridged, {
          what: `${label}: a bridge lets what it joins call each other past their perimeters`,
          remedy: "Take the bridge away, and name in ingress rules who may call what.",
          assumption:
            isBridge === undefined
              ? "`perimeterType` is not known"
              : zone === undefined
                ? unknown?.assumption
                : undefined,
        }),
      ];
}

/** Lists of all perimeters of an access policy, which take away each that they do not name (GE-06). */
function lists(stack: GcpStack): readonly PerimeterOpening[] {
  const perimeters = perimetersOf(stack);
  return perimeters.lists.flatMap((list): readonly PerimeterOpening[] => {
    const own = perimeters.all.filter(({ node }) => node === list);
    const parent = textOf(stack.graph.read(list, "parent"));
    const lost = perimeters.all.filter(
      ({ node, zone, name, isInStack }) =>
        isInStack &&
        node !== list &&
        zone !== undefined &&
        (parent.kind !== "known" || name === undefined || name.startsWith(`${parent.value}/`)) &&
        !own.some((one) => one.name === name && name !== undefined),
    );
    const [first] = lost;
    const zone = lost.find((one) => one.zone === "phi")?.zone ?? first?.zone;
    const held = own.find((one) => one.zone === "phi")?.zone;
    return first !== undefined && zone !== undefined
      ? [
          perimeterOpening(stack, list, zone, {
            what: `${labelOf(list)} replaces all perimeters of the access policy, and takes ${first.label} away`,
            remedy: "Declare each perimeter by a ServicePerimeter of its own.",
            assumption:
              parent.kind !== "known"
                ? "`parent` is not known"
                : own.some(({ name }) => name === undefined)
                  ? "which perimeters `servicePerimeters` names"
                  : undefined,
          }),
        ]
      : held !== undefined
        ? [
            perimeterOpening(stack, list, held, {
              what: `${labelOf(list)} replaces all perimeters of the access policy, those of others among them`,
              remedy: "Declare each perimeter by a ServicePerimeter of its own.",
              isAdvice: true,
            }),
          ]
        : [];
  });
}

/** What the perimeters around the zones of a stack let pass. */
export function openPerimeters(stack: GcpStack): readonly PerimeterOpening[] {
  const perimeters = perimetersOf(stack);
  return [
    ...perimeters.all.flatMap((perimeter): readonly PerimeterOpening[] => {
      const { zone, isBridge, isInStack } = perimeter;
      const bridges = isBridge === false ? [] : bridging(stack, perimeter);
      if (zone === undefined || isBridge === true) {
        return bridges;
      }
      return [
        ...bridges,
        ...(isInStack ? enforcement(stack, perimeter, zone) : []),
        ...(isInStack && (zone === "phi" || platformOf(stack, perimeter.node) !== undefined)
          ? restriction(stack, perimeter, zone)
          : []),
        ...heldBesides(stack, perimeter, zone),
        ...admittedLevels(stack, perimeter, zone),
        ...rules(stack, perimeter, zone),
      ];
    }),
    ...lists(stack),
  ];
}
