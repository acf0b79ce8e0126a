import { createSqliteHome } from '../../../support/ledger-sqlite-home.ts';
import { describeStore } from '../store-contract.ts';

describeStore('SQLite', createSqliteHome);
