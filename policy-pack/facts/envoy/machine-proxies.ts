import type { Reading } from "../../reading";
import type { Laxity } from "../fact";

import { wordsIn } from "./command-words";
import { proxyOfWords } from "./container-proxies";
import { machineProgram, type MachineProgram } from "./machine-program";
import { taskLaxities } from "./machine-tasks";
import { envoyProxy, hiddenProxy, isEnvoyConfiguration, type EnvoyProxy } from "./proxy";
import { rememberedByText } from "../../remembered-by-text";

/** What a machine runs, as far as it shows. */
export interface MachineReading {
  readonly proxies: readonly EnvoyProxy[];
  /** What a machine of a platform of ours may not be told. */
  readonly laxities: readonly Laxity[];
}

/** The words of commands, one list for each: quotes and ends of lines are taken away, and what joins commands ends one. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return text
    .replaceAll(/\\\n\s*/g, " ")
    .split(/\n|&&|\|\||;\s|\s\|\s/)
    .map(wordsIn)
    .filter((words) => words.length > 0);
}

/** Where among words something is that runs containers; -1 where nothing is. */
function engineIn(words: readonly string[]): number {
  return words.findIndex((word) => /(?:^|[/@=+!:-])(?:docker|podman|nerdctl|ctr|crictl)$/.test(word));
}

/** Where words begin that run a container: after `docker run`; `undefined` where they run none. */
function afterRun(words: readonly string[]): readonly string[] | undefined {
  const engine = engineIn(words);
  const run =
    engine < 0 ? -1 : words.findIndex((word, index) => index > engine && /^(?:run|create)$/.test(word));
  return run < 0 ? undefined : words.slice(run + 1);
}

/** Where folders and files of the machine are in a container, by the path that they have there. */
function mountsOf(words: readonly string[]): readonly (readonly [inside: string, outside: string])[] {
  return words.flatMap((word, index): readonly (readonly [string, string])[] => {
    const [, flag, attached] = /^(-v|--volume|--mount)(?:=(.*))?$/s.exec(word) ?? [];
    const value = attached ?? words[index + 1] ?? "";
    if (flag === undefined) {
      return [];
    }
    if (flag !== "--mount") {
      const [outside = "", inside = outside] = value.split(":");
      return [[inside, outside]];
    }
    const parts = new Map(
      value.split(",").map((part): readonly [string, string] => {
        const [key = "", setting = ""] = part.split("=", 2);
        return [key, setting];
      }),
    );
    const outside = parts.get("source") ?? parts.get("src");
    const inside = parts.get("target") ?? parts.get("dst") ?? parts.get("destination");
    return outside === undefined || inside === undefined ? [] : [[inside, outside]];
  });
}

/** The path that something in a container has on the machine; `undefined` where it is the container's own. */
function onMachine(path: string, mounts: ReturnType<typeof mountsOf>): string | undefined {
  // What is mounted last, or deepest, hides what is under it.
  const [deepest] = mounts
    .filter(([inside]) => path === inside || path.startsWith(inside.endsWith("/") ? inside : `${inside}/`))
    .sort(([one], [other]) => other.length - one.length);
  return deepest === undefined ? undefined : `${deepest[1]}${path.slice(deepest[0].length)}`;
}

/** The flags of Envoy among words that run it in a container, without those of whatever runs the container. */
function ownWords(words: readonly string[]): readonly string[] {
  const start = words.findLastIndex((word) => /(?:^|\/)envoy$/.test(word));
  return start < 0 ? words.filter((word) => !/^-c$/.test(word)) : words.slice(start);
}

/** Whether words run an Envoy: the program, or a container of an image with its name. */
function runsEnvoy(words: readonly string[]): boolean {
  const run = afterRun(words);
  const isProgram = words.some((word) => /(?:^|[/=+@!:-])envoy$/.test(word));
  return run === undefined
    ? engineIn(words) < 0 && isProgram && words.some((word) => word.startsWith("--") || word === "-c")
    : run.some((word) => /(?:^|\/)envoy[^/=]*(?:[:@]|$)/i.test(word) && !word.startsWith("-"));
}

