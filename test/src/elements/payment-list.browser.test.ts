/** The list of payments by hand: rows, receipts, pages. */
import { expect } from 'chai';
import { billing } from '../../support/billing-scenes.ts';
import { asked, press, scene, wishes } from '../../support/billing-stage.ts';
import { cents } from '../../support/element-facts.ts';
import { button, findAll, settled, wordsOf } from '../../support/element-stage.ts';
import { samplePayment } from '../../support/payment-samples.ts';

afterEach(() => document.body.replaceChildren());

describe('payments (S-18, F-24)', () => {
  it('are asked for when the tab is opened, and again for another office', async () => {
    const { phone, element } = await scene('billing');
    const listed = () => asked(phone).filter((wish) => wish.type === 'list_payments').length;
    phone.show({ billing: billing({}, { list: { state: 'loading' } }) });
    await settled(element);
    expect(listed()).to.equal(1);
    phone.show({ billing: billing() });
    await settled(element);
    expect(listed()).to.equal(2);
  });

  it('say who paid how much with which card, and what became of it', async () => {
    const { element } = await scene('payments-all');
    const rows = findAll(element, '.paid').map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows).to.have.length(7);
    expect(rows[0]).to.match(/^Dana \$50\.00 .* · Visa ··4242 On its way$/);
    expect(rows[1]).to.match(/^Auto-recharge \$25\.00 .*Paid Because credit fell to \$4\.96\. Receipt$/);
    expect(rows[2]).to.contain('Not paid The card was declined (not enough money on the card).');
    expect(rows[3]).to.match(/Paid back Credit note Receipt$/);
    expect(rows[4]).to.match(/^Luis .*\$10\.00 paid back$/);
    expect(rows[5]).to.match(/Cancelled$/);
    expect(rows[6]).to.match(/Not finished$/);
  });

  it('a receipt has its number for screen readers and is asked for by it', async () => {
    const shown = await scene('payments');
    await press(shown.element, 'Receipt acme-000007 as PDF');
    expect(wishes(shown)).to.deep.equal([{ type: 'save_paper', name: 'acme-000007' }]);
    const busy = await scene('payments-busy');
    expect(button(busy.element, 'Fetching… acme-000007 as PDF').disabled).to.equal(true);
  });

  it('C-21: invoices of months have number, sum, day, file, and whether they are open, also where nothing was ever added', async () => {
    const shown = await scene('payments-invoices');
    const rows = findAll(shown.element, '.invoices li').map((row) => row.textContent?.replace(/\s+/g, ' ').trim());
    expect(rows[0]).to.match(/^acme-000010 \$42\.10 .*Open Invoice$/);
    expect(rows[1]).to.match(/^acme-000009 \$0\.12 .*Paid Invoice$/);
    expect(wordsOf(shown.element)).to.contain('Open for services on invoice: $42.10. The next invoice comes on');
    await press(shown.element, 'Invoice acme-000010 as PDF');
    expect(wishes(shown)).to.deep.equal([{ type: 'save_paper', name: 'acme-000010' }]);
    expect(findAll((await scene('payments')).element, '.invoices')).to.deep.equal([]);
  });

  it('"Show more" shows first what is there, then asks for the next page', async () => {
    const shown = await scene('payments');
    const rows = () => findAll(shown.element, '.paid').length;
    expect(rows()).to.equal(3);
    await press(shown.element, 'Show more');
    expect([rows(), wishes(shown)]).to.deep.equal([7, []]);
    expect(findAll(shown.element, '#more')).to.deep.equal([]);
    const { billing: before } = shown.phone.snapshot;
    if (before.state !== 'open' || before.list.state !== 'full') throw new Error('There is no list.');
    shown.phone.show({ billing: { ...before, list: { ...before.list, isMoreThere: true } } });
    await settled(shown.element);
    await press(shown.element, 'Show more');
    expect(wishes(shown)).to.deep.equal([{ type: 'more_payments' }]);
  });

  it('that cannot be shown say so, and are asked for again', async () => {
    const shown = await scene('payments-failed');
    expect(wordsOf(shown.element)).to.contain("The payments can't be shown now. They are not touched.");
    await press(shown.element, 'Try again');
    expect(asked(shown.phone).filter(({ type: wish }) => wish === 'list_payments')).to.have.length(2);
  });

  it('tell the host page of each payment once, and of none that was done before', async () => {
    const { element, phone } = await scene('billing');
    const heard: unknown[] = [];
    element.addEventListener('credit-phone-topup-done', ({ detail }) => heard.push(detail));
    const lastPaid = samplePayment();
    phone.show({ billing: billing({}, { lastPaid }) });
    phone.show({ billing: billing({ comingMicros: cents(1) }, { lastPaid }) });
    phone.show({ billing: { state: 'loading' } });
    phone.show({ billing: billing({}, { lastPaid }) });
    const { paymentId, officeId, kind, amountMicros, currency } = lastPaid;
    expect(heard).to.deep.equal([{ paymentId, officeId, kind, amountMicros, currency }]);
  });
});
