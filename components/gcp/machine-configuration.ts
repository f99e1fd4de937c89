import { platformPort } from "../../model/workload";
import type { ContainerHost, HostUnit } from "../mesh/container-units";
import { podUnits } from "../mesh/container-units";
import type { Pod } from "../mesh/pod";
import { commandLine, unitFile } from "../mesh/systemd-unit";

import type { PhysicalNames } from "./physical-names";

/** Where Docker keeps how it signs in. The system's own file system is read-only. */
const home = "/home/bulkhead";

/**
 * Lets in what the network's firewall lets in: the system's own takes no connection but SSH (Container-Optimized OS
 * documentation, "Configuring the host firewall").
 */
const firewall: HostUnit = {
  name: "bulkhead-firewall.service",
  content: unitFile({
    Unit: [["Description", "Opens the platform's port"]],
    Service: [
      ["Type", "oneshot"],
      ["RemainAfterExit", "yes"],
      [
        "ExecStart",
        commandLine([
          "/sbin/iptables",
          "-w",
          "-A",
          "INPUT",
          "-p",
          "tcp",
          "--dport",
          String(platformPort),
          "-j",
          "ACCEPT",
        ]),
      ],
    ],
    Install: [["WantedBy", "multi-user.target"]],
  }),
};

/** How machines of a zone get images, and where what containers print goes: as the workload's own service account. */
function hostOf({ workload }: Pod, names: PhysicalNames): ContainerHost {
  return {
    registry: names.repositoryAddress,
    signIn: [["/usr/bin/docker-credential-gcr", "configure-docker", `--registries=${names.registryHost}`]],
    environment: { HOME: home },
    logging: () => ({
      driver: "gcplogs",
      options: { "gcp-project": names.project(workload.zone) },
    }),
    before: [firewall],
  };
}

/**
 * What a machine of Container-Optimized OS is told to be: one replica of a pod. It is a configuration of cloud-init, written
 * in JSON, which is YAML; the system reads it anew whenever it starts (Container-Optimized OS documentation, "Creating and
 * configuring instances"). Nothing in it is secret.
 */
export function machineConfiguration(pod: Pod, names: PhysicalNames): string {
  const { files, units } = podUnits(pod, hostOf(pod, names));
  const unitFiles = units.map(({ name, content }) => ({
    path: `/etc/systemd/system/${name}`,
    content,
    mode: 0o444,
  }));
  const configuration = {
    write_files: [...files, ...unitFiles].map(({ path, content, mode }) => ({
      path,
      owner: "root:root",
      permissions: mode.toString(8).padStart(4, "0"),
      content,
    })),
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "start", "--no-block", ...units.map(({ name }) => name)],
    ],
  };
  return `#cloud-config\n${JSON.stringify(configuration)}\n`;
}
