import type { Image } from "../../model/image";
import { platformPort } from "../../model/workload";

import { certificateFolder } from "./certificate-files";
import type { HealthCheck, Pod, PodContainer } from "./pod";
import {
  commandLine,
  shellWord,
  unitFile,
  unitVariable,
  withoutSpecifiers,
  type UnitSection,
} from "./systemd-unit";

/** A file of a machine. */
export interface HostFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** A unit of a machine's systemd, which is started when the machine is. */
export interface HostUnit {
  /** Its name with its suffix, such as `bulkhead-envoy.service`. */
  readonly name: string;
  readonly content: string;
}

/** What a machine is given so that it runs a pod. */
export interface PodUnits {
  readonly files: readonly HostFile[];
  /** In the order in which they are started. */
  readonly units: readonly HostUnit[];
}

/** How machines of a cloud get images, and where what containers print goes. */
export interface ContainerHost {
  /** The registry with the path that an image's own repository follows, such as `eu-docker.pkg.dev/project/images`. */
  readonly registry: string;
  /** Commands after which Docker may pull from the registry, run before each pull. The first word is a path. */
  readonly signIn: readonly (readonly string[])[];
  /** The environment of those commands and of Docker's, such as where Docker keeps what it signed in with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Docker's driver that takes what a container prints, with its options. */
  readonly logging: (container: PodContainer) => {
    readonly driver: string;
    readonly options: Readonly<Record<string, string>>;
  };
  /** Units besides, after which the containers are started. */
  readonly before: readonly HostUnit[];
}

const docker = "/usr/bin/docker";

/** The group that the agent, the proxy and the decision point have in common, and nobody else: it reads the certificates. */
export const certificateGroup = 10000;

/** Seconds that a container has to end in by itself. */
const stopSeconds = 30;

/** Seconds in which an image is pulled and whatever a container waits for becomes healthy; it is tried again after. */
const startSeconds = 900;

/** Processes and threads that a container may have. */
const processes = 1024;

function serviceName(container: string): string {
  return `bulkhead-${container}.service`;
}

/** The name of the unit that mounts a folder: its path, with dashes for slashes (systemd.mount(5)). */
function mountName(path: string): string {
  if (!/^(?:\/[a-z0-9]+)+$/.test(path)) {
    throw new Error(`${path} is no path that a unit is called by`);
  }
  return `${path.slice(1).replaceAll("/", "-")}.mount`;
}

function description(text: string): readonly [string, string] {
  return ["Description", withoutSpecifiers(text)];
}

const whenStarted: UnitSection = [["WantedBy", "multi-user.target"]];

/** The folder of certificates: in memory, for the agent to write, and for the proxy and the decision point to read. */
function certificateMount({ containers }: Pod): HostUnit {
  const writer = containers.find(({ certificates }) => certificates === "writes");
  if (writer?.user === undefined) {
    throw new Error("nobody writes the certificates");
  }
  return {
    name: mountName(certificateFolder),
    content: unitFile({
      Unit: [description("Certificates, in memory")],
      Mount: [
        ["What", "tmpfs"],
        ["Where", certificateFolder],
        ["Type", "tmpfs"],
        [
          "Options",
          `uid=${String(writer.user)},gid=${String(certificateGroup)},mode=0750,size=1m,nosuid,nodev,noexec`,
        ],
      ],
      Install: whenStarted,
    }),
  };
}

/** Lets a container without any capability listen on the platform's port. */
const ports: HostUnit = {
  name: "bulkhead-ports.service",
  content: unitFile({
    Unit: [description("Ports that need no capability")],
    Service: [
      ["Type", "oneshot"],
      ["RemainAfterExit", "yes"],
      [
        "ExecStart",
        commandLine(["/sbin/sysctl", "-w", `net.ipv4.ip_unprivileged_port_start=${String(platformPort)}`]),
      ],
    ],
    Install: whenStarted,
  }),
};

/** Ends a container that fails its checks, which Docker itself does not: its unit starts it again. */
const health: HostUnit = {
  name: "bulkhead-health.service",
  content: unitFile({
    Unit: [
      description("Ends containers that are not healthy"),
      ["After", "docker.service"],
      ["Requires", "docker.service"],
    ],
    Service: [
      [
        "ExecStart",
        commandLine([
          "/bin/sh",
          "-c",
          `while sleep 10; do ${docker} ps --quiet --filter health=unhealthy | xargs -r ${docker} kill; done`,
        ]),
      ],
      ["Restart", "always"],
      ["RestartSec", "5"],
    ],
    Install: whenStarted,
  }),
};

function mount(path: string, isReadOnly: boolean): readonly string[] {
  return ["--mount", `type=bind,source=${path},target=${path}${isReadOnly ? ",readonly" : ""}`];
}

