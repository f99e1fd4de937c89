/** Waits until the container is told to stop. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      process.once(name, () => {
        resolve();
      });
    }
  });
}
