import { cities, ordinaryCities } from "../lists/cities";
import { eponymNouns } from "../lists/eponyms";
import { doubtfulAbbreviations, largePlaces, stateAbbreviations, stateNames } from "../lists/places";
import type { Recogniser, Report } from "../recogniser";
import type { TokenText } from "../token-text";

const streetKinds = new Set(
  "street,st,avenue,ave,av,road,rd,boulevard,blvd,lane,ln,drive,dr,court,ct,way,place,pl,terrace,ter,circle,cir,parkway,pkwy,highway,hwy,square,sq,trail,trl,alley,crescent,close,row,walk,mews,loop,pike,turnpike,broadway,plaza,heights,grove,gardens,quay".split(
    ",",
  ),
);
/** Kinds of streets that are other words of medicine as well: only in full, with a capital. */
const directions = new Set("n,s,e,w,ne,nw,se,sw,north,south,east,west".split(","));
const units = new Set("apt,apartment,suite,ste,unit,floor,fl,room,rm,bldg,building,lot".split(","));
const germanStreet = /(?:straße|strasse|str\.|gasse|allee|platz|weg|ring|damm|ufer|chaussee|stieg|markt)$/i;
const germanStreetApart = new Set("strasse,str,allee,platz,weg,gasse,ring,damm,ufer".split(","));
const romanceStreets = new Set(
  "rue,avenue,boulevard,bd,impasse,allee,chemin,quai,cours,calle,avenida,avda,avd,paseo,plaza,camino,carrer,via,viale,corso,piazza,rua,ronda,travesia,carretera".split(
    ",",
  ),
);
const joining = new Set(
  "de,la,del,des,du,le,les,el,los,las,d,l,der,von,den,am,an,zur,zum,di,della,da,do,dos,st,saint,y".split(","),
);
const postOffice =
  /P\.? ?O\.? ?Box ?#? ?\d{1,6}|Postfach ?\d{1,6}|(?:Apartado(?: de correos)?|Bo[iî]te postale|BP) ?\d{1,6}/iy;
const british =
  /(?:A[BL]|B[ABDHLNRST]?|C[ABFHMORTVW]|D[ADEGHLNTY]|E[CHNX]?|F[KY]|G[LUY]?|H[ADGPRSUX]|I[GMPV]|JE|K[ATWY]|L[ADELNSU]?|M[EKL]?|N[EGNPRW]?|O[LX]|P[AEHLOR]|R[GHM]|S[AEGK-PRSTWY]?|T[ADFNQRSW]|UB|W[ACDFNRSV]?|YO|ZE)\d(?:\d|[A-Z])? ?\d[ABD-HJLNP-UW-Z]{2}(?![\dA-Za-z])/y;
