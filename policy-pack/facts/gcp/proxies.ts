import { textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { Place } from "../place";

import type { GcpStack } from "./gcp-stack";
import type { LoadBalancers } from "./load-balancers";
import { signsIn } from "./load-balancer-sign-in";
import { ServerTlsPolicies } from "./server-tls-policies";
import { isNewestTls, sslPolicyTypes } from "./ssl-policies";
import { ownersOf } from "./owners";

export const passingThrough =
  "it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate";

export const endTls =
  "End TLS at a TargetHttpsProxy, whose ServerTlsPolicy verifies the certificates of its clients.";

const withoutTls = "it takes connections without TLS, which whoever is on the way reads and changes";
const noCertificate = "it asks no client for a certificate";
const oldTls = "it takes versions of TLS older than 1.3";

/** What the proxies of load balancers accept for a zone. */
export class Proxies {
  readonly #stack: GcpStack;
  readonly #balancers: LoadBalancers;
  readonly #verifiers: ServerTlsPolicies;

  constructor(stack: GcpStack, balancers: LoadBalancers) {
    this.#stack = stack;
    this.#balancers = balancers;
    this.#verifiers = new ServerTlsPolicies(stack);
  }

  hops(): HopFacts {
    const each = (
      kind: "http" | "https" | "ssl" | "tcp",
      judge: (node: Node, acceptor: Acceptor) => void,
    ): readonly HopFacts[] =>
      this.#balancers.proxies(kind).map((node): HopFacts => {
        const place = this.#placeOf(node);
        if (place === undefined || this.#isSidecar(node)) {
          return allHops();
        }
        const acceptor = new Acceptor(this.#stack, node, place);
        judge(node, acceptor);
        return acceptor.facts();
      });
    return allHops(
      ...each("http", (_, acceptor) => {
        acceptor.fault({
          what: withoutTls,
          remedy: "Take the proxy and its forwarding rule away; clients come to a TargetHttpsProxy on 443.",
        });
        acceptor.hop(`clients and ${acceptor.label}`, undefined);
      }),
      ...each("tcp", (_, acceptor) => {
        acceptor.fault({ what: passingThrough, remedy: endTls, excusedBy: "passthrough" });
        acceptor.hop(`clients and ${acceptor.label}`, undefined);
      }),
      ...each("ssl", (node, acceptor) => {
        this.#isRecent(node, acceptor);
        acceptor.fault({ what: noCertificate, remedy: endTls });
        acceptor.hop(`clients and ${acceptor.label}`, undefined);
      }),
      ...each("https", (node, acceptor) => {
        this.#judgeHttps(node, acceptor);
      }),
    );
  }

  #placeOf(node: Node): Place | undefined {
    return this.#balancers.placeOf(node);
  }

  /** Whether a proxy certainly is a part of each client of a mesh, to which it gets what it sends from within itself. */
  #isSidecar(node: Node): boolean {
    const fronts = this.#balancers.leadingTo(node);
    return (
      fronts.length > 0 &&
      fronts.every(({ scheme }) => scheme.kind === "known" && scheme.value === "INTERNAL_SELF_MANAGED")
    );
  }

  /** Whether a proxy certainly takes TLS 1.3 alone. What is wrong with its policy is said of that. */
  #isRecent(node: Node, acceptor: Acceptor): boolean {
    const { graph } = this.#stack;
    const read = graph.read(node, "sslPolicy");
    const policies = ownersOf(graph, node, "sslPolicy", sslPolicyTypes);
    const isOfStack = this.#isOfStack(acceptor, policies, {
      key: "sslPolicy",
      isSet: read.kind !== "absent",
      absent: oldTls,
      elsewhere: "its TLS policy is not in the stack, so that nothing shows which versions of TLS it takes",
      remedy:
        'Set sslPolicy to an SSLPolicy of the stack with profile "RESTRICTED" and minTlsVersion "TLS_1_3".',
    });
    return (
      isOfStack && policies.every((policy) => policy.kind === "resource" && isNewestTls(graph, policy.node))
    );
  }

  /** Whether a property certainly names resources of the stack alone. */
  #isOfStack(
    acceptor: Acceptor,
    referents: readonly Referent[],
    said: {
      readonly key: string;
      readonly isSet: boolean;
      readonly absent: string;
      readonly elsewhere: string;
      readonly remedy: string;
      readonly excusedBy?: "sign-in";
    },
  ): boolean {
    const { key, isSet, absent, elsewhere, remedy, excusedBy } = said;
    const isOfStack = referents.length > 0 && referents.every(({ kind }) => kind === "resource");
    if (!isOfStack) {
      const isUnknown = referents.some(({ kind }) => kind === "undetermined");
      acceptor.fault({
        what: isSet && !isUnknown ? elsewhere : absent,
        remedy,
        assumption: isUnknown ? `\`${key}\` is not known` : undefined,
        needsOthers: isSet,
        ...(excusedBy === undefined || isSet ? {} : { excusedBy }),
      });
    }
    return isOfStack;
  }

  #judgeHttps(node: Node, acceptor: Acceptor): void {
    const { graph } = this.#stack;
    const isRecent = this.#isRecent(node, acceptor);
    const isSignedIn = signsIn(graph, this.#balancers.servicesOf(node));
    const policies = ownersOf(graph, node, "serverTlsPolicy", ServerTlsPolicies.types);
    const isOfStack = this.#isOfStack(acceptor, policies, {
      key: "serverTlsPolicy",
      isSet: graph.read(node, "serverTlsPolicy").kind !== "absent",
      absent: noCertificate,
      elsewhere:
        "its ServerTlsPolicy is not in the stack, so that nothing shows whether clients are asked for a certificate",
      remedy:
        'Set serverTlsPolicy to a ServerTlsPolicy of the stack with clientValidationMode "REJECT_INVALID" and a TrustConfig of the stack.',
      ...(isSignedIn ? { excusedBy: "sign-in" as const } : {}),
    });
    const verifies =
      isOfStack &&
      policies.every((policy) => policy.kind === "resource" && this.#verifiers.rejects(policy.node));
    const isFresh = acceptor.requires({
      key: "tlsEarlyData",
      read: textOf(graph.read(node, "tlsEarlyData")),
      isRight: (value) => value === "DISABLED",
      absentIs: "right",
      what: "it takes requests before the handshake has ended, which whoever has recorded them sends again",
      remedy: 'Set tlsEarlyData to "DISABLED".',
    });
    // Without a word on it, Google decides.
    acceptor.requires({
      key: "quicOverride",
      read: textOf(graph.read(node, "quicOverride")),
      isRight: (value) => value === "DISABLE",
      absentIs: node.resourceType === "gcp:compute:targethttpsproxy" ? "wrong" : "right",
      what: "clients may come by QUIC, which is another listener, on UDP",
      remedy: 'Set quicOverride to "DISABLE".',
      refusedOn: "our platform",
    });
    acceptor.hop(
      `clients and ${acceptor.label}`,
      !isRecent || !isFresh ? undefined : verifies ? "mtls" : isSignedIn ? "one-way-tls" : undefined,
    );
  }
}
