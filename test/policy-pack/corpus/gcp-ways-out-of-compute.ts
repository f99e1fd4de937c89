import { unknownText, type Sketch } from "../stack-sketch";

import { emailOf, labelled, phiProject, type Zone } from "./gcp-base";
import {
  gcp,
  inNetwork,
  machine,
  onNetworks,
  onPerimeter,
  plainNetwork,
  plainSubnet,
  setting,
  silentResolver,
} from "./gcp-network-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const containers: readonly Inputs[] = [{ image: "us-docker.pkg.dev/hospital-ai/images/batch@sha256:0" }];

/** What runs without machines, in the subnet of a zone. */
function within(stack: Sketch, zone: Zone): Inputs {
  return { egress: "ALL_TRAFFIC", networkInterfaces: [{ subnetwork: stack.id(`${zone}-subnet`) }] };
}

/** A job of PHI, whose names are closed. */
function job(
  stack: Sketch,
  vpcAccess: (stack: Sketch) => Inputs | string | undefined,
  zone: Zone = "phi",
): string {
  silentResolver(stack, stack.id("vpc"));
  return stack.add(gcp("cloudrunv2", "Job"), "job", {
    name: "job",
    location: "us-central1",
    template: {
      template: {
        containers,
        serviceAccount: emailOf(stack, zone),
        ...(vpcAccess(stack) === undefined ? {} : { vpcAccess: vpcAccess(stack) }),
      },
    },
    ...labelled(zone),
  });
}

const right = (stack: Sketch): Inputs => within(stack, "phi");

const jobs: readonly CorpusCase[] = (
  [
    [
      "that sends to private addresses alone by its network",
      (stack) => ({ ...right(stack), egress: "PRIVATE_RANGES_ONLY" }),
    ],
    [
      "that does not say what it sends by its network",
      (stack) => ({ networkInterfaces: right(stack)["networkInterfaces"] }),
    ],
    ["that sends by its network what nobody knows", (stack) => ({ ...right(stack), egress: unknownText })],
    ["that has no network", () => undefined],
    ["whose network nobody knows", () => unknownText],
    [
      "in a subnet that nobody knows",
      () => ({ egress: "ALL_TRAFFIC", networkInterfaces: [{ subnetwork: unknownText }] }),
    ],
    [
      "by a connector that nobody knows",
      () => ({
        egress: "ALL_TRAFFIC",
        connector: "projects/hospital-ai/locations/us-central1/connectors/theirs",
      }),
    ],
    ["in the subnet of the gateway", (stack) => within(stack, "gateway")],
  ] satisfies readonly (readonly [string, (stack: Sketch) => Inputs | string | undefined])[]
).map(([name, vpcAccess]) =>
  setting(
    "GE-17",
    `a job of PHI ${name}`,
    (stack, access: (stack: Sketch) => Inputs | string | undefined) => job(stack, access),
    vpcAccess as (stack: Sketch) => Inputs | string | undefined,
    right,
  ),
);

/** A service of a zone, or of nobody. */
function service(stack: Sketch, zone: Zone | undefined, more: Inputs = {}): string {
  return stack.add(gcp("cloudrunv2", "Service"), "service", {
    name: "service",
    location: "us-central1",
    template: { containers },
    ...(zone === undefined ? {} : labelled(zone)),
    ...more,
  });
}

function appVersion(stack: Sketch, project: string): string {
  return stack.add(gcp("appengine", "FlexibleAppVersion"), "app", {
    service: "default",
    runtime: "nodejs",
    versionId: "v1",
    project,
    livenessCheck: { path: "/" },
    readinessCheck: { path: "/" },
  });
}