const canadian = /[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]\d[ABCEGHJ-NPRSTV-Z]\d(?![\dA-Za-z])/y;
const extended = /\d{5}-\d{4}(?![\dA-Za-z]|-\d)/y;
const coordinates = /\d{1,3}\.\d{3,}°? ?[NS]?\s?[,;/ ]\s?[-+]?\d{1,3}\.\d{3,}°?(?: ?[EWO](?![A-Za-z]))?/y;
const degrees = /\d{1,3}° ?\d{1,2}[′'] ?(?:\d{1,2}(?:\.\d+)?[″"] ?)?[NSEWO]/y;
const postalWords = new Set("zip,zipcode,postal,postcode,plz,postleitzahl,postal_code,cp".split(","));
const endOfAddress = /\d{5} \p{Lu}[\p{L}'’-]{2,30}(?: [\p{L}'’-]{2,30}){0,3} ?(?=["|\r\n]|$)/uy;
const addressLabels = new Set(
  "address,adresse,anschrift,wohnort,direccion,domicilio,domicile,street,city,ort,ville,ciudad".split(","),
);
const liveWords = new Set(
  "lives,live,living,lived,resides,residing,resident,residence,reside,from,relocated,moved,hometown,born,address,native,grew,visited,traveled,travelled,wohnt,wohnhaft,lebt,aus,habite,demeurant,domicilie,domiciliee,vive,reside,residente,domicilio,natural,near,outside,town,city,village,suburb,county,transferred".split(
    ",",
  ),
);
const strictLiveWords = new Set(
  "lives,live,living,lived,resides,residing,resident,hometown,wohnt,wohnhaft,lebt,habite,demeurant,domicilie,domiciliee,vive,residente,relocated,moved".split(
    ",",
  ),
);
const prepositions = new Set("in,of,at,near,from,to,outside,a,en,de,city,town,the".split(","));
const notPlaces = new Set(
  "hospice,hospital,icu,nicu,picu,rehab,snf,ed,er,or,home,medical,clinic,assisted,independent,house,january,february,march,april,may,june,july,august,september,october,november,december,monday,tuesday,wednesday,thursday,friday,saturday,sunday".split(
    ",",
  ),
);
const countyWords = new Set(
  "county,parish,borough,township,landkreis,departement,comarca,provincia".split(","),
);
const notCounties = new Set("the,a,this,each,every,per,our,local,rural,urban".split(","));

/** Names of cities by their first word: the rest of each name, longest first, and whether it is another word as well. */
const byFirstWord = new Map<string, { readonly rest: readonly string[]; readonly doubtful: boolean }[]>();
for (const [names, doubtful] of [
  [cities, false],
  [ordinaryCities, true],
] as const) {
  for (const name of names) {
    const [first = "", ...rest] = name.split("_");
    const known = byFirstWord.get(first) ?? [];
    known.push({ rest, doubtful });
    byFirstWord.set(
      first,
      known.toSorted((one, other) => other.rest.length - one.rest.length),
    );
  }
}

function cityAt(
  text: TokenText,
  token: number,
): { readonly last: number; readonly doubtful: boolean } | undefined {
  for (const { rest, doubtful } of byFirstWord.get(text.word(token)) ?? []) {
    if (
      rest.every(
        (word, index) =>
          text.word(token + 1 + index) === word && /^[ .'’-]{1,2}$/.test(text.gap(token + index)),
      )
    ) {
      return { last: token + rest.length, doubtful };
    }
  }
  return undefined;
}

/** The last token of the name of a state that begins at a token, if one does. */
function stateAt(
  text: TokenText,
  token: number,
): { readonly last: number; readonly doubtful: boolean } | undefined {
  const raw = text.raw(token);
  if (stateAbbreviations.has(raw)) {
    return { last: token, doubtful: doubtfulAbbreviations.has(raw) };
  }
  if (!text.isCapital(token)) {
    return undefined;
  }
  if (stateNames.has(`${text.word(token)}_${text.word(token + 1)}`)) {
    return { last: token + 1, doubtful: false };
  }
  return stateNames.has(text.word(token)) ? { last: token, doubtful: false } : undefined;
}

function isZip(text: TokenText, token: number): boolean {
  return /^\d{5}$/.test(text.raw(token));
}

/** The end of a postcode after a token, or of the token itself. */
function withZip(text: TokenText, last: number): { readonly end: number; readonly zip: boolean } {
  if (isZip(text, last + 1) && /^[ ,]{1,2}$/.test(text.gap(last))) {
    const more = text.match(/-\d{4}(?!\d)/y, text.end(last + 1));
    return { end: text.end(last + 1) + (more?.[0].length ?? 0), zip: true };
  }
  return { end: text.end(last), zip: false };
}

/** The end of what follows a street: a flat, a city, a state, a postcode. */
function withRest(text: TokenText, last: number): number {
  let end = text.end(last);
  let at = last + 1;
  if (
    units.has(text.word(at)) &&
    /^[., #]{1,3}$/.test(text.gap(at - 1)) &&
    /^[ .#]{0,3}$/.test(text.gap(at)) &&
    text.raw(at + 1).length <= 5
  ) {
    end = text.end(at + 1);
    at += 2;
  } else if (/^,? #$/.test(text.gap(last)) && text.hasDigit(at)) {
    end = text.end(at);
    at += 1;
  }
  // Up to four words with capitals, then a state or a postcode.
  const limit = at + 4;
  for (let here = at; here <= limit && here < text.count; here += 1) {
    if (!/^[ ,.\n()]{1,3}$/.test(text.gap(here - 1))) {
      break;
    }
    const state = stateAt(text, here);
    if (state !== undefined && here > at) {
      return withZip(text, state.last).end;
    }
    if (isZip(text, here)) {
      const city = text.isCapital(here + 1) && text.gap(here) === " " ? here + 1 : here;
      return text.end(city);
    }
    if (!text.isCapital(here)) {
      break;
    }
  }
  return end;
}

function lookAtNumber(text: TokenText, token: number, report: Report): void {
  const start = text.start(token);
  const length = text.end(token) - start;
  if (length === 5) {
    const found = text.match(extended, start);
    if (found !== undefined) {
      report("geography", "zip-code", start, start + found[0].length);
      return;
    }
    if (isZip(text, token)) {
      const words = [text.word(token - 1), text.word(token - 2), text.word(token - 3)];
      if (words.some((word) => postalWords.has(word)) && text.isAfter(token, 3, postalWords)) {
        report("geography", "zip-code", start, start + 5);
        return;
      }
      if (addressLabels.has(text.word(token - 1)) && /[:|=]/.test(text.gap(token - 1))) {
        report("geography", "zip-code", start, start + 5);
        return;
      }
      // Coachella 24264; 20723 Bourges at the end of a line or a cell, after what is written before it.
      for (let first = token - 1; first >= token - 3 && first >= 0; first -= 1) {
        const named = text.isCapital(first) ? cityAt(text, first) : undefined;
        if (named?.last === token - 1 && /^,? $/.test(text.gap(token - 1))) {
          report("geography", "city-and-postcode", text.start(first), text.end(token));
          return;
        }
      }
      const ending = /, $/.test(text.gap(token - 1)) ? text.match(endOfAddress, start) : undefined;
      if (ending !== undefined) {
        report("geography", "postcode-and-city", start, start + ending[0].trimEnd().length);
        return;
      }
      // 10115 Berlin, 75002 Paris, 28013 Madrid.
      if (text.gap(token) === " " && text.isCapital(token + 1)) {
        const city = cityAt(text, token + 1);
        if (city !== undefined) {
          report("geography", "postcode-and-city", start, text.end(city.last));
          return;
        }
      }
      const state = stateAt(text, token - 1);
      if (
        state !== undefined &&
        /^[ ,]{1,2}$/.test(text.gap(token - 1)) &&
        (text.isCapital(token - 2) || !state.doubtful)
      ) {
        report("geography", "zip-code", start, start + 5);
        return;
      }
    }
  }
  if (
    length <= 3 &&
    (text.text.charCodeAt(start + length) === 46 || text.text.charCodeAt(start + length) === 176)
  ) {
    const found = text.match(coordinates, start) ?? text.match(degrees, start);
    if (found !== undefined) {
      const from = /[-+]/.test(text.text.charAt(start - 1)) ? start - 1 : start;
      report("geography", "coordinates", from, start + found[0].length);
      return;
    }
  }
  if (length > 6) {
    return;
  }
  // 12 rue de la Paix; 12, avenue Victor Hugo.
  if (
    /^,? (?:bis |ter )?$/.test(text.gap(token)) &&
    romanceStreets.has(text.word(token + 1)) &&
    !streetKinds.has(text.word(token + 1))
  ) {
    const last = streetName(text, token + 2);
    if (last !== undefined) {
      report("geography", "street-address", start, withRest(text, last));
      return;
    }
  }
  if (/^,? $/.test(text.gap(token)) && /^(?:avenue|boulevard|place)$/.test(text.word(token + 1))) {
    const last = streetName(text, token + 2);
    if (last !== undefined) {
      report("geography", "street-address", start, withRest(text, last));
      return;
    }
  }
  // 123 North Main Street.
  if (!text.isSpaced(token)) {
    return;
  }
  for (let at = token + 1; at <= token + 5 && at < text.count; at += 1) {
    // A point ends a sentence, but after what is short for a word.
    if (at > token + 1 && !text.isSpaced(at - 1)) {
      const gap = text.gap(at - 1);
      if (!/^['’-]$/.test(gap) && (gap !== ". " || text.word(at - 1).length > 4)) {
        return;
      }
    }
    const word = text.word(at);
    const capital = text.isCapital(at);
    if (
      at > token + 1 &&
      streetKinds.has(word) &&
      (capital || text.text.charAt(text.start(at - 1)).match(/[A-Z\d]/) !== null || word.length > 3)
    ) {
      const named = !directions.has(text.word(at - 1)) || at > token + 2;
      const clinical =
        !capital && !text.isCapital(at - 1) && !/^(?:street|avenue|road|boulevard|lane|drive)$/.test(word);
      // Elm Grove Road: the last word that is a kind of street counts.
      if (streetKinds.has(text.word(at + 1)) && text.isCapital(at + 1) && text.gap(at) === " ") {
        continue;
      }
      if (named && !clinical && !notStreets.has(text.word(token + 1))) {
        // Broadway Street East: a direction may follow.
        const last =
          directions.has(text.word(at + 1)) && text.gap(at) === " " && text.isCapital(at + 1) ? at + 1 : at;
        report("geography", "street-address", start, withRest(text, last));
        return;
      }
    }
    if (!capital && !text.hasDigit(at) && at > token + 3) {
      return;
    }
  }
}

/** Words after a number that make it an amount, not a house. */
const notStreets = new Set(
  "mg,ml,mcg,g,days,day,weeks,years,year,hours,patients,times,of,to,and,or,minutes,units,mm,cm,months,percent,feet,miles,step,way,steps".split(
    ",",
  ),
);

function streetName(text: TokenText, from: number): number | undefined {
  let last: number | undefined;
  for (let at = from; at < from + 6 && at < text.count; at += 1) {
    if (!/^[ '’.-]{1,2}$/.test(text.gap(at - 1)) && at > from) {
      break;
    }
    if (text.isCapital(at)) {
      last = at;
    } else if (!joining.has(text.word(at))) {
      break;
    }
  }
  return last;
}

/** Words between that somebody lives and where. */
const beforePlaces = new Set("in,at,of,a,en,de,to,near,outside".split(","));

function lookAtCapital(text: TokenText, token: number, report: Report): void {
  const start = text.start(token);
  const word = text.word(token);

  // Hauptstraße 12; Berliner Allee 5.
  const end = text.end(token);
  const numbered = text.hasDigit(token + 1);
  if (
    numbered &&
    germanStreet.test(text.raw(token) + (text.text.charAt(end) === "." ? "." : "")) &&
    word.length > 4
  ) {
    if (
      /^\.? $/.test(text.gap(token)) &&
      /^\d{1,4}[a-z]?$/.test(text.raw(token + 1)) &&
      !/^[%/]/.test(text.text.slice(text.end(token + 1)))
    ) {
      report("geography", "street-address", start, withRest(text, token + 1));
      return;
    }
  }
  if (
    !numbered &&
    germanStreetApart.has(text.word(token + 1)) &&
    /^[ -]$/.test(text.gap(token)) &&
    /^\.? $/.test(text.gap(token + 1)) &&
    /^\d{1,4}[a-z]?$/.test(text.raw(token + 2)) &&
    text.isCapital(token + 1)
  ) {
    report("geography", "street-address", start, withRest(text, token + 2));
    return;
  }
  // Calle Mayor 5; Avenida de la Constitución, 12.
  if (romanceStreets.has(word)) {
    const last = streetName(text, token + 1);
    if (
      last !== undefined &&
      /^,? (?:n[º°.]? ?)?$/.test(text.gap(last)) &&
      /^\d{1,4}[a-z]?$/i.test(text.raw(last + 1))
    ) {
      report("geography", "street-address", start, withRest(text, last + 1));
      return;
    }
  }
  if (
    word === "p" ||
    word === "po" ||
    word === "postfach" ||
    word === "apartado" ||
    word === "bp" ||
    word === "boite"
  ) {
    const found = text.match(postOffice, start);
    if (
      found !== undefined &&
      (word !== "bp" ||
        (text.raw(token) === "BP" && text.isCapital(text.tokenFrom(start + found[0].length, token))))
    ) {
      report("geography", "post-office-box", start, start + found[0].length);
      return;
    }
  }
  // Words with capitals, a comma, a state: Springfield, IL 62704.
  let last = token;
  while (
    last < token + 3 &&
    text.isCapital(last + 1) &&
    /^[ '’-]$/.test(text.gap(last)) &&
    !stateAbbreviations.has(text.raw(last + 1))
  ) {
    last += 1;
  }
  if (!(text.isCapital(token - 1) && text.gap(token - 1) === " ") || prepositions.has(text.word(token - 1))) {
    for (let here = last; here >= token; here -= 1) {
      if (
        countyWords.has(text.word(here)) &&
        here > token &&
        !notCounties.has(word) &&
        text.raw(here) !== word
      ) {
        report("geography", "county", start, text.end(here));
        return;
      }
      const gap = text.gap(here);
      if (gap === ", " || gap === " " || gap === ",") {
        const state = text.isCapital(here + 1) ? stateAt(text, here + 1) : undefined;
        if (state !== undefined && here + 1 !== token) {
          const zipped = withZip(text, state.last);
          const city = cityAt(text, token);
          const known = city !== undefined && city.last === here;
          if (
            zipped.zip ||
            (known && (!state.doubtful || gap === ", " || text.isAfter(token, 2, prepositions))) ||
            (gap === ", " &&
              !state.doubtful &&
              !stateNames.has(word) &&
              !largePlaces.has(word) &&
              text.raw(state.last).length > 1 &&
              (text.raw(here + 1).length > 2 || text.isAfter(token, 3, liveAndPrepositions)))
          ) {
            report("geography", "city-and-state", start, zipped.end);
            return;
          }
        }
      }
    }
  }
  const lives = beforePlaces.has(text.word(token - 1)) && text.isAfter(token, 3, strictLiveWords);
  const city = cityAt(text, token);
  if (city !== undefined && !text.isCapitals(token)) {
    const after = city.last + 1;
    const eponym = text.isBefore(city.last, 3, eponymNouns) || /^(?:I{1,3}|IV|V)$/.test(text.raw(after));
    const near = lives || (prepositions.has(text.word(token - 1)) && text.isAfter(token, 5, liveWords));
    if (
      !eponym &&
      (near || !city.doubtful || (/^(?:in|near)$/.test(text.word(token - 1)) && !text.isCapital(after)))
    ) {
      if (!city.doubtful || near || !largePlaces.has(word)) {
        report("geography", "city", start, text.end(city.last));
        return;
      }
    }
  }
  if (
    lives &&
    !largePlaces.has(word) &&
    !notPlaces.has(word) &&
    !stateNames.has(`${word}_${text.word(token + 1)}`) &&
    !text.isCapitals(token)
  ) {
    let end = token;
    while (end < token + 2 && text.isCapital(end + 1) && /^[ -]$/.test(text.gap(end))) {
      end += 1;
    }
    report("geography", "place-of-living", start, text.end(end));
    return;
  }
  if (word === "county" && text.word(token + 1) === "of" && text.isCapital(token + 2)) {
    report("geography", "county", start, text.end(token + 2));
  }
}

const liveAndPrepositions = new Set([...liveWords, "in", "near", "at", "of"]);

function lookAtCode(text: TokenText, token: number, report: Report): void {
  const start = text.start(token);
  const length = text.end(token) - start;
  if (length >= 2 && length <= 4) {
    const found = text.match(british, start);
    if (found !== undefined && found[0].includes(" ")) {
      report("geography", "uk-postcode", start, start + found[0].length);
      return;
    }
  }
  if (length === 3) {
    const found = text.match(canadian, start);
    if (found !== undefined) {
      report("geography", "canadian-postcode", start, start + found[0].length);
    }
  }
}

/** Addresses, postcodes, cities, counties and coordinates: whatever is smaller than a state. */
export const geography: Recogniser = {
  shapes: ["number", "code", "capital"],
  look: (text, token, report) => {
    if (!text.hasDigit(token)) {
      lookAtCapital(text, token, report);
      return;
    }
    const first = text.text.charCodeAt(text.start(token));
    if (first >= 48 && first <= 57) {
      lookAtNumber(text, token, report);
    } else {
      lookAtCode(text, token, report);
    }
  },
};
