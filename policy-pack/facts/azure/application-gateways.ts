import { flagOf, integerOf, listOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { Place } from "../place";

import type { AzureStack } from "./azure-stack";
import { judgeBackends } from "./gateway-backends";
import { agreed, partName, Parts, within, type Choice, type Part } from "./gateway-parts";
import { signsIn } from "./gateway-sign-in";
import type { Placement } from "./placement";
import { wordOf } from "./word";

export const applicationGatewayTypes = ["azure-native:network:applicationgateway"] as const;

const authorities = "trustedClientCertificates";

const listTls =
  'Set sslPolicy of the gateway, and of each of its profiles that has one, to policyType "CustomV2" with minProtocolVersion "TLSv1_3": every predefined policy takes TLS 1.2 as well.';

/** What one application gateway accepts, and how it sends it on. */
class ApplicationGateway {
  readonly #stack: AzureStack;
  readonly #node: Node;
  readonly #place: Place;
  readonly #parts: Parts;

  constructor(stack: AzureStack, node: Node, place: Place) {
    this.#stack = stack;
    this.#node = node;
    this.#place = place;
    this.#parts = new Parts(stack.graph, node);
  }

  facts(): HopFacts {
    const parts = this.#parts;
    return allHops(
      this.#gateway(),
      ...parts.of("httpListeners").map((part) => this.#httpListener(part)),
      ...parts.of("listeners").map((part) => this.#listener(part)),
      judgeBackends(this.#stack, this.#node, this.#place, parts),
    );
  }

  #acceptor(part?: string): Acceptor {
    return new Acceptor(this.#stack, this.#node, this.#place, part);
  }

  /** What is said of the gateway as a whole. */
  #gateway(): HopFacts {
    const acceptor = this.#acceptor();
    const { graph } = this.#stack;
    acceptor.requires({
      key: "sku.tier",
      read: wordOf(within(recordOf(graph.read(this.#node, "sku")), "tier")),
      isRight: (value) => /^(?:waf|standard)_v2$/.test(value),
      absentIs: "wrong",
      what: "it is of a tier that verifies no client's certificate and speaks no TLS 1.3",
      remedy: 'Set sku.name and sku.tier to "WAF_v2".',
    });
    for (const redirect of this.#parts.of("redirectConfigurations")) {
      acceptor.requires({
        key: "redirectConfigurations.targetUrl",
        read: textOf(memberReading(redirect.properties, "targetUrl")),
        isRight: (value) => !/^http:/i.test(value),
        absentIs: "right",
        what: "it sends clients on to an address without TLS",
        remedy: "Let targetUrl of each redirect begin with https://.",
      });
    }
    const trusted = this.#parts
      .of("sslProfiles")
      .flatMap(({ properties }) =>
        this.#parts.listed(authorities, memberReading(properties, authorities)).flatMap(({ parts }) => parts),
      );
    for (const authority of this.#parts.of(authorities)) {
      if (!trusted.some(({ name }) => name.kind !== "known" || isSameName(name, authority.name))) {
        acceptor.fault({
          what: `no profile of it takes ${partName("authority", authority)}, so that it proves nobody's certificate`,
          remedy: "Name it in trustedClientCertificates of a profile, or take it away.",
          refusedOn: "no stack",
        });
      }
    }
    return acceptor.facts();
  }

  /** The port on which a listener listens. */
  #isSecurePort(acceptor: Acceptor, listener: Part): boolean {
    const { parts } = this.#parts.named("frontendPorts", memberReading(listener.properties, "frontendPort"));
    return acceptor.requires({
      key: "frontendPorts.port",
      read: agreed(parts.map(({ properties }) => integerOf(memberReading(properties, "port")))),
      isRight: (value) => value !== 80,
      absentIs: "right",
      what: "it answers on port 80, where a client that is to be sent elsewhere has already said in plain text what it wants",
      remedy: "Take the listener and its port away; clients come to 443.",
    });
  }

  #httpListener(listener: Part): HopFacts {
    const acceptor = this.#acceptor(partName("listener", listener));
    const isSecurePort = this.#isSecurePort(acceptor, listener);
    const protocol = wordOf(memberReading(listener.properties, "protocol"));
    const isTls = acceptor.requires({
      key: "httpListeners.protocol",
      read: protocol,
      isRight: (value) => value === "https",
      absentIs: "wrong",
      what: "it takes connections without TLS, which whoever is on the way reads and changes",
      remedy: 'Set protocol of each of httpListeners to "Https".',
    });
    if (!isTls && protocol.kind !== "unknown") {
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      return acceptor.facts();
    }
    const isSignedIn = signsIn(this.#stack.graph, this.#node, listener.properties);
    this.#judgeTls(acceptor, listener, isTls && isSecurePort, isSignedIn);
    return acceptor.facts();
  }

  /** A listener of connections, and not of requests: it ends TLS, or passes TCP through. */
  #listener(listener: Part): HopFacts {
    const acceptor = this.#acceptor(partName("listener", listener));
    const isSecurePort = this.#isSecurePort(acceptor, listener);
    const protocol = wordOf(memberReading(listener.properties, "protocol"));
    if (protocol.kind === "known" && protocol.value === "tcp") {
      acceptor.fault({
        what: "it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
        remedy: 'End TLS at the gateway: one of httpListeners with protocol "Https" and an sslProfile.',
        excusedBy: "passthrough",
      });
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      return acceptor.facts();
    }
    const isTls = acceptor.requires({
      key: "listeners.protocol",
      read: protocol,
      isRight: (value) => value === "tls",
      absentIs: "wrong",
      what: "it takes connections without TLS, which whoever is on the way reads and changes",
      remedy: 'Set protocol of each of listeners to "Tls".',
    });
    this.#judgeTls(acceptor, listener, isTls && isSecurePort, false);
    return acceptor.facts();
  }

  #judgeTls(acceptor: Acceptor, listener: Part, isSecure: boolean, isSignedIn: boolean): void {
    const profile = this.#parts.named("sslProfiles", memberReading(listener.properties, "sslProfile"));
    const isRecent = this.#isRecent(acceptor, profile);
    const verifies = this.#verifies(acceptor, listener, profile, isSignedIn);
    acceptor.hop(
      `clients and ${acceptor.label}`,
      !isSecure || !isRecent ? undefined : verifies ? "mtls" : isSignedIn ? "one-way-tls" : undefined,
    );
  }

  /** Whether a listener certainly takes TLS 1.3 alone: its profile's policy stands in the place of the gateway's. */
  #isRecent(acceptor: Acceptor, profile: Choice): boolean {
    const ofGateway = this.#stack.graph.read(this.#node, "sslPolicy");
    const policies = [
      ...profile.parts.map(({ properties }) => memberReading(properties, "sslPolicy")),
      ...(profile.isSet === true && profile.parts.length > 0 ? [] : [ofGateway]),
    ].map((policy) => recordOf(policy.kind === "absent" ? ofGateway : policy));
    const what = "it takes versions of TLS older than 1.3";
    const isRightType = acceptor.requires({
      key: "sslPolicy.policyType",
      read: agreed(policies.map((policy) => wordOf(memberReading(policy, "policyType")))),
      isRight: (value) => value === "customv2",
      absentIs: "wrong",
      what,
      remedy: listTls,
    });
    return (
      isRightType &&
      acceptor.requires({
        key: "sslPolicy.minProtocolVersion",
        read: agreed(policies.map((policy) => wordOf(memberReading(policy, "minProtocolVersion")))),
        isRight: (value) => value === "tlsv1_3",
        absentIs: "wrong",
        what,
        remedy: listTls,
      })
    );
  }

  /** Whether a policy of a web firewall is tried on what a listener takes. */
  #isFiltered({ properties }: Part): boolean {
    return [
      memberReading(properties, "firewallPolicy"),
      this.#stack.graph.read(this.#node, "firewallPolicy"),
    ].some(({ kind }) => kind !== "absent");
  }

  /** Whether a listener certainly takes only clients with a certificate of an authority that the gateway names. */
  #verifies(acceptor: Acceptor, listener: Part, profile: Choice, isSignedIn: boolean): boolean {
    const remedy =
      "Let sslProfile of the listener name a profile with trustedClientCertificates and clientAuthConfiguration.";
    // What a web firewall asks for, its policy says, which is a resource of its own.
    const excused = isSignedIn
      ? { excusedBy: "sign-in" as const }
      : { needsOthers: this.#isFiltered(listener) };
    const ofProfiles = (...keys: readonly string[]): readonly Reading<unknown>[] =>
      profile.parts.map(({ properties }) => within(properties, ...keys));
    const lists = ofProfiles(authorities).map((list) => {
      const items = listOf(list);
      // A reference that leads to no authority of the gateway's proves nobody.
      const named = this.#parts.listed(authorities, list).some(({ parts }) => parts.length > 0);
      return items.kind === "known" && !named ? ({ kind: "absent" } as const) : items;
    });
    const trusted: Reading<number> =
      profile.isSet === undefined
        ? { kind: "unknown" }
        : agreed(
            lists.map((list) => (list.kind === "known" ? ({ kind: "known", value: 1 } as const) : list)),
          );
    const isAsking = acceptor.requires({
      key: profile.isSet === undefined ? "sslProfile" : "sslProfiles.trustedClientCertificates",
      read: trusted,
      isRight: () => true,
      absentIs: "wrong",
      what: "it asks no client for a certificate",
      remedy,
      ...excused,
    });
    if (!isAsking && trusted.kind !== "unknown") {
      return false;
    }
    const configuration = (key: string): readonly Reading<unknown>[] =>
      ofProfiles("clientAuthConfiguration", key);
    const isOfAuthority = acceptor.requires({
      key: "clientAuthConfiguration.verifyClientCertIssuerDN",
      read: agreed(configuration("verifyClientCertIssuerDN").map(flagOf)),
      isRight: (value) => value,
      absentIs: "wrong",
      what: "it takes certificates of whichever authority the trusted one has signed, besides its own",
      remedy: "Set clientAuthConfiguration.verifyClientCertIssuerDN of each profile to true.",
    });
    const isRevoking = acceptor.requires({
      key: "clientAuthConfiguration.verifyClientRevocation",
      read: agreed(configuration("verifyClientRevocation").map(wordOf)),
      isRight: (value) => value === "ocsp",
      absentIs: "wrong",
      what: "it takes certificates of clients that have been revoked",
      remedy: 'Set clientAuthConfiguration.verifyClientRevocation of each profile to "OCSP".',
    });
    // Newer API versions have it; without a word on it, the gateway verifies.
    const isStrict = acceptor.requires({
      key: "clientAuthConfiguration.verifyClientAuthMode",
      read: agreed(configuration("verifyClientAuthMode").map(wordOf)),
      isRight: (value) => value === "strict",
      absentIs: "right",
      what: "it hands certificates of clients on without looking at them",
      remedy: 'Set clientAuthConfiguration.verifyClientAuthMode of each profile to "Strict".',
    });
    return isAsking && isOfAuthority && isRevoking && isStrict;
  }
}

function isSameName(one: Reading<string>, other: Reading<string>): boolean {
  return (
    one.kind === "known" && other.kind === "known" && one.value.toLowerCase() === other.value.toLowerCase()
  );
}

/** What the application gateways of a stack accept for a zone, and how they send it on. */
export function applicationGatewayHops(stack: AzureStack, placement: Placement): HopFacts {
  return allHops(
    ...stack.graph.ofType(...applicationGatewayTypes).map((node): HopFacts => {
      const place = placement.of(node, { subnets: [["gatewayIPConfigurations", "subnet", "id"]] });
      return place === undefined ? allHops() : new ApplicationGateway(stack, node, place).facts();
    }),
  );
}
