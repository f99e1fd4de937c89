import { de, en, en_IN, es, fr, pl } from "@faker-js/faker";

import { setNames, type Language, type SetName } from "./labelled-prompt";
import type { Random } from "./random";

/** A person in a prompt. */
export interface Person {
  readonly first: string;
  readonly last: string;
}

/** Where names come from: the four languages, and names of five others in Latin letters. */
export const cultures = [
  "en",
  "de",
  "fr",
  "es",
  "arabic",
  "chinese",
  "indian",
  "polish",
  "vietnamese",
] as const;
export type Culture = (typeof cultures)[number];

interface Names {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** What a locale of Faker has, of both sexes. */
function ofLocale({ person }: typeof en): Names {
  const { first_name: first, last_name: last } = person ?? {};
  return {
    first: [...(first?.generic ?? []), ...(first?.female ?? []), ...(first?.male ?? [])],
    last: last?.generic ?? [],
  };
}

/** Names that Faker has in no Latin letters, as passports transliterate them. */
const transliterated = {
  arabic: {
    first:
      words(`Khalid Fatima Yousef Layla Mahmoud Noura Tariq Samira Bilal Zainab Faisal Huda Jamal Rania Marwan Salma
      Nabil Yasmin Walid Amal Hisham Dalal Munir Sawsan Ziad Maysoon`),
    last: words(`Al-Masri El-Sayed Haddad Al-Rashid Nasser Khoury Al-Zahrani Mansour Bakri Al-Qahtani Shaheen Abdelrahman
      Al-Harbi Boutros Darwish El-Amin Hamdan Saleh Al-Otaibi Tawfiq Qasim Al-Najjar Fayed Barakat`),
  },
  chinese: {
    first:
      words(`Xiaoming Meiling Jianguo Yan Wenjie Lihua Zhiqiang Xiuying Haoran Yuxin Guowei Fang Junjie Qiuyue Shufen
      Tianyu Ruolan Weimin Jingyi Zihan Peng Xueqin Mingzhu Bowen`),
    last: words(`Zhang Wang Chen Liu Zhao Huang Zhou Xu Sun Guo Luo Zheng Xie Tang Cao Deng Xiao Tian Dong Pan Yuan Cai
      Jiang Yu`),
  },
  vietnamese: {
    first:
      words(`Minh Linh Tuan Huong Duc Trang Hieu Ngoc Khanh Phuong Quang Thuy Dung Hanh Long Mai Nam Yen Thanh Loan
      Bao Chau Tien Nhung`),
    last: words("Nguyen Tran Pham Hoang Phan Vu Dang Bui Duong Ngo Truong Dinh Trinh Luong Mac Ta Lam Cao"),
  },
} as const;

const all: Readonly<Record<Culture, Names>> = {
  en: ofLocale(en),
  de: ofLocale(de),
  fr: ofLocale(fr),
  es: ofLocale(es),
  indian: ofLocale(en_IN),
  polish: ofLocale(pl),
  ...transliterated,
};

/** Every name once, whatever it is for and where it is known: each belongs to one of the sets. */
const owner = new Map<string, SetName>(
  [...new Set(Object.values(all).flatMap(({ first, last }) => [...first, ...last]))].map((name, index) => [
    name,
    index % 2 === 0 ? "tuning" : "reported",
  ]),
);

/** The names of each culture in each set. */
const divided = new Map(
  setNames.map((set) => {
    const own = (name: string): boolean => owner.get(name) === set && name.length > 1 && !name.includes(" ");
    return [
      set,
      new Map(
        cultures.map((culture) => [
          culture,
          { first: all[culture].first.filter(own), last: all[culture].last.filter(own) },
        ]),
      ),
    ];
  }),
);

/** The names of a culture that a set uses; no other set does. */
export function namesOf(set: SetName, culture: Culture): Names {
  return divided.get(set)?.get(culture) ?? { first: [], last: [] };
}

/** Somebody: of the prompt's language more often than not. */
export function somebody(random: Random, set: SetName, language: Language): Person {
  const { first, last } = namesOf(set, random.next() < 0.55 ? language : random.pick(cultures));
  return { first: random.pick(first), last: random.pick(last) };
}
