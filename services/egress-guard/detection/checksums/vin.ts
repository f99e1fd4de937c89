const values: Readonly<Record<string, number>> = {
  ...Object.fromEntries(Array.from("0123456789").map((digit) => [digit, Number(digit)])),
  ...Object.fromEntries(Array.from("ABCDEFGH").map((letter, index) => [letter, index + 1])),
  ...Object.fromEntries(Array.from("JKLMN").map((letter, index) => [letter, index + 1])),
  P: 7,
  R: 9,
  ...Object.fromEntries(Array.from("STUVWXYZ").map((letter, index) => [letter, index + 2])),
};
const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

/** Whether a vehicle identification number of 17 characters has its check digit, as in North America (49 CFR §565.15(c)). */
export function isVin(number: string): boolean {
  if (number.length !== 17) {
    return false;
  }
  let sum = 0;
  for (const [index, character] of Array.from(number.toUpperCase()).entries()) {
    const value = values[character];
    if (value === undefined) {
      return false;
    }
    sum += value * (weights[index] ?? 0);
  }
  const remainder = sum % 11;
  return number.charAt(8).toUpperCase() === (remainder === 10 ? "X" : String(remainder));
}
