import type { ResourceType } from "../../resource-type";

/** Types of Google Cloud's of which networks are made, and by which others refer to them. */
export const types = {
  network: ["gcp:compute:network"],
  subnet: ["gcp:compute:subnetwork"],
  serviceAccount: ["gcp:serviceaccount:account"],
  tagValue: ["gcp:tags:tagvalue"],
  addressGroup: ["gcp:networksecurity:addressgroup"],
  router: ["gcp:compute:router"],
  connector: ["gcp:vpcaccess:connector"],
  cluster: ["gcp:container:cluster"],
  instance: [
    "gcp:compute:instance",
    "gcp:compute:instancefromtemplate",
    "gcp:compute:instancefrommachineimage",
  ],
  template: ["gcp:compute:instancetemplate", "gcp:compute:regioninstancetemplate"],
  serviceAttachment: ["gcp:compute:serviceattachment"],
} as const satisfies Record<string, readonly ResourceType[]>;
