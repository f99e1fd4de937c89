import type { Transport } from "../../../model/flow";

import { flagOf, known, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { labelOf } from "../label";
import { readAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { backendGroupTypes, healthCheckTypes, type LoadBalancers } from "./load-balancers";
import { trustConfigTypes } from "./trust-configs";
import { ownersIn, ownersOf } from "./owners";
import { isFilled, isSet } from "./said";

const configType = "gcp:networksecurity:backendauthenticationconfig";
const clientPolicyType = "gcp:networksecurity:clienttlspolicy";

/** Types by which load balancers, and clients in a mesh, know what they call. */
export const backendTlsTypes: readonly ResourceType[] = [configType, clientPolicyType];

const plain = "its targets get what they are sent in plain text";
const anyCertificate = "it takes whichever certificate its targets show";

/** How backend services of a zone send on what their load balancer has got, and how they know what they send it to. */
export class BackendServices {
  readonly #stack: GcpStack;
  readonly #balancers: LoadBalancers;

  constructor(stack: GcpStack, balancers: LoadBalancers) {
    this.#stack = stack;
    this.#balancers = balancers;
  }

  hops(): HopFacts {
    return allHops(
      ...this.#balancers.services.map((node) => this.#serviceHops(node)),
      ...this.#stack.graph.ofType(configType).map((node) => this.#configHops(node)),
      ...this.#stack.graph.ofType(clientPolicyType).map((node) => this.#clientPolicyHops(node)),
      ...this.#stack.graph.ofType(...healthCheckTypes).map((node) => this.#healthHops(node)),
    );
  }

  /** The kind of load balancer of which a service certainly is; without a word on it, a regional one passes packets. */
  #schemeOf(node: Node): string | undefined {
    const scheme = textOf(this.#stack.graph.read(node, "loadBalancingScheme"));
    const isRegional = node.resourceType === "gcp:compute:regionbackendservice";
    return scheme.kind === "known"
      ? scheme.value
      : scheme.kind === "absent" && isRegional
        ? "INTERNAL"
        : undefined;
  }

  #serviceHops(node: Node): HopFacts {
    const place = this.#balancers.placeOf(node);
    const uses = this.#balancers.usesOf(node);
    const scheme = this.#schemeOf(node);
    // What passes packets ends no connection, and what Google runs is reached by Google's own means.
    const isPassing =
      scheme === "INTERNAL" ||
      (uses.length > 0 && uses.every(({ kind }) => kind === "packets" || kind === "tcp"));
    if (place === undefined || isPassing || this.#isServerless(node)) {
      return allHops();
    }
    const acceptor = new Acceptor(this.#stack, node, place);
    acceptor.requires({
      key: "enableCdn",
      read: flagOf(this.#stack.graph.read(node, "enableCdn")),
      isRight: (value) => !value,
      absentIs: "right",
      what: "Google's caches keep its answers, and give them to others before its web firewall has a word",
      remedy: "Set enableCdn to false.",
      refusedOn: "our platform",
    });
    const ends = `${labelOf(node)} and its targets`;
    const isInMesh = scheme === "INTERNAL_SELF_MANAGED";
    acceptor.hop(ends, isInMesh ? this.#inMesh(node, acceptor) : this.#behindProxy(node, acceptor));
    return acceptor.facts();
  }

  /** Whether all that a service sends to are apps that Google runs, where it ends TLS itself. */
  #isServerless(node: Node): boolean {
    const groups = this.#balancers.groupsOf(node);
    return (
      groups.length > 0 &&
      groups.every((group) => {
        if (
          group.kind !== "resource" ||
          !(backendGroupTypes.regional as readonly string[]).includes(group.node.resourceType)
        ) {
          return false;
        }
        const type = textOf(this.#stack.graph.read(group.node, "networkEndpointType"));
        return type.kind === "absent" || (type.kind === "known" && type.value === "SERVERLESS");
      })
    );
  }

  #behindProxy(node: Node, acceptor: Acceptor): Transport | undefined {
    const { graph } = this.#stack;
    const isEncrypted = acceptor.requires({
      key: "protocol",
      read: textOf(graph.read(node, "protocol")),
      isRight: (value) => value === "HTTPS" || value === "HTTP2" || value === "SSL",
      absentIs: "wrong",
      what: plain,
      remedy: 'Set protocol to "HTTPS" or "HTTP2".',
    });
    const read = readAt(graph, node, "tlsSettings.authenticationConfig");
    const isVerifying = acceptor.requires({
      key: "tlsSettings.authenticationConfig",
      read: isSet(read.kind === "unknown" && this.#configs(node).length > 0 ? known(true) : read),
      isRight: () => true,
      absentIs: "wrong",
      what: anyCertificate,
      remedy: "Set tlsSettings.authenticationConfig to a BackendAuthenticationConfig of the stack.",
    });
    const isNamed = acceptor.requires({
      key: "tlsSettings.sni",
      read: isSet(readAt(graph, node, "tlsSettings.sni")),
      isRight: () => true,
      absentIs: "wrong",
      what: "it takes the certificate of whichever workload of its authorities for that of its targets",
      remedy:
        "Set tlsSettings.sni to the name of the target, and subjectAltNames to what its certificate says.",
    });
    if (!isVerifying) {
      return undefined;
    }
    const configs = this.#configs(node);
    if (configs.length === 0) {
      acceptor.fault({
        what: "its BackendAuthenticationConfig is not in the stack, so that nothing shows whose certificates it takes",
        remedy: "Set tlsSettings.authenticationConfig to a BackendAuthenticationConfig of the stack.",
        needsOthers: true,
      });
      return undefined;
    }
    if (!isEncrypted || !isNamed || !configs.every((config) => this.#isVerifying(config))) {
      return undefined;
    }
    return configs.every((config) => graph.read(config, "clientCertificate").kind !== "absent")
      ? "mtls"
      : "one-way-tls";
  }

  /** The configurations of the stack by which a service knows its targets; none, where one may be another. */
  #configs(node: Node): readonly Node[] {
    const { graph } = this.#stack;
    const read = readAt(graph, node, "tlsSettings.authenticationConfig");
    const found = read.kind === "absent" ? [] : ownersIn(graph, node, "tlsSettings", read, [configType]);
    return found.every(({ kind }) => kind === "resource") ? resources(found) : [];
  }

  #trusted(config: Node): readonly Referent[] {
    return ownersOf(this.#stack.graph, config, "trustConfig", trustConfigTypes);
  }

  /** Whether a configuration certainly takes certificates of authorities alone that the stack names. */
  #isVerifying(config: Node): boolean {
    const { graph } = this.#stack;
    const roots = textOf(graph.read(config, "wellKnownRoots"));
    const trusted = this.#trusted(config);
    return (
      (roots.kind === "absent" || (roots.kind === "known" && roots.value === "NONE")) &&
      trusted.length > 0 &&
      trusted.every(({ kind }) => kind === "resource")
    );
  }

  #configHops(node: Node): HopFacts {
    const { graph, zones } = this.#stack;
    for (const service of this.#balancers.services.filter((one) => this.#configs(one).includes(node))) {
      zones.inherit(node.urn, zones.of(service.urn), `${service.name}, which knows its targets by it`);
    }
    const trusted = this.#trusted(node);
    for (const config of resources(trusted)) {
      zones.inherit(config.urn, zones.of(node.urn), `${node.name}, which takes its authorities`);
    }
    const place = this.#balancers.placeOf(node);
    if (place?.zone === undefined) {
      return allHops();
    }
    const acceptor = new Acceptor(this.#stack, node, place);
    acceptor.requires({
      key: "wellKnownRoots",
      read: textOf(graph.read(node, "wellKnownRoots")),
      isRight: (value) => value === "NONE",
      // None are known without a word on it (Network Security API, `WellKnownRoots`).
      absentIs: "right",
      what: "it takes certificates of any well-known authority for those of its targets",
      remedy: 'Set wellKnownRoots to "NONE".',
    });
    if (trusted.length === 0 || trusted.some(({ kind }) => kind !== "resource")) {
      const isUnknown = trusted.some(({ kind }) => kind === "undetermined");
      acceptor.fault({
        what:
          trusted.length === 0 || isUnknown
            ? "it names no trust config, so that nothing says whose certificates it takes"
            : "its trust config is not in the stack, so that nothing shows whose certificates it takes",
        remedy: "Set trustConfig to a TrustConfig of the stack with the targets' own authority.",
        assumption: isUnknown ? "`trustConfig` is not known" : undefined,
        needsOthers: trusted.length > 0,
      });
    }
    acceptor.requires({
      key: "clientCertificate",
      read: isSet(presumed(graph.read(node, "clientCertificate"))),
      isRight: () => true,
      absentIs: "wrong",
      what: "it shows its targets no certificate",
      remedy: 'Set clientCertificate to a Certificate of Certificate Manager with scope "CLIENT_AUTH".',
      refusedOn: "our platform",
    });
    return acceptor.facts();
  }

  /** How a client in a mesh calls a service, by what it is told of it. */
  #inMesh(node: Node, acceptor: Acceptor): Transport | undefined {
    const { graph } = this.#stack;
    const read = readAt(graph, node, "securitySettings.clientTlsPolicy");
    const policies =
      read.kind === "absent" ? [] : ownersIn(graph, node, "securitySettings", read, [clientPolicyType]);
    if (policies.length === 0 || policies.some(({ kind }) => kind !== "resource")) {
      const isUnknown = policies.some(({ kind }) => kind === "undetermined");
      acceptor.fault({
        what:
          policies.length === 0 || isUnknown
            ? "its clients call it without TLS"
            : "its clients' TLS policy is not in the stack, so that nothing shows whether they show a certificate",
        remedy: "Set securitySettings.clientTlsPolicy to a ClientTlsPolicy of the stack.",
        assumption: isUnknown ? "`securitySettings.clientTlsPolicy` is not known" : undefined,
        needsOthers: policies.length > 0,
      });
      return undefined;
    }
    for (const policy of resources(policies)) {
      this.#stack.zones.inherit(
        policy.urn,
        this.#stack.zones.of(node.urn),
        `${node.name}, whose clients speak by it`,
      );
    }
    const isNamed = acceptor.requires({
      key: "securitySettings.subjectAltNames",
      read: isFilled(readAt(graph, node, "securitySettings.subjectAltNames")),
      isRight: () => true,
      absentIs: "wrong",
      what: "its clients take the certificate of whichever workload of their authorities for its own",
      remedy: "Let securitySettings.subjectAltNames name who may answer.",
    });
    return isNamed && resources(policies).every((policy) => this.#isMutual(policy)) ? "mtls" : undefined;
  }

  #isMutual(policy: Node): boolean {
    const { graph } = this.#stack;
    return (
      isFilled(graph.read(policy, "serverValidationCas")).kind === "known" &&
      graph.read(policy, "clientCertificate").kind === "known"
    );
  }

  #clientPolicyHops(node: Node): HopFacts {
    const { graph } = this.#stack;
    const place = this.#balancers.placeOf(node);
    if (place?.zone === undefined) {
      return allHops();
    }
    const acceptor = new Acceptor(this.#stack, node, place);
    acceptor.requires({
      key: "serverValidationCas",
      read: isFilled(graph.read(node, "serverValidationCas")),
      isRight: () => true,
      absentIs: "wrong",
      what: "clients with it take whichever certificate they are shown",
      remedy: "Let serverValidationCas name a provider of certificates.",
    });
    acceptor.requires({
      key: "clientCertificate",
      read: isSet(graph.read(node, "clientCertificate")),
      isRight: () => true,
      absentIs: "wrong",
      what: "clients with it show no certificate",
      remedy: "Set clientCertificate to a provider of certificates.",
    });
    return acceptor.facts();
  }

  /** How a load balancer asks what it sends to for its health. */
  #healthHops(node: Node): HopFacts {
    const { graph, zones } = this.#stack;
    if (zones.of(node.urn) === undefined) {
      return allHops();
    }
    const place = this.#balancers.placeOf(node);
    if (place === undefined) {
      return allHops();
    }
    const acceptor = new Acceptor(this.#stack, node, place);
    const isOld = node.resourceType === "gcp:compute:httphealthcheck";
    for (const key of ["httpHealthCheck", "grpcHealthCheck"]) {
      acceptor.requires({
        key,
        read: isOld && key === "httpHealthCheck" ? known(true) : isSet(graph.read(node, key)),
        isRight: () => false,
        absentIs: "right",
        what: "it asks for its targets' health in plain text",
        remedy: "Ask by httpsHealthCheck, or by tcpHealthCheck where what is asked passes connections on.",
      });
    }
    return acceptor.facts();
  }
}

function resources(referents: readonly Referent[]): readonly Node[] {
  return referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node] : []));
}

/** What names something that is made with the stack, and so is set, though a preview does not know it. */
function presumed(read: Reading<unknown>): Reading<unknown> {
  return read.kind === "unknown" ? known(true) : read;
}
