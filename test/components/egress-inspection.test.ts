import { describe, expect, it } from "vitest";

import { awsRenderer } from "../../components/aws/renderer";
import { azureRenderer } from "../../components/azure/renderer";
import { EgressInspection } from "../../components/egress-inspection";
import { gcpRenderer } from "../../components/gcp/renderer";
import type { Renderer } from "../../components/renderer";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { azureTarget, gcpTargetWithEgress, surroundingsOf, target } from "../policy-pack/rendered-stack";

import { CreationOrder } from "./creation-order";

const clouds: readonly { readonly cloud: string; readonly renderer: (spec: PlatformSpec) => Renderer }[] = [
  { cloud: "AWS", renderer: (spec) => awsRenderer(target, surroundingsOf(spec)) },
  { cloud: "Azure", renderer: (spec) => azureRenderer(azureTarget, surroundingsOf(spec, "azure")) },
  {
    cloud: "Google Cloud",
    renderer: (spec) => gcpRenderer(gcpTargetWithEgress, surroundingsOf(spec, "gcp")),
  },
];

function rendered(file: unknown, renderer: (spec: PlatformSpec) => Renderer): Promise<CreationOrder> {
  const spec = platformSpec(file);
  return CreationOrder.of(spec, renderer(spec));
}

describe.each(clouds)("egress inspection on $cloud", ({ renderer }) => {
  it("is part of what is rendered where an external provider is declared", async () => {
    const { rendering } = await rendered(withExternalProviders, renderer);
    expect(rendering.egressInspection).toBeInstanceOf(EgressInspection);
  });

  it("is no part of it where none is", async () => {
    const { rendering } = await rendered(referencePlatform, renderer);
    expect(rendering.egressInspection).toBeUndefined();
  });
});

describe("the order in which the egress zone on AWS comes up", () => {
  it("has the Internet gateway before each address and each NAT gateway", async () => {
    const order = await rendered(withExternalProviders, (spec) => awsRenderer(target, surroundingsOf(spec)));
    const behind = [...order.named("Eip"), ...order.named("NatGateway")];
    expect(behind.sort()).toEqual([
      "bulkhead-egress-address-a",
      "bulkhead-egress-address-b",
      "bulkhead-egress-address-translation-a",
      "bulkhead-egress-address-translation-b",
    ]);
    // Each by itself: a NAT gateway's address is of no avail to it.
    expect(
      behind.filter((name) => !order.directlyBefore(name).includes("bulkhead-egress-internet-gateway")),
    ).toEqual([]);
  });
});
