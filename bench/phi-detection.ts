import { inspectedPrompts } from "./prompts/inspected-prompts";
import type { SetName } from "./prompts/labelled-prompt";
import { misses } from "./prompts/misses";
import { installedPresidio } from "./prompts/presidio/installed-presidio";
import { presidioOpinion } from "./prompts/presidio/presidio-opinion";
import { promptSet } from "./prompts/prompt-set";
import { precision, recall, score, structuredKinds, type Score, type Tally } from "./prompts/score";

/** The seed of the sets of which figures are reported. */
export const promptSeed = "2026-11-30";

function share(part: number | undefined): string {
  return part === undefined ? "–" : part.toFixed(3);
}

function row(what: string, tallies: readonly Tally[]): string {
  const [first] = tallies;
  const cells = tallies.flatMap((tally) => [
    share(recall(tally)),
    share(tally.labels === 0 ? 1 : tally.covered / tally.labels),
    share(precision(tally)),
  ]);
  return `| ${[what, String(first?.labels ?? 0), ...cells].join(" | ")} |`;
}

/** The scores as a table in Markdown. */
function table(names: readonly string[], scores: readonly Score[]): readonly string[] {
  const heads = names.flatMap((name) => [`${name}: recall`, "covered", "precision"]);
  const kinds = [...(scores[0]?.byKind.keys() ?? [])];
  return [
    `| ${["Identifier", "Labels", ...heads].join(" | ")} |`,
    `| --- | ${["", ...heads].map(() => "---:").join(" | ")} |`,
    ...kinds.map((kind) =>
      row(
        structuredKinds.includes(kind) ? kind : `${kind} (no fixed form)`,
        scores.flatMap(({ byKind }) => byKind.get(kind) ?? []),
      ),
    ),
    row(
      "**structured**",
      scores.map(({ structured }) => structured),
    ),
    row(
      "**all**",
      scores.map(({ overall }) => overall),
    ),
    row(
      "in plain text",
      scores.map(({ plain }) => plain),
    ),
    row(
      "disguised",
      scores.map(({ disguised }) => disguised),
    ),
  ];
}

function falseBlocks(name: string, { falseBlocks: blocked, harmless, letThrough }: Score): string {
  return `${name}: ${String(blocked)} of ${String(harmless)} harmless prompts have a finding (${((100 * blocked) / harmless).toFixed(1)} %); ${String(letThrough)} prompts with identifiers have none`;
}

/**
 * Runs the platform's detector and Presidio over a set of prompts, and prints how well they did, in Markdown. Of the set that
 * is for tuning it prints each miss of the platform's as well; of the reported one it never does.
 */
export async function measureDetection(set: SetName): Promise<void> {
  const prompts = promptSet(set, promptSeed);
  process.stdout.write(`${String(prompts.length)} prompts, set ${set}, seed ${promptSeed}\n`);
  const begin = performance.now();
  const own = await inspectedPrompts(set, prompts);
  const perPrompt = (performance.now() - begin) / prompts.length;
  process.stdout.write(`the detector took ${perPrompt.toFixed(2)} ms a prompt; asking Presidio ...\n\n`);
  const presidio = presidioOpinion(await installedPresidio(), prompts);
  const names = ["Bulkhead", "Presidio, all on", "Presidio, as installed"];
  const scores = [own, presidio.everything, presidio.installed].map(score);
  process.stdout.write(
    [
      ...table(names, scores),
      "",
      `Presidio's language model: ${presidio.model}; ${String(presidio.recognizers)} recognizers when all are on.`,
      ...names.flatMap((name, index) => {
        const one = scores[index];
        return one === undefined ? [] : [falseBlocks(name, one)];
      }),
      ...(set === "tuning" ? ["", ...misses(own)] : []),
      "",
    ].join("\n"),
  );
}
