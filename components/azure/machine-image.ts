/** An image of Azure Marketplace's, of one version. */
export interface MachineImage {
  readonly publisher: string;
  readonly offer: string;
  readonly sku: string;
  readonly version: string;
}

/**
 * What the machines of workloads start from: Flatcar Container Linux, whose system is read-only, and which has Docker, and
 * nothing else that runs. Of its offers it is the one without a plan, whose terms nobody has to accept, for machines of the
 * second generation (Flatcar documentation, "Running Flatcar Container Linux on Microsoft Azure", "CoreVM").
 *
 * It is one version, since the machines reach no update: another version here makes new machines.
 */
export const machineImage: MachineImage = {
  publisher: "kinvolk",
  offer: "flatcar-container-linux-corevm-amd64",
  sku: "stable-gen2",
  version: "4593.2.2",
};

/** Services of the image that machines of the platform do without, and that are kept from being started at all. */
export const unusedServices = [
  // Nobody signs in.
  "sshd.service",
  "sshd.socket",
  // There is no way to an update, and a machine does not start anew by itself.
  "locksmithd.service",
  "update-engine.service",
] as const;
