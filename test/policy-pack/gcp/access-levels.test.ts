import { describe, expect, it } from "vitest";

import { unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import { closedStatus, factsOf, held, ingress, type Inputs } from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const office = "accessPolicies/111/accessLevels/office";
const devices = { requireScreenLock: true, requireCorpOwned: true, allowedEncryptionStatuses: ["ENCRYPTED"] };
const byAddress = { ipSubnetworks: ["203.0.113.0/24"] };

describe.each(knowledges)("an access level, %s", (knowledge) => {
  /** What is said of a level by which a rule lets somebody in, and of one that nobody uses. */
  const said = (
    level: Inputs,
    more: (stack: Sketch) => void = () => undefined,
  ): readonly [readonly string[], readonly string[]] => {
    const facts = (status: Inputs): ReturnType<typeof factsOf> =>
      factsOf(knowledge, (s) => {
        held(s, status);
        s.add("gcp:accesscontextmanager/accessLevel:AccessLevel", "office", { name: office, ...level });
        more(s);
      });
    const used = closedStatus({ ingressPolicies: [ingress({ sources: [{ accessLevel: office }] })] });
    return [briefly(facts(used).perimeterOpenings), briefly(facts(closedStatus()).missingSeals)];
  };
  const basic = (...conditions: readonly Inputs[]): Inputs => ({ basic: { conditions } });
  const weak = [["open office"], ["open office"]];
  const strong = [[], []];

  it("asks every condition of a caller, and something in each", () => {
    expect(said(basic(byAddress))).toEqual(strong);
    expect(said(basic({ devicePolicy: devices }))).toEqual(strong);
    expect(
      said({ basic: { combiningFunction: "AND", conditions: [byAddress, { devicePolicy: devices }] } }),
    ).toEqual(strong);
    expect(
      said({ basic: { combiningFunction: "OR", conditions: [byAddress, { devicePolicy: devices }] } }),
    ).toEqual(weak);
    expect(said({ basic: { combiningFunction: "OR", conditions: [byAddress] } })).toEqual(strong);
    expect(said(basic({ devicePolicy: {} }))).toEqual(weak);
    expect(said(basic({ devicePolicy: { requireScreenLock: false } }))).toEqual(weak);
    expect(said(basic({ ...byAddress, negate: true }))).toEqual(weak);
    expect(said(basic({ ...byAddress, negate: false }))).toEqual(strong);
    expect(said(basic({}))).toEqual(weak);
    expect(said(basic({ ipSubnetworks: [] }))).toEqual(weak);
    expect(said(basic({ ipSubnetworks: ["203.0.113.0/24", "0.0.0.0/0"] }))).toEqual(weak);
    expect(said(basic({ ipSubnetworks: ["::/0"], devicePolicy: devices }))).toEqual(strong);
  });

  it("is not known by an expression, or where its conditions are not", () => {
    expect(said({ custom: { expr: { expression: "true" } } })).toEqual([
      ["perhaps office"],
      ["perhaps office"],
    ]);
    expect(said({ basic: unknownText })).toEqual([["perhaps office"], ["perhaps office"]]);
  });

  it("is what separate conditions make of it", () => {
    const conditioned = (accessLevel: string): unknown =>
      said(basic(byAddress), (s) => {
        s.add("gcp:accesscontextmanager/accessLevelCondition:AccessLevelCondition", "condition", {
          accessLevel,
          devicePolicy: {},
        });
      });
    expect(conditioned(office)).toEqual(weak);
    expect(conditioned("accessPolicies/111/accessLevels/another")).toEqual(strong);
  });

  it("is one of a list as it is by itself", () => {
    const facts = factsOf(knowledge, (s) => {
      held(s);
      s.add("gcp:accesscontextmanager/accessLevels:AccessLevels", "all", {
        parent: "accessPolicies/111",
        accessLevels: [{ name: office, basic: { conditions: [{ devicePolicy: {} }] } }],
      });
    });
    expect(briefly(facts.missingSeals)).toEqual(["open all"]);
  });

  it("is bound to a group, and not only watched", () => {
    const bound = (inputs: Inputs): readonly string[] =>
      briefly(
        factsOf(knowledge, (s) => {
          s.add("gcp:accesscontextmanager/gcpUserAccessBinding:GcpUserAccessBinding", "binding", inputs);
        }).missingSeals,
      );
    expect(bound({ accessLevels: office })).toEqual([]);
    expect(bound({ accessLevels: office, dryRunAccessLevels: office })).toEqual([]);
    expect(bound({ dryRunAccessLevels: office })).toEqual(["open binding"]);
    expect(bound({})).toEqual([]);
  });
});
