import type { Sketch } from "../stack-sketch";
import { aws, native, nativeTags, ownNetwork, pair, type Change, type Inputs } from "./aws-network-pieces";
import { inZone, type CorpusCase } from "./corpus-case";

const processing = "10.0.2.0/24";
const halves = ["0.0.0.0/1", "128.0.0.0/1"] as const;
const https: Inputs = { protocol: "tcp", fromPort: 443, toPort: 443 };
const anything: Inputs = { protocol: "-1", fromPort: 0, toPort: 0 };
const replies: Inputs = { protocol: "tcp", fromPort: 1024, toPort: 65535, cidrBlock: processing };
const anywhere: Inputs = { cidrBlock: "0.0.0.0/0" };

/** What one case has that is wrong, and what it has that is right: entries of one NACL. */
type Row = readonly [name: string, bad: readonly Inputs[], good: readonly Inputs[]];

/**
 * Takes the security groups of the PHI zone away. What filters let out together decides, so that a group that lets
 * nothing out would excuse any NACL.
 */
function withoutGroups(stack: Sketch): Sketch {
  ["phi-group", "processing-to-phi", "phi-from-processing"].forEach((name) => stack.remove(name));
  return stack;
}

/** A NACL of the PHI zone on its subnet that lets in 443 from processing. */
function acl(stack: Sketch, inputs: Inputs = {}): string {
  withoutGroups(stack);
  const networkAclId = stack.add(aws("ec2", "NetworkAcl"), "acl", {
    vpcId: stack.id("vpc"),
    tags: inZone("phi"),
    ...inputs,
  });
  stack.add(aws("ec2", "NetworkAclAssociation"), "acl-association", {
    networkAclId,
    subnetId: stack.id("phi-subnet"),
  });
  return networkAclId;
}

/** Entries of a NACL of the PHI zone as resources of their own. */
function entries(list: readonly Inputs[]): Change {
  return (stack) => {
    const networkAclId = acl(stack);
    [
      { ruleNumber: 100, ruleAction: "allow", ...https, cidrBlock: processing, egress: false },
      ...list,
    ].forEach((entry, index) =>
      stack.add(aws("ec2", "NetworkAclRule"), `acl-${String(index)}`, { networkAclId, ...entry }),
    );
  };
}

const out: Inputs = { ruleNumber: 100, ruleAction: "allow", egress: true };
const reply: Inputs = { ...out, ...replies };

const entryRows: readonly Row[] = [
  ["NACL: everything out, or the reply", [{ ...out, protocol: "-1", ...anywhere }], [reply]],
  [
    "NACL: 443 out to everywhere, or in from processing",
    [{ ...out, ...https, ...anywhere }],
    [{ ruleNumber: 110, ruleAction: "allow", ...https, cidrBlock: processing }],
  ],
  [
    "NACL: both halves of the Internet, or the reply in both halves of processing",
    halves.map((cidrBlock, index) => ({ ...out, ruleNumber: 100 + index, protocol: "-1", cidrBlock })),
    ["10.0.2.0/25", "10.0.2.128/25"].map((cidrBlock, index) => ({
      ...reply,
      ruleNumber: 100 + index,
      cidrBlock,
    })),
  ],
  [
    "NACL: all of IPv6 allowed out, or denied",
    [{ ...out, protocol: "-1", ipv6CidrBlock: "::/0" }],
    [{ ...out, ruleAction: "deny", protocol: "-1", ipv6CidrBlock: "::/0" }],
  ],
  [
    "NACL: high ports to all of IPv6, or to processing",
    [{ ...out, protocol: "tcp", fromPort: 1024, toPort: 65535, ipv6CidrBlock: "2000::/3" }],
    [reply],
  ],
  [
    "NACL: every protocol to processing, or TCP on the ports of replies",
    [{ ...out, protocol: "-1", cidrBlock: processing }],
    [reply],
  ],
  [
    "NACL: 443 to processing, or the ports of replies",
    [{ ...out, ...https, cidrBlock: processing }],
    [reply],
  ],
  [
    "NACL: all ports to processing, or those of replies",
    [{ ...reply, fromPort: 0 }],
    [{ ...reply, fromPort: 32768 }],
  ],
  ["NACL: UDP to processing, or TCP", [{ ...reply, protocol: "udp" }], [reply]],
  ["NACL: the reply to everywhere, or to processing", [{ ...reply, ...anywhere }], [reply]],
  [
    "NACL: the reply to the VPC with its other zones, or to one host in processing",
    [{ ...reply, cidrBlock: "10.0.0.0/16" }],
    [{ ...reply, cidrBlock: "10.0.2.10/32" }],
  ],
  [
    "NACL: a number for the protocol, everywhere or as the reply",
    [{ ...out, protocol: "6", fromPort: 443, toPort: 443, ...anywhere }],
    [{ ...reply, protocol: "6" }],
  ],
  [
    "NACL: the deny comes after what it should deny, or before",
    [
      { ...out, protocol: "-1", ...anywhere },
      { ...out, ruleNumber: 200, ruleAction: "deny", protocol: "-1", ...anywhere },
    ],
    [
      { ...out, protocol: "-1", ...anywhere },
      { ...out, ruleNumber: 90, ruleAction: "deny", protocol: "-1", ...anywhere },
    ],
  ],
  [
    "NACL: the deny forgets that it is about egress, or says so",
    [
      { ...out, protocol: "-1", ...anywhere },
      { ruleNumber: 90, ruleAction: "deny", protocol: "-1", ...anywhere },
    ],
    [
      { ...out, protocol: "-1", ...anywhere },
      { egress: true, ruleNumber: 90, ruleAction: "deny", protocol: "-1", ...anywhere },
    ],
  ],
  [
    "NACL: the deny covers half of what is allowed, or all",
    [
      { ...out, protocol: "-1", ...anywhere },
      { ...out, ruleNumber: 90, ruleAction: "deny", protocol: "-1", cidrBlock: "128.0.0.0/1" },
    ],
    [
      { ...out, protocol: "-1", ...anywhere },
      { ...out, ruleNumber: 90, ruleAction: "deny", protocol: "-1", cidrBlock: "128.0.0.0/1" },
      { ...out, ruleNumber: 91, ruleAction: "deny", protocol: "-1", cidrBlock: "0.0.0.0/1" },
    ],
  ],
];

