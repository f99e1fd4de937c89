import type { Finding } from "../../../policy-pack/finding";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { judge, judgeAlone } from "../judge-on-a-day";
import type { Sketch } from "../stack-sketch";

const rule = "flows-require-mtls";

/** What it says of what is run besides Envoy, and of what containers are given, which other tests are about. */
export const ofTasks =
  /its machine is told what no machine|may change what it is made of|is given what is not its own|its task is not as those|it starts whatever is on its disk|it starts from an image that somebody/;

/** What is found of the carrier's Envoy. */
export function foundOn(
  stack: Pick<Sketch, "knowledge"> & { readonly resources: () => readonly StackResource[] },
): readonly Finding[] {
  return judge(stack.resources(), { dryRun: stack.knowledge === "preview" }).findings.filter(
    (finding) => finding.rule === rule && finding.urn.endsWith("::carrier") && !ofTasks.test(finding.summary),
  );
}

/** What the carrier's Envoy is refused for: what it is, and whether that is only feared. */
export function refusedOn(stack: Parameters<typeof foundOn>[0]): readonly string[] {
  return foundOn(stack)
    .filter(({ level }) => level === "mandatory")
    .map(({ summary, verdict }) => `${verdict === "open" ? "" : "perhaps "}${summary.replace(/^.*?: /, "")}`);
}

/** What the carrier is refused for before it is created. */
export function refusedAlone(stack: Sketch): readonly string[] {
  const carrier = stack.resources().find(({ name }) => name === "carrier");
  return carrier === undefined
    ? []
    : judgeAlone(carrier)
        .filter((finding) => finding.rule === rule)
        .map(({ summary }) => summary.replace(/^.*?: /, ""));
}
