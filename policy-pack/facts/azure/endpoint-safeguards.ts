import type { Evidence } from "../../finding";
import type { Node } from "../../stack-graph";
import type { NetworkInterface, OpenEndpointPolicy, SideChannel } from "../fact";
import type { Safeguard } from "../safeguard";
import { broken } from "../setting";

import { labelOf, type AzureStack } from "./azure-stack";
import { leadsTo, peersOf } from "./endpoint-peers";
import { enclosedStores } from "./perimeter-seals";
import { endpointType, linksOf, monitorScopeType, serviceOf } from "./private-links";
import { privateNamesOf } from "./private-names";
import { publicAccessTypes } from "./public-access-types";
import { serviceEndpointPolicyTypes } from "./service-endpoint-policies";

function evidenceOf(node: Node): Evidence {
  return { urn: node.urn, label: labelOf(node) };
}

/** Endpoints by which peers of a platform are reached, and by whose names services are found. */
export function endpointSafeguards(
  stack: AzureStack,
  interfaces: readonly NetworkInterface[],
): readonly Safeguard[] {
  const { graph, zones } = stack;
  return graph.ofType(endpointType).flatMap((endpoint): readonly Safeguard[] => {
    const zone = zones.of(endpoint.urn);
    if (zone === undefined) {
      return [];
    }
    const peers = peersOf(stack, endpoint, interfaces).filter((peer) => leadsTo(stack, endpoint, peer));
    const { isNamed, missing } = privateNamesOf(stack, endpoint);
    return [
      ...peers.map((peer) => ({
        zone,
        what: "a private endpoint leads to the service or store",
        evidence: [{ urn: endpoint.urn, label: `${labelOf(endpoint)}: ${peer}` }],
      })),
      ...(isNamed && missing.length === 0
        ? [
            {
              zone,
              what: "a service's own name leads to a private endpoint in the network",
              evidence: [evidenceOf(endpoint)],
            },
          ]
        : []),
    ];
  });
}

/** Private endpoints that each lead to one resource of the stack, and to nothing else of the service that it is of. */
function boundEndpoints({ graph, zones }: AzureStack): readonly Safeguard[] {
  return graph.ofType(endpointType).flatMap((endpoint): readonly Safeguard[] => {
    const links = linksOf(graph, endpoint);
    const services = links.flatMap((link) => serviceOf(link) ?? []);
    return zones.of(endpoint.urn) === undefined || links.length === 0 || services.length < links.length
      ? []
      : [
          {
            zone: zones.of(endpoint.urn),
            what: "an endpoint leads to one resource of the stack, and to no other of its service",
            evidence: [endpoint, ...services].map(evidenceOf),
          },
        ];
  });
}

/** Scopes of Azure Monitor that lead to their own members alone. */
function closedScopes({ graph, zones }: AzureStack): readonly Safeguard[] {
  const { settings = [] } = publicAccessTypes.get(monitorScopeType) ?? {};
  return graph
    .ofType(monitorScopeType)
    .filter((scope) => settings.length > 0 && broken(graph, scope, settings).length === 0)
    .map((scope) => ({
      zone: zones.of(scope.urn),
      what: "a private link scope lets records be sent to its own members, and these be asked, and no others (PrivateOnly)",
      evidence: [evidenceOf(scope)],
    }));
}

/** Policies of service endpoints that name accounts of the stack's own subscriptions alone. */
function closedPolicies(
  { graph, zones }: AzureStack,
  open: readonly OpenEndpointPolicy[],
): readonly Safeguard[] {
  const [policyType, definitionType] = serviceEndpointPolicyTypes;
  // A definition of its own may be that of any policy.
  if (open.some(({ urn }) => graph.node(urn)?.resourceType === definitionType)) {
    return [];
  }
  return graph
    .ofType(policyType)
    .filter(({ urn }) => zones.of(urn) !== undefined && !open.some((one) => one.urn === urn))
    .map((policy) => ({
      zone: zones.of(policy.urn),
      what: "the policy of a service endpoint names accounts of the stack's own subscriptions alone",
      evidence: [evidenceOf(policy)],
    }));
}

/** Perimeters that hold stores of the PHI zone, where none of a stack lets anything past it. */
function enforcedPerimeters(stack: AzureStack, channels: readonly SideChannel[]): readonly Safeguard[] {
  return channels.length > 0
    ? []
    : enclosedStores(stack).flatMap(({ store, associations }) =>
        associations.map((association) => ({
          zone: "phi",
          what: "a network security perimeter holds the store whatever its own settings say (accessMode is Enforced), and lets no call out",
          evidence: [store, association].map(evidenceOf),
        })),
      );
}

/**
 * What holds calls that come by an endpoint, as policies of endpoints do on AWS: the one resource that a private endpoint
 * leads to, scopes of Azure Monitor, policies of service endpoints, and network security perimeters.
 *
 * @param openings what these are known, or taken, to let pass.
 */
export function endpointPolicySafeguards(
  stack: AzureStack,
  openings: {
    readonly ofPolicies: readonly OpenEndpointPolicy[];
    readonly ofPerimeters: readonly SideChannel[];
  },
): readonly Safeguard[] {
  return [
    ...boundEndpoints(stack),
    ...closedScopes(stack),
    ...closedPolicies(stack, openings.ofPolicies),
    ...enforcedPerimeters(stack, openings.ofPerimeters),
  ];
}
