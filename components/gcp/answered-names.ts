import { discoveryName } from "../../model/discovery-name";
import { egressGuardId, providerHosts } from "../../model/egress-guard";
import type { PlatformSpec } from "../../model/platform-spec";

import { guardEndpointAddress, proxyAddress, proxyName } from "./egress-addresses";
import { shortHash, type NetworkedZone, type PhysicalNames } from "./physical-names";
import { replicaAddresses } from "./replicas";

/** A private zone of a network, all of whose names lead to addresses of the platform's. */
export interface AnsweredZone {
  /** The name that it is under, with the dot of the root. */
  readonly dnsName: `${string}.`;
  /** The same, as part of the names of resources. */
  readonly id: string;
  readonly description: string;
}

const toApis = "Leads to the private endpoint of Google's APIs";

/** The zone whose names are those of workloads. */
const discoveryId = "discovery";

const apis: AnsweredZone = { dnsName: "googleapis.com.", id: "googleapis-com", description: toApis };

/** Where images are pulled from (Artifact Registry documentation, "Configure VPC Service Controls"). */
const images: AnsweredZone = { dnsName: "pkg.dev.", id: "pkg-dev", description: toApis };

/**
 * The private zones of each network: those that flows of the platform need, and the trust domain's where the platform runs
 * its workloads itself.
 *
 * Images of the platform are in Artifact Registry, so that `gcr.io`, the names of the registry before it, is not answered.
 */
export function answeredZones({
  flows,
  mesh,
  trustDomain,
}: Pick<PlatformSpec, "flows" | "mesh" | "trustDomain">): readonly AnsweredZone[] {
  const pulls = flows.some(({ to }) => to.kind === "platform-service" && to.id === "registry");
  return [
    apis,
    ...(pulls ? [images] : []),
    ...(mesh.kind === "envoy"
      ? [{ dnsName: `${trustDomain}.` as const, id: discoveryId, description: "Leads to workloads" }]
      : []),
  ];
}

/** One set of records. */
export interface Records {
  readonly name: string;
  readonly type: "A" | "AAAA" | "CNAME" | "TXT";
  readonly ttl: number;
  readonly rrdatas: readonly string[];
}

/** How long an answer may be kept, in seconds. */
const ttl = 300;

/** How long an address of a workload may be kept, in seconds: a machine keeps its own for as long as there is one. */
const discoveryTtl = 60;

/**
 * What is called by a name of the trust domain in a network, with its addresses: each workload's replicas, and in their place
 * the endpoint by which processing reaches the egress guard. The egress zone calls its proxy, and no workload.
 */
function discovered(
  network: NetworkedZone,
  spec: PlatformSpec,
): readonly { readonly id: string; readonly name: string; readonly addresses: readonly string[] }[] {
  const { trustDomain } = spec;
  if (network === "egress") {
    return [
      { id: proxyName.id, name: discoveryName(trustDomain, proxyName), addresses: [proxyAddress(spec)] },
    ];
  }
  return spec.workloads.flatMap((workload) => {
    const called = { id: workload.id, name: discoveryName(trustDomain, workload) };
    if (workload.id !== egressGuardId) {
      return [{ ...called, addresses: replicaAddresses(spec, workload) }];
    }
    return network === "processing" ? [{ ...called, addresses: [guardEndpointAddress(spec)] }] : [];
  });
}

/**
 * The records of a private zone in a network. The name of a workload leads to where it is reached from there. Of the others,
 * the zone's own name leads to the address of Google's APIs, and every name under it to its own.
 */
export function zoneRecords(
  { dnsName, id }: AnsweredZone,
  network: NetworkedZone,
  names: PhysicalNames,
  spec: PlatformSpec,
): readonly (Records & { id: string })[] {
  if (id === discoveryId) {
    return discovered(network, spec).map((called) => ({
      id: called.id,
      name: `${called.name}.`,
      type: "A",
      ttl: discoveryTtl,
      rrdatas: called.addresses,
    }));
  }
  return [
    { id: "apex", name: dnsName, type: "A", ttl, rrdatas: [names.apisAddress(network)] },
    { id: "others", name: `*.${dnsName}`, type: "CNAME", ttl, rrdatas: [dnsName] },
  ];
}

/** What a rule of a response policy does with a name: answers it itself, or leaves it to whoever is asked next. */
export type ResponseRule = { readonly name: string; readonly dnsName: string } & (
  { readonly answer: readonly Records[] } | { readonly answer: undefined }
);

/** Every name that no other rule is about. */
const everyName = "*.";

/**
 * What every other name is answered with, of each type that carries data well: an address that nothing has (RFC 1112 §4),
 * one whose packets are thrown away (RFC 6666), and a text of our own. The name is answered here whatever the type is, and
 * is asked of nobody else.
 */
const sinkhole: readonly Records[] = [
  { name: everyName, type: "A", ttl, rrdatas: ["240.0.0.1"] },
  { name: everyName, type: "AAAA", ttl, rrdatas: ["100::1"] },
  { name: everyName, type: "TXT", ttl, rrdatas: ['"refused"'] },
];

/** The name by which programs find the metadata server, which gives them the tokens of their identity. */
const metadataServer = "metadata.google.internal.";

/** How much of a provider's host its rule is called by: a rule's name has 63 characters at most. */
const shownOfHost = 40;

function providerRule(host: string): string {
  return `provider-${host.replaceAll(".", "-").slice(0, shownOfHost)}-${shortHash(host)}`;
}

/**
 * The rules of a network's response policy, of which the one with the longest name that a query matches decides. Names that
 * a private zone owns are left to it, and in the egress network the hosts of declared providers to the Internet: each by its
 * whole name, so that no name under it, which could carry something, is asked of anybody. Nothing else is.
 */
export function responseRules(
  zones: readonly AnsweredZone[],
  network: NetworkedZone,
  spec: Pick<PlatformSpec, "llmProviders">,
): readonly ResponseRule[] {
  const providers = network === "egress" ? providerHosts(spec) : [];
  return [
    ...zones.flatMap(({ dnsName, id }): readonly ResponseRule[] => [
      { name: `${id}-apex`, dnsName, answer: undefined },
      { name: `${id}-others`, dnsName: `*.${dnsName}`, answer: undefined },
    ]),
    ...providers.map((host): ResponseRule => ({
      name: providerRule(host),
      dnsName: `${host}.`,
      answer: undefined,
    })),
    {
      name: "metadata-server",
      dnsName: metadataServer,
      answer: [{ name: metadataServer, type: "A", ttl, rrdatas: ["169.254.169.254"] }],
    },
    { name: "every-other-name", dnsName: everyName, answer: sinkhole },
  ];
}
