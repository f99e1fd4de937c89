import { peerName } from "../../model/peer";
import { platformPort } from "../../model/workload";

import { declaredEntrances } from "../declared-entrance";
import type { DeclaredPlatform } from "../declared-flows";
import { admissionText, type Admission } from "../facts/envoy/admission";
import type { EnforcementPoint, WayIn } from "../facts/fact";
import type { Finding } from "../finding";
import type { JudgedStack } from "../judged-stack";
import { subtract } from "../packet-set";
import { tcpPackets } from "../reachability";
import type { RuleName } from "../rule-name";
import { bindingPlatform } from "../undeclared";

const rule: RuleName = "flows-require-mtls";

const port = { from: platformPort, to: platformPort + 1 } as const;

/** What a platform's flows let pass at one of its peers. */
interface Allowed {
  /** The identities that may call it. */
  readonly callers: ReadonlySet<string>;
  /** The identities that it may call. */
  readonly called: ReadonlySet<string>;
  /** Whether any client of the authorities that its configuration names may call it. */
  readonly anyClient: boolean;
  /** Whether the load balancer, which shows no certificate, may call it from its own addresses. */
  readonly loadBalancer: boolean;
}

function allowedAt(platform: DeclaredPlatform, peer: string): Allowed {
  const { flows, trustDomain } = platform;
  const identityOf = (zone: string, id: string): readonly string[] =>
    trustDomain === undefined ? [] : [`spiffe://${trustDomain}/zone/${zone}/workload/${id}`];
  const inward = flows.filter(({ to }) => peerName(to) === peer);
  const entering = inward.filter(({ from }) => from.kind === "load-balancer");
  const entrances = declaredEntrances(platform);
  const isPassedThrough = entrances.length > 0 && entrances.every(({ mode }) => mode === "l4-passthrough");
  return {
    callers: new Set([
      ...inward.flatMap(({ from }) => (from.kind === "workload" ? identityOf(from.zone, from.id) : [])),
      ...(entering.length > 0 && trustDomain !== undefined
        ? [`spiffe://${trustDomain}/zone/gateway/load-balancer`]
        : []),
    ]),
    called: new Set(
      flows.flatMap(({ from, to }) =>
        peerName(from) === peer && to.kind === "workload" ? identityOf(to.zone, to.id) : [],
      ),
    ),
    anyClient: isPassedThrough && entering.some(({ transport }) => transport === "mtls"),
    loadBalancer: entering.some(({ transport }) => transport === "one-way-tls"),
  };
}

/** Whether some addresses are certainly of subnets in which the load balancer is. */
function areLoadBalancers(
  { facts }: JudgedStack,
  { name }: DeclaredPlatform,
  { addresses }: Admission,
): boolean {
  const filters = facts.interfaceFilters.filter(
    ({ platform, peer }) => platform === name && peer === "load-balancer",
  );
  const subnets = new Set([
    ...filters.flatMap((filter) => filter.subnets ?? []),
    ...facts.interfaces
      .filter((one) => one.filters.some((filter) => filters.includes(filter)))
      .flatMap((one) => one.subnets),
  ]);
  const own = [...subnets].flatMap(({ knownRanges }) => knownRanges);
  return (
    addresses !== undefined && subtract(tcpPackets([addresses], port), tcpPackets(own, port)).length === 0
  );
}

/** Whether flows name whom a way in lets in. */
function isDeclared(
  stack: JudgedStack,
  platform: DeclaredPlatform,
  allowed: Allowed,
  { asks, source }: WayIn,
  admission: Admission,
): boolean {
  switch (admission.identity.kind) {
    case "exact":
      // Whoever's word it is, it has to be that of the trust domain: its bundle is in files, which the agent writes.
      return asks === "certificate" && source !== "named" && allowed.callers.has(admission.identity.text);
    case "any-certificate":
      return asks === "certificate" && source === "named" && allowed.anyClient;
    case "none":
      return asks === "nothing" && allowed.loadBalancer && areLoadBalancers(stack, platform, admission);
    case "pattern":
      return false;
  }
}

/** What a finding says besides who it is about. */
interface Said {
  readonly what: string;
  readonly assumption?: string | undefined;
  readonly remedy: string;
}

function finding(point: Pick<EnforcementPoint, "urn" | "label" | "zone">, said: Said): Finding {
  const { urn, label, zone } = point;
  return {
    rule,
    severity: "high",
    level: "mandatory",
    verdict: said.assumption === undefined ? "open" : "undetermined",
    urn,
    summary: `${label}${zone === undefined ? "" : ` of zone ${zone}`}: ${said.what}.`,
    packet: undefined,
    path: [],
    openedBy: [{ urn, label: said.what }],
    notes: said.assumption === undefined ? [] : [`Not known: ${said.assumption}.`],
    remedy: said.remedy,
    isGuiltyAlone: false,
  };
}

/** The names of the peers that a platform's workloads are. */
function namesOf({ workloads }: DeclaredPlatform): readonly string[] {
  return workloads.map(({ id }) => `workload/${id}`);
}

