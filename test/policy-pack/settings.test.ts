import { describe, expect, it } from "vitest";

import { settings } from "../../policy-pack/settings";

const problems = (raw: Parameters<typeof settings>[0]): readonly string[] =>
  settings(raw).problems.map(({ policy, path, what }) => `${policy} ${path}: ${what}`);

describe("the pack's configuration", () => {
  it("is what the issue's examples say", () => {
    const read = settings({
      "zone-assignment": {
        zones: [
          { zone: "phi", match: { tag: { key: "data", value: "phi" } } },
          { zone: "phi", match: { name: "phi-*" } },
          { zone: "processing", match: { urn: "urn:pulumi:*::*::aws:ec2/subnet:Subnet::app-*" } },
        ],
      },
      "zones-reach-only-declared-peers": {
        flows: [{ from: "processing", to: { cidr: "10.0.9.0/24" }, port: 443 }],
      },
    });
    expect(read.problems).toEqual([]);
    expect(read.zones).toHaveLength(3);
    expect(read.noPhiZone).toBe(false);
    expect(read.flows).toEqual([
      {
        from: { kind: "zone", zone: "processing" },
        to: {
          kind: "addresses",
          range: { family: "ipv4", from: 10 * 2 ** 24 + 9 * 256, to: 10 * 2 ** 24 + 10 * 256 },
        },
        port: 443,
      },
    ]);
  });

  it("is empty by default, and says whether the zones were shown at all", () => {
    expect(settings({ "zone-assignment": {} })).toEqual({
      zones: [],
      noPhiZone: false,
      llmProviders: [],
      llmApiDomains: [],
      flows: [],
      areZonesShown: true,
      problems: [],
    });
    expect(settings({}).areZonesShown).toBe(false);
  });

  it("is refused, wholly and with each path, where it is not understood", () => {
    expect(
      problems({
        "zone-assignment": {
          zones: [
            { zone: "phi", match: { nam: "x" } },
            { zone: "ph", match: { tag: { key: "a" } } },
            { zone: "phi", match: { name: "a", urn: "b" } },
          ],
          noPhi: true,
        },
      }),
    ).toEqual([
      'zone-assignment zones[0].match: it is {"urn": pattern}, {"tag": {"key": key, "value": value}} or {"name": pattern}',
      'zone-assignment zones[1].zone: Invalid option: expected one of "gateway"|"processing"|"phi"|"egress"',
      "zone-assignment zones[1].match.tag.value: Invalid input: expected string, received undefined",
      'zone-assignment zones[2].match: it is {"urn": pattern}, {"tag": {"key": key, "value": value}} or {"name": pattern}',
      "zone-assignment : there is no noPhi",
    ]);
    const read = settings({ "zone-assignment": { noPhiZone: true, noPhi: true } });
    expect(read.noPhiZone).toBe(false);
  });

  it("has no flow out of the PHI zone, nor another one into it, nor between two blocks", () => {
    const flow = (from: unknown, to: unknown, port: unknown = 443): readonly string[] =>
      problems({ "zones-reach-only-declared-peers": { flows: [{ from, to, port }] } });
    const noZone =
      'it is gateway, processing, egress or {"cidr": "10.0.9.0/24"}: nothing adds a flow out of phi, or into it';
    const at = "zones-reach-only-declared-peers flows[0]";
    expect(flow("phi", { cidr: "10.0.9.0/24" })).toEqual([`${at}.from: ${noZone}`]);
    expect(flow("processing", "phi")).toEqual([`${at}.to: ${noZone}`]);
    expect(flow({ cidr: "10.0.8.0/24" }, { cidr: "10.0.9.0/24" })).toEqual([
      `${at}: one end has to be a zone`,
    ]);
    expect(flow("processing", { cidr: "10.0.9" })).toEqual([
      `${at}.to.cidr: it is no block of addresses in CIDR notation`,
    ]);
    expect(flow("processing", { cidr: "10.0.9.0/24" }, 0)).toEqual([
      `${at}.port: Too small: expected number to be >=1`,
    ]);
    expect(flow("gateway", "processing", 8443)).toEqual([]);
  });
});
