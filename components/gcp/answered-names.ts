import type { PlatformSpec } from "../../model/platform-spec";

/** A private zone whose names all lead to the address by which Google's APIs are called. */
export interface AnsweredZone {
  /** The name that it is under, with the dot of the root. */
  readonly dnsName: `${string}.`;
  /** The same, as part of the names of resources. */
  readonly id: string;
}

const apis: AnsweredZone = { dnsName: "googleapis.com.", id: "googleapis-com" };

/** Where images are pulled from (Artifact Registry documentation, "Configure VPC Service Controls"). */
const images: AnsweredZone = { dnsName: "pkg.dev.", id: "pkg-dev" };

/**
 * The private zones of each network: those that flows of the platform need.
 *
 * Images of the platform are in Artifact Registry, so that `gcr.io`, the names of the registry before it, is not answered.
 */
export function answeredZones({ flows }: Pick<PlatformSpec, "flows">): readonly AnsweredZone[] {
  const pulls = flows.some(({ to }) => to.kind === "platform-service" && to.id === "registry");
  return pulls ? [apis, images] : [apis];
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

/** The records of a private zone: its own name leads to the address, and every name under it to its own. */
export function zoneRecords(
  { dnsName }: AnsweredZone,
  address: string,
): readonly (Records & { id: string })[] {
  return [
    { id: "apex", name: dnsName, type: "A", ttl, rrdatas: [address] },
    { id: "others", name: `*.${dnsName}`, type: "CNAME", ttl, rrdatas: [dnsName] },
  ];
}

/** What a rule of a response policy does with a name: answers it itself, or leaves it to the private zone that owns it. */
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

/**
 * The rules of a network's response policy, of which the one with the longest name that a query matches decides. Only names
 * that a private zone owns are left to it: one that nobody owned would be asked of the Internet.
 */
export function responseRules(zones: readonly AnsweredZone[]): readonly ResponseRule[] {
  return [
    ...zones.flatMap(({ dnsName, id }): readonly ResponseRule[] => [
      { name: `${id}-apex`, dnsName, answer: undefined },
      { name: `${id}-others`, dnsName: `*.${dnsName}`, answer: undefined },
    ]),
    {
      name: "metadata-server",
      dnsName: metadataServer,
      answer: [{ name: metadataServer, type: "A", ttl, rrdatas: ["169.254.169.254"] }],
    },
    { name: "every-other-name", dnsName: everyName, answer: sinkhole },
  ];
}
