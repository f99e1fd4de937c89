import { describe, expect, it } from "vitest";
import { inZone } from "../corpus/corpus-case";
import { judge } from "../judge-on-a-day";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";
import { advisedServices, requiredServices } from "../../../policy-pack/facts/gcp/restricted-services";
import { perimeterType, phiPerimeter, type Inputs } from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** A stack that is right, and knows nothing of our components: processing in a network, PHI behind a perimeter. */
function stranger(knowledge: Knowledge, more: Inputs = {}): Sketch {
  const stack = new Sketch(knowledge);
  const phi = stack.add("gcp:organizations/project:Project", "phi-project", {
    projectId: "clinic-phi",
    labels: inZone("phi"),
    autoCreateNetwork: false,
  });
  const processing = stack.add("gcp:organizations/project:Project", "processing-project", {
    projectId: "clinic-processing",
    labels: inZone("processing"),
    autoCreateNetwork: false,
  });
  const network = stack.add("gcp:compute/network:Network", "net", {
    name: "net",
    project: "clinic-processing",
    autoCreateSubnetworks: false,
    deleteDefaultRoutesOnCreate: true,
  });
  stack.add("gcp:compute/subnetwork:Subnetwork", "sub", {
    name: "sub",
    project: "clinic-processing",
    network,
    ipCidrRange: "10.1.0.0/24",
    region: "us-central1",
  });
  const account = stack.add("gcp:serviceaccount/account:Account", "proxy", {
    accountId: "proxy",
    project: "clinic-processing",
  });
  stack.add("gcp:compute/firewall:Firewall", "deny", {
    name: "deny",
    project: "clinic-processing",
    network,
    direction: "EGRESS",
    priority: 65534,
    denies: [{ protocol: "all" }],
    destinationRanges: ["0.0.0.0/0"],
  });
  stack.add("gcp:compute/firewall:Firewall", "apis", {
    name: "apis",
    project: "clinic-processing",
    network,
    direction: "EGRESS",
    priority: 1000,
    allows: [{ protocol: "tcp", ports: ["443"] }],
    destinationRanges: ["10.255.0.2/32"],
    targetServiceAccounts: [`${account}.email`],
  });
  stack.add("gcp:compute/globalAddress:GlobalAddress", "address", {
    name: "apis",
    project: "clinic-processing",
    purpose: "PRIVATE_SERVICE_CONNECT",
    addressType: "INTERNAL",
    network,
    address: "10.255.0.2",
  });
  stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "apis-rule", {
    name: "apis",
    project: "clinic-processing",
    network,
    target: "vpc-sc",
    loadBalancingScheme: "",
    ipAddress: "10.255.0.2",
  });
  const dataset = stack.add("gcp:healthcare/dataset:Dataset", "dataset", {
    name: "records",
    location: "us-central1",
    project: "clinic-phi",
  });
  const store = stack.add("gcp:healthcare/fhirStore:FhirStore", "store", {
    name: "fhir",
    dataset,
    version: "R4",
  });
  stack.add("gcp:healthcare/fhirStoreIamMember:FhirStoreIamMember", "grant", {
    fhirStoreId: store,
    role: "roles/healthcare.fhirResourceEditor",
    member: `serviceAccount:${account}.email`,
  });
  stack.add(perimeterType, "perimeter", {
    name: phiPerimeter,
    parent: "accessPolicies/111",
    status: {
      resources: [`${phi}.number`],
      restrictedServices: [...requiredServices, ...advisedServices],
      vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
      ingressPolicies: [
        {
          ingressFrom: {
            identities: [`serviceAccount:${account}.email`],
            sources: [{ resource: `${processing}.number` }],
          },
          ingressTo: {
            resources: [`${phi}.number`],
            operations: [{ serviceName: "healthcare.googleapis.com", methodSelectors: [{ method: "*" }] }],
          },
        },
      ],
      ...more,
    },
  });
  return stack;
}

/** What refuses a stack at the layer of calls, as `rule: of what`. */
function refusals(sketch: Sketch): readonly string[] {
  const rules = [
    "phi-zone-has-no-egress",
    "phi-zone-admits-only-processing",
    "zones-reach-only-declared-peers",
    "zone-assignment",
  ];
  return judge(sketch.resources(), { dryRun: sketch.knowledge === "preview" })
    .findings.filter(({ rule, level }) => level === "mandatory" && rules.includes(rule))
    .map(({ rule, urn }) => `${rule}: ${urn.split("::").at(-1) ?? ""}`)
    .sort();
}

describe.each(knowledges)("the layer of calls of a stranger's PHI zone, %s", (knowledge) => {
  const ingressPolicies = (from: Inputs): Inputs => ({
    ingressPolicies: [
      {
        ingressFrom: { sources: [{ accessLevel: "*" }], ...from },
        ingressTo: { resources: ["*"], operations: [{ serviceName: "*" }] },
      },
    ],
  });

  it("is closed where a perimeter lets in whom it names", () => {
    expect(refusals(stranger(knowledge))).toEqual([]);
  });

  it("shows who calls", () => {
    const { connections } = judge(stranger(knowledge).resources(), { dryRun: knowledge === "preview" });
    expect(connections.map(({ from, to, port }) => `${from} to ${to}: ${port}`)).toEqual([
      "service account proxy in Network net to calls of FhirStore store: 443",
    ]);
  });

  it("is open where calls leave, or anybody comes in", () => {
    expect(
      refusals(
        stranger(knowledge, {
          egressPolicies: [{ egressFrom: { identityType: "ANY_IDENTITY" }, egressTo: { resources: ["*"] } }],
        }),
      ),
    ).toEqual(["phi-zone-has-no-egress: perimeter"]);
    expect(refusals(stranger(knowledge, ingressPolicies({ identityType: "ANY_IDENTITY" })))).toEqual([
      "phi-zone-admits-only-processing: perimeter",
      "phi-zone-has-no-egress: perimeter",
    ]);
    expect(refusals(stranger(knowledge, ingressPolicies({})))).toEqual([]);
    expect(refusals(stranger(knowledge, { restrictedServices: ["healthcare.googleapis.com"] }))).toEqual([
      "phi-zone-has-no-egress: perimeter",
    ]);
    expect(refusals(stranger(knowledge, { vpcAccessibleServices: unknownText }))).toEqual([
      "phi-zone-has-no-egress: perimeter",
    ]);
  });

  it("is open where only a dry run holds the project", () => {
    const stack = stranger(knowledge);
    stack.change("perimeter", ({ status, ...inputs }) => ({
      ...inputs,
      spec: status,
      useExplicitDryRunSpec: true,
    }));
    expect(refusals(stack)).toContain("phi-zone-has-no-egress: phi-project");
    const without = stranger(knowledge).remove("perimeter");
    expect(refusals(without)).toEqual([]);
  });

  it("does not let the program's value stand for what is in force", () => {
    const stack = stranger(knowledge).withOptions("perimeter", { ignoreChanges: ["status"] });
    const { findings } = judge(stack.resources(), { dryRun: knowledge === "preview" });
    expect(
      findings.filter(({ urn, level }) => urn.endsWith("::perimeter") && level === "mandatory"),
    ).not.toEqual([]);
  });
});
