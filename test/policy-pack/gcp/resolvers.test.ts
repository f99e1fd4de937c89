import { describe, expect, it } from "vitest";

import type { Network } from "../../../policy-pack/facts/fact";
import { closedResolvers } from "../../../policy-pack/facts/gcp/resolver-safeguards";
import { amend } from "../corpus/changed-case";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import type { Inputs } from "./entrance";
import { networkType, readStackOf, zoneMembers } from "./trail-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const answered = [{ name: "*.", type: "A", ttl: 300, rrdatas: ["240.0.0.1"] }];
const open = "its resolver answers every name: no response policy of the stack is in force on it";
const ending =
  "its response policy has no rule for every name, and what no rule names is asked of the Internet";
const another = "its response policy may be another than the one that answers every name itself";
const passing = "a rule of its response policy passes on names that somebody else may answer for";

/** A network that holds PHI, with a policy that answers every name itself, and passes on those of its own zone. */
function closed(stack: Sketch): Sketch {
  const network = stack.add(networkType, "phi", { name: "phi", autoCreateSubnetworks: false });
  zoneMembers(stack, { phi: [`${networkType}::phi`] });
  const policy = stack.add("gcp:dns/responsePolicy:ResponsePolicy", "sinkhole", {
    responsePolicyName: "sinkhole",
    networks: [{ networkUrl: `${network}.selfLink` }],
  });
  stack.add("gcp:dns/responsePolicyRule:ResponsePolicyRule", "every-name", {
    ruleName: "every-name",
    responsePolicy: `${policy}.responsePolicyName`,
    dnsName: "*.",
    localData: { localDatas: answered },
  });
  stack.add("gcp:dns/responsePolicyRule:ResponsePolicyRule", "own-names", {
    ruleName: "own-names",
    responsePolicy: policy,
    dnsName: "*.hospital.example.",
    behavior: "bypassResponsePolicy",
  });
  stack.add("gcp:dns/managedZone:ManagedZone", "own", {
    name: "own",
    dnsName: "hospital.example.",
    visibility: "private",
    privateVisibilityConfig: { networks: [{ networkUrl: network }] },
  });
  return stack;
}

