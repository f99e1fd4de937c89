import type { Transport } from "../../../model/flow";

import { flagOf, listOf, memberReading, textOf, understood, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { decoded } from "../envoy/machine-program";
import { isOwnAuthority, knowsItsOwn } from "../own-authorities";
import type { Place } from "../place";

import { labelOf, type AzureStack } from "./azure-stack";
import { partName, type Part, type Parts } from "./gateway-parts";
import { wordOf } from "./word";

const roots = "trustedRootCertificates";

const plain = "its targets get what they are sent in plain text";

function isListed(read: Reading<unknown>): Reading<boolean> {
  const list = listOf(read);
  return list.kind !== "known"
    ? list
    : list.value.length === 0
      ? { kind: "absent" }
      : { kind: "known", value: true };
}

/** How an application gateway sends on what it has accepted, and asks its targets for their health. */
export function judgeBackends(stack: AzureStack, node: Node, place: Place, parts: Parts): HopFacts {
  const acceptorOf = (part: string): Acceptor => new Acceptor(stack, node, place, part);
  const hop = (acceptor: Acceptor, name: string, transport: Transport | undefined): void => {
    acceptor.hop(`${labelOf(node)} and targets of ${name}`, transport);
  };

  /** What makes a gateway take any certificate of a target's, in newer API versions. */
  function judgeTargets(acceptor: Acceptor, settings: Part): boolean {
    const isVerifying = ["validateCertChainAndExpiry", "validateSNI"].map((key) =>
      acceptor.requires({
        key,
        read: flagOf(memberReading(settings.properties, key)),
        isRight: (value) => value,
        absentIs: "right",
        what: "it takes whichever certificate its targets show",
        remedy: `Set ${key} to true, or leave it out.`,
      }),
    );
    // Without one, targets need a certificate that everybody knows: none of somebody else's authority for no name of theirs.
    acceptor.requires({
      key: roots,
      read: isListed(memberReading(settings.properties, roots)),
      isRight: () => true,
      absentIs: "wrong",
      what: "it takes certificates of any well-known authority for those of its targets",
      remedy: "Let trustedRootCertificates name the targets' own authority.",
      refusedOn: "our platform",
    });
    if (knowsItsOwn(stack, node)) {
      const named = parts.listed(roots, memberReading(settings.properties, roots));
      for (const root of named.flatMap((choice) => choice.parts)) {
        const data = understood(textOf(memberReading(root.properties, "data")), (text) =>
          decoded(String(text)),
        );
        acceptor.requires({
          key: `${roots}.data`,
          read: isOwnAuthority(stack.graph, node, roots, data),
          isRight: (isOwn) => isOwn,
          absentIs: "wrong",
          what: "it takes certificates of an authority that is not the platform's own for those of its workloads",
          remedy: `Let ${roots} hold the root authorities of the platform alone.`,
          refusedOn: "our platform",
          needsOthers: true,
        });
      }
    }
    return isVerifying.every((isRight) => isRight);
  }

  const requests = parts.of("backendHttpSettingsCollection").map((settings) => {
    const name = partName("settings", settings);
    const acceptor = acceptorOf(name);
    const isTls = acceptor.requires({
      key: "backendHttpSettingsCollection.protocol",
      read: wordOf(memberReading(settings.properties, "protocol")),
      isRight: (value) => value === "https",
      absentIs: "wrong",
      what: plain,
      remedy: 'Set protocol of each of backendHttpSettingsCollection to "Https".',
    });
    const isProved = isTls && judgeTargets(acceptor, settings);
    hop(acceptor, name, isProved ? "one-way-tls" : undefined);
    return acceptor.facts();
  });

  const connections = parts.of("backendSettingsCollection").map((settings) => {
    const name = partName("settings", settings);
    const acceptor = acceptorOf(name);
    const protocol = wordOf(memberReading(settings.properties, "protocol"));
    if (protocol.kind === "known" && protocol.value === "tls") {
      hop(acceptor, name, judgeTargets(acceptor, settings) ? "one-way-tls" : undefined);
      return acceptor.facts();
    }
    // What ends no TLS passes on what it got, whoever ends it.
    const front = frontsOf(parts, settings).find(({ endsTls }) => endsTls !== "no");
    if (front !== undefined) {
      const isCertain = front.endsTls === "yes" && protocol.kind !== "unknown";
      acceptor.fault({
        what: `${front.name} ends TLS, and sends what it decrypts on to the targets in plain text`,
        remedy: 'Set protocol of the backend settings to "Tls".',
        assumption: isCertain
          ? undefined
          : protocol.kind === "unknown"
            ? "`backendSettingsCollection.protocol` is not known"
            : `whether ${front.name} ends TLS, and hands on to these targets, is not known`,
      });
    }
    hop(acceptor, name, undefined);
    return acceptor.facts();
  });

  const probes = parts.of("probes").map((probe) => {
    const acceptor = acceptorOf(partName("probe", probe));
    acceptor.requires({
      key: "probes.protocol",
      read: wordOf(memberReading(probe.properties, "protocol")),
      isRight: (value) => value !== "http",
      absentIs: "wrong",
      what: "it asks for its targets' health in plain HTTP",
      remedy:
        'Set protocol of each of probes to "Https", or to "Tcp" or "Tls" where it passes connections on.',
    });
    return acceptor.facts();
  });
  return allHops(...requests, ...connections, ...probes);
}

/** A listener of connections that hands on by some settings, or may. */
interface Front {
  readonly name: string;
  readonly endsTls: "yes" | "no" | "not known";
}

function frontsOf(parts: Parts, settings: Part): readonly Front[] {
  return parts.of("routingRules").flatMap(({ properties }) => {
    const handsOn = parts.named("backendSettingsCollection", memberReading(properties, "backendSettings"));
    if (!handsOn.parts.includes(settings)) {
      return [];
    }
    const listeners = parts.named("listeners", memberReading(properties, "listener"));
    const isCertain = handsOn.parts.length === 1 && listeners.parts.length === 1;
    return listeners.parts.map((listener): Front => {
      const protocol = wordOf(memberReading(listener.properties, "protocol"));
      const endsTls =
        protocol.kind === "known" && protocol.value === "tcp"
          ? "no"
          : protocol.kind === "known" && isCertain
            ? "yes"
            : "not known";
      return { name: partName("listener", listener), endsTls };
    });
  });
}
