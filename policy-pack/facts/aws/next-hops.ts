import { recordOf, itemsOf, memberReading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { everyPort, everyProtocol, type Forwarder, type NextHop } from "../fact";

import { labelOf, types, type AwsStack } from "./aws-stack";
import { firewallEndpointTypes, NetworkFirewalls, onwardFrom } from "./network-firewalls";

interface Target {
  /** What the property names, in a few words. */
  readonly kind: string;
  readonly types: readonly ResourceType[];
}

const natGateway = "aws:ec2:natgateway";
const gateways = [
  "aws:ec2:internetgateway",
  "aws:ec2:egressonlyinternetgateway",
  "aws:ec2:vpngateway",
] as const;

/** The properties by which a route names its next hop, and what each may name (EC2 API, `CreateRoute`). */
const targets: Readonly<Record<string, Target>> = {
  // EC2 takes the id of a NAT gateway here as well.
  gatewayId: { kind: "gateway", types: [...gateways, natGateway] },
  natGatewayId: { kind: "NAT gateway", types: [natGateway] },
  egressOnlyGatewayId: { kind: "egress-only internet gateway", types: ["aws:ec2:egressonlyinternetgateway"] },
  transitGatewayId: { kind: "transit gateway", types: ["aws:ec2transitgateway:transitgateway"] },
  vpcPeeringConnectionId: { kind: "VPC peering connection", types: ["aws:ec2:vpcpeeringconnection"] },
  vpcEndpointId: { kind: "VPC endpoint", types: [...firewallEndpointTypes, "aws:ec2:vpcendpoint"] },
  networkInterfaceId: { kind: "network interface", types: ["aws:ec2:networkinterface"] },
  coreNetworkArn: { kind: "core network", types: ["aws:networkmanager:corenetwork"] },
  carrierGatewayId: { kind: "carrier gateway", types: ["aws:ec2:carriergateway"] },
  localGatewayId: { kind: "local gateway", types: [] },
  odbNetworkArn: { kind: "ODB network", types: ["aws:odb:network"] },
  instanceId: { kind: "instance", types: ["aws:ec2:instance"] },
};

/** What some types are called, whatever property names them. */
const kinds: Readonly<Record<string, string>> = {
  "aws:ec2:internetgateway": "internet gateway",
  "aws:ec2:egressonlyinternetgateway": "egress-only internet gateway",
  "aws:ec2:vpngateway": "virtual private gateway",
  [natGateway]: "NAT gateway",
  ...Object.fromEntries(firewallEndpointTypes.map((type) => [type, "network firewall"])),
};

/** Something that inspects nothing, sends packets on as its `onward` says, and is known for what it is. */
function plain(urn: string, label: string, onward: Forwarder["onward"], assumption?: string): Forwarder {
  return { urn, label, onward, uninspected: undefined, translatesToIpv4: false, assumption };
}

/** The next hops of routes, and what they do with packets to the Internet. */
export class NextHops {
  readonly #stack: AwsStack;
  readonly #firewalls: NetworkFirewalls;

  constructor(stack: AwsStack) {
    this.#stack = stack;
    this.#firewalls = new NetworkFirewalls(stack);
  }

  /** A next hop that leads into a service of AWS's, and no further. */
  static service(kind: string, name: string | undefined, urn: string): NextHop {
    return { kind, name, forwarders: [plain(urn, `${kind} ${name ?? ""}`.trim(), { kind: "nowhere" })] };
  }

  /** A next hop that leads to another network, or somewhere that is not known. */
  static elsewhere(kind: string, name: string | undefined, urn: string): NextHop {
    const label = `${kind} ${name ?? ""}`.trim();
    const assumption = `what ${label} does with packets to the Internet is not in the stack`;
    return { kind, name, forwarders: [plain(urn, label, { kind: "undetermined" }, assumption)] };
  }

  /**
   * The next hop that a route names; `local` where it does not leave the network.
   *
   * @param inline the property of the resource that holds the route, if the route is a part of it.
   */
  of(node: Node, read: (key: string) => Reading<unknown>, inline: string | undefined): NextHop | "local" {
    for (const [key, { kind, types: wanted }] of Object.entries(targets)) {
      const target = textOf(read(key));
      if (target.kind === "absent") {
        continue;
      }
      if (target.kind === "known" && target.value === "local") {
        return "local";
      }
      const referents = this.#referents(node, inline ?? key, target, wanted);
      const [first] = referents;
      const found =
        first?.kind === "resource"
          ? { kind: kinds[first.node.resourceType] ?? kind, name: first.node.urn }
          : { kind, name: target.kind === "known" ? target.value : undefined };
      return {
        ...found,
        forwarders: referents.map((referent) => this.#forwarder(node, key, kind, target, referent)),
      };
    }
    return NextHops.elsewhere("next hop that is not known", undefined, node.urn);
  }

  #referents(
    node: Node,
    key: string,
    target: Reading<string>,
    wanted: readonly ResourceType[],
  ): readonly Referent[] {
    const { graph } = this.#stack;
    const referents = graph.referentsOf(node, key, target, wanted);
    if (target.kind !== "known" || referents.some((referent) => referent.kind === "resource")) {
      return referents;
    }
    // The id of a firewall's endpoint is not the firewall's.
    const holder = this.#firewalls.holderOf(target.value);
    if (holder !== undefined && wanted.includes(holder.resourceType)) {
      return [{ kind: "resource", node: holder, assumed: false }];
    }
    const origins = graph.origins(
      node,
      key,
      wanted.filter((type) => firewallEndpointTypes.includes(type)),
    );
    const [origin] = origins;
    return origins.length === 1 && origin?.kind === "resource" && !this.#firewalls.showsEndpoints(origin.node)
      ? origins
      : referents;
  }

  #forwarder(route: Node, key: string, kind: string, target: Reading<string>, referent: Referent): Forwarder {
    if (referent.kind === "resource") {
      const found = this.#ofResource(referent.node, target);
      return referent.assumed && found.assumption === undefined
        ? { ...found, assumption: `\`${key}\` may name ${found.label}, or something else` }
        : found;
    }
    if (key === "egressOnlyGatewayId" || key === "carrierGatewayId") {
      const name = referent.kind === "external" ? ` ${referent.id}` : "";
      return plain(route.urn, `${kind}${name}`, { kind: "internet" });
    }
    if (referent.kind === "undetermined") {
      const label = `${kind} that is not known`;
      return plain(
        route.urn,
        label,
        { kind: "undetermined" },
        `what \`${key}\` of the route names is not known`,
      );
    }
    const label = `${kind} ${referent.id}`;
    return key === "gatewayId" && referent.id.startsWith("igw-")
      ? plain(route.urn, label, { kind: "internet" })
      : plain(
          route.urn,
          label,
          { kind: "undetermined" },
          `where ${label} sends packets on, and whether it inspects them, is not in the stack`,
        );
  }

  #ofResource(node: Node, target: Reading<string>): Forwarder {
    const { graph } = this.#stack;
    const label = labelOf(node);
    switch (node.resourceType) {
      case "aws:ec2:internetgateway":
      case "aws:ec2:egressonlyinternetgateway":
      case "aws:ec2:carriergateway":
        return plain(node.urn, label, { kind: "internet" });
      case natGateway: {
        // A regional NAT gateway is in no subnet, and has its own route to the Internet gateway.
        const subnets = graph.referents(node, "subnetId", types.subnet);
        const onward = subnets.length === 0 ? ({ kind: "internet" } as const) : onwardFrom(subnets);
        return {
          ...plain(node.urn, label, onward, this.#whereFrom(label, onward)),
          translatesToIpv4: true,
        };
      }
      case "aws:ec2:vpcendpoint":
        return this.#ofEndpoint(node);
      case "aws:ec2:networkinterface":
      case "aws:ec2:instance":
        return this.#ofAppliance(node);
      case "aws:networkfirewall:firewall":
      case "aws:networkfirewall:vpcendpointassociation":
        return this.#firewalls.forwarder(node, target);
      default:
        return plain(
          node.urn,
          label,
          { kind: "undetermined" },
          `what ${label} does with packets to the Internet is not in the stack`,
        );
    }
  }

  #whereFrom(label: string, onward: Forwarder["onward"]): string | undefined {
    return onward.kind === "undetermined"
      ? `in which subnet ${label} is, and so where it sends packets on, is not in the stack`
      : undefined;
  }

  /** An endpoint to which routes lead is that of a gateway load balancer, behind which is somebody's inspection. */
  #ofEndpoint(node: Node): Forwarder {
    const { graph } = this.#stack;
    const label = labelOf(node);
    const type = textOf(graph.read(node, "vpcEndpointType"));
    const isInspector = type.kind === "known" && type.value === "GatewayLoadBalancer";
    return isInspector
      ? {
          ...plain(node.urn, label, onwardFrom(graph.listReferents(node, "subnetIds", types.subnet))),
          uninspected: [],
          // What is behind it is somebody's, and nothing shows that it ends TLS.
          unread: () => [
            {
              urn: node.urn,
              label: `${label}: leads to appliances, of which nothing shows what they read`,
              action: "allow",
              protocols: everyProtocol,
              ports: everyPort,
              remote: { kind: "anything" },
              assumption: undefined,
            },
          ],
        }
      : plain(
          node.urn,
          label,
          { kind: "undetermined" },
          type.kind === "unknown"
            ? `\`vpcEndpointType\` of ${label} is not known, so nothing shows that it inspects packets`
            : `${label} is no endpoint of a gateway load balancer, so nothing shows what it does with packets`,
        );
  }

  /**
   * An appliance sends packets on from each of its interfaces, and nothing shows whether it inspects them. Whose
   * interface something is, the stack has to show.
   */
  #ofAppliance(node: Node): Forwarder {
    const { graph } = this.#stack;
    const label = labelOf(node);
    const instances =
      node.resourceType === "aws:ec2:instance"
        ? [node]
        : this.#attachments()
            .filter(([, nic]) => nic === node)
            .map(([instance]) => instance);
    const interfaces = this.#attachments().flatMap(([instance, nic]) =>
      instances.includes(instance) ? [nic] : [],
    );
    const parts = [...new Set([node, ...instances, ...interfaces])];
    const placed = parts.flatMap((part) => graph.referents(part, "subnetId", types.subnet));
    return plain(
      node.urn,
      label,
      instances.length === 0 ? { kind: "undetermined" } : onwardFrom(placed),
      instances.length === 0
        ? `whose interface ${label} is, and so where packets go on, is not in the stack`
        : `whether ${label} inspects what it sends on is not in the stack`,
    );
  }

  /** The instances of the stack with the network interfaces that are, or may be, attached to them. */
  #attachments(): readonly (readonly [Node, Node])[] {
    const { graph } = this.#stack;
    const pairs = (
      instances: readonly Referent[],
      interfaces: readonly Referent[],
    ): readonly (readonly [Node, Node])[] =>
      instances.flatMap((instance) =>
        interfaces.flatMap((nic): readonly (readonly [Node, Node])[] =>
          instance.kind === "resource" && nic.kind === "resource" ? [[instance.node, nic.node]] : [],
        ),
      );
    const nics = ["aws:ec2:networkinterface"];
    const named = (
      holder: Node,
      key: string,
      item: Reading<unknown>,
      part: string,
      wanted: readonly string[],
    ): readonly Referent[] => graph.referentsOf(holder, key, memberReading(recordOf(item), part), wanted);
    const itself = (node: Node): Referent => ({ kind: "resource", node, assumed: false });
    return [
      ...graph
        .ofType("aws:ec2:networkinterfaceattachment")
        .flatMap((node) =>
          pairs(
            graph.referents(node, "instanceId", ["aws:ec2:instance"]),
            graph.referents(node, "networkInterfaceId", nics),
          ),
        ),
      ...graph
        .ofType("aws:ec2:instance")
        .flatMap((instance) =>
          [
            ...itemsOf(graph.read(instance, "networkInterfaces")).map(
              (item) => ["networkInterfaces", item] as const,
            ),
            ["primaryNetworkInterface", graph.read(instance, "primaryNetworkInterface")] as const,
          ]
            .filter(([, item]) => item.kind !== "absent")
            .flatMap(([key, item]) =>
              pairs([itself(instance)], named(instance, key, item, "networkInterfaceId", nics)),
            ),
        ),
      ...graph
        .ofType("aws:ec2:networkinterface")
        .flatMap((nic) =>
          itemsOf(graph.read(nic, "attachments")).flatMap((item) =>
            pairs(named(nic, "attachments", item, "instance", ["aws:ec2:instance"]), [itself(nic)]),
          ),
        ),
    ];
  }
}
