/** What Telnyx' API version 2 answers, as far as it is read here (developers.telnyx.com/api-reference). */
import * as z from 'zod/mini';

const decimal = z.string().check(z.regex(/^\d{1,9}(\.\d{1,6})?0*$/));

/** GET /available_phone_numbers */
export const availableNumbersSchema = z.object({
  data: z.array(
    z.object({
      phone_number: z.string(),
      region_information: z.optional(
        z.nullable(z.array(z.object({ region_type: z.string(), region_name: z.nullable(z.string()) }))),
      ),
      features: z.optional(z.nullable(z.array(z.object({ name: z.string() })))),
      cost_information: z.optional(
        z.nullable(z.object({ upfront_cost: decimal, monthly_cost: decimal, currency: z.string() })),
      ),
    }),
  ),
});
export type AvailableNumber = z.output<typeof availableNumbersSchema>['data'][number];

const numberOrderSchema = z.object({
  id: z.string().check(z.minLength(1)),
  status: z.string(),
  customer_reference: z.optional(z.nullable(z.string())),
  phone_numbers: z.optional(
    z.nullable(z.array(z.object({ phone_number: z.string(), status: z.optional(z.nullable(z.string())) }))),
  ),
});
export type TelnyxOrder = z.output<typeof numberOrderSchema>;

/** POST /number_orders, GET /number_orders/:id */
export const orderAnswerSchema = z.object({ data: numberOrderSchema });
/** GET /number_orders */
export const orderListSchema = z.object({ data: z.array(numberOrderSchema) });

/** GET /phone_numbers */
export const ownedNumbersSchema = z.object({
  data: z.array(z.object({ id: z.string().check(z.minLength(1)), phone_number: z.string(), status: z.string() })),
  meta: z.object({ total_pages: z.int(), page_number: z.int() }),
});
export type OwnedNumber = z.output<typeof ownedNumbersSchema>['data'][number];

/** Any answer that is an error. */
export const telnyxErrorSchema = z.object({
  errors: z.array(
    z.object({ code: z.optional(z.string()), title: z.optional(z.string()), detail: z.optional(z.string()) }),
  ),
});
