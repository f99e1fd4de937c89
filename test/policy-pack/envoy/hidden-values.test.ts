import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { envoyProxy } from "../../../policy-pack/facts/envoy/proxy";
import { hiding, keysOf } from "../hidden-value";

import { accessMutants } from "./access-mutants";
import { hidden } from "./hidden-part";
import { listenerMutants } from "./listener-mutants";
import { outboundMutants } from "./outbound-mutants";
import { carried, ownConfiguration, type CarrierName } from "./shown-envoys";
import type { foundOn } from "./verdicts";
import { refusedOn } from "./verdicts";

const cases = [
  ...[...listenerMutants, ...accessMutants].map((mutant) => ({ ...mutant, workload: "fhir-proxy" })),
  ...outboundMutants.map((mutant) => ({ ...mutant, workload: "rag-service" })),
];

describe("a configuration of which something is hidden", () => {
  it.each<readonly [CarrierName, boolean]>([
    ["a virtual machine", true],
    ["a virtual machine", false],
    // Of a text that is not packed, nothing is known where a part is not.
    ["an instance", true],
  ])("stays refused in %s, whatever is wrong with it and whatever is hidden (%s)", (carrier, isOurs) => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cases.filter(({ refused }) => isOurs || refused === "any stack")),
        fc.nat(),
        ({ change, workload }, at) => {
          const broken = change(ownConfiguration(workload));
          const paths = keysOf(JSON.parse(JSON.stringify(broken)));
          const text = JSON.stringify(hidden(broken, paths[at % paths.length] ?? []));
          expect(refusedOn(carried(carrier, text, { workload, isOurs })).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(["fhir-proxy", "rag-service"])("is never found to be open for certain beside %s", (workload) => {
    const right = ownConfiguration(workload);
    const open = keysOf(right).filter((keys) => {
      const text = JSON.stringify(hidden(right, keys));
      const { inbound, outbound, faults } = envoyProxy({ kind: "known", value: text });
      return [faults, ...[...inbound, ...outbound].map((one) => one.faults)]
        .flat()
        .some(
          ({ assumption, refusedOn: where = "any stack" }) =>
            assumption === undefined && where === "any stack",
        );
    });
    expect(open.map((keys) => keys.join("."))).toEqual([]);
  });
});

describe.each(["preview", "deployed"] as const)("a carrier of which something is hidden, %s", (knowledge) => {
  const text = JSON.stringify(ownConfiguration("fhir-proxy"));

  it.each<readonly [CarrierName, string]>([
    ["a task definition", "containerDefinitions"],
    ["a task definition of Cloud Control", "containerDefinitions"],
    ["a task definition of Cloud Control", "containerDefinitions.0"],
    ["a task definition of Cloud Control", "containerDefinitions.0.command"],
    ["a task definition of Cloud Control", "containerDefinitions.0.command.2"],
    ["a virtual machine", "osProfile"],
    ["a virtual machine", "osProfile.customData"],
    ["a virtual machine of an API version, by its user data", "userData"],
    ["a scale set", "virtualMachineProfile"],
    ["a scale set", "virtualMachineProfile.osProfile.customData"],
    ["a group of containers", "containers"],
    ["a group of containers", "containers.0.command"],
    ["a group of containers", "volumes"],
    ["an instance", "metadata"],
    ["an instance", "metadata.user-data"],
    ["a template", "metadata.user-data"],
    ["a template of a region", "metadata.user-data"],
  ])(
    "is refused on a platform where it is %s, and %s is hidden, and advised of elsewhere at the most",
    (carrier, path) => {
      const of = (isOurs: boolean): Parameters<typeof foundOn>[0] => {
        const stack = carried(carrier, text, { knowledge, isOurs });
        const resources = stack.resources();
        const resource = resources.findIndex(({ name }) => name === "carrier");
        return { knowledge, resources: () => hiding(resources, { resource, keys: path.split(".") }) };
      };
      expect(refusedOn(of(true)).length).toBeGreaterThan(0);
      expect(refusedOn(of(false))).toEqual([]);
    },
  );
});
