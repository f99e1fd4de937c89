import { z } from "zod";

/** A day in the calendar, `YYYY-MM-DD` (RFC 3339 `full-date`); such texts sort as the days do. */
export type CalendarDate = `${number}-${number}-${number}`;

/** Accepts a day that exists: `2026-02-30` is refused. */
export const calendarDateSchema = z.iso
  .date()
  .meta({ description: "A day, as YYYY-MM-DD." }) as unknown as z.ZodType<CalendarDate, string>;

/** The day, in UTC, of a moment. */
export function calendarDate(moment: Date): CalendarDate {
  return moment.toISOString().slice(0, 10) as CalendarDate;
}
