import { describe, expect, it } from "vitest";

import { foreignId, foreignSubscription, here } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { ownGroup, ownSubscription, Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { briefly, serviceFactsOf } from "./service-facts-of";

type Inputs = Readonly<Record<string, unknown>>;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const ofPerimeter = { resourceGroupName: ownGroup, networkSecurityPerimeterName: "perimeter" };

/** A vault in a perimeter, which enforces it. */
function bound(stack: Sketch, more: Inputs = {}, vault: Inputs = { tags: inZone("phi") }): void {
  stack.add("azure-native:network:NetworkSecurityPerimeter", "perimeter", {
    ...here,
    networkSecurityPerimeterName: "perimeter",
  });
  const id = stack.add("azure-native:keyvault:Vault", "vault", {
    ...here,
    vaultName: "vault",
    properties: {},
    ...vault,
  });
  stack.add("azure-native:network:NetworkSecurityPerimeterAssociation", "association", {
    ...ofPerimeter,
    accessMode: "Enforced",
    privateLinkResource: { id },
    ...more,
  });
}

function rule(stack: Sketch, more: Inputs): void {
  stack.add("azure-native:network:NetworkSecurityPerimeterAccessRule", "rule", {
    ...ofPerimeter,
    profileName: "profile",
    ...more,
  });
}

const channels = (knowledge: Knowledge, build: (stack: Sketch) => void): readonly string[] => {
  const stack = new Sketch(knowledge);
  build(stack);
  return briefly(serviceFactsOf(stack).sideChannels);
};

describe.each(knowledges)("the perimeter of something in the PHI zone, %s", (knowledge) => {
  it("enforces what it says", () => {
    const mode = (accessMode: unknown, vault?: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        bound(s, { accessMode }, vault);
      });
    expect(mode("Enforced")).toEqual([]);
    expect(mode("enforced")).toEqual([]);
    for (const weak of ["Learning", "Audit", undefined]) {
      expect(mode(weak)).toEqual(["open association"]);
      expect(mode(weak, {})).toEqual([]);
    }
    expect(mode(unknownText)).toEqual(["perhaps association"]);
  });

  it("may be of whatever is not known", () => {
    const unknown = (accessMode: string): readonly string[] =>
      channels(knowledge, (s) => {
        bound(s, { accessMode, privateLinkResource: { id: unknownText } });
      });
    expect(unknown("Enforced")).toEqual([]);
    expect(unknown("Learning")).toEqual(["perhaps association"]);
  });

  it("lets nothing out, and nobody in but what is of the stack's subscription", () => {
    const ruled = (more: Inputs, vault?: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        bound(s, {}, vault);
        rule(s, more);
      });
    const own = { subscriptions: [{ id: `/subscriptions/${ownSubscription}` }] };
    const foreign = { subscriptions: [{ id: `/subscriptions/${foreignSubscription}` }] };
    expect(ruled({ direction: "Inbound", ...own })).toEqual([]);
    expect(ruled({ direction: "inbound", ...own })).toEqual([]);
    expect(ruled({ direction: "Inbound", ...foreign })).toEqual(["open rule"]);
    for (const key of [
      "addressPrefixes",
      "emailAddresses",
      "fullyQualifiedDomainNames",
      "phoneNumbers",
      "serviceTags",
    ]) {
      expect(ruled({ direction: "Inbound", [key]: ["x"] })).toEqual(["open rule"]);
      expect(ruled({ direction: "Inbound", [key]: [] })).toEqual([]);
      expect(ruled({ direction: "Outbound", [key]: ["x"] }, {})).toEqual([]);
    }
    expect(ruled({ direction: "Outbound" })).toEqual(["open rule"]);
    expect(ruled({})).toEqual(["open rule"]);
    expect(ruled({ direction: unknownText })).toEqual(["perhaps rule"]);
    expect(ruled({ direction: "Outbound", networkSecurityPerimeterName: "another" })).toEqual([]);
    expect(ruled({ direction: "Outbound", networkSecurityPerimeterName: unknownText })).toEqual([
      "perhaps rule",
    ]);
  });

  it("is joined to no other", () => {
    const joined = (type: string, vault?: Inputs): readonly string[] =>
      channels(knowledge, (s) => {
        bound(s, {}, vault);
        s.add(type, "link", {
          ...ofPerimeter,
          autoApprovedRemotePerimeterResourceId: foreignId(
            "Microsoft.Network/networkSecurityPerimeters",
            "elsewhere",
          ),
        });
      });
    for (const type of [
      "azure-native:network:NetworkSecurityPerimeterLink",
      "azure-native:network/v20230801preview:NspLink",
      "azure-native:network:NetworkSecurityPerimeterLinkReference",
    ]) {
      expect(joined(type)).toEqual(["open link"]);
      expect(joined(type, {})).toEqual([]);
    }
  });
});

describe.each(knowledges)("what Azure's policies enforce over the PHI zone, %s", (knowledge) => {
  const group = `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}`;
  const seals = (type: string, inputs: Inputs, zone: Inputs = { tags: inZone("phi") }): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add("azure-native:keyvault:Vault", "vault", {
      ...here,
      vaultName: "vault",
      properties: {},
      ...zone,
    });
    stack.add(`azure-native:${type}`, "it", inputs);
    return briefly(serviceFactsOf(stack).missingSeals);
  };

  it("is enforced", () => {
    const mode = (enforcementMode: unknown, scope: unknown = group, zone?: Inputs): readonly string[] =>
      seals("authorization:PolicyAssignment", { scope, enforcementMode }, zone);
    expect(mode("Default")).toEqual([]);
    expect(mode(undefined)).toEqual([]);
    expect(mode("DoNotEnforce")).toEqual(["open it"]);
    expect(mode(unknownText)).toEqual(["perhaps it"]);
    expect(mode("DoNotEnforce", group, {})).toEqual([]);
    expect(mode("DoNotEnforce", `${group}-other`)).toEqual([]);
    expect(mode("DoNotEnforce", unknownText)).toEqual(["perhaps it"]);
  });

  it("has no exemption", () => {
    expect(seals("authorization:PolicyExemption", { scope: group })).toEqual(["open it"]);
    expect(
      seals("authorization:PolicyExemption", { scope: `/subscriptions/${foreignSubscription}` }),
    ).toEqual([]);
    expect(seals("authorization/v20220701preview:PolicyExemption", { scope: group })).toEqual(["open it"]);
  });

  it("is not left to a manager of networks", () => {
    const manager = (networkManagerScopes: unknown): readonly string[] =>
      seals("network:NetworkManager", { ...here, networkManagerScopes });
    expect(manager({ subscriptions: [`/subscriptions/${ownSubscription}`] })).toEqual(["open it"]);
    expect(manager({ subscriptions: [`/subscriptions/${foreignSubscription}`] })).toEqual([]);
    expect(
      manager({ managementGroups: ["/providers/Microsoft.Management/managementGroups/clinic"] }),
    ).toEqual(["perhaps it"]);
    expect(manager(unknownText)).toEqual(["perhaps it"]);
  });
});
