import { execFileSync } from "node:child_process";
import { createHash, createPublicKey } from "node:crypto";

import { beforeAll, describe, expect, it } from "vitest";

import { machineConfiguration } from "../../components/azure/machine-configuration";
import { nobodysKey } from "../../components/azure/nobodys-key";
import { envoyConfiguration } from "../../components/mesh/envoy-configuration";
import { podOf } from "../../components/mesh/pod";
import { parseCidr } from "../../model/cidr";
import type { EnvoyMesh } from "../../model/mesh";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { StackResource } from "../../policy-pack/stack-resource";
import { azureTarget, named, renderedOnAzure } from "../policy-pack/rendered-stack";
import type { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

type Properties = Readonly<Record<string, unknown>>;

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const idIn = (group: string, path: string): string =>
  `${subscription}/resourceGroups/ward-${group}/providers/${path}`;
const tagsOf = (id: string, zone: string): Properties => ({
  "bulkhead-platform": "ward",
  "bulkhead-zone": zone,
  "bulkhead-workload": id,
});
const placed = { resourceGroupName: "ward-platform", location: "eastus2" };

function inputsOf(stack: Sketch, name: string): Properties {
  return named(stack, name).inputs ?? {};
}

function listed(stack: Sketch, parent: string): readonly string[] {
  return stack
    .resources()
    .filter((resource) => resource.parent?.endsWith(`::${parent}`))
    .map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`)
    .sort();
}

interface Ignition {
  readonly ignition: Properties;
  readonly storage: {
    readonly files: readonly {
      readonly path: string;
      readonly mode: number;
      readonly overwrite: boolean;
      readonly contents: { readonly source: string };
    }[];
  };
  readonly systemd: {
    readonly units: readonly {
      readonly name: string;
      readonly enabled?: boolean;
      readonly mask?: boolean;
      readonly contents?: string;
    }[];
  };
}

/** What a machine is told, as it reads it. */
class Told {
  readonly config: Ignition;

  constructor(customData: unknown) {
    this.config = JSON.parse(Buffer.from(String(customData), "base64").toString()) as Ignition;
  }

  file(path: string): string {
    const found = this.config.storage.files.find((file) => file.path === path);
    const [, data] = /^data:;base64,([A-Za-z0-9+/]+=*)$/.exec(found?.contents.source ?? "") ?? [];
    if (data === undefined) {
      throw new Error(`there is no ${path}`);
    }
    return Buffer.from(data, "base64").toString();
  }

  unit(name: string): string {
    const found = this.config.systemd.units.find((unit) => unit.name === name)?.contents;
    if (found === undefined) {
      throw new Error(`there is no ${name}`);
    }
    return found;
  }
}

describe("the workloads of a small platform on Azure", () => {
  let stack: Sketch;
  beforeAll(async () => {
    stack = await renderedOnAzure(smallPlatform, "deployed");
  });

  const machineOf = (name: string): Properties & { readonly osProfile: Properties } =>
    inputsOf(stack, name) as Properties & { readonly osProfile: Properties };

  it("are a set, and a machine with an interface for each replica, with alarms, and nothing else", () => {
    const ofWorkload = (id: string): readonly string[] => [
      `VirtualMachineScaleSet ward-${id}-machines`,
      `ScheduledQueryRule ward-${id}-certificate-alarm`,
      ...[1, 2].flatMap((replica) => [
        `NetworkInterface ward-${id}-${String(replica)}-interface`,
        `VirtualMachine ward-${id}-${String(replica)}-machine`,
      ]),
    ];
    expect(listed(stack, "ward-workloads")).toEqual(
      [
        "ActionGroup ward-alarms",
        "DiskEncryptionSet ward-machine-disks",
        ...ofWorkload("ai-gateway"),
        ...ofWorkload("decision-point"),
        ...ofWorkload("fhir-proxy"),
      ].sort(),
    );
  });

  it("say which sets run them", () => {
    const { outputs } = named(stack, "ward-workloads");
    expect(outputs["serviceIds"]).toEqual({
      "ai-gateway": idIn("platform", "Microsoft.Compute/virtualMachineScaleSets/ward-ai-gateway"),
      "decision-point": idIn("platform", "Microsoft.Compute/virtualMachineScaleSets/ward-decision-point"),
      "fhir-proxy": idIn("platform", "Microsoft.Compute/virtualMachineScaleSets/ward-fhir-proxy"),
    });
  });

  it("are spread over the availability zones, by a set that makes no machine itself", () => {
    expect(inputsOf(stack, "ward-fhir-proxy-machines")).toEqual({
      vmScaleSetName: "ward-fhir-proxy",
      ...placed,
      orchestrationMode: "Flexible",
      platformFaultDomainCount: 1,
      zones: ["1", "2", "3"],
      tags: tagsOf("fhir-proxy", "processing"),
    });
  });

  it("have one interface each, in their own subnet, at an address that is known, and none that is public", () => {
    const { aRecords } = inputsOf(stack, "ward-names-fhir-proxy") as {
      readonly aRecords: readonly { readonly ipv4Address: string }[];
    };
    [1, 2].forEach((replica) => {
      expect(inputsOf(stack, `ward-fhir-proxy-${String(replica)}-interface`)).toEqual({
        networkInterfaceName: `ward-fhir-proxy-${String(replica)}`,
        ...placed,
        enableAcceleratedNetworking: true,
        enableIPForwarding: false,
        ipConfigurations: [
          {
            name: "private",
            primary: true,
            subnet: {
              id: idIn("network", "Microsoft.Network/virtualNetworks/ward-network/subnets/ward-fhir-proxy"),
            },
            privateIPAddressVersion: "IPv4",
            privateIPAllocationMethod: "Static",
            privateIPAddress: aRecords[replica - 1]?.ipv4Address,
          },
        ],
        tags: tagsOf("fhir-proxy", "processing"),
      });
    });
  });

  it("are machines that nobody signs in to, and on which nothing is installed", () => {
    [1, 2].forEach((replica) => {
      const name = `ward-ai-gateway-${String(replica)}`;
      const { osProfile, ...machine } = machineOf(`${name}-machine`);
      expect(machine).toEqual({
        vmName: name,
        ...placed,
        tags: tagsOf("ai-gateway", "gateway"),
        zones: [String(replica)],
        virtualMachineScaleSet: {
          id: idIn("platform", "Microsoft.Compute/virtualMachineScaleSets/ward-ai-gateway"),
        },
        hardwareProfile: { vmSize: "Standard_D2s_v5" },
        identity: {
          type: "UserAssigned",
          userAssignedIdentities: [
            idIn("platform", "Microsoft.ManagedIdentity/userAssignedIdentities/ward-ai-gateway"),
            idIn("platform", "Microsoft.ManagedIdentity/userAssignedIdentities/ward-ai-gateway_starting"),
          ],
        },
        networkProfile: {
          networkInterfaces: [
            {
              id: idIn("platform", `Microsoft.Network/networkInterfaces/${name}`),
              primary: true,
              deleteOption: "Detach",
            },
          ],
        },
        storageProfile: {
          imageReference: {
            publisher: "kinvolk",
            offer: "flatcar-container-linux-corevm-amd64",
            sku: "stable-gen2",
            version: "4593.2.2",
          },
          osDisk: {
            name,
            osType: "Linux",
            createOption: "FromImage",
            deleteOption: "Delete",
            caching: "ReadWrite",
            managedDisk: {
              storageAccountType: "Premium_LRS",
              diskEncryptionSet: {
                id: idIn("platform", "Microsoft.Compute/diskEncryptionSets/ward-machines"),
              },
            },
          },
        },
        securityProfile: { encryptionAtHost: true },
        diagnosticsProfile: { bootDiagnostics: { enabled: false } },
      });
      expect(osProfile).toEqual({
        computerName: name,
        adminUsername: "core",
        customData: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) as string,
        allowExtensionOperations: false,
        linuxConfiguration: {
          provisionVMAgent: false,
          disablePasswordAuthentication: true,
          ssh: { publicKeys: [{ path: "/home/core/.ssh/authorized_keys", keyData: nobodysKey }] },
        },
      });
    });
  });

  it("tell each machine of a workload the same", () => {
    const told = [1, 2].map(
      (replica) => machineOf(`ward-fhir-proxy-${String(replica)}-machine`).osProfile["customData"],
    );
    expect(told[0]).toBe(told[1]);
  });

  it("have their disks under the newest version of the platform's key", () => {
    expect(inputsOf(stack, "ward-machine-disks")).toEqual({
      diskEncryptionSetName: "ward-machines",
      ...placed,
      encryptionType: "EncryptionAtRestWithCustomerKey",
      identity: {
        type: "UserAssigned",
        userAssignedIdentities: [
          idIn("platform", "Microsoft.ManagedIdentity/userAssignedIdentities/ward-platform_encryption"),
        ],
      },
      activeKey: { keyUrl: expect.stringMatching(/\/keys\/ward-platform-key\.keyUriWithVersion$/) as string },
      rotationToLatestKeyVersionEnabled: true,
      tags: { "bulkhead-platform": "ward", "bulkhead-zone": "shared" },
    });
  });

  it("tell the owners of the subscription of certificates that are not renewed, and of agents that say nothing", () => {
    expect(inputsOf(stack, "ward-alarms")).toEqual({
      actionGroupName: "ward-alarms",
      resourceGroupName: "ward-audit",
      location: "Global",
      groupShortName: "bulkhead",
      enabled: true,
      armRoleReceivers: [
        { name: "owners", roleId: "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", useCommonAlertSchema: true },
      ],
      tags: { "bulkhead-platform": "ward", "bulkhead-zone": "shared" },
    });
    expect(inputsOf(stack, "ward-fhir-proxy-certificate-alarm")).toEqual({
      ruleName: "ward-fhir-proxy-certificates",
      resourceGroupName: "ward-audit",
      location: "eastus2",
      kind: "LogAlert",
      displayName: "ward: certificates of fhir-proxy",
      description:
        "A certificate of spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy has less than 720 hours left: run pulumi up, which renews it. Or its agents say too little, so that nobody knows.",
      severity: 1,
      enabled: true,
      scopes: [idIn("audit", "Microsoft.OperationalInsights/workspaces/ward-records")],
      evaluationFrequency: "PT15M",
      windowSize: "PT60M",
      criteria: {
        allOf: [
          {
            // Two agents say something every five minutes: 24 times an hour, of which one may be silent for half of it.
            query: [
              "ward_fhir_proxy_output_CL",
              "| extend said = parse_json(tostring(Record.message))",
              '| where tostring(said.event) == "certificate"',
              "| summarize rounds = count(), late = countif(tobool(said.insideWindow))",
              "| where late > 0 or rounds < 18",
            ].join("\n"),
            timeAggregation: "Count",
            operator: "GreaterThan",
            threshold: 0,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      autoMitigate: true,
      skipQueryValidation: true,
      actions: { actionGroups: [idIn("audit", "Microsoft.Insights/actionGroups/ward-alarms")] },
      tags: tagsOf("fhir-proxy", "processing"),
    });
  });

  describe("find their certificates", () => {
    it("in a secret of each that its flows let reach the vault, which its own identity alone reads", () => {
      expect(listed(stack, "ward-workload-credentials")).toEqual([
        "RoleAssignment ward-fhir-proxy-credential-access",
        "Secret ward-fhir-proxy-credential",
      ]);
      const secret = inputsOf(stack, "ward-fhir-proxy-credential");
      const vault = String(secret["vaultName"]);
      expect(secret).toEqual({
        secretName: "fhir-proxy--certificates",
        vaultName: expect.stringMatching(/^wardsecrets/) as string,
        resourceGroupName: "ward-platform",
        // A secret of Pulumi's as a whole.
        properties: {
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          value: {
            value: expect.any(String) as string,
            contentType: "application/json",
            attributes: { enabled: true },
          },
        },
        tags: tagsOf("fhir-proxy", "processing"),
      });
      const { roleAssignmentName, ...role } = inputsOf(stack, "ward-fhir-proxy-credential-access");
      expect(roleAssignmentName).toMatch(/^[0-9a-f]{8}-/);
      expect(role).toEqual({
        scope: idIn("platform", `Microsoft.KeyVault/vaults/${vault}/secrets/fhir-proxy--certificates`),
        roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`,
        principalId: expect.stringMatching(
          /userassignedidentities\/ward-fhir-proxy\.principalId$/i,
        ) as string,
        principalType: "ServicePrincipal",
        description: "Key Vault Secrets User",
      });
      const { credentialIds } = named(stack, "ward-workload-credentials").outputs;
      expect(credentialIds).toEqual({
        "fhir-proxy": `https://${vault}.vault.azure.net/secrets/fhir-proxy--certificates`,
      });
    });

    it("in no other way: of all roles on the vault's secrets each is of one identity on its own", () => {
      const onSecrets = stack
        .resources()
        .filter(({ type }) => type === "azure-native:authorization:RoleAssignment")
        .filter(({ inputs }) => String(inputs?.["scope"]).includes("/vaults/wardsecrets"))
        .map(({ name, inputs }) => `${name} ${String(inputs?.["scope"]).split("/vaults/")[1] ?? ""}`);
      expect(onSecrets.map((text) => text.replace(/wardsecrets\w+/, "vault")).sort()).toEqual([
        "ward-fhir-proxy-credential-access vault/secrets/fhir-proxy--certificates",
        "ward-fhir-proxy-starting-secrets vault/secrets/fhir-proxy",
        "ward-fhir-proxy-workload-secrets vault/secrets/fhir-proxy",
      ]);
    });
  });

  describe("are told what to run", () => {
    let told: Told;
    beforeAll(() => {
      told = new Told(machineOf("ward-ai-gateway-1-machine").osProfile["customData"]);
    });

    it("as files and units that Ignition writes, and services that are not started", () => {
      expect(told.config.ignition).toEqual({ version: "3.4.0" });
      expect(told.config.storage.files.map(({ path, mode, overwrite }) => [path, mode, overwrite])).toEqual([
        ["/etc/bulkhead/registry-sign-in.sh", 0o444, true],
        ["/etc/bulkhead/log-forwarder.sh", 0o444, true],
        ["/etc/systemd/journald.conf.d/bulkhead.conf", 0o444, true],
        ["/etc/envoy/envoy.json", 0o444, true],
      ]);
      const { units } = told.config.systemd;
      expect(units.filter(({ enabled }) => enabled).map(({ name }) => name)).toEqual([
        "run-bulkhead-certificates.mount",
        "bulkhead-ports.service",
        "bulkhead-certificate-agent.service",
        "bulkhead-envoy.service",
        "bulkhead-ai-gateway.service",
        "bulkhead-health.service",
        "bulkhead-log-forwarder.service",
      ]);
      expect(units.filter(({ mask }) => mask)).toEqual(
        ["sshd.service", "sshd.socket", "locksmithd.service", "update-engine.service"].map((name) => ({
          name,
          mask: true,
        })),
      );
    });

    it("before a proxy whose edge listener admits the gateway's subnet alone", () => {
      const spec = platformSpec(smallPlatform);
      const [workload] = spec.workloads;
      const block = parseCidr("10.40.0.0/20");
      if (workload === undefined || block === undefined) {
        throw new Error("the test's platform has no workload");
      }
      expect(JSON.parse(told.file("/etc/envoy/envoy.json"))).toEqual(
        JSON.parse(
          JSON.stringify(
            envoyConfiguration(spec, workload, {
              certificate: "none",
              addresses: [block],
              newestTls: "1.2",
            }),
          ),
        ),
      );
    });

    it("of images of the platform's own registry, by digest, with the workload's own identity", () => {
      const registry = /(wardregistry\w+)\.azurecr\.io\/any\/image@sha256:0{64}/.exec(
        told.unit("bulkhead-ai-gateway.service"),
      )?.[1];
      expect(registry).toBeDefined();
      const clientId = named(stack, "ward-ai-gateway-workload-identity").outputs["clientId"] as string;
      for (const name of ["certificate-agent", "ai-gateway"]) {
        expect(told.unit(`bulkhead-${name}.service`)).toContain(`AZURE_CLIENT_ID=${clientId}`);
      }
      expect(told.unit("bulkhead-envoy.service")).not.toContain("AZURE_CLIENT_ID");
      for (const name of ["certificate-agent", "envoy", "ai-gateway"]) {
        expect(told.unit(`bulkhead-${name}.service`)).toMatch(
          /\nExecStartPre=\/bin\/bash \/etc\/bulkhead\/registry-sign-in\.sh\n/,
        );
        expect(told.unit(`bulkhead-${name}.service`)).toContain(
          '\nEnvironment="DOCKER_CONFIG=/run/bulkhead/docker"\n',
        );
        expect(told.unit(`bulkhead-${name}.service`)).toContain(" --log-driver none ");
      }
    });

    it("signing in with the identity that starts workloads, and tokens that are on no disk", () => {
      const script = told.file("/etc/bulkhead/registry-sign-in.sh");
      const identity = encodeURIComponent(
        idIn("platform", "Microsoft.ManagedIdentity/userAssignedIdentities/ward-ai-gateway_starting"),
      );
      expect(script).toContain(
        `'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fcontainerregistry.azure.net&msi_res_id=${identity}'`,
      );
      expect(script).toMatch(/https:\/\/wardregistry\w+\.azurecr\.io\/oauth2\/exchange/);
      expect(script).toContain(` ${azureTarget.tenantId} `);
      expect(script).not.toMatch(/>[^&]*\//);
      execFileSync("bash", ["-n"], { input: script });
    });

    it("and what sends on all that it prints, by the workload's own rule", () => {
      const script = told.file("/etc/bulkhead/log-forwarder.sh");
      execFileSync("bash", ["-n"], { input: script });
      const rule = named(stack, "ward-ai-gateway-output-rule").outputs["immutableId"] as string;
      const endpoint = "https://ward-records-endpoint.ingest.monitor.azure.com";
      for (const part of [
        "--unit=bulkhead-certificate-agent.service --unit=bulkhead-envoy.service --unit=bulkhead-ai-gateway.service",
        `BULKHEAD_LOGS_ENDPOINT=${endpoint}`,
        `BULKHEAD_LOGS_RULE=${rule}`,
        "BULKHEAD_LOGS_STREAM=Custom-Records",
        "BULKHEAD_LOGS_CURSOR_FILE=/var/lib/bulkhead/log-forwarder/cursor",
        "--read-only --cap-drop ALL --security-opt no-new-privileges",
        `--entrypoint node wardregistry`,
        `/certificate-agent@sha256:${"7".repeat(64)} log-forwarder.js`,
      ]) {
        expect(script).toContain(part);
      }
      expect(told.file("/etc/systemd/journald.conf.d/bulkhead.conf")).toContain("RateLimitBurst=0\n");
    });
  });
});

