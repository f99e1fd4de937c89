import { addressRange, type AddressRange } from "../../address-range";
import { memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { Forwarder } from "../fact";

import { labelOf, types, type AzureStack } from "./azure-stack";
import type { Subnets } from "./subnets";
import { FirewallPolicies, firewallPolicyTypes } from "./firewall-policies";

/** Types that inspect packets, of Azure's. */
export const inspectionTypes: readonly ResourceType[] = [...types.firewall, ...firewallPolicyTypes];

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The firewalls of a stack, as next hops of routes. */
export class Firewalls {
  readonly #stack: AzureStack;
  readonly #policies: FirewallPolicies;
  readonly #subnets: () => Subnets;

  /** @param subnets gives the subnets, which routes are read before. */
  constructor(stack: AzureStack, subnets: () => Subnets) {
    this.#stack = stack;
    this.#policies = new FirewallPolicies(stack.graph);
    this.#subnets = subnets;
  }

  /**
   * The firewalls that stand, or may, at the address to which a route sends packets; `undefined`, where none does.
   *
   * @param key the property of the route's resource that holds the address, or of which it is a part.
   */
  at(route: Node, key: string, address: Reading<unknown>): readonly Forwarder[] | undefined {
    const { graph } = this.#stack;
    const all = graph.ofType(...types.firewall);
    const text = textOf(address);
    if (text.kind !== "known") {
      const origins = graph.origins(route, key, types.firewall);
      const found = origins.flatMap((origin) =>
        origin.kind === "resource" ? [this.#forwarder(origin.node, origin.assumed ? key : undefined)] : [],
      );
      return found.length === 0 ? undefined : found;
    }
    const standing = all.filter((firewall) => this.#addressesOf(firewall).includes(text.value));
    if (standing.length > 0) {
      return standing.map((firewall) => this.#forwarder(firewall, undefined));
    }
    // Nothing but firewalls may be in a firewall's subnet (Azure Firewall, "AzureFirewallSubnet").
    const one = addressRange(`${text.value}/32`);
    const near = all.filter(
      (firewall) =>
        one !== undefined &&
        this.#rangesOf(firewall).some(
          (range) => range.family === one.family && range.from <= one.from && range.to >= one.to,
        ),
    );
    return near.length === 0
      ? undefined
      : near.map((firewall) => this.#forwarder(firewall, near.length > 1 ? key : undefined));
  }

  /** The private addresses of a firewall, which the cloud gives it. */
  #addressesOf(firewall: Node): readonly string[] {
    const { outputs } = firewall;
    const inHub = memberReading(recordOf(reading(outputs["hubIPAddresses"])), "privateIPAddress");
    const text = textOf(inHub);
    return [
      ...textsIn(outputs["ipConfigurations"]),
      ...(text.kind === "known" ? [text.value] : []),
      // What a program makes of the outputs is one of their texts.
      ...Object.values(outputs).filter((value) => typeof value === "string"),
    ];
  }

  #rangesOf(firewall: Node): readonly AddressRange[] {
    return this.#subnets()
      .at(firewall, ["ipConfigurations", "subnet", "id"])
      .subnets.flatMap(({ knownRanges }) => knownRanges);
  }

  /** What a firewall does with packets: it sends on what it lets by from its own public addresses. */
  #forwarder(firewall: Node, key: string | undefined): Forwarder {
    const label = labelOf(firewall);
    return {
      urn: firewall.urn,
      label,
      onward: { kind: "internet" },
      uninspected: this.#policies.uninspected(firewall),
      translatesToIpv4: false,
      assumption: key === undefined ? undefined : `\`${key}\` may name ${label}, or something else`,
    };
  }
}
