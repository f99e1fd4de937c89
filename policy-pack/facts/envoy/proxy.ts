import * as yaml from "yaml";

import { known, recordOf, unknown, type Reading } from "../../reading";
import type { Fault } from "../acceptor";
import type { Decider, RequestDecision } from "../fact";

import { addressOf } from "./address";
import { notUnderstood } from "./certificate-validation";
import { inboundsOf, type Inbound } from "./inbound";
import { Message } from "./message";
import { clusterOf, type ClusterReading, type Outbound } from "./outbound";
import { rememberedByText } from "../../remembered-by-text";
import { unasked, type DecisionReading } from "./request-decisions";

/** One way into a proxy, and who is asked about what comes in by it. */
export interface DecidedInbound extends Omit<Inbound, "decision"> {
  readonly decision: RequestDecision;
}

/** What the configuration of an Envoy lets in and out of the machine, or the pod, that it runs in. */
export interface EnvoyProxy {
  readonly inbound: readonly DecidedInbound[];
  readonly outbound: readonly Outbound[];
  /** Why it may let in more than is shown; `undefined` where all of it is shown. */
  readonly hidden: string | undefined;
  /** What is wrong with the whole of it. */
  readonly faults: readonly Fault[];
}

/** Fields of a configuration that open nothing. */
const harmless = [
  "node",
  "stats_config",
  "stats_flush_interval",
  "stats_flush_on_admin",
  "watchdog",
  "watchdogs",
  "overload_manager",
  "enable_dispatcher_stats",
  "header_prefix",
  "stats_server_version_override",
  "use_tcp_for_dns_lookups",
  "typed_dns_resolver_config",
  "dns_resolution_config",
  "memory_allocator_manager",
] as const;

const read = ["static_resources", "dynamic_resources", "admin"] as const;

function adminFaults(bootstrap: Message): readonly Fault[] {
  const address = bootstrap.message("admin").message("address");
  if (
    bootstrap.read("admin").kind === "absent" ||
    (bootstrap.message("admin").kind === "known" && address.kind === "absent")
  ) {
    return [];
  }
  const { reach, text } = addressOf(address);
  return reach === "local"
    ? []
    : [
        {
          what: `whoever reaches ${text} administers it, and needs no certificate for that`,
          remedy: "Take admin away, or let its address be 127.0.0.1.",
          assumption: reach === "unknown" ? "where it is administered is not known" : undefined,
        },
      ];
}

/** Reads a configuration of Envoy (Envoy API, `envoy.config.bootstrap.v3.Bootstrap`). */
function proxyOf(bootstrap: Message): EnvoyProxy {
  const resources = bootstrap.message("static_resources");
  const secrets = resources.messages("secrets");
  const clusters = resources.messages("clusters").map((cluster) => clusterOf(cluster, secrets));
  const local = new Set(clusters.flatMap((one) => (one.kind === "local" ? [one.name] : [])));
  const inbound = resources.messages("listeners").flatMap((listener) => inboundsOf(listener, secrets, local));
  const isRead = resources.kind === "known";
  const isToldMore =
    bootstrap.read("dynamic_resources").kind !== "absent" && !isEmpty(bootstrap.read("dynamic_resources"));
  return {
    inbound: inbound.map((one) => ({ ...one, decision: resolved(one.decision, clusters) })),
    hidden: isToldMore
      ? "what its `dynamic_resources` say is not known"
      : isRead
        ? undefined
        : "what its `static_resources` say is not known",
    outbound: clusters.flatMap((one) => (one.kind === "outbound" ? [one.outbound] : [])),
    faults: [
      ...adminFaults(bootstrap),
      ...clusters.flatMap((one) => (one.kind === "local" ? one.faults : [])),
      ...(isToldMore
        ? [
            {
              what: "it is told by somebody else whom it lets in and whom it calls",
              remedy: "Write its listeners and clusters out in static_resources.",
              assumption: "what its `dynamic_resources` say is not known",
              refusedOn: "our platform" as const,
            },
          ]
        : []),
      ...(isRead || isToldMore ? [] : notUnderstood("the configuration", ["static_resources"])),
      ...notUnderstood("the configuration", bootstrap.besides([...read, ...harmless])),
      ...notUnderstood("static_resources", resources.besides(["listeners", "clusters", "secrets"])),
    ],
  };
}

function nameOf(cluster: ClusterReading): string {
  return cluster.kind === "local" ? cluster.name : cluster.outbound.name;
}

/** Who the clusters are that a way in asks, as far as the configuration has them. */
function resolved(decision: DecisionReading, clusters: readonly ClusterReading[]): RequestDecision {
  if (decision.kind !== "asked") {
    return decision;
  }
  const deciders = decision.clusters.flatMap(({ name, doubts }): readonly Decider[] => {
    const label = `cluster ${name}`;
    const all = clusters.filter((one) => nameOf(one) === name);
    const outbound = all.flatMap((one) => (one.kind === "outbound" ? [one.outbound] : []));
    const isOutside = outbound.length > 0 && outbound.length === all.length;
    return all.length === 0
      ? []
      : [
          {
            label,
            servers: isOutside ? outbound.flatMap(({ servers }) => servers) : undefined,
            source:
              outbound.find(({ source }) => source !== "files")?.source ?? outbound[0]?.source ?? "nobody",
            doubts,
          },
        ];
  });
  const [first, ...others] = deciders;
  return first === undefined
    ? unasked({
        what: "nothing shows whom it asks about requests",
        remedy: "Write the cluster that it asks out in static_resources.",
        assumption: `where cluster ${decision.clusters.map(({ name }) => name).join(", ")} leads`,
      })
    : { kind: "asked", deciders: [first, ...others] };
}

function isEmpty(value: Reading<unknown>): boolean {
  const fields = recordOf(value);
  return fields.kind === "known" && Object.keys(fields.value).length === 0;
}

/** What a text says that is JSON or YAML; unknown, where it is neither. */
export function structured(text: string): Reading<unknown> {
  try {
    return known(JSON.parse(text) as unknown);
  } catch {
    try {
      return known(yaml.parse(text, { maxAliasCount: 100, logLevel: "error" }) as unknown);
    } catch {
      return unknown;
    }
  }
}

/** What could be read of an Envoy of which no configuration is shown. */
export function hiddenProxy(why: string): EnvoyProxy {
  return {
    inbound: [],
    outbound: [],
    hidden: why,
    faults: [
      {
        what: "nothing shows whom its Envoy lets in",
        remedy: "Write the configuration out where the judge reads it: docs/mtls.md says where.",
        assumption: why,
        refusedOn: "our platform",
      },
    ],
  };
}

/** Reads the text of a configuration of Envoy, JSON or YAML. */
export function envoyProxy(text: Reading<string>): EnvoyProxy {
  if (text.kind !== "known") {
    return hiddenProxy("the configuration of its Envoy is not known");
  }
  return shownProxy(text.value);
}

const shownProxy = rememberedByText((text): EnvoyProxy => {
  const said = recordOf(structured(text));
  return said.kind === "known"
    ? proxyOf(new Message(said))
    : hiddenProxy("the configuration of its Envoy is neither JSON nor YAML");
});

/** Whether a text looks like a configuration of Envoy: it has a part that no other configuration has. */
export function isEnvoyConfiguration(text: string): boolean {
  return /["']?(?:static_?[rR]esources|dynamic_?[rR]esources)["']?\s*:/.test(text);
}
