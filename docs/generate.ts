import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { generatedPages } from "./generated-pages";

void generatedPages().then((pages) => {
  for (const [name, text] of pages) {
    writeFileSync(join(__dirname, name), text);
    process.stdout.write(`docs/${name}\n`);
  }
});
