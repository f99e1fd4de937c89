import { encodings } from "./encodings";
import {
  languages,
  type Disguise,
  type LabelledPrompt,
  type Language,
  type SetName,
} from "./labelled-prompt";
import { somebody } from "./names";
import { Random } from "./random";
import { filled } from "./template";
import { reportedTexts } from "./texts/reported";
import type { Frame, Layout, SetTexts } from "./texts/set-texts";
import { tuningTexts } from "./texts/tuning";

/** The texts of each set. */
export const textsOf: Readonly<Record<SetName, SetTexts>> = { tuning: tuningTexts, reported: reportedTexts };

const sizes: Readonly<Record<SetName, { readonly identifying: number; readonly harmless: number }>> = {
  tuning: { identifying: 420, harmless: 210 },
  reported: { identifying: 600, harmless: 300 },
};

const disguises: readonly Disguise[] = [...encodings, "split"];

/** Gives one value after another, and begins anew in another order when all were given. */
class Deck<Value> {
  private left: readonly Value[] = [];
  private readonly values: readonly Value[];
  private readonly random: Random;

  constructor(values: readonly Value[], random: Random) {
    this.values = values;
    this.random = random;
  }

  draw(count: number): readonly Value[] {
    return Array.from({ length: count }, () => {
      if (this.left.length === 0) {
        this.left = this.random.shuffled(this.values);
      }
      const [next, ...left] = this.left;
      this.left = left;
      if (next === undefined) {
        throw new Error("there is nothing to draw");
      }
      return next;
    });
  }
}

function laidOut(fields: readonly string[], layout: Layout): string {
  const pairs = fields.map((field) => field.split("|")).map(([label = "", value = ""]) => ({ label, value }));
  switch (layout) {
    case "markdown":
      return pairs.map(({ label, value }) => `| ${label} | ${value} |`).join("\n");
    case "colon":
      return pairs.map(({ label, value }) => `${label}: ${value}`).join("\n");
    case "json":
      return pairs.map(({ label, value }) => `"${label}":"${value}"`).join(",");
    case "csv":
      return pairs.map(({ label, value }) => `${label};${value}`).join("\n");
    case "observation":
      return pairs
        .map(({ label, value }, index) => `OBX|${String(index + 1)}|ST|${label}||${value}||||||F`)
        .join("\n");
  }
}

function layoutOf(text: string | undefined): Layout {
  switch (text) {
    case "markdown":
    case "colon":
    case "json":
    case "csv":
    case "observation":
      return text;
    default:
      throw new Error(`there is no layout ${String(text)}`);
  }
}

/** The decks of a language. */
interface Decks {
  readonly lines: Deck<string>;
  readonly fields: Deck<string>;
  readonly clinical: Deck<string>;
  readonly results: Deck<string>;
}

function outlined(part: string, { lines, fields, clinical, results }: Decks): string {
  return part.replaceAll(
    /\[\[(lines|fields|clinical|results) (\d) ?(\w+)?\]\]/g,
    (_, what: string, count: string, layout: string | undefined) => {
      switch (what) {
        case "lines":
          return lines.draw(Number(count)).join(" ");
        case "clinical":
          return clinical.draw(Number(count)).join(" ");
        case "fields":
          return laidOut(fields.draw(Number(count)), layoutOf(layout));
        default:
          return laidOut(results.draw(Number(count)), layoutOf(layout));
      }
    },
  );
}

/** English in half of the prompts, and the others in turn. */
function languageOf(index: number): Language {
  return index % 2 === 0 ? "en" : (languages[1 + (Math.floor(index / 2) % (languages.length - 1))] ?? "en");
}

/** A part of the prompts that are split over messages has to be text that goes on in the next message. */
function fits({ style }: Frame, disguise: Disguise | undefined): boolean {
  return disguise !== "split" || (style !== "json" && style !== "lab");
}

/**
 * A set of prompts: two thirds with identifiers and their labels, one third harmless. The same seed gives the same set. Of
 * those with identifiers, two in five have one that is disguised.
 */
export function promptSet(set: SetName, seed: string): readonly LabelledPrompt[] {
  const texts = textsOf[set];
  const random = new Random(`${seed}/${set}`);
  const decks = new Map(
    languages.map((language) => [
      language,
      {
        lines: new Deck(texts.sentences[language], random),
        fields: new Deck(texts.fields[language], random),
        clinical: new Deck(texts.clinical[language], random),
        results: new Deck(texts.results[language], random),
      },
    ]),
  );
  const frameDecks = new Map(
    [texts.frames, texts.harmlessFrames].flatMap((frames) =>
      languages.map(
        (language) =>
          [
            frames === texts.frames ? language : `harmless-${language}`,
            new Deck(
              frames.filter((frame) => frame.languages.includes(language)),
              random,
            ),
          ] as const,
      ),
    ),
  );

  const prompt = (index: number, harmless: boolean): LabelledPrompt => {
    const language = languageOf(index);
    const deck = decks.get(language);
    const frames = frameDecks.get(harmless ? `harmless-${language}` : language);
    if (deck === undefined || frames === undefined) {
      throw new Error(`there are no texts in ${language}`);
    }
    const disguise =
      harmless || index % 5 >= 2 ? undefined : disguises[Math.floor(index / 5) % disguises.length];
    for (;;) {
      const [frame] = frames.draw(1);
      if (frame === undefined || !fits(frame, disguise)) {
        continue;
      }
      const about = { random, set, language, patient: somebody(random, set, language) };
      const template = filled(
        frame.parts.map((part) => outlined(part, deck)),
        about,
        texts,
        disguise,
      );
      if (template !== undefined) {
        const id = `${set}-${harmless ? "harmless" : "identifying"}-${String(index + 1).padStart(3, "0")}`;
        return { id, template: frame.name, language, style: frame.style, ...template };
      }
    }
  };

  return [
    ...Array.from({ length: sizes[set].identifying }, (_, index) => prompt(index, false)),
    ...Array.from({ length: sizes[set].harmless }, (_, index) => prompt(index, true)),
  ];
}
