/** Digits of a fraction of micros. */
const DECIMALS = 6;

/** Micros as units, both in digits: "-55000" is "-0.055", "2000000" is "2". Exact, and as a number would be written. */
export function unitsText(micros: string): string {
  const sign = micros.startsWith('-') ? '-' : '';
  const digits = micros.slice(sign.length).padStart(DECIMALS + 1, '0');
  let end = digits.length;
  const point = end - DECIMALS;
  while (end > point && digits[end - 1] === '0') end -= 1;
  const whole = sign + digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}
