/** Dexie's build for browsers of today: a true module, which a page without a bundler can read too. It has no types of its own. */
declare module 'dexie/dist/modern/dexie.mjs' {
  export { Dexie } from 'dexie';
}