describe("a platform on Azure whose workloads run on the customer's Kubernetes", () => {
  it("has neither machines nor credentials nor authorities", async () => {
    const stack = await renderedOnAzure(
      { ...smallPlatform, mesh: { kind: "istio", issuer: { name: "hospital" } } },
      "deployed",
    );
    const kinds = /:compute:|:tls:|NetworkInterface$|keyvault:Secret$|ScheduledQueryRule$/;
    expect(stack.resources().filter(({ type }: StackResource) => kinds.test(type))).toEqual([]);
  });
});

describe("the machines of a region without availability zones", () => {
  it("are in no zone, and their sets neither", async () => {
    const stack = await renderedOnAzure(smallPlatform, "deployed", { ...azureTarget, availabilityZones: [] });
    expect(inputsOf(stack, "ward-fhir-proxy-machines")).not.toHaveProperty("zones");
    expect(inputsOf(stack, "ward-fhir-proxy-2-machine")).not.toHaveProperty("zones");
  });
});

describe("the key that Azure wants for machines", () => {
  it("is a hash in the place of a key, which is one of the curve's points", () => {
    const [algorithm, text = ""] = nobodysKey.split(" ");
    expect(algorithm).toBe("ssh-ed25519");
    const bytes = Buffer.from(text, "base64");
    const point = bytes.subarray(-32);
    expect(bytes.subarray(0, -32)).toEqual(
      Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from("ssh-ed25519"), Buffer.from([0, 0, 0, 32])]),
    );
    expect(point).toEqual(
      createHash("sha256").update("Nobody has the private half of this key of Bulkhead 0").digest(),
    );
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), point]);
    expect(createPublicKey({ key: der, format: "der", type: "spki" }).asymmetricKeyType).toBe("ed25519");
  });
});

