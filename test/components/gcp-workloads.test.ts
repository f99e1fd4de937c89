import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";

import { machineImage } from "../../components/gcp/machine-template";
import { gcpRenderer } from "../../components/gcp/renderer";
import { envoyConfiguration } from "../../components/mesh/envoy-configuration";
import type { EdgeClients } from "../../components/mesh/edge-clients";
import { entrance } from "../../model/entrance";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec } from "../../model/platform-spec";
import { googleTarget } from "../model/google-target";
import { pemCertificates } from "../policy-pack/pem-certificates";

import { deployer, Rendered } from "./gcp-registrations";
import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const zones = ["gateway", "processing"] as const;
const projects = { gateway: "hospital-gateway", processing: "hospital-ai" } as const;
const workloads = [
  { id: "ai-gateway", zone: "gateway", addresses: ["10.40.28.130", "10.40.28.131"] },
  { id: "decision-point", zone: "processing", addresses: ["10.40.90.2", "10.40.90.3"] },
  { id: "fhir-proxy", zone: "processing", addresses: ["10.40.84.34", "10.40.84.35"] },
] as const;
const email = (id: string, zone: (typeof zones)[number]): string =>
  `ward-${id}@${projects[zone]}.iam.gserviceaccount.com`;
const labelsOf = (id: string, zone: string): Properties => ({
  "bulkhead-platform": "ward",
  "bulkhead-zone": zone,
  "bulkhead-workload": id,
});
const keyId = "projects/hospital-ai/locations/us-central1/keyRings/ward-platform/cryptoKeys/ward-platform";
const loadBalancer: EdgeClients = {
  certificate: "load-balancer",
  spiffeId: "spiffe://ai.hospital.example/zone/gateway/load-balancer",
};
const machineAuthorities = { text: `${pemCertificates.rootOfTenYears}\n` };

/** The whole of a platform on Google Cloud, as its renderer makes it. */
function whole(file: PlatformFile): void {
  const spec = platformSpec(file);
  const isElsewhere = spec.mesh.kind === "istio";
  const parent = new pulumi.ComponentResource("test:index:Platform", spec.name);
  gcpRenderer(googleTarget, {
    existingNetwork: undefined,
    existingDataStores: new Map(),
    now: new Date("2026-11-30T00:00:00Z"),
    entrance: entrance(spec.edge, spec.mesh.kind, "gcp", {
      certificateId: "projects/hospital-gateway/locations/global/certificates/front-door",
      clientCertificateId: isElsewhere
        ? "projects/hospital-gateway/locations/global/certificates/front-door-client"
        : undefined,
      machineAuthorities,
      machineRevocations: undefined,
      workloadAuthorities: isElsewhere ? machineAuthorities : undefined,
      clinicianSignIn: {
        issuer: "https://sign-in.hospital.example",
        authorizationEndpoint: "https://sign-in.hospital.example/authorize",
        tokenEndpoint: "https://sign-in.hospital.example/token",
        userInfoEndpoint: "https://sign-in.hospital.example/userinfo",
        clientId: "bulkhead",
      },
      hasClinicianClientSecret: false,
    }),
    clinicianClientSecret: undefined,
    deployerId: deployer,
    guardsAccount: false,
    locksRecords: true,
  }).render(spec, parent);
}

interface CloudConfig {
  readonly write_files: readonly {
    readonly path: string;
    readonly owner: string;
    readonly permissions: string;
    readonly content: string;
  }[];
  readonly runcmd: readonly (readonly string[])[];
}

function userDataOf(rendered: Rendered, id: string): string {
  const metadata = rendered.inputsOf(`ward-${id}-machine`)["metadata"] as Properties;
  return String(metadata["user-data"]);
}

function configurationOf(rendered: Rendered, id: string): CloudConfig {
  const [first, ...rest] = userDataOf(rendered, id).split("\n");
  expect(first).toBe("#cloud-config");
  return JSON.parse(rest.join("\n")) as CloudConfig;
}

function fileOf(rendered: Rendered, id: string, path: string): string {
  const found = configurationOf(rendered, id).write_files.find((file) => file.path === path);
  if (found === undefined) {
    throw new Error(`there is no ${path}`);
  }
  return found.content;
}

