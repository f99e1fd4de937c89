import { beforeAll, describe, expect, it } from "vitest";

import { connectionsOf } from "../../model/control-plane-flow";
import type { CloudKind } from "../../model/cloud-target";
import { peerName } from "../../model/peer";
import { platformSpec } from "../../model/platform-spec";
import { withExternalProviders } from "../model/with-external-providers";

import { judge } from "./judge-on-a-day";
import { append, put } from "./put";
import { gcpTargetWithEgress, renderedOnAzure, renderedOnGoogle, renderedPlatform } from "./rendered-stack";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

const rendered: Readonly<Record<CloudKind, (knowledge: Knowledge) => Promise<Sketch>>> = {
  aws: (knowledge) => renderedPlatform(withExternalProviders, knowledge),
  azure: (knowledge) => renderedOnAzure(withExternalProviders, knowledge),
  gcp: (knowledge) => renderedOnGoogle(withExternalProviders, knowledge, gcpTargetWithEgress),
};

function matrix(stack: Sketch, knowledge: Knowledge): readonly string[] {
  return judge(stack.resources(), { dryRun: knowledge === "preview" })
    .connections.map(
      ({ from, to, protocol, port, transport }) => `${from} to ${to}, ${protocol} ${port}, ${transport}`,
    )
    .sort();
}

const guard = "workload/egress-guard";

/** Where a matrix says that the guard gets by leaving: to a provider, to anybody, or to the platform's own entrance. */
function left(rows: readonly string[]): readonly string[] {
  return rows
    .filter((row) => row.startsWith(`${guard} to `))
    .map((row) => row.slice(`${guard} to `.length))
    .filter((row) => !row.startsWith("platform-service/"));
}

const providers = [
  "llm-provider/anthropic, tcp 443, one-way-tls",
  "llm-provider/openai, tcp 443, one-way-tls",
];
const anywhere = "world, tcp 443, undeclared";

describe.each(["aws", "azure", "gcp"] as const)("a platform with external providers on %s", (cloud) => {
  it.each(["preview", "deployed"] as const)(
    "lets pass the flows of its spec, those to providers among them, and nothing else: %s",
    async (knowledge) => {
      const declared = connectionsOf(platformSpec(withExternalProviders), cloud).map(
        ({ from, to, protocol, ports: { first, last }, transport }) =>
          `${peerName(from)} to ${peerName(to)}, ${protocol} ${first === last ? String(first) : `${String(first)}-${String(last)}`}, ${transport}`,
      );
      const rows = matrix(await rendered[cloud](knowledge), knowledge);
      expect(rows).toEqual([...declared].sort());
      expect(left(rows)).toEqual(providers);
    },
  );
});

interface Change {
  readonly change: string;
  readonly dig: (stack: Sketch) => unknown;
  readonly reached: readonly string[];
}

const listed = "ruleGroup/rulesSource/rulesSourceList/targets";
const rules = "ruleCollections/providers/rules";

/** What changes where the guard gets, and where it gets then. */
const changes: Readonly<Record<CloudKind, readonly Change[]>> = {
  aws: [
    {
      change: "one provider less is let through",
      dig: (s) => {
        put(s, "bulkhead-egress-providers", listed, ["api.openai.com"]);
      },
      reached: [providers[1] ?? ""],
    },
    {
      change: "somebody else is let through",
      dig: (s) => {
        append(s, "bulkhead-egress-providers", listed, "api.elsewhere.example");
      },
      reached: ["load-balancer, tcp 443, undeclared", anywhere],
    },
    {
      change: "whom the list lets through is not known",
      dig: (s) => {
        put(s, "bulkhead-egress-providers", listed, unknownText);
      },
      reached: ["load-balancer, tcp 443, undeclared", anywhere],
    },
    {
      change: "a route of its own leads to the load balancer's network",
      dig: (s) =>
        s.add("aws:ec2/route:Route", "hole", {
          routeTableId: s.id("bulkhead-egress-workload-a-routes"),
          destinationCidrBlock: "10.40.0.0/18",
          vpcPeeringConnectionId: "pcx-0123",
        }),
      reached: [...providers, "load-balancer, tcp 443, undeclared"],
    },
    {
      change: "what leaves is not decrypted",
      dig: (s) => {
        put(s, "bulkhead-egress-firewall-policy", "firewallPolicy/tlsInspectionConfigurationArn", undefined);
      },
      reached: ["load-balancer, tcp 443, undeclared", anywhere],
    },
  ],
  azure: [
    {
      change: "one provider less is let through",
      dig: (s) => {
        put(s, "bulkhead-firewall-providers", `${rules}/anthropic`, undefined);
      },
      reached: [providers[1] ?? ""],
    },
    {
      change: "somebody else is let through",
      dig: (s) => {
        append(s, "bulkhead-firewall-providers", `${rules}/openai/targetFqdns`, "api.elsewhere.example");
      },
      reached: [anywhere],
    },
    {
      change: "whom a rule lets through is not known",
      dig: (s) => {
        put(s, "bulkhead-firewall-providers", `${rules}/openai/targetFqdns`, unknownText);
      },
      reached: [anywhere],
    },
    {
      change: "what leaves is not decrypted",
      dig: (s) => {
        put(s, "bulkhead-firewall-providers", `${rules}/openai/terminateTLS`, false);
      },
      reached: [anywhere],
    },
  ],
  gcp: [
    {
      change: "one provider less is let through",
      dig: (s) => {
        put(s, "bulkhead-provider-hosts", "values", ["api.openai.com"]);
      },
      reached: [providers[1] ?? ""],
    },
    {
      change: "somebody else is let through",
      dig: (s) => {
        append(s, "bulkhead-provider-hosts", "values", "api.elsewhere.example");
      },
      reached: [anywhere],
    },
    {
      change: "whom the list lets through is not known",
      dig: (s) => {
        put(s, "bulkhead-provider-hosts", "values", unknownText);
      },
      reached: [anywhere],
    },
    {
      change: "what leaves is not decrypted",
      dig: (s) => {
        put(s, "bulkhead-egress-providers-rule", "tlsInspectionEnabled", false);
      },
      reached: [anywhere],
    },
  ],
};

describe.each(["aws", "azure", "gcp"] as const)("where the guard gets on %s", (cloud) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await rendered[cloud]("deployed");
  });

  it.each(changes[cloud])("if $change", ({ dig, reached }) => {
    const stack = whole.copy();
    dig(stack);
    expect(left(matrix(stack, "deployed"))).toEqual(reached);
  });
});
