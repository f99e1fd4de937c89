import { chmod, mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { z } from "zod";

import { certificateFileNames, secretNames } from "../../model/certificate-file";

import { CredentialRefused, verifiedCredential, type VerifiedCredential } from "./verified-credential";

/** Who shares the agent's group reads the files, and nobody else. */
const fileMode = 0o640;

/** How files begin that are not finished. A watcher of the folder takes no notice of them. */
const unfinished = ".unfinished-";

const secretType = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

/** One secret as Envoy reads it from a file (`envoy.service.discovery.v3.DiscoveryResponse`). */
function sdsText(version: string, name: string, secret: object): string {
  return JSON.stringify({
    version_info: version,
    resources: [{ "@type": secretType, name, ...secret }],
  });
}

const inline = z.object({ inline_string: z.string() });

const certificateSchema = z.object({
  version_info: z.string().regex(/^\d+$/),
  resources: z.tuple([
    z.object({
      "@type": z.literal(secretType),
      name: z.literal(secretNames.certificate),
      tls_certificate: z.object({ certificate_chain: inline, private_key: inline }),
    }),
  ]),
});

const trustBundleSchema = z.object({
  resources: z.tuple([
    z.object({
      "@type": z.literal(secretType),
      name: z.literal(secretNames.trustBundle),
      validation_context: z.object({ trusted_ca: inline }),
    }),
  ]),
});

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** Replaces a file at once: who reads it sees the old one or the new one, and who watches its folder sees it move in. */
async function replace(folder: string, name: string, text: string): Promise<void> {
  const beside = join(folder, `${unfinished}${name}`);
  await rm(beside, { force: true });
  const file = await open(beside, "wx", fileMode);
  try {
    // Whatever the process leaves out of the modes of its files (umask).
    await file.chmod(fileMode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, join(folder, name));
}

/**
 * Writes a workload's certificate and whom it trusts as the files that its proxy reads. A file that says the same already
 * is left as it is. The trust bundle comes first, so that no certificate is shown whose issuer is not yet known.
 *
 * @returns whether anything changed.
 */
export async function writeSdsFiles(
  folder: string,
  { epoch, trustBundle, certificateChain, privateKey }: VerifiedCredential,
): Promise<boolean> {
  const version = String(epoch);
  const texts = [
    [
      certificateFileNames.trustBundle,
      sdsText(version, secretNames.trustBundle, {
        validation_context: { trusted_ca: { inline_string: trustBundle } },
      }),
    ],
    [
      certificateFileNames.certificate,
      sdsText(version, secretNames.certificate, {
        tls_certificate: {
          certificate_chain: { inline_string: certificateChain },
          private_key: { inline_string: privateKey },
        },
      }),
    ],
  ] as const;
  let changed = false;
  for (const [name, text] of texts) {
    if ((await textOf(join(folder, name))) !== text) {
      await replace(folder, name, text);
      changed = true;
    }
  }
  return changed;
}

/** Makes the folder if there is none, and takes away what an agent left that was ended while it wrote. */
export async function prepareSdsFolder(folder: string): Promise<void> {
  if ((await mkdir(folder, { recursive: true, mode: 0o750 })) !== undefined) {
    await chmod(folder, 0o750);
  }
  for (const name of await readdir(folder)) {
    if (name.startsWith(unfinished)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

function secretIn<Secret>(text: string | undefined, schema: z.ZodType<Secret>, name: string): Secret {
  if (text === undefined) {
    throw new CredentialRefused([`There is no file ${name}.`]);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own error shows a part of the text, which may be a part of a key.
    throw new CredentialRefused([`The file ${name} is no JSON.`]);
  }
  const { data } = schema.safeParse(json);
  if (data === undefined) {
    throw new CredentialRefused([`The file ${name} does not hold the secret that a proxy reads from it.`]);
  }
  return data;
}

/**
 * What the files of a folder hold, verified like what a source gives.
 *
 * @throws {CredentialRefused} if there is none, or none that the workload can use at that time.
 */
export async function readSdsFiles(folder: string, spiffeId: string, now: Date): Promise<VerifiedCredential> {
  const [certificate, trustBundle] = await Promise.all(
    [certificateFileNames.certificate, certificateFileNames.trustBundle].map((name) =>
      textOf(join(folder, name)),
    ),
  );
  const held = secretIn(certificate, certificateSchema, certificateFileNames.certificate);
  const trusted = secretIn(trustBundle, trustBundleSchema, certificateFileNames.trustBundle);
  const { certificate_chain: chain, private_key: key } = held.resources[0].tls_certificate;
  return verifiedCredential(
    JSON.stringify({
      spiffeId,
      trustBundle: trusted.resources[0].validation_context.trusted_ca.inline_string,
      certificates: [
        {
          epoch: Number(held.version_info),
          certificateChain: chain.inline_string,
          privateKey: key.inline_string,
        },
      ],
    }),
    spiffeId,
    now,
  );
}
