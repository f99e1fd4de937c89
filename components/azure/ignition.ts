import type { HostFile, HostUnit } from "../mesh/container-units";

/** What a machine is given when it starts for the first time. */
export interface MachineConfiguration {
  readonly files: readonly HostFile[];
  /** Units that are started. */
  readonly units: readonly HostUnit[];
  /** Names of units that cannot be started. */
  readonly masked: readonly string[];
}

/**
 * The configuration of a machine as Ignition reads it (Ignition, "Configuration Specification v3.4.0"), in base64, as Azure
 * hands it to the machine (Azure documentation, "Custom data and cloud-init on Azure Virtual Machines").
 */
export function ignition({ files, units, masked }: MachineConfiguration): string {
  const configuration = {
    ignition: { version: "3.4.0" },
    storage: {
      files: files.map(({ path, content, mode }) => ({
        path,
        mode,
        overwrite: true,
        contents: { source: `data:;base64,${Buffer.from(content).toString("base64")}` },
      })),
    },
    systemd: {
      units: [
        ...units.map(({ name, content }) => ({ name, enabled: true, contents: content })),
        ...masked.map((name) => ({ name, mask: true })),
      ],
    },
  };
  return Buffer.from(JSON.stringify(configuration)).toString("base64");
}
