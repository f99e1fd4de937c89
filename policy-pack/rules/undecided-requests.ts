import { decidingWorkloads } from "../deciding-workloads";
import { declaredEntrances } from "../declared-entrance";
import type { DeclaredPlatform } from "../declared-flows";
import { admissionText } from "../facts/envoy/admission";
import type { Decider, EnforcementPoint, Laxity, RequestDecision, RequestGate, WayIn } from "../facts/fact";
import type { Evidence, Finding } from "../finding";
import type { JudgedStack } from "../judged-stack";
import { placedZones } from "../placed-zones";
import type { RuleName } from "../rule-name";
import { decisionPointOf, entrancesOf, toldAccess } from "../told-access";
import { bindingPlatform } from "../undeclared";

const rule: RuleName = "requests-are-decided";

const ask =
  "Leave the proxies to the Platform component, which lets those that the access policy's routes name ask the decision point.";

function finding(
  { urn, label }: Evidence,
  { what, assumption, remedy }: Laxity,
  level: Finding["level"],
): Finding {
  return {
    rule,
    severity: level === "mandatory" ? "high" : "medium",
    level,
    verdict: assumption === undefined ? "open" : "undetermined",
    urn,
    summary: `${label}: ${what}.`,
    packet: undefined,
    path: [],
    openedBy: [{ urn, label: what }],
    notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
    remedy,
    isGuiltyAlone: false,
  };
}

/** Whether whom a proxy asks is certainly the decision point, by its exact identity and the word of the trust domain. */
function isDecisionPoint({ servers = [], source }: Decider, identity: string | undefined): boolean {
  return (
    identity !== undefined &&
    source === "files" &&
    servers.length > 0 &&
    servers.every((server) => server.identity.kind === "exact" && server.identity.text === identity)
  );
}

/** What is wrong with whom a proxy of a platform asks. */
function deciderLaxities(
  { label, servers = [], source, doubts }: Decider,
  identity: string | undefined,
): readonly Laxity[] {
  return isDecisionPoint({ label, servers, source, doubts }, identity)
    ? doubts
    : [
        {
          what: `it asks ${label} about requests, which is ${servers.length === 0 ? "on its own machine" : servers.map(admissionText).join(", ")}, and not the decision point by the word of its trust domain`,
          remedy: `Let the cluster take nobody for its server but ${identity ?? "the decision point"}, with the trust bundle of its secret in files.`,
        },
      ];
}

function isPassedThrough(platform: DeclaredPlatform): boolean {
  return declaredEntrances(platform).some(({ mode }) => mode === "l4-passthrough");
}

/** How many addresses the load balancer of a platform, and what is before it, write down of those that a request came by. */
function witnessed(platform: DeclaredPlatform): number {
  return isPassedThrough(platform) ? 0 : platform.cloud === "gcp" ? 2 : 1;
}

/** Whether nobody but a load balancer says where a connection comes from: one that passes connections through on AWS alone does. */
function isSaidByBalancer(platform: DeclaredPlatform, said: WayIn["believed"]["proxyProtocol"]): boolean {
  return said === "none" || (said === "required" && platform.cloud === "aws" && isPassedThrough(platform));
}

/** What is wrong with what an entrance tells the decision point of a request. */
function entranceLaxities(platform: DeclaredPlatform, { believed }: WayIn): readonly Laxity[] {
  const most = witnessed(platform);
  const { laxities, trustedHops, proxyProtocol } = believed;
  return [
    ...laxities,
    ...(isSaidByBalancer(platform, proxyProtocol)
      ? []
      : [
          {
            what: "it tells the decision point an address that whoever connects may say itself by the PROXY protocol",
            remedy:
              "Take envoy.filters.listener.proxy_protocol away, or require it where a load balancer of AWS passes connections through.",
          },
        ]),
    ...(trustedHops.kind === "known" && trustedHops.value <= most
      ? []
      : [
          {
            what: "it tells the decision point an address that callers can write themselves",
            remedy: `Set use_remote_address to true, and xff_num_trusted_hops to ${String(most)}.`,
            assumption:
              trustedHops.kind === "unknown" ? "`use_remote_address` or `xff_num_trusted_hops`" : undefined,
          },
        ]),
  ];
}

