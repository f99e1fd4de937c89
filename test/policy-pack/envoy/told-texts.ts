import { renderedOnAzure, renderedOnGoogle, renderedPlatform } from "../rendered-stack";

/** A change of a text. */
export type Change = (configuration: string) => string;
type Inputs = Readonly<Record<string, unknown>>;

interface ToldFile {
  readonly path: string;
  readonly content?: string;
  readonly encoding?: string;
  readonly contents?: { readonly source: string };
}

/** A text that a workload's machine or task is told: in a file, or where there are none, in words of a container. */
export interface ToldText {
  readonly file: string;
  /** The flag before it among a container's words, or the variable that it is in. */
  readonly flag?: string;
  readonly variable?: string;
}

/** The configuration of the Envoy. */
export const envoyText: ToldText = { file: "/etc/envoy/envoy.json", flag: "--config-yaml" };

/** What decision points are told of who may do what. */
export const accessText: ToldText = { file: "/etc/bulkhead/access.json", variable: "BULKHEAD_ACCESS" };

const packed = (text: string): string => Buffer.from(text).toString("base64");
const unpacked = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** How a text that names the configuration's file holds it, with the configuration changed. */
function changedFile(file: ToldFile, told: ToldText, change: Change): ToldFile {
  if (file.path !== told.file) {
    return file;
  }
  if (file.contents !== undefined) {
    const { source } = file.contents;
    const [start = "", data = ""] = source.split(",", 2);
    const isPacked = start.endsWith(";base64");
    const text = change(isPacked ? unpacked(data) : decodeURIComponent(data));
    return {
      ...file,
      contents: {
        ...file.contents,
        source: `${start},${isPacked ? packed(text) : encodeURIComponent(text)}`,
      },
    };
  }
  const { content = "", encoding } = file;
  const isPacked = encoding !== undefined && encoding !== "text/plain";
  return { ...file, content: isPacked ? packed(change(unpacked(content))) : change(content) };
}

interface ToldContainer {
  readonly command?: readonly string[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
}

function changedTask(inputs: Inputs, { flag, variable }: ToldText, change: Change): Inputs {
  const containers = JSON.parse(String(inputs["containerDefinitions"])) as readonly ToldContainer[];
  return {
    ...inputs,
    containerDefinitions: JSON.stringify(
      containers.map((container) => {
        const { command = [], environment = [] } = container;
        const at = flag === undefined ? 0 : command.indexOf(flag) + 1;
        return {
          ...container,
          ...(at === 0
            ? {}
            : { command: command.map((word, index) => (index === at ? change(word) : word)) }),
          ...(environment.some(({ name }) => name === variable)
            ? {
                environment: environment.map((one) =>
                  one.name === variable ? { ...one, value: change(one.value) } : one,
                ),
              }
            : {}),
        };
      }),
    ),
  };
}

function changedMachine(inputs: Inputs, text: ToldText, change: Change): Inputs {
  const profile = inputs["osProfile"] as Inputs;
  const told = JSON.parse(unpacked(String(profile["customData"]))) as {
    readonly storage: { readonly files: readonly ToldFile[] };
  };
  const files = told.storage.files.map((file) => changedFile(file, text, change));
  const customData = packed(JSON.stringify({ ...told, storage: { ...told.storage, files } }));
  return { ...inputs, osProfile: { ...profile, customData } };
}

function changedTemplate(inputs: Inputs, text: ToldText, change: Change): Inputs {
  const metadata = inputs["metadata"] as Inputs;
  const [first = "", ...lines] = String(metadata["user-data"]).split("\n");
  const told = JSON.parse(lines.join("\n")) as { readonly write_files: readonly ToldFile[] };
  const files = told.write_files.map((file) => changedFile(file, text, change));
  const userData = `${first}\n${JSON.stringify({ ...told, write_files: files })}\n`;
  return { ...inputs, metadata: { ...metadata, "user-data": userData } };
}

/** How a platform is rendered on each cloud, and where it tells its workloads what. */
export const clouds = {
  AWS: { render: renderedPlatform, type: /:TaskDefinition$/, changed: changedTask },
  Azure: { render: renderedOnAzure, type: /:VirtualMachine$/, changed: changedMachine },
  "Google Cloud": {
    render: renderedOnGoogle,
    type: /:(?:Region)?InstanceTemplate$/,
    changed: changedTemplate,
  },
} as const;
