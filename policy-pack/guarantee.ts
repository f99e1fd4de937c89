import { hipaa, nist800207, nist80053, type Framework } from "./framework";
import type { RuleName } from "./rule-name";
import { ruleNamed } from "./rules";

/** Something that a platform promises, and of which rules show whether a stack keeps it. */
export interface Guarantee {
  /** A short name that stays the same even if the guarantee gets another title. */
  readonly id: `G-${number}`;
  readonly title: string;
  /** The rules that show it: it is kept where each of them is. */
  readonly rules: readonly [RuleName, ...RuleName[]];
  /** The paragraphs that it serves, besides those of its rules. */
  readonly more: readonly Framework[];
  /** What resources of a stack do not show of it, in plain sentences. */
  readonly notShown: readonly [string, ...string[]];
}

/** What holds of every guarantee, because resources are all that is read. */
export const alwaysNotShown: readonly string[] = [
  "Drift: what somebody changes by hand, or another program, after what was judged here.",
  "Other stacks: what is not in this stack and not read by it.",
  "Administrators: whoever may change the account's policies, keys and trails may undo what is shown.",
  "The cloud itself: no cloud was asked, and that its services do what their settings say is taken on trust.",
];

export const guarantees: readonly Guarantee[] = [
  {
    id: "G-1",
    title: "Nothing leaves the PHI zone",
    rules: ["phi-zone-has-no-egress"],
    more: [nist80053("AC-4")],
    notShown: [
      "What a client that may read a store does with what it has read.",
      "Copies that code makes: a function or a task that reads a store and writes elsewhere is seen by its packets alone.",
      "Link-local addresses of the cloud's own (metadata, resolver, time), which on AWS and on Google Cloud no filter divides from what runs in a zone.",
    ],
  },
  {
    id: "G-2",
    title: "No name carries data out of the PHI zone",
    rules: ["phi-zone-resolver-is-closed"],
    more: [],
    notShown: [
      "The queries that were asked.",
      "Firewalls, response policies and forwarding rules that another stack associates with the same network.",
    ],
  },
  {
    id: "G-3",
    title: "The PHI zone and its stores admit only the clients that are declared",
    rules: ["phi-zone-admits-only-processing"],
    more: [nist80053("AC-3"), nist80053("AC-6")],
    notShown: [
      "Whether a request that reaches a store should have been allowed: that is decided for each request, and G-13 shows that it is.",
      "What other policies of the account, or of folders and the organisation above a project, give. HealthLake has no policy of its own, so that the account's hold its public API.",
      "Who is in a group or a domain that is let in, and what an access level that is not in the stack asks.",
      "Names of documents, which whom the account permits it may list past the endpoint, unless the platform names who deploys it.",
    ],
  },
  {
    id: "G-4",
    title: "Zones reach only what is declared, and the Internet reaches only the load balancer",
    rules: ["zones-reach-only-declared-peers"],
    more: [nist80053("SC-7"), nist80053("SC-7(5)"), nist800207("Section 3.1.2")],
    notShown: [
      "Whether a declared flow is needed.",
      "What is sent in a connection that is declared: prompts for external providers are read by the egress guard, and no others.",
      "Whether a web firewall at the entrance blocks what it should: no rule judges it yet.",
    ],
  },
  {
    id: "G-5",
    title: "What leaves for the Internet is inspected, and goes to declared providers alone",
    rules: ["internet-egress-is-inspected", "llm-providers-have-agreements"],
    more: [],
    notShown: [
      "How well an inspection finds what it looks for, and whether its rules are kept up to date.",
      "Without TLS inspection a firewall sees names, which a client can forge.",
      "Whether an agreement was signed, and what is in it: its days are what the platform file, or the configuration, says.",
      "APIs of models that are in no list: what answers under a name that nobody knows for one is told from nothing else.",
      "What was found in prompts, and whether all of it was: the egress guard's records show what it decided.",
    ],
  },
  {
    id: "G-6",
    title: "Both ends of a connection are known, and what is sent is encrypted",
    rules: ["flows-require-mtls"],
    more: [],
    notShown: [
      "Mutual TLS between workloads: it is declared, and resources do not show it. Only hops that are listed as evidence are shown.",
      "TLS policies of the cloud's own services behind private endpoints.",
      "Who signed in: that is decided at run time, by a provider of sign-ins outside of the stack.",
    ],
  },
  {
    id: "G-7",
    title: "Certificates are short-lived, renewed and signed by an authority",
    rules: ["certificates-rotate"],
    more: [],
    notShown: [
      "Certificates that the stack only names, such as one of Certificate Manager by its ARN or its name.",
      "Who has a copy of a private key.",
      "Whether a renewal succeeded.",
    ],
  },
  {
    id: "G-8",
    title: "Platform services and stores are reached by private endpoints alone",
    rules: ["platform-services-are-private"],
    more: [nist80053("AC-4")],
    notShown: [
      "Whether a service of the cloud honours the policy of its endpoint, or the perimeter around it.",
      "HealthLake's public API, which the account's own policies hold.",
    ],
  },
  {
    id: "G-9",
    title: "Who did what is recorded, and records are kept",
    rules: ["traffic-is-audited"],
    more: [],
    notShown: [
      "That anybody reads the records: 45 CFR 164.308(a)(1)(ii)(D), Information system activity review.",
      "Records of what workloads decide and answer, beyond the log groups that are there for them.",
      "Whether customer-managed keys are as they should be: no rule judges the policies of keys of records yet.",
    ],
  },
  {
    id: "G-10",
    title: "What names no filter and no routes falls into what lets nothing pass",
    rules: ["network-defaults-are-sealed"],
    more: [],
    notShown: [
      "Defaults of a network that is not in the stack.",
      "Switches of the account or an organisation, but for those that are in the stack.",
    ],
  },
  {
    id: "G-11",
    title: "What is in the PHI zone is known and understood",
    rules: ["resources-are-understood", "zone-assignment"],
    more: [],
    notShown: [
      "Whether something that is in no zone holds PHI all the same: the tags and the configuration are believed.",
      "A risk analysis: a list of what is understood is a part of one at most.",
    ],
  },
  {
    id: "G-12",
    title: "What is let pass all the same has an owner, a reason and an end",
    rules: ["waivers-are-in-order"],
    more: [],
    notShown: [
      "Whether a reason is a good one, and whether its owner knows of it.",
      "Waivers of the run that counts, where this one was given another file.",
    ],
  },
  {
    id: "G-13",
    title: "Every request from the gateway is decided about before it goes on",
    rules: ["requests-are-decided"],
    more: [nist80053("AC-6"), hipaa("164.312(d)")],
    notShown: [
      "What was decided: who asks, and from which device, is known when a request comes, and is recorded then.",
      "Whether the identity provider says who somebody is rightly, and whether roles have no more than they need.",
      "What a policy of the hospital's own comes to: its text is told to the decision points as it is written.",
      "The programs of the decision point and of the gateway of tools: their images are named by digests, and not looked into.",
      "Tool calls: the gateway of tools asks about each itself, and no proxy sees that.",
    ],
  },
];

