import type { Recogniser, Report } from "../recogniser";
import type { TokenText } from "../token-text";

import { months, ordinaryMonths } from "./months";

const numeric = /(\d{1,4})( ?[-./–] ?)(\d{1,2})\2(\d{4}|\d{2})(?![\dA-Za-z]|[-/]\d)/y;
const iso =
  /(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?:[T ]\d{2}:?\d{2}(?::?\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\dA-Za-z]|[-/.]\d)/y;
const compact = /((?:18|19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:\d{2,6})?(?!\d)/y;
const compactDayFirst =
  /(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:18|19|20)\d\d(?!\d)/y;
const wide = /\d{4} ?[年년] ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日일])?/y;
const dayAndMonth = /(\d{1,2})([/.])(\d{1,2})\.?(?![\dA-Za-z]|[/.,-]\d|\/)/y;
const monthAndYear = /(\d{1,2})[/-]((?:19|20)\d\d)(?![\dA-Za-z]|[-/]\d)/y;

const dateWords = new Set(
  "dob,birth,born,birthdate,birthday,date,dated,admitted,admission,admit,discharged,discharge,dos,died,death,deceased,seen,visit,surgery,on,since,until,till,from,through,by,due,edd,lmp,started,scheduled,appointment,geboren,geb,am,vom,seit,bis,ab,geburtsdatum,aufnahme,entlassung,ne,nee,naissance,depuis,du,nacido,nacida,nacimiento,fecha,desde,hasta,ingreso,alta".split(
    ",",
  ),
);
const birthWords = new Set(
  "dob,birth,born,birthdate,birthday,date,dated,admitted,admission,admit,discharged,discharge,died,death,deceased,dos,service,geboren,geb,geburtsdatum,aufnahme,aufgenommen,entlassung,entlassen,naissance,ne,nee,admis,admise,sortie,nacimiento,nacido,nacida,ingreso,ingresado,ingresada,alta,fecha,datum,pid,pv1,obr,obx,msh,evn,orc,dg1,nk1,collected,visit,onset,surgery,expired,signed,encounter,timestamp,dcmtime,studydate,patientbirthdate,seriesdate".split(
    ",",
  ),
);
/** What makes of two numbers with a slash between them an amount. */
const amounts = new Set(
  "tablet,tablets,tab,tabs,strength,murmur,systolic,diastolic,pain,scale,cup,dose,mg,ml,l,strips,positive,negative,pulses,motor,power,power,of,points,score,sem,hpf,cm,inch,inches,teaspoon,days,weeks,hours,times,pack,ppd,holosystolic,ejection".split(
    ",",
  ),
);
const articles = new Set("st,nd,rd,th,er,re,e,o,a".split(","));
const linking = new Set("of,de,del,du,le,the,den,el,d,do".split(","));
/** Where a month and a year tell of a publication or a rule, not of a person. */
const publications = new Set(
  "published,publication,guideline,guidelines,updated,update,edition,version,issue,journal,vol,volume,accessed,approved,approval,released,fda,release,recommendation,recommendations,revised,revision,statement,trial,retrieved,copyright,effective,consensus,label,literature,review".split(
    ",",
  ),
);
/** What stands before a day, after which the name of a month in small letters is one. */
const beforeDays = new Set(["le", "el", "am", "vom", "du", "au", "del", "al"]);
const ordinals = new Map(
  "first,second,third,fourth,fifth,sixth,seventh,eighth,ninth,tenth,eleventh,twelfth,thirteenth,fourteenth,fifteenth,sixteenth,seventeenth,eighteenth,nineteenth,twentieth,thirtieth"
    .split(",")
    .map((word, index) => [word, index < 20 ? index + 1 : 30] as const),
);
const tens = new Set(["twenty", "thirty"]);
const weekdays = new Set(
  "monday,tuesday,wednesday,thursday,friday,saturday,sunday,mon,tue,tues,wed,thu,thurs,fri,sat,sun,montag,dienstag,mittwoch,donnerstag,freitag,samstag,sonntag,lundi,mardi,mercredi,jeudi,vendredi,samedi,dimanche,lunes,martes,miercoles,jueves,viernes,sabado,domingo".split(
    ",",
  ),
);

