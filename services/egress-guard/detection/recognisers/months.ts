/** The months by their names in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents. */
const names: readonly string[] = [
  "january jan januar janner jan janvier janv enero ene gennaio gen janeiro januari",
  "february feb februar feber fevrier fevr fev febrero febbraio fevereiro februari",
  "march mar marz maerz mars marzo marco maart mrz",
  "april apr avril avr abril abr aprile",
  "may mai mayo maggio mag maio mei",
  "june jun juni juin junio giugno giu junho",
  "july jul juli juillet juil julio luglio lug julho",
  "august aug aout agosto ago augustus",
  "september sep sept septembre septiembre settembre setembro set",
  "october oct oktober okt octobre octubre ottobre outubro out",
  "november nov novembre noviembre novembro",
  "december dec dezember dez decembre diciembre dic dicembre dezembro december",
];

/** Every name of a month, with its number. */
export const months: ReadonlyMap<string, number> = new Map(
  names.flatMap((line, index) => line.split(" ").map((name) => [name, index + 1] as const)),
);

/** Names of months that are other words as well: they need a day and a year beside them, or a capital letter. */
export const ordinaryMonths: ReadonlySet<string> = new Set(
  "may,march,mar,mai,mars,marco,set,out,dec,dic,gen,ago,mag,lug,giu,ene,jan,oct,sep,mei,nov,august,feb,jun".split(
    ",",
  ),
);
