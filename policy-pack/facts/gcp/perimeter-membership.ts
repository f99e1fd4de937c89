import type { ZoneId } from "../../../model/zone";

import { flagOf, textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { PerimeterOpening } from "../fact";
import { labelOf } from "../label";
import { platformOf, platformsOn } from "../platform-of";

import type { GcpStack } from "./gcp-stack";
import { perimeterOpening } from "./perimeter-openings";
import { perimetersOf, type HeldProject, type Perimeter } from "./perimeters";
import { projectsOf, type Project } from "./projects";

const networkType = "gcp:compute:network";
const subnetType = "gcp:compute:subnetwork";
const forwardingTypes = ["gcp:compute:globalforwardingrule", "gcp:compute:forwardingrule"] as const;

/** Types whose resources hold data behind one of Google's APIs. */
const heldByApis =
  /^gcp:(?:healthcare|storage|bigquery|spanner|bigtable|firestore|pubsub|alloydb|sql|secretmanager|vertex|aiplatform|filestore):/;

/** How one project is held. */
interface Holding {
  readonly perimeter: Perimeter;
  readonly held: HeldProject;
  /** Why it may be another project that is held. */
  readonly assumption: string | undefined;
}

/** The perimeters that hold a project, or may. */
function holdings(stack: GcpStack, project: Project): readonly Holding[] {
  return perimetersOf(stack).regular.flatMap((perimeter) =>
    perimeter.projects.flatMap((held): readonly Holding[] => {
      if (held.project === project) {
        return [{ perimeter, held, assumption: held.assumption }];
      }
      if (held.project === undefined) {
        return [{ perimeter, held, assumption: held.assumption }];
      }
      // The number of one, and the id of the other, may be of one project.
      const isUnmatched = held.project.id === undefined && project.number === undefined;
      return isUnmatched && perimeter.zone === "phi"
        ? [
            {
              perimeter,
              held,
              assumption: `which number project ${project.id ?? ""} has: ${perimeter.label} is taken to hold it`,
            },
          ]
        : [];
    }),
  );
}

/** What shows a project best: itself, or the first resource in it that is in its zone. */
function shownBy({ graph, zones }: GcpStack, project: Project, zone: ZoneId): Node | undefined {
  const projects = projectsOf({ graph, zones, platforms: new Map() });
  return (
    project.node ??
    graph.nodes.find((node) => {
      const referent = projects.of(node);
      return (
        node.resourceType.startsWith("gcp:") &&
        zones.of(node.urn) === zone &&
        referent.kind === "project" &&
        referent.project === project
      );
    })
  );
}

function nameOf({ id, number, node }: Project): string {
  return id ?? number ?? node?.name ?? "";
}

/** Ways in which what is in a network of the PHI zone calls Google's APIs without a public address. */
function callsFromPhi({ graph, zones }: GcpStack): readonly (readonly [node: Node, what: string])[] {
  const isPhi = ({ urn }: Node): boolean => zones.of(urn) === "phi";
  const subnets = graph
    .ofType(subnetType)
    .filter(isPhi)
    .filter((subnet) => {
      const access = flagOf(graph.read(subnet, "privateIpGoogleAccess"));
      return access.kind === "unknown" || (access.kind === "known" && access.value);
    })
    .map((subnet) => [subnet, "has private access to Google's APIs"] as const);
  const endpoints = graph
    .ofType(...forwardingTypes)
    .filter((rule) => {
      const target = textOf(graph.read(rule, "target"));
      const named = graph
        .referents(rule, "network", [networkType])
        .flatMap((to) => (to.kind === "resource" ? [to.node] : []));
      return (
        target.kind === "known" &&
        ["vpc-sc", "all-apis"].includes(target.value) &&
        (isPhi(rule) || named.some(isPhi))
      );
    })
    .map((rule) => [rule, "leads to Google's APIs"] as const);
  return [...subnets, ...endpoints];
}

/** Projects within a perimeter of a platform's that are not of its zones, so that what is in them is within as well. */
function heldStrangers(stack: GcpStack): readonly PerimeterOpening[] {
  return perimetersOf(stack).regular.flatMap(({ zone, label, projects, node: perimeter }) =>
    zone === undefined || platformOf(stack, perimeter) === undefined
      ? []
      : projects
          .filter(({ project }) =>
            zone === "phi" ? project?.zone !== "phi" : project?.zone === undefined || project.zone === "phi",
          )
          .map(({ project, node, assumption }) =>
            perimeterOpening(stack, node, zone, {
              what: `${label}: it holds ${project === undefined ? "a project that is not known" : `project ${nameOf(project)}, which is not of its zone`}, and what is in it calls as what is within`,
              remedy: "List the projects of the perimeter's own zones alone.",
              assumption,
            }),
          ),
  );
}

/**
 * Projects that no perimeter holds, or that several do (GE-05, GE-06).
 *
 * On a stack that is not ours the perimeter may be another stack's, so that its absence is told as advice, unless something
 * in the PHI zone calls Google's APIs.
 */
export function unheldProjects(stack: GcpStack): readonly PerimeterOpening[] {
  const { graph, zones } = stack;
  const perimeters = perimetersOf(stack);
  const projects = projectsOf(stack);
  const isOurs = platformsOn(stack, "gcp").size > 0;
  const inPhi = graph.nodes.filter(
    (node) => node.resourceType.startsWith("gcp:") && zones.of(node.urn) === "phi",
  );
  // What is in the PHI zone may be in a project that is shared with other zones, and is held with it.
  const ofStores = inPhi
    .filter(({ resourceType: type }) => heldByApis.test(type))
    .flatMap((node) => {
      const referent = projects.of(node);
      return referent.kind === "project" ? [referent.project] : [];
    });
  const wanted = new Map<Project, ZoneId>([
    ...(isOurs ? projects.all : []).flatMap((project): readonly (readonly [Project, ZoneId])[] =>
      project.zone === undefined || project.zone === "phi" ? [] : [[project, project.zone]],
    ),
    ...[...projects.in("phi"), ...ofStores].map((project) => [project, "phi"] as const),
  ]);
  const remedy =
    "List the project by its number in `status.resources` of a regular ServicePerimeter, which restricts every service that can hold or move data.";
  const calls = isOurs ? [] : callsFromPhi(stack);

  const unheld = [...wanted].flatMap(([project, zone]): readonly PerimeterOpening[] => {
    const found = holdings(stack, project);
    const certain = found.filter(({ assumption }) => assumption === undefined);
    const node =
      shownBy(stack, project, zone) ??
      perimeters.all.find((one) => one.zone === zone)?.node ??
      graph.node(graph.root);
    if (node === undefined || (perimeters.all.length === 0 && calls.length > 0)) {
      return []; // What calls is told of instead.
    }
    const [possible] = found;
    const several = new Set(certain.map(({ perimeter }) => perimeter.name ?? perimeter.node.urn));
    if (certain.length > 0) {
      const last = certain.at(-1);
      return several.size > 1 && last !== undefined
        ? [
            perimeterOpening(stack, last.held.node, zone, {
              what: `${last.perimeter.label}: it takes project ${nameOf(project)}, which ${certain[0]?.perimeter.label ?? "another"} holds`,
              remedy: "Let one perimeter hold the project, and one resource say so.",
              assumption: certain.some(({ perimeter }) => perimeter.name === undefined)
                ? "whether these are two perimeters"
                : undefined,
            }),
          ]
        : [];
    }
    if (possible !== undefined) {
      const isTaken = possible.held.project !== undefined && possible.perimeter.zone === "phi";
      return [
        perimeterOpening(stack, isTaken ? possible.perimeter.node : node, zone, {
          what: isTaken
            ? `${possible.perimeter.label}: no resource shows that it holds project ${nameOf(project)}`
            : `nothing shows that a perimeter holds project ${nameOf(project)}`,
          remedy,
          assumption: possible.assumption,
          isAdvice: isTaken && !isOurs,
        }),
      ];
    }
    const isWatched = perimeters.regular.some(({ watched }) =>
      watched.some((held) => held.project === project),
    );
    return [
      perimeterOpening(stack, node, zone, {
        what: `no perimeter holds project ${nameOf(project)}${isWatched ? ", and only a dry run watches it" : ""}`,
        remedy,
        isAdvice: !isOurs && perimeters.all.length === 0,
      }),
    ];
  });

  const calling =
    perimeters.all.length > 0
      ? []
      : calls.map(([node, what]) =>
          perimeterOpening(stack, node, "phi", {
            what: `${labelOf(node)} ${what}, and no perimeter of the stack holds what is called`,
            remedy:
              "Hold the project in a regular ServicePerimeter whose vpcAccessibleServices are enabled, or take the access away.",
          }),
        );
  return [...unheld, ...heldStrangers(stack), ...calling];
}
