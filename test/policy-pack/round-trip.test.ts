import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import type { Entrance } from "../../model/entrance";
import { peerName } from "../../model/peer";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { platformFile } from "../model/platform-arbitrary";

import { judge } from "./judge-on-a-day";
import { renderedPlatform, surroundingsOf, target } from "./rendered-stack";
import type { Knowledge } from "./stack-sketch";

/** The entrance of a platform, with a list of revoked certificates where it has somebody's certificates. */
function revoking(spec: PlatformSpec): Entrance {
  const { entrance } = surroundingsOf(spec);
  return entrance.mode === "l7-terminate" && entrance.machine !== undefined
    ? {
        ...entrance,
        machine: {
          ...entrance.machine,
          revocations: "-----BEGIN X509 CRL-----\nMA==\n-----END X509 CRL-----\n",
        },
      }
    : entrance;
}

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a rendered platform, %s", (knowledge) => {
  it("lets pass the flows of its spec, and nothing else, whatever the platform", async () => {
    await fc.assert(
      fc.asyncProperty(platformFile, async (file) => {
        const spec = platformSpec(file);
        const stack = await renderedPlatform(file, knowledge, target, { entrance: revoking(spec) });
        const { connections, findings } = judge(stack.resources(), { dryRun: knowledge === "preview" });
        const { flows: declared, edge } = spec;
        const flows = [...declared, ...controlPlaneFlowsOf(edge, "aws")].map(({ from, to, transport }) => ({
          from: peerName(from),
          to: peerName(to),
          protocol: "tcp",
          port: "443",
          transport,
        }));
        const byEnds = (a: { from: string; to: string }, b: { from: string; to: string }): number =>
          `${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1;
        const matrix = connections.map(({ from, to, protocol, port, transport }) => ({
          from,
          to,
          protocol,
          port,
          transport,
        }));
        expect([...matrix].sort(byEnds)).toEqual([...flows].sort(byEnds));
        expect(findings).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
