import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";

import { cloudKinds, cloudTarget, type CloudTarget } from "../model/cloud-target";
import { assertEdgeCertificate, entrance, type FileText } from "../model/entrance";
import { existingDataStores } from "../model/existing-data-store";
import { existingNetwork, type NetworkPlace } from "../model/existing-network";
import { platformSpec, type PlatformSpec } from "../model/platform-spec";
import { PlatformError } from "../model/platform-error";
import { assertProviderAccount } from "../model/provider-account";
import { referencePlatform } from "../model/reference-platform";
import { stackOptions } from "../model/stack-options";
import { assertRenderable } from "../model/target-invariants";

import { configurableSettings, type PlatformSettings } from "./platform-settings";
import type { Surroundings } from "./surroundings";

/** What a stack's configuration says: which platform, where, and what is around it. */
export interface StackConfiguration {
  readonly spec: PlatformSpec;
  readonly target: CloudTarget;
  readonly surroundings: Surroundings;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Reads YAML or JSON, by the file's name; the error names the file and the line. */
function parsedFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new pulumi.RunError(
      `The platform file ${path} cannot be read: ${reasonOf(error)}.\n` +
        "Name it in the configuration as bulkhead:platform, relative to the folder of Pulumi.yaml.",
    );
  }
  // JSON is YAML as well (YAML 1.2 §1.3), and this parser says where a mistake is.
  const document = parseDocument(text, { prettyErrors: true, strict: true, uniqueKeys: true });
  const [first] = document.errors;
  if (first !== undefined) {
    const language = extname(path) === ".json" ? "JSON" : "YAML";
    throw new pulumi.RunError(`The platform file ${path} is not ${language}: ${first.message}`);
  }
  return document.toJS();
}

/** Reads the parts of a stack, and keeps what is found in each until all are read. */
class Findings {
  readonly #rejections: PlatformError[] = [];

  /** What is read, or `undefined` if it is rejected. */
  collect<T>(read: () => T): { readonly value: T } | undefined {
    try {
      return { value: read() };
    } catch (error) {
      if (error instanceof PlatformError) {
        this.#rejections.push(error);
        return undefined;
      }
      throw error;
    }
  }

  /** The one error for everything that was found, without the stack trace that Pulumi prints for other errors. */
  error(): pulumi.RunError {
    const [only, ...others] = this.#rejections;
    const one =
      only !== undefined && others.length === 0
        ? only
        : new PlatformError(
            "The stack",
            this.#rejections.flatMap(({ findings }) => findings),
          );
    return new pulumi.RunError(one.message);
  }
}

/** @throws pulumi.RunError if the program and the configuration both give a setting: one of them would not be heard. */
function assertGivenOnce(config: pulumi.Config, settings: PlatformSettings): void {
  const twice = configurableSettings.filter(
    (name) => settings[name] !== undefined && config.get(name) !== undefined,
  );
  if (twice.length > 0) {
    throw new pulumi.RunError(
      [
        "The program and the stack's configuration both say:",
        ...twice.map((name) => `  bulkhead:${name}`),
        "Say each in one of them.",
      ].join("\n"),
    );
  }
}

/** @throws pulumi.RunError for a cloud that there is not: nothing else that is said can then be read. */
function cloudOf(config: pulumi.Config, settings: PlatformSettings): CloudTarget["kind"] {
  const said: string = settings.cloud ?? config.require("cloud");
  const kind = cloudKinds.find((cloud) => cloud === said);
  if (kind === undefined) {
    throw new pulumi.RunError(`bulkhead:cloud is ${said}; it must be one of ${cloudKinds.join(", ")}.`);
  }
  return kind;
}

function targetOf(kind: CloudTarget["kind"], config: pulumi.Config, settings: PlatformSettings): CloudTarget {
  const availabilityZones = settings.availabilityZones ?? config.getObject("availabilityZones");
  switch (kind) {
    case "aws":
      return cloudTarget({
        kind,
        region: ofProvider(settings, "region") ?? new pulumi.Config("aws").get("region"),
        accountId: settings.accountId ?? config.get("accountId"),
        availabilityZones,
      });
    case "azure": {
      const provider = new pulumi.Config("azure-native");
      return cloudTarget({
        kind,
        location: ofProvider(settings, "location") ?? provider.get("location"),
        tenantId: ofProvider(settings, "tenantId") ?? provider.get("tenantId"),
        subscriptionId: settings.subscriptionId ?? config.get("subscriptionId"),
        availabilityZones,
      });
    }
    case "gcp":
      return cloudTarget({
        kind,
        region: ofProvider(settings, "region") ?? new pulumi.Config("gcp").get("region"),
        accessPolicyId: settings.accessPolicyId ?? config.get("accessPolicyId"),
        projects: settings.projects ?? config.getObject("projects"),
        availabilityZones,
      });
  }
}

