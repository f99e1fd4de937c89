import type { ResourceType } from "../../resource-type";

import { backupChannels } from "./backup-channels";
import { databaseChannels } from "./database-channels";
import { pipelineChannels } from "./pipeline-channels";
import { serviceChannels } from "./service-channels";
import type { SideChannelType } from "./side-channel-type";
import { storeChannels } from "./store-channels";

/** The types by which what is in the PHI zone leaves it by itself, and how. */
export const sideChannelTypes: ReadonlyMap<ResourceType, SideChannelType> = new Map([
  ...storeChannels,
  ...databaseChannels,
  ...backupChannels,
  ...pipelineChannels,
  ...serviceChannels,
]);
