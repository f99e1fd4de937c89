import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import { judge } from "../../../policy-pack/judge";
import { renderedOnAzure, renderedOnGoogle, renderedPlatform } from "../rendered-stack";
import type { Sketch } from "../stack-sketch";

import { identityOf } from "./shown-envoys";

type Change = (configuration: string) => string;
type Inputs = Readonly<Record<string, unknown>>;

interface ToldFile {
  readonly path: string;
  readonly content?: string;
  readonly encoding?: string;
  readonly contents?: { readonly source: string };
}

const envoyFile = "/etc/envoy/envoy.json";

const packed = (text: string): string => Buffer.from(text).toString("base64");
const unpacked = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** How a text that names the configuration's file holds it, with the configuration changed. */
function changedFile(file: ToldFile, change: Change): ToldFile {
  if (file.path !== envoyFile) {
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

function changedTask(inputs: Inputs, change: Change): Inputs {
  const containers = JSON.parse(String(inputs["containerDefinitions"])) as { readonly command?: string[] }[];
  return {
    ...inputs,
    containerDefinitions: JSON.stringify(
      containers.map((container) => {
        const { command = [] } = container;
        const at = command.indexOf("--config-yaml") + 1;
        return at === 0
          ? container
          : { ...container, command: command.map((word, index) => (index === at ? change(word) : word)) };
      }),
    ),
  };
}

function changedMachine(inputs: Inputs, change: Change): Inputs {
  const profile = inputs["osProfile"] as Inputs;
  const told = JSON.parse(unpacked(String(profile["customData"]))) as {
    readonly storage: { readonly files: readonly ToldFile[] };
  };
  const files = told.storage.files.map((file) => changedFile(file, change));
  const customData = packed(JSON.stringify({ ...told, storage: { ...told.storage, files } }));
  return { ...inputs, osProfile: { ...profile, customData } };
}

function changedTemplate(inputs: Inputs, change: Change): Inputs {
  const metadata = inputs["metadata"] as Inputs;
  const [first = "", ...lines] = String(metadata["user-data"]).split("\n");
  const told = JSON.parse(lines.join("\n")) as { readonly write_files: readonly ToldFile[] };
  const files = told.write_files.map((file) => changedFile(file, change));
  const text = `${first}\n${JSON.stringify({ ...told, write_files: files })}\n`;
  return { ...inputs, metadata: { ...metadata, "user-data": text } };
}

const clouds = {
  AWS: { render: renderedPlatform, type: /:TaskDefinition$/, changed: changedTask },
  Azure: { render: renderedOnAzure, type: /:VirtualMachine$/, changed: changedMachine },
  "Google Cloud": {
    render: renderedOnGoogle,
    type: /:(?:Region)?InstanceTemplate$/,
    changed: changedTemplate,
  },
} as const;

const breaks: readonly (readonly [string, Change, RegExp])[] = [
  [
    "asks for no certificate",
    (text) => text.replace('"require_client_certificate":true', '"require_client_certificate":false'),
    /asks no client for a certificate/,
  ],
  ["takes older TLS", (text) => text.replaceAll("TLSv1_3", "TLSv1_2"), /versions of TLS older than 1\.3/],
  ["only records", (text) => text.replace('"action":"ALLOW"', '"action":"LOG"'), /identity that begins with/],
  [
    "lets in another workload",
    (text) =>
      text.replace(`"exact":"${identityOf("rag-service")}"`, `"exact":"${identityOf("embedding-service")}"`),
    /lets in spiffe:.*\/workload\/embedding-service/,
  ],
  [
    "lets in another trust domain",
    (text) => text.replaceAll("spiffe://ai.hospital.example/", "spiffe://elsewhere.example/"),
    /lets in spiffe:\/\/elsewhere\.example\//,
  ],
  [
    "is told more by somebody else",
    (text) => text.replace('{"node"', '{"dynamic_resources":{"lds_config":{"ads":{}}},"node"'),
    /told by somebody else/,
  ],
  ["is no configuration", () => "{", /nothing shows whom its Envoy lets in/],
];

describe.each(Object.entries(clouds))("the Envoys of a platform on %s", (_, { render, type, changed }) => {
  let platform: Sketch;
  beforeAll(async () => {
    platform = await render(referencePlatform, "preview");
  });

  const refused = (stack: Sketch, name: string): string =>
    judge(stack.resources(), { dryRun: true })
      .findings.filter((finding) => finding.level === "mandatory" && finding.urn.endsWith(`::${name}`))
      .map(({ rule, summary }) => `${rule} ${summary}`)
      .join("\n");

  it.each(breaks)("are refused where that of fhir-proxy %s", (_what, change, what) => {
    const carrier = platform
      .resources()
      .find((resource) => type.test(resource.type) && resource.name.includes("fhir-proxy"));
    const name = carrier?.name ?? "";
    expect(refused(platform, name)).toBe("");
    const stack = platform.copy().change(name, (inputs) => changed(inputs, change));
    expect(refused(stack, name)).toMatch(what);
  });
});
