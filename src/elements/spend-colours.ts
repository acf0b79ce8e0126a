/**
 * Colours of the charts' series, in their order, each for a light and a dark page: 3:1 on the surface, held by a test (WCAG 2.2, 1.4.11).
 * No series is told by its colour alone: spend-patterns.ts gives each its own fill.
 */
import type { RoleColour } from './theme.ts';

export const SERIES_COLOURS = [
  { light: '#0a6b5e', dark: '#5cd2bf' },
  { light: '#a85a00', dark: '#f5b75c' },
  { light: '#3453c8', dark: '#8fa6ff' },
  { light: '#9a2f86', dark: '#f08fd9' },
  { light: '#4d7c0f', dark: '#b6d95a' },
  { light: '#566070', dark: '#a6aebb' },
] as const satisfies readonly RoleColour[];

/** More series than this are drawn as one, "Other". */
export const MAX_SERIES = SERIES_COLOURS.length;
