import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import type { Finding } from "../../../policy-pack/finding";
import type { RuleName } from "../../../policy-pack/rule-name";
import { rules } from "../../../policy-pack/rules";
import { amend } from "../corpus/changed-case";
import {
  emailOf,
  gcpBase,
  gcpBaseOfFirewalls,
  gcpBaseOfNetworks,
  gcpBaseOfPerimeter,
  ingressOf,
  statusOf,
} from "../corpus/gcp-base";
import { gcpCorpus } from "../corpus/gcp-corpus";
import { machine, nic, policyRule, route } from "../corpus/gcp-network-pieces";
import { judge } from "../judge-on-a-day";
import { judged, statements } from "../judged-proofs";
import { renderedOnGoogle } from "../rendered-stack";
import type { Sketch } from "../stack-sketch";

/** What only other clouds have, or call so. */
const ofOthers =
  /security group|network ACL|elastic|route table|local route|transit gateway|\bAWS\b|\baws[:-]|Azure|\bVPC endpoint|\bARN\b|private DNS|default outbound|\bits tag\b|the tag bulkhead|Lambda|\bS3\b/i;

/** All that a person reads of a finding, without what is in it of the stack's own names. */
function textsOf({ summary, packet, path, notes, remedy }: Finding): readonly string[] {
  return [summary, packet ?? "", ...path, ...notes, remedy].map((text) =>
    text.replaceAll(/urn:pulumi:\S+/g, ""),
  );
}

const firstOfEach = gcpCorpus.filter(
  ({ id }, index) => gcpCorpus.findIndex((other) => other.id === id) === index,
);

describe("what is said of a stack on Google Cloud", () => {
  it.each(firstOfEach)("speaks of no other cloud's things: $id $name", (one) => {
    const stack = (one.base ?? gcpBase)("deployed");
    one.bad(stack);
    const { findings } = judge(stack.resources(), { dryRun: false });
    expect(findings.flatMap(textsOf).filter((text) => ofOthers.test(text))).toEqual([]);
  });
});

describe("what is shown of a stack on Google Cloud", () => {
  it.each([
    ["a network of all zones", gcpBase],
    ["rules of the network", gcpBaseOfFirewalls],
    ["a network of PHI", gcpBaseOfNetworks],
    ["a project of PHI", gcpBaseOfPerimeter],
  ])("speaks of no other cloud's things: %s", (_, base) => {
    const { proofs } = judge(base("deployed").resources(), { dryRun: false });
    const said = proofs.flatMap((of) => (of.kind === "proofs" ? of.proofs : []));
    expect(said.length).toBeGreaterThan(10);
    expect(said.filter(({ statement }) => ofOthers.test(statement))).toEqual([]);
  });

  it("is the API layer beside the others, of a platform of ours", async () => {
    const stack = await renderedOnGoogle(referencePlatform, "deployed");
    const shown = judged(stack, "deployed");
    expect(
      statements(shown, "phi-zone-has-no-egress").filter((statement) =>
        /^(?:API|Address|Filter|Route):/.test(statement),
      ),
    ).toEqual([
      "API: a service perimeter is enforced around the zone, restricts every service that can hold or move data, and has no egress rule; its ingress rules name who comes in, from where, and for what.",
    ]);
    expect(statements(shown, "phi-zone-admits-only-processing")[0]).toBe(
      "API: by these rules of the service perimeter, calls of it come from the workloads that the flows name.",
    );
    expect(
      statements(shown, "zones-reach-only-declared-peers").filter((statement) =>
        /perimeter|called/.test(statement),
      ),
    ).toEqual(["API: in zone processing a service is called by who is declared, and by nobody else."]);
    expect(statements(shown, "platform-services-are-private")).toContain(
      "API: a service perimeter is enforced around the zone, and its egress rules name who calls out, from where, and what.",
    );
    const all = rules.flatMap(({ name }) => statements(shown, name));
    expect(all.filter((statement) => ofOthers.test(statement))).toEqual([]);
  });
});

describe("a hole on Google Cloud", () => {
  const hole = (
    base: typeof gcpBase,
    dig: (stack: Sketch) => unknown,
    rule: RuleName,
  ): Finding | undefined => {
    const stack = base("deployed");
    dig(stack);
    return judge(stack.resources(), { dryRun: false }).findings.find(
      (finding) => finding.rule === rule && finding.level === "mandatory",
    );
  };

  it("is told with its remedy where a rule of a firewall lets out", () => {
    expect(hole(gcpBase, policyRule, "phi-zone-has-no-egress")).toMatchObject({
      summary:
        "Service account phi-account in Network vpc of the PHI zone may open a connection, and the packet gets out.",
      remedy:
        "Take the rule away, or deny before it what it lets out: nothing in the PHI zone opens a connection, and replies need no rule in a firewall.",
    });
  });

  it("is told with its remedy where a route leads out", () => {
    expect(
      hole(gcpBaseOfNetworks, (stack) => route(stack, stack.id("phi-vpc")), "phi-zone-has-no-egress"),
    ).toMatchObject({
      summary: "The routing of Network phi-vpc leads out of the PHI zone by the default Internet gateway.",
      remedy: "Take the route away: nothing leads out of a network that holds the PHI zone.",
    });
  });

  it("is told as calls where a perimeter lets in what nobody declares", () => {
    expect(
      hole(
        gcpBaseOfPerimeter,
        (stack) =>
          amend(stack, "perimeter", {
            status: {
              ...statusOf(stack),
              ingressPolicies: [ingressOf(`serviceAccount:${emailOf(stack, "gateway")}`)],
            },
          }),
        "phi-zone-admits-only-processing",
      ),
    ).toMatchObject({
      summary: "Calls of Bucket documents of the PHI zone are let in that nobody declares.",
      remedy: "Admit TCP 443 from the processing zone's service accounts, and nothing else.",
    });
  });

  it("is told with the way to close it where processing gets out past inspection", () => {
    expect(
      hole(
        gcpBase,
        (stack) => {
          policyRule(stack, { targetServiceAccounts: [emailOf(stack, "processing")] });
          route(stack, stack.id("vpc"), { tags: ["processing"] });
          machine(stack, "processing", {
            tags: ["processing"],
            networkInterfaces: [nic(stack, "processing", { accessConfigs: [{}] })],
          });
        },
        "internet-egress-is-inspected",
      )?.remedy,
    ).toBe(
      "Lead the route to a Secure Web Proxy whose policy ends TLS and allows requests by the names of hosts alone; or take it away.",
    );
  });

  it("is told with labels where no zone is said", () => {
    const stack = gcpBaseOfPerimeter("deployed");
    amend(stack, "documents", { labels: { "bulkhead-zone": "ward" } });
    expect(
      judge(stack.resources(), { dryRun: false }).findings.find(({ rule }) => rule === "zone-assignment"),
    ).toMatchObject({
      summary: 'Its label bulkhead-zone is "ward", which is no zone.',
      remedy: "Give the label one of these as a literal value: gateway, processing, phi, egress, shared.",
    });
  });
});
