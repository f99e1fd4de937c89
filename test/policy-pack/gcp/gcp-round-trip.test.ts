import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { connectionsOf } from "../../../model/control-plane-flow";
import { peerName } from "../../../model/peer";
import type { PlatformFile } from "../../../model/platform-file";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import { platformFile } from "../../model/platform-arbitrary";
import { judge } from "../judge-on-a-day";
import { renderedOnAzure, renderedOnGoogle, renderedPlatform } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

/**
 * A platform that Google Cloud takes: every workload asks it for the tokens that say who it is (BH-044) and for its
 * certificates, and the Internet reaches the entrance, of which the listener is the one thing that Google Cloud lets nobody
 * filter.
 */
const fileForGoogle = platformFile.map((file): PlatformFile => {
  const needed = [
    { from: "world", to: "load-balancer" },
    ...file.workloads.flatMap(({ id }) =>
      ["identity", "secrets"].map((service) => ({
        from: `workload/${id}`,
        to: `platform-service/${service}`,
      })),
    ),
  ];
  const missing = needed.filter(
    ({ from, to }) => !file.flows.some((flow) => flow.from === from && flow.to === to),
  );
  return { ...file, flows: [...file.flows, ...missing] };
});

interface Row {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: string;
  readonly transport: string | undefined;
}

const textOf = ({ from, to, protocol, port, transport }: Row): string =>
  `${from} to ${to}, ${protocol} ${port}, ${String(transport)}`;

function declared(file: PlatformFile): readonly string[] {
  return connectionsOf(platformSpec(file), "gcp")
    .map(({ from, to, protocol, ports: { first, last }, transport }) =>
      textOf({
        from: peerName(from),
        to: peerName(to),
        protocol,
        port: first === last ? String(first) : `${String(first)}-${String(last)}`,
        transport,
      }),
    )
    .sort();
}

/** The rows of a matrix that flows of the platform make, without those that a cloud's own load balancer needs besides. */
function ofFlows(file: PlatformFile, rows: readonly Row[]): readonly string[] {
  const flows = new Set(
    platformSpec(file).flows.map(({ from, to }) => `${peerName(from)} to ${peerName(to)}`),
  );
  return rows
    .filter(({ from, to, port }) => port === "443" && flows.has(`${from} to ${to}`))
    .map(textOf)
    .sort();
}

/** The reference platform with each of the edge's modes. */
const references: readonly (readonly [mode: string, file: PlatformFile])[] = [
  ["that ends TLS", referencePlatform],
  [
    "that passes TCP through",
    { ...referencePlatform, edge: { mode: "l4-passthrough", clients: ["machine"] } },
  ],
];

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a platform rendered on Google Cloud, %s", (knowledge) => {
  const judged = (
    stack: Sketch,
  ): { readonly rows: readonly Row[]; readonly findings: readonly unknown[] } => {
    const { connections, findings } = judge(stack.resources(), { dryRun: knowledge === "preview" });
    return { rows: connections, findings };
  };

  it.each(references)(
    "with an entrance %s lets pass what it lets pass on the other clouds",
    async (_mode, file) => {
      const { rows, findings } = judged(await renderedOnGoogle(file, knowledge));
      expect(findings).toEqual([]);
      expect(rows.map(textOf).sort()).toEqual(declared(file));
      const flows = ofFlows(file, rows);
      expect(flows).toHaveLength(platformSpec(file).flows.length);
      expect(flows).toEqual(ofFlows(file, judged(await renderedPlatform(file, knowledge)).rows));
      expect(flows).toEqual(ofFlows(file, judged(await renderedOnAzure(file, knowledge)).rows));
    },
  );

  it("has a row for each flow of the reference platform", async () => {
    expect(judged(await renderedOnGoogle(referencePlatform, knowledge)).rows).toHaveLength(
      platformSpec(referencePlatform).flows.length,
    );
  });

  it("lets pass the flows of its spec, and nothing else, whatever the platform", async () => {
    await fc.assert(
      fc.asyncProperty(fileForGoogle, async (file) => {
        const { rows, findings } = judged(await renderedOnGoogle(file, knowledge));
        expect(rows.map(textOf).sort()).toEqual(declared(file));
        expect(findings).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });
});
