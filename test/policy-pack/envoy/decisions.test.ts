import { describe, expect, it } from "vitest";

import { decisionChecklistItems } from "../../../docs/decision-checklist-items";
import type { EdgeClients } from "../../../components/mesh/edge-clients";
import { parseCidr } from "../../../model/cidr";
import type { Finding } from "../../../policy-pack/finding";
import { admissionText } from "../../../policy-pack/facts/envoy/admission";
import { envoyProxy } from "../../../policy-pack/facts/envoy/proxy";
import type { RequestDecision } from "../../../policy-pack/facts/fact";
import { keysOf, hiding } from "../hidden-value";
import { judge } from "../judge-on-a-day";
import type { Knowledge, Sketch } from "../stack-sketch";

import { decisionMutants, harmlessChanges } from "./decision-mutants";
import { hidden } from "./hidden-part";
import {
  balancerBlock,
  carried,
  carrierNames,
  carriers,
  ownConfiguration,
  type CarrierName,
  type Part,
} from "./shown-envoys";
import { spellings } from "./spellings";

/** The configuration beside ai-gateway, as it is on the cloud of a carrier. */
function gatewayOn(cloud: "aws" | "azure" | "gcp"): Part {
  const edge: EdgeClients =
    cloud === "gcp"
      ? {
          certificate: "load-balancer",
          spiffeId: "spiffe://ai.hospital.example/zone/gateway/load-balancer",
        }
      : {
          certificate: "none",
          addresses: [parseCidr(balancerBlock)].filter((one) => one !== undefined),
        };
  return ownConfiguration("ai-gateway", edge);
}

interface Beside {
  readonly isOurs?: boolean;
  readonly knowledge?: Knowledge;
  readonly spelt?: (configuration: Part) => string;
}

/** The stack of one carrier in the gateway zone, and something in the processing zone. */
function stackOf(name: CarrierName, configuration: Part, beside: Beside = {}): Sketch {
  const { isOurs = true, knowledge = "deployed", spelt = JSON.stringify } = beside;
  const stack = carried(name, spelt(configuration), {
    workload: "ai-gateway",
    zone: "gateway",
    isOurs,
    knowledge,
  });
  if (!isOurs) {
    const vpc = stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.40.0.0/16" });
    for (const [index, zone] of ["gateway", "processing"].entries()) {
      stack.add("aws:ec2/subnet:Subnet", `${zone}-subnet`, {
        vpcId: vpc,
        cidrBlock: `10.40.${String(index)}.0/24`,
        tags: { "bulkhead-zone": zone },
      });
    }
  }
  return stack;
}

function found(stack: Pick<Sketch, "knowledge" | "resources">): readonly Finding[] {
  return judge(stack.resources(), { dryRun: stack.knowledge === "preview" }).findings.filter(
    ({ rule, urn, summary }) =>
      rule === "requests-are-decided" && (urn.endsWith("::carrier") || summary.startsWith("Stack: ")),
  );
}

function said(findings: readonly Finding[]): string {
  return findings.map(({ summary, level, verdict }) => `${level} ${verdict} ${summary}`).join("\n");
}

describe("the checklist of decisions", () => {
  it("has an item for each case, and a case for each item of Envoy's", () => {
    const items = decisionChecklistItems.map(({ id }) => id);
    const ofEnvoy = items.filter((id) => id <= "D-08");
    expect([...new Set(decisionMutants.map(({ item }) => item))].sort()).toEqual(ofEnvoy);
    expect([...items].sort()).toEqual([...new Set(items)]);
  });
});

const thorough: readonly CarrierName[] = ["a task definition", "a virtual machine", "a template"];

describe.each(carrierNames)("the Envoy of the gateway in %s", (carrier) => {
  const right = gatewayOn(carriers[carrier].cloud);

  it("is accepted as it is rendered, on a platform and elsewhere", () => {
    for (const knowledge of ["preview", "deployed"] as const) {
      expect(said(found(stackOf(carrier, right, { knowledge })))).toBe("");
      expect(said(found(stackOf(carrier, right, { knowledge, isOurs: false })))).toBe("");
    }
  });

  // What a carrier is told is read alike by all rules; each is shown to be read, and some read all.
  const mutants = thorough.includes(carrier) ? decisionMutants : decisionMutants.slice(0, 4);

  it.each(mutants)("is refused on a platform with $name", ({ change, what, isFeared }) => {
    const findings = found(stackOf(carrier, change(right))).filter(({ summary }) => what.test(summary));
    expect(findings.map(({ level, verdict }) => `${level} ${verdict}`)).toEqual(
      findings.map(() => `mandatory ${isFeared === true ? "undetermined" : "open"}`),
    );
    expect(findings.length).toBeGreaterThan(0);
  });

  it.each(harmlessChanges)("is accepted on a platform with %s", (_, change) => {
    expect(said(found(stackOf(carrier, change(right))))).toBe("");
  });
});

