import { describe, expect, it } from "vitest";

import { podOf, type Pod, type PodPlace } from "../../components/mesh/pod";
import { accessDocument, accessDocumentSchema } from "../../model/access-document";
import { inspectionDocument } from "../../model/inspection-document";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { withExternalProviders } from "../model/with-external-providers";

import { workloadIds } from "./declared-flows";

const spec = platformSpec(referencePlatform);

function pod(id: string, configuration: PodPlace["configuration"]): Pod {
  const workload = spec.workloads.find((candidate) => candidate.id === id);
  if (workload === undefined || spec.mesh.kind !== "envoy") {
    throw new Error(`the platform has no pod of ${id}`);
  }
  return podOf(spec, spec.mesh, workload, {
    cloud: "gcp",
    credentialId: "none",
    configuration,
    edge: { certificate: "none", addresses: [] },
  });
}

function program(id: string, configuration: PodPlace["configuration"]): Pod["containers"][2] {
  return pod(id, configuration).containers[2];
}

const told = ["agent-tools", "decision-point"];
const others = workloadIds.filter((id) => !told.includes(id));

describe("the pod of a workload that decides, or asks about tools", () => {
  it.each(told)("tells the program of %s the access policy in a file, where the cloud puts files", (id) => {
    const { environment, files } = program(id, "file");

    expect(environment["BULKHEAD_ACCESS_FILE"]).toBe("/etc/bulkhead/access.json");
    expect(environment["BULKHEAD_ACCESS"]).toBeUndefined();
    expect(files.map(({ path }) => path)).toEqual(["/etc/bulkhead/access.json"]);
    expect(accessDocumentSchema.parse(JSON.parse(files[0]?.content ?? ""))).toEqual(accessDocument(spec));
  });

  it.each(told)("tells the program of %s the same in its environment, where it puts none", (id) => {
    const { environment, files } = program(id, "argument");

    expect(files).toEqual([]);
    expect(environment["BULKHEAD_ACCESS_FILE"]).toBeUndefined();
    expect(environment["BULKHEAD_ACCESS"]).toBe(program(id, "file").files[0]?.content);
  });

  it.each(["file", "argument"] as const)(
    "lets the decision point read the certificates, as nobody else and under its own number, told by %s",
    (configuration) => {
      const { certificates, user, environment } = program("decision-point", configuration);

      expect([certificates, user]).toEqual(["reads", 10_004]);
      expect(environment["BULKHEAD_CERTIFICATE_FOLDER"]).toBe("/run/bulkhead/certificates");
      // That of what sends on what machines of Azure record.
      const taken = pod("decision-point", configuration).containers.map((container) => container.user);
      expect(new Set([...taken, 10_003]).size).toBe(4);
    },
  );

  it.each(["file", "argument"] as const)(
    "lets agent-tools read no certificate, told by %s",
    (configuration) => {
      const { certificates, user, environment } = program("agent-tools", configuration);

      expect([certificates, user, environment["BULKHEAD_CERTIFICATE_FOLDER"]]).toEqual([
        "none",
        undefined,
        undefined,
      ]);
    },
  );
});

describe("the pod of the egress guard", () => {
  const outside = platformSpec(withExternalProviders);
  const guard = outside.workloads.find(({ id }) => id === "egress-guard");
  const place: PodPlace = {
    cloud: "gcp",
    credentialId: "none",
    configuration: "file",
    edge: { certificate: "none", addresses: [] },
    egress: { keysId: "the-keys", authorityId: "the-authority", proxy: "https://10.40.192.5:443" },
  };
  const programAt = (other: Partial<PodPlace>): Pod["containers"][2] => {
    if (guard === undefined || outside.mesh.kind !== "envoy") {
      throw new Error("the platform has no egress guard");
    }
    return podOf(outside, outside.mesh, guard, { ...place, ...other }).containers[2];
  };

  it("tells its program whom it may call, with whose keys, and by which way", () => {
    const { environment, files, certificates } = programAt({});
    expect(environment).toMatchObject({
      BULKHEAD_CLOUD: "gcp",
      BULKHEAD_PROVIDER_KEYS: "the-keys",
      BULKHEAD_FIREWALL_AUTHORITY: "the-authority",
      BULKHEAD_EGRESS_PROXY: "https://10.40.192.5:443",
      BULKHEAD_INSPECTION_FILE: "/etc/bulkhead/inspection.json",
    });
    expect(files.map(({ path, content }): readonly unknown[] => [path, JSON.parse(content)])).toEqual([
      ["/etc/bulkhead/inspection.json", inspectionDocument(outside)],
    ]);
    expect(certificates).toBe("none");
  });

  it("tells it the same in its environment, where the cloud puts no files, and of no proxy where routes lead", () => {
    const egress = { keysId: "the-keys", authorityId: "the-authority", proxy: undefined };
    const { environment, files } = programAt({ configuration: "argument", egress });
    expect(files).toEqual([]);
    expect(environment["BULKHEAD_INSPECTION_FILE"]).toBeUndefined();
    expect(environment["BULKHEAD_INSPECTION"]).toBe(programAt({}).files[0]?.content);
    expect(environment).not.toHaveProperty("BULKHEAD_EGRESS_PROXY");
  });

  it("is not made where nobody says by which way providers are called", () => {
    expect(() => programAt({ egress: undefined })).toThrow("nothing says where the egress guard runs on gcp");
  });
});

describe("the pod of any other workload", () => {
  it.each(others)("gives the program of %s neither the access policy nor the certificates", (id) => {
    for (const configuration of ["file", "argument"] as const) {
      const { certificates, user, environment, files } = program(id, configuration);
      expect([certificates, user, files]).toEqual(["none", undefined, []]);
      expect(
        Object.keys(environment).filter((name) => /ACCESS|CERTIFICATE|INSPECTION|KEYS/.test(name)),
      ).toEqual([]);
    }
  });
});

describe("the guardrails of the cloud's own models", () => {
  it("are told to the program alone, each by the name of its provider", () => {
    const [workload] = spec.workloads;
    if (workload === undefined || spec.mesh.kind !== "envoy") {
      throw new Error("the platform has no pod");
    }
    const place = {
      cloud: "aws",
      credentialId: "none",
      configuration: "argument",
      edge: { certificate: "none", addresses: [] },
    } as const;
    const [agent, proxy, told] = podOf(spec, spec.mesh, workload, {
      ...place,
      guardrails: {
        "native-models": { identifier: "arn:one", version: "3" },
        drafting: { identifier: "arn:two", version: "1" },
      },
    }).containers;
    const [, , untold] = podOf(spec, spec.mesh, workload, place).containers;

    expect(told.environment).toEqual({
      ...untold.environment,
      BULKHEAD_GUARDRAIL_ID_NATIVE_MODELS: "arn:one",
      BULKHEAD_GUARDRAIL_VERSION_NATIVE_MODELS: "3",
      BULKHEAD_GUARDRAIL_ID_DRAFTING: "arn:two",
      BULKHEAD_GUARDRAIL_VERSION_DRAFTING: "1",
    });
    expect(JSON.stringify([agent.environment, proxy.environment, untold.environment])).not.toContain(
      "GUARDRAIL",
    );
  });
});
