import type { InspectionPolicy } from "../../../model/inspection-policy";

import { DetectionFailed, type Detector, type FoundIdentifier } from "./detector";
import { withoutOverlaps } from "./overlaps";
import type { Recogniser, Report } from "./recogniser";
import { accountNumbers } from "./recognisers/account-numbers";
import { ages } from "./recognisers/ages";
import { biometrics } from "./recognisers/biometrics";
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
import { numberedValues } from "./recognisers/numbered-values";
import { otherCodes } from "./recognisers/other-codes";
import { ownRecordNumbers } from "./recognisers/own-record-numbers";
import { photographs } from "./recognisers/photographs";
import { socialSecurityNumbers } from "./recognisers/social-security-numbers";
import { tableColumns } from "./recognisers/table-columns";
import { telephones } from "./recognisers/telephones";
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
  geography,
  names,
  namesInOtherScripts,
];

type Shape = NonNullable<Recogniser["shapes"]>[number];

/** The detector of a platform, with the forms of its own record numbers. */
export function openDetector(policy: InspectionPolicy): Detector {
  const recognisers = [ownRecordNumbers(policy), ...known];
  const byWord = new Map<string, Recogniser[]>();
  const byShape: Record<Shape, Recogniser[]> = {
    number: [],
    code: [],
    capital: [],
    small: [],
    joined: [],
    other: [],
  };
  for (const recogniser of recognisers) {
    for (const shape of recogniser.shapes ?? []) {
      byShape[shape].push(recogniser);
    }
    for (const word of new Set(recogniser.words)) {
      byWord.set(word, [...(byWord.get(word) ?? []), recogniser]);
    }
  }

  /** The recognisers that are asked about a token by its shape. */
  function ofShape(text: TokenText, token: number): readonly Recogniser[] {
    const shape = text.shape(token);
    if ((shape & tokenShape.digits) === 0) {
      if (text.text.charCodeAt(text.start(token)) >= 0x370) {
        return byShape.other;
      }
      const capital = (shape & tokenShape.capital) !== 0;
      if (text.isJoined(token)) {
        return capital ? joinedCapital : joinedSmall;
      }
      return capital ? byShape.capital : byShape.small;
    }
    if ((shape & tokenShape.letters) === 0) {
      return byShape.number;
    }
    const first = text.text.charCodeAt(text.start(token));
    return first >= 48 && first <= 57 ? numberAndCode : byShape.code;
  }
  function ofAny(...wanted: readonly Shape[]): readonly Recogniser[] {
    return recognisers.filter(({ shapes }) => shapes?.some((shape) => wanted.includes(shape)));
  }
  const numberAndCode = ofAny("number", "code");
  const joinedCapital = ofAny("capital", "joined");
  const joinedSmall = ofAny("small", "joined");

  async function detectIn(content: string, deadline: number): Promise<readonly FoundIdentifier[]> {
    const text = new TokenText(content);
    const found: FoundIdentifier[] = [];
    const report: Report = (kind, by, start, end) => {
      found.push({ kind, by, start, end });
    };
    for (let token = 0; token < text.count; token += 1) {
      if (token % tokensBetweenLooks === 0) {
        inTime(deadline);
        if (token > 0 && token % tokensBetweenTurns === 0) {
          await new Promise(setImmediate);
        }
      }
      for (const recogniser of ofShape(text, token)) {
        recogniser.look(text, token, report);
      }
      // Who is asked at every word with a capital letter was asked already.
      if ((text.shape(token) & tokenShape.digits) === 0) {
        const asked = byWord.get(text.word(token));
        if (asked !== undefined) {
          const shaped = (text.shape(token) & tokenShape.capital) !== 0 ? byShape.capital : byShape.small;
          for (const recogniser of asked) {
            if (!shaped.includes(recogniser)) {
              recogniser.look(text, token, report);
            }
          }
        }
      }
    }
    inTime(deadline);
    return withoutOverlaps(content, found);
  }

  return {
    detect: async (texts, deadline) => {
      const found: (readonly FoundIdentifier[])[] = [];
      for (const text of texts) {
        inTime(deadline);
        found.push(await detectIn(text, deadline));
      }
      return found;
    },
  };
}

function inTime(deadline: number): void {
  if (performance.now() > deadline) {
    throw new DetectionFailed("the time for an inspection was over before all was looked at");
  }
}
