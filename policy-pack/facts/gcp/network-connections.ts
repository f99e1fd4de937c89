import type { ZoneId } from "../../../model/zone";

import { flagOf, itemsOf, mayBeTrue, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Network, NetworkConnection } from "../fact";
import { pathText, valuesAt, type PropertyPath } from "../property-path";

import { types } from "./compute-types";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { joinTypes, type Joins } from "./joins";
import type { Networks } from "./networks";
import { ownersIn } from "./owners";
import { projectsOf } from "./projects";
import type { Subnets } from "./subnets";

/** How a type of resource lets others, or copies of packets, into a network or out of it. */
interface ConnectionShape {
  /** Properties that name networks. Where it names subnets or other things besides, it means these. */
  readonly networks?: readonly PropertyPath[];
  /** Properties by which all of the network may be meant, whatever is named besides. */
  readonly beside?: readonly PropertyPath[];
  /** Properties that name subnets. */
  readonly subnets?: readonly PropertyPath[];
  /** Properties that name machines, load balancers or other things that are in a zone. */
  readonly targets?: readonly { readonly path: PropertyPath; readonly types: readonly ResourceType[] }[];
  /**
   * Whether a resource is meant at all; each is, by default.
   *
   * @param isOwn tells whether a project is one in which the stack has something in a zone.
   */
  readonly isMeant?: (
    read: (key: string) => Reading<unknown>,
    isOwn: (project: string) => boolean,
  ) => boolean;
  readonly what: string;
}

const network: PropertyPath = ["network"];

/** Whether a text is known to be one of some; a default stands where it is absent. */
function isOneOf(read: Reading<unknown>, right: readonly string[]): boolean {
  const text = textOf(read);
  return text.kind === "known" && right.includes(text.value.toUpperCase());
}

/** Whether an endpoint of Private Service Connect leads to a producer, and not to Google's APIs. It has no scheme. */
function isEndpoint(read: (key: string) => Reading<unknown>): boolean {
  const target = textOf(read("target"));
  // One that says for which load balancers it is, is for no endpoint (provider reference, `loadBalancingScheme`).
  return target.kind === "unknown"
    ? read("backendService").kind === "absent" && textOf(read("loadBalancingScheme")).kind !== "known"
    : target.kind === "known" && /serviceAttachments\//.test(target.value);
}

