/** A receipt, invoice or credit note as PDF. Another account's, or another office's for its billing people, is not there. */
import type { Hono } from 'hono';
import { INVOICE_FILE_NAME, INVOICE_FILE_PATH } from '../../src/protocol/invoice.ts';
import type { PaymentService } from '../payments/payment-service.ts';
import { inTime, refuse } from './answer.ts';
import type { Exchange, GateContext } from './exchange.ts';
import { type IdentityDependencies, identify } from './identify.ts';

export function bindInvoiceFiles(
  app: Hono<{ Bindings: Exchange }>,
  dependencies: IdentityDependencies & { readonly payments: Pick<PaymentService, 'invoiceFile'> },
): void {
  app.get(INVOICE_FILE_PATH, async (context: GateContext): Promise<Response> => {
    context.env.route = 'invoiceFile';
    const identity = await identify(context, { role: 'billing', dependencies });
    if (!identity.ok) return refuse(context, identity.refusal);
    const name = INVOICE_FILE_NAME.exec(context.req.param('file') ?? '')?.[1];
    const file = name === undefined ? null : await inTime(dependencies.payments.invoiceFile(identity.value, name));
    if (file === null) return refuse(context, 'not_found');
    return new Response(new Uint8Array(file), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="${name}.pdf"`,
        'cache-control': 'private, no-store',
      },
    });
  });
}
