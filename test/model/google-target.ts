import type { GcpTarget } from "../../model/cloud-target";

/** Where on Google Cloud the platforms of these tests are. */
export const googleTarget: GcpTarget = {
  kind: "gcp",
  region: "us-central1",
  availabilityZones: ["us-central1-a", "us-central1-b"],
  accessPolicyId: "111",
  projects: {
    gateway: { id: "hospital-gateway", number: "100000000001" },
    processing: { id: "hospital-ai", number: "100000000002" },
    phi: { id: "hospital-phi", number: "100000000003" },
  },
};
