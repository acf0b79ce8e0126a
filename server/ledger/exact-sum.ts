/** A sum of integers that stays exact beyond 2^53: plain numbers while they fit, which is nearly always, and bigint for the rest. */
export class ExactSum {
  #small = 0;
  #large = 0n;

  add(value: number): void {
    const sum = this.#small + value;
    if (Number.isSafeInteger(sum)) {
      this.#small = sum;
      return;
    }
    this.#large += BigInt(this.#small) + BigInt(value);
    this.#small = 0;
  }

  get total(): bigint {
    return this.#large + BigInt(this.#small);
  }
}
