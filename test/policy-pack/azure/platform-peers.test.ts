import { expect, it } from "vitest";

import { nsgRule, type Inputs } from "../corpus/azure-base";
import { judge } from "../judge-on-a-day";
import { ownGroup, Sketch } from "../stack-sketch";

const peers = {
  "rag-service": { tag: "bulkhead-workload", value: "rag-service", block: "10.0.2.0/27" },
  secrets: { tag: "bulkhead-platform-service", value: "secrets", block: "10.0.2.32/27" },
  logs: { tag: "bulkhead-platform-service", value: "logs metrics", block: "10.0.2.64/27" },
} as const;

type Peer = keyof typeof peers;

const https = { protocol: "Tcp", destinationPortRange: "443" };

function between(direction: "Inbound" | "Outbound", to: Peer, priority: number): Inputs {
  return nsgRule(`rag-to-${to}`, priority, direction, "Allow", {
    ...https,
    sourceAddressPrefix: peers["rag-service"].block,
    destinationAddressPrefix: peers[to].block,
  });
}

/** A platform of one workload, each peer in a subnet of its own, with the flows that it declares. */
function platform(ragRules: readonly Inputs[]): Sketch {
  const stack = new Sketch("deployed");
  const rulesOf: Readonly<Record<Peer, readonly Inputs[]>> = {
    "rag-service": ragRules,
    secrets: [between("Inbound", "secrets", 100)],
    logs: [between("Inbound", "logs", 100)],
  };
  const subnets = (Object.keys(peers) as Peer[]).map((peer) => {
    const { tag, value, block } = peers[peer];
    const id = stack.add("azure-native:network:NetworkSecurityGroup", `${peer}-nsg`, {
      resourceGroupName: ownGroup,
      networkSecurityGroupName: `${peer}-nsg`,
      tags: { "bulkhead-platform": "hospital", "bulkhead-zone": "processing", [tag]: value },
      securityRules: [
        ...rulesOf[peer],
        nsgRule("deny-out", 4096, "Outbound", "Deny"),
        nsgRule("deny-in", 4096, "Inbound", "Deny"),
      ],
    });
    return {
      name: peer,
      addressPrefix: block,
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Enabled",
      networkSecurityGroup: { id },
    };
  });
  stack.add("azure-native:network:VirtualNetwork", "vnet", {
    resourceGroupName: ownGroup,
    virtualNetworkName: "vnet",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets,
  });
  const flows = ["identity", "secrets", "logs", "metrics"].map((to) => ({
    from: "workload/rag-service",
    to: `platform-service/${to}`,
    protocol: "tcp",
    port: 443,
    transport: "provider-tls+iam",
  }));
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::bulkhead:index:Platform::hospital",
    type: "bulkhead:index:Platform",
    name: "hospital",
    inputs: {},
    outputs: {
      platform: "hospital",
      cloud: "azure",
      workloads: [{ id: "rag-service", zone: "processing" }],
      flows,
      controlPlane: [],
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

const tokens = nsgRule("tokens", 120, "Outbound", "Allow", {
  protocol: "Tcp",
  destinationPortRange: "80",
  destinationAddressPrefix: "AzurePlatformIMDS",
});
const noTokens = nsgRule("no-tokens", 120, "Outbound", "Deny", {
  destinationAddressPrefix: "AzurePlatformIMDS",
});
const services = [between("Outbound", "secrets", 100), between("Outbound", "logs", 110)];

function connectionsOf(stack: Sketch): readonly string[] {
  return judge(stack.resources(), { dryRun: false }).connections.map(
    ({ from, to, protocol, port }) => `${from} to ${to} ${protocol} ${port}`,
  );
}

function undeclared(stack: Sketch): readonly string[] {
  return judge(stack.resources(), { dryRun: false })
    .findings.filter(({ rule }) => rule === "zones-reach-only-declared-peers")
    .map(({ level, summary }) => `${level}: ${summary}`);
}

it("the matrix of a platform holds the connections that its groups open, tokens of the host among them", () => {
  expect(connectionsOf(platform([...services, tokens]))).toEqual([
    "workload/rag-service to platform-service/identity tcp 443",
    "workload/rag-service to platform-service/logs tcp 443",
    "workload/rag-service to platform-service/metrics tcp 443",
    "workload/rag-service to platform-service/secrets tcp 443",
  ]);
  expect(undeclared(platform([...services, tokens]))).toEqual([]);
});

it("a flow that is denied is missed, and what is open and no flow is refused", () => {
  expect(undeclared(platform([...services, noTokens]))).toEqual([
    "advisory: workload/rag-service to platform-service/identity is declared, and no filter lets it pass.",
  ]);
  const more = nsgRule("more", 130, "Outbound", "Allow", {
    ...https,
    destinationAddressPrefix: "10.0.9.0/27",
  });
  expect(undeclared(platform([...services, tokens, more]))).toEqual([
    "mandatory: workload/rag-service may open a connection that no flow declares.",
  ]);
});
