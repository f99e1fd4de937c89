import { beforeAll, describe, expect, it } from "vitest";

import { awsEgressMutants } from "./aws-egress-mutants";
import { judge, type Judgement } from "./judge-on-a-day";
import { judged, statements } from "./judged-proofs";
import { append, put } from "./put";
import { renderedPlatform } from "./rendered-stack";
import type { Knowledge, Sketch } from "./stack-sketch";
import { withEgress } from "./with-egress";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a platform with an external provider on AWS, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedPlatform(withEgress, knowledge);
  });
  const judgement = (dig: (stack: Sketch) => unknown): Judgement => {
    const stack = whole.copy();
    dig(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" });
  };
  const refused = (dig: (stack: Sketch) => unknown): readonly string[] =>
    judgement(dig)
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule }) => rule);

  it("is accepted, and all of it is understood", () => {
    expect(judgement(() => undefined).findings.map(({ urn, rule, level }) => [rule, level, urn])).toEqual([
      ["flows-require-mtls", "advisory", expect.stringContaining("bulkhead-machine-trust-store")],
    ]);
  });

  it("is proved to let nothing to the Internet that was not read", () => {
    expect(statements(judged(whole, knowledge), "internet-egress-is-inspected")).toContain(
      "Inspection: packets to the Internet from this subnet of zone egress go to what ends their TLS, and lets through those to hosts of declared providers alone.",
    );
  });

  it.each(awsEgressMutants)("with $fault is refused by $rule", ({ rule, dig }) => {
    expect(refused(dig)).toContain(rule);
  });

  it.each([
    {
      change: "the firewall drops whatever no rule passes, from the first packet on",
      dig: (s: Sketch) => {
        put(s, "bulkhead-egress-firewall-policy", "firewallPolicy/statefulDefaultActions", [
          "aws:drop_strict",
        ]);
      },
    },
    {
      change: "the firewall rejects connections of which it did not see the beginning",
      dig: (s: Sketch) => {
        const key = "firewallPolicy/statefulEngineOptions/streamExceptionPolicy";
        put(s, "bulkhead-egress-firewall-policy", key, "REJECT");
      },
    },
    {
      change: "the firewall decrypts every port",
      dig: (s: Sketch) => {
        const scope = "tlsInspectionConfiguration/serverCertificateConfiguration/scopes/0";
        put(s, "bulkhead-egress-tls-inspection", `${scope}/destinationPorts`, [
          { fromPort: 1, toPort: 65535 },
        ]);
      },
    },
    {
      change: "the firewall tries a list of AWS's of what is to be refused besides",
      dig: (s: Sketch) => {
        append(s, "bulkhead-egress-firewall-policy", "firewallPolicy/statefulRuleGroupReferences", {
          priority: 2,
          resourceArn:
            "arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/BotNetCommandAndControlDomainsStrictOrder",
        });
      },
    },
  ])("is accepted where $change", ({ dig }) => {
    expect(refused(dig)).toEqual([]);
  });
});
