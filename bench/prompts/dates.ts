import type { Language, SetName } from "./labelled-prompt";
import type { Random } from "./random";

const months: Readonly<Record<Language, readonly string[]>> = {
  en: [
    ...["January", "February", "March", "April", "May", "June"],
    ...["July", "August", "September", "October", "November", "December"],
  ],
  de: [
    ...["Januar", "Februar", "März", "April", "Mai", "Juni"],
    ...["Juli", "August", "September", "Oktober", "November", "Dezember"],
  ],
  fr: [
    ...["janvier", "février", "mars", "avril", "mai", "juin"],
    ...["juillet", "août", "septembre", "octobre", "novembre", "décembre"],
  ],
  es: [
    ...["enero", "febrero", "marzo", "abril", "mayo", "junio"],
    ...["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
  ],
};

/** A day, in the ways to write it. */
interface Day {
  readonly year: string;
  /** Two digits each; `month` and `day` without the zero before. */
  readonly mm: string;
  readonly dd: string;
  readonly month: string;
  readonly day: string;
  readonly name: string;
}

function ordinal(day: string): string {
  return `${day}${/1[123]$/.test(day) ? "th" : day.endsWith("1") ? "st" : day.endsWith("2") ? "nd" : day.endsWith("3") ? "rd" : "th"}`;
}

type Form = (day: Day) => string;

const numeric: Readonly<Record<SetName, readonly Form[]>> = {
  tuning: [
    ({ mm, dd, year }) => `${mm}/${dd}/${year}`,
    ({ mm, dd, year }) => `${year}-${mm}-${dd}`,
    ({ mm, dd, year }) => `${dd}.${mm}.${year}`,
  ],
  reported: [
    ({ month, day, year }) => `${month}/${day}/${year.slice(2)}`,
    ({ mm, dd, year }) => `${dd}-${mm}-${year}`,
    ({ mm, dd, year }) => `${year}/${mm}/${dd}`,
    ({ mm, dd, year }) => `${year}-${mm}-${dd}T08:15:00Z`,
  ],
};

const written: Readonly<Record<Language, Readonly<Record<SetName, readonly Form[]>>>> = {
  en: {
    tuning: [
      ({ name, day, year }) => `${name} ${day}, ${year}`,
      ({ name, day, year }) => `${day} ${name} ${year}`,
      ({ name, dd, year }) => `${dd}-${name.slice(0, 3)}-${year}`,
    ],
    reported: [
      ({ name, day, year }) => `${name} ${ordinal(day)}, ${year}`,
      ({ name, day, year }) => `${name.slice(0, 3)}. ${day}, ${year}`,
      ({ name, dd, year }) => `${dd}${name.slice(0, 3).toUpperCase()}${year}`,
      ({ name, day, year }) => `the ${ordinal(day)} of ${name} ${year}`,
      ({ name, day }) => `${name} ${day}`,
    ],
  },
  de: {
    tuning: [
      ({ name, day, year }) => `${day}. ${name} ${year}`,
      ({ day, month, year }) => `${day}.${month}.${year}`,
    ],
    reported: [
      ({ name, day, year }) => `den ${day}. ${name} ${year}`,
      ({ dd, mm, year }) => `${dd}.${mm}.${year.slice(2)}`,
      ({ name, day }) => `${day}. ${name}`,
    ],
  },
  fr: {
    tuning: [({ name, day, year }) => `${day} ${name} ${year}`, ({ dd, mm, year }) => `${dd}/${mm}/${year}`],
    reported: [
      ({ name, day, year }) => `${day === "1" ? "1er" : day} ${name} ${year}`,
      ({ dd, mm, year }) => `${dd}.${mm}.${year}`,
      ({ name, day }) => `${day === "1" ? "1er" : day} ${name}`,
    ],
  },
  es: {
    tuning: [
      ({ name, day, year }) => `${day} de ${name} de ${year}`,
      ({ dd, mm, year }) => `${dd}/${mm}/${year}`,
    ],
    reported: [
      ({ name, day, year }) => `${day} de ${name} del ${year}`,
      ({ dd, mm, year }) => `${dd}-${mm}-${year}`,
      ({ name, day }) => `${day} de ${name}`,
    ],
  },
};

function dayBetween(random: Random, least: number, most: number, language: Language): Day {
  const [month, day] = [random.whole(1, 12), random.whole(1, 28)];
  return {
    year: String(random.whole(least, most)),
    mm: String(month).padStart(2, "0"),
    dd: String(day).padStart(2, "0"),
    month: String(month),
    day: String(day),
    name: months[language][month - 1] ?? "",
  };
}

/** A day in a form of the set: of birth, or of what happened lately. */
export function dateText(random: Random, set: SetName, language: Language, of: "birth" | "care"): string {
  const day =
    of === "birth" ? dayBetween(random, 1934, 2015, language) : dayBetween(random, 2019, 2026, language);
  const forms = random.next() < 0.45 ? numeric[set] : written[language][set];
  const text = random.pick(forms)(day);
  return of === "birth" && !text.includes(day.year.slice(2)) ? random.pick(numeric[set])(day) : text;
}

/** A day, with the time or without, as HL7 version 2 writes it. */
export function hl7Date(random: Random, of: "birth" | "care"): string {
  const { year, mm, dd } =
    of === "birth" ? dayBetween(random, 1934, 2015, "en") : dayBetween(random, 2019, 2026, "en");
  return `${year}${mm}${dd}${of === "birth" ? "" : `${String(random.whole(0, 23)).padStart(2, "0")}${random.pick(["00", "15", "42"])}00`}`;
}

const oldAges: Readonly<Record<Language, Readonly<Record<SetName, readonly string[]>>>> = {
  en: {
    tuning: ["9# years old", "9#-year-old", "aged 9#"],
    reported: ["9# y/o", "9#yo", "9#-yr-old", "age 9#", "10# years of age"],
  },
  de: {
    tuning: ["9# Jahre alt", "9#-jährige"],
    reported: ["9#-jähriger", "9# J. alt", "im Alter von 9# Jahren"],
  },
  fr: { tuning: ["9# ans", "âgée de 9# ans"], reported: ["âgé de 9# ans", "9# ans révolus"] },
  es: { tuning: ["9# años", "9# años de edad"], reported: ["de 9# años", "edad: 9# años"] },
};

/** An age over 89. */
export function oldAge(random: Random, set: SetName, language: Language): string {
  const form = random.pick(oldAges[language][set]);
  return form.replace("#", String(form.startsWith("10") ? random.whole(0, 4) : random.whole(0, 9)));
}
