import { itemsOf, textOf, type Reading } from "../../reading";

import { envoyProxy, hiddenProxy, type EnvoyProxy } from "./proxy";

/** A container, as far as it may be an Envoy. */
export interface ShownContainer {
  readonly image: Reading<unknown>;
  /** What it runs, in the order of its words; of those that are lists, each item is one. */
  readonly words: readonly Reading<unknown>[];
  /** Files in it that are shown, by their paths. */
  readonly files: ReadonlyMap<string, string>;
}

/** The names of images and programs that are Envoys. */
const envoy = /(?:^|[^a-z])envoy/i;

function valuesOf(words: readonly string[], ...flags: readonly string[]): readonly (string | undefined)[] {
  return words.flatMap((word, index) => {
    // Envoy parts a flag from its value at a space, also within one word.
    const flag = flags.find(
      (one) => word === one || word.startsWith(`${one}=`) || word.startsWith(`${one} `),
    );
    return flag === undefined ? [] : [word === flag ? words[index + 1] : word.slice(flag.length + 1)];
  });
}

/** Whether words that run something are those of an Envoy. */
export function isEnvoy(words: readonly string[]): boolean {
  return words.some(
    (word) => envoy.test(word) || word === "--config-yaml" || word.startsWith("--config-yaml="),
  );
}

/**
 * The Envoy that words run: one configuration, written out or in a file that is shown.
 *
 * @param fileAt the text of a file, by its path where the words see it.
 */
export function proxyOfWords(
  words: readonly string[],
  fileAt: (path: string) => Reading<string> | undefined,
): EnvoyProxy {
  const written = valuesOf(words, "--config-yaml");
  const paths = valuesOf(words, "--config-path", "-c");
  const [text] = written;
  const [path] = paths;
  // Of two configurations, one is merged into the other.
  if (written.length + paths.length !== 1) {
    return hiddenProxy(
      written.length + paths.length === 0
        ? "its Envoy is told no configuration, so that it has that of its image"
        : "its Envoy is told more than one configuration",
    );
  }
  if (text !== undefined) {
    return envoyProxy({ kind: "known", value: text });
  }
  const file = path === undefined ? undefined : fileAt(path);
  return file === undefined
    ? hiddenProxy(`the configuration of its Envoy is a file that is not shown (${path ?? "without a path"})`)
    : envoyProxy(file);
}

/** The Envoy that a container is; `undefined`, where nothing shows that it is one. */
export function proxyOfContainer({ image, words, files }: ShownContainer): EnvoyProxy | undefined {
  const shown = words.map((word) => textOf(word));
  const known = shown.map((word) => (word.kind === "known" ? word.value : ""));
  const name = textOf(image);
  if (!isEnvoy(known) && !(name.kind === "known" && envoy.test(name.value))) {
    return undefined;
  }
  if (shown.some(({ kind }) => kind === "unknown")) {
    return hiddenProxy("what its Envoy is told is not known");
  }
  return proxyOfWords(known, (path) => {
    const file = files.get(path);
    return file === undefined ? undefined : { kind: "known", value: file };
  });
}

/** The words of several properties, each a list, one after another. */
export function wordsOf(...lists: readonly Reading<unknown>[]): readonly Reading<unknown>[] {
  return lists.flatMap(itemsOf);
}
