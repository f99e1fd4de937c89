import { envoyConfiguration } from "../../../components/mesh/envoy-configuration";
import type { EdgeClients } from "../../../components/mesh/edge-clients";
import { peerName } from "../../../model/peer";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { Sketch, type Knowledge } from "../stack-sketch";

import {
  azureIdentity,
  azureInterface,
  azureProfile,
  azureRegistry,
  googleMachine,
  madeInterface,
} from "./whole-machines";

/** A part of a configuration of Envoy, as a test changes it. */
export type Part = Readonly<Record<string, unknown>>;

export const spec = platformSpec(referencePlatform);

/** The load balancer's addresses in sketches of platforms. */
export const balancerBlock = "10.40.0.0/24";

function workloadOf(id: string): (typeof spec.workloads)[number] {
  const found = spec.workloads.find((workload) => workload.id === id);
  if (found === undefined) {
    throw new Error(`no workload ${id}`);
  }
  return found;
}

/** Our own configuration of the Envoy beside a workload that others of the mesh call. */
export function ownConfiguration(
  id: string,
  edge: EdgeClients = { certificate: "none", addresses: [] },
): Part {
  return envoyConfiguration(spec, workloadOf(id), edge);
}

export function identityOf(id: string): string {
  return workloadOf(id).spiffeId;
}

const digest = "1".repeat(64);
const awsImage = (name: string): string =>
  `111122223333.dkr.ecr.us-east-1.amazonaws.com/bulkhead/${name}@sha256:${digest}`;

export const platformUrn = "urn:pulumi:test::bulkhead::bulkhead:index:Platform::bulkhead";

