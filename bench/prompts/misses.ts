import { isFound, type InspectedPrompt } from "./score";

/** What was not found in prompts, and what was found that is nothing, one a line. */
export function* misses(inspected: readonly InspectedPrompt[]): Generator<string> {
  for (const { prompt, findings } of inspected) {
    for (const label of prompt.labels.filter((one) => !isFound(one, findings))) {
      const [place] = label.places;
      const text = place === undefined ? "" : (prompt.parts[place.part] ?? "");
      const around = text.slice(Math.max(0, (place?.start ?? 0) - 40), (place?.end ?? 0) + 20);
      yield `missed ${label.kind}${label.disguise === undefined ? "" : ` (${label.disguise})`}, ${prompt.language}: ${JSON.stringify(label.value)} in ${JSON.stringify(around)}`;
    }
    const places = [...prompt.labels.flatMap((label) => label.places), ...prompt.neutral];
    for (const { part, start, end, kind } of findings) {
      if (!places.some((place) => place.part === part && place.start < end && start < place.end)) {
        const text = prompt.parts[part] ?? "";
        yield `wrong ${kind ?? ""}, ${prompt.language}${prompt.labels.length === 0 ? ", harmless prompt" : ""}: ${JSON.stringify(text.slice(start, end))} in ${JSON.stringify(text.slice(Math.max(0, start - 30), end + 20))}`;
      }
    }
  }
}
