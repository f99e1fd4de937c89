import { describe, expect, it } from "vitest";

import { azureBase, textId, type Inputs } from "../corpus/azure-base";
import { ownGroup } from "../stack-sketch";

import { refusalsOf } from "./azure-facts";

const subnet = (name: string): string => textId("Microsoft.Network/virtualNetworks", `vnet/subnets/${name}`);

function refusals(type: string, inputs: Inputs): readonly string[] {
  const stack = azureBase("deployed");
  stack.add(type, "stranger", { resourceGroupName: ownGroup, ...inputs });
  return refusalsOf(stack).filter((text) => text.startsWith("resources-are-understood"));
}

it("refuses a part, of a type that it does not know, of a store that it knows by no id", () => {
  const stack = azureBase("preview");
  const named = { resourceGroupName: ownGroup, serverName: "records" };
  stack.add("azure-native:sql:Server", "records", { ...named, tags: { "bulkhead-zone": "phi" } });
  stack.add("azure-native:sql:ServerBlobAuditingPolicy", "copy", {
    ...named,
    storageEndpoint: "https://somebodys.blob.core.windows.net",
  });
  const found = refusalsOf(stack).filter((text) => text.startsWith("resources-are-understood"));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("is a part of");
});

describe("what the judge does not know", () => {
  it.each([
    ["names a subnet of the PHI zone", "azure-native:quantum:Workspace", { subnetId: subnet("phi") }],
    [
      "names it in other letters",
      "azure-native:quantum:Workspace",
      { subnetId: subnet("phi").toUpperCase().replace("/SUBSCRIPTIONS/", "/subscriptions/") },
    ],
    [
      "is the classic provider's",
      "azure:network/subnet:Subnet",
      { virtualNetworkName: "vnet", id: subnet("phi") },
    ],
    [
      "is the classic provider's, and names a group by its name",
      "azure:network/networkSecurityRule:NetworkSecurityRule",
      { networkSecurityGroupName: "phi-nsg" },
    ],
    [
      "is given a table by azapi",
      "azapi:index/resource:Resource",
      { parentId: textId("Microsoft.Network/routeTables", "phi-routes") },
    ],
    [
      "is a template that names a group",
      "azure-native:resources:Deployment",
      { properties: { template: { resources: [{ name: "[concat('phi-nsg', '/open')]" }] } } },
    ],
    [
      "carries packets in the network of all zones",
      "azure-native:network:VirtualNetworkAppliance",
      { network: textId("Microsoft.Network/virtualNetworks", "vnet") },
    ],
    [
      "is a part of a group, by the group's name",
      "azure-native:network:NetworkSecurityGroupSecret",
      { networkSecurityGroupName: "PHI-nsg" },
    ],
    [
      "is made by a provider of which nothing is known, and names a group by its name",
      "azurerm:index/networkSecurityRule:NetworkSecurityRule",
      { networkSecurityGroupName: "phi-nsg" },
    ],
    ["calls itself PHI", "azure-native:quantum:Workspace", { tags: { "bulkhead-zone": "phi" } }],
  ])("is refused where it %s", (_what, type, inputs) => {
    expect(refusals(type, inputs)).toHaveLength(1);
  });

  it.each([
    ["names a subnet of another zone", "azure-native:quantum:Workspace", { subnetId: subnet("gateway") }],
    [
      "names a group of another zone by its name",
      "azure:network/networkSecurityRule:NetworkSecurityRule",
      { networkSecurityGroupName: "gateway-nsg" },
    ],
    [
      "is a part of a group of another zone",
      "azure-native:network:NetworkSecurityGroupSecret",
      { networkSecurityGroupName: "gateway-nsg" },
    ],
    [
      "is a part of a group of that name in another resource group",
      "azure-native:network:NetworkSecurityGroupSecret",
      { networkSecurityGroupName: "phi-nsg", resourceGroupName: "others" },
    ],
    [
      "is of another service, and called as a group of the PHI zone is",
      "azure-native:quantum:Workspace",
      { networkSecurityGroupName: "phi-nsg" },
    ],
    [
      "names nothing",
      "azapi:index/resource:Resource",
      { parentId: textId("Microsoft.Network/routeTables", "other") },
    ],
    [
      "is a type that opens nothing",
      "azure-native:network:DdosProtectionPlan",
      { tags: { "bulkhead-zone": "phi" } },
    ],
  ])("is accepted where it %s", (_what, type, inputs) => {
    expect(refusals(type, inputs)).toEqual([]);
  });
});
