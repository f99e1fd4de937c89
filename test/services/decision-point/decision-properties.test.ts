import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { AccessDocument } from "../../../model/access-document";
import { cedarSchema } from "../../../model/cedar-policies";
import { cedarFindings, knownNames } from "../../../model/cedar-validator";
import type { AccessPolicyEntry, AgentEntry, OwnPolicyEntry, RoleEntry } from "../../../model/platform-file";
import type { ToolCall, UserRequest } from "../../../services/decision-point/decision";
import { DecisionEngine } from "../../../services/decision-point/decision-engine";

import { documentWith, identityOf, referenceAccess } from "./access-documents";

/** How many access policies are tried, each with so many requests. */
const policies = 30;
const requestsOfEach = 12;

const roleNames = ["physician", "nurse", "clerk"];
const resourceNames = ["phi_notes", "phi_images", "rosters", "menus"];
const toolNames = ["fhir_search", "draft_summary", "count_beds"];
const workloads = ["async-ai-workers", "rag-service"];
const tools: AccessPolicyEntry["tools"] = [
  {
    id: "fhir_search",
    server: "fhir-proxy",
    access: "read",
    patientArgument: "patient",
    rowsArgument: "count",
  },
  { id: "draft_summary", server: "rag-service", access: "write", patientArgument: "patient" },
  { id: "count_beds", server: "rag-service", access: "read", rowsArgument: "count" },
];

const someResources = fc.subarray(resourceNames);
const roles: fc.Arbitrary<readonly RoleEntry[]> = fc
  .tuple(fc.subarray(roleNames, { minLength: 1 }), fc.array(someResources, { minLength: 3, maxLength: 3 }))
  .map(([ids, lists]) => ids.map((id, index) => ({ id, resources: lists[index] ?? [] })));

const toolGrants = fc.uniqueArray(
  fc.record(
    {
      id: fc.constantFrom(...toolNames),
      access: fc.constantFrom("read" as const, "write" as const),
      mostRows: fc.integer({ min: 1, max: 4 }),
    },
    { requiredKeys: ["id", "access"] },
  ),
  { selector: ({ id }) => id },
);
const agents: fc.Arbitrary<readonly AgentEntry[]> = fc
  .array(fc.record({ actsFor: fc.subarray(roleNames, { minLength: 1 }), tools: toolGrants }), {
    maxLength: 2,
  })
  .map((list) =>
    list.map((agent, index) => ({
      id: `agent_${String(index)}`,
      workload: workloads[index] ?? "",
      ...agent,
    })),
  );

