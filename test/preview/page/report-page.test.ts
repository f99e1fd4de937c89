import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openChromium } from "../../../docs/chromium";
import type { Report, ReportedConnection } from "../../../policy-pack/report/report";
import { rules } from "../../../policy-pack/rules";
import { errorPage } from "../../../preview/page/error-page";
import { reportPage } from "../../../preview/page/report-page";

import { holeReport, platformReport, strangerReport, withFindings } from "./judged-reports";

const directory = mkdtempSync(join(tmpdir(), "bulkhead-page-"));
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let accepted: Report;
let refused: Report;
let acceptedPage: string;
let refusedPage: string;
let files = 0;

beforeAll(async () => {
  // Mocks of Pulumi's runtime are of one stack at a time.
  accepted = await platformReport();
  refused = await holeReport();
  [acceptedPage, refusedPage] = await Promise.all([reportPage(accepted), reportPage(refused)]);
  browser = await openChromium();
});

afterAll(async () => {
  await browser.close();
});

/** A page that is opened from disk, with all that it says to the console and asks of any network. */
interface Opened {
  readonly page: Page;
  readonly url: string;
  readonly said: readonly string[];
  readonly requests: readonly string[];
}

async function open(text: string, options: BrowserContextOptions = {}, fragment = ""): Promise<Opened> {
  const file = join(directory, `${String((files += 1))}.html`);
  writeFileSync(file, text);
  const url = pathToFileURL(file).href;
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const said: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(error.message));
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(`${url}${fragment}`);
  return { page, url, said, requests };
}

/** The texts of the boxes that are lit on the drawing which is shown, in the order of the drawing. */
async function litBoxes({ page }: Opened): Promise<readonly string[]> {
  const titles = await page.locator(".drawing:visible .node.lit .title").allTextContents();
  return titles.map((title) => title.trim()).sort();
}