let rendered: Rendered;
beforeAll(async () => {
  rendered = await Rendered.of(smallPlatform, false, whole);
});

describe("the workloads of a small platform on Google Cloud", () => {
  it("are exactly these resources", () => {
    expect(rendered.listed("ward-workloads")).toEqual(
      [
        ...zones.map((zone) => `Metric ward-${zone}-certificate-rounds`),
        ...workloads.flatMap(({ id }) => [
          `RegionInstanceTemplate ward-${id}-machine`,
          `AlertPolicy ward-${id}-certificate-alarm`,
          ...["a", "b"].map((zone) => `InstanceGroupManager ward-${id}-us-central1-${zone}-machines`),
          ...[1, 2].flatMap((number) => [
            `Address ward-${id}-${String(number)}-address`,
            `PerInstanceConfig ward-${id}-${String(number)}-machine`,
          ]),
        ]),
      ].sort(),
    );
    expect(rendered.outputsOf("ward-workloads")["serviceIds"]).toEqual(
      Object.fromEntries(
        workloads.map(({ id, zone }) => [
          id,
          ["a", "b"]
            .map(
              (letter) =>
                `projects/${projects[zone]}/zones/us-central1-${letter}/instanceGroupManagers/ward-${id}`,
            )
            .join(" "),
        ]),
      ),
    );
  });

  it.each(workloads)("make the machines of $id from what nobody signs in to", ({ id, zone }) => {
    const { name, ...inputs } = rendered.inputsOf(`ward-${id}-machine`);
    expect(name).toMatch(new RegExp(`^ward-${id}-[0-9a-z]{7}$`));
    expect(inputs).toEqual({
      project: projects[zone],
      region: "us-central1",
      description: `Machines of spiffe://ai.hospital.example/zone/${zone}/workload/${id}`,
      machineType: "e2-standard-2",
      canIpForward: false,
      disks: [
        {
          boot: true,
          autoDelete: true,
          sourceImage: machineImage,
          diskType: "pd-balanced",
          diskSizeGb: 20,
          diskEncryptionKey: { kmsKeySelfLink: keyId },
          labels: labelsOf(id, zone),
        },
      ],
      networkInterfaces: [
        {
          subnetwork: `projects/${projects[zone]}/regions/us-central1/subnetworks/ward-${id}`,
          stackType: "IPV4_ONLY",
          nicType: "GVNIC",
        },
      ],
      serviceAccount: {
        email: email(id, zone),
        scopes: ["https://www.googleapis.com/auth/cloud-platform"],
      },
      shieldedInstanceConfig: { enableSecureBoot: true, enableVtpm: true, enableIntegrityMonitoring: true },
      scheduling: { automaticRestart: true, onHostMaintenance: "MIGRATE", provisioningModel: "STANDARD" },
      metadata: {
        "block-project-ssh-keys": "TRUE",
        "cos-update-strategy": "update_disabled",
        "enable-guest-attributes": "FALSE",
        "enable-oslogin": "FALSE",
        "serial-port-enable": "FALSE",
        "user-data": userDataOf(rendered, id),
      },
      labels: labelsOf(id, zone),
    });
  });

  it("start from a release that its name tells from every other", () => {
    expect(machineImage).toMatch(/^projects\/cos-cloud\/global\/images\/cos-\d+-\d+-\d+-\d+$/);
  });

  it.each(workloads)("keep one group of $id in each zone of the region", ({ id, zone }) => {
    const template = String(rendered.inputsOf(`ward-${id}-machine`)["name"]);
    expect(rendered.inputsOf(`ward-${id}-us-central1-b-machines`)).toEqual({
      name: `ward-${id}`,
      project: projects[zone],
      zone: "us-central1-b",
      description: `Machines of spiffe://ai.hospital.example/zone/${zone}/workload/${id}`,
      baseInstanceName: `ward-${id}`,
      versions: [
        {
          name: "current",
          instanceTemplate: `projects/${projects[zone]}/regions/us-central1/instanceTemplates/${template}`,
        },
      ],
      ...(id === "ai-gateway" ? { namedPorts: [{ name: "platform", port: 443 }] } : {}),
      updatePolicy: {
        type: "PROACTIVE",
        minimalAction: "REPLACE",
        mostDisruptiveAllowedAction: "REPLACE",
        replacementMethod: "RECREATE",
        maxSurgeFixed: 0,
        maxUnavailableFixed: 1,
        minReadySec: 120,
      },
      instanceLifecyclePolicy: { defaultActionOnFailure: "REPAIR", forceUpdateOnRepair: "YES" },
      waitForInstances: true,
      waitForInstancesStatus: "UPDATED",
    });
    // One group after the other takes a new template, while the others serve.
    expect(rendered.named(`ward-${id}-us-central1-b-machines`).waitsFor).toEqual(
      expect.arrayContaining([
        `ward-${id}-machine`,
        `ward-${id}-us-central1-a-machines`,
        `ward-${id}-1-machine`,
      ]),
    );
  });

  it.each(workloads)(
    "keep an address for each replica of $id, which is known before",
    ({ id, zone, addresses }) => {
      addresses.forEach((address, index) => {
        const number = String(index + 1);
        const machine = `ward-${id}-${number}`;
        expect(rendered.inputsOf(`${machine}-address`)).toEqual({
          name: machine,
          project: projects[zone],
          region: "us-central1",
          addressType: "INTERNAL",
          purpose: "GCE_ENDPOINT",
          subnetwork: `projects/${projects[zone]}/regions/us-central1/subnetworks/ward-${id}`,
          address,
          labels: labelsOf(id, zone),
        });
        expect(rendered.inputsOf(`${machine}-machine`)).toEqual({
          name: machine,
          project: projects[zone],
          zone: `us-central1-${index === 0 ? "a" : "b"}`,
          instanceGroupManager: `ward-${id}`,
          preservedState: {
            internalIps: [
              {
                interfaceName: "nic0",
                autoDelete: "NEVER",
                ipAddress: { address: `projects/${projects[zone]}/regions/us-central1/addresses/${machine}` },
              },
            ],
          },
          removeInstanceOnDestroy: true,
        });
      });
    },
  );

  it.each(workloads)(
    "are filtered, enclosed, recorded and given a credential before $id runs",
    ({ id, zone }) => {
      const before = rendered.before(`ward-${id}-machine`);
      for (const one of [
        `ward-${zone}-filter-in-force`,
        `ward-${zone}-names-policy`,
        `ward-${zone}-google-apis-endpoint`,
        `ward-${zone}-calls-recording`,
        "ward-platform-perimeter",
        "ward-phi-perimeter",
        "ward-platform-key-users",
        "ward-images",
        `ward-${id}-credential-readers`,
        `ward-${id}-credential-version`,
        `ward-${id}-account`,
      ]) {
        expect(before, one).toContain(one);
      }
    },
  );

  it("have the proxy's configuration, the units and nothing else", () => {
    const { write_files: files, runcmd } = configurationOf(rendered, "fhir-proxy");
    const units = [
      "run-bulkhead-certificates.mount",
      "bulkhead-ports.service",
      "bulkhead-firewall.service",
      "bulkhead-certificate-agent.service",
      "bulkhead-envoy.service",
      "bulkhead-fhir-proxy.service",
      "bulkhead-health.service",
    ];
    expect(files.map(({ path, owner, permissions }) => [path, owner, permissions])).toEqual(
      ["/etc/envoy/envoy.json", ...units.map((unit) => `/etc/systemd/system/${unit}`)].map((path) => [
        path,
        "root:root",
        "0444",
      ]),
    );
    expect(runcmd).toEqual([
      ["systemctl", "daemon-reload"],
      ["systemctl", "start", "--no-block", ...units],
    ]);
  });

  it.each(workloads)("have the proxy of $id ask the load balancer for its certificate", ({ id }) => {
    const spec = platformSpec(smallPlatform);
    const workload = spec.workloads.find((one) => one.id === id);
    expect(workload).toBeDefined();
    expect(JSON.parse(fileOf(rendered, id, "/etc/envoy/envoy.json"))).toEqual(
      workload && envoyConfiguration(spec, workload, loadBalancer),
    );
  });

  it("open the one port to what the network lets in", () => {
    expect(fileOf(rendered, "fhir-proxy", "/etc/systemd/system/bulkhead-firewall.service")).toContain(
      "\nExecStart=/sbin/iptables -w -A INPUT -p tcp --dport 443 -j ACCEPT\n",
    );
  });

  it("pull images of the platform's repository by digest, as the workload, and print into Cloud Logging", () => {
    const unit = fileOf(rendered, "fhir-proxy", "/etc/systemd/system/bulkhead-certificate-agent.service");
    const image = `us-central1-docker.pkg.dev/hospital-ai/ward-images/certificate-agent@sha256:${"7".repeat(64)}`;
    expect(unit).toContain('\nEnvironment="HOME=/home/bulkhead"\n');
    expect(unit).toContain(
      "\nExecStartPre=/usr/bin/docker-credential-gcr configure-docker --registries=us-central1-docker.pkg.dev\n",
    );
    expect(unit).toContain(`\nExecStartPre=/usr/bin/docker pull ${image}\n`);
    expect(unit).toContain(` --log-driver gcplogs --log-opt gcp-project=hospital-ai ${image}\n`);
    expect(unit).toContain(
      " --env BULKHEAD_CREDENTIAL=projects/hospital-ai/secrets/ward-fhir-proxy_certificates ",
    );
    expect(unit).toContain(" --env BULKHEAD_CLOUD=gcp ");
  });
});

