import type * as compute from "@pulumi/gcp/compute";

import type { EdgeClient } from "../../model/edge";

import { identityHeaders } from "./client-headers";

/** Requests of one address in five minutes, above which it is refused for a while. */
const mostRequests = 2000;

/** The priority of the rule that is tried last, which every policy has. */
const lastPriority = 2147483647;

/**
 * Google's own groups of rules, by what they look for, in the order in which they are tried (Cloud Armor documentation,
 * "Cloud Armor preconfigured WAF rules overview"). Of the paranoia levels the first alone: FHIR resources and prompts hold
 * more than plain words.
 */
const preconfiguredRules = [
  "cve-canary",
  "sqli-v33-stable",
  "xss-v33-stable",
  "lfi-v33-stable",
  "rfi-v33-stable",
  "rce-v33-stable",
  "protocolattack-v33-stable",
  "scannerdetection-v33-stable",
] as const;

type Rules = Exclude<NonNullable<compute.SecurityPolicyArgs["rules"]>, PromiseLike<unknown>>;

/** A rule that refuses. None allows but the last: what a rule allows, no later rule looks at. */
interface Refusal {
  readonly what: string;
  /** In the language of Cloud Armor (Common Expression Language). */
  readonly expression: string;
}

/** Whoever brings no token. `ai-gateway` verifies it; the firewall sees that there is one (RFC 6750 §2.1). */
const withoutToken: Refusal = {
  what: "No bearer token",
  expression:
    "!has(request.headers['authorization']) || !request.headers['authorization'].lower().startsWith('bearer ')",
};

/** Parts that an expression holds at most (Cloud Armor documentation, "Quotas and limits"). */
const mostParts = 5;

/** Whoever claims by himself what the entrance of programs says of its clients. */
function claimedIdentities(): readonly Refusal[] {
  const parts = Object.keys(identityHeaders).map((header) => `has(request.headers['${header}'])`);
  const pieces = Array.from({ length: Math.ceil(parts.length / mostParts) }, (_, index) =>
    parts.slice(index * mostParts, (index + 1) * mostParts),
  );
  return pieces.map((piece) => ({ what: "Claimed client certificate", expression: piece.join(" || ") }));
}

/**
 * The web firewall of an entrance. It refuses, rather than record. Its last rules let through what does not come too often
 * from one address, and refuse everything else.
 */
export function webFirewall(
  client: EdgeClient,
): Pick<compute.SecurityPolicyArgs, "type" | "advancedOptionsConfig" | "rules"> {
  const refusals: readonly Refusal[] = [
    ...(client === "clinician" ? [...claimedIdentities(), withoutToken] : []),
    ...preconfiguredRules.map((group) => ({
      what: group,
      expression: `evaluatePreconfiguredWaf('${group}', {'sensitivity': 1})`,
    })),
  ];
  const everywhere = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } };
  const rules: Rules = [
    ...refusals.map(({ what, expression }, index) => ({
      priority: (index + 1) * 100,
      action: "deny(403)",
      description: what,
      match: { expr: { expression } },
      preview: false,
    })),
    {
      priority: lastPriority - 1,
      action: "throttle",
      description: "Not too often from one address",
      match: everywhere,
      rateLimitOptions: {
        conformAction: "allow",
        exceedAction: "deny(429)",
        enforceOnKey: "IP",
        rateLimitThreshold: { count: mostRequests, intervalSec: 300 },
      },
      preview: false,
    },
    {
      priority: lastPriority,
      action: "deny(403)",
      description: "Everything else",
      match: everywhere,
      preview: false,
    },
  ];
  return {
    type: "CLOUD_ARMOR",
    // A verbose record would hold what a request asks for.
    advancedOptionsConfig: {
      jsonParsing: "STANDARD",
      logLevel: "NORMAL",
      requestBodyInspectionSize: "64KB",
    },
    rules,
  };
}