/** What a proxy of a platform of ours lets in, or calls, that no flow names. */
function undeclaredAt(
  stack: JudgedStack,
  platform: DeclaredPlatform,
  point: EnforcementPoint,
): readonly Finding[] {
  const names = namesOf(platform);
  const ofWorkloads = point.peers.filter((peer) => names.includes(peer));
  const [peer, ...others] = ofWorkloads;
  if (peer === undefined || others.length > 0) {
    return [
      finding(point, {
        what: "nothing shows before which workload it stands, so that no flow tells whom it may let in",
        assumption: "which workload it runs",
        remedy: "Give it the tag bulkhead-workload of one workload, or the filter of one.",
      }),
    ];
  }
  const allowed = allowedAt(platform, peer);
  const ways = point.ways.flatMap((way) =>
    way.admissions
      .filter((admission) => !isDeclared(stack, platform, allowed, way, admission))
      .map((admission) =>
        finding(point, {
          what: `${way.label} lets in ${admissionText(admission)}, and no flow to ${peer} names them`,
          remedy: "Let in the exact identities of the workloads whose flows name it, and nobody else.",
        }),
      ),
  );
  const calls = point.calls.flatMap((call) =>
    call.servers
      .filter(({ identity }) => identity.kind !== "exact" || !allowed.called.has(identity.text))
      .map((server) =>
        finding(point, {
          what: `${call.label} calls ${admissionText(server)}, and no flow of ${peer} names them`,
          remedy: "Call the workloads that its flows name, each by its exact identity, and nobody else.",
        }),
      ),
  );
  const relays = point.ways.flatMap(({ label, relays: names }) =>
    names.map((name) =>
      finding(point, {
        what: `${label} hands what comes in on to ${name === undefined ? "clusters that are not known" : `cluster ${name}`}, past its own program`,
        ...(name === undefined ? { assumption: "where its routes lead" } : {}),
        remedy: "Let its routes lead to the program on the loopback.",
      }),
    ),
  );
  const told = [...point.ways, ...point.calls]
    .filter(({ source }) => source === "sent")
    .map(({ label }) =>
      finding(point, {
        what: `whose certificates ${label} takes is told to it by somebody else`,
        assumption: "what the secret of its validation context says",
        remedy: "Let the secret of the validation context be in files, with path_config_source.",
      }),
    );
  return [...ways, ...calls, ...relays, ...told, ...outdated(platform, point)];
}

/**
 * Ways in that take a version of TLS which is too old. An Application Gateway speaks no newer one than 1.2 to what is behind
 * it (Azure documentation, "Application Gateway TLS policy overview").
 */
function outdated({ cloud }: DeclaredPlatform, point: EnforcementPoint): readonly Finding[] {
  return point.ways
    .filter(({ asks, oldest }) => asks === "nothing" && oldest === "1.2" && cloud !== "azure")
    .map(({ label }) =>
      finding(point, {
        what: `${label} takes versions of TLS older than 1.3`,
        remedy: "Set tls_minimum_protocol_version of its tls_params to TLSv1_3.",
      }),
    );
}

/** Ways in that ask for no certificate, of stacks whose flows nobody declares. */
function unasked(point: EnforcementPoint): readonly Finding[] {
  return point.ways
    .filter(
      ({ asks, admissions }) => asks === "nothing" && admissions.every((one) => one.addresses !== undefined),
    )
    .filter(({ admissions }) => admissions.length > 0)
    .map(({ label }) =>
      finding(point, {
        what: `${label} asks no client for a certificate, and only looks at its address`,
        remedy: "Set require_client_certificate to true, and a validation_context.",
      }),
    );
}

/** Workloads of a platform before which nothing stands, though it says that its own proxies do. */
function missing(stack: JudgedStack, platform: DeclaredPlatform): readonly Finding[] {
  const { name, urn, mesh } = platform;
  const enforced = new Set(
    stack.facts.enforcementPoints.flatMap(({ platform: of, peers, hasProxy }) =>
      of === name && hasProxy ? peers : [],
    ),
  );
  // What has no proxy, or one that is not known, is told of where it is.
  const told = new Set(
    stack.facts.enforcementPoints.flatMap(({ platform: of, peers, runs }) =>
      of === name && runs ? peers : [],
    ),
  );
  return mesh === "istio"
    ? []
    : namesOf(platform)
        .filter((peer) => !enforced.has(peer) && !told.has(peer))
        .map((peer) =>
          finding(
            { urn, label: `Platform ${name}`, zone: undefined },
            {
              what: `nothing stands before ${peer} that lets in only whom its flows name`,
              remedy: "Leave the workloads to the Platform component, which puts an Envoy beside each.",
            },
          ),
        );
}

/** What is found of the proxies before programs, by the flows that their platforms declare. */
export function enforcementFindings(stack: JudgedStack): readonly Finding[] {
  const ofPoints = stack.facts.enforcementPoints.flatMap((point): readonly Finding[] => {
    const binding = bindingPlatform(stack, point.platform);
    const platform = binding === undefined ? undefined : stack.declarations.platforms.get(binding);
    if (platform === undefined) {
      return unasked(point);
    }
    const lax = point.laxities.map((laxity) => finding(point, laxity));
    if (!point.hasProxy) {
      return platform.mesh === "istio" || !point.runs
        ? lax
        : [
            ...lax,
            finding(point, {
              what: "it runs a program, and no Envoy of which the configuration is shown stands before it",
              remedy:
                "Run an Envoy beside it that lets in only whom its flows name; docs/mtls.md says what is read.",
            }),
          ];
    }
    return [...lax, ...undeclaredAt(stack, platform, point)];
  });
  return [
    ...ofPoints,
    ...[...stack.declarations.platforms.values()].flatMap((platform) => missing(stack, platform)),
  ];
}
