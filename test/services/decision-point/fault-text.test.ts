import { describe, expect, it } from "vitest";

import { AuditUnavailable } from "../../../services/audit/audit-event";
import { CredentialRefused } from "../../../services/credentials/verified-credential";
import { faultText } from "../../../services/decision-point/fault-text";

describe("what the decision point's log says of what went wrong", () => {
  it("is what we say ourselves, and of others the name and the code", () => {
    const words = new SyntaxError('Unexpected token in "Patient/4711"');
    expect(faultText(words)).toBe("SyntaxError");
    expect(faultText(Object.assign(new Error("Patient/4711"), { code: "EIO" }))).toBe("Error EIO");
    expect(faultText(new AuditUnavailable("The record could not be made.", { cause: words }))).toBe(
      "The record could not be made. (SyntaxError)",
    );
    expect(faultText(new CredentialRefused(["There is no file x."]))).toBe("There is no file x.");
    expect(faultText("Patient/4711")).toBe("unknown");
  });
});
