import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { emailText, labelled, phiProject } from "./gcp-base";
import { foreignProject, gcp } from "./gcp-network-pieces";
import {
  bucketName,
  consumers,
  disk,
  either,
  foreignBucket,
  foreignMember,
  inPerimeter,
  key,
  ofKind,
  phiOnly,
  projectOf,
  said,
  sql,
} from "./gcp-service-pieces";
import type { Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";
import { advised, type Kind } from "./stranger-pieces";

function sink(stack: Sketch, kind: Kind, destination: string, more: Inputs = {}): string {
  return stack.add(gcp("logging", "ProjectSink"), "sink", {
    name: "sink",
    project: projectOf(kind),
    destination,
    filter: "",
    uniqueWriterIdentity: true,
    ...more,
  });
}

const inner = `logging.googleapis.com/projects/${phiProject}/locations/us-central1/buckets/audit`;

const foreignPlaces = [
  ["somebody else's bucket", `storage.googleapis.com/${foreignBucket}`],
  ["somebody else's tables", `bigquery.googleapis.com/projects/${foreignProject}/datasets/logs`],
  ["somebody else's topic", `pubsub.googleapis.com/projects/${foreignProject}/topics/logs`],
  ["somebody else's logs", `logging.googleapis.com/projects/${foreignProject}/locations/global/buckets/logs`],
  ["another project", `logging.googleapis.com/projects/${ownProject}`],
  ["nobody knows where", unknownText],
] as const;

const logs: readonly CorpusCase[] = [
  ...foreignPlaces.flatMap(([where, destination]) => [
    either(
      "GE-23",
      `logs of PHI that go to ${where}, or to its own project's`,
      (stack, to: string) => sink(stack, "phi", to),
      destination,
      inner,
    ),
    ...(where.startsWith("somebody")
      ? [phiOnly("GE-23", `logs that go to ${where}`, (stack, kind) => sink(stack, kind, destination))]
      : []),
  ]),
  either(
    "GE-23",
    "logs of PHI that go to somebody else, or would if it were on",
    (stack, disabled: boolean) => sink(stack, "phi", `storage.googleapis.com/${foreignBucket}`, { disabled }),
    false,
    true,
  ),
  either(
    "GE-23",
    "logs of PHI that go to a bucket, of nobody or of PHI",
    (stack, kind: Kind) => {
      bucketName(stack, kind);
      sink(stack, "phi", `storage.googleapis.com/${kind}-copies`);
    },
    "plain",
    "phi",
  ),
  ...(
    [
      ["OrganizationSink", { orgId: "666666666666" }],
      ["FolderSink", { folder: "folders/444444444444" }],
    ] as const
  ).flatMap(([type, of]) => [
    either(
      "GE-23",
      `${type}: logs of all projects that go to somebody else, or those of none but its own`,
      (stack, includeChildren: boolean) =>
        stack.add(gcp("logging", type), "sink", {
          name: "sink",
          destination: `storage.googleapis.com/${foreignBucket}`,
          includeChildren,
          ...of,
        }),
      true,
      false,
    ),
    either(
      "GE-23",
      `${type}: logs of all projects that are taken away from them`,
      (stack, interceptChildren: boolean) =>
        stack.add(gcp("logging", type), "sink", {
          name: "sink",
          destination: `pubsub.googleapis.com/projects/${foreignProject}/topics/logs`,
          includeChildren: interceptChildren,
          interceptChildren,
          ...of,
        }),
      true,
      false,
    ),
  ]),
  ...(
    [
      ["some", 'resource.type="gcs_bucket"'],
      ["all", 'severity>="DEFAULT"'],
    ] as const
  ).map(([what, filter]) =>
    inPerimeter(
      advised(
        "GE-23",
        `logs of PHI of which ${what} are thrown away, or of nobody`,
        (stack, kind: Kind) =>
          stack.add(gcp("logging", "ProjectExclusion"), "exclusion", {
            name: "exclusion",
            project: projectOf(kind),
            filter,
          }),
        "phi",
        "plain",
      ),
    ),
  ),
];

function snapshot(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  return stack.add(gcp("compute", "Snapshot"), "snapshot", {
    name: "snapshot",
    zone: "us-central1-a",
    sourceDisk: disk(stack, kind),
    ...ofKind(kind),
    ...more,
  });
}

const copies: readonly CorpusCase[] = [
  either(
    "GE-24",
    "a vault of backups of PHI that takes and gives across organisations",
    (stack, accessRestriction: string) => vault(stack, accessRestriction),
    "UNRESTRICTED",
    "WITHIN_PROJECT",
  ),
  either(
    "GE-24",
    "a vault of backups of PHI of which nobody knows whom it gives",
    (stack, accessRestriction: string) => vault(stack, accessRestriction),
    unknownText,
    "WITHIN_PROJECT",
  ),
  ...([foreignMember, "allAuthenticatedUsers"] as const).flatMap((member) => [
    phiOnly("GE-24", `a snapshot that ${member} may use`, (stack, kind) => {
      snapshot(stack, kind);
      stack.add(gcp("compute", "SnapshotIamMember"), "user", {
        name: "snapshot",
        project: projectOf(kind),
        role: "roles/compute.storageAdmin",
        member,
      });
    }),
    phiOnly("GE-24", `an image of a disk that ${member} may use`, (stack, kind) => {
      const image = stack.add(gcp("compute", "Image"), "image", {
        name: "image",
        sourceDisk: disk(stack, kind),
        ...ofKind(kind),
      });
      stack.add(gcp("compute", "ImageIamMember"), "user", {
        image: `${image}.name`,
        project: projectOf(kind),
        role: "roles/compute.imageUser",
        member,
      });
    }),
    phiOnly("GE-24", `a disk that ${member} may use`, (stack, kind) => {
      disk(stack, kind);
      stack.add(gcp("compute", "DiskIamMember"), "user", {
        name: `${kind}-disk`,
        zone: "us-central1-a",
        project: projectOf(kind),
        role: "roles/compute.storageAdmin",
        member,
      });
    }),
  ]),
  either(
    "GE-24",
    "a copy of a disk of PHI in another project",
    (stack, project: string) =>
      stack.add(gcp("compute", "Snapshot"), "snapshot", {
        name: "snapshot",
        zone: "us-central1-a",
        sourceDisk: disk(stack, "phi"),
        project,
        ...(project === phiProject ? labelled("phi") : {}),
      }),
    ownProject,
    phiProject,
  ),
  phiOnly("GE-24", "a disk that is always copied to somebody else's", (stack, kind) =>
    stack.add(gcp("compute", "DiskAsyncReplication"), "copies", {
      primaryDisk: disk(stack, kind),
      secondaryDisk: { disk: `projects/${foreignProject}/zones/us-east1-b/disks/theirs` },
    }),
  ),
  either(
    "GE-24",
    "a copy of a database of PHI in another project",
    (stack, project: string) => {
      const master = sql(stack, "phi");
      const settings = {
        tier: "db-custom-2-8192",
        ipConfiguration: {
          ipv4Enabled: false,
          pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: consumers(stack) }],
          sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
        },
        ...(project === phiProject ? { userLabels: labelled("phi")["labels"] } : {}),
      };
      stack.add(gcp("sql", "DatabaseInstance"), "replica", {
        name: "replica",
        project,
        region: "us-central1",
        databaseVersion: "POSTGRES_17",
        masterInstanceName: project === phiProject ? `${master}.name` : master,
        settings,
      });
    },
    ownProject,
    phiProject,
  ),
  phiOnly("GE-24", "a database that is a copy for a server outside of Google", (stack, kind) =>
    sql(stack, kind, {
      replicaConfiguration: {
        username: "replica",
        dumpFilePath: "gs://somebody-elses-records/dump",
        clientKey: "none",
      },
    }),
  ),
  ...([foreignMember, "allUsers"] as const).flatMap((member) => [
    phiOnly("GE-24", `a key that ${member} may use`, (stack, kind) =>
      stack.add(gcp("kms", "CryptoKeyIAMMember"), "user", {
        cryptoKeyId: key(stack, kind),
        role: "roles/cloudkms.cryptoKeyDecrypter",
        member,
      }),
    ),
    either(
      "GE-24",
      `a key of PHI that ${member} may use, or processing`,
      (stack, who: string) =>
        stack.add(gcp("kms", "CryptoKeyIAMBinding"), "users", {
          cryptoKeyId: key(stack, "phi"),
          role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
          members: [who],
        }),
      member,
      `serviceAccount:${emailText("processing")}`,
    ),
  ]),
];

function vault(stack: Sketch, accessRestriction: string | undefined): string {
  return stack.add(
    gcp("backupdisasterrecovery", "BackupVault"),
    "vault",
    said({
      backupVaultId: "vault",
      location: "us-central1",
      backupMinimumEnforcedRetentionDuration: "2592000s",
      accessRestriction,
      ...ofKind("phi"),
    }),
  );
}

/** The checklist of ways out of the PHI zone of Google Cloud, as to logs and copies: rows GE-23 and GE-24. */
export const gcpWaysOutOfLogsAndCopies: readonly CorpusCase[] = [...logs, ...copies];
