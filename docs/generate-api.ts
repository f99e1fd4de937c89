import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { apiPage, apiPagePath } from "./api-page";

async function write(): Promise<void> {
  const path = join(resolve(__dirname, ".."), apiPagePath);
  const page = await apiPage();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, page);
  process.stdout.write(`${apiPagePath}\n`);
}

void write();
