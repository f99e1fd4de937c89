import { describe, expect, it } from "vitest";

import { judge } from "../judge-on-a-day";
import type { Sketch } from "../stack-sketch";

import { carried, ownConfiguration, type CarrierName } from "./shown-envoys";
import { foundOn, refusedAlone, refusedOn } from "./verdicts";
import {
  doubleProxy,
  firstExample,
  ofSpire,
  withSpiffeValidator,
  written,
  type Written,
} from "./written-by-others";

const carriers: readonly CarrierName[] = ["a task definition", "a virtual machine"];

function proofsOf(stack: Sketch): readonly string[] {
  const found = judge(stack.resources(), { dryRun: false }).proofs.find(
    ({ rule }) => rule === "flows-require-mtls",
  );
  return found?.kind === "proofs" ? found.proofs.map(({ statement }) => statement) : [];
}

describe.each(carriers)("the Envoy of somebody else in %s", (carrier) => {
  const of = ({ text }: Written): Sketch => carried(carrier, text, { isOurs: false });

  it.each(written)("is accepted as $name", (one) => {
    expect(refusedOn(of(one))).toEqual([]);
    expect(refusedAlone(of(one))).toEqual([]);
  });

  it("is refused as a proxy of plain HTTP, before it is created", () => {
    expect(refusedOn(of(firstExample))).toEqual([
      "it takes certificates of servers whoever has signed them.",
      "it takes connections without TLS, which whoever is on the way reads and changes.",
    ]);
    expect(refusedAlone(of(firstExample))).toHaveLength(2);
  });

  it.each<readonly [string, Written, string, string, string]>([
    ["without the least version", doubleProxy, "tls_minimum_protocol_version: TLSv1_3", "", "older than 1.3"],
    [
      "without a certificate asked for",
      doubleProxy,
      "require_client_certificate: true",
      "",
      "asks no client",
    ],
    [
      "without an authority",
      doubleProxy,
      "trusted_ca: { filename: /certs/cacert.pem }",
      "",
      "whoever has signed them",
    ],
    [
      "with a database somewhere else",
      doubleProxy,
      "address: 127.0.0.1",
      "address: database.internal",
      "in plain text",
    ],
    [
      "without a certificate asked for, in camel case",
      ofSpire,
      "requireClientCertificate: true",
      "requireClientCertificate: false",
      "asks no client",
    ],
    [
      "with an administration for everybody",
      ofSpire,
      "{ address: 127.0.0.1, port_value: 9901 }",
      "{ address: 0.0.0.0, port_value: 9901 }",
      "administers it",
    ],
    [
      "with untrusted chains",
      ofSpire,
      "defaultValidationContext:",
      "defaultValidationContext:\n                trustChainVerification: ACCEPT_UNTRUSTED",
      "no authority of its own",
    ],
    [
      "without a trust domain",
      withSpiffeValidator,
      "trust_domains:",
      "other_domains:",
      "whoever has signed them",
    ],
  ])("is refused %s", (_, one, from, to, what) => {
    expect(one.text).toContain(from);
    const text = one.text.replace(from, to);
    expect(refusedOn(of({ ...one, text })).join("\n")).toContain(what);
  });

  it("shows what closes each hop", () => {
    const start = "Hop of zone processing: `mtls`, both ends prove who they are by certificates. ";
    expect(proofsOf(of(withSpiffeValidator))).toEqual([
      `${start}Its Envoy asks every client for a certificate, over TLS 1.3, and lets in spiffe://example.org/service.`,
    ]);
    const own = carried(carrier, JSON.stringify(ownConfiguration("embedding-service")), { isOurs: false });
    expect(proofsOf(own)).toEqual([
      `${start}Its Envoy asks every client for a certificate, over TLS 1.3, and lets in spiffe://ai.hospital.example/zone/processing/workload/async-ai-workers, spiffe://ai.hospital.example/zone/processing/workload/rag-service.`,
    ]);
  });

  it("shows nothing of what is refused", () => {
    expect(proofsOf(of(firstExample))).toEqual([]);
  });

  it("changes nothing where there is none", () => {
    const stack = carried(carrier, "{}", { isOurs: false });
    stack.change("carrier", ({ tags }) => ({ tags }));
    // What is said of the zone is said of what is in it: of nothing but the carrier.
    stack
      .names()
      .filter((name) => name !== "carrier")
      .forEach((name) => stack.remove(name));
    // A machine has an address in its zone; a definition of tasks has none.
    expect(foundOn(stack).map(({ summary, level }) => `${level} ${summary}`)).toEqual(
      carrier === "a task definition"
        ? []
        : [
            "advisory Nothing proves mTLS here: processing calls processing, and no listener, mesh resource or policy of the stack shows how they know each other.",
          ],
    );
  });
});