async function violations({ page }: Opened): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ""}`);
}

const litLine = "getComputedStyle(document.querySelector('.drawing-across .edge.lit .line'))";

const overflow = "document.documentElement.scrollWidth - window.innerWidth";

describe("the page of a refused stack", () => {
  it("opens from disk, asks no network, and says nothing to the console", async () => {
    const { page, url, said, requests } = await open(refusedPage);
    expect(await page.locator("h1").innerText()).toBe("Refused");
    await page.locator("details.finding summary").first().click();
    expect(said).toEqual([]);
    expect(requests).toEqual([url]);
    await page.close();
  });

  it("could not reach a server if something in it tried", async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
    const { page, said } = await open(refusedPage);
    const tried = await page.evaluate(
      `Promise.all([
        fetch("${address}").then(() => "let", () => "refused"),
        new Promise((done) => {
          const image = new Image();
          image.onload = image.onerror = ({ type }) => done(type === "load" ? "let" : "refused");
          image.src = "${address}";
        }),
        navigator.sendBeacon("${address}"),
      ])`,
    );
    expect(tried).toEqual(["refused", "refused", expect.any(Boolean)]);
    expect(said.filter((text) => !text.includes("Content Security Policy"))).toEqual([]);
    await page.close();
    server.close();
    expect(asked).toBe(0);
  });

  it("says why, what to do and where, before anything else", async () => {
    const { page } = await open(refusedPage);
    expect(await page.locator(".sentence").innerText()).toBe(
      "1 mandatory finding, proved open. 1 advisory finding.",
    );
    expect(await page.locator(".todo li").allInnerTexts()).toEqual([
      expect.stringMatching(
        /^SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection\. index\.ts:11\s+Take the rule away:/,
      ),
    ]);
    await page.close();
  });

  it("lights the witness path up by keyboard alone, and Escape clears it", async () => {
    const opened = await open(refusedPage);
    const { page } = opened;
    expect(await litBoxes(opened)).toEqual([]);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the verdict");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    for (let presses = 0; presses < 6; presses += 1) {
      if ((await page.evaluate("document.activeElement.matches('details.finding summary')")) === true) {
        break;
      }
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.waitForSelector(".drawing.is-path:visible");
    expect(await litBoxes(opened)).toEqual(["fhir-store", "outside"]);
    expect(await page.locator(".drawing:visible .edge.lit.witness.refuses").count()).toBe(1);
    const red = await page.evaluate(`${litLine}.stroke`);
    expect(red).toBe("rgb(179, 33, 27)");
    expect(await page.locator("#said").innerText()).toBe(
      "SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection.",
    );
    expect(new URL(page.url()).hash).toBe(`#finding-${refused.findings[0]?.fingerprint ?? ""}`);

    await page.keyboard.press("j");
    await page.waitForSelector(".drawing.is-advice:visible");
    expect(await litBoxes(opened)).toEqual(["bulkhead-machin…st-store"]);
    await page.keyboard.press("k");
    await page.waitForSelector(".drawing.is-path:not(.is-advice):visible");
    expect(await litBoxes(opened)).toEqual(["fhir-store", "outside"]);

    await page.keyboard.press("Escape");
    await page.waitForSelector(".drawing:not(.is-lit):visible");
    expect(await litBoxes(opened)).toEqual([]);
    expect(await page.locator("details.finding[open]").count()).toBe(0);
    await page.close();
  });

  it("walks over the drawing by arrow keys, and says what is selected", async () => {
    const opened = await open(refusedPage);
    const { page } = opened;
    await page.locator('.drawing:visible [tabindex="0"]').focus();
    for (let presses = 0; presses < 60; presses += 1) {
      if (
        String(await page.evaluate("document.activeElement.getAttribute('aria-label')")).startsWith(
          "rag-service",
        )
      ) {
        break;
      }
      await page.keyboard.press("ArrowRight");
    }
    await page.keyboard.press("Enter");
    expect(await page.locator("#said").innerText()).toBe(
      "rag-service, workload, processing: opens 11 connections, takes 2",
    );
    expect(await litBoxes(opened)).toEqual([
      "agent-tools",
      "ai-gateway",
      "async-ai-workers",
      "embedding-service",
      "fhir-proxy",
      "platform services",
      "rag-service",
      "vector-index",
    ]);
    await page.close();
  });

  it.each(["light", "dark"] as const)(
    "has nothing in it that axe finds fault with, %s",
    async (colorScheme) => {
      const opened = await open(refusedPage, { colorScheme });
      await opened.page.locator("details.finding summary").first().click();
      expect(await violations(opened)).toEqual([]);
      await opened.page.close();
    },
  );

  it("is dark where the system is, and the other way where the reader says so", async () => {
    const { page } = await open(refusedPage, { colorScheme: "dark" });
    const paper = "getComputedStyle(document.body).backgroundColor";
    expect(await page.evaluate(paper)).toBe("rgb(16, 21, 23)");
    await page.getByRole("button", { name: "Use the light theme" }).click();
    expect(await page.evaluate(paper)).toBe("rgb(247, 248, 247)");
    await page.reload();
    expect(await page.evaluate(paper)).toBe("rgb(247, 248, 247)");
    await page.close();
  });

  it.each([390, 360])("fits a window of %i pixels, with a drawing of its own", async (width) => {
    const { page } = await open(refusedPage, { viewport: { width, height: 800 } });
    expect(await page.evaluate(overflow)).toBe(0);
    await page.locator("details.finding summary").first().click();
    await page.locator("summary", { hasText: "Every connection" }).click();
    await page.locator("summary", { hasText: "Every resource" }).click();
    expect(await page.evaluate(overflow)).toBe(0);
    expect(await page.locator(".drawing-down").isVisible()).toBe(true);
    expect(await page.locator(".drawing-across").isVisible()).toBe(false);
    expect(await page.locator(".sideways").isVisible()).toBe(true);
    await page.close();
  });

  it("moves nothing for a reader who wants no motion", async () => {
    const { page } = await open(refusedPage, { reducedMotion: "reduce" });
    await page.locator("details.finding summary").first().click();
    await page.waitForSelector(".drawing.is-path:visible");
    expect(await page.evaluate(`${litLine}.animationName`)).toBe("none");
    await page.close();
  });

  it("opens what a fragment names", async () => {
    const text = refusedPage;
    const fingerprint = refused.findings[0]?.fingerprint ?? "";
    const finding = await open(text, {}, `#finding-${fingerprint}`);
    await finding.page.waitForSelector(".drawing.is-path:visible");
    expect(await litBoxes(finding)).toEqual(["fhir-store", "outside"]);
    await finding.page.locator("details[open] a", { hasText: "BH-101" }).click();
    expect(await finding.page.locator("#rule-phi-zone-has-no-egress").isVisible()).toBe(true);
    const top: number = await finding.page.evaluate(
      "document.getElementById('rule-phi-zone-has-no-egress').getBoundingClientRect().top",
    );
    expect(top).toBeLessThan(900);
    await finding.page.close();
  });

  it("documents every rule of the pack", async () => {
    const { page } = await open(refusedPage);
    expect(await page.locator("article.rule > code").allInnerTexts()).toEqual(rules.map(({ id }) => id));
    await page.close();
  });

  it("prints every finding in full", async () => {
    const { page } = await open(refusedPage);
    await page.emulateMedia({ media: "print" });
    await page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("details.finding .remedy").first().isVisible()).toBe(true);
    expect(await page.locator(".bar").isVisible()).toBe(false);
    await page.close();
  });
});