/** What is wrong with one way into a workload of a platform whose requests have to be decided about. */
function wayLaxities(platform: DeclaredPlatform, way: WayIn, isEntrance: boolean): readonly Laxity[] {
  const identity = decisionPointOf(platform);
  switch (way.decision.kind) {
    case "closed":
      return [];
    case "unasked":
      return way.decision.gaps;
    case "asked": {
      const found = way.decision.deciders.map((decider) => deciderLaxities(decider, identity));
      const isRight = found.some((laxities) => laxities.length === 0);
      return [...(isRight ? [] : found.flat()), ...(isEntrance ? entranceLaxities(platform, way) : [])];
    }
  }
}

/** What is found of one thing that runs a program of a platform whose requests have to be decided about. */
function atPoint(platform: DeclaredPlatform, point: EnforcementPoint): readonly Finding[] {
  const { urn, label, peers } = point;
  const isEntrance = entrancesOf(platform).some((id) => peers.includes(`workload/${id}`));
  if (!point.hasProxy) {
    return point.runs
      ? [
          finding(
            point,
            {
              what: "it runs a program, and nothing before it asks about requests",
              assumption: point.laxities.some(({ assumption }) => assumption !== undefined)
                ? "what it runs"
                : undefined,
              remedy: ask,
            },
            "mandatory",
          ),
        ]
      : [];
  }
  return [
    ...point.hidden.map((assumption) =>
      finding(
        point,
        {
          what: "nothing shows that its Envoy asks about every request",
          assumption,
          remedy: "Write the configuration out where the judge reads it: docs/mtls.md says where.",
        },
        "mandatory",
      ),
    ),
    ...point.ways.flatMap((way) =>
      wayLaxities(platform, way, isEntrance).map((laxity) =>
        finding({ urn, label: `${label}, ${way.label}` }, laxity, "mandatory"),
      ),
    ),
  ];
}

/** The gates of a mesh that are certainly about the requests of a peer, and ask about each of them. */
function gatesOf(gates: readonly RequestGate[], zone: string, peer: string): readonly RequestGate[] {
  return gates.filter(
    (gate) =>
      gate.decision.kind === "asked" &&
      (gate.isOfMesh || gate.zone === zone) &&
      (gate.peers === undefined || gate.peers.includes(peer)),
  );
}

/** What is wrong with the gates of a platform whose workloads are in a mesh of Istio's. */
function inMesh(stack: JudgedStack, platform: DeclaredPlatform): readonly Finding[] {
  const { urn, name, workloads } = platform;
  const at = { urn, label: `Platform ${name}` };
  const gates = stack.facts.requestGates.filter((gate) => bindingPlatform(stack, gate.platform) === name);
  // Where the mesh is not in the stack, its manifests are applied by something else.
  const isShown = stack.facts.meshes.some((mesh) => bindingPlatform(stack, mesh.platform) === name);
  return [...decidingWorkloads(platform, undefined)].flatMap((peer): readonly Finding[] => {
    const zone = workloads.find(({ id }) => `workload/${id}` === peer)?.zone ?? "";
    const asking = gatesOf(gates, zone, peer);
    if (asking.length === 0) {
      return [
        finding(
          at,
          {
            what: `no AuthorizationPolicy of the stack asks about every request to ${peer}`,
            assumption: isShown
              ? undefined
              : "what is applied to its cluster by something else than this stack",
            remedy:
              "Apply what npm run mesh writes: an AuthorizationPolicy with action CUSTOM, and its provider.",
          },
          isShown ? "mandatory" : "advisory",
        ),
      ];
    }
    const doubted = asking.map(({ urn: gate, label, decision }) => ({
      at: { urn: gate, label },
      doubts: decision.kind === "asked" ? decision.deciders.flatMap(({ doubts }) => doubts) : [],
    }));
    return doubted.some(({ doubts }) => doubts.length === 0)
      ? []
      : doubted.flatMap((one) => one.doubts.map((doubt) => finding(one.at, doubt, "mandatory")));
  });
}

function gapsOf(decision: RequestDecision): readonly Laxity[] {
  return decision.kind === "unasked" ? decision.gaps : [];
}

