import { unknownText, type Sketch } from "../stack-sketch";

import { gcpBaseOfNetworks } from "./gcp-base";
import { gcp, machine, pair, setting, silentResolver } from "./gcp-network-pieces";
import { amend, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** A machine in the network of PHI, so that there is something that asks for names. */
function asking(stack: Sketch): Sketch {
  machine(stack, "phi", { serviceAccount: undefined });
  return stack;
}

/** The same, in a network whose resolver answers nothing but what the stack says. */
function silent(stack: Sketch, network = "phi-vpc"): Sketch {
  return silentResolver(asking(stack), stack.id(network));
}

function nameCase(
  name: string,
  bad: (stack: Sketch) => unknown,
  good: (stack: Sketch) => unknown = silent,
): CorpusCase {
  return { ...pair("GE-18", name, bad, good), base: gcpBaseOfNetworks };
}

/** The rule that answers every name says something else. */
function answerCase(name: string, bad: Inputs, good: Inputs): CorpusCase {
  return nameCase(
    name,
    (stack) => amend(silent(stack), "no-name", bad),
    (stack) => amend(silent(stack), "no-name", good),
  );
}

const data = (name: string, type = "A", rrdatas: readonly string[] = ["240.0.0.1"]): Inputs => ({
  localDatas: [{ name, type, ttl: 300, rrdatas }],
});

const sinkhole: readonly CorpusCase[] = [
  nameCase("names that nobody guards", asking),
  nameCase("names that are guarded in another network", (stack) => silent(stack, "vpc")),
  nameCase("a policy of names that is in force nowhere", (stack) =>
    amend(silent(stack), "names", { networks: [] }),
  ),
  nameCase("a policy of names of which nobody knows where it is in force", (stack) =>
    amend(silent(stack), "names", { networks: unknownText }),
  ),
  nameCase("a policy of names without a rule", (stack) => silent(stack).remove("no-name")),
  nameCase(
    "a policy of names that is in force in two networks, or not in PHI's",
    (stack) => amend(silent(stack), "names", { networks: [{ networkUrl: stack.id("vpc") }] }),
    (stack) =>
      amend(silent(stack), "names", {
        networks: [
          { networkUrl: "projects/hospital-ai/global/networks/vpc" },
          { networkUrl: `${stack.id("phi-vpc")}.selfLink` },
        ],
      }),
  ),
  answerCase(
    "a rule for one name instead of all",
    { dnsName: "example.com.", localData: data("example.com.") },
    { dnsName: "*." },
  ),
  answerCase(
    "a rule for all names of one kind",
    { dnsName: "*.com.", localData: data("*.com.") },
    { localData: data("*.", "A", ["240.0.0.2"]) },
  ),
  answerCase(
    "a rule that lets every name pass",
    { behavior: "bypassResponsePolicy", localData: undefined },
    { behavior: undefined },
  ),
  answerCase(
    "a rule of which nobody knows what it does",
    { behavior: unknownText, localData: undefined },
    { behavior: undefined },
  ),
  answerCase("a rule for a name that nobody knows", { dnsName: unknownText }, { dnsName: "*." }),
  answerCase(
    "a rule of another policy of names",
    { responsePolicy: "elsewhere" },
    { responsePolicy: "names" },
  ),
];

/** Lets one name past the policy. */
function bypass(stack: Sketch, dnsName: string): Sketch {
  silent(stack).add(gcp("dns", "ResponsePolicyRule"), "past", {
    responsePolicy: "names",
    ruleName: "past",
    dnsName,
    behavior: "bypassResponsePolicy",
  });
  return stack;
}

/** Names of the stack's own, in the network of PHI. */
function privateZone(stack: Sketch, more: Inputs = {}, network = "phi-vpc"): Sketch {
  const said: Inputs = {
    name: "inner",
    dnsName: "inner.clinic.example.",
    visibility: "private",
    privateVisibilityConfig: { networks: [{ networkUrl: stack.id(network) }] },
    ...more,
  };
  stack.add(
    gcp("dns", "ManagedZone"),
    "inner",
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  );
  return stack;
}

const own = "*.inner.clinic.example.";

const passes: readonly CorpusCase[] = [
  nameCase("a name that is let past, and that is nobody's", (stack) => bypass(stack, "*.example.com.")),
  nameCase(
    "names that are let past: a stranger's besides the stack's own, or those alone",
    (stack) => {
      privateZone(bypass(stack, own)).add(gcp("dns", "ResponsePolicyRule"), "past-too", {
        responsePolicy: "names",
        ruleName: "past-too",
        dnsName: "tunnel.example.com.",
        behavior: "bypassResponsePolicy",
      });
    },
    (stack) => privateZone(bypass(stack, own)),
  ),
  nameCase(
    "the stack's own names let past, in a zone of another network or of this one",
    (stack) => privateZone(bypass(stack, own), {}, "vpc"),
    (stack) => privateZone(bypass(stack, own)),
  ),
  nameCase(
    "the stack's own names let past, in a zone that the world sees or that is private",
    (stack) => privateZone(bypass(stack, own), { visibility: undefined, privateVisibilityConfig: undefined }),
    (stack) => privateZone(bypass(stack, own)),
  ),
  nameCase(
    "more than the stack's own names let past",
    (stack) => privateZone(bypass(stack, "*.clinic.example.")),
    (stack) => privateZone(bypass(stack, own)),
  ),
  nameCase(
    "names let past of which nobody knows which",
    (stack) => privateZone(bypass(stack, unknownText)),
    (stack) => privateZone(bypass(stack, own)),
  ),
];

/** Who else is asked for names. */
const forwarders: readonly CorpusCase[] = [
  ...(
    [
      [
        "forwards names to a server of others",
        { forwardingConfig: { targetNameServers: [{ ipv4Address: "198.51.100.53" }] } },
      ],
      [
        "forwards names to a server in a private network",
        {
          forwardingConfig: {
            targetNameServers: [{ ipv4Address: "172.16.0.53", forwardingPath: "private" }],
          },
        },
      ],
      [
        "forwards names to a server by its name",
        { forwardingConfig: { targetNameServers: [{ domainName: "dns.example.com" }] } },
      ],
      [
        "leaves names to another network",
        {
          peeringConfig: { targetNetwork: { networkUrl: "projects/somebody-else/global/networks/theirs" } },
        },
      ],
      [
        "forwards all names",
        { dnsName: ".", forwardingConfig: { targetNameServers: [{ ipv4Address: "198.51.100.53" }] } },
      ],
      ["forwards, nobody knows to whom", { forwardingConfig: unknownText }],
    ] as const
  ).flatMap(([name, more]) => [
    nameCase(
      `a zone of PHI's network ${name}`,
      (stack) => privateZone(silent(stack), more),
      (stack) => privateZone(silent(stack)),
    ),
    nameCase(
      `a zone ${name}, of PHI's network or of the others'`,
      (stack) => privateZone(silent(stack), more),
      (stack) => privateZone(silent(stack), more, "vpc"),
    ),
  ]),
  ...(
    [
      [
        "sends every question to a server of others",
        {
          alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: "198.51.100.53" }] },
        },
      ],
      ["answers questions from elsewhere", { enableInboundForwarding: true }],
      ["answers questions from elsewhere, or nobody knows", { enableInboundForwarding: unknownText }],
    ] as const
  ).map(([name, more]) => {
    const policy = (stack: Sketch, inputs: Inputs): string =>
      silent(stack).add(gcp("dns", "Policy"), "resolver", {
        name: "resolver",
        enableLogging: true,
        networks: [{ networkUrl: stack.id("phi-vpc") }],
        ...inputs,
      });
    return nameCase(
      `a policy of PHI's network that ${name}`,
      (stack) => policy(stack, more),
      (stack) => policy(stack, { enableInboundForwarding: false }),
    );
  }),
  {
    ...setting(
      "GE-18",
      "a policy that sends every question to others, of PHI's network or of the others'",
      (stack, network) =>
        silent(stack).add(gcp("dns", "Policy"), "resolver", {
          name: "resolver",
          networks: [{ networkUrl: stack.id(network) }],
          alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: "198.51.100.53" }] },
        }),
      "phi-vpc",
      "vpc",
    ),
    base: gcpBaseOfNetworks,
  },
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to names: row GE-18. */
export const gcpWaysOutOfNames: readonly CorpusCase[] = [...sinkhole, ...passes, ...forwarders];
