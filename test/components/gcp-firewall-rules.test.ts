import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { firewallRules, type FirewallRule } from "../../components/gcp/firewall-rules";
import { networkedZones, PhysicalNames, type NetworkedZone } from "../../components/gcp/physical-names";
import { workloadSubnets } from "../../components/gcp/workload-subnets";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { googleTarget } from "../model/google-target";
import { platformFile } from "../model/platform-arbitrary";

import { smallPlatform } from "./small-platform";

function rulesOf(file: PlatformFile, zone: NetworkedZone): readonly FirewallRule[] {
  const spec = platformSpec(file);
  return firewallRules(zone, spec, new PhysicalNames(spec, googleTarget), workloadSubnets(spec));
}

/** A rule in one line: whom it binds, which way, and what the other end is. */
function line(rule: FirewallRule): string {
  const { name, direction, action, target, protocol, port, ranges } = rule;
  const ports = port === undefined ? "" : `:${String(port)}`;
  return `${name} ${direction} ${action} ${target?.id ?? "all"} ${protocol}${ports} ${ranges.join(" ")}`;
}

const denials = [
  "deny-all EGRESS deny all all 0.0.0.0/0",
  "deny-all-ipv6 EGRESS deny all all ::/0",
  "deny-all INGRESS deny all all 0.0.0.0/0",
  "deny-all-ipv6 INGRESS deny all all ::/0",
];

/** A rule by what tells it from the others, and all that it says. */
function keyed(rules: readonly FirewallRule[]): ReadonlyMap<string, FirewallRule> {
  return new Map(rules.map((rule) => [`${rule.direction} ${rule.name}`, rule]));
}