describe("the alarms of certificates on Google Cloud", () => {
  it.each(zones)("count what agents of zone %s say, by workload", (zone) => {
    expect(rendered.inputsOf(`ward-${zone}-certificate-rounds`)).toEqual({
      name: "ward-certificate-rounds",
      project: projects[zone],
      description: "What certificate agents say",
      filter:
        'LOG_ID("gcplogs-docker-driver") AND jsonPayload.container.name=~"/?certificate-agent$" AND jsonPayload.message:"\\"event\\":\\"certificate\\""',
      metricDescriptor: {
        metricKind: "DELTA",
        valueType: "INT64",
        unit: "1",
        labels: [
          { key: "workload", valueType: "STRING" },
          { key: "inside_window", valueType: "STRING" },
        ],
      },
      labelExtractors: {
        workload: 'REGEXP_EXTRACT(jsonPayload.message, "/workload/([-a-z0-9]+)")',
        inside_window: 'REGEXP_EXTRACT(jsonPayload.message, "insideWindow.:(true|false)")',
      },
      disabled: false,
    });
  });

  it.each(workloads)(
    "tell of a certificate of $id that is not renewed, and of agents that are silent",
    ({ id, zone }) => {
      const rounds = `logging_googleapis_com:user_ward_certificate_rounds{monitored_resource="gce_instance",workload="${id}"`;
      const { documentation, ...inputs } = rendered.inputsOf(`ward-${id}-certificate-alarm`);
      expect(JSON.stringify(documentation)).toContain(
        `spiffe://ai.hospital.example/zone/${zone}/workload/${id}`,
      );
      expect(inputs).toEqual({
        displayName: `ward-${id}: certificate`,
        project: projects[zone],
        enabled: true,
        combiner: "OR",
        severity: "CRITICAL",
        conditions: [
          {
            displayName: "A certificate is not renewed",
            conditionPrometheusQueryLanguage: {
              query: `sum(increase(${rounds},inside_window="true"}[60m])) > 0`,
              duration: "0s",
              evaluationInterval: "300s",
            },
          },
          {
            displayName: "A certificate agent says nothing",
            conditionPrometheusQueryLanguage: {
              query: `(sum(increase(${rounds}}[60m])) or vector(0)) < 18`,
              duration: "0s",
              evaluationInterval: "300s",
            },
          },
        ],
        alertStrategy: { autoClose: "86400s" },
        userLabels: labelsOf(id, zone),
      });
      expect(rendered.named(`ward-${id}-certificate-alarm`).waitsFor).toContain(
        `ward-${zone}-certificate-rounds`,
      );
    },
  );
});

