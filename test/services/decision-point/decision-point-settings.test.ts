import { describe, expect, it } from "vitest";

import { podOf } from "../../../components/mesh/pod";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { decisionPointSettings } from "../../../services/decision-point/decision-point-settings";
import { SettingsError } from "../../../services/program/settings";

const environment = {
  PORT: "8080",
  BULKHEAD_SPIFFE_ID: "spiffe://ai.hospital.example/zone/processing/workload/decision-point",
  BULKHEAD_CERTIFICATE_FOLDER: "/run/bulkhead/certificates",
  BULKHEAD_ACCESS_FILE: "/etc/bulkhead/access.json",
};

describe("what the decision point is told", () => {
  it.each([
    ["file", { file: "/etc/bulkhead/access.json" }],
    ["argument", { text: expect.stringMatching(/^\{"trustDomain":/) as unknown }],
  ] as const)(
    "is what its pod has in its environment, with the access policy as a %s",
    (configuration, access) => {
      const spec = platformSpec(referencePlatform);
      const workload = spec.workloads.find(({ id }) => id === "decision-point");
      if (workload === undefined || spec.mesh.kind !== "envoy") {
        throw new Error("the platform has no pod of a decision point");
      }
      const [, , program] = podOf(spec, spec.mesh, workload, {
        cloud: "aws",
        credentialId: "none",
        configuration,
        edge: { certificate: "none", addresses: [] },
      }).containers;

      expect(decisionPointSettings({ ...program.environment })).toEqual({
        host: "127.0.0.1",
        port: 8080,
        spiffeId: workload.spiffeId,
        certificate: { agentFolder: "/run/bulkhead/certificates" },
        access,
      });
    },
  );

  it("is on Kubernetes where the secret with its certificate is", () => {
    const { BULKHEAD_CERTIFICATE_FOLDER: folder, ...others } = environment;

    expect(decisionPointSettings({ ...others, BULKHEAD_CERTIFICATE_SECRET: folder }).certificate).toEqual({
      certificate: "/run/bulkhead/certificates/tls.crt",
      privateKey: "/run/bulkhead/certificates/tls.key",
      trustBundle: "/run/bulkhead/certificates/ca.crt",
    });
  });

  it("is refused with all that is missing, or said twice", () => {
    const refused = (told: Readonly<Record<string, string | undefined>>): string => {
      try {
        decisionPointSettings({ ...environment, ...told });
      } catch (error) {
        expect(error).toBeInstanceOf(SettingsError);
        return (error as Error).message;
      }
      throw new Error("nothing is refused");
    };

    const neither = refused({ BULKHEAD_CERTIFICATE_FOLDER: undefined, BULKHEAD_ACCESS_FILE: undefined });
    expect(neither).toMatch(/^ {2}BULKHEAD_ACCESS: exactly one of/m);
    expect(neither).toMatch(/^ {2}BULKHEAD_CERTIFICATE_FOLDER: exactly one of/m);
    const both = refused({ BULKHEAD_CERTIFICATE_SECRET: "/elsewhere", BULKHEAD_ACCESS: "{}" });
    expect(both).toBe(neither);
    expect(refused({ BULKHEAD_CERTIFICATE_FOLDER: "certificates" })).toContain(
      "BULKHEAD_CERTIFICATE_FOLDER: is not an absolute path",
    );
    expect(refused({ HOST: "0.0.0.0" })).toContain("HOST: is not the loopback");
  });
});
