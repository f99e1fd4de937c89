import { beforeAll, describe, expect, it } from "vitest";

import { judge } from "../judge-on-a-day";
import { renderedOnAzure } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { azureMutants, unseenFaults } from "./azure-mutants";
import { harmlessChanges, letOut, phiRoutes, store } from "./azure-network-mutants";
import { append } from "../put";
import { eachKind } from "../each-kind";
import { judged, refusals, type Judged } from "../judged-proofs";
import { expectLessShown, faultless, type Faultless } from "../less-shown";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a platform rendered on Azure with one fault, %s", (knowledge) => {
  let whole: Sketch;
  let before: Faultless;
  beforeAll(async () => {
    whole = await renderedOnAzure(eachKind, knowledge);
    before = faultless(whole);
  });
  const found = (dig: (stack: Sketch) => unknown): Judged => {
    const stack = whole.copy();
    dig(stack);
    return judged(stack, knowledge);
  };

  it("is accepted without the fault", () => {
    expect(refusals(before.judged)).toEqual([]);
  });

  // A preview is where the gate stands, and knows less: all are tried there, and every other one deployed.
  it.each(azureMutants.filter((_mutant, index) => knowledge === "preview" || index % 2 === 0))(
    "refuses $fault by $rule, and shows less of it",
    ({ rule, dig }) => {
      const mutant = found(dig);
      expect(refusals(mutant)).toContain(rule);
      expectLessShown(before, mutant, rule, rule !== "certificates-rotate");
    },
  );

  it.fails.each(unseenFaults)("does not see $fault yet", ({ rule, dig }) => {
    expect(refusals(found(dig))).toContain(rule);
  });

  it.each(harmlessChanges)("accepts $change", ({ dig }) => {
    expect(refusals(found(dig))).toEqual([]);
  });
});

describe("the faults of Azure", () => {
  it("are each named once", () => {
    const faults = azureMutants.map(({ fault }) => fault);
    expect(faults.filter((fault, index) => faults.indexOf(fault) !== index)).toEqual([]);
    expect(unseenFaults).toHaveLength(2);
  });
});

