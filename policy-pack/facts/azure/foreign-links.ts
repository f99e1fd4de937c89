import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { NetworkConnection } from "../fact";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { isOwnId, linkServiceType, ownSubscriptions, privateLinks } from "./private-links";

/** Private endpoints of zones that lead to services of somebody else, or may: what is sent into them has left. */
function foreignEndpoints(stack: AzureStack): readonly NetworkConnection[] {
  const { graph, zones } = stack;
  const own = ownSubscriptions(graph);
  return privateLinks(stack).flatMap(({ endpoint, isManual, referents }): readonly NetworkConnection[] => {
    const zone = zones.of(endpoint.urn);
    if (zone === undefined) {
      return [];
    }
    const opening = (what: string, assumption: string | undefined): NetworkConnection => ({
      urn: endpoint.urn,
      label: labelOf(endpoint),
      zone,
      platform: platformOf(stack, endpoint),
      what,
      assumption,
      remedy: "Let privateLinkServiceId be the id of a service of the stack, and ask nobody else to agree.",
    });
    return referents.flatMap((to): readonly NetworkConnection[] => {
      switch (to.kind) {
        case "resource":
          return to.assumed
            ? [opening("a private endpoint may lead to a service of somebody else", "to which it leads")]
            : [];
        case "undetermined":
          return [
            opening(
              "a private endpoint may lead to a service of somebody else",
              "`privateLinkServiceId` is not known",
            ),
          ];
        case "external":
          return isOwnId(own, to.id) && !isManual
            ? []
            : [opening(`a private endpoint leads to a service of somebody else, ${to.id}`, undefined)];
      }
    });
  });
}

/** Whom a service of the stack lets join it by private endpoints of theirs. */
function openServices(stack: AzureStack): readonly NetworkConnection[] {
  const { graph, zones } = stack;
  const own = ownSubscriptions(graph);
  return graph.ofType(linkServiceType).flatMap((node): readonly NetworkConnection[] => {
    const zone = zones.of(node.urn);
    if (zone === undefined) {
      return [];
    }
    const opening = (
      what: string,
      assumption: string | undefined,
      remedy = "Name your own subscriptions in visibility and autoApproval, and no names in fqdns.",
    ): NetworkConnection => ({
      urn: node.urn,
      label: labelOf(node),
      zone,
      platform: platformOf(stack, node),
      what,
      assumption,
      remedy,
    });
    const letIn = ["visibility", "autoApproval"].flatMap((key) =>
      itemsOf(memberReading(recordOf(graph.read(node, key)), "subscriptions")).flatMap((item) => {
        const text = textOf(item);
        if (text.kind !== "known") {
          return [opening("who may join its service is not known", `\`${key}\` is not known`)];
        }
        return own.has(text.value.toLowerCase())
          ? []
          : [opening(`${text.value === "*" ? "everybody" : text.value} may join its service`, undefined)];
      }),
    );
    const names = itemsOf(graph.read(node, "fqdns"));
    const onward = graph.read(node, "destinationIPAddress");
    return [
      ...letIn,
      // Its own addresses are bound by no filter of theirs.
      ...(onward.kind === "absent"
        ? []
        : [
            opening(
              "its service sends what comes to it on to an address, past every load balancer",
              onward.kind === "unknown" ? "`destinationIPAddress` is not known" : undefined,
              "Take destinationIPAddress away, and let a load balancer of the zone answer.",
            ),
          ]),
      ...(names.length === 0
        ? []
        : [
            opening(
              "its service is found by names of its own",
              names.every(({ kind }) => kind === "unknown") ? "`fqdns` is not known" : undefined,
            ),
          ]),
    ];
  });
}

/** Private links between zones and what is somebody else's. */
export function foreignLinks(stack: AzureStack): readonly NetworkConnection[] {
  return [...foreignEndpoints(stack), ...openServices(stack)];
}

/** Types from which these facts are drawn. */
export const foreignLinkTypes = [linkServiceType] as const;
