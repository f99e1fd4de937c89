import type { EnvoyMesh } from "../../model/mesh";
import { podUnits, type ContainerHost, type HostFile } from "../mesh/container-units";
import { proxyName, type Pod } from "../mesh/pod";

import { ignition } from "./ignition";
import { logForwarder, type LogDestination } from "./log-forwarder";
import { unusedServices } from "./machine-image";
import { registrySignIn, type RegistrySignIn } from "./registry-sign-in";

export interface MachineConfigurationArgs {
  readonly pod: Pod;
  readonly mesh: EnvoyMesh;
  readonly registry: RegistrySignIn;
  /** Where what the pod prints is sent, with the workload's own identity. */
  readonly logs: LogDestination;
}

/** The most that Azure hands to a machine ("Custom data and cloud-init on Azure Virtual Machines"). */
const mostBytes = 65_535;

/** Keeps all that is printed, however much it is; by default what comes too fast is dropped. */
const journal: HostFile = {
  path: "/etc/systemd/journald.conf.d/bulkhead.conf",
  content: "[Journal]\nStorage=persistent\nRateLimitIntervalSec=0\nRateLimitBurst=0\n",
  mode: 0o444,
};

/** The same pod, whose containers know which of the machine's two identities is the workload's own. */
function identified(pod: Pod, clientId: string): Pod {
  const [agent, proxy, program] = pod.containers;
  const told = <C extends Pod["containers"][number]>(container: C): C => ({
    ...container,
    environment: { ...container.environment, AZURE_CLIENT_ID: clientId },
  });
  return { ...pod, containers: [told(agent), proxy, told(program)] };
}

/**
 * What a machine is given so that it runs one replica of a workload, in base64: its pod, and what sends on what that prints.
 * Nothing in it is secret.
 *
 * @throws Error if it is more than Azure takes.
 */
export function machineConfiguration({ pod, mesh, registry, logs }: MachineConfigurationArgs): string {
  const { file, ...signIn } = registrySignIn(registry);
  const host: ContainerHost = {
    ...signIn,
    // What a unit prints is in the journal already.
    logging: () => ({ driver: "none", options: {} }),
    before: [],
  };
  const { files, units } = podUnits(identified(pod, logs.clientId), host);
  const forwarder = logForwarder(pod, host, mesh.agentImage, logs);
  const text = ignition({
    files: [file, forwarder.file, journal, ...files],
    units: [...units, forwarder.unit],
    masked: unusedServices,
  });
  const bytes = Buffer.byteLength(text, "base64");
  if (bytes > mostBytes) {
    throw new RangeError(
      `The machines of workload/${pod.workload.id} would be told more than Azure hands over: ${String(bytes)} of at most ${String(mostBytes)} bytes, ` +
        `most of which are the configuration of ${proxyName}, or the access policy. Let fewer workloads call each other, name fewer authorities of clients, or have fewer policies.`,
    );
  }
  return text;
}
