/** Rows of numbers that somebody has bought: whose they are, who may use them, and until when they are paid. */

/**
 * Ownership is a row of its own: inserting it is the claim, its primary key makes two owners impossible. A number that was given back keeps
 * its row (state "returned"); whoever buys it next writes the next version over it, which only one can.
 */
export interface NumberOwnerRow {
  readonly number: string;
  readonly accountId: string;
  /** Who uses it and pays its rent. */
  readonly officeId: string;
  /** Whose it is within the office; null: everybody's. */
  readonly personId: string | null;
  readonly purchaseId: string;
  readonly purchasedAtMs: number;
  /** active | late | held | returning | returned */
  readonly state: string;
  readonly currency: string;
  /** As it was agreed when it was bought, until a change that was announced. */
  readonly monthlyMicros: number;
  /** A price that was announced, and the first rent day on which it holds. */
  readonly nextMonthlyMicros: number | null;
  readonly nextMonthlyDay: string | null;
  /** The day of the month that rent falls due on, 1 to 31; shorter months have it on their last day. */
  readonly anchorDay: number;
  /** Paid until the beginning of this day in the account's time zone: "2026-03-31". Empty until the first look at it. */
  readonly rentDay: string;
  /** late: works until this day begins. held: is kept until then. */
  readonly stepDay: string | null;
  /** Set aside for the next rent. */
  readonly heldMicros: number;
  readonly holdId: string | null;
  /** The last thing that people were told: "due:2026-03-31". */
  readonly told: string;
  /** Made by whoever released or restored it last, so that doing it twice is doing it once. */
  readonly changeId: string | null;
  readonly releasedAtMs: number | null;
  /** When the server must look at it next; null when there is nothing more to do. */
  readonly dueAtMs: number | null;
  readonly version: number;
  /**
   * The carrier's own id of the number, another one each time that it is bought there; what is given back is named by it. Null for numbers
   * of our own inventory, and where the carrier did not tell it yet.
   */
  readonly numberRef: string | null;
}

export interface OwnedNumberTables {
  readonly number_owner: NumberOwnerRow;
}
