/** What the statement in the Credit tab is made of, but for the charts. */
export { CallRates } from './call-rates.ts';
export { SpendOutlook } from './spend-outlook.ts';
export { UsageExport } from './usage-export.ts';
export { UsageFilter } from './usage-filter.ts';
export { UsageGroups } from './usage-groups.ts';
export { UsageLines } from './usage-lines.ts';
export { UsagePanel } from './usage-panel.ts';
