/**
 * `npm start`, and `npm run demo:many` with the word many-servers. Plain JavaScript, so that a Node that is too old says so instead of
 * stumbling over the first TypeScript file.
 */
const MINIMUM_MAJOR = 24;
const major = Number(process.versions.node.split('.')[0]);
if (major < MINIMUM_MAJOR) {
  console.error(
    `credit-phone needs Node ${MINIMUM_MAJOR} or newer to run and this is ${process.versions.node}. ` +
      '"npm ci" brings a fitting one along: run "npm start" after it (and without --ignore-scripts), or install a newer Node.',
  );
  process.exit(1);
}
await import(process.argv[2] === 'many-servers' ? './many-servers/main.ts' : './main.ts');
