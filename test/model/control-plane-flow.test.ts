import { describe, expect, it } from "vitest";

import { cloudKinds } from "../../model/cloud-target";
import { controlPlaneFlows, controlPlaneFlowsOf } from "../../model/control-plane-flow";
import { zoneOf } from "../../model/peer";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { findingsOf } from "./findings-of";

describe("what a cloud's load balancer needs besides the flows", () => {
  it("is a connection of the load balancer's own, and never one of the PHI zone's", () => {
    expect(controlPlaneFlows.map(({ id, cloud, from, to }) => ({ id, cloud, from, to }))).toEqual([
      {
        id: "aws-clinician-sign-in",
        cloud: "aws",
        from: { kind: "load-balancer" },
        to: { kind: "world" },
      },
      {
        id: "azure-gateway-management",
        cloud: "azure",
        from: { kind: "world" },
        to: { kind: "load-balancer" },
      },
      {
        id: "azure-edge-certificate",
        cloud: "azure",
        from: { kind: "load-balancer" },
        to: { kind: "world" },
      },
      {
        id: "azure-client-revocation",
        cloud: "azure",
        from: { kind: "load-balancer" },
        to: { kind: "world" },
      },
    ]);
    const zones = controlPlaneFlows.flatMap(({ from, to }) => [zoneOf(from), zoneOf(to)]);
    expect(new Set(zones)).toEqual(new Set(["gateway", "world"]));
    expect(controlPlaneFlows.every(({ source, because }) => source !== "" && because !== "")).toBe(true);
  });

  it("is there only where the entrance needs it, and on its own cloud", () => {
    const ids = (mode: "l7-terminate" | "l4-passthrough", client: "machine" | "clinician"): unknown =>
      cloudKinds.flatMap((cloud) =>
        controlPlaneFlowsOf({ mode, clients: [client] }, cloud).map(({ id }) => id),
      );
    const ofAzure = ["azure-gateway-management", "azure-edge-certificate"];
    expect(ids("l7-terminate", "clinician")).toEqual(["aws-clinician-sign-in", ...ofAzure]);
    expect(ids("l7-terminate", "machine")).toEqual([...ofAzure, "azure-client-revocation"]);
    expect(ids("l4-passthrough", "machine")).toEqual(["azure-gateway-management"]);
  });

  it("can be declared by no platform file", () => {
    const flow = (from: string, to: string): unknown =>
      findingsOf(() =>
        platformSpec({ ...referencePlatform, flows: [...referencePlatform.flows, { from, to }] }),
      );
    expect(flow("load-balancer", "world")).not.toEqual([]);
    expect(flow("load-balancer", "control-plane/aws-clinician-sign-in")).not.toEqual([]);
    const controlPlane = [{ id: "aws-clinician-sign-in", from: "workload/rag-service", to: "world" }];
    expect(findingsOf(() => platformSpec({ ...referencePlatform, controlPlane }))).not.toEqual([]);
  });
});