const shapes: ReadonlyMap<ResourceType, ConnectionShape> = new Map<ResourceType, ConnectionShape>([
  [
    "gcp:compute:forwardingrule",
    {
      networks: [network],
      subnets: [["subnetwork"]],
      isMeant: isEndpoint,
      what: "an endpoint of Private Service Connect leads from it to the service of another network (target)",
    },
  ],
  [
    "gcp:compute:networkattachment",
    {
      subnets: [["subnetworks"]],
      what: "a producer of Google's or of another's gets an interface in it (network attachment)",
    },
  ],
  [
    "gcp:networkconnectivity:serviceconnectionpolicy",
    {
      networks: [network],
      subnets: [["pscConfig", "subnetworks"]],
      what: "services make endpoints in it by themselves (service connection policy)",
    },
  ],
  [
    "gcp:compute:serviceattachment",
    {
      subnets: [["natSubnets"]],
      targets: [{ path: ["targetService"], types: ["gcp:compute:forwardingrule"] }],
      isMeant: (read, isOwn) =>
        !isOneOf(read("connectionPreference"), ["ACCEPT_MANUAL"]) ||
        itemsOf(read("consumerAcceptLists")).some((item) => {
          const project = textOf(memberReading(recordOf(item), "projectIdOrNum"));
          return project.kind !== "known" || !isOwn(project.value);
        }),
      what: "others than the stack's own projects are let in by a service attachment (connectionPreference, consumerAcceptLists)",
    },
  ],
  [
    "gcp:networkconnectivity:regionalendpoint",
    {
      networks: [network],
      subnets: [["subnetwork"]],
      isMeant: (read) => !isOneOf(read("accessType"), ["REGIONAL"]),
      what: "an endpoint of Google's APIs in it is reached from every region (accessType)",
    },
  ],
  [
    "gcp:vpcaccess:connector",
    {
      networks: [network],
      subnets: [["subnet", "name"]],
      what: "code that runs outside of it gets into it by a connector (Serverless VPC Access)",
    },
  ],
  [
    "gcp:compute:networkpeeringroutesconfig",
    {
      networks: [network],
      isMeant: (read) =>
        [
          "importCustomRoutes",
          "exportCustomRoutes",
          "importSubnetRoutesWithPublicIp",
          "exportSubnetRoutesWithPublicIp",
        ].some((key) => mayBeTrue(flagOf(read(key)))),
      what: "a peering of it takes routes over, or gives its own away",
    },
  ],
  ...["member", "binding", "policy"].map((part): readonly [ResourceType, ConnectionShape] => [
    `gcp:compute:subnetworkiam${part}`,
    {
      subnets: [["subnetwork"]],
      what: "somebody may put things of other projects into it (IAM of a subnet)",
    },
  ]),
  [
    "gcp:servicenetworking:peereddnsdomain",
    { networks: [network], what: "its names are answered in the networks of Google's services as well" },
  ],
  [
    "gcp:compute:packetmirroring",
    {
      networks: [["network", "url"]],
      beside: [["mirroredResources", "tags"]],
      subnets: [["mirroredResources", "subnetworks", "url"]],
      targets: [
        { path: ["mirroredResources", "instances", "url"], types: types.instance },
        { path: ["collectorIlb", "url"], types: ["gcp:compute:forwardingrule"] },
      ],
      isMeant: (read) => !isOneOf(read("enable"), ["FALSE"]),
      what: "copies of packets are sent elsewhere (packet mirroring)",
    },
  ],
  [
    "gcp:networksecurity:mirroringendpointgroupassociation",
    { networks: [network], what: "copies of its packets are sent elsewhere (mirroring endpoint group)" },
  ],
  [
    "gcp:networksecurity:mirroringdeploymentgroup",
    { networks: [network], what: "copies of packets of others are sent to it (mirroring deployment group)" },
  ],
  [
    "gcp:networksecurity:mirroringdeployment",
    {
      targets: [{ path: ["forwardingRule"], types: ["gcp:compute:forwardingrule"] }],
      what: "copies of packets of others are sent to it (mirroring deployment)",
    },
  ],
  [
    "gcp:networksecurity:interceptendpointgroupassociation",
    { networks: [network], what: "its packets are sent through others' machines (intercept endpoint group)" },
  ],
  [
    "gcp:networksecurity:interceptdeploymentgroup",
    { networks: [network], what: "packets of others are sent through it (intercept deployment group)" },
  ],
  [
    "gcp:networksecurity:interceptdeployment",
    {
      targets: [{ path: ["forwardingRule"], types: ["gcp:compute:forwardingrule"] }],
      what: "packets of others are sent through it (intercept deployment)",
    },
  ],
]);

/** How projects share networks, and the properties that name the projects. */
const sharing: ReadonlyMap<ResourceType, readonly string[]> = new Map<ResourceType, readonly string[]>([
  ["gcp:compute:sharedvpcserviceproject", ["serviceProject", "hostProject"]],
  ["gcp:compute:sharedvpchostproject", ["project"]],
]);

/** Rules of firewall policies that copy packets. */
const mirroringRule = "gcp:compute:networkfirewallpolicypacketmirroringrule";

/** Types that join networks or let somebody into one, and that are judged by what they name. */
export const connectionTypes: readonly ResourceType[] = [...joinTypes, ...shapes.keys(), mirroringRule];

/**
 * Types that lead somewhere only from a network to which one of {@link connectionTypes} joins them. What is in the PHI
 * zone itself is not understood.
 */
export const joinedTypes: readonly ResourceType[] = [
  "gcp:compute:externalvpngateway",
  "gcp:compute:interconnect",
  "gcp:networkconnectivity:hub",
  "gcp:networkconnectivity:group",
  "gcp:networkconnectivity:internalrange",
  "gcp:networksecurity:mirroringendpointgroup",
  "gcp:networksecurity:interceptendpointgroup",
];

const remedies = {
  phi: "Take it away: nothing but its clients' connections reaches the PHI zone, and it opens none.",
  other: "Take it away: nothing but the declared flows reaches a zone of the platform, or leaves it.",
} as const;

