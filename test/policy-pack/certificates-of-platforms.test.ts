import { describe, expect, it } from "vitest";

import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";
import { judge } from "../../policy-pack/judge";
import { noWaivers } from "../../policy-pack/waivers";

import { renderedOnAzure, renderedOnGoogle, renderedPlatform } from "./rendered-stack";
import type { Sketch } from "./stack-sketch";

/** The day of the tests' surroundings. */
const waivers = { ...noWaivers, today: "2026-11-30" };

/** The platform whose certificates the cloud's own authority issues. */
const managed: PlatformFile = { ...referencePlatform, certificates: { issuer: "managed" } };

const platforms: readonly { readonly name: string; readonly rendered: () => Promise<Sketch> }[] = [
  { name: "AWS, issuer managed", rendered: () => renderedPlatform(managed, "preview") },
  { name: "Google Cloud, issuer managed", rendered: () => renderedOnGoogle(managed, "preview") },
  { name: "AWS, issuer built-in", rendered: () => renderedPlatform(referencePlatform, "preview") },
  { name: "Azure, issuer built-in", rendered: () => renderedOnAzure(referencePlatform, "preview") },
  { name: "Google Cloud, issuer built-in", rendered: () => renderedOnGoogle(referencePlatform, "preview") },
];

describe.each(platforms)("the certificates of the whole platform on $name", ({ rendered }) => {
  it("are accepted, and each workload's is shown to be renewed", async () => {
    const stack = await rendered();
    const { findings, proofs } = judge(stack.resources(), { dryRun: true, waivers });
    const found = findings.filter(({ rule }) => rule === "certificates-rotate");
    expect(found.map(({ summary, level }) => `${level}: ${summary}`)).toEqual([]);
    const rotation = proofs.find(({ rule }) => rule === "certificates-rotate");
    const statements = rotation?.kind === "proofs" ? rotation.proofs.map(({ statement }) => statement) : [];
    for (const { id, zone } of referencePlatform.workloads) {
      const spiffeId = `spiffe://ai.hospital.example/zone/${zone}/workload/${id}`;
      expect(statements.some((text) => text.includes(`2 certificates of ${spiffeId} `))).toBe(true);
    }
  });
});
