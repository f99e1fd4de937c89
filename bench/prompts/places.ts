import { de, en, es, fr } from "@faker-js/faker";

import type { Language, SetName } from "./labelled-prompt";
import type { Random } from "./random";

const locales = { en, de, fr, es } as const;

function half<Value>(values: readonly Value[], set: SetName): readonly Value[] {
  return values.filter((_, index) => index % 2 === (set === "tuning" ? 0 : 1));
}

/** Cities of a language's countries that a set uses; no other set does. */
function cities(set: SetName, language: Language): readonly string[] {
  return half(locales[language].location?.city_name ?? [], set);
}

const streetKinds: Readonly<Record<SetName, Readonly<Record<Language, readonly string[]>>>> = {
  tuning: {
    en: ["# Street", "# Avenue", "# Road"],
    de: ["#straße", "#weg"],
    fr: ["rue #", "avenue #"],
    es: ["Calle #", "Avenida #"],
  },
  reported: {
    en: ["# Lane", "# St.", "# Blvd", "# Drive"],
    de: ["#str.", "#-Allee", "#gasse"],
    fr: ["boulevard #", "place #", "chemin #"],
    es: ["C/ #", "Paseo #", "Plaza #"],
  },
};

const streetNames: Readonly<Record<SetName, Readonly<Record<Language, readonly string[]>>>> = {
  tuning: {
    en: ["Oak", "Willow Creek", "Jefferson", "Prospect", "Sycamore", "Chestnut"],
    de: ["Linden", "Garten", "Schiller", "Kirch", "Rosen"],
    fr: ["de la République", "Victor-Hugo", "des Lilas", "du Moulin"],
    es: ["Mayor", "de la Paz", "Cervantes", "del Carmen"],
  },
  reported: {
    en: ["Magnolia", "Harbor View", "Lexington", "Birchwood", "Fox Hollow", "Quarry"],
    de: ["Ahorn", "Mühlen", "Goethe", "Berg", "Wiesen"],
    fr: ["des Acacias", "Pasteur", "de l'Église", "Jean-Moulin"],
    es: ["de Goya", "San Roque", "del Prado", "Colón"],
  },
};

/** A city in which somebody lives. */
export function city(random: Random, set: SetName, language: Language): string {
  return random.pick(cities(set, language));
}

/** A street and the number of a house, as a language writes them. */
export function street(random: Random, set: SetName, language: Language): string {
  const name = random.pick(streetKinds[set][language]).replace("#", random.pick(streetNames[set][language]));
  const number = String(random.whole(1, 980));
  return language === "en" || language === "fr" ? `${number} ${name}` : `${name} ${number}`;
}

/** A postal code of a language's largest country. */
export function postalCode(random: Random, set: SetName, language: Language): string {
  const five = `${String(random.whole(10, 52))}${random.digits(3)}`;
  return language === "en" && set === "reported" && random.next() < 0.5
    ? `${five}-${random.digits(4)}`
    : five;
}