const shortGap = /^[ \u00a0]?[.,\-–/'’]?[ \u00a0\n]?$/;

function isDay(value: number): boolean {
  return value >= 1 && value <= 31;
}

/** Whether three numbers are a day, a month and a year in one of the orders in which people write them. */
function isDate(first: string, second: string, third: string): boolean {
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  if (first.length >= 3) {
    return first.length === 4 && a >= 1800 && a <= 2100 && third.length <= 2 && isDay(c) && b >= 1 && b <= 12;
  }
  if (third.length === 4 && (c < 1800 || c > 2100)) {
    return false;
  }
  return (isDay(a) && b >= 1 && b <= 12) || (a >= 1 && a <= 12 && isDay(b));
}

function isYear(text: TokenText, token: number): boolean {
  const raw = text.raw(token);
  return /^(?:18|19|20)\d\d$/.test(raw);
}

function dayOf(text: TokenText, token: number): number | undefined {
  const found = /^(\d{1,2})(?:st|nd|rd|th|er|re|e|º|o)?$/i.exec(text.raw(token));
  const day = found === null ? undefined : Number(found[1]);
  return day !== undefined && isDay(day) ? day : undefined;
}

function lookAtNumber(text: TokenText, token: number, report: Report): void {
  const start = text.start(token);
  const length = text.end(token) - start;
  const before = text.text.slice(Math.max(0, start - 16), start);
  // A model of language is called after the day of its release, and an object of a standard by numbers with points.
  if (
    /\d[./-]$/.test(before) ||
    (before.endsWith("-") && /(?:gpt|claude|gemini|mistral|llama)[\w.-]*$/i.test(before))
  ) {
    return;
  }
  if (before.endsWith("oid:")) {
    return;
  }
  if (length === 4) {
    const found = text.match(iso, start);
    if (found !== undefined && isDate(found[1] ?? "", found[3] ?? "", found[4] ?? "")) {
      report("date", "year-first-date", start, start + found[0].length);
      return;
    }
    const east = text.match(wide, start);
    if (east !== undefined) {
      report("date", "east-asian-date", start, start + east[0].length);
      return;
    }
  }
  if (length <= 4) {
    const found = text.match(numeric, start);
    if (found !== undefined && isDate(found[1] ?? "", found[3] ?? "", found[4] ?? "")) {
      report("date", "numeric-date", start, start + found[0].length);
      return;
    }
  }
  if (length === 8 || length === 12 || length === 14) {
    const found = text.match(compact, start);
    if (
      found !== undefined &&
      (text.isAfter(token, 6, birthWords) || /[|^~]$/.test(text.text.slice(Math.max(0, start - 1), start)))
    ) {
      report("date", "compact-date", start, start + found[0].length);
      return;
    }
    const turned = found === undefined && length === 8 ? text.match(compactDayFirst, start) : undefined;
    if (turned !== undefined && (text.isAfter(token, 6, birthWords) || dateWords.has(text.word(token - 1)))) {
      report("date", "compact-date", start, start + 8);
      return;
    }
  }
  if (length <= 2) {
    const found = text.match(dayAndMonth, start);
    const [a, b] = [Number(found?.[1]), Number(found?.[3])];
    if (found !== undefined && isDate(String(a), String(b), "00")) {
      const end = start + found[0].length;
      const after = text.tokenFrom(end, token);
      const said =
        dateWords.has(text.word(token - 1)) ||
        (text.isAfter(token, 2, dateWords) && !/\d/.test(text.raw(token - 1)));
      // A German day and month ends with a point; without it, this is a number.
      const pointed = found[2] !== "." || found[0].endsWith(".");
      if (
        said &&
        pointed &&
        !amounts.has(text.word(after)) &&
        !amounts.has(text.word(after + 1)) &&
        !/^\s?%/.test(text.text.slice(end, end + 2))
      ) {
        report("date", "day-and-month", start, end - (found[0].endsWith(".") ? 1 : 0));
        return;
      }
    }
    const short = text.match(monthAndYear, start);
    if (
      short !== undefined &&
      Number(short[1]) >= 1 &&
      Number(short[1]) <= 12 &&
      !text.isAfter(token, 6, publications)
    ) {
      report("date", "month-and-year", start, start + short[0].length);
    }
  }
}

/** Looks around the name of a month for a day and a year. */
function lookAtMonth(text: TokenText, token: number, report: Report): void {
  const word = text.word(token);
  const raw = text.raw(token);
  const capital = text.isCapital(token);
  // In capitals, MAR, OCT and SEP are other things of medicine.
  const doubtful = ordinaryMonths.has(word) && (!capital || (text.isCapitals(token) && raw.length <= 3));

  let first = token;
  let last = token;
  let day = false;
  let year = false;

  // Before it: 3 Dec, 3rd of December, 3. Dezember, le 3 décembre, 3 de diciembre, the third of December.
  let before = token - 1;
  if (before >= 0 && shortGap.test(text.gap(before))) {
    if (linking.has(text.word(before)) && shortGap.test(text.gap(before - 1))) {
      before -= 1;
    }
    if (articles.has(text.word(before)) && text.hasDigit(before - 1)) {
      before -= 1;
    }
    const gap = text.gap(before);
    if (
      before >= 0 &&
      /^[ \u00a0.\-–/,º°ª\n]{0,3}$/.test(gap) &&
      !/[.,]\n|,/.test(gap) &&
      dayOf(text, before) !== undefined
    ) {
      const glued = text.text.charAt(text.start(before) - 1);
      if (!/[\d./:$€£]/.test(glued) || /\s/.test(glued) || before === 0) {
        day = true;
        first = before;
      }
    } else if (before >= 0 && ordinals.has(text.word(before))) {
      day = true;
      first = tens.has(text.word(before - 1)) ? before - 1 : before;
    }
  }
  // A range: 3-5 March, 3 to 5 March.
  if (day && first > 0 && dayOf(text, first - 1) !== undefined && /^ ?[-–/&] ?$/.test(text.gap(first - 1))) {
    first -= 1;
  }

  // After it: December 3rd, 1958; Dec. 3; décembre 1958; diciembre de 1958; December the 3rd.
  let after = token + 1;
  const skip = () => {
    while (
      after < text.count &&
      linking.has(text.word(after)) &&
      /^ $/.test(text.gap(after - 1)) &&
      after <= last + 2
    ) {
      after += 1;
    }
  };
  skip();
  if (!day && after < text.count && /^(?:[ \u00a0]|\. ?|-|–|\/)$/.test(text.gap(after - 1))) {
    if (
      dayOf(text, after) !== undefined &&
      !/^[.,:/]\d|^ ?%/.test(text.text.slice(text.end(after), text.end(after) + 2))
    ) {
      const following = text.word(after + 1);
      if (!amounts.has(following) || /[.,;]/.test(text.gap(after)) || isYear(text, after + 1)) {
        day = true;
        last = after;
        after += 1;
        if (articles.has(text.word(after)) && text.gap(after - 1) === "") {
          last = after;
          after += 1;
        }
        // A range: March 3-5.
        if (dayOf(text, after) !== undefined && /^ ?[-–] ?$/.test(text.gap(after - 1))) {
          last = after;
          after += 1;
        }
      }
    } else if (
      ordinals.has(text.word(after)) ||
      (tens.has(text.word(after)) && ordinals.has(text.word(after + 1)))
    ) {
      day = true;
      last = tens.has(text.word(after)) ? after + 1 : after;
      after = last + 1;
    }
  }
  skip();
  if (
    after < text.count &&
    (isYear(text, after) ||
      (day &&
        /^['’]?\d{2}$/.test(text.raw(after)) &&
        /['’\-/ ]$/.test(text.gap(after - 1)) &&
        !/^[,.]? $/.test(text.gap(after - 1)))) &&
    /^[ \u00a0.,\-–/'’]{0,3}$/.test(text.gap(after - 1))
  ) {
    year = true;
    last = after;
  } else if (
    day &&
    after < text.count &&
    (text.word(after) === "nineteen" || (text.word(after) === "two" && text.word(after + 1) === "thousand"))
  ) {
    year = true;
    last = after + 1;
    while (last + 1 < text.count && spelledYears.has(text.word(last + 1)) && /^[ -]$/.test(text.gap(last))) {
      last += 1;
    }
  }

  if (day && (year || !doubtful || beforeDays.has(text.word(first - 1)))) {
    if (first > 0 && weekdays.has(text.word(first - 1)) && /^,? $/.test(text.gap(first - 1))) {
      first -= 1;
    }
    report("date", "named-date", text.start(first), text.end(last));
  } else if (
    !day &&
    year &&
    !(doubtful && !capital) &&
    !text.isAfter(token, 6, publications) &&
    !text.isBefore(last, 3, publications)
  ) {
    report("date", "month-and-year", text.start(first), text.end(last));
  }
}

const spelledYears = new Set(
  "and,hundred,thousand,oh,one,two,three,four,five,six,seven,eight,nine,ten,eleven,twelve,thirteen,fourteen,fifteen,sixteen,seventeen,eighteen,nineteen,twenty,thirty,forty,fifty,sixty,seventy,eighty,ninety".split(
    ",",
  ),
);

/** Dates but for a year alone, in numbers and by the names of months in seven languages; a day and month alone by words before it. */
export const dates: Recogniser = {
  shapes: ["number"],
  words: [...months.keys()],
  look: (text, token, report) => {
    if (text.hasDigit(token)) {
      lookAtNumber(text, token, report);
    } else {
      lookAtMonth(text, token, report);
    }
  },
};

/** A token such as 03DEC1958 or 3Dec58. */
export const joinedDates: Recogniser = {
  shapes: ["code"],
  look: (text, token, report) => {
    const found = /^(\d{1,2})([A-Za-z]{3,9})(\d{4}|\d{2})$/.exec(text.raw(token));
    if (found !== null && months.has(found[2]?.toLowerCase() ?? "") && isDay(Number(found[1]))) {
      report("date", "named-date", text.start(token), text.end(token));
      return;
    }
    // 2024-03-05T10:00:00Z ends in a token of digits and letters, which the number before it has taken; 12th of March begins here.
    const day = /^(\d{1,2})(?:st|nd|rd|th|er|re)$/i.exec(text.raw(token));
    if (day !== null && isDay(Number(day[1])) && /^ (?:of )?$/.test(text.gap(token))) {
      const month = months.has(text.word(token + 1)) ? token + 1 : token + 2;
      if (months.has(text.word(month))) {
        lookAtMonth(text, month, report);
      }
    }
  },
};