/** What is found on a platform of ours. */
function onPlatform(stack: JudgedStack, platform: DeclaredPlatform): readonly Finding[] {
  const { urn, name, mesh, workloads } = platform;
  const told = toldAccess(stack).find((one) => one.platform === platform);
  const deciding = decidingWorkloads(platform, told);
  const at = { urn, label: `Platform ${name}` };
  if (mesh === "istio") {
    return inMesh(stack, platform);
  }
  const declared = new Set(workloads.map(({ id }) => `workload/${id}`));
  const points = stack.facts.enforcementPoints.filter(
    (point) => bindingPlatform(stack, point.platform) === name,
  );
  const concerned = points.filter(({ peers, zone }) => {
    const own = peers.filter((peer) => declared.has(peer));
    // What is in the gateway zone and is nobody's may be anybody's.
    return own.some((peer) => deciding.has(peer)) || (own.length === 0 && zone === "gateway");
  });
  const shown = new Set(points.flatMap(({ peers, hasProxy, runs }) => (hasProxy || runs ? peers : [])));
  return [
    ...(deciding.size > 0 && decisionPointOf(platform) === undefined
      ? [
          finding(
            at,
            {
              what: "it declares no decision point, so that nobody can be asked about requests",
              remedy: "Declare the workload decision-point, and flows to it from whatever asks.",
            },
            "mandatory",
          ),
        ]
      : []),
    ...concerned.flatMap((point) => atPoint(platform, point)),
    ...[...deciding]
      .filter((peer) => !shown.has(peer))
      .map((peer) =>
        finding(
          at,
          { what: `nothing stands before ${peer} that asks about requests`, remedy: ask },
          "mandatory",
        ),
      ),
    ...(told?.problems ?? []).map(({ at: where, ...laxity }) => finding(where, laxity, "mandatory")),
  ];
}

/** What is found on a stack that no platform of ours is in, of what takes requests in its gateway zone. */
function elsewhere(stack: JudgedStack): readonly Finding[] {
  const { facts, declarations } = stack;
  const zones = placedZones(facts);
  if (!zones.has("gateway") || !zones.has("processing")) {
    return [];
  }
  const gates = facts.requestGates.filter(({ zone, isOfMesh }) => zone === "gateway" || isOfMesh);
  const isAsked = gates.some(({ decision, peers }) => decision.kind === "asked" && peers === undefined);
  const points = facts.enforcementPoints.filter(
    ({ platform, zone }) => zone === "gateway" && bindingPlatform(stack, platform) === undefined,
  );
  const ways = points.flatMap((point) => point.ways.map((way) => ({ point, way })));
  const isRead = gates.length > 0 || ways.some(({ way }) => way.decision.kind !== "closed");
  return [
    ...(isAsked
      ? []
      : ways.flatMap(({ point: { urn, label }, way }) =>
          gapsOf(way.decision).map((gap) =>
            finding({ urn, label: `${label}, ${way.label}` }, gap, "advisory"),
          ),
        )),
    ...(isRead || declarations.platforms.size > 0
      ? []
      : [
          finding(
            { urn: stack.root, label: "Stack" },
            {
              what: "nothing of the stack shows that requests are decided about on their way from gateway to processing",
              assumption: "whether its programs ask somebody themselves",
              remedy:
                "Let what takes requests in the gateway zone ask a decision point about each: an Envoy by the filter ext_authz, Istio by an AuthorizationPolicy with action CUSTOM, Google's load balancer by an AuthzExtension.",
            },
            "advisory",
          ),
        ]),
  ];
}

/** Ways that ask others about requests, and let some of these through unasked. */
function laxGates(stack: JudgedStack): readonly Finding[] {
  return stack.facts.requestGates.flatMap((gate) => {
    const binding = bindingPlatform(stack, gate.platform);
    return gapsOf(gate.decision).map((gap) =>
      finding(gate, gap, binding === undefined ? "advisory" : "mandatory"),
    );
  });
}

/** Requests that go on, or may, without a decision about them. */
export function undecidedRequests(stack: JudgedStack): readonly Finding[] {
  return [
    ...[...stack.declarations.platforms.values()].flatMap((platform) => onPlatform(stack, platform)),
    ...elsewhere(stack),
    ...laxGates(stack),
  ];
}