/** What the program says of a provider of its own, if it says it. */
function ofProvider(
  { provider }: PlatformSettings,
  key: "region" | "location" | "tenantId",
): string | undefined {
  const said = Object.entries(provider ?? {}).find(([name]) => name === key)?.[1] as unknown;
  return typeof said === "string" ? said : undefined;
}

/** To which account, subscription or project the provider is bound, as its configuration says it. */
function providerAccount(target: CloudTarget, { provider }: PlatformSettings): unknown {
  switch (target.kind) {
    case "aws":
      return provider !== undefined && "allowedAccountIds" in provider
        ? provider.allowedAccountIds
        : new pulumi.Config("aws").getObject("allowedAccountIds");
    case "azure":
      return provider !== undefined && "subscriptionId" in provider
        ? provider.subscriptionId
        : new pulumi.Config("azure-native").get("subscriptionId");
    case "gcp":
      return provider !== undefined && "project" in provider
        ? provider.project
        : new pulumi.Config("gcp").get("project");
  }
}

/** Certificates, or lists of them, which the program gives or whose file the configuration names. */
function pemText(
  config: pulumi.Config,
  settings: PlatformSettings,
  key: "machineAuthorities" | "machineRevocations" | "workloadAuthorities",
): FileText | undefined {
  const text = settings[key];
  if (text !== undefined) {
    return { text };
  }
  const path = config.get(key);
  if (path === undefined) {
    return undefined;
  }
  try {
    return { text: readFileSync(resolve(path), "utf8") };
  } catch (error) {
    return { unreadable: reasonOf(error) };
  }
}

/**
 * Reads the configuration of the stack that is being run.
 *
 * @param settings what the program says in code, in the configuration's place.
 * @throws pulumi.RunError with every finding, if the platform, the configuration or the settings are wrong.
 */
export function stackConfiguration(settings: PlatformSettings = {}): StackConfiguration {
  const config = new pulumi.Config("bulkhead");
  assertGivenOnce(config, settings);
  const path = config.get("platform");
  const raw = path === undefined ? (settings.platform ?? referencePlatform) : parsedFile(resolve(path));
  const findings = new Findings();
  const cloud = cloudOf(config, settings);
  const target = findings.collect(() => targetOf(cloud, config, settings));
  const spec = findings.collect(() => platformSpec(raw));
  const place: NetworkPlace | undefined = cloud === "azure" ? target?.value : { kind: cloud };
  const network =
    place &&
    findings.collect(() =>
      existingNetwork(
        place,
        settings.existingNetworkId ?? config.get("existingNetworkId"),
        settings.existingInternetGatewayId ?? config.get("existingInternetGatewayId"),
      ),
    );
  const certificateId = settings.edgeCertificate ?? config.get("edgeCertificate");
  const clientCertificateId = settings.edgeClientCertificate ?? config.get("edgeClientCertificate");
  const clinicianClientSecret =
    settings.clinicianClientSecret === undefined
      ? config.getSecret("clinicianClientSecret")
      : pulumi.secret(settings.clinicianClientSecret);
  const door =
    spec &&
    findings.collect(() =>
      entrance(spec.value.edge, spec.value.mesh.kind, cloud, {
        certificateId,
        machineAuthorities: pemText(config, settings, "machineAuthorities"),
        machineRevocations: pemText(config, settings, "machineRevocations"),
        machineResponders: settings.machineResponders ?? config.getObject("machineResponders"),
        workloadAuthorities: pemText(config, settings, "workloadAuthorities"),
        clientCertificateId,
        clinicianSignIn: settings.clinicianSignIn ?? config.getObject("clinicianSignIn"),
        hasClinicianClientSecret: clinicianClientSecret !== undefined,
      }),
    );
  const account =
    target &&
    findings.collect(() => {
      assertProviderAccount(target.value, providerAccount(target.value, settings));
    });
  const stores =
    spec &&
    target &&
    findings.collect(() =>
      existingDataStores(
        spec.value.dataStores,
        target.value,
        settings.existingDataStores ?? config.getObject("existingDataStores"),
      ),
    );
  const certificate =
    target &&
    findings.collect(() => {
      assertEdgeCertificate(target.value, certificateId, clientCertificateId);
    });
  const options =
    target &&
    findings.collect(() =>
      stackOptions(target.value, {
        deployer: settings.deployer ?? config.get("deployer"),
        guardAccount: settings.guardAccount?.toString() ?? config.get("guardAccount"),
        lockRecords: settings.lockRecords?.toString() ?? config.get("lockRecords"),
      }),
    );
  const renderable =
    spec &&
    target &&
    findings.collect(() => {
      assertRenderable(spec.value, target.value);
    });
  if (
    !target ||
    !spec ||
    !network ||
    !door ||
    !account ||
    !stores ||
    !certificate ||
    !options ||
    !renderable
  ) {
    throw findings.error();
  }
  return {
    spec: spec.value,
    target: target.value,
    surroundings: {
      existingNetwork: network.value,
      existingDataStores: stores.value,
      entrance: door.value,
      now: settings.now ?? new Date(),
      clinicianClientSecret,
      ...options.value,
    },
  };
}
