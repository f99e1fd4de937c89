import type { NetworkFacts } from "../fact";
import type { ResourceType } from "../../resource-type";
import type { Safeguards } from "../safeguard";

import type { GcpStack } from "./gcp-stack";
import { keySafeguards, keySeals, keySealTypes } from "./key-seals";
import { codeInPhi } from "./code-in-phi";
import { placeSeals, placeSealTypes } from "./place-seals";
import { publicAccess } from "./public-access";
import { publicAccessTypes } from "./public-access-types";
import { outsiders } from "./outsiders";
import { publicMembers } from "./public-members";
import { SideChannels } from "./side-channels";
import { sideChannelTypes } from "./side-channel-types";
import { closedStores, discreetServices, privateStores } from "./store-safeguards";

/** The facts that stores and services of Google Cloud give of themselves. */
export type StoreFacts = Pick<NetworkFacts, "sideChannels" | "publicNames" | "missingSeals" | "blind"> & {
  readonly safeguards: () => Pick<Safeguards, "stores" | "privateStores" | "seals">;
};

/**
 * Reads the stores and services of a stack, and what carries on what they hold. The zones of projects are inherited before;
 * what a part inherits of its store, and what is sent something of what it is sent, goes into the zones on the way.
 */
export function storeFacts(stack: GcpStack): StoreFacts {
  const channels = new SideChannels(stack);
  const sideChannels = [...channels.channels(), ...publicMembers(stack), ...outsiders(stack)];
  const publicNames = [...publicAccess(stack), ...channels.publicNames()];
  return {
    sideChannels,
    publicNames,
    missingSeals: [...keySeals(stack), ...placeSeals(stack)],
    blind: codeInPhi(stack),
    safeguards: () => ({
      stores: closedStores(stack, sideChannels),
      privateStores: [
        ...privateStores(stack, publicNames),
        ...discreetServices(stack, publicNames, sideChannels),
      ],
      seals: keySafeguards(stack),
    }),
  };
}

/** The types of stores, and of what carries on what they hold, from which facts are drawn. */
export const storeTypesRead: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...sideChannelTypes.keys(),
  ...publicAccessTypes.keys(),
  ...keySealTypes,
  ...placeSealTypes,
]);

/** Types by which nothing that a store holds leaves it, whatever their properties say. */
export const storeTypesHarmless: readonly ResourceType[] = [
  "gcp:bigquery:bireservation",
  "gcp:bigquery:capacitycommitment",
  "gcp:bigquery:reservationassignment",
  "gcp:bigquery:reservationgroup",
  "gcp:bigquerydatapolicy:datapolicy",
  "gcp:dataproc:autoscalingpolicy",
  "gcp:discoveryengine:cmekconfig",
  "gcp:discoveryengine:licenseconfig",
  "gcp:kms:autokeyconfig",
  "gcp:kms:cryptokeyversion",
  "gcp:kms:keyhandle",
  "gcp:kms:keyring",
  "gcp:kms:secretciphertext",
  "gcp:logging:logscope",
  "gcp:logging:savedquery",
  "gcp:memorystore:aclpolicy",
  "gcp:modelarmor:floorsetting",
  "gcp:modelarmor:template",
  "gcp:monitoring:alertpolicy",
  "gcp:monitoring:dashboard",
  "gcp:monitoring:group",
  "gcp:monitoring:metricdescriptor",
  "gcp:monitoring:slo",
  "gcp:pubsub:litereservation",
  "gcp:pubsub:schema",
  "gcp:redis:clusteraclpolicy",
  "gcp:spanner:instanceconfig",
  "gcp:storage:controlfolderintelligenceconfig",
  "gcp:storage:controlorganizationintelligenceconfig",
  "gcp:storage:controlprojectintelligenceconfig",
  "gcp:vertex:aicacheconfig",
];
