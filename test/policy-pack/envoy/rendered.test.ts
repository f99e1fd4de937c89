import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import { judge } from "../judge-on-a-day";
import type { Sketch } from "../stack-sketch";

import { identityOf } from "./shown-envoys";
import { clouds, envoyText, type Change } from "./told-texts";

const breaks: readonly (readonly [string, Change, RegExp])[] = [
  [
    "asks for no certificate",
    (text) => text.replace('"require_client_certificate":true', '"require_client_certificate":false'),
    /asks no client for a certificate/,
  ],
  ["takes older TLS", (text) => text.replaceAll("TLSv1_3", "TLSv1_2"), /versions of TLS older than 1\.3/],
  ["only records", (text) => text.replace('"action":"ALLOW"', '"action":"LOG"'), /identity that begins with/],
  [
    "lets in another workload",
    (text) =>
      text.replace(`"exact":"${identityOf("rag-service")}"`, `"exact":"${identityOf("embedding-service")}"`),
    /lets in spiffe:.*\/workload\/embedding-service/,
  ],
  [
    "lets in another trust domain",
    (text) => text.replaceAll("spiffe://ai.hospital.example/", "spiffe://elsewhere.example/"),
    /lets in spiffe:\/\/elsewhere\.example\//,
  ],
  [
    "is told more by somebody else",
    (text) => text.replace('{"node"', '{"dynamic_resources":{"lds_config":{"ads":{}}},"node"'),
    /told by somebody else/,
  ],
  ["is no configuration", () => "{", /nothing shows whom its Envoy lets in/],
];

describe.each(Object.entries(clouds))("the Envoys of a platform on %s", (_, { render, type, changed }) => {
  let platform: Sketch;
  beforeAll(async () => {
    platform = await render(referencePlatform, "preview");
  });

  const refused = (stack: Sketch, name: string): string =>
    judge(stack.resources(), { dryRun: true })
      .findings.filter((finding) => finding.level === "mandatory" && finding.urn.endsWith(`::${name}`))
      .map(({ rule, summary }) => `${rule} ${summary}`)
      .join("\n");

  it.each(breaks)("are refused where that of fhir-proxy %s", (_what, change, what) => {
    const carrier = platform
      .resources()
      .find((resource) => type.test(resource.type) && resource.name.includes("fhir-proxy"));
    const name = carrier?.name ?? "";
    expect(refused(platform, name)).toBe("");
    const stack = platform.copy().change(name, (inputs) => changed(inputs, envoyText, change));
    expect(refused(stack, name)).toMatch(what);
  });
});