describe("the page of the reference platform", () => {
  it("draws zones on the way in, stores, services as one, and each hop as what it is", async () => {
    const opened = await open(acceptedPage);
    const { page } = opened;
    expect(await page.locator("h1").innerText()).toBe("Accepted");
    const lefts: number[] = await page.evaluate(
      "[...document.querySelectorAll('.drawing-across .place .wall')].map((wall) => wall.getBoundingClientRect().left)",
    );
    const titles = await page.locator(".drawing-across .place-title").allTextContents();
    const byTitle = new Map(titles.map((title, index) => [title.trim(), lefts[index] ?? 0]));
    expect([...byTitle.keys()].sort()).toEqual(["Gateway", "PHI", "Platform services", "Processing"]);
    expect(byTitle.get("Gateway")).toBeLessThan(byTitle.get("Processing") ?? 0);
    expect(byTitle.get("Processing")).toBeLessThan(byTitle.get("PHI") ?? 0);
    expect(await page.locator(".drawing-across .kind-data-store").count()).toBe(3);
    expect(await page.locator(".drawing-across .kind-services .row").count()).toBe(7);
    const kinds = (name: string): Promise<number> => page.locator(`.drawing-across .edge.${name}`).count();
    expect([await kinds("t-mtls"), await kinds("t-one-way-tls"), await kinds("t-undeclared")]).toEqual([
      14, 3, 0,
    ]);
    expect(await page.locator(".drawing-across .edge.t-provider-tls-iam").count()).toBe(10);
    expect(await page.locator(".drawing .witness").count()).toBe(0);
    await page.close();
  });

  it("filters the connections by any word of theirs", async () => {
    const { page } = await open(acceptedPage);
    await page.locator("summary", { hasText: "Every connection" }).click();
    await page.locator("#matrix-filter").fill("fhir-proxy data-store");
    expect(await page.locator("#matrix-count").innerText()).toBe(`2 of ${String(accepted.matrix.length)}`);
    expect(await page.locator("#connections tbody tr:visible").count()).toBe(2);
    await page.close();
  });
});