function proxyOfCommand(words: readonly string[], { files }: MachineProgram): EnvoyProxy {
  const run = afterRun(words);
  const mounts = run === undefined ? undefined : mountsOf(run);
  return proxyOfWords(ownWords(words), (path): Reading<string> | undefined => {
    const place = mounts === undefined ? path : onMachine(path, mounts);
    const text = place === undefined ? undefined : files.get(place);
    return text === undefined ? undefined : { kind: "known", value: text };
  });
}

const digest = /@sha256:[0-9a-f]{64}$/;

/** What a container that a machine runs may not be, on a platform of ours. */
function containerLaxities(run: readonly string[]): readonly Laxity[] {
  const named = run.some((word) => digest.test(word));
  const isPrivileged = run.some((word) =>
    /^(?:--privileged(?:=(?!false).*)?|--cap-add(?:=.*)?|--device(?:=.*)?|--pid(?:=.*)?)$/.test(word),
  );
  const isPublished = run.some((word) => /^(?:-p|-P|--publish(?:-all)?)(?:=.*)?$/.test(word));
  return [
    ...(named
      ? []
      : [
          {
            what: "it runs a container of an image that no digest names",
            remedy: "Name each image by its digest, in the platform's own registry.",
          },
        ]),
    ...(isPrivileged
      ? [
          {
            what: "it runs a container that may do what the machine may",
            remedy: "Take --privileged, --cap-add, --device and --pid away.",
          },
        ]
      : []),
    ...(isPublished
      ? [
          {
            what: "it runs a container that publishes ports, past the proxy",
            remedy: "Take --publish away: the proxy listens on the machine's own network.",
          },
        ]
      : []),
  ];
}

/** Whether words do something with a file besides running what reads it. */
function touches(words: readonly string[], { files }: MachineProgram): boolean {
  return (
    engineIn(words) < 0 &&
    [...files].some(([path, text]) => isEnvoyConfiguration(text) && words.some((word) => word.includes(path)))
  );
}

/** Reads what a machine is told when it is started, as far as Envoys and containers go. */
const readingOf = rememberedByText((text): MachineReading => {
  const program = machineProgram(text);
  const commands = program.commands.flatMap(commandsIn);
  const run = commands.filter(runsEnvoy).map((words) => proxyOfCommand(words, program));
  // A configuration that nothing is seen to run may be run by something that is not read.
  const kept = [...program.files.values()]
    .filter(isEnvoyConfiguration)
    .map((configuration) => envoyProxy({ kind: "known", value: configuration }))
    .filter((proxy) => !run.includes(proxy));
  const isMentioned = run.length === 0 && commands.some((words) => words.some((word) => /envoy/i.test(word)));
  const isTouched = commands.some((words) => !runsEnvoy(words) && touches(words, program));
  return {
    proxies: [
      ...run,
      ...kept,
      ...(run.length === 0 && (kept.length > 0 || isMentioned)
        ? [hiddenProxy("what runs its Envoy, and with which configuration, is not shown")]
        : []),
      ...(isTouched
        ? [hiddenProxy("what a command makes of the configuration of its Envoy is not known")]
        : []),
    ],
    laxities: [
      ...commands.flatMap((words) => {
        const container = afterRun(words);
        return container === undefined ? [] : containerLaxities(container);
      }),
      ...taskLaxities(program),
      ...[...new Set(program.unread)].map((what) => ({
        what: `its machine is told something when it is started that the judge does not read: ${what}`,
        remedy: "Tell it only what Ignition or cloud-init writes out: files, units and commands.",
        assumption: `what ${what} does is not known`,
      })),
    ],
  };
});

/**
 * What a machine runs, by the texts that it is told when it is started. Which of several it goes by is its system's own
 * affair, so that each is read by itself.
 */
export function machineReading(texts: readonly string[]): MachineReading {
  const all = texts.map(readingOf);
  return {
    proxies: all.flatMap(({ proxies }) => proxies),
    laxities: all.flatMap(({ laxities }) => laxities),
  };
}
