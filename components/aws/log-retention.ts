/** The times for which CloudWatch Logs keeps records, in days (CloudWatch Logs API reference, `PutRetentionPolicy`). */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/**
 * The shortest time for which CloudWatch Logs keeps records that is no shorter than what is asked for; for ever, which
 * it calls 0, where that is longer than any.
 */
export function logRetentionDays(days: number): number {
  return retentions.find((candidate) => candidate >= days) ?? 0;
}