describe("the judge of Azure", () => {
  let whole: Sketch;
  let stack: Sketch;
  beforeAll(async () => {
    whole = await renderedOnAzure(eachKind, "preview");
    stack = whole.copy();
    letOut(stack);
  });

  it("shows the packet, its path, what opens it and the remedy", () => {
    const [finding] = judge(stack.resources(), { dryRun: true }).findings;
    expect(finding).toMatchObject({
      rule: "phi-zone-has-no-egress",
      verdict: "open",
      severity: "high",
      packet: `tcp 443, from NetworkSecurityGroup ${store} to 1.0.0.0`,
    });
    expect(finding?.urn.split("::").at(-1)).toBe(store);
    expect(finding?.path).toEqual([
      `NetworkSecurityGroup ${store}`,
      `NetworkSecurityGroup ${store} rule hole: egress tcp 443 to Internet`,
      "Subnet bulkhead-fhir-store of VirtualNetwork bulkhead-network",
      "no route of the stack leads there",
      "1.0.0.0",
    ]);
    expect(finding?.remedy).toMatch(/^Take the rule away/);
  });

  const subnet = "Subnet bulkhead-fhir-store of VirtualNetwork bulkhead-network";
  it.each([
    {
      layer: "filter",
      fault: "PHI security group: egress 443 to the Internet",
      packet: `tcp 443, from NetworkSecurityGroup ${store} to 1.0.0.0`,
    },
    {
      layer: "filter, by what Azure's own tags alone deny",
      fault: "PHI security group: no denial of egress to the host's resolver",
      packet: `tcp 53, from NetworkSecurityGroup ${store} to 168.63.129.16`,
    },
    {
      layer: "filter, towards the PHI zone",
      fault: "PHI security group: ingress from a workload that no flow names",
      packet: `tcp 443, from 10.40.81.96 to NetworkSecurityGroup ${store}`,
    },
    {
      layer: "the subnet's filter",
      fault: "PHI subnet: no security group",
      packet: `tcp 443, from no network security group on ${subnet} to 1.0.0.0`,
    },
    {
      layer: "route",
      fault: "PHI routes: a public /8, past the closed route",
      packet: "tcp 443, from Subnet bulkhead-document-store of VirtualNetwork bulkhead-network to 52.0.0.0",
    },
    {
      layer: "route, by a service endpoint",
      fault: "PHI subnet: a service endpoint to storage of everybody's",
      packet: `tcp 443, from ${subnet} to service endpoint Microsoft.Storage (1.0.0.0)`,
    },
    {
      layer: "route, by another network",
      fault: "the network is joined to somebody's",
      packet:
        "tcp 443, from Subnet bulkhead-document-store of VirtualNetwork bulkhead-network to a peering VirtualNetworkPeering hole (1.0.0.0)",
    },
    {
      layer: "address",
      fault: "PHI subnet: default outbound access is on",
      packet: `any packet, from ${subnet} to the Internet, with an address to which replies come back`,
    },
    {
      layer: "name resolution",
      fault: "names: a name server of elsewhere",
      packet:
        "udp 53, a query for data-to-take-out.attacker.example, from VirtualNetwork bulkhead-network to its resolver, and on to whoever answers for the name",
    },
    {
      layer: "private endpoint",
      fault: "PHI endpoint: it leads to somebody's account",
      packet:
        "any packet, by PrivateEndpoint bulkhead-fhir-store-endpoint, between the PHI zone and what is outside",
    },
    {
      layer: "who may call",
      fault: "document store: a workload without a flow reads it",
      packet: "any call, from workload/rag-service to data-store/document-store",
    },
    {
      layer: "the store's own settings",
      fault: "document store: replicated to somebody's account",
      packet: "any record, by the store's own doing, past every filter of the network",
    },
    {
      layer: "perimeter",
      fault: "perimeter: it only learns",
      packet: "any record, by the store's own doing, past every filter of the network",
    },
    {
      layer: "public access",
      fault: "document store: it answers the public",
      packet:
        "any call, from the Internet to StorageAccount bulkhead-document-store-account, past every private endpoint",
    },
    {
      layer: "other zones",
      fault: "processing: egress to the Internet",
      packet: "tcp 443, from NetworkSecurityGroup bulkhead-rag-service-filter to 1.0.0.0",
    },
  ])("shows a packet, and what opens its way, for the layer of $layer", ({ fault, packet }) => {
    const mutant = azureMutants.find((candidate) => candidate.fault === fault);
    const dug = whole.copy();
    mutant?.dig(dug);
    const [finding] = judge(dug.resources(), { dryRun: true }).findings.filter(
      ({ level, rule }) => level === "mandatory" && rule === mutant?.rule,
    );
    expect(finding).toMatchObject({ rule: mutant?.rule, packet });
    expect(finding?.path.length).toBeGreaterThan(1);
    expect(finding?.openedBy.length).toBeGreaterThan(0);
    expect(finding?.remedy).not.toBe("");
  });

  it("finds the same whatever the order of the resources", () => {
    const resources = stack.resources();
    const findings = judge(resources, { dryRun: true }).findings;
    expect(judge([...resources].reverse(), { dryRun: true }).findings).toEqual(findings);
    expect(findings.length).toBeGreaterThan(0);
  });

  it("calls a path that no layer closes critical", () => {
    const open = whole.copy();
    letOut(open);
    append(open, phiRoutes, "routes", {
      name: "hole",
      addressPrefix: "0.0.0.0/1",
      nextHopType: "Internet",
    });
    const critical = judge(open.resources(), { dryRun: true }).findings.filter(
      ({ severity }) => severity === "critical",
    );
    expect([...new Set(critical.map(({ urn }) => urn.split("::").at(-1)))].sort()).toEqual([
      store,
      phiRoutes,
    ]);
  });
});
