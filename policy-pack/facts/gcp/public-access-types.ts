import type { ResourceType } from "../../resource-type";
import type { PropertyPath } from "../property-path";
import type { Setting } from "../setting";

import { at } from "../property-path";
import { mayBe, mayNot, must } from "./side-channel-type";

/** Settings without which a service answers on the Internet. */
export interface PublicAccessType {
  readonly settings: readonly Setting[];
  /** Settings that bind what is in the PHI zone alone. */
  readonly inPhi?: readonly Setting[];
  /** What has to be set, so that the settings say anything. */
  readonly onlyWith?: PropertyPath;
  /** A setting with which it answers by a private endpoint alone, whatever else is said. */
  readonly privately?: Setting;
}

const internet = "answers on the Internet";
const named = "answers addresses of the Internet that it names";
const address = "has a public address";

const privateEndpoint = (prefix: string): Setting =>
  must(`${prefix}privateServiceConnectConfig.enablePrivateServiceConnect`, [true], internet);

/** How services of Google Cloud say whom they answer past the APIs and the networks (@pulumi/gcp 9.37). */
export const publicAccessTypes: ReadonlyMap<ResourceType, PublicAccessType> = new Map<
  ResourceType,
  PublicAccessType
>([
  [
    "gcp:sql:databaseinstance",
    {
      settings: [
        must("settings.ipConfiguration.ipv4Enabled", [false], address),
        mayNot("settings.ipConfiguration.authorizedNetworks", named),
      ],
      inPhi: [
        mayBe(
          "settings.ipConfiguration.enablePrivatePathForGoogleCloudServices",
          [false],
          "answers services of Google's past its network",
        ),
      ],
    },
  ],
  [
    "gcp:alloydb:instance",
    {
      settings: [
        mayBe("networkConfig.enablePublicIp", [false], address),
        mayNot("networkConfig.authorizedExternalNetworks", named),
      ],
    },
  ],
  [
    "gcp:workbench:instance",
    {
      settings: [
        must("gceSetup.disablePublicIp", [true], address),
        mayNot("gceSetup.networkInterfaces.accessConfigs", address),
      ],
      inPhi: [must("disableProxyAccess", [true], "is shown by a proxy of Google's to whoever may sign in")],
    },
  ],
  [
    "gcp:notebooks:instance",
    {
      settings: [must("noPublicIp", [true], address)],
      inPhi: [must("noProxyAccess", [true], "is shown by a proxy of Google's to whoever may sign in")],
    },
  ],
  [
    "gcp:notebooks:runtime",
    {
      settings: [must("virtualMachine.virtualMachineConfig.internalIpOnly", [true], address)],
    },
  ],
  ["gcp:composer:environment", { settings: [must("config.enablePrivateEnvironment", [true], address)] }],
  ["gcp:vertex:aiindexendpoint", { settings: [mayBe("publicEndpointEnabled", [false], internet)] }],
  [
    "gcp:vertex:aiendpoint",
    {
      settings: [mayBe("dedicatedEndpointEnabled", [false], internet)],
      privately: privateEndpoint(""),
    },
  ],
  [
    "gcp:vertex:aiendpointwithmodelgardendeployment",
    {
      settings: [mayBe("endpointConfig.dedicatedEndpointEnabled", [false], internet)],
      privately: privateEndpoint("endpointConfig."),
    },
  ],
  [
    "gcp:vertex:aifeatureonlinestore",
    { settings: [privateEndpoint("dedicatedServingEndpoint.")], onlyWith: at("optimized") },
  ],
  [
    "gcp:cloudrunv2:service",
    {
      settings: [],
      inPhi: [
        must(
          "ingress",
          ["INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"],
          internet,
        ),
        mayBe("invokerIamDisabled", [false], "asks nobody who they are"),
      ],
    },
  ],
  [
    "gcp:cloudfunctionsv2:function",
    {
      settings: [],
      inPhi: [
        must("serviceConfig.ingressSettings", ["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"], internet),
      ],
    },
  ],
  [
    "gcp:cloudfunctions:function",
    {
      settings: [],
      inPhi: [must("ingressSettings", ["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"], internet)],
    },
  ],
]);
