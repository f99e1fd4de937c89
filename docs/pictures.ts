import { join, resolve } from "node:path";

import { reportOf } from "../preview/report";
import { reportPage } from "../preview/page/report-page";
import { previewStack } from "../preview/preview-stack";
import { programStack } from "../preview/stack-file";

import { openChromium } from "./chromium";

const root = resolve(__dirname, "..");

/** A picture of a page of the README. */
interface Picture {
  readonly name: string;
  readonly program: string;
  readonly colorScheme: "light" | "dark";
  readonly viewport: { readonly width: number; readonly height: number };
  /** Whether the first finding is opened, so that its path is lit. */
  readonly isLit: boolean;
}

const pictures: readonly Picture[] = [
  {
    name: "accepted",
    program: root,
    colorScheme: "light",
    viewport: { width: 1280, height: 900 },
    isLit: false,
  },
  {
    name: "refused",
    program: join(root, "examples/one-hole"),
    colorScheme: "dark",
    viewport: { width: 1280, height: 1000 },
    isLit: true,
  },
  {
    name: "phone",
    program: join(root, "examples/one-hole"),
    colorScheme: "light",
    viewport: { width: 390, height: 1180 },
    isLit: true,
  },
];

/** What a preview takes by the bench: how busy the machine is that draws the pictures is no part of them. */
const usualDurationMs = 4000;

async function pageOf(program: string): Promise<string> {
  const stack = programStack(program, { stack: undefined, cloud: "aws", overrides: new Map() });
  const report = reportOf("preview", await previewStack(stack, join(root, "policy-pack")));
  return reportPage({ ...report, durationMs: usualDurationMs });
}

async function draw(): Promise<void> {
  const browser = await openChromium();
  try {
    for (const { name, program, colorScheme, viewport, isLit } of pictures) {
      const page = await browser.newPage({ viewport, colorScheme, reducedMotion: "reduce" });
      await page.setContent(await pageOf(program));
      if (isLit) {
        await page.locator("details.finding summary").first().click();
        await page.waitForSelector(".drawing.is-path:visible");
      }
      // What a finding lights up, and the finding.
      const top = isLit ? (viewport.width > 500 ? ".stage" : "#picture") : "body";
      await page.evaluate(
        `window.scrollTo(0, document.querySelector("${top}").getBoundingClientRect().top + window.scrollY - 56)`,
      );
      const path = join(__dirname, "pictures", `${name}.png`);
      await page.screenshot({ path });
      process.stdout.write(`docs/pictures/${name}.png\n`);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

void draw();