describe("the page of a change", () => {
  const connection = (change: Partial<ReportedConnection>): ReportedConnection => ({
    from: "workload/rag-service",
    to: "data-store/document-store",
    fromZone: "processing",
    toZone: "phi",
    protocol: "tcp",
    port: "443",
    transport: "provider-tls+iam",
    openedBy: [{ urn: "urn:pulumi:x::y::z::rule", label: "rule" }],
    ...change,
  });
  const changed = (): Report => ({
    ...accepted,
    matrix: [...accepted.matrix, connection({})],
    changes: {
      base: { file: "base.json", stack: "test", verdict: "accepted" },
      notCompared: [],
      opened: [connection({})],
      closed: [connection({ from: "workload/gone", transport: "undeclared" })],
      zonesOpened: [{ fromZone: "processing", toZone: "phi", protocol: "tcp", port: "443" }],
      zonesClosed: [],
      newFindings: [accepted.findings[0]?.fingerprint ?? ""],
      goneFindings: [],
      newWaivers: [
        {
          rule: "traffic-is-audited",
          resource: "urn:**",
          reason: "the trail is elsewhere",
          owner: "platform@hospital.example",
          expires: "2026-12-24",
          status: "too-broad",
          problem: "It would cover the whole stack.",
        },
      ],
      goneWaivers: [],
    },
  });

  it("says what is opened and closed, and marks it on the drawing", async () => {
    const opened = await open(await reportPage(changed()));
    const { page } = opened;
    expect(await page.locator(".diff > p").innerText()).toBe(
      "This change opens 1 connection, closes 1 connection and brings 1 finding.",
    );
    expect(await page.locator(".drawing-across .change-opened .badge text").allTextContents()).toEqual(["+"]);
    expect(await page.locator(".drawing-across .change-closed .badge text").allTextContents()).toEqual(["−"]);
    expect(await page.locator(".diff", { hasText: "It would cover the whole stack." }).count()).toBe(1);
    expect(await violations(opened)).toEqual([]);
    await page.close();
  });

  it("that opens nothing says so", async () => {
    const { changes } = changed();
    const nothing = changes && {
      ...changes,
      opened: [],
      closed: [],
      zonesOpened: [],
      newFindings: [],
      newWaivers: [],
    };
    const { page } = await open(await reportPage({ ...accepted, changes: nothing }));
    expect(await page.locator(".diff > p").innerText()).toBe("This change opens nothing and closes nothing.");
    await page.close();
  });
});

describe("the page of compliance", () => {
  it("shows each guarantee with its proofs, and what it does not show", async () => {
    const [first] = accepted.findings;
    const opened = await open(
      await reportPage({
        ...accepted,
        guarantees: [
          {
            id: "closed-phi",
            title: "The PHI zone has no way out",
            status: "broken",
            rules: ["phi-zone-has-no-egress"],
            frameworks: [...(rules[0]?.frameworks ?? [])],
            proofs: [
              {
                rule: "phi-zone-has-no-egress",
                statement: "No route leads out.",
                evidence: [{ urn: "u", label: "l" }],
              },
            ],
            findings: [first?.fingerprint ?? ""],
            notShown: ["What another stack attaches."],
          },
        ],
        warnings: ["A warning."],
      }),
    );
    const text = await opened.page.locator(".guarantee").innerText();
    for (const part of [
      "The PHI zone has no way out",
      "broken",
      "No route leads out.",
      "Not shown here",
      "What another stack attaches.",
      "45 CFR 164.312(e)(1)",
    ]) {
      expect(text).toContain(part);
    }
    await opened.page.close();
  });
});