describe("the rules of firewalls on Google Cloud", () => {
  it("let a small platform's flows through, each half at its end, and deny the rest", () => {
    expect(rulesOf(smallPlatform, "gateway").map(line)).toEqual([
      "ai-gateway-to-decision-point EGRESS allow ai-gateway tcp:443 10.40.90.0/27",
      "ai-gateway-to-fhir-proxy EGRESS allow ai-gateway tcp:443 10.40.84.32/27",
      "load-balancer-to-ai-gateway INGRESS allow ai-gateway tcp:443 130.211.0.0/22 35.191.0.0/16",
      ...denials,
    ]);
    expect(rulesOf(smallPlatform, "processing").map(line)).toEqual([
      "ai-gateway-to-decision-point INGRESS allow decision-point tcp:443 10.40.28.128/27",
      "ai-gateway-to-fhir-proxy INGRESS allow fhir-proxy tcp:443 10.40.28.128/27",
      "fhir-proxy-calls-google-apis EGRESS allow fhir-proxy tcp:443 10.40.96.5/32",
      ...denials,
    ]);
  });

  it("say of each flow who its ends are, and how they know each other", () => {
    const descriptions = networkedZones.flatMap((zone) =>
      rulesOf(smallPlatform, zone).flatMap(({ description, action }) =>
        action === "deny" ? [] : [description],
      ),
    );
    expect(descriptions).toEqual([
      "workload/ai-gateway to workload/decision-point, mtls",
      "workload/ai-gateway to workload/fhir-proxy, mtls",
      "load-balancer to workload/ai-gateway, one-way-tls",
      "workload/ai-gateway to workload/decision-point, mtls",
      "workload/ai-gateway to workload/fhir-proxy, mtls",
      "workload/fhir-proxy to Google's APIs, provider-tls+iam",
    ]);
  });

  it("deny everything after all that allows, and before the rules that each policy has from the beginning", () => {
    for (const zone of networkedZones) {
      const rules = rulesOf(referencePlatform, zone);
      const allowing = rules.filter(({ action }) => action === "allow").map(({ priority }) => priority);
      const denying = rules.filter(({ action }) => action === "deny").map(({ priority }) => priority);
      expect(denying).toEqual([2147483000, 2147483001, 2147483100, 2147483101]);
      expect(Math.min(...allowing)).toBeGreaterThanOrEqual(1000);
      expect(Math.max(...allowing)).toBeLessThan(2147483000);
    }
  });

  it("are one for all of Google's APIs that a workload calls, since they have one address", () => {
    const calls = rulesOf(referencePlatform, "processing").filter(({ name }) =>
      name.startsWith("rag-service-calls"),
    );
    expect(calls.map(line)).toEqual([
      "rag-service-calls-google-apis EGRESS allow rag-service tcp:443 10.40.96.5/32",
    ]);
  });

  it("differ in name and in priority, whatever workloads are called", () => {
    fc.assert(
      fc.property(platformFile, (file) => {
        for (const zone of networkedZones) {
          const rules = rulesOf(file, zone);
          expect(keyed(rules).size).toBe(rules.length);
          expect(new Set(rules.map(({ priority }) => priority)).size).toBe(rules.length);
        }
      }),
    );
    const file: PlatformFile = {
      ...smallPlatform,
      workloads: [
        ...smallPlatform.workloads,
        ...["google-apis", "calls-google-apis"].map((id) => ({
          id,
          zone: "processing" as const,
          image: `any/image@sha256:${"0".repeat(64)}`,
          replicas: 1,
        })),
      ],
      flows: [
        ...smallPlatform.flows,
        { from: "workload/fhir-proxy", to: "workload/google-apis" },
        { from: "workload/fhir-proxy", to: "workload/calls-google-apis" },
      ],
    };
    expect(
      rulesOf(file, "processing")
        .filter(({ direction, target }) => direction === "EGRESS" && target?.id === "fhir-proxy")
        .map(({ name }) => name),
    ).toEqual([
      "fhir-proxy-calls-google-apis",
      "fhir-proxy-to-calls-google-apis",
      "fhir-proxy-to-google-apis",
    ]);
  });

  it("stay as they are when a flow is added, but for those of the flow", () => {
    fc.assert(
      fc.property(platformFile, fc.nat(), (file, chosen) => {
        // Without a flow to the decision point who asks it would be refused (BH-055).
        const left = file.flows.filter(
          ({ to }, index) =>
            to === "workload/decision-point" || index !== chosen % Math.max(file.flows.length, 1),
        );
        for (const zone of networkedZones) {
          const after = keyed(rulesOf(file, zone));
          const before = keyed(rulesOf({ ...file, flows: left }, zone));
          expect(
            [...before].filter(([key, rule]) => JSON.stringify(after.get(key)) !== JSON.stringify(rule)),
          ).toEqual([]);
        }
      }),
    );
  });

  it("are two more for a flow between workloads, one at each end", () => {
    const flows = [
      ...referencePlatform.flows,
      { from: "workload/ai-gateway", to: "workload/embedding-service" },
    ];
    const added = (["gateway", "processing"] as const).map((zone) => {
      const before = keyed(rulesOf(referencePlatform, zone));
      return [...keyed(rulesOf({ ...referencePlatform, flows }, zone)).keys()].filter(
        (key) => !before.has(key),
      );
    });
    expect(added).toEqual([
      ["EGRESS ai-gateway-to-embedding-service"],
      ["INGRESS ai-gateway-to-embedding-service"],
    ]);
  });

  it("name no address but a workload's subnet, Google's front ends and the private endpoint", () => {
    fc.assert(
      fc.property(platformFile, (file) => {
        const spec = platformSpec(file);
        const names = new PhysicalNames(spec, googleTarget);
        const known = new Set([
          ...workloadSubnets(spec).map(({ block }) => block.text),
          ...names.networkedZones.map((zone) => `${names.apisAddress(zone)}/32`),
          "130.211.0.0/22",
          "35.191.0.0/16",
        ]);
        for (const rule of networkedZones.flatMap((zone) => rulesOf(file, zone))) {
          if (rule.action === "allow") {
            expect(rule.ranges.filter((range) => !known.has(range))).toEqual([]);
            expect(rule.target).toBeDefined();
            expect([rule.protocol, rule.port]).toEqual(["tcp", 443]);
          }
        }
      }),
    );
  });
});
