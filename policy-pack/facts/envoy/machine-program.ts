import { gunzipSync } from "node:zlib";

import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";

import { structured } from "./proxy";
import { rememberedByText } from "../../remembered-by-text";

/** What a machine is told to have and to do when it is started. */
export interface MachineProgram {
  /** Its files, by their paths. */
  readonly files: ReadonlyMap<string, string>;
  /** Texts of units, scripts and commands. */
  readonly commands: readonly string[];
  /** What it is told besides that is not read. */
  readonly unread: readonly string[];
}

/** The largest file that is unpacked. */
const mostBytes = 1024 * 1024;

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** A text in base64; `undefined` where it is none, or no text. */
export const decoded = rememberedByText((text): string | undefined => {
  const packed = text.replaceAll(/\s/g, "");
  return /^[A-Za-z0-9+/]*={0,2}$/.test(packed) && packed.length % 4 !== 1
    ? Buffer.from(packed, "base64").toString("utf8")
    : undefined;
});

function unpacked(text: string): string | undefined {
  try {
    return gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: mostBytes }).toString("utf8");
  } catch {
    return undefined;
  }
}

/** What a URL of Ignition's holds itself (RFC 2397); `undefined` where it leads somewhere. */
function inUrl(url: string, isPacked: boolean): string | undefined {
  const [, base64, data = ""] = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url) ?? [];
  if (!url.startsWith("data:")) {
    return undefined;
  }
  if (isPacked) {
    return base64 === undefined ? undefined : unpacked(data);
  }
  try {
    return base64 === undefined ? decodeURIComponent(data) : decoded(decodeURIComponent(data));
  } catch {
    return undefined;
  }
}

function within(mapping: Mapping, ...keys: readonly string[]): Mapping {
  return keys.reduce<Mapping>((read, key) => recordOf(memberReading(read, key)), mapping);
}

function items(mapping: Mapping, key: string): readonly Mapping[] {
  return itemsOf(memberReading(mapping, key)).map((item) => recordOf(item));
}

/** The members of a mapping, besides those that are read. */
function othersThan(mapping: Mapping, ...read: readonly string[]): readonly string[] {
  return mapping.kind === "known" ? Object.keys(mapping.value).filter((key) => !read.includes(key)) : [];
}

/** Files that say what a machine does. */
const doing = /\.(?:service|socket|timer|path|mount|conf|sh|bash|py)$/;

/** A configuration of Ignition's (Ignition documentation, "Configuration Specification v3"). */
function ofIgnition(config: Mapping): MachineProgram {
  const files = new Map<string, string>();
  const commands: string[] = [];
  const unread: string[] = [];
  for (const file of items(within(config, "storage"), "files")) {
    const path = textOf(memberReading(file, "path"));
    const contents = within(file, "contents");
    const source = textOf(memberReading(contents, "source"));
    const compression = textOf(memberReading(contents, "compression"));
    const text =
      source.kind === "absent"
        ? ""
        : source.kind === "known"
          ? inUrl(source.value, compression.kind === "known" && compression.value === "gzip")
          : undefined;
    const isAdded = itemsOf(memberReading(file, "append")).length > 0;
    if (path.kind !== "known" || text === undefined || isAdded || files.has(path.value)) {
      unread.push(`file ${path.kind === "known" ? path.value : "without a known path"}`);
    } else {
      files.set(path.value, text);
    }
  }
  for (const link of items(within(config, "storage"), "links")) {
    const path = textOf(memberReading(link, "path"));
    unread.push(`link ${path.kind === "known" ? path.value : "without a known path"}`);
  }
  for (const unit of items(within(config, "systemd"), "units")) {
    const texts = [unit, ...items(unit, "dropins")].map((one) => textOf(memberReading(one, "contents")));
    commands.push(...texts.flatMap((text) => (text.kind === "known" ? [text.value] : [])));
    if (unit.kind !== "known" || texts.some(({ kind }) => kind === "unknown")) {
      unread.push("a unit");
    }
  }
  unread.push(
    ...othersThan(config, "ignition", "storage", "systemd"),
    ...othersThan(within(config, "storage"), "files", "links"),
    ...othersThan(within(config, "systemd"), "units"),
    ...othersThan(within(config, "ignition"), "version", "config"),
  );
  const others = within(config, "ignition", "config");
  const isElsewhere = ["merge", "replace", "append"].some(
    (key) => memberReading(others, key).kind !== "absent",
  );
  const listed = items(others, "merge").length > 0 || memberReading(others, "replace").kind === "known";
  return {
    files,
    commands,
    unread: [...unread, ...(isElsewhere && listed ? ["another configuration"] : [])],
  };
}

