const dayMs = 24 * 60 * 60 * 1000;

/** The day of a moment in UTC, as YYYY-MM-DD. */
export function utcDay(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

/** How many days after a day another one is. Both are YYYY-MM-DD. */
export function daysFrom(day: string, other: string): number {
  return (Date.parse(other) - Date.parse(day)) / dayMs;
}
