import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";

import { cloudKinds, cloudTarget, type CloudTarget } from "../model/cloud-target";
import { entrance } from "../model/entrance";
import { existingDataStores } from "../model/existing-data-store";
import { platformSpec, type PlatformSpec } from "../model/platform-spec";
import { PlatformError } from "../model/platform-error";
import { assertProviderAccount } from "../model/provider-account";
import { referencePlatform } from "../model/reference-platform";
import { assertRenderable } from "../model/target-invariants";

import type { ExistingNetwork } from "./existing-network";
import type { Surroundings } from "./surroundings";

/** What a stack's configuration says: which platform, where, and what is around it. */
export interface StackConfiguration {
  readonly spec: PlatformSpec;
  readonly target: CloudTarget;
  readonly surroundings: Surroundings;
}

/** The text of a file that the configuration names. */
function fileText(key: string, what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new pulumi.RunError(
      `${what} ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.\n` +
        `Name it in the configuration as bulkhead:${key}, relative to the folder of Pulumi.yaml.`,
    );
  }
}

/** Reads YAML or JSON, by the file's name; the error names the file and the line. */
function parsedFile(path: string): unknown {
  const text = fileText("platform", "The platform file", path);
  // JSON is YAML as well (YAML 1.2 §1.3), and this parser says where a mistake is.
  const document = parseDocument(text, { prettyErrors: true, strict: true, uniqueKeys: true });
  const [first] = document.errors;
  if (first !== undefined) {
    const language = extname(path) === ".json" ? "JSON" : "YAML";
    throw new pulumi.RunError(`The platform file ${path} is not ${language}: ${first.message}`);
  }
  return document.toJS();
}

/** The rejection of a configuration, without the stack trace that Pulumi prints for other errors. */
function withoutTrace<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof PlatformError ? new pulumi.RunError(error.message) : error;
  }
}

function targetOf(config: pulumi.Config): CloudTarget {
  const kind = config.require("cloud");
  if (kind !== "aws") {
    const isPlanned = (cloudKinds as readonly string[]).includes(kind);
    throw new pulumi.RunError(
      isPlanned
        ? `bulkhead:cloud is ${kind}, which this version does not render yet. Use aws.`
        : `bulkhead:cloud is ${kind}; it must be one of ${cloudKinds.join(", ")}, of which this version renders aws.`,
    );
  }
  const provider = new pulumi.Config("aws");
  const target = cloudTarget({
    kind,
    region: provider.get("region"),
    accountId: config.get("accountId"),
    availabilityZones: config.getObject("availabilityZones"),
  });
  assertProviderAccount(target, provider.getObject("allowedAccountIds"));
  return target;
}

/** A file of certificates, or of lists of them, that the configuration may name. */
function optionalFile(config: pulumi.Config, key: string, what: string): string | undefined {
  const path = config.get(key);
  return path === undefined ? undefined : fileText(key, what, resolve(path));
}

function surroundingsOf(config: pulumi.Config, spec: PlatformSpec, target: CloudTarget): Surroundings {
  const clinicianClientSecret = config.getSecret("clinicianClientSecret");
  return {
    existingNetwork: existingNetworkOf(config),
    existingDataStores: existingDataStores(spec.dataStores, target, config.getObject("existingDataStores")),
    entrance: entrance(spec.edge, {
      certificateId: config.get("edgeCertificate"),
      machineAuthorities: optionalFile(
        config,
        "machineAuthorities",
        "The file of machine clients' authorities",
      ),
      machineRevocations: optionalFile(
        config,
        "machineRevocations",
        "The file of revoked machine certificates",
      ),
      clinicianSignIn: config.getObject("clinicianSignIn"),
      hasClinicianClientSecret: clinicianClientSecret !== undefined,
    }),
    clinicianClientSecret,
    deployerId: config.get("deployer"),
    guardsAccount: config.getBoolean("guardAccount") ?? false,
  };
}

function existingNetworkOf(config: pulumi.Config): ExistingNetwork | undefined {
  const networkId = config.get("existingNetworkId");
  const internetGatewayId = config.get("existingInternetGatewayId");
  if (networkId === undefined && internetGatewayId === undefined) {
    return undefined;
  }
  if (networkId === undefined || internetGatewayId === undefined) {
    throw new pulumi.RunError(
      "bulkhead:existingNetworkId and bulkhead:existingInternetGatewayId go together: set both for an existing network, or neither for one of the platform's own.",
    );
  }
  return { networkId, internetGatewayId };
}

/**
 * Reads the configuration of the stack that is being run.
 *
 * @throws pulumi.RunError with every finding, if the platform file or the configuration is wrong.
 */
export function stackConfiguration(): StackConfiguration {
  const config = new pulumi.Config("bulkhead");
  const path = config.get("platform");
  const raw = path === undefined ? referencePlatform : parsedFile(resolve(path));
  return withoutTrace(() => {
    const target = targetOf(config);
    const spec = platformSpec(raw);
    assertRenderable(spec, target);
    return { spec, target, surroundings: surroundingsOf(config, spec, target) };
  });
}