/** A NACL of `aws-native` on PHI's subnet, which has no entries of its own, with an entry. */
function nativeAcl(stack: Sketch, entry: Inputs): unknown {
  withoutGroups(stack);
  const networkAclId = stack.add(native("ec2", "NetworkAcl"), "acl", {
    vpcId: stack.id("vpc"),
    tags: nativeTags("phi"),
  });
  stack.add(native("ec2", "SubnetNetworkAclAssociation"), "acl-association", {
    networkAclId,
    subnetId: stack.id("phi-subnet"),
  });
  return stack.add(aws("ec2", "NetworkAclRule"), "acl-out", { networkAclId, ...entry });
}

/** An inline entry: of everything, but for what its range says. */
function entry(ruleNo: number, action: "allow" | "deny", range: Inputs): Inputs {
  return { ruleNo, action, ...anything, ...range };
}

const inlineReply = entry(100, "allow", replies);

const inlineRows: readonly Row[] = [
  ["everything out, or the reply", [entry(100, "allow", anywhere)], [inlineReply]],
  [
    "both halves of the Internet, or the reply",
    halves.map((cidrBlock, index) => entry(100 + index, "allow", { cidrBlock })),
    [inlineReply],
  ],
  [
    "all of IPv6 out beside the reply, or not",
    [inlineReply, entry(110, "allow", { ipv6CidrBlock: "::/0" })],
    [inlineReply],
  ],
  [
    "443 to processing, or denied",
    [entry(100, "allow", { ...https, cidrBlock: processing })],
    [entry(100, "deny", { ...https, cidrBlock: processing })],
  ],
  [
    "the deny has the last number, or the first, whatever the order of the list",
    [entry(200, "deny", anywhere), entry(100, "allow", anywhere)],
    [entry(200, "allow", anywhere), entry(100, "deny", anywhere)],
  ],
];

const inline: readonly CorpusCase[] = [
  ...inlineRows.map(([name, bad, good]) =>
    pair(
      "AE-07",
      `inline NACL: ${name}`,
      (stack) => acl(stack, { egress: bad }),
      (stack) => acl(stack, { egress: good }),
    ),
  ),
  pair(
    "AE-07",
    "inline NACL that names its subnets itself",
    (stack) =>
      withoutGroups(stack).add(aws("ec2", "NetworkAcl"), "acl", {
        vpcId: stack.id("vpc"),
        tags: inZone("phi"),
        subnetIds: [stack.id("phi-subnet")],
        egress: [entry(100, "allow", { ...https, ...anywhere })],
      }),
    (stack) =>
      withoutGroups(stack).add(aws("ec2", "NetworkAcl"), "acl", {
        vpcId: stack.id("vpc"),
        tags: inZone("phi"),
        subnetIds: [stack.id("phi-subnet")],
        egress: [inlineReply],
      }),
  ),
  pair(
    "AE-07",
    "native NACL on PHI's subnet with an entry out",
    (stack) => nativeAcl(stack, { ...out, protocol: "-1", ...anywhere }),
    (stack) => nativeAcl(stack, reply),
  ),
];

/** The default NACL of a network of PHI's own, with the entries given, and no others. */
function adopted(stack: Sketch, inputs: Inputs): unknown {
  const network = ownNetwork(stack, "phi");
  return stack.remove("own-group").add(aws("ec2", "DefaultNetworkAcl"), "default-acl", {
    defaultNetworkAclId: `${network}.defaultNetworkAclId`,
    tags: inZone("phi"),
    ...inputs,
  });
}

const defaults: readonly CorpusCase[] = [
  ...inlineRows.map(([name, bad, good]) =>
    pair(
      "AE-06",
      `default NACL refilled: ${name}`,
      (stack) => adopted(stack, { egress: bad }),
      (stack) => adopted(stack, { egress: good }),
    ),
  ),
  pair(
    "AE-06",
    "default NACL refilled both ways, or emptied",
    (stack) =>
      adopted(stack, {
        egress: [entry(100, "allow", anywhere)],
        ingress: [entry(100, "allow", anywhere)],
      }),
    (stack) => adopted(stack, {}),
  ),
  pair(
    "AE-06",
    "default NACL refilled: in from the world, or from processing",
    (stack) => adopted(stack, { ingress: [entry(100, "allow", anywhere)] }),
    (stack) => adopted(stack, { ingress: [entry(100, "allow", { ...https, cidrBlock: processing })] }),
  ),
];

/** AE-06 and AE-07: entries of the NACLs of a PHI zone, where all that may leave is the reply to processing. */
export const waysOutOfAcls: readonly CorpusCase[] = [
  ...defaults,
  ...entryRows.map(([name, bad, good]) => pair("AE-07", name, entries(bad), entries(good))),
  ...inline,
];
