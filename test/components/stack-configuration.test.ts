import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";

import type { PlatformSettings } from "../../components/platform-settings";
import { stackConfiguration, type StackConfiguration } from "../../components/stack-configuration";
import { referencePlatform } from "../../model/reference-platform";
import { googleTarget } from "../model/google-target";

const authoritiesPath = resolve(__dirname, "../../examples/machine-authorities.pem");
const signIn = {
  issuer: "https://sign-in.hospital.example",
  authorizationEndpoint: "https://sign-in.hospital.example/authorize",
  tokenEndpoint: "https://sign-in.hospital.example/token",
  userInfoEndpoint: "https://sign-in.hospital.example/userinfo",
  clientId: "bulkhead",
};

/** All that a program can say, so that the configuration is empty. */
const inCode = {
  platform: { ...referencePlatform, name: "north" },
  cloud: "aws",
  accountId: "111122223333",
  availabilityZones: ["eu-central-1a", "eu-central-1b"],
  edgeCertificate: "arn:aws:acm:eu-central-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
  machineAuthorities: readFileSync(authoritiesPath, "utf8"),
  clinicianSignIn: signIn,
  clinicianClientSecret: "not-a-secret",
  existingNetworkId: "vpc-1",
  existingInternetGatewayId: "igw-1",
  existingDataStores: {
    "fhir-store": `arn:aws:healthlake:eu-central-1:111122223333:datastore/fhir/${"a".repeat(32)}`,
  },
  deployer: "arn:aws:iam::111122223333:role/deployer",
  guardAccount: true,
  provider: { region: "eu-central-1", allowedAccountIds: ["111122223333"] },
} as const satisfies PlatformSettings;

/** The findings of an error, each with its path. */
const ids = (message: string): readonly (string | undefined)[] =>
  [...message.matchAll(/^ {2}(BH-\d+ .*)$/gm)].map(([, line]) => line);

/** The same, as the configuration of a stack. */
const configured: Readonly<Record<string, string>> = {
  "aws:region": "eu-central-1",
  "aws:allowedAccountIds": '["111122223333"]',
  "bulkhead:platform": resolve(__dirname, "../../examples/platform.yaml"),
  "bulkhead:cloud": "aws",
  "bulkhead:accountId": inCode.accountId,
  "bulkhead:availabilityZones": JSON.stringify(inCode.availabilityZones),
  "bulkhead:edgeCertificate": inCode.edgeCertificate,
  "bulkhead:machineAuthorities": authoritiesPath,
  "bulkhead:clinicianSignIn": JSON.stringify(signIn),
  "bulkhead:clinicianClientSecret": inCode.clinicianClientSecret,
  "bulkhead:existingNetworkId": inCode.existingNetworkId,
  "bulkhead:existingInternetGatewayId": inCode.existingInternetGatewayId,
  "bulkhead:existingDataStores": JSON.stringify(inCode.existingDataStores),
  "bulkhead:deployer": inCode.deployer,
  "bulkhead:guardAccount": "true",
};

function configure(values: Readonly<Record<string, string>>): void {
  pulumi.runtime.setAllConfig({ ...values });
}

function errorOf(settings?: PlatformSettings): string {
  try {
    stackConfiguration(settings);
  } catch (error) {
    expect(pulumi.RunError.isInstance(error)).toBe(true);
    return (error as Error).message;
  }
  return "";
}

beforeEach(() => {
  configure({});
});

function without<T extends object, K extends keyof T & string>(all: T, ...names: readonly K[]): Omit<T, K> {
  const kept = Object.entries(all).filter(([name]) => !(names as readonly string[]).includes(name));
  return Object.fromEntries(kept) as Omit<T, K>;
}

/** What is not an output, by which two configurations are compared. */
function plain({ target, surroundings }: StackConfiguration): unknown {
  return { target, surroundings: without(without(surroundings, "clinicianClientSecret"), "now") };
}

