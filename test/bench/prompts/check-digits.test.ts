import { describe, expect, test } from "vitest";

import {
  bankAccount,
  britishHealthNumber,
  drugRegistration,
  frenchSecurityNumber,
  germanInsuranceNumber,
  indianIdentityNumber,
  medicareIdentifier,
  polishIdentityNumber,
  providerIdentifier,
  routingNumber,
  socialSecurityNumber,
  spanishIdentityNumber,
  vehicleNumber,
  withLuhn,
} from "../../../bench/prompts/check-digits";
import { Random } from "../../../bench/prompts/random";

/** Chance that gives the digits of a number, so that what is made of them can be compared with one that is published. */
class Scripted extends Random {
  private readonly signs: string[];

  constructor(text: string) {
    super("");
    this.signs = Array.from(text);
  }

  override digits(count: number): string {
    return this.signs.splice(0, count).join("");
  }

  override letters(count: number): string {
    return this.digits(count);
  }

  override whole(least: number, most: number): number {
    return Number(this.digits(String(most).length).padStart(String(least).length, "0"));
  }

  override pick<Value>(values: readonly Value[]): Value {
    const [next] = this.signs;
    const picked = values.find((value) => String(value).startsWith(next ?? ""));
    if (picked === undefined) {
      return super.pick(values);
    }
    this.digits(String(picked).length);
    return picked;
  }
}

describe("numbers with check digits are as those that are published", () => {
  test("a card, by ISO/IEC 7812-1", () => {
    expect(withLuhn("7992739871")).toBe("79927398713");
  });

  test("a provider, in the example of CMS", () => {
    expect(providerIdentifier(new Scripted("123456789"))).toBe("1234567893");
  });

  test("a registration for controlled drugs", () => {
    expect(drugRegistration(new Scripted("123456AB"))).toBe("AB1234563");
  });

  test("bank accounts, in the examples of their registry", () => {
    expect(bankAccount("GB", "NWBK60161331926819")).toBe("GB29NWBK60161331926819");
    expect(bankAccount("DE", "370400440532013000")).toBe("DE89370400440532013000");
    expect(bankAccount("ES", "21000418450200051332")).toBe("ES9121000418450200051332");
  });

  test("an Aadhaar number, by Verhoeff", () => {
    expect(indianIdentityNumber(new Scripted("99999999001"))).toBe("999999990019");
  });

  test("a Polish identity number", () => {
    expect(polishIdentityNumber(new Scripted("4405140145"))).toBe("44051401458");
  });

  test("a Spanish identity number", () => {
    expect(spanishIdentityNumber(new Scripted("12345678"))).toBe("12345678Z");
  });

  test("a German insurance number, in the example of its rule", () => {
    expect(germanInsuranceNumber(new Scripted("A00000000"))).toBe("A000000002");
  });

  test("a French security number", () => {
    expect(frenchSecurityNumber(new Scripted("2550814168025"))).toBe("255081416802538");
  });

  test("a routing number", () => {
    expect(routingNumber(new Scripted("1100001"))).toBe("011000015");
  });
});

describe("numbers by rule alone", () => {
  const random = new Random("numbers");

  test("social security numbers can have been given out", () => {
    for (let time = 0; time < 2000; time += 1) {
      expect(socialSecurityNumber(random).join("-")).toMatch(
        /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/,
      );
    }
  });

  test("Medicare identifiers have the form that CMS says", () => {
    const letter = "[AC-HJKMNP-RT-Y]";
    const either = "[0-9AC-HJKMNP-RT-Y]";
    const form = new RegExp(`^[1-9]${letter}${either}\\d${letter}${either}\\d${letter}{2}\\d{2}$`);
    for (let time = 0; time < 200; time += 1) {
      expect(medicareIdentifier(random)).toMatch(form);
    }
  });

  test("vehicle numbers have the check digit that their other signs give", () => {
    const worth = (sign: string): number =>
      /\d/.test(sign)
        ? Number(sign)
        : Number(
            {
              ...{ A: 1, J: 1, B: 2, K: 2, S: 2, C: 3, L: 3, T: 3, D: 4, M: 4, U: 4 },
              ...{ E: 5, N: 5, V: 5, F: 6, W: 6, G: 7, P: 7, X: 7, H: 8, Y: 8, R: 9, Z: 9 },
            }[sign],
          );
    for (let time = 0; time < 200; time += 1) {
      const number = vehicleNumber(random);
      expect(number).toMatch(/^[A-HJ-NPR-Z0-9]{17}$/);
      const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
      const rest = weights.reduce((sum, weight, at) => sum + weight * worth(number[at] ?? ""), 0) % 11;
      expect(number[8]).toBe(rest === 10 ? "X" : String(rest));
    }
  });

  test("British health numbers leave no rest by eleven", () => {
    for (let time = 0; time < 200; time += 1) {
      const digits = Array.from(britishHealthNumber(random)).map(Number);
      expect(digits.length).toBe(10);
      expect(digits.reduce((sum, digit, at) => sum + digit * (at === 9 ? 1 : 10 - at), 0) % 11).toBe(0);
    }
  });
});
