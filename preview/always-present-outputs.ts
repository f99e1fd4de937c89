import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import type * as typescript from "typescript";

/** TypeScript takes long to load; by the time it is first needed, the program and the pack are busy starting. */
const load = createRequire(__filename);
let loaded: typeof typescript | undefined;
function compiler(): typeof typescript {
  loaded ??= load("typescript") as typeof typescript;
  return loaded;
}

const cache = new Map<string, readonly string[]>();

/** The declaration file of a resource's class: SDKs are laid out as their type tokens are written. */
function declarationFile(type: string, program: string): string | undefined {
  const [provider = "", module = "", name = ""] = type.split(":");
  let root: string;
  try {
    root = dirname(createRequire(join(program, "package.json")).resolve(`@pulumi/${provider}/package.json`));
  } catch {
    return undefined;
  }
  const camelCase = name.charAt(0).toLowerCase() + name.slice(1);
  return [join(root, `${module}.d.ts`), join(root, module, `${camelCase}.d.ts`)].find((path) =>
    existsSync(path),
  );
}

function mayBeUndefined(ts: typeof typescript, type: typescript.TypeNode): boolean {
  return ts.isUnionTypeNode(type) && type.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);
}

/** The value type of an `Output<T>`; `undefined` for a member that is no output. */
function outputValue(
  ts: typeof typescript,
  member: typescript.ClassElement,
): { readonly name: string; readonly value: typescript.TypeNode } | undefined {
  if (
    !ts.isPropertyDeclaration(member) ||
    !ts.isIdentifier(member.name) ||
    member.type === undefined ||
    !ts.isTypeReferenceNode(member.type)
  ) {
    return undefined;
  }
  const { typeName, typeArguments } = member.type;
  const name = ts.isQualifiedName(typeName) ? typeName.right.text : typeName.text;
  const [value] = typeArguments ?? [];
  return name === "Output" && value !== undefined ? { name: member.name.text, value } : undefined;
}

/**
 * The outputs that a resource of this type always has: those whose type, in the SDK's own declarations, does not admit
 * `undefined`. In a preview of a resource to be created, those that the program did not set are not known.
 *
 * @param program the folder from which the program resolves the SDK. None are found for a type whose SDK it has not.
 */
export function alwaysPresentOutputs(type: string, program: string): readonly string[] {
  const key = `${program} ${type}`;
  const known = cache.get(key);
  if (known !== undefined) {
    return known;
  }
  const outputs = declaredOutputs(declarationFile(type, program));
  cache.set(key, outputs);
  return outputs;
}

function declaredOutputs(path: string | undefined): readonly string[] {
  if (path === undefined) {
    return [];
  }
  const ts = compiler();
  return ts
    .createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022)
    .statements.filter(ts.isClassDeclaration)
    .flatMap(({ members }) => members.flatMap((member) => outputValue(ts, member) ?? []))
    .filter(({ value }) => !mayBeUndefined(ts, value))
    .map(({ name }) => name);
}
