import { PlatformError } from "../../model/platform-error";

/** The findings of what is refused, by invariant and path; none of what is accepted. */
export function findingsOf(read: () => unknown): readonly { readonly id: string; readonly path: string }[] {
  try {
    read();
  } catch (error) {
    if (error instanceof PlatformError) {
      return error.findings.map(({ id, path }) => ({ id, path }));
    }
    throw error;
  }
  return [];
}