function healthArguments(check: HealthCheck | undefined): readonly string[] {
  return check === undefined
    ? ["--no-healthcheck"]
    : [
        "--health-cmd",
        check.command.map(shellWord).join(" "),
        "--health-interval",
        `${String(check.intervalSeconds)}s`,
        "--health-timeout",
        `${String(check.timeoutSeconds)}s`,
        "--health-retries",
        String(check.retries),
        "--health-start-period",
        `${String(check.startSeconds)}s`,
      ];
}

function userArguments({ user, certificates }: PodContainer): readonly string[] {
  return user === undefined
    ? []
    : ["--user", `${String(user)}:${String(certificates === "none" ? user : certificateGroup)}`];
}

/** How Docker on a machine is told of an image. */
export function imageReference({ registry }: ContainerHost, { repository, digest }: Image): string {
  return `${registry}/${repository}@${digest}`;
}

/** What every container on a machine is run with: the machine's own network, and nothing that it could change. */
export const confinement: readonly string[] = [
  "--network",
  "host",
  "--read-only",
  "--cap-drop",
  "ALL",
  "--security-opt",
  "no-new-privileges",
  "--pids-limit",
  String(processes),
];

/** The words that run a container in the foreground. */
function runArguments(container: PodContainer, host: ContainerHost): readonly string[] {
  const { driver, options } = host.logging(container);
  return [
    docker,
    "run",
    "--rm",
    "--name",
    container.name,
    ...confinement,
    ...userArguments(container),
    ...(container.certificates === "none"
      ? []
      : mount(certificateFolder, container.certificates === "reads")),
    ...container.files.flatMap(({ path }) => mount(path, true)),
    ...Object.entries(container.environment)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => ["--env", `${name}=${value}`]),
    ...healthArguments(container.health),
    "--log-driver",
    driver,
    ...Object.entries(options).flatMap(([name, value]) => ["--log-opt", `${name}=${value}`]),
    imageReference(host, container.image),
    ...(container.command ?? []),
  ];
}

/** Waits until another container is healthy. */
function awaiting(container: string): readonly string[] {
  const state = `${docker} inspect --format '{{.State.Health.Status}}' ${shellWord(container)}`;
  return ["/bin/sh", "-c", `until [ "$(${state} 2>/dev/null)" = healthy ]; do sleep 1; done`];
}

function containerUnit(pod: Pod, container: PodContainer, host: ContainerHost): HostUnit {
  const wanted = [
    ...host.before.map(({ name }) => name),
    ports.name,
    "network-online.target",
    ...container.startsAfter.map(serviceName),
  ];
  return {
    name: serviceName(container.name),
    content: unitFile({
      Unit: [
        description(`${container.name} of ${pod.workload.spiffeId}`),
        ["After", ["docker.service", ...wanted].join(" ")],
        ["Requires", "docker.service"],
        // What it comes after is not what ends it: a proxy goes on with the certificates that it has.
        ["Wants", wanted.join(" ")],
        ...(container.certificates === "none"
          ? []
          : ([["RequiresMountsFor", certificateFolder]] satisfies UnitSection)),
        // It is tried for as long as the machine runs.
        ["StartLimitIntervalSec", "0"],
      ],
      Service: [
        ...Object.entries(host.environment).map(
          ([name, value]) => ["Environment", unitVariable(name, value)] as const,
        ),
        ...host.signIn.map((words) => ["ExecStartPre", commandLine(words)] as const),
        ["ExecStartPre", commandLine([docker, "pull", imageReference(host, container.image)])],
        // One that the machine left behind when it was cut off.
        ["ExecStartPre", `-${commandLine([docker, "rm", "--force", container.name])}`],
        ...container.startsAfter.map((name) => ["ExecStartPre", commandLine(awaiting(name))] as const),
        ["ExecStart", commandLine(runArguments(container, host))],
        ["ExecStop", commandLine([docker, "stop", "--time", String(stopSeconds), container.name])],
        ["TimeoutStartSec", String(startSeconds)],
        ["TimeoutStopSec", String(stopSeconds + 15)],
        ["Restart", "always"],
        ["RestartSec", "5"],
      ],
      Install: whenStarted,
    }),
  };
}

/**
 * What a machine with systemd and Docker is given so that it is one replica of a pod: the machine's network is the pod's.
 *
 * Each container is a unit, which is started again whenever it ends, and which ends when its checks fail. It has a read-only
 * file system, no capability and no way to get one. The certificates are in memory, where the agent writes and the proxy
 * reads, and the decision point with it; no other container sees them. Nothing secret is in the files or units.
 */
export function podUnits(pod: Pod, host: ContainerHost): PodUnits {
  return {
    files: pod.containers.flatMap(({ files }) =>
      files.map(({ path, content }) => ({ path, content, mode: 0o444 })),
    ),
    units: [
      certificateMount(pod),
      ports,
      ...host.before,
      ...pod.containers.map((container) => containerUnit(pod, container, host)),
      health,
    ],
  };
}