describe("a platform", () => {
  it("is configured in code as by the stack", () => {
    const fromCode = stackConfiguration(inCode);
    configure(configured);
    const fromStack = stackConfiguration();
    expect([fromCode.spec.name, fromStack.spec.name]).toEqual(["north", "bulkhead"]);
    expect(plain(fromCode)).toEqual(plain(fromStack));
    expect(fromCode.surroundings.guardsAccount).toBe(true);
  });

  it("is the reference platform where neither says what it is", () => {
    expect(stackConfiguration(without(inCode, "platform")).spec.name).toBe(referencePlatform.name);
  });

  it.each(Object.keys(inCode).filter((name) => name !== "provider"))(
    "is refused if the program and the stack both give %s",
    (name) => {
      configure({ [`bulkhead:${name}`]: configured[`bulkhead:${name}`] ?? "given" });
      expect(errorOf(inCode)).toBe(
        `The program and the stack's configuration both say:\n  bulkhead:${name}\nSay each in one of them.`,
      );
    },
  );

  it("takes what the program says of its own provider, whatever the default one is", () => {
    configure({ "aws:region": "us-east-1", "aws:allowedAccountIds": '["999999999999"]' });
    expect(stackConfiguration(inCode).spec.name).toBe("north");
  });

  it("is refused with each finding, from the code and from the stack", () => {
    configure({ "aws:region": "eu-central-1", "bulkhead:deployer": "somebody" });
    const message = errorOf({
      ...without(inCode, "deployer", "provider"),
      platform: { ...inCode.platform, trustDomain: "Not A Domain" },
    });
    expect([...message.matchAll(/^ {2}(BH-\d+ .*)$/gm)].map(([, line]) => line)).toEqual([
      "BH-019  trustDomain",
      "BH-038  aws:allowedAccountIds",
      "BH-040  bulkhead:deployer",
    ]);
  });

  it("is refused with what is wrong with a text that the program gives in a file's place", () => {
    expect(errorOf({ ...inCode, machineAuthorities: "not a certificate" })).toContain(
      "BH-036  bulkhead:machineAuthorities\n          The file holds something else than blocks of `CERTIFICATE`, or none.",
    );
  });

  it("keeps the clinicians' secret encrypted, however it is given", async () => {
    const { clinicianClientSecret } = stackConfiguration(inCode).surroundings;
    expect(clinicianClientSecret && (await pulumi.isSecret(clinicianClientSecret))).toBe(true);
  });
});

