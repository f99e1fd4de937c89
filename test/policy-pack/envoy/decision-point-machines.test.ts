import { describe, expect, it } from "vitest";

import { podUnits, type ContainerHost } from "../../../components/mesh/container-units";
import { podOf } from "../../../components/mesh/pod";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { machineReading } from "../../../policy-pack/facts/envoy/machine-proxies";

const spec = platformSpec(referencePlatform);

const host: ContainerHost = {
  registry: "registry.example/images",
  signIn: [],
  environment: {},
  logging: () => ({ driver: "journald", options: {} }),
  before: [],
};

/** What a machine of a workload is told, as cloud-init reads it. */
function told(id: string): string {
  const workload = spec.workloads.find((candidate) => candidate.id === id);
  if (workload === undefined || spec.mesh.kind !== "envoy") {
    throw new Error(`the platform has no pod of ${id}`);
  }
  const { files, units } = podUnits(
    podOf(spec, spec.mesh, workload, {
      cloud: "gcp",
      credentialId: "none",
      configuration: "file",
      edge: { certificate: "none", addresses: [] },
    }),
    host,
  );
  const written = [
    ...files,
    ...units.map(({ name, content }) => ({ path: `/etc/systemd/system/${name}`, content })),
  ];
  return `#cloud-config\n${JSON.stringify({
    write_files: written.map(({ path, content }) => ({ path, content })),
    runcmd: [["systemctl", "daemon-reload"]],
  })}\n`;
}

function laxities(text: string): readonly string[] {
  return machineReading([text]).laxities.map(({ what }) => what);
}

/** The same text with a change, which it does have. */
function replaced(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) {
    throw new Error(`nothing says ${String(from)}`);
  }
  return changed;
}

const mount = "--mount type=bind,source=/run/bulkhead/certificates,target=/run/bulkhead/certificates";

/** Gives the program of a workload the folder of certificates. */
function withCertificates(id: string, more: string): string {
  return replaced(told(id), `--name ${id} `, `--name ${id} ${mount}${more} `);
}

describe("a machine of the decision point", () => {
  it.each(["decision-point", "agent-tools"])("is as the platform makes it: %s", (id) => {
    expect(laxities(told(id))).toEqual([]);
  });

  it("lets its program read the certificates, and not write them", () => {
    expect(told("decision-point")).toContain(`${mount},readonly`);
    const writing = replaced(
      told("decision-point"),
      /(--name decision-point .*?)target=\/run\/bulkhead\/certificates,readonly/,
      "$1target=/run/bulkhead/certificates",
    );
    expect(laxities(writing)).toEqual([
      expect.stringMatching(/^container decision-point is given what is not its own/),
    ]);
  });

  it("is told the access policy in its own place, and no other file", () => {
    expect(
      laxities(replaced(told("decision-point"), "/etc/bulkhead/access.json", "/etc/other.json")),
    ).toContain("its machine is told what no machine of a platform is: file /etc/other.json");
  });
});

describe("a machine of another workload", () => {
  it.each(["agent-tools", "rag-service"])("gives its program no certificates: %s", (id) => {
    expect(laxities(withCertificates(id, ",readonly"))).toEqual([
      expect.stringMatching(new RegExp(`^container ${id} is given what is not its own`)),
    ]);
  });

  it("gives none to a container that is called as the decision point is", () => {
    const called = replaced(
      withCertificates("rag-service", ",readonly"),
      "--name rag-service ",
      "--name decision-point ",
    );
    expect(laxities(called)).toEqual([
      expect.stringMatching(/^container decision-point is given what is not its own/),
    ]);
  });
});
