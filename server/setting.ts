/** One environment variable: its name, what it is for, and how its text is read. */

/** Secrets shorter than this can be guessed; RFC 7518 section 3.2 asks for 32 bytes with HS256. */
export const MIN_SECRET_LENGTH = 32;

export interface Setting {
  /** Environment variable. */
  readonly name: string;
  /** As text, for server/README.md; null: no default, must be set (or may stay unset when `isOptional`). */
  readonly byDefault: string | null;
  readonly isOptional: boolean;
  readonly isSecret: boolean;
  readonly what: string;
}

export interface Parsed<T> {
  readonly value?: T;
  /** What is expected, when the text is something else: "a port from 0 to 65535". */
  readonly expected?: string;
}

export interface SettingRow<T> extends Setting {
  readonly parse: (text: string) => Parsed<T>;
}

export const number =
  (from: number, to: number) =>
  (text: string): Parsed<number> => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? { value } : { expected: `a whole number from ${from} to ${to}` };
  };

export const text = (value: string): Parsed<string> => ({ value });

export const secret = (value: string): Parsed<string> =>
  value.length >= MIN_SECRET_LENGTH ? { value } : { expected: `at least ${MIN_SECRET_LENGTH} characters` };

export const list = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

export function row<T>(setting: Partial<Setting> & Pick<Setting, 'name' | 'what'>, parse: SettingRow<T>['parse']) {
  return { byDefault: null, isOptional: false, isSecret: false, ...setting, parse } satisfies SettingRow<T>;
}
