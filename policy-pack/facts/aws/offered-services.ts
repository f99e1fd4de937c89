import { flagOf, itemsOf, reading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { NetworkConnection, NetworkInterface } from "../fact";

import { accountOf } from "./accounts";
import { accountAssumption, labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { publishedServices } from "./endpoint-services";
import { namedResources } from "./given-names";

const permissionType = "aws:ec2:vpcendpointserviceallowedprinciple";
const accepterType = "aws:ec2:vpcendpointconnectionaccepter";

/** Types by which a stack offers a service to the endpoints of others, and says who may join it. */
export const offeredServiceTypes: readonly ResourceType[] = [
  ...types.endpointService,
  permissionType,
  accepterType,
];

/** Types of a service that let nobody in: they say who owns its name, and tell of what happens to it. */
export const harmlessServiceTypes: readonly ResourceType[] = [
  "aws:ec2:vpcendpointconnectionnotification",
  "aws:ec2:vpcendpointserviceprivatednsverification",
];

const balancerTypes: readonly ResourceType[] = ["aws:lb:loadbalancer"];
const principalTypes: readonly ResourceType[] = ["aws:iam:role", "aws:iam:user"];

/** A service that a stack offers to endpoints, by the load balancers in front of what it offers. */
interface OfferedService {
  readonly node: Node;
  readonly balancers: readonly Node[];
  /** Whether it may be another load balancer of the stack's besides. */
  readonly isOpenEnded: boolean;
}

/** A way in which a service lets somebody in. */
interface Opening {
  /** The resource that opens it. */
  readonly by: Node;
  readonly what: string;
  readonly assumption?: string | undefined;
  readonly remedy: string;
}

function offeredService(stack: AwsStack, node: Node): OfferedService {
  const { graph, zones } = stack;
  const referents = ["networkLoadBalancerArns", "gatewayLoadBalancerArns"].flatMap((key) =>
    graph.listReferents(node, key, balancerTypes),
  );
  const named = referents.flatMap((to) => (to.kind === "external" ? namedResources(stack, to.id) : []));
  // Beside a text that may be something else, what it may be is no more than possible.
  const isPossible = (to: Referent): boolean =>
    to.kind === "resource" && to.assumed && referents.some(({ kind }) => kind === "external");
  const balancers = [
    ...referents.flatMap((to) => (to.kind === "resource" && !isPossible(to) ? [to.node] : [])),
    ...named.filter(({ assumed }) => !assumed).map((certain) => certain.node),
  ];
  for (const balancer of balancers) {
    zones.inherit(node.urn, zones.of(balancer.urn), `its load balancer ${labelOf(balancer)}`);
  }
  return {
    node,
    balancers: [...new Set(balancers)],
    isOpenEnded:
      referents.some(
        (to) =>
          to.kind === "undetermined" ||
          (to.kind === "resource" && isPossible(to) && zones.of(to.node.urn) === "phi"),
      ) || named.some((other) => other.assumed && zones.of(other.node.urn) === "phi"),
  };
}

/** Principals that may join a service, and are not the account's own. */
function strangersLetIn(
  stack: AwsStack,
  by: Node,
  key: string,
  principals: readonly Reading<unknown>[],
): readonly Opening[] {
  const { graph, account } = stack;
  return principals.flatMap((principal): readonly Opening[] => {
    const text = textOf(principal);
    const remedy = "Let principals of your own account join it, and nobody else.";
    const isWritten = text.kind === "known" && /^(?:arn:|\*|\d{12}$)/.test(text.value);
    if (!isWritten) {
      const referents = graph.referentsOf(by, key, principal, principalTypes);
      return referents.some(({ kind }) => kind === "resource")
        ? []
        : [
            {
              by,
              what: "who may join its service is not known",
              assumption: `\`${key}\` is not known`,
              remedy,
            },
          ];
    }
    const isOwn = (accountOf(text.value) ?? text.value) === account;
    return isOwn
      ? []
      : [
          {
            by,
            what: `${text.value === "*" ? "everybody" : text.value} may join its service`,
            // Of a principal of a named account it is not known whose it is, where the stack's own account is not.
            assumption: /\d{12}/.test(text.value) ? accountAssumption(stack) : undefined,
            remedy,
          },
        ];
  });
}

/** The region in which a service is, where it is known. */
function regionOf({ graph }: AwsStack, node: Node): string | undefined {
  const own = textOf(graph.read(node, "region"));
  const ofProvider = textOf(reading(node.providerInputs?.["region"]));
  const region = own.kind === "absent" ? ofProvider : own;
  return region.kind === "known" ? region.value : undefined;
}

/** What a service says of itself that lets others in. */
function ownOpenings(stack: AwsStack, { node, balancers }: OfferedService): readonly Opening[] {
  const { graph } = stack;
  const openings: Opening[] = [
    ...strangersLetIn(stack, node, "allowedPrincipals", itemsOf(graph.read(node, "allowedPrincipals"))),
  ];
  const accepts = flagOf(graph.read(node, "acceptanceRequired"));
  if (accepts.kind !== "known" || !accepts.value) {
    openings.push({
      by: node,
      what: "networks join its service unasked",
      assumption: accepts.kind === "unknown" ? "`acceptanceRequired` is not known" : undefined,
      remedy: "Set acceptanceRequired to true, and accept endpoints of the processing zone alone.",
    });
  }
  const home = regionOf(stack, node);
  for (const item of itemsOf(graph.read(node, "supportedRegions"))) {
    const region = textOf(item);
    if (region.kind !== "known" || home === undefined || region.value !== home) {
      openings.push({
        by: node,
        what: `its service is offered in ${region.kind === "known" ? region.value : "a region that is not known"}`,
        assumption:
          region.kind !== "known"
            ? "`supportedRegions` is not known"
            : home === undefined
              ? "in which region the service itself is, is not known"
              : undefined,
        remedy: "Take supportedRegions away: a service is offered in its own region then.",
      });
    }
  }
  for (const balancer of balancers) {
    const enforced = textOf(graph.read(balancer, "enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"));
    if (enforced.kind !== "absent" && !(enforced.kind === "known" && enforced.value === "on")) {
      openings.push({
        by: balancer,
        what: `what joins its service passes the filter of ${labelOf(balancer)}`,
        assumption:
          enforced.kind === "unknown"
            ? "`enforceSecurityGroupInboundRulesOnPrivateLinkTraffic` is not known"
            : undefined,
        remedy: "Set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to on.",
      });
    }
  }
  return openings;
}

/** Zones that offer what is in them to the processing zone, by endpoints. */
const offeringZones = ["phi", "egress"] as const;

type OfferingZone = (typeof offeringZones)[number];

/** Whether an endpoint is in the processing zone, or in the zone that offers itself, with all that it has. */
function isClient(
  { zones }: AwsStack,
  endpoint: Node,
  interfaces: readonly NetworkInterface[],
  offering: OfferingZone,
): boolean {
  const isRight = (zone: string | undefined): boolean => zone === "processing" || zone === offering;
  const subnets = interfaces.find(({ urn }) => urn === endpoint.urn)?.subnets ?? [];
  return isRight(zones.of(endpoint.urn)) && subnets.every(({ zone }) => isRight(zone));
}

/** Whether a resource refers to one of the services that are meant, or may. */
function refersTo(referents: readonly Referent[], services: ReadonlySet<Node>): boolean {
  return referents.some(
    (to) => to.kind === "undetermined" || (to.kind === "resource" && services.has(to.node)),
  );
}

/** What other resources say of who joins some services. */
function openingsByOthers(
  stack: AwsStack,
  services: ReadonlySet<Node>,
  interfaces: readonly NetworkInterface[],
  offering: OfferingZone,
): readonly Opening[] {
  const { graph } = stack;
  const ofThese = (node: Node): boolean =>
    refersTo(graph.referents(node, "vpcEndpointServiceId", types.endpointService), services);
  const remedy = "Let endpoints of the processing zone alone join it.";
  const permitted = graph
    .ofType(permissionType)
    .filter(ofThese)
    // `AWS::EC2::VPCEndpointServicePermissions` lists them.
    .flatMap((node) => [
      ...strangersLetIn(
        stack,
        node,
        "principalArn",
        [graph.read(node, "principalArn")].filter(({ kind }) => kind !== "absent"),
      ),
      ...strangersLetIn(stack, node, "allowedPrincipals", itemsOf(graph.read(node, "allowedPrincipals"))),
    ]);
  const accepted = graph
    .ofType(accepterType)
    .filter(ofThese)
    .flatMap((by) =>
      graph.referents(by, "vpcEndpointId", types.endpoint).flatMap((to): readonly Opening[] => {
        if (to.kind === "resource") {
          return isClient(stack, to.node, interfaces, offering)
            ? []
            : [
                {
                  by,
                  what: `its service accepts ${labelOf(to.node)}, which is not in the processing zone`,
                  remedy,
                },
              ];
        }
        return [
          {
            by,
            what: "its service accepts an endpoint that is not in the stack",
            assumption: "in which network the endpoint is",
            remedy,
          },
        ];
      }),
    );
  const joined = graph
    .ofType("aws:ec2:vpcendpoint")
    .filter((endpoint) => publishedServices(graph, endpoint).services.some((node) => services.has(node)))
    .filter((endpoint) => !isClient(stack, endpoint, interfaces, offering))
    .map((by): Opening => ({
      by,
      what: `${labelOf(by)}, which is not in the processing zone, leads to its service`,
      remedy,
    }));
  return [...permitted, ...accepted, ...joined];
}

/**
 * The ways in which services that are offered to endpoints let others into the PHI zone, or into an egress zone, than
 * endpoints of its clients, of which each has been accepted.
 */
export function offeredServices(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
): readonly NetworkConnection[] {
  const { graph } = stack;
  const services = graph.ofType(...types.endpointService).map((node) => offeredService(stack, node));
  return offeringZones.flatMap((zone) => offeredOf(stack, interfaces, services, zone));
}

function offeredOf(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
  services: readonly OfferedService[],
  zone: OfferingZone,
): readonly NetworkConnection[] {
  const { graph, zones } = stack;
  const isThere = graph.nodes.some(({ urn }) => zones.of(urn) === zone);
  const offered = services.filter(
    ({ node, isOpenEnded }) => zones.of(node.urn) === zone || (zone === "phi" && isOpenEnded && isThere),
  );
  if (offered.length === 0) {
    return [];
  }
  const openings = [
    ...offered.flatMap((service) => ownOpenings(stack, service)),
    ...openingsByOthers(stack, new Set(offered.map(({ node }) => node)), interfaces, zone),
  ];
  const mayBeOther = offered.every(({ node }) => zones.of(node.urn) !== zone);
  return openings.map(({ by, what, assumption, remedy }) => ({
    urn: by.urn,
    label: labelOf(by),
    zone,
    platform: platformOf(stack, by),
    what,
    assumption: assumption ?? (mayBeOther ? "which load balancer is behind the service" : undefined),
    remedy,
  }));
}
