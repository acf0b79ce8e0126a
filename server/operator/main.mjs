import { setFlagsFromString } from 'node:v8';

/** Plain JavaScript, so that a Node that is too old says so instead of stumbling over the first TypeScript file. */
const MINIMUM_MAJOR = 24;
const version = process.versions.node;
if (Number(version.split('.')[0]) < MINIMUM_MAJOR) {
  console.error(
    `credit-phone needs Node ${MINIMUM_MAJOR} or newer and this is ${version}. ` +
      'After "npm ci", "npm run operator" brings a fitting one along; otherwise install a newer Node.',
  );
  process.exit(1);
}
// Commands stream rows by the million: the room for young garbage would grow several times beyond all that is alive.
setFlagsFromString('--semi-space-growth-factor=1');
await import('./main.ts');
