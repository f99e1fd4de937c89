import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The text of a file of the page that is no source: its style sheet, or the script that runs in the browser. */
export function pageFile(name: "page.css" | "page.js"): string {
  return readFileSync(join(__dirname, "page", name), "utf8");
}
