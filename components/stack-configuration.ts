import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { parseDocument } from "yaml";

import { cloudKinds, cloudTarget, type CloudTarget } from "../model/cloud-target";
import { assertEdgeCertificate, entrance, type FileText } from "../model/entrance";
import { existingDataStores } from "../model/existing-data-store";
import { existingNetwork } from "../model/existing-network";
import { platformSpec, type PlatformSpec } from "../model/platform-spec";
import { PlatformError } from "../model/platform-error";
import { assertProviderAccount } from "../model/provider-account";
import { referencePlatform } from "../model/reference-platform";
import { stackOptions } from "../model/stack-options";
import { assertRenderable } from "../model/target-invariants";

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
  return cloudTarget({
    kind,
    region: new pulumi.Config("aws").get("region"),
    accountId: config.get("accountId"),
    availabilityZones: config.getObject("availabilityZones"),
  });
}

/** A file of certificates, or of lists of them, that the configuration may name. */
function optionalFile(config: pulumi.Config, key: string): FileText | undefined {
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
 * @throws pulumi.RunError with every finding, if the platform file or the configuration is wrong.
 */
export function stackConfiguration(): StackConfiguration {
  const config = new pulumi.Config("bulkhead");
  const path = config.get("platform");
  const raw = path === undefined ? referencePlatform : parsedFile(resolve(path));
  const findings = new Findings();
  const target = findings.collect(() => targetOf(config));
  const spec = findings.collect(() => platformSpec(raw));
  const network = findings.collect(() =>
    existingNetwork(config.get("existingNetworkId"), config.get("existingInternetGatewayId")),
  );
  const clinicianClientSecret = config.getSecret("clinicianClientSecret");
  const door =
    spec &&
    findings.collect(() =>
      entrance(spec.value.edge, {
        certificateId: config.get("edgeCertificate"),
        machineAuthorities: optionalFile(config, "machineAuthorities"),
        machineRevocations: optionalFile(config, "machineRevocations"),
        clinicianSignIn: config.getObject("clinicianSignIn"),
        hasClinicianClientSecret: clinicianClientSecret !== undefined,
      }),
    );
  const account =
    target &&
    findings.collect(() => {
      assertProviderAccount(target.value, new pulumi.Config("aws").getObject("allowedAccountIds"));
    });
  const stores =
    spec &&
    target &&
    findings.collect(() =>
      existingDataStores(spec.value.dataStores, target.value, config.getObject("existingDataStores")),
    );
  const certificate =
    target &&
    findings.collect(() => {
      assertEdgeCertificate(target.value, config.get("edgeCertificate"));
    });
  const options =
    target &&
    findings.collect(() =>
      stackOptions(target.value, {
        deployer: config.get("deployer"),
        guardAccount: config.get("guardAccount"),
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
      clinicianClientSecret,
      ...options.value,
    },
  };
}
