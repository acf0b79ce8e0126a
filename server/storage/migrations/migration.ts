/** One step of the tables, in both languages. Forward only: never change or remove one that was released, add the next. */
export interface Migration {
  readonly name: string;
  /** Any number of statements; all steps of one start are one transaction. */
  readonly sqlite: string;
  readonly postgres: string;
}
