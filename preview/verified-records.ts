import { readFileSync } from "node:fs";

import { ChainVerification, type Verification } from "../services/audit/chain-verification";
import { exportedRecords } from "../services/audit/exported-records";
import type { ChainHead } from "../services/audit/record-chain";

import { CouldNotRun } from "./could-not-run";

/** What verification is told besides. */
export interface VerificationOptions {
  /** Heads of earlier verifications. */
  readonly heads: readonly ChainHead[];
  /** Whether a file keeps the order in which its records were written. */
  readonly isOrdered: boolean;
}

function addFile(verification: ChainVerification, file: string, isOrdered: boolean): void {
  try {
    for (const found of exportedRecords(readFileSync(file))) {
      const name = `${file}:${String(found.line)}`;
      if (found.record === undefined) {
        verification.leaveOut(found, name);
      } else {
        verification.add(found.record, { name, sequenceOf: isOrdered && found.isPlain ? file : undefined });
      }
    }
  } catch (error) {
    throw new CouldNotRun(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Verifies the records in some files.
 *
 * @throws {CouldNotRun} if a file cannot be read, or there is nothing to verify.
 */
export function verifiedRecords(
  files: readonly string[],
  { heads, isOrdered }: VerificationOptions,
): Verification {
  const verification = new ChainVerification();
  files.forEach((file) => {
    addFile(verification, file, isOrdered);
  });
  const result = verification.result(heads);
  if (result.chains.length === 0 && heads.length === 0 && result.breaches.length === 0) {
    throw new CouldNotRun(`There is no record in ${files.join(", ")}.`);
  }
  return result;
}
