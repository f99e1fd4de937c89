import { flagOf, integerOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { Passage } from "../fact";
import { labelOf, types, type AwsStack } from "./aws-stack";
import { actionsOf, type Actions } from "./listener-actions";
import { placeIn, type Place } from "../place";
import { protocolOf, targetGroupHops, type Front, type TargetGroupFacts } from "./target-groups";
import { trustStoreHops, trustStoreTypes } from "./trust-stores";

/** Types of load balancers of which facts are drawn, besides the load balancers themselves. */
export const listenerTypes = [
  ...types.listener,
  ...types.targetGroup,
  "aws:lb:listenerrule",
  ...trustStoreTypes,
] as const;

/**
 * Policies with TLS 1.3 and nothing older: the plain one, and those of FIPS and with post-quantum key exchange. A name with
 * `TLS13-1-2` takes TLS 1.2 as well (Elastic Load Balancing user guide, "Security policies for your Application Load
 * Balancer").
 */
const tls13Policy = /^ELBSecurityPolicy-TLS13-1-3-(?:FIPS-)?(?:PQ-)?\d{4}-\d{2}$/;

/** A listener, or a rule of one, with where it is and what it does. */
interface Read {
  readonly node: Node;
  readonly label: string;
  readonly place: Place | undefined;
  readonly endsTls: Front["endsTls"];
  readonly actions: Actions;
}

/** The first place of several that counts: one that is certain before one that may be. */
function firstPlace(places: readonly (Place | undefined)[]): Place | undefined {
  return places.find((place) => place?.zone !== undefined) ?? places.find((place) => place !== undefined);
}

/** Listeners of application and network load balancers, with their rules, targets and trust stores. */
class Listeners {
  readonly #stack: AwsStack;
  readonly #passages: ReadonlySet<string>;
  readonly #listeners: readonly Read[];
  readonly #rules: readonly (Read & { readonly of: readonly Referent[] })[];

  constructor(stack: AwsStack, passages: readonly Passage[]) {
    this.#stack = stack;
    this.#passages = new Set(passages.map(({ urn }) => urn));
    const { graph } = stack;
    this.#listeners = graph
      .ofType(...types.listener)
      .filter((node) => !this.#seesPackets(node))
      .map((node) => ({
        node,
        label: labelOf(node),
        place: this.#placeOfListener(node),
        endsTls: this.#endsTls(node),
        actions: actionsOf(graph, node, "defaultActions"),
      }));
    this.#rules = graph.ofType("aws:lb:listenerrule").map((node) => {
      const of = graph.referents(node, "listenerArn", types.listener);
      return {
        node,
        label: labelOf(node),
        place: this.#placeOfRule(node, of),
        // Only what reads requests can choose by them.
        endsTls: "yes",
        actions: actionsOf(graph, node, "actions"),
        of,
      };
    });
  }

  facts(): TargetGroupFacts {
    const found: HopFacts[] = [];
    for (const read of [...this.#listeners, ...this.#rules]) {
      if (read.place !== undefined) {
        const acceptor = new Acceptor(this.#stack, read.node, read.place);
        if ((types.listener as readonly string[]).includes(read.node.resourceType)) {
          this.#judge(read, acceptor);
        }
        this.#judgeTargets(read, acceptor);
        found.push(acceptor.facts());
      }
    }
    const groups = targetGroupHops(this.#stack, this.#fronts());
    return { ...allHops(...found, trustStoreHops(this.#stack), groups), blind: groups.blind };
  }

  /** Whether it certainly is of a load balancer that hands packets to appliances, and ends no connection. */
  #seesPackets(listener: Node): boolean {
    const { graph } = this.#stack;
    const balancers = graph.referents(listener, "loadBalancerArn", types.loadBalancer);
    return (
      balancers.length > 0 &&
      balancers.every((referent) => {
        const kind =
          referent.kind === "resource" ? textOf(graph.read(referent.node, "loadBalancerType")) : undefined;
        return kind?.kind === "known" && kind.value === "gateway";
      })
    );
  }

  /** Whether its load balancer certainly leads to one workload of a platform of ours, and to nothing else. */
  #isPassage(listener: Node): boolean {
    const { graph, platforms } = this.#stack;
    const balancers = graph.referents(listener, "loadBalancerArn", types.loadBalancer);
    return (
      platforms.size > 0 &&
      balancers.length > 0 &&
      balancers.every((to) => to.kind === "resource" && !to.assumed && this.#passages.has(to.node.urn))
    );
  }

  #placeOfListener(node: Node): Place | undefined {
    const { graph, zones } = this.#stack;
    const balancers = graph.referents(node, "loadBalancerArn", types.loadBalancer);
    for (const referent of balancers) {
      if (referent.kind === "resource") {
        zones.inherit(node.urn, zones.of(referent.node.urn), `its load balancer ${labelOf(referent.node)}`);
      }
    }
    const isOfStack = balancers.length > 0 && balancers.every(({ kind }) => kind === "resource");
    return placeIn(
      zones.of(node.urn),
      isOfStack
        ? undefined
        : `which load balancer ${labelOf(node)} is of, and so in which zone it is, is not known`,
    );
  }

  #placeOfRule(node: Node, of: readonly Referent[]): Place | undefined {
    const { zones } = this.#stack;
    const listeners = this.#listeners.filter((listener) =>
      of.some((referent) => referent.kind === "resource" && referent.node === listener.node),
    );
    for (const { label, place } of listeners) {
      zones.inherit(node.urn, place?.zone, `its listener ${label}`);
    }
    const isOfStack = of.length > 0 && of.every(({ kind }) => kind === "resource");
    return firstPlace([
      placeIn(
        zones.of(node.urn),
        isOfStack
          ? undefined
          : `which listener ${labelOf(node)} is of, and so in which zone it is, is not known`,
      ),
      ...listeners.map(({ place }) => place),
    ]);
  }

  #endsTls(listener: Node): Front["endsTls"] {
    const protocol = protocolOf(this.#stack.graph.read(listener, "protocol"));
    if (protocol.kind === "unknown") {
      return "not known";
    }
    return protocol.kind === "known" && (protocol.value === "HTTPS" || protocol.value === "TLS")
      ? "yes"
      : "no";
  }

  /** What forwards to each target group, by the group's URN. */
  #fronts(): ReadonlyMap<string, readonly Front[]> {
    const fronts = new Map<string, Front[]>();
    for (const front of [...this.#listeners, ...this.#rules]) {
      const groups = new Set(
        front.actions.targets.flatMap((target) => (target.kind === "resource" ? [target.node.urn] : [])),
      );
      for (const urn of groups) {
        fronts.set(urn, [...(fronts.get(urn) ?? []), front]);
      }
    }
    return fronts;
  }

  /** Whether whoever comes to a listener certainly signs in, by whichever of its rules the request goes. */
  #signsIn({ node, actions }: Read): boolean {
    const rules = this.#rules.filter(
      ({ of }) =>
        of.length === 0 ||
        of.some((referent) =>
          referent.kind === "resource" ? referent.node === node : referent.kind === "undetermined",
        ),
    );
    return actions.signsIn && rules.every((rule) => rule.actions.signsIn || rule.actions.answersItself);
  }

  #judge(listener: Read, acceptor: Acceptor): void {
    const { graph } = this.#stack;
    const { node } = listener;
    const protocol = protocolOf(graph.read(node, "protocol"));
    const port = integerOf(graph.read(node, "port"));
    const isSecurePort = acceptor.requires({
      key: "port",
      read: port,
      isRight: (value) => value !== 80,
      absentIs: "right",
      what: "it answers on port 80, where a client that is to be sent elsewhere has already said in plain text what it wants",
      remedy: "Take the listener away; clients come to 443.",
    });
    const ends = `clients and ${acceptor.label}`;
    if (protocol.kind === "known" && protocol.value === "TCP" && this.#isPassage(node)) {
      // The proxy of the workload to which it leads ends TLS, and is read by itself.
      acceptor.hop(ends, undefined);
      return;
    }
    if (protocol.kind === "known" && protocol.value === "TCP") {
      acceptor.fault({
        what: "it passes TCP through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
        remedy:
          'End TLS at the load balancer: protocol "HTTPS" with mutualAuthentication, or "TLS" for a network load balancer.',
        excusedBy: "passthrough",
      });
      acceptor.hop(ends, undefined);
      return;
    }
    const isTls = acceptor.requires({
      key: "protocol",
      read: protocol,
      isRight: (value) => value === "HTTPS" || value === "TLS",
      absentIs: "wrong",
      what: "it takes connections without TLS, which whoever is on the way reads and changes",
      remedy: 'Set protocol to "HTTPS", or to "TLS" for a network load balancer.',
      // A listener without protocol and port may be that of a load balancer which hands packets to appliances.
      needsOthers: protocol.kind === "absent" && port.kind === "absent",
    });
    if (!isTls && protocol.kind !== "unknown") {
      acceptor.hop(ends, undefined);
      return;
    }
    const isRecent = acceptor.requires({
      key: "sslPolicy",
      read: textOf(graph.read(node, "sslPolicy")),
      isRight: (value) => tls13Policy.test(value),
      absentIs: "wrong",
      what: "it takes versions of TLS older than 1.3",
      remedy:
        'Set sslPolicy to "ELBSecurityPolicy-TLS13-1-3-2021-06", or to one for TLS 1.3 alone with FIPS or PQ in its name.',
    });
    const isSignedIn = this.#signsIn(listener);
    const verifies = this.#verifies(node, acceptor, isSignedIn);
    if (!isTls || !isRecent || !isSecurePort) {
      acceptor.hop(ends, undefined);
    } else {
      acceptor.hop(ends, verifies ? "mtls" : isSignedIn ? "one-way-tls" : undefined);
    }
  }

  /** Whether a listener certainly takes only clients with a certificate of an authority that the stack names. */
  #verifies(node: Node, acceptor: Acceptor, isSignedIn: boolean): boolean {
    const { graph } = this.#stack;
    const mutual = recordOf(graph.read(node, "mutualAuthentication"));
    const mode = textOf(memberReading(mutual, "mode"));
    const isVerifying = acceptor.requires({
      key: "mutualAuthentication.mode",
      read: mode,
      isRight: (value) => value === "verify",
      absentIs: "wrong",
      what:
        mode.kind === "known" && mode.value === "passthrough"
          ? "it hands certificates of clients on without looking at them"
          : "it asks no client for a certificate",
      remedy: 'Set mutualAuthentication to mode "verify", with a TrustStore of the stack.',
      ...(isSignedIn ? { excusedBy: "sign-in" as const } : {}),
    });
    if (!isVerifying && mode.kind !== "unknown") {
      return false;
    }
    const isCurrent = acceptor.requires({
      key: "mutualAuthentication.ignoreClientCertificateExpiry",
      read: flagOf(memberReading(mutual, "ignoreClientCertificateExpiry")),
      isRight: (value) => !value,
      absentIs: "right",
      what: "it takes certificates of clients that have expired",
      remedy: "Set mutualAuthentication.ignoreClientCertificateExpiry to false.",
    });
    const store = memberReading(mutual, "trustStoreArn");
    const stores =
      store.kind === "absent" ? [] : graph.referentsOf(node, "mutualAuthentication", store, types.trustStore);
    for (const referent of stores) {
      if (referent.kind === "resource") {
        this.#stack.zones.inherit(
          referent.node.urn,
          this.#stack.zones.of(node.urn),
          `${acceptor.label}, which takes its authorities`,
        );
      }
    }
    const isOfStack = stores.length > 0 && stores.every(({ kind }) => kind === "resource");
    if (!isOfStack) {
      acceptor.fault({
        what:
          stores.length === 0
            ? "it names no trust store, so that nothing says whose certificates it takes"
            : "its trust store is not in the stack, so that nothing shows whose certificates it takes",
        remedy: "Set mutualAuthentication.trustStoreArn to the ARN of a TrustStore of the stack.",
        assumption: stores.some(({ kind }) => kind === "undetermined")
          ? "`mutualAuthentication.trustStoreArn` is not known"
          : undefined,
        needsOthers: stores.length > 0,
      });
    }
    return isVerifying && isCurrent && isOfStack;
  }

  /** What a listener or a rule forwards to, where that is not in the stack. */
  #judgeTargets({ actions }: Read, acceptor: Acceptor): void {
    const other = actions.targets.find(({ kind }) => kind !== "resource");
    if (other !== undefined) {
      acceptor.fault({
        what: "it forwards to targets that the stack does not show, perhaps in plain text",
        remedy: "Forward to a TargetGroup of the stack, by its ARN.",
        assumption:
          other.kind === "external"
            ? `what ${other.id} is, which is not in the stack`
            : "the target group of an action is not known",
        needsOthers: true,
      });
    }
  }
}

/** Reads what load balancers accept, and how they send it on. */
export function listenerHops(stack: AwsStack, passages: readonly Passage[]): TargetGroupFacts {
  return new Listeners(stack, passages).facts();
}
