import { hostPattern } from "../../host-pattern";
import { flagOf, itemsOf, textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { declaredHosts } from "../declared-hosts";
import type { InternetProxy, ProxyFault } from "../internet-proxy";

import { blockOf } from "./firewall-rules";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";
import { ownersIn, ownersOf } from "./owners";
import { demandsOf } from "./session-matchers";
import { urlListType, WebProxies } from "./web-proxies";

const accountType = "gcp:serviceaccount:account";
const inspectionType = "gcp:networksecurity:tlsinspectionpolicy";
const poolType = "gcp:certificateauthority:capool";

/** The peer of the model that alone may use the proxy of a platform of ours. */
const guardName = "workload/egress-guard";

function fault(node: Node, what: string, assumption?: string): ProxyFault {
  return { urn: node.urn, label: labelOf(node), what, assumption };
}

function unknownOf(stack: GcpStack, node: Node, ...keys: readonly string[]): string | undefined {
  const hidden = keys.find((key) => textOf(stack.graph.read(node, key)).kind === "unknown");
  return hidden === undefined ? undefined : `\`${hidden}\` of ${labelOf(node)} is not known`;
}

/** What a rule of a proxy of our platform lets by for others than the egress guard, or to other hosts than declared ones. */
function faultsOfRule(stack: GcpStack, rule: Node, platform: string): readonly ProxyFault[] {
  const { graph } = stack;
  const session = demandsOf(graph.read(rule, "sessionMatcher"));
  const application = demandsOf(graph.read(rule, "applicationMatcher"));
  const declared = declaredHosts(graph, platform);
  const isOfGuard = [...session.accounts, ...application.accounts].some((email) =>
    ownersIn(graph, rule, "sessionMatcher", { kind: "known", value: email }, [accountType]).some(
      (to) =>
        to.kind === "resource" &&
        !to.assumed &&
        peerOf(graph, to.node) === guardName &&
        platformOf(stack, to.node) === platform,
    ),
  );
  const isDeclared = (demands: typeof session): boolean =>
    demands.hosts.some((host) => declared.has(hostPattern(host))) ||
    demands.lists.some((name) => {
      const lists = graph.bearers(name, [urlListType]);
      const values = lists.flatMap(({ node }) => itemsOf(graph.read(node, "values")).map(textOf));
      return (
        values.length > 0 &&
        // A path would not be matched by the host of a connection, and a pattern names more than one.
        values.every((value) => value.kind === "known" && declared.has(value.value.toLowerCase()))
      );
    });
  const assumption = unknownOf(stack, rule, "sessionMatcher");
  return [
    ...(isOfGuard
      ? []
      : [fault(rule, "lets by what others than the egress guard's service account send", assumption)]),
    ...(isDeclared(session)
      ? []
      : [fault(rule, "lets connections by to other hosts than those of declared providers", assumption)]),
    ...(isDeclared(application)
      ? []
      : [
          fault(
            rule,
            "lets requests by, within a connection to a declared provider's host, to other hosts (applicationMatcher)",
            unknownOf(stack, rule, "applicationMatcher"),
          ),
        ]),
  ];
}

/** Whether the authority by which a policy ends TLS is one of the stack. */
function endsByOwnAuthority(stack: GcpStack, policy: Node): boolean {
  const { graph } = stack;
  const named = ownersOf(graph, policy, "tlsInspectionPolicy", [inspectionType]);
  return (
    named.length === 1 &&
    named.every(
      (to) =>
        to.kind === "resource" &&
        !to.assumed &&
        ownersOf(graph, to.node, "caPool", [poolType]).some((pool) => pool.kind === "resource"),
    )
  );
}

/** What is wrong about a proxy of a platform of ours besides what it lets by unread. */
function faultsOnOurs(
  stack: GcpStack,
  proxies: WebProxies,
  gateway: Node,
  platform: string,
): readonly ProxyFault[] {
  const { graph } = stack;
  const mode = textOf(graph.read(gateway, "routingMode"));
  const policies = proxies.policiesOf(gateway);
  return [
    ...(mode.kind === "known" && mode.value === "EXPLICIT_ROUTING_MODE"
      ? []
      : [
          fault(
            gateway,
            "takes what routes lead to it, whoever sends it (routingMode)",
            unknownOf(stack, gateway, "routingMode"),
          ),
        ]),
    ...(declaredHosts(graph, platform).size > 0
      ? []
      : [fault(gateway, "leads to the Internet, and the platform declares no external provider")]),
    ...policies.flatMap((policy) =>
      endsByOwnAuthority(stack, policy)
        ? []
        : [
            fault(
              policy,
              "ends TLS by no authority of the stack (tlsInspectionPolicy)",
              unknownOf(stack, policy, "tlsInspectionPolicy"),
            ),
          ],
    ),
    ...policies
      .flatMap((policy) => proxies.rulesOf(policy))
      .filter((rule) => {
        const enabled = flagOf(graph.read(rule, "enabled"));
        const profile = textOf(graph.read(rule, "basicProfile"));
        return (
          !(enabled.kind === "known" && !enabled.value) &&
          !(profile.kind === "known" && profile.value === "DENY")
        );
      })
      .flatMap((rule) => faultsOfRule(stack, rule, platform)),
  ];
}

/**
 * The Secure Web Proxies of a stack, as what is in their network calls them: what each lets by unread, and on a platform of
 * ours also what it lets by for others than the egress guard, or to other hosts than those of declared providers.
 */
export function internetProxies(stack: GcpStack): readonly InternetProxy[] {
  const proxies = new WebProxies(stack.graph);
  const places = new NetworkPlaces(stack);
  return proxies.all.map((gateway): InternetProxy => {
    const place =
      places.placeOf(gateway, [["subnetwork"], ["network"]]) ?? places.placeOf(gateway, [["network"]]);
    const platform = platformOf(stack, gateway);
    const policies = proxies.policiesOf(gateway);
    return {
      urn: gateway.urn,
      label: labelOf(gateway),
      zone: stack.zones.of(gateway.urn) ?? place?.zone,
      platform,
      addresses: itemsOf(stack.graph.read(gateway, "addresses")).flatMap((item) => {
        const text = textOf(item);
        return text.kind === "known" ? (blockOf(text.value) ?? []) : [];
      }),
      faults: [
        ...proxies
          .unlooked(gateway)
          .map(({ node, why, assumption }) => ({ ...fault(node, why), assumption })),
        ...(platform === undefined ? [] : faultsOnOurs(stack, proxies, gateway, platform)),
      ],
      shownBy: [...policies, ...policies.flatMap((policy) => proxies.rulesOf(policy))].map((node) => ({
        urn: node.urn,
        label: labelOf(node),
      })),
    };
  });
}
