import type { Judgement } from "../judge";
import { rules } from "../rules";
import type { StackResource } from "../stack-resource";

import { judgedParts } from "./judged-parts";
import { refuses } from "./refuses";
import type { Report } from "./report";
import { reportedAccess } from "./reported-access";
import { reportedProviders } from "./reported-providers";
import { reportedCertificates } from "./reported-certificates";
import { reportedGuarantees } from "./reported-guarantees";
import { reportedWaivers } from "./reported-waivers";
import { reportedFinding } from "./reported-finding";
import { cloudOf } from "./stack-cloud";

/**
 * The report on what Pulumi's engine shows a policy pack. It holds no positions, because CrossGuard's protocol carries
 * none.
 */
export function engineReport(
  resources: readonly StackResource[],
  judgement: Judgement,
  durationMs: number,
): Report {
  const findings = judgement.findings
    .map((finding) => reportedFinding(finding, undefined))
    .sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
  // A URN is `urn:pulumi:STACK::PROJECT::...` (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns).
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/s.exec(resources[0]?.urn ?? "") ?? [];
  return {
    version: 1,
    subject: "engine",
    verdict: findings.some(refuses) ? "refused" : "accepted",
    cloud: cloudOf(resources),
    project,
    stack,
    ...judgedParts(resources, judgement),
    findings,
    policies: rules.map(({ name }) => name),
    waivers: [...reportedWaivers(judgement)],
    certificates: [...reportedCertificates(judgement)],
    access: [...reportedAccess(judgement)],
    providers: [...reportedProviders(judgement)],
    guarantees: reportedGuarantees(judgement, findings),
    changes: null,
    warnings: [],
    durationMs,
  };
}
