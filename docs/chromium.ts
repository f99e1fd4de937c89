import { existsSync } from "node:fs";

import packed from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

/** Where systems keep a Chromium of their own. */
const installed = ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"];

/** A real Chromium: the one that CHROMIUM_PATH names, the system's own, or the one that npm brings for Linux on x64. */
export async function openChromium(): Promise<Browser> {
  const own = [process.env["CHROMIUM_PATH"], ...installed].find(
    (path) => path !== undefined && existsSync(path),
  );
  return own === undefined
    ? chromium.launch({
        executablePath: await packed.executablePath(),
        // In a single process it dies of the first request that it refuses.
        args: packed.args.filter((argument) => argument !== "--single-process"),
      })
    : chromium.launch({ executablePath: own, args: ["--no-sandbox"] });
}
