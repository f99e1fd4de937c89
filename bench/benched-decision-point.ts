import { decisionPointId } from "../model/access-policy";
import { openAuditTrail } from "../services/audit/open-audit-trail";
import { DecisionEngine } from "../services/decision-point/decision-engine";
import { parsedAccessDocument } from "../services/decision-point/parsed-access-document";
import { runDecisionPoint } from "../services/decision-point/running-decision-point";
import { openCredentialFeed } from "../services/mtls-client/credential-feed";

/** The decision point in a process of its own, with records or, unlike where it is deployed, without. */
async function run(): Promise<void> {
  const { BULKHEAD_ACCESS = "", BULKHEAD_CERTIFICATE_FOLDER: agentFolder = "" } = process.env;
  const document = parsedAccessDocument(BULKHEAD_ACCESS);
  const server = await runDecisionPoint({
    document,
    engine: DecisionEngine.open(document),
    trail:
      process.argv[2] === "unrecorded"
        ? { append: () => undefined }
        : openAuditTrail({ workload: decisionPointId, document, environment: process.env }),
    credential: await openCredentialFeed({ agentFolder }, document.decisionPoint),
    host: "127.0.0.1",
    port: 0,
    onFault: (error) => {
      process.stderr.write(`${String(error)}\n`);
    },
  });
  process.stderr.write(`${String(server.port)}\n`);
}

void run();
