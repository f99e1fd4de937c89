import { decisionPointId } from "../../../model/access-policy";
import { flagOf, itemsOf, member, memberReading, recordOf, textOf, type Reading } from "../../reading";
import { wordsOf } from "../envoy/container-proxies";
import type { Laxity } from "../fact";

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** The container that asks for the certificates, which the proxy reads. */
const agent = "certificate-agent";

/** A container of a task, and whether it is an Envoy. */
export interface TaskContainer {
  readonly container: Mapping;
  readonly isProxy: boolean;
}

/** A member of a mapping that the provider reads whatever the case of its letters; unknown, where there are several. */
export function anyCase(mapping: Mapping, key: string): Reading<unknown> {
  if (mapping.kind !== "known") {
    return mapping;
  }
  const keys = Object.keys(mapping.value).filter((one) => one.toLowerCase() === key.toLowerCase());
  const [first, ...others] = keys;
  return first === undefined
    ? { kind: "absent" }
    : others.length > 0
      ? { kind: "unknown" }
      : member(mapping.value, first);
}

/** What a container may say besides what is read here. */
const harmless: ReadonlySet<string> = new Set(
  [
    "name",
    "image",
    "essential",
    "environment",
    "portMappings",
    "dependsOn",
    "cpu",
    "memory",
    "privileged",
  ].map((key) => key.toLowerCase()),
);

/** What a container may say, as it is read here. */
const read: ReadonlySet<string> = new Set(
  [
    "command",
    "entryPoint",
    "healthCheck",
    "linuxParameters",
    "logConfiguration",
    "mountPoints",
    "readonlyRootFilesystem",
    "systemControls",
    "user",
  ].map((key) => key.toLowerCase()),
);

/** Whether a value says nothing: what AWS puts where nothing is said. */
function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === "" ||
    value === 0 ||
    value === false ||
    (typeof value === "object" && Object.keys(value).length === 0)
  );
}

/** The members of a mapping that say something, besides those that are named. */
function othersThan(mapping: Mapping, names: ReadonlySet<string>): readonly string[] {
  return mapping.kind === "known"
    ? Object.entries(mapping.value)
        .filter(([key, value]) => !names.has(key.toLowerCase()) && !isEmpty(value))
        .map(([key]) => key)
    : mapping.kind === "unknown"
      ? ["what is not known"]
      : [];
}

const checks = [
  /^CMD node certificate-agent\.js check$/,
  /^CMD bash -c exec 3<>\/dev\/tcp\/127\.0\.0\.1\/\d+$/,
] as const;

const proxyFlags: Readonly<Record<string, RegExp | undefined>> = {
  "--concurrency": /^\d+$/,
  "--config-yaml": /^/,
  "--file-flush-interval-msec": /^\d+$/,
  "--log-level": /^\w+$/,
};

/** The text of a list of words; `undefined` where it is not known. */
function sentence(words: readonly Reading<unknown>[]): string | undefined {
  const texts = words.map(textOf);
  return texts.some(({ kind }) => kind === "unknown")
    ? undefined
    : texts.flatMap((text) => (text.kind === "known" ? [text.value] : [])).join(" ");
}

/** Whether words run Envoy, by nothing but its flags of ours. */
function areOfProxy(words: readonly Reading<unknown>[]): boolean {
  const [first = "", ...flags] = words.map((word) => {
    const text = textOf(word);
    return text.kind === "known" ? text.value : "";
  });
  if (!/^(?:\/usr\/local\/bin\/)?envoy$/.test(first)) {
    return false;
  }
  for (let index = 0; index < flags.length; index += 1) {
    const flag = flags[index] ?? "";
    if (flag === "--disable-hot-restart") {
      continue;
    }
    index += 1;
    if (proxyFlags[flag]?.test(flags[index] ?? "") !== true) {
      return false;
    }
  }
  return true;
}

/** What a container may do with the volume of certificates. */
type CertificateUse = "writes" | "reads" | "none";

