/** Items of a family of the reference list, from the first: `GE-01`, `GE-02`. */
export function itemsOf(family: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${family}-${String(index + 1).padStart(2, "0")}`);
}

/** The items that a page about a cloud answers under "Ways out", in order, each as often as it is answered. */
export function answeredItems(page: string): readonly string[] {
  const rows = page
    .slice(page.indexOf("## Ways out"), page.indexOf("## What has to exist"))
    .matchAll(/^\| ([^|]+?) +\|/gm);
  return [...rows]
    .flatMap(([, cell = ""]) =>
      cell.split(", ").flatMap((part) => {
        const [, family = "", first = "", last = first] =
          /^([A-Z]{2})-(\d\d)(?:\.\.[A-Z]{2}-(\d\d))?$/.exec(part) ?? [];
        const count = family === "" ? 0 : Number(last) - Number(first) + 1;
        return Array.from(
          { length: count },
          (_, index) => `${family}-${String(Number(first) + index).padStart(2, "0")}`,
        );
      }),
    )
    .sort();
}
