import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

interface Compiling {
  readonly compiledText: (
    name: string,
    root: string,
    folders: readonly string[],
    compile: () => string,
  ) => string;
}

const { compiledText } = createRequire(__filename)("../../policy-pack/compiled-text.js") as Compiling;

let root: string;
/** How often something was compiled. */
let times: number;
beforeEach(() => {
  times = 0;
  root = mkdtempSync(join(tmpdir(), "bulkhead-compiled-"));
  write("model/flow.ts", "one");
  write("model/deep/zone.ts", "one");
  write("package-lock.json", "{}");
  write("node_modules/.package-lock.json", "{}");
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function compiled(name = "pack"): string {
  return compiledText(name, root, ["model"], () => {
    times += 1;
    return `compiled ${String(times)}`;
  });
}

describe("what is compiled", () => {
  it("is that of the last time where nothing has changed", () => {
    expect([compiled(), compiled(), times]).toEqual(["compiled 1", "compiled 1", 1]);
  });

  it.each([
    ["a source is another one, of the same length", () => write("model/flow.ts", "two")],
    ["a source in a folder within is another one", () => write("model/deep/zone.ts", "two")],
    ["there is one source more, which could take the place of another", () => write("model/deep.ts", "one")],
    ["there is one source less", () => rmSync(join(root, "model/deep"), { recursive: true })],
    [
      "a source has another name",
      () => {
        rmSync(join(root, "model/flow.ts"));
        write("model/glow.ts", "one");
      },
    ],
    ["other libraries are wanted", () => write("package-lock.json", '{ "a": 1 }')],
    ["other libraries are installed", () => write("node_modules/.package-lock.json", '{ "a": 1 }')],
    ["the compiler is told something else", () => write("tsconfig.json", "{}")],
  ])("is compiled anew where %s", (_, change) => {
    compiled();
    change();
    expect([compiled(), times]).toEqual(["compiled 2", 2]);
  });

  it("is the same again where a change is taken back", () => {
    compiled();
    write("model/flow.ts", "two");
    compiled();
    write("model/flow.ts", "one");
    expect(compiled()).toBe("compiled 1");
  });

  it("is no other thing's", () => {
    expect([compiled("pack"), compiled("preview")]).toEqual(["compiled 1", "compiled 2"]);
  });

  it("is kept of some states of the sources alone", () => {
    for (let state = 0; state < 20; state += 1) {
      write("model/flow.ts", String(state));
      compiled();
    }
    expect(readdirSync(join(root, "node_modules/.cache/bulkhead"))).toHaveLength(8);
  });

  it("is compiled each time where nothing can be kept", () => {
    write("node_modules/.cache", "no folder");
    expect([compiled(), compiled()]).toEqual(["compiled 1", "compiled 2"]);
  });

  it("needs not all of the folders, and is another one as soon as one is there", () => {
    const withServices = (): string =>
      compiledText("pack", root, ["model", "services"], () => {
        times += 1;
        return `compiled ${String(times)}`;
      });
    expect([withServices(), withServices()]).toEqual(["compiled 1", "compiled 1"]);
    write("services/guard.ts", "one");
    expect(withServices()).toBe("compiled 2");
  });

  it("does not hide that it cannot be compiled", () => {
    const failing = (): string =>
      compiledText("pack", root, ["model"], () => {
        throw new Error("a mistake in flow.ts");
      });
    expect(failing).toThrow("a mistake in flow.ts");
    expect(compiled()).toBe("compiled 1");
  });
});
