import { beforeAll, describe, expect, it } from "vitest";

import type { Report } from "../../policy-pack/report/report";

import { previewedHospital, refusedBy } from "./previewed";

describe("examples/hospital-program", () => {
  let report: Report;
  beforeAll(async () => {
    report = await previewedHospital();
  });

  it("is accepted, by the components' source, whatever was built before", () => {
    expect(refusedBy(report)).toEqual([]);
    expect(report.verdict).toBe("accepted");
  });

  it("has the platform's resources under the platform, and its own beside it", () => {
    const own = report.resources.filter(({ name }) => !name.startsWith("north"));
    expect(own.map(({ type }) => type).sort()).toEqual([
      "aws:cloudwatch/logMetricFilter:LogMetricFilter",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
    ]);
    expect(report.resources.filter(({ type }) => type === "bulkhead:index:Platform")).toHaveLength(1);
  });

  it("runs its workload as the platform runs its own", () => {
    const names = report.resources.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "north-discharge-letters-task",
        "north-discharge-letters-service",
        "north-fhir-proxy-task",
        "north-fhir-proxy-service",
      ]),
    );
  });

  it("lets its workload reach what its flows say, and each service that its zone uses", () => {
    const { matrix } = report;
    const ofWorkload = matrix.filter(({ from, to }) => [from, to].includes("workload/discharge-letters"));
    expect(ofWorkload.map(({ from, to, transport }) => `${from} ${to} ${transport}`).sort()).toEqual([
      "workload/ai-gateway workload/discharge-letters mtls",
      ...["identity", "keys", "logs", "metrics", "model-inference", "registry", "secrets"].map(
        (service) => `workload/discharge-letters platform-service/${service} provider-tls+iam`,
      ),
      "workload/discharge-letters workload/fhir-proxy mtls",
    ]);
  });
});