describe("a platform on Azure", () => {
  const tenantId = "00000000-0000-0000-0000-00000000000a";
  const subscriptionId = "00000000-0000-0000-0000-00000000000b";
  const inGroup = `/subscriptions/${subscriptionId}/resourceGroups/hospital/providers`;
  const code = {
    platform: { ...referencePlatform, name: "north" },
    cloud: "azure",
    subscriptionId,
    availabilityZones: ["1", "3"],
    edgeCertificate: `${inGroup}/Microsoft.KeyVault/vaults/edge-vault/secrets/front-door`,
    machineAuthorities: inCode.machineAuthorities,
    machineResponders: ["ocsp.hospital.example"],
    clinicianSignIn: signIn,
    existingNetworkId: `${inGroup}/Microsoft.Network/virtualNetworks/hospital`,
    existingDataStores: {
      "fhir-store": `${inGroup}/Microsoft.HealthcareApis/workspaces/hospital/fhirservices/fhir`,
    },
    deployer: "00000000-0000-4000-8000-00000000000c",
    guardAccount: true,
    lockRecords: true,
    provider: { location: "westeurope", tenantId, subscriptionId },
  } as const satisfies PlatformSettings;
  const stack: Readonly<Record<string, string>> = {
    "azure-native:location": "westeurope",
    "azure-native:tenantId": tenantId,
    "azure-native:subscriptionId": subscriptionId,
    "bulkhead:cloud": "azure",
    "bulkhead:subscriptionId": subscriptionId,
    "bulkhead:availabilityZones": JSON.stringify(code.availabilityZones),
    "bulkhead:edgeCertificate": code.edgeCertificate,
    "bulkhead:machineAuthorities": authoritiesPath,
    "bulkhead:machineResponders": JSON.stringify(code.machineResponders),
    "bulkhead:clinicianSignIn": JSON.stringify(signIn),
    "bulkhead:existingNetworkId": code.existingNetworkId,
    "bulkhead:existingDataStores": JSON.stringify(code.existingDataStores),
    "bulkhead:deployer": code.deployer,
    "bulkhead:guardAccount": "true",
    "bulkhead:lockRecords": "true",
  };

  it("is configured in code as by the stack", () => {
    const fromCode = stackConfiguration(code);
    configure(stack);
    const fromStack = stackConfiguration();
    expect(plain(fromCode)).toEqual(plain(fromStack));
    expect(fromCode.target).toEqual({
      kind: "azure",
      location: "westeurope",
      tenantId,
      subscriptionId,
      availabilityZones: ["1", "3"],
    });
    expect(fromCode.surroundings.clinicianClientSecret).toBeUndefined();
  });

  it("is in all availability zones where nothing says in which, and in none if that is said", () => {
    expect(stackConfiguration(without(code, "availabilityZones")).target.availabilityZones).toEqual([
      "1",
      "2",
      "3",
    ]);
    expect(stackConfiguration({ ...code, availabilityZones: [] }).target.availabilityZones).toEqual([]);
  });

  it("is refused where the provider is bound to another subscription, or to none that is known", () => {
    const path = "BH-038  azure-native:subscriptionId";
    configure({ ...stack, "azure-native:subscriptionId": "00000000-0000-0000-0000-00000000000f" });
    expect(ids(errorOf())).toEqual([path]);
    configure(without(stack, "azure-native:subscriptionId"));
    expect(ids(errorOf())).toEqual([path]);
    configure({});
    const provider = { ...code.provider, subscriptionId: "00000000-0000-0000-0000-00000000000f" };
    expect(ids(errorOf({ ...code, provider }))).toEqual([path]);
  });

  it("takes ids in whatever case, and keeps them in lower case", () => {
    configure({
      ...stack,
      "azure-native:subscriptionId": subscriptionId.toUpperCase(),
      "azure-native:tenantId": tenantId.toUpperCase(),
      "bulkhead:subscriptionId": subscriptionId.toUpperCase(),
    });
    expect(stackConfiguration().target).toMatchObject({ tenantId, subscriptionId });
  });

  it("is refused with each finding at once", () => {
    configure({
      ...stack,
      "azure-native:location": "West Europe",
      "azure-native:tenantId": "hospital.example",
      "bulkhead:clinicianClientSecret": "not-a-secret",
    });
    expect(ids(errorOf())).toEqual([
      "BH-001  azure-native:location",
      "BH-001  azure-native:tenantId",
      "BH-036  bulkhead:clinicianClientSecret",
    ]);
    configure({
      ...stack,
      "bulkhead:availabilityZones": '["1", "1", "4"]',
    });
    expect(errorOf()).toContain("BH-001  bulkhead:availabilityZones");
    configure({
      ...stack,
      "bulkhead:edgeCertificate": "arn:aws:acm:eu-central-1:111122223333:certificate/1",
      "bulkhead:machineRevocations": authoritiesPath,
      "bulkhead:clinicianClientSecret": "not-a-secret",
      "bulkhead:existingNetworkId": "vpc-1",
      "bulkhead:deployer": "arn:aws:iam::111122223333:role/deployer",
    });
    expect([...ids(errorOf())].sort()).toEqual([
      "BH-036  bulkhead:clinicianClientSecret",
      "BH-036  bulkhead:edgeCertificate",
      "BH-036  bulkhead:machineRevocations",
      "BH-039  bulkhead:existingNetworkId",
      "BH-040  bulkhead:deployer",
    ]);
  });

  it("has no Internet gateway", () => {
    expect(ids(errorOf({ ...code, existingInternetGatewayId: "igw-1" }))).toEqual([
      "BH-039  bulkhead:existingInternetGatewayId",
    ]);
  });
});

