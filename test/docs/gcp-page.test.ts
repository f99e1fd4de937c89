import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { gcpTarget, gcpTargetWithEgress, renderedOnGoogle } from "../policy-pack/rendered-stack";

import { answeredItems, itemsOf } from "./answered-items";

const page = readFileSync(join(__dirname, "../../docs/gcp.md"), "utf8");

describe("the page about Google Cloud", () => {
  it("says each type that is rendered, and no other", async () => {
    const terminating = await renderedOnGoogle(
      { ...referencePlatform, certificates: { issuer: "managed" } },
      "deployed",
      gcpTarget,
      { guardsAccount: true },
    );
    const passing = await renderedOnGoogle(
      {
        ...referencePlatform,
        edge: { mode: "l4-passthrough", clients: ["machine"] },
        mesh: { kind: "istio", issuer: { name: "vault" } },
      },
      "deployed",
      gcpTarget,
      {
        existingDataStores: new Map([
          ["fhir-store", "projects/hospital-phi/locations/us-central1/datasets/a/fhirStores/b"],
        ]),
      },
    );
    const withProviders = await renderedOnGoogle(withExternalProviders, "deployed", gcpTargetWithEgress);
    const rendered = new Set(
      [terminating, passing, withProviders].flatMap((stack) =>
        stack.resources().flatMap(({ type }) => (type.startsWith("gcp:") ? [type] : [])),
      ),
    );
    const said = [...page.slice(page.indexOf("## Types")).matchAll(/`(gcp:[^`]+)`/g)].map(([, type]) => type);
    expect(said).toEqual([...rendered].sort());
  });

  it("answers every way out and around mutual TLS of the reference list, each once", () => {
    expect(answeredItems(page)).toEqual([...itemsOf("GE", 28), ...itemsOf("GM", 13)].sort());
  });

  it("names the organisation policies of the projects", async () => {
    const stack = await renderedOnGoogle(referencePlatform, "deployed", gcpTarget, { guardsAccount: true });
    const set = stack
      .resources()
      .filter(({ type }) => type === "gcp:orgpolicy/policy:Policy")
      .map(({ inputs }) => String(inputs?.["name"]).split("/policies/")[1]);
    const projects = page.slice(page.indexOf("## Projects"), page.indexOf("## Changing"));
    const said = [...projects.matchAll(/^\| `([\w.]+)` +\|/gm)].map(([, constraint]) => constraint);
    expect(said).toEqual([...new Set(set)].sort());
  });
});
