/** The offices of an account, each with its own credit (D-12, D-13). */
import * as z from 'zod/mini';

export const officeListSchema = z.object({
  /** By name: all of the account for the role company, otherwise the person's own. */
  offices: z.array(z.object({ officeId: z.string(), name: z.string() })),
});
export type OfficeList = z.output<typeof officeListSchema>;
export type OfficeName = OfficeList['offices'][number];

export const OFFICES_ROUTE = { method: 'GET', path: '/v1/offices', response: officeListSchema } as const;

/** A person of the role company names another office of its account by this header. */
export const OFFICE_HEADER = 'x-office';
