import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { azureTarget, renderedOnAzure } from "../policy-pack/rendered-stack";

import { answeredItems, itemsOf } from "./answered-items";

const page = readFileSync(join(__dirname, "../../docs/azure.md"), "utf8");

describe("the page about Azure", () => {
  it("says each type that is rendered, and no other", async () => {
    const own = await renderedOnAzure(referencePlatform, "deployed", azureTarget, { guardsAccount: true });
    const networkId = `/subscriptions/${azureTarget.subscriptionId}/resourceGroups/hospital/providers/Microsoft.Network/virtualNetworks/hospital`;
    const inExisting = await renderedOnAzure(referencePlatform, "deployed", azureTarget, {
      existingNetwork: { networkId, internetGatewayId: undefined },
    });
    const withProviders = await renderedOnAzure(withExternalProviders, "deployed");
    const rendered = new Set(
      [own, inExisting, withProviders].flatMap((stack) =>
        stack.resources().flatMap(({ type }) => (type.startsWith("azure-native:") ? [type] : [])),
      ),
    );
    const said = [...page.slice(page.indexOf("## Types")).matchAll(/`(azure-native:[^`]+)`/g)].map(
      ([, type]) => type,
    );
    expect(said).toEqual([...rendered].sort());
  });

  it("answers every way out and around mutual TLS of the reference list, each once", () => {
    expect(answeredItems(page)).toEqual([...itemsOf("ZE", 36), ...itemsOf("ZM", 13)].sort());
  });

  it("names the policies that are assigned to the subscription", async () => {
    const stack = await renderedOnAzure(referencePlatform, "deployed", azureTarget, { guardsAccount: true });
    const assigned = stack
      .resources()
      .filter(({ type }) => type === "azure-native:authorization:PolicyAssignment")
      .map(({ inputs }) => [
        String(inputs?.["policyAssignmentName"]).replace("bulkhead-", ""),
        String(inputs?.["policyDefinitionId"]).split("/").at(-1),
      ]);
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\|[^|]+\| (?:`([0-9a-f-]{36})`|the same) +\|$/gm)];
    let before: string | undefined;
    const said = rows.map(([, name, definition]) => {
      before = definition ?? before;
      return [name, before];
    });
    expect(said.sort()).toEqual(assigned.sort());
  });
});
