import { AuditUnavailable } from "../audit/audit-event";
import { faultTextOf } from "../program/fault-text";

import { DecisionUnavailable } from "./tool-decisions";
import { ToolServerFailed } from "./tool-servers";

/** What the gateway's log may say of what went wrong. */
export const faultText = faultTextOf([AuditUnavailable, DecisionUnavailable, ToolServerFailed]);
