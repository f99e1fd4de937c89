import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");

/** What a process has loaded of the AWS SDK before and after it has asked for a renderer. */
function loadedBy(script: string): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

describe("the AWS SDK", () => {
  it("is loaded only when AWS is rendered, and by the folders of its services", () => {
    const script = `
      const loaded = () => Object.keys(require.cache).filter((path) => path.includes("/@pulumi/aws/"));
      const { loadRenderer } = require("./components/load-renderer.ts");
      const before = loaded().length;
      loadRenderer(
        { kind: "aws", region: "us-east-1", accountId: "111122223333", availabilityZones: ["us-east-1a", "us-east-1b"] },
        { existingDataStores: new Map(), entrance: { mode: "l4-passthrough" }, guardsAccount: false },
      );
      const after = loaded();
      console.log(JSON.stringify({ before, isLoaded: after.length > 0, root: after.some((path) => path.endsWith("/@pulumi/aws/index.js")) }));
    `;
    expect(loadedBy(script)).toEqual({ before: 0, isLoaded: true, root: false });
  });
});
