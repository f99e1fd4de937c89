import type { GrantedContext } from "../../../services/decision-point/granted-context";

/** What a physician was granted at the entrance, who reads a patient's record to write a summary of it. */
export function grantedToPhysician(patient: string): GrantedContext {
  return {
    user: "dr-grey",
    role: "attending_physician",
    device: "compliant",
    location: "vpn",
    secondFactor: true,
    patient,
    resource: "phi_discharge_summary",
    agents: [],
    expires: Math.floor(Date.now() / 1000) + 3600,
  };
}