describe("what a machine is told", () => {
  const mesh: EnvoyMesh = {
    kind: "envoy",
    proxyImage: { repository: "envoy", digest: `sha256:${"6".repeat(64)}` },
    agentImage: { repository: "certificate-agent", digest: `sha256:${"7".repeat(64)}` },
  };
  const configurationOf = (authorities: string): string => {
    const spec = platformSpec(referencePlatform);
    const workload = spec.workloads.find(({ id }) => id === "ai-gateway");
    if (workload === undefined) {
      throw new Error("the platform has no entrance");
    }
    return machineConfiguration({
      pod: podOf(spec, mesh, workload, {
        cloud: "azure",
        credentialId: "https://vault.vault.azure.net/secrets/some",
        configuration: "file",
        edge: { certificate: "clients", authorities },
      }),
      mesh,
      registry: { host: "registry.azurecr.io", tenantId: "tenant", identityId: "/subscriptions/one" },
      logs: { endpoint: "https://records.example", rule: "dcr", clientId: "client" },
    });
  };

  it("is refused where it is more than Azure hands over", () => {
    const text = configurationOf("x".repeat(1000));
    expect(Buffer.byteLength(text, "base64")).toBeLessThan(65_535);
    expect(() => configurationOf("x".repeat(60_000))).toThrow(
      /^The machines of workload\/ai-gateway would be told more than Azure hands over: \d+ of at most 65535 bytes/,
    );
  });

  it("names every image by the digest that the platform says", () => {
    const told = new Told(configurationOf("authorities"));
    const texts = [
      ...told.config.systemd.units.map(({ contents = "" }) => contents),
      ...told.config.storage.files.map(({ path }) => told.file(path)),
    ];
    const images = texts.flatMap((text) =>
      [...text.matchAll(/registry\.azurecr\.io\/(?!oauth2)[\w./-]+(?:@sha256:[0-9a-f]+)?/g)].map(
        ([image]) => image,
      ),
    );
    expect(images).toHaveLength(8);
    expect(images.filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  });
});
