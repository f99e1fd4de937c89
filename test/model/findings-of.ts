import { PlatformError } from "../../model/platform-error";

/** What is wrong where, by invariant; nothing of what is accepted. */
export function problemsOf(
  read: () => unknown,
): readonly { readonly id: string; readonly path: string; readonly message: string }[] {
  try {
    read();
  } catch (error) {
    if (error instanceof PlatformError) {
      return error.findings.map(({ id, path, message }) => ({ id, path, message }));
    }
    throw error;
  }
  return [];
}

/** The findings of what is refused, by invariant and path; none of what is accepted. */
export function findingsOf(read: () => unknown): readonly { readonly id: string; readonly path: string }[] {
  return problemsOf(read).map(({ id, path }) => ({ id, path }));
}
