import { unknown, type Reading } from "../reading";

import { wordsIn } from "./envoy/command-words";
import type { MachineProgram } from "./envoy/machine-program";

/** The variable in which a program is told its access document. */
const textVariable = "BULKHEAD_ACCESS";

/** The variable in which a program is told where the file with its access document is. */
const fileVariable = "BULKHEAD_ACCESS_FILE";

/** Where that file is. */
const accessFile = "/etc/bulkhead/access.json";

/** A variable of a program's environment. */
export interface Variable {
  readonly name: Reading<string>;
  readonly value: Reading<string>;
}

/**
 * The access documents that a program is told in its environment. One that is in a file, where no files are shown, is not
 * known; nor is one of which the variable may have any name.
 */
export function accessInEnvironment(variables: readonly Variable[]): readonly Reading<string>[] {
  return variables.flatMap(({ name, value }): readonly Reading<string>[] => {
    if (name.kind !== "known") {
      return name.kind === "unknown" ? [unknown] : [];
    }
    return name.value === textVariable ? [value] : name.value === fileVariable ? [unknown] : [];
  });
}

/** The access documents that the programs of a machine are told: in its file, unless their environment says otherwise. */
export function accessOfMachine({ files, commands }: MachineProgram): readonly Reading<string>[] {
  const file = files.get(accessFile);
  const words = commands.flatMap((text) => wordsIn(text.replaceAll(/\\\n\s*/g, " ")));
  const others = words.flatMap((word): readonly Reading<string>[] => {
    const [, name, value] = /(?:^|=)(BULKHEAD_ACCESS(?:_FILE)?)=(.*)$/s.exec(word) ?? [];
    return name === undefined || (name === fileVariable && value === accessFile) ? [] : [unknown];
  });
  return [...(file === undefined ? [] : [{ kind: "known", value: file } as const]), ...others];
}
