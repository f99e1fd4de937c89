import type { Sketch } from "../stack-sketch";
import {
  aws,
  give,
  instance,
  native,
  nativeTags,
  pair,
  prefixList,
  quietGroup,
  type Change,
  type Inputs,
} from "./aws-network-pieces";
import type { CorpusCase } from "./corpus-case";

/** Inputs that may name what is in the stack, or what they add to it. */
type Said = (stack: Sketch) => Inputs;

/** What one case says that is wrong, and what it says that is right. */
type Row = readonly [name: string, bad: Said, good: Said];

function rows(id: string, list: readonly Row[], put: (said: Said) => Change): readonly CorpusCase[] {
  return list.map(([name, bad, good]) => pair(id, name, put(bad), put(good)));
}

/** PHI's subnet of the base: what goes there has not left. */
const inside = "10.0.3.0/24";
const processing = "10.0.2.0/24";
const halves = ["0.0.0.0/1", "128.0.0.0/1"] as const;
const https: Inputs = { protocol: "tcp", fromPort: 443, toPort: 443 };
const all: Inputs = { protocol: "-1", fromPort: 0, toPort: 0 };

/** Cases of an inline rule of the PHI zone's group. */
const inline: readonly CorpusCase[] = [
  ...rows(
    "AE-01",
    [
      [
        "inline: everything to everywhere, or no rule",
        () => ({ egress: [{ ...all, cidrBlocks: ["0.0.0.0/0"] }] }),
        () => ({ egress: [] }),
      ],
      [
        "inline: 443 to everywhere, or to PHI's subnet",
        () => ({ egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }] }),
        () => ({ egress: [{ ...https, cidrBlocks: [inside] }] }),
      ],
      [
        "inline: both halves of the Internet, or of PHI's subnet",
        () => ({ egress: [{ ...https, cidrBlocks: halves }] }),
        () => ({ egress: [{ ...https, cidrBlocks: ["10.0.3.0/25", "10.0.3.128/25"] }] }),
      ],
      [
        "inline: the second rule of two lets out, or neither",
        () => ({
          egress: [
            { ...https, self: true },
            { ...https, cidrBlocks: ["198.51.100.7/32"] },
          ],
        }),
        () => ({
          egress: [
            { ...https, self: true },
            { ...https, cidrBlocks: ["10.0.3.7/32"] },
          ],
        }),
      ],
      [
        "inline: the second address of two is outside, or neither",
        () => ({ egress: [{ ...https, cidrBlocks: [inside, "203.0.113.0/24"] }] }),
        () => ({ egress: [{ ...https, cidrBlocks: [inside, "10.0.3.64/26"] }] }),
      ],
      [
        "inline: all of IPv6, or the group itself",
        () => ({ egress: [{ ...all, ipv6CidrBlocks: ["::/0"] }] }),
        () => ({ egress: [{ ...all, self: true }] }),
      ],
      [
        "inline: the IPv6 Internet as 2000::/3, or the group itself",
        () => ({ egress: [{ ...https, ipv6CidrBlocks: ["2000::/3"] }] }),
        () => ({ egress: [{ ...https, self: true }] }),
      ],
      [
        "inline: a prefix list that holds everything, or PHI's subnet",
        (stack) => ({ egress: [{ ...https, prefixListIds: [prefixList(stack, ["0.0.0.0/0"])] }] }),
        (stack) => ({ egress: [{ ...https, prefixListIds: [prefixList(stack, [inside])] }] }),
      ],
      [
        "inline: to the processing zone's group, or the group itself",
        (stack) => ({ egress: [{ ...https, securityGroups: [stack.id("processing-group")] }] }),
        () => ({ egress: [{ ...https, self: true }] }),
      ],
      [
        "inline: to the VPC, which has other zones, or PHI's subnet",
        () => ({ egress: [{ ...https, cidrBlocks: ["10.0.0.0/16"] }] }),
        () => ({ egress: [{ ...https, cidrBlocks: [inside] }] }),
      ],
      [
        "inline: names to a resolver in processing, or in PHI",
        () => ({ egress: [{ protocol: "udp", fromPort: 53, toPort: 53, cidrBlocks: ["10.0.2.53/32"] }] }),
        () => ({ egress: [{ protocol: "udp", fromPort: 53, toPort: 53, cidrBlocks: ["10.0.3.53/32"] }] }),
      ],
      [
        "inline: pings to everywhere, or to PHI's subnet",
        () => ({ egress: [{ protocol: "icmp", fromPort: 8, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }] }),
        () => ({ egress: [{ protocol: "icmp", fromPort: 8, toPort: 0, cidrBlocks: [inside] }] }),
      ],
    ],
    (said) => (stack) => give(stack, "phi-group", said(stack)),
  ),
  ...rows(
    "AE-01",
    [
      [
        "inline: in from everywhere, or from the processing zone",
        () => ({ ingress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }] }),
        (stack) => ({ ingress: [{ ...https, securityGroups: [stack.id("processing-group")] }] }),
      ],
    ],
    (said) => (stack) => give(stack.remove("phi-from-processing"), "phi-group", said(stack)),
  ),
];