describe("the credentials of workloads on Google Cloud", () => {
  it("are exactly these resources", () => {
    expect(rendered.listed("ward-workload-credentials")).toEqual(
      workloads
        .flatMap(({ id }) => [
          `Secret ward-${id}-credential`,
          `SecretIamBinding ward-${id}-credential-readers`,
          `SecretVersion ward-${id}-credential-version`,
        ])
        .sort(),
    );
    expect(rendered.outputsOf("ward-workload-credentials")["credentialIds"]).toEqual(
      Object.fromEntries(
        workloads.map(({ id }) => [id, `projects/hospital-ai/secrets/ward-${id}_certificates`]),
      ),
    );
  });

  it.each(workloads)(
    "are kept for $id in one region under the platform's key, and read by it alone",
    ({ id, zone }) => {
      expect(rendered.inputsOf(`ward-${id}-credential`)).toEqual({
        secretId: `ward-${id}_certificates`,
        project: "hospital-ai",
        replication: {
          userManaged: {
            replicas: [{ location: "us-central1", customerManagedEncryption: { kmsKeyName: keyId } }],
          },
        },
        labels: labelsOf(id, zone),
      });
      expect(rendered.before(`ward-${id}-credential`)).toContain("ward-platform-perimeter");
      expect(rendered.inputsOf(`ward-${id}-credential-readers`)).toEqual({
        project: "hospital-ai",
        secretId: `projects/hospital-ai/secrets/ward-${id}_certificates`,
        role: "roles/secretmanager.secretAccessor",
        members: [`serviceAccount:${email(id, zone)}`],
      });
    },
  );

  it.each(workloads)("say to $id what it has, and are secret", ({ id, zone }) => {
    const { secretData, ...inputs } = rendered.inputsOf(`ward-${id}-credential-version`);
    expect(inputs).toEqual({
      secret: `projects/hospital-ai/secrets/ward-${id}_certificates`,
      enabled: true,
      deletionPolicy: "DELETE",
    });
    const { [pulumi.runtime.specialSigKey]: mark, value } = secretData as Properties;
    expect(mark).toBe(pulumi.runtime.specialSecretSig);
    expect(JSON.parse(String(value))).toMatchObject({
      spiffeId: `spiffe://ai.hospital.example/zone/${zone}/workload/${id}`,
      certificates: [{ epoch: expect.any(Number) as number }, { epoch: expect.any(Number) as number }],
    });
    // Nobody reads it before it is said who may.
    expect(rendered.named(`ward-${id}-credential-version`).waitsFor).toContain(
      `ward-${id}-credential-readers`,
    );
  });
});

