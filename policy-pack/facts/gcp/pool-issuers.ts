import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { grantsBearingOn } from "./grant-bearings";
import { callerOf, callerText, type Caller } from "./iam-members";
import { opens, reachOf } from "./iam-roles";
import { projectsOf } from "./projects";

const poolType = "gcp:certificateauthority:capool";

/** Whether somebody is a service of Google's that works for a project of the stack's zones, or who deploys the platform. */
function isMeant(stack: GcpStack, caller: Caller): boolean {
  return (
    caller.kind === "deployer" ||
    (caller.kind === "agent" && projectsOf(stack).zoneOf(caller.project) !== undefined)
  );
}

function issuersOf(stack: GcpStack, pool: Node): HopFacts {
  const project = projectsOf(stack).of(pool);
  const place = placeIn(
    stack.zones.of(pool.urn) ?? (project.kind === "project" ? project.project.zone : undefined),
    undefined,
  );
  if (place === undefined || platformOf(stack, pool) === undefined) {
    return allHops();
  }
  const acceptor = new Acceptor(stack, pool, place);
  for (const { grant, assumption } of grantsBearingOn(stack, pool)) {
    const reach = reachOf(stack, grant);
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    if (!opens(reach, "privateca") || isMeant(stack, caller)) {
      continue;
    }
    const unknown = [
      assumption,
      reach.assumption,
      caller.kind === "undetermined" ? `\`${grant.key}\` is not known` : undefined,
    ].filter((one) => one !== undefined);
    acceptor.fault({
      what: `${callerText(caller)} may have authorities of ${labelOf(pool)} sign, and with a certificate of theirs passes for whomever they sign for`,
      remedy: `Take ${grant.node.name} away: the services of Google's that ask for certificates, and who deploys the platform, are enough.`,
      assumption: unknown.length === 0 ? undefined : unknown.join(", and "),
      refusedOn: "our platform",
      needsOthers: true,
    });
  }
  return acceptor.facts();
}

/** Who has the authorities of a platform's pools sign besides those for whom they are: what they sign is believed. */
export function poolIssuers(stack: GcpStack): HopFacts {
  return allHops(...stack.graph.ofType(poolType).map((pool) => issuersOf(stack, pool)));
}