const nowhere: Inputs = { ipProtocol: "-1", cidrIp: "127.0.0.1/32" };

/** Cases of a group of `aws-native`: without a rule out, what AWS makes of a new group lets everything out. */
const nativeGroups: readonly CorpusCase[] = rows(
  "AE-01",
  [
    [
      "native group: everything to everywhere, or to nowhere",
      () => ({ securityGroupEgress: [{ ipProtocol: "-1", cidrIp: "0.0.0.0/0" }] }),
      () => ({ securityGroupEgress: [nowhere] }),
    ],
    [
      "native group: no rule, which leaves that of AWS, or one that leads nowhere",
      () => ({}),
      () => ({ securityGroupEgress: [nowhere] }),
    ],
    [
      "native group: an empty list, which leaves the rule of AWS, or the rule that CDK writes for none",
      () => ({ securityGroupEgress: [] }),
      () => ({
        securityGroupEgress: [
          { ipProtocol: "icmp", fromPort: 252, toPort: 86, cidrIp: "255.255.255.255/32" },
        ],
      }),
    ],
    [
      "native group: all of IPv6, or PHI's subnet",
      () => ({ securityGroupEgress: [{ ipProtocol: "-1", cidrIpv6: "::/0" }] }),
      () => ({ securityGroupEgress: [{ ipProtocol: "-1", cidrIp: inside }] }),
    ],
    [
      "native group: both halves of the Internet, or of PHI's subnet",
      () => ({ securityGroupEgress: halves.map((cidrIp) => ({ ipProtocol: "-1", cidrIp })) }),
      () => ({
        securityGroupEgress: ["10.0.3.0/25", "10.0.3.128/25"].map((cidrIp) => ({ ipProtocol: "-1", cidrIp })),
      }),
    ],
    [
      "native group: to the processing zone's group, or PHI's",
      (stack) => ({
        securityGroupEgress: [
          {
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
            destinationSecurityGroupId: stack.id("processing-group"),
          },
        ],
      }),
      (stack) => ({
        securityGroupEgress: [
          {
            ipProtocol: "tcp",
            fromPort: 443,
            toPort: 443,
            destinationSecurityGroupId: stack.id("phi-group"),
          },
        ],
      }),
    ],
    [
      "native group: a prefix list that holds everything, or PHI's subnet",
      (stack) => ({
        securityGroupEgress: [
          { ipProtocol: "-1", destinationPrefixListId: prefixList(stack, ["0.0.0.0/0"]) },
        ],
      }),
      (stack) => ({
        securityGroupEgress: [{ ipProtocol: "-1", destinationPrefixListId: prefixList(stack, [inside]) }],
      }),
    ],
  ],
  (said) => (stack) =>
    stack.add(native("ec2", "SecurityGroup"), "native-group", {
      groupDescription: "PHI",
      vpcId: stack.id("vpc"),
      tags: nativeTags("phi"),
      ...said(stack),
    }),
);