describe("the front door on Google Cloud before machines of the platform's own", () => {
  const groups = ["a", "b"].map(
    (zone) => `projects/hospital-gateway/zones/us-central1-${zone}/instanceGroups/ward-ai-gateway`,
  );

  it("sends on to the groups of machines, on the platform's port", () => {
    const backend = rendered.inputsOf("ward-machine-entrance-backend");
    expect(backend["portName"]).toBe("platform");
    expect(backend["backends"]).toEqual(
      groups.map((group) => ({ group, capacityScaler: 1, balancingMode: "RATE", maxRatePerInstance: 100 })),
    );
    expect(rendered.before("ward-machine-entrance-backend")).toContain("ward-ai-gateway-2-machine");
    expect(rendered.outputsOf("ward-front-door")["targetIds"]).toEqual({
      machine: groups.join(" "),
      clinician: groups.join(" "),
    });
    expect(rendered.listed("ward-front-door").filter((part) => part.includes("Endpoint"))).toEqual([]);
  });

  it("knows workloads by the platform's own authority, and shows them a certificate of it", () => {
    const labels = {
      "bulkhead-platform": "ward",
      "bulkhead-zone": "gateway",
      "bulkhead-load-balancer": "edge",
    };
    const [root] = rendered
      .partsOf("ward-certificates")
      .filter(({ type }) => type === "tls:index/selfSignedCert:SelfSignedCert");
    expect(rendered.inputsOf("ward-workload-authorities")).toEqual({
      name: "ward-workload-authorities",
      project: "hospital-gateway",
      location: "global",
      trustStores: [
        { trustAnchors: [{ pemCertificate: `certPem of ${root?.name ?? ""}\n` }], intermediateCas: [] },
      ],
      labels,
    });
    const { selfManaged, ...certificate } = rendered.inputsOf("ward-load-balancer-certificate");
    expect(certificate).toEqual({
      name: "ward-load-balancer",
      project: "hospital-gateway",
      location: "global",
      scope: "CLIENT_AUTH",
      labels,
    });
    const [current] = rendered
      .partsOf("ward-certificates")
      .filter(({ name }) => name.startsWith("ward-load-balancer-key-"))
      .map(({ name }) => name.replace("ward-load-balancer-key-", ""))
      .sort()
      .reverse();
    const { value } = selfManaged as { readonly value: Properties };
    expect(value["pemCertificate"]).toMatch(
      new RegExp(
        `^certPem of ward-load-balancer-certificate-${current ?? ""}\\ncertPem of ward-intermediate`,
      ),
    );
    expect(rendered.inputsOf("ward-workload-authentication")).toMatchObject({
      clientCertificate: "projects/hospital-gateway/locations/global/certificates/ward-load-balancer",
      trustConfig: "projects/hospital-gateway/locations/global/trustConfigs/ward-workload-authorities",
      wellKnownRoots: "NONE",
    });
  });

  it("passes connections through to them, which then ask clients for their certificates", async () => {
    const passing = await Rendered.of(
      { ...smallPlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } },
      false,
      whole,
    );
    expect(passing.inputsOf("ward-passthrough-entrance-backend")).toMatchObject({
      protocol: "TCP",
      portName: "platform",
      backends: groups.map((group) => ({
        group,
        capacityScaler: 1,
        balancingMode: "CONNECTION",
        maxConnectionsPerInstance: 1000,
      })),
    });
    const spec = platformSpec({ ...smallPlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } });
    const [gateway] = spec.workloads;
    expect(JSON.parse(fileOf(passing, "ai-gateway", "/etc/envoy/envoy.json"))).toEqual(
      gateway &&
        envoyConfiguration(spec, gateway, { certificate: "clients", authorities: machineAuthorities.text }),
    );
    expect(passing.all().filter(({ name }) => name.includes("load-balancer-certificate"))).toEqual([]);
  });
});

