/** `npm run manifest`: dist/custom-elements.json, for editors and documentation. */
export default {
  globs: ['src/elements/credit-phone.ts', 'src/index.ts'],
  outdir: 'dist',
  litelement: true,
  // Reading must not write: package.json names the published manifest.
  packagejson: false,
};
