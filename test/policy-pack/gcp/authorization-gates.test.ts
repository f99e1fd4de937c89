import { describe, expect, it } from "vitest";

import { judge } from "../judge-on-a-day";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import { googleEntrance, inGoogleZone, type Inputs } from "./entrance";

interface Asked {
  readonly policy?: Inputs;
  readonly extension?: Inputs;
  readonly isAsked?: boolean;
}

/** A load balancer in the gateway zone that asks somebody about requests, before what is in the processing zone. */
function stackOf(
  { policy = {}, extension = {}, isAsked = true }: Asked,
  knowledge: Knowledge = "deployed",
): Sketch {
  const stack = googleEntrance(new Sketch(knowledge));
  stack.add("gcp:compute/subnetwork:Subnetwork", "processing-subnet", {
    name: "processing-subnet",
    network: `${stack.id("vpc")}.selfLink`,
    ipCidrRange: "10.0.2.0/24",
    description: "bulkhead-zone=processing",
  });
  for (const zone of ["gateway", "processing"]) {
    stack.add("gcp:compute/instance:Instance", `${zone}-machine`, {
      name: `${zone}-machine`,
      zone: "us-central1-a",
      machineType: "e2-small",
      bootDisk: { initializeParams: { image: "projects/cos-cloud/global/images/cos-stable" } },
      networkInterfaces: [{ subnetwork: `${stack.id(`${zone}-subnet`)}.selfLink` }],
      ...inGoogleZone(zone),
    });
  }
  if (isAsked) {
    const decisions = stack.add("gcp:networkservices/authzExtension:AuthzExtension", "decisions", {
      name: "decisions",
      location: "global",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      authority: "decisions.hospital.internal",
      service: `${stack.id("gateway-service")}.selfLink`,
      timeout: "0.2s",
      wireFormat: "EXT_AUTHZ_GRPC",
      ...inGoogleZone("gateway"),
      ...extension,
    });
    stack.add("gcp:networksecurity/authzPolicy:AuthzPolicy", "policy", {
      name: "policy",
      location: "global",
      action: "CUSTOM",
      target: { loadBalancingScheme: "EXTERNAL_MANAGED", resources: [] },
      customProvider: { authzExtension: { resources: [decisions] } },
      ...inGoogleZone("gateway"),
      ...policy,
    });
  }
  return stack;
}

function found(asked: Asked): readonly string[] {
  const stack = stackOf(asked);
  return judge(stack.resources(), { dryRun: false })
    .findings.filter(({ rule }) => rule === "requests-are-decided")
    .map(({ level, verdict, summary }) => `${level} ${verdict} ${summary}`);
}

describe("a load balancer of Google's that asks about requests", () => {
  it("is a decision in their path", () => {
    expect(found({})).toEqual([]);
  });

  it("is missed where there is none", () => {
    expect(found({ isAsked: false })).toEqual([
      "advisory undetermined Stack: nothing of the stack shows that requests are decided about on their way from gateway to processing.",
    ]);
  });

  it.each<readonly [string, Asked, string]>([
    [
      "fails open",
      { extension: { failOpen: true } },
      "advisory open AuthzPolicy policy: it lets requests through about which it could ask nobody.",
    ],
    [
      "may fail open",
      { extension: { failOpen: unknownText } },
      "advisory undetermined AuthzPolicy policy: it lets requests through about which it could ask nobody.",
    ],
    [
      "asks about some requests",
      { policy: { httpRules: [{ to: { operations: [{ paths: [{ exact: "/" }] }] } }] } },
      "advisory open AuthzPolicy policy: it asks about some requests only.",
    ],
    [
      "asks about requests that are not known",
      { policy: { httpRules: unknownText } },
      "advisory undetermined AuthzPolicy policy: it asks about some requests only.",
    ],
    [
      "asks what the stack does not show",
      {
        policy: {
          customProvider: {
            authzExtension: { resources: ["projects/x/locations/global/authzExtensions/y"] },
          },
        },
      },
      "advisory undetermined AuthzPolicy policy: nothing shows whom it asks about requests.",
    ],
  ])("is advised of where it %s", (_, asked, what) => {
    expect(found(asked)).toEqual([what]);
  });

  it("is none where it lets in, or signs people in", () => {
    const missed = [
      "advisory undetermined Stack: nothing of the stack shows that requests are decided about on their way from gateway to processing.",
    ];
    expect(found({ policy: { action: "DENY" } })).toEqual(missed);
    expect(found({ policy: { customProvider: { cloudIap: { enabled: true } } } })).toEqual(missed);
  });
});
