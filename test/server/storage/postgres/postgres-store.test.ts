import { createPostgresHome } from '../../../support/postgres-home.ts';
import { describeStore } from '../store-contract.ts';

describeStore('PostgreSQL', createPostgresHome);
