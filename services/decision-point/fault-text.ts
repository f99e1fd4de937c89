import { AuditUnavailable } from "../audit/audit-event";
import { CredentialRefused } from "../credentials/verified-credential";
import { faultTextOf } from "../program/fault-text";

/** What the decision point's log may say of what went wrong. */
export const faultText = faultTextOf([AuditUnavailable, CredentialRefused]);