/** A line of a list of commands: a text, or a list of words. */
function commandOf(item: Reading<unknown>): string | undefined {
  if (item.kind === "known" && Array.isArray(item.value)) {
    const words = itemsOf(item).map((word) => textOf(word));
    return words.every(({ kind }) => kind === "known")
      ? words.map((word) => (word.kind === "known" ? JSON.stringify(word.value) : "")).join(" ")
      : undefined;
  }
  const text = textOf(item);
  return text.kind === "known" ? text.value : undefined;
}

/** A configuration of cloud-init's (cloud-init documentation, "Module reference"). */
function ofCloudConfig(config: Mapping): MachineProgram {
  const files = new Map<string, string>();
  const commands: string[] = [];
  const unread: string[] = [];
  for (const file of items(config, "write_files")) {
    const path = textOf(memberReading(file, "path"));
    const content = textOf(memberReading(file, "content"));
    const encoding = textOf(memberReading(file, "encoding"));
    const form = encoding.kind === "known" ? encoding.value.toLowerCase() : encoding.kind;
    const written = content.kind === "known" ? content.value : content.kind === "absent" ? "" : undefined;
    const text =
      written === undefined
        ? undefined
        : form === "absent" || form === "text/plain"
          ? written
          : form === "b64" || form === "base64"
            ? decoded(written)
            : /^(?:gz|gzip)\+(?:b64|base64)$/.test(form)
              ? unpacked(written)
              : undefined;
    const isAdded = memberReading(file, "append").kind !== "absent";
    const isElsewhere = memberReading(file, "source").kind !== "absent";
    if (path.kind !== "known" || text === undefined || isAdded || isElsewhere || files.has(path.value)) {
      unread.push(`file ${path.kind === "known" ? path.value : "without a known path"}`);
    } else {
      files.set(path.value, text);
    }
  }
  for (const key of ["bootcmd", "runcmd"]) {
    for (const item of itemsOf(memberReading(config, key))) {
      const command = commandOf(item);
      if (command === undefined) {
        unread.push(key);
      } else {
        commands.push(command);
      }
    }
  }
  unread.push(...othersThan(config, "write_files", "bootcmd", "runcmd"));
  return { files, commands, unread };
}

/** What a text tells a machine: Ignition's JSON or cloud-init's YAML; of anything else, that it is not read. */
export const machineProgram = rememberedByText((text): MachineProgram => {
  const start = text.trimStart();
  const isCloudConfig = /^#cloud-config[^\S\n]*(?:\n|$)/.test(text);
  const config = start.startsWith("{") || isCloudConfig ? recordOf(structured(text)) : undefined;
  const isIgnition = config !== undefined && memberReading(config, "ignition").kind !== "absent";
  if (config?.kind !== "known" || (!isIgnition && !isCloudConfig)) {
    return {
      files: new Map(),
      commands: /envoy/i.test(text) ? [text] : [],
      unread: ["what is neither Ignition's nor cloud-init's"],
    };
  }
  const program = isIgnition ? ofIgnition(config) : ofCloudConfig(config);
  const doers = [...program.files].flatMap(([path, content]) => (doing.test(path) ? [content] : []));
  return { ...program, commands: [...program.commands, ...doers] };
});