describe.each(knowledges)("the resolver of a network on Google Cloud, %s", (knowledge) => {
  const readOf = (change: Change): ReturnType<typeof readStackOf> & { readonly phi: readonly Network[] } => {
    const stack = closed(new Sketch(knowledge));
    change(stack);
    const read = readStackOf(stack);
    return { ...read, phi: read.networks.all.filter(({ zone }) => zone === "phi") };
  };
  const openings = (change: Change): readonly string[] => {
    const { resolvers, phi } = readOf(change);
    return resolvers
      .openings(phi)
      .map(
        ({ what, assumption, urn }) =>
          `${assumption === undefined ? "open" : "perhaps"} ${urn.split("::").at(-1) ?? ""}: ${what}`,
      )
      .sort();
  };
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(stack, name, inputs);

  it("that is closed says so", () => {
    expect(openings(() => undefined)).toEqual([]);
    const { stack, resolvers, phi } = readOf(() => undefined);
    const found = closedResolvers(stack, resolvers, { holdingPhi: phi, openings: [] });
    expect(found.map(({ evidence }) => evidence.map(({ label }) => label))).toEqual([
      [
        "ResponsePolicyRule every-name: answers itself *.",
        "ResponsePolicyRule own-names: passes on *.hospital.example.",
      ],
      ["Network phi"],
    ]);
  });

  it.each<readonly [string, string, Inputs]>([
    [
      "with its network by name",
      "sinkhole",
      { networks: [{ networkUrl: "projects/hospital-ai/global/networks/phi" }] },
    ],
    [
      "with its network by address",
      "sinkhole",
      {
        networks: [
          { networkUrl: "https://www.googleapis.com/compute/v1/projects/hospital-ai/global/networks/phi" },
        ],
      },
    ],
    ["with its policy by name", "every-name", { responsePolicy: "sinkhole" }],
    ["with its own names in other letters", "own-names", { dnsName: "*.Hospital.EXAMPLE." }],
    ["that passes on names of Google's own", "own-names", { dnsName: "*.googleapis.com." }],
    ["that passes on one name of Google's", "own-names", { dnsName: "us-central1-docker.pkg.dev." }],
    [
      "that answers a name by one of Google's",
      "own-names",
      {
        behavior: undefined,
        localData: {
          localDatas: [
            { name: "x.hospital.example.", type: "CNAME", rrdatas: ["restricted.googleapis.com."] },
          ],
        },
      },
    ],
  ])("is as closed %s", (_what, name, inputs) => {
    expect(openings(of(name, inputs))).toEqual([]);
  });

  it.each<readonly [string, string, Inputs, readonly string[]]>([
    ["without a policy", "sinkhole", { networks: [] }, [`open phi: ${open}`]],
    [
      "with a policy of clusters alone",
      "sinkhole",
      { networks: undefined, gkeClusters: [{ gkeClusterName: "c" }] },
      [`open phi: ${open}`],
    ],
    [
      "with somebody else's network",
      "sinkhole",
      { networks: [{ networkUrl: "projects/other/global/networks/phi" }] },
      [`open phi: ${open}`],
    ],
    [
      "with a network that is not known",
      "sinkhole",
      { networks: [{ networkUrl: unknownText }] },
      [`perhaps phi: ${another}`],
    ],
    ["with networks that are not known", "sinkhole", { networks: unknownText }, [`perhaps phi: ${another}`]],
    ["that answers one name alone", "every-name", { dnsName: "*.example.com." }, [`open phi: ${ending}`]],
    [
      "that passes on every name",
      "every-name",
      { localData: undefined, behavior: "bypassResponsePolicy" },
      [`open every-name: ${passing}: *.`, `open phi: ${ending}`],
    ],
    [
      "that may pass on every name",
      "every-name",
      { behavior: unknownText, localData: undefined },
      [`open phi: ${ending}`, `perhaps every-name: ${passing}: *.`],
    ],
    ["with a name that is not known", "every-name", { dnsName: unknownText }, [`perhaps phi: ${ending}`]],
    [
      "that passes on somebody else's names",
      "own-names",
      { dnsName: "*.attacker.example." },
      [`open own-names: ${passing}: *.attacker.example.`],
    ],
    [
      "that passes on what is more than its own",
      "own-names",
      { dnsName: "*.example." },
      [`open own-names: ${passing}: *.example.`],
    ],
    [
      "that passes on names that end in its own",
      "own-names",
      { dnsName: "otherhospital.example." },
      [`open own-names: ${passing}: otherhospital.example.`],
    ],
    [
      "that passes on names that are not known",
      "own-names",
      { dnsName: unknownText },
      [`perhaps own-names: ${passing}`],
    ],
    [
      "whose own zone is public",
      "own",
      { visibility: undefined },
      [`open own-names: ${passing}: *.hospital.example.`],
    ],
    [
      "whose own zone may be public",
      "own",
      { visibility: unknownText },
      [`open own-names: ${passing}: *.hospital.example.`],
    ],
    [
      "whose own zone may be of another network",
      "own",
      { privateVisibilityConfig: { networks: [{ networkUrl: unknownText }] } },
      [`open own-names: ${passing}: *.hospital.example.`],
    ],
    [
      "whose own zone is of another network",
      "own",
      { privateVisibilityConfig: undefined },
      [`open own-names: ${passing}: *.hospital.example.`],
    ],
    [
      "whose own zone sends queries on",
      "own",
      { forwardingConfig: { targetNameServers: [{ ipv4Address: "203.0.113.1" }] } },
      [
        "open own: a private zone of it sends queries to other name servers",
        `open own-names: ${passing}: *.hospital.example.`,
      ],
    ],
    [
      "whose own zone is another network's",
      "own",
      { peeringConfig: { targetNetwork: { networkUrl: "projects/other/global/networks/vpc" } } },
      [
        "open own: a private zone of it is answered as in another network",
        `open own-names: ${passing}: *.hospital.example.`,
      ],
    ],
    [
      "whose own zone is a directory",
      "own",
      { serviceDirectoryConfig: unknownText },
      [
        "perhaps own: a private zone of it is answered by Service Directory, into which others write",
        `open own-names: ${passing}: *.hospital.example.`,
      ],
    ],
    [
      "that answers a name by somebody else's",
      "own-names",
      {
        behavior: undefined,
        localData: { localDatas: [{ name: "x.", type: "CNAME", rrdatas: ["attacker.example."] }] },
      },
      [`open own-names: ${passing}: attacker.example.`],
    ],
  ])("is open %s", (_what, name, inputs, expected) => {
    expect(openings(of(name, inputs))).toEqual([...expected].sort());
  });

  it("is open where a server policy, or a record of a zone, asks others", () => {
    const server =
      (inputs: Inputs): Change =>
      (stack) =>
        stack.add("gcp:dns/policy:Policy", "servers", {
          name: "servers",
          networks: [{ networkUrl: stack.id("phi") }],
          ...inputs,
        });
    expect(openings(server({ enableLogging: true, enableInboundForwarding: false }))).toEqual([]);
    expect(
      openings(server({ alternativeNameServerConfig: { targetNameServers: [{ ipv4Address: "10.0.0.2" }] } })),
    ).toEqual([
      "open servers: every query goes to other name servers than Google's, which no response policy sees",
    ]);
    const inbound =
      "servers: its resolver answers other networks, so that what is in it reaches them by names";
    expect(openings(server({ enableInboundForwarding: true }))).toEqual([`open ${inbound}`]);
    expect(openings(server({ enableInboundForwarding: unknownText }))).toEqual([`perhaps ${inbound}`]);
    const record =
      (type: string): Change =>
      (stack) =>
        stack.add("gcp:dns/recordSet:RecordSet", "delegation", {
          name: "out.hospital.example.",
          managedZone: `${stack.id("own")}.name`,
          type,
          rrdatas: ["ns.attacker.example."],
        });
    expect(openings(record("A"))).toEqual([]);
    expect(openings(record("NS"))).toEqual([
      "open delegation: a private zone of it hands a name on to other name servers",
    ]);
  });

  it("of other zones misses what would close it", () => {
    const unfiltered = (change: Change): readonly string[] => {
      const stack = closed(new Sketch(knowledge));
      amend(stack, "phi", { labels: undefined });
      stack.remove("zones");
      zoneMembers(stack, { processing: [`${networkType}::phi`] });
      change(stack);
      const read = readStackOf(stack);
      expect(read.resolvers.openings([])).toEqual([]);
      return read.resolvers.unfiltered(read.audit.zonedNetworks(), []).map(({ what }) => what);
    };
    const missing =
      "No response policy is in force on it that answers names of private zones alone, and every other itself.";
    expect(unfiltered(() => undefined)).toEqual([]);
    expect(unfiltered(of("own-names", { dnsName: "*.api.provider.example." }))).toEqual([]);
    expect(unfiltered(of("sinkhole", { networks: [] }))).toEqual([missing]);
    expect(unfiltered(of("every-name", { dnsName: "*.example.com." }))).toEqual([missing]);
  });

  it("has nothing to close where the PHI zone has no network", () => {
    const stack = new Sketch(knowledge);
    stack.add("gcp:accesscontextmanager/servicePerimeter:ServicePerimeter", "phi-perimeter", {
      name: "accessPolicies/111/servicePerimeters/phi",
    });
    zoneMembers(stack, {
      phi: ["gcp:accesscontextmanager/servicePerimeter:ServicePerimeter::phi-perimeter"],
    });
    const read = readStackOf(stack);
    const found = closedResolvers(read.stack, read.resolvers, { holdingPhi: [], openings: [] });
    expect(found.map(({ what }) => what)).toEqual([
      "no network of the stack is in the PHI zone, so that nothing in it asks a resolver for a name",
    ]);
  });
});
