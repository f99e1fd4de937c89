/** After this long something is shown to be going on. */
const progressAfterMs = 2000;

/** How often what is going on is shown again, on a terminal that can overwrite it. */
const redrawMs = 150;

/** Says what is going on now. */
export type Say = (text: string) => void;

/** A line of progress: told to the process that started this one, if it listens, and to the reader otherwise. */
function tell(text: string): void {
  if (process.send === undefined) {
    process.stderr.write(`${text} ...\n`);
  } else {
    process.send({ progress: text });
  }
}

/** The part of a text that stays the same while its numbers go up. */
function step(text: string): string {
  return text.replaceAll(/\d+/g, "");
}

/**
 * Waits for something that may take long. From two seconds on it is said what is going on: on a terminal in one line that
 * is kept up to date, and elsewhere in a line for each step.
 */
export async function withProgress<T>(first: string, run: (say: Say) => Promise<T>): Promise<T> {
  const overwrites = process.send === undefined && process.stderr.isTTY;
  const begin = performance.now();
  let current = first;
  let told: string | undefined;
  const timer = setInterval(() => {
    if (performance.now() - begin < progressAfterMs) {
      return;
    }
    if (overwrites) {
      const seconds = Math.round((performance.now() - begin) / 1000);
      process.stderr.write(`\r\u001B[K${current} ... ${String(seconds)} s`);
    } else if (told === undefined || step(told) !== step(current)) {
      told = current;
      tell(current);
    }
  }, redrawMs);
  try {
    return await run((text) => {
      current = text;
    });
  } finally {
    clearInterval(timer);
    if (overwrites && performance.now() - begin >= progressAfterMs) {
      process.stderr.write("\r\u001B[K");
    }
  }
}
