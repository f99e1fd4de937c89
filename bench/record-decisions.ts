import { openAuditTrail } from "../services/audit/open-audit-trail";
import { decision, document } from "../test/services/audit/audit-example";

/*
 * Records as many decisions as it is told, and says on standard error what each cost, in microseconds.
 */

const count = Number(process.argv[2]);
const trail = openAuditTrail({ workload: "decision-point", document, environment: process.env });
const [begin, processor] = [performance.now(), process.cpuUsage()];
for (let made = 0; made < count; made += 1) {
  trail.append(decision);
}
const { user, system } = process.cpuUsage(processor);
process.stderr.write(
  JSON.stringify({ wall: ((performance.now() - begin) * 1000) / count, processor: (user + system) / count }),
);
trail.close();
