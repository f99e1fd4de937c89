import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { googleTarget } from "../model/google-target";

const root = resolve(__dirname, "../..");

const targets = {
  aws: {
    kind: "aws",
    region: "us-east-1",
    accountId: "111122223333",
    availabilityZones: ["us-east-1a", "us-east-1b"],
  },
  azure: {
    kind: "azure",
    location: "eastus2",
    tenantId: "99999999-8888-7777-6666-555555555555",
    subscriptionId: "11111111-2222-3333-4444-555555555555",
    availabilityZones: ["1", "2", "3"],
  },
  gcp: googleTarget,
} as const;

/** The SDKs of clouds, by the folder of each. */
const sdks = { aws: "aws", azure: "azure-native", gcp: "gcp" } as const;

/** What a process has loaded of the SDKs before and after it has asked for the renderer of a cloud. */
function loadedFor(cloud: keyof typeof targets): unknown {
  const script = `
    const loaded = (sdk) => Object.keys(require.cache).filter((path) => path.includes("/@pulumi/" + sdk + "/"));
    const sdks = ${JSON.stringify(Object.values(sdks))};
    const { loadRenderer } = require("./components/load-renderer.ts");
    const before = sdks.flatMap(loaded).length;
    loadRenderer(
      ${JSON.stringify(targets[cloud])},
      { existingDataStores: new Map(), entrance: { mode: "l4-passthrough" }, guardsAccount: false, deployerId: "deployer" },
    );
    console.log(JSON.stringify({
      before,
      after: sdks.filter((sdk) => loaded(sdk).length > 0),
      whole: sdks.filter((sdk) => loaded(sdk).some((path) => path.endsWith("/@pulumi/" + sdk + "/index.js"))),
    }));
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--require", "tsx/cjs", "--eval", script], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

describe("the SDK of a cloud", () => {
  it.each(["aws", "azure", "gcp"] as const)(
    "is loaded only when %s is rendered, and by the folders of its services",
    (cloud) => {
      expect(loadedFor(cloud)).toEqual({ before: 0, after: [sdks[cloud]], whole: [] });
    },
  );
});
