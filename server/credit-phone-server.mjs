#!/usr/bin/env node
/** `credit-phone-server`: starts the server; with the words of a command (copy, backup, ledger check ...) it is the operator's tool. */
const [word] = process.argv.slice(2);
if (word === undefined || word === 'start') await import('./main.mjs');
else await import('./operator/main.mjs');
