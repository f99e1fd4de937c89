import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { settings } from "../../policy-pack/settings";
import { gcpBaseOfPerimeter } from "../policy-pack/corpus/gcp-base";
import { plainNetwork } from "../policy-pack/corpus/gcp-network-pieces";
import { judge } from "../policy-pack/judge-on-a-day";

const page = readFileSync(join(__dirname, "../../policy-pack/README.md"), "utf8");
const ofGoogle = page.slice(page.indexOf("### On Google Cloud"), page.indexOf("## Reports"));

describe("the pack's README, on Google Cloud", () => {
  it("shows a rule of the configuration that puts a subnet into a zone", () => {
    const [, rule = ""] = /^- \*\*The configuration\*\*, as above: `(.+)`\.$/m.exec(ofGoogle) ?? [];
    const stack = gcpBaseOfPerimeter("preview");
    stack.add("gcp:compute/subnetwork:Subnetwork", "app-subnet", {
      name: "app-subnet",
      network: plainNetwork(stack),
      region: "us-central1",
      ipCidrRange: "10.9.0.0/24",
    });
    const { proofs } = judge(stack.resources(), {
      dryRun: true,
      settings: settings({ "zone-assignment": { zones: [JSON.parse(rule)] } }),
    });
    const assigned = proofs.flatMap((of) =>
      of.rule === "zone-assignment" && of.kind === "proofs"
        ? of.proofs.filter(({ statement }) => statement.includes("the configured URN"))
        : [],
    );
    expect(assigned.flatMap(({ evidence }) => evidence.map(({ label }) => label))).toEqual([
      "Subnetwork app-subnet",
    ]);
  });

  it("says what makes a perimeter the PHI zone's, also by its configuration", () => {
    const stack = gcpBaseOfPerimeter("preview");
    const unclaimed = stack.resources().filter(({ name }) => !name.startsWith("phi-claim"));
    const urn = unclaimed.find(({ name }) => name === "perimeter")?.urn ?? "";
    const refusing = (zones: readonly unknown[]): readonly string[] =>
      judge(unclaimed, { dryRun: true, settings: settings({ "zone-assignment": { zones } }) })
        .findings.filter(({ level }) => level === "mandatory")
        .map(({ summary }) => summary);
    expect(refusing([])).toEqual(["A call leaves the PHI zone: no perimeter holds project hospital-phi."]);
    expect(refusing([{ zone: "phi", match: { urn } }])).toEqual([]);
  });
});
