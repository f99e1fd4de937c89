import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import * as ts from "typescript";
import { describe, expect, it } from "vitest";

import { alwaysPresentOutputs, declaredOutputs } from "../../preview/always-present-outputs";

const root = dirname(createRequire(__filename).resolve("@pulumi/aws/package.json"));

/** The declarations of the classes of some services: files that declare one that is a resource. */
function declarations(): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["types", "node_modules"].includes(entry.name))
    .flatMap(({ name }) => readdirSync(join(root, name)).map((file) => join(root, name, file)))
    .filter((path) => path.endsWith(".d.ts"))
    .map((path) => ({ path, text: readFileSync(path, "utf8") }))
    .filter(({ text }) => text.includes("extends pulumi.CustomResource"));
}

/** The same, by the compiler's own parser. */
function byTheCompiler(text: string): readonly string[] {
  return ts
    .createSourceFile("x.d.ts", text, ts.ScriptTarget.ES2022)
    .statements.filter(ts.isClassDeclaration)
    .flatMap(({ members }) => [...members])
    .flatMap((member) => {
      if (
        !ts.isPropertyDeclaration(member) ||
        !ts.isIdentifier(member.name) ||
        member.type === undefined ||
        !ts.isTypeReferenceNode(member.type)
      ) {
        return [];
      }
      const { typeName, typeArguments } = member.type;
      const [value] = typeArguments ?? [];
      const isOutput = (ts.isQualifiedName(typeName) ? typeName.right.text : typeName.text) === "Output";
      const mayBeUndefined =
        value !== undefined &&
        ts.isUnionTypeNode(value) &&
        value.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);
      return isOutput && value !== undefined && !mayBeUndefined ? [member.name.text] : [];
    });
}

describe("the outputs that a resource always has", () => {
  it("are what the compiler reads in the declarations, for every resource of the SDK", () => {
    const all = declarations();
    expect(all.length).toBeGreaterThan(1000);
    const different = all.filter(
      ({ text }) => declaredOutputs(text).join(" ") !== byTheCompiler(text).join(" "),
    );
    expect(different.map(({ path }) => path)).toEqual([]);
  });

  it("are those of the type's own class", () => {
    const outputs = alwaysPresentOutputs("aws:ec2/vpcEndpoint:VpcEndpoint", join(__dirname, "../.."));
    expect(outputs).toContain("dnsEntries");
    expect(outputs).not.toContain("autoAccept");
  });

  it("are found where a provider has no services", () => {
    const outputs = alwaysPresentOutputs("tls:index/privateKey:PrivateKey", join(__dirname, "../.."));
    expect(outputs).toContain("privateKeyPemPkcs8");
  });

  it("are none for a type that no SDK of the program has", () => {
    expect(alwaysPresentOutputs("other:thing/it:It", join(__dirname, "../.."))).toEqual([]);
  });
});
