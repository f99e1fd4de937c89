import { describe, expect, it } from "vitest";

import type { Filter } from "../../../policy-pack/facts/fact";
import { noFacts } from "../../../policy-pack/facts/no-facts";
import { Reachability } from "../../../policy-pack/reachability";
import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { googleEntrance, inGoogleZone, type Inputs } from "./entrance";
import { readStackOf } from "./trail-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const frontEnds = ["130.211.0.0/22", "35.191.0.0/16"];

/** The entrance, what is behind it, and a firewall that lets Google's front ends in on 443. */
function entrance(stack: Sketch): Sketch {
  googleEntrance(stack);
  amend(stack, "entrance", inGoogleZone("gateway", { "bulkhead-load-balancer": "edge" }));
  stack.add("gcp:compute/firewall:Firewall", "let-in", {
    name: "let-in",
    network: "vpc",
    direction: "INGRESS",
    sourceRanges: frontEnds,
    allows: [{ protocol: "tcp", ports: ["443"] }],
  });
  return stack;
}

describe.each(knowledges)("a load balancer as a filter, %s", (knowledge) => {
  const read = (
    change: Change,
  ): {
    readonly all: readonly Filter[];
    readonly behind: readonly Filter[];
    readonly reachability: Reachability;
  } => {
    const stack = entrance(new Sketch(knowledge));
    change(stack);
    const { filters, classes } = readStackOf(stack);
    return {
      all: filters.all,
      behind: classes.all,
      reachability: new Reachability({ ...noFacts, interfaceFilters: [...filters.all, ...classes.all] }),
    };
  };
  const ports = (change: Change): readonly string[] =>
    read(change).all.flatMap(({ ingress }) =>
      ingress.map(
        ({ protocols, ports: { from, to }, assumption }) =>
          `${assumption === undefined ? "" : "perhaps "}${String(protocols.from)} ${String(from)}-${String(to - 1)}`,
      ),
    );
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);

  it("is the load balancer of the model, which the world reaches and which reaches what is behind it", () => {
    const { all, behind, reachability } = read(() => undefined);
    expect(all.map(({ label, kind, peer, zone }) => [label, kind, peer, zone])).toEqual([
      ["GlobalForwardingRule entrance", "load balancer", "load-balancer", "gateway"],
    ]);
    const [balancer] = all;
    const [target, ...others] = behind.filter((filter) =>
      balancer?.egress.some(({ remote }) => remote.kind === "filter" && remote.filter === filter),
    );
    if (balancer === undefined || target === undefined) {
      throw new Error("no filter");
    }
    expect(others).toEqual([]);
    expect(
      reachability.openTo(balancer, "ingress").map(({ portFrom, portTo }) => [portFrom, portTo]),
    ).toEqual(expect.arrayContaining([[443, 444]]));
    const channel = reachability.channel(balancer, target, true);
    expect(new Set(channel.map(({ portFrom, portTo }) => `${String(portFrom)} ${String(portTo)}`))).toEqual(
      new Set(["443 444"]),
    );
    const position = reachability.positions.find(({ filters }) => filters.includes(balancer));
    expect(position === undefined ? undefined : reachability.outside(position, "egress")).toEqual([]);
  });

  it("reaches nothing behind a firewall that does not let Google's front ends in", () => {
    const { all, behind, reachability } = read(of("let-in", { sourceRanges: ["10.0.0.0/8"] }));
    const channels = behind.flatMap((filter) =>
      all.flatMap((balancer) => reachability.channel(balancer, filter)),
    );
    expect(channels).toEqual([]);
  });

  it("takes what its ports say", () => {
    expect(ports(() => undefined)).toEqual(["6 443-443"]);
    expect(ports(of("entrance", { portRange: "443-445" }))).toEqual(["6 443-445"]);
    expect(ports(of("entrance", { portRange: unknownText }))).toEqual(["perhaps 6 0-65535"]);
    expect(ports(of("proxy", { quicOverride: "ENABLE" }))).toEqual(["6 443-443", "17 443-443"]);
    expect(ports(of("proxy", { quicOverride: unknownText }))).toEqual(["6 443-443", "perhaps 17 443-443"]);
  });

  it("sends on to any port where nothing says which", () => {
    const sent = (change: Change): readonly string[] =>
      read(change).all.flatMap(({ egress }) =>
        egress.map((rule) => `${String(rule.ports.from)}-${String(rule.ports.to - 1)}`),
      );
    expect(sent(() => undefined)).toEqual(["443-443"]);
    expect(sent(of("endpoints", { defaultPort: undefined }))).toEqual(["0-65535"]);
    expect(sent(of("endpoints", { defaultPort: 8443 }))).toEqual(["8443-8443"]);
  });

  it("sends on to the port of machines that the service calls by its name, and to any where it may be another", () => {
    const managers = "projects/hospital-ai/zones/us-central1-a/instanceGroups/machines";
    const sent = (manager: Inputs, service: Inputs, more: Change = () => undefined): readonly string[] =>
      read((stack) => {
        const template = stack.add("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", "template", {
          name: "template",
          networkInterfaces: [{ subnetwork: stack.id("gateway-subnet") }],
        });
        stack.add("gcp:compute/instanceGroupManager:InstanceGroupManager", "machines", {
          name: "machines",
          zone: "us-central1-a",
          versions: [{ instanceTemplate: template }],
          ...manager,
        });
        amend(stack, "gateway-service", { backends: [{ group: managers }], ...service });
        more(stack);
      }).all.flatMap(({ egress }) =>
        egress
          .map(({ ports: { from, to }, remote }) => `${remote.kind} ${String(from)}-${String(to - 1)}`)
          .sort(),
      );
    const named = { namedPorts: [{ name: "platform", port: 443 }] };
    const called = { portName: "platform" };
    const any = ["filter 0-65535"];
    expect(sent(named, called)).toEqual(["filter 443-443"]);
    expect(sent({ namedPorts: [{ name: "other", port: 80 }, ...named.namedPorts] }, called)).toEqual([
      "filter 443-443",
    ]);
    expect(sent({ namedPorts: [...named.namedPorts, { name: "platform", port: 8443 }] }, called)).toEqual([
      "filter 443-443",
      "filter 8443-8443",
    ]);
    // What is said nowhere, or may be something else, is every port.
    expect(sent({}, called)).toEqual(any);
    expect(sent(named, {})).toEqual(any);
    expect(sent(named, { portName: "other" })).toEqual(any);
    expect(sent(named, { portName: unknownText })).toEqual(any);
    expect(sent({ namedPorts: unknownText }, called)).toEqual(any);
    expect(sent({ namedPorts: [{ name: "platform", port: unknownText }] }, called)).toEqual(any);
    expect(sent({ namedPorts: [...named.namedPorts, { name: unknownText, port: 80 }] }, called)).toEqual(any);
    const besides =
      (port: Inputs): Change =>
      (stack) =>
        stack.add("gcp:compute/instanceGroupNamedPort:InstanceGroupNamedPort", "besides", {
          zone: "us-central1-a",
          ...port,
        });
    expect(sent(named, called, besides({ group: managers, name: "platform", port: 22 }))).toEqual([
      "filter 22-22",
      "filter 443-443",
    ]);
    expect(sent(named, called, besides({ group: unknownText, name: "platform", port: 22 }))).toEqual([
      "filter 22-22",
      "filter 443-443",
    ]);
    expect(sent(named, called, besides({ group: managers, name: "other", port: 22 }))).toEqual([
      "filter 443-443",
    ]);
  });

  it("sends on to the workload whose subnet it is, and not to whatever else is in the network", () => {
    const account = "serviceaccount";
    const { all } = read((stack) => {
      const email = stack.add("gcp:serviceaccount/account:Account", account, { accountId: account });
      amend(stack, "let-in", { targetServiceAccounts: [`${email}.email`] });
      stack.add("gcp:compute/firewall:Firewall", "others", {
        name: "others",
        network: "vpc",
        direction: "INGRESS",
        sourceRanges: frontEnds,
        allows: [{ protocol: "tcp" }],
      });
      stack.addRaw({
        urn: "urn:pulumi:test::bulkhead::stranger:index:Part::peers",
        type: "stranger:index:Part",
        name: "peers",
        inputs: {},
        outputs: {
          peerMembers: {
            "workload/ai-gateway": [
              `urn:pulumi:test::bulkhead::gcp:serviceaccount/account:Account::${account}`,
              "urn:pulumi:test::bulkhead::gcp:compute/subnetwork:Subnetwork::gateway-subnet",
            ],
          },
        },
        custom: false,
        parent: undefined,
        computed: [],
      });
    });
    const peers = all.flatMap(({ egress }) =>
      egress.map(({ remote }) => (remote.kind === "filter" ? remote.filter.peer : "anything")),
    );
    expect(peers).toEqual(["workload/ai-gateway"]);
  });

  it("is nobody's where it is in no zone, or passes packets on", () => {
    expect(read(of("entrance", { labels: undefined })).all).toEqual([]);
    expect(read(of("entrance", { target: "projects/other/global/targetHttpsProxies/theirs" })).all).toEqual(
      [],
    );
  });

  it("within a network stands where its proxies are, and the world does not reach it", () => {
    const { all, reachability } = read((stack) => {
      stack.add("gcp:compute/subnetwork:Subnetwork", "proxies", {
        name: "proxies",
        network: "vpc",
        region: "us-central1",
        purpose: "REGIONAL_MANAGED_PROXY",
        ipCidrRange: "10.0.9.0/24",
      });
      const target = stack.add("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", "inner-proxy", {
        name: "inner-proxy",
        region: "us-central1",
        urlMap: stack.id("paths"),
      });
      stack.add("gcp:compute/forwardingRule:ForwardingRule", "inner", {
        name: "inner",
        ...inGoogleZone("processing"),
        region: "us-central1",
        loadBalancingScheme: "INTERNAL_MANAGED",
        network: "vpc",
        target,
        portRange: "443",
      });
    });
    const inner = all.find(({ label }) => label === "ForwardingRule inner");
    if (inner === undefined) {
      throw new Error("no filter");
    }
    expect(inner.peer).toBeUndefined();
    expect(inner.network.label).toBe("Network vpc");
    expect(reachability.rangesOf(inner)).toEqual([{ family: "ipv4", from: 0x0a000900, to: 0x0a000a00 }]);
    expect(reachability.openTo(inner, "ingress")).toEqual([]);
  });
});