describe.each(thorough)("the Envoy of a stranger's gateway in %s", (carrier) => {
  const right = gatewayOn(carriers[carrier].cloud);

  it.each(decisionMutants.filter(({ isAdvisedElsewhere }) => isAdvisedElsewhere))(
    "is advised of, and never refused for, $name",
    ({ change, what }) => {
      const findings = found(stackOf(carrier, change(right), { isOurs: false }));
      expect(findings.filter(({ level }) => level === "mandatory")).toEqual([]);
      expect(said(findings)).toMatch(what);
    },
  );

  it.each(decisionMutants.filter(({ isAdvisedElsewhere }) => !isAdvisedElsewhere))(
    "is accepted with $name: whoever is asked counts",
    ({ change }) => {
      expect(said(found(stackOf(carrier, change(right), { isOurs: false })))).toBe("");
    },
  );
});

/** A decision without functions, which are equal to nothing. */
function shown(decision: RequestDecision): unknown {
  return decision.kind !== "asked"
    ? decision
    : decision.deciders.map(({ servers, ...others }) => ({
        ...others,
        servers: servers?.map(admissionText),
      }));
}

describe.each(Object.entries(spellings))("a gateway's configuration in %s", (_, spelt) => {
  const right = gatewayOn("azure");

  it("is accepted", () => {
    expect(said(found(stackOf("a virtual machine", right, { spelt })))).toBe("");
  });

  it.each(decisionMutants)("is read as any other with $name", ({ change }) => {
    const read = (text: string): unknown => {
      const { inbound, hidden: why } = envoyProxy({ kind: "known", value: text });
      return {
        why,
        ways: inbound.map(({ label, decision, believed }) => ({
          label,
          decision: shown(decision),
          believed,
        })),
      };
    };
    const configuration = change(right);
    expect(read(spelt(configuration))).toEqual(read(JSON.stringify(configuration)));
  });
});

describe("a gateway's configuration of which something is hidden", () => {
  const right = gatewayOn("azure");
  /** Parts that decide; each is hidden as a whole, and with all that is in it. */
  const deciding = /listeners\/0\/.*(?:http_filters|upgrade_configs|early_header|typed_per_filter_config)/;

  it("is never said to be open for certain, whatever is hidden of the right one", () => {
    const open = keysOf(right).filter((keys) => {
      if (!deciding.test(keys.join("/"))) {
        return false;
      }
      const findings = found(stackOf("a virtual machine", hidden(right, keys) as Part));
      return findings.some(
        // An identity that is hidden may be anybody's, as everywhere.
        ({ verdict, summary }) => verdict === "open" && !/asks cluster/.test(summary),
      );
    });
    expect(open.map((keys) => keys.join("."))).toEqual([]);
  });

  it("stays refused, whatever is wrong with it and whichever part of its filters is hidden", () => {
    const passed = decisionMutants.flatMap(({ name, change }, index) => {
      const broken = change(right);
      const all = keysOf(JSON.parse(JSON.stringify(broken))).filter((keys) => deciding.test(keys.join("/")));
      return all
        .filter((_, at) => at % 29 === index % 29)
        .filter((keys) => found(stackOf("a virtual machine", hidden(broken, keys) as Part)).length === 0)
        .map((keys) => `${name}: ${keys.join(".")}`);
    });
    expect(passed).toEqual([]);
  });

  it.each([
    ["a task definition", "containerDefinitions"],
    ["a virtual machine", "osProfile.customData"],
    ["a template", "metadata.user-data"],
  ] as const)("is refused where all of it is, in %s", (carrier, path) => {
    const stack = stackOf(carrier, gatewayOn(carriers[carrier].cloud));
    const resources = stack.resources();
    const resource = resources.findIndex(({ name }) => name === "carrier");
    const findings = found({
      knowledge: "deployed",
      resources: () => [...hiding(resources, { resource, keys: path.split(".") })],
    });
    expect(findings.map(({ level, verdict }) => `${level} ${verdict}`)).toContain("mandatory undetermined");
  });
});
