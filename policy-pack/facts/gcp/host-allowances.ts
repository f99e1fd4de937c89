import { hostPattern } from "../../host-pattern";
import { flagOf, itemsOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { HostAllowance } from "../host-allowance";
import { at, valuesAt } from "../property-path";
import { hostAllowance, isBelow } from "../read-hosts";

import { isGoogleOwn } from "./dns-names";
import type { GcpStack } from "./gcp-stack";
import { hostsOf, urlListType, webProxyRuleType } from "./web-proxies";

/** Rules of firewall policies, by where the names of hosts stand in them. */
const firewallRules: readonly ResourceType[] = [
  "gcp:compute:networkfirewallpolicyrule",
  "gcp:compute:regionnetworkfirewallpolicyrule",
  "gcp:compute:firewallpolicyrule",
  "gcp:compute:organizationsecuritypolicyrule",
];

/** Policies that hold their rules themselves. */
const firewallPolicies: readonly ResourceType[] = [
  "gcp:compute:networkfirewallpolicywithrules",
  "gcp:compute:regionnetworkfirewallpolicywithrules",
  "gcp:compute:firewallpolicywithrules",
];

/** Properties of Google's resources that hold a host to which requests are sent on. */
const routes: Readonly<Record<ResourceType, readonly string[]>> = {
  "gcp:compute:globalnetworkendpoint": ["fqdn"],
  "gcp:compute:regionnetworkendpoint": ["fqdn"],
  "gcp:integrationconnectors:connection": ["destinationConfigs.destinations.host"],
  "gcp:eventarc:pipeline": ["destinations.httpEndpoint.uri"],
  "gcp:apigee:targetserver": ["host"],
};

function isAllowing(action: Reading<unknown>): boolean {
  const text = textOf(action);
  return text.kind !== "known" || !/^(?:deny|goto_next)$/i.test(text.value);
}

function ofProxies(stack: GcpStack): readonly HostAllowance[] {
  const { graph } = stack;
  const rules = graph.ofType(webProxyRuleType).flatMap((node) => {
    const profile = textOf(graph.read(node, "basicProfile"));
    const enabled = flagOf(graph.read(node, "enabled"));
    if (
      (profile.kind === "known" && profile.value === "DENY") ||
      (enabled.kind === "known" && !enabled.value)
    ) {
      return [];
    }
    const { hosts, assumption } = hostsOf(graph, node);
    return hostAllowance(stack, node, {
      by: "proxy",
      hosts: hosts.map((value) => ({ kind: "known", value })),
      assumption: profile.kind === "known" ? assumption : (assumption ?? "`basicProfile`"),
    });
  });
  // What is in a list may be let through by a rule at any time, though none names it now.
  const lists = graph.ofType(urlListType).flatMap((node) =>
    hostAllowance(stack, node, {
      by: "proxy",
      part: "the list",
      hosts: itemsOf(graph.read(node, "values")),
    }),
  );
  return [...rules, ...lists];
}

function ofFirewalls(stack: GcpStack): readonly HostAllowance[] {
  const { graph } = stack;
  const isOut = (direction: Reading<unknown>): boolean => {
    const text = textOf(direction);
    return text.kind === "unknown" || (text.kind === "known" && text.value.toUpperCase() === "EGRESS");
  };
  const standalone = graph.ofType(...firewallRules).flatMap((node) =>
    isAllowing(graph.read(node, "action")) && isOut(graph.read(node, "direction"))
      ? hostAllowance(stack, node, {
          by: "firewall",
          hosts: valuesAt(graph, node, at("match.destFqdns")),
        })
      : [],
  );
  const inline = graph.ofType(...firewallPolicies).flatMap((node) =>
    hostAllowance(stack, node, {
      by: "firewall",
      part: "its rules",
      hosts: valuesAt(graph, node, at("rules.match.destFqdns")),
    }),
  );
  return [...standalone, ...inline];
}

function ofResolvers(stack: GcpStack): readonly HostAllowance[] {
  const { graph } = stack;
  const privateZones = graph
    .ofType("gcp:dns:managedzone")
    .filter((zone) => {
      const visibility = textOf(graph.read(zone, "visibility"));
      return visibility.kind === "known" && visibility.value === "private";
    })
    .flatMap((zone) => {
      const name = textOf(graph.read(zone, "dnsName"));
      return name.kind === "known" ? [name.value] : [];
    });
  return graph.ofType("gcp:dns:responsepolicyrule").flatMap((node) => {
    const behavior = textOf(graph.read(node, "behavior"));
    const name = textOf(graph.read(node, "dnsName"));
    const passes =
      behavior.kind === "unknown" || (behavior.kind === "known" && behavior.value === "bypassResponsePolicy");
    const isOwn =
      name.kind === "known" && (isGoogleOwn(name.value) || isBelow(hostPattern(name.value), privateZones));
    return !passes || isOwn
      ? []
      : hostAllowance(stack, node, {
          by: "resolver",
          hosts: [name],
          assumption: behavior.kind === "unknown" ? "`behavior`" : undefined,
        });
  });
}

function ofRoutes(stack: GcpStack): readonly HostAllowance[] {
  const { graph } = stack;
  return Object.entries(routes).flatMap(([type, paths]) =>
    graph.ofType(type).flatMap((node: Node) =>
      hostAllowance(stack, node, {
        by: "route",
        // An address that is not known is an output of something of the stack's.
        hosts: paths
          .flatMap((path) => valuesAt(graph, node, at(path)))
          .filter(({ kind }) => kind === "known"),
      }),
    ),
  );
}

/** What Google Cloud's resources of the stack let through by the names of hosts. */
export function hostAllowances(stack: GcpStack): readonly HostAllowance[] {
  return [...ofProxies(stack), ...ofFirewalls(stack), ...ofResolvers(stack), ...ofRoutes(stack)];
}
