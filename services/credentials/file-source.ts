import { readFile } from "node:fs/promises";

import { CredentialUnavailable, type CredentialSource } from "./credential-source";

/** A file that something else keeps: a volume of secrets, or a test. */
export function fileSource(path: string): CredentialSource {
  return {
    place: path,
    async read(signal) {
      try {
        return await readFile(path, { encoding: "utf8", signal });
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        const problem = code === "ENOENT" ? "not-found" : code === "EACCES" ? "refused" : "unreachable";
        throw new CredentialUnavailable(problem, `The file ${path} cannot be read: ${String(code)}.`, {
          cause: error,
        });
      }
    },
  };
}
