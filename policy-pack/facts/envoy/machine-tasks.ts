import { decisionPointId } from "../../../model/access-policy";
import type { Laxity } from "../fact";

import { wordsIn } from "./command-words";
import type { MachineProgram } from "./machine-program";
import { isEnvoyConfiguration } from "./proxy";

/** Where the agent of a machine of ours writes certificates and keys, for the proxy and the decision point to read. */
const certificateFolder = "/run/bulkhead/certificates";

/** Where what sends on the machine's journal writes down how far it is. */
const forwarderFolder = "/var/lib/bulkhead/log-forwarder";

/** The container that asks for the certificates. */
const agent = "certificate-agent";

/** What runs the agent of a decision point's machine. It takes no certificate but that of whom it is told to be. */
const decisionPointAgent = new RegExp(
  `^ExecStart=/usr/bin/docker run .*--name ${agent} .*--env BULKHEAD_SPIFFE_ID=spiffe://[\\w.-]+/(?:[\\w-]+/)*workload/${decisionPointId} `,
  "m",
);

/** Commands other than those that run containers. Each is matched as a whole, so that nothing is added to it. */
const commands: readonly RegExp[] = [
  /^-?\/usr\/bin\/docker (?:pull [\w./:@-]+|rm --force [\w-]+|stop --time \d+ [\w-]+)$/,
  /^\/bin\/sh -c "until \[ \\"\$\$\(\/usr\/bin\/docker inspect --format '\{\{\.State\.Health\.Status\}\}' [\w-]+ 2>\/dev\/null\)\\" = healthy \]; do sleep 1; done"$/,
  /^\/bin\/sh -c "while sleep 10; do \/usr\/bin\/docker ps --quiet --filter health=unhealthy \| xargs -r \/usr\/bin\/docker kill; done"$/,
  /^\/sbin\/sysctl -w net\.ipv4\.ip_unprivileged_port_start=443$/,
  /^\/sbin\/iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT$/,
  /^\/usr\/bin\/docker-credential-gcr configure-docker --registries=[\w.-]+$/,
  /^\/bin\/bash \/etc\/bulkhead\/(?:registry-sign-in|log-forwarder)\.sh$/,
  /^\/usr\/bin\/install -d -m 0700 -o \d+ -g \d+ \/var\/lib\/bulkhead\/log-forwarder$/,
  /^"?systemctl"? (?:"?daemon-reload"?|"?start"?(?: "?--no-block"?)?(?: "?[\w-]+\.(?:service|mount)"?)+)$/,
];

const curl = "curl --silent --show-error --fail --retry 5 --max-time 30 --noproxy '\\*'";

