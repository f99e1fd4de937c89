import { expect, it } from "vitest";

import { declaredInspection } from "../../../services/audit/inspection-vocabulary";
import { caller, document } from "../egress-guard/test-guard";

const event = {
  kind: "egress-request",
  time: new Date(0),
  requestId: "5f0d1a52-6f0e-4b0a-9d0e-2f6f1f5f0a11",
  caller,
  provider: "openai",
  model: "gpt-5",
  operation: "responses",
  verdict: "refused",
  reason: "unknown-caller",
  policy: undefined,
  identifiers: new Map<string, number>(),
  unreadable: 0,
  promptHash: undefined,
} as const;
const platform = `spiffe://${document.trustDomain}`;

it.each([
  ["that is declared", caller, caller],
  [
    "of the platform that nothing lets call",
    `${platform}/zone/gateway/workload/portal`,
    `${platform}/zone/gateway/workload/portal`,
  ],
  ["of Istio's form", `${platform}/ns/phi/sa/fhir-proxy`, `${platform}/ns/phi/sa/fhir-proxy`],
  ["that is not known", undefined, undefined],
  ["of another platform", "spiffe://elsewhere.example/zone/phi/workload/x", "undeclared"],
  ["of a domain that begins like ours", `${platform}.example/zone/phi/workload/x`, "undeclared"],
  ["with words in it", `${platform}/zone/phi/workload/John Smith`, "undeclared"],
  ["with nothing behind the domain", `${platform}/`, "undeclared"],
  ["that is too long", `${platform}/${"a".repeat(255)}`, "undeclared"],
])("a caller %s is recorded so", (_name, given, recorded) => {
  expect(declaredInspection({ ...event, caller: given }, document).caller).toBe(recorded);
});

it("other names are recorded if they are declared", () => {
  expect(declaredInspection(event, document)).toEqual(event);
  expect(
    declaredInspection({ ...event, requestId: "John", provider: "Smith", model: "MRN 1" }, document),
  ).toEqual({ ...event, requestId: "undeclared", provider: "undeclared", model: "undeclared" });
});