describe("a platform on Google Cloud", () => {
  const certificates = "projects/hospital-gateway/locations/global/certificates";
  const code = {
    platform: { ...referencePlatform, name: "north" },
    cloud: "gcp",
    availabilityZones: ["us-central1-a", "us-central1-b"],
    accessPolicyId: "111",
    projects: googleTarget.projects,
    edgeCertificate: `${certificates}/front-door`,
    machineAuthorities: inCode.machineAuthorities,
    clinicianSignIn: signIn,
    existingDataStores: {
      "fhir-store": "projects/hospital-phi/locations/us-central1/datasets/ward/fhirStores/fhir",
    },
    deployer: "deployer@hospital-ai.iam.gserviceaccount.com",
    guardAccount: true,
    provider: { region: "us-central1", project: "hospital-ai" },
  } as const satisfies PlatformSettings;
  const stack: Readonly<Record<string, string>> = {
    "gcp:region": "us-central1",
    "gcp:project": "hospital-ai",
    "bulkhead:cloud": "gcp",
    "bulkhead:availabilityZones": JSON.stringify(code.availabilityZones),
    "bulkhead:accessPolicyId": "111",
    "bulkhead:projects": JSON.stringify(code.projects),
    "bulkhead:edgeCertificate": code.edgeCertificate,
    "bulkhead:machineAuthorities": authoritiesPath,
    "bulkhead:clinicianSignIn": JSON.stringify(signIn),
    "bulkhead:existingDataStores": JSON.stringify(code.existingDataStores),
    "bulkhead:deployer": code.deployer,
    "bulkhead:guardAccount": "true",
  };

  it("is configured in code as by the stack", () => {
    const fromCode = stackConfiguration(code);
    configure(stack);
    expect(plain(fromCode)).toEqual(plain(stackConfiguration()));
    expect(fromCode.target).toEqual(googleTarget);
    expect(fromCode.surroundings).toMatchObject({
      deployerId: code.deployer,
      guardsAccount: true,
      locksRecords: true,
      clinicianClientSecret: undefined,
      entrance: { clientCertificateId: undefined, workloadAuthorities: undefined },
    });
  });

  it("names the certificates of workloads where it does not issue them", () => {
    const elsewhere = {
      platform: { ...code.platform, mesh: { kind: "istio", issuer: { name: "vault" } } },
      edgeClientCertificate: `${certificates}/front-door-client`,
      workloadAuthorities: inCode.machineAuthorities,
    } as const satisfies PlatformSettings;
    expect(stackConfiguration({ ...code, ...elsewhere }).surroundings.entrance).toMatchObject({
      clientCertificateId: elsewhere.edgeClientCertificate,
      workloadAuthorities: elsewhere.workloadAuthorities,
    });
    expect(ids(errorOf({ ...code, ...elsewhere, edgeClientCertificate: "front-door-client" }))).toEqual([
      "BH-036  bulkhead:edgeClientCertificate",
    ]);
    expect(ids(errorOf({ ...code, ...elsewhere, platform: code.platform }))).toEqual([
      "BH-036  bulkhead:workloadAuthorities",
      "BH-036  bulkhead:edgeClientCertificate",
    ]);
  });

  it("is refused with each finding at once", () => {
    configure({
      ...without(stack, "bulkhead:deployer"),
      "gcp:project": "hospital-phi",
      "bulkhead:machineRevocations": authoritiesPath,
      "bulkhead:existingNetworkId": "projects/hospital-ai/global/networks/own",
      "bulkhead:lockRecords": "true",
    });
    expect([...ids(errorOf())].sort()).toEqual([
      "BH-036  bulkhead:machineRevocations",
      "BH-038  gcp:project",
      "BH-039  bulkhead:existingNetworkId",
      "BH-040  bulkhead:deployer",
      "BH-040  bulkhead:lockRecords",
    ]);
    configure({
      ...stack,
      "gcp:region": "us-central1-a",
      "bulkhead:projects": JSON.stringify({ ...code.projects, phi: code.projects.processing }),
    });
    expect(ids(errorOf())).toEqual([
      "BH-001  gcp:region",
      "BH-001  bulkhead:availabilityZones[0]",
      "BH-001  bulkhead:availabilityZones[1]",
      "BH-001  bulkhead:projects.phi.id",
      "BH-001  bulkhead:projects.phi.number",
    ]);
  });
});
