import { flagOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { mayBeSame, type MissingSeal, type Network } from "../fact";
import type { Safeguard } from "../safeguard";

import { labelOf, type GcpStack } from "./gcp-stack";
import type { Networks } from "./networks";

const connectionType = "gcp:servicenetworking:connection";
const controlType = "gcp:servicenetworking:vpcservicecontrols";

/** Types by which services of others' networks are reached, and held to the way that the customer's own network has. */
export const producerSealTypes: readonly ResourceType[] = [connectionType, controlType];

/** A network of a zone that is joined to that of a service, and whether this has a way to the Internet of its own. */
interface Join {
  readonly node: Node;
  readonly network: Network;
  /** What certainly takes the producer's own default route away; none, where nothing does. */
  readonly controls: readonly Node[];
  readonly isUnknown: boolean;
}

function joinsOf(stack: GcpStack, networks: Networks): readonly Join[] {
  const { graph } = stack;
  const controls = graph.ofType(controlType).map((node) => ({
    node,
    networks: networks.candidates(networks.referents(node)),
    service: textOf(graph.read(node, "service")),
    enabled: flagOf(graph.read(node, "enabled")),
  }));
  return graph.ofType(connectionType).flatMap((node) => {
    const service = textOf(graph.read(node, "service"));
    return networks
      .candidates(networks.referents(node))
      .filter((network) => network.isDetermined && network.zone !== undefined)
      .map((network): Join => {
        const same = controls.filter(
          (control) =>
            control.networks.some((one) => mayBeSame(one, network)) &&
            (control.service.kind !== "known" ||
              service.kind !== "known" ||
              control.service.value === service.value),
        );
        const certain = same.filter(
          ({ enabled, service: of, networks: [only, ...others] }) =>
            enabled.kind === "known" &&
            enabled.value &&
            of.kind === "known" &&
            only === network &&
            others.length === 0,
        );
        return {
          node,
          network,
          controls: certain.map((control) => control.node),
          isUnknown: same.some(({ enabled }) => enabled.kind === "unknown"),
        };
      });
  });
}

/** Networks of services that are joined to one of a zone, and that keep the default route which Google gives them. */
export function producerSealsMissing(stack: GcpStack, networks: Networks): readonly MissingSeal[] {
  return joinsOf(stack, networks)
    .filter(({ controls }) => controls.length === 0)
    .map(({ node, network, isUnknown }) => ({
      urn: node.urn,
      label: labelOf(node),
      platform: network.platform,
      what: `The network of the service that it joins to ${network.label} keeps a default route to the Internet of its own.`,
      ...(isUnknown ? { assumption: "`enabled` of its VpcServiceControls" } : {}),
      remedy: "Add a servicenetworking VpcServiceControls with enabled true for the network and the service.",
    }));
}

/** Networks of services that have lost the default route which Google gives them. */
export function producerSeals(stack: GcpStack, networks: Networks): readonly Safeguard[] {
  return joinsOf(stack, networks).flatMap(({ node, network, controls }) =>
    controls.map((control): Safeguard => ({
      zone: network.zone,
      what: "the network of a service that is joined to the zone's has no default route to the Internet",
      evidence: [node, control].map((one) => ({ urn: one.urn, label: labelOf(one) })),
    })),
  );
}
