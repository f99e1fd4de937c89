import {
  absent,
  integerOf,
  itemsOf,
  known,
  memberReading,
  reading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../reading";
import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";

import { peerOf } from "../zone-claims";

import type { CertificateEpoch, IssuedOnRequest } from "./certificate";
import { pemCertificate, type PemCertificate } from "./certificate-lifetime";

/** What requests for certificates are made with, whatever cloud answers them. */
export const requestType: ResourceType = "tls:index:certrequest";

const privateKeyType: ResourceType = "tls:index:privatekey";

/** By what a certificate is asked for, and where it is put out. */
export interface Issuing {
  /** The property that holds the request; there is none of an authority's own certificate. */
  readonly request: string | undefined;
  /** The certificate, in PEM. */
  readonly certificate: Reading<unknown>;
}

/** The requests of the stack of which a property was made. */
function requestsOf(graph: StackGraph, node: Node, property: string): readonly Node[] {
  return graph
    .origins(node, property, [requestType])
    .flatMap((origin) => (origin.kind === "resource" ? [origin.node] : []));
}

/** Whose certificate a request asks for. */
function askedFor(graph: StackGraph, request: Node): Reading<string> {
  const lists = ["uris", "dnsNames", "ipAddresses"].map((key) =>
    itemsOf(graph.read(request, key)).map(textOf),
  );
  const [uris = []] = lists;
  if (lists.flat().some(({ kind }) => kind !== "known")) {
    return unknown;
  }
  const texts = (list: readonly Reading<string>[]): readonly string[] =>
    list.flatMap((one) => (one.kind === "known" ? [one.value] : []));
  const [spiffeId, ...others] = texts(uris).filter((uri) => uri.startsWith("spiffe://"));
  if (spiffeId !== undefined && others.length === 0) {
    return known(spiffeId);
  }
  const names = texts(lists.flat());
  if (names.length > 0) {
    return known([...names].sort().join(", "));
  }
  const subject = textOf(memberReading(recordOf(graph.read(request, "subject")), "commonName"));
  return subject.kind === "known" ? subject : unknown;
}

/** Whose a certificate is: as its request says, and as it says itself where no request of the stack does. */
function holderOf(
  graph: StackGraph,
  requests: readonly Node[],
  issued: PemCertificate | undefined,
): Reading<string> {
  const [request, ...others] = requests;
  if (request !== undefined && others.length === 0) {
    return askedFor(graph, request);
  }
  const [spiffeId, ...further] = (issued?.uris ?? []).filter((uri) => uri.startsWith("spiffe://"));
  return spiffeId !== undefined && further.length === 0 ? known(spiffeId) : unknown;
}

/** The component that issues for a platform of ours. */
const authorityComponent: ResourceType = "bulkhead:identity:certificateauthority";

/** The epoch of a certificate that a component of ours issues: the number with which its name ends. */
function epochOf(graph: StackGraph, { name, parent }: Node): CertificateEpoch | undefined {
  const component = parent === undefined ? undefined : graph.node(parent);
  if (component?.resourceType !== authorityComponent) {
    return undefined;
  }
  const told = itemsOf(reading(component.outputs["epochs"])).flatMap((one) => {
    const epoch = recordOf(one);
    const number = integerOf(memberReading(epoch, "number"));
    const ends = textOf(memberReading(epoch, "ends"));
    return number.kind === "known" && ends.kind === "known"
      ? [{ number: number.value, ends: ends.value }]
      : [];
  });
  const found = told.find(({ number }) => name.endsWith(`-certificate-${String(number)}`));
  return found === undefined
    ? undefined
    : { ...found, current: Math.max(...told.map(({ number }) => number)) };
}

/** Whether what would hold a certificate shows that none is issued yet: what a deployed stack hides is issued. */
export function isNotIssued({ dryRun }: StackGraph, output: Reading<unknown>): boolean {
  return output.kind === "absent" || (dryRun && output.kind === "unknown");
}

/**
 * What shows of a certificate that a resource gets on request.
 *
 * @param planned when it is to end, where that is said before it is issued.
 */
export function issuedOnRequest(
  graph: StackGraph,
  node: Node,
  { request, certificate }: Issuing,
  planned: Reading<number> = absent,
): IssuedOnRequest {
  const requests = request === undefined ? [] : requestsOf(graph, node, request);
  const pem = textOf(certificate);
  const issued = pem.kind === "known" ? pemCertificate(pem.value) : undefined;
  const isPlanned = isNotIssued(graph, pem);
  return {
    holder: holderOf(graph, requests, issued),
    keys: [
      ...new Set(
        requests.flatMap((one) =>
          graph
            .origins(one, "privateKeyPem", [privateKeyType])
            .flatMap((origin) => (origin.kind === "resource" ? [origin.node.urn] : [])),
        ),
      ),
    ],
    ends: issued?.ends ?? (isPlanned ? planned : unknown),
    peer: peerOf(graph, node),
    isPlanned,
    serial: issued?.serial,
    epoch: epochOf(graph, node),
  };
}
