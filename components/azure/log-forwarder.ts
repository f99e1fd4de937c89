import type { Image } from "../../model/image";
import {
  confinement,
  imageReference,
  type ContainerHost,
  type HostFile,
  type HostUnit,
} from "../mesh/container-units";
import type { Pod } from "../mesh/pod";
import { commandLine, shellWord, unitFile, unitVariable } from "../mesh/systemd-unit";

import { recordStream } from "./record-tables";

/** Where what a pod prints is sent (Azure documentation, "Logs Ingestion API in Azure Monitor"). */
export interface LogDestination {
  /** The address of the endpoint. */
  readonly endpoint: string;
  /** The immutable id of the rule by which the workload sends. */
  readonly rule: string;
  /** The client id of the identity that may. */
  readonly clientId: string;
}

const name = "log-forwarder";

/** A user that no image of ours has for anything else. */
const user = 10003;

/** Where on the machine it is written down which entry of the journal was the last that arrived. */
const stateFolder = "/var/lib/bulkhead/log-forwarder";
const cursorFile = `${stateFolder}/cursor`;

const script = "/etc/bulkhead/log-forwarder.sh";

/** Seconds in which the image is pulled; it is tried again after. */
const startSeconds = 900;

/**
 * Sends what the containers of a pod print to the workload's table: the machine reads its journal, in JSON, and a container
 * without any right sends it on. It begins where it was when it ended, and sends again, rather than loses, what it does not
 * know to have arrived.
 *
 * @param image the image that has the forwarder.
 */
export function logForwarder(
  pod: Pod,
  host: ContainerHost,
  image: Image,
  { endpoint, rule, clientId }: LogDestination,
): { readonly file: HostFile; readonly unit: HostUnit } {
  const reference = imageReference(host, image);
  const docker = "/usr/bin/docker";
  const owner = String(user);
  const read = [
    "/usr/bin/journalctl",
    "--follow",
    "--no-tail",
    "--all",
    "--output=json",
    ...pod.containers.map((container) => `--unit=bulkhead-${container.name}.service`),
  ];
  const environment = {
    AZURE_CLIENT_ID: clientId,
    BULKHEAD_LOGS_ENDPOINT: endpoint,
    BULKHEAD_LOGS_RULE: rule,
    BULKHEAD_LOGS_STREAM: recordStream,
    BULKHEAD_LOGS_CURSOR_FILE: cursorFile,
  };
  const send = [
    docker,
    "run",
    "--rm",
    "--interactive",
    "--name",
    name,
    ...confinement,
    "--user",
    `${owner}:${owner}`,
    "--mount",
    `type=bind,source=${stateFolder},target=${stateFolder}`,
    ...Object.entries(environment).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    "--no-healthcheck",
    "--log-driver",
    "none",
    "--entrypoint",
    "node",
    reference,
    `${name}.js`,
  ];
  const content = [
    "#!/bin/bash",
    "set -euo pipefail",
    `cursor=$(cat ${cursorFile} 2>/dev/null || true)`,
    `${read.map(shellWord).join(" ")} \${cursor:+"--after-cursor=$cursor"} |`,
    `  ${send.map(shellWord).join(" ")}`,
    "",
  ].join("\n");
  const unit = {
    name: `bulkhead-${name}.service`,
    content: unitFile({
      Unit: [
        ["Description", `Sends on what ${pod.workload.id} prints`],
        ["After", "docker.service network-online.target"],
        ["Requires", "docker.service"],
        ["Wants", "network-online.target"],
        ["StartLimitIntervalSec", "0"],
      ],
      Service: [
        ...Object.entries(host.environment).map(
          ([key, value]) => ["Environment", unitVariable(key, value)] as const,
        ),
        ...host.signIn.map((words) => ["ExecStartPre", commandLine(words)] as const),
        ["ExecStartPre", commandLine([docker, "pull", reference])],
        ["ExecStartPre", `-${commandLine([docker, "rm", "--force", name])}`],
        [
          "ExecStartPre",
          commandLine(["/usr/bin/install", "-d", "-m", "0700", "-o", owner, "-g", owner, stateFolder]),
        ],
        ["ExecStart", commandLine(["/bin/bash", script])],
        ["TimeoutStartSec", String(startSeconds)],
        ["Restart", "always"],
        ["RestartSec", "5"],
      ],
      Install: [["WantedBy", "multi-user.target"]],
    }),
  };
  return { file: { path: script, content, mode: 0o444 }, unit };
}
