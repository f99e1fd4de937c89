/** A paragraph of a framework that a rule serves. */
export interface Framework {
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  /** The paragraph's own title. */
  readonly specification: string;
}

/** Standards of the HIPAA Security Rule (45 CFR Part 164, Subpart C). */
const hipaaTitles = {
  "164.308(a)(1)(ii)(A)": "Risk analysis",
  "164.308(a)(1)(ii)(B)": "Risk management",
  "164.308(a)(4)(i)": "Information access management",
  "164.308(b)(1)": "Business associate contracts and other arrangements",
  "164.312(a)(1)": "Access control",
  "164.312(b)": "Audit controls",
  "164.312(d)": "Person or entity authentication",
  "164.312(e)(1)": "Transmission security",
  "164.312(e)(2)(ii)": "Encryption",
} as const;

/** Standards of the HIPAA Privacy Rule (45 CFR Part 164, Subpart E). */
const privacyTitles = {
  "164.502(e)(1)": "Disclosures to business associates",
  "164.504(e)(1)": "Business associate contracts",
} as const;

/** Controls of NIST SP 800-53 Revision 5. */
const nist80053Titles = {
  "AC-3": "Access Enforcement",
  "AC-4": "Information Flow Enforcement",
  "AC-6": "Least Privilege",
  "AC-24": "Access Control Decisions",
  "AU-2": "Event Logging",
  "AU-11": "Audit Record Retention",
  "AU-12": "Audit Record Generation",
  "CA-3": "Information Exchange",
  "CA-5": "Plan of Action and Milestones",
  "CM-8": "System Component Inventory",
  "IA-3(1)": "Device Identification and Authentication: Cryptographic Bidirectional Authentication",
  "IA-5(2)": "Authenticator Management: Public Key-based Authentication",
  "SA-9": "External System Services",
  "SC-7": "Boundary Protection",
  "SC-7(3)": "Boundary Protection: Access Points",
  "SC-7(5)": "Boundary Protection: Deny by Default - Allow by Exception",
  "SC-7(10)": "Boundary Protection: Prevent Exfiltration",
  "SC-7(11)": "Boundary Protection: Restrict Incoming Communications Traffic",
  "SC-7(21)": "Boundary Protection: Isolation of System Components",
  "SC-8(1)": "Transmission Confidentiality and Integrity: Cryptographic Protection",
  "SC-12": "Cryptographic Key Establishment and Management",
  "SC-17": "Public Key Infrastructure Certificates",
  "SI-4(18)": "System Monitoring: Analyze Traffic and Covert Exfiltration",
} as const;

/** Sections of NIST SP 800-207, "Zero Trust Architecture" (August 2020); tenets are those of Section 2.1. */
const nist800207Titles = {
  "Section 2.1, tenet 2": "All communication is secured regardless of network location",
  "Section 2.1, tenet 3": "Access to individual enterprise resources is granted on a per-session basis",
  "Section 2.1, tenet 4":
    "Access to resources is determined by dynamic policy—including the observable state of client identity, application/service, and the requesting asset—and may include other behavioral and environmental attributes",
  "Section 2.1, tenet 5":
    "The enterprise monitors and measures the integrity and security posture of all owned and associated assets",
  "Section 2.1, tenet 6":
    "All resource authentication and authorization are dynamic and strictly enforced before access is allowed",
  "Section 2.1, tenet 7":
    "The enterprise collects as much information as possible about the current state of assets, network infrastructure and communications and uses it to improve its security posture",
  "Section 2.2": "A Zero Trust View of a Network",
  "Section 3.1.2": "ZTA Using Micro-Segmentation",
  "Section 3.4.1": "Network Requirements to Support ZTA",
} as const;

/** A standard of the HIPAA Privacy Rule. */
export function hipaaPrivacy(paragraph: keyof typeof privacyTitles): Framework {
  return {
    name: "HIPAA Privacy Rule",
    version: "2013",
    reference: `45 CFR ${paragraph}`,
    specification: privacyTitles[paragraph],
  };
}

/** A standard of the HIPAA Security Rule. */
export function hipaa(paragraph: keyof typeof hipaaTitles): Framework {
  return {
    name: "HIPAA Security Rule",
    version: "2013",
    reference: `45 CFR ${paragraph}`,
    specification: hipaaTitles[paragraph],
  };
}

/** A control of NIST SP 800-53. */
export function nist80053(control: keyof typeof nist80053Titles): Framework {
  return {
    name: "NIST SP 800-53",
    version: "Rev. 5",
    reference: control,
    specification: nist80053Titles[control],
  };
}

/** A section of NIST SP 800-207. */
export function nist800207(section: keyof typeof nist800207Titles): Framework {
  return {
    name: "NIST SP 800-207",
    version: "2020",
    reference: section,
    specification: nist800207Titles[section],
  };
}
