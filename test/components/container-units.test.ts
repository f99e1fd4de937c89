import { describe, expect, it } from "vitest";

import { podUnits, type ContainerHost, type HostUnit } from "../../components/mesh/container-units";
import { podOf, type Pod } from "../../components/mesh/pod";
import { commandLine, shellWord, unitFile, unitVariable } from "../../components/mesh/systemd-unit";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

const spec: PlatformSpec = platformSpec(referencePlatform);

function podOfWorkload(id: string): Pod {
  const workload = spec.workloads.find((candidate) => candidate.id === id);
  if (workload === undefined || spec.mesh.kind !== "envoy") {
    throw new Error(`no pod of ${id}`);
  }
  return podOf(spec, spec.mesh, workload, {
    cloud: "gcp",
    credentialId: "projects/p/secrets/s",
    configuration: "file",
    edge: { certificate: "load-balancer", spiffeId: "spiffe://hospital.example/zone/gateway/load-balancer" },
  });
}

const host: ContainerHost = {
  registry: "registry.example/images",
  signIn: [["/usr/bin/sign-in", "100% sure"]],
  environment: { HOME: "/var/lib/bulkhead" },
  logging: ({ name }) => ({ driver: "journald", options: { tag: name } }),
  before: [{ name: "bulkhead-first.service", content: unitFile({ Unit: [["Description", "First"]] }) }],
};

const pod = podOfWorkload("rag-service");
const { files, units } = podUnits(pod, host);

function unit(name: string): readonly string[] {
  const found = units.find((candidate: HostUnit) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`no unit ${name}`);
  }
  return found.content.split("\n");
}

/** The words of a command line of systemd's that has only quotes, and no escapes in them. */
function words(line: string): readonly string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, inQuotes, bare]) => inQuotes ?? bare ?? "");
}

function settings(name: string, setting: string): readonly string[] {
  return unit(name)
    .filter((line) => line.startsWith(`${setting}=`))
    .map((line) => line.slice(setting.length + 1));
}

