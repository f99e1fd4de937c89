import { flagOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";
import { readAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { proxyTypes } from "./load-balancers";
import { trustConfigTypes } from "./trust-configs";
import { ownersIn, ownersOf } from "./owners";
import { isFilled } from "./said";

const policyTypes: readonly ResourceType[] = ["gcp:networksecurity:servertlspolicy"];
const endpointPolicyTypes: readonly ResourceType[] = ["gcp:networkservices:endpointpolicy"];

/** Policies by which load balancers, and what is in a mesh, ask their clients for certificates. */
export class ServerTlsPolicies {
  static readonly types = policyTypes;
  readonly #stack: GcpStack;

  constructor(stack: GcpStack) {
    this.#stack = stack;
  }

  #trusted(policy: Node): readonly Referent[] {
    const { graph } = this.#stack;
    const read = readAt(graph, policy, "mtlsPolicy.clientValidationTrustConfig");
    return read.kind === "absent" ? [] : ownersIn(graph, policy, "mtlsPolicy", read, trustConfigTypes);
  }

  /** Whether a policy certainly turns away each client without a certificate of an authority that the stack names. */
  rejects(policy: Node): boolean {
    const { graph } = this.#stack;
    const mode = textOf(readAt(graph, policy, "mtlsPolicy.clientValidationMode"));
    const open = flagOf(graph.read(policy, "allowOpen"));
    const trusted = this.#trusted(policy);
    return (
      mode.kind === "known" &&
      mode.value === "REJECT_INVALID" &&
      (open.kind === "absent" || (open.kind === "known" && !open.value)) &&
      trusted.length > 0 &&
      trusted.every(({ kind }) => kind === "resource")
    );
  }

  /** Whether a policy certainly makes what is in a mesh ask who calls it. */
  rejectsInMesh(policy: Node): boolean {
    const { graph } = this.#stack;
    const open = flagOf(graph.read(policy, "allowOpen"));
    return (
      (open.kind === "absent" || (open.kind === "known" && !open.value)) &&
      isFilled(readAt(graph, policy, "mtlsPolicy.clientValidationCas")).kind === "known" &&
      graph.read(policy, "serverCertificate").kind !== "absent"
    );
  }

  #usedBy(policy: Node, types: readonly ResourceType[]): readonly Node[] {
    const { graph } = this.#stack;
    return graph
      .ofType(...types)
      .filter((node) =>
        ownersOf(graph, node, "serverTlsPolicy", policyTypes).some(
          (referent) => referent.kind === "resource" && referent.node === policy,
        ),
      );
  }

  /** What each policy of a zone asks of clients. One that nothing uses is judged as well. */
  hops(): HopFacts {
    const { graph, zones } = this.#stack;
    return allHops(
      ...graph.ofType(...policyTypes).map((node): HopFacts => {
        const proxies = this.#usedBy(node, proxyTypes.https);
        const inMesh = this.#usedBy(node, endpointPolicyTypes);
        for (const user of [...proxies, ...inMesh]) {
          zones.inherit(node.urn, zones.of(user.urn), `${user.name}, which asks by it`);
        }
        for (const trusted of this.#trusted(node)) {
          if (trusted.kind === "resource") {
            zones.inherit(trusted.node.urn, zones.of(node.urn), `${node.name}, which takes its authorities`);
          }
        }
        const place = placeIn(zones.of(node.urn), undefined);
        if (place === undefined) {
          return allHops();
        }
        const acceptor = new Acceptor(this.#stack, node, place);
        acceptor.requires({
          key: "allowOpen",
          read: flagOf(graph.read(node, "allowOpen")),
          isRight: (value) => !value,
          absentIs: "right",
          what: "what asks by it takes connections without TLS as well",
          remedy: "Set allowOpen to false.",
        });
        if (proxies.length > 0 || inMesh.length === 0) {
          this.#judgeOfProxies(node, acceptor);
        }
        if (inMesh.length > 0) {
          acceptor.requires({
            key: "mtlsPolicy.clientValidationCas",
            read: isFilled(readAt(graph, node, "mtlsPolicy.clientValidationCas")),
            isRight: () => true,
            absentIs: "wrong",
            what: "what is in the mesh asks no client for a certificate",
            remedy: "Let mtlsPolicy.clientValidationCas name a provider of certificates.",
          });
        }
        if (proxies.length === 0 && inMesh.length === 0) {
          acceptor.fault({
            what: "no proxy of the stack asks by it, so that it proves nobody's certificate",
            remedy: "Name it in serverTlsPolicy of the proxy, or take it away.",
            refusedOn: "no stack",
          });
        }
        return acceptor.facts();
      }),
    );
  }

  #judgeOfProxies(node: Node, acceptor: Acceptor): void {
    const { graph } = this.#stack;
    const mutual = recordOf(graph.read(node, "mtlsPolicy"));
    const mode = textOf(memberReading(mutual, "clientValidationMode"));
    acceptor.requires({
      key: "mtlsPolicy.clientValidationMode",
      read: mode,
      isRight: (value) => value === "REJECT_INVALID",
      absentIs: "wrong",
      what:
        mode.kind === "known"
          ? "it hands on requests of clients without a certificate, or with one that nobody has proved"
          : "it asks no client for a certificate",
      remedy: 'Set mtlsPolicy.clientValidationMode to "REJECT_INVALID".',
    });
    const trusted = this.#trusted(node);
    if (trusted.length === 0 || trusted.some(({ kind }) => kind !== "resource")) {
      const isUnknown = trusted.some(({ kind }) => kind === "undetermined");
      acceptor.fault({
        what:
          trusted.length === 0 || isUnknown
            ? "it names no trust config, so that nothing says whose certificates it takes"
            : "its trust config is not in the stack, so that nothing shows whose certificates it takes",
        remedy: "Set mtlsPolicy.clientValidationTrustConfig to a TrustConfig of the stack.",
        assumption: isUnknown ? "`mtlsPolicy.clientValidationTrustConfig` is not known" : undefined,
        needsOthers: trusted.length > 0,
      });
    }
  }
}

/** Types by which clients are asked for certificates. */
export const serverTlsTypes: readonly ResourceType[] = [...policyTypes, ...endpointPolicyTypes];
