import type { ResourceType } from "../../resource-type";

import { enforcementTypes } from "./enforcement";
import { foreignLinkTypes } from "./foreign-links";
import { perimeterTypes } from "./perimeters";
import { privateNameTypes } from "./private-names";
import { publicAccessTypes } from "./public-access-types";
import { serviceEndpointPolicyTypes } from "./service-endpoint-policies";
import { sideChannelTypes } from "./side-channel-types";
import { admissionTypes } from "./store-admissions";

/** The types of stores and services, and of what is around them, from which facts are drawn. */
export const serviceTypesRead: ReadonlySet<ResourceType> = new Set<ResourceType>([
  ...admissionTypes,
  ...enforcementTypes,
  ...foreignLinkTypes,
  ...perimeterTypes,
  ...privateNameTypes,
  ...publicAccessTypes.keys(),
  ...serviceEndpointPolicyTypes,
  ...sideChannelTypes.keys(),
]);