/** The paragraphs that a guarantee serves: those of its rules, and its own, each once. */
export function frameworksOf({ rules, more }: Guarantee): readonly Framework[] {
  const all = [...rules.flatMap((name) => ruleNamed(name).frameworks), ...more];
  return [
    ...new Map(all.map((framework) => [`${framework.name} ${framework.reference}`, framework])).values(),
  ];
}

/** What no guarantee speaks of, and a reader may look for. */
export const notShownByReport: readonly string[] = [
  "Encryption at rest with customer-managed keys: 45 CFR 164.312(a)(2)(iv), Encryption and decryption. The platform renders it; no rule judges it yet.",
  "Web firewalls, and the TLS policies of what the judge does not read as a hop.",
  "What is decided at run time: the records of decisions show it. 45 CFR 164.312(a)(2)(i), (ii) and (iii) on users, emergency access and logoff.",
  "What the inspection of prompts and answers finds, and what a model does with PHI.",
  "Integrity of records: 45 CFR 164.312(c)(1) and (e)(2)(i); backup and recovery: 45 CFR 164.308(a)(7).",
  "All that is no configuration: policies and procedures, people, training, sanctions, incidents, contracts with business associates (45 CFR 164.308, 164.314, 164.316) and physical safeguards (45 CFR 164.310).",
];

/** What a compliance view is, and is not. */
export const disclaimer =
  "This is evidence of configuration, read from the resources of one stack. It is no certification, no attestation and no legal advice. There is no certification of HIPAA compliance that the Department of Health and Human Services recognises; whether an organisation complies is for it, and for those who advise it, to establish. A control that is listed here is served by what is shown, and not met by it alone.";
