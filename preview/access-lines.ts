import type { ReportedAccess } from "../policy-pack/report/report";
import { accessNotes, callText, useTable } from "../policy-pack/report/reported-access";

import type { Paint } from "./paint";
import { textTable } from "./text-table";

/** Who may do what, as tables for people: one for each platform. */
export function accessLines(access: readonly ReportedAccess[], paint: Paint): readonly string[] {
  return access.flatMap((one): readonly string[] => {
    if (one.notKnown !== null) {
      return [paint("yellow", `  Not known of ${one.platform}: ${one.notKnown}`)];
    }
    const [head = [], ...rows] = useTable(one);
    const [first = "", ...lines] = textTable([head.map((cell) => cell.toUpperCase()), ...rows]);
    return [
      ...(access.length === 1 ? [] : [paint("bold", `  ${one.platform}`)]),
      paint("dim", first),
      ...lines,
      ...one.calls.map((call) => `  ${callText(call)}`),
      ...accessNotes(one).map((note) => paint("dim", `  ${note}`)),
    ];
  });
}
