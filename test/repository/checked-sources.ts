import { resolve } from "node:path";

import { ESLint } from "eslint";
import ts from "typescript";

/*
 * Checks the types of all sources and lints them, in one process and by one program: the rules that know types would otherwise
 * read and check everything a second time. It prints what `tsc` and `eslint` would, the one to its output and the other to
 * its errors, and ends with exit code 0 if that is nothing.
 */

const root = resolve(__dirname, "../..");

const host: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
  },
};

function programOf(path: string): ts.Program {
  const parsed = ts.getParsedCommandLineOfConfigFile(path, {}, host);
  if (parsed === undefined) {
    throw new Error(`${path} cannot be read.`);
  }
  return ts.createProgram({
    rootNames: parsed.fileNames,
    options: parsed.options,
    configFileParsingDiagnostics: parsed.errors,
  });
}

function typeErrors(program: ts.Program): string {
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  });
}

/** What rules say of all files. A source that the program does not hold is an error of its own: its types are not known. */
async function lintErrors(program: ts.Program): Promise<string> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: {
      files: ["**/*.ts"],
      languageOptions: { parserOptions: { projectService: false, programs: [program] } },
    },
  });
  const formatter = await eslint.loadFormatter("stylish");
  return formatter.format(await eslint.lintFiles(["."]));
}

async function main(): Promise<void> {
  const program = programOf(resolve(root, "tsconfig.json"));
  const types = typeErrors(program);
  const lint = await lintErrors(program);
  process.stdout.write(types);
  process.stderr.write(lint);
  process.exitCode = types === "" && lint === "" ? 0 : 1;
}

void main();
