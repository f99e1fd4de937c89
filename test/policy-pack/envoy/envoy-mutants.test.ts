import { describe, expect, it } from "vitest";

import { admissionText } from "../../../policy-pack/facts/envoy/admission";
import { envoyProxy } from "../../../policy-pack/facts/envoy/proxy";

import { accessMutants } from "./access-mutants";
import { listenerMutants } from "./listener-mutants";
import type { EnvoyMutant } from "./mutant";
import { outboundMutants } from "./outbound-mutants";
import { carried, carrierNames, ownConfiguration, type CarrierName, type Part } from "./shown-envoys";
import { spellings } from "./spellings";
import { refusedAlone, refusedOn } from "./verdicts";

/** Each mutant, with the configuration in which it is wrong. */
const cases = [
  ...[...listenerMutants, ...accessMutants].map((mutant) => ({ ...mutant, workload: "fhir-proxy" })),
  ...outboundMutants.map((mutant) => ({ ...mutant, workload: "rag-service" })),
];

function broken({ change }: EnvoyMutant, workload: string): Part {
  return change(ownConfiguration(workload));
}

const workloads = ["fhir-proxy", "rag-service"] as const;

describe.each(carrierNames)("the Envoy of %s", (carrier) => {
  it.each(workloads)("is accepted beside %s, on a platform and elsewhere", (workload) => {
    const text = JSON.stringify(ownConfiguration(workload));
    for (const knowledge of ["preview", "deployed"] as const) {
      expect(refusedOn(carried(carrier, text, { workload, knowledge }))).toEqual([]);
      expect(refusedOn(carried(carrier, text, { isOurs: false, knowledge }))).toEqual([]);
    }
  });

  it.each(cases)("is refused on a platform with $name", (mutant) => {
    const { workload, what } = mutant;
    const text = JSON.stringify(broken(mutant, workload));
    expect(refusedOn(carried(carrier, text, { workload })).join("\n")).toMatch(what);
  });
});

const some: readonly CarrierName[] = ["a task definition", "a virtual machine", "a template"];

describe.each(some)("the Envoy of %s of somebody who knows nothing of our components", (carrier) => {
  it.each(cases.filter(({ refused }) => refused === "any stack"))("is refused with $name", (mutant) => {
    const text = JSON.stringify(broken(mutant, mutant.workload));
    expect(refusedOn(carried(carrier, text, { isOurs: false })).join("\n")).toMatch(mutant.what);
  });

  it.each(cases.filter(({ refused }) => refused === "our platform"))(
    "is not refused with $name",
    (mutant) => {
      const text = JSON.stringify(broken(mutant, mutant.workload));
      expect(refusedOn(carried(carrier, text, { isOurs: false }))).toEqual([]);
    },
  );

  it.each(cases)("is refused before it is created exactly if it needs nothing else: $name", (mutant) => {
    const text = JSON.stringify(broken(mutant, mutant.workload));
    const alone = refusedAlone(carried(carrier, text, { isOurs: false }));
    expect(alone.length > 0).toBe(mutant.isGuiltyAlone);
  });
});

describe.each(Object.entries(spellings))("a configuration written in %s", (_, spelt) => {
  it.each(workloads)("is accepted beside %s", (workload) => {
    expect(refusedOn(carried("a virtual machine", spelt(ownConfiguration(workload)), { workload }))).toEqual(
      [],
    );
  });

  it.each(cases)("is read as any other with $name", (mutant) => {
    const configuration = broken(mutant, mutant.workload);
    const read = (text: string): unknown => {
      const { inbound, outbound, faults } = envoyProxy({ kind: "known", value: text });
      const whatOf = (all: readonly { readonly what: string }[]): readonly string[] =>
        all.map(({ what }) => what).sort();
      return {
        faults: whatOf(faults),
        inbound: inbound.map((one) => ({
          ...one,
          faults: whatOf(one.faults),
          admissions: one.admissions.map(admissionText).sort(),
        })),
        outbound: outbound.map((one) => ({
          ...one,
          faults: whatOf(one.faults),
          servers: one.servers.map(admissionText).sort(),
        })),
      };
    };
    expect(read(spelt(configuration))).toEqual(read(JSON.stringify(configuration)));
  });
});
