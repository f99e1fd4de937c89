import { itemsOf, memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { AddressRange } from "../../address-range";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Forwarder, Onward } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { FirewallPolicies, ofArn } from "./firewall-policies";
import { unreadBy } from "./read-traffic";

/** What has endpoints of a network firewall, and the properties that say which. */
const holders = {
  "aws:networkfirewall:firewall": {
    statuses: "firewallStatuses",
    states: "syncStates",
    subnets: "subnetMappings",
  },
  "aws:networkfirewall:vpcendpointassociation": {
    statuses: "vpcEndpointAssociationStatuses",
    states: "associationSyncStates",
    subnets: "subnetMapping",
  },
} as const;

/** The types of what has endpoints of a network firewall. */
export const firewallEndpointTypes: readonly ResourceType[] = Object.keys(holders);

/** Types that inspect packets: read where they inspect those of a zone that may reach the Internet, which the PHI zone may not. */
export const inspectionTypes: readonly ResourceType[] = [
  ...firewallEndpointTypes,
  "aws:networkfirewall:firewallpolicy",
  "aws:networkfirewall:loggingconfiguration",
  "aws:networkfirewall:rulegroup",
  "aws:networkfirewall:tlsinspectionconfiguration",
];

interface Attachment {
  readonly holder: Node;
  readonly subnet: Reading<unknown>;
}

/** The network firewalls of a stack, as next hops of routes. */
export class NetworkFirewalls {
  readonly #stack: AwsStack;
  readonly #policies: FirewallPolicies;
  readonly #byEndpoint = new Map<string, Attachment>();

  constructor(stack: AwsStack) {
    this.#stack = stack;
    this.#policies = new FirewallPolicies(stack.graph);
    for (const holder of stack.graph.ofType(...firewallEndpointTypes)) {
      const { statuses, states } = this.#keys(holder);
      for (const status of itemsOf(reading(holder.outputs[statuses]))) {
        for (const state of itemsOf(memberReading(recordOf(status), states))) {
          for (const attachment of itemsOf(memberReading(recordOf(state), "attachments"))) {
            const id = textOf(memberReading(recordOf(attachment), "endpointId"));
            const subnet = memberReading(recordOf(attachment), "subnetId");
            if (id.kind === "known") {
              this.#byEndpoint.set(id.value, { holder, subnet });
            }
          }
        }
      }
    }
  }

  #keys(holder: Node): (typeof holders)[keyof typeof holders] {
    return holder.resourceType === "aws:networkfirewall:firewall"
      ? holders["aws:networkfirewall:firewall"]
      : holders["aws:networkfirewall:vpcendpointassociation"];
  }

  /** What has the endpoint of a known id. */
  holderOf(endpoint: string): Node | undefined {
    return this.#byEndpoint.get(endpoint)?.holder;
  }

  /** Whether it is shown which endpoints a firewall, or what shares one, has. */
  showsEndpoints(holder: Node): boolean {
    return reading(holder.outputs[this.#keys(holder).statuses]).kind !== "absent";
  }

  /** What an endpoint of a firewall does with packets. */
  forwarder(holder: Node, endpoint: Reading<string>): Forwarder {
    const { graph } = this.#stack;
    const attachment = endpoint.kind === "known" ? this.#byEndpoint.get(endpoint.value) : undefined;
    const { subnets } = this.#keys(holder);
    const mappings =
      subnets === "subnetMapping"
        ? [recordOf(graph.read(holder, subnets))]
        : itemsOf(graph.read(holder, subnets)).map(recordOf);
    const ids =
      attachment === undefined
        ? mappings.map((mapping) => memberReading(mapping, "subnetId"))
        : [attachment.subnet];
    const firewall =
      holder.resourceType === "aws:networkfirewall:firewall"
        ? holder
        : ofArn(graph, holder, "firewallArn", graph.read(holder, "firewallArn"), [
            "aws:networkfirewall:firewall",
          ]);
    const policy = firewall === undefined ? undefined : this.#policies.policyOf(firewall);
    return {
      urn: holder.urn,
      label: labelOf(holder),
      onward: onwardFrom(ids.flatMap((id) => graph.referentsOf(holder, subnets, id, types.subnet))),
      uninspected: firewall === undefined ? undefined : this.#policies.uninspected(firewall),
      ...(policy === undefined
        ? {}
        : {
            unread: (from: readonly AddressRange[]) =>
              unreadBy(graph, policy, platformOf(this.#stack, holder), from),
          }),
      translatesToIpv4: false,
      assumption:
        firewall === undefined
          ? `of which firewall ${labelOf(holder)} is an endpoint is not in the stack`
          : undefined,
    };
  }
}

/** Where packets go on that leave by the subnets to which referents lead: all of them have to be in the stack. */
export function onwardFrom(referents: readonly Referent[]): Onward {
  const urns = referents.flatMap((referent) => (referent.kind === "resource" ? [referent.node.urn] : []));
  return urns.length === 0 || urns.length < referents.length
    ? { kind: "undetermined" }
    : { kind: "subnets", keys: [...new Set(urns)] };
}
