import { describe, expect, it } from "vitest";

import type { Finding } from "../../policy-pack/finding";
import { judge } from "../../policy-pack/judge";
import { noWaivers } from "../../policy-pack/waivers";

import { declaringProviders, type SaidProvider } from "./declared-platform";
import { Sketch, unknownText, type Knowledge } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

interface Cloud {
  readonly cloud: string;
  /** Where tags stand. */
  readonly tags: "tags" | "labels";
  /** What leads to the Internet, by its kind. */
  readonly ways: Readonly<Record<string, readonly [type: string, inputs: Inputs]>>;
  /** The ways that are addresses, with a load balancer that has one. */
  readonly fronts: Readonly<Record<string, readonly [type: string, inputs: (address: unknown) => Inputs]>>;
}

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const clouds: readonly Cloud[] = [
  {
    cloud: "AWS",
    tags: "tags",
    ways: {
      "a NAT gateway": ["aws:ec2/natGateway:NatGateway", { connectivityType: "public" }],
      "an egress-only gateway": [
        "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
        { vpcId: "vpc-1" },
      ],
      "an address": ["aws:ec2/eip:Eip", { domain: "vpc" }],
    },
    fronts: {
      "an address": [
        "aws:lb/loadBalancer:LoadBalancer",
        (allocationId) => ({ subnetMappings: [{ subnetId: "subnet-1", allocationId }] }),
      ],
    },
  },
  {
    cloud: "Azure",
    tags: "tags",
    ways: {
      "a NAT gateway": ["azure-native:network:NatGateway", { natGatewayName: "way" }],
      "an address": ["azure-native:network:PublicIPAddress", { publicIpAddressName: "way" }],
      "a block of addresses": ["azure-native:network:PublicIPPrefix", { publicIpPrefixName: "way" }],
    },
    fronts: {
      "an address": [
        "azure-native:network:ApplicationGateway",
        (id) => ({
          applicationGatewayName: "front",
          frontendIPConfigurations: [{ name: "front", publicIPAddress: { id } }],
        }),
      ],
    },
  },
  {
    cloud: "Google Cloud",
    tags: "labels",
    ways: {
      "a Cloud NAT": ["gcp:compute/routerNat:RouterNat", { name: "way", router: "router" }],
      "an address": ["gcp:compute/address:Address", { name: "way", addressType: "EXTERNAL" }],
      "a global address": ["gcp:compute/globalAddress:GlobalAddress", { name: "way" }],
    },
    fronts: {
      "an address": [
        "gcp:compute/forwardingRule:ForwardingRule",
        (ipAddress) => ({ name: "front", ipAddress, loadBalancingScheme: "EXTERNAL_MANAGED" }),
      ],
      "a global address": [
        "gcp:compute/globalForwardingRule:GlobalForwardingRule",
        (ipAddress) => ({ name: "front", ipAddress, loadBalancingScheme: "EXTERNAL_MANAGED" }),
      ],
    },
  },
];

const openai: SaidProvider = {
  id: "openai",
  kind: "external",
  hosts: ["api.openai.com"],
  onFinding: { "gpt-5": "block" },
  agreement: null,
};

/** Stacks in which platforms are declared, each with an external provider. */
const stacks = {
  none: (knowledge: Knowledge) => new Sketch(knowledge),
  one: (knowledge: Knowledge) => declaringProviders(new Sketch(knowledge), [openai]),
  two: (knowledge: Knowledge) => {
    const stack = stacks.one(knowledge);
    const [first] = stack.resources();
    if (first === undefined) {
      throw new Error("no platform is declared");
    }
    stack.addRaw({
      ...first,
      urn: first.urn.replace(/bulkhead$/, "other"),
      name: "other",
      inputs: {},
      outputs: { ...first.outputs, platform: "other" },
      custom: false,
      computed: [],
    });
    return stack;
  },
};

const ofLoadBalancer = { "bulkhead-load-balancer": "edge" } as const;

/** What the rule says of the resource `way`. */
function saidOf(stack: Sketch, knowledge: Knowledge): readonly Finding[] {
  return judge(stack.resources(), {
    dryRun: knowledge === "preview",
    waivers: { ...noWaivers, today: "2026-11-30" },
  }).findings.filter(({ rule, urn }) => rule === "internet-egress-is-inspected" && urn.endsWith("::way"));
}

