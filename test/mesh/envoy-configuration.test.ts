import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { envoyConfiguration } from "../../components/mesh/envoy-configuration";
import { isBehindLoadBalancer } from "../../model/certificate-request";
import { platformSpec } from "../../model/platform-spec";
import { platformFile } from "../model/platform-arbitrary";

import { valuesOf } from "./test-place";

/** The values of a configuration whose paths end in some way. */
function valuesAt(configuration: unknown, ending: RegExp): readonly unknown[] {
  return valuesOf(configuration).flatMap(([path, value]) => (ending.test(path) ? [value] : []));
}

describe("the configurations of any platform's proxies", () => {
  it("admit and call whom its flows name, each under its own identity, and nobody else", () => {
    fc.assert(
      fc.property(platformFile, (file) => {
        const spec = platformSpec(file);
        const ids = new Map(spec.workloads.map(({ id, spiffeId }) => [id, spiffeId]));
        for (const workload of spec.workloads) {
          const configuration = envoyConfiguration(spec, workload, {
            certificate: "load-balancer",
            spiffeId: "spiffe://any/load-balancer",
          });
          const named = (end: "from" | "to", other: "from" | "to"): readonly unknown[] =>
            spec.flows.flatMap((flow) => {
              const [own, peer] = [flow[end], flow[other]];
              return own.kind === "workload" && own.id === workload.id && peer.kind === "workload"
                ? [ids.get(peer.id)]
                : [];
            });

          const admitted = valuesAt(configuration, /\.principals\[\d+\]\.custom\..*\.exact$/);
          expect([...admitted].sort()).toEqual(
            isBehindLoadBalancer(spec, workload)
              ? ["spiffe://any/load-balancer"]
              : [...named("to", "from")].sort(),
          );
          const called = valuesAt(configuration, /\.clusters\[\d+\]\.transport_socket\..*\.exact$/);
          expect([...called].sort()).toEqual([...named("from", "to")].sort());
          const ports = valuesAt(configuration, /\.listeners\[\d+\]\.address\.socket_address\.port_value$/);
          expect(ports).toEqual([443, ...called.map((_, index) => 10_001 + index)]);
        }
      }),
    );
  });
});