describe("what systemd reads", () => {
  it.each([
    ["plain words", ["/bin/a", "--b=c", "1.2,3@4"], "/bin/a --b=c 1.2,3@4"],
    ["blanks", ["/bin/a", "b c"], '/bin/a "b c"'],
    ["nothing", ["/bin/a", ""], '/bin/a ""'],
    ["specifiers", ["/bin/a", "100%"], '/bin/a "100%%"'],
    ["variables", ["/bin/a", "$HOME ${HOME}"], '/bin/a "$$HOME $${HOME}"'],
    ["quotes and backslashes", ["/bin/a", 'say "\\"'], '/bin/a "say \\"\\\\\\""'],
    ["lines and tabs", ["/bin/a", "b\n\tc\r"], '/bin/a "b\\n\\tc\\r"'],
    ["a semicolon, which would begin another command", ["/bin/a", ";"], '/bin/a ";"'],
    ["single quotes", ["/bin/a", "it's"], `/bin/a "it's"`],
  ])("keeps %s as they are", (_, given, line) => {
    expect(commandLine(given)).toBe(line);
  });

  it("replaces no specifier, and looks for no variable, in an environment", () => {
    expect(unitVariable("A", '50% of "$B"')).toBe('"A=50%% of \\"$B\\""');
  });

  it.each([
    ["plain", "plain"],
    ["two words", "'two words'"],
    ["it's", `'it'\\''s'`],
    ["$(reboot)", "'$(reboot)'"],
    ["", "''"],
  ])("quotes %s for a shell", (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});

describe("a machine that is one replica of a pod", () => {
  it("has a unit for each container, in the order in which they are started", () => {
    expect(units.map(({ name }) => name)).toEqual([
      "run-bulkhead-certificates.mount",
      "bulkhead-ports.service",
      "bulkhead-first.service",
      "bulkhead-certificate-agent.service",
      "bulkhead-envoy.service",
      "bulkhead-rag-service.service",
      "bulkhead-health.service",
    ]);
    for (const { name, content } of units.filter((one) => !host.before.includes(one))) {
      expect(content, name).toContain("[Install]\nWantedBy=multi-user.target\n");
    }
  });

  it("has the proxy's configuration as a file that nobody writes", () => {
    const [, proxy] = pod.containers;
    expect(files).toEqual([{ path: "/etc/envoy/envoy.json", content: proxy.files[0]?.content, mode: 0o444 }]);
  });

  it("keeps certificates in memory, for the agent to write and for its group to read", () => {
    expect(unit("run-bulkhead-certificates.mount").slice(3, 8)).toEqual([
      "[Mount]",
      "What=tmpfs",
      "Where=/run/bulkhead/certificates",
      "Type=tmpfs",
      "Options=uid=10001,gid=10000,mode=0750,size=1m,nosuid,nodev,noexec",
    ]);
  });

  it("runs the proxy on the machine's network, with nothing that it could change", () => {
    const [, proxy] = pod.containers;
    const [line = ""] = settings("bulkhead-envoy.service", "ExecStart");
    expect(words(line)).toEqual([
      "/usr/bin/docker",
      "run",
      "--rm",
      "--name",
      "envoy",
      "--network",
      "host",
      "--read-only",
      "--cap-drop",
      "ALL",
      "--security-opt",
      "no-new-privileges",
      "--pids-limit",
      "1024",
      "--user",
      "10002:10000",
      "--mount",
      "type=bind,source=/run/bulkhead/certificates,target=/run/bulkhead/certificates,readonly",
      "--mount",
      "type=bind,source=/etc/envoy/envoy.json,target=/etc/envoy/envoy.json,readonly",
      "--health-cmd",
      "bash -c 'exec 3<>/dev/tcp/127.0.0.1/443'",
      "--health-interval",
      "15s",
      "--health-timeout",
      "5s",
      "--health-retries",
      "3",
      "--health-start-period",
      "30s",
      "--log-driver",
      "journald",
      "--log-opt",
      "tag=envoy",
      `registry.example/images/${proxy.image.repository}@${proxy.image.digest}`,
      "envoy",
      "--config-path",
      "/etc/envoy/envoy.json",
      "--log-level",
      "warning",
      "--disable-hot-restart",
      "--concurrency",
      "2",
      "--file-flush-interval-msec",
      "1000",
    ]);
  });

  it("lets the agent alone write certificates, and the program not see them", () => {
    const run = (container: string): readonly string[] =>
      words(settings(`bulkhead-${container}.service`, "ExecStart")[0] ?? "");
    const mounts = (container: string): readonly string[] =>
      run(container).filter((_, index, all) => all[index - 1] === "--mount");
    expect(mounts("certificate-agent")).toEqual([
      "type=bind,source=/run/bulkhead/certificates,target=/run/bulkhead/certificates",
    ]);
    expect(mounts("rag-service")).toEqual([]);
    expect(run("certificate-agent")).toContain("10001:10000");
    expect(run("rag-service")).not.toContain("--user");
    expect(run("rag-service")).toContain("--no-healthcheck");
    expect(run("rag-service").filter((_, index, all) => all[index - 1] === "--env")).toEqual(
      Object.entries(pod.containers[2].environment)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
    for (const { name } of pod.containers) {
      expect(run(name), name).toEqual(
        expect.arrayContaining(["--read-only", "--cap-drop", "ALL", "no-new-privileges", "--pids-limit"]),
      );
    }
  });

  it("signs in, pulls, and waits for what comes before, and is started again for ever", () => {
    const [, proxy] = pod.containers;
    const image = `registry.example/images/${proxy.image.repository}@${proxy.image.digest}`;
    expect(settings("bulkhead-envoy.service", "Environment")).toEqual(['"HOME=/var/lib/bulkhead"']);
    expect(settings("bulkhead-envoy.service", "ExecStartPre")).toEqual([
      '/usr/bin/sign-in "100%% sure"',
      `/usr/bin/docker pull ${image}`,
      "-/usr/bin/docker rm --force envoy",
      `/bin/sh -c "until [ \\"$$(/usr/bin/docker inspect --format '{{.State.Health.Status}}' certificate-agent 2>/dev/null)\\" = healthy ]; do sleep 1; done"`,
    ]);
    expect(settings("bulkhead-envoy.service", "After")).toEqual([
      "docker.service bulkhead-first.service bulkhead-ports.service network-online.target bulkhead-certificate-agent.service",
    ]);
    expect(settings("bulkhead-envoy.service", "RequiresMountsFor")).toEqual(["/run/bulkhead/certificates"]);
    for (const { name } of pod.containers) {
      expect(settings(`bulkhead-${name}.service`, "Restart"), name).toEqual(["always"]);
      expect(settings(`bulkhead-${name}.service`, "StartLimitIntervalSec"), name).toEqual(["0"]);
    }
  });

  it("ends what is not healthy, so that it is started again", () => {
    expect(settings("bulkhead-health.service", "ExecStart")).toEqual([
      '/bin/sh -c "while sleep 10; do /usr/bin/docker ps --quiet --filter health=unhealthy | xargs -r /usr/bin/docker kill; done"',
    ]);
    expect(settings("bulkhead-health.service", "Restart")).toEqual(["always"]);
  });

  it("lets containers listen on port 443 without a capability", () => {
    expect(settings("bulkhead-ports.service", "ExecStart")).toEqual([
      "/sbin/sysctl -w net.ipv4.ip_unprivileged_port_start=443",
    ]);
  });

  it("has nothing to run without someone who writes certificates", () => {
    const [agent, proxy, program] = pod.containers;
    expect(() =>
      podUnits({ ...pod, containers: [{ ...agent, certificates: "none" }, proxy, program] }, host),
    ).toThrow("nobody writes the certificates");
  });
});
