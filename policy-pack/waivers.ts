import type { Settings } from "./settings";
import type { Waiver } from "./waiver";
import { readWaiverFile, type WaiverProblem } from "./waiver-file";

/** The environment variable that names the file of waivers. */
export const waiversVariable = "BULKHEAD_WAIVERS";

/** The waivers of a run: what their file says, or why nothing of it counts. */
export interface Waivers {
  /** The day on which the judge judges, in UTC. */
  readonly today: string;
  readonly all: readonly Waiver[];
  /** What is wrong with the file. If anything is, none of its waivers counts. */
  readonly problems: readonly WaiverProblem[];
}

/** What holds where no file is named; whoever judges says the day. */
export const noWaivers: Omit<Waivers, "today"> = { all: [], problems: [] };

/**
 * Reads the file of waivers that the configuration or the environment names.
 *
 * @param environment the value of {@link waiversVariable}; a text without characters names none.
 */
export function readWaivers(
  { waiversFile: configured, problems }: Settings,
  { environment, today }: { readonly environment: string | undefined; readonly today: string },
): Waivers {
  const named = environment === "" ? undefined : environment;
  const refused = (what: string, remedy: string): Waivers => ({
    today,
    all: [],
    problems: [{ path: "", what, remedy }],
  });
  if (problems.some(({ policy }) => policy === "waivers-are-in-order")) {
    return { ...noWaivers, today }; // The configuration is what has to be mended.
  }
  if (configured !== undefined && named !== undefined && configured !== named) {
    return refused(
      `The configuration names ${configured}, and the environment variable ${waiversVariable} names ${named}`,
      "Name one file, in one of the two.",
    );
  }
  const file = configured ?? named;
  return file === undefined ? { ...noWaivers, today } : { today, ...readWaiverFile(file) };
}