/** What a resource names of networks, subnets and other things that are guarded. */
interface Named {
  /** The zone of what it names for certain. */
  readonly zone: ZoneId | undefined;
  /** The property of which it cannot be known what it names. */
  readonly hidden: string | undefined;
}

/** Of several zones that of PHI, else any. */
function gravest(found: readonly (ZoneId | undefined)[]): ZoneId | undefined {
  return found.includes("phi") ? "phi" : found.find((zone) => zone !== undefined);
}

/**
 * The ways in which a network that holds PHI, or that is a platform's, is joined to others, or lets others in. The networks
 * of a platform are joined to each other alone.
 *
 * @param published endpoints that certainly lead to a workload of the stack, which filters show; none, if left out.
 */
export function networkConnections(
  stack: GcpStack,
  networks: Networks,
  joins: Joins,
  subnets: Subnets,
  published: ReadonlySet<string> = new Set(),
): readonly NetworkConnection[] {
  const { graph, zones } = stack;
  const guarded = ({ zone, platform }: Pick<Network, "zone" | "platform">): ZoneId | undefined =>
    zone === "phi" || platform !== undefined ? zone : undefined;
  const zoneOf = (one: Network): ZoneId | undefined =>
    // A network of several zones sends what is in each by the same routes.
    subnets.in(one).some(({ subnet }) => subnet.zone === "phi") ? "phi" : guarded(one);
  const zoneOfNode = (node: Node): ZoneId | undefined =>
    guarded({ zone: zones.of(node.urn), platform: platformOf(stack, node) });
  /** The zone of which something is that may be meant where it is not known what is. */
  const held = gravest([...networks.all, ...networks.others].map(zoneOf));
  const connection = (
    node: Node,
    label: string,
    zone: ZoneId,
    what: string,
    assumption: string | undefined,
  ): NetworkConnection => ({
    urn: node.urn,
    label,
    zone,
    platform: platformOf(stack, node),
    what,
    assumption,
    remedy: zone === "phi" ? remedies.phi : remedies.other,
  });
  /** @param isWhole whether all that is in the network is meant, and not what is named besides. */
  const namedNetworks = (referents: readonly Referent[], key: string, isWhole: boolean): Named => {
    const candidates = networks.candidates(referents);
    const zoneOfNamed = isWhole ? zoneOf : guarded;
    const [only, ...others] = candidates;
    const zone = only === undefined || others.length > 0 ? undefined : zoneOfNamed(only);
    const mayBe = candidates.some((one) => !one.isDetermined || zoneOfNamed(one) !== undefined);
    return { zone, hidden: zone === undefined && mayBe ? key : undefined };
  };

  const ofJoins = joins.all
    .filter(({ isInternal }) => !isInternal)
    .flatMap(({ node, label, what, networks: ends, key }) => {
      const { zone, hidden } = namedNetworks(ends, key, true);
      return zone !== undefined
        ? [connection(node, label, zone, what, undefined)]
        : hidden !== undefined && held !== undefined
          ? [
              connection(
                node,
                label,
                held,
                what,
                `which network \`${key}\` names is not known, or what is in it`,
              ),
            ]
          : [];
    });

  const projects = projectsOf(stack);
  const ownTo =
    (node: Node) =>
    (project: string): boolean => {
      const own = projects.of(node);
      const text = own.kind === "project" ? (own.project.id ?? own.project.number) : undefined;
      return (
        projects.zoneOf(project) !== undefined ||
        (text !== undefined && projects.isSame(project, text) === true)
      );
    };

  const ofShapes = graph.ofType(...shapes.keys()).flatMap((node): readonly NetworkConnection[] => {
    const shape = shapes.get(node.resourceType);
    if (
      published.has(node.urn) ||
      shape === undefined ||
      shape.isMeant?.((key) => graph.read(node, key), ownTo(node)) === false
    ) {
      return [];
    }
    const parts: readonly Named[] = [
      ...(shape.subnets ?? []).flatMap((path) =>
        valuesAt(graph, node, path).map((value): Named => {
          const referents = subnets.referentsIn(node, path[0], value);
          const found = gravest(subnets.to(referents).map(guarded));
          const zone = referents.length === 1 ? found : undefined;
          const mayBe = found !== undefined || referents.some(({ kind }) => kind === "undetermined");
          return { zone, hidden: zone === undefined && mayBe ? pathText(path) : undefined };
        }),
      ),
      ...(shape.targets ?? []).flatMap(({ path, types: wanted }) =>
        valuesAt(graph, node, path).map((value): Named => {
          const referents = ownersIn(graph, node, path[0], value, wanted);
          return {
            zone: gravest(referents.map((to) => (to.kind === "resource" ? zoneOfNode(to.node) : undefined))),
            hidden: referents.some(({ kind }) => kind === "undetermined") ? pathText(path) : undefined,
          };
        }),
      ),
    ];
    const isWhole =
      parts.length === 0 || (shape.beside ?? []).some((path) => valuesAt(graph, node, path).length > 0);
    const said: readonly Named[] = [
      ...parts,
      ...(shape.networks ?? []).flatMap((path) =>
        valuesAt(graph, node, path).map((value) =>
          namedNetworks(networks.referentsIn(node, path[0], value), pathText(path), isWhole),
        ),
      ),
    ];
    const zone = gravest([...said.map((one) => one.zone), zoneOfNode(node)]);
    const hidden = said.find((one) => one.hidden !== undefined)?.hidden;
    // What may be of the PHI zone counts as that, whatever else it is of for certain.
    return zone !== undefined && (zone === "phi" || hidden === undefined || held !== "phi")
      ? [connection(node, labelOf(node), zone, shape.what, undefined)]
      : hidden !== undefined && held !== undefined
        ? [connection(node, labelOf(node), held, shape.what, `\`${hidden}\` is not known`)]
        : [];
  });

  // Of a platform the same is refused as what is not managed-only.
  const ofProjects = graph.ofType(...sharing.keys()).flatMap((node): readonly NetworkConnection[] => {
    const said = (sharing.get(node.resourceType) ?? []).flatMap((key) =>
      projects.referentsOf(node, key, graph.read(node, key)).map((to) => ({ key, to })),
    );
    const isInPhi = said.some(({ to }) => to.kind === "project" && to.project.zone === "phi");
    const hidden = said.find(({ to }) => to.kind === "undetermined")?.key;
    const what =
      "the project shares networks with another (Shared VPC), so that what is in one is in that of the other";
    return isInPhi
      ? [connection(node, labelOf(node), "phi", what, undefined)]
      : hidden !== undefined && projects.in("phi").length > 0
        ? [connection(node, labelOf(node), "phi", what, `which project \`${hidden}\` names is not known`)]
        : [];
  });

  const ofMirroringRules = graph.ofType(mirroringRule).flatMap((node): readonly NetworkConnection[] => {
    const action = textOf(graph.read(node, "action"));
    const disabled = flagOf(graph.read(node, "disabled"));
    const mirrors = !(action.kind === "known" && action.value.toLowerCase() !== "mirror");
    const isOff = disabled.kind === "known" && disabled.value;
    return held !== undefined && mirrors && !isOff
      ? [
          connection(
            node,
            labelOf(node),
            held,
            "copies of packets are sent elsewhere (rule of a firewall policy)",
            "which networks its firewall policy is in force on is not looked at",
          ),
        ]
      : [];
  });

  const global = graph.ofType("gcp:compute:forwardingrule").flatMap((node): readonly NetworkConnection[] => {
    const reached = graph.read(node, "allowPscGlobalAccess");
    const isOpen = mayBeTrue(flagOf(reached)) && itemsOf(reached).length <= 1;
    const zone = zoneOfNode(node);
    return isOpen && reached.kind !== "absent" && zone !== undefined
      ? [
          connection(
            node,
            labelOf(node),
            zone,
            "its endpoint of Private Service Connect is reached from every region (allowPscGlobalAccess)",
            reached.kind === "unknown" ? "`allowPscGlobalAccess` is not known" : undefined,
          ),
        ]
      : [];
  });

  return [...ofJoins, ...ofShapes, ...ofProjects, ...ofMirroringRules, ...global];
}
