import { known, unknown, type Reading } from "../reading";

import { wordsIn } from "./envoy/command-words";
import type { MachineProgram } from "./envoy/machine-program";

/** What a program is told of its platform: the texts of documents; none where it tells nothing. */
export interface ToldDocuments {
  /** Of who may do what: access documents. */
  readonly accessDocuments: readonly Reading<string>[];
  /** Of which providers may be called, and what happens to PHI: inspection documents. */
  readonly inspectionDocuments: readonly Reading<string>[];
}

/** How a program is told a document: by the variables with its text or its place, or in the file at its usual place. */
interface Telling {
  readonly text: string;
  readonly place: string;
  readonly file: string;
}

const tellings: Readonly<Record<keyof ToldDocuments, Telling>> = {
  accessDocuments: {
    text: "BULKHEAD_ACCESS",
    place: "BULKHEAD_ACCESS_FILE",
    file: "/etc/bulkhead/access.json",
  },
  inspectionDocuments: {
    text: "BULKHEAD_INSPECTION",
    place: "BULKHEAD_INSPECTION_FILE",
    file: "/etc/bulkhead/inspection.json",
  },
};

function ofEach(read: (telling: Telling) => readonly Reading<string>[]): ToldDocuments {
  return {
    accessDocuments: read(tellings.accessDocuments),
    inspectionDocuments: read(tellings.inspectionDocuments),
  };
}

/** What is told where nothing is. */
export const nothingTold: ToldDocuments = ofEach(() => []);

/** What is told where it is not known. */
export const unknownDocuments: ToldDocuments = ofEach(() => [unknown]);

/** What several tell together. */
export function allDocuments(told: readonly ToldDocuments[]): ToldDocuments {
  return {
    accessDocuments: told.flatMap(({ accessDocuments }) => accessDocuments),
    inspectionDocuments: told.flatMap(({ inspectionDocuments }) => inspectionDocuments),
  };
}

/** A variable of a program's environment. */
export interface Variable {
  readonly name: Reading<string>;
  readonly value: Reading<string>;
}

/**
 * The documents that a program is told in its environment. One that is in a file, where no files are shown, is not known;
 * nor is one of which the variable may have any name.
 */
export function documentsInEnvironment(variables: readonly Variable[]): ToldDocuments {
  return ofEach(({ text, place }) =>
    variables.flatMap(({ name, value }): readonly Reading<string>[] => {
      if (name.kind !== "known") {
        return name.kind === "unknown" ? [unknown] : [];
      }
      return name.value === text ? [value] : name.value === place ? [unknown] : [];
    }),
  );
}

const toldOf = new WeakMap<MachineProgram, ToldDocuments>();

/**
 * The documents that the programs of a machine are told: in their files, unless their environment says otherwise. What a
 * machine is to do is read once for all verdicts, and so is this.
 */
export function documentsOfMachine(program: MachineProgram): ToldDocuments {
  const told = toldOf.get(program) ?? toldBy(program);
  toldOf.set(program, told);
  return told;
}

function toldBy({ files, commands }: MachineProgram): ToldDocuments {
  const words = commands.flatMap((command) => wordsIn(command.replaceAll(/\\\n\s*/g, " ")));
  return ofEach(({ text, place, file: usual }) => {
    const file = files.get(usual);
    const others = words.flatMap((word): readonly Reading<string>[] => {
      const [, name, value] = /(?:^|=)(BULKHEAD_[A-Z_]+)=(.*)$/s.exec(word) ?? [];
      const isTold = name === text || name === place;
      return !isTold || (name === place && value === usual) ? [] : [unknown];
    });
    return [...(file === undefined ? [] : [known(file)]), ...others];
  });
}
