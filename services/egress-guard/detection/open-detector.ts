import type { InspectionPolicy } from "../../../model/inspection-policy";

import { DetectionFailed, type Detector, type FoundIdentifier } from "./detector";
import { withoutOverlaps } from "./overlaps";
import type { Recogniser, Report } from "./recogniser";
import { accountNumbers } from "./recognisers/account-numbers";
import { ages } from "./recognisers/ages";
import { biometrics } from "./recognisers/biometrics";
import { dataKeys } from "./recognisers/data-keys";
import { dates, joinedDates } from "./recognisers/dates";
import { devices } from "./recognisers/devices";
import { emails } from "./recognisers/emails";
import { geography } from "./recognisers/geography";
import { healthPlanNumbers } from "./recognisers/health-plan-numbers";
import { hl7Fields } from "./recognisers/hl7-fields";
import { ipAddresses } from "./recognisers/ip-addresses";
import { labelledValues } from "./recognisers/labelled-values";
import { licenceNumbers } from "./recognisers/licence-numbers";
import { names, namesInOtherScripts } from "./recognisers/names";
import { namesTold, reportNamesAgain } from "./recognisers/names-again";
import { namesInContext } from "./recognisers/names-in-context";
import { numberedValues } from "./recognisers/numbered-values";
import { otherCodes } from "./recognisers/other-codes";
import { ownRecordNumbers } from "./recognisers/own-record-numbers";
import { photographs } from "./recognisers/photographs";
import { socialSecurityNumbers } from "./recognisers/social-security-numbers";
import { tableColumns } from "./recognisers/table-columns";
import { telephones } from "./recognisers/telephones";
import { unexplainedCodes } from "./recognisers/unexplained-codes";
import { urls } from "./recognisers/urls";
import { vehicles } from "./recognisers/vehicles";
import { TokenText, tokenShape } from "./token-text";

/** After how many tokens the clock is looked at. */
const tokensBetweenLooks = 256;
/** After how many tokens other work of the process has its turn. */
const tokensBetweenTurns = 8192;

/** Recognisers, where more than one knows a piece of text as long the first of them counts. */
const known: readonly Recogniser[] = [
  hl7Fields,
  emails,
  urls,
  socialSecurityNumbers,
  accountNumbers,
  licenceNumbers,
  healthPlanNumbers,
  vehicles,
  devices,
  ipAddresses,
  dates,
  joinedDates,
  ages,
  labelledValues,
  numberedValues,
  otherCodes,
  telephones,
  photographs,
  biometrics,
  tableColumns,
  dataKeys,
  unexplainedCodes,
  geography,
  names,
  namesInContext,
  namesInOtherScripts,
];

const none: readonly Recogniser[] = [];
/** From this length on, tokens are all as long as one another. */
const longLength = 18;

type Shape = NonNullable<Recogniser["shapes"]>[number];

/** The detector of a platform, with the forms of its own record numbers. */
export function openDetector(policy: InspectionPolicy): Detector {
  const recognisers = [ownRecordNumbers(policy), ...known];
  const byWord = new Map<string, Recogniser[]>();
  for (const recogniser of recognisers) {
    for (const word of new Set(recogniser.words)) {
      byWord.set(word, [...(byWord.get(word) ?? []), recogniser]);
    }
  }

  /** The recognisers that are asked at tokens of some shapes, by the length of these. */
  function ofAny(...wanted: readonly Shape[]): readonly (readonly Recogniser[])[] {
    const some = recognisers.filter(({ shapes }) => shapes?.some((shape) => wanted.includes(shape)));
    return Array.from({ length: longLength + 1 }, (_, length) =>
      some.filter(({ lengths }) => lengths?.includes(length) ?? true),
    );
  }
  const asked = {
    number: ofAny("number"),
    numberAndCode: ofAny("number", "code"),
    code: ofAny("code"),
    capital: ofAny("capital"),
    small: ofAny("small"),
    joinedCapital: ofAny("capital", "joined"),
    joinedSmall: ofAny("small", "joined"),
    other: ofAny("other"),
  };

  /** The recognisers that are asked about a token by its shape. */
  function ofShape(text: TokenText, token: number): readonly Recogniser[] {
    const shape = text.shape(token);
    const start = text.start(token);
    const length = Math.min(text.end(token) - start, longLength);
    const first = text.text.charCodeAt(start);
    let by = asked.number;
    if ((shape & tokenShape.digits) === 0) {
      const capital = (shape & tokenShape.capital) !== 0;
      if (first >= 0x370) {
        by = asked.other;
      } else if (text.isJoined(token)) {
        by = capital ? asked.joinedCapital : asked.joinedSmall;
      } else {
        by = capital ? asked.capital : asked.small;
      }
    } else if ((shape & tokenShape.letters) !== 0) {
      by = first >= 48 && first <= 57 ? asked.numberAndCode : asked.code;
    }
    return by[length] ?? [];
  }

  /** Asks the recognisers about some tokens. */
  function lookAt(text: TokenText, from: number, until: number, report: Report, guess: Report): void {
    for (let token = from; token < until; token += 1) {
      const shaped = ofShape(text, token);
      for (const recogniser of shaped) {
        recogniser.look(text, token, recogniser.guesses === undefined ? report : guess);
      }
      if ((text.shape(token) & tokenShape.digits) === 0) {
        for (const recogniser of byWord.get(text.word(token)) ?? none) {
          // Who is asked at every word of its shape was asked already.
          if (!shaped.includes(recogniser)) {
            recogniser.look(text, token, report);
          }
        }
      }
    }
  }

  async function detectIn(text: TokenText, deadline: number): Promise<FoundIdentifier[]> {
    const found: FoundIdentifier[] = [];
    const report = into(found);
    const guesses: FoundIdentifier[] = [];
    const guess = into(guesses);
    for (let token = 0; token < text.count; token += tokensBetweenLooks) {
      inTime(deadline);
      if (token > 0 && token % tokensBetweenTurns === 0) {
        await new Promise(setImmediate);
      }
      lookAt(text, token, Math.min(text.count, token + tokensBetweenLooks), report, guess);
    }
    inTime(deadline);
    return guesses.length === 0 ? found : [...found, ...untold(guesses, found)];
  }

  return {
    detect: async (texts, deadline) => {
      const cut: TokenText[] = [];
      const found: FoundIdentifier[][] = [];
      for (const content of texts) {
        inTime(deadline);
        const text = new TokenText(content);
        cut.push(text);
        found.push(await detectIn(text, deadline));
      }
      // Whoever was named once is known again, in small letters or by one name alone.
      const told = namesTold(texts, found);
      return cut.map((text, index) => {
        inTime(deadline);
        const here = found[index] ?? [];
        if (told !== undefined) {
          reportNamesAgain(text, told, [...here], into(here));
        }
        return withoutOverlaps(text.text, here);
      });
    },
  };
}

/** Those of some findings whose piece of text no other finding has. */
function untold(
  some: readonly FoundIdentifier[],
  others: readonly FoundIdentifier[],
): readonly FoundIdentifier[] {
  const ends = new Map<number, number[]>();
  for (const { start, end } of others) {
    ends.set(start, [...(ends.get(start) ?? []), end]);
  }
  return some.filter(({ start, end }) => ends.get(start)?.includes(end) !== true);
}

/** What is told is added to what was found. */
function into(found: FoundIdentifier[]): Report {
  return (kind, by, start, end) => {
    found.push({ kind, by, start, end });
  };
}

function inTime(deadline: number): void {
  if (performance.now() > deadline) {
    throw new DetectionFailed("the time for an inspection was over before all was looked at");
  }
}