/** A group that says no zone, on an instance in PHI; the rules out of it are what the case adds. */
function groupInUse(stack: Sketch): string {
  const group = quietGroup(stack);
  instance(stack, "phi", { vpcSecurityGroupIds: [group] });
  return group;
}

const nativeGroupInUse: readonly CorpusCase[] = rows(
  "AE-01",
  [
    [
      "native group without a zone on an instance in PHI: no rule, or one that leads nowhere",
      () => ({}),
      () => ({ securityGroupEgress: [nowhere] }),
    ],
  ],
  (said) => (stack) => {
    const group = stack.add(native("ec2", "SecurityGroup"), "native-group", {
      groupDescription: "a stranger's",
      vpcId: stack.id("vpc"),
      ...said(stack),
    });
    return instance(stack, "phi", { vpcSecurityGroupIds: [group] });
  },
);

const tcp443: Inputs = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

const standalone: readonly CorpusCase[] = [
  ...rows(
    "AE-02",
    [
      [
        "rule: 443 to everywhere, or to PHI's subnet",
        () => ({ ...tcp443, cidrIpv4: "0.0.0.0/0" }),
        () => ({ ...tcp443, cidrIpv4: inside }),
      ],
      [
        "rule: all protocols though it names a port, or 443 alone within PHI",
        () => ({ ipProtocol: "-1", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" }),
        () => ({ ...tcp443, cidrIpv4: "10.0.3.128/25" }),
      ],
      [
        "rule: all of IPv6, or PHI's own group",
        () => ({ ...tcp443, cidrIpv6: "::/0" }),
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "rule: the IPv6 Internet as 2000::/3, or PHI's own group",
        () => ({ ...tcp443, cidrIpv6: "2000::/3" }),
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "rule: a prefix list that holds everything, or PHI's subnet",
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, ["0.0.0.0/0"]) }),
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, [inside]) }),
      ],
      [
        "rule: a prefix list that holds both halves of the Internet, or of PHI's subnet",
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, halves) }),
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, ["10.0.3.0/25", "10.0.3.128/25"]) }),
      ],
      [
        "rule: a prefix list that holds all of IPv6, or PHI's subnet",
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, ["::/0"], "IPv6") }),
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, [inside]) }),
      ],
      [
        "rule: a prefix list that nobody knows, or PHI's subnet",
        () => ({ ...tcp443, prefixListId: "pl-0123456789abcdef0" }),
        (stack) => ({ ...tcp443, prefixListId: prefixList(stack, [inside]) }),
      ],
      [
        "rule: to the processing zone's group, or PHI's own",
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("processing-group") }),
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "rule: to the gateway's group, or PHI's own",
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("gateway-group") }),
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "rule: to a group that nobody knows, or PHI's own",
        () => ({ ...tcp443, referencedSecurityGroupId: "sg-0123456789abcdef0" }),
        (stack) => ({ ...tcp443, referencedSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "rule: to one host in processing, or in PHI",
        () => ({ ...tcp443, cidrIpv4: "10.0.2.10/32" }),
        () => ({ ...tcp443, cidrIpv4: "10.0.3.10/32" }),
      ],
      [
        "rule: to a block that holds PHI's subnet and processing's, or PHI's alone",
        () => ({ ...tcp443, cidrIpv4: "10.0.2.0/23" }),
        () => ({ ...tcp443, cidrIpv4: inside }),
      ],
      [
        "rule: high ports to processing as if they were replies, or within PHI",
        () => ({ ipProtocol: "tcp", fromPort: 1024, toPort: 65535, cidrIpv4: processing }),
        () => ({ ipProtocol: "tcp", fromPort: 1024, toPort: 65535, cidrIpv4: inside }),
      ],
    ],
    (said) => (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: stack.id("phi-group"),
        ...said(stack),
      }),
  ),
  pair(
    "AE-02",
    "two rules: both halves of the Internet, or of PHI's subnet",
    (stack) => {
      halves.forEach((cidrIpv4, index) =>
        stack.add(aws("vpc", "SecurityGroupEgressRule"), `out-${String(index)}`, {
          securityGroupId: stack.id("phi-group"),
          ...tcp443,
          cidrIpv4,
        }),
      );
    },
    (stack) => {
      ["10.0.3.0/25", "10.0.3.128/25"].forEach((cidrIpv4, index) =>
        stack.add(aws("vpc", "SecurityGroupEgressRule"), `out-${String(index)}`, {
          securityGroupId: stack.id("phi-group"),
          ...tcp443,
          cidrIpv4,
        }),
      );
    },
  ),
  pair(
    "AE-02",
    "rule from PHI to processing, or from processing to PHI",
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: stack.id("phi-group"),
        ...tcp443,
        cidrIpv4: processing,
      }),
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: stack.id("processing-group"),
        ...tcp443,
        cidrIpv4: inside,
      }),
  ),
  pair(
    "AE-02",
    "rule of PHI's group that leads out, or the same that leads in",
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "rule", {
        securityGroupId: stack.id("phi-group"),
        ...tcp443,
        cidrIpv4: processing,
      }),
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupIngressRule"), "rule", {
        securityGroupId: stack.id("phi-group"),
        ...tcp443,
        cidrIpv4: processing,
      }),
  ),
  pair(
    "AE-02",
    "rule of a group without a zone that an instance in PHI has",
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: groupInUse(stack),
        ...tcp443,
        cidrIpv4: "0.0.0.0/0",
      }),
    (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: groupInUse(stack),
        ...tcp443,
        cidrIpv4: inside,
      }),
  ),
  ...rows(
    "AE-02",
    [
      [
        "native rule: everything to everywhere, or to PHI's subnet",
        () => ({ ipProtocol: "-1", cidrIp: "0.0.0.0/0" }),
        () => ({ ipProtocol: "-1", cidrIp: inside }),
      ],
      [
        "native rule: all of IPv6, or PHI's subnet",
        () => ({ ...tcp443, cidrIpv6: "::/0" }),
        () => ({ ...tcp443, cidrIp: inside }),
      ],
      [
        "native rule: to the processing zone's group, or PHI's own",
        (stack) => ({ ...tcp443, destinationSecurityGroupId: stack.id("processing-group") }),
        (stack) => ({ ...tcp443, destinationSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "native rule: a prefix list that holds everything, or PHI's subnet",
        (stack) => ({ ...tcp443, destinationPrefixListId: prefixList(stack, ["0.0.0.0/0"]) }),
        (stack) => ({ ...tcp443, destinationPrefixListId: prefixList(stack, [inside]) }),
      ],
    ],
    (said) => (stack) =>
      stack.add(native("ec2", "SecurityGroupEgress"), "out", {
        groupId: stack.id("phi-group"),
        ...said(stack),
      }),
  ),
  ...rows(
    "AE-02",
    [
      [
        "rule with a native prefix list that holds everything, or PHI's subnet",
        () => ({ entries: [{ cidr: "0.0.0.0/0" }] }),
        () => ({ entries: [{ cidr: inside }] }),
      ],
    ],
    (said) => (stack) =>
      stack.add(aws("vpc", "SecurityGroupEgressRule"), "out", {
        securityGroupId: stack.id("phi-group"),
        ...tcp443,
        prefixListId: stack.add(native("ec2", "PrefixList"), "list", {
          prefixListName: "list",
          addressFamily: "IPv4",
          maxEntries: 10,
          ...said(stack),
        }),
      }),
  ),
];

const legacy: readonly CorpusCase[] = [
  ...rows(
    "AE-03",
    [
      [
        "legacy rule: out to everywhere, or to PHI's subnet",
        () => ({ type: "egress", ...all, cidrBlocks: ["0.0.0.0/0"] }),
        () => ({ type: "egress", ...all, cidrBlocks: [inside] }),
      ],
      [
        "legacy rule: out to both halves of the Internet, or of PHI's subnet",
        () => ({ type: "egress", ...https, cidrBlocks: halves }),
        () => ({ type: "egress", ...https, cidrBlocks: ["10.0.3.0/25", "10.0.3.128/25"] }),
      ],
      [
        "legacy rule: out to one address among those of PHI, or none",
        () => ({ type: "egress", ...https, cidrBlocks: [inside, "192.0.2.1/32"] }),
        () => ({ type: "egress", ...https, cidrBlocks: [inside] }),
      ],
      [
        "legacy rule: out to all of IPv6, or to the group itself",
        () => ({ type: "egress", ...https, ipv6CidrBlocks: ["::/0"] }),
        () => ({ type: "egress", ...https, self: true }),
      ],
      [
        "legacy rule: out to a prefix list that holds everything, or PHI's subnet",
        (stack) => ({ type: "egress", ...https, prefixListIds: [prefixList(stack, ["0.0.0.0/0"])] }),
        (stack) => ({ type: "egress", ...https, prefixListIds: [prefixList(stack, [inside])] }),
      ],
      [
        "legacy rule: out to the processing zone's group, or PHI's own",
        (stack) => ({ type: "egress", ...https, sourceSecurityGroupId: stack.id("processing-group") }),
        (stack) => ({ type: "egress", ...https, sourceSecurityGroupId: stack.id("phi-group") }),
      ],
      [
        "legacy rule: processing's group as where it leads, or where it comes from",
        (stack) => ({ type: "egress", ...https, sourceSecurityGroupId: stack.id("processing-group") }),
        (stack) => ({ type: "ingress", ...https, sourceSecurityGroupId: stack.id("processing-group") }),
      ],
      [
        "legacy rule: in from everywhere, or from processing's subnet",
        () => ({ type: "ingress", ...https, cidrBlocks: ["0.0.0.0/0"] }),
        () => ({ type: "ingress", ...https, cidrBlocks: [processing] }),
      ],
      [
        "legacy rule: in from all of IPv6, or from processing's subnet",
        () => ({ type: "ingress", ...https, ipv6CidrBlocks: ["::/0"] }),
        () => ({ type: "ingress", ...https, cidrBlocks: [processing] }),
      ],
    ],
    (said) => (stack) =>
      stack.add(aws("ec2", "SecurityGroupRule"), "legacy", {
        securityGroupId: stack.id("phi-group"),
        ...said(stack),
      }),
  ),
  pair(
    "AE-03",
    "legacy rule of PHI's group towards processing, or of processing's towards PHI",
    (stack) =>
      stack.add(aws("ec2", "SecurityGroupRule"), "legacy", {
        type: "egress",
        ...https,
        securityGroupId: stack.id("phi-group"),
        sourceSecurityGroupId: stack.id("processing-group"),
      }),
    (stack) =>
      stack.add(aws("ec2", "SecurityGroupRule"), "legacy", {
        type: "egress",
        ...https,
        securityGroupId: stack.id("processing-group"),
        sourceSecurityGroupId: stack.id("phi-group"),
      }),
  ),
  pair(
    "AE-03",
    "legacy rule of a group without a zone that an instance in PHI has",
    (stack) =>
      stack.add(aws("ec2", "SecurityGroupRule"), "legacy", {
        type: "egress",
        ...all,
        cidrBlocks: ["0.0.0.0/0"],
        securityGroupId: groupInUse(stack),
      }),
    (stack) =>
      stack.add(aws("ec2", "SecurityGroupRule"), "legacy", {
        type: "egress",
        ...all,
        self: true,
        securityGroupId: groupInUse(stack),
      }),
  ),
];

/** AE-01 to AE-03: rules of the security groups that are meant for a PHI zone. */
export const waysOutOfFilters: readonly CorpusCase[] = [
  ...inline,
  ...nativeGroups,
  ...nativeGroupInUse,
  ...standalone,
  ...legacy,
];
