import { isValid, type FindingPolicy } from "../model/llm-provider";
import { calendarDateSchema } from "../model/calendar-date";

import { daysFrom } from "./calendar-day";
import type { DeclaredAgreement, DeclaredProvider } from "./declared-flows";

/** The agreement in the model's form. */
function agreementOf(agreement: DeclaredAgreement): Parameters<typeof isValid>[0] {
  const signed = calendarDateSchema.safeParse(agreement.signed);
  const expires = calendarDateSchema.safeParse(agreement.expires);
  const end = agreement.expires === "until-terminated" ? agreement.expires : expires.data;
  return signed.success && end !== undefined
    ? { signed: signed.data, expires: end, evidence: "" }
    : undefined;
}

/** Whether an agreement with a provider holds on a day, YYYY-MM-DD; on a day that is none, nothing does. */
export function holdsOn({ agreement }: DeclaredProvider, day: string): boolean {
  const on = calendarDateSchema.safeParse(day);
  return agreement !== undefined && on.success && isValid(agreementOf(agreement), on.data);
}

/** For how many days before an agreement ends it is told that it does. */
export const noticeDays = 30;

/**
 * How many days an agreement with a provider holds from a day, YYYY-MM-DD, where it holds and has fewer left than the days of
 * notice; `undefined` otherwise.
 */
export function daysLeft(provider: DeclaredProvider, day: string): number | undefined {
  const { agreement } = provider;
  if (agreement === undefined || agreement.expires === "until-terminated" || !holdsOn(provider, day)) {
    return undefined;
  }
  const left = daysFrom(day, agreement.expires);
  return left < noticeDays ? left : undefined;
}

/** A number of days in words. */
export function daysText(days: number): string {
  return days === 1 ? "1 day" : `${String(days)} days`;
}

/** That the agreement with a provider ends soon after a day, in the middle of a sentence; `undefined` where it does not. */
export function endingAgreement(provider: DeclaredProvider, day: string): string | undefined {
  const left = daysLeft(provider, day);
  return left === undefined || provider.agreement === undefined
    ? undefined
    : `its agreement ends on ${provider.agreement.expires}, in ${daysText(left)}`;
}

/** Why no agreement with a provider holds on a day, in the middle of a sentence; `undefined` where one holds. */
export function missingAgreement(provider: DeclaredProvider, day: string): string | undefined {
  const { agreement } = provider;
  if (agreement === undefined) {
    return "there is no agreement with it";
  }
  if (holdsOn(provider, day)) {
    return undefined;
  }
  return agreement.signed > day
    ? `its agreement is signed on ${agreement.signed} only`
    : `its agreement ended on ${agreement.expires}`;
}

/** The models of a provider to which a prompt with PHI is sent as it is. */
export function modelsWithPhi({ onFinding }: DeclaredProvider): readonly string[] {
  return Object.entries(onFinding)
    .filter(([, policy]) => policy === "allow")
    .map(([model]) => model)
    .sort();
}

/** What happens on a day to a prompt with PHI for a model, as it is declared and as its agreement stands. */
export function policyFor(provider: DeclaredProvider, declared: FindingPolicy, day: string): FindingPolicy {
  return declared === "allow" && !holdsOn(provider, day) ? "block" : declared;
}
