import { ownProject, type Sketch } from "../stack-sketch";

import { gcpBaseOfPerimeter, labelled, phiProject } from "./gcp-base";
import { foreignAccount, foreignProject, gcp } from "./gcp-network-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import { refused, type Kind } from "./stranger-pieces";

/** A place on the Internet that takes what it is sent. */
export const collector = "https://collector.example.com/records";

/** Callers of whom the stack says nothing, or anybody. */
export const foreignMember = `serviceAccount:${foreignAccount}`;
export const strangers = [
  "allUsers",
  "allAuthenticatedUsers",
  foreignMember,
  "domain:other.example",
] as const;

/** A topic, a bucket and a data set of a stranger's. */
export const foreignTopic = `projects/${foreignProject}/topics/records`;
export const foreignBucket = "somebody-elses-records";
export const foreignDataset = `projects/${foreignProject}/datasets/records`;

/** What a program says: nothing of what is `undefined`. */
export function said(inputs: Inputs): Inputs {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** The project of a store that holds PHI, or of another. */
export function projectOf(kind: Kind): string {
  return kind === "phi" ? phiProject : ownProject;
}

/** What a store of a kind says of itself: its project, and its label where it has one. */
export function ofKind(kind: Kind): Inputs {
  return { project: projectOf(kind), ...(kind === "phi" ? labelled("phi") : {}) };
}

/** A builder of a service: one that is right, but for what is said more, or not said where it is `undefined`. */
export type Service = (stack: Sketch, kind: Kind, more?: Inputs) => string;

/** A case beside a perimeter. */
export function inPerimeter(one: CorpusCase): CorpusCase {
  return { ...one, base: gcpBaseOfPerimeter };
}

/** A service of the PHI zone that says one thing else than it should. */
export function wrongly(
  id: string,
  name: string,
  service: Service,
  bad: Inputs,
  good: Inputs = {},
): CorpusCase {
  return inPerimeter(refused(id, name, (stack, more: Inputs) => service(stack, "phi", more), bad, good));
}

/** What is a way out where it is of the PHI zone, and concerns nobody where it is not. */
export function phiOnly(id: string, name: string, build: (stack: Sketch, kind: Kind) => unknown): CorpusCase {
  return inPerimeter(refused(id, name, build, "phi", "plain"));
}

/** A value of something, that is wrong, and one that is right, beside a perimeter. */
export function either<const T>(
  id: string,
  name: string,
  build: (stack: Sketch, value: T) => unknown,
  bad: T,
  good: T,
): CorpusCase {
  return inPerimeter(refused(id, name, build, bad, good));
}

/** A bucket: `phi-copies`, `plain-copies` and so on, which is also its name in the cloud. */
export function bucket(stack: Sketch, kind: Kind, more: Inputs = {}, what = "copies"): string {
  const name = `${kind}-${what}`;
  return stack.add(
    gcp("storage", "Bucket"),
    name,
    said({
      name,
      location: "US-CENTRAL1",
      publicAccessPrevention: "enforced",
      uniformBucketLevelAccess: true,
      ...ofKind(kind),
      ...more,
    }),
  );
}

/** The name of a bucket, which is all that its resource is called by. */
export function bucketName(stack: Sketch, kind: Kind, what = "copies"): string {
  return stack.names().includes(`${kind}-${what}`)
    ? `${stack.id(`${kind}-${what}`)}.name`
    : `${bucket(stack, kind, {}, what)}.name`;
}

/** A topic, `phi-topic` or `plain-topic`. */
export function topic(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-topic`;
  return stack.names().includes(name)
    ? stack.id(name)
    : stack.add(gcp("pubsub", "Topic"), name, said({ name, ...ofKind(kind), ...more }));
}

/** A data set of tables, `phi-tables` or `plain-tables`. */
export function tables(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-tables`;
  return stack.names().includes(name)
    ? stack.id(name)
    : stack.add(
        gcp("bigquery", "Dataset"),
        name,
        said({ datasetId: `${kind}_tables`, location: "us-central1", ...ofKind(kind), ...more }),
      );
}

/** A data set of health records, `phi-records` or `plain-records`. */
export function records(stack: Sketch, kind: Kind): string {
  const name = `${kind}-records`;
  if (!stack.names().includes(name)) {
    stack.add(gcp("healthcare", "Dataset"), name, {
      name,
      location: "us-central1",
      project: projectOf(kind),
    });
  }
  return stack.id(name);
}

/** A FHIR store, `phi-fhir` or `plain-fhir`. */
export function fhir(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-fhir`;
  return stack.add(
    gcp("healthcare", "FhirStore"),
    name,
    said({
      name,
      dataset: records(stack, kind),
      version: "R4",
      disableReferentialIntegrity: false,
      ...(kind === "phi" ? labelled("phi") : {}),
      ...more,
    }),
  );
}

/** A project of processing's alone, which says so. */
export const processingProject = "hospital-processing";

/** Adds {@link processingProject}, once. */
export function consumers(stack: Sketch): readonly string[] {
  if (!stack.names().includes("processing-project")) {
    stack.add(gcp("organizations", "Project"), "processing-project", {
      name: processingProject,
      projectId: processingProject,
      folderId: "555555555555",
      autoCreateNetwork: false,
      ...labelled("processing"),
    });
  }
  return [processingProject];
}

/** A database, `phi-sql` or `plain-sql`, of which {@link sqlWith} says more of how it is reached. */
export function sql(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-sql`;
  return stack.add(gcp("sql", "DatabaseInstance"), name, {
    name,
    project: projectOf(kind),
    region: "us-central1",
    databaseVersion: "POSTGRES_17",
    deletionProtection: true,
    settings: {
      tier: "db-custom-2-8192",
      edition: "ENTERPRISE",
      ipConfiguration: {
        ipv4Enabled: false,
        pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: consumers(stack) }],
        sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
      },
      ...(kind === "phi" ? { userLabels: labelled("phi")["labels"] } : {}),
    },
    ...more,
  });
}

/** The same with something else said of how it is reached. */
export function sqlWith(stack: Sketch, kind: Kind, more: Inputs): Sketch {
  sql(stack, kind);
  return stack.change(`${kind}-sql`, (before) => {
    const settings = before["settings"] as Inputs;
    return {
      ...before,
      settings: {
        ...settings,
        ipConfiguration: said({ ...(settings["ipConfiguration"] as Inputs), ...more }),
      },
    };
  });
}

/** A disk, `phi-disk` or `plain-disk`. */
export function disk(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const name = `${kind}-disk`;
  return stack.add(gcp("compute", "Disk"), name, {
    name,
    zone: "us-central1-a",
    size: 100,
    ...ofKind(kind),
    ...more,
  });
}

/** A key, `phi-key` or `plain-key`, in a ring of its own. */
export function key(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  const ring = stack.add(gcp("kms", "KeyRing"), `${kind}-keys`, {
    name: `${kind}-keys`,
    location: "us-central1",
    project: projectOf(kind),
  });
  return stack.add(
    gcp("kms", "CryptoKey"),
    `${kind}-key`,
    said({
      name: `${kind}-key`,
      keyRing: ring,
      rotationPeriod: "7776000s",
      ...(kind === "phi" ? labelled("phi") : {}),
      ...more,
    }),
  );
}
