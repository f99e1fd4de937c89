import { createHash } from "node:crypto";

// Before there is any WebAssembly.
import "./steady-wasm-calls";

import {
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  type CedarValueJson,
} from "@cedar-policy/cedar-wasm/nodejs";

import type { AccessDocument } from "../../model/access-document";
import { cedarAgents, generatedPolicies, type CedarAgents } from "../../model/cedar-policies";
import { cedarFindings, knownNames } from "../../model/cedar-validator";

import { AccessDocumentError } from "./access-document-error";

/** A question to Cedar: may the principal do that with the resource. */
export interface PolicyQuestion {
  readonly principal: { readonly type: "User" | "Agent"; readonly id: string };
  readonly action: "use" | "call";
  readonly resource: { readonly type: "Resource" | "Tool"; readonly id: string };
  readonly context: Readonly<Record<string, CedarValueJson>>;
}

/** Cedar's answer. */
export interface PolicyAnswer {
  readonly allowed: boolean;
  /** The policies that permit what is allowed, or forbid what is denied, in alphabetical order; none if nothing permits it. */
  readonly policyIds: readonly string[];
  /** Whether the question could be read, and every policy evaluated. If not, it is denied. */
  readonly decided: boolean;
}

function findingsOf(document: AccessDocument, { spiffeIds }: CedarAgents): readonly string[] {
  const { access, cedar } = document;
  return [
    ...cedarFindings(cedar, knownNames(access, Object.values(spiffeIds))).map(({ policyId, message }) =>
      policyId === undefined ? `cedar.schema: ${message}` : `cedar.policies.${policyId}: ${message}`,
    ),
    // Without one that refuses, what it refuses would be allowed.
    ...Object.keys(generatedPolicies(access, { spiffeIds }))
      .filter((id) => cedar.policies[id] === undefined)
      .map((id) => `cedar.policies: there is no policy \`${id}\`, which the access policy becomes`),
  ];
}

/** What policies say of themselves in the annotation `@reason`, by their ids. */
function reasonsOf(policies: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(policies).flatMap(([id, text]) => {
      const parsed = policyToJson(text);
      const reason = parsed.type === "success" ? parsed.json.annotations?.["reason"] : undefined;
      return reason === undefined || reason === "" ? [] : [[id, reason] as const];
    }),
  );
}

/** Characters of a name by which Cedar keeps policies: 132 bits. It goes to Cedar with each question, twice. */
const nameLength = 22;

/** Half of a pair of UTF-16, of which no text is made, and which Cedar throws at. */
const loneSurrogate = /\p{Surrogate}/u;

function isNoText(value: unknown): boolean {
  return typeof value === "string" && loneSurrogate.test(value);
}

/** Policies of Cedar that were found valid, and that this process evaluates. */
export class LoadedPolicies {
  /** The SPIFFE ID of each agent, by its id. */
  readonly agents: Readonly<Record<string, string>>;
  /** By what name Cedar keeps them: the same for the same policies, so that opening them again keeps nothing twice. */
  readonly #name: string;
  readonly #reasons: ReadonlyMap<string, string>;

  private constructor(name: string, document: AccessDocument, agents: Readonly<Record<string, string>>) {
    this.#name = name;
    this.#reasons = reasonsOf(document.cedar.policies);
    this.agents = agents;
  }

  /**
   * Loads the policies of a document.
   *
   * @throws {AccessDocumentError} with every finding, if the schema or a policy is not valid, or one is missing.
   */
  static open(document: AccessDocument): LoadedPolicies {
    const agents = cedarAgents(document.access, document.workloads);
    const findings = findingsOf(document, agents);
    if (findings.length > 0) {
      throw new AccessDocumentError(findings);
    }
    const { schema, policies } = document.cedar;
    const name = createHash("sha256")
      .update(JSON.stringify([schema, policies]))
      .digest("base64url")
      .slice(0, nameLength);
    for (const answer of [
      preparseSchema(name, schema),
      preparsePolicySet(name, { staticPolicies: policies }),
    ]) {
      if (answer.type === "failure") {
        throw new AccessDocumentError(answer.errors.map(({ message }) => `cedar: ${message}`));
      }
    }
    return new LoadedPolicies(name, document, agents.spiffeIds);
  }

  /** Asks Cedar, which validates the question against the schema. Nothing is kept of it, nor of the answer. */
  ask({ principal, action, resource, context }: PolicyQuestion): PolicyAnswer {
    if ([principal.id, resource.id, ...Object.values(context)].some(isNoText)) {
      return { allowed: false, policyIds: [], decided: false };
    }
    const answer = statefulIsAuthorized({
      principal: { type: `Bulkhead::${principal.type}`, id: principal.id },
      action: { type: "Bulkhead::Action", id: action },
      resource: { type: `Bulkhead::${resource.type}`, id: resource.id },
      context,
      entities: [],
      preparsedSchemaName: this.#name,
      preparsedPolicySetId: this.#name,
      validateRequest: true,
    });
    if (answer.type === "failure") {
      return { allowed: false, policyIds: [], decided: false };
    }
    const { decision, diagnostics } = answer.response;
    // Cedar passes over a policy that cannot be evaluated, even if it is one that forbids.
    return diagnostics.errors.length > 0
      ? {
          allowed: false,
          policyIds: diagnostics.errors.map(({ policyId }) => policyId).sort(),
          decided: false,
        }
      : { allowed: decision === "allow", policyIds: diagnostics.reason.sort(), decided: true };
  }

  /** What a policy says of itself in its annotation `@reason`, if it says anything. */
  reason(policyId: string): string | undefined {
    return this.#reasons.get(policyId);
  }
}
