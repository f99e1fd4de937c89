import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { connectionsOf } from "../../../model/control-plane-flow";
import type { PlatformFile } from "../../../model/platform-file";
import { peerName } from "../../../model/peer";
import { platformSpec, type PlatformSpec } from "../../../model/platform-spec";
import { platformFile } from "../../model/platform-arbitrary";
import { judge } from "../judge-on-a-day";
import { renderedOnAzure, renderedPlatform } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

/** A platform that Azure takes: whoever has a flow to logs has one to metrics, which have one endpoint there. */
const fileForAzure = platformFile.map((file): PlatformFile => {
  const twinOf: Readonly<Record<string, string>> = {
    "platform-service/logs": "platform-service/metrics",
    "platform-service/metrics": "platform-service/logs",
  };
  const twins = file.flows.flatMap((flow) => {
    const to = twinOf[flow.to];
    const isThere = file.flows.some((other) => other.from === flow.from && other.to === to);
    return to === undefined || isThere ? [] : [{ ...flow, to }];
  });
  return { ...file, flows: [...file.flows, ...twins] };
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

function declared(spec: PlatformSpec): readonly string[] {
  return connectionsOf(spec, "azure")
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

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a platform rendered on Azure, %s", (knowledge) => {
  const judged = (
    stack: Sketch,
  ): { readonly rows: readonly Row[]; readonly findings: readonly unknown[] } => {
    const { connections, findings } = judge(stack.resources(), { dryRun: knowledge === "preview" });
    return { rows: connections, findings };
  };

  it("lets pass the flows of its spec, and nothing else, whatever the platform", async () => {
    await fc.assert(
      fc.asyncProperty(fileForAzure, async (file) => {
        const { rows, findings } = judged(await renderedOnAzure(file, knowledge));
        expect(rows.map(textOf).sort()).toEqual(declared(platformSpec(file)));
        expect(findings).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it("lets pass the flows that AWS lets pass for the same platform", async () => {
    await fc.assert(
      fc.asyncProperty(fileForAzure, async (file) => {
        // What a cloud's own load balancer needs besides is the cloud's.
        const flows = new Set(
          platformSpec(file).flows.map(({ from, to }) => `${peerName(from)} to ${peerName(to)}`),
        );
        const ofFlows = (rows: readonly Row[]): readonly string[] =>
          rows
            .filter(({ from, to, port }) => port === "443" && flows.has(`${from} to ${to}`))
            .map(textOf)
            .sort();
        const onAzure = judged(await renderedOnAzure(file, knowledge));
        const onAws = judged(await renderedPlatform(file, knowledge));
        expect(ofFlows(onAzure.rows)).toEqual(ofFlows(onAws.rows));
        expect(ofFlows(onAzure.rows)).toHaveLength(flows.size);
      }),
      { numRuns: 5 },
    );
  });
});
