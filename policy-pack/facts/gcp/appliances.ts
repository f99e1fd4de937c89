import { textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import { valuesAt } from "../property-path";
import type { Forwarder } from "../fact";

import { gcpKey } from "./gcp-id";
import { labelOf, type GcpStack } from "./gcp-stack";
import type { Appliances } from "./next-hops";
import { WebProxies } from "./web-proxies";

/** Whether a text is an address of a gateway, or its name. */
function isCalled({ graph }: GcpStack, gateway: Node, text: string): boolean {
  const addresses = valuesAt(graph, gateway, ["addresses"]).map(textOf);
  return (
    addresses.some((address) => address.kind === "known" && address.value === text) ||
    graph.gcpNamesOf(gateway).includes(gcpKey(text))
  );
}

/** What stands where routes send packets on: the Secure Web Proxies of the stack, which look into what they let by. */
export function appliancesOf(stack: GcpStack): Appliances {
  const { graph } = stack;
  const proxies = new WebProxies(graph);
  return (route: Node, key: string, value: Reading<unknown>): readonly Forwarder[] | undefined => {
    const text = textOf(value);
    if (text.kind === "known") {
      const standing = proxies.all.filter((gateway) => isCalled(stack, gateway, text.value));
      return standing.length === 0 ? undefined : standing.map((gateway) => proxies.forwarder(gateway));
    }
    const origins = (route.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
    const found = proxies.all.filter((gateway) => origins.includes(gateway));
    return found.length === 0
      ? undefined
      : found.map((gateway) =>
          proxies.forwarder(
            gateway,
            origins.length > 1 ? `\`${key}\` may name ${labelOf(gateway)}, or something else` : undefined,
          ),
        );
  };
}
