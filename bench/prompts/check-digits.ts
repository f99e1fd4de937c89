import type { Random } from "./random";

function digitsOf(text: string): readonly number[] {
  return Array.from(text).map(Number);
}

function weighted(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + value * (weights[index % weights.length] ?? 0), 0);
}

/** A number with the digit after it that ISO/IEC 7812-1 (Luhn) wants. */
export function withLuhn(digits: string): string {
  const sum = digitsOf(digits)
    .toReversed()
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return `${digits}${String((10 - (sum % 10)) % 10)}`;
}

/** A national provider identifier (45 CFR §162.406): Luhn's digit over the issuer's prefix 80840 and nine digits. */
export function providerIdentifier(random: Random): string {
  return withLuhn(`80840${String(random.whole(1, 2))}${random.digits(8)}`).slice(5);
}

/** A registration number of the Drug Enforcement Administration: two letters, six digits and their check digit. */
export function drugRegistration(random: Random): string {
  const digits = random.digits(6);
  const sum = weighted(digitsOf(digits), [1, 2]);
  return `${random.pick(Array.from("ABFGM"))}${random.letters(1)}${digits}${String(sum % 10)}`;
}

/** A vehicle identification number with the check digit of 49 CFR §565.15(c). */
export function vehicleNumber(random: Random): string {
  const letters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  const signs = Array.from(
    `${random.pick(["1HG", "1FT", "2T1", "3VW", "4T1", "5YJ", "JH4", "WBA"])}${random.letters(5, `${letters}123456789`)}0${random.letters(1, "HJKLMNPR")}${random.letters(1, "ABCDEFG")}${random.digits(6)}`,
  );
  const worth = (sign: string): number =>
    /\d/.test(sign) ? Number(sign) : Number("12345678012345070923456789"[sign.charCodeAt(0) - 65] ?? 0);
  const rest = weighted(signs.map(worth), [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
  return [...signs.slice(0, 8), rest === 10 ? "X" : String(rest), ...signs.slice(9)].join("");
}

/** A Medicare beneficiary identifier, in the form that CMS gives out: no S, L, O, I, B or Z. */
export function medicareIdentifier(random: Random): string {
  const letter = (): string => random.letters(1, "ACDEFGHJKMNPQRTUVWXY");
  const either = (): string => random.letters(1, "ACDEFGHJKMNPQRTUVWXY0123456789");
  const digit = (): string => random.digits(1);
  return [
    String(random.whole(1, 9)),
    ...[letter(), either(), digit(), letter(), either(), digit(), letter(), letter(), digit(), digit()],
  ].join("");
}

/** A social security number that can have been given out (20 CFR §422.103): no area 000, 666 or 9xx, group 00 or serial 0000. */
export function socialSecurityNumber(random: Random): readonly [string, string, string] {
  const area = random.whole(1, 899);
  return [
    String(area === 666 ? 665 : area).padStart(3, "0"),
    String(random.whole(1, 99)).padStart(2, "0"),
    String(random.whole(1, 9999)).padStart(4, "0"),
  ];
}

/** The rest of a number of any length, of which ten letters stand for 10 to 35. */
function rest97(text: string): number {
  return Array.from(text)
    .flatMap((sign) => Array.from(/\d/.test(sign) ? sign : String(sign.charCodeAt(0) - 55)))
    .reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}

/** An international bank account number (ISO 13616). */
export function bankAccount(country: string, account: string): string {
  return `${country}${String(98 - rest97(`${account}${country}00`)).padStart(2, "0")}${account}`;
}

/** A French social security number (NIR), with its key. */
export function frenchSecurityNumber(random: Random): string {
  const number = `${String(random.whole(1, 2))}${String(random.whole(30, 99))}${String(random.whole(1, 12)).padStart(2, "0")}${String(random.whole(1, 95)).padStart(2, "0")}${random.digits(6)}`;
  return `${number}${String(97 - Number(BigInt(number) % 97n)).padStart(2, "0")}`;
}

/** A German health insurance number (Krankenversichertennummer): a letter, eight digits and their check digit. */
export function germanInsuranceNumber(random: Random): string {
  const letter = random.letters(1);
  const digits = random.digits(8);
  const ordinal = String(letter.charCodeAt(0) - 64).padStart(2, "0");
  const sum = digitsOf(`${ordinal}${digits}`)
    .map((digit, index) => digit * (index % 2 === 0 ? 1 : 2))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return `${letter}${digits}${String(sum % 10)}`;
}

/** A number of the British National Health Service, with its check digit by eleven. */
export function britishHealthNumber(random: Random): string {
  for (;;) {
    const digits = `4${random.digits(8)}`;
    const check = 11 - (weighted(digitsOf(digits), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
    if (check !== 10) {
      return `${digits}${String(check % 11)}`;
    }
  }
}

/** A Spanish identity number (DNI): eight digits and the letter that their rest by 23 chooses. */
export function spanishIdentityNumber(random: Random): string {
  const digits = String(random.whole(10_000_000, 79_999_999));
  return `${digits}${"TRWAGMYFPDXBNJZSQVHLCKE"[Number(digits) % 23] ?? ""}`;
}

/** A Polish identity number (PESEL), with its check digit. */
export function polishIdentityNumber(random: Random): string {
  const digits = `${String(random.whole(30, 99))}${String(random.whole(1, 12)).padStart(2, "0")}${String(random.whole(1, 28)).padStart(2, "0")}${random.digits(4)}`;
  return `${digits}${String((10 - (weighted(digitsOf(digits), [1, 3, 7, 9]) % 10)) % 10)}`;
}

const products = [
  "0123456789",
  "1234067895",
  "2340178956",
  "3401289567",
  "4012395678",
  "5987604321",
  "6598710432",
  "7659821043",
  "8765932104",
  "9876543210",
] as const;
const permutation = "1576283094";

/** An Indian Aadhaar number, with the check digit of Verhoeff's scheme. */
export function indianIdentityNumber(random: Random): string {
  const digits = `${String(random.whole(2, 9))}${random.digits(10)}`;
  const permuted = (digit: number, times: number): number =>
    times === 0 ? digit : permuted(Number(permutation[digit]), times - 1);
  const product = (a: number, b: number): number => Number(products[a]?.[b]);
  const check = [0, ...digitsOf(digits).toReversed()].reduce(
    (state, digit, index) => product(state, permuted(digit, index % 8)),
    0,
  );
  return `${digits}${"0432156789"[check] ?? ""}`;
}

/** A bank's routing number of the American Bankers Association. */
export function routingNumber(random: Random): string {
  const digits = `0${String(random.whole(1, 9))}${random.digits(6)}`;
  return `${digits}${String((10 - (weighted(digitsOf(digits), [3, 7, 1]) % 10)) % 10)}`;
}
