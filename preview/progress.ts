/** After this long something is shown to be going on. */
const progressAfterMs = 2000;

/** Waits for something that may take long, and says then what is going on. */
export async function withProgress<T>(message: string, run: () => Promise<T>): Promise<T> {
  const progress = setTimeout(() => {
    process.stderr.write(`${message} ...\n`);
  }, progressAfterMs);
  try {
    return await run();
  } finally {
    clearTimeout(progress);
  }
}
