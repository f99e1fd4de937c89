import { createInterface } from "node:readline";

import { AuditUnavailable } from "../../../services/audit/audit-event";
import { openAuditTrail } from "../../../services/audit/open-audit-trail";

import { decision, document } from "./audit-example";

/*
 * A program with a trail of records: told on standard input how many decisions to record, it says on standard error how many were
 * recorded, and why the others were not.
 */

function say(line: object): void {
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

try {
  const trail = openAuditTrail({ workload: "decision-point", document, environment: process.env });
  say({ event: "opened" });
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      let written = 0;
      const refused = new Set<string>();
      for (let count = 0; count < Number(line); count += 1) {
        try {
          trail.append(decision);
          written += 1;
        } catch (error) {
          refused.add(error instanceof AuditUnavailable ? error.message : `another error: ${String(error)}`);
        }
      }
      say({ event: "recorded", written, refused: [...refused] });
    })
    .on("close", () => {
      trail.close();
      say({ event: "closed" });
    });
} catch (error) {
  say({
    event: "refused",
    why: error instanceof AuditUnavailable ? error.message : `another error: ${String(error)}`,
  });
}