/** What one container has, or is told to run, that a container of a platform has not. */
function strangeIn(
  { container, isProxy }: TaskContainer,
  name: string,
  certificates: CertificateUse,
): readonly string[] {
  const words = wordsOf(anyCase(container, "entryPoint"), anyCase(container, "command"));
  const isReadOnly = flagOf(anyCase(container, "readonlyRootFilesystem"));
  const linux = recordOf(anyCase(container, "linuxParameters"));
  const capabilities = recordOf(anyCase(linux, "capabilities"));
  const dropped = itemsOf(anyCase(capabilities, "drop")).map(textOf);
  const user = textOf(anyCase(container, "user"));
  const check = sentence(itemsOf(anyCase(recordOf(anyCase(container, "healthCheck")), "command")));
  const log = recordOf(anyCase(container, "logConfiguration"));
  const driver = textOf(anyCase(log, "logDriver"));
  const controls = itemsOf(anyCase(container, "systemControls")).map((item) => {
    const control = recordOf(item);
    return sentence([anyCase(control, "namespace"), anyCase(control, "value")]);
  });
  const mounts = itemsOf(anyCase(container, "mountPoints")).map((item) => recordOf(item));
  const lacksLimits = [
    [isReadOnly.kind === "known" && isReadOnly.value, "a file system that it may change"],
    [dropped.some((one) => one.kind === "known" && one.value === "ALL"), "capabilities"],
    [
      user.kind === "absent" || (user.kind === "known" && /^[1-9]\d*(?::[1-9]\d*)?$/.test(user.value)),
      "the rights of root",
    ],
    [driver.kind === "known" && driver.value === "awslogs", "its output recorded elsewhere"],
    [othersThan(linux, new Set(["capabilities", "initprocessenabled"])).length === 0, "parts of its machine"],
    [othersThan(log, new Set(["logdriver", "options"])).length === 0, "its output recorded with secrets"],
    [
      check === "" || (check !== undefined && checks.some((one) => one.test(check))),
      "a check that runs something",
    ],
    [controls.every((one) => one === "net.ipv4.ip_unprivileged_port_start 443"), "settings of its kernel"],
    [
      mounts.length === 0 || certificates !== "none",
      "a volume, and so perhaps the certificates and their keys",
    ],
    [
      certificates !== "reads" ||
        mounts.every((mount) => {
          const only = flagOf(anyCase(mount, "readOnly"));
          return only.kind === "known" && only.value;
        }),
      "a volume that it may change",
    ],
  ] as const;
  return [
    ...lacksLimits.filter(([isRight]) => !isRight).map(([, what]) => `container ${name} has ${what}`),
    ...othersThan(container, new Set([...harmless, ...read])).map((key) => `container ${name} says ${key}`),
    ...((isProxy ? areOfProxy(words) : words.length === 0)
      ? []
      : [`container ${name} runs something else than its image, or than Envoy alone`]),
  ];
}

/**
 * What the containers of a task of a platform of ours have that the platform's renderer gives to none: others than the
 * agent, the proxy and the workload's own, and more than each has to have. What is not known here is not there.
 *
 * @param workload the id of the workload whose task it is; `undefined` where nothing says.
 */
export function strangeContainers(
  containers: readonly TaskContainer[],
  volumes: Reading<unknown>,
  workload: string | undefined,
): readonly Laxity[] {
  const nameOf = ({ container }: TaskContainer): string => {
    const name = textOf(anyCase(container, "name"));
    return name.kind === "known" ? name.value : "without a known name";
  };
  const strangers = containers.filter((one) => !one.isProxy && ![agent, workload].includes(nameOf(one)));
  const proxies = containers.filter(({ isProxy }) => isProxy);
  const outside = itemsOf(volumes).filter(
    (item) =>
      othersThan(recordOf(item), new Set(["name"])).length > 0 ||
      memberReading(recordOf(item), "name").kind !== "known",
  );
  // The decision point signs what it grants with its workload's own key.
  const certificatesOf = (one: TaskContainer): CertificateUse =>
    one.isProxy || (workload === decisionPointId && nameOf(one) === decisionPointId)
      ? "reads"
      : nameOf(one) === agent
        ? "writes"
        : "none";
  const said = [
    ...strangers.map(
      (one) => `container ${nameOf(one)} is none of the agent, the proxy and the workload's own`,
    ),
    ...(proxies.length > 1 ? ["it has more than one proxy"] : []),
    ...(containers.some((one) => nameOf(one) === agent) ? [] : ["it has no certificate agent"]),
    ...outside.map(() => "it has a volume that others have as well"),
    ...containers.flatMap((one) => strangeIn(one, nameOf(one), certificatesOf(one))),
  ];
  return said.map((what) => ({
    what: `its task is not as those of a platform are: ${what}`,
    remedy: "Leave tasks to the Platform component; what a workload is for is in its image.",
  }));
}
