import type { Sketch } from "../stack-sketch";

import { textId, type Inputs, type Zone } from "./azure-base";
import {
  add,
  address,
  azure,
  generated,
  inPhiOrGateway,
  networkInterface,
  onBoth,
  onSubnets,
  pair,
  privateBalancer,
  publicAddress,
  publicBalancer,
  respell,
  setting,
  versioned,
} from "./azure-network-pieces";
import { amend } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** The load balancer as its own inputs name it, which cannot wait for the id that it will have. */
const itself = textId("Microsoft.Network/loadBalancers", "balancer");

const front = (balancer: string): Inputs => ({
  frontendIPConfiguration: { id: `${balancer}/frontendIPConfigurations/front` },
});
const pool = (balancer: string): Inputs => ({ id: `${balancer}/backendAddressPools/pool` });

/** A rule that balances 443 over the pool. */
function balancing(inputs: Inputs = {}): Inputs {
  return {
    name: "https",
    protocol: "Tcp",
    frontendPort: 443,
    backendPort: 443,
    ...front(itself),
    backendAddressPool: pool(itself),
    ...inputs,
  };
}

/** Puts an interface in a zone into the pool of a load balancer. */
function behind(stack: Sketch, balancer: string, zone: Zone, inputs: Inputs = {}): string {
  return networkInterface(stack, zone, {
    ipConfigurations: [
      address(stack, zone, { loadBalancerBackendAddressPools: [pool(balancer)], ...inputs }),
    ],
  });
}

/** A public load balancer with an interface in a zone behind it, and what else it says. */
function publicBefore(stack: Sketch, zone: Zone, more: Inputs): string {
  const balancer = publicBalancer(stack);
  amend(stack, "balancer", more);
  return behind(stack, balancer, zone);
}

function balancedIn(name: string, more: Inputs): CorpusCase {
  return inPhiOrGateway("ZE-12", name, (stack, zone) => publicBefore(stack, zone, more));
}

/** Names an interface of a zone by an address, as pools may. */
function byAddress(stack: Sketch, ipAddress: string): Inputs {
  return {
    name: "pool",
    loadBalancerBackendAddresses: [{ name: "first", ipAddress, virtualNetwork: { id: stack.id("vnet") } }],
  };
}

/** ZE-12: load balancers, by which what is behind them gets out. */
export const azureWaysOutOfBalancers: readonly CorpusCase[] = [
  ...[
    balancedIn("rules for what goes out, before which zone", {
      outboundRules: [
        {
          name: "out",
          protocol: "All",
          frontendIPConfigurations: [{ id: `${itself}/frontendIPConfigurations/front` }],
          backendAddressPool: pool(itself),
        },
      ],
    }),
    balancedIn("a public frontend whose rule does not say that nothing goes out, before which zone", {
      loadBalancingRules: [balancing()],
    }),
    balancedIn("a public frontend whose rule lets out, before which zone", {
      loadBalancingRules: [balancing({ disableOutboundSnat: false })],
    }),
    balancedIn("a public frontend whose rule lets nothing out, before which zone", {
      loadBalancingRules: [balancing({ disableOutboundSnat: true })],
    }),
    balancedIn("a public frontend without a rule, before which zone", {}),
    pair(
      "ZE-12",
      "a public frontend before PHI, or a private one",
      (stack) => {
        const balancer = publicBalancer(stack);
        amend(stack, "balancer", { loadBalancingRules: [balancing()] });
        return behind(stack, balancer, "phi");
      },
      (stack) => {
        const balancer = privateBalancer(stack, "phi");
        return behind(stack, balancer, "phi");
      },
    ),
    setting(
      "ZE-12",
      "a second frontend that is public before PHI, or none",
      (stack, isPublic) => {
        const balancer = privateBalancer(stack, "phi");
        if (isPublic) {
          const second = { name: "second", publicIPAddress: { id: publicAddress(stack) } };
          stack.change("balancer", (before) => ({
            ...before,
            frontendIPConfigurations: [
              ...((before["frontendIPConfigurations"] ?? []) as readonly Inputs[]),
              second,
            ],
          }));
        }
        return behind(stack, balancer, "phi");
      },
      true,
      false,
    ),
    inPhiOrGateway("ZE-12", "a port of a public frontend for one interface in which zone", (stack, zone) => {
      const balancer = publicBalancer(stack);
      amend(stack, "balancer", {
        inboundNatRules: [
          { name: "ssh", protocol: "Tcp", frontendPort: 50022, backendPort: 22, ...front(itself) },
        ],
      });
      return networkInterface(stack, zone, {
        ipConfigurations: [
          address(stack, zone, { loadBalancerInboundNatRules: [{ id: `${balancer}/inboundNatRules/ssh` }] }),
        ],
      });
    }),
  ].flatMap(onBoth),
  pair(
    "ZE-12",
    "a public frontend before an address of PHI's, or of the gateway's",
    (stack) => publicBalancer(stack, { backendAddressPools: [byAddress(stack, "10.0.3.7")] }),
    (stack) => publicBalancer(stack, { backendAddressPools: [byAddress(stack, "10.0.1.7")] }),
  ),
  setting(
    "ZE-12",
    "a pool of its own of a public load balancer, with an address of PHI's or of the gateway's",
    (stack, ipAddress) => {
      publicBalancer(stack, { backendAddressPools: undefined });
      return add(stack, azure("network", "LoadBalancerBackendAddressPool"), "own-pool", {
        loadBalancerName: "balancer",
        backendAddressPoolName: "pool",
        ...byAddress(stack, ipAddress),
      });
    },
    "10.0.3.7",
    "10.0.1.7",
  ),
  setting(
    "ZE-12",
    "a NAT rule of its own to a pool with an address of PHI's, or of the gateway's",
    (stack, ipAddress) => {
      const balancer = publicBalancer(stack, { backendAddressPools: [byAddress(stack, ipAddress)] });
      return add(stack, azure("network", "InboundNatRule"), "own-rule", {
        loadBalancerName: "balancer",
        inboundNatRuleName: "ssh",
        protocol: "Tcp",
        frontendPortRangeStart: 50000,
        frontendPortRangeEnd: 50099,
        backendPort: 22,
        ...front(balancer),
        backendAddressPool: pool(balancer),
      });
    },
    "10.0.3.7",
    "10.0.1.7",
  ),
  ...[
    versioned("network", "v20230401", "LoadBalancer"),
    generated("network", "v20240501", "LoadBalancer"),
  ].map((type) =>
    onSubnets(
      inPhiOrGateway("ZE-12", `a public frontend by ${type}, before which zone`, (stack, zone) => {
        publicBefore(stack, zone, { loadBalancingRules: [balancing()] });
        return respell(stack, "balancer", type);
      }),
    ),
  ),
];