describe("a platform on Google Cloud", () => {
  it("runs nothing itself whose workloads run on Kubernetes", async () => {
    const elsewhere = await Rendered.of(
      { ...smallPlatform, mesh: { kind: "istio", issuer: { name: "vault" } } },
      false,
      whole,
    );
    const own = /^(?:tls:|gcp:monitoring|gcp:compute\/(?:instance|perInstance|regionInstance|address))/;
    expect(elsewhere.all().filter(({ type }) => own.test(type))).toEqual([]);
    expect(elsewhere.partsOf("ward-certificates")).toEqual([]);
    expect(elsewhere.listed("ward-front-door").filter((part) => part.includes("Endpoint"))).toEqual([
      "NetworkEndpointGroup ward-ai-gateway-us-central1-a-endpoints",
      "NetworkEndpointGroup ward-ai-gateway-us-central1-b-endpoints",
    ]);
  });

  it("is known in a preview as it will be, and has the cloud's own authority sign where it asks for that", async () => {
    const managed = await Rendered.of({ ...smallPlatform, certificates: { issuer: "managed" } }, true, whole);
    const inputs = (of: Rendered): ReadonlyMap<string, unknown> =>
      new Map(of.partsOf("ward-workloads").map(({ name, inputs: said }) => [name, said]));
    expect(inputs(managed).size).toBeGreaterThan(15);
    expect(inputs(managed)).toEqual(inputs(rendered));
    expect(managed.listed("ward-certificates").filter((part) => part.startsWith("Authority "))).toEqual([
      expect.stringMatching(/^Authority ward-intermediate/),
      expect.stringMatching(/^Authority ward-root/),
    ]);
    expect(managed.before("ward-root-authorities")).toContain("ward-platform-perimeter");
  });
});
