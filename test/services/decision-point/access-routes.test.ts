import { describe, expect, it } from "vitest";

import { routeOf } from "../../../services/decision-point/access-routes";

const routes = [
  { at: "ai-gateway", path: "/v1/rag", resource: "phi_rag", action: "use" },
  { at: "ai-gateway", path: "/v1/rag/public", resource: "knowledge", action: "use" },
  { at: "fhir-proxy", path: "/fhir", resource: "as-granted", action: "use" },
];

const found = (target: string, at = "ai-gateway"): string | undefined =>
  routeOf(routes, at, target)?.resource;

describe("the route of a request", () => {
  it.each([
    ["/v1/rag", "phi_rag"],
    ["/v1/rag/", "phi_rag"],
    ["/v1/rag/search?q=/v1/rag/public", "phi_rag"],
    ["/v1/rag?x", "phi_rag"],
    ["/v1/rag/public", "knowledge"],
    ["/v1/rag/public/a", "knowledge"],
    ["/v1/rag/publications", "phi_rag"],
  ])("of %s is that of %s", (target, resource) => {
    expect(found(target)).toBe(resource);
  });

  it("is one of the enforcement point that asks", () => {
    expect([found("/fhir/Patient"), found("/fhir/Patient", "fhir-proxy")]).toEqual([undefined, "as-granted"]);
  });

  it.each([
    ["another path", "/v1/ragtime"],
    ["letters of another size", "/V1/RAG"],
    ["no path", ""],
    ["an asterisk", "*"],
    ["a whole address", "https://gateway.example/v1/rag"],
    ["an authority", "gateway.example:443"],
    ["less than the route", "/v1"],
    ["a dotted segment", "/v1/rag/public/.."],
    ["two dotted segments", "/v1/rag/public/../../admin"],
    ["an escaped dot", "/v1/rag/public/%2e%2e/x"],
    ["an escaped slash", "/v1/rag%2fpublic"],
    ["an escaped letter", "/v1/r%61g"],
    ["a parameter of a segment", "/v1/rag/public;/../x"],
    ["an empty segment", "/v1//rag"],
    ["a slash to the left", "/v1/rag/public\\..\\x"],
    ["a control character", "/v1/rag/\u0001"],
    ["a letter of another alphabet", "/v1/rag/ä"],
    ["nothing before the slashes", "//v1/rag"],
  ])("is none for %s", (_what, target) => {
    expect(found(target)).toBeUndefined();
  });
});
