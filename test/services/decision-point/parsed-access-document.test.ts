import { describe, expect, it } from "vitest";

import { AccessDocumentError } from "../../../services/decision-point/access-document-error";
import { parsedAccessDocument } from "../../../services/decision-point/parsed-access-document";

import { documentWith } from "./access-documents";

function findingsOf(text: string): readonly string[] {
  try {
    parsedAccessDocument(text);
  } catch (error) {
    if (error instanceof AccessDocumentError) {
      return error.findings;
    }
    throw error;
  }
  return [];
}

describe("the text of an access document", () => {
  it("is read as what was written", () => {
    const document = documentWith();
    expect(parsedAccessDocument(JSON.stringify(document))).toEqual(document);
  });

  it("that is not JSON, or nothing, is refused", () => {
    for (const text of ["", "{", "trustDomain: x"]) {
      expect(findingsOf(text)).toEqual([expect.stringMatching(/^It is not JSON: /)]);
    }
    expect(findingsOf("null")).toEqual([expect.stringMatching(/^\(all of it\): /)]);
  });

  it("is refused with every finding by its place", () => {
    const { trustDomain, decisionPoint, ...rest } = documentWith();
    const text = JSON.stringify({
      ...rest,
      trustDomain: trustDomain.length,
      entrances: ["ai-gateway", 1],
      cedar: { schema: "" },
      more: decisionPoint,
    });
    expect(findingsOf(text).map((finding) => finding.split(":")[0])).toEqual([
      "trustDomain",
      "decisionPoint",
      "entrances.1",
      "cedar.policies",
      "(all of it)",
    ]);
  });
});
