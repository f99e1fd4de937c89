import { textOf } from "../reading";
import type { ResourceType } from "../resource-type";
import type { Node, StackGraph } from "../stack-graph";

import type { WayToInternet } from "./fact";
import { labelOf } from "./label";
import { isOfLoadBalancer } from "./load-balancer-addresses";
import { platformOf } from "./platform-of";
import type { HostStack } from "./read-hosts";

/** What a resource of a type is on the way to the Internet; `undefined` where it is nothing of the kind. */
type Reader = (graph: StackGraph, node: Node) => Pick<WayToInternet, "what" | "assumption"> | undefined;

const always =
  (what: string): Reader =>
  () => ({ what, assumption: undefined });

/** Something that is, unless a property has a value. */
const unless =
  (key: string, harmless: RegExp, what: string): Reader =>
  (graph, node) => {
    const said = textOf(graph.read(node, key));
    return said.kind === "known" && harmless.test(said.value)
      ? undefined
      : { what, assumption: said.kind === "unknown" ? `\`${key}\`` : undefined };
  };

/** Types by which something gets an address that the Internet knows, or gets there without one. */
const readers: Readonly<Record<ResourceType, Reader>> = {
  "aws:ec2:natgateway": unless(
    "connectivityType",
    /^private$/i,
    "it gives what is behind it a public address",
  ),
  "aws:ec2:egressonlyinternetgateway": always("it leads from networks to the Internet"),
  "aws:ec2:eip": always("it is a public address"),
  "azure-native:network:natgateway": always("it gives what is behind it a public address"),
  "azure-native:network:publicipaddress": always("it is a public address"),
  "azure-native:network:publicipprefix": always("it is a block of public addresses"),
  "gcp:compute:routernat": unless("type", /^PRIVATE$/i, "it gives what is behind it a public address"),
  "gcp:compute:address": unless("addressType", /^INTERNAL$/i, "it is a public address"),
  "gcp:compute:globaladdress": unless("addressType", /^INTERNAL$/i, "it is a public address"),
  "gcp:networkservices:gateway": unless(
    "type",
    /^OPEN_MESH$/i,
    "it sends requests on to the Internet, by a router and public addresses of its own",
  ),
};

/** The types that give something a way to the Internet by themselves. */
export const internetTypes: readonly ResourceType[] = Object.keys(readers);

/** What gives something of the stack a way to the Internet, whoever takes it; the load balancer's own address is none. */
export function waysToInternet(stack: HostStack): readonly WayToInternet[] {
  const { graph, zones } = stack;
  return Object.entries(readers).flatMap(([type, read]) =>
    graph.ofType(type).flatMap((node): readonly WayToInternet[] => {
      const found = isOfLoadBalancer(graph, node) ? undefined : read(graph, node);
      return found === undefined
        ? []
        : [
            {
              urn: node.urn,
              label: labelOf(node),
              zone: zones.of(node.urn),
              platform: platformOf(stack, node),
              ...found,
            },
          ];
    }),
  );
}
