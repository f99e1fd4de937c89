import type { ReportedProvider } from "../policy-pack/report/report";
import { providersNote, providerTable } from "../policy-pack/report/reported-providers";

import type { Paint } from "./paint";
import { textTable } from "./text-table";

/**
 * Providers, agreements and what may go where, as a table for people. What has no agreement that holds is in red, and what
 * has one that ends soon in yellow.
 */
export function providerLines(providers: readonly ReportedProvider[], paint: Paint): readonly string[] {
  const [head = [], ...rows] = providerTable(providers);
  const [first = "", ...lines] = textTable([head.map((cell) => cell.toUpperCase()), ...rows]);
  return [
    paint("dim", first),
    ...lines.map((line, index) => {
      const agreement = providers[index]?.agreement;
      return agreement?.holds === false
        ? paint("red", line)
        : agreement?.daysLeft === undefined
          ? line
          : paint("yellow", line);
    }),
    paint("dim", `  ${providersNote}`),
  ];
}
