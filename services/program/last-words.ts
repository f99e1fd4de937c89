import { say } from "./say";

/** What a program ends with that something went wrong with which nobody reckoned: as Node.js does. */
const fell = 1;

/**
 * Ends the process on an error that nothing catches, since nobody knows what state it is in. Node.js would do so as well, and
 * write down the error's own words.
 *
 * @param faultText what a log may say of an error.
 */
export function sayLastWords(faultText: (error: unknown) => string): void {
  process.on("uncaughtException", (error: unknown) => {
    say({ event: "fell", problem: faultText(error) });
    process.exit(fell);
  });
}
