import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { reportFiles } from "../../../policy-pack/report/report-files";
import { writeFiles } from "../../../policy-pack/report/write-files";

import { accepted } from "./sample-reports";

const fresh = (): string => mkdtempSync(join(tmpdir(), "bulkhead-report-"));

describe("the files of a report", () => {
  it("are the report in every format, written as they are", async () => {
    const directory = join(fresh(), "a/b");
    const files = reportFiles(await accepted(), { at: new Date(0) });
    writeFiles(directory, files);
    const names = ["compliance.md", "report.json", "report.junit.xml", "report.md", "report.sarif"];
    expect(readdirSync(directory).sort()).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(directory, name), "utf8")).toBe(files.get(name));
    }
  });

  it("take the place of older ones", () => {
    const directory = fresh();
    writeFiles(directory, new Map([["a", "old"]]));
    writeFiles(directory, new Map([["a", "new"]]));
    expect(readFileSync(join(directory, "a"), "utf8")).toBe("new");
    expect(readdirSync(directory)).toEqual(["a"]);
  });

  it("are none where one cannot be written, with one error that says where, and nothing left behind", () => {
    const directory = fresh();
    writeFiles(directory, new Map([["a", "old"]]));
    expect(() => {
      writeFiles(
        directory,
        new Map([
          ["a", "new"],
          ["no/such/folder", ""],
        ]),
      );
    }).toThrow(`The report cannot be written to ${directory}: ENOENT`);
    expect(readFileSync(join(directory, "a"), "utf8")).toBe("old");
    expect(readdirSync(directory)).toEqual(["a"]);
  });

  it("are none where a folder is in the way, or a file in the place of the folder", () => {
    const directory = fresh();
    mkdirSync(join(directory, "a"));
    expect(() => {
      writeFiles(directory, new Map([["a", ""]]));
    }).toThrow("The report cannot be written to");
    expect(readdirSync(directory)).toEqual(["a"]);
    writeFileSync(join(directory, "file"), "");
    expect(() => {
      writeFiles(join(directory, "file"), new Map([["a", ""]]));
    }).toThrow(`The report cannot be written to ${join(directory, "file")}: `);
  });
});