const services: readonly CorpusCase[] = [
  setting(
    "GE-17",
    "a service of PHI or of nobody, as it is by default",
    (stack, zone: Zone | undefined) => service(stack, zone),
    "phi",
    undefined,
  ),
  setting(
    "GE-17",
    "a service that whoever knows its name may call, of PHI or of nobody",
    (stack, zone: Zone | undefined) =>
      service(stack, zone, { ingress: "INGRESS_TRAFFIC_ALL", invokerIamDisabled: true }),
    "phi",
    undefined,
  ),
  setting(
    "GE-17",
    "a service that sends to the Internet by itself, of PHI or of nobody",
    (stack, zone: Zone | undefined) =>
      service(stack, zone, {
        ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY",
        template: {
          containers,
          vpcAccess: {
            egress: "PRIVATE_RANGES_ONLY",
            networkInterfaces: [{ subnetwork: plainSubnet(stack) }],
          },
        },
      }),
    "phi",
    undefined,
  ),
  setting(
    "GE-17",
    "a job of nobody in the subnet of PHI, or of the gateway",
    (stack, zone: Zone) => {
      silentResolver(stack, stack.id("vpc"));
      stack.add(gcp("cloudrunv2", "Job"), "job", {
        name: "job",
        location: "us-central1",
        template: {
          template: { containers, vpcAccess: { ...within(stack, zone), egress: "PRIVATE_RANGES_ONLY" } },
        },
      });
    },
    "phi",
    "gateway",
  ),
  onPerimeter(
    setting(
      "GE-17",
      "a job without a network, in the project of PHI or in another",
      (stack, project: string) =>
        stack.add(gcp("cloudrunv2", "Job"), "job", {
          name: "job",
          location: "us-central1",
          project,
          template: { template: { containers } },
        }),
      phiProject,
      "hospital-ai",
    ),
  ),
  setting(
    "GE-17",
    "a function that sends to the Internet by itself, of PHI or of nobody",
    (stack, zone: Zone | undefined) =>
      stack.add(gcp("cloudfunctionsv2", "Function"), "function", {
        name: "function",
        location: "us-central1",
        buildConfig: {
          runtime: "nodejs22",
          entryPoint: "handler",
          source: { storageSource: { bucket: "code-of-functions", object: "function.zip" } },
        },
        serviceConfig: {
          ingressSettings: "ALLOW_INTERNAL_ONLY",
          vpcConnector: stack.add(gcp("vpcaccess", "Connector"), "connector", {
            name: "connector",
            region: "us-central1",
            network: `${plainNetwork(stack)}.name`,
            ipCidrRange: "10.9.8.0/28",
            minInstances: 2,
            maxInstances: 3,
          }),
          vpcConnectorEgressSettings: "PRIVATE_RANGES_ONLY",
        },
        ...(zone === undefined ? {} : labelled(zone)),
      }),
    "phi",
    undefined,
  ),
  setting(
    "GE-17",
    "a function of the first generation, of PHI or of nobody",
    (stack, zone: Zone | undefined) =>
      stack.add(gcp("cloudfunctions", "Function"), "function", {
        name: "function",
        region: "us-central1",
        runtime: "nodejs22",
        entryPoint: "handler",
        sourceArchiveBucket: "code-of-functions",
        sourceArchiveObject: "function.zip",
        triggerHttp: true,
        ...(zone === undefined ? {} : labelled(zone)),
      }),
    "phi",
    undefined,
  ),
  inNetwork("GE-17", "a connector for what runs without machines", (stack, network) =>
    stack.add(gcp("vpcaccess", "Connector"), "connector", {
      name: "connector",
      region: "us-central1",
      network: `${network}.name`,
      ipCidrRange: "10.0.8.0/28",
      machineType: "e2-micro",
      minInstances: 2,
      maxInstances: 3,
    }),
  ),
  inNetwork("GE-17", "a connector in a subnet", (stack, _network, zone) =>
    stack.add(gcp("vpcaccess", "Connector"), "connector", {
      name: "connector",
      region: "us-central1",
      subnet: { name: `${stack.id(`${zone}-subnet`)}.name` },
      machineType: "e2-micro",
      minInstances: 2,
      maxInstances: 3,
    }),
  ),
  onPerimeter(
    setting(
      "GE-17",
      "an application of Google's engine, in the project of PHI or in another",
      appVersion,
      phiProject,
      "hospital-ai",
    ),
  ),
];

/** A machine that is right, where the resolver of its network is closed. */
const controls: readonly CorpusCase[] = [
  onNetworks(
    setting(
      "GE-17",
      "a job in the network of PHI with or without its private addresses alone",
      (stack, egress) => {
        silentResolver(stack, stack.id("phi-vpc"));
        machine(stack, "phi", { serviceAccount: undefined });
        stack.add(gcp("cloudrunv2", "Job"), "job", {
          name: "job",
          location: "us-central1",
          template: {
            template: {
              containers,
              vpcAccess: { egress, networkInterfaces: [{ subnetwork: stack.id("phi-subnet") }] },
            },
          },
          ...labelled("phi"),
        });
      },
      "PRIVATE_RANGES_ONLY",
      "ALL_TRAFFIC",
    ),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to what runs without machines: row GE-17. */
export const gcpWaysOutOfCompute: readonly CorpusCase[] = [...jobs, ...services, ...controls];
