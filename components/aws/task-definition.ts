import { platformPort } from "../../model/workload";
import { certificateFolder } from "../mesh/certificate-files";
import { certificateGroup } from "../mesh/container-units";
import { proxyName, type Pod, type PodContainer } from "../mesh/pod";

import type { PhysicalNames } from "./physical-names";

/** The volume that the agent and the proxy have in common, and the decision point with them, on the task's own encrypted storage. */
export const certificateVolume = "certificates";

/** The most that AWS takes for all that a task definition says (Amazon ECS developer guide, "Service quotas"). */
const mostBytes = 64 * 1024;

/** What a task definition says beside its containers, at the most: names, roles, tags and numbers. */
const bytesBesideContainers = 4 * 1024;

/** A container as ECS takes it (Amazon ECS API reference, `ContainerDefinition`). */
type ContainerDefinition = Readonly<Record<string, unknown>>;

function userOf({ user, certificates }: PodContainer): string | undefined {
  return user === undefined
    ? undefined
    : certificates === "none"
      ? String(user)
      : `${String(user)}:${String(certificateGroup)}`;
}

function containerDefinition(
  container: PodContainer,
  { workload }: Pod,
  names: PhysicalNames,
): ContainerDefinition {
  const { name, image, command, environment, certificates, files, ports, health, startsAfter } = container;
  if (files.length > 0) {
    throw new Error(`Fargate puts no file into container ${name}`);
  }
  const user = userOf(container);
  return {
    name,
    image: names.imageAddress(image),
    // Without one of its containers a task is stopped, and another is started in its place.
    essential: true,
    ...(command === undefined ? {} : { entryPoint: command.slice(0, 1), command: command.slice(1) }),
    environment: Object.entries(environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => ({ name: key, value })),
    ...(user === undefined ? {} : { user }),
    readonlyRootFilesystem: true,
    linuxParameters: { capabilities: { drop: ["ALL"] }, initProcessEnabled: true },
    ...(name === proxyName
      ? {
          // Lets the proxy listen on the platform's port without any capability.
          systemControls: [{ namespace: "net.ipv4.ip_unprivileged_port_start", value: String(platformPort) }],
        }
      : {}),
    mountPoints:
      certificates === "none"
        ? []
        : [
            {
              sourceVolume: certificateVolume,
              containerPath: certificateFolder,
              readOnly: certificates === "reads",
            },
          ],
    portMappings: ports.map((containerPort) => ({
      containerPort,
      hostPort: containerPort,
      protocol: "tcp",
    })),
    ...(health === undefined
      ? {}
      : {
          healthCheck: {
            command: ["CMD", ...health.command],
            interval: health.intervalSeconds,
            timeout: health.timeoutSeconds,
            retries: health.retries,
            startPeriod: health.startSeconds,
          },
        }),
    dependsOn: startsAfter.map((containerName) => ({ containerName, condition: "HEALTHY" })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group":
          name === workload.id ? names.programLogGroup(workload) : names.workloadLogGroup(workload),
        "awslogs-region": names.region,
        "awslogs-stream-prefix": name,
        // What cannot be recorded waits: the other mode drops it.
        mode: "blocking",
      },
    },
  };
}

/**
 * The containers of a pod as a task definition lists them, in JSON.
 *
 * @throws Error if they are more than AWS takes.
 */
export function containerDefinitions(pod: Pod, names: PhysicalNames): string {
  const text = JSON.stringify(pod.containers.map((container) => containerDefinition(container, pod, names)));
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes - bytesBesideContainers) {
    throw new RangeError(
      `The task definition of workload/${pod.workload.id} would be larger than AWS takes: its containers are ${String(bytes)} of at most ${String(mostBytes - bytesBesideContainers)} bytes, ` +
        "most of which are the configuration of its proxy, or the access policy. Let fewer workloads call each other, name fewer authorities of clients, or have fewer policies.",
    );
  }
  return text;
}