describe("the page of a stranger's stack", () => {
  it("draws its filters in their zones, and the way out", async () => {
    const opened = await open(await reportPage(strangerReport()));
    const { page } = opened;
    const titles = await page.locator(".drawing:visible .node .title").allTextContents();
    expect(titles.map((title) => title.trim())).toEqual(expect.arrayContaining(["SecurityGroup phi-group"]));
    await page
      .locator("details.finding.mandatory", { hasText: "may open" })
      .first()
      .locator("summary")
      .click();
    await page.waitForSelector(".drawing.is-path:visible");
    expect(await litBoxes(opened)).toContain("outside");
    expect(opened.said).toEqual([]);
    await page.close();
  });

  it("keeps hostile names inert", async () => {
    const hostile =
      '</script><script>window.hit=1</script><img src=x onerror="window.hit=1">"\' onload=window.hit=1 \\N %0a {|} \u202Egnp.';
    const report = strangerReport(hostile);
    const text = await reportPage({
      ...report,
      stack: hostile,
      project: hostile,
      warnings: [hostile],
      findings: report.findings.map((finding) => ({ ...finding, notes: [hostile], remedy: hostile })),
    });
    const { page, said, requests, url } = await open(text);
    await page.locator("details.finding summary").first().click();
    expect(await page.evaluate("window.hit")).toBeUndefined();
    expect(await page.locator("img").count()).toBe(0);
    expect(said).toEqual([]);
    expect(requests).toEqual([url]);
    // What is not seen is written out.
    expect(text).not.toContain("\u202E");
    expect(await page.locator("dd", { hasText: "\\u{202e}gnp." }).first().isVisible()).toBe(true);
    await page.close();
  });

  it("is drawn zone by zone where it has very many ends, and says so", async () => {
    const report = strangerReport();
    const ends = Array.from({ length: 120 }, (_, index) => ({
      name: `SecurityGroup g${String(index)}`,
      zone: index % 2 === 0 ? ("processing" as const) : ("phi" as const),
      urns: [],
    }));
    const { page } = await open(await reportPage({ ...report, ends, findings: [] }));
    expect(await page.locator(".drawing-across .kind-zone").count()).toBe(2);
    expect(await page.locator("p.note").first().innerText()).toMatch(/^12\d ends .* too many to be drawn/);
    await page.close();
  });

  it("has a page where nothing is an end, and where there is nothing at all", async () => {
    const report = strangerReport();
    const withoutEnds = await open(await reportPage({ ...report, ends: [], matrix: [], findings: [] }));
    expect(await withoutEnds.page.locator(".drawing-across .kind-nothing").count()).toBeGreaterThan(0);
    expect(await withoutEnds.page.getByText("No connection can be opened").isVisible()).toBe(true);
    await withoutEnds.page.close();
    const empty = await open(
      await reportPage({ ...report, resources: [], ends: [], matrix: [], findings: [] }),
    );
    expect(await empty.page.getByText("there is nothing to draw").isVisible()).toBe(true);
    expect(empty.said).toEqual([]);
    await empty.page.close();
  });
});

describe("the page of 200 findings", () => {
  it("filters them by level, rule and text, and lights each up", async () => {
    const opened = await open(await reportPage(withFindings(refused, 200)));
    const { page } = opened;
    expect(await page.locator("details.finding").count()).toBe(200);
    expect(await page.locator("details.finding").nth(149).getAttribute("data-level")).toBe("mandatory");
    expect(await page.locator("details.finding").nth(150).getAttribute("data-level")).toBe("advisory");
    await page.locator("#filter-level").selectOption("advisory");
    expect(await page.locator("#filter-count").innerText()).toBe("50 of 200");
    await page.locator("#filter-text").fill("rag-service");
    const shown = page.locator("details.finding:visible");
    expect(await shown.count()).toBe(5);
    await shown.first().locator("summary").click();
    await page.waitForSelector(".drawing.is-path:visible");
    expect(await litBoxes(opened)).toEqual(["outside", "rag-service"]);
    await page.close();
  });
});

describe("the page of a preview that could not run", () => {
  it("lists each mistake with its id, path and remedy", async () => {
    const opened = await open(
      errorPage({
        file: "platform.yaml",
        findings: [
          { id: "BH-002", path: "flows[28]", message: "<b>No</b> such flow.", remedy: "Take it out." },
          { id: "BH-001", path: "", message: "It is no mapping.", remedy: "Write one." },
        ],
        message: undefined,
      }),
    );
    expect(await opened.page.locator(".sentence").innerText()).toBe(
      "platform.yaml has 2 mistakes. Nothing was judged, so nothing is accepted.",
    );
    expect(
      (await opened.page.locator(".mistake").allInnerTexts()).map((text) =>
        text.replaceAll(/\s+/g, " ").trim(),
      ),
    ).toEqual([
      "BH-002 flows[28] <b>No</b> such flow. Remedy. Take it out.",
      "BH-001 (the whole file) It is no mapping. Remedy. Write one.",
    ]);
    expect(opened.said).toEqual([]);
    expect(await violations(opened)).toEqual([]);
    await opened.page.close();
  });

  it("shows what was said where nothing is told one by one", async () => {
    const { page } = await open(errorPage({ findings: [], message: "The program failed.\n  <here>" }));
    expect(await page.locator("pre").innerText()).toBe("The program failed.\n  <here>");
    await page.close();
  });
});