/** Lines of the two scripts that machines on Azure have. */
const scriptLines: readonly RegExp[] = [
  /^#!\/bin\/bash$/,
  /^set -euo pipefail$/,
  new RegExp(
    `^token=\\$\\(${curl} --header Metadata:true 'http://169\\.254\\.169\\.254/metadata/identity/oauth2/token\\?[\\w.%&=-]+' \\| sed -n '[^']+'\\)$`,
  ),
  /^exchanged=\$\(printf 'grant_type=access_token&service=%s&tenant=%s&access_token=%s' [\w.-]+ [\w-]+ "\$token" \|$/,
  new RegExp(
    `^${curl} --data @- https://[a-z0-9]+\\.azurecr\\.(?:io|us|cn)/oauth2/exchange \\| sed -n '[^']+'\\)$`,
  ),
  /^printf '%s' "\$exchanged" \| docker login --username [0-9-]+ --password-stdin [a-z0-9]+\.azurecr\.(?:io|us|cn)$/,
  /^cursor=\$\(cat \/var\/lib\/bulkhead\/log-forwarder\/cursor 2>\/dev\/null \|\| true\)$/,
  /^\/usr\/bin\/journalctl --follow --no-tail --all --output=json(?: --unit=[\w-]+\.service)+ \$\{cursor:\+"--after-cursor=\$cursor"\} \|$/,
];

/** Settings of units that run nothing, and lead nowhere. */
const settings: readonly RegExp[] = [
  /^(?:Description|After|Requires|Wants|RequiresMountsFor|WantedBy)=/,
  /^(?:StartLimitIntervalSec|Type|RemainAfterExit|TimeoutStartSec|TimeoutStopSec|Restart|RestartSec)=\w+$/,
  /^Environment="?(?:HOME|DOCKER_CONFIG)=[\w/-]+"?$/,
  /^What=tmpfs$/,
  /^Where=\/run\/bulkhead\/certificates$/,
  /^Options=uid=\d+,gid=\d+,mode=0750,size=1m,nosuid,nodev,noexec$/,
];

const isUnit = /^\[(?:Unit|Service|Mount|Install)\]$/m;

/** Paths of files, besides configurations of Envoy, that say what is read as a command. */
const filePaths: readonly RegExp[] = [
  /^\/etc\/systemd\/system\/[\w-]+\.(?:service|mount)$/,
  /^\/etc\/bulkhead\/(?:(?:registry-sign-in|log-forwarder)\.sh|(?:access|inspection)\.json)$/,
];

/** A file by which the journal keeps more, and its text. */
const journal = {
  path: "/etc/systemd/journald.conf.d/bulkhead.conf",
  text: /^\[Journal\]\n(?:(?:Storage|RateLimitIntervalSec|RateLimitBurst)=\w+\n)*$/,
} as const;

/** Flags of `docker run` by which a container gets nothing of its machine, and what each may say. */
const flags: Readonly<Record<string, RegExp | undefined>> = {
  "--cap-drop": /^ALL$/,
  "--entrypoint": /^node$/,
  "--env": /^[A-Z][A-Z0-9_]*=/,
  "--health-cmd": /^(?:node certificate-agent\.js check|bash -c 'exec 3<>\/dev\/tcp\/127\.0\.0\.1\/\d+')$/,
  "--health-interval": /^\d+s$/,
  "--health-retries": /^\d+$/,
  "--health-start-period": /^\d+s$/,
  "--health-timeout": /^\d+s$/,
  "--log-driver": /^(?:gcplogs|journald|none)$/,
  "--log-opt": /^gcp-project=/,
  "--name": /^[\w-]+$/,
  "--network": /^host$/,
  "--pids-limit": /^\d+$/,
  "--security-opt": /^no-new-privileges$/,
  "--user": /^[1-9]\d*:[1-9]\d*$/,
};

const switches: readonly string[] = ["--interactive", "--no-healthcheck", "--read-only", "--rm"];

const mount = /^type=bind,source=(?<source>\/[^,]+),target=\/[^,]+?(?<isReadOnly>,readonly)?$/;

function laxity(what: string, remedy: string): Laxity {
  return { what, remedy };
}

const leave =
  "Leave what machines are told to the Platform component; what a workload is for is in its image.";

function strange(what: string): Laxity {
  return laxity(`its machine is told what no machine of a platform is: ${what}`, leave);
}

/** Whether a container is the decision point, on the machine of one. */
function isDecisionPoint(name: string, { commands: texts }: MachineProgram): boolean {
  return name === decisionPointId && texts.some((text) => decisionPointAgent.test(text));
}

/** What of the machine a container is given. */
function mountLaxities(
  value: string,
  name: string,
  isProxy: boolean,
  program: MachineProgram,
): readonly Laxity[] {
  const { source, isReadOnly } = mount.exec(value)?.groups ?? {};
  const isOfAll = isProxy || name === agent;
  const isRight =
    source !== undefined &&
    ((source === certificateFolder && isOfAll) ||
      (source === certificateFolder && isReadOnly !== undefined && isDecisionPoint(name, program)) ||
      (source === forwarderFolder && !isProxy) ||
      (program.files.has(source) && isReadOnly !== undefined));
  return isRight
    ? []
    : [
        laxity(
          `container ${name} is given what is not its own: ${value}`,
          "Let the certificate agent, the proxy and the decision point alone have the folder of certificates, and nobody anything else of the machine.",
        ),
      ];
}

/** What the words after `docker run` give to a container that it is not to have. */
function containerLaxities(words: readonly string[], program: MachineProgram): readonly Laxity[] {
  const said = new Set<string>();
  const mounts: string[] = [];
  const laxities: Laxity[] = [];
  let name = "without a name";
  let index = 0;
  for (; words[index]?.startsWith("-") === true; index += 1) {
    const word = words[index] ?? "";
    const [flag = "", ...rest] = word.split("=");
    if (switches.includes(word)) {
      said.add(word);
      continue;
    }
    const value = rest.length > 0 ? rest.join("=") : (words[(index += 1)] ?? "");
    if (flag === "--mount") {
      mounts.push(value);
    } else if (flags[flag]?.test(value) === true) {
      said.add(flag);
      name = flag === "--name" ? value : name;
    } else {
      laxities.push(strange(`docker run ${flag} ${value}`));
    }
  }
  const [image = "", first] = words.slice(index);
  const isProxy = /(?:^|\/)envoy(?:[:@]|$)/.test(image);
  for (const flag of ["--read-only", "--cap-drop"]) {
    if (!said.has(flag)) {
      laxities.push(
        laxity(
          `container ${name} may change what it is made of, or has capabilities`,
          "Run it with --read-only and --cap-drop ALL.",
        ),
      );
      break;
    }
  }
  if (isProxy && (said.has("--entrypoint") || (first !== undefined && first !== "envoy"))) {
    laxities.push(strange(`container ${name} runs something else than Envoy`));
  }
  return [...laxities, ...mounts.flatMap((value) => mountLaxities(value, name, isProxy, program))];
}

/** What a preview puts in the place of what the cloud will say: a URN, whose types are joined by a dollar sign. */
const placeholder = /urn:pulumi:(?:[\w.:/-]|\$(?=[a-z]))+/g;

const run = /^(?:\/usr\/bin\/)?docker run (?<words>.*)$/;

function commandLaxities(command: string, program: MachineProgram): readonly Laxity[] {
  const { words } = run.exec(command)?.groups ?? {};
  // What systemd or a shell would put in its place is not what is read here.
  if (
    words !== undefined &&
    !/[\\`;|&$%]/.test(
      words
        .replaceAll(placeholder, "")
        // systemd writes one of these where two are (systemd.service, "COMMAND LINES").
        .replaceAll(/\$\$|%%/g, "")
        .replaceAll(/"[^"]*"|'[^']*'/g, (text) => text.replaceAll(/[;|&]/g, "")),
    )
  ) {
    return containerLaxities(wordsIn(words), program);
  }
  return commands.some((known) => known.test(command)) ? [] : [strange(command.slice(0, 200))];
}

function unitLaxities(text: string, program: MachineProgram): readonly Laxity[] {
  return text
    .replaceAll(/\\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !isUnit.test(line))
    .flatMap((line) => {
      const { command } = /^Exec(?:StartPre|Start|Stop)=(?<command>.*)$/.exec(line)?.groups ?? {};
      return command !== undefined
        ? commandLaxities(command, program)
        : settings.some((known) => known.test(line))
          ? []
          : [strange(line.slice(0, 200))];
    });
}

function scriptLaxities(text: string, program: MachineProgram): readonly Laxity[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !scriptLines.some((known) => known.test(line)))
    .flatMap((line) => commandLaxities(line, program));
}

/**
 * What a machine of a platform of ours is told that the platform's renderer tells none: commands and files of others, and
 * containers that are given more than they have to be. What is not known here is not there.
 */
export function taskLaxities(program: MachineProgram): readonly Laxity[] {
  const files = [...program.files].filter(
    ([path, text]) =>
      !isEnvoyConfiguration(text) &&
      !filePaths.some((known) => known.test(path)) &&
      !(path === journal.path && journal.text.test(text)),
  );
  return [
    ...files.map(([path]) => strange(`file ${path}`)),
    ...program.commands
      .filter((text) => !journal.text.test(text))
      .flatMap((text) =>
        isUnit.test(text)
          ? unitLaxities(text, program)
          : text.startsWith("#!")
            ? scriptLaxities(text, program)
            : commandLaxities(text.trim(), program),
      ),
  ];
}
