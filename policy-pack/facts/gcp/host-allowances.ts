import { hostPattern } from "../../host-pattern";
import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { HostAllowance } from "../host-allowance";
import { at, valuesAt } from "../property-path";
import { hostAllowance, isBelow } from "../read-hosts";

import { isGoogleOwn } from "./dns-names";
import type { GcpStack } from "./gcp-stack";
import { hostsOf, listsOf, urlListType, webProxyRuleType } from "./web-proxies";

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
  "gcp:cloudscheduler:job": ["httpTarget.uri"],
  "gcp:cloudtasks:queue": ["httpTarget.uriOverride.host"],
  "gcp:pubsub:subscription": ["pushConfig.pushEndpoint"],
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
  // What is in a list may be let through by a rule at any time, though none names it now; not where rules that deny do.
  const lists = graph
    .ofType(urlListType)
    .filter((node) => !isDenied(stack, node))
    .flatMap((node) =>
      hostAllowance(stack, node, {
        by: "proxy",
        part: "the list",
        hosts: itemsOf(graph.read(node, "values")),
      }),
    );
  return [...rules, ...lists];
}

/** Whether a list is one of hosts that are denied: rules name it, and each of them denies. */
function isDenied({ graph }: GcpStack, list: Node): boolean {
  const naming = graph.ofType(webProxyRuleType).filter((rule) => {
    const names = listsOf(graph, rule);
    return (
      names === undefined ||
      names.some((name) => graph.bearers(name, [urlListType]).some(({ node }) => node === list))
    );
  });
  return (
    naming.length > 0 &&
    naming.every((rule) => {
      const profile = textOf(graph.read(rule, "basicProfile"));
      return profile.kind === "known" && profile.value === "DENY" && listsOf(graph, rule) !== undefined;
    })
  );
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
      hosts: itemsOf(graph.read(node, "rules"))
        .map(recordOf)
        .filter(
          (rule) => isAllowing(memberReading(rule, "action")) && isOut(memberReading(rule, "direction")),
        )
        .flatMap((rule) => itemsOf(memberReading(recordOf(memberReading(rule, "match")), "destFqdns"))),
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
      name.kind === "known" &&
      (isBelow(hostPattern(name.value), privateZones) ||
        // Whoever passes on all of Google's names means its APIs; whoever names one may mean that of models.
        (isGoogleOwn(name.value) && name.value.includes("*")));
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