const quoted = (names: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(...names).map((name) => JSON.stringify(name));

/** A condition that a hospital might write of a request, true or not. */
const condition: fc.Arbitrary<string> = fc.oneof(
  quoted(["corporate_network", "vpn", "external"]).map((name) => `context.location == ${name}`),
  quoted(["compliant", "non_compliant"]).map((name) => `context.device != ${name}`),
  fc.constantFrom("context.secondFactor", "!context.secondFactor"),
  quoted(["user-1", "user-2"]).map((name) => `principal == Bulkhead::User::${name}`),
  fc.constant('context.location like "*n*"'),
);

const ownPolicies = (effect: "permit" | "forbid"): fc.Arbitrary<readonly OwnPolicyEntry[]> =>
  fc
    .array(fc.tuple(fc.array(condition, { minLength: 1, maxLength: 2 }), fc.constantFrom("when", "unless")), {
      minLength: 1,
      maxLength: 2,
    })
    .map((list) =>
      list.map(([conditions, kind], index) => ({
        id: `own-${String(index)}`,
        cedar: `${effect} (principal, action == Bulkhead::Action::"use", resource) ${kind} { ${conditions.join(" && ")} };`,
      })),
    );

/** An access policy; how it is asked about, is in {@link user} and {@link toolCall}. */
const access: fc.Arbitrary<AccessPolicyEntry> = fc
  .record({
    roles,
    agents,
    phiLocations: fc.subarray(["corporate_network" as const, "vpn" as const]),
    mfaResources: someResources,
    policies: fc.oneof(fc.constant([]), ownPolicies("permit"), ownPolicies("forbid")),
  })
  .map((parts) => ({ ...referenceAccess, ...parts, tools }));

const user: fc.Arbitrary<UserRequest> = fc.record({
  user: fc.constantFrom("user-1", "user-2", "user-3", ""),
  role: fc.constantFrom(...roleNames, "visitor", undefined),
  resource: fc.constantFrom(...resourceNames, "phi_else", "else"),
  action: fc.constant("use"),
  device: fc.constantFrom("compliant", "compliant", "compliant", "non_compliant", "unheard", undefined),
  location: fc.constantFrom("corporate_network", "vpn", "external", "car_park", undefined),
  secondFactor: fc.boolean(),
});

const toolCall: fc.Arbitrary<ToolCall> = fc.record({
  request: user,
  agents: fc.array(fc.constantFrom(...workloads.map(identityOf), "spiffe://elsewhere/agent"), {
    minLength: 1,
    maxLength: 3,
  }),
  tool: fc.constantFrom(...toolNames, "else"),
  patient: fc.constantFrom("p", "q", undefined),
  arguments: fc.record(
    { patient: fc.constantFrom<unknown>("p", "q", 1), count: fc.constantFrom<unknown>(1, 2, 3, 4, 5, "1") },
    { requiredKeys: [] },
  ),
});

const asked = fc.record({
  requests: fc.array(user, { minLength: requestsOfEach, maxLength: requestsOfEach }),
  calls: fc.array(toolCall, { minLength: requestsOfEach, maxLength: requestsOfEach }),
});

/** What decision points are told of a policy that names only resources and roles that there are (BH-031). */
function documentOf(policy: AccessPolicyEntry): AccessDocument {
  const { roles: ofRoles, agents: ofAgents = [], mfaResources = [] } = policy;
  const resources = new Set(ofRoles.flatMap((role) => role.resources));
  const ids = new Set(ofRoles.map(({ id }) => id));
  return documentWith({
    ...policy,
    agents: ofAgents
      .map((agent) => ({ ...agent, actsFor: agent.actsFor.filter((role) => ids.has(role)) }))
      .filter(({ actsFor }) => actsFor.length > 0),
    mfaResources: mfaResources.filter((name) => resources.has(name)),
  });
}

function engineOf(policy: AccessPolicyEntry): DecisionEngine {
  return DecisionEngine.open(documentOf(policy));
}

function without<T>(list: readonly T[], index: number): readonly T[] {
  return list.filter((_, at) => at !== index);
}

/** Every policy that has one permission less: a role, something it may use, an agent, what it may, a network, a row. */
function lessened(policy: AccessPolicyEntry): readonly AccessPolicyEntry[] {
  const { roles: ofRoles, agents: ofAgents = [], phiLocations = [], mfaResources = [] } = policy;
  const changed = <T>(list: readonly T[], index: number, item: T): readonly T[] => list.with(index, item);
  return [
    ...(ofRoles.length > 1 ? ofRoles.map((_, index) => ({ ...policy, roles: without(ofRoles, index) })) : []),
    ...ofRoles.flatMap((role, index) =>
      role.resources.map((_, at) => ({
        ...policy,
        roles: changed(ofRoles, index, { ...role, resources: without(role.resources, at) }),
      })),
    ),
    ...ofAgents.map((_, index) => ({ ...policy, agents: without(ofAgents, index) })),
    ...ofAgents.flatMap((agent, index) =>
      [
        ...(agent.actsFor.length > 1
          ? agent.actsFor.map((_, at) => ({ ...agent, actsFor: without(agent.actsFor, at) }))
          : []),
        ...agent.tools.flatMap((grant, at) => [
          { ...agent, tools: without(agent.tools, at) },
          { ...agent, tools: changed(agent.tools, at, { ...grant, access: "read" as const }) },
          { ...agent, tools: changed(agent.tools, at, { ...grant, mostRows: 1 }) },
        ]),
      ].map((changedAgent) => ({ ...policy, agents: changed(ofAgents, index, changedAgent) })),
    ),
    ...phiLocations.map((_, index) => ({ ...policy, phiLocations: without(phiLocations, index) })),
    ...resourceNames
      .filter((name) => !mfaResources.includes(name))
      .map((name) => ({ ...policy, mfaResources: [...mfaResources, name] })),
  ];
}

/** Every request in a worse context: from outside is worse than from inside, and from nobody knows where than either. */
function worsened(request: UserRequest): readonly UserRequest[] {
  const isInside = request.location === "corporate_network" || request.location === "vpn";
  return [
    ...["non_compliant", "unheard", undefined].map((device) => ({ ...request, device })),
    ...[...(isInside ? ["external"] : []), "car_park", undefined].map((location) => ({
      ...request,
      location,
    })),
    { ...request, secondFactor: false },
    { ...request, role: undefined },
    { ...request, user: "" },
  ];
}

/** Whether a policy of the hospital's own may itself reward a worse context, which is its affair. */
function holdsOwnPolicies({ policies: own = [] }: AccessPolicyEntry): boolean {
  return own.length > 0;
}

describe("whatever the access policy", () => {
  it("a permission less allows nothing more", { timeout: 600_000 }, () => {
    let compared = 0;
    fc.assert(
      fc.property(access, asked, fc.nat(), (policy, { requests, calls }, choice) => {
        const changes = lessened(policy);
        const less = changes[choice % Math.max(changes.length, 1)];
        if (less === undefined) {
          return;
        }
        const [before, after] = [engineOf(policy), engineOf(less)];
        for (const request of requests) {
          const decision = after.decide(request);
          compared += decision.allowed ? 1 : 0;
          expect(decision.allowed && !before.decide(request).allowed).toBe(false);
        }
        for (const call of calls) {
          expect(after.decideToolCall(call).allowed && !before.decideToolCall(call).allowed).toBe(false);
        }
      }),
      { numRuns: policies },
    );
    expect(compared).toBeGreaterThan(0);
  });

  it("a worse context allows nothing more", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(
        access.filter((policy) => !holdsOwnPolicies(policy)),
        asked,
        (policy, { requests, calls }) => {
          const engine = engineOf(policy);
          for (const request of requests) {
            const better = engine.decide(request);
            for (const worse of worsened(request)) {
              expect(engine.decide(worse).allowed && !better.allowed).toBe(false);
            }
          }
          for (const call of calls) {
            const better = engine.decideToolCall(call);
            for (const worse of [
              ...worsened(call.request).map((request) => ({ ...call, request })),
              { ...call, patient: undefined },
              { ...call, arguments: { ...call.arguments, count: 5 } },
              { ...call, agents: [...call.agents, identityOf("rag-service")] },
              { ...call, agents: [] },
            ]) {
              // More rows than before is worse only where some were asked for that could be granted.
              const isWorse =
                typeof call.arguments["count"] === "number" || worse.arguments === call.arguments;
              expect(isWorse && engine.decideToolCall(worse).allowed && !better.allowed).toBe(false);
            }
          }
        },
      ),
      { numRuns: policies },
    );
  });

  it("a policy of the hospital's own that forbids allows nothing more", { timeout: 600_000 }, () => {
    let denied = 0;
    fc.assert(
      fc.property(access, ownPolicies("forbid"), asked, (policy, own, { requests, calls }) => {
        const renamed = own.map(({ id, cedar }) => ({ id: `new-${id}`, cedar }));
        const before = engineOf(policy);
        const after = engineOf({ ...policy, policies: [...(policy.policies ?? []), ...renamed] });
        for (const request of requests) {
          const [was, is] = [before.decide(request).allowed, after.decide(request).allowed];
          denied += was && !is ? 1 : 0;
          expect(is && !was).toBe(false);
        }
        for (const call of calls) {
          expect(after.decideToolCall(call).allowed && !before.decideToolCall(call).allowed).toBe(false);
        }
      }),
      // The seed is fixed: of thirty policies by chance, none may take away anything.
      { numRuns: policies, seed: 4 },
    );
    expect(denied).toBeGreaterThan(0);
  });

  it("a policy of the hospital's own that permits takes away no refusal", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(access, asked, (policy, { requests }) => {
        const engine = engineOf({
          ...policy,
          policies: [{ id: "everything", cedar: "permit (principal, action, resource);" }],
        });
        for (const request of requests) {
          const { device, location = "", role, resource, secondFactor } = request;
          const known =
            policy.roles.some(({ id }) => id === role) &&
            policy.roles.some((other) => other.resources.includes(resource)) &&
            ["corporate_network", "vpn", "external"].includes(location);
          const inside =
            !resource.startsWith("phi") || policy.phiLocations?.some((place) => place === location) === true;
          const shown = secondFactor || policy.mfaResources?.includes(resource) === false;
          const expected = request.user !== "" && device === "compliant" && known && inside && shown;
          expect(engine.decide(request).allowed).toBe(expected);
        }
      }),
      { numRuns: policies },
    );
  });

  it("a decision is of one piece", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(access, asked, (policy, { requests, calls }) => {
        const engine = engineOf(policy);
        for (const request of requests) {
          const decision = engine.decide(request);
          expect(decision).toEqual(engine.decide(request));
          expect(decision.allowed).toBe(decision.trustLevel === "VERIFIED");
          expect(decision.sessionMinutes).toBe(decision.allowed ? 60 : 0);
          expect(decision.requiresMfa).toBe(decision.trustLevel === "AUTHORIZED");
          expect(decision.reason).toMatch(/^\S.*\.$/);
          if (decision.requiresMfa) {
            expect(engine.decide({ ...request, secondFactor: true }).allowed).toBe(true);
          }
          if (decision.allowed) {
            expect(decision.policyIds).not.toEqual([]);
          }
          // What is asked for and is none of the platform's may be anything, and is not repeated.
          expect(decision.reason).not.toMatch(/visitor|car_park|unheard|else|user-/);
        }
        for (const call of calls) {
          const decision = engine.decideToolCall(call);
          const ofUser = engine.decide(call.request);
          expect(decision.allowed && !ofUser.allowed).toBe(false);
          for (const agent of call.agents) {
            expect(decision.allowed && !engine.decideToolCall({ ...call, agents: [agent] }).allowed).toBe(
              false,
            );
          }
        }
      }),
      { numRuns: policies },
    );
  });

  it("the policies that it becomes are valid Cedar, each of which can apply", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(access, (policy) => {
        const document = documentOf(policy);
        const identities = workloads.map(identityOf);
        expect(document.cedar.schema).toBe(cedarSchema);
        expect(cedarFindings(document.cedar, knownNames(document.access, identities))).toEqual([]);
      }),
      { numRuns: policies },
    );
  });
});
