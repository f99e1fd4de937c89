import { describe, expect, it } from "vitest";

import { azureBase } from "../corpus/azure-base";
import { storage } from "../corpus/azure-service-pieces";
import { inZone } from "../corpus/corpus-case";
import { judge, judgeAlone } from "../judge-on-a-day";
import { ownGroup, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** What is found of a stack, in a few words; what is said of the whole stack stands at no resource in particular. */
function found(stack: Sketch): readonly string[] {
  return judge(stack.resources(), { dryRun: stack.knowledge === "preview" }).findings.map(
    ({ level, verdict, rule, urn, summary }) =>
      `${level} ${verdict} ${rule} ${summary.startsWith("Stack: ") ? "Stack" : urn.slice(urn.lastIndexOf(":") + 1)}`,
  );
}

/** What is found besides what is found of the same stack without it. */
function added(knowledge: Knowledge, change: (stack: Sketch) => unknown): readonly string[] {
  const right = azureBase(knowledge);
  storage(right, "phi");
  const before = found(right);
  expect(before.filter((finding) => finding.startsWith("mandatory"))).toEqual([]);
  const changed = right.copy();
  change(changed);
  return found(changed).filter((finding) => !before.includes(finding));
}

describe.each(knowledges)("a store of the PHI zone on Azure, %s", (knowledge) => {
  it("is refused for what its own settings let out, before it is created as well", () => {
    const keyed = (stack: Sketch): unknown =>
      stack.change("phidocuments", (inputs) => ({ ...inputs, allowSharedKeyAccess: true }));
    expect(added(knowledge, keyed)).toEqual(["mandatory open phi-zone-has-no-egress phidocuments"]);
    const stack = azureBase(knowledge);
    storage(stack, "phi");
    keyed(stack);
    const alone = stack.resources().flatMap((resource) => judgeAlone(resource).map(({ rule }) => rule));
    expect(alone).toEqual(["phi-zone-has-no-egress"]);
  });

  it("is refused for whom it answers", () => {
    expect(
      added(knowledge, (stack) =>
        stack.change("phidocuments", (inputs) => ({ ...inputs, publicNetworkAccess: "Enabled" })),
      ),
    ).toEqual(["mandatory open platform-services-are-private phidocuments"]);
  });

  it("is refused for what a part of it lets out, and for what is not known", () => {
    const user = (accountName: unknown) => (stack: Sketch) =>
      stack.add("azure-native:storage:LocalUser", "user", { resourceGroupName: ownGroup, accountName });
    expect(added(knowledge, user("phidocuments"))).toEqual(["mandatory open phi-zone-has-no-egress user"]);
    expect(added(knowledge, user(unknownText))).toEqual([
      "mandatory undetermined phi-zone-has-no-egress user",
    ]);
  });

  it("is advised where a policy of Azure over it is not enforced", () => {
    expect(
      added(knowledge, (stack) =>
        stack.add("azure-native:authorization:PolicyAssignment", "assignment", {
          scope: stack.id("phidocuments"),
          enforcementMode: "DoNotEnforce",
        }),
      ),
    ).toEqual(["advisory open network-defaults-are-sealed assignment"]);
  });

  it("is no concern of what serves another zone", () => {
    expect(
      added(knowledge, (stack) =>
        stack.add("azure-native:cognitiveservices:Account", "models", {
          resourceGroupName: ownGroup,
          accountName: "models",
          properties: { publicNetworkAccess: "Enabled" },
          tags: inZone("processing"),
        }),
      ).filter((finding) => finding.startsWith("mandatory")),
    ).toEqual([]);
  });
});
