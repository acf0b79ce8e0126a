/** The part of the policy about numbers that are rented. */
import * as z from 'zod/mini';

export const numberPolicySchema = z.object({
  /**
   * What a number costs for the time after it was bought. rest_of_month: the days that are left of the calendar month, and rent falls due
   * on the first of each month. full_month: a whole month from that day, and rent falls due on the same day of each month.
   */
  firstMonth: z.enum(['rest_of_month', 'full_month']),
});
