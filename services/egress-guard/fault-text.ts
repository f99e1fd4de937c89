import { AuditUnavailable } from "../audit/audit-event";
import { faultTextOf } from "../program/fault-text";

import { InspectionLate } from "./inspected-texts";
import { TunnelRefused } from "./proxy-tunnels";

/** What the guard's log may say of what went wrong: never the words of a provider or of a detector, which could quote a prompt. */
export const faultText = faultTextOf([AuditUnavailable, InspectionLate, TunnelRefused]);
