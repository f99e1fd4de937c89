import type { Finding } from "../finding";
import type { PolicyRule } from "../policy-rule";

const name = "zone-assignment";

/** Every resource that says a zone says one that exists, and all that speak of it say the same. */
export const zoneAssignment: PolicyRule = {
  name,
  title: "Zones are assigned",
  description:
    "Tags, labels and components that speak of one resource name the same zone, one that exists, as a value that is known.",
  severity: "high",
  framework: {
    name: "NIST SP 800-207",
    version: "2020",
    reference: "Section 3.1.2",
    specification: "Micro-segmentation",
  },
  remediation:
    "Give the resource one zone, as a literal tag bulkhead-zone: gateway, processing, phi, egress, or shared.",
  check: ({ unreadableClaims, zoneConflicts }) => {
    const finding = (urn: string, summary: string, verdict: Finding["verdict"], remedy: string): Finding => ({
      rule: name,
      severity: "high",
      level: "mandatory",
      verdict,
      urn,
      summary,
      packet: undefined,
      path: [],
      openedBy: [],
      notes: [],
      remedy,
      isGuiltyAlone: false,
    });
    return [
      ...unreadableClaims.map(({ urn, what, remedy }) => finding(urn, what, "undetermined", remedy)),
      ...zoneConflicts.map(({ urn, what }) =>
        finding(
          urn,
          what,
          "open",
          "Let every source name the same zone. Until they do, the resource is judged as PHI if any calls it so.",
        ),
      ),
    ];
  },
};