const cases = clouds.flatMap(({ cloud, tags, ways, fronts }) =>
  knowledges.flatMap((knowledge) =>
    Object.entries(ways).map(([what, [type, inputs]]) => ({
      cloud,
      knowledge,
      what,
      front: fronts[what],
      tagged: (said: Inputs): Inputs => ({ [tags]: said }),
      add: (stack: Sketch, said: Inputs): string =>
        stack.add(type, "way", { ...inputs, ...(Object.keys(said).length === 0 ? {} : { [tags]: said }) }),
    })),
  ),
);

describe.each(cases)("$what on $cloud, $knowledge", ({ knowledge, front, add, tagged }) => {
  const said = (platforms: keyof typeof stacks, tags: Inputs): readonly string[] => {
    const stack = stacks[platforms](knowledge);
    add(stack, tags);
    return saidOf(stack, knowledge).map(
      ({ level, summary }) => `${level}: ${summary.replace(/^.*?, and /, "")}`,
    );
  };
  const ofNone =
    "mandatory: nothing says of which platform of the stack it is, so that it is in the egress zone of none.";

  it("is nobody's beside two platforms, unless it says of which it is", () => {
    expect(said("two", {})).toEqual([ofNone]);
    expect(said("two", { "bulkhead-zone": "egress" })).toEqual([ofNone]);
    expect(said("two", { "bulkhead-zone": "egress", "bulkhead-platform": "somebody's" })).toEqual([ofNone]);
    expect(said("two", { "bulkhead-zone": "egress", "bulkhead-platform": unknownText })).toEqual([ofNone]);
    expect(said("two", { "bulkhead-zone": "egress", "bulkhead-platform": "other" })).toEqual([]);
    expect(said("two", { "bulkhead-platform": "other" })).toEqual([
      "mandatory: is not in the egress zone of platform other, by which alone anything leaves.",
    ]);
  });

  it("is the one platform's beside one, and nobody's business beside none", () => {
    expect(said("one", {})).toEqual([
      "mandatory: is not in the egress zone of platform bulkhead, by which alone anything leaves.",
    ]);
    expect(said("one", { "bulkhead-zone": "egress" })).toEqual([]);
    expect(said("none", {})).toEqual([]);
  });

  it("is not excused by the load balancer's tag", () => {
    expect(said("one", ofLoadBalancer)).toHaveLength(1);
    expect(said("two", ofLoadBalancer)).toEqual([ofNone]);
  });

  if (front !== undefined) {
    const [type, inputs] = front;
    const behind = (addressTags: Inputs, frontTags: Inputs, address?: unknown): readonly Finding[] => {
      const stack = stacks.one(knowledge);
      const id = add(stack, addressTags);
      stack.add(type, "front", { ...inputs(address ?? id), ...tagged(frontTags) });
      return saidOf(stack, knowledge);
    };

    it("is excused where a load balancer has it, and both say so", () => {
      expect(behind(ofLoadBalancer, ofLoadBalancer)).toEqual([]);
    });

    it("is not excused where one of them says nothing, or the load balancer has another or one that is not known", () => {
      expect(behind({ "bulkhead-zone": "gateway" }, ofLoadBalancer)).toHaveLength(1);
      expect(behind(ofLoadBalancer, { "bulkhead-zone": "gateway" })).toHaveLength(1);
      expect(behind(ofLoadBalancer, ofLoadBalancer, "another")).toHaveLength(1);
      expect(behind(ofLoadBalancer, ofLoadBalancer, unknownText)).toHaveLength(1);
    });
  }
});

describe.each(knowledges)("a proxy that sends on to the Internet on Google Cloud, %s", (knowledge) => {
  const said = (platforms: keyof typeof stacks, labels: Inputs): readonly string[] => {
    const stack = stacks[platforms](knowledge);
    stack.add("gcp:networkservices/gateway:Gateway", "way", {
      name: "way",
      type: "SECURE_WEB_GATEWAY",
      labels,
    });
    return saidOf(stack, knowledge).map(({ level }) => level);
  };

  it("is refused beside platforms, whatever its label says", () => {
    expect(said("two", {})).toEqual(["mandatory"]);
    expect(said("two", ofLoadBalancer)).toEqual(["mandatory"]);
    expect(said("one", ofLoadBalancer)).toEqual(["mandatory"]);
  });
});