/** The component of a platform as it declares itself, with the reference platform's flows. */
export function declarePlatform(stack: Sketch, cloud: "aws" | "azure" | "gcp", changes: Part = {}): void {
  stack.addRaw({
    urn: platformUrn,
    type: "bulkhead:index:Platform",
    name: "bulkhead",
    inputs: {},
    outputs: {
      platform: "bulkhead",
      cloud,
      workloads: spec.workloads.map(({ id, zone, spiffeId }) => ({ id, zone, spiffeId })),
      flows: spec.flows.map(({ from, to, protocol, port, transport }) => ({
        from: peerName(from),
        to: peerName(to),
        protocol,
        port,
        transport,
      })),
      mesh: "envoy",
      controlPlane: [],
      ...changes,
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
}

/** The unit that runs an Envoy with a file of the machine's, in Docker. */
function unit(image: string, words = "--config-path /etc/envoy/envoy.json"): string {
  return [
    "[Unit]",
    "Description=The proxy",
    "After=docker.service",
    "[Service]",
    `ExecStartPre=/usr/bin/docker pull ${image}`,
    "ExecStartPre=-/usr/bin/docker rm --force envoy",
    [
      "ExecStart=/usr/bin/docker run --rm --name envoy --network host --read-only --cap-drop ALL",
      `"--mount" "type=bind,source=/etc/envoy/envoy.json,target=/etc/envoy/envoy.json,readonly"`,
      `${image} envoy ${words} --log-level warning`,
    ].join(" \\\n  "),
    "Restart=always",
    "",
  ].join("\n");
}

/** How a machine is told what to be. */
export interface Told {
  /** The text of the configuration. */
  readonly configuration: string;
  readonly unit?: string;
}

const registryOf = {
  azure: `${azureRegistry}.azurecr.io/envoy`,
  gcp: "us-central1-docker.pkg.dev/hospital-ai/bulkhead/envoy",
};

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** A configuration of Ignition's that writes Envoy's, and runs it. */
export function ignition({ configuration, unit: text }: Told): string {
  return JSON.stringify({
    ignition: { version: "3.4.0" },
    storage: {
      files: [
        {
          path: "/etc/envoy/envoy.json",
          mode: 292,
          contents: { source: `data:;base64,${base64(configuration)}` },
        },
      ],
    },
    systemd: {
      units: [
        {
          name: "bulkhead-envoy.service",
          enabled: true,
          contents: text ?? unit(`${registryOf.azure}@sha256:${digest}`),
        },
      ],
    },
  });
}

/** A configuration of cloud-init's that writes Envoy's, and runs it. */
export function cloudConfig({ configuration, unit: text }: Told, encoding?: "b64"): string {
  return `#cloud-config\n${JSON.stringify({
    write_files: [
      {
        path: "/etc/envoy/envoy.json",
        permissions: "0444",
        content: encoding === "b64" ? base64(configuration) : configuration,
        ...(encoding === undefined ? {} : { encoding }),
      },
      {
        path: "/etc/systemd/system/bulkhead-envoy.service",
        content: text ?? unit(`${registryOf.gcp}@sha256:${digest}`),
      },
    ],
    runcmd: [
      ["systemctl", "daemon-reload"],
      ["systemctl", "start", "bulkhead-envoy.service"],
    ],
  })}`;
}

/** What every container of a task of ours has: no capability, nothing to write to, and the log of its workload. */
const confined: Part = {
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "bulkhead" } },
};

/** The containers of a task: an Envoy, the program behind it, and the agent that asks for its certificates. */
export function containers(configuration: string, program = "fhir-proxy"): readonly Part[] {
  return [
    {
      ...confined,
      name: "envoy",
      image: awsImage("envoy"),
      command: ["envoy", "--config-yaml", configuration, "--log-level", "warning"],
      portMappings: [{ containerPort: 443 }],
    },
    {
      ...confined,
      name: program,
      image: awsImage("program"),
      environment: [{ name: "HOST", value: "127.0.0.1" }],
    },
    { ...confined, name: "certificate-agent", image: awsImage("certificate-agent") },
  ];
}

const machineTags = (zone: string, workload: string | undefined): Part => ({
  "bulkhead-zone": zone,
  ...(workload === undefined ? {} : { "bulkhead-workload": workload }),
});

/** Where a stack shows the configuration of an Envoy. */
export interface Carrying {
  readonly cloud: "aws" | "azure" | "gcp";
  readonly add: (stack: Sketch, configuration: string, zone: string, workload?: string) => unknown;
}

/** Every way in which a configuration is shown, by what it is. */
export const carriers = {
  "a task definition": {
    cloud: "aws",
    add: (stack, configuration, zone, workload) =>
      stack.add("aws:ecs/taskDefinition:TaskDefinition", "carrier", {
        family: "program",
        networkMode: "awsvpc",
        containerDefinitions: JSON.stringify(containers(configuration, workload)),
        tags: machineTags(zone, workload),
      }),
  },
  "a task definition of Cloud Control": {
    cloud: "aws",
    add: (stack, configuration, zone, workload) =>
      stack.add("aws-native:ecs:TaskDefinition", "carrier", {
        family: "program",
        networkMode: "awsvpc",
        containerDefinitions: containers(configuration, workload),
        tags: Object.entries(machineTags(zone, workload)).map(([key, value]) => ({ key, value })),
      }),
  },
  "a virtual machine": {
    cloud: "azure",
    add: (stack, configuration, zone, workload) => {
      const tags = machineTags(zone, workload);
      stack.add("azure-native:compute:VirtualMachine", "carrier", {
        ...azureProfile,
        resourceGroupName: "hospital",
        vmName: "carrier",
        identity: azureIdentity(stack, tags),
        osProfile: { ...azureProfile.osProfile, customData: base64(ignition({ configuration })) },
        networkProfile: { networkInterfaces: [azureInterface(stack, tags)] },
        tags,
      });
    },
  },
  "a virtual machine of an API version, by its user data": {
    cloud: "azure",
    add: (stack, configuration, zone, workload) => {
      const tags = machineTags(zone, workload);
      stack.add("azure-native:compute/v20240701:VirtualMachine", "carrier", {
        ...azureProfile,
        resourceGroupName: "hospital",
        vmName: "carrier",
        identity: azureIdentity(stack, tags),
        userData: base64(cloudConfig({ configuration, unit: unit(`${registryOf.azure}@sha256:${digest}`) })),
        networkProfile: { networkInterfaces: [azureInterface(stack, tags)] },
        tags,
      });
    },
  },
  "a scale set": {
    cloud: "azure",
    add: (stack, configuration, zone, workload) => {
      const tags = machineTags(zone, workload);
      stack.add("azure-native:compute:VirtualMachineScaleSet", "carrier", {
        resourceGroupName: "hospital",
        vmScaleSetName: "carrier",
        identity: azureIdentity(stack, tags),
        virtualMachineProfile: {
          ...azureProfile,
          osProfile: { ...azureProfile.osProfile, customData: base64(ignition({ configuration })) },
          networkProfile: { networkInterfaceConfigurations: [madeInterface] },
        },
        tags,
      });
    },
  },
  "a group of containers": {
    cloud: "azure",
    add: (stack, configuration, zone, workload) =>
      stack.add("azure-native:containerinstance:ContainerGroup", "carrier", {
        resourceGroupName: "hospital",
        containerGroupName: "carrier",
        ipAddress: { type: "Private", ports: [{ port: 443 }] },
        containers: [
          {
            name: "envoy",
            image: `${registryOf.azure}@sha256:${digest}`,
            command: ["envoy", "-c", "/etc/envoy/envoy.json"],
            volumeMounts: [{ name: "configuration", mountPath: "/etc/envoy" }],
            ports: [{ port: 443 }],
          },
        ],
        volumes: [{ name: "configuration", secret: { "envoy.json": base64(configuration) } }],
        tags: machineTags(zone, workload),
      }),
  },
  "an instance": {
    cloud: "gcp",
    add: (stack, configuration, zone, workload) =>
      stack.add("gcp:compute/instance:Instance", "carrier", {
        ...googleMachine(stack, workload, cloudConfig({ configuration })),
        labels: machineTags(zone, workload),
      }),
  },
  "a template": {
    cloud: "gcp",
    add: (stack, configuration, zone, workload) =>
      stack.add("gcp:compute/instanceTemplate:InstanceTemplate", "carrier", {
        ...googleMachine(stack, workload, cloudConfig({ configuration }, "b64")),
        labels: machineTags(zone, workload),
      }),
  },
  "a template of a region": {
    cloud: "gcp",
    add: (stack, configuration, zone, workload) =>
      stack.add("gcp:compute/regionInstanceTemplate:RegionInstanceTemplate", "carrier", {
        region: "us-central1",
        ...googleMachine(stack, workload, cloudConfig({ configuration })),
        labels: machineTags(zone, workload),
      }),
  },
} as const satisfies Record<string, Carrying>;

export type CarrierName = keyof typeof carriers;
export const carrierNames = Object.keys(carriers) as readonly CarrierName[];

/** A stack of one carrier, beside a platform of ours that declares the reference platform's flows, or without one. */
export function carried(
  name: CarrierName,
  configuration: string,
  {
    knowledge = "deployed",
    workload = "fhir-proxy",
    zone = "processing",
    isOurs = true,
    declared = {},
  }: {
    readonly knowledge?: Knowledge;
    readonly workload?: string;
    readonly zone?: string;
    readonly isOurs?: boolean;
    readonly declared?: Part;
  } = {},
): Sketch {
  const stack = new Sketch(knowledge);
  const { cloud, add }: Carrying = carriers[name];
  if (isOurs) {
    declarePlatform(stack, cloud, declared);
  }
  add(stack, configuration, zone, isOurs ? workload : undefined);
  return stack;
}
