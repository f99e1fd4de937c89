import { describe, expect, it } from "vitest";

import { isOwnAuthority } from "../../policy-pack/facts/own-authorities";
import { absent, known, unknown } from "../../policy-pack/reading";
import { StackGraph } from "../../policy-pack/stack-graph";

import { Sketch } from "./stack-sketch";

const root = "tls:index/selfSignedCert:SelfSignedCert";

/** What is said of a trust config that is made of some texts. */
function graphOf(
  knowledge: "preview" | "deployed",
  anchors: (stack: Sketch) => readonly string[],
): StackGraph {
  const stack = new Sketch(knowledge);
  stack.add(root, "root", { isCaCertificate: true });
  stack.add("tls:index/locallySignedCert:LocallySignedCert", "leaf", {});
  stack.add("gcp:certificatemanager/trustConfig:TrustConfig", "trust", {
    trustStores: [{ trustAnchors: anchors(stack).map((pemCertificate) => ({ pemCertificate })) }],
  });
  return new StackGraph(stack.resources(), { dryRun: knowledge === "preview" });
}

describe("an authority of the stack's own", () => {
  const certificate = (stack: Sketch): string => `${stack.id("root")}.certPem`;
  const of = (graph: StackGraph, read: Parameters<typeof isOwnAuthority>[3]): unknown => {
    const node = graph.ofType("gcp:certificatemanager:trustconfig")[0];
    return node && isOwnAuthority(graph, node, "trustStores", read);
  };

  it("is known by what its certificate says, whatever ends its last line", () => {
    const graph = graphOf("deployed", (stack) => [certificate(stack)]);
    const text = `${root}::root-id.certPem`;
    expect(of(graph, known(text))).toEqual(known(true));
    expect(of(graph, known(`${text}\n`))).toEqual(known(true));
    expect(of(graph, known("somebody's"))).toEqual(known(false));
    expect(of(graph, absent)).toEqual(absent);
  });

  it("is known before it exists by what the property is made of, if that is nothing else", () => {
    expect(
      of(
        graphOf("preview", (stack) => [certificate(stack)]),
        unknown,
      ),
    ).toEqual(known(true));
    const mixed = graphOf("preview", (stack) => [certificate(stack), `${stack.id("leaf")}.certPem`]);
    expect(of(mixed, unknown)).toEqual(unknown);
    expect(
      of(
        graphOf("preview", () => ["somebody's"]),
        unknown,
      ),
    ).toEqual(unknown);
  });
});
