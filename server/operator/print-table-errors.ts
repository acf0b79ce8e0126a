/** Every wrong cell of an operator's file, one a line. */
import type { BadTable } from '../numbers/number-table.ts';
import type { OperatorContext } from './operator-context.ts';

export function printTableErrors(
  context: Pick<OperatorContext, 'print' | 'setExitCode'>,
  { table, end }: { readonly table: BadTable; readonly end: string },
): void {
  for (const { line, column, value, reason } of table.errors) {
    context.print(`line ${line}${column ? `, column ${column}` : ''}: ${JSON.stringify(value)} ${reason}`);
  }
  context.print(end);
  context.setExitCode(1);
}
